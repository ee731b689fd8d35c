/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/real.h - least and greatest of finite numbers, inlined: the C library's fmin() and
 * fmax() are calls, because they must care about NaN, and the event loop compares a great deal.
 */
#ifndef HR_BASE_REAL_H
#define HR_BASE_REAL_H

static inline double hr_min(double a, double b)
{
    return b < a ? b : a;
}

static inline double hr_max(double a, double b)
{
    return b > a ? b : a;
}

/* Requires: least <= most. */
static inline double hr_clamp(double x, double least, double most)
{
    return x < least ? least : x > most ? most : x;
}

#endif
