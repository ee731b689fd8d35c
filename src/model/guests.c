/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/guests.h"

#include <string.h>

enum { N_COLUMNS = 30 };

/* Points the columns into the block; the one list that both new and clone follow. */
static void point_columns(struct hr_guest_table *t)
{
    double **columns[] = {
        &t->size_mib,
        &t->overhead_base_mib,
        &t->overhead_least_mib,
        &t->overhead_slope,
        &t->reservation_mib,
        &t->limit_mib,
        &t->shares,
        &t->vcpus,
        &t->commit_mib,
        &t->cache_mib,
        &t->active_mib,
        &t->cpu_mhz,
        &t->iops,
        &t->used_commit_mib,
        &t->used_cache_mib,
        &t->touched_mib,
        &t->small_mib,
        &t->ballooned_mib,
        &t->swap_hot_mib,
        &t->swap_cold_mib,
        &t->zip_hot_mib,
        &t->zip_cold_mib,
        &t->tier_hot_mib,
        &t->tier_cold_mib,
        &t->shared_scan_mib,
        &t->assigned_mib,
        &t->seen_mib,
        &t->active_seen_mib,
        &t->wait,
        &t->progress,
    };
    _Static_assert(sizeof columns / sizeof columns[0] == N_COLUMNS, "one pointer per column");
    for (size_t i = 0; i < N_COLUMNS; i++) {
        *columns[i] = t->block + i * t->n;
    }
}

static struct hr_guest_table *allocate(hr_arena *arena, uint32_t n)
{
    struct hr_guest_table *t = hr_arena_array(arena, struct hr_guest_table, 1);
    t->n = n;
    t->block = hr_arena_array(arena, double, (size_t)N_COLUMNS *n);
    t->host = hr_arena_array(arena, uint32_t, n);
    t->power = hr_arena_array(arena, uint8_t, n);
    t->since_us = hr_arena_array(arena, int64_t, n);
    point_columns(t);
    return t;
}

struct hr_guest_table *hr_guest_table_new(hr_arena *arena, const struct hr_guest_traits *traits,
                                          uint32_t n)
{
    struct hr_guest_table *t = allocate(arena, n);
    t->traits = traits;
    for (uint32_t g = 0; g < n; g++) {
        t->host[g] = HR_NO_HOST;
        t->power[g] = HR_GUEST_OFF;
        t->progress[g] = 1.0;
    }
    return t;
}

struct hr_guest_table *hr_guest_table_clone(const struct hr_guest_table *table, hr_arena *arena)
{
    struct hr_guest_table *copy = allocate(arena, table->n);
    copy->backs_on_touch = table->backs_on_touch;
    copy->traits = table->traits;
    memcpy(copy->block, table->block, sizeof(double) * N_COLUMNS * table->n);
    memcpy(copy->host, table->host, sizeof(uint32_t) * table->n);
    memcpy(copy->power, table->power, table->n);
    memcpy(copy->since_us, table->since_us, sizeof(int64_t) * table->n);
    return copy;
}

void hr_guest_reset(struct hr_guest_table *t, uint32_t g)
{
    double *emptied[] = {t->used_commit_mib, t->used_cache_mib, t->touched_mib,
                         t->ballooned_mib,   t->swap_hot_mib,   t->swap_cold_mib,
                         t->zip_hot_mib,     t->zip_cold_mib,   t->shared_scan_mib,
                         t->tier_hot_mib,    t->tier_cold_mib,  t->small_mib,
                         t->assigned_mib,    t->seen_mib,       t->active_seen_mib};
    for (size_t i = 0; i < sizeof emptied / sizeof emptied[0]; i++) {
        emptied[i][g] = 0.0;
    }
    t->wait[g] = 0.0;
    t->progress[g] = 1.0;
}
