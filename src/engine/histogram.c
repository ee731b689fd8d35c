/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/histogram.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

enum {
    SUB_BITS = 6,
    SUBS_PER_OCTAVE = 1 << SUB_BITS,
    MANTISSA_BITS = 52,
    EXPONENT_BIAS = 1023
};

/* The exponent of an IEEE double and the first bits of its mantissa, read as one number, count
 * log-linear buckets. */
static uint64_t bucket_number(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> (MANTISSA_BITS - SUB_BITS);
}

static double bucket_start(uint64_t number)
{
    uint64_t bits = number << (MANTISSA_BITS - SUB_BITS);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t first_number(struct hr_histogram_range range)
{
    return (uint64_t)(range.least_exp2 + EXPONENT_BIAS) * SUBS_PER_OCTAVE;
}

static uint32_t range_buckets(struct hr_histogram_range range)
{
    hr_assert(range.least_exp2 >= -1022 && range.most_exp2 <= 1023);
    hr_assert(range.most_exp2 > range.least_exp2);
    return (uint32_t)(range.most_exp2 - range.least_exp2) * SUBS_PER_OCTAVE + 2;
}

size_t hr_histogram_bytes(struct hr_histogram_range range)
{
    return range_buckets(range) * sizeof(uint64_t);
}

void hr_histogram_init(struct hr_histogram *histogram, hr_arena *arena,
                       struct hr_histogram_range range)
{
    uint32_t n_buckets = range_buckets(range);
    *histogram = (struct hr_histogram){
        .range = range,
        .n_buckets = n_buckets,
        .weight_us = hr_arena_array(arena, uint64_t, n_buckets),
        .min = HUGE_VAL,
        .max = -HUGE_VAL,
    };
}

void hr_histogram_reset(struct hr_histogram *histogram)
{
    memset(histogram->weight_us, 0, sizeof *histogram->weight_us * histogram->n_buckets);
    histogram->total_us = 0;
    histogram->sum = 0.0;
    histogram->min = HUGE_VAL;
    histogram->max = -HUGE_VAL;
}

void hr_histogram_add(struct hr_histogram *histogram, double value, uint64_t weight_us)
{
    hr_assert(value >= 0.0);
    if (weight_us == 0) {
        return;
    }
    uint64_t number = bucket_number(value + 0.0); /* −0 becomes 0 */
    uint64_t first = first_number(histogram->range);
    uint64_t bucket = number < first ? 0 : number - first + 1;
    uint64_t last = histogram->n_buckets - 1;
    histogram->weight_us[bucket < last ? bucket : last] += weight_us;
    histogram->total_us += weight_us;
    histogram->sum += value * (double)weight_us;
    if (value < histogram->min) {
        histogram->min = value;
    }
    if (value > histogram->max) {
        histogram->max = value;
    }
}

void hr_histogram_merge(struct hr_histogram *histogram, const struct hr_histogram *from)
{
    hr_assert(histogram->range.least_exp2 == from->range.least_exp2);
    hr_assert(histogram->range.most_exp2 == from->range.most_exp2);
    for (uint32_t i = 0; i < histogram->n_buckets; i++) {
        histogram->weight_us[i] += from->weight_us[i];
    }
    histogram->total_us += from->total_us;
    histogram->sum += from->sum;
    histogram->min = fmin(histogram->min, from->min);
    histogram->max = fmax(histogram->max, from->max);
}

static double bucket_middle(const struct hr_histogram *histogram, uint32_t bucket)
{
    if (bucket == 0) {
        return 0.0;
    }
    if (bucket == histogram->n_buckets - 1) {
        return histogram->max;
    }
    uint64_t number = first_number(histogram->range) + bucket - 1;
    return 0.5 * (bucket_start(number) + bucket_start(number + 1));
}

double hr_histogram_quantile(const struct hr_histogram *histogram, double q)
{
    hr_assert(q >= 0.0 && q <= 1.0);
    if (histogram->total_us == 0) {
        return 0.0;
    }
    if (q == 0.0) {
        return histogram->min;
    }
    double wanted_us = q * (double)histogram->total_us;
    uint64_t below_us = 0;
    uint32_t bucket = 0;
    for (; bucket < histogram->n_buckets - 1; bucket++) {
        below_us += histogram->weight_us[bucket];
        if (below_us > 0 && (double)below_us >= wanted_us) {
            break;
        }
    }
    if (q == 1.0) {
        return histogram->max;
    }
    /* No quantile lies outside what was seen, wherever the middle of its bucket is. */
    return fmax(histogram->min, fmin(histogram->max, bucket_middle(histogram, bucket)));
}

double hr_histogram_mean(const struct hr_histogram *histogram)
{
    return histogram->total_us > 0 ? histogram->sum / (double)histogram->total_us : 0.0;
}

double hr_histogram_max(const struct hr_histogram *histogram)
{
    return histogram->total_us > 0 ? histogram->max : 0.0;
}

double hr_histogram_min(const struct hr_histogram *histogram)
{
    return histogram->total_us > 0 ? histogram->min : 0.0;
}
