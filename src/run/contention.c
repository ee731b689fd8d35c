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

/* What a guest asks of the pool, and waits for, before the pool's latency is known. */
static void io_of(const struct hr_world *w, uint32_t g, struct hr_guest_io *out)
{
    const struct hr_storage *storage = w->scenario->cluster.storage;
    const struct hr_guest_table *t = w->t;
    const struct hr_guest_traits *traits = &t->traits[g];
    double penalty = storage->raid_write_penalty;
    double mixed = storage->read_frac + (1.0 - storage->read_frac) * penalty;
    struct hr_paging paging;
    hr_paging_of(t, g, &paging);
    out->page_reads_iops = HR_PAGES_PER_MIB * paging.faults_mibps / traits->paging_cluster;
    out->swap_reads_iops = HR_PAGES_PER_MIB * t->swap_hot_mib[g] / HR_ACTIVE_WINDOW_S;
    out->cache_reads_iops = traits->cache_reads_iops * hr_lost_cache_frac(t, g);
    double iops = t->power[g] == HR_GUEST_BOOTING ? hr_max(BOOT_IOPS, t->iops[g]) : t->iops[g];
    out->at_full_speed_iops = iops * mixed +
                              out->page_reads_iops * (1.0 + traits->dirty_share * penalty) +
                              out->swap_reads_iops + out->cache_reads_iops;
    out->regardless_iops =
        HR_PAGES_PER_MIB * w->decision[g].swap_mibps * penalty / SWAP_WRITE_CLUSTER;
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

/* The waits that do not hang on the latency; the others are set to 0. */
static void set_fixed_waits(const struct hr_world *w, uint32_t g, double *cause)
{
    const struct hr_guest_table *t = w->t;
    cause[HR_CAUSE_DECOMPRESSION] = HR_PAGES_PER_MIB * t->zip_hot_mib[g] / HR_ACTIVE_WINDOW_S *
                                    w->rules.decompress_us * 1e-6 / t->traits[g].overlap;
    cause[HR_CAUSE_TIER] = HR_PAGES_PER_MIB * t->tier_hot_mib[g] / HR_ACTIVE_WINDOW_S *
                           w->rules.tier_latency_us * 1e-6 / t->traits[g].overlap;
    cause[HR_CAUSE_BALLOON] = HR_BALLOON_COST * t->ballooned_mib[g] / t->size_mib[g];
    cause[HR_CAUSE_CPU] = w->cpu_wait[g];
}

/* Requires: the fixed waits set. Returns: the sum of all, before throttling. */
static inline double wait_at(const struct hr_world *w, uint32_t g, const struct hr_guest_io *io,
                             double latency_s, double *cause)
{
    const struct hr_guest_table *t = w->t;
    double overlap = t->traits[g].overlap;
    cause[HR_CAUSE_GUEST_PAGING] = io->page_reads_iops * latency_s / overlap;
    cause[HR_CAUSE_HOST_SWAP] = io->swap_reads_iops * latency_s / overlap;
    cause[HR_CAUSE_LOST_CACHE] = io->cache_reads_iops * latency_s / overlap;
    cause[HR_CAUSE_STORAGE] =
        t->iops[g] * (latency_s - w->pool_latency_s + w->pool_mirror_s) / overlap;
    if (t->host[g] != HR_NO_HOST) {
        cause[HR_CAUSE_STORAGE] += w->hosts[t->host[g]].io_wait;
    }
    double wait = 0.0;
    for (int c = 0; c < HR_CAUSE__COUNT; c++) {
        wait += cause[c];
    }
    return wait;
}

static void set_wait(struct hr_world *w, uint32_t g, const struct hr_guest_io *io)
{
    double *cause = w->cause_wait[g];
    set_fixed_waits(w, g, cause);
    double wait = wait_at(w, g, io, w->latency_s, cause);
    double throttled = (1.0 + wait) * w->decision[g].throttle - 1.0;
    cause[HR_CAUSE_HOST_SWAP] += throttled - wait;
    w->t->wait[g] = throttled;
    w->t->progress[g] = 1.0 / (1.0 + throttled);
}

static void set_host_io(struct hr_world *w, struct hr_host *host)
{
    for (uint32_t i = 0; i < host->n; i++) {
        io_of(w, host->ids[i], &w->io[host->ids[i]]);
    }
    host->io_is_fresh = true;
}

void hr_host_waits(struct hr_world *w, uint32_t h)
{
    struct hr_host *host = &w->hosts[h];
    if (!host->io_is_fresh) {
        set_host_io(w, host);
    }
    host->io_is_fresh = false;
    for (uint32_t i = 0; i < host->n; i++) {
        set_wait(w, host->ids[i], &w->io[host->ids[i]]);
    }
}

/* Load that the guests of one host put on the pool at its present latency. Requires:
 * set_host_io(). */
static double host_load(const struct hr_world *w, const struct hr_host *host)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < host->n; i++) {
        uint32_t g = host->ids[i];
        const struct hr_guest_io *io = &w->io[g];
        sum += w->t->progress[g] * io->at_full_speed_iops + io->regardless_iops;
    }
    return sum;
}

