/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people and offers add: yearly effort, migration and training, the user's own lines. */
#include "cost/bill.h"

/* ---- effort ---- */

static bool add_effort_periods(struct hr_bill *bill, const char *id, const char *item,
                               GError **error)
{
    const struct hr_price *price = hr_bill_price(bill, id, error, "effort");
    if (price == NULL) {
        return false;
    }
    size_t n = 0;
    g_autofree struct hr_cost_period *periods = hr_bill_periods(bill, &n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        g_autofree char *rule = hr_bill_text(bill, "%d host%s", periods[i].n_hosts,
                                             periods[i].n_hosts == 1 ? "" : "s");
        struct hr_bill_entry entry = {
            .category = HR_COST_LABOUR,
            .item = item,
            .rule = rule,
            .units = periods[i].n_hosts,
            .unit = price->unit,
            .price = price->price,
            .price_id = price->id,
            .used = {price},
        };
        ok = hr_bill_run_period(bill, &entry, &periods[i], error);
    }
    return ok;
}

bool hr_bill_add_effort(struct hr_bill *bill, GError **error)
{
    const struct hr_costs *costs = bill->params->costs;
    return costs == NULL ||
           ((!costs->has_monitoring ||
             add_effort_periods(bill, "effort-monitoring-host-year", "Monitoring", error)) &&
            (!costs->has_patching ||
             add_effort_periods(bill, "effort-patching-host-year", "Patching", error)) &&
            (!costs->has_backup_effort ||
             add_effort_periods(bill, "effort-backup-host-year", "Backup, effort", error)));
}

/* ---- once ---- */

static bool buy_once(struct hr_bill *bill, const char *id, double n, const char *item,
                     GError **error)
{
    if (n <= 0.0) {
        return true;
    }
    const struct hr_price *price = hr_bill_price(bill, id, error, "migration and training");
    if (price == NULL) {
        return false;
    }
    g_autofree char *rule = hr_bill_text(bill, "%.10g, as the scenario says", n);
    struct hr_bill_entry entry = {
        .category = HR_COST_ONCE,
        .item = item,
        .rule = rule,
        .units = n,
        .unit = price->unit,
        .price = price->price,
        .price_id = price->id,
        .used = {price},
    };
    return hr_bill_buy(bill, &entry, error);
}

bool hr_bill_add_once(struct hr_bill *bill, GError **error)
{
    const struct hr_costs *costs = bill->params->costs;
    return costs == NULL ||
           (buy_once(bill, "consultant-day", costs->migration_days, "Migration, consultants",
                     error) &&
            buy_once(bill, "migration-tools-each", costs->has_migration_tools ? 1.0 : 0.0,
                     "Migration, tools", error) &&
            buy_once(bill, "training-each", (double)costs->trainings, "Training", error));
}

/* ---- the user's own lines ---- */

/* Of what a line is paid for each; in words, with its number. */
struct counted {
    double n;
    const char *what;
};

/* Of the Windows guests no period tells; their share of all guests stays. */
static struct counted count_of(const struct hr_bill *bill, enum hr_own_per per, double n_hosts,
                               double n_guests)
{
    const struct hr_cost_input *input = bill->input;
    switch (per) {
    case HR_OWN_FIXED:
        return (struct counted){1.0, "fixed"};
    case HR_OWN_HOST:
        return (struct counted){n_hosts, "hosts"};
    case HR_OWN_CORE:
        return (struct counted){n_hosts * hr_server_cores(input->server), "cores"};
    case HR_OWN_GUEST:
        return (struct counted){n_guests, "guests"};
    case HR_OWN_WINDOWS_GUEST:
        return (struct counted){
            input->n_guests > 0 ? n_guests * input->n_windows_guests / input->n_guests : 0.0,
            "Windows Server guests"};
    case HR_OWN_USER:
        return (struct counted){(double)bill->params->costs->users, "users"};
    case HR_OWN__COUNT:
        break;
    }
    return (struct counted){0.0, ""};
}

static char *rule_of(const struct hr_bill *bill, const struct hr_own_cost *own,
                     struct counted counted)
{
    const char *months = own->due == HR_OWN_MONTHLY ? "; × 12 months" : "";
    char count[32];
    if (own->per == HR_OWN_FIXED) {
        return hr_bill_text(bill, "%s%s", hr_decimal_format(own->count, count), months);
    }
    return hr_bill_text(bill, "%.10g %s × %s%s", counted.n, counted.what,
                        hr_decimal_format(own->count, count), months);
}

static bool add_own_periods(struct hr_bill *bill, const struct hr_own_cost *own,
                            struct hr_bill_entry *entry, GError **error)
{
    size_t n = 0;
    g_autofree struct hr_cost_period *periods = hr_bill_periods(bill, &n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        struct counted counted =
            count_of(bill, own->per, periods[i].n_hosts, periods[i].n_guests);
        g_autofree char *rule = rule_of(bill, own, counted);
        entry->rule = rule;
        entry->units = counted.n * hr_decimal_to_double(own->count) * 12.0;
        ok = hr_bill_run_period(bill, entry, &periods[i], error);
    }
    return ok;
}

static bool add_own(struct hr_bill *bill, const struct hr_own_cost *own, GError **error)
{
    struct hr_price stated = hr_bill_own_price(own->where, own->price);
    const struct hr_price *price = &stated;
    if (own->price_id != NULL) {
        price = hr_bill_price(bill, own->price_id, error, "%s: %s", own->where, own->item);
        if (price == NULL) {
            return false;
        }
    }
    struct counted counted =
        count_of(bill, own->per, bill->input->n_hosts, bill->input->n_guests);
    g_autofree char *rule = rule_of(bill, own, counted);
    struct hr_bill_entry entry = {
        .category = own->category,
        .item = own->item,
        .rule = rule,
        .units = counted.n * hr_decimal_to_double(own->count),
        .unit = *price->unit != '\0' ? price->unit : "each",
        .price = price->price,
        .price_id = price->id,
        .used = {price},
    };
    switch (own->due) {
    case HR_OWN_ONCE:
        return hr_bill_buy(bill, &entry, error);
    case HR_OWN_YEARLY:
        return hr_bill_run_yearly(bill, &entry, HR_BILL_START_OF_YEAR, error);
    case HR_OWN_MONTHLY:
        break;
    }
    return add_own_periods(bill, own, &entry, error);
}

bool hr_bill_add_own(struct hr_bill *bill, GError **error)
{
    const struct hr_costs *costs = bill->params->costs;
    bool ok = true;
    for (size_t i = 0; ok && costs != NULL && i < costs->n_own; i++) {
        ok = add_own(bill, &costs->own[i], error);
    }
    return ok;
}
