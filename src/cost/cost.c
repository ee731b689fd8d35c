/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cost/cost.h"

#include <math.h>

#include "base/error.h"
#include "cost/bill.h"
#include "cost/prices.h"

void hr_cost_params_default(struct hr_cost_params *params)
{
    *params = (struct hr_cost_params){.years = 5, .discount_rate = 0.07};
}

static bool params_are_valid(const struct hr_cost_params *params, GError **error)
{
    if (params->years < 1 || params->years > HR_COST_YEARS_MAX) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "years must be 1 to %d, not %d",
                    HR_COST_YEARS_MAX, params->years);
        return false;
    }
    if (!(params->discount_rate >= 0.0 && params->discount_rate <= 1.0)) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "the discount rate must be 0 to 1, not %g",
                    params->discount_rate);
        return false;
    }
    return true;
}

static bool fill(struct hr_bill *bill, GError **error)
{
    const struct hr_cost_input *input = bill->input;
    hr_assert(input->platform != NULL && input->server != NULL && input->n_hosts >= 1);
    return params_are_valid(bill->params, error) && hr_bill_add_hardware(bill, error) &&
           hr_bill_add_addons(bill, error) && hr_bill_add_platform(bill, error) &&
           hr_bill_add_windows(bill, error) && hr_bill_add_power(bill, error) &&
           hr_bill_add_maintenance(bill, error) && hr_bill_add_labour(bill, error) &&
           hr_bill_add_effort(bill, error) && hr_bill_add_around(bill, error) &&
           hr_bill_add_backup(bill, error) && hr_bill_add_once(bill, error) &&
           hr_bill_add_own(bill, error) && hr_bill_add_risk(bill, error);
}

/* A book that lacks one price may lack more: all of them are told. Takes over *error. */
static void tell_all_missing(const struct hr_bill *failed, GError **error)
{
    g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func(g_free);
    struct hr_bill probe = {.input = failed->input,
                            .params = failed->params,
                            .prices = failed->prices,
                            .is_bound = true,
                            .missing = missing};
    (void)fill(&probe, NULL);
    hr_bill_clear(&probe);
    if (missing->len > 1) {
        g_ptr_array_add(missing, NULL);
        g_autofree char *all = g_strjoinv("; ", (char **)missing->pdata);
        g_clear_error(error);
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "price book %s: %s", failed->prices->name,
                    all);
    }
}

static bool fill_or_tell(struct hr_bill *bill, GError **error)
{
    GError *cause = NULL;
    if (fill(bill, &cause)) {
        return true;
    }
    tell_all_missing(bill, &cause);
    g_propagate_error(error, cause);
    return false;
}

bool hr_cost_compute_from(const struct hr_cost_input *input,
                          const struct hr_cost_params *params, const struct hr_prices *prices,
                          struct hr_cost *out, GError **error)
{
    struct hr_bill bill = {
        .input = input,
        .params = params,
        .prices = prices,
        .lines = g_array_new(FALSE, FALSE, sizeof(struct hr_cost_line)),
    };
    bool ok = fill_or_tell(&bill, error);
    if (ok) {
        hr_bill_close(&bill);
        hr_bill_finish(&bill, out);
    }
    hr_bill_clear(&bill);
    return ok;
}

bool hr_cost_lower_bound_from(const struct hr_cost_input *input,
                              const struct hr_cost_params *params,
                              const struct hr_prices *prices, int64_t *tco_cents,
                              GError **error)
{
    int64_t capex_cents = 0;
    return hr_cost_lower_bounds_from(input, params, prices, &capex_cents, tco_cents, error);
}

bool hr_cost_lower_bounds_from(const struct hr_cost_input *input,
                               const struct hr_cost_params *params,
                               const struct hr_prices *prices, int64_t *capex_cents,
                               int64_t *tco_cents, GError **error)
{
    struct hr_bill bill = {
        .input = input,
        .params = params,
        .prices = prices,
        .is_bound = true,
    };
    bool ok = fill_or_tell(&bill, error);
    if (ok) {
        *tco_cents = bill.tco_cents;
        *capex_cents = bill.capex_cents;
    }
    hr_bill_clear(&bill);
    return ok;
}

bool hr_cost_total_from(const struct hr_cost_input *input, const struct hr_cost_params *params,
                        const struct hr_prices *prices, int64_t *tco_cents, GError **error)
{
    if (params->costs != NULL) { /* tax and residual value are shares of lines */
        struct hr_cost cost = {0};
        bool is_priced = hr_cost_compute_from(input, params, prices, &cost, error);
        *tco_cents = is_priced ? cost.tco_cents : *tco_cents;
        hr_cost_clear(&cost);
        return is_priced;
    }
    struct hr_bill bill = {
        .input = input,
        .params = params,
        .prices = prices,
        .is_total = true,
    };
    bool ok = fill(&bill, error);
    if (ok) {
        *tco_cents = bill.tco_cents;
    }
    hr_bill_clear(&bill);
    return ok;
}

const char *hr_cost_use_name(enum hr_cost_use use)
{
    static const char *const names[HR_COST_USE__COUNT] = {[HR_COST_USE_PRICE] = "price",
                                                          [HR_COST_USE_PART] = "part",
                                                          [HR_COST_USE_OTHER] = "other"};
    hr_assert(use < HR_COST_USE__COUNT);
    return names[use];
}

hr_decimal hr_cost_units_of_parts(const struct hr_cost_used *used, size_t n_used, double share)
{
    hr_decimal sum = 0;
    for (size_t i = 0; i < n_used; i++) {
        if (used[i].use == HR_COST_USE_PART) {
            sum += hr_decimal_mul(used[i].units, used[i].price);
        }
    }
    return hr_decimal_from_double(hr_decimal_to_double(sum) * share);
}

void hr_cost_used_free(struct hr_cost_used *used, size_t n_used)
{
    for (size_t i = 0; i < n_used; i++) {
        g_free(used[i].price_id);
    }
    g_free(used);
}

void hr_cost_sum_up(struct hr_cost *cost)
{
    cost->capex_cents = cost->opex_cents = 0;
    cost->capex_cash_cents = cost->opex_cash_cents = 0;
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        *(line->is_capex ? &cost->capex_cents : &cost->opex_cents) += line->amount_cents;
        *(line->is_capex ? &cost->capex_cash_cents : &cost->opex_cash_cents) +=
            line->cash_cents;
    }
    cost->tco_cents = cost->capex_cents + cost->opex_cents;
    cost->tco_cash_cents = cost->capex_cash_cents + cost->opex_cash_cents;
}

void hr_cost_clear(struct hr_cost *cost)
{
    for (size_t i = 0; i < cost->n_lines; i++) {
        struct hr_cost_line *line = &cost->lines[i];
        g_free(line->item);
        g_free(line->rule);
        g_free(line->unit);
        g_free(line->price_id);
        g_free(line->source);
        hr_cost_used_free(line->used, line->n_used);
    }
    g_free(cost->lines);
    g_free(cost->windows_edition);
    *cost = (struct hr_cost){0};
}
