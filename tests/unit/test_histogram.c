/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "base/arena.h"
#include "check.h"
#include "engine/histogram.h"
#include "engine/rng.h"

struct sample {
    double value;
    uint64_t weight_us;
};

enum data { DATA_LOGNORMAL, DATA_MANY_ZEROS, DATA_TWO_HUMPS, DATA_SLOWDOWN, DATA__COUNT };

static double draw(gsl_rng *rng, enum data data)
{
    switch (data) {
    case DATA_LOGNORMAL:
        return exp(gsl_ran_gaussian_ziggurat(rng, 4.0));
    case DATA_MANY_ZEROS:
        return gsl_rng_uniform(rng) < 0.9 ? 0.0 : 1e6 * gsl_rng_uniform(rng);
    case DATA_TWO_HUMPS:
        return gsl_rng_uniform(rng) < 0.5 ? 3.0 + gsl_rng_uniform(rng) : 500.0;
    case DATA_SLOWDOWN:
        return fmin(1.0, 0.02 * exp(gsl_ran_gaussian_ziggurat(rng, 2.0)));
    case DATA__COUNT:
        break;
    }
    return -1.0; /* no such data */
}

static int compare_samples(const void *a, const void *b)
{
    const struct sample *x = a;
    const struct sample *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Requires: sorted. */
static double true_quantile(const struct sample *samples, size_t n, double q)
{
    uint64_t total_us = 0;
    for (size_t i = 0; i < n; i++) {
        total_us += samples[i].weight_us;
    }
    uint64_t below_us = 0;
    for (size_t i = 0; i < n; i++) {
        below_us += samples[i].weight_us;
        if ((double)below_us >= q * (double)total_us && below_us > 0) {
            return samples[i].value;
        }
    }
    return samples[n - 1].value;
}

static void quantiles_match_sorted_data(void **state)
{
    (void)state;
    enum { N = 20000 };
    static const double shares[] = {0.0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1.0};
    struct sample *samples = calloc(N, sizeof *samples);
    gsl_rng *rng = gsl_rng_alloc(hr_rng_type());
    for (enum data data = 0; data < DATA__COUNT; data++) {
        g_autoptr(hr_arena) arena = hr_arena_new(0);
        struct hr_histogram histogram;
        struct hr_histogram_range range =
            data == DATA_SLOWDOWN ? HR_HISTOGRAM_FRACTION : HR_HISTOGRAM_WIDE;
        double least = ldexp(1.0, range.least_exp2);
        hr_histogram_init(&histogram, arena, range);
        hr_rng_derive(rng, 1, 0, data, 0);
        double sum = 0.0, weights = 0.0;
        for (size_t i = 0; i < N; i++) {
            samples[i].value = draw(rng, data);
            samples[i].weight_us = gsl_rng_uniform_int(rng, 1000000);
            hr_histogram_add(&histogram, samples[i].value, samples[i].weight_us);
            sum += samples[i].value * (double)samples[i].weight_us;
            weights += (double)samples[i].weight_us;
        }
        qsort(samples, N, sizeof *samples, compare_samples);
        for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
            double expected = true_quantile(samples, N, shares[i]);
            double tolerance = expected < least ? least : 0.008 * expected;
            assert_near(hr_histogram_quantile(&histogram, shares[i]), expected, tolerance);
        }
        assert_near(hr_histogram_mean(&histogram), sum / weights, 1e-12 * sum / weights);
        assert_near(hr_histogram_max(&histogram), samples[N - 1].value, 0.0);
        assert_near(hr_histogram_min(&histogram), samples[0].value, 0.0);
    }
    gsl_rng_free(rng);
    free(samples);
}

