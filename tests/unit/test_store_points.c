/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The points of a sweep reach the database in batches, and what was flushed stays. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <signal.h>

#include "base/error.h"
#include "check.h"
#include "store/points.h"
#include "store/store.h"
#include "store_fixture.h"

static const struct fixture_size small = {1, 2, 2, 3, 2, 3};

struct place {
    char *folder;
    char *path;
};

static int make_place(void **state)
{
    struct place *place = g_new0(struct place, 1);
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "x.db", NULL);
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1788220800", 1), 0);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    fixture_folder_remove(place->folder);
    g_free(place->path);
    g_free(place);
    return 0;
}

static const struct hr_row_sweep sweep_row = {
    .yaml = "axes: []\n",
    .digest = "00ff",
    .base_digest = "ff00",
    .design = "latin-hypercube",
    .design_seed = 7,
    .planned = 500,
    .dropped = 3,
    .shard = 2,
    .shards = 4,
};

static const struct hr_row_sweep_axis axis_rows[] = {
    {1, "memory", "field", "cluster.memory_mib", "MiB", "log", true},
    {2, "platform", "platform", "platforms", "", "linear", false},
};

static const struct hr_row_sweep_platform platform_row = {"kvm", "KVM", "kvm"};

static struct hr_row_point point_row(int64_t i)
{
    return (struct hr_row_point){
        .point = i,
        .platform_id = "kvm",
        .status = i % 7 == 6 ? "refused" : "done",
        .message = i % 7 == 6 ? "sweep.yaml:3: too small" : NULL,
        .simulated_as = i - i % 3 + 1 > i ? i : i - i % 3 + 1,
        .replications = (int)(i % 5),
        .feasible = i % 2 == 0,
        .broken = i % 2 == 0 ? NULL : "slowdown",
        .hosts = (int)(3 + i % 4),
        .memory_mib_per_host = 1024 * i,
        .guests = 40 + i,
        .overcommit_ratio = 1.0 + (double)i / 8,
        .slowdown_p95 = 0.25 + (double)i,
        .slowdown_p95_low = 0.125 + (double)i,
        .slowdown_p95_high = 0.5 + (double)i,
        .failure_slowdown_p95 = 1.25 + (double)i,
        .failure_slowdown_p95_low = 1.125 + (double)i,
        .failure_slowdown_p95_high = 1.5 + (double)i,
        .swapped_min = 10.5 + (double)i,
        .paged_min = 11.5 + (double)i,
        .ballooned_mean_mib = 12.5 + (double)i,
        .cpu_util_mean = 1.0 / (double)(i + 1),
        .guests_not_restarted = i % 11,
        .restart_max_s = 13.5 + (double)i,
        .capex_cents = 100 * i,
        .opex_cents = 10 * i,
        .tco_cents = 110 * i,
        .cost_per_guest_cents = i % 4 == 0 ? -1 : i,
    };
}

static int64_t begin_sweep(const char *path)
{
    GError *error = NULL;
    int64_t study_id = 0;
    hr_store *store = hr_store_open_write(path, &error);
    struct hr_row_study study = fixture_study(&small);
    study.kind = "sweep";
    if (store == NULL || !hr_store_begin_study(store, &study, &error) ||
        !hr_store_add_sweep(store, &sweep_row, &error) ||
        !hr_store_add_sweep_axis(store, &axis_rows[0], &error) ||
        !hr_store_add_sweep_axis(store, &axis_rows[1], &error) ||
        !hr_store_add_sweep_platform(store, &platform_row, &error) ||
        !hr_store_commit_study(store, &study_id, &error)) {
        fail_msg("%s", error->message);
    }
    hr_store_close(store);
    return study_id;
}

static hr_points *open_points(const char *path, int64_t study_id)
{
    GError *error = NULL;
    hr_points *points = hr_points_open(path, study_id, &error);
    if (points == NULL) {
        fail_msg("%s", error->message);
    }
    return points;
}

