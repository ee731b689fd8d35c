/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/simulate.h"

#include <math.h>

#include "base/error.h"
#include "base/units.h"
#include "study/pool.h"
#include "study/save_runs.h"
#include "study/search.h"

/* What the loads held at one time may take, and what one may take at most. */
static const size_t MOST_BATCH_BYTES = (size_t)1 << 30;
static const size_t MOST_LOAD_BYTES = (size_t)8 << 30;
/* What the samples of all platforms may take. */
static const double MOST_SAMPLE_BYTES = (double)(1 << 30);

/* Some replications, whose loads are made once and shared by all platforms. */
struct batch {
    struct hr_simulate_result *result;
    const struct hr_guests *guests;
    struct hr_load_guest *load_guests;
    struct hr_load_params params; /* replication is set per load */
    struct hr_load **loads;
    bool record_samples;
    uint32_t first; /* replication of loads[0] */
    uint32_t n;
};

static void make_load(void *context, uint32_t index)
{
    struct batch *batch = context;
    struct hr_load_params params = batch->params;
    params.replication = batch->first + index;
    batch->loads[index] = hr_load_make(batch->load_guests, batch->guests->n_running, &params);
    hr_guests_demand_by_hand(batch->guests, batch->loads[index]);
}

/* Tasks count replications fastest, then platforms. */
static void run_one(void *context, uint32_t index)
{
    struct batch *batch = context;
    struct hr_simulated *simulated = &batch->result->platforms[index / batch->n];
    uint32_t replication = batch->first + index % batch->n;
    struct hr_run_options options = {.replication = replication,
                                     .record_series = replication == 0,
                                     .record_memory = true,
                                     .record_samples =
                                         replication == 0 && batch->record_samples};
    hr_run(&simulated->scenario, batch->loads[index % batch->n], &options,
           &simulated->runs[replication]);
}

static void run_batch(struct batch *batch, int n_threads)
{
    hr_pool_run(n_threads, batch->n, make_load, batch);
    hr_pool_run(n_threads, batch->n * batch->result->n_platforms, run_one, batch);
    for (uint32_t i = 0; i < batch->n; i++) {
        hr_load_free(batch->loads[i]);
        batch->loads[i] = NULL;
    }
}

static void summarise(struct hr_simulated *s)
{
    const struct hr_guests *guests = s->scenario.guests;
    for (int r = 0; r < s->n_runs; r++) {
        for (int p = 0; p < HR_PHASE__COUNT; p++) {
            s->slowdown_p95[p] += s->runs[r].slowdown_p95_worst[p] / s->n_runs;
        }
    }
    double configured = 0.0;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        configured += guests->items[g].size_mib;
    }
    const struct hr_cluster_spec *cluster = &s->scenario.cluster;
    s->overcommit_ratio = configured / hr_cluster_memory_mib(cluster);
    s->broken = hr_broken_level(guests, &s->scenario.service_level, s->runs, s->n_runs);
}

/* One row per platform of the file, with the disks its guests need where none are given. */
static void begin(const struct hr_scenario_file *file, struct hr_simulate_result *out)
{
    out->n_platforms = file->n_variants;
    out->platforms = g_new0(struct hr_simulated, out->n_platforms);
    for (uint32_t p = 0; p < out->n_platforms; p++) {
        struct hr_simulated *s = &out->platforms[p];
        s->scenario = hr_scenario_on(file, p);
        struct hr_cluster_spec *cluster = &s->scenario.cluster;
        if (cluster->n_disks == 0) {
            cluster->n_disks = hr_size_disks(s->scenario.guests, s->scenario.platform,
                                             cluster->storage, cluster->n_hosts);
        }
        s->n_runs = file->replications;
        s->runs = g_new0(struct hr_run_result, (gsize)s->n_runs);
    }
}

