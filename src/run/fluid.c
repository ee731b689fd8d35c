/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between two events every quantity moves at a constant rate until it reaches its stop; what is
 * exponential (renewal of the working set, fault-back, the estimate of active memory) is
 * advanced by its closed form or an implicit step, so that a long quiet step is as right as a
 * short one. */
#include <math.h>

#include "base/real.h"
#include "base/units.h"
#include "run/world.h"

#include "base/hot.h"

static const double SEEN_RISE_S = 15.0;
static const double SEEN_FALL_S = 120.0;

static double toward(double x, double rate, double stop, double dt_s)
{
    double moved = x + rate * dt_s;
    if (rate >= 0.0) {
        return x >= stop ? x : hr_min(moved, stop);
    }
    return x <= stop ? x : hr_max(moved, stop);
}

/* Two pools: hot pages fault back at kf per second, and the working set renews itself:
 * d hot/dt = (a·(hot + cold) - hot)/T_ws - kf·hot, the renewal taken from cold. One implicit
 * Euler step: stable and positive for any dt. Returns: MiB that came back. */
static double advance_pools(double *hot, double *cold, double a, double kf, double t_ws_s,
                            double dt_s)
{
    double all = *hot + *cold;
    if (all <= 0.0) {
        return 0.0;
    }
    double k = 1.0 / t_ws_s;
    double new_hot =
        (*hot + dt_s * k * a * all) / (1.0 + dt_s * (k + kf) + dt_s * dt_s * k * a * kf);
    double back = hr_min(all, dt_s * kf * new_hot);
    new_hot = hr_min(new_hot, all - back);
    *hot = new_hot;
    *cold = hr_max(0.0, all - back - new_hot);
    return back;
}

/* Pages taken from a guest: how many of x are hot. */
static double hot_part(const struct hr_world *w, uint32_t g, double x)
{
    const struct hr_guest_table *t = w->t;
    double resident = w->pages[g].resident;
    struct hr_paging paging;
    hr_paging_of(t, g, &paging);
    double hot = hr_max(0.0, t->active_mib[g] - t->swap_hot_mib[g] - t->zip_hot_mib[g] -
                                 t->tier_hot_mib[g] - paging.over);
    if (w->rules.swaps_cold_first) {
        return hr_max(0.0, x - hr_max(0.0, resident - hot));
    }
    /* The host picks pages at random: hot ones by their share of what is resident. */
    return x * hr_min(1.0, hot / resident);
}

/* Returns: MiB taken. */
static double swap_out(struct hr_world *w, uint32_t g, double dt_s)
{
    struct hr_guest_table *t = w->t;
    const struct hr_guest_decision *d = &w->decision[g];
    double zip = d->zip_mibps * dt_s;
    double swap = d->swap_mibps * dt_s;
    double resident = w->pages[g].resident;
    double picked = zip + swap;
    if (picked <= 0.0 || resident <= 0.0) {
        return 0.0;
    }
    double fits = hr_min(1.0, resident / picked);
    double hot_frac = hot_part(w, g, fits * picked) / (fits * picked);
    t->zip_hot_mib[g] += fits * zip * hot_frac;
    t->zip_cold_mib[g] += fits * zip * (1.0 - hot_frac);
    t->swap_hot_mib[g] += fits * swap * hot_frac;
    t->swap_cold_mib[g] += fits * swap * (1.0 - hot_frac);
    return fits * picked;
}

/* The second tier takes what was not touched for longest: hot pages only when nothing else is
 * resident. Returns: MiB taken. */
static double tier_out(struct hr_world *w, uint32_t g, double dt_s)
{
    struct hr_guest_table *t = w->t;
    double resident = hr_max(0.0, w->pages[g].resident - w->pages[g].saved);
    double x = hr_min(w->decision[g].tier_mibps * dt_s, resident);
    if (x <= 0.0) {
        return 0.0;
    }
    double hot = hr_max(0.0, t->active_mib[g] - t->swap_hot_mib[g] - t->zip_hot_mib[g] -
                                 t->tier_hot_mib[g]);
    double hot_taken = hr_max(0.0, x - hr_max(0.0, resident - hot));
    t->tier_hot_mib[g] += hot_taken;
    t->tier_cold_mib[g] += x - hot_taken;
    return x;
}

