/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xen with dynamic memory control (model.md §5): every guest has a range; when memory is short
 * all balloons take the same share of their guests' ranges, whatever the guests do with it.
 *
 * Invariants: minimum <= assigned <= maximum; memory is added only from what is free. */
#include "memory/xen.h"

#include <math.h>

#include "base/real.h"

#include "base/hot.h"

static const struct hr_field FIELDS[] = {
    HR_FIELD_NUMBER(struct hr_xen_params, balloon_mibps, HR_REQUIRED, 0.1, 1e6),
    {.key = NULL},
};

static const double LITTLE_MIB = 0.01;

static void rules(const void *params, struct hr_memory_rules *out)
{
    (void)params;
    *out = (struct hr_memory_rules){.has_minimum = true, .weight = 5000.0};
}

static double cost_mib(const struct hr_guest_table *t, uint32_t g, double assigned_mib)
{
    return assigned_mib + hr_guest_overhead_mib(t, g, assigned_mib);
}

static double least_mib(const struct hr_host_view *view)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double minimum = view->guests->traits[g].minimum_mib;
        sum += cost_mib(view->guests, g, hr_min(view->guests->assigned_mib[g], minimum));
    }
    return sum;
}

static double room_mib(const struct hr_host_view *view)
{
    return view->physical_mib - view->hypervisor_mib - view->starting_mib;
}

static double pinned_mib(const struct hr_start_spec *spec)
{
    return spec->minimum_mib + spec->minimum_overhead_mib;
}

static enum hr_admit admit(const struct hr_host_view *view, const struct hr_start_spec *spec,
                           double *short_mib)
{
    double missing = pinned_mib(spec) - (room_mib(view) - least_mib(view));
    *short_mib = missing > 0.0 ? missing : 0.0;
    return missing > 0.0 ? HR_ADMIT_NO_MEMORY : HR_ADMIT_OK;
}

static double needs_now_mib(const struct hr_host_view *view, const struct hr_start_spec *spec)
{
    (void)view;
    return pinned_mib(spec);
}

/* It begins at the bottom of its range and is let up from there. */
static double start_mib(const struct hr_start_spec *spec)
{
    return spec->minimum_mib;
}

static double target_mib(const struct hr_guest_table *t, uint32_t g, double share)
{
    const struct hr_guest_traits *traits = &t->traits[g];
    return traits->minimum_mib + share * (traits->maximum_mib - traits->minimum_mib);
}

/* The share of their ranges that all guests can have at once. Overheads rise with what is
 * assigned in straight lines, but not from the bottom: so it is found by halving. */
static double range_share(const struct hr_host_view *view)
{
    double room = room_mib(view);
    double low = 0.0;
    double high = 1.0;
    for (int k = 0; k < 50; k++) {
        double share = k == 0 ? 1.0 : 0.5 * (low + high);
        double sum = 0.0;
        for (uint32_t i = 0; i < view->n; i++) {
            uint32_t g = view->ids[i];
            sum += cost_mib(view->guests, g, target_mib(view->guests, g, share));
        }
        if (sum <= room) {
            low = share;
            if (k == 0) {
                break;
            }
        } else {
            high = share;
        }
    }
    return low;
}

static void settle(const struct hr_host_view *view, struct hr_guest_table *guests,
                   struct hr_decision *scratch)
{
    (void)scratch;
    double share = range_share(view);
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        guests->assigned_mib[g] = target_mib(guests, g, share);
        guests->seen_mib[g] = guests->assigned_mib[g];
    }
}

/* Takes from those above their targets. Returns: what that gives back per second; *first_s:
 * when the first of them is done. */
static double take(const struct hr_host_view *view, double rate, struct hr_decision *out,
                   double *first_s)
{
    double given = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double excess = view->guests->assigned_mib[g] - out->guests[g].target_mib;
        if (excess > LITTLE_MIB) {
            out->guests[g].assign_mibps = -rate;
            out->guests[g].assign_stop_mib = out->guests[g].target_mib;
            given += rate;
            *first_s = hr_min(*first_s, excess / rate);
        }
    }
    return given;
}

/* Lets up those below their targets, all at the same pace, from what is free and comes free. */
static void let_up(const struct hr_host_view *view, double rate, double dt_s, double room_mib,
                   struct hr_decision *out)
{
    double wanted = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        double need = out->guests[g].target_mib - view->guests->assigned_mib[g];
        double step = hr_min(hr_max(0.0, need), rate * dt_s);
        wanted += step * (1.0 + view->guests->overhead_slope[g]);
    }
    double scale = wanted > room_mib ? room_mib / wanted : 1.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        struct hr_guest_decision *d = &out->guests[g];
        double need = d->target_mib - view->guests->assigned_mib[g];
        if (need > LITTLE_MIB) {
            double step = hr_min(need, rate * dt_s) * scale;
            d->assign_mibps = step / dt_s;
            d->assign_stop_mib = view->guests->assigned_mib[g] + step;
        }
    }
}

static void solve(const struct hr_host_view *view, struct hr_decision *out)
{
    const struct hr_xen_params *params = view->params;
    hr_decision_rest(view, out);
    double share = range_share(view);
    double lacking = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        out->guests[g].target_mib = target_mib(view->guests, g, share);
        lacking += hr_max(0.0, out->guests[g].target_mib - view->guests->assigned_mib[g]);
    }
    double first_s = hr_min(15.0, view->step_s);
    double given = take(view, params->balloon_mibps, out, &first_s);
    double dt_s = hr_max(1.0, first_s);
    double free_mib = hr_host_free_mib(view);
    if (lacking > LITTLE_MIB) {
        /* What is given counts only for the time for which all give. */
        let_up(view, params->balloon_mibps, dt_s,
               hr_max(0.0, free_mib + given * hr_min(dt_s, first_s)), out);
    }
    out->pressed = given > 0.0 || lacking > LITTLE_MIB;
    out->next_s = dt_s;
}

const struct hr_memory_policy hr_memory_xen = {
    .name = "xen",
    .fields = FIELDS,
    .n_params_bytes = sizeof(struct hr_xen_params),
    .moves_memory = true,
    .rules = rules,
    .pinned_mib = pinned_mib,
    .admit = admit,
    .needs_now_mib = needs_now_mib,
    .start_mib = start_mib,
    .settle = settle,
    .solve = solve,
};
