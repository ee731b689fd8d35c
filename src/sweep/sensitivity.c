/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/sensitivity.h"

#include <math.h>

#include <glib.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "base/error.h"
#include "sweep/saltelli.h"

enum { RESAMPLES_MOST = 1000, RESAMPLES_LEAST = 100 };

/* What drawing again may cost: fewer resamples of more points. */
#define DRAWS_MOST 2e7

/* Below this share of its square the variance is what rounding leaves of a constant. */
#define NO_VARIANCE 1e-24

static size_t n_resamples(size_t n)
{
    return (size_t)fmax(RESAMPLES_LEAST, fmin(RESAMPLES_MOST, DRAWS_MOST / (double)n));
}

static void set_interval(double *values, size_t n, double *low, double *high)
{
    gsl_sort(values, 1, n);
    *low = gsl_stats_quantile_from_sorted_data(values, 1, n, 0.025);
    *high = gsl_stats_quantile_from_sorted_data(values, 1, n, 0.975);
}

/* ---- the design of Saltelli ---- */

/* What a block adds to the sums that the indices are made of. */
struct terms {
    size_t n;
    uint32_t n_axes;
    double *sum, *square;  /* of f(A) and f(B) */
    double *first, *total; /* by block, then axis */
};

static void collect(const double *y, struct terms *t)
{
    uint32_t n_rows = hr_saltelli_block(t->n_axes);
    double mean = gsl_stats_mean(y, 1, t->n * n_rows);
    for (size_t j = 0; j < t->n; j++) {
        const double *block = y + j * n_rows;
        double a = block[0] - mean;
        double b = block[n_rows - 1] - mean;
        t->sum[j] = a + b;
        t->square[j] = a * a + b * b;
        for (uint32_t i = 0; i < t->n_axes; i++) {
            double ab = block[i + 1] - mean;
            t->first[j * t->n_axes + i] = b * (ab - a);
            t->total[j * t->n_axes + i] = (a - ab) * (a - ab) / 2.0;
        }
    }
}

/* Adds up the blocks that picks name; NULL: each once. Returns: whether there is a variance. */
static bool add_up(const struct terms *t, const size_t *picks, double *first, double *total)
{
    double sum = 0.0;
    double square = 0.0;
    for (uint32_t i = 0; i < t->n_axes; i++) {
        first[i] = 0.0;
        total[i] = 0.0;
    }
    for (size_t k = 0; k < t->n; k++) {
        size_t j = picks != NULL ? picks[k] : k;
        sum += t->sum[j];
        square += t->square[j];
        for (uint32_t i = 0; i < t->n_axes; i++) {
            first[i] += t->first[j * t->n_axes + i];
            total[i] += t->total[j * t->n_axes + i];
        }
    }
    double n = (double)t->n;
    double mean = sum / (2.0 * n);
    double variance = square / (2.0 * n) - mean * mean;
    if (!(variance > 0.0)) {
        return false;
    }
    for (uint32_t i = 0; i < t->n_axes; i++) {
        first[i] /= n * variance;
        total[i] /= n * variance;
    }
    return true;
}

/* Resamples all axes together: rows of n_axes values, one row a resample that has a variance.
 * Returns: how many. */
static size_t resample(const struct terms *t, uint64_t seed, double *first, double *total)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, (unsigned long)seed);
    size_t *picks = g_new(size_t, t->n);
    size_t n_good = 0;
    for (size_t r = n_resamples(t->n * t->n_axes); r > 0; r--) {
        for (size_t k = 0; k < t->n; k++) {
            picks[k] = gsl_rng_uniform_int(rng, (unsigned long)t->n);
        }
        size_t at = n_good * t->n_axes;
        n_good += add_up(t, picks, first + at, total + at) ? 1 : 0;
    }
    g_free(picks);
    gsl_rng_free(rng);
    return n_good;
}

static void set_column_interval(const double *rows, size_t n, uint32_t n_axes, uint32_t axis,
                                double *low, double *high)
{
    g_autofree double *column = g_new(double, MAX(n, 1));
    for (size_t r = 0; r < n; r++) {
        column[r] = rows[r * n_axes + axis];
    }
    if (n > 0) {
        set_interval(column, n, low, high);
    }
}

