/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/save_runs.h - what every kind of study saves alike: its runs and what was found in its
 * inputs. */
#ifndef HR_STUDY_SAVE_RUNS_H
#define HR_STUDY_SAVE_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"
#include "run/result.h"
#include "scenario/scenario.h"
#include "store/store.h"

/* Saves a scenario and its runs, under the platform of the scenario. Guests, series and events
 * are those of the first run: the others differ by chance only. */
bool hr_save_runs(hr_store *store, const struct hr_scenario *scenario,
                  const struct hr_run_result *runs, int n_runs, GError **error);

bool hr_save_findings(hr_store *store, const hr_diag *diag, GError **error);

#endif
