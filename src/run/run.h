/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run/run.h - one simulation: scenario + load of a replication → result.
 *
 * A function without globals that touches no file and owns one arena, freed at its end; any
 * number run side by side. The cluster starts warm: its guests have run for weeks, unless the
 * scenario says that they boot. At the hour
 * in which most memory is committed the run is branched: in the branch the spare hosts fail,
 * and it goes on for the scenario's failure_tail_h; the original goes on undisturbed to the end
 * of its days.
 */
#ifndef HR_RUN_RUN_H
#define HR_RUN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "run/result.h"
#include "scenario/scenario.h"
#include "workload/load.h"

struct hr_run_options {
    uint32_t replication;
    bool record_series;      /* hourly host series, for charts */
    bool record_memory;      /* each guest's memory at the end and at its peak */
    bool record_samples;     /* every guest and host at each demand step, and at the end */
    bool stop_when_hopeless; /* end as soon as a service level can no longer be met */
};

/* Demand steps a load must have for a scenario: its days and the tail after the failure. */
uint32_t hr_run_steps(const struct hr_scenario *scenario);
/* Steps of the days alone. */
uint32_t hr_run_day_steps(const struct hr_scenario *scenario);

/* Requires: load made for scenario->guests with at least hr_run_steps() steps.
 * Fills *out, which the caller clears with hr_run_result_free(). */
void hr_run(const struct hr_scenario *scenario, const struct hr_load *load,
            const struct hr_run_options *options, struct hr_run_result *out);

/* Can every guest be started on this cluster with the admission rule alone? No simulation.
 * Returns: the first guest that finds no room, or UINT32_MAX; *short_mib is then what is
 * missing. n_hosts may be less than the cluster's (survivors of a failure); only guests of at
 * most this priority number (0 high … 2 low) are placed. */
uint32_t hr_run_first_refused(const struct hr_scenario *scenario, const struct hr_load *load,
                              int n_hosts, int lowest_priority, double *short_mib);

#endif
