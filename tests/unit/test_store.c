/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "base/error.h"
#include "check.h"
#include "store/store.h"
#include "store_fixture.h"

static const struct fixture_size small = {1, 2, 2, 3, 2, 3};
static const struct fixture_size other = {2, 3, 3, 8, 4, 5};

struct place {
    char *folder;
    char *path; /* of a database in it */
};

static int make_place(void **state)
{
    struct place *place = g_new0(struct place, 1);
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "x.db", NULL);
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

static void equal_studies_make_equal_files(void **state)
{
    struct place *place = *state;
    char *second = g_build_filename(place->folder, "y.db", NULL);
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "86400", 1), 0);
    for (int i = 0; i < 2; i++) { /* a first study, then an appended one */
        fixture_save(place->path, &small);
        fixture_save(second, &small);
        GBytes *a = fixture_bytes(place->path), *b = fixture_bytes(second);
        assert_true(g_bytes_equal(a, b));
        g_bytes_unref(a);
        g_bytes_unref(b);
    }
    unsetenv("SOURCE_DATE_EPOCH");
    /* Without it the time of day is told, and nothing else differs. */
    g_remove(second);
    int64_t before_s = g_get_real_time() / G_USEC_PER_SEC;
    fixture_save(second, &small);
    int64_t after_s = g_get_real_time() / G_USEC_PER_SEC;
    hr_store *store = hr_store_open_read(second, NULL);
    hr_rows *rows = hr_store_studies(store, NULL);
    GDateTime *created = g_date_time_new_from_iso8601(hr_rows_text(rows, 0, 1), NULL);
    assert_in_range(g_date_time_to_unix(created), before_s, after_s);
    g_date_time_unref(created);
    hr_rows_free(rows);
    hr_store_close(store);
    fixture_sql(second, "UPDATE study SET created_utc = '1970-01-02T00:00:00Z'");
    char *a = fixture_dump(place->path, 1), *b = fixture_dump(second, 1);
    assert_string_equal(a, b);
    g_free(a);
    g_free(b);
    g_free(second);
}

static void a_bad_epoch_is_refused(void **state)
{
    struct place *place = *state;
    static const char *const bad[] = {"", "yesterday", "-1", "1e9", "253402300800", "0x10"};
    struct hr_row_study study = fixture_study(&small);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        GError *error = NULL;
        hr_store *store = hr_store_open_write(place->path, NULL);
        assert_int_equal(setenv("SOURCE_DATE_EPOCH", bad[i], 1), 0);
        assert_false(hr_store_begin_study(store, &study, &error));
        assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_USAGE));
        g_clear_error(&error);
        unsetenv("SOURCE_DATE_EPOCH");
        hr_store_close(store);
    }
}

