/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/canvas_cairo.h"
#include "plot/chart.h"
#include "plot/chart_parts.h"
#include "plot/chart_style.h"
#include "plot/decimate.h"
#include "plot/output.h"
#include "plot/palette.h"

/* Lines of no more points than this get a mark at each. */
enum { MARKED_POINTS = 24 };

/* What one drawing passes on. */
struct drawing {
    const hr_chart *chart;
    const struct hr_chart_layout *layout;
    const struct hr_canvas *canvas;
};

static const struct hr_chart_series *series_at(const hr_chart *chart, size_t index)
{
    return g_ptr_array_index(chart->series, index);
}

static void label(const struct hr_canvas *canvas, const char *text, double x, double y,
                  enum hr_align align)
{
    const struct hr_text line = {.text = text,
                                 .x = x,
                                 .y = y,
                                 .size_pt = HR_CHART_LABEL_PT,
                                 .rgb = HR_INK_SOFT,
                                 .align = align};
    hr_canvas_text(canvas, &line);
}

static void draw_value_axis(const struct drawing *d)
{
    const struct hr_rect *plot = &d->layout->plot;
    const struct hr_ticks *ticks = &d->layout->value_ticks;
    const struct hr_stroke grid = {HR_RULE_SOFT, 0.5, false};
    for (int i = 0; i < ticks->n; i++) {
        double at = hr_scale_at(&d->layout->value, ticks->at[i]);
        if (d->chart->is_horizontal) {
            hr_canvas_line(d->canvas, (struct hr_point){at, plot->y},
                           (struct hr_point){at, plot->y + plot->h}, &grid);
            label(d->canvas, ticks->label[i], at, plot->y + plot->h + 3.0, HR_ALIGN_CENTRE);
        } else {
            hr_canvas_line(d->canvas, (struct hr_point){plot->x, at},
                           (struct hr_point){plot->x + plot->w, at}, &grid);
            label(d->canvas, ticks->label[i], plot->x - 4.0, at - HR_CHART_LABEL_LINE / 2.0,
                  HR_ALIGN_RIGHT);
        }
    }
}

static void draw_number_axis(const struct drawing *d)
{
    const struct hr_rect *plot = &d->layout->plot;
    const struct hr_ticks *ticks = &d->layout->x_ticks;
    const struct hr_stroke mark = {HR_RULE, 0.6, false};
    double base = plot->y + plot->h;
    for (int i = 0; i < ticks->n; i++) {
        double at = hr_scale_at(&d->layout->category, ticks->at[i]);
        hr_canvas_line(d->canvas, (struct hr_point){at, base},
                       (struct hr_point){at, base + 3.0}, &mark);
        label(d->canvas, ticks->label[i], at, base + 3.0, HR_ALIGN_CENTRE);
    }
}

/* A name without blanks that is too wide keeps its beginning and, as names of machines differ
 * there, most of its end. Returns: a new string. */
static char *shorten_name(const struct hr_canvas *canvas, const char *name, double width)
{
    struct hr_text line = {.text = name, .size_pt = HR_CHART_LABEL_PT};
    if (strchr(name, ' ') != NULL || hr_canvas_measure(canvas, &line).w <= width) {
        return g_strdup(name);
    }
    long n = g_utf8_strlen(name, -1);
    for (long kept = n - 1; kept >= 3; kept--) {
        g_autofree char *head = g_utf8_substring(name, 0, kept / 3);
        g_autofree char *tail = g_utf8_substring(name, n - (kept - kept / 3), n);
        g_autofree char *both = g_strconcat(head, "…", tail, NULL);
        line.text = both;
        if (hr_canvas_measure(canvas, &line).w <= width) {
            return g_steal_pointer(&both);
        }
    }
    return g_strdup(name);
}

