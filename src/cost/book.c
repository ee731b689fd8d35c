/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cost/bill.h"
#include "cost/prices.h"

static const struct hr_price *get_from_book(const void *table, const char *id)
{
    const hr_pricebook *book = table;
    return hr_pricebook_get(book, id);
}

struct hr_prices hr_prices_of_book(const hr_pricebook *book)
{
    return (struct hr_prices){
        .name = hr_pricebook_name(book),
        .currency = hr_pricebook_currency(book),
        .table = book,
        .get = get_from_book,
        .month = hr_pricebook_month(book),
    };
}

bool hr_cost_compute(const struct hr_cost_input *input, const struct hr_cost_params *params,
                     const hr_pricebook *book, struct hr_cost *out, GError **error)
{
    struct hr_prices prices = hr_prices_of_book(book);
    return hr_cost_compute_from(input, params, &prices, out, error);
}

bool hr_cost_compute_staged(const struct hr_cost_stage *stages, size_t n_stages,
                            const struct hr_cost_params *params, const hr_pricebook *book,
                            struct hr_cost *out, GError **error)
{
    struct hr_prices prices = hr_prices_of_book(book);
    return hr_cost_compute_staged_from(stages, n_stages, params, &prices, out, error);
}

bool hr_cost_lower_bound(const struct hr_cost_input *input, const struct hr_cost_params *params,
                         const hr_pricebook *book, int64_t *tco_cents, GError **error)
{
    struct hr_prices prices = hr_prices_of_book(book);
    return hr_cost_lower_bound_from(input, params, &prices, tco_cents, error);
}

bool hr_cost_lower_bounds(const struct hr_cost_input *input,
                          const struct hr_cost_params *params, const hr_pricebook *book,
                          int64_t *capex_cents, int64_t *tco_cents, GError **error)
{
    struct hr_prices prices = hr_prices_of_book(book);
    return hr_cost_lower_bounds_from(input, params, &prices, capex_cents, tco_cents, error);
}

bool hr_cost_watts_max(const struct hr_cost_input *input, const struct hr_cost_params *params,
                       const hr_pricebook *book, double *watts, GError **error)
{
    struct hr_prices prices = hr_prices_of_book(book);
    struct hr_bill bill = {
        .input = input, .params = params, .prices = &prices, .is_bound = true};
    return hr_bill_watts_max(&bill, watts, error);
}
