/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/units.h"
#include "check.h"
#include "engine/integral.h"
#include "engine/rng.h"

static void integrates_steps(void **state)
{
    (void)state;
    struct hr_integral integral;
    hr_integral_init(&integral, 0, 3.0);
    hr_integral_add(&integral, 0, 2.0, 0.0);
    hr_integral_add(&integral, 10 * HR_US_PER_S, 5.0, 0.0);
    hr_integral_add(&integral, 14 * HR_US_PER_S, 0.5, 0.0);
    hr_integral_advance(&integral, 20 * HR_US_PER_S);
    assert_near(hr_integral_total(&integral), 43.0, 1e-12);
    assert_near(hr_integral_mean(&integral), 2.15, 1e-12);
    assert_near(hr_integral_above_s(&integral), 4.0, 0.0);
    assert_near(hr_integral_min(&integral), 0.5, 0.0);
    assert_near(hr_integral_max(&integral), 5.0, 0.0);
    assert_near(hr_integral_elapsed_s(&integral), 20.0, 0.0);
}

static void integrates_a_ramp(void **state)
{
    (void)state;
    static const struct {
        double from, rate, level;
        double total, above_s, min, max;
    } rows[] = {
        /* over 8 s */
        {0.0, 1.0, 6.0, 32.0, 2.0, 0.0, 8.0},  {8.0, -1.0, 6.0, 32.0, 2.0, 0.0, 8.0},
        {-4.0, 1.0, 0.0, 0.0, 4.0, -4.0, 4.0}, {1.0, 0.5, 0.5, 24.0, 8.0, 1.0, 5.0},
        {1.0, 0.5, 5.0, 24.0, 0.0, 1.0, 5.0},  {1.0, 0.5, 1.0, 24.0, 8.0, 1.0, 5.0},
        {2.0, 0.0, 2.0, 16.0, 0.0, 2.0, 2.0}, /* on the level is not above it */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hr_integral integral;
        hr_integral_init(&integral, 5, rows[i].level);
        hr_integral_add(&integral, 5, rows[i].from, rows[i].rate);
        /* Looking often changes nothing. */
        for (int k = 1; k <= 8; k++) {
            hr_integral_advance(&integral, 5 + k * HR_US_PER_S);
        }
        assert_near(hr_integral_total(&integral), rows[i].total, 1e-12);
        assert_near(hr_integral_above_s(&integral), rows[i].above_s, 1e-12);
        assert_near(hr_integral_min(&integral), rows[i].min, 1e-12);
        assert_near(hr_integral_max(&integral), rows[i].max, 1e-12);
    }
}

static void what_lasts_no_time_does_not_count(void **state)
{
    (void)state;
    struct hr_integral integral;
    hr_integral_init(&integral, 7, 0.0);
    hr_integral_add(&integral, 7, 1e9, -5.0);
    assert_near(hr_integral_mean(&integral), 1e9, 0.0);
    assert_near(hr_integral_max(&integral), 1e9, 0.0);
    hr_integral_add(&integral, 7, 1.0, 0.0);
    assert_near(hr_integral_mean(&integral), 1.0, 0.0);
    assert_near(hr_integral_min(&integral), 1.0, 0.0);
    hr_integral_advance(&integral, 7 + HR_US_PER_S);
    assert_near(hr_integral_max(&integral), 1.0, 0.0);
    assert_near(hr_integral_mean(&integral), 1.0, 0.0);
}

static void a_reset_keeps_the_quantity(void **state)
{
    (void)state;
    struct hr_integral integral;
    hr_integral_init(&integral, 0, 0.0);
    hr_integral_add(&integral, 0, 0.0, 2.0);
    hr_integral_reset(&integral, 3 * HR_US_PER_S);
    assert_near(hr_integral_value_at(&integral, 3 * HR_US_PER_S), 6.0, 1e-12);
    hr_integral_advance(&integral, 5 * HR_US_PER_S);
    assert_near(hr_integral_mean(&integral), 8.0, 1e-12);
    assert_near(hr_integral_min(&integral), 6.0, 1e-12);
    assert_near(hr_integral_above_s(&integral), 2.0, 1e-12);
}

/* Random pieces of value = p + r·t against their closed forms. */
static void random_pieces_match_closed_forms(void **state)
{
    (void)state;
    struct hr_rng rng;
    hr_rng_init(&rng, 1, 0, 0, 0);
    for (int run = 0; run < 50; run++) {
        struct hr_integral integral;
        const double level = 1.0;
        hr_integral_init(&integral, 0, level);
        double total = 0.0, above_s = 0.0;
        double least = HUGE_VAL, most = -HUGE_VAL;
        int64_t t_us = 0;
        for (int i = 0; i < 200; i++) {
            double value = 4.0 * hr_rng_uniform(&rng) - 2.0;
            double rate = 2.0 * hr_rng_uniform(&rng) - 1.0;
            int64_t length_us = (int64_t)(5e6 * hr_rng_uniform(&rng)) + 1;
            hr_integral_add(&integral, t_us, value, rate);
            double l = hr_us_to_s(length_us);
            total += value * l + rate * l * l / 2.0;
            double cross = (level - value) / rate; /* seconds after the start of the piece */
            cross = fmax(0.0, fmin(l, cross));
            above_s += rate > 0.0 ? l - cross : cross;
            least = fmin(least, fmin(value, value + rate * l));
            most = fmax(most, fmax(value, value + rate * l));
            t_us += length_us;
        }
        hr_integral_advance(&integral, t_us);
        assert_near(hr_integral_total(&integral), total, 1e-9);
        assert_near(hr_integral_mean(&integral), total / hr_us_to_s(t_us), 1e-12);
        assert_near(hr_integral_above_s(&integral), above_s, 1e-9);
        assert_near(hr_integral_min(&integral), least, 1e-12);
        assert_near(hr_integral_max(&integral), most, 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integrates_steps),
        cmocka_unit_test(integrates_a_ramp),
        cmocka_unit_test(what_lasts_no_time_does_not_count),
        cmocka_unit_test(a_reset_keeps_the_quantity),
        cmocka_unit_test(random_pieces_match_closed_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