static void draw_category_axis(const struct drawing *d)
{
    const struct hr_rect *plot = &d->layout->plot;
    size_t n = d->chart->categories->len;
    double room = (d->chart->is_horizontal ? plot->h : plot->w) / (n > 0 ? (double)n : 1.0);
    for (size_t i = 0; i < n; i++) {
        double at = hr_scale_at(&d->layout->category, (double)i);
        double width = d->chart->is_horizontal ? d->layout->label_width : room - 2.0;
        g_autofree char *short_name =
            shorten_name(d->canvas, g_ptr_array_index(d->chart->categories, i), width);
        struct hr_text name = {
            .text = short_name, .size_pt = HR_CHART_LABEL_PT, .rgb = HR_INK, .max_lines = 1};
        if (d->chart->is_horizontal) {
            name.x = plot->x - d->layout->label_width - 4.0;
            name.y = at - HR_CHART_LABEL_LINE / 2.0;
            name.width_pt = d->layout->label_width;
            name.align = HR_ALIGN_RIGHT;
        } else {
            name.x = at - room / 2.0;
            name.y = plot->y + plot->h + 3.0;
            name.width_pt = room;
            name.align = HR_ALIGN_CENTRE;
            name.max_lines = 2;
        }
        hr_canvas_text(d->canvas, &name);
    }
}

static void draw_titles(const struct drawing *d)
{
    const hr_chart *chart = d->chart;
    const struct hr_chart_layout *layout = d->layout;
    struct hr_text text = {.text = chart->title,
                           .x = layout->area.x,
                           .y = layout->area.y,
                           .width_pt = layout->area.w,
                           .size_pt = HR_CHART_TITLE_PT,
                           .rgb = HR_INK,
                           .bold = true,
                           .max_lines = 2};
    hr_canvas_text(d->canvas, &text);
    const char *below = chart->is_horizontal ? chart->y_title : chart->x_title;
    g_autofree char *timed = NULL;
    if (chart->x_axis == HR_AXIS_TIME && below[0] != '\0') {
        timed = g_strdup_printf("%s (%s)", below, hr_time_unit_name(layout->time_unit));
        below = timed;
    }
    struct hr_text title = {.text = below,
                            .x = layout->plot.x,
                            .y = layout->plot.y + layout->plot.h + layout->label_h + 3.0,
                            .width_pt = layout->plot.w,
                            .size_pt = HR_CHART_LABEL_PT,
                            .rgb = HR_INK_SOFT,
                            .align = HR_ALIGN_CENTRE,
                            .max_lines = 1};
    hr_canvas_text(d->canvas, &title);
    if (!chart->is_horizontal && chart->y_title[0] != '\0') {
        struct hr_text upright = {.text = chart->y_title,
                                  .x = layout->area.x,
                                  .y = layout->plot.y + layout->plot.h / 2.0,
                                  .size_pt = HR_CHART_LABEL_PT,
                                  .rgb = HR_INK_SOFT,
                                  .upright = true};
        hr_canvas_text(d->canvas, &upright);
    }
}

static void draw_line(const struct drawing *d, const struct hr_chart_series *series,
                      const struct hr_stroke *stroke)
{
    const struct hr_scale *x = &d->layout->category;
    const struct hr_scale *y = &d->layout->value;
    int columns = (int)ceil(d->layout->plot.w * 2.0);
    struct hr_point *run = g_new(struct hr_point, series->n);
    struct hr_point *thin = g_new(struct hr_point, hr_decimate_most(columns));
    size_t i = 0;
    while (i < series->n) {
        size_t n_run = 0;
        for (; i < series->n && isfinite(series->x[i]) && isfinite(series->y[i]); i++) {
            run[n_run].x = hr_scale_at(x, series->x[i]);
            run[n_run++].y = hr_scale_at(y, series->y[i]);
        }
        if (n_run > 1) {
            size_t n_thin = hr_decimate(run, n_run, x->p0, x->p1, columns, thin);
            d->canvas->ops->stroke(d->canvas->self, thin, n_thin, stroke);
        }
        i++;
    }
    g_free(thin);
    g_free(run);
}

static void draw_point_marks(const struct drawing *d, const struct hr_chart_series *series)
{
    for (size_t i = 0; i < series->n && series->n <= MARKED_POINTS; i++) {
        if (isfinite(series->x[i]) && isfinite(series->y[i])) {
            const struct hr_point at = {hr_scale_at(&d->layout->category, series->x[i]),
                                        hr_scale_at(&d->layout->value, series->y[i])};
            hr_chart_point_mark(d->canvas, at, series->slot);
        }
    }
}

