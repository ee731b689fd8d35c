/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The platform's own licences. */
#include "cost/bill.h"
#include "cost/licence.h"

static const char broadcom_prefix[] = "vmware-"; /* ids of the vendor with the least order */

static struct hr_licence_case shape_of(const struct hr_cost_input *input)
{
    return (struct hr_licence_case){
        .n_hosts = input->n_hosts,
        .sockets = input->server->sockets,
        .cores_per_socket = input->server->cores_per_socket,
    };
}

static bool add_licence_support(struct hr_bill *bill, const struct hr_licence *licence,
                                const struct hr_bill_entry *purchase, GError **error)
{
    double year_frac = licence->support_year_frac;
    struct hr_bill_entry entry = *purchase;
    if (licence->support_price_id != NULL) {
        const struct hr_price *ratio =
            hr_bill_price(bill, licence->support_price_id, error, "platform %s, support of %s",
                          bill->input->platform->id, licence->name);
        if (ratio == NULL) {
            return false;
        }
        year_frac = hr_decimal_to_double(ratio->price);
        entry.used[1] = ratio;
        entry.part_units[1] = hr_decimal_from_double(purchase->units);
        entry.share = 1.0;
    }
    g_autofree char *item = g_strconcat(licence->name, ", support", NULL);
    g_autofree char *rule =
        hr_bill_text(bill, "%s; support %.10g of the price a year",
                     purchase->rule != NULL ? purchase->rule : "", year_frac);
    entry.item = item;
    entry.rule = rule;
    entry.units *= year_frac;
    return hr_bill_run_yearly(bill, &entry, HR_BILL_START_OF_YEAR, error);
}

static bool add_licence(struct hr_bill *bill, const struct hr_licence *licence, GError **error)
{
    const struct hr_price *price =
        hr_bill_price(bill, licence->price_id, error, "platform %s, licence %s",
                      bill->input->platform->id, licence->name);
    if (price == NULL) {
        return false;
    }
    struct hr_licence_case c = shape_of(bill->input);
    c.terms.min_cores_per_socket = licence->min_cores_per_socket;
    c.terms.min_cores_per_order = licence->min_cores_per_order;
    c.terms.min_hosts = licence->min_hosts;
    c.terms.cores_per_licence = licence->cores_per_licence;
    if (bill->params->minimum_order_cores > c.terms.min_cores_per_order &&
        g_str_has_prefix(licence->price_id, broadcom_prefix)) {
        c.terms.min_cores_per_order = bill->params->minimum_order_cores;
    }
    const struct hr_licence_rule *rule = hr_licence_rule_of(licence->kind);
    bool is_by_month =
        licence->yearly && price->unit != NULL && g_str_has_suffix(price->unit, "-month");
    g_autofree char *how = bill->is_bound ? NULL : rule->explain(&c);
    g_autofree char *text =
        hr_bill_text(bill, "%s%s", how != NULL ? how : "", is_by_month ? "; × 12 months" : "");
    struct hr_bill_entry entry = {
        .category = HR_COST_PLATFORM,
        .item = licence->name,
        .rule = text,
        .units = (double)rule->count(&c) * (is_by_month ? 12.0 : 1.0),
        .unit = price->unit,
        .price = price->price,
        .price_id = price->id,
        .used = {price},
    };
    if (licence->yearly) {
        return hr_bill_run_yearly(bill, &entry, HR_BILL_START_OF_YEAR, error);
    }
    return hr_bill_buy(bill, &entry, error) &&
           add_licence_support(bill, licence, &entry, error);
}

bool hr_bill_add_platform(struct hr_bill *bill, GError **error)
{
    const struct hr_platform *platform = bill->input->platform;
    for (size_t i = 0; i < platform->n_licences; i++) {
        /* The hosts' Windows is counted together with the guests', in hr_bill_add_windows(). */
        if (platform->licences[i].kind != HR_LICENCE_WINDOWS_CORE &&
            !add_licence(bill, &platform->licences[i], error)) {
            return false;
        }
    }
    return true;
}
