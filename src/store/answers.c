/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/answers.h"

#include <sqlite3.h>

#include "store/db.h"
#include "store/insert.h"

static bool replace(sqlite3 *db, int64_t study_id, const struct hr_row_sobol_index *rows,
                    size_t n, GError **error)
{
    g_autofree char *begin = g_strdup_printf("PRAGMA foreign_keys = ON; BEGIN IMMEDIATE; "
                                             "DELETE FROM sobol_index WHERE study_id = %lld",
                                             (long long)study_id);
    if (!hr_db_exec(db, begin, error)) {
        return false;
    }
    sqlite3_stmt *stmt = hr_insert_prepare(db, HR_TABLE_SOBOL_INDEX, error);
    bool ok = stmt != NULL;
    for (size_t i = 0; ok && i < n; i++) {
        ok = hr_insert_row(stmt, HR_TABLE_SOBOL_INDEX, study_id, &rows[i], error);
    }
    sqlite3_finalize(stmt);
    if (ok && hr_db_exec(db, "COMMIT", error)) {
        return true;
    }
    /* Some errors have rolled back already; then this one only says so. */
    (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

bool hr_answers_save(const char *path, int64_t study_id, const struct hr_row_sobol_index *rows,
                     size_t n, GError **error)
{
    bool exists = false;
    sqlite3 *db = NULL;
    g_autofree char *file = hr_db_resolve(path, &exists, error);
    bool ok = file != NULL && hr_db_open_writable(file, &db, error) &&
              replace(db, study_id, rows, n, error);
    sqlite3_close(db);
    if (!ok) {
        g_prefix_error(error, "%s: ", path);
    }
    return ok;
}
