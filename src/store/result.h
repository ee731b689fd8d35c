/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/result.h - filling the rows that store/store.h hands out. Internal to store. */
#ifndef HR_STORE_RESULT_H
#define HR_STORE_RESULT_H

#include <stdbool.h>

#include <glib.h>
#include <sqlite3.h>

#include "store/store.h"

/* Makes an empty result with the statement's columns. */
hr_rows *hr_rows_new(sqlite3_stmt *stmt);

/* Adds the row the statement stands on. Fails: a value that no results database holds (blob,
 * infinite number), too many values. */
bool hr_rows_add(hr_rows *rows, sqlite3_stmt *stmt, GError **error);

#endif
