/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "validate/validate.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/error.h"
#include "study/pool.h"
#include "study/simulate.h"
#include "study/simulate_json.h"
#include "validate/costing.h"
#include "validate/queueing.h"

/* ---- reading
 * ---------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the folder's case files, in order. Returns: the caller's; NULL with *error. */
static GPtrArray *files_of(const char *folder, GError **error)
{
    g_autoptr(GError) cause = NULL;
    GDir *dir = g_dir_open(folder, 0, &cause);
    if (dir == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s: %s", folder, cause->message);
        return NULL;
    }
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        if (g_str_has_suffix(name, ".yaml") && name[0] != '.') {
            g_ptr_array_add(files, g_strdup(name));
        }
    }
    g_dir_close(dir);
    if (files->len == 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s: no case (*.yaml) is in it", folder);
        g_ptr_array_unref(files);
        return NULL;
    }
    g_ptr_array_sort(files, by_name);
    return files;
}

/* A file is read with findings of its own, for what is wrong in one must not stop the reading
 * of the next; they are joined afterwards. */
static struct hr_case *load_one(const char *path, const hr_catalog *catalog, hr_diag *diag,
                                GError **error)
{
    g_autoptr(hr_diag) own = hr_diag_new();
    struct hr_case *one = hr_case_load(path, catalog, own, error);
    for (size_t i = 0; i < hr_diag_count(own); i++) {
        const struct hr_finding *f = hr_diag_get(own, i);
        hr_diag_add(diag, f->severity, f->file, f->line, f->column, f->reason, "%s", f->text);
    }
    return one;
}

static bool is_wanted(char *const *names, const char *name)
{
    return *names == NULL || g_strv_contains((const char *const *)(guintptr)names, name);
}

static bool check_names(const struct hr_cases *cases, char *const *names, GError **error)
{
    for (char *const *name = names; *name != NULL; name++) {
        GString *known = g_string_new(NULL);
        bool found = false;
        for (size_t i = 0; i < cases->n; i++) {
            const char *other = cases->items[i]->name;
            found = found || strcmp(other, *name) == 0;
            if (i == 0 || strcmp(other, cases->items[i - 1]->name) != 0) {
                g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", other);
            }
        }
        if (!found) {
            g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "there is no case \"%s\" (%s)", *name,
                        known->str);
        }
        g_string_free(known, TRUE);
        if (!found) {
            return false;
        }
    }
    return true;
}

static void keep_wanted(struct hr_cases *cases, char *const *names)
{
    size_t kept = 0;
    for (size_t i = 0; i < cases->n; i++) {
        if (is_wanted(names, cases->items[i]->name)) {
            cases->items[kept++] = cases->items[i];
        } else {
            hr_case_free(cases->items[i]);
        }
    }
    cases->n = kept;
}

bool hr_cases_load(const char *folder, char *const *names, const hr_catalog *catalog,
                   struct hr_cases *out, hr_diag *diag, GError **error)
{
    g_autoptr(GPtrArray) files = files_of(folder, error);
    if (files == NULL) {
        return false;
    }
    struct hr_cases cases = {.items = g_new0(struct hr_case *, files->len)};
    g_autoptr(GError) cause = NULL;
    for (guint i = 0; i < files->len && cause == NULL; i++) {
        g_autofree char *path =
            g_build_filename(folder, (char *)g_ptr_array_index(files, i), NULL);
        struct hr_case *one = load_one(path, catalog, diag, &cause);
        if (one != NULL) {
            cases.items[cases.n++] = one;
        }
    }
    if (cause != NULL) {
        g_propagate_error(error, g_steal_pointer(&cause));
        hr_cases_clear(&cases);
        return false;
    }
    if (hr_diag_failed(diag, error) || !check_names(&cases, names, error)) {
        hr_cases_clear(&cases);
        return false;
    }
    keep_wanted(&cases, names);
    *out = cases;
    return true;
}

void hr_cases_clear(struct hr_cases *cases)
{
    for (size_t i = 0; i < cases->n; i++) {
        hr_case_free(cases->items[i]);
    }
    g_free(cases->items);
    *cases = (struct hr_cases){0};
}

/* ---- scenarios
 * -------------------------------------------------------------------------------- */

struct working {
    int n_threads;
    hr_progress *progress;
    hr_diag *diag;
    GArray *verdicts;
};

static void judge_all(const struct working *w, const struct hr_case *one,
                      const json_t *document)
{
    for (size_t i = 0; i < one->n_expectations; i++) {
        struct hr_verdict verdict;
        if (hr_judge(one, &one->expectations[i], document, &verdict, w->diag)) {
            g_array_append_val(w->verdicts, verdict);
        }
    }
}

static bool validate_scenario(const struct working *w, const struct hr_case *one,
                              GError **error)
{
    struct hr_simulate_options options = {.n_threads = w->n_threads, .progress = w->progress};
    struct hr_simulate_result result = {0};
    if (!hr_simulate(one->scenario, &options, &result, error)) {
        g_prefix_error(error, "%s: ", hr_tree_name(one->tree));
        return false;
    }
    json_t *document = hr_simulate_json(&result);
    judge_all(w, one, document);
    json_decref(document);
    hr_simulate_result_clear(&result);
    return true;
}

