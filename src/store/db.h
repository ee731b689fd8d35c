/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/db.h - opening database files safely, and SQLite's errors as GErrors. Internal to
 * store. */
#ifndef HR_STORE_DB_H
#define HR_STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <sqlite3.h>

/* The longest text that is saved. A whole row may take four times as much, which is also
 * SQLite's limit when reading: so what was written can be read. */
#define HR_DB_TEXT_MAX_BYTES 16777216

/* Sets *error to "what: SQLite's message". Returns: false. */
bool hr_db_fail(sqlite3 *db, const char *what, GError **error);

/* Runs statements that return no rows of interest. */
bool hr_db_exec(sqlite3 *db, const char *sql, GError **error);

/* The one integer that a query yields. Fails: when there is no row. */
bool hr_db_read_int(sqlite3 *db, const char *sql, int64_t *out, GError **error);

/* An empty database in memory, which may attach one file. Owner: the caller (sqlite3_close). */
bool hr_db_open_memory(sqlite3 **out, GError **error);

/* A results database for reading: hardened, its header and whole schema compared with this
 * version's. file comes from hr_db_resolve(). Owner: the caller (sqlite3_close).
 * Fails: HR_ERROR_INPUT when it is not such a database, HR_ERROR_FAILED when it is damaged. */
bool hr_db_open_checked(const char *file, sqlite3 **out, GError **error);

/* The same for writing. */
bool hr_db_open_writable(const char *file, sqlite3 **out, GError **error);

/* The absolute path without symbolic links, so that SQLite takes no user's path for a URI and
 * need follow no link. *exists tells whether something is there; if not, its folder is.
 * Returns: the caller's to free, or NULL. */
char *hr_db_resolve(const char *path, bool *exists, GError **error);

/* Makes the file from these bytes: whole or not at all, and never over an existing one, which
 * is told by *existed (the result is then true). */
bool hr_db_publish(const char *file, const void *bytes, size_t n_bytes, bool *existed,
                   GError **error);

/* The same with a database file of the same folder that is closed and whole: it is given this
 * name. Where the name exists the part stays as it is. */
bool hr_db_publish_file(const char *part, const char *file, bool *existed, GError **error);

/* The same as hr_db_publish() on a file system without nameless files, by way of a file
 * FILE.part-PID, which only a killed program leaves. Returns: false with errno set, EEXIST when
 * the file exists. */
bool hr_db_publish_by_link(const char *file, const void *bytes, size_t n_bytes);

#endif
