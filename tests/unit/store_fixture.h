/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/store_fixture.h - made-up studies of any size for the tests of store. Every value
 * is a function of its coordinates, so that a test can compute what a view must show. */
#ifndef HR_TESTS_STORE_FIXTURE_H
#define HR_TESTS_STORE_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

struct fixture_size {
    int variant; /* another one: other values throughout */
    int platforms, replications, guests, hosts, hours;
};

/* The names; valid until the program ends. */
const char *fixture_platform_id(int platform); /* up to 3 platforms */
const char *fixture_guest_name(int guest);     /* up to 8 guests; one has a quote in its name */
const char *fixture_host_name(int host);       /* up to 4 hosts */
const char *fixture_phase(int phase);          /* 0 normal, 1 failure */
enum {
    FIXTURE_METRICS = 11,
    FIXTURE_PERIODS = 5,
    FIXTURE_COST_LINES = 12,
    FIXTURE_CHANGES = 3,
    FIXTURE_FINDINGS = 7,
    FIXTURE_EVENTS = 4
};
const char *fixture_metric(int metric);

struct hr_row_study fixture_study(const struct fixture_size *size);
struct hr_row_platform fixture_platform(const struct fixture_size *size, int platform);
struct hr_row_period fixture_period(int platform, int year);
struct hr_row_floor fixture_floor(const struct fixture_size *size, int platform);
struct hr_row_candidate fixture_candidate(const struct fixture_size *size, int platform,
                                          int ordinal);
struct hr_row_run fixture_run(const struct fixture_size *size, int platform, int replication);
struct hr_row_guest_result fixture_guest(const struct fixture_size *size, int platform,
                                         int replication, int guest, int phase);
struct hr_row_series fixture_series(const struct fixture_size *size, int platform, int phase,
                                    int host, int metric, int hour);
struct hr_row_event fixture_event(int platform, int replication, int index);
struct hr_row_cost_line fixture_cost_line(const struct fixture_size *size, int platform,
                                          int index);
/* Of all platforms; of one, the number being that of the row, from 1. */
struct hr_row_flip fixture_flip(const struct fixture_size *size, int ordinal);
struct hr_row_swing fixture_swing(const struct fixture_size *size, int platform, int ordinal);
struct hr_row_cliff fixture_cliff(int platform, int ordinal);
struct hr_row_depreciation fixture_depreciation(int platform, int year);
struct hr_row_delivered fixture_delivered(int platform);
struct hr_row_finding fixture_finding(const struct fixture_size *size, int index);

/* Adds all rows; the series are those of replication 0. */
bool fixture_fill(hr_store *store, const struct fixture_size *size, GError **error);

/* Opens path, saves the whole study, closes. Returns: its number. Fails the test on any error.
 */
int64_t fixture_save(const char *path, const struct fixture_size *size);

/* A new empty folder, and its removal with everything in it. Owner: the caller frees the name.
 */
char *fixture_folder_new(void);
void fixture_folder_remove(char *folder);

/* How many entries the folder has. */
size_t fixture_folder_count(const char *folder);

/* All rows of all tables of the studies up to this number, as text, read by SQLite alone.
 * Owner: the caller. Fails the test when the file cannot be read. */
char *fixture_dump(const char *path, int64_t last_study_id);

/* What PRAGMA integrity_check and foreign_key_check say: "ok" when all is well. */
char *fixture_integrity(const char *path);

/* Runs SQL in the file by SQLite alone, as a user or an attacker would. */
void fixture_sql(const char *path, const char *sql);

/* The file's bytes. Owner: the caller. */
GBytes *fixture_bytes(const char *path);

#endif
