/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps run: any number of threads, any interruption and any parts end in the same rows;
 * prices share a simulation; a point costs what a sizing of its cluster costs. */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "check.h"
#include "store/merge.h"
#include "store_fixture.h"
#include "study/sweep.h"
#include "study_estate.h"
#include "sweep_text.h"
#include "sweep_world.h"

static const char sweep_text[] =
    SWEEP_BASE "axes:\n"
               "  - {name: on, platform: [vsphere, hyperv-dynamic, xcpng]}\n"
               "  - {name: dimm, price: memory, as: usd_per_gib, values: [4, 8]}\n"
               "  - {name: n, path: cluster.hosts, values: [2, 3]}\n"
               "  - {name: g, path: run.growth_pct, values: [0, 20]}\n"
               "until: {slowdown_points: 0.01, most_replications: 4}\n";

static const struct hr_merge_hooks no_hooks = {0};

static int make_world(void **state)
{
    return make_world_of(sweep_text, state);
}

static char *path_of(const struct world *w, const char *name)
{
    return g_build_filename(w->folder, name, NULL);
}

static struct hr_sweep_job job_of(const struct world *w, const char *path)
{
    return (struct hr_sweep_job){.sweep = w->sweep,
                                 .plan = w->plan,
                                 .catalog = w->catalog,
                                 .book = w->book,
                                 .title = "sweep.yaml",
                                 .command = "headroom sweep sweep.yaml",
                                 .program_version = "0",
                                 .database = path,
                                 .n_threads = 2,
                                 .shard = 1,
                                 .shards = 1};
}

static struct hr_sweep_outcome run(const struct hr_sweep_job *job)
{
    struct hr_sweep_outcome outcome;
    g_autoptr(GError) error = NULL;
    if (!hr_sweep_run(job, &outcome, &error)) {
        fail_msg("%s", error->message);
    }
    return outcome;
}

/* Every row of every table of sweeps, in the order of keys. */
static char *dump(const char *path)
{
    static const char *const tables[] = {"study", "sweep",       "sweep_axis", "sweep_platform",
                                         "point", "point_value", "provenance"};
    GString *out = g_string_new(NULL);
    hr_store *store = hr_store_open_read(path, NULL);
    assert_non_null(store);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *sql = g_strdup_printf("SELECT * FROM %s ORDER BY 1, 2, 3", tables[i]);
        hr_rows *rows = hr_store_query(store, sql, 1, NULL, NULL);
        assert_non_null(rows);
        for (size_t r = 0; r < hr_rows_count(rows); r++) {
            for (size_t c = 0; c < hr_rows_n_columns(rows); c++) {
                const struct hr_value *v = hr_rows_get(rows, r, c);
                if (v->kind == HR_VALUE_TEXT) {
                    g_string_append_printf(out, "%s|", v->as.text);
                } else {
                    g_string_append_printf(out, "%.17g|", hr_rows_number(rows, r, c, -99.0));
                }
            }
            g_string_append_c(out, '\n');
        }
        hr_rows_free(rows);
    }
    hr_store_close(store);
    return g_string_free(out, FALSE);
}

static double ask(const char *path, const char *sql)
{
    hr_store *store = hr_store_open_read(path, NULL);
    g_autoptr(GError) error = NULL;
    hr_rows *rows = hr_store_query(store, sql, 1, NULL, &error);
    if (rows == NULL) {
        fail_msg("%s: %s", sql, error->message);
    }
    double value = hr_rows_number(rows, 0, 0, (double)NAN);
    hr_rows_free(rows);
    hr_store_close(store);
    return value;
}

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
    struct world *w = *state;
    GBytes *first = NULL;
    static const int threads[] = {1, 2, 5};
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autofree char *name = g_strdup_printf("%d.db", threads[i]);
        g_autofree char *path = path_of(w, name);
        struct hr_sweep_job job = job_of(w, path);
        job.n_threads = threads[i];
        struct hr_sweep_outcome outcome = run(&job);
        assert_int_equal(outcome.points, 24);
        assert_int_equal(outcome.done, 24);
        assert_int_equal(outcome.simulated, 12);
        assert_false(outcome.interrupted);
        GBytes *bytes = fixture_bytes(path);
        assert_true(first == NULL || g_bytes_equal(first, bytes));
        first = first != NULL ? (g_bytes_unref(bytes), first) : bytes;
    }
    g_bytes_unref(first);
}

/* Stops after some replications, as a signal would. */
struct stopper {
    atomic_int stop;
};

