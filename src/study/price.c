/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a cluster and its runs to its cost. */
#include <math.h>

#include "study/search.h"

/* A spreadsheet's utilisation, for the power of the static floor. */
static const double FLOOR_CPU_UTIL = 0.30;
enum { MOST_HOSTS_FOR_DATA = 96 };

static struct hr_cost_input input_of(const struct hr_search *search,
                                     const struct hr_cluster_spec *cluster,
                                     const uint32_t *windows_max, double cpu_util)
{
    /* Present storage performs as one of its time, and is kept up as one that is sold. */
    const struct hr_storage *sold = search->storage;
    bool is_kept = search->kept != NULL && search->kept->has_storage;
    return (struct hr_cost_input){
        .platform = search->platform,
        .server = cluster->server,
        .memory = cluster->memory,
        .n_hosts = cluster->n_hosts,
        .kept = search->kept,
        .storage = is_kept ? sold : cluster->storage,
        .n_disks = is_kept
                       ? hr_size_disks(search->guests, search->platform, sold, cluster->n_hosts)
                       : cluster->n_disks,
        .n_guests = search->guests->n_running,
        .guests = search->guests->items,
        .n_windows_guests = search->guests->n_windows_server_running,
        .windows_max = windows_max,
        .cpu_util_mean = cpu_util,
        .disk_gib = search->guests->disk_gib};
}

void hr_find_risk(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                  const struct hr_run_result *runs, int n_runs, struct hr_cost_risk *out)
{
    const struct hr_guests *guests = search->guests;
    double n_failed = MAX(1, search->options->spare_hosts);
    *out = (struct hr_cost_risk){.n_hosts = cluster->n_hosts};
    for (uint32_t g = 0; g < guests->n_running; g++) {
        enum hr_priority class = guests->items[g].priority;
        out->n_guests[class]++;
        for (int r = 0; r < n_runs && search->options->spare_hosts > 0; r++) {
            double down_s = runs[r].guests[g].phase[HR_PHASE_FAILURE].down_s;
            out->down_min[class] += down_s / 60.0 / n_failed / n_runs;
        }
    }
    for (int r = 0; r < n_runs; r++) {
        out->waiting_min_year += (runs[r].swapped_min + runs[r].paged_min) *
                                 (365.0 / search->options->days) / n_runs;
    }
}

uint32_t hr_survivors(int n_hosts, int spare_hosts)
{
    return (uint32_t)MAX(1, n_hosts - spare_hosts);
}

