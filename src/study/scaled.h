/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/scaled.h - prices of a book with some of them multiplied, and which prices a bill asks
 * for.
 *
 * Owner: both borrow the prices they stand before. Threads: one computation at a time.
 */
#ifndef HR_STUDY_SCALED_H
#define HR_STUDY_SCALED_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "cost/prices.h"
#include "study/reprice.h"

struct hr_scaled_prices {
    const struct hr_prices *base;
    GArray *changed;         /* struct hr_price; their texts are the base's */
    struct hr_prices prices; /* to compute with */
};
/* Requires: *scaled stays where it is while its prices are used. */
void hr_scaled_prices_init(struct hr_scaled_prices *scaled, const struct hr_prices *base);
void hr_scaled_prices_clear(struct hr_scaled_prices *scaled);
/* From now on this id is multiplied too; one that the base does not have is left out. */
void hr_scaled_prices_add(struct hr_scaled_prices *scaled, const char *id);
/* Multiplies all of them, each rounded to millionths; at most 10^9, as much as a bill takes. */
void hr_scaled_prices_set(struct hr_scaled_prices *scaled, double factor);

/* The ids that the bill asks the prices for, in the order of asking, each once, and only those
 * the prices have. Returns: struct hr_price pointers of the base, the caller's array; NULL
 * where the bill cannot be priced. cost (NULL: not wanted) is the bill. */
GPtrArray *hr_prices_asked(const struct hr_kept_bill *bill, const struct hr_cost_params *params,
                           const struct hr_prices *base, struct hr_cost *cost);

#endif
