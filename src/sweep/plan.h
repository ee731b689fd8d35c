/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep/plan.h - the points of a sweep that its constraints leave, put together in groups that
 * one simulation answers: they differ in prices alone.
 *
 * A point's number is its place in the whole design, from 1, whatever is dropped. A group's
 * first point is simulated; groups stand in the order of their first points.
 * Owner: the plan owns its arrays; the sweep is borrowed. Threads: read-only after making.
 * Cost: 8 bytes a point beside the design's.
 */
#ifndef HR_SWEEP_PLAN_H
#define HR_SWEEP_PLAN_H

#include "store/expression.h"
#include "sweep/sweep.h"

struct hr_plan {
    const struct hr_sweep *sweep;
    hr_design *design;
    uint32_t *points; /* of the design, from 0: by groups, within one ascending */
    uint32_t n_points;
    uint32_t n_dropped;
    uint32_t *groups; /* n_groups + 1: where each begins in points, and the end */
    uint32_t n_groups;
};

/* Fails: when a constraint cannot be evaluated. Returns: the caller's. */
struct hr_plan *hr_plan_new(const struct hr_sweep *sweep, const hr_catalog *catalog,
                            GError **error);
void hr_plan_free(struct hr_plan *plan);

/* The constraints, ready to be asked. One thread each. */
typedef struct hr_constraints hr_constraints;
/* What is wrong is a finding at the constraint. Returns: the caller's, or NULL. */
hr_constraints *hr_constraints_new(const struct hr_sweep *sweep, hr_diag *diag);
void hr_constraints_free(hr_constraints *constraints);
/* *keep: whether all hold. A scenario that cannot be read is kept: its point will say why. */
bool hr_constraints_keep(hr_constraints *constraints, const struct hr_axis_level *values,
                         const hr_catalog *catalog, bool *keep, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_constraints, hr_constraints_free)

#endif
