/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/output.h - a drawing as a file that is there whole or not at all.
 *
 * The surface writes into a temporary file beside the target; when everything was written,
 * flushed and synchronised it takes the target's name. Nothing is left behind after a failure.
 */
#ifndef HR_PLOT_OUTPUT_H
#define HR_PLOT_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include <cairo.h>
#include <glib.h>

typedef struct hr_output hr_output;

enum hr_output_kind { HR_OUTPUT_PDF, HR_OUTPUT_SVG, HR_OUTPUT_PNG, HR_OUTPUT__COUNT };

/* The kind by the ending of the path, in any case. Fails: HR_ERROR_USAGE with what is possible.
 */
bool hr_output_kind_of(const char *path, enum hr_output_kind *out, GError **error);

/* Could a drawing be written there now? Leaves nothing behind. Fails: as hr_output_open(). */
bool hr_output_check(const char *path, GError **error);

/* Opens a drawing of w × h points. A PNG has two pixels to a point.
 * Fails: the folder cannot be written, or the path is something else than a file. */
hr_output *hr_output_open(const char *path, enum hr_output_kind kind, double w_pt, double h_pt,
                          GError **error);
cairo_surface_t *hr_output_surface(const hr_output *output); /* borrowed */
double hr_output_scale(const hr_output *output);             /* device units per point */

/* Finishes the surface and gives the file its name. Fails: disk full and the like. */
bool hr_output_commit(hr_output *output, GError **error);
/* Removes the temporary file unless committed. NULL is allowed. */
void hr_output_free(hr_output *output);

/* The moment that documents carry: SOURCE_DATE_EPOCH when it is set to a number, else now. */
int64_t hr_output_time_s(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_output, hr_output_free)

#endif
