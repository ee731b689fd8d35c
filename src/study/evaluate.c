/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulates one cluster: two replications first; when both break the same service level
 * clearly, that is the verdict, else all of them. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/units.h"
#include "study/pool.h"
#include "study/search.h"

enum { FIRST_LOOK = 2 };

struct hr_scenario hr_size_scenario(const struct hr_guests *guests,
                                    const struct hr_platform *platform,
                                    const struct hr_cluster_spec *cluster,
                                    const struct hr_size_options *options)
{
    return (struct hr_scenario){.guests = guests,
                                .platform = platform,
                                .cluster = *cluster,
                                .spare_hosts = options->spare_hosts,
                                .days = options->days,
                                .step_s = 300.0,
                                .failure_tail_h = HR_FAILURE_TAIL_H,
                                .service_level = options->service_level,
                                .seed = options->seed,
                                .demand_factor =
                                    hr_demand_factor(options, options->cost.years * 12.0)};
}

struct batch {
    const struct hr_search *search;
    struct hr_scenario scenario;
    struct hr_run_result *runs;
    int first; /* replication of task 0 */
    bool record_series;
    bool stop_when_hopeless;
};

static void run_one(void *context, uint32_t index)
{
    struct batch *batch = context;
    int replication = batch->first + (int)index;
    bool own = false;
    struct hr_load *load = hr_loads_take(batch->search->loads, replication, &own);
    struct hr_run_options options = {.replication = (uint32_t)replication,
                                     .record_series = batch->record_series,
                                     .stop_when_hopeless = batch->stop_when_hopeless};
    hr_run(&batch->scenario, load, &options, &batch->runs[replication]);
    if (own) {
        hr_load_free(load);
    }
}

struct hr_estimate hr_estimate_of(const double *values, int n)
{
    double mean = 0.0;
    for (int i = 0; i < n; i++) {
        mean += values[i] / n;
    }
    double squares = 0.0;
    for (int i = 0; i < n; i++) {
        squares += (values[i] - mean) * (values[i] - mean);
    }
    double half = n > 1 ? gsl_cdf_tdist_Pinv(0.975, n - 1) * sqrt(squares / (n - 1) / n) : 0.0;
    return (struct hr_estimate){
        .mean = mean, .low = fmax(0.0, mean - half), .high = mean + half};
}

static bool each_breaks(const struct hr_search *search, const struct hr_run_result *runs, int n)
{
    for (int r = 0; r < n; r++) {
        if (!hr_clearly_breaks(&search->options->service_level, &runs[r])) {
            return false;
        }
    }
    return true;
}

static void count(const struct hr_search *search, const struct hr_run_result *runs, int n)
{
    for (int r = 0; r < n; r++) {
        search->totals->guest_samples += runs[r].simulated_guest_samples;
        search->totals->n_solves += runs[r].n_solves;
        search->totals->n_runs++;
    }
}

/* Admission alone, by packing, with all hosts and with the survivors of a failure. */
static char *admission_breaks(const struct hr_search *search,
                              const struct hr_scenario *scenario)
{
    bool own = false;
    struct hr_load *load = hr_loads_take(search->loads, 0, &own);
    double short_mib = 0.0;
    int hosts = scenario->cluster.n_hosts;
    char *broken = NULL;
    uint32_t g = hr_run_first_refused(scenario, load, hosts, HR_PRIORITY_LOW, &short_mib);
    if (g != UINT32_MAX) {
        broken = g_strdup_printf("memory: %s finds no room at power-on (%.1f GiB short)",
                                 search->guests->items[g].name, hr_mib_to_gib(short_mib));
    } else if (scenario->spare_hosts > 0) {
        int survivors = hosts - scenario->spare_hosts;
        g = hr_run_first_refused(scenario, load, survivors, HR_PRIORITY_MEDIUM, &short_mib);
        if (g != UINT32_MAX) {
            broken = g_strdup_printf("memory after host failure: %s finds no room on the %d "
                                     "surviving hosts (%.1f GiB short)",
                                     search->guests->items[g].name, survivors,
                                     hr_mib_to_gib(short_mib));
        }
    }
    if (own) {
        hr_load_free(load);
    }
    return broken;
}

