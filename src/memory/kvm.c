/* SPDX-License-Identifier: GPL-3.0-or-later */
/* KVM with same-page merging and automatic ballooning, Proxmox VE style (model.md §5): pages
 * are backed when touched; above a share of the host's memory equal pages are merged and guests
 * that may shrink are ballooned by shares; then the host swaps what was not touched for
 * longest, and when swap is full too it ends the guest that holds most.
 *
 * Invariants: no balloon beyond what leaves the guest its minimum; host swap never exceeds its
 * space; merged pages stay merged when merging stops. */
#include "memory/kvm.h"

#include <math.h>

#include "base/real.h"
#include "base/units.h"
#include "memory/cold.h"
#include "memory/fill.h"

#include "base/hot.h"

#define KVM struct hr_kvm_params
static const struct hr_field FIELDS[] = {
    HR_FIELD_OF(KVM, merging, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(KVM, merge_above_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(KVM, merge_below_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(KVM, scan_pages_per_s, HR_REQUIRED, 1, 1e7),
    HR_FIELD_OF(KVM, ballooning, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(KVM, balloon_goal_frac, HR_REQUIRED, 0.1, 1),
    HR_FIELD_NUMBER(KVM, balloon_period_s, HR_REQUIRED, 1, 3600),
    HR_FIELD_NUMBER(KVM, balloon_step_mib, HR_REQUIRED, 1, 1e6),
    HR_FIELD_NUMBER(KVM, tools_delay_s, HR_REQUIRED, 0, 86400),
    HR_FIELD_NUMBER(KVM, reporting_s, HR_OPTIONAL, 0, 86400),
    HR_FIELD_NUMBER(KVM, swap_above_frac, HR_REQUIRED, 0.5, 1),
    HR_FIELD_NUMBER(KVM, swap_space_mib, HR_REQUIRED, 0, 1e8),
    HR_FIELD_NUMBER(KVM, kill_below_frac, HR_REQUIRED, 0, 0.1),
    {.key = NULL},
};

/* What the policy remembers of a host: since when its pages are scanned; negative: they are
 * not. */
enum { MEMO_SCANNING_SINCE_S };

static const double LITTLE_MIB = 0.5;
static const double RESPONSE_S = 15.0;
static const double SHORTEST_STEP_S = 1.0;

struct situation {
    const struct hr_host_view *view;
    const struct hr_kvm_params *params;
    struct hr_decision *out;
    double used_mib;      /* of the host's physical memory */
    double inflow_mibps;  /* taken by guests of their own accord */
    double reclaim_mibps; /* given back by what was decided so far */
    double swap_mibps;
    double space_left_mib; /* in host swap */
};

static const struct hr_kvm_params *params_of(const struct hr_host_view *view)
{
    return view->params;
}

static const char *fault(const void *params)
{
    const struct hr_kvm_params *p = params;
    return p->merge_below_frac > p->merge_above_frac
               ? "'merge_below_frac' is above 'merge_above_frac'"
               : NULL;
}

static void rules(const void *params, struct hr_memory_rules *out)
{
    const struct hr_kvm_params *p = params;
    *out = (struct hr_memory_rules){
        .sharing = p->merging ? HR_SHARING_INTER_GUEST : HR_SHARING_OFF,
        .balloon_max_frac = 1.0,
        .tools_delay_s = p->tools_delay_s,
        .swaps_cold_first = true,
        .swap_is_bounded = true,
        .swap_space_mib = p->swap_space_mib,
        .reporting_s = p->reporting_s,
        .has_minimum = true,
        .weight = 5000.0,
    };
}

static double pinned_mib(const struct hr_start_spec *spec)
{
    return spec->overhead_mib;
}

/* The host starts what it is told to start while it has memory and swap for what is there. What
 * it spends on a guest itself cannot be swapped. */
static enum hr_admit admit(const struct hr_host_view *view, const struct hr_start_spec *spec,
                           double *short_mib)
{
    double swapped = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        swapped += hr_guest_swapped_mib(view->guests, view->ids[i]);
    }
    double room =
        hr_host_free_mib(view) + hr_max(0.0, params_of(view)->swap_space_mib - swapped);
    room = hr_min(room, view->physical_mib - view->hypervisor_mib - view->starting_mib -
                            hr_host_overhead_mib(view));
    double missing = spec->overhead_mib - room;
    *short_mib = missing > 0.0 ? missing : 0.0;
    return missing > 0.0 ? HR_ADMIT_NO_MEMORY : HR_ADMIT_OK;
}

static double needs_now_mib(const struct hr_host_view *view, const struct hr_start_spec *spec)
{
    (void)view;
    (void)spec;
    return 0.0; /* backed when touched */
}

static double start_mib(const struct hr_start_spec *spec)
{
    return spec->size_mib;
}

static double used_mib(const struct hr_host_view *view)
{
    return view->physical_mib - hr_host_free_mib(view) - view->starting_mib;
}

/* ---- same-page merging ------------------------------------------------------------------- */

static double backed_mib(const struct hr_host_view *view)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        sum += view->pages[view->ids[i]].resident;
    }
    return sum;
}

/* A page is merged when it was found unchanged on a second pass: nothing in the first one. */
static void merge(struct situation *s)
{
    const struct hr_host_view *view = s->view;
    const struct hr_kvm_params *p = s->params;
    double *since_s = &s->out->memo.value[MEMO_SCANNING_SINCE_S];
    bool scans = view->memo.value[MEMO_SCANNING_SINCE_S] > 0.0;
    double used_frac = s->used_mib / view->physical_mib;
    if (!p->merging || used_frac < (scans ? p->merge_below_frac : p->merge_above_frac)) {
        *since_s = 0.0;
        return;
    }
    if (!scans) {
        *since_s = view->now_s + 1.0; /* 0 means never */
    }
    double backed = hr_max(1.0, backed_mib(view));
    double passes_per_s = p->scan_pages_per_s / HR_PAGES_PER_MIB / backed;
    if ((view->now_s + 1.0 - *since_s) * passes_per_s < 1.0) {
        return;
    }
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        s->out->guests[g].scan_mibps = passes_per_s * view->pages[g].scan_most;
    }
}