static void appending_leaves_earlier_studies_alone(void **state)
{
    struct place *place = *state;
    fixture_save(place->path, &small);
    char *first = fixture_dump(place->path, 1);
    assert_int_equal(fixture_save(place->path, &other), 2);
    char *first_again = fixture_dump(place->path, 1);
    assert_string_equal(first, first_again);
    char *both = fixture_dump(place->path, 2);
    /* One handle, two studies. */
    hr_store *writer = hr_store_open_write(place->path, NULL);
    int64_t study_id = 0;
    for (int i = 0; i < 2; i++) {
        assert_true(fixture_fill(writer, i == 0 ? &small : &other, NULL));
        assert_true(hr_store_commit_study(writer, &study_id, NULL));
        assert_int_equal(study_id, 3 + i);
    }
    hr_store_close(writer);
    char *both_again = fixture_dump(place->path, 2);
    assert_string_equal(both, both_again);
    char *integrity = fixture_integrity(place->path);
    assert_string_equal(integrity, "ok|\n");
    assert_int_equal(fixture_folder_count(place->folder), 1);

    /* The appended study holds what a first one holds, under its own number. */
    char *alone = g_build_filename(place->folder, "alone.db", NULL);
    fixture_save(alone, &other);
    hr_store *a = hr_store_open_read(alone, NULL), *b = hr_store_open_read(place->path, NULL);
    static const char guests[] = "SELECT * FROM v_guests_by_run WHERE study_id = :study";
    hr_rows *expected = hr_store_query(a, guests, 1, NULL, NULL);
    hr_rows *found = hr_store_query(b, guests, 4, NULL, NULL);
    assert_int_equal(hr_rows_count(expected), 3 * 3 * 8);
    assert_int_equal(hr_rows_count(found), hr_rows_count(expected));
    for (size_t row = 0; row < hr_rows_count(found); row++) {
        for (size_t i = 0; i < hr_rows_n_columns(found); i++) {
            const char *name = hr_rows_column_name(found, i);
            if (strcmp(name, "study_id") != 0 && strcmp(name, "scenario_id") != 0) {
                assert_string_equal(hr_rows_text(found, row, i),
                                    hr_rows_text(expected, row, i));
                assert_near(hr_rows_number(found, row, i, -5),
                            hr_rows_number(expected, row, i, -5), 0);
            }
        }
    }
    hr_rows_free(expected);
    hr_rows_free(found);
    hr_store_close(a);
    hr_store_close(b);
    g_free(alone);
    g_free(first);
    g_free(first_again);
    g_free(both);
    g_free(both_again);
    g_free(integrity);
}

static void two_writers_both_get_in(void **state)
{
    struct place *place = *state;
    GError *error = NULL;
    int64_t id = 0;
    hr_store *a = hr_store_open_write(place->path, NULL);
    hr_store *b = hr_store_open_write(place->path, NULL);
    assert_true(fixture_fill(a, &small, NULL));
    assert_true(fixture_fill(b, &other, NULL));
    assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
    assert_true(hr_store_commit_study(b, &id, &error));
    assert_int_equal(id, 1);
    /* A reader that stands in the middle of the file does not stop the second one. */
    hr_store *reader = hr_store_open_read(place->path, NULL);
    assert_true(hr_store_commit_study(a, &id, &error));
    assert_int_equal(id, 2);
    assert_true(hr_store_last_study(reader, &id, &error));
    assert_int_equal(id, 2);
    hr_store_close(reader);
    hr_store_close(a);
    hr_store_close(b);
    fixture_save(place->path, &small);
    assert_int_equal(fixture_folder_count(place->folder), 1);
    char *integrity = fixture_integrity(place->path);
    assert_string_equal(integrity, "ok|\n");
    g_free(integrity);
}

static void an_aborted_study_leaves_nothing(void **state)
{
    struct place *place = *state;
    hr_store *store = hr_store_open_write(place->path, NULL);
    assert_true(fixture_fill(store, &small, NULL));
    hr_store_close(store);
    assert_int_equal(fixture_folder_count(place->folder), 0);
    fixture_save(place->path, &small);
    GBytes *before = fixture_bytes(place->path);
    store = hr_store_open_write(place->path, NULL);
    assert_true(fixture_fill(store, &other, NULL));
    hr_store_abort_study(store);
    hr_store_abort_study(store); /* nothing under way: nothing happens */
    GBytes *after = fixture_bytes(place->path);
    assert_true(g_bytes_equal(before, after));
    assert_true(fixture_fill(store, &other, NULL)); /* the handle is still good */
    int64_t id = 0;
    assert_true(hr_store_commit_study(store, &id, NULL));
    assert_int_equal(id, 2);
    hr_store_close(store);
    g_bytes_unref(before);
    g_bytes_unref(after);
}

