/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/append.h - moving a study gathered in memory into its file. Internal to store. */
#ifndef HR_STORE_APPEND_H
#define HR_STORE_APPEND_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <sqlite3.h>

/* Makes the file from the database in memory, whose study then has the number 1.
 * *existed tells that the file exists already and nothing was done. */
bool hr_append_create(sqlite3 *stage, const char *file, bool *existed, GError **error);

/* Appends the one study of the database in memory to the file, in one transaction.
 * *study_id: its number there. */
bool hr_append_study(sqlite3 *stage, const char *file, int64_t *study_id, GError **error);

#endif
