/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the simulation says of guests that are down or wait, at the user's price of a minute.
 *
 * Unplanned, a year, by restart priority: failures a host and year × hosts × guest-minutes down
 * after one host failed. Fewer guests on fewer hosts are as many a host, so both scale with the
 * guests of a period alone. A bound counts none of it: a cluster may have none. */
#include "cost/bill.h"

static const char *const class_names[HR_PRIORITY__COUNT] = {
    [HR_PRIORITY_HIGH] = "high", [HR_PRIORITY_MEDIUM] = "medium", [HR_PRIORITY_LOW] = "low"};

static double n_simulated(const struct hr_cost_risk *risk)
{
    double n = 0.0;
    for (int p = 0; p < HR_PRIORITY__COUNT; p++) {
        n += risk->n_guests[p];
    }
    return n;
}

/* A year's minutes at the load that was simulated, paid as each period's guests are to it. */
static bool add_minutes(struct hr_bill *bill, struct hr_bill_entry *entry, double minutes_year,
                        const char *how, GError **error)
{
    size_t n = 0;
    g_autofree struct hr_cost_period *periods = hr_bill_periods(bill, &n);
    double of = n_simulated(bill->input->risk);
    bool ok = true;
    entry->category = HR_COST_RISK;
    entry->unit = "minute";
    for (size_t i = 0; ok && i < n && of > 0.0; i++) {
        double share = periods[i].n_guests / of;
        g_autofree char *rule =
            share == 1.0
                ? hr_bill_text(bill, "%s = %.10g guest-minutes a year", how, minutes_year)
                : hr_bill_text(bill,
                               "%s = %.10g guest-minutes a year; × %u of %.10g "
                               "guests",
                               how, minutes_year, periods[i].n_guests, of);
        entry->rule = rule;
        entry->units = minutes_year * share;
        ok = hr_bill_run_period(bill, entry, &periods[i], error);
    }
    return ok;
}

static bool add_down(struct hr_bill *bill, int p, GError **error)
{
    const struct hr_costs *costs = bill->params->costs;
    const struct hr_cost_risk *risk = bill->input->risk;
    const char *source = "assumed: one failure of a host in five years";
    struct hr_price price = hr_bill_own_price(costs->file, costs->down_per_min[p]);
    struct hr_price failures = hr_bill_own_price(source, 0); /* no book has an id for it */
    failures.status = HR_PRICE_ASSUMED;
    g_autofree char *item = hr_bill_text(bill, "Downtime, priority %s", class_names[p]);
    g_autofree char *how =
        hr_bill_text(bill, "%.10g failures a year × %d hosts × %.10g guest-minutes down each",
                     costs->failures_per_host_year, risk->n_hosts, risk->down_min[p]);
    struct hr_bill_entry entry = {
        .item = item,
        .price = price.price,
        .used = {&price, costs->failures_are_given ? NULL : &failures}};
    return add_minutes(bill, &entry,
                       costs->failures_per_host_year * risk->n_hosts * risk->down_min[p], how,
                       error);
}

static bool add_planned(struct hr_bill *bill, int p, GError **error)
{
    const struct hr_costs *costs = bill->params->costs;
    uint32_t n = bill->input->risk->n_guests[p];
    struct hr_price price = hr_bill_own_price(costs->file, costs->down_per_min[p]);
    g_autofree char *item = hr_bill_text(bill, "Planned downtime, priority %s", class_names[p]);
    g_autofree char *how =
        hr_bill_text(bill, "%u guests × %.10g min", n, costs->planned_min_per_guest_year);
    struct hr_bill_entry entry = {.item = item, .price = price.price, .used = {&price}};
    return add_minutes(bill, &entry, n * costs->planned_min_per_guest_year, how, error);
}

static bool add_shortfall(struct hr_bill *bill, GError **error)
{
    const struct hr_costs *costs = bill->params->costs;
    struct hr_price price = hr_bill_own_price(costs->file, costs->shortfall_per_min);
    struct hr_bill_entry entry = {.item = "Shortfall", .price = price.price, .used = {&price}};
    return costs->shortfall_per_min == 0 ||
           add_minutes(bill, &entry, bill->input->risk->waiting_min_year,
                       "with host swap or guest paging in the simulation", error);
}

bool hr_bill_add_risk(struct hr_bill *bill, GError **error)
{
    const struct hr_costs *costs = bill->params->costs;
    if (bill->is_bound || costs == NULL || bill->input->risk == NULL) {
        return true;
    }
    bool ok = true;
    for (int p = 0; ok && costs->has_downtime && p < HR_PRIORITY__COUNT; p++) {
        ok = costs->down_per_min[p] == 0 ||
             (add_down(bill, p, error) && add_planned(bill, p, error));
    }
    return ok && add_shortfall(bill, error);
}
