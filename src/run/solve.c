/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host looks at its guests' pages and flows, asks the policy, and works out how much they
 * wait. */
#include <math.h>

#include "base/real.h"
#include "base/units.h"
#include "run/world.h"

#include "base/hot.h"

static const double TOLERANCE_MIB = 1e-3;
static const double CLOSE_MIB = 0.01; /* what rounding may add up to */

struct hr_host_view hr_host_view_of(const struct hr_world *w, uint32_t h)
{
    const struct hr_host *host = &w->hosts[h];
    return (struct hr_host_view){
        .guests = w->t,
        .ids = host->ids,
        .n = host->n,
        .sharers = w->sharers,
        .pages = w->pages,
        .flow = w->flow,
        .physical_mib = host->physical_mib,
        .hypervisor_mib = host->hypervisor_mib,
        .capacity_ghz = host->capacity_mhz / 1000.0,
        .starting_mib = host->starting_mib,
        .reclaim_mibps = hr_pool_reclaim_mibps(w),
        .step_s = hr_max(1.0, hr_us_to_s(w->next_tick_us - w->now_us)),
        .now_s = hr_us_to_s(w->now_us),
        .state = host->state,
        .memo = host->memo,
        .rules = &w->rules,
        .params = w->platform->params,
    };
}

void hr_pages_refresh(struct hr_world *w, uint32_t h)
{
    const struct hr_host *host = &w->hosts[h];
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        hr_pages_of(w->t, g, &w->rules, &w->sharers[g], &w->pages[g]);
        /* What is no longer shareable is no longer shared. */
        w->t->shared_scan_mib[g] = hr_min(w->t->shared_scan_mib[g], w->pages[g].scan_potential);
    }
}

/* What a guest's memory does of its own accord at its present progress. */
static void flow_of(const struct hr_world *w, uint32_t g, struct hr_flow *out)
{
    const struct hr_guest_table *t = w->t;
    const struct hr_guest_traits *traits = &t->traits[g];
    double usable = hr_guest_usable_mib(t, g);
    double commit_room = hr_min(t->commit_mib[g], usable) - t->used_commit_mib[g];
    double cache_room = hr_min(t->cache_mib[g], usable - hr_min(t->commit_mib[g], usable)) -
                        t->used_cache_mib[g];
    *out = (struct hr_flow){
        .commit_mibps = commit_room > TOLERANCE_MIB ? HR_ALLOC_MIBPS : 0.0,
        .cache_mibps = cache_room > TOLERANCE_MIB ? HR_FILL_MIBPS : 0.0,
    };
    if (!t->backs_on_touch) {
        return;
    }
    const struct hr_pages *pages = &w->pages[g];
    double size = t->size_mib[g];
    double untouched = hr_max(0.0, size - t->touched_mib[g]);
    bool booting = t->power[g] == HR_GUEST_BOOTING;
    if (untouched > TOLERANCE_MIB) {
        out->touch_mibps = booting && traits->boot_zeroes_memory ? size / traits->boot_s
                                                                 : untouched / traits->churn_s;
    }
    /* What it takes beyond its free pages is touched as it is used; that it stops when it has
     * what it wants is seen to as time advances. */
    double grows = out->commit_mibps + out->cache_mibps;
    double touches = out->touch_mibps;
    if (pages->free_touched <= TOLERANCE_MIB) {
        touches = hr_max(touches, untouched > 0.0 ? grows : 0.0);
    }
    /* What it would fault in unthrottled: the throttle is decided by it, and would chase
     * itself. */
    double progress = hr_min(1.0, t->progress[g] * hr_max(1.0, w->decision[g].throttle));
    out->fault_swap_mibps = progress * t->swap_hot_mib[g] / HR_ACTIVE_WINDOW_S;
    out->fault_zip_mibps = progress * t->zip_hot_mib[g] / HR_ACTIVE_WINDOW_S;
    out->fault_tier_mibps = progress * t->tier_hot_mib[g] / HR_ACTIVE_WINDOW_S;
    double zero_change = 0.0;
    if (w->rules.sharing != HR_SHARING_OFF) {
        zero_change =
            traits->zero_free_frac * (touches - grows) + traits->zero_used_frac * grows;
        if (!w->rules.zero_at_once) {
            zero_change = hr_min(0.0, zero_change);
        }
    }
    out->rise_mibps = hr_max(0.0, touches - zero_change + out->fault_swap_mibps +
                                      out->fault_tier_mibps + out->fault_zip_mibps / 2.0);
    double up_s = hr_us_to_s(w->now_us - t->since_us[g]);
    out->balloon_runs = up_s >= w->rules.tools_delay_s;
}

