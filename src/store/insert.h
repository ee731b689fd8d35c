/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/insert.h - putting one row struct into its table. Internal to store. */
#ifndef HR_STORE_INSERT_H
#define HR_STORE_INSERT_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <sqlite3.h>

#include "store/fields.h"

/* The statement that inserts a row of the table into the connection's main database.
 * Returns: the caller's (sqlite3_finalize), or NULL. */
sqlite3_stmt *hr_insert_prepare(sqlite3 *db, enum hr_table which, GError **error);

/* Inserts a row under its parent's id; the statement can be used again, whatever happened.
 * Fails: a number that is not finite, a missing mandatory text, a row that the table refuses.
 */
bool hr_insert_row(sqlite3_stmt *stmt, enum hr_table which, int64_t parent_id, const void *row,
                   GError **error);

#endif
