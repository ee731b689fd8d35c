/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/chart.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/chart_parts.h"

enum { NAME_MOST_CHARS = 80, TITLE_MOST_CHARS = 160 };

static void free_series(void *object)
{
    struct hr_chart_series *series = object;
    g_free(series->name);
    g_free(series->x);
    g_free(series->y);
    g_free(series->low);
    g_free(series->high);
    g_free(series);
}

hr_chart *hr_chart_new(const char *title, const char *x_title, const char *y_title,
                       enum hr_axis x_axis)
{
    hr_chart *chart = g_new0(hr_chart, 1);
    chart->title = hr_text_clean(title, TITLE_MOST_CHARS, false);
    chart->x_title = hr_text_clean(x_title, TITLE_MOST_CHARS, false);
    chart->y_title = hr_text_clean(y_title, TITLE_MOST_CHARS, false);
    chart->x_axis = x_axis;
    chart->categories = g_ptr_array_new_with_free_func(g_free);
    chart->series = g_ptr_array_new_with_free_func(free_series);
    return chart;
}

void hr_chart_free(hr_chart *chart)
{
    if (chart == NULL) {
        return;
    }
    g_free(chart->title);
    g_free(chart->x_title);
    g_free(chart->y_title);
    g_ptr_array_unref(chart->categories);
    g_ptr_array_unref(chart->series);
    hr_chart_cells_free(chart->cells);
    g_free(chart);
}

void hr_chart_add_category(hr_chart *chart, const char *name)
{
    g_ptr_array_add(chart->categories, hr_text_clean(name, NAME_MOST_CHARS, false));
}

static double *copy_values(const double *values, size_t n)
{
    return values == NULL ? NULL : g_memdup2(values, n * sizeof *values);
}

void hr_chart_add_interval(hr_chart *chart, const struct hr_chart_interval *interval)
{
    hr_assert(interval->mark < HR_MARK__COUNT);
    struct hr_chart_series *series = g_new0(struct hr_chart_series, 1);
    size_t n = interval->n;
    series->name = hr_text_clean(interval->name, NAME_MOST_CHARS, false);
    series->mark = interval->mark;
    series->slot = interval->slot;
    series->n = n;
    series->x = g_new(double, n);
    series->y = g_new(double, n);
    for (size_t i = 0; i < n; i++) {
        series->x[i] = interval->points[i].x;
        series->y[i] = interval->points[i].y;
    }
    series->low = copy_values(interval->low, n);
    series->high = copy_values(interval->high, n);
    g_ptr_array_add(chart->series, series);
}

void hr_chart_add(hr_chart *chart, const char *name, enum hr_mark mark, int slot, size_t n,
                  const struct hr_point *points)
{
    const struct hr_chart_interval plain = {name, mark, slot, n, points, NULL, NULL};
    hr_chart_add_interval(chart, &plain);
}

static const struct hr_chart_series *series_at(const hr_chart *chart, size_t index)
{
    return g_ptr_array_index(chart->series, index);
}

bool hr_chart_is_empty(const hr_chart *chart)
{
    if (chart->cells != NULL) {
        return hr_chart_cells_are_empty(chart->cells);
    }
    for (size_t s = 0; s < chart->series->len; s++) {
        const struct hr_chart_series *series = series_at(chart, s);
        for (size_t i = 0; i < series->n; i++) {
            if (isfinite(series->x[i]) && isfinite(series->y[i])) {
                return false;
            }
        }
    }
    return true;
}

static void cover(double value, double *low, double *high)
{
    if (isfinite(value)) {
        *low = fmin(*low, value);
        *high = fmax(*high, value);
    }
}

static bool is_stacked(const hr_chart *chart, const struct hr_chart_series *series)
{
    return series->mark == HR_MARK_AREA || (series->mark == HR_MARK_BAR && !chart->is_grouped);
}

/* Sums of the stacks: bars and areas are never mixed in one chart. */
static void cover_stacks(const hr_chart *chart, double *low, double *high)
{
    size_t n = 0;
    for (size_t s = 0; s < chart->series->len; s++) {
        const struct hr_chart_series *series = series_at(chart, s);
        n = is_stacked(chart, series) && series->n > n ? series->n : n;
    }
    for (size_t i = 0; i < n; i++) {
        double above = 0.0;
        double below = 0.0;
        for (size_t s = 0; s < chart->series->len; s++) {
            const struct hr_chart_series *series = series_at(chart, s);
            if (is_stacked(chart, series) && i < series->n && isfinite(series->y[i])) {
                above += fmax(series->y[i], 0.0);
                below += fmin(series->y[i], 0.0);
            }
        }
        cover(above, low, high);
        cover(below, low, high);
    }
}

void hr_chart_range(const hr_chart *chart, double *low, double *high)
{
    *low = HUGE_VAL;
    *high = -HUGE_VAL;
    if (chart->cells != NULL) {
        hr_chart_cells_range(chart->cells, low, high);
        return;
    }
    cover_stacks(chart, low, high);
    for (size_t s = 0; s < chart->series->len; s++) {
        const struct hr_chart_series *series = series_at(chart, s);
        for (size_t i = 0; i < series->n; i++) {
            if (!is_stacked(chart, series)) {
                cover(series->y[i], low, high);
            }
            if (series->low != NULL && series->high != NULL) {
                cover(series->low[i], low, high);
                cover(series->high[i], low, high);
            }
        }
        if ((series->mark == HR_MARK_BAR || series->mark == HR_MARK_DOT) && series->n > 0) {
            cover(0.0, low, high);
        }
    }
    if (*low > *high) {
        *low = 0.0;
        *high = 1.0;
    }
    /* A range near zero starts at zero: a cut axis makes small differences look large. */
    if (*low > 0.0 && *low < 0.6 * *high) {
        *low = 0.0;
    }
    if (chart->value_at_least > *high) {
        *high = chart->value_at_least;
    }
}
