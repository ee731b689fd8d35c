/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/decimate.h - fewer points that draw the same line.
 *
 * Of all points that fall into one column of the drawing only the first, lowest, highest and
 * last are kept, in their order: the line covers the same pixels, no peak is lost, and the size
 * of a file hangs on the width of the chart instead of the length of the series. Cost: O(n).
 */
#ifndef HR_PLOT_DECIMATE_H
#define HR_PLOT_DECIMATE_H

#include <stddef.h>

#include "plot/canvas.h"

/* Most points that hr_decimate() can write. */
#define hr_decimate_most(columns) ((size_t)(columns)*4)

/* Writes to out, which has room for hr_decimate_most(columns).
 * Requires: finite points with x ascending, within [x_low, x_high]; columns > 0.
 * Returns: how many points were written. */
size_t hr_decimate(const struct hr_point *in, size_t n, double x_low, double x_high,
                   int columns, struct hr_point *out);

/* Mean of each column's y in place of its points: for layers that are stacked, whose sums must
 * stay sums. y has n values spread evenly over the columns; out has room for `columns`. Every
 * value counts in exactly one column. Returns: how many columns were written, at most n. */
size_t hr_decimate_mean(const double *y, size_t n, int columns, double *out);

#endif
