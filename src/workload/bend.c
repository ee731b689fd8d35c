/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workload/bend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "base/error.h"

static const double least_power = 0.02;
static const double most_power = 20.0;
static const double knee_share = 0.95;

enum { POWER_STEPS = 30, SCALE_STEPS = 60 };

static double clip(double x, double least, double most)
{
    return x < least ? least : x > most ? most : x;
}

static double bent_mean(const struct hr_bend *bend, const struct hr_bend_point *points,
                        size_t n, double least, double most)
{
    double sum = 0.0, weight = 0.0;
    for (size_t i = 0; i < n; i++) {
        double value = exp(hr_bend_log(bend, points[i].value_log));
        sum += points[i].weight * clip(value, least, most);
        weight += points[i].weight;
    }
    return sum / weight;
}

struct hr_bend hr_bend_solve(const struct hr_bend_point *points, size_t n, double knee_log,
                             double mean, double p95, double least, double most)
{
    hr_assert(n > 0 && p95 > 0.0);
    struct hr_bend bend = {.knee_log = knee_log, .value_log = log(p95)};
    double low = log(least_power), high = log(most_power);
    for (int i = 0; i < POWER_STEPS; i++) {
        double middle = 0.5 * (low + high);
        bend.power = exp(middle);
        if (bent_mean(&bend, points, n, least, most) > mean) {
            low = middle;
        } else {
            high = middle;
        }
    }
    bend.power = exp(0.5 * (low + high));
    return bend;
}

double hr_series_mean(const double *series, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += series[i];
    }
    return n > 0 ? sum / (double)n : 0.0;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- a coarse count of a series by size: 16 bins per octave, read off the bits of a double
 * ----- */

enum { BIN_BITS = 4, OCTAVES = 48, N_BINS = OCTAVES << BIN_BITS, FIRST_EXPONENT = 1023 - 24 };

struct bins {
    uint32_t count[N_BINS];
    double sum[N_BINS];
};

static size_t bin_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t number = bits >> (52 - BIN_BITS);
    uint64_t first = (uint64_t)FIRST_EXPONENT << BIN_BITS;
    if (value <= 0.0 || number < first) {
        return 0;
    }
    number -= first;
    return number < N_BINS ? (size_t)number : N_BINS - 1;
}

static void bins_fill(struct bins *bins, const double *series, size_t n)
{
    memset(bins, 0, sizeof *bins);
    for (size_t i = 0; i < n; i++) {
        size_t bin = bin_of(series[i]);
        bins->count[bin]++;
        bins->sum[bin] += series[i];
    }
}

/* The value of a rank from 1: finds its bin, and sorts that bin alone. */
static double bins_rank(const struct bins *bins, const double *series, size_t n, size_t rank)
{
    size_t bin = 0;
    size_t below = 0;
    while (below + bins->count[bin] < rank) {
        below += bins->count[bin++];
    }
    g_autofree double *same = g_new(double, bins->count[bin]);
    size_t n_same = 0;
    for (size_t i = 0; i < n; i++) {
        if (bin_of(series[i]) == bin) {
            same[n_same++] = series[i];
        }
    }
    qsort(same, n_same, sizeof *same, compare_doubles);
    return same[rank - below - 1];
}

static size_t p95_rank(size_t n)
{
    size_t rank = (size_t)ceil(knee_share * (double)n);
    return rank < 1 ? 1 : rank;
}

double hr_series_p95(const double *series, size_t n)
{
    hr_assert(n > 0);
    struct bins bins;
    bins_fill(&bins, series, n);
    return bins_rank(&bins, series, n, p95_rank(n));
}

/* ---- fits
 * -------------------------------------------------------------------------------------- */

static double clipped_mean(const double *series, size_t n, double scale, double least,
                           double most)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += clip(series[i] * scale, least, most);
    }
    return sum / (double)n;
}

static void apply_scale(double *series, size_t n, double scale, double least, double most)
{
    for (size_t i = 0; i < n; i++) {
        series[i] = clip(series[i] * scale, least, most);
    }
}

void hr_series_clip(double *series, size_t n, double least, double most)
{
    apply_scale(series, n, 1.0, least, most);
}

void hr_series_fit_mean(double *series, size_t n, double mean, double least, double most)
{
    double present = n > 0 ? hr_series_mean(series, n) : 0.0;
    double wanted = clip(mean, least, most);
    double scale = present > 0.0 ? wanted / present : 1.0;
    /* A clipped mean grows more slowly than its scale: this approaches from one side and never
     * passes the answer. */
    for (int i = 0; i < SCALE_STEPS && n > 0; i++) {
        double reached = clipped_mean(series, n, scale, least, most);
        if (fabs(reached - wanted) <= 1e-4 * wanted || reached <= 0.0) {
            break;
        }
        scale *= wanted / reached;
    }
    apply_scale(series, n, scale, least, most);
}

void hr_series_fit_p95(double *series, size_t n, double p95, double least, double most)
{
    double present = n > 0 ? hr_series_p95(series, n) : 0.0;
    apply_scale(series, n, present > 0.0 ? p95 / present : 1.0, least, most);
}

void hr_series_fit_both(double *series, size_t n, double mean, double p95, double least,
                        double most)
{
    hr_assert(least > 0.0);
    if (n == 0) {
        return;
    }
    hr_series_clip(series, n, least, HUGE_VAL); /* logarithms are to come */
    struct bins bins;
    bins_fill(&bins, series, n);
    double knee_log = log(bins_rank(&bins, series, n, p95_rank(n)));
    struct hr_bend_point points[N_BINS];
    size_t n_points = 0;
    for (size_t i = 0; i < N_BINS; i++) {
        if (bins.count[i] > 0) {
            points[n_points++] = (struct hr_bend_point){
                .value_log = log(bins.sum[i] / bins.count[i]), .weight = bins.count[i]};
        }
    }
    struct hr_bend bend = hr_bend_solve(points, n_points, knee_log, clip(mean, least, most),
                                        clip(p95, least, most), least, most);
    for (size_t i = 0; i < n; i++) {
        series[i] = exp(hr_bend_log(&bend, log(series[i])));
    }
    hr_series_fit_mean(series, n, mean, least, most);
}
