/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/insert.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "store/db.h"

sqlite3_stmt *hr_insert_prepare(sqlite3 *db, enum hr_table which, GError **error)
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
    if (sqlite3_prepare_v3(db, sql->str, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
        SQLITE_OK) {
        hr_db_fail(db, table->name, error);
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
    case HR_FIELD_OPTIONAL_REAL:
    case HR_FIELD_REAL: {
        double real = *(const double *)member;
        if (isnan(real) && field->kind == HR_FIELD_OPTIONAL_REAL) {
            rc = sqlite3_bind_null(stmt, index);
            break;
        }
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

bool hr_insert_row(sqlite3_stmt *stmt, enum hr_table which, int64_t parent_id, const void *row,
                   GError **error)
{
    const struct hr_table_info *table = hr_table_info(which);
    bool ok = sqlite3_bind_int64(stmt, 1, parent_id) == SQLITE_OK;
    for (size_t i = 0; ok && i < table->n_fields; i++) {
        ok = bind_field(stmt, (int)i + 2, table, &table->fields[i], row, error);
    }
    if (ok && sqlite3_step(stmt) != SQLITE_DONE) {
        g_autofree char *what = g_strdup_printf("cannot save a row of %s", table->name);
        ok = hr_db_fail(sqlite3_db_handle(stmt), what, error);
    }
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    return ok;
}
