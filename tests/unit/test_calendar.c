/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/units.h"
#include "check.h"
#include "workload/bend.h"
#include "workload/calendar.h"
#include "workload/fast_exp.h"
#include "workload/load.h"
#include "workload/profile.h"

static void the_calendar_is_that_of_the_c_library(void **state)
{
    (void)state;
    /* 1 January 1890 was a Wednesday; 80,000 days hold 1900, no leap year, and 2000, one. */
    struct hr_calendar_day start = {.year = 1890, .month = 1, .day = 1, .weekday = 2};
    struct hr_calendar_day epoch = {.year = 1970, .month = 1, .day = 1, .weekday = 3};
    int tuesdays = 0;
    for (int64_t d = 0; d < 80000; d++) {
        time_t seconds = (time_t)((d - 29219) * 86400);
        struct tm expected;
        assert_non_null(gmtime_r(&seconds, &expected));
        struct hr_calendar_day day = hr_calendar_after(&start, d);
        assert_int_equal(day.year, expected.tm_year + 1900);
        assert_int_equal(day.month, expected.tm_mon + 1);
        assert_int_equal(day.day, expected.tm_mday);
        assert_int_equal(day.weekday, (expected.tm_wday + 6) % 7);
        struct hr_calendar_day same = hr_calendar_after(&epoch, d - 29219);
        assert_int_equal(same.day, day.day);
        assert_int_equal(same.weekday, day.weekday);
        struct hr_calendar_day next = hr_calendar_after(&start, d + 1);
        assert_int_equal(day.is_month_end, next.month != day.month);
        tuesdays = day.day == 1 ? 0 : tuesdays;
        tuesdays += day.weekday == 1;
        assert_int_equal(day.is_patch_tuesday, day.weekday == 1 && tuesdays == 2);
    }
}

static void the_fast_exponential_is_close(void **state)
{
    (void)state;
    for (double x = -700.0; x <= 700.0; x += 0.00917) {
        assert_near(hr_fast_exp(x) / exp(x), 1.0, 3e-10);
    }
    assert_near(hr_fast_exp(0.0), 1.0, 0.0);
    assert_true(isfinite(hr_fast_exp(1e300)) && isfinite(hr_fast_exp(HUGE_VAL)));
    assert_true(hr_fast_exp(-HUGE_VAL) < 1e-300);
}

static void the_worst_hour_is_found(void **state)
{
    (void)state;
    enum { N_STEPS = 48 };
    float commit_mib[N_STEPS * 2];
    struct hr_load load = {.n_guests = 2,
                           .n_steps = N_STEPS,
                           .step_us = 300 * HR_US_PER_S,
                           .commit_mib = commit_mib};
    for (uint32_t t = 0; t < N_STEPS; t++) {
        commit_mib[2 * t] = t >= 12 && t < 24 ? 5.0F : 1.0F;
        commit_mib[2 * t + 1] = t == 30 ? 100.0F : 2.0F;
    }
    const bool first_only[] = {true, false};
    const bool none[] = {false, false};
    assert_int_equal(hr_load_worst_hour_step(&load, NULL, N_STEPS), 24);
    assert_int_equal(hr_load_worst_hour_step(&load, first_only, N_STEPS), 12);
    assert_int_equal(hr_load_worst_hour_step(&load, NULL, 30), 12);
    assert_int_equal(hr_load_worst_hour_step(&load, NULL, 1000), 24);
    assert_int_equal(hr_load_worst_hour_step(&load, NULL, 5), 0);
    assert_int_equal(hr_load_worst_hour_step(&load, none, N_STEPS), 0);
    load.step_us = HR_US_PER_HOUR;
    assert_int_equal(hr_load_worst_hour_step(&load, NULL, N_STEPS), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_calendar_is_that_of_the_c_library),
        cmocka_unit_test(the_fast_exponential_is_close),
        cmocka_unit_test(the_worst_hour_is_found),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
