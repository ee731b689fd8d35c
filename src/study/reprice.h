/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/reprice.h - what a cluster that was simulated would cost at other prices, without
 * simulating it again: the input of its bill, kept.
 *
 * Owner: a kept bill owns its copies of periods and of the Windows guests per host; platform,
 * server and storage are the catalogue's. Immutable once made.
 */
#ifndef HR_STUDY_REPRICE_H
#define HR_STUDY_REPRICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "cost/cost.h"
#include "cost/prices.h"

/* The input of one bill. */
struct hr_kept_bill {
    struct hr_cost_stage *stages; /* one of month 0: all is bought at the start */
    size_t n_stages;
};

/* Copies the stages and what they borrow from the caller; platform, server and storage, which
 * are the catalogue's, are to outlive it. Returns: the caller's. */
struct hr_kept_bill *hr_kept_bill_new(const struct hr_cost_stage *stages, size_t n_stages);
void hr_kept_bill_free(struct hr_kept_bill *bill); /* NULL is allowed */

/* Prices it. Fails: a price is missing or out of bounds; *out is then untouched. */
bool hr_kept_bill_price(const struct hr_kept_bill *bill, const struct hr_cost_params *params,
                        const struct hr_prices *prices, struct hr_cost *out, GError **error);
/* The discounted total alone. Returns: -1 where it cannot be priced. */
int64_t hr_kept_bill_tco_cents(const struct hr_kept_bill *bill,
                               const struct hr_cost_params *params,
                               const struct hr_prices *prices);

struct hr_money_range {
    int64_t low_cents, high_cents;
};

/* The 95 % interval of the bill's mean over replications (Student's t), each priced by its own
 * use of processors: util_shift[r] is added to the use in every period, within 0 to 1. It is
 * laid around the bill's own total. What else differs between replications is
 * common: the licences, which follow the most Windows guests of all of them. */
bool hr_kept_bill_interval(const struct hr_kept_bill *bill, const struct hr_cost_params *params,
                           const struct hr_prices *prices, const double *util_shift, int n,
                           struct hr_money_range *out, GError **error);

#endif
