/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/sweep_group.h - one simulation of a sweep and the points that share it; private to
 * study/. */
#ifndef HR_STUDY_SWEEP_GROUP_H
#define HR_STUDY_SWEEP_GROUP_H

#include "study/load_cache.h"
#include "study/search.h"
#include "study/sweep.h"

/* The rows of a group, in the order of its points. */
struct hr_sweep_group {
    struct hr_row_point *points;
    struct hr_row_point_value *values; /* n_points x n_axes */
    uint32_t n_points;
    GPtrArray *texts;     /* what the rows borrow */
    double guest_samples; /* simulated */
    int n_runs;
};

/* Simulates the group's first point and prices all. Returns: false when *stop was set before it
 * was finished; *out is then empty. Owner of *out: the caller (hr_sweep_group_clear). */
bool hr_sweep_group_run(const struct hr_sweep_job *job, hr_load_cache *loads, uint32_t group,
                        struct hr_sweep_group *out);
void hr_sweep_group_clear(struct hr_sweep_group *group);

/* What runs of a scenario cost. */
struct hr_sweep_bill {
    const struct hr_sweep_job *job;
    const struct hr_scenario_file *file;
    const struct hr_scenario *scenario; /* with its memory as modules */
    const uint32_t *windows_max;
    double cpu_util_mean;
};

/* Can it be priced at all: a server and a storage of the catalogue, hosts alike, a platform
 * that is sold? */
bool hr_sweep_is_priced(const struct hr_scenario *scenario);
/* The cluster's memory as the server's modules. Fails: it has no such option. */
bool hr_sweep_modules(struct hr_scenario *scenario, GError **error);
/* values: of the point, whose price axes are laid over the book. */
bool hr_sweep_price(const struct hr_sweep_bill *bill, const struct hr_axis_level *values,
                    struct hr_cost *out, GError **error);
/* The most Windows guests that each host may hold. Returns: the caller's. */
uint32_t *hr_sweep_windows_max(const struct hr_scenario *scenario,
                               const struct hr_run_result *runs, int n_runs);

#endif
