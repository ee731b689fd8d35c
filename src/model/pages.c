/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/pages.h"

#include "base/real.h"

#include "base/hot.h"

void hr_pages_of(const struct hr_guest_table *t, uint32_t g,
                 const struct hr_overcommit_params *params, uint32_t n_same_image,
                 struct hr_pages *out)
{
    if (!t->backs_on_touch) {
        *out = (struct hr_pages){.resident = t->assigned_mib[g],
                                 .consumed = t->assigned_mib[g],
                                 .freed_per_ballooned = 1.0};
        return;
    }
    const struct hr_guest_traits *traits = &t->traits[g];
    double used = hr_guest_used_mib(t, g);
    double kept = hr_max(1.0, t->touched_mib[g] - t->ballooned_mib[g]);
    double zipped = hr_guest_zipped_mib(t, g);
    double resident = hr_max(0.0, t->touched_mib[g] - t->ballooned_mib[g] -
                                      hr_guest_swapped_mib(t, g) - zipped);
    double resident_frac = hr_min(1.0, resident / kept);
    double free_touched = hr_max(0.0, t->touched_mib[g] - t->ballooned_mib[g] - used);
    double zero = 0.0;
    double scan = 0.0;
    double freed = 1.0;
    if (params->sharing != HR_SHARING_OFF) {
        zero = resident_frac *
               (traits->zero_free_frac * free_touched + traits->zero_used_frac * used);
        scan = resident_frac * traits->dup_saving_frac * used;
        /* The balloon takes free pages first; those that were zero freed nothing. */
        freed = free_touched > HR_FREE_PAGES_MIB ? 1.0 - resident_frac * traits->zero_free_frac
                                                 : 1.0;
    }
    if (params->sharing == HR_SHARING_INTER_GUEST && n_same_image > 1) {
        double common = hr_min(used, traits->common_mib + traits->common_used_frac * used);
        scan += resident_frac * common * (double)(n_same_image - 1) / (double)n_same_image;
    }
    if (!params->zero_at_once) {
        scan += zero;
        zero = 0.0;
    }
    double saved = hr_min(resident, zero + hr_min(t->shared_scan_mib[g], scan));
    *out = (struct hr_pages){.resident = resident,
                             .free_touched = free_touched,
                             .zero_saved = zero,
                             .scan_potential = scan,
                             .saved = saved,
                             .consumed = resident - saved + zipped / 2.0,
                             .freed_per_ballooned = hr_max(0.02, freed)};
}

void hr_paging_of(const struct hr_guest_table *t, uint32_t g, struct hr_paging *out)
{
    double usable = hr_guest_usable_mib(t, g);
    double commit = t->commit_mib[g];
    double paged = hr_max(0.0, commit - usable);
    double over = hr_min(paged, hr_max(0.0, t->active_mib[g] - usable));
    double faults = 0.0;
    if (paged > 0.0) {
        /* Until the working set no longer fits, only its renewal meets pages that are out. */
        double active_share = hr_min(1.0, t->active_mib[g] / commit);
        faults = over / HR_ACTIVE_WINDOW_S +
                 (paged - over) * active_share / t->traits[g].working_set_s;
    }
    *out = (struct hr_paging){.paged = paged, .over = over, .faults_mibps = faults};
}

double hr_lost_cache_frac(const struct hr_guest_table *t, uint32_t g)
{
    double cache = t->cache_mib[g];
    if (cache <= 0.0) {
        return 0.0;
    }
    double usable = hr_guest_usable_mib(t, g);
    if (!t->traits[g].notices_added_memory) {
        usable = hr_min(usable, t->seen_mib[g]);
    }
    double useful = hr_min(cache, hr_max(0.0, usable - t->commit_mib[g]));
    double lost = 1.0 - useful / cache;
    return lost * lost;
}

double hr_min_free_mib(double physical_mib)
{
    static const struct {
        double upto_mib;
        double frac;
    } scale[] = {{4096.0, 0.06}, {12288.0, 0.04}, {28672.0, 0.02}};
    double sum = 0.0;
    double from = 0.0;
    for (int i = 0; i < 3; i++) {
        sum += scale[i].frac * hr_max(0.0, hr_min(physical_mib, scale[i].upto_mib) - from);
        from = scale[i].upto_mib;
    }
    return sum + 0.01 * hr_max(0.0, physical_mib - from);
}