static void draw_band(const struct drawing *d, const struct hr_chart_series *series)
{
    if (series->low == NULL || series->high == NULL) {
        return;
    }
    struct hr_paint paint = hr_palette_paint(series->slot);
    paint.alpha = 0.25;
    paint.pattern = HR_PATTERN_SOLID;
    struct hr_point *outline = g_new(struct hr_point, series->n * 2);
    for (size_t i = 0; i < series->n; i++) {
        double x = hr_scale_at(&d->layout->category, series->x[i]);
        outline[i].x = x;
        outline[i].y = hr_scale_at(&d->layout->value, series->high[i]);
        outline[2 * series->n - 1 - i].x = x;
        outline[2 * series->n - 1 - i].y = hr_scale_at(&d->layout->value, series->low[i]);
    }
    d->canvas->ops->fill(d->canvas->self, outline, series->n * 2, &paint);
    g_free(outline);
}

/* Stacked areas of hourly means are steps: each value holds until the next. */
static void draw_areas(const struct drawing *d)
{
    size_t n = 0;
    const struct hr_chart_series *first = NULL;
    for (size_t s = 0; s < d->chart->series->len; s++) {
        const struct hr_chart_series *series = series_at(d->chart, s);
        if (series->mark == HR_MARK_AREA && (first == NULL || series->n < n)) {
            first = series;
            n = series->n;
        }
    }
    int columns = (int)ceil(d->layout->plot.w * 2.0);
    size_t n_columns = n < (size_t)columns ? n : (size_t)columns;
    if (n_columns < 2) {
        return;
    }
    double *base = g_new0(double, n_columns);
    double *layer = g_new(double, n_columns);
    struct hr_point *outline = g_new(struct hr_point, n_columns * 2);
    const struct hr_scale *x = &d->layout->category;
    for (size_t s = 0; s < d->chart->series->len; s++) {
        const struct hr_chart_series *series = series_at(d->chart, s);
        if (series->mark != HR_MARK_AREA) {
            continue;
        }
        hr_decimate_mean(series->y, n, columns, layer);
        double extent = 0.0;
        for (size_t i = 0; i < n_columns; i++) {
            double at = hr_scale_at(x, first->x[i * (n - 1) / (n_columns - 1)]);
            double height = isfinite(layer[i]) ? layer[i] : 0.0;
            extent += fabs(height);
            outline[2 * n_columns - 1 - i].x = at;
            outline[2 * n_columns - 1 - i].y = hr_scale_at(&d->layout->value, base[i]);
            base[i] += height;
            outline[i].x = at;
            outline[i].y = hr_scale_at(&d->layout->value, base[i]);
        }
        if (extent > 0.0) {
            const struct hr_paint paint = hr_palette_paint(series->slot);
            const struct hr_stroke edge = {0xffffff, 0.5, false};
            d->canvas->ops->fill(d->canvas->self, outline, n_columns * 2, &paint);
            d->canvas->ops->stroke(d->canvas->self, outline, n_columns, &edge);
        }
    }
    g_free(outline);
    g_free(layer);
    g_free(base);
}

/* A soft line along each lying category leads the eye from its name to its dots. */
static void draw_guides(const struct drawing *d)
{
    const struct hr_rect *plot = &d->layout->plot;
    const struct hr_stroke guide = {HR_RULE_SOFT, 0.7, false};
    for (size_t i = 0; i < d->chart->categories->len && d->chart->is_horizontal; i++) {
        double at = hr_scale_at(&d->layout->category, (double)i);
        hr_canvas_line(d->canvas, (struct hr_point){plot->x, at},
                       (struct hr_point){plot->x + plot->w, at}, &guide);
    }
}

static void draw_dots(const struct drawing *d, const struct hr_chart_series *series)
{
    for (size_t i = 0; i < series->n; i++) {
        if (!isfinite(series->x[i]) || !isfinite(series->y[i])) {
            continue;
        }
        double q = hr_scale_at(&d->layout->category, series->x[i]);
        double p = hr_scale_at(&d->layout->value, series->y[i]);
        const struct hr_point at =
            d->chart->is_horizontal ? (struct hr_point){p, q} : (struct hr_point){q, p};
        hr_chart_point_mark(d->canvas, at, series->slot);
    }
}

/* A bar over [from, to] of the value axis and [c0, c1] of the categories' axis. */
static void draw_bar(const struct drawing *d, double from, double to, double c0, double c1,
                     int slot)
{
    double p0 = hr_scale_at(&d->layout->value, from);
    double p1 = hr_scale_at(&d->layout->value, to);
    double q0 = hr_scale_at(&d->layout->category, c0);
    double q1 = hr_scale_at(&d->layout->category, c1);
    struct hr_rect bar = {fmin(q0, q1), fmin(p0, p1), fabs(q1 - q0), fabs(p1 - p0)};
    if (d->chart->is_horizontal) {
        bar = (struct hr_rect){fmin(p0, p1), fmin(q0, q1), fabs(p1 - p0), fabs(q1 - q0)};
    }
    const struct hr_paint paint = hr_palette_paint(slot);
    hr_canvas_fill_rect(d->canvas, &bar, &paint);
}

