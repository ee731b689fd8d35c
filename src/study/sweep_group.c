/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/sweep_group.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

/* A group under way. */
struct work {
    const struct hr_sweep_job *job;
    hr_load_cache *loads;
    struct hr_sweep_group *group;
    const uint32_t *points; /* of the design */
    struct hr_axis_level values[HR_DESIGN_AXES_MAX];
    struct hr_scenario_file *file;
    struct hr_scenario scenario;
    bool is_priced;
    struct hr_run_result *runs;
    int n_runs;
};

static const char *keep_text(struct hr_sweep_group *group, char *text)
{
    g_ptr_array_add(group->texts, text);
    return text;
}

/* ---- rows ---- */

/* Where the point stands, whatever becomes of it. */
static const char *platform_of(const struct work *w)
{
    const struct hr_sweep *sweep = w->job->sweep;
    for (uint32_t a = 0; a < sweep->n_axes; a++) {
        if (sweep->axes[a].kind == HR_AXIS_PLATFORM) {
            return w->values[a].text;
        }
    }
    return sweep->base_file->variants[0].name;
}

static void begin_rows(struct work *w, uint32_t n_points)
{
    const struct hr_sweep *sweep = w->job->sweep;
    struct hr_sweep_group *group = w->group;
    group->n_points = n_points;
    group->points = g_new0(struct hr_row_point, n_points);
    group->values = g_new0(struct hr_row_point_value, (gsize)n_points * sweep->n_axes);
    group->texts = g_ptr_array_new_with_free_func(g_free);
    for (uint32_t p = 0; p < n_points; p++) {
        hr_sweep_values(sweep, w->job->plan->design, w->points[p], w->values);
        group->points[p] =
            (struct hr_row_point){.point = (int64_t)w->points[p] + 1,
                                  .platform_id = keep_text(group, g_strdup(platform_of(w))),
                                  .status = "done",
                                  .simulated_as = (int64_t)w->points[0] + 1,
                                  .capex_cents = -1,
                                  .opex_cents = -1,
                                  .tco_cents = -1,
                                  .cost_per_guest_cents = -1};
        for (uint32_t a = 0; a < sweep->n_axes; a++) {
            group->values[(size_t)p * sweep->n_axes + a] = (struct hr_row_point_value){
                .point = (int64_t)w->points[p] + 1,
                .axis = (int)a + 1,
                .number = sweep->axes[a].is_number ? w->values[a].number : (double)NAN,
                .text = keep_text(group, g_steal_pointer(&w->values[a].text))};
        }
    }
}

/* All points of the group end the same way. */
static void end_rows(struct work *w, const char *status, const char *message)
{
    const char *kept = keep_text(w->group, g_strdup(message));
    for (uint32_t p = 0; p < w->group->n_points; p++) {
        w->group->points[p].status = status;
        w->group->points[p].message = kept;
    }
}

static char *first_fault(const hr_diag *diag, const GError *error)
{
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        if (f->severity == HR_FATAL) {
            g_autofree char *name = f->file != NULL ? g_path_get_basename(f->file) : NULL;
            return g_strdup_printf("%s:%u: %s", name != NULL ? name : "", f->line, f->text);
        }
    }
    return g_strdup(error != NULL ? error->message : "no scenario");
}

/* ---- the scenario ---- */

static bool read_scenario(struct work *w, GError **error)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(GError) fault = NULL;
    hr_sweep_values(w->job->sweep, w->job->plan->design, w->points[0], w->values);
    w->file = hr_sweep_scenario(w->job->sweep, w->values, w->job->catalog, diag, &fault);
    hr_values_clear(w->values, w->job->sweep->n_axes);
    if (w->file == NULL) {
        g_autofree char *text = first_fault(diag, fault);
        g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT, text);
        return false;
    }
    w->scenario = hr_scenario_on(w->file, 0);
    w->is_priced = hr_sweep_is_priced(&w->scenario);
    struct hr_cluster_spec *cluster = &w->scenario.cluster;
    if (w->is_priced && !hr_sweep_modules(&w->scenario, error)) {
        return false;
    }
    if (cluster->n_disks == 0) {
        cluster->n_disks = hr_size_disks(w->file->guests, w->scenario.platform,
                                         cluster->storage, cluster->n_hosts);
    }
    if (cluster->n_disks == 0 && w->is_priced) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "storage %s cannot hold the guests' %.0f GiB", cluster->storage->id,
                    w->file->guests->disk_gib);
        return false;
    }
    return true;
}

/* ---- replications ---- */

static struct hr_estimate slowdown_of(const struct work *w, enum hr_phase phase)
{
    g_autofree double *values = g_new(double, (gsize)w->n_runs);
    for (int r = 0; r < w->n_runs; r++) {
        values[r] = w->runs[r].slowdown_p95_worst[phase];
    }
    return hr_estimate_of(values, w->n_runs);
}

static struct hr_estimate use_of(const struct work *w)
{
    g_autofree double *values = g_new(double, (gsize)w->n_runs);
    for (int r = 0; r < w->n_runs; r++) {
        values[r] = w->runs[r].cpu_util_mean;
    }
    return hr_estimate_of(values, w->n_runs);
}