/* What is compressed goes to swap. */
static void spill_caches(struct hr_world *w, const struct hr_host *host)
{
    struct hr_guest_table *t = w->t;
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        t->swap_hot_mib[g] += t->zip_hot_mib[g];
        t->swap_cold_mib[g] += t->zip_cold_mib[g];
        t->zip_hot_mib[g] = 0.0;
        t->zip_cold_mib[g] = 0.0;
    }
}

/* What the second tier can still take from this host's guests. */
static double tier_room_mib(const struct hr_world *w, const struct hr_host *host)
{
    double room = w->rules.tier_frac * host->physical_mib;
    for (uint32_t i = 0; i < host->n; i++) {
        room -= hr_guest_tiered_mib(w->t, host->ids[i]);
    }
    return hr_max(0.0, room);
}

static double swap_room_mib(const struct hr_world *w, const struct hr_host *host)
{
    double room = w->rules.swap_space_mib;
    for (uint32_t i = 0; i < host->n; i++) {
        room -= hr_guest_swapped_mib(w->t, host->ids[i]);
    }
    return hr_max(0.0, room);
}

/* What a guest holds unshared, beyond its reservation where that is kept. */
static double takeable_mib(const struct hr_world *w, uint32_t g)
{
    double unshared = hr_max(0.0, w->pages[g].resident - w->pages[g].saved);
    return w->rules.keeps_reservations ? hr_max(0.0, unshared - w->t->reservation_mib[g])
                                       : unshared;
}

/* Free memory has run out between two looks: what is missing goes to the second tier while it
 * has room, else to swap, at once, from those who hold most. Keeps the host's books balanced;
 * the price is paid as host swap. */
static void reclaim_at_once(struct hr_world *w, uint32_t h, double missing_mib)
{
    struct hr_host *host = &w->hosts[h];
    host->io_is_fresh = false;
    double takeable = 0.0;
    for (uint32_t i = 0; i < host->n; i++) {
        takeable += takeable_mib(w, host->ids[i]);
    }
    if (missing_mib > takeable) { /* a host that is next to all overhead */
        spill_caches(w, host);
        missing_mib = takeable;
    }
    if (w->rules.swap_is_bounded) {
        missing_mib = hr_min(missing_mib, swap_room_mib(w, host) + 0.01);
    }
    double tier_frac =
        missing_mib > 0.0 ? hr_min(1.0, tier_room_mib(w, host) / missing_mib) : 0.0;
    for (uint32_t i = 0; i < host->n && takeable > 0.0; i++) {
        uint32_t g = host->ids[i];
        double x = missing_mib * takeable_mib(w, g) / takeable;
        double hot_frac = hr_min(1.0, w->t->active_mib[g] / hr_max(1.0, w->t->touched_mib[g]));
        w->t->tier_hot_mib[g] += x * tier_frac * hot_frac;
        w->t->tier_cold_mib[g] += x * tier_frac * (1.0 - hot_frac);
        w->t->swap_hot_mib[g] += x * (1.0 - tier_frac) * hot_frac;
        w->t->swap_cold_mib[g] += x * (1.0 - tier_frac) * (1.0 - hot_frac);
    }
    hr_pages_refresh(w, h);
}

