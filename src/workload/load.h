/* SPDX-License-Identifier: GPL-3.0-or-later */
/* workload/load.h - what every guest asks for, step by step, over a whole run (model.md §9).
 *
 * Demand does not depend on platform or cluster: the load of a (scenario, replication) is made
 * once and shared, read-only, by every candidate. Each guest's series depends on (seed,
 * replication, its key) alone: adding or permuting guests changes nobody else's.
 *
 *     quantity(t) = mean·(profile(t) + bursts(t)) + jobs(t), then fitted to what was measured
 *
 * - profile(t): workload/profile.h, from the role's shape, mean and peak (read as p99).
 * Expected bursts are taken off the mean, so that a role's mean is what a week without jobs
 * shows.
 * - bursts come at random, with one height for cpu and iops, a multiple of the mean; jobs come
 * by the calendar, each guest's start spread by its own jitter. Both count in a step by the
 * share of it that they fill. Jobs that began up to a week before the first step still run.
 * - cpu: cpu_mhz_avg alone scales the whole series, cpu_mhz_p95 alone too, both bend it
 *   (workload/bend.h); 0.1 % to 100 % of vcpus·vcpu_mhz bound it. iops: scaled to the mean.
 *   These hold over the whole load, jobs and bursts included.
 * - demand_factor multiplies the finished series; a guest's size and processors bound it.
 * - memory: commit, cache and active follow one profile. A job's committed memory is active
 * while it runs, its cache is not. memory_active_mib scales all three and the jobs;
 * commit_cap_mib then bounds commit + cache (cache gives way first); commit is at least 5 % of
 * the size where the cap leaves that much. Where bounds moved active's mean, active alone is
 * scaled again.
 *
 * Streams: (seed, replication, key of the guest or site, a purpose of load.c).
 * Layout: step-major, so that a demand tick reads one contiguous row per quantity.
 * Owner: the load owns its columns. Threads: read-only after hr_load_make().
 */
#ifndef HR_WORKLOAD_LOAD_H
#define HR_WORKLOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalog/catalog.h"

/* What the load of one guest is made from. Unknown numbers are negative.
 * Requires: role not NULL, size_mib > 0, vcpus > 0, vcpu_mhz > 0. */
struct hr_load_guest {
    uint64_t key;      /* identity; the random streams hang on it */
    uint64_t site_key; /* guests with the same key share a factor */
    const struct hr_role *role;
    double size_mib;
    int vcpus;
    double vcpu_mhz; /* what one vCPU at 100 % means */
    double cpu_mhz_avg;
    double cpu_mhz_p95;
    double memory_active_mib;
    double memory_consumed_mib;
    double iops; /* mean */
    double
        commit_cap_mib; /* commit + cache never exceed it: memory_consumed_mib or the size; <=
                           0: the size, or nothing where the role commits more than that */
};

struct hr_load_params {
    uint64_t seed;
    uint32_t replication;
    int64_t step_us; /* 300 s */
    uint32_t n_steps;
    int start_weekday;      /* 0 Monday */
    int start_day_of_month; /* 1 to 31, of the first step */
    int start_month;        /* 1 to 12 */
    int start_year;
    double demand_factor; /* so many times what is asked for today; up to 1: as it is */
};

struct hr_load {
    uint32_t n_guests;
    uint32_t n_steps;
    int64_t step_us;
    float *commit_mib; /* [step * n_guests + guest] */
    float *cache_mib;
    float *active_mib; /* <= commit + cache */
    float *cpu_mhz;
    float *iops;
};

/* Returns: the load, the caller's. Cost: about 100 ns per guest and step. */
struct hr_load *hr_load_make(const struct hr_load_guest *guests, uint32_t n_guests,
                             const struct hr_load_params *params);
void hr_load_free(struct hr_load *load);
/* Bytes that hr_load_make() would take. */
size_t hr_load_bytes(uint32_t n_guests, uint32_t n_steps);

/* Row of a column for one step. */
static inline const float *hr_load_row(const struct hr_load *load, const float *column,
                                       uint32_t step)
{
    return column + (size_t)step * load->n_guests;
}

/* First step of the hour in which the committed memory of the guests marked in running (NULL:
 * all) is greatest, among the first n_steps. */
uint32_t hr_load_worst_hour_step(const struct hr_load *load, const bool *running,
                                 uint32_t n_steps);

#endif
