/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep/saltelli.h - the design from which first-order and total indices are estimated.
 *
 * Two matrices A and B of n base points are the halves of one Sobol sequence of twice as many
 * dimensions as there are axes; the matrix AB_i is A with column i of B. (A. Saltelli, P.
 * Annoni, I. Azzini, F. Campolongo, M. Ratto, S. Tarantola: Variance based sensitivity analysis
 * of model output, Computer Physics Communications 181, 2010, 259-270.) The sequence is rotated
 * by a random shift of the seed (R. Cranley, T. Patterson, SIAM J. Numer. Anal. 13, 1976), so
 * that another seed is another sample. Order: a block of n_axes + 2 points for each base point:
 * A, AB_1 ... AB_n, B.
 */
#ifndef HR_SWEEP_SALTELLI_H
#define HR_SWEEP_SALTELLI_H

#include <stdint.h>

/* GSL's Sobol sequence has 40 dimensions. */
enum { HR_SALTELLI_AXES_MAX = 20 };

/* Points of a block. */
static inline uint32_t hr_saltelli_block(uint32_t n_axes)
{
    return n_axes + 2;
}

/* Fills u, by point, then axis, with n_base blocks; all values are in [0, 1).
 * Requires: 1 <= n_axes <= HR_SALTELLI_AXES_MAX. */
void hr_saltelli_fill(double *u, uint32_t n_base, uint32_t n_axes, uint64_t seed);

#endif
