/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/reprice.h"

#include <math.h>

#include "study/search.h"

struct hr_kept_bill *hr_kept_bill_new(const struct hr_cost_stage *stages, size_t n_stages)
{
    struct hr_kept_bill *bill = g_new0(struct hr_kept_bill, 1);
    bill->stages = g_memdup2(stages, n_stages * sizeof *stages);
    bill->n_stages = n_stages;
    for (size_t k = 0; k < n_stages; k++) {
        struct hr_cost_input *input = &bill->stages[k].input;
        if (input->windows_max != NULL) {
            input->windows_max = g_memdup2(input->windows_max,
                                           (gsize)input->n_hosts * sizeof *input->windows_max);
        }
        if (input->periods != NULL) {
            input->periods =
                g_memdup2(input->periods, input->n_periods * sizeof *input->periods);
        }
        if (input->guests != NULL) { /* a bill looks at their numbers alone */
            input->guests =
                g_memdup2(input->guests, (gsize)input->n_guests * sizeof *input->guests);
        }
        if (input->risk != NULL) {
            input->risk = g_memdup2(input->risk, sizeof *input->risk);
        }
        if (input->kept != NULL) {
            input->kept = g_memdup2(input->kept, sizeof *input->kept);
        }
    }
    return bill;
}

void hr_kept_bill_free(struct hr_kept_bill *bill)
{
    if (bill == NULL) {
        return;
    }
    for (size_t k = 0; k < bill->n_stages; k++) {
        g_free((gpointer)(guintptr)bill->stages[k].input.windows_max);
        g_free((gpointer)(guintptr)bill->stages[k].input.periods);
        g_free((gpointer)(guintptr)bill->stages[k].input.guests);
        g_free((gpointer)(guintptr)bill->stages[k].input.risk);
        g_free((gpointer)(guintptr)bill->stages[k].input.kept);
    }
    g_free(bill->stages);
    g_free(bill);
}

bool hr_kept_bill_price(const struct hr_kept_bill *bill, const struct hr_cost_params *params,
                        const struct hr_prices *prices, struct hr_cost *out, GError **error)
{
    return bill->n_stages == 1
               ? hr_cost_compute_from(&bill->stages[0].input, params, prices, out, error)
               : hr_cost_compute_staged_from(bill->stages, bill->n_stages, params, prices, out,
                                             error);
}

int64_t hr_kept_bill_tco_cents(const struct hr_kept_bill *bill,
                               const struct hr_cost_params *params,
                               const struct hr_prices *prices)
{
    struct hr_cost cost = {0};
    int64_t total_cents = 0;
    if (bill->n_stages == 1) {
        return hr_cost_total_from(&bill->stages[0].input, params, prices, &total_cents, NULL)
                   ? total_cents
                   : -1;
    }
    if (!hr_kept_bill_price(bill, params, prices, &cost, NULL)) {
        return -1;
    }
    int64_t cents = cost.tco_cents;
    hr_cost_clear(&cost);
    return cents;
}

static double shifted(double util_frac, double by)
{
    return fmin(1.0, fmax(0.0, util_frac + by));
}

/* The same bill with the processors used more, or less, all the time. */
static bool price_shifted(const struct hr_kept_bill *bill, const struct hr_cost_params *params,
                          const struct hr_prices *prices, double by, int64_t *tco_cents,
                          GError **error)
{
    /* Power follows the first stage: its periods speak of all of them. */
    g_autofree struct hr_cost_stage *stages =
        g_memdup2(bill->stages, bill->n_stages * sizeof *bill->stages);
    struct hr_cost_input *input = &stages[0].input;
    g_autofree struct hr_cost_period *periods = g_new(struct hr_cost_period, input->n_periods);
    input->cpu_util_mean = shifted(input->cpu_util_mean, by);
    for (size_t i = 0; i < input->n_periods; i++) {
        periods[i] = input->periods[i];
        periods[i].cpu_util_mean = shifted(periods[i].cpu_util_mean, by);
    }
    input->periods = input->periods != NULL ? periods : NULL;
    const struct hr_kept_bill moved = {.stages = stages, .n_stages = bill->n_stages};
    struct hr_cost cost = {0};
    if (!hr_kept_bill_price(&moved, params, prices, &cost, error)) {
        return false;
    }
    *tco_cents = cost.tco_cents;
    hr_cost_clear(&cost);
    return true;
}

bool hr_kept_bill_interval(const struct hr_kept_bill *bill, const struct hr_cost_params *params,
                           const struct hr_prices *prices, const double *util_shift, int n,
                           struct hr_money_range *out, GError **error)
{
    int64_t tco_cents = 0;
    if (!price_shifted(bill, params, prices, 0.0, &tco_cents, error)) {
        return false;
    }
    g_autofree double *values = g_new(double, (gsize)n);
    for (int r = 0; r < n; r++) {
        int64_t cents = 0;
        if (!price_shifted(bill, params, prices, util_shift[r], &cents, error)) {
            return false;
        }
        values[r] = (double)cents;
    }
    struct hr_estimate e = hr_estimate_of(values, n);
    /* Around the total that is printed: the mean of the replications' own differs from it by
     * their roundings. */
    int64_t half = llrint((e.high - e.mean));
    *out =
        (struct hr_money_range){.low_cents = tco_cents - half, .high_cents = tco_cents + half};
    return true;
}
