/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/sweep_output.h - what headroom sweep prints before it runs, and of points that came to
 * nothing. */
#ifndef HR_CLI_SWEEP_OUTPUT_H
#define HR_CLI_SWEEP_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/options.h"
#include "study/sweep.h"

/* The points of the part, and how long they will take by a measured sample. */
void hr_sweep_print_plan(const struct hr_sweep_job *job, bool as_json, FILE *out);

/* How many points of the sweep were refused or failed, with the reason of the first of each;
 * nothing where all are done. */
bool hr_sweep_print_refused(const char *database, int64_t study_id, FILE *out, GError **error);

/* A shell script that submits a job array of --shards parts and a job that merges them. */
bool hr_sweep_print_slurm(const struct hr_options *words, const struct hr_sweep *sweep,
                          FILE *out, GError **error);

#endif
