/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guests that have run for weeks under the targets of the day. */
#include <math.h>

#include "base/real.h"
#include "memory/cold.h"
#include "memory/overcommit_parts.h"

#include "base/hot.h"

/* What lies in the second tier of guests that have run for long: cold pages, and hot ones where
 * those are not enough. freed: host memory that ballooning and swapping gave back. */
static void settle_tier(const struct hr_host_view *view, struct hr_guest_table *guests,
                        double freed)
{
    double need =
        HR_BALLOON_GOAL * hr_overcommit_min_free_mib(view->params, view->physical_mib) -
        hr_host_free_mib(view) - freed;
    double cold = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        cold += hr_cold_mib(view, view->ids[i]);
    }
    need = hr_min(need, hr_overcommit_tier_free_mib(view));
    if (need <= 0.0) {
        return;
    }
    double hot_need = hr_max(0.0, need - cold);
    double hot = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        const struct hr_pages *pages = &view->pages[view->ids[i]];
        hot += hr_max(0.0, pages->resident - pages->saved - hr_cold_mib(view, view->ids[i]));
    }
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        const struct hr_pages *pages = &view->pages[g];
        double of_cold = hr_cold_mib(view, g) * hr_min(1.0, need / hr_max(1e-9, cold));
        double of_hot = hr_max(0.0, pages->resident - pages->saved - hr_cold_mib(view, g)) *
                        hr_min(1.0, hot_need / hr_max(1e-9, hot));
        double left =
            guests->touched_mib[g] - guests->ballooned_mib[g] - hr_guest_swapped_mib(guests, g);
        guests->tier_cold_mib[g] = hr_clamp(of_cold, 0.0, hr_max(0.0, left));
        guests->tier_hot_mib[g] =
            hr_clamp(of_hot, 0.0, hr_max(0.0, left - guests->tier_cold_mib[g]));
    }
}

/* One guest's share: what is above target has been ballooned as far as a balloon goes, and the
 * rest lies in swap, cold. Returns: host memory that is free by it. */
static double settle_guest(const struct hr_host_view *view, struct hr_guest_table *guests,
                           uint32_t g, double above)
{
    const struct hr_pages *pages = &view->pages[g];
    /* Free pages first, of which only those not yet shared free anything. */
    double free_part = hr_min(pages->free_touched, above / pages->freed_per_ballooned);
    double still = above - free_part * pages->freed_per_ballooned;
    double cap = hr_overcommit_params_of(view)->balloon_max_frac * guests->size_mib[g];
    double balloon = hr_min(cap, free_part + hr_max(0.0, still));
    guests->ballooned_mib[g] = balloon;
    double freed = hr_min(balloon, free_part) * pages->freed_per_ballooned +
                   hr_max(0.0, balloon - free_part);
    double rest = hr_max(0.0, above - freed);
    guests->swap_cold_mib[g] = hr_min(rest, hr_max(0.0, guests->touched_mib[g] - balloon));
    return freed + guests->swap_cold_mib[g];
}

void hr_overcommit_settle(const struct hr_host_view *view, struct hr_guest_table *guests,
                          struct hr_decision *scratch)
{
    double freed = 0.0;
    if (hr_overcommit_targets(view, scratch)) {
        for (uint32_t i = 0; i < view->n; i++) {
            uint32_t g = view->ids[i];
            double above = view->pages[g].consumed - scratch->guests[g].target_mib;
            freed += above > 0.0 ? settle_guest(view, guests, g, above) : 0.0;
        }
    }
    if (hr_overcommit_params_of(view)->tier_frac > 0.0) {
        settle_tier(view, guests, freed);
    }
}
