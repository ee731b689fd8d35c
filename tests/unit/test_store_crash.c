/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left after a writer was killed or the disk was full. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <signal.h>
#include <sqlite3.h>

#include "base/error.h"
#include "check.h"
#include "store/db.h"
#include "store/store.h"
#include "store_fixture.h"

static const struct fixture_size small = {1, 2, 2, 3, 2, 3};
/* About 2 MiB: its transaction takes long enough to be hit. */
static const struct fixture_size large = {2, 3, 2, 8, 4, 100};

struct place {
    char *folder;
    char *path;
    char *log; /* path-wal */
};

static int make_place(void **state)
{
    struct place *place = g_new0(struct place, 1);
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "x.db", NULL);
    place->log = g_strconcat(place->path, "-wal", NULL);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    fixture_folder_remove(place->folder);
    g_free(place->path);
    g_free(place->log);
    g_free(place);
    return 0;
}

static int64_t file_bytes(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (int64_t)info.st_size : -1;
}

/* The child: saves large studies until it is killed; never returns to the tests. */
static _Noreturn void save_for_ever(const char *path)
{
    for (;;) {
        hr_store *store = hr_store_open_write(path, NULL);
        if (store == NULL || !fixture_fill(store, &large, NULL) ||
            !hr_store_commit_study(store, NULL, NULL)) {
            _exit(1);
        }
        hr_store_close(store);
    }
}

/* Starts such a child and kills it as soon as the file has so many bytes. */
static void kill_writer_at(const char *path, const char *watched, int64_t n_bytes)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        save_for_ever(path);
    }
    int64_t deadline_us = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
    int status = 0;
    while (file_bytes(watched) < n_bytes) {
        assert_true(g_get_monotonic_time() < deadline_us);
        assert_int_equal(waitpid(child, &status, WNOHANG), 0); /* it has not given up */
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Every study from the second on is a whole large one. */
static int64_t assert_only_whole_studies(const char *path)
{
    GError *error = NULL;
    hr_store *store = hr_store_open_read(path, &error);
    if (store == NULL) {
        fail_msg("%s", error->message);
    }
    hr_rows *rows = hr_store_query(
        store,
        "SELECT study_id, (SELECT count(*) FROM scenario AS c JOIN run AS r USING "
        "(scenario_id) "
        "JOIN host_series AS h USING (run_id) WHERE c.study_id = s.study_id) AS series, "
        "(SELECT count(*) FROM finding AS f WHERE f.study_id = s.study_id) AS findings, "
        "(SELECT count(*) FROM provenance AS v WHERE v.study_id = s.study_id) AS provenance "
        "FROM study AS s ORDER BY study_id",
        0, NULL, &error);
    if (rows == NULL) {
        fail_msg("%s", error->message);
    }
    for (size_t i = 0; i < hr_rows_count(rows); i++) {
        const struct fixture_size *size = i == 0 ? &small : &large;
        assert_near(hr_rows_number(rows, i, 0, -1), (double)i + 1, 0);
        assert_near(hr_rows_number(rows, i, 1, -1),
                    size->platforms * 2 * size->hosts * FIXTURE_METRICS * size->hours, 0);
        assert_near(hr_rows_number(rows, i, 2, -1), FIXTURE_FINDINGS, 0);
        assert_near(hr_rows_number(rows, i, 3, -1), 1, 0);
    }
    int64_t n = (int64_t)hr_rows_count(rows);
    hr_rows_free(rows);
    hr_store_close(store);
    return n;
}

static void a_killed_append_leaves_whole_studies(void **state)
{
    struct place *place = *state;
    fixture_save(place->path, &small);
    char *first = fixture_dump(place->path, 1);
    fixture_save(place->path, &large);
    int64_t study_bytes = file_bytes(place->path);
    int n_hit = 0;
    /* From the log's first byte, through the transaction, to near its end. */
    for (int i = 0; i < 5; i++) {
        kill_writer_at(place->path, place->log, 1 + study_bytes * i / 6);
        n_hit += file_bytes(place->log) > 0; /* it was in the midst of it */
        /* What is there can be read at once, before anything has tidied up. */
        int64_t n = assert_only_whole_studies(place->path);
        char *integrity = fixture_integrity(place->path);
        assert_string_equal(integrity, "ok|\n");
        g_free(integrity);
        char *again = fixture_dump(place->path, 1);
        assert_string_equal(first, again);
        g_free(again);
        /* And the next writer goes on, and leaves one file. */
        assert_int_equal(fixture_save(place->path, &large), n + 1);
        assert_int_equal(fixture_folder_count(place->folder), 1);
    }
    assert_true(n_hit > 0);
    g_free(first);
}

static void a_killed_first_study_leaves_no_file(void **state)
{
    struct place *place = *state;
    for (int i = 0; i < 8; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            hr_store *store = hr_store_open_write(place->path, NULL);
            if (store != NULL && fixture_fill(store, &large, NULL)) {
                hr_store_commit_study(store, NULL, NULL);
            }
            _exit(0);
        }
        g_usleep((gulong)(i * 15000)); /* any moment will do: the result is nothing or all */
        kill(child, SIGKILL);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        size_t n = fixture_folder_count(place->folder);
        assert_true(n == 0 || (n == 1 && file_bytes(place->path) > 1000 * 1000));
        if (n == 1) {
            char *integrity = fixture_integrity(place->path);
            assert_string_equal(integrity, "ok|\n");
            g_free(integrity);
            assert_int_equal(unlink(place->path), 0);
        }
    }
}

