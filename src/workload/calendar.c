/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workload/calendar.h"

#include "base/error.h"

enum { DAYS_PER_WEEK = 7, TUESDAY = 1 };

/* Years are counted from March, so that the leap day is the last of its year; 400 years are an
 * era of always the same length (the Gregorian rule). */
enum { ERA_YEARS = 400, ERA_DAYS = 146097, YEAR_DAYS = 365 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t day_number(int year, int month, int day)
{
    int64_t march_year = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(march_year, ERA_YEARS);
    int64_t year_of_era = march_year - era * ERA_YEARS;
    int64_t march_month = (month + 9) % 12; /* 0 March to 11 February */
    int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * YEAR_DAYS + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era;
}

static void set_date(struct hr_calendar_day *out, int64_t number)
{
    int64_t era = floor_div(number, ERA_DAYS);
    int64_t day_of_era = number - era * ERA_DAYS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (ERA_DAYS - 1)) /
        YEAR_DAYS;
    int64_t day_of_year =
        day_of_era - (YEAR_DAYS * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    out->day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    out->month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    out->year = (int)(era * ERA_YEARS + year_of_era + (out->month <= 2));
}

struct hr_calendar_day hr_calendar_after(const struct hr_calendar_day *start, int64_t n_days)
{
    hr_assert(start->month >= 1 && start->month <= 12);
    hr_assert(start->day >= 1 && start->day <= 31);
    int64_t number = day_number(start->year, start->month, start->day) + n_days;
    struct hr_calendar_day out, next;
    set_date(&out, number);
    set_date(&next, number + 1);
    int64_t weekday = start->weekday + n_days;
    out.weekday = (int)(weekday - floor_div(weekday, DAYS_PER_WEEK) * DAYS_PER_WEEK);
    out.is_month_end = next.day == 1;
    out.is_patch_tuesday =
        out.weekday == TUESDAY && out.day > DAYS_PER_WEEK && out.day <= 2 * DAYS_PER_WEEK;
    return out;
}

bool hr_calendar_has_job(const struct hr_calendar_day *day, const struct hr_job *job)
{
    hr_assert(job->when < HR_JOB__COUNT);
    switch (job->when) {
    case HR_JOB_DAILY:
        return true;
    case HR_JOB_WEEKLY:
        return day->weekday == job->weekday;
    case HR_JOB_MONTH_END:
        return day->is_month_end;
    case HR_JOB_PATCH_TUESDAY:
        return day->is_patch_tuesday;
    case HR_JOB__COUNT:
        break;
    }
    return false;
}
