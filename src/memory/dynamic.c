/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dynamic memory, Hyper-V style (model.md §5): each guest is assigned what it demands plus a
 * buffer, between its minimum and maximum; more comes by hot-add, less by a balloon that is
 * lazy unless another guest is short. A static guest has minimum = maximum = S and never moves.
 *
 * Invariants: minimum <= target <= maximum; memory is added only from what is free; nobody is
 * taken below its target. */
#include "memory/dynamic.h"

#include <math.h>

#include "base/real.h"
#include "memory/fill.h"

#include "base/hot.h"

static const struct hr_field FIELDS[] = {
    HR_FIELD_NUMBER(struct hr_dynamic_params, buffer_pct, HR_REQUIRED, 5, 2000),
    HR_FIELD_NUMBER(struct hr_dynamic_params, weight, HR_REQUIRED, 0, 10000),
    HR_FIELD_NUMBER(struct hr_dynamic_params, hot_add_mibps, HR_REQUIRED, 0.1, 1e6),
    HR_FIELD_NUMBER(struct hr_dynamic_params, balloon_mibps, HR_REQUIRED, 0.1, 1e6),
    HR_FIELD_NUMBER(struct hr_dynamic_params, collection_s, HR_REQUIRED, 1, 86400),
    HR_FIELD_OF(struct hr_dynamic_params, has_minimum, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_OF(struct hr_dynamic_params, smart_paging, HR_FIELD_BOOL, HR_OPTIONAL),
    HR_FIELD_NUMBER(struct hr_dynamic_params, smart_paging_s, HR_OPTIONAL, 1, 86400),
    {.key = NULL},
};

static const struct hr_dynamic_params *params_of(const struct hr_host_view *view)
{
    return view->params;
}

static void rules(const void *params, struct hr_memory_rules *out)
{
    const struct hr_dynamic_params *p = params;
    *out = (struct hr_memory_rules){.has_minimum = p->has_minimum,
                                    .buffer_frac = p->buffer_pct / 100.0,
                                    .weight = p->weight};
}

static double demand_mib(const struct hr_guest_table *t, uint32_t g)
{
    double commit = t->commit_mib[g];
    if (t->power[g] == HR_GUEST_BOOTING) {
        return hr_max(commit, t->traits[g].startup_mib);
    }
    return commit;
}

static double wanted_mib(const struct hr_guest_table *t, uint32_t g)
{
    const struct hr_guest_traits *traits = &t->traits[g];
    return hr_clamp(demand_mib(t, g) * (1.0 + traits->buffer_frac), traits->minimum_mib,
                    traits->maximum_mib);
}

/* Host memory that assigning a guest this much takes. */
static double cost_mib(const struct hr_guest_table *t, uint32_t g, double assigned_mib)
{
    return assigned_mib + hr_guest_overhead_mib(t, g, assigned_mib);
}

static double room_mib(const struct hr_host_view *view)
{
    return view->physical_mib - view->hypervisor_mib - view->starting_mib;
}

static enum hr_admit admit(const struct hr_host_view *view, const struct hr_start_spec *spec,
                           double *short_mib)
{
    const struct hr_guest_table *t = view->guests;
    double least = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        least += cost_mib(t, g, hr_min(t->assigned_mib[g], t->traits[g].minimum_mib));
    }
    double missing = spec->startup_mib + spec->startup_overhead_mib - (room_mib(view) - least);
    *short_mib = missing > 0.0 ? missing : 0.0;
    return missing > 0.0 ? HR_ADMIT_NO_MEMORY : HR_ADMIT_OK;
}

static double pinned_mib(const struct hr_start_spec *spec)
{
    return spec->minimum_mib + spec->minimum_overhead_mib;
}

static double needs_now_mib(const struct hr_host_view *view, const struct hr_start_spec *spec)
{
    (void)view;
    return spec->startup_mib + spec->startup_overhead_mib;
}

static double start_mib(const struct hr_start_spec *spec)
{
    return spec->startup_mib;
}

static double target_at(const struct hr_guest_table *t, uint32_t g, double mu)
{
    const struct hr_guest_traits *traits = &t->traits[g];
    double omega = hr_max(1.0, traits->weight) / 5000.0;
    return hr_clamp(mu * omega * demand_mib(t, g), traits->minimum_mib, wanted_mib(t, g));
}

/* What targets cost the host at this level, and how much more for each level more. */
static double cost_at(const void *context, double mu, double *slope)
{
    const struct hr_host_view *view = context;
    const struct hr_guest_table *t = view->guests;
    double sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        const struct hr_guest_traits *traits = &t->traits[g];
        double rise = hr_max(1.0, traits->weight) / 5000.0 * demand_mib(t, g);
        double share = mu * rise;
        double wanted = wanted_mib(t, g);
        sum += cost_mib(t, g, hr_clamp(share, traits->minimum_mib, wanted));
        if (share > traits->minimum_mib && share < wanted) {
            *slope += rise * (1.0 + t->overhead_slope[g]);
        }
    }
    return sum;
}

/* Everyone gets what it wants at this level of the water, whatever its weight. */
static const double PLENTY = 1e9;

/* The level μ at which targets use up the host's room; PLENTY when all wants fit. */
static double water_level(const struct hr_host_view *view)
{
    double room = room_mib(view);
    double slope = 0.0;
    if (cost_at(view, PLENTY, &slope) <= room) {
        return PLENTY;
    }
    if (cost_at(view, 0.0, &slope) >= room) {
        return 0.0;
    }
    double high = 1.0;
    while (cost_at(view, high, &slope) <= room) {
        high *= 2.0;
    }
    return hr_fill_level(cost_at, view, room, high);
}

