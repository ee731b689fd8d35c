/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "plot/scale.h"
#include "report/build.h"

/* The query's rows sorted into a grid, in the order in which rows and heads first appear. */
struct grid {
    GPtrArray *rows, *heads; /* char *, owned */
    GPtrArray *cells;        /* char *, owned; one per row of the query */
    GArray *row_of, *head_of;
    GArray *cents; /* int64_t: what the cell adds to the total of its head */
};

static void init_grid(struct grid *grid)
{
    grid->rows = g_ptr_array_new_with_free_func(g_free);
    grid->heads = g_ptr_array_new_with_free_func(g_free);
    grid->cells = g_ptr_array_new_with_free_func(g_free);
    grid->row_of = g_array_new(FALSE, FALSE, sizeof(guint));
    grid->head_of = g_array_new(FALSE, FALSE, sizeof(guint));
    grid->cents = g_array_new(FALSE, FALSE, sizeof(int64_t));
}

static void clear_grid(struct grid *grid)
{
    g_ptr_array_unref(grid->rows);
    g_ptr_array_unref(grid->heads);
    g_ptr_array_unref(grid->cells);
    g_array_unref(grid->row_of);
    g_array_unref(grid->head_of);
    g_array_unref(grid->cents);
}

/* Takes the name. Returns: its index among the names, to which a new one is added. */
static guint place_of(GPtrArray *names, char *name)
{
    for (guint i = 0; i < names->len; i++) {
        if (strcmp(g_ptr_array_index(names, i), name) == 0) {
            g_free(name);
            return i;
        }
    }
    g_ptr_array_add(names, name);
    return names->len - 1;
}

static bool add_cell(const struct hr_build *build, const hr_node *element,
                     const struct hr_scope *scope, struct grid *grid, GError **error)
{
    g_autofree char *row = hr_build_text(build, element, "row", scope, error);
    if (row == NULL) {
        return false;
    }
    g_autofree char *head = hr_build_text(build, element, "head", scope, error);
    if (head == NULL) {
        return false;
    }
    char *cell = hr_build_text(build, element, "cell", scope, error);
    if (cell == NULL) {
        return false;
    }
    g_ptr_array_add(grid->cells, cell);
    guint row_of = place_of(grid->rows, g_steal_pointer(&row));
    guint head_of = place_of(grid->heads, g_steal_pointer(&head));
    const char *name = hr_template_text(element, "sum", "");
    const struct hr_value *value = name[0] != '\0' ? hr_scope_find(scope, name) : NULL;
    int64_t cents = value != NULL && value->kind == HR_VALUE_INT ? value->as.integer : 0;
    g_array_append_val(grid->row_of, row_of);
    g_array_append_val(grid->head_of, head_of);
    g_array_append_val(grid->cents, cents);
    return true;
}

/* The cells of one line below the heads from `from` up to `to`; where the query has no row, a
 * dash. */
static void add_line(const struct grid *grid, guint row, guint from, guint to, hr_table *table)
{
    const char **cells = g_new0(const char *, to - from + 2);
    cells[0] = g_ptr_array_index(grid->rows, row);
    for (guint h = from; h < to; h++) {
        cells[h - from + 1] = "–";
    }
    for (guint i = 0; i < grid->cells->len; i++) {
        guint head = g_array_index(grid->head_of, guint, i);
        if (g_array_index(grid->row_of, guint, i) == row && head >= from && head < to) {
            cells[head - from + 1] = g_ptr_array_index(grid->cells, i);
        }
    }
    hr_table_add_row(table, HR_ROW_BODY, cells);
    g_free(cells);
}

static void add_totals(const struct grid *grid, const char *label, guint from, guint to,
                       hr_table *table)
{
    g_auto(GStrv) cells = g_new0(char *, to - from + 2);
    cells[0] = g_strdup(label);
    for (guint h = from; h < to; h++) {
        int64_t total = 0;
        for (guint i = 0; i < grid->cells->len; i++) {
            total += g_array_index(grid->head_of, guint, i) == h
                         ? g_array_index(grid->cents, int64_t, i)
                         : 0;
        }
        cells[h - from + 1] = hr_format_cents(total);
    }
    hr_table_add_row(table, HR_ROW_TOTAL, (const char *const *)cells);
}

static bool add_tables(const struct hr_build *build, const hr_node *element,
                       const struct hr_scope *scope, const struct grid *grid, GError **error)
{
    g_autofree char *corner = hr_build_text(build, element, "corner", scope, error);
    if (corner == NULL) {
        return false;
    }
    guint n = grid->heads->len;
    guint most = (guint)hr_template_number(element, "per_table", 6.0);
    guint n_tables = (n + most - 1) / most;
    most = (n + n_tables - 1) / n_tables;
    for (guint from = 0; from < n; from += most) {
        guint to = MIN(from + most, n);
        g_autoptr(hr_table) table = hr_build_new_table(build, element, scope, error);
        if (table == NULL) {
            return false;
        }
        hr_table_add_column(table, corner, HR_ALIGN_LEFT);
        for (guint h = from; h < to; h++) {
            hr_table_add_column(table, g_ptr_array_index(grid->heads, h), HR_ALIGN_RIGHT);
        }
        for (guint r = 0; r < grid->rows->len; r++) {
            add_line(grid, r, from, to, table);
        }
        if (hr_node_get(element, "total") != NULL) {
            add_totals(grid, hr_template_text(element, "total", ""), from, to, table);
        }
        hr_document_add_table(build->document, g_steal_pointer(&table));
    }
    return true;
}

bool hr_build_crossed(const struct hr_build *build, const hr_node *element,
                      struct hr_scope *scope, GError **error)
{
    hr_assert(hr_rows_count(scope->rows) > 0);
    struct grid grid;
    init_grid(&grid);
    bool ok = true;
    for (scope->row = 0; ok && scope->row < hr_rows_count(scope->rows); scope->row++) {
        ok = add_cell(build, element, scope, &grid, error);
    }
    ok = ok && add_tables(build, element, scope->outer, &grid, error);
    clear_grid(&grid);
    return ok;
}
