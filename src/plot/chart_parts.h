/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/chart_parts.h - the marks of points, and heat maps: what the drawing of charts is made
 * of. Internal to plot. */
#ifndef HR_PLOT_CHART_PARTS_H
#define HR_PLOT_CHART_PARTS_H

#include "plot/chart.h"

/* A mark whose shape tells the slot, so that series of points stay apart in grey. */
void hr_chart_point_mark(const struct hr_canvas *canvas, struct hr_point at, int slot);

/* A mark per value; of those that would cover each other only the first is drawn. */
void hr_chart_draw_scatter(const struct hr_chart_layout *layout, const struct hr_canvas *canvas,
                           const struct hr_chart_series *series);
void hr_chart_draw_steps(const struct hr_chart_layout *layout, const struct hr_canvas *canvas,
                         const struct hr_chart_series *series);

/* Rings with their texts, which keep off each other and within the plot; a text without room is
 * left out, its ring is not. */
void hr_chart_draw_notes(const hr_chart *chart, const struct hr_chart_layout *layout,
                         const struct hr_canvas *canvas);

/* Of a heat map. */
void hr_chart_cells_free(struct hr_chart_cells *cells);
bool hr_chart_cells_are_empty(const struct hr_chart_cells *cells);
/* Untouched when no cell has a value. */
void hr_chart_cells_range(const struct hr_chart_cells *cells, double *low, double *high);
/* Requires: area and title_h of the layout are set. entry[0] becomes the scale of colours,
 * entry[1] what hatching means. */
void hr_chart_cells_layout(const hr_chart *chart, const struct hr_canvas *canvas,
                           struct hr_chart_layout *out);
void hr_chart_draw_cells(const hr_chart *chart, const struct hr_chart_layout *layout,
                         const struct hr_canvas *canvas);

#endif
