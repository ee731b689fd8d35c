/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/append.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "store/db.h"
#include "store/fields.h"
#include "store/schema.h"

/* What a number that refers to a row of the stage is raised by in the file. */
struct shift {
    int64_t study_id, scenario_id, run_id;
};

/* Offsets in the file's header. A database in memory leaves these three at 0, which is valid,
 * but tools that name a file's type doubt it then. */
enum { HEADER_CHANGE_COUNTER = 24, HEADER_VALID_FOR = 92, HEADER_LIBRARY_VERSION = 96 };

static void put_big_endian(unsigned char *p, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        p[i] = (unsigned char)(value >> (24 - 8 * i));
    }
}

bool hr_append_create(sqlite3 *stage, const char *file, bool *existed, GError **error)
{
    sqlite3_int64 n_bytes = 0;
    unsigned char *bytes = sqlite3_serialize(stage, "main", &n_bytes, 0);
    if (bytes == NULL) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_FAILED, "the study is too large");
        return false;
    }
    put_big_endian(bytes + HEADER_CHANGE_COUNTER, 1);
    put_big_endian(bytes + HEADER_VALID_FOR, 1);
    put_big_endian(bytes + HEADER_LIBRARY_VERSION, (uint32_t)sqlite3_libversion_number());
    bool ok = hr_db_publish(file, bytes, (size_t)n_bytes, existed, error);
    sqlite3_free(bytes);
    return ok;
}

