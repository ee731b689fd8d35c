/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/answers.h - saving what was computed from the points of a sweep. */
#ifndef HR_STORE_ANSWERS_H
#define HR_STORE_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "store/rows.h"

/* Makes these the sweep's sensitivity indices, in one transaction; those it had are replaced.
 * Fails: when the file is no results database or cannot be written, or a row is refused; it is
 * then as before. */
bool hr_answers_save(const char *path, int64_t study_id, const struct hr_row_sobol_index *rows,
                     size_t n, GError **error);

#endif
