/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/points.h"

#include <sqlite3.h>

#include "base/error.h"
#include "store/db.h"
#include "store/insert.h"
#include "store/schema.h"

struct hr_points {
    char *path; /* as the user named it, for messages */
    sqlite3 *db;
    int64_t study_id;
    sqlite3_stmt *insert_point, *insert_value;
    bool in_batch;
    bool failed;
};

static bool fail(const struct hr_points *points, GError **error)
{
    g_prefix_error(error, "%s: ", points->path);
    return false;
}

/* A writer that was killed may have left the mode with a write-ahead log; points are written
 * with a journal that stands only while a transaction lasts. Not getting it is no fault. */
static void leave_log_mode(sqlite3 *db)
{
    (void)sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

static bool check_sweep(struct hr_points *points, GError **error)
{
    g_autofree char *sql = g_strdup_printf(
        "SELECT coalesce((SELECT complete FROM sweep WHERE study_id = %lld), -1)",
        (long long)points->study_id);
    int64_t complete = 0;
    if (!hr_db_read_int(points->db, sql, &complete, error)) {
        return false;
    }
    if (complete != 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "study %lld is %s",
                    (long long)points->study_id,
                    complete < 0 ? "no sweep" : "a sweep that is complete");
        return false;
    }
    return true;
}

static bool open_points(struct hr_points *points, GError **error)
{
    bool exists = false;
    g_autofree char *file = hr_db_resolve(points->path, &exists, error);
    if (file == NULL || !hr_db_open_writable(file, &points->db, error)) {
        return false;
    }
    leave_log_mode(points->db);
    if (!hr_db_exec(points->db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", error) ||
        !check_sweep(points, error)) {
        return false;
    }
    points->insert_point = hr_insert_prepare(points->db, HR_TABLE_POINT, error);
    if (points->insert_point == NULL) {
        return false;
    }
    points->insert_value = hr_insert_prepare(points->db, HR_TABLE_POINT_VALUE, error);
    return points->insert_value != NULL;
}

hr_points *hr_points_open(const char *path, int64_t study_id, GError **error)
{
    hr_points *points = g_new0(hr_points, 1);
    points->path = g_strdup(path);
    points->study_id = study_id;
    if (!open_points(points, error)) {
        fail(points, error);
        hr_points_close(points);
        return NULL;
    }
    return points;
}

void hr_points_close(hr_points *points)
{
    if (points == NULL) {
        return;
    }
    sqlite3_finalize(points->insert_point);
    sqlite3_finalize(points->insert_value);
    sqlite3_close(points->db); /* a transaction under way is rolled back */
    g_free(points->path);
    g_free(points);
}

static bool add_rows(hr_points *points, const struct hr_row_point *row,
                     const struct hr_row_point_value *values, size_t n_values, GError **error)
{
    if (!points->in_batch && !hr_db_exec(points->db, "BEGIN IMMEDIATE", error)) {
        return false;
    }
    points->in_batch = true;
    bool ok = hr_insert_row(points->insert_point, HR_TABLE_POINT, points->study_id, row, error);
    for (size_t i = 0; ok && i < n_values; i++) {
        hr_assert(values[i].point == row->point);
        ok = hr_insert_row(points->insert_value, HR_TABLE_POINT_VALUE, points->study_id,
                           &values[i], error);
    }
    return ok;
}

/* Forgets the batch. Some errors have rolled back already; then SQLite only says so. */
static bool give_up(hr_points *points, GError **error)
{
    (void)sqlite3_exec(points->db, "ROLLBACK", NULL, NULL, NULL);
    points->in_batch = false;
    points->failed = true;
    return fail(points, error);
}

bool hr_points_add(hr_points *points, const struct hr_row_point *row,
                   const struct hr_row_point_value *values, size_t n_values, GError **error)
{
    hr_assert(!points->failed);
    return add_rows(points, row, values, n_values, error) || give_up(points, error);
}

bool hr_points_flush(hr_points *points, GError **error)
{
    hr_assert(!points->failed);
    if (points->in_batch && !hr_db_exec(points->db, "COMMIT", error)) {
        return give_up(points, error);
    }
    points->in_batch = false;
    return true;
}

bool hr_points_finish(hr_points *points, GError **error)
{
    if (!hr_points_flush(points, error)) {
        return false;
    }
    g_autofree char *sql = g_strdup_printf(
        "UPDATE sweep SET complete = 1 WHERE study_id = %lld", (long long)points->study_id);
    return hr_db_exec(points->db, sql, error) || give_up(points, error);
}

GArray *hr_points_list(hr_points *points, GError **error)
{
    g_autofree char *sql =
        g_strdup_printf("SELECT point FROM point WHERE study_id = %lld ORDER BY point",
                        (long long)points->study_id);
    GArray *list = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(points->db, sql, -1, &stmt, NULL);
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW) {
            int64_t point = sqlite3_column_int64(stmt, 0);
            g_array_append_val(list, point);
        }
    }
    if (rc != SQLITE_DONE) {
        hr_db_fail(points->db, "cannot read the points", error);
        fail(points, error);
        g_clear_pointer(&list, g_array_unref);
    }
    sqlite3_finalize(stmt);
    return list;
}

char **hr_points_figures(GError **error)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    GPtrArray *names = NULL;
    if (hr_db_open_memory(&db, error) && hr_schema_create(db, error)) {
        if (sqlite3_prepare_v2(db, "SELECT * FROM v_point", -1, &stmt, NULL) == SQLITE_OK) {
            names = g_ptr_array_new();
        } else {
            hr_db_fail(db, "v_point", error);
        }
    }
    for (int i = 0; names != NULL && i < sqlite3_column_count(stmt); i++) {
        const char *name = sqlite3_column_name(stmt, i);
        if (!g_str_equal(name, "study_id") && !g_str_equal(name, "point")) {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    if (names == NULL) {
        return NULL;
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

static bool find(sqlite3 *db, const char *digest, int shard, int shards, int64_t *study_id,
                 bool *complete, GError **error)
{
    static const char sql[] = "SELECT study_id, complete FROM sweep WHERE digest = ?1 AND "
                              "shard = ?2 AND shards = ?3\n"
                              "ORDER BY study_id DESC LIMIT 1";
    sqlite3_stmt *stmt = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
              sqlite3_bind_text(stmt, 1, digest, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_bind_int(stmt, 2, shard) == SQLITE_OK &&
              sqlite3_bind_int(stmt, 3, shards) == SQLITE_OK;
    int rc = ok ? sqlite3_step(stmt) : SQLITE_ERROR;
    if (rc == SQLITE_ROW) {
        *study_id = sqlite3_column_int64(stmt, 0);
        *complete = sqlite3_column_int(stmt, 1) != 0;
    } else if (rc == SQLITE_DONE) {
        *study_id = 0;
        *complete = false;
    } else {
        ok = hr_db_fail(db, "cannot read the sweeps", error);
    }
    sqlite3_finalize(stmt);
    return ok;
}

bool hr_points_find(const char *path, const char *digest, int shard, int shards,
                    int64_t *study_id, bool *complete, GError **error)
{
    bool exists = false;
    sqlite3 *db = NULL;
    g_autofree char *file = hr_db_resolve(path, &exists, error);
    if (file != NULL && !exists) {
        *study_id = 0;
        *complete = false;
        return true;
    }
    bool ok = file != NULL && hr_db_open_checked(file, &db, error) &&
              find(db, digest, shard, shards, study_id, complete, error);
    sqlite3_close(db);
    if (!ok) {
        g_prefix_error(error, "%s: ", path);
    }
    return ok;
}
