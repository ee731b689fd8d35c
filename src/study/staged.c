/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buying in stages: the same servers, but each host in the month in which the guests that have
 * come by then, and what they ask for by then, need it. Storage is bought at the start for the
 * end. */
#include <math.h>

#include "study/search.h"

/* Disks in hosts come with them. */
static struct hr_cluster_spec part_of(const struct hr_cluster_spec *cluster, int n_hosts)
{
    struct hr_cluster_spec part = *cluster;
    part.n_hosts = n_hosts;
    if (cluster->storage->kind != HR_STORAGE_ARRAY) {
        part.n_disks = cluster->n_disks / cluster->n_hosts * n_hosts;
    }
    return part;
}

/* So many hosts with the disks that each has in the end hold all data. */
static bool holds_data(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                       int n_hosts)
{
    if (cluster->storage->kind == HR_STORAGE_ARRAY) {
        return true;
    }
    int needed = hr_size_disks(search->guests, search->platform, search->storage, n_hosts);
    return needed > 0 && needed <= part_of(cluster, n_hosts).n_disks;
}

/* The months at which each number of hosts is no longer enough. Fills stages in their order.
 * Returns: how many. */
static uint32_t plan(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                     struct hr_stage *stages)
{
    uint32_t n_stages = 0;
    int horizon = search->options->cost.years * 12;
    int last_month = -1; /* with the hosts bought so far */
    for (int n = search->options->spare_hosts + 1;
         n <= cluster->n_hosts && last_month < horizon; n++) {
        bool is_whole = n == cluster->n_hosts;
        struct hr_cluster_spec part = part_of(cluster, n);
        if (!is_whole && !holds_data(search, cluster, n)) {
            continue;
        }
        if (!is_whole && !hr_holds_at(search, &part, last_month + 1)) {
            continue; /* one host more gains nothing: then two */
        }
        if (n_stages == HR_STAGES_MAX) {
            stages[n_stages - 1].n_hosts = cluster->n_hosts; /* the rest at once */
            break;
        }
        if (n_stages > 0 && last_month <= stages[n_stages - 1].month) {
            stages[n_stages - 1].n_hosts = part.n_hosts; /* two hosts in one month */
        } else {
            stages[n_stages++] =
                (struct hr_stage){.month = MAX(0, last_month), .n_hosts = part.n_hosts};
        }
        last_month = is_whole ? horizon : hr_last_month(search, &part, last_month + 1, horizon);
    }
    return n_stages;
}

static int end_of(const struct hr_search *search, const struct hr_staged *staged, uint32_t k)
{
    return k + 1 == staged->n_stages ? search->options->cost.years * 12
                                     : staged->stages[k + 1].month;
}

/* What runs when: of the whole cluster its use is known, of fewer hosts it is simulated. */
static void find_periods(const struct hr_search *search, const struct hr_size_answer *answer,
                         struct hr_staged *out)
{
    GArray *periods = g_array_new(FALSE, FALSE, sizeof(struct hr_cost_period));
    for (uint32_t k = 0; k < out->n_stages; k++) {
        int from = out->stages[k].month;
        int to = end_of(search, out, k);
        struct hr_cluster_spec part = part_of(&answer->cluster, out->stages[k].n_hosts);
        struct hr_use use = answer->use;
        if (part.n_hosts < answer->cluster.n_hosts) {
            int first_end = MIN(to, (from / 12 + 1) * 12);
            int last_start = MAX(from, (to - 1) / 12 * 12);
            use = hr_use_between(search, &part, from + first_end, last_start + to);
        }
        hr_add_periods(search, part.n_hosts, &use, from, to, periods);
    }
    out->n_periods = periods->len;
    out->periods = (struct hr_cost_period *)(void *)g_array_free(periods, FALSE);
}

/* What a bill borrows. */
struct borrowed {
    struct hr_guests *guests;
    uint32_t *windows_max; /* the most Windows guests of each host */
};

/* The cluster of a stage, with the guests of its end: licences are bought for them. Returns:
 * what the bill borrows; the caller's. */
static struct borrowed fill_bill(const struct hr_search *search,
                                 const struct hr_size_answer *answer, uint32_t k,
                                 struct hr_cost_stage *bill)
{
    const struct hr_staged *staged = &answer->staged;
    struct hr_cluster_spec part = part_of(&answer->cluster, staged->stages[k].n_hosts);
    bool is_last = k + 1 == staged->n_stages;
    struct hr_guests *guests = hr_guests_at(search, end_of(search, staged, k));
    struct hr_search at_end = *search;
    at_end.guests = guests;
    uint32_t *windows_max = is_last
                                ? hr_windows_max(search, &part, answer->runs, answer->n_runs)
                                : hr_windows_max(&at_end, &part, NULL, 0);
    *bill =
        (struct hr_cost_stage){.month = staged->stages[k].month,
                               .input = {.platform = search->platform,
                                         .server = part.server,
                                         .memory = part.memory,
                                         .n_hosts = part.n_hosts,
                                         .storage = part.storage,
                                         .n_disks = part.n_disks,
                                         .n_guests = guests->n_running,
                                         .guests = guests->items,
                                         .n_windows_guests = guests->n_windows_server_running,
                                         .windows_max = windows_max,
                                         .cpu_util_mean = answer->cpu_util_mean,
                                         .disk_gib = search->guests->disk_gib,
                                         .periods = staged->periods,
                                         .n_periods = staged->n_periods}};
    return (struct borrowed){guests, windows_max};
}

bool hr_find_stages(const struct hr_search *search, struct hr_size_answer *answer,
                    GError **error)
{
    struct hr_staged *out = &answer->staged;
    *out = (struct hr_staged){0};
    if (!hr_size_grows(search->options)) {
        return true;
    }
    out->n_stages = plan(search, &answer->cluster, out->stages);
    if (out->n_stages < 2) {
        out->n_stages = 0; /* nothing can wait */
        return true;
    }
    find_periods(search, answer, out);
    struct hr_cost_stage bills[HR_STAGES_MAX];
    struct borrowed borrowed[HR_STAGES_MAX] = {{NULL, NULL}};
    struct hr_cost_risk risk;
    hr_find_risk(search, &answer->cluster, answer->runs, answer->n_runs, &risk);
    for (uint32_t k = 0; k < out->n_stages; k++) {
        borrowed[k] = fill_bill(search, answer, k, &bills[k]);
        bills[k].input.risk = &risk;
    }
    bool ok = hr_cost_compute_staged(bills, out->n_stages, &search->options->cost, search->book,
                                     &out->cost, error);
    out->bill = ok ? hr_kept_bill_new(bills, out->n_stages) : NULL;
    for (uint32_t k = 0; k < out->n_stages; k++) {
        g_free(borrowed[k].windows_max);
        hr_guests_free(borrowed[k].guests);
    }
    return ok;
}
