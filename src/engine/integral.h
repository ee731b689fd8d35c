/* SPDX-License-Identifier: GPL-3.0-or-later */
/* engine/integral.h - exact time integral of a quantity that moves in straight lines.
 *
 * Between two calls the quantity is value + rate·(t − t0). Values that last no time do not
 * count, so several changes at one instant leave no trace but the last. Owner: the caller's
 * struct; a plain value, copied when a run is branched. Cost:  no more than ten operations per
 * piece.
 */
#ifndef HR_ENGINE_INTEGRAL_H
#define HR_ENGINE_INTEGRAL_H

#include <stdint.h>

struct hr_integral {
    int64_t start_us;
    int64_t since_us; /* where the current piece began; all before is summed */
    double value;     /* at since_us */
    double rate_per_s;
    double sum;      /* value × seconds up to since_us */
    double min, max; /* up to since_us; +∞ and −∞ while no time has passed */
    double level;    /* see above_s */
    double above_s;  /* seconds strictly above level up to since_us */
};

/* Starts at t_us with the quantity 0 and standing still. level: for hr_integral_above_s(). */
void hr_integral_init(struct hr_integral *integral, int64_t t_us, double level);

/* The quantity is value from t_us on and moves by rate_per_s. Requires: t_us not before the
 * last. */
void hr_integral_add(struct hr_integral *integral, int64_t t_us, double value,
                     double rate_per_s);

/* Sums up to t_us; the quantity goes on as it was. Call it at the end, before reading. */
void hr_integral_advance(struct hr_integral *integral, int64_t t_us);

/* Forgets what was summed and starts anew at t_us; the quantity goes on as it was. */
void hr_integral_reset(struct hr_integral *integral, int64_t t_us);

/* The quantity at t_us. Requires: t_us not before the last piece's beginning. */
double hr_integral_value_at(const struct hr_integral *integral, int64_t t_us);

/* These cover start to the last add, advance or reset. The mean, minimum and maximum of no time
 * at all are the current value. */
double hr_integral_mean(const struct hr_integral *integral);
double hr_integral_min(const struct hr_integral *integral);
double hr_integral_max(const struct hr_integral *integral);
double hr_integral_total(const struct hr_integral *integral); /* value × seconds */
double hr_integral_above_s(const struct hr_integral *integral);
double hr_integral_elapsed_s(const struct hr_integral *integral);

#endif