static void an_interrupted_sweep_ends_the_same(void **state)
{
    struct world *w = *state;
    g_autofree char *whole = path_of(w, "whole.db");
    struct hr_sweep_job job = job_of(w, whole);
    (void)run(&job);
    g_autofree char *expected = dump(whole);

    g_autofree char *path = path_of(w, "parts.db");
    struct stopper stopper = {1};
    struct hr_sweep_job again = job_of(w, path);
    again.stop = &stopper.stop;
    struct hr_sweep_outcome outcome = run(&again);
    assert_true(outcome.interrupted);
    assert_true(outcome.done < 24);
    assert_near(ask(path, "SELECT complete FROM sweep"), 0.0, 0.0);
    again.resume = true;
    outcome = run(&again);
    assert_true(outcome.interrupted);
    again.stop = NULL;
    outcome = run(&again);
    assert_int_equal(outcome.done, 24);
    assert_false(outcome.interrupted);
    g_autofree char *found = dump(path);
    assert_string_equal(found, expected);
    /* Once more there is nothing to do. */
    outcome = run(&again);
    assert_true(outcome.was_complete);
    assert_int_equal(outcome.done, 24);
    assert_near(ask(path, "SELECT count(*) FROM study"), 1.0, 0.0);
}

/* As if it had been killed after so many groups: the rest is done, and nothing twice. */
static void what_is_there_is_not_done_again(void **state)
{
    struct world *w = *state;
    g_autofree char *whole = path_of(w, "whole.db");
    struct hr_sweep_job job = job_of(w, whole);
    (void)run(&job);
    g_autofree char *expected = dump(whole);
    for (int kept = 0; kept <= 12; kept += 4) {
        g_autofree char *name = g_strdup_printf("killed-%d.db", kept);
        g_autofree char *path = path_of(w, name);
        struct hr_sweep_job again = job_of(w, path);
        (void)run(&again);
        g_autofree char *sql = g_strdup_printf(
            "UPDATE sweep SET complete = 0;"
            "CREATE TEMP TABLE kept AS SELECT DISTINCT simulated_as AS g FROM point ORDER BY 1 "
            "LIMIT %d;"
            "DELETE FROM point_value WHERE point NOT IN (SELECT point FROM point JOIN kept ON "
            "g "
            "= simulated_as);"
            "DELETE FROM point WHERE simulated_as NOT IN (SELECT g FROM kept);",
            kept);
        fixture_sql(path, sql);
        again.resume = true;
        struct hr_sweep_outcome outcome = run(&again);
        assert_int_equal(outcome.done, 24);
        assert_int_equal(outcome.new_points, 24 - 2 * kept);
        g_autofree char *found = dump(path);
        assert_string_equal(found, expected);
    }
}

static void parts_merge_into_the_whole(void **state)
{
    struct world *w = *state;
    g_autofree char *whole = path_of(w, "whole.db");
    struct hr_sweep_job job = job_of(w, whole);
    (void)run(&job);
    g_autofree char *expected = dump(whole);
    char *parts[6] = {NULL};
    int64_t n = 0;
    for (int k = 0; k < 5; k++) {
        g_autofree char *name = g_strdup_printf("part%d.db", k);
        parts[k] = path_of(w, name);
        struct hr_sweep_job part = job_of(w, parts[k]);
        part.shard = k + 1;
        part.shards = 5;
        n += run(&part).done;
    }
    assert_int_equal(n, 24);
    g_autofree char *path = path_of(w, "merged.db");
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_merged merged;
    /* In any order of the files. */
    const char *order[] = {parts[3], parts[0], parts[4], parts[2], parts[1], NULL};
    g_autoptr(GError) error = NULL;
    if (!hr_merge(path, order, &no_hooks, &merged, diag, &error)) {
        hr_diag_print(diag, HR_NOTE, stderr);
        fail_msg("%s", error != NULL ? error->message : "findings");
    }
    assert_int_equal(merged.points, 24);
    assert_int_equal(merged.simulated, 12);
    g_autofree char *found = dump(path);
    assert_string_equal(found, expected);
    for (int k = 0; k < 5; k++) {
        g_free(parts[k]);
    }
}

static bool fails_at_last(const char *path, int64_t study_id, GError **error)
{
    (void)path;
    (void)study_id;
    g_set_error_literal(error, HR_ERROR, HR_ERROR_FAILED, "no answers");
    return false;
}

