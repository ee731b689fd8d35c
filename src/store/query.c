/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <sqlite3.h>

#include "base/error.h"
#include "store/db.h"
#include "store/handle.h"
#include "store/result.h"
#include "store/store.h"

/* A query may take so many operations of SQLite's virtual machine: a grouping of several
 * million rows fits, an endless recursion stops within seconds. Counted, not timed, so that the
 * same query ends the same way on every machine. */
#define QUERY_BUDGET_OPS INT64_C(500000000)
enum { BUDGET_STEP_OPS = 100000 };

static int spend_budget(void *context)
{
    hr_store *store = context;
    store->n_op_left -= BUDGET_STEP_OPS;
    return store->n_op_left < 0;
}

/* Whose value is not a function of the database: a report must come out the same tomorrow. */
static bool is_repeatable(const char *function)
{
    static const char *const refused[] = {
        "random",
        "randomblob",
        "load_extension",
        "current_time",
        "current_date",
        "current_timestamp",
        "date",
        "time",
        "datetime",
        "julianday",
        "unixepoch",
        "strftime",
        "changes",
        "total_changes",
        "last_insert_rowid",
        "sqlite_version",
        "sqlite_source_id",
        "sqlite_compileoption_get",
        "sqlite_compileoption_used",
        "sqlite_log",
        "fts3_tokenizer",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        if (g_ascii_strcasecmp(function, refused[i]) == 0) {
            return false;
        }
    }
    return true;
}

static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *view)
{
    (void)context;
    (void)first;
    (void)database;
    (void)view;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return second != NULL && is_repeatable(second) ? SQLITE_OK : SQLITE_DENY;
    default: /* an int of SQLite, not an enum: whatever it will add is refused too */
        return SQLITE_DENY;
    }
}

hr_store *hr_store_open_read(const char *path, GError **error)
{
    bool exists = false;
    sqlite3 *db = NULL;
    char *file = hr_db_resolve(path, &exists, error);
    if (file != NULL && !exists) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT, "there is no such file");
    }
    if (file == NULL || !exists || !hr_db_open_checked(file, &db, error)) {
        g_prefix_error(error, "%s: ", path);
        g_free(file);
        return NULL;
    }
    hr_store *store = g_new0(hr_store, 1);
    store->path = g_strdup(path);
    store->file = file;
    store->db = db;
    store->n_op_budget = QUERY_BUDGET_OPS;
    sqlite3_set_authorizer(db, authorize, NULL);
    sqlite3_progress_handler(db, BUDGET_STEP_OPS, spend_budget, store);
    return store;
}

/* Whether nothing but space and comments follows. */
static bool is_blank(hr_store *store, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && stmt == NULL && *sql != '\0') {
        rc = sqlite3_prepare_v2(store->db, sql, -1, &stmt, &sql);
    }
    bool blank = rc == SQLITE_OK && stmt == NULL;
    sqlite3_finalize(stmt);
    return blank;
}

static bool bind_parameters(sqlite3_stmt *stmt, int64_t study_id, const char *platform_id,
                            GError **error)
{
    int n = sqlite3_bind_parameter_count(stmt);
    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(stmt, i);
        int rc = SQLITE_OK;
        if (g_strcmp0(name, ":study") == 0) {
            rc = sqlite3_bind_int64(stmt, i, study_id);
        } else if (g_strcmp0(name, ":platform") == 0) {
            rc = sqlite3_bind_text(stmt, i, platform_id, -1, SQLITE_TRANSIENT);
        } else {
            g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                        "query: unknown parameter %s; there are :study and :platform",
                        name != NULL ? name : "?");
            return false;
        }
        if (rc != SQLITE_OK) {
            g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "query: %s", sqlite3_errstr(rc));
            return false;
        }
    }
    return true;
}

static bool query_fail(hr_store *store, GError **error)
{
    int rc = sqlite3_errcode(store->db) & 0xff;
    if (rc == SQLITE_INTERRUPT) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT, "query: it takes too long");
        return false;
    }
    bool is_damage = rc == SQLITE_CORRUPT || rc == SQLITE_IOERR || rc == SQLITE_NOTADB ||
                     rc == SQLITE_BUSY || rc == SQLITE_CANTOPEN;
    g_set_error(error, HR_ERROR, is_damage ? HR_ERROR_FAILED : HR_ERROR_INPUT, "query: %s",
                sqlite3_errmsg(store->db));
    return false;
}

static sqlite3_stmt *prepare(hr_store *store, const char *sql, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    const char *rest = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, &rest) != SQLITE_OK) {
        query_fail(store, error);
        return NULL;
    }
    const char *problem = stmt == NULL                        ? "there is no statement"
                          : !is_blank(store, rest)            ? "only one statement may stand"
                          : !sqlite3_stmt_readonly(stmt)      ? "it may only read"
                          : sqlite3_column_count(stmt) == 0   ? "it yields no columns"
                          : sqlite3_stmt_isexplain(stmt) != 0 ? "EXPLAIN is not a result"
                                                              : NULL;
    if (problem != NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "query: %s", problem);
        sqlite3_finalize(stmt);
        return NULL;
    }
    return stmt;
}

hr_rows *hr_store_query(hr_store *store, const char *sql, int64_t study_id,
                        const char *platform_id, GError **error)
{
    hr_assert(!store->is_writer);
    store->n_op_left = store->n_op_budget;
    sqlite3_stmt *stmt = prepare(store, sql, error);
    if (stmt == NULL) {
        return NULL;
    }
    hr_rows *rows = NULL;
    if (bind_parameters(stmt, study_id, platform_id, error)) {
        rows = hr_rows_new(stmt);
        int rc = SQLITE_ROW;
        bool ok = true;
        while (ok && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
            ok = hr_rows_add(rows, stmt, error);
        }
        if (ok && rc != SQLITE_DONE) {
            ok = query_fail(store, error);
        }
        if (!ok) {
            hr_rows_free(rows);
            rows = NULL;
        }
    }
    sqlite3_finalize(stmt);
    return rows;
}

hr_rows *hr_store_studies(hr_store *store, GError **error)
{
    return hr_store_query(store,
                          "SELECT study_id, created_utc, kind, title, command, program_version "
                          "FROM study ORDER BY study_id",
                          0, NULL, error);
}

bool hr_store_last_study(hr_store *store, int64_t *study_id, GError **error)
{
    g_autoptr(hr_rows) rows =
        hr_store_query(store, "SELECT max(study_id) FROM study", 0, NULL, error);
    if (rows == NULL) {
        return false;
    }
    const struct hr_value *value = hr_rows_get(rows, 0, 0);
    if (value->kind != HR_VALUE_INT) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s: it holds no study", store->path);
        return false;
    }
    *study_id = value->as.integer;
    return true;
}

bool hr_store_has_study(hr_store *store, int64_t study_id, GError **error)
{
    g_autoptr(hr_rows) rows = hr_store_query(store,
                                             "SELECT count(*) FILTER (WHERE study_id = "
                                             ":study), count(*), min(study_id), max(study_id) "
                                             "FROM study",
                                             study_id, NULL, error);
    if (rows == NULL) {
        return false;
    }
    if (hr_rows_get(rows, 0, 0)->as.integer == 1) {
        return true;
    }
    if (hr_rows_get(rows, 0, 1)->as.integer == 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s: it holds no study", store->path);
        return false;
    }
    g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                "%s: there is no study %lld; there are %lld to %lld", store->path,
                (long long)study_id, (long long)hr_rows_get(rows, 0, 2)->as.integer,
                (long long)hr_rows_get(rows, 0, 3)->as.integer);
    return false;
}