bool hr_saltelli_indices(const double *y, size_t n_blocks, uint32_t n_axes, uint64_t seed,
                         struct hr_sensitivity *out)
{
    hr_assert(n_blocks >= 2 && n_axes >= 1 && n_axes <= HR_SALTELLI_AXES_MAX);
    size_t n_values = n_blocks * hr_saltelli_block(n_axes);
    double mean = gsl_stats_mean(y, 1, n_values);
    if (gsl_stats_variance_m(y, 1, n_values, mean) <= NO_VARIANCE * mean * mean) {
        return false;
    }
    struct terms t = {.n = n_blocks,
                      .n_axes = n_axes,
                      .sum = g_new(double, n_blocks),
                      .square = g_new(double, n_blocks),
                      .first = g_new(double, n_blocks *n_axes),
                      .total = g_new(double, n_blocks *n_axes)};
    collect(y, &t);
    double first[HR_SALTELLI_AXES_MAX];
    double total[HR_SALTELLI_AXES_MAX];
    bool ok = add_up(&t, NULL, first, total);
    if (ok) {
        g_autofree double *firsts = g_new0(double, (gsize)RESAMPLES_MOST *n_axes);
        g_autofree double *totals = g_new0(double, (gsize)RESAMPLES_MOST *n_axes);
        size_t n = resample(&t, seed, firsts, totals);
        for (uint32_t i = 0; i < n_axes; i++) {
            struct hr_sensitivity s = {first[i], first[i], first[i],
                                       total[i], total[i], total[i]};
            set_column_interval(firsts, n, n_axes, i, &s.first_low, &s.first_high);
            set_column_interval(totals, n, n_axes, i, &s.total_low, &s.total_high);
            out[i] = s;
        }
    }
    g_free(t.sum);
    g_free(t.square);
    g_free(t.first);
    g_free(t.total);
    return ok;
}

/* ---- points of any design ---- */

/* Outputs, centred, and the level of each; count and sum are room for one value a level. */
struct levelled {
    const double *y;
    const uint32_t *levels;
    size_t n;
    uint32_t n_levels;
    double *count, *sum;
};

/* Epsilon squared of the points that picks name; NULL: each once. Returns: false without
 * variance or without points to tell chance from. */
static bool share_between(const struct levelled *p, const size_t *picks, double *share)
{
    const double *y = p->y;
    const uint32_t *levels = p->levels;
    double *count = p->count;
    double *sum = p->sum;
    size_t n = p->n;
    uint32_t n_levels = p->n_levels;
    for (uint32_t k = 0; k < n_levels; k++) {
        count[k] = 0.0;
        sum[k] = 0.0;
    }
    double all = 0.0;
    double square = 0.0;
    for (size_t k = 0; k < n; k++) {
        size_t j = picks != NULL ? picks[k] : k;
        count[levels[j] - 1] += 1.0;
        sum[levels[j] - 1] += y[j];
        all += y[j];
        square += y[j] * y[j];
    }
    double mean = all / (double)n;
    double whole = square - (double)n * mean * mean;
    double between = 0.0;
    double n_used = 0.0;
    for (uint32_t k = 0; k < n_levels; k++) {
        if (count[k] > 0.0) {
            double off = sum[k] / count[k] - mean;
            between += count[k] * off * off;
            n_used += 1.0;
        }
    }
    if (!(whole > 0.0) || (double)n <= n_used) {
        return false;
    }
    double by_chance = (whole - between) / ((double)n - n_used) * (n_used - 1.0);
    *share = (between - by_chance) / whole;
    return true;
}

bool hr_binned_index(const double *y, const uint32_t *levels, size_t n, uint32_t n_levels,
                     uint64_t seed, struct hr_sensitivity *out)
{
    if (n_levels < 2 || n < 2 * (size_t)n_levels) {
        return false;
    }
    double mean = gsl_stats_mean(y, 1, n);
    if (gsl_stats_variance_m(y, 1, n, mean) <= NO_VARIANCE * mean * mean) {
        return false;
    }
    g_autofree double *centred = g_new(double, n);
    for (size_t j = 0; j < n; j++) {
        centred[j] = y[j] - mean;
    }
    g_autofree double *count = g_new(double, n_levels);
    g_autofree double *sum = g_new(double, n_levels);
    const struct levelled points = {centred, levels, n, n_levels, count, sum};
    double share = 0.0;
    if (!share_between(&points, NULL, &share)) {
        return false;
    }
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, (unsigned long)seed);
    g_autofree size_t *picks = g_new(size_t, n);
    double shares[RESAMPLES_MOST];
    size_t n_good = 0;
    for (size_t r = n_resamples(n); r > 0; r--) {
        for (size_t k = 0; k < n; k++) {
            picks[k] = gsl_rng_uniform_int(rng, (unsigned long)n);
        }
        n_good += share_between(&points, picks, &shares[n_good]) ? 1 : 0;
    }
    gsl_rng_free(rng);
    struct hr_sensitivity s = {share, share, share, (double)NAN, (double)NAN, (double)NAN};
    if (n_good > 0) {
        set_interval(shares, n_good, &s.first_low, &s.first_high);
    }
    *out = s;
    return true;
}