uint32_t *hr_windows_max(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                         const struct hr_run_result *runs, int n_runs)
{
    /* Any host may fail, and its guests go to any other: what the runs showed is no less than
     * the even spread over the survivors. */
    uint32_t n_hosts = (uint32_t)cluster->n_hosts;
    uint32_t survivors = hr_survivors(cluster->n_hosts, search->options->spare_hosts);
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

/* The years of a cluster that stays as it is. Without growth they are all the same, and the
 * bill need not tell them apart. */
static GArray *years_of(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                        const struct hr_use *use, struct hr_cost_input *input)
{
    GArray *periods = g_array_new(FALSE, FALSE, sizeof(struct hr_cost_period));
    hr_add_periods(search, cluster->n_hosts, use, 0, 12 * search->options->cost.years, periods);
    if (hr_size_grows(search->options)) {
        input->periods = (const struct hr_cost_period *)(const void *)periods->data;
        input->n_periods = periods->len;
    }
    return periods;
}

bool hr_price_cluster(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                      const struct hr_run_result *runs, int n_runs, struct hr_priced *out,
                      GError **error)
{
    struct hr_priced priced = {.use = hr_use_of_runs(search, cluster, runs, n_runs)};
    g_autofree uint32_t *windows_max = hr_windows_max(search, cluster, runs, n_runs);
    struct hr_cost_input input = input_of(search, cluster, windows_max, priced.use.late_frac);
    struct hr_cost_risk risk;
    hr_find_risk(search, cluster, runs, n_runs, &risk);
    input.risk = &risk;
    priced.periods = years_of(search, cluster, &priced.use, &input);
    if (!hr_cost_compute(&input, &search->options->cost, search->book, &priced.cost, error)) {
        hr_priced_clear(&priced);
        return false;
    }
    const struct hr_cost_stage all = {.input = input};
    priced.bill = hr_kept_bill_new(&all, 1);
    *out = priced;
    return true;
}

void hr_priced_clear(struct hr_priced *priced)
{
    hr_cost_clear(&priced->cost);
    g_clear_pointer(&priced->periods, g_array_unref);
    g_clear_pointer(&priced->bill, hr_kept_bill_free);
}

/* Each replication has a use of processors of its own; that of other loads than the last was
 * simulated with the first ones only, and is taken to differ alike. */
bool hr_price_interval(const struct hr_search *search, struct hr_size_answer *answer,
                       GError **error)
{
    const struct hr_size_options *options = search->options;
    const struct hr_prices prices = hr_prices_of_book(search->book);
    g_autofree double *shift = g_new(double, (gsize)answer->n_runs);
    double mean = 0.0;
    for (int r = 0; r < answer->n_runs; r++) {
        mean += answer->runs[r].cpu_util_mean / answer->n_runs;
    }
    for (int r = 0; r < answer->n_runs; r++) {
        shift[r] = answer->runs[r].cpu_util_mean - mean;
    }
    return hr_kept_bill_interval(hr_size_bill(answer, options->buy_staged), &options->cost,
                                 &prices, shift, answer->n_runs, &answer->tco_interval, error);
}

static bool bounds_from(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                        const struct hr_prices *prices, int64_t *capex_cents,
                        int64_t *tco_cents, GError **error)
{
    struct hr_use idle = {0};
    g_autofree uint32_t *windows_max = hr_windows_max(search, cluster, NULL, 0);
    struct hr_cost_input input = input_of(search, cluster, windows_max, 0.0);
    GArray *periods = years_of(search, cluster, &idle, &input); /* input borrows it */
    bool ok = hr_cost_lower_bounds_from(&input, &search->options->cost, prices, capex_cents,
                                        tco_cents, error);
    g_array_unref(periods);
    return ok;
}

bool hr_price_lower_bound(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                          int64_t *tco_cents, GError **error)
{
    const struct hr_prices prices = hr_prices_of_book(search->book);
    int64_t capex_cents = 0;
    return bounds_from(search, cluster, &prices, &capex_cents, tco_cents, error);
}

bool hr_price_lower_bounds(const struct hr_search *search,
                           const struct hr_cluster_spec *cluster, int64_t *capex_cents,
                           int64_t *tco_cents, GError **error)
{
    const struct hr_prices prices = hr_prices_of_book(search->book);
    return bounds_from(search, cluster, &prices, capex_cents, tco_cents, error);
}

bool hr_price_watts_max(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                        double *watts, GError **error)
{
    struct hr_cost_input input = input_of(search, cluster, NULL, 0.0);
    return hr_cost_watts_max(&input, &search->options->cost, search->book, watts, error);
}

struct hr_kept_bill *hr_keep_unsimulated(const struct hr_search *search,
                                         const struct hr_cluster_spec *cluster)
{
    struct hr_use idle = {0};
    g_autofree uint32_t *windows_max = hr_windows_max(search, cluster, NULL, 0);
    struct hr_cost_stage all = {.input = input_of(search, cluster, windows_max, 0.0)};
    GArray *periods = years_of(search, cluster, &idle, &all.input);
    struct hr_kept_bill *bill = hr_kept_bill_new(&all, 1);
    g_array_unref(periods);
    return bill;
}

/* A spreadsheet's cost: one utilisation in every year, but each year's guests. */
static bool price_floor(const struct hr_search *search, struct hr_size_floor *floor,
                        GError **error)
{
    struct hr_use use = {.early_frac = FLOOR_CPU_UTIL, .late_frac = FLOOR_CPU_UTIL};
    g_autofree uint32_t *windows_max = hr_windows_max(search, &floor->cluster, NULL, 0);
    struct hr_cost_input input = input_of(search, &floor->cluster, windows_max, FLOOR_CPU_UTIL);
    GArray *periods = years_of(search, &floor->cluster, &use, &input);
    bool ok =
        hr_cost_compute(&input, &search->options->cost, search->book, &floor->cost, error);
    g_array_unref(periods);
    return ok;
}

/* As many hosts as the floor says, or as the disks in them must be to hold the data. */
static void hold_data(const struct hr_search *search, struct hr_size_floor *floor)
{
    struct hr_cluster_spec *cluster = &floor->cluster;
    int n = floor->floor.hosts;
    do {
        cluster->n_hosts = n;
        cluster->n_disks = hr_size_disks(search->guests, search->platform, search->storage, n);
    } while (cluster->n_disks == 0 && ++n <= MOST_HOSTS_FOR_DATA);
}

bool hr_find_floor(const struct hr_search *search, struct hr_size_floor *out, GError **error)
{
    bool found = false;
    bool allowed = false;
    struct hr_size_floor best = {0};
    for (const struct hr_server **s = search->servers; *s != NULL; s++) {
        for (size_t m = 0; m < (*s)->n_memory; m++) {
            struct hr_size_floor floor = {.cluster = {.server = *s,
                                                      .memory = (*s)->memory[m],
                                                      .storage = search->storage}};
            hr_floor_of(search->guests, search->platform, &floor.cluster,
                        search->options->spare_hosts, &floor.floor);
            hold_data(search, &floor);
            if (!price_floor(search, &floor, error)) {
                hr_cost_clear(&best.cost);
                return false;
            }
            /* One that may not be bought stands there only where none may. */
            g_autofree char *limit = hr_platform_excludes(search->platform, &floor.cluster,
                                                          search->guests->n_running);
            bool is_better = allowed == (limit == NULL)
                                 ? floor.cost.tco_cents < best.cost.tco_cents
                                 : limit == NULL;
            if (!found || is_better) {
                hr_cost_clear(&best.cost);
                best = floor;
                found = true;
                allowed = limit == NULL;
            } else {
                hr_cost_clear(&floor.cost);
            }
        }
    }
    *out = best;
    return true;
}
