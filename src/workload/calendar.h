/* SPDX-License-Identifier: GPL-3.0-or-later */
/* workload/calendar.h - which day of the calendar a day of the load is. No time zones, no
 * summer time: a day has 24 hours. */
#ifndef HR_WORKLOAD_CALENDAR_H
#define HR_WORKLOAD_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "catalog/catalog.h"

struct hr_calendar_day {
    int year;
    int month;             /* 1 to 12 */
    int day;               /* of the month, 1 to 31 */
    int weekday;           /* 0 Monday */
    bool is_month_end;     /* the last day of its month */
    bool is_patch_tuesday; /* the second Tuesday of its month */
};

/* The day that lies n_days after (before, when negative) one of which the date and the weekday
 * are given. The weekday is taken as given, even where the calendar has another. */
struct hr_calendar_day hr_calendar_after(const struct hr_calendar_day *start, int64_t n_days);

/* Whether the job starts on this day. */
bool hr_calendar_has_job(const struct hr_calendar_day *day, const struct hr_job *job);

#endif
