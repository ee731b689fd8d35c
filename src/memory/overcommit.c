/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overcommit, ESX style (model.md §4): guests get what their shares, weighed by the idle tax,
 * entitle them to; what they hold above that is taken back by balloon, compression and host
 * swap, as far as the host's free memory demands.
 *
 * Invariants:
 * 1. Targets and states are in consumed memory: what a guest costs the host after page sharing.
 * 2. Σ targets <= physical - hypervisor - Σ overhead - 1.1·minFree, but no target below the
 *    guest's reservation.
 * 3. No guest is reclaimed below its target, none is ballooned beyond balloon_max_frac·S.
 * 4. The balloon acts whenever targets bind; compression and swap only in soft (for guests
 * without a running balloon), hard and low.
 * 5. Reclaim is proportional to what is missing, so that states do not chatter. */
#include "memory/overcommit.h"

#include <math.h>

#include "base/real.h"
#include "memory/overcommit_parts.h"

#include "base/hot.h"

static const double STUCK_PROGRESS = 0.5;

static const char *const SHARING[] = {"off", "intra_guest", "inter_guest", NULL};

#define OVERCOMMIT struct hr_overcommit_params
static const struct hr_field FIELDS[] = {
    HR_FIELD_NUMBER(OVERCOMMIT, idle_tax, HR_REQUIRED, 0, 0.99),
    HR_FIELD_NUMBER(OVERCOMMIT, balance_period_s, HR_REQUIRED, 1, 3600),
    HR_FIELD_NUMBER(OVERCOMMIT, min_free_frac, HR_OPTIONAL, 0, 0.5),
    HR_FIELD_NUMBER(OVERCOMMIT, high_frac, HR_REQUIRED, 0.64, 10),
    HR_FIELD_OF(OVERCOMMIT, has_clear_state, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_ONE_OF(OVERCOMMIT, sharing, HR_REQUIRED, SHARING),
    HR_FIELD_OF(OVERCOMMIT, zero_at_once, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(OVERCOMMIT, scan_time_s, HR_REQUIRED, 1, 1e6),
    HR_FIELD_NUMBER(OVERCOMMIT, scan_pages_per_s_guest, HR_REQUIRED, 0, 1e7),
    HR_FIELD_NUMBER(OVERCOMMIT, scan_pages_per_s_ghz, HR_OPTIONAL, 0, 1e7),
    HR_FIELD_NUMBER(OVERCOMMIT, scan_pages_per_s_host, HR_OPTIONAL, 0, 1e8),
    HR_FIELD_OF(OVERCOMMIT, large_pages, HR_FIELD_BOOL, HR_OPTIONAL),
    HR_FIELD_NUMBER(OVERCOMMIT, break_below_frac, HR_OPTIONAL, 0, 10),
    HR_FIELD_NUMBER(OVERCOMMIT, balloon_max_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(OVERCOMMIT, tools_delay_s, HR_REQUIRED, 0, 86400),
    HR_FIELD_NUMBER(OVERCOMMIT, balloon_free_mibps, HR_REQUIRED, 0.1, 1e5),
    HR_FIELD_NUMBER(OVERCOMMIT, balloon_busy_mibps, HR_REQUIRED, 0.1, 1e5),
    HR_FIELD_NUMBER(OVERCOMMIT, deflate_mibps, HR_REQUIRED, 0.1, 1e5),
    HR_FIELD_OF(OVERCOMMIT, compression, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(OVERCOMMIT, compressible_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(OVERCOMMIT, compression_cap_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(OVERCOMMIT, decompress_us, HR_REQUIRED, 0, 1e6),
    HR_FIELD_NUMBER(OVERCOMMIT, tier_frac, HR_OPTIONAL, 0, 4),
    HR_FIELD_NUMBER(OVERCOMMIT, tier_latency_us, HR_OPTIONAL, 0, 1e6),
    HR_FIELD_NUMBER(OVERCOMMIT, tier_mibps, HR_OPTIONAL, 0, 1e6),
    {.key = NULL},
};

static const char *fault(const void *params)
{
    const struct hr_overcommit_params *p = params;
    return p->tier_frac > 0.0 && (p->tier_latency_us <= 0.0 || p->tier_mibps <= 0.0)
               ? "'tier_frac' needs 'tier_latency_us' and 'tier_mibps', both above 0"
               : NULL;
}

static void rules(const void *params, struct hr_memory_rules *out)
{
    const struct hr_overcommit_params *p = params;
    *out = (struct hr_memory_rules){
        .sharing = p->sharing,
        .zero_at_once = p->zero_at_once,
        .large_pages = p->large_pages,
        .large_below_frac = p->has_clear_state ? p->high_frac : p->break_below_frac,
        .keeps_reservations = true,
        .balloon_max_frac = p->balloon_max_frac,
        .tools_delay_s = p->tools_delay_s,
        .compression_cap_frac = p->compression ? p->compression_cap_frac : 0.0,
        .decompress_us = p->decompress_us,
        .tier_frac = p->tier_frac,
        .tier_latency_us = p->tier_latency_us,
        .tier_mibps = p->tier_mibps,
    };
}

double hr_overcommit_min_free_mib(const void *params, double physical_mib)
{
    const struct hr_overcommit_params *p = params;
    return p->min_free_frac > 0.0 ? p->min_free_frac * physical_mib
                                  : hr_min_free_mib(physical_mib);
}

static enum hr_admit admit(const struct hr_host_view *view, const struct hr_start_spec *spec,
                           double *short_mib)
{
    const struct hr_guest_table *t = view->guests;
    double room = view->physical_mib - view->hypervisor_mib - view->starting_mib;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        room -= t->reservation_mib[g] + hr_guest_overhead_mib(t, g, t->assigned_mib[g]);
    }
    double missing = spec->reservation_mib + spec->overhead_mib - room;
    *short_mib = missing > 0.0 ? missing : 0.0;
    return missing > 0.0 ? HR_ADMIT_NO_MEMORY : HR_ADMIT_OK;
}

static double pinned_mib(const struct hr_start_spec *spec)
{
    return spec->reservation_mib + spec->overhead_mib;
}

static double needs_now_mib(const struct hr_host_view *view, const struct hr_start_spec *spec)
{
    (void)view;
    /* Overhead is backed at once; the rest when it is touched, and reclaimed from others then.
     */
    (void)spec;
    return 0.0;
}

static double start_mib(const struct hr_start_spec *spec)
{
    return spec->size_mib;
}

/* Does a pool of pages that are out change by more than a tenth until the next balance? Then
 * what its guest waits for changes as well. */
static bool pool_moves(const struct hr_host_view *view, uint32_t g, double hot, double cold,
                       double fault_mibps)
{
    const struct hr_guest_table *t = view->guests;
    if (hot <= HR_LITTLE_MIB) {
        return false;
    }
    double a = fmin(1.0, t->active_mib[g] / fmax(1.0, t->touched_mib[g] - t->ballooned_mib[g]));
    double rate = (a * (hot + cold) - hot) / t->traits[g].working_set_s - fault_mibps;
    return fabs(rate) * hr_overcommit_params_of(view)->balance_period_s > 0.1 * hot;
}

static bool pools_move(const struct hr_host_view *view, uint32_t g)
{
    const struct hr_guest_table *t = view->guests;
    const struct hr_flow *flow = &view->flow[g];
    /* A guest that hardly gets on may be waiting for disks that have nothing to do any more. */
    if (t->progress[g] < STUCK_PROGRESS && t->swap_hot_mib[g] > HR_LITTLE_MIB) {
        return true;
    }
    return pool_moves(view, g, t->swap_hot_mib[g], t->swap_cold_mib[g],
                      flow->fault_swap_mibps) ||
           pool_moves(view, g, t->zip_hot_mib[g], t->zip_cold_mib[g], flow->fault_zip_mibps) ||
           pool_moves(view, g, t->tier_hot_mib[g], t->tier_cold_mib[g], flow->fault_tier_mibps);
}

/* When would something change? A quantity reaching its stop, free memory running out. */
static double next_change_s(const struct hr_situation *s)
{
    const struct hr_host_view *view = s->view;
    double next = view->step_s;
    bool moving = false;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        const struct hr_guest_decision *d = &s->out->guests[g];
        double way = d->balloon_stop_mib - view->guests->ballooned_mib[g];
        if (fabs(d->balloon_mibps) > 1e-9 && fabs(way) > 1e-9) {
            moving = true;
            next = hr_min(next, hr_max(HR_SHORTEST_STEP_S, way / d->balloon_mibps));
        }
        double taken = d->share_mibps + d->zip_mibps / 2.0 + d->swap_mibps;
        double falls = taken - view->flow[g].rise_mibps;
        if (falls > 1e-9) { /* until it is at its target */
            next = hr_min(next, hr_max(HR_SHORTEST_STEP_S, hr_excess_mib(s, g) / falls));
        }
        if (d->zip_mibps > 1e-9) { /* until its cache is full */
            double full_s = hr_overcommit_zip_room_mib(s, g) / d->zip_mibps;
            next = hr_min(next, hr_max(HR_SHORTEST_STEP_S, full_s));
        }
        moving = moving || taken > 1e-9 || d->tier_mibps > 1e-9 || d->throttle > 1.0 ||
                 pools_move(view, g) ||
                 fabs(view->guests->active_seen_mib[g] - view->guests->active_mib[g]) >
                     0.05 * view->guests->active_mib[g] + 1.0;
    }
    if (s->tier_mibps > 0.0) {
        next = hr_min(next, hr_max(HR_SHORTEST_STEP_S, s->tier_free_mib / s->tier_mibps));
    }
    double net = s->inflow_mibps - s->reclaim_mibps;
    if (net > 0.05) {
        moving = true;
        if (s->dram_free_mib > 0.0) {
            /* Look again before another band of free memory is gone. */
            double above = s->dram_free_mib - HR_GIVE_BACK_ABOVE * s->min_free;
            double band = hr_max(above > 0.0 ? above : s->dram_free_mib, 0.16 * s->min_free);
            next = hr_min(next, hr_max(HR_SHORTEST_STEP_S, band / net));
        }
    }
    return moving ? hr_min(next, hr_overcommit_params_of(view)->balance_period_s) : next;
}

/* Targets do not bind yet, but may before the next demand step: guests that boot write all of
 * their memory, others recycle pages. */
static void watch_filling(const struct hr_situation *s)
{
    double until_s =
        (s->dram_free_mib - HR_BALLOON_GOAL * s->min_free) / hr_max(1e-9, s->inflow_mibps);
    if (until_s < s->view->step_s) {
        s->out->pressed = true;
        s->out->next_s = hr_max(HR_SHORTEST_STEP_S, until_s);
    }
}

double hr_overcommit_tier_free_mib(const struct hr_host_view *view)
{
    double room = hr_overcommit_params_of(view)->tier_frac * view->physical_mib;
    for (uint32_t i = 0; i < view->n && room > 0.0; i++) {
        room -= hr_guest_tiered_mib(view->guests, view->ids[i]);
    }
    return hr_max(0.0, room);
}

static void solve(const struct hr_host_view *view, struct hr_decision *out)
{
    hr_decision_rest(view, out);
    struct hr_situation s = {.view = view,
                             .out = out,
                             .min_free =
                                 hr_overcommit_min_free_mib(view->params, view->physical_mib)};
    s.dram_free_mib = hr_host_free_mib(view);
    s.tier_free_mib = hr_overcommit_tier_free_mib(view);
    s.free_mib = s.dram_free_mib + s.tier_free_mib;
    bool binding = hr_overcommit_targets(view, out);
    out->state = hr_overcommit_state(view, s.free_mib / s.min_free);
    bool unsettled = false;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        s.inflow_mibps += view->flow[g].rise_mibps;
        unsettled = unsettled || view->guests->ballooned_mib[g] > 0.0 || pools_move(view, g);
    }
    hr_overcommit_scan(&s);
    hr_overcommit_deflate(&s, binding);
    if (binding) {
        hr_overcommit_inflate(&s);
        hr_overcommit_take(&s);
    }
    bool limited = hr_overcommit_keep_limits(&s);
    hr_overcommit_limit(&s);
    if (s.tier_free_mib > 0.0) {
        hr_overcommit_demote(&s);
    }
    if (binding) {
        hr_overcommit_throttle(&s);
    }
    out->pressed = binding || unsettled || limited || s.tier_mibps > 0.0;
    if (out->pressed) {
        out->next_s = next_change_s(&s);
    } else {
        watch_filling(&s);
    }
}

const struct hr_memory_policy hr_memory_overcommit = {
    .name = "overcommit",
    .fields = FIELDS,
    .n_params_bytes = sizeof(struct hr_overcommit_params),
    .backs_on_touch = true,
    .fault = fault,
    .rules = rules,
    .min_free_mib = hr_overcommit_min_free_mib,
    .pinned_mib = pinned_mib,
    .admit = admit,
    .needs_now_mib = needs_now_mib,
    .start_mib = start_mib,
    .settle = hr_overcommit_settle,
    .solve = solve,
};