/* Each spoils one value of an otherwise good row. */
static bool add_spoiled(hr_store *store, int which, GError **error)
{
    struct hr_row_platform platform = fixture_platform(&small, 1);
    struct hr_row_run run = fixture_run(&small, 0, 5);
    struct hr_row_candidate candidate = fixture_candidate(&small, 0, 1);
    struct hr_row_cost_line line = fixture_cost_line(&small, 0, 1);
    struct hr_row_series series = fixture_series(&small, 0, 0, 0, 0, 1);
    struct hr_row_event event = fixture_event(0, 0, 0);
    struct hr_row_floor floor_row = fixture_floor(&small, 0);
    int64_t id = 0;
    switch (which) {
    case 0:
        platform.slowdown_p95 = (double)NAN;
        return hr_store_add_platform(store, &platform, error);
    case 1:
        platform.restart_max_s = HUGE_VAL;
        return hr_store_add_platform(store, &platform, error);
    case 2:
        platform.binding = NULL;
        return hr_store_add_platform(store, &platform, error);
    case 3:
        platform.policy = "";
        return hr_store_add_platform(store, &platform, error);
    case 4:
        platform.platform_id = "alpha"; /* there already */
        return hr_store_add_platform(store, &platform, error);
    case 5:
        candidate.platform_id = "delta"; /* nowhere */
        return hr_store_add_candidate(store, &candidate, error);
    case 6:
        return hr_store_add_run(store, 99, &run, &id, error);
    case 7:
        run.status = "maybe";
        return hr_store_add_run(store, 1, &run, &id, error);
    case 8:
        line.category = "Server";
        return hr_store_add_cost_line(store, &line, error);
    case 9:
        series.metric = "free_gib";
        return hr_store_add_series(store, 1, &series, error);
    case 10:
        series.hour = -1;
        return hr_store_add_series(store, 1, &series, error);
    case 11:
        event.t_s = -HUGE_VAL;
        return hr_store_add_event(store, 1, &event, error);
    case 12:
        event.phase = "";
        return hr_store_add_event(store, 1, &event, error);
    case 13:
        floor_row.hosts = -3;
        return hr_store_add_floor(store, &floor_row, error);
    default:
        return hr_store_add_series(store, 2, &series, error); /* run that is not there */
    }
}

static void a_refused_row_spoils_its_study_only(void **state)
{
    struct place *place = *state;
    static const char *const expected[] = {
        "platform.slowdown_p95",
        "platform.restart_max_s",
        "platform.binding",
        "policy",
        "UNIQUE",
        "FOREIGN KEY",
        "FOREIGN KEY",
        "status",
        "category",
        "metric",
        "hour",
        "event.t_s",
        "phase",
        "hosts",
        "FOREIGN KEY",
    };
    const struct fixture_size one = {1, 1, 1, 2, 1, 1};
    fixture_save(place->path, &small);
    GBytes *before = fixture_bytes(place->path);
    for (int i = 0; i < (int)G_N_ELEMENTS(expected); i++) {
        GError *error = NULL;
        int64_t id = -7;
        hr_store *store = hr_store_open_write(place->path, NULL);
        struct fixture_size first = one;
        first.platforms = i == 13 ? 0 : 1; /* else the floor is there already */
        assert_true(fixture_fill(store, &first, NULL));
        if (i == 13) {
            struct hr_row_platform platform = fixture_platform(&one, 0);
            assert_true(hr_store_add_platform(store, &platform, NULL));
        }
        assert_false(add_spoiled(store, i, &error));
        if (strstr(error->message, expected[i]) == NULL) {
            fail_msg("%d: '%s' does not name '%s'", i, error->message, expected[i]);
        }
        g_clear_error(&error);
        assert_false(hr_store_commit_study(store, &id, &error));
        assert_int_equal(id, -7);
        g_clear_error(&error);
        hr_store_close(store);
    }
    GBytes *after = fixture_bytes(place->path);
    assert_true(g_bytes_equal(before, after));
    assert_int_equal(fixture_folder_count(place->folder), 1);
    g_bytes_unref(before);
    g_bytes_unref(after);
}