static void add_point(hr_points *points, int64_t i)
{
    struct hr_row_point row = point_row(i);
    struct hr_row_point_value values[] = {{i, 1, 1024.0 * (double)i, "some MiB"},
                                          {i, 2, (double)NAN, "kvm"}};
    GError *error = NULL;
    if (!hr_points_add(points, &row, values, 2, &error)) {
        fail_msg("%s", error->message);
    }
}

static void flush(hr_points *points)
{
    GError *error = NULL;
    if (!hr_points_flush(points, &error)) {
        fail_msg("%s", error->message);
    }
}

/* Writes points 1 to n in batches of that size; to the end when they are all. */
static void write_points(const char *path, int64_t study_id, int n, int batch)
{
    hr_points *points = open_points(path, study_id);
    for (int i = 1; i <= n; i++) {
        add_point(points, i);
        if (i % batch == 0) {
            flush(points);
        }
    }
    GError *error = NULL;
    if (!hr_points_finish(points, &error)) {
        fail_msg("%s", error->message);
    }
    hr_points_close(points);
}

static hr_rows *query(const char *path, const char *sql)
{
    GError *error = NULL;
    hr_store *store = hr_store_open_read(path, &error);
    hr_rows *rows = store != NULL ? hr_store_query(store, sql, 1, NULL, &error) : NULL;
    if (rows == NULL) {
        fail_msg("%s", error->message);
    }
    hr_store_close(store);
    return rows;
}

static double number(const hr_rows *rows, const char *column)
{
    int at = hr_rows_find_column(rows, column);
    if (at < 0) {
        fail_msg("no column %s", column);
    }
    return hr_rows_number(rows, 0, (size_t)at, (double)NAN);
}

static const char *text(const hr_rows *rows, const char *column)
{
    return hr_rows_text(rows, 0, (size_t)hr_rows_find_column(rows, column));
}

#define SAME(member) assert_true(number(rows, #member) == (double)row.member)

static void check_point(const char *path, int64_t i)
{
    struct hr_row_point row = point_row(i);
    char *sql = g_strdup_printf("SELECT * FROM point WHERE point = %lld", (long long)i);
    hr_rows *rows = query(path, sql);
    assert_int_equal(hr_rows_n_columns(rows), 29);
    SAME(point), SAME(simulated_as), SAME(replications), SAME(feasible), SAME(hosts);
    SAME(memory_mib_per_host), SAME(guests), SAME(overcommit_ratio), SAME(slowdown_p95);
    SAME(slowdown_p95_low), SAME(slowdown_p95_high), SAME(failure_slowdown_p95);
    SAME(failure_slowdown_p95_low), SAME(failure_slowdown_p95_high), SAME(swapped_min);
    SAME(paged_min), SAME(ballooned_mean_mib), SAME(cpu_util_mean), SAME(guests_not_restarted);
    SAME(restart_max_s), SAME(capex_cents), SAME(opex_cents), SAME(tco_cents);
    SAME(cost_per_guest_cents);
    assert_string_equal(text(rows, "platform_id"), row.platform_id);
    assert_string_equal(text(rows, "status"), row.status);
    assert_string_equal(text(rows, "message"), row.message != NULL ? row.message : "");
    assert_string_equal(text(rows, "broken"), row.broken != NULL ? row.broken : "");
    hr_rows_free(rows);
    g_free(sql);
}

static void rows_return_as_they_were(void **state)
{
    struct place *place = *state;
    int64_t study_id = begin_sweep(place->path);
    write_points(place->path, study_id, 8, 3);
    check_point(place->path, 1);
    check_point(place->path, 6);
    check_point(place->path, 8);
    hr_rows *rows = query(place->path, "SELECT * FROM sweep");
    const struct hr_row_sweep *sweep = &sweep_row;
    assert_int_equal(hr_rows_n_columns(rows), 11);
    assert_true(number(rows, "complete") == 1);
    assert_true(number(rows, "planned") == (double)sweep->planned);
    assert_true(number(rows, "dropped") == (double)sweep->dropped);
    assert_true(number(rows, "design_seed") == (double)sweep->design_seed);
    assert_true(number(rows, "shard") == sweep->shard);
    assert_true(number(rows, "shards") == sweep->shards);
    assert_string_equal(text(rows, "yaml"), sweep->yaml);
    assert_string_equal(text(rows, "digest"), sweep->digest);
    assert_string_equal(text(rows, "base_digest"), sweep->base_digest);
    assert_string_equal(text(rows, "design"), sweep->design);
    hr_rows_free(rows);
    assert_int_equal(fixture_folder_count(place->folder), 1);
}

