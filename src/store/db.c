/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* realpath */

#include "store/db.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "store/schema.h"

/* Waiting for another writer, which holds the file for one transaction. */
enum { BUSY_TIMEOUT_MS = 10000 };

/* Offsets in the 100 bytes that begin every SQLite file (its file format, §1.3). */
enum { HEADER_BYTES = 100, HEADER_USER_VERSION = 60, HEADER_APPLICATION_ID = 68 };

bool hr_db_fail(sqlite3 *db, const char *what, GError **error)
{
    int rc = sqlite3_errcode(db);
    int code = rc == SQLITE_NOTADB ? HR_ERROR_INPUT : HR_ERROR_FAILED;
    g_set_error(error, HR_ERROR, code, "%s: %s", what, sqlite3_errmsg(db));
    return false;
}

bool hr_db_exec(sqlite3 *db, const char *sql, GError **error)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        return hr_db_fail(db, "SQLite", error);
    }
    return true;
}

bool hr_db_read_int(sqlite3 *db, const char *sql, int64_t *out, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
              sqlite3_step(stmt) == SQLITE_ROW;
    if (ok) {
        *out = sqlite3_column_int64(stmt, 0);
    } else {
        hr_db_fail(db, "SQLite", error);
    }
    sqlite3_finalize(stmt);
    return ok;
}

/* Files come from anywhere: no extension, no trigger, no application-defined function in a
 * schema, and bounds on everything that a crafted file could blow up. */
static void harden(sqlite3 *db, int n_attached)
{
    static const struct {
        int limit, value;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, 4 * HR_DB_TEXT_MAX_BYTES},
        {SQLITE_LIMIT_SQL_LENGTH, 100 * 1000},
        {SQLITE_LIMIT_COLUMN, 100},
        {SQLITE_LIMIT_EXPR_DEPTH, 200}, /* views over views count, each with its own */
        {SQLITE_LIMIT_COMPOUND_SELECT, 50},
        {SQLITE_LIMIT_VDBE_OP, 25000},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        sqlite3_limit(db, limits[i].limit, limits[i].value);
    }
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, n_attached);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS);
}

static bool open_hardened(const char *file, int flags, int n_attached, sqlite3 **out,
                          GError **error)
{
    sqlite3 *db = NULL;
    int rc =
        sqlite3_open_v2(file, &db, flags | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot open the database: %s",
                    db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
        sqlite3_close(db);
        return false;
    }
    harden(db, n_attached);
    if (!hr_db_exec(db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", error)) {
        sqlite3_close(db);
        return false;
    }
    *out = db;
    return true;
}

bool hr_db_open_memory(sqlite3 **out, GError **error)
{
    /* Without CREATE, so that attaching a file that has gone does not make a new one. */
    return open_hardened(":memory:", SQLITE_OPEN_READWRITE, 1, out, error);
}

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

/* Tells a foreign file by its first bytes, before SQLite takes its schema or journal for real.
 * They are read through SQLite's own descriptor: closing another one would drop the locks that
 * this process holds on the file. */
static bool check_header(sqlite3 *db, GError **error)
{
    unsigned char header[HEADER_BYTES] = {0};
    sqlite3_file *file = NULL;
    int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (rc == SQLITE_OK && file->pMethods != NULL) {
        rc = file->pMethods->xRead(file, header, HEADER_BYTES, 0);
    }
    if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot read it: %s", sqlite3_errstr(rc));
        return false;
    }
    if (rc != SQLITE_OK || memcmp(header, "SQLite format 3", 16) != 0 ||
        big_endian(header + HEADER_APPLICATION_ID) != HR_SCHEMA_APPLICATION_ID) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT, "it is not a results database");
        return false;
    }
    uint32_t version = big_endian(header + HEADER_USER_VERSION);
    if (version != HR_SCHEMA_VERSION) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "it is a results database of format %u, this program knows format %d%s",
                    version, HR_SCHEMA_VERSION,
                    version > HR_SCHEMA_VERSION ? "; a newer program wrote it" : "");
        return false;
    }
    return true;
}