static void bad_utf8_is_mended(void **state)
{
    struct place *place = *state;
    hr_store *store = hr_store_open_write(place->path, NULL);
    struct hr_row_study study = fixture_study(&small);
    study.title = "gr\xf6\xdf"
                  "e";
    assert_true(hr_store_begin_study(store, &study, NULL));
    assert_true(hr_store_commit_study(store, NULL, NULL));
    hr_store_close(store);
    store = hr_store_open_read(place->path, NULL);
    hr_rows *rows = hr_store_studies(store, NULL);
    assert_string_equal(hr_rows_text(rows, 0, 3), "gr\xef\xbf\xbd\xef\xbf\xbd"
                                                  "e");
    hr_rows_free(rows);
    hr_store_close(store);
}

static void too_long_a_text_is_refused(void **state)
{
    struct place *place = *state;
    const size_t limit = 16 * 1024 * 1024;
    char *text = g_malloc(limit + 2);
    memset(text, 'a', limit + 1);
    text[limit + 1] = '\0';
    struct hr_row_study study = fixture_study(&small);
    struct hr_row_provenance row = {"k", text};
    GError *error = NULL;
    hr_store *store = hr_store_open_write(place->path, NULL);
    assert_true(hr_store_begin_study(store, &study, NULL));
    assert_false(hr_store_add_provenance(store, &row, &error));
    g_clear_error(&error);
    hr_store_abort_study(store);
    text[limit] = '\0';
    assert_true(hr_store_begin_study(store, &study, NULL));
    assert_true(hr_store_add_provenance(store, &row, &error));
    assert_true(hr_store_commit_study(store, NULL, &error));
    hr_store_close(store);
    store = hr_store_open_read(place->path, NULL);
    hr_rows *rows = hr_store_query(store, "SELECT value FROM provenance", 1, NULL, &error);
    assert_int_equal(strlen(hr_rows_text(rows, 0, 0)), limit);
    hr_rows_free(rows);
    hr_store_close(store);
    g_free(text);
}

/* Neither opening may succeed, and the file stays as it is. */
static void assert_refused(const char *path, int code)
{
    GBytes *before = fixture_bytes(path);
    GError *error = NULL;
    hr_store *store = hr_store_open_read(path, &error);
    assert_null(store);
    if (!g_error_matches(error, HR_ERROR, code) || !g_str_has_prefix(error->message, path)) {
        fail_msg("reading: code %d, expected %d: %s", error->code, code, error->message);
    }
    g_clear_error(&error);
    store = hr_store_open_write(path, &error);
    assert_null(store);
    if (!g_error_matches(error, HR_ERROR, code) || !g_str_has_prefix(error->message, path)) {
        fail_msg("writing: code %d, expected %d: %s", error->code, code, error->message);
    }
    g_clear_error(&error);
    GBytes *after = fixture_bytes(path);
    assert_true(g_bytes_equal(before, after));
    g_bytes_unref(before);
    g_bytes_unref(after);
}

static void foreign_files_are_refused(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *text;
        gssize n;
    } files[] = {
        {"", 0},
        {"x", 1},
        {"name,vcpus,memory_mib\nweb01,2,4096\n", -1},
        {"SQLite format 3", 16},
        {"%PDF-1.5\n1 0 obj\n<< >>\nendobj\n", -1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        assert_true(g_file_set_contents(place->path, files[i].text, files[i].n, NULL));
        assert_refused(place->path, HR_ERROR_INPUT);
    }
    char *long_text = g_strnfill(100000, 'z');
    assert_true(g_file_set_contents(place->path, long_text, -1, NULL));
    assert_refused(place->path, HR_ERROR_INPUT);
    g_free(long_text);

    g_remove(place->path);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE study (a); INSERT INTO study VALUES (1)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_refused(place->path, HR_ERROR_INPUT);
    fixture_sql(place->path, "PRAGMA application_id = 0x4864726d; PRAGMA user_version = 3");
    assert_refused(place->path, HR_ERROR_INPUT);
    assert_int_equal(fixture_folder_count(place->folder), 1);
}

