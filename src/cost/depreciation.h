/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost/depreciation.h - the same cost lines seen otherwise: written off by the year, and by
 * what is delivered for them. Cash throughout, in whole cents: nothing is discounted here.
 */
#ifndef HR_COST_DEPRECIATION_H
#define HR_COST_DEPRECIATION_H

#include <stddef.h>
#include <stdint.h>

#include "cost/cost.h"

/* What is written off of one category's purchases in one year. */
struct hr_depreciation {
    enum hr_cost_category category;
    int year;           /* 1 … years */
    int64_t cents;      /* in the year */
    int64_t book_cents; /* left at its end */
};

/* Straight line, by months from the purchase: servers, memory and storage over one life,
 * network and what is around over another, licences and backup over a third; what has no life
 * (migration, taxes, what is sold at the end) in the year it is paid. The sum of all years and
 * of the last book values is the capital in cash, to the cent. costs: the lives; NULL: the
 * defaults. Returns: by category, then by year, categories without capital left out; the
 * caller's. */
struct hr_depreciation *hr_cost_depreciate(const struct hr_cost *cost,
                                           const struct hr_costs *costs, int years, size_t *n);

/* What a cluster delivers over the years. */
struct hr_delivered {
    int64_t guest_months; /* guests of each period × its months */
    int64_t mib_months;   /* memory configured for them, × months */
};
/* memory_mib, n_guests: configured memory of so many guests, the mix of every period. */
struct hr_delivered hr_cost_delivered(const struct hr_cost_period *periods, size_t n_periods,
                                      int64_t memory_mib, uint32_t n_guests);

#endif