static void the_views_join_axes_and_platforms(void **state)
{
    struct place *place = *state;
    write_points(place->path, begin_sweep(place->path), 5, 2);
    hr_rows *rows = query(place->path, "SELECT * FROM v_point_value WHERE point = 3 AND "
                                       "name = 'memory'");
    assert_int_equal(hr_rows_count(rows), 1);
    assert_true(number(rows, "number") == 3072.0);
    assert_string_equal(text(rows, "path"), "cluster.memory_mib");
    assert_string_equal(text(rows, "scale"), "log");
    hr_rows_free(rows);
    rows = query(place->path, "SELECT * FROM v_point_value WHERE point = 3 AND axis = 2");
    int at = hr_rows_find_column(rows, "number");
    assert_int_equal(hr_rows_get(rows, 0, (size_t)at)->kind, HR_VALUE_NULL);
    assert_string_equal(text(rows, "text"), "kvm");
    hr_rows_free(rows);
    rows = query(place->path, "SELECT * FROM v_point WHERE point = 4");
    assert_string_equal(text(rows, "platform"), "KVM");
    assert_true(number(rows, "tco") == 4.4);
    assert_true(number(rows, "memory_gib_per_host") == 4.0);
    assert_true(number(rows, "memory_gib") == 12.0);
    at = hr_rows_find_column(rows, "cost_per_guest");
    assert_int_equal(hr_rows_get(rows, 0, (size_t)at)->kind, HR_VALUE_NULL);
    hr_rows_free(rows);
}

static void the_same_batches_give_the_same_bytes(void **state)
{
    struct place *place = *state;
    char *other = g_build_filename(place->folder, "y.db", NULL);
    write_points(place->path, begin_sweep(place->path), 400, 50);
    write_points(other, begin_sweep(other), 400, 50);
    GBytes *a = fixture_bytes(place->path), *b = fixture_bytes(other);
    assert_true(g_bytes_equal(a, b));
    g_bytes_unref(a);
    g_bytes_unref(b);
    g_free(other);
}

/* Whatever the batches were, only the counter of transactions in the header (its file format,
 * offsets 24 and 92) tells them apart. */
static void other_batches_give_the_same_pages(void **state)
{
    struct place *place = *state;
    char *other = g_build_filename(place->folder, "y.db", NULL);
    write_points(place->path, begin_sweep(place->path), 400, 1000);
    write_points(other, begin_sweep(other), 400, 7);
    GBytes *a = fixture_bytes(place->path), *b = fixture_bytes(other);
    gsize n = 0, m = 0;
    const char *x = g_bytes_get_data(a, &n), *y = g_bytes_get_data(b, &m);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, 24);
    assert_memory_equal(x + 28, y + 28, 92 - 28);
    assert_memory_equal(x + 96, y + 96, n - 96);
    g_bytes_unref(a);
    g_bytes_unref(b);
    g_free(other);
}

