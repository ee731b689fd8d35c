/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/points.h - the points of a sweep, which reach the database in batches.
 *
 * A sweep runs for hours, so what is finished must outlive whatever ends the program. Its
 * study, with rows of sweep, axes and platforms, is saved as any other (store/store.h) with
 * complete = false; then hr_points_open(), hr_points_add() and, every so often,
 * hr_points_flush(), which is one transaction; at last hr_points_finish(). A killed program
 * leaves what was flushed; until then no journal stands beside the database. Order:   rows lie
 * in the file in the order of adding, so the same order gives the same bytes, but for SQLite's
 * counter of transactions. Owner:   rows are copied by the call that adds them. Threads: one
 * thread; other programs may append to the file between transactions. Cost:    about 10 us a
 * point; memory one batch, at most what SQLite caches of the file.
 */
#ifndef HR_STORE_POINTS_H
#define HR_STORE_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "store/rows.h"

typedef struct hr_points hr_points;

/* Opens the sweep of that number, which is not complete, for adding points.
 * Returns: the caller's (hr_points_close), or NULL. Fails: when the file is no results
 * database, has no such sweep or cannot be written, when the sweep is complete. */
hr_points *hr_points_open(const char *path, int64_t study_id, GError **error);

/* Adds a point and what its axes have there.
 * Fails: as hr_store_add_...(); the batch is then lost, and only closing is allowed. */
bool hr_points_add(hr_points *points, const struct hr_row_point *row,
                   const struct hr_row_point_value *values, size_t n_values, GError **error);

/* Makes what was added since the last flush last. Fails: none of it is then in the file. */
bool hr_points_flush(hr_points *points, GError **error);

/* Flushes and marks the sweep complete. */
bool hr_points_finish(hr_points *points, GError **error);

/* Closes; what was not flushed is forgotten. NULL is allowed. */
void hr_points_close(hr_points *points);

/* The numbers of the points that are there, as int64_t, ascending.
 * Returns: the caller's (g_array_unref), or NULL. */
GArray *hr_points_list(hr_points *points, GError **error);

/* The figures of a point: the columns of the view v_point but for its study and its number.
 * Returns: the caller's (g_strfreev), or NULL. */
char **hr_points_figures(GError **error);

/* The last sweep in the file of that digest and part. *study_id is 0 when there is none, as
 * when there is no file. Fails: when the file is no results database. */
bool hr_points_find(const char *path, const char *digest, int shard, int shards,
                    int64_t *study_id, bool *complete, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_points, hr_points_close)

#endif