/* Half the interval of the TCO, in percent of it: what the replications leave open is how much
 * power the processors take. */
static double tco_half_pct(const struct work *w, const struct hr_axis_level *values)
{
    g_autofree uint32_t *windows_max = hr_sweep_windows_max(&w->scenario, w->runs, w->n_runs);
    struct hr_estimate use = use_of(w);
    double at[2] = {use.low, fmin(1.0, use.high)};
    double tco[2] = {0.0, 0.0};
    for (int i = 0; i < 2; i++) {
        struct hr_sweep_bill bill = {.job = w->job,
                                     .file = w->file,
                                     .scenario = &w->scenario,
                                     .windows_max = windows_max,
                                     .cpu_util_mean = at[i]};
        struct hr_cost cost;
        if (!hr_sweep_price(&bill, values, &cost, NULL)) {
            return 0.0; /* the rows will say why */
        }
        tco[i] = (double)cost.tco_cents;
        hr_cost_clear(&cost);
    }
    return tco[1] > 0.0 ? 100.0 * (tco[1] - tco[0]) / (tco[1] + tco[0]) : 0.0;
}

static bool all_clearly_break(const struct work *w)
{
    for (int r = 0; r < w->n_runs; r++) {
        if (!hr_clearly_breaks(&w->scenario.service_level, &w->runs[r])) {
            return false;
        }
    }
    return true;
}

/* Are the intervals narrow enough, or is the answer plain without? */
static bool is_enough(struct work *w)
{
    const struct hr_sweep_until *until = &w->job->sweep->until;
    if (all_clearly_break(w)) {
        return true;
    }
    for (int phase = 0; phase < HR_PHASE__COUNT && until->slowdown_points > 0.0; phase++) {
        struct hr_estimate e = slowdown_of(w, (enum hr_phase)phase);
        if (100.0 * (e.high - e.mean) > until->slowdown_points) {
            return false;
        }
    }
    if (until->tco_pct <= 0.0 || !w->is_priced) {
        return true;
    }
    hr_sweep_values(w->job->sweep, w->job->plan->design, w->points[0], w->values);
    double half_pct = tco_half_pct(w, w->values);
    hr_values_clear(w->values, w->job->sweep->n_axes);
    return half_pct <= until->tco_pct;
}

/* Replications to begin with, and the most; the same in every part. */
static void limits(const struct work *w, int *first, int *most)
{
    const struct hr_sweep_until *until = &w->job->sweep->until;
    *first = *most = w->file->replications;
    if (until->most_replications > 0) {
        *first = until->first_replications;
        *most = until->most_replications;
    }
    if (until->most_runs > 0) {
        int64_t share = until->most_runs / MAX(1, (int64_t)w->job->plan->n_groups);
        *most = (int)MIN((int64_t)*most, MAX(share, 1));
        *first = MIN(*first, *most);
    }
}

static bool is_stopped(const struct hr_sweep_job *job)
{
    return job->stop != NULL && atomic_load(job->stop) != 0;
}

/* Returns: false when it was stopped in between. */
static bool replicate(struct work *w)
{
    int target = 0;
    int most = 0;
    limits(w, &target, &most);
    g_autofree struct hr_load_guest *guests =
        g_new0(struct hr_load_guest, MAX(1, w->file->guests->n_running));
    hr_guests_to_load(w->file->guests, guests);
    g_autofree char *key = hr_load_cache_key(&w->scenario, guests);
    w->runs = g_new0(struct hr_run_result, (gsize)most);
    while (w->n_runs < target) {
        if (is_stopped(w->job)) {
            return false;
        }
        uint32_t replication = (uint32_t)w->n_runs;
        hr_cached_load *load =
            hr_load_cache_take(w->loads, key, &w->scenario, guests, replication);
        struct hr_run_options options = {.replication = replication};
        hr_run(&w->scenario, hr_cached_load_get(load), &options, &w->runs[w->n_runs]);
        hr_load_cache_release(w->loads, load);
        w->group->guest_samples += w->runs[w->n_runs].simulated_guest_samples;
        w->n_runs++;
        if (w->n_runs == target && target < most && !is_enough(w)) {
            target = MIN(most, target + MAX(1, target / 2));
        }
    }
    w->group->n_runs = w->n_runs;
    return true;
}

/* ---- figures ---- */

static double ballooned_mib(const struct hr_run_result *run)
{
    double sum = 0.0;
    for (uint32_t g = 0; g < run->n_guests; g++) {
        sum += run->guests[g].phase[HR_PHASE_NORMAL].ballooned_mean_mib;
    }
    return sum;
}

/* More hosts than the platform's licence or design allows are no answer, however they run. */
static char *broken_rule(const struct work *w)
{
    const struct hr_platform *platform = w->scenario.platform;
    if (platform->max_hosts > 0 && w->scenario.cluster.n_hosts > platform->max_hosts) {
        return g_strdup_printf("hosts: %s allows %d in a cluster", platform->name,
                               platform->max_hosts);
    }
    return hr_broken_level(w->file->guests, &w->scenario.service_level, w->runs, w->n_runs);
}

