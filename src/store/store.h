/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/store.h - the results database: studies go in whole, reports read them.
 *
 * Writing: hr_store_open_write(); per study hr_store_begin_study(), hr_store_add_…(),
 *          hr_store_commit_study(). A study is gathered in memory and reaches the file in one
 *          transaction at the commit: until then the file is not touched, and a new one does
 * not exist. So a failed, interrupted or killed program leaves an existing database as it was.
 *          Between commits the database is one file, without a journal beside it.
 *          Only the points of a sweep come later, in batches: store/points.h.
 * Reading: hr_store_open_read(), hr_store_query(). Nothing is written, whatever the query says.
 * Order:   a row's parent comes first: study, platform, scenario, run, then what hangs on them.
 * Owner:   the store copies what it is given; hr_rows own their values.
 * Threads: a store belongs to one thread. Several programs may append to one file; each waits
 * up to ten seconds for the other's transaction. Cost:    a row about 2 us and 100 bytes of
 * memory until the commit.
 */
#ifndef HR_STORE_STORE_H
#define HR_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "store/rows.h"

typedef struct hr_store hr_store;
typedef struct hr_rows hr_rows;

/* Opens for appending studies; a missing file is made by the first commit.
 * Fails: when the file is no results database of this version (HR_ERROR_INPUT) or is damaged,
 * when file or folder cannot be written. Nothing is changed by that. Owner of the result: the
 * caller. */
hr_store *hr_store_open_write(const char *path, GError **error);

/* Opens for queries. Fails: as hr_store_open_write(), and when there is no file. */
hr_store *hr_store_open_read(const char *path, GError **error);

/* Closes; a study begun and not committed is forgotten. NULL is allowed. */
void hr_store_close(hr_store *store);

/* The time of day to stamp a study with: SOURCE_DATE_EPOCH, if set, else now. Returns: the
 * caller's, or NULL. */
char *hr_store_stamp_utc(GError **error);

/* Begins a study. Its created_utc is SOURCE_DATE_EPOCH, if set, else now.
 * Requires: a store for writing without a study under way. */
bool hr_store_begin_study(hr_store *store, const struct hr_row_study *row, GError **error);

/* Add a row to the study under way. Ids are assigned; those handed out hold until the commit.
 * Fails: a number that is not finite, a missing mandatory text, a text outside its list, a
 * parent that does not exist, a row given twice. The study can then no longer be committed. */
bool hr_store_add_platform(hr_store *store, const struct hr_row_platform *row, GError **error);
bool hr_store_add_period(hr_store *store, const struct hr_row_period *row, GError **error);
bool hr_store_add_depreciation(hr_store *store, const struct hr_row_depreciation *row,
                               GError **error);
bool hr_store_add_delivered(hr_store *store, const struct hr_row_delivered *row,
                            GError **error);
bool hr_store_add_floor(hr_store *store, const struct hr_row_floor *row, GError **error);
bool hr_store_add_candidate(hr_store *store, const struct hr_row_candidate *row,
                            GError **error);
bool hr_store_add_scenario(hr_store *store, const struct hr_row_scenario *row,
                           int64_t *scenario_id, GError **error);
bool hr_store_add_run(hr_store *store, int64_t scenario_id, const struct hr_row_run *row,
                      int64_t *run_id, GError **error);
bool hr_store_add_guest_result(hr_store *store, int64_t run_id,
                               const struct hr_row_guest_result *row, GError **error);
bool hr_store_add_series(hr_store *store, int64_t run_id, const struct hr_row_series *row,
                         GError **error);
bool hr_store_add_event(hr_store *store, int64_t run_id, const struct hr_row_event *row,
                        GError **error);
bool hr_store_add_cost_line(hr_store *store, const struct hr_row_cost_line *row,
                            GError **error);
