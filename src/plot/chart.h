/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/chart.h - a chart as data; laying it out and drawing it are separate steps.
 *
 * Series are drawn in the order added. Areas and bars are stacked in that order from zero up;
 * bars stand side by side when the chart is `grouped`. A limit is a dashed line with its name
 * beside it, as for a capacity. Values that are not finite leave a gap.
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
    HR_MARK_BAND,  /* from low to high: an interval */
    HR_MARK_AREA,  /* stacked; all areas of a chart have the same x */
    HR_MARK_BAR,   /* one value per category; low and high draw whiskers */
    HR_MARK_DOT,   /* a mark of its own per value, whose shape tells the series */
    HR_MARK_LIMIT, /* a line of its own; with one point it crosses the whole chart */
    HR_MARK__COUNT
};

enum hr_axis {
    HR_AXIS_NUMBER,
    HR_AXIS_TIME,    /* x in hours; labels count hours or days, which the title names */
    HR_AXIS_CATEGORY /* bars; x is the number of the category */
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

typedef struct hr_chart {
    char *title;
    char *x_title, *y_title; /* with the unit: "memory (GiB)" */
    enum hr_axis x_axis;
    bool is_horizontal; /* bars lie; categories go down */
    bool is_grouped;    /* bars stand side by side instead of on each other */
    bool has_no_legend;
    bool has_totals;       /* the sum of a stack is written at its end */
    double value_at_least; /* the value axis reaches at least this far */
    GPtrArray *categories; /* char * */
    GPtrArray *series;     /* struct hr_chart_series * */
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
/* True when no series has a finite value: there is nothing to draw. */
bool hr_chart_is_empty(const hr_chart *chart);
/* Range of the values: stacks are summed, bars and areas include zero. */
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
