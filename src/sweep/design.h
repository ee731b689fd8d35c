/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep/design.h - which points of the space of the axes are looked at.
 *
 * grid:             every combination of the levels; the first axis changes slowest.
 * sobol:            the first points of GSL's Sobol sequence.
 * latin-hypercube:  of n strata of each axis every one once, in an order that GSL shuffles, at
 *                   a place within it that GSL's generator mt19937 gives.
 * saltelli:         blocks of points from which first-order and total indices are estimated
 *                   (sweep/saltelli.h); of the points asked for as many as make whole blocks.
 * one-at-a-time:    the base point, then each axis alone at each of its other levels.
 * Owner: the design owns its arrays. Threads: read-only after hr_design_new().
 */
#ifndef HR_SWEEP_DESIGN_H
#define HR_SWEEP_DESIGN_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

enum hr_design_kind {
    HR_DESIGN_GRID,
    HR_DESIGN_SOBOL,
    HR_DESIGN_LATIN_HYPERCUBE,
    HR_DESIGN_ONE_AT_A_TIME,
    HR_DESIGN_SALTELLI,
    HR_DESIGN__COUNT
};
extern const char *const hr_design_names[]; /* "grid" ...; NULL-terminated */

enum { HR_DESIGN_AXES_MAX = 32, HR_DESIGN_POINTS_MAX = 10000000 };

/* Whether it draws as many points as are asked for, instead of having as many as there are. */
bool hr_design_draws(enum hr_design_kind kind);

/* An axis as a design sees it. */
struct hr_design_axis {
    uint32_t n_levels; /* 0: any place between its ends */
    uint32_t base;     /* level of the base point, one-at-a-time */
};

/* Where a point lies on an axis. */
struct hr_place {
    uint32_t level; /* of an axis with levels */
    double u;       /* 0 to 1, of one without */
};

typedef struct hr_design hr_design;

/* n_points: of sobol, latin-hypercube and saltelli; the others have as many as there are.
 * Fails: HR_ERROR_INPUT, when it has more than HR_DESIGN_POINTS_MAX points, or when an axis
 * without levels stands in a design that needs them. Returns: the caller's. */
hr_design *hr_design_new(enum hr_design_kind kind, const struct hr_design_axis *axes,
                         uint32_t n_axes, uint32_t n_points, uint64_t seed, GError **error);
void hr_design_free(hr_design *design);
uint32_t hr_design_count(const hr_design *design);
/* Requires: point < count, axis < n_axes. */
struct hr_place hr_design_place(const hr_design *design, uint32_t point, uint32_t axis);

#endif
