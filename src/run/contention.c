/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What guests wait for: processors of their host (model.md §6), the storage pool of the cluster
 * (§7), and memory that is not there (§2). */
#include <math.h>
#include <string.h>

#include "base/real.h"
#include "base/units.h"
#include "engine/erlang.h"
#include "run/world.h"

#include "base/hot.h"

/* Beyond this utilisation the queueing formula says nothing useful; shares decide. */
static const double SATURATION = 0.95;
/* A booting guest keeps half of its processors busy and reads its system (VDI boots measured by
 * Login VSI: 16 to 18 I/O a second). */
static const double BOOT_CPU_FRAC = 0.5;
static const double BOOT_IOPS = 17.0;
/* Beyond this utilisation the wait of the pool goes on rising steeply, in a straight line: that
 * keeps the load below what the pool can do, and the equation for its latency solvable. */
static const double POOL_FULL = 0.995;
static const double POOL_STEEPNESS = 1000.0;
/* A change of a host's load that makes the whole pool be solved again, as a share of what it
 * can do. */
static const double POOL_CHANGE = 0.01;
/* A change of latency by which a host would have decided otherwise. */
static const double LATENCY_CHANGE = 1.1;
/* Pages swapped out together in one write. */
static const double SWAP_WRITE_CLUSTER = 16.0;

static double cpu_demand_mhz(const struct hr_world *w, uint32_t g)
{
    double mhz = w->t->cpu_mhz[g] + w->t->iops[g] * w->platform->cpu_mhz_per_iops;
    if (w->t->power[g] == HR_GUEST_BOOTING) {
        mhz = hr_max(mhz, BOOT_CPU_FRAC * w->t->vcpus[g] * w->scenario->guests->vcpu_mhz);
    }
    return mhz;
}

/* The level λ at which Σ min(demand, λ·vcpus) = capacity. */
static double cpu_level(const struct hr_world *w, const struct hr_host *host)
{
    double low = 0.0;
    double high = 0.0;
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        high = hr_max(high, cpu_demand_mhz(w, g) / w->t->vcpus[g]);
    }
    for (int k = 0; k < 40; k++) {
        double level = 0.5 * (low + high);
        double sum = 0.0;
        for (uint32_t i = 0; i < host->n; i++) {
            uint32_t g = host->ids[i];
            sum += hr_min(cpu_demand_mhz(w, g), level * w->t->vcpus[g]);
        }
        if (sum <= host->capacity_mhz) {
            low = level;
        } else {
            high = level;
        }
    }
    return low;
}

void hr_cpu_solve(struct hr_world *w, uint32_t h)
{
    struct hr_host *host = &w->hosts[h];
    double demand = 0.0;
    double iops = 0.0;
    for (uint32_t i = 0; i < host->n; i++) {
        demand += cpu_demand_mhz(w, host->ids[i]);
        iops += w->t->iops[host->ids[i]];
    }
    double util = demand / host->capacity_mhz;
    double queue_util = hr_min(util, SATURATION);
    double cores = host->n_cores;
    double wait_per_busy_s = hr_mmc_wait(host->n_cores, queue_util * cores, 1.0);
    double level = util > 1.0 ? cpu_level(w, host) : HUGE_VAL;
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        double wanted = cpu_demand_mhz(w, g);
        double busy_frac =
            hr_min(1.0, wanted / (w->t->vcpus[g] * w->scenario->guests->vcpu_mhz));
        double given = hr_min(wanted, level * w->t->vcpus[g]);
        double starved = wanted > given && given > 0.0 ? wanted / given - 1.0 : 0.0;
        w->cpu_wait[g] = busy_frac * wait_per_busy_s + starved;
    }
    /* A parent partition passes only so many I/O a second; the rest waits for it. */
    double ceiling = w->platform->io_ceiling_iops;
    host->io_wait = ceiling > 0.0 ? hr_max(0.0, iops / ceiling - 1.0) : 0.0;
    host->cpu_demand_mhz = demand;
    host->cpu_mhz = hr_min(demand, host->capacity_mhz);
    host->result.cpu_util_max = hr_max(host->result.cpu_util_max, hr_min(1.0, util));
}

/* Back-end I/O a second of a guest: what scales with its progress, and what does not. */
static void pool_load_of(const struct hr_world *w, uint32_t g, double *at_full_speed,
                         double *regardless)
{
    const struct hr_storage *storage = w->scenario->cluster.storage;
    const struct hr_guest_table *t = w->t;
    double penalty = storage->raid_write_penalty;
    double mixed = storage->read_frac + (1.0 - storage->read_frac) * penalty;
    struct hr_paging paging;
    hr_paging_of(t, g, &paging);
    double page_reads = HR_PAGES_PER_MIB * paging.faults_mibps / t->traits[g].paging_cluster;
    double swap_reads = HR_PAGES_PER_MIB * t->swap_hot_mib[g] / HR_ACTIVE_WINDOW_S;
    double iops = t->power[g] == HR_GUEST_BOOTING ? hr_max(BOOT_IOPS, t->iops[g]) : t->iops[g];
    *at_full_speed = iops * mixed + page_reads * (1.0 + t->traits[g].dirty_share * penalty) +
                     swap_reads + t->traits[g].cache_reads_iops * hr_lost_cache_frac(t, g);
    *regardless = HR_PAGES_PER_MIB * w->decision[g].swap_mibps * penalty / SWAP_WRITE_CLUSTER;
}

