/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/table.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/palette.h"

/* A cell never fills a page: longer text ends in an ellipsis. */
enum { CELL_MOST_CHARS = 1200, CELL_MOST_LINES = 14, HEADER_MOST_LINES = 4 };

#define CELL_PAD_X 3.5
#define CELL_PAD_Y 2.0

hr_table *hr_table_new(const char *title, double size_pt)
{
    hr_table *table = g_new0(hr_table, 1);
    table->title = hr_text_clean(title, CELL_MOST_CHARS, false);
    table->footnote = g_strdup("");
    table->size_pt = size_pt;
    table->columns = g_ptr_array_new();
    table->rows = g_ptr_array_new();
    return table;
}

const struct hr_table_column *hr_table_column_at(const hr_table *table, size_t index)
{
    return g_ptr_array_index(table->columns, index);
}

const struct hr_table_row *hr_table_row_at(const hr_table *table, size_t index)
{
    return g_ptr_array_index(table->rows, index);
}

void hr_table_free(hr_table *table)
{
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; i < table->columns->len; i++) {
        struct hr_table_column *column = g_ptr_array_index(table->columns, i);
        g_free(column->title);
        g_free(column);
    }
    for (size_t i = 0; i < table->rows->len; i++) {
        struct hr_table_row *row = g_ptr_array_index(table->rows, i);
        g_strfreev(row->cells);
        g_free(row);
    }
    g_ptr_array_unref(table->columns);
    g_ptr_array_unref(table->rows);
    g_free(table->title);
    g_free(table->footnote);
    g_free(table);
}

void hr_table_add_column(hr_table *table, const char *title, enum hr_align align)
{
    hr_assert(table->rows->len == 0);
    struct hr_table_column *column = g_new0(struct hr_table_column, 1);
    column->title = hr_text_clean(title, CELL_MOST_CHARS, true);
    column->align = align;
    g_ptr_array_add(table->columns, column);
}

void hr_table_add_row(hr_table *table, enum hr_row_kind kind, const char *const *cells)
{
    struct hr_table_row *row = g_new0(struct hr_table_row, 1);
    row->kind = kind;
    row->cells = g_new0(char *, table->columns->len + 1);
    for (size_t i = 0; i < table->columns->len; i++) {
        row->cells[i] = hr_text_clean(cells[i], CELL_MOST_CHARS, true);
    }
    g_ptr_array_add(table->rows, row);
}

void hr_table_set_footnote(hr_table *table, const char *text)
{
    g_free(table->footnote);
    table->footnote = hr_text_clean(text, (size_t)CELL_MOST_CHARS * 2, true);
}

static double sum_of(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    return sum;
}

void hr_table_share(const double *least, const double *natural, size_t n, double total,
                    double *out)
{
    hr_assert(n > 0 && total > 0.0);
    double sum_least = sum_of(least, n);
    double sum_natural = sum_of(natural, n);
    for (size_t i = 0; i < n; i++) {
        if (sum_natural <= 0.0) {
            out[i] = total / (double)n;
        } else if (sum_natural <= total) {
            out[i] = natural[i] * total / sum_natural;
        } else if (sum_least >= total) {
            out[i] = least[i] * total / sum_least;
        } else {
            /* Between the two, the square root damps columns of very long text. */
            out[i] = least[i];
        }
    }
    if (sum_natural <= total || sum_least >= total) {
        return;
    }
    double spare = total - sum_least;
    /* Columns that need little get all they would like first; the rest share what remains. */
    double *want = g_new(double, n);
    for (size_t i = 0; i < n; i++) {
        want[i] = natural[i] - least[i];
    }
    for (size_t round = 0; round < n && spare > 1e-9; round++) {
        double weight = 0.0;
        for (size_t i = 0; i < n; i++) {
            weight += sqrt(want[i]);
        }
        double given = 0.0;
        for (size_t i = 0; i < n && weight > 0.0; i++) {
            double part = fmin(want[i], spare * sqrt(want[i]) / weight);
            out[i] += part;
            want[i] -= part;
            given += part;
        }
        spare -= given;
    }
    double correction = total / sum_of(out, n);
    for (size_t i = 0; i < n; i++) {
        out[i] *= correction;
    }
    g_free(want);
}

static struct hr_text cell_text(const hr_table *table, const char *text, size_t column,
                                bool bold)
{
    struct hr_text cell = {.text = text,
                           .size_pt = table->size_pt,
                           .rgb = HR_INK,
                           .align = hr_table_column_at(table, column)->align,
                           .bold = bold,
                           .max_lines = CELL_MOST_LINES};
    return cell;
}

/* Widens least to the longest word and natural to the longest line of the text. */
static void measure_cell(const struct hr_canvas *canvas, const struct hr_text *cell,
                         double *least, double *natural)
{
    g_auto(GStrv) lines = g_strsplit(cell->text, "\n", 50);
    struct hr_text part = *cell;
    part.width_pt = 0.0;
    for (size_t k = 0; lines[k] != NULL; k++) {
        part.text = lines[k];
        *natural = fmax(*natural, hr_canvas_measure(canvas, &part).w + 2.0 * CELL_PAD_X + 0.5);
        g_auto(GStrv) words = g_strsplit_set(lines[k], " -/", 60);
        for (size_t w = 0; words[w] != NULL; w++) {
            /* A character of room for the separator that stays on the line. */
            g_autofree char *word = g_strconcat(words[w], "-", NULL);
            part.text = word;
            double width = hr_canvas_measure(canvas, &part).w + 2.0 * CELL_PAD_X;
            *least = fmax(*least, fmin(width, 90.0));
        }
    }
    *natural = fmax(*natural, *least);
}

