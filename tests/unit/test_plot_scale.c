/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "plot/decimate.h"
#include "plot/scale.h"

static void ticks_are_round_and_cover(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        int most;
        double first, last, step;
        const char *label; /* of the last mark */
    } rows[] = {
        {0, 100, 5, 0, 100, 20, "100"},
        {0, 97, 5, 0, 100, 20, "100"},
        {0, 1024, 6, 0, 1200, 200, "1,200"},
        {0, 0.07, 4, 0, 0.08, 0.02, "0.08"},
        {3, 7, 8, 3, 7, 0.5, "7.0"},
        {-12, 30, 5, -20, 30, 10, "30"},
        {0, 1.0, 4, 0, 1.0, 0.25, "1.00"},
        {1234567, 2345678, 4, 1000000, 2500000, 500000, "2,500,000"},
        {0, 0, 4, 0, 1, 0.25, "1.00"}, /* no extent */
        {5, 5, 5, 0, 5, 1, "5"},
        {9, 2, 7, 2, 9, 1, "9"}, /* turned round */
        {0, HUGE_VAL, 4, 0, 1, 0.25, "1.00"},
        {(double)NAN, 3, 4, 0, 1, 0.25, "1.00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hr_ticks ticks;
        hr_ticks_linear(rows[i].low, rows[i].high, rows[i].most, &ticks);
        assert_near(ticks.low, rows[i].first, 1e-9);
        assert_near(ticks.high, rows[i].last, 1e-9);
        assert_near(ticks.step, rows[i].step, 1e-9);
        assert_string_equal(ticks.label[ticks.n - 1], rows[i].label);
        assert_near(ticks.at[ticks.n - 1], ticks.high, 1e-9);
    }
}

/* Whatever the range: the marks are ascending, cover it and are neither too many nor one. */
static void ticks_hold_for_many_ranges(void **state)
{
    (void)state;
    double low = -7.3e-5;
    for (int k = 0; k < 400; k++) {
        double high = low + 1e-6 * pow(1.09, k);
        for (int most = 2; most <= 10; most++) {
            struct hr_ticks ticks;
            hr_ticks_linear(low, high, most, &ticks);
            assert_in_range(ticks.n, 2, most + 2);
            assert_true(ticks.low <= low + ticks.step * 1e-8);
            assert_true(ticks.high >= high - ticks.step * 1e-8);
            for (int i = 1; i < ticks.n; i++) {
                assert_true(ticks.at[i] > ticks.at[i - 1]);
                assert_string_not_equal(ticks.label[i], ticks.label[i - 1]);
            }
        }
        low += 0.37;
    }
}

