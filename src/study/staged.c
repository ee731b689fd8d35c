/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buying in stages: the same servers, but each host in the month in which the guests that have
 * come by then need it. Storage is bought at the start for the end. */
#include <math.h>

#include "study/search.h"

/* Months until n guests have become most at a growth; 0 when they already are. */
static double months_until(double n, double most, double growth_pct)
{
    return most <= n ? 0.0 : 12.0 * log(most / n) / log(1.0 + growth_pct / 100.0);
}

/* Guests at a month, and of them Windows Server ones. */
static void count_at(const struct hr_search *search, double month, uint32_t *n_guests,
                     uint32_t *n_windows)
{
    uint32_t n_more =
        hr_growth_guests(search->today->n_running, search->options->growth_pct, month);
    struct hr_guests *guests = hr_guests_grown(search->today, n_more);
    *n_guests = guests->n_running;
    *n_windows = guests->n_windows_server_running;
    hr_guests_free(guests);
}

/* The months at which each number of hosts is no longer enough. Fills stages in their order.
 * Returns: how many; 0 when not even the whole cluster holds the guests of today. */
static uint32_t plan(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                     struct hr_stage *stages)
{
    uint32_t n_stages = 0;
    double horizon = search->options->cost.years * 12.0;
    double full_month = 0.0;
    struct hr_cluster_spec part = *cluster;
    for (part.n_hosts = search->options->spare_hosts + 1; part.n_hosts <= cluster->n_hosts;
         part.n_hosts++) {
        struct hr_reserve_found found = {0};
        bool is_whole = part.n_hosts == cluster->n_hosts;
        if (!is_whole && !hr_find_more(search, &part, &found)) {
            continue; /* too few for today */
        }
        if (n_stages > 0 && (int)full_month <= stages[n_stages - 1].month) {
            stages[n_stages - 1].n_hosts = part.n_hosts; /* two hosts in one month */
        } else if (n_stages < HR_STAGES_MAX) {
            int month = n_stages == 0 ? 0 : (int)full_month;
            stages[n_stages] = (struct hr_stage){.month = month, .n_hosts = part.n_hosts};
            n_stages++;
        }
        double n = search->today->n_running;
        full_month = months_until(n, n + found.more_guests, search->options->growth_pct);
        if (full_month >= horizon) {
            break;
        }
    }
    return n_stages;
}

bool hr_find_stages(const struct hr_search *search, const struct hr_size_answer *answer,
                    struct hr_staged *out, GError **error)
{
    *out = (struct hr_staged){0};
    if (search->options->growth_pct <= 0.0) {
        return true;
    }
    out->n_stages = plan(search, &answer->cluster, out->stages);
    if (out->n_stages < 2) {
        out->n_stages = 0; /* nothing can wait */
        return true;
    }
    struct hr_cost_stage bills[HR_STAGES_MAX];
    g_autofree uint32_t *windows_max =
        g_new0(uint32_t, (gsize)answer->cluster.n_hosts * HR_STAGES_MAX);
    for (uint32_t k = 0; k < out->n_stages; k++) {
        bool last = k + 1 == out->n_stages;
        double end = last ? search->options->cost.years * 12.0 : out->stages[k + 1].month;
        uint32_t n_guests = 0;
        uint32_t n_windows = 0;
        count_at(search, end, &n_guests, &n_windows);
        int n_hosts = out->stages[k].n_hosts;
        uint32_t survivors = (uint32_t)MAX(1, n_hosts - search->options->spare_hosts);
        uint32_t *most = windows_max + (size_t)k * (size_t)answer->cluster.n_hosts;
        for (int h = 0; h < n_hosts; h++) {
            most[h] = (n_windows + survivors - 1) / survivors;
        }
        bills[k] = (struct hr_cost_stage){.month = out->stages[k].month,
                                          .input = {.platform = search->platform,
                                                    .server = answer->cluster.server,
                                                    .memory = answer->cluster.memory,
                                                    .n_hosts = n_hosts,
                                                    .storage = answer->cluster.storage,
                                                    .n_disks = answer->cluster.n_disks,
                                                    .n_guests = n_guests,
                                                    .n_windows_guests = n_windows,
                                                    .windows_max = most,
                                                    .cpu_util_mean = answer->cpu_util_mean}};
    }
    return hr_cost_compute_staged(bills, out->n_stages, &search->options->cost, search->book,
                                  &out->cost, error);
}