static void many_programs_append_at_once(void **state)
{
    struct place *place = *state;
    enum { PROGRAMS = 4, STUDIES = 3 };
    fixture_save(place->path, &small);
    char *first = fixture_dump(place->path, 1);
    pid_t children[PROGRAMS];
    for (int i = 0; i < PROGRAMS; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            GError *error = NULL;
            for (int k = 0; k < STUDIES; k++) {
                hr_store *store = hr_store_open_write(place->path, &error);
                if (store == NULL || !fixture_fill(store, &large, &error) ||
                    !hr_store_commit_study(store, NULL, &error)) {
                    fprintf(stderr, "# %s\n", error->message);
                    _exit(1);
                }
                hr_store_close(store);
            }
            _exit(0);
        }
    }
    for (int i = 0; i < PROGRAMS; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(assert_only_whole_studies(place->path), 1 + PROGRAMS * STUDIES);
    assert_int_equal(fixture_folder_count(place->folder), 1);
    char *again = fixture_dump(place->path, 1);
    assert_string_equal(first, again);
    char *integrity = fixture_integrity(place->path);
    assert_string_equal(integrity, "ok|\n");
    g_free(integrity);
    g_free(first);
    g_free(again);
}

/* A journal that must be rolled back before the file makes sense, as a killed change of the
 * journal mode would leave it. */
static void a_hot_journal_is_rolled_back_for_a_reader(void **state)
{
    struct place *place = *state;
    fixture_save(place->path, &large);
    char *before = fixture_dump(place->path, 1);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        sqlite3 *db = NULL;
        sqlite3_open(place->path, &db);
        sqlite3_exec(
            db,
            "PRAGMA cache_size = 5; BEGIN IMMEDIATE; UPDATE host_series SET mean = -1; "
            "DELETE FROM event",
            NULL, NULL, NULL);
        raise(SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(fixture_folder_count(place->folder), 2); /* the journal is there */
    GError *error = NULL;
    hr_store *store = hr_store_open_read(place->path, &error);
    if (store == NULL) {
        fail_msg("%s", error->message);
    }
    hr_rows *rows = hr_store_query(store, "SELECT count(*) FROM host_series WHERE mean = -1", 1,
                                   NULL, &error);
    assert_near(hr_rows_number(rows, 0, 0, -1), 0, 0);
    hr_rows_free(rows);
    hr_store_close(store);
    char *after = fixture_dump(place->path, 1);
    assert_string_equal(before, after);
    g_free(before);
    g_free(after);
}

/* Commits in a child that may not make files longer than so many bytes, as on a full disk.
 * Returns: whether the child's commit failed with an error that names the file. */
static bool fails_on_full_disk(const char *path, rlim_t n_bytes)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        GError *error = NULL;
        hr_store *store = hr_store_open_write(path, &error);
        if (store == NULL || !fixture_fill(store, &large, &error)) {
            _exit(3);
        }
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {n_bytes, n_bytes};
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0) {
            _exit(4);
        }
        bool saved = hr_store_commit_study(store, NULL, &error);
        hr_store_close(store);
        _exit(saved ? 0 : g_str_has_prefix(error->message, path) ? 7 : 5);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