static bool validate_cost(const struct working *w, const struct hr_case *one, GError **error)
{
    json_t *document = hr_costing_run(one->scenario, &one->cost, w->n_threads, error);
    if (document == NULL) {
        g_prefix_error(error, "%s: ", hr_tree_name(one->tree));
        return false;
    }
    judge_all(w, one, document);
    json_decref(document);
    return true;
}

/* ---- queues
 * ----------------------------------------------------------------------------------- */

/* The points of a grid; tasks count replications fastest. */
struct grid_run {
    const struct hr_queue_grid *grid;
    double *means_s; /* by point, then replication */
};

static struct hr_queueing queue_at(const struct hr_queue_grid *grid, uint32_t point)
{
    return (struct hr_queueing){
        .arrivals_per_s = grid->arrivals_per_s[point % grid->n_arrivals],
        .services_per_s = grid->services_per_s,
        .servers = grid->servers[point / grid->n_arrivals],
        .customers = grid->customers,
        .warm_up = grid->warm_up,
        .seed = grid->seed,
    };
}

static void run_one(void *context, uint32_t index)
{
    struct grid_run *run = context;
    uint32_t point = index / run->grid->replications;
    uint32_t replication = index % run->grid->replications;
    struct hr_queueing queue = queue_at(run->grid, point);
    run->means_s[index] = hr_queueing_simulate(&queue, replication, point);
}

static void judge_point(const struct working *w, const struct hr_case *one, uint32_t point,
                        const double *means_s)
{
    const struct hr_queue_grid *grid = &one->queue;
    struct hr_queueing queue = queue_at(grid, point);
    double alone = 1.0 - (1.0 - grid->confidence) / grid->n_together;
    struct hr_verdict verdict = {.of = one, .unit = g_strdup("s"), .evidence = HR_MEASURED};
    hr_mean_interval(means_s, grid->replications, alone, &verdict.simulated,
                     &verdict.tolerance);
    verdict.published = hr_queueing_theory(&queue);
    verdict.holds = fabs(verdict.simulated - verdict.published) <= verdict.tolerance;
    verdict.what =
        g_strdup_printf("mean wait, %d server%s, utilisation %.4g", queue.servers,
                        queue.servers == 1 ? "" : "s",
                        queue.arrivals_per_s / (queue.services_per_s * queue.servers));
    g_array_append_val(w->verdicts, verdict);
}

static void validate_queue(const struct working *w, const struct hr_case *one)
{
    const struct hr_queue_grid *grid = &one->queue;
    uint32_t n_points = grid->n_arrivals * grid->n_servers;
    struct grid_run run = {.grid = grid,
                           .means_s = g_new0(double, (gsize)n_points * grid->replications)};
    hr_pool_run(w->n_threads, n_points * grid->replications, run_one, &run);
    for (uint32_t point = 0; point < n_points; point++) {
        judge_point(w, one, point, &run.means_s[(size_t)point * grid->replications]);
    }
    g_free(run.means_s);
}

/* ---- all
 * -------------------------------------------------------------------------------------- */

static bool validate_one(const struct working *w, const struct hr_case *one, GError **error)
{
    switch (one->kind) {
    case HR_CASE_SCENARIO:
        return validate_scenario(w, one, error);
    case HR_CASE_COST:
        return validate_cost(w, one, error);
    case HR_CASE_QUEUE:
    case HR_CASE__COUNT:
        break;
    }
    validate_queue(w, one);
    return true;
}

static void clear_verdict(void *element)
{
    hr_verdict_clear(element);
}

bool hr_validate(const struct hr_cases *cases, int n_threads, hr_progress *progress,
                 struct hr_validation *out, hr_diag *diag, GError **error)
{
    g_autoptr(GArray) verdicts = g_array_new(FALSE, FALSE, sizeof(struct hr_verdict));
    g_array_set_clear_func(verdicts, clear_verdict);
    struct working w = {
        .n_threads = n_threads, .progress = progress, .diag = diag, .verdicts = verdicts};
    for (size_t i = 0; i < cases->n; i++) {
        const struct hr_case *one = cases->items[i];
        hr_progress_say(progress, "%s (file %zu of %zu)", one->name, i + 1, cases->n);
        if (!validate_one(&w, one, error)) {
            return false;
        }
    }
    if (hr_diag_failed(diag, error)) {
        return false;
    }
    struct hr_validation validation = {.n = verdicts->len};
    for (guint i = 0; i < verdicts->len; i++) {
        validation.n_held += g_array_index(verdicts, struct hr_verdict, i).holds;
    }
    g_array_set_clear_func(verdicts, NULL);
    validation.verdicts =
        (struct hr_verdict *)(void *)g_array_free(g_steal_pointer(&verdicts), FALSE);
    *out = validation;
    return true;
}

void hr_validation_clear(struct hr_validation *validation)
{
    for (size_t i = 0; i < validation->n; i++) {
        hr_verdict_clear(&validation->verdicts[i]);
    }
    g_free(validation->verdicts);
    *validation = (struct hr_validation){0};
}