/* base: where the bar begins, which is not zero within a stack. */
static void draw_whisker(const struct drawing *d, const struct hr_chart_series *series,
                         size_t index, double centre, double base)
{
    if (series->low == NULL || series->high == NULL || !isfinite(series->low[index]) ||
        !isfinite(series->high[index])) {
        return;
    }
    const struct hr_stroke stroke = {HR_INK, 0.8, false};
    double p0 = hr_scale_at(&d->layout->value, base + series->low[index]);
    double p1 = hr_scale_at(&d->layout->value, base + series->high[index]);
    double q = hr_scale_at(&d->layout->category, centre);
    const double half = 2.5;
    const struct hr_point ends[3][2] = {
        {{q, p0}, {q, p1}}, {{q - half, p0}, {q + half, p0}}, {{q - half, p1}, {q + half, p1}}};
    for (int k = 0; k < 3; k++) {
        struct hr_point a = ends[k][0];
        struct hr_point b = ends[k][1];
        if (d->chart->is_horizontal) {
            a = (struct hr_point){a.y, a.x};
            b = (struct hr_point){b.y, b.x};
        }
        hr_canvas_line(d->canvas, a, b, &stroke);
    }
}

static void draw_total(const struct drawing *d, size_t index, double sum)
{
    g_autofree char *text = hr_format_number(sum, d->layout->value_ticks.decimals);
    double p = hr_scale_at(&d->layout->value, sum);
    double q = hr_scale_at(&d->layout->category, (double)index);
    bool lies = d->chart->is_horizontal;
    const struct hr_text line = {.text = text,
                                 .x = lies ? p + 4.0 : q,
                                 .y = lies ? q - HR_CHART_LABEL_LINE / 2.0
                                           : p - HR_CHART_LABEL_LINE - 1.0,
                                 .size_pt = HR_CHART_LABEL_PT,
                                 .rgb = HR_INK,
                                 .bold = true,
                                 .align = lies ? HR_ALIGN_LEFT : HR_ALIGN_CENTRE};
    hr_canvas_text(d->canvas, &line);
}

/* All bars of one category: on each other, or side by side. */
static void draw_category(const struct drawing *d, size_t index, size_t n_bars)
{
    const double half = 0.34;
    double above = 0.0;
    double below = 0.0;
    size_t nth = 0;
    for (size_t s = 0; s < d->chart->series->len; s++) {
        const struct hr_chart_series *series = series_at(d->chart, s);
        if (series->mark != HR_MARK_BAR) {
            continue;
        }
        double c0 = (double)index - half;
        double c1 = (double)index + half;
        if (d->chart->is_grouped) {
            double w = 2.0 * half / (double)n_bars;
            c0 += w * (double)nth;
            c1 = c0 + w * 0.92;
        }
        nth++;
        double value = index < series->n ? series->y[index] : 0.0;
        if (index >= series->n || !isfinite(value)) {
            continue;
        }
        double *stack = value >= 0.0 ? &above : &below;
        double from = d->chart->is_grouped ? 0.0 : *stack;
        if (value != 0.0) {
            draw_bar(d, from, from + value, c0, c1, series->slot);
        }
        draw_whisker(d, series, index, (c0 + c1) / 2.0, from);
        *stack += value;
    }
    if (d->chart->has_totals && !d->chart->is_grouped) {
        draw_total(d, index, above + below);
    }
}

static void draw_bars(const struct drawing *d)
{
    size_t n_bars = 0;
    for (size_t s = 0; s < d->chart->series->len; s++) {
        n_bars += series_at(d->chart, s)->mark == HR_MARK_BAR ? 1 : 0;
    }
    for (size_t i = 0; n_bars > 0 && i < d->chart->categories->len; i++) {
        draw_category(d, i, n_bars);
    }
}

