/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/error.h"
#include "plot/chart_parts.h"
#include "plot/chart_style.h"
#include "plot/palette.h"

enum { CELL_NAME_MOST_CHARS = 60, SCALE_STEPS = 48 };

#define SCALE_H         7.0 /* the bar that shows the colours */
#define SMALL_LABEL_PT  5.5 /* of the values, where the usual size has no room */
#define NAMES_MOST_FRAC 0.3 /* of the width, for the names of the rows */

void hr_chart_set_cells(hr_chart *chart, const struct hr_chart_map *map)
{
    hr_assert(chart->cells == NULL && chart->series->len == 0);
    struct hr_chart_cells *cells = g_new0(struct hr_chart_cells, 1);
    cells->rows = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < map->n_rows; i++) {
        g_ptr_array_add(cells->rows, hr_text_clean(map->rows[i], CELL_NAME_MOST_CHARS, false));
    }
    cells->value_title = hr_text_clean(map->value_title, CELL_NAME_MOST_CHARS, false);
    cells->hatched_name = hr_text_clean(map->hatched_name, CELL_NAME_MOST_CHARS, false);
    cells->n = map->n_rows * chart->categories->len;
    cells->value = g_memdup2(map->value, cells->n * sizeof *map->value);
    cells->is_hatched = g_memdup2(map->is_hatched, cells->n * sizeof *map->is_hatched);
    cells->low_at_most = HUGE_VAL;
    cells->high_at_least = -HUGE_VAL;
    chart->cells = cells;
}

void hr_chart_cells_free(struct hr_chart_cells *cells)
{
    if (cells == NULL) {
        return;
    }
    g_ptr_array_unref(cells->rows);
    g_free(cells->value_title);
    g_free(cells->hatched_name);
    g_free(cells->value);
    g_free(cells->is_hatched);
    g_free(cells);
}

static bool has_value(const struct hr_chart_cells *cells, size_t i)
{
    return !cells->is_hatched[i] && isfinite(cells->value[i]);
}

bool hr_chart_cells_are_empty(const struct hr_chart_cells *cells)
{
    for (size_t i = 0; i < cells->n; i++) {
        if (cells->is_hatched[i] || has_value(cells, i)) {
            return false;
        }
    }
    return true;
}

static bool has_hatched(const struct hr_chart_cells *cells)
{
    for (size_t i = 0; i < cells->n; i++) {
        if (cells->is_hatched[i]) {
            return true;
        }
    }
    return false;
}

void hr_chart_cells_range(const struct hr_chart_cells *cells, double *low, double *high)
{
    double least = cells->low_at_most;
    double most = cells->high_at_least;
    for (size_t i = 0; i < cells->n; i++) {
        if (has_value(cells, i)) {
            least = fmin(least, cells->value[i]);
            most = fmax(most, cells->value[i]);
        }
    }
    if (least <= most) {
        *low = least;
        *high = most;
    }
}

/* From pale to dark, each darker than the one before: the map can be read in grey. The three
 * are of ColorBrewer's "Blues" (C. Brewer, M. Harrower). */
static uint32_t colour_of(double part)
{
    static const double stops[3][3] = {
        {0xf0, 0xf5, 0xfb}, {0x6b, 0xae, 0xd6}, {0x08, 0x30, 0x6b}};
    double at = fmax(0.0, fmin(1.0, part)) * 2.0;
    int from = at < 1.0 ? 0 : 1;
    uint32_t rgb = 0;
    for (int k = 0; k < 3; k++) {
        double value = stops[from][k] + (at - from) * (stops[from + 1][k] - stops[from][k]);
        rgb = rgb << 8 | (uint32_t)lround(value);
    }
    return rgb;
}

static const struct hr_paint hatched_paint = {0xa3abb3, 1.0, HR_PATTERN_RISING};

/* As many places as three digits need. */
static int decimals_of(double high)
{
    double size = fabs(high);
    return size >= 100.0 ? 0 : size >= 10.0 ? 1 : 2;
}

static double text_width(const struct hr_canvas *canvas, const char *text, double size_pt)
{
    const struct hr_text line = {.text = text, .size_pt = size_pt};
    return hr_canvas_measure(canvas, &line).w;
}

