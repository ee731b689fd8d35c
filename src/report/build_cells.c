/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/error.h"
#include "report/build.h"

/* A map of more columns or rows than this could not be told apart on a page. */
enum { SIDE_MOST = 200 };

/* The names along one side of the map, in the order of their places. */
struct side {
    int at, name; /* columns of the query */
    GArray *places;
    GPtrArray *names; /* borrowed from the rows */
};

/* The columns of a heat map's query; hatched -1: absent. */
struct map_columns {
    struct side x, y;
    int value, hatched;
};

static bool find_columns(const hr_rows *rows, struct map_columns *out, GError **error)
{
    out->x.at = hr_rows_find_column(rows, "x");
    out->x.name = hr_rows_find_column(rows, "column");
    out->y.at = hr_rows_find_column(rows, "y");
    out->y.name = hr_rows_find_column(rows, "row");
    out->value = hr_rows_find_column(rows, "value");
    out->hatched = hr_rows_find_column(rows, "hatched");
    if (out->x.at < 0 || out->x.name < 0 || out->y.at < 0 || out->y.name < 0 ||
        out->value < 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "a heat map's query must yield the columns x, column, y, row and value");
        return false;
    }
    return true;
}

/* Where the place stands among the ascending places, or would stand. */
static guint find_place(const GArray *places, double at)
{
    guint low = 0;
    guint high = places->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (g_array_index(places, double, middle) < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool collect_side(const hr_rows *rows, struct side *side, GError **error)
{
    side->places = g_array_new(FALSE, FALSE, sizeof(double));
    side->names = g_ptr_array_new();
    for (size_t r = 0; r < hr_rows_count(rows); r++) {
        double at = hr_rows_number(rows, r, (size_t)side->at, 0.0);
        guint i = find_place(side->places, at);
        if (i < side->places->len && g_array_index(side->places, double, i) <= at) {
            continue;
        }
        if (side->places->len >= SIDE_MOST) {
            g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                        "a heat map has at most %d columns and rows", SIDE_MOST);
            return false;
        }
        const char *name = hr_rows_text(rows, r, (size_t)side->name);
        g_array_insert_val(side->places, i, at);
        g_ptr_array_insert(side->names, (int)i, (void *)(intptr_t)name);
    }
    return true;
}

static void clear_side(struct side *side)
{
    g_clear_pointer(&side->places, g_array_unref);
    g_clear_pointer(&side->names, g_ptr_array_unref);
}

static void set_cells(const hr_rows *rows, const struct map_columns *columns,
                      const char *value_title, const char *hatched_name, hr_chart *chart)
{
    size_t n_columns = columns->x.names->len;
    size_t n_rows = columns->y.names->len;
    double *value = g_new(double, n_columns *n_rows);
    bool *is_hatched = g_new0(bool, n_columns *n_rows);
    for (size_t i = 0; i < n_columns * n_rows; i++) {
        value[i] = (double)NAN;
    }
    for (size_t r = 0; r < hr_rows_count(rows); r++) {
        double x = hr_rows_number(rows, r, (size_t)columns->x.at, 0.0);
        double y = hr_rows_number(rows, r, (size_t)columns->y.at, 0.0);
        size_t at =
            find_place(columns->y.places, y) * n_columns + find_place(columns->x.places, x);
        value[at] = hr_rows_number(rows, r, (size_t)columns->value, (double)NAN);
        is_hatched[at] = columns->hatched >= 0 &&
                         hr_rows_number(rows, r, (size_t)columns->hatched, 0.0) != 0.0;
    }
    const struct hr_chart_map map = {.n_rows = n_rows,
                                     .rows = (const char *const *)columns->y.names->pdata,
                                     .value_title = value_title,
                                     .hatched_name = hatched_name,
                                     .value = value,
                                     .is_hatched = is_hatched};
    hr_chart_set_cells(chart, &map);
    g_free(value);
    g_free(is_hatched);
}

bool hr_build_cells(const struct hr_build *build, const hr_node *entry, const hr_rows *rows,
                    const struct hr_scope *scope, hr_chart *chart, GError **error)
{
    struct map_columns columns = {0};
    if (!find_columns(rows, &columns, error) || !collect_side(rows, &columns.x, error) ||
        !collect_side(rows, &columns.y, error)) {
        clear_side(&columns.x);
        clear_side(&columns.y);
        return hr_build_fail(build, hr_node_get(entry, "query"), error);
    }
    g_autofree char *value_title = hr_build_text(build, entry, "value_title", scope, error);
    g_autofree char *hatched_name =
        value_title != NULL ? hr_build_text(build, entry, "hatched", scope, error) : NULL;
    bool ok = hatched_name != NULL;
    for (guint i = 0; ok && i < columns.x.names->len; i++) {
        hr_chart_add_category(chart, g_ptr_array_index(columns.x.names, i));
    }
    if (ok) {
        set_cells(rows, &columns, value_title, hatched_name, chart);
    }
    clear_side(&columns.x);
    clear_side(&columns.y);
    return ok;
}
