/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost/prices.h - the cost functions of cost.h over any table of prices, not only a price book.
 *
 * hr_cost_compute() and its like are these with a book's lookup. Whoever varies
 * prices (a break-even, a sensitivity) can put a table in between without writing a book.
 */
#ifndef HR_COST_PRICES_H
#define HR_COST_PRICES_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "catalog/pricebook.h"
#include "cost/cost.h"

/* Where prices come from. All borrowed. */
struct hr_prices {
    const char *name;     /* of the book, for messages: "2026" */
    const char *currency; /* "USD" or "EUR": which region's defaults to take */
    const void *table;    /* handed to get() */
    /* Returns: the price of that id, valid until the computation ends; NULL when there is none.
     */
    const struct hr_price *(*get)(const void *table, const char *id);
    const char *month; /* of the book, YYYY-MM; NULL: every price counts as of that month */
};

/* The prices of a book, which is borrowed. */
struct hr_prices hr_prices_of_book(const hr_pricebook *book);

bool hr_cost_compute_from(const struct hr_cost_input *input,
                          const struct hr_cost_params *params, const struct hr_prices *prices,
                          struct hr_cost *out, GError **error);
/* The discounted total of the same bill, to the cent, without lines and text: some ten times as
 * fast. */
bool hr_cost_total_from(const struct hr_cost_input *input, const struct hr_cost_params *params,
                        const struct hr_prices *prices, int64_t *tco_cents, GError **error);
bool hr_cost_compute_staged_from(const struct hr_cost_stage *stages, size_t n_stages,
                                 const struct hr_cost_params *params,
                                 const struct hr_prices *prices, struct hr_cost *out,
                                 GError **error);
bool hr_cost_lower_bound_from(const struct hr_cost_input *input,
                              const struct hr_cost_params *params,
                              const struct hr_prices *prices, int64_t *tco_cents,
                              GError **error);
bool hr_cost_lower_bounds_from(const struct hr_cost_input *input,
                               const struct hr_cost_params *params,
                               const struct hr_prices *prices, int64_t *capex_cents,
                               int64_t *tco_cents, GError **error);

#endif
