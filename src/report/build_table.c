/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "plot/scale.h"
#include "report/build.h"

#define TEXT_PT_TABLE 7.0

hr_table *hr_build_new_table(const struct hr_build *build, const hr_node *element,
                             const struct hr_scope *scope, GError **error)
{
    g_autofree char *title = hr_build_text(build, element, "title", scope, error);
    g_autofree char *footnote = hr_build_text(build, element, "footnote", scope, error);
    if (title == NULL || footnote == NULL) {
        return NULL;
    }
    hr_table *table = hr_table_new(title, hr_template_number(element, "size", TEXT_PT_TABLE));
    hr_table_set_footnote(table, footnote);
    return table;
}

/* The cells of one row: the key's text of every column, in the row's scope. */
static bool fill_cells(const struct hr_build *build, const hr_node *columns,
                       const struct hr_scope *scope, char **cells, GError **error)
{
    for (size_t c = 0; c < hr_node_length(columns); c++) {
        cells[c] = hr_build_text(build, hr_node_at(columns, c), "text", scope, error);
        if (cells[c] == NULL) {
            return false;
        }
    }
    return true;
}

/* Adds the value of the columns that are totalled; they are whole cents. */
static void add_to_totals(const hr_node *columns, const struct hr_scope *scope, int64_t *totals)
{
    for (size_t c = 0; c < hr_node_length(columns); c++) {
        const char *name = hr_template_text(hr_node_at(columns, c), "total", "");
        const struct hr_value *value = name[0] != '\0' ? hr_scope_find(scope, name) : NULL;
        if (value != NULL && value->kind == HR_VALUE_INT) {
            totals[c] += value->as.integer;
        }
    }
}

static void add_total_row(hr_table *table, const hr_node *element, const int64_t *totals)
{
    const hr_node *columns = hr_node_get(element, "columns");
    size_t n = hr_node_length(columns);
    g_auto(GStrv) cells = g_new0(char *, n + 1);
    for (size_t c = 0; c < n; c++) {
        bool has_total = hr_node_get(hr_node_at(columns, c), "total") != NULL;
        cells[c] = has_total ? hr_format_cents(totals[c])
                   : c == 0  ? g_strdup(hr_template_text(element, "total", ""))
                             : g_strdup("");
    }
    hr_table_add_row(table, HR_ROW_TOTAL, (const char *const *)cells);
}

/* A row with the section's name wherever it changes. */
static bool add_section(const struct hr_build *build, const hr_node *element,
                        const struct hr_scope *scope, hr_table *table, char **last,
                        GError **error)
{
    if (hr_node_get(element, "section") == NULL) {
        return true;
    }
    char *section = hr_build_text(build, element, "section", scope, error);
    if (section == NULL) {
        return false;
    }
    if (*last == NULL || strcmp(*last, section) != 0) {
        const char **cells = g_new0(const char *, table->columns->len);
        cells[0] = section;
        hr_table_add_row(table, HR_ROW_SECTION, cells);
        g_free(cells);
    }
    g_free(*last);
    *last = section;
    return true;
}

/* Says below the table how many rows it does not show. */
static void add_more_note(hr_table *table, size_t n_more)
{
    g_autofree char *number = hr_format_number((double)n_more, 0);
    g_autofree char *note =
        g_strdup_printf("… and %s more, all in the database.%s%s", number,
                        table->footnote[0] != '\0' ? " " : "", table->footnote);
    hr_table_set_footnote(table, note);
}

/* A row of the query is a row of the table. */
static bool fill_by_rows(const struct hr_build *build, const hr_node *element,
                         struct hr_scope *scope, hr_table *table, GError **error)
{
    const hr_node *columns = hr_node_get(element, "columns");
    size_t n = hr_node_length(columns);
    for (size_t c = 0; c < n; c++) {
        const hr_node *column = hr_node_at(columns, c);
        g_autofree char *title = hr_build_text(build, column, "title", scope->outer, error);
        if (title == NULL) {
            return false;
        }
        hr_table_add_column(
            table, title,
            (enum hr_align)hr_template_choice(column, "align", hr_template_aligns));
    }
    int64_t *totals = g_new0(int64_t, n);
    g_autofree char *last = NULL;
    bool ok = true;
    size_t n_rows = hr_rows_count(scope->rows);
    size_t n_shown = (size_t)hr_template_number(element, "most", (double)n_rows);
    n_shown = n_shown < n_rows ? n_shown : n_rows;
    for (scope->row = 0; ok && scope->row < n_shown; scope->row++) {
        g_auto(GStrv) cells = g_new0(char *, n + 1);
        ok = add_section(build, element, scope, table, &last, error) &&
             fill_cells(build, columns, scope, cells, error);
        if (ok) {
            hr_table_add_row(table, HR_ROW_BODY, (const char *const *)cells);
            add_to_totals(columns, scope, totals);
        }
    }
    if (ok && hr_node_get(element, "total") != NULL && table->rows->len > 0) {
        add_total_row(table, element, totals);
    }
    if (ok && n_shown < n_rows) {
        add_more_note(table, n_rows - n_shown);
    }
    g_free(totals);
    return ok;
}

