/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <sqlite3.h>

#include "base/error.h"
#include "base/text.h"
#include "store/append.h"
#include "store/db.h"
#include "store/fields.h"
#include "store/handle.h"
#include "store/schema.h"
#include "store/store.h"

/* The number of the one study in the database in memory. */
enum { STAGED_STUDY_ID = 1 };

/* The last second of the year 9999, which ISO 8601 still writes with four digits. */
#define EPOCH_MAX_S INT64_C(253402300799)

/* Tells before a long simulation what would stop the saving after it. */
static bool check_writable(const char *file, bool exists, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file);
    if ((exists && access(file, R_OK | W_OK) != 0) || access(folder, W_OK | X_OK) != 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot write %s",
                    exists ? "it" : folder);
        return false;
    }
    if (!exists) {
        return true;
    }
    sqlite3 *db = NULL;
    if (!hr_db_open_checked(file, &db, error)) {
        return false;
    }
    sqlite3_stmt *stmt = NULL;
    bool ok = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &stmt, NULL) == SQLITE_OK &&
              sqlite3_step(stmt) == SQLITE_ROW;
    if (!ok) {
        hr_db_fail(db, "it is damaged", error);
    } else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") != 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "it is damaged: %s",
                    (const char *)sqlite3_column_text(stmt, 0));
        ok = false;
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return ok;
}

hr_store *hr_store_open_write(const char *path, GError **error)
{
    bool exists = false;
    char *file = hr_db_resolve(path, &exists, error);
    if (file == NULL || !check_writable(file, exists, error)) {
        g_prefix_error(error, "%s: ", path);
        g_free(file);
        return NULL;
    }
    hr_store *store = g_new0(hr_store, 1);
    store->path = g_strdup(path);
    store->file = file;
    store->is_writer = true;
    return store;
}

void hr_store_abort_study(hr_store *store)
{
    if (!store->is_writer) {
        return;
    }
    for (int i = 0; i < HR_TABLE__COUNT; i++) {
        sqlite3_finalize(store->insert[i]);
        store->insert[i] = NULL;
    }
    sqlite3_close(store->db);
    store->db = NULL;
    store->failed = false;
}

void hr_store_close(hr_store *store)
{
    if (store == NULL) {
        return;
    }
    hr_store_abort_study(store);
    sqlite3_close(store->db);
    g_free(store->path);
    g_free(store->file);
    g_free(store);
}

static sqlite3_stmt *prepare_insert(hr_store *store, enum hr_table which, GError **error)
{
    const struct hr_table_info *table = hr_table_info(which);
    g_autoptr(GString) sql = g_string_new(NULL);
    g_string_printf(sql, "INSERT INTO %s (%s", table->name, table->parent);
    for (size_t i = 0; i < table->n_fields; i++) {
        g_string_append_printf(sql, ", %s", table->fields[i].column);
    }
    g_string_append(sql, ") VALUES (?");
    for (size_t i = 0; i < table->n_fields; i++) {
        g_string_append(sql, ", ?");
    }
    g_string_append_c(sql, ')');
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v3(store->db, sql->str, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
        SQLITE_OK) {
        hr_db_fail(store->db, table->name, error);
    }
    return stmt;
}

static bool refuse(const struct hr_table_info *table, const struct hr_field *field,
                   const char *what, GError **error)
{
    g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot save %s.%s: %s", table->name,
                field->column, what);
    return false;
}

/* Binds a text, which lives until the row is stored. Names come from foreign files, so what is
 * no UTF-8 is mended here: a database must not hold what later breaks a report. */
static int bind_text(sqlite3_stmt *stmt, int index, const char *text)
{
    if (g_utf8_validate(text, -1, NULL)) {
        return sqlite3_bind_text(stmt, index, text, -1, SQLITE_STATIC);
    }
    return sqlite3_bind_text(stmt, index, g_utf8_make_valid(text, -1), -1, g_free);
}

