/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/saltelli.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_rng.h>

#include "base/error.h"

void hr_saltelli_fill(double *u, uint32_t n_base, uint32_t n_axes, uint64_t seed)
{
    hr_assert(n_axes >= 1 && n_axes <= HR_SALTELLI_AXES_MAX);
    double shift[2 * HR_SALTELLI_AXES_MAX] = {0};
    double x[2 * HR_SALTELLI_AXES_MAX];
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, (unsigned long)seed);
    for (uint32_t k = 0; k < 2 * n_axes; k++) {
        shift[k] = gsl_rng_uniform(rng);
    }
    gsl_rng_free(rng);
    uint32_t n_rows = hr_saltelli_block(n_axes);
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, 2 * n_axes);
    for (uint32_t i = 0; i < n_base; i++) {
        (void)gsl_qrng_get(sequence, x);
        for (uint32_t k = 0; k < 2 * n_axes; k++) {
            x[k] += shift[k];
            x[k] -= floor(x[k]);
        }
        for (uint32_t row = 0; row < n_rows; row++) {
            double *point = u + ((size_t)i * n_rows + row) * n_axes;
            for (uint32_t a = 0; a < n_axes; a++) {
                bool from_b = row == n_axes + 1 || row == a + 1;
                point[a] = x[from_b ? n_axes + a : a];
            }
        }
    }
    gsl_qrng_free(sequence);
}
