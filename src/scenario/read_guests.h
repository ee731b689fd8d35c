/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario/read_guests.h - the guests of a scenario file, private to scenario/. */
#ifndef HR_SCENARIO_READ_GUESTS_H
#define HR_SCENARIO_READ_GUESTS_H

#include "base/tree.h"
#include "scenario/scenario.h"

/* What every part of the reader works with; all borrowed. */
struct hr_scenario_reading {
    const hr_tree *tree;
    hr_diag *diag;
    const hr_catalog *catalog;
};

/* What the guests' demand is measured by. */
struct hr_demand_scale {
    double vcpu_mhz;
    double step_s; /* demand given by hand changes at multiples of it */
};

/* A finding about an id that the catalogue does not have, naming the nearest one. ids ends with
 * NULL. */
void hr_scenario_unknown_id(const struct hr_scenario_reading *reading, const hr_node *node,
                            const char *kind, const char *const *ids);

/* Reads the list of guests; findings go to the diag. Roles, systems and defaults are applied as
 * to an inventory. Returns: the caller's; NULL when any finding of the file is fatal. */
struct hr_guests *hr_scenario_read_guests(const struct hr_scenario_reading *reading,
                                          const hr_node *list,
                                          const struct hr_demand_scale *scale, GError **error);

#endif
