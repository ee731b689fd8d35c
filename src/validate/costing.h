/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate/costing.h - the clusters of a case of the kind "cost", found by simulation, priced,
 * and made equal in cost by other prices. */
#ifndef HR_VALIDATE_COSTING_H
#define HR_VALIDATE_COSTING_H

#include <glib.h>
#include <jansson.h>

#include "scenario/read.h"
#include "validate/case_cost.h"

/* Simulates every cluster with one host more at a time until its service levels are kept, and
 * prices it; then searches the break-evens, the clusters staying as they are.
 * Returns: the document that expectations look into, the caller's; its form is that of
 * doc/headroom-validate.1, money in units of the book's currency. NULL with *error when a
 * cluster is not enough with all the scenario's hosts, or a price is missing. */
json_t *hr_costing_run(const struct hr_scenario_file *scenario, const struct hr_case_cost *cost,
                       int n_threads, GError **error);

#endif
