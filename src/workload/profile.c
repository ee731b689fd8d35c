/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workload/profile.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"

enum {
    HOURS_PER_DAY = 24,
    WEEKDAYS = 5,
    SLOTS_PER_HOUR = HR_PROFILE_SLOTS / HR_HOURS_PER_WEEK
};

/* A level of 0 has no logarithm; a millionth of the mean stands for it. */
static const double least_level = 1e-6;
static const double most_phi = 0.999999;
static const double phi_step_s = 300.0;

static double hour_level(const struct hr_shape *shape, int hour_of_week)
{
    int hour = hour_of_week % HOURS_PER_DAY;
    return hour_of_week / HOURS_PER_DAY < WEEKDAYS ? shape->weekday[hour]
                                                   : shape->weekend[hour];
}

static double slot_level(const struct hr_shape *shape, int slot)
{
    /* In hours since the middle of the first hour. */
    double x = (slot + 0.5) / SLOTS_PER_HOUR - 0.5 + HR_HOURS_PER_WEEK;
    int before = (int)x;
    double share = x - before;
    double a = hour_level(shape, before % HR_HOURS_PER_WEEK);
    double b = hour_level(shape, (before + 1) % HR_HOURS_PER_WEEK);
    return a + (b - a) * share;
}

static void set_levels(struct hr_profile *profile, const struct hr_shape *shape)
{
    double sum = 0.0;
    for (int slot = 0; slot < HR_PROFILE_SLOTS; slot++) {
        profile->level_log[slot] = slot_level(shape, slot);
        sum += profile->level_log[slot];
    }
    double mean = sum / HR_PROFILE_SLOTS;
    double offset = 0.5 * profile->sigma * profile->sigma;
    for (int slot = 0; slot < HR_PROFILE_SLOTS; slot++) {
        double level = mean > 0.0 ? profile->level_log[slot] / mean : 1.0;
        profile->level_log[slot] = log(fmax(level, least_level)) - offset;
    }
}

/* ---- the distribution of the logarithm over a week, in bins
 * ------------------------------------ */

enum { N_BINS = 512, NORMAL_SIDE = 16, NORMAL_POINTS = 2 * NORMAL_SIDE + 1, SLOT_STRIDE = 6 };

static const double bin_width = 0.05;
static const double first_bin = -18.0;

static size_t count_bins(const struct hr_profile *profile, double *weights)
{
    double normal[NORMAL_POINTS], density[NORMAL_POINTS];
    for (int i = 0; i < NORMAL_POINTS; i++) {
        normal[i] = (i - NORMAL_SIDE) * 0.25;
        density[i] = exp(-0.5 * normal[i] * normal[i]);
    }
    memset(weights, 0, N_BINS * sizeof *weights);
    for (int slot = SLOT_STRIDE / 2; slot < HR_PROFILE_SLOTS; slot += SLOT_STRIDE) {
        for (int i = 0; i < NORMAL_POINTS; i++) {
            double x = profile->level_log[slot] + profile->sigma * normal[i];
            double at = (x - first_bin) / bin_width;
            int bin = at < 0.0 ? 0 : at > N_BINS - 2 ? N_BINS - 2 : (int)at;
            /* Shared between neighbours, so that no mean moves by the width of a bin. */
            double share = fmax(0.0, fmin(1.0, at - bin));
            weights[bin] += (1.0 - share) * density[i];
            weights[bin + 1] += share * density[i];
        }
    }
    return N_BINS;
}

/* A role's peak is what one step in a hundred exceeds: 14 hours in eight weeks, the busiest
 * half hour of most working days. */
static const double PEAK_SHARE = 0.01;

/* Where all but PEAK_SHARE of the weight lies below. */
static double knee_of(const struct hr_bend_point *points, size_t n)
{
    hr_assert(n > 0);
    double total = 0.0;
    for (size_t i = 0; i < n; i++) {
        total += points[i].weight;
    }
    double above = 0.0;
    for (size_t i = n; i-- > 0;) {
        double next = above + points[i].weight;
        if (next >= PEAK_SHARE * total) {
            double share = (PEAK_SHARE * total - above) / points[i].weight;
            return points[i].value_log + (0.5 - share) * bin_width;
        }
        above = next;
    }
    return points[0].value_log;
}

static double mean_of(const struct hr_bend *bend, const struct hr_bend_point *points, size_t n)
{
    double sum = 0.0, weight = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += points[i].weight * exp(hr_bend_log(bend, points[i].value_log));
        weight += points[i].weight;
    }
    return sum / weight;
}

static struct hr_bend bend_to_peak(const struct hr_profile *profile, double peak_ratio)
{
    double weights[N_BINS];
    struct hr_bend_point points[N_BINS];
    size_t n_bins = count_bins(profile, weights);
    size_t n = 0;
    for (size_t i = 0; i < n_bins; i++) {
        if (weights[i] > 0.0) {
            points[n++] = (struct hr_bend_point){.value_log = first_bin + (double)i * bin_width,
                                                 .weight = weights[i]};
        }
    }
    struct hr_bend bend =
        hr_bend_solve(points, n, knee_of(points, n), 1.0, peak_ratio, 0.0, HUGE_VAL);
    /* The mean is right even where the peak cannot be had. */
    bend.value_log -= log(mean_of(&bend, points, n));
    return bend;
}

void hr_profile_init(struct hr_profile *profile, const struct hr_shape *shape,
                     double peak_ratio, int64_t step_us)
{
    hr_assert(step_us > 0);
    profile->sigma = fmax(0.0, shape->noise_sigma);
    double phi = fmax(0.0, fmin(most_phi, shape->noise_phi));
    profile->phi = pow(phi, hr_us_to_s(step_us) / phi_step_s);
    profile->site_share = fmax(0.0, fmin(1.0, shape->site_share));
    set_levels(profile, shape);
    profile->bend = (struct hr_bend){.power = 1.0};
    if (peak_ratio > 0.0) {
        profile->bend = bend_to_peak(profile, peak_ratio);
    }
}
