/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/result.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

/* A report page shows thousands of values, a chart a million: beyond this it is a mistake. */
enum { VALUES_MAX = 16 * 1000 * 1000, TEXT_BYTES_MAX = 256 * 1024 * 1024 };

struct hr_rows {
    size_t n_columns;
    size_t n_rows;
    char **names;        /* NULL-terminated */
    GArray *values;      /* struct hr_value, row by row */
    GStringChunk *texts; /* what the values point to */
    size_t n_text_bytes;
};

hr_rows *hr_rows_new(sqlite3_stmt *stmt)
{
    hr_rows *rows = g_new0(hr_rows, 1);
    rows->n_columns = (size_t)sqlite3_column_count(stmt);
    rows->names = g_new0(char *, rows->n_columns + 1);
    for (size_t i = 0; i < rows->n_columns; i++) {
        rows->names[i] = g_utf8_make_valid(sqlite3_column_name(stmt, (int)i), -1);
    }
    rows->values = g_array_new(FALSE, FALSE, sizeof(struct hr_value));
    rows->texts = g_string_chunk_new(4096);
    return rows;
}

void hr_rows_free(hr_rows *rows)
{
    if (rows != NULL) {
        g_strfreev(rows->names);
        g_array_free(rows->values, TRUE);
        g_string_chunk_free(rows->texts);
        g_free(rows);
    }
}

static bool refuse(const hr_rows *rows, size_t column, const char *what, GError **error)
{
    g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "query: column \"%s\", row %zu: %s",
                rows->names[column], rows->n_rows + 1, what);
    return false;
}

/* Keeps a copy of the text; a damaged file may hold what is no UTF-8, which no drawing
 * survives. */
static bool copy_text(hr_rows *rows, sqlite3_stmt *stmt, int column, struct hr_value *value,
                      GError **error)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);
    size_t n_bytes = (size_t)sqlite3_column_bytes(stmt, column);
    if (text == NULL) {
        return refuse(rows, (size_t)column, "out of memory", error);
    }
    if (n_bytes > TEXT_BYTES_MAX - rows->n_text_bytes) {
        return refuse(rows, (size_t)column, "the result is too large", error);
    }
    rows->n_text_bytes += n_bytes;
    if (g_utf8_validate(text, (gssize)n_bytes, NULL)) {
        value->as.text = g_string_chunk_insert(rows->texts, text);
    } else {
        g_autofree char *valid = g_utf8_make_valid(text, (gssize)n_bytes);
        value->as.text = g_string_chunk_insert(rows->texts, valid);
    }
    return true;
}

static bool read_value(hr_rows *rows, sqlite3_stmt *stmt, size_t column, struct hr_value *value,
                       GError **error)
{
    int i = (int)column;
    switch (sqlite3_column_type(stmt, i)) {
    case SQLITE_INTEGER:
        value->kind = HR_VALUE_INT;
        value->as.integer = sqlite3_column_int64(stmt, i);
        return true;
    case SQLITE_FLOAT:
        value->kind = HR_VALUE_REAL;
        value->as.real = sqlite3_column_double(stmt, i);
        return isfinite(value->as.real) || refuse(rows, column, "not a finite number", error);
    case SQLITE_TEXT:
        value->kind = HR_VALUE_TEXT;
        return copy_text(rows, stmt, i, value, error);
    case SQLITE_NULL:
        value->kind = HR_VALUE_NULL;
        value->as.integer = 0;
        return true;
    default:
        return refuse(rows, column, "neither number nor text", error);
    }
}

bool hr_rows_add(hr_rows *rows, sqlite3_stmt *stmt, GError **error)
{
    if (rows->values->len + rows->n_columns > VALUES_MAX) {
        return refuse(rows, 0, "the result is too large", error);
    }
    for (size_t column = 0; column < rows->n_columns; column++) {
        struct hr_value value;
        if (!read_value(rows, stmt, column, &value, error)) {
            return false;
        }
        g_array_append_val(rows->values, value);
    }
    rows->n_rows++;
    return true;
}

size_t hr_rows_count(const hr_rows *rows)
{
    return rows->n_rows;
}

size_t hr_rows_n_columns(const hr_rows *rows)
{
    return rows->n_columns;
}

const char *hr_rows_column_name(const hr_rows *rows, size_t column)
{
    hr_assert(column < rows->n_columns);
    return rows->names[column];
}

int hr_rows_find_column(const hr_rows *rows, const char *name)
{
    for (size_t column = 0; column < rows->n_columns; column++) {
        if (strcmp(rows->names[column], name) == 0) {
            return (int)column;
        }
    }
    return -1;
}

const struct hr_value *hr_rows_get(const hr_rows *rows, size_t row, size_t column)
{
    hr_assert(row < rows->n_rows && column < rows->n_columns);
    return &g_array_index(rows->values, struct hr_value, row * rows->n_columns + column);
}

enum hr_value_kind hr_rows_column_kind(const hr_rows *rows, size_t column)
{
    enum hr_value_kind kind = HR_VALUE_NULL;
    for (size_t row = 0; row < rows->n_rows; row++) {
        /* The kinds are ordered by what they can show: null, integer, real, text. */
        kind = MAX(kind, hr_rows_get(rows, row, column)->kind);
    }
    return kind;
}

double hr_rows_number(const hr_rows *rows, size_t row, size_t column, double fallback)
{
    const struct hr_value *value = hr_rows_get(rows, row, column);
    return value->kind == HR_VALUE_INT    ? (double)value->as.integer
           : value->kind == HR_VALUE_REAL ? value->as.real
                                          : fallback;
}

const char *hr_rows_text(const hr_rows *rows, size_t row, size_t column)
{
    const struct hr_value *value = hr_rows_get(rows, row, column);
    return value->kind == HR_VALUE_TEXT ? value->as.text : "";
}