static void set_figures(struct work *w, struct hr_row_point *row)
{
    const struct hr_cluster_spec *cluster = &w->scenario.cluster;
    double figures[HR_POINT_N_FIGURES];
    hr_point_figures_of(w->file, figures);
    struct hr_estimate normal = slowdown_of(w, HR_PHASE_NORMAL);
    struct hr_estimate failure = slowdown_of(w, HR_PHASE_FAILURE);
    row->replications = w->n_runs;
    row->hosts = cluster->n_hosts;
    row->memory_mib_per_host = llround(hr_cluster_memory_mib(cluster) / cluster->n_hosts);
    row->guests = w->file->guests->n_running;
    row->overcommit_ratio = figures[HR_POINT_N_FIGURES - 1];
    row->slowdown_p95 = normal.mean;
    row->slowdown_p95_low = normal.low;
    row->slowdown_p95_high = normal.high;
    row->failure_slowdown_p95 = failure.mean;
    row->failure_slowdown_p95_low = failure.low;
    row->failure_slowdown_p95_high = failure.high;
    for (int r = 0; r < w->n_runs; r++) {
        const struct hr_run_result *run = &w->runs[r];
        row->swapped_min += run->swapped_min / w->n_runs;
        row->paged_min += run->paged_min / w->n_runs;
        row->ballooned_mean_mib += ballooned_mib(run) / w->n_runs;
        row->guests_not_restarted =
            MAX(row->guests_not_restarted, (int64_t)run->n_not_restarted);
        row->restart_max_s = fmax(row->restart_max_s, run->restart_max_s);
    }
    row->cpu_util_mean = use_of(w).mean;
    char *broken = broken_rule(w);
    row->feasible = broken == NULL;
    row->broken = broken != NULL ? keep_text(w->group, broken) : NULL;
}

static void copy_figures(const struct hr_row_point *from, struct hr_row_point *to)
{
    struct hr_row_point row = *from;
    row.point = to->point;
    row.platform_id = to->platform_id;
    *to = row;
}

static void set_cost(struct work *w, struct hr_row_point *row, const uint32_t *windows_max)
{
    struct hr_sweep_bill bill = {.job = w->job,
                                 .file = w->file,
                                 .scenario = &w->scenario,
                                 .windows_max = windows_max,
                                 .cpu_util_mean = row->cpu_util_mean};
    struct hr_cost cost;
    g_autoptr(GError) fault = NULL;
    if (!hr_sweep_price(&bill, w->values, &cost, &fault)) {
        row->status = "failed";
        row->message = keep_text(w->group, g_strdup(fault->message));
        return;
    }
    row->capex_cents = cost.capex_cents;
    row->opex_cents = cost.opex_cents;
    row->tco_cents = cost.tco_cents;
    if (w->file->n_today > 0) {
        row->cost_per_guest_cents = llrint((double)cost.tco_cents / w->file->n_today);
    }
    hr_cost_clear(&cost);
}

static void fill_rows(struct work *w)
{
    struct hr_sweep_group *group = w->group;
    set_figures(w, &group->points[0]);
    g_autofree uint32_t *windows_max =
        w->is_priced ? hr_sweep_windows_max(&w->scenario, w->runs, w->n_runs) : NULL;
    for (uint32_t p = 1; p < group->n_points; p++) {
        copy_figures(&group->points[0], &group->points[p]);
    }
    for (uint32_t p = 0; p < group->n_points && w->is_priced; p++) {
        hr_sweep_values(w->job->sweep, w->job->plan->design, w->points[p], w->values);
        set_cost(w, &group->points[p], windows_max);
        hr_values_clear(w->values, w->job->sweep->n_axes);
    }
}

bool hr_sweep_group_run(const struct hr_sweep_job *job, hr_load_cache *loads, uint32_t group,
                        struct hr_sweep_group *out)
{
    const struct hr_plan *plan = job->plan;
    *out = (struct hr_sweep_group){0};
    struct work w = {
        .job = job, .loads = loads, .group = out, .points = plan->points + plan->groups[group]};
    g_autoptr(GError) fault = NULL;
    begin_rows(&w, plan->groups[group + 1] - plan->groups[group]);
    bool finished = true;
    if (!read_scenario(&w, &fault)) {
        end_rows(&w, "refused", fault->message);
    } else {
        finished = replicate(&w);
        if (finished) {
            fill_rows(&w);
        }
    }
    for (int r = 0; r < w.n_runs; r++) {
        hr_run_result_free(&w.runs[r]);
    }
    g_free(w.runs);
    hr_scenario_file_free(w.file);
    if (!finished) {
        hr_sweep_group_clear(out);
    }
    return finished;
}

void hr_sweep_group_clear(struct hr_sweep_group *group)
{
    g_free(group->points);
    g_free(group->values);
    g_clear_pointer(&group->texts, g_ptr_array_unref);
    *group = (struct hr_sweep_group){0};
}
