/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/canvas_cairo.h - a canvas over a cairo surface. A surface's errors are sticky and blank
 * what follows without a word, so both statuses are checked after every page; the first error
 * is kept and told by hr_canvas_cairo_finish().
 */
#ifndef HR_PLOT_CANVAS_CAIRO_H
#define HR_PLOT_CANVAS_CAIRO_H

#include <stdbool.h>
#include <stdint.h>

#include <cairo.h>
#include <glib.h>

#include "plot/canvas.h"

/* Takes a reference to the surface. scale: device units per point (1 for PDF and SVG).
 * Returns: the caller's. */
struct hr_canvas *hr_canvas_cairo_new(cairo_surface_t *surface, double scale);

/* What a PDF says of itself; nothing on other surfaces. subject may be NULL. */
void hr_canvas_cairo_set_info(struct hr_canvas *canvas, const char *title, const char *subject,
                              int64_t time_s);

/* Ends drawing. Returns: false with *error set when anything drawn since new failed. */
bool hr_canvas_cairo_finish(struct hr_canvas *canvas, GError **error);
void hr_canvas_cairo_free(struct hr_canvas *canvas);

#endif
