/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/save_cost.h - a platform's cost into the study under way. */
#ifndef HR_STUDY_SAVE_COST_H
#define HR_STUDY_SAVE_COST_H

#include "cost/cost.h"
#include "store/store.h"

/* Requires of all: the platform is saved. */

/* The lines, and the prices that entered each. */
bool hr_save_cost_lines(hr_store *store, const char *platform_id, const struct hr_cost *cost,
                        GError **error);
/* Electricity a year of years of cost, and what it emits. */
bool hr_save_energy(hr_store *store, const char *platform_id, const struct hr_cost *cost,
                    int years, const hr_pricebook *book, GError **error);

#endif