static double widest_name(const struct hr_canvas *canvas, const GPtrArray *names)
{
    double widest = 0.0;
    for (size_t i = 0; i < names->len; i++) {
        widest =
            fmax(widest, text_width(canvas, g_ptr_array_index(names, i), HR_CHART_LABEL_PT));
    }
    return widest;
}

/* The scale of colours and, right of it, what hatching means. Returns: the height of both. */
static double layout_legend(const hr_chart *chart, const struct hr_canvas *canvas,
                            struct hr_chart_layout *out)
{
    const struct hr_rect *area = &out->area;
    double h = HR_CHART_TITLE_LINE + SCALE_H + 2.0 + HR_CHART_LABEL_LINE;
    double scale_w = area->w;
    out->n_entries = 1;
    if (has_hatched(chart->cells)) {
        double w = HR_CHART_KEY_W + 4.0 +
                   text_width(canvas, chart->cells->hatched_name, HR_CHART_LABEL_PT);
        w = fmin(w, area->w * 0.45);
        scale_w -= w + HR_CHART_ENTRY_GAP;
        out->entry[1] = (struct hr_rect){area->x + area->w - w, area->y + area->h - h, w, h};
        out->n_entries = 2;
    }
    out->entry[0] = (struct hr_rect){area->x, area->y + area->h - h, scale_w, h};
    return h;
}

void hr_chart_cells_layout(const hr_chart *chart, const struct hr_canvas *canvas,
                           struct hr_chart_layout *out)
{
    const struct hr_rect *area = &out->area;
    double legend_h = layout_legend(chart, canvas, out);
    out->label_width =
        fmin(widest_name(canvas, chart->cells->rows) + 2.0, area->w * NAMES_MOST_FRAC);
    out->label_h = HR_CHART_LABEL_LINE;
    double left =
        out->label_width + 4.0 + (chart->y_title[0] != '\0' ? HR_CHART_TITLE_LINE : 0);
    double top = out->title_h + 4.0;
    double bottom = out->label_h + 3.0 +
                    (chart->x_title[0] != '\0' ? HR_CHART_TITLE_LINE : 0.0) + legend_h + 4.0;
    out->plot =
        (struct hr_rect){area->x + left, area->y + top, fmax(area->w - left - 2.0, 10.0),
                         fmax(area->h - top - bottom, 10.0)};
    double n_columns = (double)chart->categories->len;
    double n_rows = (double)chart->cells->rows->len;
    out->category = (struct hr_scale){
        .v0 = -0.5, .v1 = n_columns - 0.5, .p0 = out->plot.x, .p1 = out->plot.x + out->plot.w};
    out->value = (struct hr_scale){
        .v0 = -0.5, .v1 = n_rows - 0.5, .p0 = out->plot.y + out->plot.h, .p1 = out->plot.y};
}

/* What drawing passes on. */
struct map {
    const hr_chart *chart;
    const struct hr_chart_cells *cells;
    const struct hr_chart_layout *layout;
    const struct hr_canvas *canvas;
    double low, high;
    int decimals;
};

static double part_of(const struct map *m, double value)
{
    return m->high > m->low ? (value - m->low) / (m->high - m->low) : 0.0;
}

static struct hr_rect cell_at(const struct map *m, size_t column, size_t row)
{
    double x0 = hr_scale_at(&m->layout->category, (double)column - 0.5);
    double x1 = hr_scale_at(&m->layout->category, (double)column + 0.5);
    double y0 = hr_scale_at(&m->layout->value, (double)row + 0.5);
    double y1 = hr_scale_at(&m->layout->value, (double)row - 0.5);
    return (struct hr_rect){x0, y0, x1 - x0, y1 - y0};
}

/* The size in which all values fit their cells, or 0. */
static double value_size(const struct map *m)
{
    static const double sizes[] = {HR_CHART_LABEL_PT, SMALL_LABEL_PT};
    struct hr_rect cell = cell_at(m, 0, 0);
    for (size_t k = 0; k < G_N_ELEMENTS(sizes); k++) {
        double widest = 0.0;
        for (size_t i = 0; i < m->cells->n; i++) {
            if (has_value(m->cells, i)) {
                g_autofree char *text = hr_format_number(m->cells->value[i], m->decimals);
                widest = fmax(widest, text_width(m->canvas, text, sizes[k]));
            }
        }
        if (widest + 2.0 <= cell.w && sizes[k] * 1.3 <= cell.h) {
            return sizes[k];
        }
    }
    return 0.0;
}