static bool stops(void)
{
    return true;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *listing(const struct world *w)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(w->folder, 0, NULL);
    assert_non_null(dir);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, by_name);
    g_ptr_array_add(names, NULL);
    char *joined = g_strjoinv(" ", (char **)names->pdata);
    g_ptr_array_unref(names);
    return joined;
}

/* What ends a merge leaves the output as it was, be it new or old, and nothing beside it; what
 * comes after appends one study. */
static void a_merge_is_whole_or_not_at_all(void **state)
{
    struct world *w = *state;
    char *parts[2];
    for (int k = 0; k < 2; k++) {
        g_autofree char *name = g_strdup_printf("half%d.db", k);
        parts[k] = path_of(w, name);
        struct hr_sweep_job part = job_of(w, parts[k]);
        part.shard = k + 1;
        part.shards = 2;
        (void)run(&part);
    }
    const char *inputs[] = {parts[0], parts[1], NULL};
    const struct hr_merge_hooks ends[] = {{.finish = fails_at_last}, {.stop = stops}};
    g_autofree char *path = path_of(w, "halves.db");
    for (int old = 0; old < 2; old++) {
        g_autofree char *before = listing(w);
        g_autofree char *bytes = NULL;
        size_t n_bytes = 0;
        assert_true(old == 0 || g_file_get_contents(path, &bytes, &n_bytes, NULL));
        for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
            g_autoptr(hr_diag) diag = hr_diag_new();
            g_autoptr(GError) error = NULL;
            struct hr_merged merged;
            assert_false(hr_merge(path, inputs, &ends[i], &merged, diag, &error));
            assert_non_null(error);
            g_autofree char *after = listing(w);
            assert_string_equal(after, before);
            g_autofree char *found = NULL;
            size_t n_found = 0;
            assert_true(old == 0 || g_file_get_contents(path, &found, &n_found, NULL));
            assert_int_equal(n_found, n_bytes);
            assert_true(n_bytes == 0 || memcmp(found, bytes, n_bytes) == 0);
        }
        g_autoptr(hr_diag) diag = hr_diag_new();
        struct hr_merged merged;
        assert_true(hr_merge(path, inputs, &no_hooks, &merged, diag, NULL));
        assert_int_equal(merged.study_id, old + 1);
        assert_int_equal(merged.points, 24);
    }
    g_free(parts[0]);
    g_free(parts[1]);
}

static bool has_text(const hr_diag *diag, const char *part)
{
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        if (strstr(hr_diag_get(diag, i)->text, part) != NULL) {
            return true;
        }
    }
    return false;
}

static void parts_that_do_not_fit_are_refused(void **state)
{
    struct world *w = *state;
    char *parts[3];
    for (int k = 0; k < 3; k++) {
        g_autofree char *name = g_strdup_printf("p%d.db", k);
        parts[k] = path_of(w, name);
        struct hr_sweep_job part = job_of(w, parts[k]);
        part.shard = k + 1;
        part.shards = 3;
        (void)run(&part);
    }
    g_autofree char *foreign = path_of(w, "foreign.db");
    struct hr_sweep_job other = job_of(w, foreign);
    other.program_version = "another";
    other.shard = 2;
    other.shards = 3;
    (void)run(&other);
    g_autofree char *unfinished = path_of(w, "unfinished.db");
    atomic_int stop = 1;
    other = job_of(w, unfinished);
    other.stop = &stop;
    other.shard = 2;
    other.shards = 3;
    (void)run(&other);
    g_autofree char *whole = path_of(w, "whole.db");
    other = job_of(w, whole);
    (void)run(&other);
    const struct {
        const char *inputs[5];
        const char *why;
    } cases[] = {
        {{parts[0], parts[2], NULL}, "part 2 of 3 is missing"},
        {{parts[0], NULL}, "part 3 of 3 is missing"},
        {{parts[0], parts[1], parts[2], parts[1], NULL}, "part 2 of 3 is in"},
        {{parts[0], foreign, parts[2], NULL}, "of another sweep"},
        {{parts[0], unfinished, parts[2], NULL}, "is not finished"},
        {{parts[0], whole, parts[2], NULL}, "it is one of 1 parts"},
    };
    g_autofree char *path = path_of(w, "out.db");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(GError) error = NULL;
        struct hr_merged merged;
        assert_false(hr_merge(path, cases[i].inputs, &no_hooks, &merged, diag, &error));
        assert_null(error);
        if (!has_text(diag, cases[i].why)) {
            hr_diag_print(diag, HR_NOTE, stderr);
            fail_msg("case %zu: %s", i, cases[i].why);
        }
        assert_false(g_file_test(path, G_FILE_TEST_EXISTS)); /* nothing was written */
    }
    for (int k = 0; k < 3; k++) {
        g_free(parts[k]);
    }
}

