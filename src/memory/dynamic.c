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

static const char *fault(const void *params)
{
    const struct hr_dynamic_params *p = params;
    return p->smart_paging && p->smart_paging_s <= 0.0
               ? "'smart_paging' needs 'smart_paging_s', above 0"
               : NULL;
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
    return t->power[g] == HR_GUEST_BOOTING ? hr_max(commit, t->traits[g].startup_mib) : commit;
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

static double pinned_mib(const struct hr_start_spec *spec)
{
    return spec->minimum_mib + spec->minimum_overhead_mib;
}

/* What a start can have when all others are pressed down to their minimum. */
static double can_have_mib(const struct hr_host_view *view)
{
    const struct hr_guest_table *t = view->guests;
    double least = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        least += cost_mib(t, g, hr_min(t->assigned_mib[g], t->traits[g].minimum_mib));
    }
    return room_mib(view) - least;
}

/* Smart paging is for guests that restart where they run, and for nobody else. */
static bool may_page(const struct hr_host_view *view, const struct hr_start_spec *spec)
{
    return spec->cause == HR_START_RESTART && params_of(view)->smart_paging;
}

static enum hr_admit admit(const struct hr_host_view *view, const struct hr_start_spec *spec,
                           double *short_mib)
{
    double least = may_page(view, spec) ? pinned_mib(spec)
                                        : spec->startup_mib + spec->startup_overhead_mib;
    double missing = least - can_have_mib(view);
    *short_mib = missing > 0.0 ? missing : 0.0;
    return missing > 0.0 ? HR_ADMIT_NO_MEMORY : HR_ADMIT_OK;
}

static double needs_now_mib(const struct hr_host_view *view, const struct hr_start_spec *spec)
{
    double startup = spec->startup_mib + spec->startup_overhead_mib;
    return may_page(view, spec)
               ? hr_clamp(can_have_mib(view), hr_min(startup, pinned_mib(spec)), startup)
               : startup;
}

static double start_mib(const struct hr_start_spec *spec)
{
    return spec->startup_mib;
}

static double target_at(const struct hr_guest_table *t, uint32_t g, double mu)
{
    const struct hr_guest_traits *traits = &t->traits[g];
    double omega = hr_max(1.0, traits->weight) / 5000.0;
    double share =
        hr_clamp(mu * omega * demand_mib(t, g), traits->minimum_mib, wanted_mib(t, g));
    /* No balloon runs in a guest that boots. */
    return t->power[g] == HR_GUEST_BOOTING ? hr_max(share, t->assigned_mib[g]) : share;
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
        double target = target_at(t, g, mu);
        sum += cost_mib(t, g, target);
        if (t->power[g] == HR_GUEST_BOOTING) {
            sum -= hr_guest_swapped_mib(t, g);
        }
        bool rises = mu * rise > traits->minimum_mib && mu * rise < wanted_mib(t, g);
        if (rises && (t->power[g] != HR_GUEST_BOOTING || mu * rise > t->assigned_mib[g])) {
            *slope += rise * (1.0 + t->overhead_slope[g]);
        }
    }
    return sum;
}

/* Everyone gets what it wants at this level of the water, whatever its weight. */
static const double PLENTY = 1e9;
static const double AT_ONCE_MIBPS = 1e6;

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
            double taken = hr_min(excess, -d->assign_mibps * dt_s);
            /* What lies on disk goes first and frees nothing. */
            sum += hr_max(0.0, taken - hr_guest_swapped_mib(view->guests, view->ids[i]));
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

/* What lies in smart paging files comes back as far as memory is free that nobody lacks; what
 * lies there too long is taken from the guest. Returns: when to look again; HUGE_VAL when there
 * is none. */
static double page_in(const struct hr_host_view *view, const struct imbalance *sum,
                      struct hr_decision *out)
{
    const struct hr_guest_table *t = view->guests;
    double spare = hr_max(0.0, sum->free_mib - sum->lacking_cost_mib);
    double next_s = HUGE_VAL;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double on_disk = hr_guest_swapped_mib(t, g);
        if (on_disk <= 0.0) {
            continue;
        }
        struct hr_guest_decision *d = &out->guests[g];
        double up_s = view->now_s - (double)t->since_us[g] * 1e-6;
        if (up_s >= params_of(view)->smart_paging_s) {
            double kept = t->assigned_mib[g] - on_disk;
            d->assign_stop_mib = hr_max(t->traits[g].minimum_mib, kept);
            d->assign_mibps = -AT_ONCE_MIBPS;
            next_s = 1.0;
            continue;
        }
        double rate = hr_min(params_of(view)->hot_add_mibps, spare);
        d->page_in_mibps = hr_min(rate, on_disk);
        spare -= d->page_in_mibps;
        next_s = d->page_in_mibps > 0.0
                     ? 1.0
                     : hr_min(next_s, hr_min(15.0, params_of(view)->smart_paging_s - up_s));
    }
    return next_s;
}

/* Everybody can have what he lacks. Returns: when to look again. */
static double add_all(const struct hr_host_view *view, const struct imbalance *sum,
                      struct hr_decision *out)
{
    double rate = params_of(view)->hot_add_mibps;
    if (sum->lacking_mib <= 0.0) {
        return view->step_s;
    }
    add_memory(view, sum->lacking_mib, sum->lacking_mib, rate, out);
    if (!somebody_pages(view)) {
        return view->step_s;
    }
    out->pressed = true; /* until it has what it needs, and no longer */
    return hr_min(view->step_s, hr_max(1.0, sum->lacking_mib / rate));
}

/* Memory is passed on as it comes: evenly over the time for which the givers give at least
 * evenly, so that at no moment more is added than is there. Returns: when to look again. */
static double pass_on(const struct hr_host_view *view, const struct imbalance *sum,
                      double first_s, struct hr_decision *out)
{
    double shortage = sum->lacking_cost_mib - sum->free_mib;
    double covered_s = shortage / hr_max(1e-9, given_up_mib(view, out, 1.0));
    double dt_s = hr_min(view->step_s, hr_min(15.0, hr_max(1.0, hr_min(first_s, covered_s))));
    double given = given_up_mib(view, out, dt_s);
    double room = hr_max(0.0, given + sum->free_mib);
    if (sum->lacking_mib > 0.0) {
        double amount =
            hr_min(sum->lacking_mib, room * sum->lacking_mib / sum->lacking_cost_mib);
        double rate = hr_min(params_of(view)->hot_add_mibps, amount / dt_s);
        add_memory(view, sum->lacking_mib, amount, rate, out);
    }
    bool moves = given > 0.1 || sum->free_mib > 0.1;
    return moves ? dt_s : view->step_s;
}

static void solve(const struct hr_host_view *view, struct hr_decision *out)
{
    hr_decision_rest(view, out);
    double mu = water_level(view);
    struct imbalance sum;
    set_targets(view, mu, out, &sum);
    double first_s = collect(view, sum.somebody_short, out);
    out->pressed = mu < PLENTY || sum.somebody_short;
    out->next_s =
        sum.somebody_short ? pass_on(view, &sum, first_s, out) : add_all(view, &sum, out);
    double paged_s = page_in(view, &sum, out);
    if (paged_s < view->step_s) {
        out->pressed = true;
        out->next_s = hr_min(out->next_s, hr_max(1.0, paged_s));
    }
}

const struct hr_memory_policy hr_memory_dynamic = {
    .name = "dynamic",
    .fields = FIELDS,
    .n_params_bytes = sizeof(struct hr_dynamic_params),
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
