/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is entitled to what: shares, weighed by the idle tax, between reservations and what a
 * guest could use (model.md §4). */
#include <math.h>

#include "base/real.h"
#include "memory/fill.h"
#include "memory/overcommit_parts.h"

#include "base/hot.h"

static const double HYSTERESIS = 1.1;

/* What a guest may claim of the host, worked out once per solve. */
static void set_claims(const struct hr_host_view *view, struct hr_decision *out)
{
    const struct hr_guest_table *t = view->guests;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        struct hr_guest_decision *d = &out->guests[g];
        /* With everything it has touched, or wants, resident. */
        double could = hr_max(t->touched_mib[g], t->commit_mib[g] + t->cache_mib[g]);
        double most = hr_min(t->size_mib[g], could) - view->pages[g].saved;
        d->claim_most_mib = hr_max(0.0, hr_min(t->limit_mib[g], most));
        d->claim_least_mib = hr_min(t->reservation_mib[g], d->claim_most_mib);
    }
}

/* alloc(λ) of one guest: full price for active memory, k-fold for idle memory. *slope: its
 * derivative. */
static double alloc_mib(const struct hr_host_view *view, const struct hr_decision *out,
                        uint32_t g, double lambda, double *slope)
{
    const struct hr_guest_decision *d = &out->guests[g];
    double price = 1.0 - hr_overcommit_params_of(view)->idle_tax; /* 1/k */
    double shares = view->guests->shares[g];
    double entitled = lambda * shares;
    double active = view->guests->active_seen_mib[g];
    bool idle = entitled > active;
    double alloc = idle ? active + (entitled - active) * price : entitled;
    *slope = 0.0;
    if (alloc < d->claim_least_mib) {
        return d->claim_least_mib;
    }
    if (alloc > d->claim_most_mib) {
        return d->claim_most_mib;
    }
    *slope = idle ? shares * price : shares;
    return alloc;
}

struct claims {
    const struct hr_host_view *view;
    const struct hr_decision *out;
};

static double alloc_sum(const void *context, double lambda, double *slope)
{
    const struct claims *claims = context;
    const struct hr_host_view *view = claims->view;
    double sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        double one = 0.0;
        sum += alloc_mib(view, claims->out, view->ids[i], lambda, &one);
        *slope += one;
    }
    return sum;
}

/* Physical memory that targets may use up. */
static double allocatable_mib(const struct hr_host_view *view)
{
    double total =
        view->physical_mib * (1.0 + hr_overcommit_params_of(view)->tier_frac) -
        view->hypervisor_mib - view->starting_mib - hr_host_overhead_mib(view) -
        HR_BALLOON_GOAL * hr_overcommit_min_free_mib(view->params, view->physical_mib);
    return hr_max(0.0, total);
}

/* The λ at which targets add up to the allocatable memory; negative when nobody need get less
 * than it could use. Requires: claims set. */
static double share_price(const struct hr_host_view *view, const struct hr_decision *out)
{
    double total = allocatable_mib(view);
    double k = 1.0 / (1.0 - hr_overcommit_params_of(view)->idle_tax);
    double most_sum = 0.0;
    double least_sum = 0.0;
    double high = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double most = out->guests[g].claim_most_mib;
        double active = view->guests->active_seen_mib[g];
        most_sum += most;
        least_sum += out->guests[g].claim_least_mib;
        high = hr_max(high, (hr_min(active, most) + k * hr_max(0.0, most - active)) /
                                hr_max(1e-9, view->guests->shares[g]));
    }
    if (most_sum <= total) {
        return -1.0;
    }
    /* Σ least > total: targets are the reservations, none of which is ever scaled. */
    struct claims claims = {.view = view, .out = out};
    return least_sum >= total ? 0.0 : hr_fill_level(alloc_sum, &claims, total, high);
}

/* Returns: true when targets bind (somebody gets less than it could use). */
bool hr_overcommit_targets(const struct hr_host_view *view, struct hr_decision *out)
{
    set_claims(view, out);
    double lambda = share_price(view, out);
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double slope = 0.0;
        struct hr_guest_decision *d = &out->guests[g];
        d->target_mib =
            lambda < 0.0 ? d->claim_most_mib : alloc_mib(view, out, g, lambda, &slope);
    }
    return lambda >= 0.0;
}

enum hr_memory_state hr_overcommit_state(const struct hr_host_view *view, double free_frac)
{
    const struct hr_overcommit_params *params = hr_overcommit_params_of(view);
    /* Lower bounds of high, clear, soft and hard; a state is left upward only beyond 1.1 × its
     * upper bound. */
    double bound[] = {params->has_clear_state ? params->high_frac : 0.64, 0.64, 0.32, 0.16};
    enum hr_memory_state state = HR_STATE_LOW;
    for (int s = HR_STATE_HIGH; s < HR_STATE_LOW; s++) {
        double needed = bound[s] * (s < (int)view->state ? HYSTERESIS : 1.0);
        if (free_frac >= needed) {
            state = (enum hr_memory_state)s;
            break;
        }
    }
    if (state == HR_STATE_CLEAR && !params->has_clear_state) {
        state = HR_STATE_HIGH;
    }
    return state;
}