static void what_was_flushed_survives_a_kill(void **state)
{
    struct place *place = *state;
    int64_t study_id = begin_sweep(place->path);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        hr_points *points = hr_points_open(place->path, study_id, NULL);
        for (int i = 1; i <= 9; i++) {
            struct hr_row_point row = point_row(i);
            if (!hr_points_add(points, &row, NULL, 0, NULL) ||
                (i == 5 && !hr_points_flush(points, NULL))) {
                _exit(1);
            }
        }
        char ready = write(ends[1], "x", 1) == 1;
        pause();
        _exit(ready);
    }
    char ready = 0;
    assert_int_equal(read(ends[0], &ready, 1), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ends[0]);
    close(ends[1]);

    char *integrity = fixture_integrity(place->path);
    assert_string_equal(integrity, "ok|\n");
    g_free(integrity);
    int64_t found = 0;
    bool complete = true;
    assert_true(hr_points_find(place->path, "00ff", 2, 4, &found, &complete, NULL));
    assert_int_equal(found, study_id);
    assert_false(complete);
    hr_points *points = open_points(place->path, study_id);
    GArray *list = hr_points_list(points, NULL);
    assert_int_equal(list->len, 5);
    for (guint i = 0; i < list->len; i++) {
        assert_int_equal(g_array_index(list, int64_t, i), i + 1);
    }
    g_array_unref(list);
    assert_true(hr_points_finish(points, NULL));
    hr_points_close(points);
    assert_true(hr_points_find(place->path, "00ff", 2, 4, &found, &complete, NULL));
    assert_true(complete);
    assert_int_equal(fixture_folder_count(place->folder), 1);
}

static void only_its_own_sweep_is_found(void **state)
{
    struct place *place = *state;
    int64_t found = 7;
    bool complete = true;
    assert_true(hr_points_find(place->path, "00ff", 2, 4, &found, &complete, NULL));
    assert_int_equal(found, 0); /* no file */
    fixture_save(place->path, &small);
    int64_t study_id = begin_sweep(place->path);
    assert_int_equal(study_id, 2);
    assert_true(hr_points_find(place->path, "00ff", 2, 4, &found, &complete, NULL));
    assert_int_equal(found, 2);
    static const struct {
        const char *digest;
        int shard, shards;
    } others[] = {{"00fe", 2, 4}, {"00ff", 1, 4}, {"00ff", 2, 5}};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        assert_true(hr_points_find(place->path, others[i].digest, others[i].shard,
                                   others[i].shards, &found, &complete, NULL));
        assert_int_equal(found, 0);
    }
}

static void refused(const char *path, int64_t study_id, const char *why)
{
    GError *error = NULL;
    assert_null(hr_points_open(path, study_id, &error));
    if (strstr(error->message, why) == NULL) {
        fail_msg("%s", error->message);
    }
    g_error_free(error);
}

static void only_an_unfinished_sweep_takes_points(void **state)
{
    struct place *place = *state;
    refused(place->path, 1, "");
    fixture_save(place->path, &small);
    refused(place->path, 1, "study 1 is no sweep");
    int64_t study_id = begin_sweep(place->path);
    write_points(place->path, study_id, 3, 9);
    refused(place->path, study_id, "study 2 is a sweep that is complete");
}

static void a_refused_point_takes_its_batch_only(void **state)
{
    struct place *place = *state;
    int64_t study_id = begin_sweep(place->path);
    hr_points *points = open_points(place->path, study_id);
    add_point(points, 1);
    flush(points);
    add_point(points, 2);
    struct hr_row_point twice = point_row(1);
    GError *error = NULL;
    assert_false(hr_points_add(points, &twice, NULL, 0, &error));
    assert_non_null(error);
    g_clear_error(&error);
    hr_points_close(points);
    static const char *const bad_status[] = {"half", NULL};
    for (int i = 0; i < 2; i++) {
        points = open_points(place->path, study_id);
        struct hr_row_point row = point_row(3);
        row.status = bad_status[i];
        assert_false(hr_points_add(points, &row, NULL, 0, &error));
        g_clear_error(&error);
        hr_points_close(points);
    }
    hr_rows *rows = query(place->path, "SELECT count(*) AS n FROM point");
    assert_true(number(rows, "n") == 1);
    hr_rows_free(rows);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        T(rows_return_as_they_were),
        T(the_views_join_axes_and_platforms),
        T(the_same_batches_give_the_same_bytes),
        T(other_batches_give_the_same_pages),
        T(what_was_flushed_survives_a_kill),
        T(only_its_own_sweep_is_found),
        T(only_an_unfinished_sweep_takes_points),
        T(a_refused_point_takes_its_batch_only),
    };
    return cmocka_run_group_tests_name("store points", tests, NULL, NULL);
}