/* Both bounds are on guests and steps, and so is the remedy. */
static bool check_size(const struct hr_scenario_file *file, bool record_samples, GError **error)
{
    const struct hr_scenario *s = &file->scenario;
    uint32_t n_guests = file->guests->n_running;
    uint32_t n_steps = hr_run_steps(s);
    size_t bytes = hr_load_bytes(n_guests, n_steps);
    if (bytes > MOST_LOAD_BYTES) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "the demand of %u guests over %u steps takes %.0f GiB; fewer days or "
                    "longer steps (run.days, run.step_s) take less",
                    n_guests, n_steps, (double)bytes / (double)(1 << 30));
        return false;
    }
    /* The failure branch adds its own steps and two moments: its begin and its end. */
    double n_moments = hr_run_day_steps(s) + 1.0;
    n_moments += s->spare_hosts > 0 ? (double)(n_steps - hr_run_day_steps(s)) + 2.0 : 0.0;
    double sample_bytes = n_moments * file->n_variants *
                          ((double)n_guests * (double)sizeof(struct hr_guest_sample) +
                           (double)s->cluster.n_hosts * (double)sizeof(struct hr_host_sample));
    if (record_samples && sample_bytes > MOST_SAMPLE_BYTES) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "the series of %u guests and %d hosts over %.0f steps on %u platforms has "
                    "more rows than can be held; fewer days or platforms or longer steps "
                    "(run.days, run.step_s) make fewer",
                    n_guests, s->cluster.n_hosts, n_moments, file->n_variants);
        return false;
    }
    return true;
}

bool hr_simulate(const struct hr_scenario_file *file, const struct hr_simulate_options *options,
                 struct hr_simulate_result *out, GError **error)
{
    const struct hr_scenario *s = &file->scenario;
    uint32_t n_guests = file->guests->n_running;
    uint32_t n_steps = hr_run_steps(s);
    size_t bytes = hr_load_bytes(n_guests, n_steps);
    if (!check_size(file, options->record_samples, error)) {
        return false;
    }
    struct hr_simulate_result result = {0};
    begin(file, &result);
    uint32_t n_runs = (uint32_t)file->replications;
    uint32_t most = (uint32_t)MIN(n_runs, MAX(1, MOST_BATCH_BYTES / MAX(1, bytes)));
    struct batch batch = {
        .result = &result,
        .guests = file->guests,
        .record_samples = options->record_samples,
        .load_guests = g_new0(struct hr_load_guest, n_guests),
        .params = {.seed = s->seed,
                   .step_us = hr_s_to_us(s->step_s),
                   .n_steps = n_steps,
                   .start_weekday = 0, /* the Monday on which sizing begins too */
                   .start_day_of_month = 31,
                   .start_month = 8,
                   .start_year = 2026,
                   .demand_factor = s->demand_factor},
        .loads = g_new0(struct hr_load *, most),
    };
    hr_guests_to_load(file->guests, batch.load_guests);
    for (batch.first = 0; batch.first < n_runs; batch.first += batch.n) {
        batch.n = MIN(most, n_runs - batch.first);
        hr_progress_say(options->progress, "replication %u of %u", batch.first + 1, n_runs);
        run_batch(&batch, options->n_threads);
    }
    g_free(batch.loads);
    g_free(batch.load_guests);
    for (uint32_t p = 0; p < result.n_platforms; p++) {
        summarise(&result.platforms[p]);
    }
    *out = result;
    return true;
}

void hr_simulate_result_clear(struct hr_simulate_result *result)
{
    for (uint32_t p = 0; p < result->n_platforms; p++) {
        struct hr_simulated *s = &result->platforms[p];
        for (int r = 0; r < s->n_runs; r++) {
            hr_run_result_free(&s->runs[r]);
        }
        g_free(s->runs);
        g_free(s->broken);
    }
    g_free(result->platforms);
    *result = (struct hr_simulate_result){0};
}

struct hr_cost_input hr_simulated_cost_input(const struct hr_simulated *simulated,
                                             uint32_t **windows_max)
{
    const struct hr_scenario *s = &simulated->scenario;
    struct hr_size_options options = {.spare_hosts = s->spare_hosts};
    struct hr_search search = {.guests = s->guests, .options = &options};
    *windows_max = hr_windows_max(&search, &s->cluster, simulated->runs, simulated->n_runs);
    struct hr_cost_input input = {.platform = s->platform,
                                  .server = s->cluster.server,
                                  .memory = s->cluster.memory,
                                  .n_hosts = s->cluster.n_hosts,
                                  .storage = s->cluster.storage,
                                  .n_disks = s->cluster.n_disks,
                                  .n_guests = s->guests->n_running,
                                  .n_windows_guests = s->guests->n_windows_server_running,
                                  .windows_max = *windows_max};
    for (int r = 0; r < simulated->n_runs; r++) {
        input.cpu_util_mean += simulated->runs[r].cpu_util_mean / simulated->n_runs;
    }
    return input;
}