static void draw_value(const struct map *m, const struct hr_rect *cell, double value,
                       double size_pt)
{
    g_autofree char *number = hr_format_number(value, m->decimals);
    struct hr_text text = {.text = number,
                           .size_pt = size_pt,
                           .rgb = part_of(m, value) > 0.45 ? 0xffffff : HR_INK,
                           .align = HR_ALIGN_CENTRE,
                           .x = cell->x + cell->w / 2.0};
    text.y = cell->y + (cell->h - hr_canvas_measure(m->canvas, &text).h) / 2.0;
    hr_canvas_text(m->canvas, &text);
}

/* A frame around the first of the cells with the lowest value. */
static void draw_frame(const struct map *m, size_t index)
{
    size_t n_columns = m->chart->categories->len;
    struct hr_rect r = cell_at(m, index % n_columns, index / n_columns);
    const struct hr_point corners[] = {
        {r.x, r.y}, {r.x + r.w, r.y}, {r.x + r.w, r.y + r.h}, {r.x, r.y + r.h}, {r.x, r.y}};
    const struct hr_stroke stroke = {HR_ALARM, 1.4, false};
    m->canvas->ops->stroke(m->canvas->self, corners, G_N_ELEMENTS(corners), &stroke);
}

static void draw_grid(const struct map *m)
{
    size_t n_columns = m->chart->categories->len;
    double size_pt = value_size(m);
    size_t lowest = m->cells->n;
    for (size_t i = 0; i < m->cells->n; i++) {
        struct hr_rect cell = cell_at(m, i % n_columns, i / n_columns);
        if (m->cells->is_hatched[i]) {
            hr_canvas_fill_rect(m->canvas, &cell, &hatched_paint);
        } else if (has_value(m->cells, i)) {
            double value = m->cells->value[i];
            const struct hr_paint paint = {colour_of(part_of(m, value)), 1.0, HR_PATTERN_SOLID};
            hr_canvas_fill_rect(m->canvas, &cell, &paint);
            if (size_pt > 0.0) {
                draw_value(m, &cell, value, size_pt);
            }
            lowest = lowest == m->cells->n || value < m->cells->value[lowest] ? i : lowest;
        }
    }
    const struct hr_stroke rule = {0xffffff, 0.6, false};
    const struct hr_rect *plot = &m->layout->plot;
    for (size_t k = 1; k < n_columns; k++) {
        double x = hr_scale_at(&m->layout->category, (double)k - 0.5);
        hr_canvas_line(m->canvas, (struct hr_point){x, plot->y},
                       (struct hr_point){x, plot->y + plot->h}, &rule);
    }
    for (size_t k = 1; k < m->cells->rows->len; k++) {
        double y = hr_scale_at(&m->layout->value, (double)k - 0.5);
        hr_canvas_line(m->canvas, (struct hr_point){plot->x, y},
                       (struct hr_point){plot->x + plot->w, y}, &rule);
    }
    if (lowest < m->cells->n && m->high > m->low) {
        draw_frame(m, lowest);
    }
}