double hr_pool_reclaim_mibps(const struct hr_world *w)
{
    const struct hr_storage *storage = w->scenario->cluster.storage;
    double writes_per_mib = HR_PAGES_PER_MIB * storage->raid_write_penalty / SWAP_WRITE_CLUSTER;
    return hr_min(storage->swap_mibps, w->pool_iops / writes_per_mib);
}

static double latency_at(const struct hr_world *w, double load_iops)
{
    double util = load_iops / w->pool_iops;
    double service_s = w->pool_servers / w->pool_iops;
    double wait =
        hr_mmc_wait(w->pool_servers, hr_min(util, POOL_FULL) * w->pool_servers, service_s);
    if (util > POOL_FULL) {
        wait *= 1.0 + POOL_STEEPNESS * (util - POOL_FULL);
    }
    return w->pool_latency_s + wait;
}

void hr_guest_wait(struct hr_world *w, uint32_t g)
{
    struct hr_guest_table *t = w->t;
    const struct hr_guest_traits *traits = &t->traits[g];
    double *cause = w->cause_wait[g];
    struct hr_paging paging;
    hr_paging_of(t, g, &paging);
    double overlap = traits->overlap;
    double latency = w->latency_s;
    cause[HR_CAUSE_GUEST_PAGING] =
        HR_PAGES_PER_MIB * paging.faults_mibps / traits->paging_cluster * latency / overlap;
    cause[HR_CAUSE_HOST_SWAP] =
        HR_PAGES_PER_MIB * t->swap_hot_mib[g] / HR_ACTIVE_WINDOW_S * latency / overlap;
    cause[HR_CAUSE_DECOMPRESSION] = HR_PAGES_PER_MIB * t->zip_hot_mib[g] / HR_ACTIVE_WINDOW_S *
                                    w->platform->overcommit.decompress_us * 1e-6 / overlap;
    cause[HR_CAUSE_LOST_CACHE] =
        traits->cache_reads_iops * hr_lost_cache_frac(t, g) * latency / overlap;
    cause[HR_CAUSE_BALLOON] = HR_BALLOON_COST * t->ballooned_mib[g] / t->size_mib[g];
    cause[HR_CAUSE_CPU] = w->cpu_wait[g];
    cause[HR_CAUSE_STORAGE] = t->iops[g] * (latency - w->pool_latency_s) / overlap;
    if (t->host[g] != HR_NO_HOST) {
        cause[HR_CAUSE_STORAGE] += w->hosts[t->host[g]].io_wait;
    }
    double wait = 0.0;
    for (int c = 0; c < HR_CAUSE__COUNT; c++) {
        wait += cause[c];
    }
    double throttled = (1.0 + wait) * w->decision[g].throttle - 1.0;
    cause[HR_CAUSE_HOST_SWAP] += throttled - wait;
    t->wait[g] = throttled;
    t->progress[g] = 1.0 / (1.0 + throttled);
}

/* Load that the guests of one host put on the pool at its present latency. */
static double host_load(const struct hr_world *w, const struct hr_host *host)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        double scaled = 0.0;
        double regardless = 0.0;
        pool_load_of(w, g, &scaled, &regardless);
        sum += w->t->progress[g] * scaled + regardless;
    }
    return sum;
}

bool hr_pool_review(struct hr_world *w, uint32_t h)
{
    double changed = host_load(w, &w->hosts[h]) - w->hosts[h].pool_load_iops;
    if (changed <= POOL_CHANGE * w->pool_iops && changed >= -POOL_CHANGE * w->pool_iops) {
        return false;
    }
    double before_s = w->latency_s;
    hr_pool_solve(w);
    return w->latency_s > before_s * LATENCY_CHANGE || w->latency_s * LATENCY_CHANGE < before_s;
}

/* Load of the pool when its latency is this: falls as latency rises. */
static double pool_load_at(struct hr_world *w, double latency_s)
{
    w->latency_s = latency_s;
    double sum = 0.0;
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        const struct hr_host *host = &w->hosts[h];
        for (uint32_t i = 0; i < host->n; i++) {
            uint32_t g = host->ids[i];
            double scaled = 0.0;
            double regardless = 0.0;
            pool_load_of(w, g, &scaled, &regardless);
            hr_guest_wait(w, g);
            sum += w->t->progress[g] * scaled + regardless;
        }
    }
    return sum;
}

void hr_pool_solve(struct hr_world *w)
{
    /* At the latency of an idle pool the load is greatest: an upper bound of the latency. */
    double low = w->pool_latency_s;
    double load = pool_load_at(w, low);
    double high = latency_at(w, load);
    /* f(L) = latency_at(load(L)) - L falls: one root between low and high. */
    while (high - low > 0.001 * low) {
        double middle = 0.5 * (low + high);
        load = pool_load_at(w, middle);
        if (latency_at(w, load) > middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    w->pool_load_iops = pool_load_at(w, 0.5 * (low + high));
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        w->hosts[h].pool_load_iops = host_load(w, &w->hosts[h]);
    }
}
