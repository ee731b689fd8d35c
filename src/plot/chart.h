/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/chart.h - a chart as data; laying it out and drawing it are separate steps.
 *
 * Series are drawn in the order added. Areas and bars are stacked in that order from zero up;
 * bars stand side by side when the chart is `grouped`. A limit is a dashed line with its name
 * beside it, as for a capacity. Values that are not finite leave a gap. A heat map has cells in
 * place of series: its categories are the columns.
 * Owner: a chart owns copies of everything added to it.
 */
#ifndef HR_PLOT_CHART_H
#define HR_PLOT_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "plot/canvas.h"
#include "plot/scale.h"

enum hr_mark {
    HR_MARK_LINE,
    HR_MARK_BAND,    /* from low to high: an interval */
    HR_MARK_AREA,    /* stacked; all areas of a chart have the same x */
    HR_MARK_BAR,     /* one value per category; low and high draw whiskers */
    HR_MARK_DOT,     /* a mark of its own per value, whose shape tells the series */
    HR_MARK_SCATTER, /* the same anywhere over a number axis, in any order */
    HR_MARK_STEP,    /* a line of steps: each value holds until the next x */
    HR_MARK_CELL,    /* of a heat map; no series has it */
    HR_MARK_LIMIT,   /* a line of its own; with one point it crosses the whole chart */
    HR_MARK_NOTE,    /* a ring around one point, with the series' name beside it */
    HR_MARK__COUNT
};

enum hr_axis {
    HR_AXIS_NUMBER,
    HR_AXIS_TIME,     /* x in hours; labels count hours or days, which the title names */
    HR_AXIS_CATEGORY, /* bars; x is the number of the category */
    HR_AXIS_LOG       /* positive numbers; equal factors have equal lengths */
};

struct hr_chart_series {
    char *name;
    enum hr_mark mark;
    int slot; /* of the palette */
    size_t n;
    double *x, *y;
    double *low, *high; /* band, whiskers; else NULL */
};

/* A series to be added; low and high have n values, or are NULL. All is borrowed. */
struct hr_chart_interval {
    const char *name;
    enum hr_mark mark;
    int slot;
    size_t n;
    const struct hr_point *points;
    const double *low, *high;
};

/* The cells of a heat map, row by row from the bottom, as many in a row as there are
 * categories. */
struct hr_chart_cells {
    GPtrArray *rows;    /* char *, their names from the bottom up */
    char *value_title;  /* what the colours mean, with the unit */
    char *hatched_name; /* what the hatched cells are */
    size_t n;
    double *value;        /* not finite: an empty cell, unless it is hatched */
    bool *is_hatched;     /* hatched cells show no value */
    double low_at_most;   /* the colours reach at least from here ... */
    double high_at_least; /* ... to here, so that several maps can share them */
};

/* Cells to be set; value and is_hatched have n_rows times as many as the chart has categories.
 * All is borrowed. */
struct hr_chart_map {
    size_t n_rows;
    const char *const *rows;
    const char *value_title, *hatched_name;
    const double *value;
    const bool *is_hatched;
};

typedef struct hr_chart {
    char *title;
    char *x_title, *y_title; /* with the unit: "memory (GiB)" */
    enum hr_axis x_axis;
    bool is_horizontal; /* bars lie; categories go down */
    bool is_grouped;    /* bars stand side by side instead of on each other */
    bool has_no_legend;
    bool has_totals;              /* the sum of a stack is written at its end */
    double value_at_least;        /* the value axis reaches at least this far */
    GPtrArray *categories;        /* char * */
    GPtrArray *series;            /* struct hr_chart_series * */
    struct hr_chart_cells *cells; /* NULL: no heat map */
} hr_chart;

hr_chart *hr_chart_new(const char *title, const char *x_title, const char *y_title,
                       enum hr_axis x_axis);
void hr_chart_free(hr_chart *chart);
void hr_chart_add_category(hr_chart *chart, const char *name);
/* A series of n points; a bar's x is the number of its category. */
void hr_chart_add(hr_chart *chart, const char *name, enum hr_mark mark, int slot, size_t n,
                  const struct hr_point *points);
/* The same with intervals: bands, or whiskers of bars. */
void hr_chart_add_interval(hr_chart *chart, const struct hr_chart_interval *interval);
/* Makes the chart a heat map. Requires: its categories, the columns, are there; no series is.
 */
void hr_chart_set_cells(hr_chart *chart, const struct hr_chart_map *map);
/* True when no series and no cell has a finite value or is hatched: there is nothing to draw.
 */
bool hr_chart_is_empty(const hr_chart *chart);
/* Range of the values: stacks are summed, bars and areas include zero; of a heat map that of
 * its cells and of what they are widened to. */
void hr_chart_range(const hr_chart *chart, double *low, double *high);

enum { HR_CHART_ENTRIES_MAX = 32 };

/* Where everything of a chart goes. */
struct hr_chart_layout {
    struct hr_rect area;
    struct hr_rect plot;
    struct hr_scale category; /* x of lines; the categories' axis of bars */
    struct hr_scale value;
    struct hr_ticks x_ticks; /* none for categories */
    struct hr_ticks value_ticks;
    enum hr_time_unit time_unit;
    double title_h;
    double label_width; /* of the categories' names, for lying bars */
    double label_h;     /* of the names below standing bars, one or two lines */
    int n_entries;      /* of the legend */
    struct hr_rect entry[HR_CHART_ENTRIES_MAX];
    size_t entry_series[HR_CHART_ENTRIES_MAX];
};

/* Decides where things go within the area. The canvas only measures text. */
void hr_chart_layout(const hr_chart *chart, const struct hr_rect *area,
                     const struct hr_canvas *canvas, struct hr_chart_layout *out);
void hr_chart_draw(const hr_chart *chart, const struct hr_chart_layout *layout,
                   const struct hr_canvas *canvas);

/* Lays out the legend within [x, x + width] from y on. Returns: its height. */
double hr_legend_layout(const hr_chart *chart, const struct hr_rect *area,
                        const struct hr_canvas *canvas, struct hr_chart_layout *out);
void hr_legend_draw(const hr_chart *chart, const struct hr_chart_layout *layout,
                    const struct hr_canvas *canvas);

/* Draws one chart into a file, whose ending tells the kind: .pdf, .svg or .png. The same chart
 * gives the same bytes, but for a number in an SVG: how many surfaces the process has made. */
bool hr_chart_save(const hr_chart *chart, const char *path, double w_pt, double h_pt,
                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_chart, hr_chart_free)

#endif
