/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/chart.h"
#include "plot/chart_parts.h"
#include "plot/chart_style.h"

static struct hr_size text_size(const struct hr_canvas *canvas, const char *text,
                                double size_pt, bool bold)
{
    const struct hr_text line = {.text = text, .size_pt = size_pt, .bold = bold};
    return hr_canvas_measure(canvas, &line);
}

static double widest_tick(const struct hr_canvas *canvas, const struct hr_ticks *ticks)
{
    double widest = 0.0;
    for (int i = 0; i < ticks->n; i++) {
        widest = fmax(widest, text_size(canvas, ticks->label[i], HR_CHART_LABEL_PT, false).w);
    }
    return widest;
}

static double widest_category(const hr_chart *chart, const struct hr_canvas *canvas)
{
    double widest = 0.0;
    for (size_t i = 0; i < chart->categories->len; i++) {
        const char *name = g_ptr_array_index(chart->categories, i);
        widest = fmax(widest, text_size(canvas, name, HR_CHART_LABEL_PT, false).w);
    }
    return widest;
}

static bool has_entry(const struct hr_chart_series *series)
{
    return series->mark != HR_MARK_LIMIT && series->mark != HR_MARK_NOTE &&
           series->name[0] != '\0';
}

double hr_legend_layout(const hr_chart *chart, const struct hr_rect *area,
                        const struct hr_canvas *canvas, struct hr_chart_layout *out)
{
    double x = area->x;
    double y = area->y;
    out->n_entries = 0;
    for (size_t s = 0; s < chart->series->len && out->n_entries < HR_CHART_ENTRIES_MAX; s++) {
        const struct hr_chart_series *series = g_ptr_array_index(chart->series, s);
        if (!has_entry(series)) {
            continue;
        }
        double w =
            HR_CHART_KEY_W + 3.0 + text_size(canvas, series->name, HR_CHART_LABEL_PT, false).w;
        if (x > area->x && x + w > area->x + area->w) {
            x = area->x;
            y += HR_CHART_ENTRY_H;
        }
        const struct hr_rect entry = {x, y, fmin(w, area->w), HR_CHART_ENTRY_H};
        out->entry[out->n_entries] = entry;
        out->entry_series[out->n_entries++] = s;
        x += w + HR_CHART_ENTRY_GAP;
    }
    return out->n_entries > 0 ? y + HR_CHART_ENTRY_H - area->y : 0.0;
}

static void set_x_range(const hr_chart *chart, double *low, double *high)
{
    *low = HUGE_VAL;
    *high = -HUGE_VAL;
    for (size_t s = 0; s < chart->series->len; s++) {
        const struct hr_chart_series *series = g_ptr_array_index(chart->series, s);
        bool counts = series->n > 1 || series->mark == HR_MARK_SCATTER;
        for (size_t i = 0; i < series->n && counts; i++) {
            if (isfinite(series->x[i])) {
                *low = fmin(*low, series->x[i]);
                *high = fmax(*high, series->x[i]);
            }
        }
    }
    if (*low > *high) {
        *low = 0.0;
        *high = 1.0;
    }
    if (*low == *high) {
        *high = *low + 1.0;
    }
}

static bool has_whole_x(const hr_chart *chart)
{
    for (size_t s = 0; s < chart->series->len; s++) {
        const struct hr_chart_series *series = g_ptr_array_index(chart->series, s);
        for (size_t i = 0; i < series->n; i++) {
            if (series->x[i] != floor(series->x[i])) {
                return false;
            }
        }
    }
    return true;
}

/* About one label per so many points of length; between 2 and 10 steps. */
static int steps_for(double length_pt, double per_step_pt)
{
    double steps = floor(length_pt / per_step_pt);
    return (int)fmax(2.0, fmin(10.0, steps));
}

static void layout_x(const hr_chart *chart, struct hr_chart_layout *out)
{
    if (chart->x_axis == HR_AXIS_CATEGORY) {
        out->category.v0 = -0.5;
        out->category.v1 = (double)chart->categories->len - 0.5;
        return;
    }
    double low = 0.0;
    double high = 1.0;
    set_x_range(chart, &low, &high);
    int most = steps_for(out->plot.w, chart->x_axis == HR_AXIS_TIME ? 24.0 : 34.0);
    if (chart->x_axis == HR_AXIS_NUMBER && has_whole_x(chart) && high - low >= 2.0) {
        most = (int)fmax(2.0, fmin(most, high - low)); /* no mark at half a year */
    }
    if (chart->x_axis == HR_AXIS_LOG) {
        hr_ticks_log(low, high, most, &out->x_ticks);
        out->category.is_log = true;
    } else if (chart->x_axis == HR_AXIS_TIME) {
        out->time_unit = hr_ticks_time(low, high, most, &out->x_ticks);
    } else {
        hr_ticks_linear(low, high, most, &out->x_ticks);
    }
    out->category.v0 = out->x_ticks.low;
    out->category.v1 = out->x_ticks.high;
}

static void set_positions(const hr_chart *chart, struct hr_chart_layout *out)
{
    out->value.v0 = out->value_ticks.low;
    out->value.v1 = out->value_ticks.high;
    const struct hr_rect *plot = &out->plot;
    if (chart->is_horizontal) {
        out->value.p0 = plot->x;
        out->value.p1 = plot->x + plot->w;
        out->category.p0 = plot->y;
        out->category.p1 = plot->y + plot->h;
    } else {
        out->value.p0 = plot->y + plot->h;
        out->value.p1 = plot->y;
        out->category.p0 = plot->x;
        out->category.p1 = plot->x + plot->w;
    }
}

