/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/counters.h"

#include <math.h>

#include "memory/overcommit.h"

/* Where the platform has no idle tax: the usual one. */
static const double USUAL_IDLE_TAX = 0.75;

/* As shares of minFree (model.md §4). */
static const double SOFT_FRAC = 0.64;
static const double HARD_FRAC = 0.32;
static const double LOW_FRAC = 0.16;

/* Returns: NULL where the platform follows another policy. */
static const struct hr_overcommit_params *overcommit_of(const struct hr_platform *platform)
{
    return platform->memory == &hr_memory_overcommit ? platform->params : NULL;
}

bool hr_thresholds_of(const struct hr_platform *platform, double min_free_mib,
                      struct hr_thresholds *out)
{
    const struct hr_overcommit_params *p = overcommit_of(platform);
    if (p == NULL) {
        return false;
    }
    double high_frac = p->has_clear_state ? p->high_frac : SOFT_FRAC;
    *out = (struct hr_thresholds){
        .high_mib = high_frac * min_free_mib,
        .clear_mib = p->has_clear_state ? min_free_mib : -1.0,
        .soft_mib = SOFT_FRAC * min_free_mib,
        .hard_mib = HARD_FRAC * min_free_mib,
        .low_mib = LOW_FRAC * min_free_mib,
    };
    return true;
}

bool hr_floor_rule_of(const struct hr_scenario *scenario, double *needed_mib, double *short_mib)
{
    const struct hr_platform *platform = scenario->platform;
    const struct hr_floor_rule *rule = &platform->floor;
    const struct hr_guests *guests = scenario->guests;
    double sizes = 0.0;
    double overheads = 0.0;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        sizes += guest->size_mib;
        overheads += hr_platform_overhead_mib(platform, guest->size_mib, guest->vcpus);
    }
    if (!(rule->factor > 0.0)) {
        return false;
    }
    *needed_mib =
        rule->fixed_mib * scenario->cluster.n_hosts + rule->factor * (sizes + overheads);
    *short_mib =
        *needed_mib - hr_cluster_memory_mib(&scenario->cluster) - rule->sharing_frac * sizes;
    return true;
}

double hr_drs_demand_mib(const struct hr_platform *platform,
                         const struct hr_scenario_guest *guest, const double *mib)
{
    const struct hr_overcommit_params *p = overcommit_of(platform);
    double idle_tax = p != NULL ? p->idle_tax : USUAL_IDLE_TAX;
    double active = mib[HR_MEMORY_ACTIVE];
    double idle = fmax(0.0, mib[HR_MEMORY_CONSUMED] - active);
    return active + (1.0 - idle_tax) * idle +
           hr_platform_overhead_mib(platform, guest->size_mib, guest->vcpus);
}

/* What a guest starts with, beside its overhead: how it is called, and how much. */
static const char *starts_with(const struct hr_memory_policy *policy,
                               const struct hr_scenario_guest *guest, double *mib)
{
    struct hr_start_spec spec = {.reservation_mib = guest->memory_reservation_mib,
                                 .startup_mib = guest->dynamic.startup_mib,
                                 .minimum_mib = guest->dynamic.minimum_mib};
    if (policy->backs_on_touch) {
        *mib = policy->pinned_mib(&spec);
        return "its reservation";
    }
    if (policy->moves_memory && guest->dynamic.enabled) {
        *mib = policy->start_mib(&spec);
        return *mib < spec.startup_mib ? "its minimum" : "its startup memory";
    }
    *mib = guest->size_mib;
    return "its size";
}

char *hr_refusal_text(const struct hr_scenario *scenario, const struct hr_scenario_guest *guest)
{
    const struct hr_platform *platform = scenario->platform;
    const struct hr_memory_policy *policy = platform->memory;
    double mib = 0.0;
    const char *what = starts_with(policy, guest, &mib);
    double overhead = hr_platform_overhead_mib(platform, mib, guest->vcpus);
    if (policy->backs_on_touch) { /* by what it is configured with, whatever it reserves */
        overhead = hr_platform_overhead_mib(platform, guest->size_mib, guest->vcpus);
    }
    char buf[16];
    g_autofree char *who =
        guest->host > 0
            ? g_strdup_printf("%s, to which it is bound, has not",
                              hr_cluster_host_name(&scenario->cluster,
                                                   (uint32_t)guest->host - 1, buf, sizeof buf))
            : g_strdup("no host has");
    return g_strdup_printf("%s the %.0f MiB left that it starts with: %s, %.0f MiB, and "
                           "overhead, %.0f MiB",
                           who, mib + overhead, what, mib, overhead);
}