bool hr_store_add_flip(hr_store *store, const struct hr_row_flip *row, GError **error);
bool hr_store_add_swing(hr_store *store, const struct hr_row_swing *row, GError **error);
bool hr_store_add_cliff(hr_store *store, const struct hr_row_cliff *row, GError **error);
bool hr_store_add_cost_price(hr_store *store, const struct hr_row_cost_price *row,
                             GError **error);
bool hr_store_add_energy(hr_store *store, const struct hr_row_energy *row, GError **error);
bool hr_store_add_keep_option(hr_store *store, const struct hr_row_keep_option *row,
                              GError **error);
bool hr_store_add_finding(hr_store *store, const struct hr_row_finding *row, GError **error);
bool hr_store_add_assumption(hr_store *store, const struct hr_row_assumption *row,
                             GError **error);
bool hr_store_add_provenance(hr_store *store, const struct hr_row_provenance *row,
                             GError **error);

bool hr_store_add_sweep(hr_store *store, const struct hr_row_sweep *row, GError **error);
bool hr_store_add_sweep_axis(hr_store *store, const struct hr_row_sweep_axis *row,
                             GError **error);
bool hr_store_add_sweep_platform(hr_store *store, const struct hr_row_sweep_platform *row,
                                 GError **error);

/* Puts the study into the file, whole. *study_id (NULL: not wanted) is its number there.
 * Fails: the file is then as before, and the study is forgotten; but for a message that says
 * the study is saved and the file beside the database must stay with it. */
bool hr_store_commit_study(hr_store *store, int64_t *study_id, GError **error);

/* Forgets the study under way, if any. */
void hr_store_abort_study(hr_store *store);

/* Runs one SELECT over tables and views (doc/database.md). :study and :platform, where the text
 * has them, are bound; platform_id NULL binds NULL.
 * Fails: anything but one reading statement, other parameters, functions whose value depends on
 * time or chance, too long a run, too large a result.
 * Returns: the rows, the caller's, or NULL. */
hr_rows *hr_store_query(hr_store *store, const char *sql, int64_t study_id,
                        const char *platform_id, GError **error);

/* All studies, oldest first: study_id, created_utc, kind, title, command, program_version. */
hr_rows *hr_store_studies(hr_store *store, GError **error);

/* The number of the last study. Fails: when the database has none. */
bool hr_store_last_study(hr_store *store, int64_t *study_id, GError **error);

/* Fails: when there is no study of that number (HR_ERROR_USAGE); the message says which are. */
bool hr_store_has_study(hr_store *store, int64_t study_id, GError **error);

/* A result: rows of values in memory, in the order of the query. */
enum hr_value_kind { HR_VALUE_NULL, HR_VALUE_INT, HR_VALUE_REAL, HR_VALUE_TEXT };

struct hr_value {
    enum hr_value_kind kind;
    union {
        int64_t integer;
        double real;      /* always finite */
        const char *text; /* valid UTF-8; borrowed from the rows */
    } as;
};

size_t hr_rows_count(const hr_rows *rows);
size_t hr_rows_n_columns(const hr_rows *rows);
/* Requires: column < hr_rows_n_columns(). Returns: borrowed. */
const char *hr_rows_column_name(const hr_rows *rows, size_t column);
/* Returns: the first column of that name, or -1. */
int hr_rows_find_column(const hr_rows *rows, const char *name);
/* What the column's values have in common: TEXT when any is a text, else REAL when any is a
 * real, else INT, or NULL when all are. */
enum hr_value_kind hr_rows_column_kind(const hr_rows *rows, size_t column);
/* Requires: row and column in range. Returns: borrowed. */
const struct hr_value *hr_rows_get(const hr_rows *rows, size_t row, size_t column);
/* The value as a number; NULL and text yield fallback. */
double hr_rows_number(const hr_rows *rows, size_t row, size_t column, double fallback);
/* The value as a text; NULL and numbers yield "". Borrowed. */
const char *hr_rows_text(const hr_rows *rows, size_t row, size_t column);
void hr_rows_free(hr_rows *rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_store, hr_store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_rows, hr_rows_free)

#endif
