/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "report/build.h"

/* The columns of a chart's query; -1: absent. */
struct chart_columns {
    int series, x, category, value, low, high;
};

/* The rows of a chart's query sorted into series over common places of the x axis. */
struct chart_data {
    GPtrArray *series;     /* char *, in order of appearance; borrowed */
    GPtrArray *categories; /* char *, likewise */
    GArray *xs;            /* double, ascending */
    double *value;         /* [series × places]; NaN: no row */
    double *low, *high;
    size_t n_places;
};

static bool find_columns(const hr_rows *rows, struct chart_columns *out, GError **error)
{
    out->series = hr_rows_find_column(rows, "series");
    out->x = hr_rows_find_column(rows, "x");
    out->category = hr_rows_find_column(rows, "category");
    out->value = hr_rows_find_column(rows, "value");
    out->low = hr_rows_find_column(rows, "low");
    out->high = hr_rows_find_column(rows, "high");
    if (out->series < 0 || out->value < 0 || (out->x < 0) == (out->category < 0)) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "a chart's query must yield the columns series, value and either x or "
                    "category");
        return false;
    }
    return true;
}

static size_t index_of(GPtrArray *names, const char *name)
{
    for (size_t i = 0; i < names->len; i++) {
        if (strcmp(g_ptr_array_index(names, i), name) == 0) {
            return i;
        }
    }
    g_ptr_array_add(names, (void *)(intptr_t)name);
    return names->len - 1;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

static size_t place_of_x(const GArray *xs, double x)
{
    size_t low = 0;
    size_t high = xs->len;
    while (low + 1 < high) {
        size_t middle = (low + high) / 2;
        if (g_array_index(xs, double, middle) <= x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static void collect_places(const hr_rows *rows, const struct chart_columns *columns,
                           struct chart_data *data)
{
    for (size_t r = 0; r < hr_rows_count(rows); r++) {
        index_of(data->series, hr_rows_text(rows, r, (size_t)columns->series));
        if (columns->category >= 0) {
            index_of(data->categories, hr_rows_text(rows, r, (size_t)columns->category));
        } else {
            double x = hr_rows_number(rows, r, (size_t)columns->x, 0.0);
            g_array_append_val(data->xs, x);
        }
    }
    if (columns->category >= 0) {
        data->n_places = data->categories->len;
        return;
    }
    g_array_sort(data->xs, compare_doubles);
    size_t n = 0;
    for (size_t i = 0; i < data->xs->len; i++) {
        double x = g_array_index(data->xs, double, i);
        if (n == 0 || x > g_array_index(data->xs, double, n - 1)) {
            g_array_index(data->xs, double, n++) = x;
        }
    }
    g_array_set_size(data->xs, (guint)n);
    data->n_places = n;
}

static double *new_values(size_t n)
{
    double *values = g_new(double, n);
    for (size_t i = 0; i < n; i++) {
        values[i] = (double)NAN;
    }
    return values;
}

static void collect(const hr_rows *rows, const struct chart_columns *columns,
                    struct chart_data *data)
{
    data->series = g_ptr_array_new();
    data->categories = g_ptr_array_new();
    data->xs = g_array_new(FALSE, FALSE, sizeof(double));
    collect_places(rows, columns, data);
    size_t n = data->series->len * data->n_places;
    data->value = new_values(n);
    data->low = new_values(n);
    data->high = new_values(n);
    for (size_t r = 0; r < hr_rows_count(rows); r++) {
        size_t series = index_of(data->series, hr_rows_text(rows, r, (size_t)columns->series));
        size_t place =
            columns->category >= 0
                ? index_of(data->categories, hr_rows_text(rows, r, (size_t)columns->category))
                : place_of_x(data->xs, hr_rows_number(rows, r, (size_t)columns->x, 0.0));
        size_t at = series * data->n_places + place;
        data->value[at] = hr_rows_number(rows, r, (size_t)columns->value, (double)NAN);
        if (columns->low >= 0 && columns->high >= 0) {
            data->low[at] = hr_rows_number(rows, r, (size_t)columns->low, (double)NAN);
            data->high[at] = hr_rows_number(rows, r, (size_t)columns->high, (double)NAN);
        }
    }
}

static void clear_data(struct chart_data *data)
{
    g_ptr_array_unref(data->series);
    g_ptr_array_unref(data->categories);
    g_array_unref(data->xs);
    g_free(data->value);
    g_free(data->low);
    g_free(data->high);
}

int hr_build_slot(const struct hr_build *build, const hr_rows *rows, size_t row,
                  const char *key, size_t place)
{
    int column = hr_rows_find_column(rows, "slot");
    if (column >= 0) {
        return (int)hr_rows_number(rows, row, (size_t)column, (double)place);
    }
    const hr_node *colours = hr_node_get(build->tmpl->root, "colours");
    return (int)hr_template_number(colours, key, (double)place);
}

/* The first row of a series. */
static size_t first_row(const hr_rows *rows, int column, const char *key)
{
    size_t row = 0;
    while (row + 1 < hr_rows_count(rows) &&
           strcmp(hr_rows_text(rows, row, (size_t)column), key) != 0) {
        row++;
    }
    return row;
}

static void add_series(const struct hr_build *build, const struct hr_scope *scope,
                       const struct chart_data *data, enum hr_mark mark,
                       const struct chart_columns *columns, hr_chart *chart)
{
    bool has_interval = columns->low >= 0 && columns->high >= 0;
    struct hr_point *points = g_new(struct hr_point, data->n_places);
    for (size_t s = 0; s < data->series->len; s++) {
        const char *key = g_ptr_array_index(data->series, s);
        size_t from = s * data->n_places;
        for (size_t i = 0; i < data->n_places; i++) {
            points[i].x = data->xs->len > 0 ? g_array_index(data->xs, double, i) : (double)i;
            points[i].y = data->value[from + i];
        }
        const struct hr_chart_interval series = {
            .name = hr_scope_label(scope, key),
            .mark = mark,
            .slot = hr_build_slot(build, scope->rows,
                                  first_row(scope->rows, columns->series, key), key, s),
            .n = data->n_places,
            .points = points,
            .low = has_interval ? data->low + from : NULL,
            .high = has_interval ? data->high + from : NULL};
        hr_chart_add_interval(chart, &series);
    }
    g_free(points);
}

/* Rows of one name are one limit. */
static bool add_limits(const struct hr_build *build, const hr_node *entry,
                       const struct hr_scope *scope, hr_chart *chart, GError **error)
{
    if (hr_node_get(entry, "limits") == NULL) {
        return true;
    }
    g_autoptr(hr_rows) rows = hr_build_query(build, entry, "limits", scope, error);
    if (rows == NULL) {
        return false;
    }
    int name = hr_rows_find_column(rows, "name");
    int x = hr_rows_find_column(rows, "x");
    int value = hr_rows_find_column(rows, "value");
    if (name < 0 || value < 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "limits must yield the columns name and value");
        return hr_build_fail(build, hr_node_get(entry, "limits"), error);
    }
    size_t n = hr_rows_count(rows);
    struct hr_point *points = g_new(struct hr_point, n);
    size_t from = 0;
    for (size_t r = 0; r < n; r++) {
        points[r].x = x >= 0 ? hr_rows_number(rows, r, (size_t)x, (double)r) : 0.0;
        points[r].y = hr_rows_number(rows, r, (size_t)value, (double)NAN);
        const char *text = hr_rows_text(rows, r, (size_t)name);
        if (r + 1 == n || strcmp(text, hr_rows_text(rows, r + 1, (size_t)name)) != 0) {
            hr_chart_add(chart, text, HR_MARK_LIMIT, 0, r + 1 - from, points + from);
            from = r + 1;
        }
    }
    g_free(points);
    return true;
}

static hr_chart *new_chart(const struct hr_build *build, const hr_node *entry,
                           const struct hr_scope *scope, GError **error)
{
    g_autofree char *title = hr_build_text(build, entry, "title", scope, error);
    if (title == NULL) {
        return NULL;
    }
    g_autofree char *x_title = hr_build_text(build, entry, "x_title", scope, error);
    if (x_title == NULL) {
        return NULL;
    }
    g_autofree char *y_title = hr_build_text(build, entry, "y_title", scope, error);
    if (y_title == NULL) {
        return NULL;
    }
    int axis = hr_template_choice(entry, "axis", hr_template_axes);
    hr_chart *chart = hr_chart_new(title, x_title, y_title, (enum hr_axis)axis);
    chart->is_horizontal = hr_template_is_set(entry, "horizontal");
    chart->is_grouped = hr_template_is_set(entry, "grouped");
    chart->has_totals = hr_template_is_set(entry, "totals");
    return chart;
}

/* Length of what all names end in from a dot on, as machines of one domain do: it tells none of
 * them from the others. */
static size_t shared_domain(const GPtrArray *names)
{
    const char *first = names->len > 1 ? g_ptr_array_index(names, 0) : "";
    const char *domain = strchr(first, '.');
    if (domain == NULL || domain == first) {
        return 0;
    }
    for (size_t i = 1; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (!g_str_has_suffix(name, domain) || strlen(name) == strlen(domain)) {
            return 0;
        }
    }
    return strlen(domain);
}

static void add_categories(const struct hr_scope *scope, const GPtrArray *names,
                           hr_chart *chart)
{
    size_t domain = shared_domain(names);
    for (size_t i = 0; i < names->len; i++) {
        const char *key = g_ptr_array_index(names, i);
        g_autofree char *name =
            domain > 0 ? g_strndup(key, strlen(key) - domain) : g_strdup(key);
        hr_chart_add_category(chart, hr_scope_label(scope, name));
    }
}

/* The series of every chart but scatters and heat maps: values over common places. */
static bool add_rows(const struct hr_build *build, const hr_node *entry,
                     const struct hr_scope *scope, enum hr_mark mark, hr_chart *chart,
                     GError **error)
{
    struct chart_columns columns;
    if (!find_columns(scope->rows, &columns, error)) {
        return hr_build_fail(build, hr_node_get(entry, "query"), error);
    }
    struct chart_data data = {0};
    collect(scope->rows, &columns, &data);
    add_categories(scope->outer, data.categories, chart);
    add_series(build, scope, &data, mark, &columns, chart);
    clear_data(&data);
    return true;
}

/* Without rows a title may have nothing to speak of. */
static hr_chart *new_empty_chart(const struct hr_build *build, const hr_node *entry,
                                 const struct hr_scope *scope)
{
    hr_chart *chart = new_chart(build, entry, scope, NULL);
    return chart != NULL ? chart : hr_chart_new("", "", "", HR_AXIS_NUMBER);
}

hr_chart *hr_build_chart(const struct hr_build *build, const hr_node *entry,
                         const struct hr_scope *scope, GError **error)
{
    g_autoptr(hr_rows) rows = hr_build_query(build, entry, "query", scope, error);
    if (rows == NULL) {
        return NULL;
    }
    struct hr_scope inner = {.outer = scope, .rows = rows};
    /* Titles may use the columns of the query's first row. */
    g_autoptr(hr_chart) chart = hr_rows_count(rows) > 0 ? new_chart(build, entry, &inner, error)
                                                        : new_empty_chart(build, entry, scope);
    if (chart == NULL) {
        return NULL;
    }
    enum hr_mark mark = (enum hr_mark)hr_template_choice(entry, "mark", hr_template_marks);
    bool ok = mark == HR_MARK_CELL ? hr_build_cells(build, entry, rows, &inner, chart, error)
              : mark == HR_MARK_SCATTER
                  ? hr_build_scatter(build, rows, &inner, chart, error) ||
                        hr_build_fail(build, hr_node_get(entry, "query"), error)
                  : add_rows(build, entry, &inner, mark, chart, error);
    if (ok && mark != HR_MARK_CELL && !hr_chart_is_empty(chart)) {
        ok = add_limits(build, entry, scope, chart, error) &&
             hr_build_steps_and_notes(build, entry, scope, chart, error);
    }
    return ok ? g_steal_pointer(&chart) : NULL;
}