static void draw_limit(const struct drawing *d, const struct hr_chart_series *series)
{
    const struct hr_stroke stroke = {HR_ALARM, 1.1, true};
    const struct hr_rect *plot = &d->layout->plot;
    double last = (double)NAN;
    for (size_t i = 0; i < series->n; i++) {
        last = isfinite(series->y[i]) ? series->y[i] : last;
    }
    if (!isfinite(last)) {
        return;
    }
    double at = hr_scale_at(&d->layout->value, last);
    if (series->n > 1) {
        draw_line(d, series, &stroke);
    } else if (d->chart->is_horizontal) {
        hr_canvas_line(d->canvas, (struct hr_point){at, plot->y},
                       (struct hr_point){at, plot->y + plot->h}, &stroke);
    } else {
        hr_canvas_line(d->canvas, (struct hr_point){plot->x, at},
                       (struct hr_point){plot->x + plot->w, at}, &stroke);
    }
    struct hr_text name = {.text = series->name,
                           .x = plot->x + plot->w - 2.0,
                           .y = at - HR_CHART_LABEL_LINE - 1.0,
                           .size_pt = HR_CHART_LABEL_PT,
                           .rgb = HR_ALARM,
                           .bold = true,
                           .align = HR_ALIGN_RIGHT};
    struct hr_size size = hr_canvas_measure(d->canvas, &name);
    if (d->chart->is_horizontal) {
        /* Above the line, and within the plot wherever the line stands. */
        name.x = fmax(at - 3.0, plot->x + size.w);
        name.y = plot->y - HR_CHART_LABEL_LINE;
    }
    /* The name may stand on an area: a pale ground keeps it readable. */
    const struct hr_paint ground = {0xffffff, 0.85, HR_PATTERN_SOLID};
    const struct hr_rect behind = {name.x - size.w - 1.5, name.y, size.w + 3.0, size.h};
    hr_canvas_fill_rect(d->canvas, &behind, &ground);
    hr_canvas_text(d->canvas, &name);
}

static void draw_series(const struct drawing *d)
{
    draw_areas(d);
    draw_bars(d);
    bool has_dots = false;
    for (size_t s = 0; s < d->chart->series->len; s++) {
        const struct hr_chart_series *series = series_at(d->chart, s);
        if (series->mark == HR_MARK_BAND) {
            draw_band(d, series);
        }
        has_dots = has_dots || series->mark == HR_MARK_DOT;
    }
    if (has_dots) {
        draw_guides(d);
    }
    for (size_t s = 0; s < d->chart->series->len; s++) {
        const struct hr_chart_series *series = series_at(d->chart, s);
        /* Lines of odd slots are dashed: they stay apart in grey. */
        const struct hr_stroke stroke = {hr_palette_line(series->slot), 1.2,
                                         series->slot % 2 == 1};
        if (series->mark == HR_MARK_LINE) {
            draw_line(d, series, &stroke);
            draw_point_marks(d, series);
        } else if (series->mark == HR_MARK_STEP) {
            hr_chart_draw_steps(d->layout, d->canvas, series);
        } else if (series->mark == HR_MARK_LIMIT) {
            draw_limit(d, series);
        }
    }
    /* Last, and the first series on top: no limit or line hides a dot. */
    for (size_t s = d->chart->series->len; s > 0; s--) {
        const struct hr_chart_series *series = series_at(d->chart, s - 1);
        if (series->mark == HR_MARK_DOT) {
            draw_dots(d, series);
        } else if (series->mark == HR_MARK_SCATTER) {
            hr_chart_draw_scatter(d->layout, d->canvas, series);
        }
    }
    hr_chart_draw_notes(d->chart, d->layout, d->canvas);
}

