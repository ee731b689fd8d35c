/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/save_cost_views.h - the cost of an answer seen otherwise: depreciation, and what it
 * delivers.
 */
#ifndef HR_STUDY_SAVE_COST_VIEWS_H
#define HR_STUDY_SAVE_COST_VIEWS_H

#include "cost/depreciation.h"
#include "store/store.h"
#include "study/size.h"

/* Adds what is written off of an answer's cost, and what it delivers. guests: simulated. */
bool hr_save_cost_views(hr_store *store, const struct hr_size_answer *answer,
                        const struct hr_size_options *options, const struct hr_guests *guests,
                        GError **error);

/* What the answer delivers over the years: all bought at the start or in stages. */
struct hr_delivered hr_size_delivered(const struct hr_size_answer *answer,
                                      const struct hr_size_options *options,
                                      const struct hr_guests *guests);

#endif
