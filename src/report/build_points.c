/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "report/build.h"

/* The places of the columns that a list of points has. */
struct point_columns {
    int name, x, value;
};

static bool find_columns(const hr_rows *rows, const char *name, const char *what,
                         struct point_columns *out, GError **error)
{
    out->name = hr_rows_find_column(rows, name);
    out->x = hr_rows_find_column(rows, "x");
    out->value = hr_rows_find_column(rows, "value");
    if (out->name < 0 || out->x < 0 || out->value < 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "%s must yield the columns %s, x and value", what, name);
        return false;
    }
    return true;
}

static struct hr_point point_at(const hr_rows *rows, const struct point_columns *columns,
                                size_t row)
{
    return (struct hr_point){hr_rows_number(rows, row, (size_t)columns->x, (double)NAN),
                             hr_rows_number(rows, row, (size_t)columns->value, (double)NAN)};
}

/* Adds the rows of each name, in the order in which the names first come. */
static void add_by_name(const struct hr_build *build, const struct hr_scope *scope,
                        const struct point_columns *columns, enum hr_mark mark, hr_chart *chart)
{
    const hr_rows *rows = scope->rows;
    size_t n = hr_rows_count(rows);
    g_autoptr(GHashTable) index_of = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) points = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (size_t r = 0; r < n; r++) {
        const char *name = hr_rows_text(rows, r, (size_t)columns->name);
        gpointer found = NULL;
        if (!g_hash_table_lookup_extended(index_of, name, NULL, &found)) {
            found = GUINT_TO_POINTER(points->len);
            g_hash_table_insert(index_of, (char *)(intptr_t)name, found);
            g_ptr_array_add(points, g_array_new(FALSE, FALSE, sizeof(struct hr_point)));
            g_array_append_val(first, r);
        }
        struct hr_point point = point_at(rows, columns, r);
        g_array_append_val((GArray *)g_ptr_array_index(points, GPOINTER_TO_UINT(found)), point);
    }
    for (guint s = 0; s < points->len; s++) {
        const GArray *own = g_ptr_array_index(points, s);
        size_t row = g_array_index(first, size_t, s);
        const char *name = hr_rows_text(rows, row, (size_t)columns->name);
        hr_chart_add(chart, hr_scope_label(scope, name), mark,
                     hr_build_slot(build, rows, row, name, s), own->len,
                     (const struct hr_point *)(const void *)own->data);
    }
}

bool hr_build_scatter(const struct hr_build *build, const hr_rows *rows,
                      const struct hr_scope *scope, hr_chart *chart, GError **error)
{
    struct point_columns columns;
    if (!find_columns(rows, "series", "a scatter", &columns, error)) {
        return false;
    }
    const struct hr_scope inner = {.outer = scope, .rows = rows};
    add_by_name(build, &inner, &columns, HR_MARK_SCATTER, chart);
    return true;
}

static bool add_steps(const struct hr_build *build, const hr_node *entry,
                      const struct hr_scope *scope, hr_chart *chart, GError **error)
{
    g_autoptr(hr_rows) rows = hr_build_query(build, entry, "steps", scope, error);
    struct point_columns columns;
    if (rows == NULL) {
        return false;
    }
    if (!find_columns(rows, "series", "steps", &columns, error)) {
        return hr_build_fail(build, hr_node_get(entry, "steps"), error);
    }
    const struct hr_scope inner = {.outer = scope, .rows = rows};
    add_by_name(build, &inner, &columns, HR_MARK_STEP, chart);
    return true;
}

static bool add_notes(const struct hr_build *build, const hr_node *entry,
                      const struct hr_scope *scope, hr_chart *chart, GError **error)
{
    g_autoptr(hr_rows) rows = hr_build_query(build, entry, "notes", scope, error);
    struct point_columns columns;
    if (rows == NULL) {
        return false;
    }
    if (!find_columns(rows, "text", "notes", &columns, error)) {
        return hr_build_fail(build, hr_node_get(entry, "notes"), error);
    }
    for (size_t r = 0; r < hr_rows_count(rows); r++) {
        struct hr_point point = point_at(rows, &columns, r);
        hr_chart_add(chart, hr_rows_text(rows, r, (size_t)columns.name), HR_MARK_NOTE, 0, 1,
                     &point);
    }
    return true;
}

bool hr_build_steps_and_notes(const struct hr_build *build, const hr_node *entry,
                              const struct hr_scope *scope, hr_chart *chart, GError **error)
{
    return (hr_node_get(entry, "steps") == NULL ||
            add_steps(build, entry, scope, chart, error)) &&
           (hr_node_get(entry, "notes") == NULL ||
            add_notes(build, entry, scope, chart, error));
}
