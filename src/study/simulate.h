/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/simulate.h - one scenario as it is: a fixed cluster, run on each of its platforms in
 * every replication. Nothing is searched.
 *
 * Owner: hr_simulate_result owns its arrays and text; the scenario file is borrowed and must
 * outlive it.
 */
#ifndef HR_STUDY_SIMULATE_H
#define HR_STUDY_SIMULATE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

#include "base/progress.h"
#include "cost/cost.h"
#include "run/run.h"
#include "scenario/read.h"
#include "store/store.h"

struct hr_simulate_options {
    int n_threads;
    bool record_samples;   /* for hr_simulate_write_series() */
    hr_progress *progress; /* may be NULL */
};

/* The scenario on one platform. */
struct hr_simulated {
    struct hr_scenario scenario;
    struct hr_run_result *runs; /* by replication; memory of all, series of the first */
    int n_runs;
    double slowdown_p95[HR_PHASE__COUNT]; /* of the worst guest, mean over the runs */
    double overcommit_ratio;              /* configured memory over that of all hosts */
    char *broken; /* the service level that broke, in words; NULL: all are kept */
};

struct hr_simulate_result {
    struct hr_simulated *platforms; /* in the order of the file */
    uint32_t n_platforms;
};

/* Fails: HR_ERROR_INPUT when the demand of so many guests over so many steps takes more memory
 * than is reasonable, or the samples of them do. *out is then untouched. */
bool hr_simulate(const struct hr_scenario_file *file, const struct hr_simulate_options *options,
                 struct hr_simulate_result *out, GError **error);
void hr_simulate_result_clear(struct hr_simulate_result *result);

/* What a bill of one platform's cluster rests on: the hosts, guests and use of processors that
 * its runs showed, in every year. windows_max: the most Windows guests each host may ever hold,
 * counted as sizing counts them. Returns: borrows from simulated and *windows_max, which is the
 * caller's to free. */
struct hr_cost_input hr_simulated_cost_input(const struct hr_simulated *simulated,
                                             uint32_t **windows_max);

/* What the study was made from; all borrowed. */
struct hr_simulate_context {
    const struct hr_scenario_file *file;
    const hr_catalog *catalog;
    const hr_diag *diag;
    const char *title;   /* name of the scenario's file */
    const char *command; /* the words of the call */
    const char *program_version;
};

/* Adds a study of the kind "simulate", without cost, to an open store and commits it. */
bool hr_simulate_save(hr_store *store, const struct hr_simulate_context *context,
                      const struct hr_simulate_result *result, GError **error);

/* Every counter of every host and guest at each demand step of replication 0, as CSV. Requires:
 * record_samples. Write errors stay in out. */
void hr_simulate_write_series(const struct hr_simulate_result *result, FILE *out);

#endif