static void changed_schemas_are_refused(void **state)
{
    struct place *place = *state;
    static const char *const changes[] = {
        "PRAGMA user_version = 4",
        "PRAGMA user_version = 0",
        "PRAGMA application_id = 7",
        "CREATE VIEW aaa AS SELECT 1",
        "CREATE VIEW zzz AS SELECT 1",
        "CREATE TABLE extra (a)",
        "CREATE INDEX extra ON study (title)",
        "CREATE TRIGGER planted AFTER INSERT ON study BEGIN DELETE FROM study; END",
        "CREATE TRIGGER zplanted INSTEAD OF INSERT ON v_answer BEGIN DELETE FROM study; END",
        "DROP VIEW v_guests",
        "DROP INDEX event_of_run",
        "DROP TABLE provenance",
        "ALTER TABLE finding ADD COLUMN more TEXT",
        "ALTER TABLE finding RENAME COLUMN line TO row",
        "DROP VIEW v_answer; CREATE VIEW v_answer AS WITH RECURSIVE c (x) AS (SELECT 1 UNION "
        "ALL "
        "SELECT x + 1 FROM c) SELECT x FROM c",
        "DROP TABLE floor; CREATE VIEW floor AS SELECT 1 AS study_id",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '''sweep''', "
        "'''seep''') WHERE name = 'study'",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type = 'index' WHERE name = "
        "'v_runs'",
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema",
        "ANALYZE",
    };
    fixture_save(place->path, &small);
    GBytes *good = fixture_bytes(place->path);
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        assert_true(g_file_set_contents(place->path, g_bytes_get_data(good, NULL),
                                        (gssize)g_bytes_get_size(good), NULL));
        fixture_sql(place->path, changes[i]);
        hr_store *store = hr_store_open_read(place->path, NULL);
        if (store != NULL) {
            fail_msg("accepted: %s", changes[i]);
        }
        GError *error = NULL;
        assert_null(hr_store_open_write(place->path, &error));
        assert_true(error->domain == HR_ERROR);
        /* A schema that SQLite itself cannot parse counts as damage. */
        assert_true(error->code == HR_ERROR_INPUT ||
                    strstr(error->message, "malformed") != NULL);
        g_clear_error(&error);
    }
    g_bytes_unref(good);
}

static void a_change_after_opening_is_noticed_at_the_commit(void **state)
{
    struct place *place = *state;
    fixture_save(place->path, &small);
    hr_store *store = hr_store_open_write(place->path, NULL);
    assert_true(fixture_fill(store, &small, NULL));
    fixture_sql(place->path,
                "CREATE TRIGGER planted AFTER INSERT ON study BEGIN DELETE FROM finding; END");
    GBytes *before = fixture_bytes(place->path);
    GError *error = NULL;
    assert_false(hr_store_commit_study(store, NULL, &error));
    assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_INPUT));
    g_clear_error(&error);
    hr_store_close(store);
    GBytes *after = fixture_bytes(place->path);
    assert_true(g_bytes_equal(before, after));
    g_bytes_unref(before);
    g_bytes_unref(after);
}

static void damaged_files_are_refused(void **state)
{
    struct place *place = *state;
    fixture_save(place->path, &small);
    GBytes *good = fixture_bytes(place->path);
    gsize size = g_bytes_get_size(good);
    const gsize cuts[] = {100, 512, 4096, size / 2, size - 4096, size - 1};
    for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++) {
        assert_true(g_file_set_contents(place->path, g_bytes_get_data(good, NULL),
                                        (gssize)cuts[i], NULL));
        GError *error = NULL;
        assert_null(hr_store_open_read(place->path, &error));
        g_clear_error(&error);
        assert_null(hr_store_open_write(place->path, &error));
        g_clear_error(&error);
    }
    /* A page of rows overwritten: only the writer looks at every page, and refuses to build on
     * it; a query that meets it fails. */
    guint8 *bytes = g_memdup2(g_bytes_get_data(good, NULL), size);
    memset(bytes + size - 4096, 0xff, 4096);
    assert_true(g_file_set_contents(place->path, (char *)bytes, (gssize)size, NULL));
    GError *error = NULL;
    assert_null(hr_store_open_write(place->path, &error));
    assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_FAILED));
    g_clear_error(&error);
    g_free(bytes);
    g_bytes_unref(good);
}