/* When the compression cache is over its cap the oldest pages go to swap, cold ones first. */
static void spill_cache(struct hr_world *w, uint32_t g)
{
    struct hr_guest_table *t = w->t;
    double cap =
        2.0 * w->rules.compression_cap_frac * hr_min(t->size_mib[g], w->decision[g].target_mib);
    double over = hr_guest_zipped_mib(t, g) - cap;
    if (over <= 0.0) {
        return;
    }
    double cold = hr_min(over, t->zip_cold_mib[g]);
    double hot = hr_min(over - cold, t->zip_hot_mib[g]);
    t->zip_cold_mib[g] -= cold;
    t->zip_hot_mib[g] -= hot;
    t->swap_cold_mib[g] += cold;
    t->swap_hot_mib[g] += hot;
}

/* Large pages broken since the boot stay broken; without large pages all are small. */
static void advance_sharing(struct hr_world *w, uint32_t g, double dt_s)
{
    struct hr_guest_table *t = w->t;
    const struct hr_guest_decision *d = &w->decision[g];
    t->small_mib[g] = w->rules.large_pages
                          ? hr_min(t->touched_mib[g], t->small_mib[g] + d->break_mibps * dt_s)
                          : t->touched_mib[g];
    t->shared_scan_mib[g] = toward(t->shared_scan_mib[g], d->share_mibps + d->scan_mibps,
                                   w->pages[g].scan_potential, dt_s);
}

/* A stretch of time, and what follows from its length alone. */
struct stretch {
    double dt_s;
    double seen_rise, seen_fall; /* shares by which the estimate of active memory closes in */
};

static struct stretch stretch_of(double dt_s)
{
    return (struct stretch){.dt_s = dt_s,
                            .seen_rise = -expm1(-dt_s / SEEN_RISE_S),
                            .seen_fall = -expm1(-dt_s / SEEN_FALL_S)};
}

/* Smart paging: what lies on disk comes back as room is made for it; as the working set is
 * renewed, its pages are met there like any others. What a balloon takes is taken from there
 * first. */
static void advance_paged(struct hr_world *w, uint32_t g, double given_up_mib, double dt_s)
{
    struct hr_guest_table *t = w->t;
    double all = hr_min(hr_guest_swapped_mib(t, g) - given_up_mib, t->assigned_mib[g]);
    if (all <= 0.0) {
        t->swap_hot_mib[g] = t->swap_cold_mib[g] = 0.0;
        return;
    }
    all = hr_max(0.0, all - w->decision[g].page_in_mibps * dt_s);
    double hot_frac = hr_min(1.0, t->active_mib[g] / hr_max(1.0, t->assigned_mib[g]));
    t->swap_hot_mib[g] = all * hot_frac;
    t->swap_cold_mib[g] = all * (1.0 - hot_frac);
    w->smart_max_mib[g] = hr_max(w->smart_max_mib[g], all);
}

static double out_mib(const struct hr_guest_table *t, uint32_t g)
{
    return hr_guest_swapped_mib(t, g) + hr_guest_zipped_mib(t, g) + hr_guest_tiered_mib(t, g);
}

/* Pages on the host: only where it backs them on touch. */
static void advance_backed(struct hr_world *w, uint32_t g, const struct stretch *stretch)
{
    double dt_s = stretch->dt_s;
    struct hr_guest_table *t = w->t;
    const struct hr_guest_decision *d = &w->decision[g];
    t->ballooned_mib[g] =
        toward(t->ballooned_mib[g], d->balloon_mibps, d->balloon_stop_mib, dt_s);
    t->touched_mib[g] = hr_min(t->size_mib[g], t->touched_mib[g] + w->flow[g].touch_mibps *
                                                                       d->alloc_scale * dt_s);
    double out_before = out_mib(t, g);
    double taken = swap_out(w, g, dt_s) + tier_out(w, g, dt_s);
    double share =
        hr_min(1.0, t->active_mib[g] / hr_max(1.0, t->touched_mib[g] - t->ballooned_mib[g]));
    double kf = t->progress[g] / HR_ACTIVE_WINDOW_S;
    double t_ws = t->traits[g].working_set_s;
    double back =
        advance_pools(&t->swap_hot_mib[g], &t->swap_cold_mib[g], share, kf, t_ws, dt_s) +
        advance_pools(&t->zip_hot_mib[g], &t->zip_cold_mib[g], share, kf, t_ws, dt_s);
    if (w->rules.tier_frac > 0.0) {
        back += advance_pools(&t->tier_hot_mib[g], &t->tier_cold_mib[g], share, kf, t_ws, dt_s);
    }
    spill_cache(w, g);
    /* What went out and came back is what changed: no page is lost or made. */
    hr_assert_at(&w->where, fabs(out_mib(t, g) - (out_before + taken - back)) <=
                                1e-9 * (out_before + taken) + 1e-6);
    advance_sharing(w, g, dt_s);
    double gap = hr_min(t->active_mib[g], hr_guest_usable_mib(t, g)) - t->active_seen_mib[g];
    t->active_seen_mib[g] += gap * (gap > 0.0 ? stretch->seen_rise : stretch->seen_fall);
}

