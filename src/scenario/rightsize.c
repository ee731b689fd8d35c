/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --right-size: guests get what they were measured to use, plus a margin, and never more than
 * they have. A guest without measurements keeps its size: nothing is taken on a guess. */
#include <math.h>

#include "scenario/scenario.h"

/* A fifth above what is used, in steps an administrator would configure. */
static const double MARGIN = 1.2;
static const double STEP_MIB = 512.0;
static const double LEAST_MIB = 1024.0;
/* Startup and minimum shrink with the size, but no system starts with a few megabytes: below
 * this they stay as they are. */
static const double LEAST_PART_MIB = 512.0;

/* Memory in use, from what was measured, or HR_UNKNOWN. */
static double used_mib(const struct hr_scenario_guest *guest)
{
    const struct hr_role *role = guest->role;
    double used = HR_UNKNOWN;
    if (guest->memory_active_mib > 0.0 && role->active_frac > 0.0) {
        /* The role's ratio of what is held to what is active. */
        used = guest->memory_active_mib * (role->commit_frac + role->cache_frac) /
               role->active_frac;
    }
    if (guest->memory_consumed_mib > 0.0) {
        used =
            used >= 0.0 ? fmin(used, guest->memory_consumed_mib) : guest->memory_consumed_mib;
    }
    return used;
}

/* The rule of the right-sizing reports: p95 and a fifth, at least one processor. */
static int vcpus_of(const struct hr_scenario_guest *guest, double vcpu_mhz)
{
    if (guest->cpu_mhz_p95 <= 0.0) {
        return guest->vcpus;
    }
    int needed = (int)ceil(guest->cpu_mhz_p95 * MARGIN / vcpu_mhz);
    return needed < 1 ? 1 : needed < guest->vcpus ? needed : guest->vcpus;
}

static double scaled(double part_mib, double factor, double most_mib)
{
    double least = fmin(part_mib, LEAST_PART_MIB);
    return part_mib >= 0.0 ? fmin(most_mib, fmax(least, part_mib * factor)) : part_mib;
}

void hr_guests_right_size(struct hr_guests *guests, hr_diag *diag)
{
    uint32_t n_changed = 0;
    double before_mib = 0.0;
    double after_mib = 0.0;
    int before_vcpus = 0;
    int after_vcpus = 0;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        struct hr_scenario_guest *guest = &guests->items[g];
        double used = used_mib(guest);
        double size = guest->size_mib;
        if (used > 0.0) {
            double wanted = ceil(used * MARGIN / STEP_MIB) * STEP_MIB;
            size = fmin(size, fmax(LEAST_MIB, wanted));
            size = fmax(size, guest->memory_reservation_mib);
        }
        int vcpus = vcpus_of(guest, guests->vcpu_mhz);
        if (size >= guest->size_mib && vcpus == guest->vcpus) {
            continue;
        }
        n_changed++;
        before_mib += guest->size_mib;
        after_mib += size;
        before_vcpus += guest->vcpus;
        after_vcpus += vcpus;
        double factor = size / guest->size_mib;
        guest->memory_limit_mib = fmin(guest->memory_limit_mib, size);
        guest->shares *= factor;
        struct hr_dynamic_memory *d = &guest->dynamic;
        d->startup_mib = scaled(d->startup_mib, factor, size);
        d->minimum_mib = scaled(d->minimum_mib, factor, size);
        d->maximum_mib = fmin(d->maximum_mib, size);
        guest->size_mib = size;
        guest->vcpus = vcpus;
    }
    hr_diag_add(
        diag, HR_NOTE, NULL, 0, 0, "right-sized",
        "%u of %u guests were measured to need less: %.1f GiB and %d vCPUs instead of %.1f "
        "GiB and %d; the others keep their size",
        n_changed, guests->n_running, after_mib / 1024.0, after_vcpus, before_mib / 1024.0,
        before_vcpus);
}
