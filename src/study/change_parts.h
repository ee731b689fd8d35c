/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/change_parts.h - the parts of study/change.h, private to study/. */
#ifndef HR_STUDY_CHANGE_PARTS_H
#define HR_STUDY_CHANGE_PARTS_H

#include "study/change.h"
#include "study/search.h"

/* A platform's search and what it found; both borrowed. */
struct hr_searched {
    const struct hr_search *search;
    const struct hr_size_answer *answer; /* feasible */
};

/* Appends struct hr_flip: one for each input that both platforms, or the one it belongs to, pay
 * for. Requires: the first one is no dearer than the second. */
void hr_find_price_flips(const struct hr_searched *cheaper, const struct hr_searched *dearer,
                         GArray *flips);
/* Appends the flip of the growth, searched by sizing both platforms at other growths. */
bool hr_find_growth_flip(const struct hr_searched *cheaper, const struct hr_searched *dearer,
                         GArray *flips, GError **error);
/* Appends struct hr_swing, the widest first. */
void hr_find_swings(const struct hr_searched *of, GArray *swings);
/* Appends struct hr_cliff: those of the months first. */
void hr_find_cliffs(const struct hr_searched *of, GArray *cliffs);

/* All of them. searches: of the platforms, in any order; result: its answers in their order. */
bool hr_find_changes(const struct hr_search *searches, struct hr_size_result *result,
                     GError **error);

#endif