static void a_full_disk_leaves_things_as_they_were(void **state)
{
    struct place *place = *state;
    assert_true(fails_on_full_disk(place->path, 100 * 1000));
    assert_int_equal(fixture_folder_count(place->folder), 0);
    fixture_save(place->path, &small);
    char *before = fixture_dump(place->path, 1);
    const rlim_t limits[] = {0, 20 * 1000, 140 * 1000, 600 * 1000};
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        assert_true(fails_on_full_disk(place->path, limits[i]));
        assert_int_equal(assert_only_whole_studies(place->path), 1);
        assert_int_equal(fixture_folder_count(place->folder), 1);
        char *after = fixture_dump(place->path, 1);
        assert_string_equal(before, after);
        g_free(after);
    }
    char *integrity = fixture_integrity(place->path);
    assert_string_equal(integrity, "ok|\n");
    g_free(integrity);
    g_free(before);
    assert_int_equal(fixture_save(place->path, &large), 2);
    assert_int_equal(fixture_folder_count(place->folder), 1);
}

/* The way for file systems without nameless files. */
static void publishing_by_link_is_whole_or_nothing(void **state)
{
    struct place *place = *state;
    static const char bytes[] = "0123456789";
    assert_true(hr_db_publish_by_link(place->path, bytes, sizeof bytes));
    assert_int_equal(file_bytes(place->path), sizeof bytes);
    assert_false(hr_db_publish_by_link(place->path, bytes, 3));
    assert_int_equal(errno, EEXIST);
    assert_int_equal(file_bytes(place->path), sizeof bytes); /* never over an existing file */
    assert_int_equal(fixture_folder_count(place->folder), 1);
    assert_int_equal(unlink(place->path), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {5, 5};
        _exit(setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                      !hr_db_publish_by_link(place->path, bytes, sizeof bytes) && errno == EFBIG
                  ? 7
                  : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    assert_int_equal(fixture_folder_count(place->folder), 0);
}

static void a_folder_that_cannot_be_written(void **state)
{
    struct place *place = *state;
    assert_int_equal(chmod(place->folder, 0500), 0);
    GError *error = NULL;
    if (geteuid() == 0) {
        print_message("# the superuser may write anywhere: a folder of the kernel instead\n");
        hr_store *store = hr_store_open_write("/proc/x.db", &error);
        if (store != NULL) {
            assert_true(fixture_fill(store, &small, NULL));
            assert_false(hr_store_commit_study(store, NULL, &error));
            hr_store_close(store);
        }
    } else {
        assert_null(hr_store_open_write(place->path, &error));
    }
    assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_FAILED));
    g_clear_error(&error);
    assert_int_equal(chmod(place->folder, 0700), 0);
    assert_int_equal(fixture_folder_count(place->folder), 0);
}

int main(void)
{
#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        IN_PLACE(a_killed_append_leaves_whole_studies),
        IN_PLACE(a_killed_first_study_leaves_no_file),
        IN_PLACE(many_programs_append_at_once),
        IN_PLACE(a_hot_journal_is_rolled_back_for_a_reader),
        IN_PLACE(a_full_disk_leaves_things_as_they_were),
        IN_PLACE(publishing_by_link_is_whole_or_nothing),
        IN_PLACE(a_folder_that_cannot_be_written),
    };
    return cmocka_run_group_tests_name("store after a crash", tests, NULL, NULL);
}
