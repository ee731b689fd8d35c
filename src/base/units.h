/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/units.h - every conversion between units stands here and nowhere else. Memory is binary
 * throughout: what hypervisor tools call MB or GB are MiB and GiB. */
#ifndef HR_BASE_UNITS_H
#define HR_BASE_UNITS_H

#include <stdint.h>

#define HR_US_PER_S        INT64_C(1000000)
#define HR_US_PER_HOUR     (INT64_C(3600) * HR_US_PER_S)
#define HR_US_PER_DAY      (INT64_C(24) * HR_US_PER_HOUR)
#define HR_HOURS_PER_YEAR  8760
#define HR_HOURS_PER_WEEK  168
#define HR_MONTHS_PER_YEAR 12
#define HR_PAGES_PER_MIB   256 /* pages of 4 KiB */

static inline double hr_us_to_s(int64_t t_us)
{
    return (double)t_us / (double)HR_US_PER_S;
}

/* Rounds up, so that a moment computed in seconds is never scheduled too early. */
static inline int64_t hr_s_to_us(double t_s)
{
    double t_us = t_s * (double)HR_US_PER_S;
    int64_t whole = (int64_t)t_us;
    return (double)whole < t_us ? whole + 1 : whole;
}

static inline double hr_gib_to_mib(double gib)
{
    return gib * 1024.0;
}

static inline double hr_mib_to_gib(double mib)
{
    return mib / 1024.0;
}

/* Disk makers count decimally: 1 TB = 10^12 bytes. */
static inline double hr_gib_to_tb(double gib)
{
    return gib * 1073741824.0 / 1e12;
}

static inline double hr_tb_to_gib(double tb)
{
    return tb * 1e12 / 1073741824.0;
}

#endif
