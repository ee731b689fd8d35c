/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/pages.h"

#include "base/real.h"

#include "base/hot.h"

/* What sharing could save of a guest, and how much it would map to shared pages by it. */
struct potential {
    double zero, zero_mapped; /* zero pages */
    double scan, scan_mapped; /* what only a scanner finds */
};

static void add_common(double used, double common, uint32_t n_sharers, struct potential *out)
{
    if (n_sharers > 1 && common > 0.0) {
        double mapped = hr_min(used, common);
        out->scan += mapped * (double)(n_sharers - 1) / (double)n_sharers;
        out->scan_mapped += mapped;
    }
}

/* For every page that the guest has resident. */
static struct potential potential_of(const struct hr_guest_traits *traits,
                                     const struct hr_memory_rules *rules,
                                     const struct hr_sharers *sharers, double used,
                                     double free_touched)
{
    struct potential p = {0};
    if (rules->sharing == HR_SHARING_OFF) {
        return p;
    }
    p.zero = traits->zero_free_frac * free_touched + traits->zero_used_frac * used;
    p.zero_mapped = p.zero;
    p.scan = traits->dup_saving_frac * used;
    p.scan_mapped = traits->dup_frac * used;
    if (rules->sharing == HR_SHARING_INTER_GUEST) {
        double of_system = traits->common_mib + traits->common_used_frac * used;
        add_common(used, of_system, sharers->n_same_image, &p);
        add_common(hr_max(0.0, used - of_system), traits->role_common_mib, sharers->n_same_role,
                   &p);
    }
    return p;
}

void hr_pages_of(const struct hr_guest_table *t, uint32_t g,
                 const struct hr_memory_rules *rules, const struct hr_sharers *sharers,
                 struct hr_pages *out)
{
    double out_of_memory = hr_guest_swapped_mib(t, g);
    if (!t->backs_on_touch) {
        double held = hr_max(0.0, t->assigned_mib[g] - out_of_memory);
        *out =
            (struct hr_pages){.resident = held, .consumed = held, .freed_per_ballooned = 1.0};
        return;
    }
    const struct hr_guest_traits *traits = &t->traits[g];
    double used = hr_guest_used_mib(t, g);
    double backed = hr_max(0.0, t->touched_mib[g] - t->ballooned_mib[g]);
    double kept = hr_max(1.0, backed);
    double zipped = hr_guest_zipped_mib(t, g);
    double resident = hr_max(0.0, backed - out_of_memory - zipped - hr_guest_tiered_mib(t, g));
    double resident_frac = hr_min(1.0, resident / kept);
    double free_touched = hr_max(0.0, backed - used);
    struct potential p = potential_of(traits, rules, sharers, used, free_touched);
    double found_frac = resident_frac;
    if (rules->large_pages) {
        found_frac *= hr_min(1.0, t->small_mib[g] / hr_max(1.0, t->touched_mib[g]));
    }
    double zero = 0.0;
    if (rules->zero_at_once) {
        zero = resident_frac * p.zero;
    } else {
        p.scan += p.zero;
        p.scan_mapped += p.zero_mapped;
    }
    double scan = found_frac * p.scan;
    double found = hr_min(t->shared_scan_mib[g], scan);
    double saved = hr_min(resident, zero + found);
    /* The balloon takes free pages first; those that were saved as zero free nothing. */
    double of_zero = rules->zero_at_once ? 1.0 : found / hr_max(1e-9, scan);
    double freed = rules->sharing != HR_SHARING_OFF && free_touched > HR_FREE_PAGES_MIB
                       ? 1.0 - resident_frac * traits->zero_free_frac * hr_min(1.0, of_zero)
                       : 1.0;
    double mapped = zero + (p.scan > 0.0 ? found * p.scan_mapped / p.scan : 0.0);
    *out = (struct hr_pages){.resident = resident,
                             .free_touched = free_touched,
                             .zero_saved = zero,
                             .scan_potential = scan,
                             .scan_most = resident_frac * p.scan,
                             .saved = saved,
                             .shared = hr_min(resident, mapped),
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