void hr_legend_draw(const hr_chart *chart, const struct hr_chart_layout *layout,
                    const struct hr_canvas *canvas)
{
    for (int i = 0; i < layout->n_entries; i++) {
        const struct hr_chart_series *series = series_at(chart, layout->entry_series[i]);
        const struct hr_rect *entry = &layout->entry[i];
        struct hr_paint paint = hr_palette_paint(series->slot);
        const struct hr_rect key = {entry->x, entry->y + 1.5, HR_CHART_KEY_W - 2.0, 7.0};
        if (series->mark == HR_MARK_LINE || series->mark == HR_MARK_STEP) {
            double y = key.y + key.h / 2.0;
            const struct hr_stroke stroke = {hr_palette_line(series->slot), 1.5,
                                             series->slot % 2 == 1};
            hr_canvas_line(canvas, (struct hr_point){key.x, y},
                           (struct hr_point){key.x + key.w, y}, &stroke);
            if (series->n <= MARKED_POINTS && series->mark == HR_MARK_LINE) {
                hr_chart_point_mark(canvas, (struct hr_point){key.x + key.w / 2.0, y},
                                    series->slot);
            }
        } else if (series->mark == HR_MARK_DOT || series->mark == HR_MARK_SCATTER) {
            const struct hr_point centre = {key.x + key.w / 2.0, key.y + key.h / 2.0};
            hr_chart_point_mark(canvas, centre, series->slot);
        } else {
            paint.alpha = series->mark == HR_MARK_BAND ? 0.25 : paint.alpha;
            hr_canvas_fill_rect(canvas, &key, &paint);
        }
        const struct hr_text name = {.text = series->name,
                                     .x = entry->x + HR_CHART_KEY_W + 1.0,
                                     .y = entry->y + 0.5,
                                     .width_pt = entry->w - HR_CHART_KEY_W + 1.0,
                                     .size_pt = HR_CHART_LABEL_PT,
                                     .rgb = HR_INK,
                                     .max_lines = 1};
        hr_canvas_text(canvas, &name);
    }
}

void hr_chart_draw(const hr_chart *chart, const struct hr_chart_layout *layout,
                   const struct hr_canvas *canvas)
{
    const struct drawing d = {chart, layout, canvas};
    draw_titles(&d);
    if (hr_chart_is_empty(chart)) {
        label(canvas, "no data", layout->plot.x + layout->plot.w / 2.0,
              layout->plot.y + layout->plot.h / 2.0, HR_ALIGN_CENTRE);
        return;
    }
    if (chart->cells != NULL) {
        hr_chart_draw_cells(chart, layout, canvas);
        return;
    }
    draw_value_axis(&d);
    draw_series(&d);
    if (chart->x_axis == HR_AXIS_CATEGORY) {
        draw_category_axis(&d);
    } else {
        draw_number_axis(&d);
    }
    const struct hr_rect *plot = &layout->plot;
    const struct hr_stroke base = {HR_INK_SOFT, 0.7, false};
    double zero = hr_scale_at(&layout->value, fmax(layout->value.v0, 0.0));
    struct hr_point from = {plot->x, zero};
    struct hr_point to = {plot->x + plot->w, zero};
    if (chart->is_horizontal) {
        from = (struct hr_point){zero, plot->y};
        to = (struct hr_point){zero, plot->y + plot->h};
    }
    hr_canvas_line(canvas, from, to, &base);
    hr_legend_draw(chart, layout, canvas);
}

bool hr_chart_save(const hr_chart *chart, const char *path, double w_pt, double h_pt,
                   GError **error)
{
    enum hr_output_kind kind = HR_OUTPUT_PDF;
    if (!hr_output_kind_of(path, &kind, error)) {
        return false;
    }
    g_autoptr(hr_output) output = hr_output_open(path, kind, w_pt, h_pt, error);
    if (output == NULL) {
        return false;
    }
    struct hr_canvas *canvas =
        hr_canvas_cairo_new(hr_output_surface(output), hr_output_scale(output));
    hr_canvas_cairo_set_info(canvas, chart->title, NULL, hr_output_time_s());
    const struct hr_rect page = {0.0, 0.0, w_pt, h_pt};
    const struct hr_paint white = {0xffffff, 1.0, HR_PATTERN_SOLID};
    const struct hr_rect area = {12.0, 10.0, w_pt - 24.0, h_pt - 20.0};
    struct hr_chart_layout *layout = g_new0(struct hr_chart_layout, 1);
    /* Before the tags: what covers the whole page makes cairo forget all before it. */
    hr_canvas_fill_rect(canvas, &page, &white);
    canvas->ops->begin(canvas->self, HR_TAG_DOCUMENT, NULL);
    canvas->ops->begin(canvas->self, HR_TAG_FIGURE, NULL);
    hr_chart_layout(chart, &area, canvas, layout);
    hr_chart_draw(chart, layout, canvas);
    canvas->ops->end(canvas->self, HR_TAG_FIGURE);
    canvas->ops->end(canvas->self, HR_TAG_DOCUMENT);
    canvas->ops->end_page(canvas->self);
    bool ok = hr_canvas_cairo_finish(canvas, error);
    g_free(layout);
    hr_canvas_cairo_free(canvas);
    return ok && hr_output_commit(output, error);
}
