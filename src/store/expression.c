/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/expression.h"

#include <string.h>

#include <sqlite3.h>

#include "base/error.h"
#include "store/db.h"

struct hr_expression {
    sqlite3 *db;
    sqlite3_stmt *stmt;
    int n_names;
};

/* Nothing but arithmetic: no table, no subquery's table, no function that is more than that. */
static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *view)
{
    static const char *const functions[] = {"abs", "round", "min", "max", NULL};
    (void)context;
    (void)database;
    (void)view;
    switch (action) {
    case SQLITE_SELECT:
        return SQLITE_OK;
    case SQLITE_READ: /* a subquery of values has an empty name */
        return first == NULL || *first == '\0' || strcmp(first, "given") == 0 ? SQLITE_OK
                                                                              : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return second != NULL && g_strv_contains(functions, second) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

/* The names become columns of a row of parameters, so that the text needs no rewriting. */
static char *sql_of(const char *text, const char *const *names)
{
    GString *columns = g_string_new(NULL);
    for (int i = 0; names[i] != NULL; i++) {
        char *column = sqlite3_mprintf("%s?%d AS \"%w\"", i > 0 ? ", " : "", i + 1, names[i]);
        g_string_append(columns, column);
        sqlite3_free(column);
    }
    char *sql = g_strdup_printf("SELECT (\n%s\n) FROM (SELECT %s) AS given", text,
                                columns->len > 0 ? columns->str : "1");
    g_string_free(columns, TRUE);
    return sql;
}

static bool prepare(hr_expression *e, const char *text, const char *const *names,
                    GError **error)
{
    if (!hr_db_open_memory(&e->db, error)) {
        return false;
    }
    /* Else a misspelt name in double quotes would be a text. */
    sqlite3_db_config(e->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_set_authorizer(e->db, authorize, NULL);
    g_autofree char *sql = sql_of(text, names);
    const char *tail = NULL;
    int rc = sqlite3_prepare_v3(e->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &e->stmt, &tail);
    if (rc != SQLITE_OK || e->stmt == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s", sqlite3_errmsg(e->db));
        return false;
    }
    if (*tail != '\0' || sqlite3_column_count(e->stmt) != 1 ||
        sqlite3_bind_parameter_count(e->stmt) > e->n_names) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT, "it is not one expression");
        return false;
    }
    return true;
}

hr_expression *hr_expression_new(const char *text, const char *const *names, GError **error)
{
    hr_expression *e = g_new0(hr_expression, 1);
    while (names[e->n_names] != NULL) {
        e->n_names++;
    }
    if (!prepare(e, text, names, error)) {
        hr_expression_free(e);
        return NULL;
    }
    return e;
}

bool hr_expression_is_word(const char *name)
{
    return sqlite3_keyword_check(name, (int)strlen(name)) != 0;
}

void hr_expression_free(hr_expression *e)
{
    if (e != NULL) {
        sqlite3_finalize(e->stmt);
        sqlite3_close(e->db);
        g_free(e);
    }
}

bool hr_expression_holds(hr_expression *e, const struct hr_named_value *values, bool *holds,
                         GError **error)
{
    /* SQLite drops a column that nobody reads, and its parameter with it. */
    int n_bound = MIN(e->n_names, sqlite3_bind_parameter_count(e->stmt));
    int rc = SQLITE_OK;
    for (int i = 0; rc == SQLITE_OK && i < n_bound; i++) {
        rc = values[i].text != NULL
                 ? sqlite3_bind_text(e->stmt, i + 1, values[i].text, -1, SQLITE_STATIC)
                 : sqlite3_bind_double(e->stmt, i + 1, values[i].number);
    }
    bool ok = rc == SQLITE_OK && sqlite3_step(e->stmt) == SQLITE_ROW;
    if (ok) {
        *holds = sqlite3_column_type(e->stmt, 0) != SQLITE_NULL &&
                 sqlite3_column_int(e->stmt, 0) != 0;
        /* 0.5 is true as well, as everywhere in SQL. */
        if (sqlite3_column_type(e->stmt, 0) == SQLITE_FLOAT) {
            *holds = sqlite3_column_double(e->stmt, 0) < 0.0 ||
                     sqlite3_column_double(e->stmt, 0) > 0.0;
        }
    } else {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s", sqlite3_errmsg(e->db));
    }
    sqlite3_reset(e->stmt);
    return ok;
}