/* No quantity is negative, none is beyond its bounds. */
static void check_guest(const struct hr_world *w, uint32_t h, uint32_t g)
{
    const struct hr_guest_table *t = w->t;
    const struct hr_guest_traits *traits = &t->traits[g];
    const struct hr_pages *pages = &w->pages[g];
    hr_assert_at(&w->where, t->host[g] == h);
    hr_assert_at(&w->where, t->ballooned_mib[g] >= 0.0 && t->swap_hot_mib[g] >= 0.0 &&
                                t->swap_cold_mib[g] >= 0.0 && t->zip_hot_mib[g] >= 0.0 &&
                                t->zip_cold_mib[g] >= 0.0 && t->tier_hot_mib[g] >= 0.0 &&
                                t->tier_cold_mib[g] >= 0.0 && t->shared_scan_mib[g] >= 0.0);
    hr_assert_at(&w->where, t->used_commit_mib[g] >= 0.0 && t->used_cache_mib[g] >= 0.0);
    hr_assert_at(&w->where, pages->resident >= 0.0 && pages->consumed >= -CLOSE_MIB &&
                                pages->saved <= pages->resident + CLOSE_MIB);
    hr_assert_at(&w->where, t->assigned_mib[g] <= traits->maximum_mib + CLOSE_MIB);
    if (!t->backs_on_touch) {
        hr_assert_at(&w->where, t->assigned_mib[g] >= traits->minimum_mib - CLOSE_MIB ||
                                    t->power[g] == HR_GUEST_BOOTING);
        return;
    }
    /* A guest's pages are in one place each. */
    double placed = pages->resident + t->ballooned_mib[g] + hr_guest_swapped_mib(t, g) +
                    hr_guest_zipped_mib(t, g) + hr_guest_tiered_mib(t, g);
    hr_assert_at(&w->where, t->touched_mib[g] <= t->size_mib[g] + CLOSE_MIB);
    hr_assert_at(&w->where, fabs(placed - t->touched_mib[g]) <= 1e-6 * placed + CLOSE_MIB);
    hr_assert_at(&w->where, hr_guest_used_mib(t, g) + t->ballooned_mib[g] <=
                                t->touched_mib[g] + CLOSE_MIB);
    hr_assert_at(&w->where, t->small_mib[g] <= t->touched_mib[g] + CLOSE_MIB);
    hr_assert_at(&w->where,
                 t->ballooned_mib[g] <= w->rules.balloon_max_frac * t->size_mib[g] + CLOSE_MIB);
}

/* What guests hold, overhead and free memory make up the host. */
static void check_books(const struct hr_world *w, uint32_t h, double free_mib)
{
    const struct hr_host *host = &w->hosts[h];
    hr_assert_at(&w->where, free_mib > -1.0 && free_mib <= host->physical_mib);
    double tiered = 0.0;
    double swapped = 0.0;
    for (uint32_t i = 0; i < host->n; i++) {
        check_guest(w, h, host->ids[i]);
        swapped += hr_guest_swapped_mib(w->t, host->ids[i]);
        tiered += hr_guest_tiered_mib(w->t, host->ids[i]);
    }
    hr_assert_at(&w->where, tiered <= w->rules.tier_frac * host->physical_mib + 1.0);
    hr_assert_at(&w->where,
                 !w->rules.swap_is_bounded || swapped <= w->rules.swap_space_mib + 1.0);
}

/* Free memory has run out and so has the space of the host's swap: its largest guest goes. */
static void kill_if_full(struct hr_world *w, uint32_t h)
{
    const struct hr_host *host = &w->hosts[h];
    double swapped = 0.0;
    uint32_t largest = HR_NO_HOST;
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        swapped += hr_guest_swapped_mib(w->t, g);
        if (largest == HR_NO_HOST || w->pages[g].consumed > w->pages[largest].consumed) {
            largest = g;
        }
    }
    if (w->rules.swap_is_bounded && swapped >= w->rules.swap_space_mib &&
        largest != HR_NO_HOST) {
        hr_kill(w, largest);
    }
}

static double free_now(struct hr_world *w, uint32_t h)
{
    struct hr_host_view view = hr_host_view_of(w, h);
    view.starting_mib = 0.0;
    double free_mib = hr_host_free_mib(&view);
    /* Swapping a guest's pages also ends the sharing of some: more than one pass may be needed,
     * and hundreds where next to all of a host full of shared pages must go. */
    for (int pass = 0; free_mib < 0.0 && w->policy->backs_on_touch && pass < 2000; pass++) {
        kill_if_full(w, h);
        view = hr_host_view_of(w, h);
        view.starting_mib = 0.0;
        free_mib = hr_host_free_mib(&view);
        if (free_mib < 0.0) {
            reclaim_at_once(w, h, -free_mib * 1.05 + 0.01);
            free_mib = hr_host_free_mib(&view);
        }
    }
    return free_mib;
}

void hr_host_close_books(struct hr_world *w, uint32_t h)
{
    struct hr_host *host = &w->hosts[h];
    host->free_mib = free_now(w, h);
    check_books(w, h, host->free_mib);
}

static void note_firsts(struct hr_world *w, uint32_t h)
{
    struct hr_host *host = &w->hosts[h];
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        if (!host->noted_swap && w->decision[g].swap_mibps > 0.0) {
            host->noted_swap = true;
            hr_world_note(w, HR_NOTED_FIRST_SWAP, h, g);
        }
        if (!host->noted_balloon && w->decision[g].balloon_mibps > 0.0) {
            host->noted_balloon = true;
            hr_world_note(w, HR_NOTED_FIRST_BALLOON, h, g);
        }
    }
    if (!host->noted_low && host->state == HR_STATE_LOW) {
        host->noted_low = true;
        hr_world_note(w, HR_NOTED_FIRST_LOW_STATE, h, UINT32_MAX);
    }
}

