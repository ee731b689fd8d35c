/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/schema.h - the tables and views of a results database, and whether a file has just
 * these.
 *
 * The text of every object is kept in the file by SQLite, so it also documents the database to
 * whoever opens it with sqlite3. Changing any of it changes HR_SCHEMA_VERSION.
 */
#ifndef HR_STORE_SCHEMA_H
#define HR_STORE_SCHEMA_H

#include <stdbool.h>

#include <glib.h>
#include <sqlite3.h>

#define HR_SCHEMA_APPLICATION_ID 0x4864726d /* "Hdrm" */
#define HR_SCHEMA_VERSION        3

/* The statements that make the tables, indexes and views, in order; the lists end with NULL. */
extern const char *const hr_schema_tables[];
extern const char *const hr_schema_sweep[];   /* tables and views of sweeps */
extern const char *const hr_schema_answers[]; /* what sweeps say */
extern const char *const hr_schema_views[];

/* Of schema_costs.c. */
extern const char hr_schema_depreciation[];
extern const char hr_schema_delivered[];
extern const char hr_schema_v_depreciation[];
extern const char hr_schema_v_unit_cost[];

/* Makes the schema in an empty database. */
bool hr_schema_create(sqlite3 *db, GError **error);

/* Compares every row of the database's schema with what hr_schema_create() makes; database is
 * "main" or the name it is attached under. Nothing of a foreign schema is run.
 * Fails: when anything is missing, extra or different (HR_ERROR_INPUT), the message says what.
 */
bool hr_schema_check(sqlite3 *db, const char *database, GError **error);

#endif
