/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep/answers.h - what is computed from the points of a sweep that lie in a database, beyond
 * what its views say: sensitivity indices. */
#ifndef HR_SWEEP_ANSWERS_H
#define HR_SWEEP_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/* More points than these are not read: the indices of that many are as good as they get. */
enum { HR_ANSWERS_POINTS_MAX = 200000 };

/* Computes the sweep's sensitivity indices from its points and puts them into the database, in
 * place of those it had (sweep/sensitivity.h): from a Saltelli design both, from others a
 * first-order estimate of each axis that has few levels, or eight bins. Outputs that are the
 * same everywhere, or that too few points have (8 at least), get none, as does a sweep of one
 * axis at a time, or of more than HR_ANSWERS_POINTS_MAX points.
 * Fails: also when a point lacks the value of an axis.
 * To be called when every point is flushed: the same points give the same rows.
 * Fails: as the store does. */
bool hr_sweep_save_answers(const char *path, int64_t study_id, GError **error);

#endif
