/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>

#include "check.h"
#include "engine/rng.h"

/* What the authors' programs print (xoshiro256plusplus.c with the state 1, 2, 3, 4;
 * splitmix64.c). */
static void gives_the_published_numbers(void **state)
{
    (void)state;
    const uint64_t expected[] = {
        UINT64_C(41943041),
        UINT64_C(58720359),
        UINT64_C(3588806011781223),
        UINT64_C(3591011842654386),
        UINT64_C(9228616714210784205),
        UINT64_C(9973669472204895162),
        UINT64_C(14011001112246962877),
        UINT64_C(12406186145184390807),
        UINT64_C(15849039046786891736),
        UINT64_C(10450023813501588000),
    };
    struct hr_rng rng = {.s = {1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_true(hr_rng_next_u64(&rng) == expected[i]);
    }
    const uint64_t from_1234567[] = {
        UINT64_C(6457827717110365317),  UINT64_C(3203168211198807973),
        UINT64_C(9817491932198370423),  UINT64_C(4593380528125082431),
        UINT64_C(16408922859458223821),
    };
    uint64_t counter = 1234567;
    for (size_t i = 0; i < sizeof from_1234567 / sizeof from_1234567[0]; i++) {
        assert_true(hr_splitmix64_next(&counter) == from_1234567[i]);
    }
}

/* Computed apart from this program, from the description of the derivation. Changing a stream
 * changes every result: this test is to be changed knowingly. */
static void derives_the_recorded_state(void **state)
{
    (void)state;
    struct hr_rng rng;
    hr_rng_init(&rng, 1, 2, 3, 4);
    assert_true(rng.s[0] == UINT64_C(0x4091a9145df9b267));
    assert_true(rng.s[1] == UINT64_C(0x7262161b99c65ddc));
    assert_true(rng.s[2] == UINT64_C(0x4a0e00d3a74505ea));
    assert_true(rng.s[3] == UINT64_C(0xd72d0132db959eb6));
    assert_true(hr_rng_next_u64(&rng) == UINT64_C(7218831209445822908));
    assert_true(hr_rng_next_u64(&rng) == UINT64_C(6440154106275927830));
}

static void gsl_and_inline_draws_agree(void **state)
{
    (void)state;
    gsl_rng *gsl = gsl_rng_alloc(hr_rng_type());
    assert_string_equal(gsl_rng_name(gsl), "xoshiro256++");
    struct hr_rng rng;
    hr_rng_derive(gsl, 9, 8, 7, 6);
    hr_rng_init(&rng, 9, 8, 7, 6);
    for (int i = 0; i < 1000; i++) {
        assert_true(gsl_rng_get(gsl) == hr_rng_next_u64(&rng));
        double u = gsl_rng_uniform(gsl);
        assert_true(u == hr_rng_uniform(&rng));
        assert_true(u >= 0.0 && u < 1.0);
    }
    gsl_rng_free(gsl);
}

static void seeds_by_splitmix(void **state)
{
    (void)state;
    gsl_rng *gsl = gsl_rng_alloc(hr_rng_type());
    struct hr_rng rng;
    uint64_t counter = 5;
    for (size_t i = 0; i < 4; i++) {
        rng.s[i] = hr_splitmix64_next(&counter);
    }
    gsl_rng_set(gsl, 5);
    assert_memory_equal(gsl_rng_state(gsl), &rng, sizeof rng);
    gsl_rng_set(gsl, 0);
    assert_true(gsl_rng_get(gsl) != gsl_rng_get(gsl));
    gsl_rng_free(gsl);
}

enum axis { AXIS_SEED, AXIS_REPLICATION, AXIS_ENTITY, AXIS_PURPOSE, AXIS__COUNT };

static void init_along(struct hr_rng *rng, enum axis axis, uint32_t i)
{
    uint64_t seed = axis == AXIS_SEED ? i : 1;
    uint32_t replication = axis == AXIS_REPLICATION ? i : 0;
    uint64_t entity = axis == AXIS_ENTITY ? i : 17;
    uint32_t purpose = axis == AXIS_PURPOSE ? i : 3;
    hr_rng_init(rng, seed, replication, entity, purpose);
}

static double chi_square_z(const uint32_t *counts, size_t n_bins, double n)
{
    double expected = n / (double)n_bins;
    double chi = 0.0;
    for (size_t i = 0; i < n_bins; i++) {
        double d = counts[i] - expected;
        chi += d * d / expected;
    }
    double freedom = (double)n_bins - 1.0;
    return (chi - freedom) / sqrt(2.0 * freedom);
}

/* Neighbouring streams: the first draw of stream i against that of i + 1, and the values of
 * first draws, high and low bits. */
static void neighbouring_streams_are_unrelated(void **state)
{
    (void)state;
    enum { N = 200000 };
    for (enum axis axis = 0; axis < AXIS__COUNT; axis++) {
        uint32_t high[256] = {0}, low[256] = {0};
        double before[2] = {0.0, 0.0};
        double product[2] = {0.0, 0.0};
        for (uint32_t i = 0; i < N; i++) {
            struct hr_rng rng;
            init_along(&rng, axis, i);
            for (size_t draw = 0; draw < 2; draw++) {
                uint64_t x = hr_rng_next_u64(&rng);
                high[x >> 56]++;
                low[x & 0xff]++;
                double u = (double)(x >> 11) * 0x1.0p-53 - 0.5;
                product[draw] += u * before[draw];
                before[draw] = u;
            }
        }
        for (size_t draw = 0; draw < 2; draw++) {
            assert_near(product[draw] * 12.0 / sqrt(N), 0.0, 4.0); /* r·√N, about N(0, 1) */
        }
        assert_near(chi_square_z(high, 256, 2.0 * N), 0.0, 5.0);
        assert_near(chi_square_z(low, 256, 2.0 * N), 0.0, 5.0);
    }
}

/* Whole streams of neighbours, at lags −2 to 2. */
static void streams_are_uncorrelated_in_length(void **state)
{
    (void)state;
    enum { N = 50000, PAIRS = 8 };
    double *a = calloc(N, sizeof *a);
    double *b = calloc(N, sizeof *b);
    for (enum axis axis = 0; axis < AXIS__COUNT; axis++) {
        for (uint32_t pair = 0; pair < PAIRS; pair++) {
            struct hr_rng first, second;
            init_along(&first, axis, pair);
            init_along(&second, axis, pair + 1);
            for (size_t i = 0; i < N; i++) {
                a[i] = hr_rng_uniform(&first) - 0.5;
                b[i] = hr_rng_uniform(&second) - 0.5;
            }
            for (size_t lag = 0; lag <= 4; lag++) {
                double product = 0.0;
                for (size_t i = 2; i + 2 < N; i++) {
                    product += a[i] * b[i + lag - 2];
                }
                assert_near(product * 12.0 / sqrt(N), 0.0, 4.5);
            }
        }
    }
    free(a);
    free(b);
}

static int compare_states(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct hr_rng));
}