void hr_table_widths(const hr_table *table, const struct hr_canvas *canvas, double total,
                     double *out)
{
    size_t n = table->columns->len;
    double *least = g_new0(double, n);
    double *natural = g_new0(double, n);
    for (size_t c = 0; c < n; c++) {
        const struct hr_table_column *column = hr_table_column_at(table, c);
        struct hr_text title = cell_text(table, column->title, c, true);
        measure_cell(canvas, &title, &least[c], &natural[c]);
        /* A title may take several lines: what stands below it decides the width. */
        natural[c] = fmax(least[c], natural[c] / 3.0);
        for (size_t r = 0; r < table->rows->len; r++) {
            const struct hr_table_row *row = hr_table_row_at(table, r);
            if (row->kind != HR_ROW_SECTION) {
                struct hr_text cell =
                    cell_text(table, row->cells[c], c, row->kind == HR_ROW_TOTAL);
                measure_cell(canvas, &cell, &least[c], &natural[c]);
            }
        }
    }
    hr_table_share(least, natural, n, total, out);
    g_free(least);
    g_free(natural);
}

/* The text of a cell as it will be drawn. */
static struct hr_text placed_cell(const hr_table *table, const double *widths, long row,
                                  size_t column)
{
    bool is_header = row < 0;
    const struct hr_table_column *head = hr_table_column_at(table, column);
    const struct hr_table_row *body = is_header ? NULL : hr_table_row_at(table, (size_t)row);
    bool bold = is_header || body->kind != HR_ROW_BODY || head->is_bold;
    struct hr_text cell =
        cell_text(table, is_header ? head->title : body->cells[column], column, bold);
    cell.width_pt = widths[column] - 2.0 * CELL_PAD_X;
    if (is_header) {
        cell.max_lines = HEADER_MOST_LINES;
        cell.rgb = 0xffffff;
    } else if (body->kind == HR_ROW_SECTION) {
        cell.width_pt = sum_of(widths, table->columns->len) - 2.0 * CELL_PAD_X;
        cell.align = HR_ALIGN_LEFT;
        cell.rgb = HR_ACCENT;
    }
    return cell;
}

static size_t cells_of(const hr_table *table, long row)
{
    bool spans = row >= 0 && hr_table_row_at(table, (size_t)row)->kind == HR_ROW_SECTION;
    return spans ? 1 : table->columns->len;
}

double hr_table_row_height(const hr_table *table, const struct hr_canvas *canvas,
                           const double *widths, long row)
{
    double height = table->size_pt;
    for (size_t c = 0; c < cells_of(table, row); c++) {
        const struct hr_text cell = placed_cell(table, widths, row, c);
        height = fmax(height, hr_canvas_measure(canvas, &cell).h);
    }
    return height + 2.0 * CELL_PAD_Y;
}

static void draw_ground(const hr_table *table, const struct hr_canvas *canvas,
                        const struct hr_rect *place, long row, bool is_shaded)
{
    const struct hr_paint header = {HR_ACCENT, 1.0, HR_PATTERN_SOLID};
    const struct hr_paint tint = {HR_TINT, 1.0, HR_PATTERN_SOLID};
    const struct hr_stroke rule = {HR_INK_SOFT, 0.8, false};
    if (row < 0) {
        hr_canvas_fill_rect(canvas, place, &header);
        return;
    }
    enum hr_row_kind kind = hr_table_row_at(table, (size_t)row)->kind;
    if (is_shaded && kind == HR_ROW_BODY) {
        hr_canvas_fill_rect(canvas, place, &tint);
    }
    if (kind != HR_ROW_BODY) {
        double y = kind == HR_ROW_TOTAL ? place->y : place->y + place->h;
        hr_canvas_line(canvas, (struct hr_point){place->x, y},
                       (struct hr_point){place->x + place->w, y}, &rule);
    }
}

void hr_table_draw_row(const hr_table *table, const struct hr_canvas *canvas,
                       const struct hr_rect *place, const double *widths, long row,
                       bool is_shaded)
{
    draw_ground(table, canvas, place, row, is_shaded);
    enum hr_tag tag = row < 0 ? HR_TAG_TH : HR_TAG_TD;
    canvas->ops->begin(canvas->self, HR_TAG_TR, NULL);
    double x = place->x;
    for (size_t c = 0; c < cells_of(table, row); c++) {
        struct hr_text cell = placed_cell(table, widths, row, c);
        cell.x = x + CELL_PAD_X;
        cell.y = place->y + CELL_PAD_Y;
        canvas->ops->begin(canvas->self, tag, NULL);
        hr_canvas_text(canvas, &cell);
        canvas->ops->end(canvas->self, tag);
        x += widths[c];
    }
    canvas->ops->end(canvas->self, HR_TAG_TR);
}