static double number_width(const struct hr_canvas *canvas, double number)
{
    g_autofree char *label = hr_format_number(number, 0);
    return text_size(canvas, label, HR_CHART_LABEL_PT, true).w;
}

/* Room of the sums written at the ends of lying stacks. */
static double total_width(const hr_chart *chart, const struct hr_canvas *canvas, double high)
{
    if (!chart->has_totals || !chart->is_horizontal) {
        return 0.0;
    }
    return number_width(canvas, high) + 6.0;
}

static bool has_limit(const hr_chart *chart)
{
    for (size_t s = 0; s < chart->series->len; s++) {
        const struct hr_chart_series *series = g_ptr_array_index(chart->series, s);
        if (series->mark == HR_MARK_LIMIT) {
            return true;
        }
    }
    return false;
}

/* Ends the axis a little above the data when its last mark would stand far above, and leaves
 * room for the name above a limit. */
static void fit_top(const hr_chart *chart, double low, double high, struct hr_ticks *ticks)
{
    double top = high + 0.08 * (high - low);
    while (ticks->n > 2 && ticks->at[ticks->n - 1] > top) {
        ticks->n--;
        ticks->high = fmax(top, ticks->at[ticks->n - 1]);
    }
    if (has_limit(chart) && ticks->high < top) {
        ticks->high = top;
    }
}

/* Height of the labels below the plot: the names of categories may take two lines. */
static double label_height(const hr_chart *chart, const struct hr_canvas *canvas, double width)
{
    double most = HR_CHART_LABEL_LINE;
    if (chart->is_horizontal || chart->x_axis != HR_AXIS_CATEGORY) {
        return most;
    }
    for (size_t i = 0; i < chart->categories->len; i++) {
        const struct hr_text name = {.text = g_ptr_array_index(chart->categories, i),
                                     .size_pt = HR_CHART_LABEL_PT,
                                     .width_pt = fmax(width / chart->categories->len, 1.0),
                                     .max_lines = 2};
        most = fmax(most, hr_canvas_measure(canvas, &name).h);
    }
    return most;
}

static void layout_plot(const hr_chart *chart, const struct hr_canvas *canvas, double legend_h,
                        struct hr_chart_layout *out)
{
    const struct hr_rect *area = &out->area;
    double low = 0.0;
    double high = 1.0;
    hr_chart_range(chart, &low, &high);
    double along = chart->is_horizontal ? area->w * 0.6 : area->h * 0.6;
    double per_step = chart->is_horizontal ? number_width(canvas, high) + 18.0 : 18.0;
    hr_ticks_linear(low, high, steps_for(along, per_step), &out->value_ticks);
    fit_top(chart, low, high, &out->value_ticks);

    bool has_y_title = !chart->is_horizontal && chart->y_title[0] != '\0';
    bool has_x_title =
        chart->is_horizontal ? chart->y_title[0] != '\0' : chart->x_title[0] != '\0';
    double left = has_y_title ? HR_CHART_TITLE_LINE : 0.0;
    double right = 8.0;
    if (chart->is_horizontal) {
        out->label_width = fmin(widest_category(chart, canvas) + 2.0, area->w * 0.35);
        left += out->label_width + 4.0;
        right += total_width(chart, canvas, high);
    } else {
        left += widest_tick(canvas, &out->value_ticks) + 6.0;
    }
    out->label_h = label_height(chart, canvas, area->w - left - right);
    double bottom = out->label_h + 3.0 + (has_x_title ? HR_CHART_TITLE_LINE : 0.0);
    if (legend_h > 0.0) {
        bottom += legend_h + 4.0;
    }
    double top = out->title_h + 6.0;
    if (chart->is_horizontal && has_limit(chart)) {
        top += HR_CHART_LABEL_LINE - 4.0; /* the limit's name stands above the plot */
    }
    out->plot.x = area->x + left;
    out->plot.y = area->y + top;
    out->plot.w = fmax(area->w - left - right, 10.0);
    out->plot.h = fmax(area->h - top - bottom, 10.0);
}

void hr_chart_layout(const hr_chart *chart, const struct hr_rect *area,
                     const struct hr_canvas *canvas, struct hr_chart_layout *out)
{
    memset(out, 0, sizeof *out);
    out->area = *area;
    if (chart->title[0] != '\0') {
        const struct hr_text title = {.text = chart->title,
                                      .size_pt = HR_CHART_TITLE_PT,
                                      .bold = true,
                                      .width_pt = area->w,
                                      .max_lines = 2};
        out->title_h = hr_canvas_measure(canvas, &title).h + 2.0;
    }
    if (chart->cells != NULL) {
        hr_chart_cells_layout(chart, canvas, out);
        return;
    }
    double legend_h = chart->has_no_legend ? 0.0 : hr_legend_layout(chart, area, canvas, out);
    layout_plot(chart, canvas, legend_h, out);
    for (int i = 0; i < out->n_entries; i++) {
        out->entry[i].y += area->h - legend_h;
    }
    layout_x(chart, out);
    set_positions(chart, out);
}