/* Rows of a query that become the columns of one turned table. */
struct span {
    size_t from, to;
};

/* The cells of one line of a turned table: its title, then its text for every row of the span.
 */
static bool add_turned_row(const struct hr_build *build, const hr_node *line,
                           struct hr_scope *scope, struct span span, hr_table *table,
                           GError **error)
{
    g_auto(GStrv) cells = g_new0(char *, span.to - span.from + 2);
    bool is_section = hr_node_get(line, "section") != NULL;
    cells[0] =
        hr_build_text(build, line, is_section ? "section" : "title", scope->outer, error);
    if (cells[0] == NULL) {
        return false;
    }
    for (scope->row = span.from; scope->row < span.to; scope->row++) {
        char *cell =
            is_section ? g_strdup("") : hr_build_text(build, line, "text", scope, error);
        if (cell == NULL) {
            return false;
        }
        cells[scope->row - span.from + 1] = cell;
    }
    hr_table_add_row(table,
                     is_section                          ? HR_ROW_SECTION
                     : hr_template_is_set(line, "total") ? HR_ROW_TOTAL
                                                         : HR_ROW_BODY,
                     (const char *const *)cells);
    return true;
}

/* A row of the query is a column of the table; its head is the text of `heads`. */
static bool fill_by_columns(const struct hr_build *build, const hr_node *element,
                            struct hr_scope *scope, struct span span, hr_table *table,
                            GError **error)
{
    hr_table_add_column(table, "", HR_ALIGN_LEFT);
    for (scope->row = span.from; scope->row < span.to; scope->row++) {
        g_autofree char *head = hr_build_text(build, element, "heads", scope, error);
        if (head == NULL) {
            return false;
        }
        hr_table_add_column(table, head, HR_ALIGN_RIGHT);
    }
    const hr_node *lines = hr_node_get(element, "rows");
    for (size_t i = 0; i < hr_node_length(lines); i++) {
        if (!add_turned_row(build, hr_node_at(lines, i), scope, span, table, error)) {
            return false;
        }
    }
    return true;
}

/* Adds the table, or tables, of a turned element: at most per_table columns each. */
static bool add_turned(const struct hr_build *build, const hr_node *element,
                       struct hr_scope *scope, GError **error)
{
    size_t n = hr_rows_count(scope->rows);
    size_t most = (size_t)hr_template_number(element, "per_table", 6.0);
    size_t n_tables = (n + most - 1) / most;
    most =
        (n + n_tables - 1) / n_tables; /* seven columns are four and three, not five and two */
    for (size_t from = 0; from < n; from += most) {
        g_autoptr(hr_table) table = hr_build_new_table(build, element, scope->outer, error);
        struct span span = {from, from + most < n ? from + most : n};
        if (table == NULL || !fill_by_columns(build, element, scope, span, table, error)) {
            return false;
        }
        hr_document_add_table(build->document, g_steal_pointer(&table));
    }
    return true;
}

bool hr_build_table(const struct hr_build *build, const hr_node *element,
                    const struct hr_scope *scope, size_t *n_rows, GError **error)
{
    g_autoptr(hr_rows) rows = hr_build_query(build, element, "query", scope, error);
    if (rows == NULL) {
        return false;
    }
    *n_rows = hr_rows_count(rows);
    struct hr_scope inner = {.outer = scope, .rows = rows};
    if (*n_rows == 0) {
        return true;
    }
    if (hr_node_get(element, "cell") != NULL) {
        return hr_build_crossed(build, element, &inner, error);
    }
    if (hr_node_get(element, "heads") != NULL) {
        return add_turned(build, element, &inner, error);
    }
    g_autoptr(hr_table) table = hr_build_new_table(build, element, scope, error);
    if (table == NULL || !fill_by_rows(build, element, &inner, table, error)) {
        return false;
    }
    hr_document_add_table(build->document, g_steal_pointer(&table));
    return true;
}