/* ---- ballooning -------------------------------------------------------------------------- */

/* What a guest holds when it may have its minimum and so much for each of its shares. */
static double allowed_mib(const struct hr_host_view *view, uint32_t g, double lambda)
{
    const struct hr_guest_traits *traits = &view->guests->traits[g];
    return hr_min(traits->maximum_mib, traits->minimum_mib + lambda * view->guests->shares[g]);
}

static double held_sum(const void *context, double lambda, double *slope)
{
    const struct hr_host_view *view = context;
    double sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double held = view->pages[g].consumed;
        double allowed = allowed_mib(view, g, lambda);
        if (allowed < held) {
            sum += allowed;
            *slope +=
                allowed < view->guests->traits[g].maximum_mib ? view->guests->shares[g] : 0.0;
        } else {
            sum += held;
        }
    }
    return sum;
}

static double most_lambda(const struct hr_host_view *view)
{
    double most = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        const struct hr_guest_traits *traits = &view->guests->traits[g];
        most = hr_max(most, (traits->maximum_mib - traits->minimum_mib) /
                                hr_max(1e-9, view->guests->shares[g]));
    }
    return most;
}

static void move_balloon(struct situation *s, uint32_t g, double stop_mib)
{
    const struct hr_kvm_params *p = s->params;
    const struct hr_host_view *view = s->view;
    struct hr_guest_decision *d = &s->out->guests[g];
    double now = view->guests->ballooned_mib[g];
    if (fabs(stop_mib - now) <= LITTLE_MIB || !view->flow[g].balloon_runs) {
        return;
    }
    double rate = p->balloon_step_mib / p->balloon_period_s;
    d->balloon_stop_mib = stop_mib;
    d->balloon_mibps = stop_mib > now ? rate : -rate;
    if (stop_mib > now) {
        s->reclaim_mibps += rate * view->pages[g].freed_per_ballooned;
    } else {
        s->inflow_mibps += rate;
    }
}

/* Toward the goal: what is above it is taken from those that may shrink, by shares; below it
 * all may grow, as far as the goal leaves room. */
