/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/counters.h - figures that follow from a run and its platform by a formula alone. Pure
 * functions; memory in MiB. */
#ifndef HR_STUDY_COUNTERS_H
#define HR_STUDY_COUNTERS_H

#include <stdbool.h>

#include "run/result.h"
#include "scenario/scenario.h"

/* Free memory of a host below which each state is left for the next one (published names). */
struct hr_thresholds {
    double high_mib;
    double clear_mib; /* negative: the platform has no such state */
    double soft_mib;
    double hard_mib;
    double low_mib;
};

/* min_free_mib: the host's. Returns: false where the platform has no states. */
bool hr_thresholds_of(const struct hr_platform *platform, double min_free_mib,
                      struct hr_thresholds *out);

/* What the vendor's guide says the cluster must have: fixed·hosts + factor·Σ(S + overhead), and
 * what then is short of it: needed - physical - sharing·ΣS, negative where some is to spare.
 * Returns: false where the platform has no such rule. */
bool hr_floor_rule_of(const struct hr_scenario *scenario, double *needed_mib,
                      double *short_mib);

/* The demand that a distributed scheduler sees: active + (1 - idle tax)·(consumed - active) +
 * overhead, of one guest whose memory is mib[]. */
double hr_drs_demand_mib(const struct hr_platform *platform,
                         const struct hr_scenario_guest *guest, const double *mib);

/* Why a guest found no room, in words. Returns: the caller's to g_free. */
char *hr_refusal_text(const struct hr_scenario *scenario,
                      const struct hr_scenario_guest *guest);

#endif
