/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/cold.h"

#include "base/real.h"

#include "base/hot.h"

static double unshared_mib(const struct hr_host_view *view, uint32_t g)
{
    return hr_max(0.0, view->pages[g].resident - view->pages[g].saved);
}

double hr_cold_mib(const struct hr_host_view *view, uint32_t g)
{
    return hr_max(0.0, view->pages[g].resident - view->pages[g].saved -
                           view->guests->active_seen_mib[g]);
}

struct hr_cold_split hr_cold_split_of(const struct hr_host_view *view, double taken_mibps)
{
    struct hr_cold_split split = {0};
    for (uint32_t i = 0; i < view->n; i++) {
        split.cold_mib += hr_cold_mib(view, view->ids[i]);
        split.unshared_mib += unshared_mib(view, view->ids[i]);
    }
    split.is_enough = split.cold_mib > taken_mibps;
    return split;
}

double hr_cold_part(const struct hr_host_view *view, const struct hr_cold_split *split,
                    uint32_t g)
{
    return split->is_enough ? hr_cold_mib(view, g) / split->cold_mib
                            : unshared_mib(view, g) / hr_max(1e-9, split->unshared_mib);
}