static void merged_parts_equal_one_pass(void **state)
{
    (void)state;
    g_autoptr(hr_arena) arena = hr_arena_new(0);
    struct hr_histogram whole, parts[3];
    hr_histogram_init(&whole, arena, HR_HISTOGRAM_WIDE);
    for (size_t i = 0; i < 3; i++) {
        hr_histogram_init(&parts[i], arena, HR_HISTOGRAM_WIDE);
    }
    gsl_rng *rng = gsl_rng_alloc(hr_rng_type());
    hr_rng_derive(rng, 2, 0, 0, 0);
    for (size_t i = 0; i < 30000; i++) {
        double value = draw(rng, i % 2 ? DATA_LOGNORMAL : DATA_MANY_ZEROS);
        uint64_t weight_us = gsl_rng_uniform_int(rng, 5000000);
        hr_histogram_add(&whole, value, weight_us);
        hr_histogram_add(&parts[i * i % 3], value, weight_us); /* one part stays empty */
    }
    gsl_rng_free(rng);
    assert_int_equal(parts[2].total_us, 0);
    hr_histogram_merge(&parts[2], &parts[1]);
    hr_histogram_merge(&parts[2], &parts[0]);
    assert_int_equal(parts[2].total_us, whole.total_us);
    assert_memory_equal(parts[2].weight_us, whole.weight_us,
                        hr_histogram_bytes(HR_HISTOGRAM_WIDE));
    for (double q = 0.0; q <= 1.0; q += 0.125) {
        assert_near(hr_histogram_quantile(&parts[2], q), hr_histogram_quantile(&whole, q), 0.0);
    }
    assert_near(hr_histogram_mean(&parts[2]), hr_histogram_mean(&whole),
                1e-12 * hr_histogram_mean(&whole));
}

/* Every bucket, at both its ends: the bound holds over the whole range. */
static void the_bound_holds_over_the_range(void **state)
{
    (void)state;
    g_autoptr(hr_arena) arena = hr_arena_new(0);
    struct hr_histogram histogram;
    hr_histogram_init(&histogram, arena, HR_HISTOGRAM_WIDE);
    for (double value = 0x1.0p-20; value < 0x1.0p30; value *= 1.0 + 1.0 / 1024.0) {
        hr_histogram_reset(&histogram);
        hr_histogram_add(&histogram, value, 1);
        hr_histogram_add(&histogram, 0.0, 1);
        hr_histogram_add(&histogram, 1e12, 1);
        assert_near(hr_histogram_quantile(&histogram, 0.5), value, 0.008 * value);
        assert_near(hr_histogram_quantile(&histogram, 0.2), 0.0, 0.0);
        assert_near(hr_histogram_quantile(&histogram, 0.9), 1e12, 0.0);
    }
}

static void edges_are_exact(void **state)
{
    (void)state;
    g_autoptr(hr_arena) arena = hr_arena_new(0);
    struct hr_histogram histogram;
    hr_histogram_init(&histogram, arena, HR_HISTOGRAM_FRACTION);
    assert_near(hr_histogram_quantile(&histogram, 0.5), 0.0, 0.0);
    assert_near(hr_histogram_mean(&histogram), 0.0, 0.0);
    assert_near(hr_histogram_max(&histogram), 0.0, 0.0);
    hr_histogram_add(&histogram, 0.7, 0); /* no time: no trace */
    assert_near(hr_histogram_max(&histogram), 0.0, 0.0);
    hr_histogram_add(&histogram, -0.0, 5);
    assert_near(hr_histogram_quantile(&histogram, 0.95), 0.0, 0.0);
    hr_histogram_add(&histogram, 1.0, 95);
    assert_near(hr_histogram_quantile(&histogram, 0.05), 0.0, 0.0);
    assert_near(hr_histogram_quantile(&histogram, 0.0500001), 1.0, 0.0);
    assert_near(hr_histogram_quantile(&histogram, 1.0), 1.0, 0.0);
    assert_near(hr_histogram_mean(&histogram), 0.95, 1e-15);
    hr_histogram_reset(&histogram);
    /* A lone value is its own quantile, whatever the middle of its bucket. */
    hr_histogram_add(&histogram, 0.123456, 1);
    assert_near(hr_histogram_quantile(&histogram, 0.5), 0.123456, 0.0);
    assert_int_equal(histogram.total_us, 1);
}

/* A run of thousands of guests keeps one each. */
static void the_compact_form_is_small(void **state)
{
    (void)state;
    assert_true(hr_histogram_bytes(HR_HISTOGRAM_FRACTION) < 6200);
    assert_true(hr_histogram_bytes(HR_HISTOGRAM_WIDE) < 25700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_match_sorted_data),
        cmocka_unit_test(merged_parts_equal_one_pass),
        cmocka_unit_test(the_bound_holds_over_the_range),
        cmocka_unit_test(edges_are_exact),
        cmocka_unit_test(the_compact_form_is_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