/* Names stand at every so many columns or rows, as many as have room. */
static void draw_names(const struct map *m)
{
    const struct hr_rect *plot = &m->layout->plot;
    const GPtrArray *columns = m->chart->categories;
    const GPtrArray *rows = m->cells->rows;
    struct hr_rect cell = cell_at(m, 0, 0);
    size_t every = (size_t)fmax(1.0, ceil((widest_name(m->canvas, columns) + 3.0) / cell.w));
    for (size_t i = 0; i < columns->len; i += every) {
        const struct hr_text name = {.text = g_ptr_array_index(columns, i),
                                     .x = hr_scale_at(&m->layout->category, (double)i),
                                     .y = plot->y + plot->h + 3.0,
                                     .size_pt = HR_CHART_LABEL_PT,
                                     .rgb = HR_INK_SOFT,
                                     .align = HR_ALIGN_CENTRE};
        hr_canvas_text(m->canvas, &name);
    }
    every = (size_t)fmax(1.0, ceil(HR_CHART_LABEL_LINE / cell.h));
    for (size_t i = 0; i < rows->len; i += every) {
        const struct hr_text name = {.text = g_ptr_array_index(rows, i),
                                     .x = plot->x - m->layout->label_width - 4.0,
                                     .y = hr_scale_at(&m->layout->value, (double)i) -
                                          HR_CHART_LABEL_LINE / 2.0,
                                     .width_pt = m->layout->label_width,
                                     .size_pt = HR_CHART_LABEL_PT,
                                     .rgb = HR_INK_SOFT,
                                     .align = HR_ALIGN_RIGHT,
                                     .max_lines = 1};
        hr_canvas_text(m->canvas, &name);
    }
}

static void draw_scale(const struct map *m)
{
    const struct hr_rect *entry = &m->layout->entry[0];
    struct hr_text text = {.text = m->cells->value_title,
                           .x = entry->x,
                           .y = entry->y,
                           .width_pt = entry->w,
                           .size_pt = HR_CHART_LABEL_PT,
                           .rgb = HR_INK_SOFT,
                           .max_lines = 1};
    hr_canvas_text(m->canvas, &text);
    double y = entry->y + HR_CHART_TITLE_LINE;
    double step = entry->w / SCALE_STEPS;
    for (int k = 0; k < SCALE_STEPS; k++) {
        const struct hr_rect part = {entry->x + k * step, y, step, SCALE_H};
        const struct hr_paint paint = {colour_of((double)k / (SCALE_STEPS - 1)), 1.0,
                                       HR_PATTERN_SOLID};
        hr_canvas_fill_rect(m->canvas, &part, &paint);
    }
    static const enum hr_align aligns[] = {HR_ALIGN_LEFT, HR_ALIGN_CENTRE, HR_ALIGN_RIGHT};
    for (int k = 0; k < 3; k++) {
        g_autofree char *number =
            hr_format_number(m->low + k * (m->high - m->low) / 2.0, m->decimals);
        const struct hr_text mark = {.text = number,
                                     .x = entry->x + k * entry->w / 2.0,
                                     .y = y + SCALE_H + 2.0,
                                     .size_pt = HR_CHART_LABEL_PT,
                                     .rgb = HR_INK_SOFT,
                                     .align = aligns[k]};
        hr_canvas_text(m->canvas, &mark);
    }
}

static void draw_hatched_entry(const struct map *m)
{
    const struct hr_rect *entry = &m->layout->entry[1];
    double y = entry->y + HR_CHART_TITLE_LINE;
    const struct hr_rect key = {entry->x, y, HR_CHART_KEY_W, SCALE_H};
    hr_canvas_fill_rect(m->canvas, &key, &hatched_paint);
    const struct hr_text name = {.text = m->cells->hatched_name,
                                 .x = entry->x + HR_CHART_KEY_W + 3.0,
                                 .y = y - 1.0,
                                 .width_pt = entry->w - HR_CHART_KEY_W - 3.0,
                                 .size_pt = HR_CHART_LABEL_PT,
                                 .rgb = HR_INK,
                                 .max_lines = 2};
    hr_canvas_text(m->canvas, &name);
}

void hr_chart_draw_cells(const hr_chart *chart, const struct hr_chart_layout *layout,
                         const struct hr_canvas *canvas)
{
    struct map m = {.chart = chart,
                    .cells = chart->cells,
                    .layout = layout,
                    .canvas = canvas,
                    .low = (double)NAN,
                    .high = (double)NAN};
    hr_chart_cells_range(chart->cells, &m.low, &m.high);
    bool has_colours = isfinite(m.low);
    m.low = has_colours ? m.low : 0.0;
    m.high = has_colours ? m.high : 0.0;
    m.decimals = decimals_of(m.high);
    draw_grid(&m);
    draw_names(&m);
    if (has_colours) {
        draw_scale(&m);
    }
    if (layout->n_entries > 1) {
        draw_hatched_entry(&m);
    }
}