/* Of pages that are out, no more than are left: those that the balloon took were not out. */
static void drop_ballooned(struct hr_guest_table *t, uint32_t g)
{
    double left = hr_max(0.0, t->touched_mib[g] - t->ballooned_mib[g]);
    double out = out_mib(t, g);
    if (out > left) {
        double keep = left / out;
        t->swap_hot_mib[g] *= keep;
        t->swap_cold_mib[g] *= keep;
        t->zip_hot_mib[g] *= keep;
        t->zip_cold_mib[g] *= keep;
        t->tier_hot_mib[g] *= keep;
        t->tier_cold_mib[g] *= keep;
    }
}

/* What the guest freed goes back to the host, where it says so (free page reporting). */
static void report_free(struct hr_world *w, uint32_t g, double dt_s)
{
    struct hr_guest_table *t = w->t;
    double idle = t->touched_mib[g] - t->ballooned_mib[g] - hr_guest_used_mib(t, g);
    if (w->rules.reporting_s > 0.0 && idle > 0.0) {
        t->touched_mib[g] += idle * expm1(-dt_s / w->rules.reporting_s);
    }
}

static void advance_guest(struct hr_world *w, uint32_t g, const struct stretch *stretch)
{
    double dt_s = stretch->dt_s;
    struct hr_guest_table *t = w->t;
    const struct hr_guest_decision *d = &w->decision[g];
    const struct hr_flow *flow = &w->flow[g];
    double assigned = t->assigned_mib[g];
    t->assigned_mib[g] = toward(assigned, d->assign_mibps, d->assign_stop_mib, dt_s);
    if (t->backs_on_touch) {
        advance_backed(w, g, stretch);
    } else if (hr_guest_swapped_mib(t, g) > 0.0) {
        advance_paged(w, g, hr_max(0.0, assigned - t->assigned_mib[g]), dt_s);
    }
    double usable = hr_max(0.0, hr_guest_usable_mib(t, g));
    double commit_stop = hr_min(t->commit_mib[g], usable);
    double cache_stop = hr_min(t->cache_mib[g], usable - commit_stop);
    /* Up at a rate, down at once. */
    t->used_commit_mib[g] =
        hr_min(commit_stop, t->used_commit_mib[g] + flow->commit_mibps * d->alloc_scale * dt_s);
    t->used_cache_mib[g] =
        hr_min(cache_stop, t->used_cache_mib[g] + flow->cache_mibps * d->alloc_scale * dt_s);
    if (t->backs_on_touch) {
        t->touched_mib[g] =
            hr_min(t->size_mib[g],
                   hr_max(t->touched_mib[g], hr_guest_used_mib(t, g) + t->ballooned_mib[g]));
        report_free(w, g, dt_s);
        drop_ballooned(t, g);
        t->small_mib[g] = hr_min(t->small_mib[g], t->touched_mib[g]);
    }
}

void hr_host_advance(struct hr_world *w, uint32_t h, int64_t t_us)
{
    struct hr_host *host = &w->hosts[h];
    host->io_is_fresh = false;
    int64_t from_us = host->last_us;
    if (t_us <= from_us) {
        return;
    }
    double dt_s = hr_us_to_s(t_us - from_us);
    double start[HR_SERIES__COUNT];
    double end[HR_SERIES__COUNT];
    if (host->series != NULL) {
        hr_record_levels(w, h, start);
    }
    double free_start = host->free_mib;
    struct stretch stretch = stretch_of(dt_s);
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        hr_record_guest(w, g, dt_s);
        advance_guest(w, g, &stretch);
    }
    host->last_us = t_us;
    hr_pages_refresh(w, h);
    hr_record_peaks(w, h);
    struct hr_host_view view = hr_host_view_of(w, h);
    view.starting_mib = 0.0;
    host->free_mib = hr_max(0.0, hr_host_free_mib(&view));
    if (host->up) {
        double used = host->physical_mib - 0.5 * (free_start + host->free_mib);
        host->used_mib_s += used * dt_s;
        host->cpu_mhz_s += host->cpu_mhz * dt_s;
        host->up_s += dt_s;
        host->result.state_s[host->state] += dt_s;
        host->result.free_min_mib = hr_min(host->result.free_min_mib, host->free_mib);
    }
    if (host->series != NULL) {
        hr_record_levels(w, h, end);
        hr_record_host(w, h, from_us, t_us, start, end);
    }
}
