/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate/path.h - values of a JSON document by their path.
 *
 * A path is parts separated by '/'. On an object a part is a key; on a list it is the "name" of
 * an element, else its number from 0. "*" stands for all of them, "web*" for those whose name
 * or key fits, "{a,b}" for several. A part that leads nowhere is an error, never nothing.
 */
#ifndef HR_VALIDATE_PATH_H
#define HR_VALIDATE_PATH_H

#include <stdbool.h>

#include <glib.h>
#include <jansson.h>

/* Appends what stands at the path to found (const json_t *, the document's), in its order.
 * Returns: true; false with *why, the caller's, when a part leads nowhere. */
bool hr_path_collect(const json_t *document, const char *path, GPtrArray *found, char **why);

/* Truth values are 1 and 0. Returns: false when the value is neither that nor a number. */
bool hr_path_number(const json_t *value, double *out);

#endif
