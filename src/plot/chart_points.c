/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "plot/chart_parts.h"
#include "plot/chart_style.h"
#include "plot/palette.h"

/* Texts beside rings; more would cover the chart. */
enum { NOTES_MOST = 24 };

void hr_chart_point_mark(const struct hr_canvas *canvas, struct hr_point at, int slot)
{
    static const struct hr_point shapes[4][4] = {
        {{-2.0, -2.0}, {2.0, -2.0}, {2.0, 2.0}, {-2.0, 2.0}},
        {{0.0, -2.8}, {2.8, 0.0}, {0.0, 2.8}, {-2.8, 0.0}},
        {{0.0, -2.6}, {2.6, 2.0}, {0.0, 2.0}, {-2.6, 2.0}},
        {{-2.6, -2.0}, {0.0, -2.0}, {2.6, -2.0}, {0.0, 2.6}},
    };
    struct hr_point corners[4];
    for (int k = 0; k < 4; k++) {
        const struct hr_point *corner = &shapes[slot & 3][k];
        corners[k] = (struct hr_point){at.x + corner->x, at.y + corner->y};
    }
    const struct hr_paint paint = {hr_palette_line(slot), 1.0, HR_PATTERN_SOLID};
    canvas->ops->fill(canvas->self, corners, 4, &paint);
}

static struct hr_point place_of(const struct hr_chart_layout *layout,
                                const struct hr_chart_series *series, size_t i)
{
    return (struct hr_point){hr_scale_at(&layout->category, series->x[i]),
                             hr_scale_at(&layout->value, series->y[i])};
}

static bool has_point(const struct hr_chart_series *series, size_t i)
{
    return isfinite(series->x[i]) && isfinite(series->y[i]);
}

void hr_chart_draw_scatter(const struct hr_chart_layout *layout, const struct hr_canvas *canvas,
                           const struct hr_chart_series *series)
{
    /* A hundred thousand points are no more to the eye than one mark per point of length. */
    const struct hr_rect *plot = &layout->plot;
    size_t n_columns = (size_t)ceil(plot->w) + 1;
    size_t n_rows = (size_t)ceil(plot->h) + 1;
    bool *is_taken = g_new0(bool, n_columns *n_rows);
    for (size_t i = 0; i < series->n; i++) {
        if (!has_point(series, i)) {
            continue;
        }
        struct hr_point at = place_of(layout, series, i);
        double column = floor(at.x - plot->x);
        double row = floor(at.y - plot->y);
        if (column >= 0.0 && row >= 0.0 && column < (double)n_columns && row < (double)n_rows) {
            bool *taken = &is_taken[(size_t)row * n_columns + (size_t)column];
            if (*taken) {
                continue;
            }
            *taken = true;
        }
        hr_chart_point_mark(canvas, at, series->slot);
    }
    g_free(is_taken);
}

void hr_chart_draw_steps(const struct hr_chart_layout *layout, const struct hr_canvas *canvas,
                         const struct hr_chart_series *series)
{
    const struct hr_stroke stroke = {hr_palette_line(series->slot), 1.2, series->slot % 2 == 1};
    struct hr_point *path = g_new(struct hr_point, 2 * series->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < series->n; i++) {
        if (!has_point(series, i)) {
            continue;
        }
        struct hr_point at = place_of(layout, series, i);
        if (n > 0) {
            path[n] = (struct hr_point){at.x, path[n - 1].y};
            n++;
        }
        path[n++] = at;
    }
    if (n > 1) {
        canvas->ops->stroke(canvas->self, path, n, &stroke);
    }
    g_free(path);
}

static bool overlap(const struct hr_rect *a, const struct hr_rect *b)
{
    return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

/* A place for a text of this size at one of the corners of the ring.
 * Returns: false when there is none that is free and within the plot. */
static bool find_room(const struct hr_rect *plot, const struct hr_rect *taken, size_t n_taken,
                      struct hr_point at, struct hr_rect *out)
{
    const double gap = 4.0;
    const struct hr_point corners[] = {
        {at.x + gap, at.y - out->h - 1.0},
        {at.x - gap - out->w, at.y - out->h - 1.0},
        {at.x + gap, at.y + 1.0},
        {at.x - gap - out->w, at.y + 1.0},
    };
    for (size_t k = 0; k < G_N_ELEMENTS(corners); k++) {
        out->x = corners[k].x;
        out->y = corners[k].y;
        bool is_free = out->x >= plot->x && out->y >= plot->y &&
                       out->x + out->w <= plot->x + plot->w &&
                       out->y + out->h <= plot->y + plot->h;
        for (size_t i = 0; is_free && i < n_taken; i++) {
            is_free = !overlap(out, &taken[i]);
        }
        if (is_free) {
            return true;
        }
    }
    return false;
}

static void draw_ring(const struct hr_canvas *canvas, struct hr_point at)
{
    const double r = 3.6;
    struct hr_point ring[17];
    for (int k = 0; k <= 16; k++) {
        double angle = k * G_PI / 8.0;
        ring[k] = (struct hr_point){at.x + r * cos(angle), at.y + r * sin(angle)};
    }
    const struct hr_stroke stroke = {HR_ALARM, 1.1, false};
    canvas->ops->stroke(canvas->self, ring, 17, &stroke);
}

void hr_chart_draw_notes(const hr_chart *chart, const struct hr_chart_layout *layout,
                         const struct hr_canvas *canvas)
{
    struct hr_rect taken[NOTES_MOST];
    size_t n_taken = 0;
    for (size_t s = 0; s < chart->series->len; s++) {
        const struct hr_chart_series *series = g_ptr_array_index(chart->series, s);
        if (series->mark != HR_MARK_NOTE || series->n < 1 || !has_point(series, 0)) {
            continue;
        }
        struct hr_point at = place_of(layout, series, 0);
        draw_ring(canvas, at);
        struct hr_text text = {
            .text = series->name, .size_pt = HR_CHART_LABEL_PT, .rgb = HR_INK, .bold = true};
        struct hr_size size = hr_canvas_measure(canvas, &text);
        struct hr_rect room = {0.0, 0.0, size.w, size.h};
        if (n_taken < NOTES_MOST && find_room(&layout->plot, taken, n_taken, at, &room)) {
            const struct hr_paint ground = {0xffffff, 0.8, HR_PATTERN_SOLID};
            hr_canvas_fill_rect(canvas, &room, &ground);
            text.x = room.x;
            text.y = room.y;
            hr_canvas_text(canvas, &text);
            taken[n_taken++] = room;
        }
    }
}