/* A module of 4 USD per GiB instead of 8: nothing but the memory's price differs. */
static void points_of_other_prices_share_a_simulation(void **state)
{
    struct world *w = *state;
    g_autofree char *path = path_of(w, "x.db");
    struct hr_sweep_job job = job_of(w, path);
    (void)run(&job);
    assert_near(ask(path, "SELECT count(*) FROM point WHERE simulated_as <> point"), 12, 0);
    assert_near(ask(path,
                    "SELECT count(*) FROM point AS a JOIN point AS b ON b.point = "
                    "a.simulated_as JOIN point_value AS x ON x.point = a.point AND x.axis = 2 "
                    "JOIN point_value AS y ON y.point = b.point AND y.axis = 2 "
                    "WHERE a.point <> b.point AND a.slowdown_p95 = b.slowdown_p95 AND "
                    "a.cpu_util_mean = b.cpu_util_mean AND a.replications = b.replications AND "
                    "a.capex_cents - b.capex_cents = "
                    "round((x.number - y.number) * a.hosts * 256) * 100"),
                12, 0);
}

/* Oracle: a sizing of exactly this cluster. */
static void a_point_costs_what_a_sizing_says(void **state)
{
    struct world *w = *state;
    g_autofree char *text = g_strdup(
        "base:\n"
        "  platform: vsphere\n"
        "  cluster: {hosts: 3, server: dell-r660-2x16, dimm_gib: 16, dimms: 16}\n"
        "  run: {days: 1, spare_hosts: 1, replications: 2, seed: 7}\n"
        "  inventory: INVENTORY\n"
        "axes:\n"
        "  - {name: on, platform: [vsphere, xcpng, hyperv-dynamic]}\n"
        "  - {name: mib, path: cluster.memory_mib, values: [131072, 262144, 393216]}\n");
    const char *top = getenv("top_srcdir");
    g_autofree char *near_path =
        g_build_filename(top != NULL ? top : "..", "examples", "smb", "inventory.csv", NULL);
    g_autofree char *inventory = g_canonicalize_filename(near_path, NULL);
    char **halves = g_strsplit(text, "INVENTORY", 2);
    g_autofree char *whole = g_strjoinv(inventory, halves);
    g_strfreev(halves);
    /* dimm_gib stands in the base beside memory_mib: the axis takes its place. */
    g_autofree char *base_of_mib = NULL;
    halves = g_strsplit(whole, "dimm_gib: 16, dimms: 16", 2);
    base_of_mib = g_strjoinv("memory_mib: 262144", halves);
    g_strfreev(halves);
    struct hr_sweep *sweep = sound_sweep(w->catalog, base_of_mib);
    struct hr_plan *plan = plan_of(sweep, w->catalog);
    g_autofree char *path = path_of(w, "cost.db");
    struct hr_sweep_job job = job_of(w, path);
    job.sweep = sweep;
    job.plan = plan;
    (void)run(&job);

    struct estate e = {0};
    estate_read(&e, inventory);
    hr_guests_tune_dynamic(e.guests, hr_catalog_storage_at(e.catalog, 0)->latency_ms / 1000.0,
                           0.05, e.diag);
    static const char *const ids[] = {"vsphere", "xcpng", "hyperv-dynamic"};
    for (size_t i = 0; i < 3; i++) {
        e.platforms[i] = hr_catalog_platform(e.catalog, ids[i]);
    }
    e.servers[0] = hr_catalog_server(e.catalog, "dell-r660-2x16");
    e.options = (struct hr_size_options){
        .platforms = e.platforms,
        .servers = e.servers,
        .storage = hr_catalog_storage_at(e.catalog, 0),
        .hosts = 3,
        .spare_hosts = 1,
        .days = 1.0,
        .replications = 2,
        .seed = 7,
        .n_threads = 2,
        .service_level = {.slowdown_p95_frac = 0.05, .restart_within_s = 900.0}};
    hr_cost_params_default(&e.options.cost);
    e.options.cost.years = 5;
    e.options.cost.discount_rate = 0.07;
    struct hr_size_result result;
    assert_true(hr_size(e.guests, e.book, &e.options, &result, NULL));
    int n_compared = 0;
    for (uint32_t i = 0; i < result.n_answers; i++) {
        const struct hr_size_answer *a = &result.answers[i];
        if (!a->feasible) {
            continue;
        }
        g_autofree char *where = g_strdup_printf(
            "FROM point WHERE platform_id = '%s' AND memory_mib_per_host = %.0f AND feasible",
            a->platform->id, hr_cluster_physical_mib(&a->cluster));
        g_autofree char *count = g_strdup_printf("SELECT count(*) %s", where);
        if (ask(path, count) < 1.0) {
            continue; /* a memory size that the sweep does not have */
        }
        g_autofree char *tco = g_strdup_printf("SELECT tco_cents %s", where);
        g_autofree char *capex = g_strdup_printf("SELECT capex_cents %s", where);
        g_autofree char *slow = g_strdup_printf("SELECT slowdown_p95 %s", where);
        assert_near(ask(path, tco), (double)a->cost.tco_cents, 0.0);
        assert_near(ask(path, capex), (double)a->cost.capex_cents, 0.0);
        assert_near(ask(path, slow), a->slowdown_p95[HR_PHASE_NORMAL].mean, 1e-12);
        n_compared++;
    }
    assert_true(n_compared >= 2);
    hr_size_result_clear(&result);
    estate_release(&e);
    hr_plan_free(plan);
    hr_sweep_free(sweep);
}