bool hr_pool_review(struct hr_world *w, uint32_t h)
{
    struct hr_host *host = &w->hosts[h];
    set_host_io(w, host);
    double changed = host_load(w, host) - host->pool_load_iops;
    if (changed <= POOL_CHANGE * w->pool_iops && changed >= -POOL_CHANGE * w->pool_iops) {
        return false;
    }
    double before_s = w->latency_s;
    hr_pool_solve(w);
    return w->latency_s > before_s * LATENCY_CHANGE || w->latency_s * LATENCY_CHANGE < before_s;
}

/* Works out for every guest what no latency changes. */
static void set_pool_io(struct hr_world *w)
{
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        struct hr_host *host = &w->hosts[h];
        set_host_io(w, host);
        for (uint32_t i = 0; i < host->n; i++) {
            set_fixed_waits(w, host->ids[i], w->cause_wait[host->ids[i]]);
        }
    }
}

/* Load of the pool when its latency is this: falls as latency rises. Requires: set_pool_io().
 */
static double pool_load_at(const struct hr_world *w, double latency_s)
{
    double sum = 0.0;
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        const struct hr_host *host = &w->hosts[h];
        for (uint32_t i = 0; i < host->n; i++) {
            uint32_t g = host->ids[i];
            const struct hr_guest_io *io = &w->io[g];
            double wait = wait_at(w, g, io, latency_s, w->cause_wait[g]);
            double throttled = (1.0 + wait) * w->decision[g].throttle - 1.0;
            sum += 1.0 / (1.0 + throttled) * io->at_full_speed_iops + io->regardless_iops;
        }
    }
    return sum;
}

/* Settles on a latency: all guests wait by it. */
static void set_pool_latency(struct hr_world *w, double latency_s)
{
    w->latency_s = latency_s;
    w->pool_load_iops = 0.0;
    for (uint32_t h = 0; h < w->n_hosts; h++) {
        struct hr_host *host = &w->hosts[h];
        host->pool_load_iops = 0.0;
        for (uint32_t i = 0; i < host->n; i++) {
            uint32_t g = host->ids[i];
            const struct hr_guest_io *io = &w->io[g];
            set_wait(w, g, io);
            double load = w->t->progress[g] * io->at_full_speed_iops + io->regardless_iops;
            w->pool_load_iops += load;
            host->pool_load_iops += load;
        }
    }
}

void hr_pool_solve(struct hr_world *w)
{
    set_pool_io(w);
    /* At the latency of an idle pool the load is greatest: an upper bound of the latency. */
    double low = w->pool_latency_s;
    double high = latency_at(w, pool_load_at(w, low));
    /* f(L) = latency_at(load(L)) - L falls: one root between low and high. */
    while (high - low > 0.001 * low) {
        double middle = 0.5 * (low + high);
        if (latency_at(w, pool_load_at(w, middle)) > middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    set_pool_latency(w, 0.5 * (low + high));
}