static void balloon(struct situation *s)
{
    const struct hr_host_view *view = s->view;
    double goal = s->params->balloon_goal_frac * view->physical_mib;
    double room = goal - s->used_mib;
    double held = 0.0;
    double given_up = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        held += view->pages[view->ids[i]].consumed;
        given_up += view->guests->ballooned_mib[view->ids[i]];
    }
    double lambda = most_lambda(view);
    double slope = 0.0;
    if (room < 0.0 && held_sum(view, 0.0, &slope) < held + room) {
        lambda = hr_fill_level(held_sum, view, held + room, lambda);
    } else if (room < 0.0) {
        lambda = 0.0;
    }
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        const struct hr_guest_traits *traits = &view->guests->traits[g];
        double now = view->guests->ballooned_mib[g];
        double most = hr_max(0.0, view->guests->size_mib[g] - traits->minimum_mib);
        if (room < 0.0) {
            double excess = view->pages[g].consumed - allowed_mib(view, g, lambda);
            s->out->guests[g].target_mib = view->pages[g].consumed - hr_max(0.0, excess);
            if (excess > LITTLE_MIB) {
                move_balloon(s, g,
                             hr_min(most, now + excess / view->pages[g].freed_per_ballooned));
            }
        } else if (now > 0.0) {
            move_balloon(s, g, now * hr_max(0.0, 1.0 - room / hr_max(1.0, given_up)));
        }
    }
}

/* ---- host swap --------------------------------------------------------------------------- */

static double space_left_mib(const struct hr_host_view *view)
{
    double left = params_of(view)->swap_space_mib;
    for (uint32_t i = 0; i < view->n; i++) {
        left -= hr_guest_swapped_mib(view->guests, view->ids[i]);
    }
    return hr_max(0.0, left);
}

/* Above its bound the host writes out what was not touched for longest, whoever's it is. */
static void swap(struct situation *s)
{
    const struct hr_host_view *view = s->view;
    double above = s->used_mib - s->params->swap_above_frac * view->physical_mib;
    double need = s->inflow_mibps - s->reclaim_mibps + above / RESPONSE_S;
    need = hr_min(need, hr_min(view->reclaim_mibps, s->space_left_mib / SHORTEST_STEP_S));
    if (need <= 0.0 || above <= -LITTLE_MIB) {
        return;
    }
    struct hr_cold_split split = hr_cold_split_of(view, need);
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        s->out->guests[g].swap_mibps = need * hr_cold_part(view, &split, g);
    }
    s->swap_mibps = need;
    s->reclaim_mibps += need;
}

/* The kernel ends the largest process, which on such a host is a guest. */
static uint32_t largest(const struct hr_host_view *view)
{
    uint32_t found = HR_NO_HOST;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        if (found == HR_NO_HOST || view->pages[g].consumed > view->pages[found].consumed) {
            found = g;
        }
    }
    return found;
}

/* Nothing is left to take: everybody waits for what comes free. */
static void brake(struct situation *s)
{
    if (hr_host_free_mib(s->view) > LITTLE_MIB || s->inflow_mibps <= s->reclaim_mibps) {
        return;
    }
    double scale = hr_max(1e-3, s->reclaim_mibps / s->inflow_mibps);
    for (uint32_t i = 0; i < s->view->n; i++) {
        uint32_t g = s->view->ids[i];
        if (s->view->flow[g].rise_mibps > 1e-9) {
            s->out->guests[g].alloc_scale = scale;
            s->out->guests[g].throttle = 1.0 / scale;
        }
    }
}

/* Until something decided is done, or free memory runs out. */
static double next_change_s(const struct situation *s, double free_mib)
{
    const struct hr_host_view *view = s->view;
    double next = hr_min(view->step_s, s->params->balloon_period_s);
    double net = s->inflow_mibps - s->reclaim_mibps;
    if (net > 0.05) {
        next = hr_min(next, hr_max(SHORTEST_STEP_S, 0.5 * free_mib / net));
    }
    if (s->swap_mibps > 0.0) {
        next = hr_min(next, hr_max(SHORTEST_STEP_S, s->space_left_mib / s->swap_mibps));
    }
    return next;
}

