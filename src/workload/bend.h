/* SPDX-License-Identifier: GPL-3.0-or-later */
/* workload/bend.h - making a series have a given mean and 95th percentile.
 *
 * A bend maps values monotonically and is linear in their logarithms: below its knee a power,
 * above it proportional. With the knee at the series' 95th percentile and the knee's value at
 * the wanted one, the percentile is right whatever the power; the mean falls steadily with the
 * power, so that exactly one power gives the wanted mean. Ratios of percentile to mean from
 * about 1 to more than 10 can be had (a power of the whole series stops at 3.9 for log-normal
 * ones).
 */
#ifndef HR_WORKLOAD_BEND_H
#define HR_WORKLOAD_BEND_H

#include <stddef.h>

struct hr_bend {
    double knee_log;  /* natural logarithm of a value before the bend */
    double value_log; /* where the knee goes */
    double power;     /* below the knee */
};

/* Some values of a series, near each other, and how many they are. */
struct hr_bend_point {
    double value_log;
    double weight;
};

static inline double hr_bend_log(const struct hr_bend *bend, double log)
{
    /* Without a branch: around the knee none could be foretold. */
    double x = log - bend->knee_log;
    double below = x < 0.0 ? x : 0.0;
    double above = x < 0.0 ? 0.0 : x;
    return bend->value_log + bend->power * below + above;
}

/* The bend that takes knee_log to p95 and gives the points, clipped to [least, most], this
 * mean. Where no power does, the nearest does: the mean is then off. Requires: n > 0, p95 > 0.
 */
struct hr_bend hr_bend_solve(const struct hr_bend_point *points, size_t n, double knee_log,
                             double mean, double p95, double least, double most);

/* The value that 95 % of the series do not exceed (nearest rank). Requires: n > 0. */
double hr_series_p95(const double *series, size_t n);
double hr_series_mean(const double *series, size_t n);

void hr_series_clip(double *series, size_t n, double least, double most);

/* Scales the series and clips it to [least, most], so that its mean is then the given one; a
 * mean beyond the bounds is taken as the bound. */
void hr_series_fit_mean(double *series, size_t n, double mean, double least, double most);

/* The same for the 95th percentile alone. */
void hr_series_fit_p95(double *series, size_t n, double p95, double least, double most);

/* Bends the series to both, clipped to the bounds, 0 < least. Where both cannot be had the mean
 * is right. */
void hr_series_fit_both(double *series, size_t n, double mean, double p95, double least,
                        double most);

#endif