void hr_evaluate(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                 struct hr_evaluation *out)
{
    const struct hr_size_options *options = search->options;
    const struct hr_service_level *level = &options->service_level;
    *out = (struct hr_evaluation){.verdict = HR_VERDICT_INFEASIBLE, .cause = HR_CAUSE__COUNT};
    struct batch batch = {
        .search = search,
        .scenario = hr_size_scenario(search->guests, search->platform, cluster, options),
        .stop_when_hopeless = true};
    out->constraint =
        hr_platform_excludes(search->platform, cluster, search->guests->n_running);
    if (out->constraint == NULL) {
        out->constraint = hr_storage_excludes(cluster, options->spare_hosts);
    }
    if (out->constraint == NULL) {
        out->constraint = admission_breaks(search, &batch.scenario);
    }
    if (out->constraint != NULL) {
        out->verdict = HR_VERDICT_EXCLUDED;
        return;
    }
    int n = options->replications;
    out->runs = g_new0(struct hr_run_result, (gsize)n);
    batch.runs = out->runs;
    int n_first = MIN(FIRST_LOOK, n);
    hr_pool_run(options->n_threads, (uint32_t)n_first, run_one, &batch);
    out->n_runs = n_first;
    out->is_clear = each_breaks(search, out->runs, n_first);
    if (n > n_first && !out->is_clear) {
        /* From here on every run counts in a mean: none may end early. Those of the first look
         * that did are broken beyond doubt and run again whole. */
        batch.stop_when_hopeless = false;
        for (int r = 0; r < n_first; r++) {
            if (out->runs[r].hopeless) {
                hr_run_result_free(&out->runs[r]);
                batch.first = r;
                run_one(&batch, 0);
            }
        }
        batch.first = n_first;
        hr_pool_run(options->n_threads, (uint32_t)(n - n_first), run_one, &batch);
        out->n_runs = n;
    }
    count(search, out->runs, out->n_runs);
    out->constraint = hr_broken_level(search->guests, level, out->runs, out->n_runs);
    if (out->constraint == NULL) {
        out->verdict = HR_VERDICT_FEASIBLE;
    } else {
        out->cause = hr_slowdown_cause(level, out->runs, out->n_runs);
    }
}

void hr_evaluation_clear(struct hr_evaluation *evaluation)
{
    for (int r = 0; r < evaluation->n_runs; r++) {
        hr_run_result_free(&evaluation->runs[r]);
    }
    g_free(evaluation->runs);
    g_free(evaluation->constraint);
    *evaluation = (struct hr_evaluation){0};
}

double hr_evaluate_use(const struct hr_search *search, const struct hr_cluster_spec *cluster)
{
    int n = search->options->replications;
    struct batch batch = {.search = search,
                          .scenario = hr_size_scenario(search->guests, search->platform,
                                                       cluster, search->options),
                          .runs = g_new0(struct hr_run_result, (gsize)n)};
    batch.scenario.spare_hosts = 0;
    hr_pool_run(search->options->n_threads, (uint32_t)n, run_one, &batch);
    count(search, batch.runs, n);
    double use = 0.0;
    for (int r = 0; r < n; r++) {
        use += batch.runs[r].cpu_util_mean / n;
        hr_run_result_free(&batch.runs[r]);
    }
    g_free(batch.runs);
    return use;
}

void hr_evaluate_series(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                        struct hr_run_result *first)
{
    struct batch batch = {.search = search,
                          .scenario = hr_size_scenario(search->guests, search->platform,
                                                       cluster, search->options),
                          .runs = first,
                          .record_series = true};
    hr_run_result_free(first);
    run_one(&batch, 0);
}