static void replications_stop_where_they_are_not_needed(void **state)
{
    struct world *w = *state;
    struct hr_sweep *sweep = sound_sweep(
        w->catalog, SWEEP_BASE "axes: [{name: n, path: cluster.hosts, values: [2, 3, 4]}]\n"
                               "until: {slowdown_points: 50, most_replications: 9}\n");
    struct hr_plan *plan = plan_of(sweep, w->catalog);
    g_autofree char *path = path_of(w, "few.db");
    struct hr_sweep_job job = job_of(w, path);
    job.sweep = sweep;
    job.plan = plan;
    (void)run(&job);
    assert_near(ask(path, "SELECT max(replications) FROM point"), 2.0, 0.0);
    hr_plan_free(plan);
    hr_sweep_free(sweep);

    sweep = sound_sweep(w->catalog,
                        SWEEP_BASE "axes: [{name: n, path: cluster.hosts, values: [2, 3, 4]}]\n"
                                   "until: {tco_pct: 0.001, most_replications: 7}\n");
    plan = plan_of(sweep, w->catalog);
    g_autofree char *many = path_of(w, "many.db");
    job = job_of(w, many);
    job.sweep = sweep;
    job.plan = plan;
    (void)run(&job);
    assert_near(ask(many, "SELECT min(replications) FROM point"), 7.0, 0.0);
    hr_plan_free(plan);
    hr_sweep_free(sweep);
}

static void a_point_without_a_scenario_says_why(void **state)
{
    struct world *w = *state;
    struct hr_sweep *sweep = sound_sweep(
        w->catalog, SWEEP_BASE "axes:\n"
                               "  - {name: n, path: cluster.hosts, values: [3, 2]}\n"
                               "  - {name: spare, path: run.spare_hosts, values: [1, 2]}\n");
    struct hr_plan *plan = plan_of(sweep, w->catalog);
    g_autofree char *path = path_of(w, "refused.db");
    struct hr_sweep_job job = job_of(w, path);
    job.sweep = sweep;
    job.plan = plan;
    struct hr_sweep_outcome outcome = run(&job);
    assert_int_equal(outcome.done, 4);
    assert_int_equal(outcome.simulated, 3);
    assert_near(ask(path,
                    "SELECT count(*) FROM point WHERE status = 'refused' AND message LIKE "
                    "'%leaves none to run on%' AND tco_cents = -1"),
                1.0, 0.0);
    hr_plan_free(plan);
    hr_sweep_free(sweep);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_world, free_world)
    const struct CMUnitTest tests[] = {
        T(any_number_of_threads_gives_the_same_bytes),
        T(an_interrupted_sweep_ends_the_same),
        T(what_is_there_is_not_done_again),
        T(parts_merge_into_the_whole),
        T(a_merge_is_whole_or_not_at_all),
        T(parts_that_do_not_fit_are_refused),
        T(points_of_other_prices_share_a_simulation),
        T(a_point_costs_what_a_sizing_says),
        T(replications_stop_where_they_are_not_needed),
        T(a_point_without_a_scenario_says_why),
    };
    return cmocka_run_group_tests_name("sweep run", tests, NULL, NULL);
}
