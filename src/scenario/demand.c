/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Demand given by hand stands in for what the role's profile made. */
#include <math.h>

#include "base/error.h"
#include "base/units.h"
#include "scenario/scenario.h"

/* The step in force at a time, looked for from *hint on; steps begin at 0 and rise. */
static uint32_t step_at(const struct hr_scenario_guest *guest, double t_s, uint32_t hint)
{
    while (hint + 1 < guest->n_demand && guest->demand[hint + 1].at_s <= t_s + 1e-6) {
        hint++;
    }
    return hint;
}

static double between(double from, double to, double share)
{
    return from + share * (to - from);
}

/* What a step asks for at a time: its own values, or those on the way to the next step. */
static struct hr_demand_step values_at(const struct hr_scenario_guest *guest, uint32_t i,
                                       double t_s)
{
    struct hr_demand_step now = guest->demand[i];
    if (!now.ramp || i + 1 >= guest->n_demand) {
        return now;
    }
    const struct hr_demand_step *next = &guest->demand[i + 1];
    double share = fmin(1.0, (t_s - now.at_s) / (next->at_s - now.at_s));
    now.commit_mib = between(now.commit_mib, next->commit_mib, share);
    now.cache_mib = between(now.cache_mib, next->cache_mib, share);
    now.active_mib = between(now.active_mib, next->active_mib, share);
    now.cpu_mhz = between(now.cpu_mhz, next->cpu_mhz, share);
    now.iops = between(now.iops, next->iops, share);
    return now;
}

static void lay_over(const struct hr_scenario_guest *guest, uint32_t g, struct hr_load *load)
{
    uint32_t hint = 0;
    for (uint32_t t = 0; t < load->n_steps; t++) {
        double t_s = hr_us_to_s((int64_t)t * load->step_us);
        hint = step_at(guest, t_s, hint);
        struct hr_demand_step step = values_at(guest, hint, t_s);
        size_t cell = (size_t)t * load->n_guests + g;
        load->commit_mib[cell] = (float)step.commit_mib;
        load->cache_mib[cell] = (float)step.cache_mib;
        load->active_mib[cell] = (float)step.active_mib;
        if ((double)load->active_mib[cell] >
            (double)load->commit_mib[cell] + (double)load->cache_mib[cell]) {
            load->active_mib[cell] = nextafterf(load->active_mib[cell], 0.0F);
        }
        load->cpu_mhz[cell] = (float)step.cpu_mhz;
        load->iops[cell] = (float)step.iops;
    }
}

void hr_guests_demand_by_hand(const struct hr_guests *guests, struct hr_load *load)
{
    hr_assert(load->n_guests == guests->n_running);
    for (uint32_t g = 0; g < guests->n_running; g++) {
        if (guests->items[g].n_demand > 0) {
            lay_over(&guests->items[g], g, load);
        }
    }
}
