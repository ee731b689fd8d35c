/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Balancing (model.md §8): every period the busiest host, if it is above the band, hands guests
 * to the idlest one, each time the guest whose move lowers the greater of the two loads most. A
 * guest moves live and keeps its state, swapped memory included; the short slowdown of a
 * migration and its use of the network are not modelled. */
#include <math.h>

#include "base/real.h"
#include "base/units.h"
#include "run/world.h"

#include "base/hot.h"

/* At most so many moves a period: what a host's migration limits allow with 1 Gbit/s (vSphere).
 */
enum { MOST_MOVES = 4 };
/* A move must lower the greater load by so much, or it is not worth its cost. */
static const double LEAST_GAIN = 0.03;

/* Load of a host in its scarcer resource, with the demand of one guest added or taken. */
static double load_of(const struct hr_world *w, uint32_t h, double mhz, double mib)
{
    const struct hr_host *host = &w->hosts[h];
    double committed = mib;
    for (uint32_t i = 0; i < host->n; i++) {
        committed += w->t->commit_mib[host->ids[i]];
    }
    return hr_max((host->cpu_demand_mhz + mhz) / host->capacity_mhz,
                  committed / (host->physical_mib - host->hypervisor_mib));
}

/* Memory that lies in places of its host - a second tier, a swap area of the host's own - and
 * comes back into memory on a move. A swap file of its own goes with the guest. */
static double local_mib(const struct hr_world *w, uint32_t g)
{
    return hr_guest_tiered_mib(w->t, g) +
           (w->rules.swap_is_bounded ? hr_guest_swapped_mib(w->t, g) : 0.0);
}

static void leave_places(struct hr_world *w, uint32_t g)
{
    w->t->tier_hot_mib[g] = w->t->tier_cold_mib[g] = 0.0;
    if (w->rules.swap_is_bounded) {
        w->t->swap_hot_mib[g] = w->t->swap_cold_mib[g] = 0.0;
    }
}

static bool has_room(const struct hr_world *w, uint32_t h, uint32_t g)
{
    struct hr_host_view view = hr_host_view_of(w, h);
    struct hr_start_spec spec = hr_start_spec_of(w->t, g, HR_START_COLD);
    double short_mib = 0.0;
    double needs = w->pages[g].consumed + local_mib(w, g) +
                   hr_guest_overhead_mib(w->t, g, w->t->assigned_mib[g]);
    double spared = w->hosts[h].min_free_mib;
    return w->policy->admit(&view, &spec, &short_mib) == HR_ADMIT_OK &&
           !hr_exceeds_limit(w, h, g) && hr_host_free_mib(&view) - spared >= needs;
}

static double guest_mhz(const struct hr_world *w, uint32_t g)
{
    return w->t->cpu_mhz[g] + w->t->iops[g] * w->platform->cpu_mhz_per_iops;
}

/* Moves one guest. Returns: false when no move is worth it. */
static bool move_one(struct hr_world *w)
{
    uint32_t busy = HR_NO_HOST;
    uint32_t idle = HR_NO_HOST;
    double busy_load = 0.0;
    double idle_load = HUGE_VAL;
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        if (!w->hosts[h].up) {
            continue;
        }
        double load = load_of(w, h, 0.0, 0.0);
        if (load > busy_load) {
            busy = h;
            busy_load = load;
        }
        if (load < idle_load) {
            idle = h;
            idle_load = load;
        }
    }
    if (busy == idle || busy_load <= w->platform->balancing_above_frac) {
        return false;
    }
    uint32_t best = HR_NO_HOST;
    double best_load = busy_load - LEAST_GAIN;
    const struct hr_host *from = &w->hosts[busy];
    for (uint32_t i = 0; i < from->n; i++) {
        uint32_t g = from->ids[i];
        double mhz = guest_mhz(w, g);
        double mib = w->t->commit_mib[g];
        double load = hr_max(load_of(w, busy, -mhz, -mib), load_of(w, idle, mhz, mib));
        if (load < best_load && w->t->power[g] == HR_GUEST_RUNNING && has_room(w, idle, g)) {
            best = g;
            best_load = load;
        }
    }
    if (best == HR_NO_HOST) {
        return false;
    }
    leave_places(w, best);
    hr_world_host_remove(w, best);
    hr_world_host_add(w, idle, best);
    hr_cpu_solve(w, busy);
    hr_cpu_solve(w, idle);
    hr_pages_refresh(w, busy);
    hr_pages_refresh(w, idle);
    w->n_migrations++;
    return true;
}

void hr_balance(struct hr_world *w)
{
    if (!w->platform->has_balancing || !w->platform->has_live_migration ||
        w->platform->balancing_period_s <= 0.0) {
        return;
    }
    int64_t period_us = hr_s_to_us(w->platform->balancing_period_s);
    if (w->now_us % period_us >= w->load->step_us) {
        return;
    }
    for (int moves = 0; moves < MOST_MOVES && move_one(w); moves++) {
    }
}
