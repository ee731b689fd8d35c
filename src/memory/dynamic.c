/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dynamic memory, Hyper-V style (model.md §5): each guest is assigned what it demands plus a buffer,
 * between its minimum and maximum; more comes by hot-add, less by a balloon that is lazy unless
 * another guest is short. A static guest has minimum = maximum = S and never moves.
 *
 * Invariants: minimum <= target <= maximum; memory is added only from what is free; nobody is taken
 * below its target. */
#include <math.h>

#include "memory/memory_policy.h"

#include "base/hot.h"

static double clamp(double x, double least, double most)
{
    return x < least ? least : x > most ? most : x;
}

static double demand_mib(const struct hr_guest_table *t, uint32_t g)
{
    double commit = t->commit_mib[g];
    if (t->power[g] == HR_GUEST_BOOTING) {
        return fmax(commit, t->traits[g].startup_mib);
    }
    return commit;
}

static double wanted_mib(const struct hr_guest_table *t, uint32_t g)
{
    const struct hr_guest_traits *traits = &t->traits[g];
    return clamp(demand_mib(t, g) * (1.0 + traits->buffer_frac), traits->minimum_mib,
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
        least += cost_mib(t, g, fmin(t->assigned_mib[g], t->traits[g].minimum_mib));
    }
    double missing = spec->startup_mib + spec->startup_overhead_mib - (room_mib(view) - least);
    *short_mib = missing > 0.0 ? missing : 0.0;
    return missing > 0.0 ? HR_ADMIT_NO_MEMORY : HR_ADMIT_OK;
}

static double needs_now_mib(const struct hr_start_spec *spec)
{
    return spec->startup_mib + spec->startup_overhead_mib;
}

static double start_mib(const struct hr_start_spec *spec)
{
    return spec->startup_mib;
}

static double target_at(const struct hr_guest_table *t, uint32_t g, double mu)
{
    const struct hr_guest_traits *traits = &t->traits[g];
    double omega = fmax(1.0, traits->weight) / 5000.0;
    return clamp(mu * omega * demand_mib(t, g), traits->minimum_mib, wanted_mib(t, g));
}

static double cost_at(const struct hr_host_view *view, double mu)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        sum += cost_mib(view->guests, view->ids[i], target_at(view->guests, view->ids[i], mu));
    }
    return sum;
}

/* Everyone gets what it wants at this level of the water, whatever its weight. */
static const double PLENTY = 1e9;

/* The level μ at which targets use up the host's room; PLENTY when all wants fit. */
static double water_level(const struct hr_host_view *view)
{
    double room = room_mib(view);
    if (cost_at(view, PLENTY) <= room) {
        return PLENTY;
    }
    double low = 0.0;
    double high = 1.0;
    while (cost_at(view, high) <= room) {
        high *= 2.0;
    }
    for (int i = 0; i < 50; i++) {
        double middle = 0.5 * (low + high);
        if (cost_at(view, middle) <= room) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static void settle(const struct hr_host_view *view, struct hr_guest_table *guests)
{
    double mu = water_level(view);
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        guests->assigned_mib[g] = target_at(guests, g, mu);
        guests->seen_mib[g] = fmax(guests->seen_mib[g], guests->assigned_mib[g]);
    }
}

/* Gives the short ones what is free, in proportion to what each lacks. */
static void add_memory(const struct hr_host_view *view, double lacking, double addable_mib,
                       double inflow_mibps, struct hr_decision *out)
{
    const struct hr_guest_table *t = view->guests;
    double rate = view->dynamic->hot_add_mibps;
    double part = 1.0;
    if (addable_mib < 1.0) {
        /* Nothing is free: what others give up is passed on as it comes. */
        rate = fmin(rate, inflow_mibps);
    } else {
        part = addable_mib / lacking;
    }
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        struct hr_guest_decision *d = &out->guests[g];
        double need = d->target_mib - t->assigned_mib[g];
        if (need > 0.0) {
            d->assign_mibps = rate * need / lacking;
            d->assign_stop_mib = t->assigned_mib[g] + need * part;
        }
    }
}

static void solve(const struct hr_host_view *view, struct hr_decision *out)
{
    const struct hr_guest_table *t = view->guests;
    const struct hr_dynamic_params *params = view->dynamic;
    hr_decision_rest(view, out);
    double mu = water_level(view);
    double lacking = 0.0;
    double lacking_cost = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        out->guests[g].target_mib = target_at(t, g, mu);
        double need = out->guests[g].target_mib - t->assigned_mib[g];
        if (need > 0.0) {
            lacking += need;
            lacking_cost += need * (1.0 + t->overhead_slope[g]);
        }
    }
    double free_mib = hr_host_free_mib(view);
    bool somebody_short = lacking_cost > free_mib + 1e-6 || free_mib < -1e-6;
    double given_up_mibps = 0.0;
    double next_s = view->step_s;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        struct hr_guest_decision *d = &out->guests[g];
        double excess = t->assigned_mib[g] - d->target_mib;
        if (excess <= 0.0) {
            continue;
        }
        /* Lazily, what a time constant of collection_s would take until the next step. */
        double rate = somebody_short
                          ? params->balloon_mibps
                          : excess * -expm1(-view->step_s / params->collection_s) / view->step_s;
        d->assign_mibps = -rate;
        d->assign_stop_mib = d->target_mib;
        given_up_mibps += rate;
        if (somebody_short) {
            next_s = fmin(next_s, fmax(1.0, excess / rate));
        }
    }
    if (lacking > 0.0) {
        double addable_mib = fmin(lacking, fmax(0.0, free_mib) * lacking / lacking_cost);
        add_memory(view, lacking, addable_mib, given_up_mibps, out);
        if (somebody_short) {
            next_s = fmin(next_s, fmax(1.0, addable_mib / params->hot_add_mibps));
        }
    }
    out->pressed = mu < PLENTY || somebody_short;
    if (somebody_short && given_up_mibps > 0.0) {
        out->next_s = fmin(next_s, 15.0);
    }
}

const struct hr_memory_policy hr_memory_dynamic = {
    .name = "dynamic",
    .backs_on_touch = false,
    .admit = admit,
    .needs_now_mib = needs_now_mib,
    .start_mib = start_mib,
    .settle = settle,
    .solve = solve,
};