static void time_ticks_count_hours_or_days(void **state)
{
    (void)state;
    static const struct {
        double low_h, high_h;
        int most;
        enum hr_time_unit unit;
        int n;
        const char *first, *last;
    } rows[] = {
        {0, 24, 8, HR_TIME_HOURS, 9, "0", "24"},
        {0, 23, 4, HR_TIME_HOURS, 4, "0", "18"},
        {0, 335, 14, HR_TIME_DAYS, 14, "0", "13"},
        {0, 336, 7, HR_TIME_DAYS, 8, "0", "14"},
        {100, 130, 4, HR_TIME_HOURS, 2, "108", "120"},
        {216, 264, 2, HR_TIME_DAYS, 3, "9", "11"},
        {0, 8760, 6, HR_TIME_DAYS, 5, "0", "364"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hr_ticks ticks;
        assert_int_equal(hr_ticks_time(rows[i].low_h, rows[i].high_h, rows[i].most, &ticks),
                         rows[i].unit);
        assert_int_equal(ticks.n, rows[i].n);
        assert_string_equal(ticks.label[0], rows[i].first);
        assert_string_equal(ticks.label[ticks.n - 1], rows[i].last);
    }
}

static void scale_maps_ends_and_stays_drawable(void **state)
{
    (void)state;
    const struct hr_scale scale = {10, 20, 300, 100, false};
    assert_near(hr_scale_at(&scale, 10), 300, 1e-12);
    assert_near(hr_scale_at(&scale, 20), 100, 1e-12);
    assert_near(hr_scale_at(&scale, 15), 200, 1e-12);
    assert_near(hr_scale_at(&scale, (double)NAN), 300, 1e-12);
    assert_near(hr_scale_at(&scale, 1e300), -1e6, 1e-6);
    const struct hr_scale flat = {5, 5, 1, 2, false};
    assert_near(hr_scale_at(&flat, 7), 1, 1e-12);
}

static void numbers_have_separators(void **state)
{
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *text;
    } rows[] = {
        {0, 0, "0"},
        {999, 0, "999"},
        {1000, 0, "1,000"},
        {1234567.891, 2, "1,234,567.89"},
        {-1234.5, 1, "-1,234.5"},
        {-0.001, 2, "0.00"},
        {HUGE_VAL, 0, "n/a"},
        {123456, 0, "123,456"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        g_autofree char *text = hr_format_number(rows[i].value, rows[i].decimals);
        assert_string_equal(text, rows[i].text);
    }
    static const struct {
        int64_t cents;
        const char *exact, *whole;
    } money[] = {
        {0, "0.00", "0"},
        {123450, "1,234.50", "1,234"},
        {123550, "1,235.50", "1,236"},
        {-5, "-0.05", "0"},
        {-123456789, "-1,234,567.89", "-1,234,568"},
        {INT64_MIN, "-92,233,720,368,547,758.08", "-92,233,720,368,547,758"},
    };
    for (size_t i = 0; i < sizeof money / sizeof money[0]; i++) {
        g_autofree char *exact = hr_format_cents(money[i].cents);
        g_autofree char *whole = hr_format_cents_whole(money[i].cents);
        assert_string_equal(exact, money[i].exact);
        assert_string_equal(whole, money[i].whole);
    }
}

/* A simple generator: the test needs many values, not good ones. */
static double next_value(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / 16777216.0;
}

/* Oracle: per column the same first, last, lowest and highest value as all points have. */
static void decimation_keeps_every_columns_extremes(void **state)
{
    (void)state;
    enum { N = 5000, COLUMNS = 97 };
    struct hr_point *in = g_new(struct hr_point, N);
    struct hr_point *out = g_new(struct hr_point, hr_decimate_most(COLUMNS));
    uint32_t seed = 7;
    for (int i = 0; i < N; i++) {
        in[i].x = i * 0.5;
        in[i].y = next_value(&seed) * 100.0 - 50.0;
    }
    double x_high = (N - 1) * 0.5;
    size_t n = hr_decimate(in, N, 0, x_high, COLUMNS, out);
    assert_true(n <= hr_decimate_most(COLUMNS) && n > COLUMNS);
    for (int column = 0; column < COLUMNS; column++) {
        double lowest[2] = {HUGE_VAL, HUGE_VAL};
        double highest[2] = {-HUGE_VAL, -HUGE_VAL};
        double first[2] = {(double)NAN, (double)NAN};
        double last[2] = {(double)NAN, (double)NAN};
        for (int which = 0; which < 2; which++) {
            const struct hr_point *points = which == 0 ? in : out;
            size_t n_points = which == 0 ? N : n;
            for (size_t i = 0; i < n_points; i++) {
                int at = (int)floor(points[i].x / x_high * COLUMNS);
                if ((at >= COLUMNS ? COLUMNS - 1 : at) != column) {
                    continue;
                }
                first[which] = isnan(first[which]) ? points[i].y : first[which];
                last[which] = points[i].y;
                lowest[which] = fmin(lowest[which], points[i].y);
                highest[which] = fmax(highest[which], points[i].y);
            }
        }
        assert_true(first[0] == first[1] && last[0] == last[1]);
        assert_true(lowest[0] == lowest[1] && highest[0] == highest[1]);
    }
    for (size_t i = 1; i < n; i++) {
        assert_true(out[i].x > out[i - 1].x);
    }
    assert_int_equal(hr_decimate(in, 1, 0, 0, 5, out), 1);
    assert_int_equal(hr_decimate(in, 0, 0, 1, 5, out), 0);
    g_free(out);
    g_free(in);
}

static void decimated_means_keep_the_sum(void **state)
{
    (void)state;
    double y[336];
    double out[336];
    double sum = 0.0;
    for (int i = 0; i < 336; i++) {
        y[i] = i % 24;
        sum += y[i];
    }
    assert_int_equal(hr_decimate_mean(y, 336, 84, out), 84);
    double mean = 0.0;
    for (int i = 0; i < 84; i++) {
        mean += out[i] / 84.0;
    }
    assert_near(mean, sum / 336.0, 1e-9);
    assert_int_equal(hr_decimate_mean(y, 3, 84, out), 3);
    assert_near(out[2], y[2], 0.0);
}

/* Marks of a logarithmic axis are 1, 2, 5 times powers of ten, or those powers alone. */
static void log_ticks_are_powers(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        int most, n;
        double first, last;
        const char *label; /* of the first mark */
    } rows[] = {
        {0.5, 100, 10, 8, 0.5, 100, "0.5"},  {0.5, 100, 5, 4, 0.1, 100, "0.1"},
        {3, 30, 10, 5, 2, 50, "2"},          {1, 1000, 5, 4, 1, 1000, "1"},
        {7, 7, 10, 2, 5, 10, "5"},           {0.02, 0.03, 10, 2, 0.02, 0.05, "0.02"},
        {-3, (double)NAN, 10, 2, 1, 2, "1"}, {1e-30, 1e30, 10, 22, 1e-9, 1e12, "0.000000001"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hr_ticks ticks;
        hr_ticks_log(rows[i].low, rows[i].high, rows[i].most, &ticks);
        assert_int_equal(ticks.n, rows[i].n);
        assert_near(ticks.low / rows[i].first, 1.0, 1e-9);
        assert_near(ticks.high / rows[i].last, 1.0, 1e-9);
        assert_string_equal(ticks.label[0], rows[i].label);
        for (int k = 1; k < ticks.n; k++) {
            assert_true(ticks.at[k] > ticks.at[k - 1] * 1.9);
        }
    }
    /* Equal factors have equal lengths. */
    const struct hr_scale scale = {.v0 = 1, .v1 = 100, .p0 = 10, .p1 = 210, .is_log = true};
    assert_near(hr_scale_at(&scale, 10), 110, 1e-9);
    assert_near(hr_scale_at(&scale, 1), 10, 1e-9);
    assert_near(hr_scale_at(&scale, 0), 10, 0.0);
    assert_near(hr_scale_at(&scale, -5), 10, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_round_and_cover),
        cmocka_unit_test(ticks_hold_for_many_ranges),
        cmocka_unit_test(time_ticks_count_hours_or_days),
        cmocka_unit_test(scale_maps_ends_and_stays_drawable),
        cmocka_unit_test(log_ticks_are_powers),
        cmocka_unit_test(numbers_have_separators),
        cmocka_unit_test(decimation_keeps_every_columns_extremes),
        cmocka_unit_test(decimated_means_keep_the_sum),
    };
    return cmocka_run_group_tests_name("plot_scale", tests, NULL, NULL);
}