static void settle(const struct hr_host_view *view, struct hr_guest_table *guests,
                   struct hr_decision *scratch)
{
    (void)scratch;
    double mu = water_level(view);
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        guests->assigned_mib[g] = target_at(guests, g, mu);
        guests->seen_mib[g] = hr_max(guests->seen_mib[g], guests->assigned_mib[g]);
    }
}

/* What the targets leave to do on a host. */
struct imbalance {
    double lacking_mib;      /* Σ of what guests are below their targets */
    double lacking_cost_mib; /* with its overhead */
    double free_mib;
    bool somebody_short; /* what is free does not cover it */
};

static void set_targets(const struct hr_host_view *view, double mu, struct hr_decision *out,
                        struct imbalance *sum)
{
    const struct hr_guest_table *t = view->guests;
    *sum = (struct imbalance){.free_mib = hr_host_free_mib(view)};
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        out->guests[g].target_mib = target_at(t, g, mu);
        double need = out->guests[g].target_mib - t->assigned_mib[g];
        if (need > 0.0) {
            sum->lacking_mib += need;
            sum->lacking_cost_mib += need * (1.0 + t->overhead_slope[g]);
        }
    }
    sum->somebody_short = sum->lacking_cost_mib > sum->free_mib + 1e-6 || sum->free_mib < -1e-6;
}

/* Takes from those above target: fast while somebody is short, else what a time constant of
 * collection_s would take until the next step. Returns: when the first of them is at its
 * target. */
static double collect(const struct hr_host_view *view, bool somebody_short,
                      struct hr_decision *out)
{
    const struct hr_dynamic_params *params = params_of(view);
    double first_s = view->step_s;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        struct hr_guest_decision *d = &out->guests[g];
        double excess = view->guests->assigned_mib[g] - d->target_mib;
        if (excess <= 0.0) {
            continue;
        }
        double rate = somebody_short ? params->balloon_mibps
                                     : excess * -expm1(-view->step_s / params->collection_s) /
                                           view->step_s;
        d->assign_mibps = -rate;
        d->assign_stop_mib = d->target_mib;
        first_s = hr_min(first_s, excess / rate);
    }
    return first_s;
}

/* What the collection gives up within dt_s. */
static double given_up_mib(const struct hr_host_view *view, const struct hr_decision *out,
                           double dt_s)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        const struct hr_guest_decision *d = &out->guests[view->ids[i]];
        if (d->assign_mibps < 0.0) {
            double excess = view->guests->assigned_mib[view->ids[i]] - d->assign_stop_mib;
            sum += hr_min(excess, -d->assign_mibps * dt_s);
        }
    }
    return sum;
}

/* Adds amount_mib to those below target, in proportion to what each lacks, at rate_mibps in
 * all. */
static void add_memory(const struct hr_host_view *view, double lacking_mib, double amount_mib,
                       double rate_mibps, struct hr_decision *out)
{
    const struct hr_guest_table *t = view->guests;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        struct hr_guest_decision *d = &out->guests[g];
        double need = d->target_mib - t->assigned_mib[g];
        if (need > 0.0) {
            d->assign_mibps = rate_mibps * need / lacking_mib;
            d->assign_stop_mib = t->assigned_mib[g] + need * amount_mib / lacking_mib;
        }
    }
}

/* Does a guest wait for pages that memory still to be added will hold? */
static bool somebody_pages(const struct hr_host_view *view)
{
    const struct hr_guest_table *t = view->guests;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        if (t->commit_mib[g] > t->assigned_mib[g] &&
            t->assigned_mib[g] < t->traits[g].maximum_mib) {
            return true;
        }
    }
    return false;
}

static void solve(const struct hr_host_view *view, struct hr_decision *out)
{
    hr_decision_rest(view, out);
    double mu = water_level(view);
    struct imbalance sum;
    set_targets(view, mu, out, &sum);
    double first_s = collect(view, sum.somebody_short, out);
    out->pressed = mu < PLENTY || sum.somebody_short;
    if (!sum.somebody_short) {
        if (sum.lacking_mib > 0.0) {
            double rate = params_of(view)->hot_add_mibps;
            add_memory(view, sum.lacking_mib, sum.lacking_mib, rate, out);
            if (somebody_pages(view)) { /* until it has what it needs, and no longer */
                out->pressed = true;
                out->next_s = fmin(view->step_s, fmax(1.0, sum.lacking_mib / rate));
            }
        }
        return;
    }
    /* Memory is passed on as it comes: evenly over the time for which the givers give at least
     * evenly, so that at no moment more is added than is there. */
    double shortage = sum.lacking_cost_mib - sum.free_mib;
    double covered_s = shortage / hr_max(1e-9, given_up_mib(view, out, 1.0));
    double dt_s = hr_min(view->step_s, hr_min(15.0, hr_max(1.0, hr_min(first_s, covered_s))));
    double given = given_up_mib(view, out, dt_s);
    double room = hr_max(0.0, given + sum.free_mib);
    if (sum.lacking_mib > 0.0) {
        double amount = hr_min(sum.lacking_mib, room * sum.lacking_mib / sum.lacking_cost_mib);
        double rate = hr_min(params_of(view)->hot_add_mibps, amount / dt_s);
        add_memory(view, sum.lacking_mib, amount, rate, out);
    }
    bool moves = given > 0.1 || sum.free_mib > 0.1;
    out->next_s = moves ? dt_s : view->step_s;
}

const struct hr_memory_policy hr_memory_dynamic = {
    .name = "dynamic",
    .fields = FIELDS,
    .n_params_bytes = sizeof(struct hr_dynamic_params),
    .moves_memory = true,
    .rules = rules,
    .pinned_mib = pinned_mib,
    .admit = admit,
    .needs_now_mib = needs_now_mib,
    .start_mib = start_mib,
    .settle = settle,
    .solve = solve,
};
