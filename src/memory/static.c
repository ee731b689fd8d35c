/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Static allocation (model.md §3): a guest has all of its memory from its start or does not
 * start; the host never takes any back. */
#include "memory/memory_policy.h"

#include "base/hot.h"

static enum hr_admit admit(const struct hr_host_view *view, const struct hr_start_spec *spec,
                           double *short_mib)
{
    double missing = spec->size_mib + spec->overhead_mib - hr_host_free_mib(view);
    *short_mib = missing > 0.0 ? missing : 0.0;
    return missing > 0.0 ? HR_ADMIT_NO_MEMORY : HR_ADMIT_OK;
}

static double pinned_mib(const struct hr_start_spec *spec)
{
    return spec->size_mib + spec->overhead_mib;
}

static double needs_now_mib(const struct hr_host_view *view, const struct hr_start_spec *spec)
{
    (void)view;
    return spec->size_mib + spec->overhead_mib;
}

static double start_mib(const struct hr_start_spec *spec)
{
    return spec->size_mib;
}

static void settle(const struct hr_host_view *view, struct hr_guest_table *guests,
                   struct hr_decision *scratch)
{
    (void)scratch;
    (void)view;
    (void)guests; /* assigned = S since the start: nothing to settle */
}

static void solve(const struct hr_host_view *view, struct hr_decision *out)
{
    hr_decision_rest(view, out);
}

const struct hr_memory_policy hr_memory_static = {
    .name = "static",
    .pinned_mib = pinned_mib,
    .admit = admit,
    .needs_now_mib = needs_now_mib,
    .start_mib = start_mib,
    .settle = settle,
    .solve = solve,
};