static void solve(const struct hr_host_view *view, struct hr_decision *out)
{
    hr_decision_rest(view, out);
    struct situation s = {
        .view = view, .params = params_of(view), .out = out, .used_mib = used_mib(view)};
    double out_mib = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        s.inflow_mibps += view->flow[g].rise_mibps;
        out_mib += view->guests->ballooned_mib[g] + view->guests->swap_hot_mib[g];
    }
    double free_mib = hr_host_free_mib(view);
    s.space_left_mib = space_left_mib(view);
    merge(&s);
    if (s.params->ballooning) {
        balloon(&s);
    }
    swap(&s);
    brake(&s);
    if (s.space_left_mib <= LITTLE_MIB &&
        free_mib < s.params->kill_below_frac * view->physical_mib &&
        s.inflow_mibps > s.reclaim_mibps) {
        out->kill = largest(view);
    }
    double bound = fmin(s.params->balloon_goal_frac, s.params->merge_below_frac);
    double until_s = (bound * view->physical_mib - s.used_mib) / hr_max(1e-9, s.inflow_mibps);
    out->pressed = s.used_mib > bound * view->physical_mib || out_mib > LITTLE_MIB ||
                   until_s < view->step_s;
    out->next_s = s.used_mib > bound * view->physical_mib || out_mib > LITTLE_MIB
                      ? next_change_s(&s, free_mib)
                      : hr_max(SHORTEST_STEP_S, until_s);
}

/* Pages have been merged where the host was that full without it, and no further than until it
 * was no longer. Returns: memory in use then. */
static double settle_merging(const struct hr_host_view *view, struct hr_guest_table *guests)
{
    const struct hr_kvm_params *p = params_of(view);
    double merged = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        merged += view->pages[view->ids[i]].saved;
    }
    double before = used_mib(view) + merged;
    double kept = 0.0;
    if (before >= p->merge_above_frac * view->physical_mib && merged > 0.0) {
        kept = hr_clamp((before - p->merge_below_frac * view->physical_mib) / merged, 0.0, 1.0);
    }
    for (uint32_t i = 0; i < view->n; i++) {
        guests->shared_scan_mib[view->ids[i]] *= kept;
    }
    return before - kept * merged;
}

/* Guests that may shrink have been ballooned to the goal. Returns: memory that is free by it.
 */
static double settle_balloons(const struct hr_host_view *view, struct hr_guest_table *guests,
                              double above)
{
    double held = 0.0;
    double slope = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        held += view->pages[view->ids[i]].consumed;
    }
    double lambda = held_sum(view, 0.0, &slope) < held - above
                        ? hr_fill_level(held_sum, view, held - above, most_lambda(view))
                        : 0.0;
    double freed = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double most = hr_max(0.0, guests->size_mib[g] - guests->traits[g].minimum_mib);
        double excess = hr_max(0.0, view->pages[g].consumed - allowed_mib(view, g, lambda));
        guests->ballooned_mib[g] = hr_min(most, excess / view->pages[g].freed_per_ballooned);
        freed += guests->ballooned_mib[g] * view->pages[g].freed_per_ballooned;
    }
    return freed;
}

/* After weeks: merged, ballooned, and the coldest pages in swap. */
static void settle(const struct hr_host_view *view, struct hr_guest_table *guests,
                   struct hr_decision *scratch)
{
    const struct hr_kvm_params *p = params_of(view);
    hr_decision_rest(view, scratch);
    double used = settle_merging(view, guests);
    double above = used - p->balloon_goal_frac * view->physical_mib;
    if (p->ballooning && above > 0.0) {
        used -= settle_balloons(view, guests, above);
    }
    double over = used - p->swap_above_frac * view->physical_mib;
    double cold = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        cold +=
            hr_max(0.0, hr_cold_mib(view, view->ids[i]) - guests->ballooned_mib[view->ids[i]]);
    }
    over = hr_min(hr_min(over, p->swap_space_mib), cold);
    for (uint32_t i = 0; i < view->n && over > 0.0; i++) {
        uint32_t g = view->ids[i];
        guests->swap_cold_mib[g] =
            over * hr_max(0.0, hr_cold_mib(view, g) - guests->ballooned_mib[g]) / cold;
    }
}

const struct hr_memory_policy hr_memory_kvm = {
    .name = "kvm",
    .fields = FIELDS,
    .n_params_bytes = sizeof(struct hr_kvm_params),
    .backs_on_touch = true,
    .moves_memory = true,
    .fault = fault,
    .rules = rules,
    .pinned_mib = pinned_mib,
    .admit = admit,
    .needs_now_mib = needs_now_mib,
    .start_mib = start_mib,
    .settle = settle,
    .solve = solve,
};