static bool attach(sqlite3 *stage, const char *file, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    bool ok = sqlite3_prepare_v2(stage, "ATTACH ?1 AS target", -1, &stmt, NULL) == SQLITE_OK &&
              sqlite3_bind_text(stmt, 1, file, -1, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(stmt) == SQLITE_DONE;
    if (!ok) {
        hr_db_fail(stage, "cannot open it", error);
    }
    sqlite3_finalize(stmt);
    return ok;
}

/* Asks for a journal mode. Returns: whether the file now has it. */
static bool set_journal_mode(sqlite3 *stage, const char *mode)
{
    g_autofree char *sql = g_strdup_printf("PRAGMA target.journal_mode = %s", mode);
    sqlite3_stmt *stmt = NULL;
    bool ok = sqlite3_prepare_v2(stage, sql, -1, &stmt, NULL) == SQLITE_OK &&
              sqlite3_step(stmt) == SQLITE_ROW &&
              g_ascii_strcasecmp((const char *)sqlite3_column_text(stmt, 0), mode) == 0;
    sqlite3_finalize(stmt);
    return ok;
}

static int64_t shift_of(const struct shift *shift, const char *column)
{
    return strcmp(column, "study_id") == 0      ? shift->study_id
           : strcmp(column, "scenario_id") == 0 ? shift->scenario_id
                                                : shift->run_id;
}

static bool copy_table(sqlite3 *stage, const struct hr_table_info *table,
                       const struct shift *shift, GError **error)
{
    g_autoptr(GString) columns = g_string_new(NULL);
    g_autoptr(GString) values = g_string_new(NULL);
    for (size_t i = 0; i < table->n_fields; i++) {
        g_string_append_printf(columns, ", %s", table->fields[i].column);
    }
    g_string_append_printf(values, "%s + %lld", table->parent,
                           (long long)shift_of(shift, table->parent));
    g_string_append(values, columns->str);
    g_string_prepend(columns, table->parent);
    if (table->id != NULL) {
        g_string_append_printf(columns, ", %s", table->id);
        g_string_append_printf(values, ", %s + %lld", table->id,
                               (long long)shift_of(shift, table->id));
    }
    g_autofree char *sql = g_strdup_printf("INSERT INTO target.%s (%s) SELECT %s FROM main.%s",
                                           table->name, columns->str, values->str, table->name);
    return hr_db_exec(stage, sql, error);
}

static bool copy_study(sqlite3 *stage, struct shift *shift, GError **error)
{
    struct shift found;
    if (!hr_db_read_int(stage, "SELECT coalesce(max(study_id), 0) FROM target.study",
                        &found.study_id, error) ||
        !hr_db_read_int(stage, "SELECT coalesce(max(scenario_id), 0) FROM target.scenario",
                        &found.scenario_id, error) ||
        !hr_db_read_int(stage, "SELECT coalesce(max(run_id), 0) FROM target.run", &found.run_id,
                        error)) {
        return false;
    }
    for (int i = 0; i < HR_TABLE__COUNT; i++) {
        if (!copy_table(stage, hr_table_info((enum hr_table)i), &found, error)) {
            return false;
        }
    }
    *shift = found;
    return true;
}

/* Folds the write-ahead log into the file, as far as other programs' readers allow.
 * Fails: when it cannot be done; the log then holds what was committed. */
static bool fold_log(sqlite3 *stage, GError **error)
{
    int rc = sqlite3_wal_checkpoint_v2(stage, "target", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY && (rc & 0xff) != SQLITE_LOCKED) {
        return hr_db_fail(stage, "the write-ahead log could not be folded in", error);
    }
    return true;
}

/* Goes back to the mode without a log, so that the database is a single file.
 * Returns: false when that cannot be done, as while another program has it open. */
static bool drop_log(sqlite3 *stage)
{
    return set_journal_mode(stage, "DELETE");
}

/* One transaction. Requires: target attached, checked and in WAL mode. */
static bool append_in_transaction(sqlite3 *stage, struct shift *shift, GError **error)
{
    if (!hr_db_exec(stage, "PRAGMA target.synchronous = FULL; BEGIN IMMEDIATE", error)) {
        return false;
    }
    struct shift copied;
    if (copy_study(stage, &copied, error) && hr_db_exec(stage, "COMMIT", error)) {
        *shift = copied;
        return true;
    }
    /* Some errors have rolled back already; then this one only says so. */
    (void)sqlite3_exec(stage, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

/* The last resort on a full disk, where not even the log's index can be made: alone on the
 * file, SQLite keeps that index in memory. Whatever fails here, the next writer tidies up. */
static void drop_log_alone(sqlite3 *stage, const char *file)
{
    /* The mode is that of databases attached from now on, for attaching already reads the file.
     */
    (void)sqlite3_exec(stage, "DETACH target; PRAGMA locking_mode = EXCLUSIVE", NULL, NULL,
                       NULL);
    if (attach(stage, file, NULL)) {
        g_autofree char *log_index = g_strconcat(file, "-shm", NULL);
        if (drop_log(stage)) {
            /* Half an index from the attempt before; under our lock nobody else can be using
             * it. */
            (void)g_unlink(log_index);
        }
    }
}

/* Requires: target attached and checked. */
static bool append_and_fold(sqlite3 *stage, struct shift *shift, GError **error)
{
    if (!set_journal_mode(stage, "WAL")) {
        return hr_db_fail(stage, "cannot write it", error);
    }
    if (!append_in_transaction(stage, shift, error)) {
        return false;
    }
    g_autoptr(GError) unsettled = NULL;
    if (!fold_log(stage, &unsettled)) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED,
                    "the study is saved as number %lld, but the file ending in -wal must stay "
                    "beside the database: %s",
                    (long long)shift->study_id + 1, unsettled->message);
        return false;
    }
    (void)drop_log(stage); /* else the last program that closes the file folds the log in */
    return true;
}

bool hr_append_study(sqlite3 *stage, const char *file, int64_t *study_id, GError **error)
{
    struct shift shift = {.study_id = -1};
    if (!attach(stage, file, error) || !hr_schema_check(stage, "target", error)) {
        return false;
    }
    if (append_and_fold(stage, &shift, error)) {
        *study_id = shift.study_id + 1;
        return true;
    }
    bool is_saved = shift.study_id >= 0;
    if (!is_saved && !(fold_log(stage, NULL) && drop_log(stage))) {
        drop_log_alone(stage, file);
    }
    return false;
}
