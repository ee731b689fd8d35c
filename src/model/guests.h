/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model/guests.h - the guests of one run as columns, one row per guest (model.md §1).
 *
 * Hot state is a structure of arrays indexed by guest number. What a guest may use is
 * assigned - ballooned: on platforms that overcommit, assigned is its size S and the balloon
 * takes from it; under dynamic memory, assigned moves and ballooned stays 0; static is neither.
 * Owner:   the arena given to hr_guest_table_new().
 * Threads: a table belongs to one run.
 */
#ifndef HR_MODEL_GUESTS_H
#define HR_MODEL_GUESTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define HR_NO_HOST UINT32_MAX

enum hr_guest_power {
    HR_GUEST_OFF,     /* not to run */
    HR_GUEST_DOWN,    /* should run and does not: its host failed, or its start was refused */
    HR_GUEST_WAITING, /* placed on a host that is making room for it */
    HR_GUEST_BOOTING,
    HR_GUEST_RUNNING
};

/* What does not change in a run. */
struct hr_guest_traits {
    /* system */
    bool boot_zeroes_memory;
    double boot_s;
    double churn_s;
    double zero_free_frac;
    double zero_used_frac;
    double common_mib; /* the system's pages that are the same in every guest of its image */
    double common_used_frac;
    double role_common_mib; /* the same of its role */
    double dup_frac;        /* of used: duplicated pages */
    double dup_saving_frac; /* of used: duplicates × (m - 1)/m */
    double paging_cluster;
    uint32_t image; /* guests with the same number run the same system image */
    uint32_t role;  /* and with this the same programs */
    bool is_windows_server;
    /* role */
    double working_set_s;
    double overlap;
    double cache_reads_iops;
    double dirty_share;
    bool notices_added_memory;
    int priority; /* 0 high, 1 medium, 2 low */
    /* dynamic memory; a static guest has startup = minimum = maximum = S */
    double startup_mib;
    double minimum_mib;
    double maximum_mib;
    double buffer_frac;
    double weight;
};

struct hr_guest_table {
    uint32_t n;
    bool backs_on_touch; /* the host backs pages when they are first touched */
    const struct hr_guest_traits *traits;
    double
        *block; /* all columns, one after the other; copied whole by hr_guest_table_clone() */

    /* facts */
    double *size_mib;
    double *overhead_base_mib; /* overhead = max(least, base + slope·assigned) */
    double *overhead_least_mib;
    double *overhead_slope;
    double *reservation_mib;
    double *limit_mib;
    double *shares;
    double *vcpus;

    /* demand, constant between demand steps */
    double *commit_mib;
    double *cache_mib;
    double *active_mib; /* <= commit + cache */
    double *cpu_mhz;
    double *iops;

    /* state */
    double *used_commit_mib;
    double *used_cache_mib;
    double *touched_mib;
    double *small_mib; /* of touched: backed with small pages, for large ones were broken */
    double *ballooned_mib;
    double *swap_hot_mib;
    double *swap_cold_mib;
    double *zip_hot_mib; /* guest MiB before compression; half of it in host memory */
    double *zip_cold_mib;
    double *tier_hot_mib; /* in the second tier of memory */
    double *tier_cold_mib;
    double *shared_scan_mib; /* saved by sharing that the scanner found */
    double *assigned_mib;
    double *seen_mib;        /* memory the guest saw when its services started */
    double *active_seen_mib; /* active as the host estimates it: lags */

    /* solved at the last event: seconds waited per second of work, and its causes */
    double *wait;
    double *progress; /* 1/((1 + wait)·throttle) */

    uint32_t *host;    /* HR_NO_HOST when on none */
    uint8_t *power;    /* enum hr_guest_power */
    int64_t *since_us; /* when it entered that power state */
};

/* Returns: a table of n guests, all off and zero. Owner: arena. traits: n of them, borrowed. */
struct hr_guest_table *hr_guest_table_new(hr_arena *arena, const struct hr_guest_traits *traits,
                                          uint32_t n);
/* Returns: a deep copy in another arena (traits stay borrowed). */
struct hr_guest_table *hr_guest_table_clone(const struct hr_guest_table *table,
                                            hr_arena *arena);

/* Empties what a restart empties: balloon, swap, compression cache, touched and used memory. */
void hr_guest_reset(struct hr_guest_table *table, uint32_t guest);

static inline double hr_guest_overhead_mib(const struct hr_guest_table *t, uint32_t g,
                                           double assigned_mib)
{
    double linear = t->overhead_base_mib[g] + t->overhead_slope[g] * assigned_mib;
    return linear > t->overhead_least_mib[g] ? linear : t->overhead_least_mib[g];
}

static inline double hr_guest_usable_mib(const struct hr_guest_table *t, uint32_t g)
{
    return t->assigned_mib[g] - t->ballooned_mib[g];
}

static inline double hr_guest_used_mib(const struct hr_guest_table *t, uint32_t g)
{
    return t->used_commit_mib[g] + t->used_cache_mib[g];
}

static inline double hr_guest_swapped_mib(const struct hr_guest_table *t, uint32_t g)
{
    return t->swap_hot_mib[g] + t->swap_cold_mib[g];
}

static inline double hr_guest_zipped_mib(const struct hr_guest_table *t, uint32_t g)
{
    return t->zip_hot_mib[g] + t->zip_cold_mib[g];
}

static inline double hr_guest_tiered_mib(const struct hr_guest_table *t, uint32_t g)
{
    return t->tier_hot_mib[g] + t->tier_cold_mib[g];
}

static inline bool hr_guest_holds_memory(const struct hr_guest_table *t, uint32_t g)
{
    return t->power[g] == HR_GUEST_RUNNING || t->power[g] == HR_GUEST_BOOTING;
}

#endif
