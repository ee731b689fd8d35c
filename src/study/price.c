/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a cluster and its runs to its cost. */
#include <math.h>

#include "study/search.h"

/* A spreadsheet's utilisation, for the power of the static floor. */
static const double FLOOR_CPU_UTIL = 0.30;

static struct hr_cost_input input_of(const struct hr_search *search,
                                     const struct hr_cluster_spec *cluster,
                                     const uint32_t *windows_max, double cpu_util)
{
    return (struct hr_cost_input){.platform = search->platform,
                                  .server = cluster->server,
                                  .memory = cluster->memory,
                                  .n_hosts = cluster->n_hosts,
                                  .storage = cluster->storage,
                                  .n_disks = cluster->n_disks,
                                  .n_guests = search->guests->n_running,
                                  .n_windows_guests = search->guests->n_windows_server_running,
                                  .windows_max = windows_max,
                                  .cpu_util_mean = cpu_util};
}

/* The most Windows guests a host may ever hold. Any host may fail, and its guests go to any
 * other: what the runs showed is no less than the even spread over the survivors. */
static uint32_t *windows_max_of(const struct hr_search *search,
                                const struct hr_cluster_spec *cluster,
                                const struct hr_run_result *runs, int n_runs)
{
    uint32_t n_hosts = (uint32_t)cluster->n_hosts;
    uint32_t survivors = MAX(1U, n_hosts - (uint32_t)search->options->spare_hosts);
    uint32_t even = (search->guests->n_windows_server_running + survivors - 1) / survivors;
    uint32_t most = even;
    for (int r = 0; r < n_runs; r++) {
        for (uint32_t h = 0; h < n_hosts; h++) {
            most = MAX(most, runs[r].hosts[h].windows_guests_max);
        }
    }
    uint32_t *windows_max = g_new(uint32_t, n_hosts);
    for (uint32_t h = 0; h < n_hosts; h++) {
        windows_max[h] = most;
    }
    return windows_max;
}

bool hr_price_cluster(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                      const struct hr_run_result *runs, int n_runs, struct hr_cost *out,
                      GError **error)
{
    double util = 0.0;
    for (int r = 0; r < n_runs; r++) {
        util += runs[r].cpu_util_mean / n_runs;
    }
    g_autofree uint32_t *windows_max = windows_max_of(search, cluster, runs, n_runs);
    struct hr_cost_input input = input_of(search, cluster, windows_max, util);
    return hr_cost_compute(&input, &search->options->cost, search->book, out, error);
}

bool hr_price_lower_bound(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                          int64_t *tco_cents, GError **error)
{
    g_autofree uint32_t *windows_max = windows_max_of(search, cluster, NULL, 0);
    struct hr_cost_input input = input_of(search, cluster, windows_max, 0.0);
    return hr_cost_lower_bound(&input, &search->options->cost, search->book, tco_cents, error);
}

static bool price_floor(const struct hr_search *search, struct hr_size_floor *floor,
                        GError **error)
{
    g_autofree uint32_t *windows_max = windows_max_of(search, &floor->cluster, NULL, 0);
    struct hr_cost_input input = input_of(search, &floor->cluster, windows_max, FLOOR_CPU_UTIL);
    return hr_cost_compute(&input, &search->options->cost, search->book, &floor->cost, error);
}

bool hr_find_floor(const struct hr_search *search, struct hr_size_floor *out, GError **error)
{
    bool found = false;
    struct hr_size_floor best = {0};
    for (const struct hr_server **s = search->options->servers; *s != NULL; s++) {
        for (size_t m = 0; m < (*s)->n_memory; m++) {
            struct hr_size_floor floor = {.cluster = {.server = *s,
                                                      .memory = (*s)->memory[m],
                                                      .storage = search->options->storage}};
            hr_floor_of(search->guests, search->platform, &floor.cluster,
                        search->options->spare_hosts, &floor.floor);
            floor.cluster.n_hosts = floor.floor.hosts;
            floor.cluster.n_disks =
                hr_size_disks(search->guests, search->platform, search->options->storage);
            if (!price_floor(search, &floor, error)) {
                hr_cost_clear(&best.cost);
                return false;
            }
            if (!found || floor.cost.tco_cents < best.cost.tco_cents) {
                hr_cost_clear(&best.cost);
                best = floor;
                found = true;
            } else {
                hr_cost_clear(&floor.cost);
            }
        }
    }
    *out = best;
    return true;
}
