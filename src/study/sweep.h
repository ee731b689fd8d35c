/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/sweep.h - runs the points of a sweep, prices them and saves them as they are finished.
 *
 * Workers take groups of points (sweep/plan.h) in order; one writer, the caller's thread, saves
 * them in that order, so the same sweep gives the same rows whatever the number of threads. A
 * group goes into one transaction: what is saved is whole, and a later call does the rest.
 * Owner: hr_sweep_job borrows all but what hr_sweep_job_clear() says.
 */
#ifndef HR_STUDY_SWEEP_H
#define HR_STUDY_SWEEP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/progress.h"
#include "catalog/pricebook.h"
#include "store/points.h"
#include "sweep/plan.h"

struct hr_sweep_job {
    const struct hr_sweep *sweep;
    const struct hr_plan *plan;
    const hr_catalog *catalog;
    const hr_pricebook *book;
    const char *title;   /* name of the sweep file */
    const char *command; /* the words of the call, without the part */
    const char *program_version;
    const char *database;
    int n_threads;
    int shard, shards;      /* 1 of 1: all of it */
    bool resume;            /* goes on with the database's unfinished sweep, if any */
    const atomic_int *stop; /* not 0: end soon; may be NULL */
    /* Called by the thread of the caller, several times a second; may be NULL, may set stop. */
    void (*ask)(void *context);
    void *ask_context;
    hr_progress *progress; /* may be NULL */
};

/* What became of it. */
struct hr_sweep_outcome {
    int64_t study_id;
    int64_t points;    /* of this part */
    int64_t done;      /* saved, those of an earlier call too */
    int64_t simulated; /* points among them that were simulated; the others share one */
    int64_t new_points;
    bool interrupted;
    bool was_complete; /* nothing was left to do */
};

/* SHA-256 of all that decides the results: sweep, scenario, inventory, catalogue, prices, seed,
 * program. Returns: the caller's. */
char *hr_sweep_digest(const struct hr_sweep_job *job);

/* Every price that an axis changes must be in the book; what is not is a finding. */
bool hr_sweep_check_prices(const struct hr_sweep *sweep, const hr_pricebook *book,
                           hr_diag *diag);

/* Runs the part. Fails: the database cannot be written; what was saved before stays. An
 * interruption is no failure: outcome->interrupted. */
bool hr_sweep_run(const struct hr_sweep_job *job, struct hr_sweep_outcome *out, GError **error);

/* What a sweep will take, by simulating some of its points: seconds of one thread, for the
 * part. *n_measured: how many simulations that was. */
double hr_sweep_estimate_s(const struct hr_sweep_job *job, uint32_t *n_measured);

/* Is the group, by number, in this part? */
bool hr_sweep_in_part(const struct hr_sweep_job *job, uint32_t group);
/* Points and groups of this part. */
void hr_sweep_count(const struct hr_sweep_job *job, int64_t *n_points, int64_t *n_groups);

/* The figures that the sweep file in the database asks for; none: all. Returns: the caller's
 * (g_strfreev), or NULL. */
char **hr_sweep_record_of(const char *database, int64_t study_id, GError **error);

/* The points of a sweep in the database as CSV: the axes, then the figures (record: names of
 * columns of v_point, NULL-terminated; NULL or none: all). Equal sweeps give equal bytes. */
bool hr_sweep_export(const char *database, int64_t study_id, const char *const *record,
                     const char *path, GError **error);

#endif
