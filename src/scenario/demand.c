/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Demand given by hand stands in for what the role's profile made. */
#include <math.h>

#include "base/error.h"
#include "base/units.h"
#include "scenario/scenario.h"

/* The step in force at a time; steps begin at 0 and rise. */
static const struct hr_demand_step *step_at(const struct hr_scenario_guest *guest, double t_s,
                                            uint32_t *hint)
{
    while (*hint + 1 < guest->n_demand && guest->demand[*hint + 1].at_s <= t_s + 1e-6) {
        (*hint)++;
    }
    return &guest->demand[*hint];
}

static void lay_over(const struct hr_scenario_guest *guest, uint32_t g, struct hr_load *load)
{
    uint32_t hint = 0;
    for (uint32_t t = 0; t < load->n_steps; t++) {
        double t_s = hr_us_to_s((int64_t)t * load->step_us);
        const struct hr_demand_step *step = step_at(guest, t_s, &hint);
        size_t cell = (size_t)t * load->n_guests + g;
        load->commit_mib[cell] = (float)step->commit_mib;
        load->cache_mib[cell] = (float)step->cache_mib;
        load->active_mib[cell] = (float)step->active_mib;
        if ((double)load->active_mib[cell] >
            (double)load->commit_mib[cell] + (double)load->cache_mib[cell]) {
            load->active_mib[cell] = nextafterf(load->active_mib[cell], 0.0F);
        }
        load->cpu_mhz[cell] = (float)step->cpu_mhz;
        load->iops[cell] = (float)step->iops;
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
