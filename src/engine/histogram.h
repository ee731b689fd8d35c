/* SPDX-License-Identifier: GPL-3.0-or-later */
/* engine/histogram.h - time-weighted distribution of a quantity >= 0, in log-linear buckets.
 *
 * 64 buckets per octave: a quantile is within 0.8 % of the true one, whatever the order and the
 * shape of the data. Below the range (0 included) it is given as 0, above it as the maximum.
 * Weights are whole microseconds, so merging is exact: merged parts equal one pass.
 * Owner: the buckets live in the arena given to hr_histogram_init(); the struct is the
 * caller's. Cost:  add 4 ns; 512 bytes per octave: HR_HISTOGRAM_FRACTION 6 KiB,
 * HR_HISTOGRAM_WIDE 25 KiB.
 */
#ifndef HR_ENGINE_HISTOGRAM_H
#define HR_ENGINE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* The range told apart: 2^least_exp2 (inclusive) to 2^most_exp2 (exclusive). */
struct hr_histogram_range {
    int least_exp2; /* >= -1022 */
    int most_exp2;  /* > least_exp2, <= 1023 */
};

/* Slowdowns and shares, from 0.024 % to 1; 1 itself is exact. */
#define HR_HISTOGRAM_FRACTION ((struct hr_histogram_range){-12, 0})
/* Anything else, from 1e-6 to 1e9. */
#define HR_HISTOGRAM_WIDE ((struct hr_histogram_range){-20, 30})

struct hr_histogram {
    struct hr_histogram_range range;
    uint32_t n_buckets;  /* the one below the range and the one above it included */
    uint64_t *weight_us; /* per bucket */
    uint64_t total_us;
    double sum;      /* value × microseconds */
    double min, max; /* +∞ and −∞ while empty */
};

void hr_histogram_init(struct hr_histogram *histogram, hr_arena *arena,
                       struct hr_histogram_range range);

/* The quantity had this value for weight_us. No weight changes nothing.
 * Requires: value >= 0 and not NaN. */
void hr_histogram_add(struct hr_histogram *histogram, double value, uint64_t weight_us);

/* Adds what from holds. Requires: the same range. */
void hr_histogram_merge(struct hr_histogram *histogram, const struct hr_histogram *from);

/* Empties it; the buckets are kept. */
void hr_histogram_reset(struct hr_histogram *histogram);

/* The least value that holds for at least the share q of the time, within the bounds above;
 * q = 0 and q = 1 are the exact minimum and maximum. Requires: 0 <= q <= 1. Empty: 0. */
double hr_histogram_quantile(const struct hr_histogram *histogram, double q);

/* Exact but for the rounding of sums. Empty: 0. */
double hr_histogram_mean(const struct hr_histogram *histogram);
double hr_histogram_max(const struct hr_histogram *histogram);
double hr_histogram_min(const struct hr_histogram *histogram);

/* Bytes of the buckets that hr_histogram_init() takes. */
size_t hr_histogram_bytes(struct hr_histogram_range range);

#endif