static void odd_paths(void **state)
{
    struct place *place = *state;
    GError *error = NULL;
    assert_null(hr_store_open_read(place->path, &error)); /* missing */
    assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_INPUT));
    g_clear_error(&error);
    assert_null(hr_store_open_read(place->folder, &error)); /* a folder */
    g_clear_error(&error);
    assert_null(hr_store_open_write(place->folder, &error));
    g_clear_error(&error);
    assert_null(hr_store_open_write("", &error));
    g_clear_error(&error);
    assert_null(hr_store_open_write("/dev/full", &error));
    g_clear_error(&error);

    char *fifo = g_build_filename(place->folder, "fifo", NULL);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_null(hr_store_open_read(fifo, &error)); /* and does not wait for a writer */
    g_clear_error(&error);
    assert_null(hr_store_open_write(fifo, &error));
    g_clear_error(&error);

    char *nowhere = g_build_filename(place->folder, "nowhere", NULL);
    assert_int_equal(symlink("gone.db", nowhere), 0);
    assert_null(hr_store_open_write(nowhere, &error));
    g_clear_error(&error);

    char *deep = g_build_filename(place->folder, "no", "such", "x.db", NULL);
    assert_null(hr_store_open_write(deep, &error));
    assert_non_null(strstr(error->message, deep));
    g_clear_error(&error);

    /* A link to a database is followed; so are links in the folders. */
    fixture_save(place->path, &small);
    char *link_path = g_build_filename(place->folder, "link.db", NULL);
    assert_int_equal(symlink("x.db", link_path), 0);
    assert_int_equal(fixture_save(link_path, &other), 2);
    hr_store *store = hr_store_open_read(place->path, NULL);
    int64_t id = 0;
    assert_true(hr_store_last_study(store, &id, NULL));
    assert_int_equal(id, 2);
    hr_store_close(store);
    g_free(fifo);
    g_free(nowhere);
    g_free(deep);
    g_free(link_path);
}

static void a_path_is_never_a_uri(void **state)
{
    struct place *place = *state;
    static const char *const names[] = {"file:x.db?mode=memory", "plain",
                                        ":memory:", "a b%20.db"};
    char *here = g_get_current_dir();
    assert_int_equal(g_chdir(place->folder), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        assert_int_equal(fixture_save(names[i], &small), 1);
        assert_int_equal(fixture_save(names[i], &small), 2);
        assert_true(g_file_test(names[i], G_FILE_TEST_IS_REGULAR));
        hr_store *store = hr_store_open_read(names[i], NULL);
        assert_non_null(store);
        hr_store_close(store);
    }
    assert_int_equal(fixture_folder_count(place->folder), G_N_ELEMENTS(names));
    assert_int_equal(g_chdir(here), 0);
    g_free(here);
}

int main(void)
{
#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        IN_PLACE(equal_studies_make_equal_files),
        IN_PLACE(a_bad_epoch_is_refused),
        IN_PLACE(appending_leaves_earlier_studies_alone),
        IN_PLACE(two_writers_both_get_in),
        IN_PLACE(an_aborted_study_leaves_nothing),
        IN_PLACE(a_refused_row_spoils_its_study_only),
        IN_PLACE(bad_utf8_is_mended),
        IN_PLACE(too_long_a_text_is_refused),
        IN_PLACE(foreign_files_are_refused),
        IN_PLACE(changed_schemas_are_refused),
        IN_PLACE(a_change_after_opening_is_noticed_at_the_commit),
        IN_PLACE(damaged_files_are_refused),
        IN_PLACE(odd_paths),
        IN_PLACE(a_path_is_never_a_uri),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