/* SQLite reads what is missing of the last page as zeros. Only a write that was cut short and
 * stands in a journal, to be done again, may leave such a page. */
static bool check_size(sqlite3 *db, const char *file, GError **error)
{
    int64_t page_bytes = 0;
    struct stat info;
    if (!hr_db_read_int(db, "PRAGMA page_size", &page_bytes, error)) {
        return false;
    }
    g_autofree char *log = g_strconcat(file, "-wal", NULL);
    g_autofree char *journal = g_strconcat(file, "-journal", NULL);
    if (stat(file, &info) == 0 && info.st_size % page_bytes != 0 &&
        !g_file_test(log, G_FILE_TEST_EXISTS) && !g_file_test(journal, G_FILE_TEST_EXISTS)) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_FAILED,
                            "it is damaged: its end is missing");
        return false;
    }
    return true;
}

/* A writer that was killed while it changed the journal mode leaves a journal that a read-only
 * connection may not roll back; one that may write does it at its first read. */
static bool roll_back_journal(const char *file, GError **error)
{
    sqlite3 *db = NULL;
    if (!open_hardened(file, SQLITE_OPEN_READWRITE, 0, &db, error)) {
        return false;
    }
    int64_t n_objects = 0;
    bool ok = hr_db_read_int(db, "SELECT count(*) FROM sqlite_schema", &n_objects, error);
    sqlite3_close(db);
    return ok;
}

static bool check_content(sqlite3 *db, GError **error)
{
    return hr_db_exec(db, "PRAGMA query_only = ON", error) &&
           hr_schema_check(db, "main", error);
}

bool hr_db_open_checked(const char *file, sqlite3 **out, GError **error)
{
    sqlite3 *db = NULL;
    g_autoptr(GError) first = NULL;
    if (!open_hardened(file, SQLITE_OPEN_READONLY, 0, &db, error)) {
        return false;
    }
    bool ok = check_header(db, error) && check_size(db, file, error);
    if (ok && !check_content(db, &first)) {
        if ((sqlite3_errcode(db) & 0xff) == SQLITE_READONLY) {
            ok = roll_back_journal(file, error) && check_content(db, error);
        } else {
            g_propagate_error(error, g_steal_pointer(&first));
            ok = false;
        }
    }
    if (!ok) {
        sqlite3_close(db);
        return false;
    }
    *out = db;
    return true;
}

bool hr_db_open_writable(const char *file, sqlite3 **out, GError **error)
{
    sqlite3 *db = NULL;
    /* Whether it is one of ours is told before anything may be changed, as by rolling back. */
    if (!hr_db_open_checked(file, &db, error)) {
        return false;
    }
    sqlite3_close(db);
    db = NULL;
    if (!open_hardened(file, SQLITE_OPEN_READWRITE, 0, &db, error)) {
        return false;
    }
    if (!hr_schema_check(db, "main", error)) {
        sqlite3_close(db);
        return false;
    }
    *out = db;
    return true;
}

static char *resolve_folder(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    char *real = realpath(folder, NULL);
    if (real == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "%s: %s", folder, g_strerror(errno));
        return NULL;
    }
    char *file = g_build_filename(real, name, NULL);
    free(real);
    return file;
}

char *hr_db_resolve(const char *path, bool *exists, GError **error)
{
    struct stat info;
    if (stat(path, &info) == 0) {
        if (!S_ISREG(info.st_mode)) {
            g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT, "it is not a regular file");
            return NULL;
        }
        char *real = realpath(path, NULL);
        if (real == NULL) {
            g_set_error_literal(error, HR_ERROR, HR_ERROR_FAILED, g_strerror(errno));
            return NULL;
        }
        char *file = g_strdup(real);
        free(real);
        *exists = true;
        return file;
    }
    int reason = errno;
    if (reason != ENOENT || path[0] == '\0' || g_str_has_suffix(path, "/")) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT, g_strerror(reason));
        return NULL;
    }
    if (lstat(path, &info) == 0) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT,
                            "it is a symbolic link that leads nowhere");
        return NULL;
    }
    char *file = resolve_folder(path, error);
    if (file != NULL) {
        *exists = false;
    }
    return file;
}