static bool bind_field(sqlite3_stmt *stmt, int index, const struct hr_table_info *table,
                       const struct hr_field *field, const void *row, GError **error)
{
    const void *member = (const char *)row + field->offset;
    int rc = SQLITE_OK;
    switch (field->kind) {
    case HR_FIELD_TEXT:
    case HR_FIELD_OPTIONAL_TEXT: {
        const char *text = *(const char *const *)member;
        if (text == NULL && field->kind == HR_FIELD_TEXT) {
            return refuse(table, field, "it has no value", error);
        }
        if (text != NULL && strlen(text) > HR_DB_TEXT_MAX_BYTES) {
            return refuse(table, field, "the text is too long", error);
        }
        rc = bind_text(stmt, index, text != NULL ? text : "");
        break;
    }
    case HR_FIELD_INT:
        rc = sqlite3_bind_int(stmt, index, *(const int *)member);
        break;
    case HR_FIELD_INT64:
        rc = sqlite3_bind_int64(stmt, index, *(const int64_t *)member);
        break;
    case HR_FIELD_BOOL:
        rc = sqlite3_bind_int(stmt, index, *(const bool *)member ? 1 : 0);
        break;
    case HR_FIELD_REAL: {
        double real = *(const double *)member;
        if (!isfinite(real)) {
            return refuse(table, field, "it is not a finite number", error);
        }
        /* No negative zero: it would print as -0. */
        rc = sqlite3_bind_double(stmt, index, real == 0.0 ? 0.0 : real);
        break;
    }
    }
    return rc == SQLITE_OK || refuse(table, field, sqlite3_errstr(rc), error);
}

static bool insert(hr_store *store, enum hr_table which, int64_t parent_id, const void *row,
                   GError **error)
{
    const struct hr_table_info *table = hr_table_info(which);
    if (store->insert[which] == NULL) {
        store->insert[which] = prepare_insert(store, which, error);
    }
    sqlite3_stmt *stmt = store->insert[which];
    bool ok = stmt != NULL && sqlite3_bind_int64(stmt, 1, parent_id) == SQLITE_OK;
    for (size_t i = 0; ok && i < table->n_fields; i++) {
        ok = bind_field(stmt, (int)i + 2, table, &table->fields[i], row, error);
    }
    if (ok && sqlite3_step(stmt) != SQLITE_DONE) {
        g_autofree char *what = g_strdup_printf("cannot save a row of %s", table->name);
        ok = hr_db_fail(store->db, what, error);
    }
    if (stmt != NULL) {
        sqlite3_reset(stmt);
        sqlite3_clear_bindings(stmt);
    }
    return ok;
}

/* Adds a row; a refused one spoils the study, so that no half of it can be committed. */
static bool add(hr_store *store, enum hr_table which, int64_t parent_id, const void *row,
                GError **error)
{
    hr_assert(store->is_writer && store->db != NULL);
    if (!insert(store, which, parent_id, row, error)) {
        store->failed = true;
        return false;
    }
    return true;
}

char *hr_store_stamp_utc(GError **error)
{
    int64_t epoch_s = g_get_real_time() / G_USEC_PER_SEC;
    const char *given = getenv("SOURCE_DATE_EPOCH");
    if (given != NULL && !hr_parse_int(given, 0, EPOCH_MAX_S, &epoch_s)) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "SOURCE_DATE_EPOCH: '%.40s' is not a number of seconds", given);
        return NULL;
    }
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(epoch_s);
    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

static bool begin(hr_store *store, const struct hr_row_study *row, GError **error)
{
    g_autofree char *created_utc = hr_store_stamp_utc(error);
    if (created_utc == NULL || !hr_db_open_memory(&store->db, error) ||
        !hr_schema_create(store->db, error) ||
        !hr_db_exec(store->db, "PRAGMA foreign_keys = ON; BEGIN", error)) {
        return false;
    }
    struct hr_study_record record = {.created_utc = created_utc, .row = *row};
    return insert(store, HR_TABLE_STUDY, STAGED_STUDY_ID, &record, error);
}

bool hr_store_begin_study(hr_store *store, const struct hr_row_study *row, GError **error)
{
    hr_assert(store->is_writer && store->db == NULL);
    if (!begin(store, row, error)) {
        hr_store_abort_study(store);
        return false;
    }
    return true;
}