/* Nobody is told to give up what he reserved. */
static void check_decision(const struct hr_world *w, const struct hr_host *host)
{
    for (uint32_t i = 0; i < host->n && w->rules.keeps_reservations; i++) {
        uint32_t g = host->ids[i];
        const struct hr_guest_decision *d = &w->decision[g];
        double taken = d->zip_mibps + d->swap_mibps + hr_max(0.0, d->balloon_mibps);
        double held = w->pages[g].consumed + hr_guest_tiered_mib(w->t, g);
        hr_assert_at(&w->where, taken <= 1e-9 || held >= w->t->reservation_mib[g] - CLOSE_MIB);
    }
}

void hr_host_solve(struct hr_world *w, uint32_t h)
{
    struct hr_host *host = &w->hosts[h];
    w->n_solves++;
    hr_host_close_books(w, h);
    for (uint32_t i = 0; i < host->n; i++) {
        flow_of(w, host->ids[i], &w->flow[host->ids[i]]);
    }
    struct hr_host_view view = hr_host_view_of(w, h);
    struct hr_decision decision = {.guests = w->decision};
    w->policy->solve(&view, &decision);
    check_decision(w, host);
    host->state = decision.state;
    host->memo = decision.memo;
    if ((uint32_t)host->state > host->result.state_worst) {
        host->result.state_worst = (uint32_t)host->state;
    }
    note_firsts(w, h);
    if (decision.kill != HR_NO_HOST) {
        hr_kill(w, decision.kill);
        decision.pressed = true;
        decision.next_s = 1.0;
    }
    hr_host_waits(w, h);
    (void)hr_queue_cancel(w->queue, host->review);
    host->review = HR_QUEUE_NO_EVENT;
    int64_t next_us = w->now_us + hr_s_to_us(hr_max(1.0, decision.next_s));
    if (decision.pressed && next_us < w->next_tick_us) {
        struct hr_event event = {.t_us = next_us, .subject = h, .kind = HR_EVENT_REVIEW};
        host->review = hr_queue_push(w->queue, &event);
    }
}

/* The scanner has been round often. Large pages were broken if memory was ever short. */
static void settle_sharing(struct hr_world *w, uint32_t h)
{
    struct hr_host *host = &w->hosts[h];
    hr_pages_refresh(w, h);
    if (w->rules.large_pages) {
        struct hr_host_view view = hr_host_view_of(w, h);
        bool broken = hr_host_free_mib(&view) < w->rules.large_below_frac * host->min_free_mib;
        for (uint32_t i = 0; i < host->n; i++) {
            w->t->small_mib[host->ids[i]] = broken ? w->t->touched_mib[host->ids[i]] : 0.0;
        }
        hr_pages_refresh(w, h);
    }
    for (uint32_t i = 0; i < host->n; i++) {
        w->t->shared_scan_mib[host->ids[i]] = w->pages[host->ids[i]].scan_potential;
    }
    hr_pages_refresh(w, h);
}

void hr_settle(struct hr_world *w)
{
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        const struct hr_host *host = &w->hosts[h];
        for (uint32_t i = 0; i < host->n; i++) {
            uint32_t g = host->ids[i];
            struct hr_guest_table *t = w->t;
            double size = t->size_mib[g];
            t->touched_mib[g] = t->backs_on_touch ? size : 0.0;
            t->small_mib[g] = w->rules.large_pages ? 0.0 : t->touched_mib[g];
            t->used_commit_mib[g] = hr_min(t->commit_mib[g], size);
            t->used_cache_mib[g] = hr_min(t->cache_mib[g], size - t->used_commit_mib[g]);
            t->active_seen_mib[g] = t->active_mib[g];
            t->seen_mib[g] = t->assigned_mib[g];
        }
        settle_sharing(w, h);
        struct hr_host_view view = hr_host_view_of(w, h);
        struct hr_decision scratch = {.guests = w->decision};
        w->policy->settle(&view, w->t, &scratch);
        for (uint32_t i = 0; i < host->n; i++) {
            uint32_t g = host->ids[i];
            double usable = hr_guest_usable_mib(w->t, g);
            w->t->used_commit_mib[g] = hr_min(w->t->used_commit_mib[g], usable);
            w->t->used_cache_mib[g] =
                hr_min(w->t->used_cache_mib[g], usable - w->t->used_commit_mib[g]);
        }
        hr_pages_refresh(w, h);
    }
}
