/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/table.h - a table as text in cells, and how wide its columns become.
 *
 * Owner: a table owns copies of everything added to it; all text is made valid when added.
 */
#ifndef HR_PLOT_TABLE_H
#define HR_PLOT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "plot/canvas.h"

enum hr_row_kind {
    HR_ROW_BODY,
    HR_ROW_TOTAL,  /* bold, under a rule */
    HR_ROW_SECTION /* its first cell spans all columns */
};

struct hr_table_column {
    char *title;
    enum hr_align align;
    bool is_bold;
};

struct hr_table_row {
    enum hr_row_kind kind;
    char **cells; /* one per column; NULL-terminated */
};

typedef struct hr_table {
    char *title;    /* "" : none */
    char *footnote; /* below the last row; "" : none */
    double size_pt;
    GPtrArray *columns; /* struct hr_table_column * */
    GPtrArray *rows;    /* struct hr_table_row * */
} hr_table;

hr_table *hr_table_new(const char *title, double size_pt);
void hr_table_free(hr_table *table);
void hr_table_add_column(hr_table *table, const char *title, enum hr_align align);
/* cells: one per column, NULL is "". */
void hr_table_add_row(hr_table *table, enum hr_row_kind kind, const char *const *cells);
void hr_table_set_footnote(hr_table *table, const char *text);
const struct hr_table_column *hr_table_column_at(const hr_table *table, size_t index);
const struct hr_table_row *hr_table_row_at(const hr_table *table, size_t index);

/* Shares total among columns that need at least least[i] (their longest word) and would like
 * natural[i] (their longest text on one line). What is left over goes to all in proportion to
 * natural; what is missing is taken from those that can wrap; when even the longest words do
 * not fit, all shrink alike. Pure. Requires: 0 <= least[i] <= natural[i], n > 0, total > 0. The
 * result adds up to total. */
void hr_table_share(const double *least, const double *natural, size_t n, double total,
                    double *out);

/* The same from the table's text, measured on the canvas. out has a place per column. */
void hr_table_widths(const hr_table *table, const struct hr_canvas *canvas, double total,
                     double *out);

/* Height of the header (row -1) or of a row. */
double hr_table_row_height(const hr_table *table, const struct hr_canvas *canvas,
                           const double *widths, long row);
/* Draws the header (row -1) or a row at y. is_shaded: every second row of the body. */
void hr_table_draw_row(const hr_table *table, const struct hr_canvas *canvas,
                       const struct hr_rect *place, const double *widths, long row,
                       bool is_shaded);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_table, hr_table_free)

#endif