/* A box of small keys, as a study uses them: no two streams begin alike. */
static void no_two_streams_are_the_same(void **state)
{
    (void)state;
    enum { SIDE = 16, N = SIDE * SIDE * SIDE * SIDE };
    struct hr_rng *states = calloc(N, sizeof *states);
    for (uint32_t i = 0; i < N; i++) {
        hr_rng_init(&states[i], i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE % SIDE,
                    i / SIDE / SIDE / SIDE);
    }
    qsort(states, N, sizeof *states, compare_states);
    for (size_t i = 1; i < N; i++) {
        assert_true(memcmp(&states[i - 1], &states[i], sizeof *states) != 0);
    }
    free(states);
}

/* The distributions that the load draws work on this generator. */
static void gaussians_have_their_moments(void **state)
{
    (void)state;
    enum { N = 1000000 };
    gsl_rng *gsl = gsl_rng_alloc(hr_rng_type());
    hr_rng_derive(gsl, 1, 0, 0, 0);
    double sum = 0.0, squares = 0.0, fourth = 0.0;
    for (int i = 0; i < N; i++) {
        double x = gsl_ran_gaussian_ziggurat(gsl, 1.0);
        sum += x;
        squares += x * x;
        fourth += x * x * x * x;
    }
    assert_near(sum / N, 0.0, 4.0 / sqrt(N));
    assert_near(squares / N, 1.0, 4.0 * sqrt(2.0 / N));
    assert_near(fourth / N, 3.0, 4.0 * sqrt(96.0 / N));
    gsl_rng_free(gsl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_numbers),
        cmocka_unit_test(derives_the_recorded_state),
        cmocka_unit_test(gsl_and_inline_draws_agree),
        cmocka_unit_test(seeds_by_splitmix),
        cmocka_unit_test(neighbouring_streams_are_unrelated),
        cmocka_unit_test(streams_are_uncorrelated_in_length),
        cmocka_unit_test(no_two_streams_are_the_same),
        cmocka_unit_test(gaussians_have_their_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
