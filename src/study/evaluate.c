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
                                .seed = options->seed};
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

/* The cause that adds most to a guest's slowdown. */
static enum hr_cause main_cause(const struct hr_guest_phase *phase)
{
    int main = 0;
    for (int c = 1; c < HR_CAUSE__COUNT; c++) {
        if (phase->cause_mean[c] > phase->cause_mean[main]) {
            main = c;
        }
    }
    return (enum hr_cause)main;
}

static char *slowdown_text(const struct hr_search *search, const struct hr_run_result *run,
                           enum hr_phase phase, double p95)
{
    uint32_t g = run->worst_guest[phase];
    const struct hr_guest_phase *guest = &run->guests[g].phase[phase];
    const char *when =
        phase == HR_PHASE_NORMAL ? "in normal operation" : "in the day after the host failure";
    double level = search->options->service_level.slowdown_p95_frac;
    if (run->hopeless) {
        return g_strdup_printf(
            "slowdown: %s over %.1f %% for more than a twentieth of the time %s "
            "(%s)",
            search->guests->items[g].name, level * 100.0, when,
            hr_cause_name(main_cause(guest)));
    }
    return g_strdup_printf("slowdown: p95 of %s %.1f %% over %.1f %% %s (%s)",
                           search->guests->items[g].name, p95 * 100.0, level * 100.0, when,
                           hr_cause_name(main_cause(guest)));
}

static const char *first_refused(const struct hr_search *search,
                                 const struct hr_run_result *run)
{
    for (uint32_t g = 0; g < run->n_guests; g++) {
        if (run->guests[g].refused) {
            return search->guests->items[g].name;
        }
    }
    return "";
}

/* Guests of priority high and medium that came back too late or not at all. */
static char *restart_text(const struct hr_search *search, const struct hr_run_result *run)
{
    double within_s = search->options->service_level.restart_within_s;
    uint32_t n_late = 0;
    uint32_t n_never = 0;
    const char *example = "";
    for (uint32_t g = 0; g < run->n_guests; g++) {
        const struct hr_guest_result *guest = &run->guests[g];
        if (!guest->lost_host || guest->restart_s <= within_s ||
            search->guests->items[g].priority == HR_PRIORITY_LOW) {
            continue;
        }
        example = n_late == 0 ? search->guests->items[g].name : example;
        n_late++;
        n_never += !guest->restarted;
    }
    if (n_never > 0) {
        return g_strdup_printf(
            "host failure: %u guests do not restart for lack of memory (%s …)", n_never,
            example);
    }
    return g_strdup_printf("host failure: %u guests are back later than %.0f minutes (%s …)",
                           n_late, within_s / 60.0, example);
}

/* What breaks over these runs, or NULL. Slowdowns count by their mean over the runs. */
static char *broken_level(const struct hr_search *search, const struct hr_run_result *runs,
                          int n)
{
    const struct hr_service_level *level = &search->options->service_level;
    for (int r = 0; r < n; r++) {
        if (runs[r].n_refused > 0) {
            return g_strdup_printf("memory: %u guests find no room at power-on (%s …)",
                                   runs[r].n_refused, first_refused(search, &runs[r]));
        }
        if (runs[r].restart_max_s > level->restart_within_s) {
            return restart_text(search, &runs[r]);
        }
    }
    for (int phase = 0; phase < HR_PHASE__COUNT; phase++) {
        double mean = 0.0;
        int worst = 0;
        for (int r = 0; r < n; r++) {
            mean += runs[r].slowdown_p95_worst[phase] / n;
            if (runs[r].slowdown_p95_worst[phase] > runs[worst].slowdown_p95_worst[phase]) {
                worst = r;
            }
        }
        if (mean > level->slowdown_p95_frac) {
            return slowdown_text(search, &runs[worst], (enum hr_phase)phase, mean);
        }
    }
    return NULL;
}

/* The main cause when every run breaks by a slowdown of the same cause, else HR_CAUSE__COUNT.
 */
static enum hr_cause slowdown_cause(const struct hr_search *search,
                                    const struct hr_run_result *runs, int n)
{
    double level = search->options->service_level.slowdown_p95_frac;
    enum hr_cause cause = HR_CAUSE__COUNT;
    for (int r = 0; r < n; r++) {
        int phase = runs[r].slowdown_p95_worst[HR_PHASE_NORMAL] > level ? HR_PHASE_NORMAL
                                                                        : HR_PHASE_FAILURE;
        const struct hr_guest_result *guest = &runs[r].guests[runs[r].worst_guest[phase]];
        enum hr_cause main = main_cause(&guest->phase[phase]);
        if (runs[r].n_refused > 0 ||
            runs[r].restart_max_s > search->options->service_level.restart_within_s) {
            return HR_CAUSE__COUNT; /* something else broke first */
        }
        if (runs[r].slowdown_p95_worst[phase] <= level || (r > 0 && main != cause)) {
            return HR_CAUSE__COUNT;
        }
        cause = main;
    }
    return cause;
}

/* Beyond doubt: a hard rule is broken, or a slowdown exceeds its level by a quarter. */
static bool clearly_breaks(const struct hr_search *search, const struct hr_run_result *run)
{
    const struct hr_service_level *level = &search->options->service_level;
    double most = level->slowdown_p95_frac * 1.25;
    return run->hopeless || run->n_refused > 0 ||
           run->restart_max_s > level->restart_within_s ||
           run->slowdown_p95_worst[HR_PHASE_NORMAL] > most ||
           run->slowdown_p95_worst[HR_PHASE_FAILURE] > most;
}

static bool each_breaks(const struct hr_search *search, const struct hr_run_result *runs, int n)
{
    for (int r = 0; r < n; r++) {
        if (!clearly_breaks(search, &runs[r])) {
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
    *out = (struct hr_evaluation){.verdict = HR_VERDICT_INFEASIBLE, .cause = HR_CAUSE__COUNT};
    struct batch batch = {
        .search = search,
        .scenario = hr_size_scenario(search->guests, search->platform, cluster, options),
        .stop_when_hopeless = true};
    out->constraint = admission_breaks(search, &batch.scenario);
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
    out->constraint = broken_level(search, out->runs, out->n_runs);
    if (out->constraint == NULL) {
        out->verdict = HR_VERDICT_FEASIBLE;
    } else {
        out->cause = slowdown_cause(search, out->runs, out->n_runs);
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