bool hr_store_add_platform(hr_store *store, const struct hr_row_platform *row, GError **error)
{
    return add(store, HR_TABLE_PLATFORM, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_period(hr_store *store, const struct hr_row_period *row, GError **error)
{
    return add(store, HR_TABLE_PERIOD, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_floor(hr_store *store, const struct hr_row_floor *row, GError **error)
{
    return add(store, HR_TABLE_FLOOR, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_candidate(hr_store *store, const struct hr_row_candidate *row, GError **error)
{
    return add(store, HR_TABLE_CANDIDATE, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_scenario(hr_store *store, const struct hr_row_scenario *row,
                           int64_t *scenario_id, GError **error)
{
    if (!add(store, HR_TABLE_SCENARIO, STAGED_STUDY_ID, row, error)) {
        return false;
    }
    *scenario_id = sqlite3_last_insert_rowid(store->db);
    return true;
}

bool hr_store_add_run(hr_store *store, int64_t scenario_id, const struct hr_row_run *row,
                      int64_t *run_id, GError **error)
{
    if (!add(store, HR_TABLE_RUN, scenario_id, row, error)) {
        return false;
    }
    *run_id = sqlite3_last_insert_rowid(store->db);
    return true;
}

bool hr_store_add_guest_result(hr_store *store, int64_t run_id,
                               const struct hr_row_guest_result *row, GError **error)
{
    return add(store, HR_TABLE_GUEST_RESULT, run_id, row, error);
}

bool hr_store_add_series(hr_store *store, int64_t run_id, const struct hr_row_series *row,
                         GError **error)
{
    return add(store, HR_TABLE_HOST_SERIES, run_id, row, error);
}

bool hr_store_add_event(hr_store *store, int64_t run_id, const struct hr_row_event *row,
                        GError **error)
{
    return add(store, HR_TABLE_EVENT, run_id, row, error);
}

bool hr_store_add_cost_line(hr_store *store, const struct hr_row_cost_line *row, GError **error)
{
    return add(store, HR_TABLE_COST_LINE, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_cost_price(hr_store *store, const struct hr_row_cost_price *row,
                             GError **error)
{
    return add(store, HR_TABLE_COST_PRICE, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_energy(hr_store *store, const struct hr_row_energy *row, GError **error)
{
    return add(store, HR_TABLE_ENERGY, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_keep_option(hr_store *store, const struct hr_row_keep_option *row,
                              GError **error)
{
    return add(store, HR_TABLE_KEEP_OPTION, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_finding(hr_store *store, const struct hr_row_finding *row, GError **error)
{
    return add(store, HR_TABLE_FINDING, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_assumption(hr_store *store, const struct hr_row_assumption *row,
                             GError **error)
{
    return add(store, HR_TABLE_ASSUMPTION, STAGED_STUDY_ID, row, error);
}

bool hr_store_add_provenance(hr_store *store, const struct hr_row_provenance *row,
                             GError **error)
{
    return add(store, HR_TABLE_PROVENANCE, STAGED_STUDY_ID, row, error);
}

/* A file that another program made since the opening is appended to as any other. */
static bool save(hr_store *store, int64_t *study_id, GError **error)
{
    if (store->failed) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_FAILED,
                            "the study is not saved, because a row of it was refused");
        return false;
    }
    if (!hr_db_exec(store->db, "COMMIT", error)) {
        return false;
    }
    bool exists = g_file_test(store->file, G_FILE_TEST_EXISTS);
    if (!exists && !hr_append_create(store->db, store->file, &exists, error)) {
        return false;
    }
    if (exists) {
        return hr_append_study(store->db, store->file, study_id, error);
    }
    *study_id = STAGED_STUDY_ID;
    return true;
}

bool hr_store_commit_study(hr_store *store, int64_t *study_id, GError **error)
{
    hr_assert(store->is_writer && store->db != NULL);
    int64_t saved_as = 0;
    bool ok = save(store, &saved_as, error);
    if (!ok) {
        g_prefix_error(error, "%s: ", store->path);
    }
    hr_store_abort_study(store);
    if (ok && study_id != NULL) {
        *study_id = saved_as;
    }
    return ok;
}
