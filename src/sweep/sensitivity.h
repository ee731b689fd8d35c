/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep/sensitivity.h - how much of an output's variance each axis explains. Pure functions.
 *
 * Intervals are the 2.5 and 97.5 percentiles of a bootstrap (B. Efron, Annals of Statistics 7,
 * 1979), with GSL's generator mt19937 of the seed: the same seed gives the same interval.
 */
#ifndef HR_SWEEP_SENSITIVITY_H
#define HR_SWEEP_SENSITIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one axis: fractions of the variance. Estimates may lie a little outside 0 to 1. */
struct hr_sensitivity {
    double first, first_low, first_high; /* by the axis alone */
    double total, total_low, total_high; /* with all that it does together with others; NAN
                                            where the method cannot tell */
};

/* Indices from a Saltelli design (sweep/saltelli.h). y: the outputs of n_blocks blocks of
 * n_axes + 2 points, without a gap. First order: Saltelli et al. 2010, table 2 (b), the mean of
 * f(B) (f(AB_i) - f(A)) over the variance; total: M. Jansen, Computer Physics Communications
 * 117, 1999, half the mean of (f(A) - f(AB_i))^2 over it. Outputs are centred before.
 * Returns: false when the output is the same everywhere, so that there is nothing to explain;
 * out is then untouched. Requires: n_blocks >= 2. */
bool hr_saltelli_indices(const double *y, size_t n_blocks, uint32_t n_axes, uint64_t seed,
                         struct hr_sensitivity *out);

/* An estimate of the first-order index of one axis from points of any design: how much of the
 * variance lies between its levels, less what chance alone would put there (T. Kelley's epsilon
 * squared, PNAS 21, 1935). levels count from 1 to n_levels. Its total is NAN.
 * Returns: false as above, and where a level has fewer than two points on average. */
bool hr_binned_index(const double *y, const uint32_t *levels, size_t n, uint32_t n_levels,
                     uint64_t seed, struct hr_sensitivity *out);

#endif
