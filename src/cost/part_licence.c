/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The platform's own licences. */
#include <math.h>

#include "base/units.h"
#include "cost/bill.h"
#include "cost/licence.h"

static const char broadcom_prefix[] = "vmware-"; /* ids of the vendor with the least order */

/* Counted as Windows Server is: by its guests, and where they may come to stand. */
static bool is_as_windows(enum hr_licence_kind kind)
{
    return kind == HR_LICENCE_AS_WINDOWS_CORE_STANDARD ||
           kind == HR_LICENCE_AS_WINDOWS_CORE_DATACENTER ||
           kind == HR_LICENCE_AS_WINDOWS_PAIR || kind == HR_LICENCE_AS_WINDOWS_GUEST;
}

/* vcpus: room for those of all guests, NULL where the kind does not ask. */
static struct hr_licence_case case_of(const struct hr_cost_input *input,
                                      const struct hr_licence *licence, uint32_t *vcpus)
{
    bool by_windows = is_as_windows(licence->kind);
    struct hr_licence_case c = {
        .n_hosts = input->n_hosts,
        .sockets = input->server->sockets,
        .cores_per_socket = input->server->cores_per_socket,
        .n_guests = by_windows ? input->n_windows_guests : input->n_guests,
        .guests_max = by_windows ? input->windows_max : NULL,
        .hosts_run_windows = by_windows && input->platform->windows_host_licence,
        .terms = licence->terms,
    };
    uint32_t n = input->guests != NULL ? input->n_guests : 0;
    double most_gib = c.terms.max_gib_per_guest > 0.0 ? c.terms.max_gib_per_guest : HUGE_VAL;
    for (uint32_t g = 0; g < n; g++) {
        c.guest_memory_gib += fmin(most_gib, hr_mib_to_gib(input->guests[g].size_mib));
        if (vcpus != NULL) {
            vcpus[g] = (uint32_t)input->guests[g].vcpus;
        }
    }
    c.vcpus = vcpus;
    c.n_vcpus = vcpus != NULL ? n : 0;
    return c;
}

/* Units of the price: Windows' cores are sold in packs. */
static int64_t in_packs(int64_t units, const struct hr_price *price)
{
    int64_t size = g_strcmp0(price->unit, "pack16core") == 0  ? 16
                   : g_strcmp0(price->unit, "pack2core") == 0 ? 2
                                                              : 1;
    return (units + size - 1) / size;
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
    bool by_vcpus = licence->kind == HR_LICENCE_PER_GUEST_CORE;
    g_autofree uint32_t *vcpus = by_vcpus ? g_new0(uint32_t, bill->input->n_guests + 1) : NULL;
    struct hr_licence_case c = case_of(bill->input, licence, vcpus);
    if (bill->params->minimum_order_cores > c.terms.min_cores_per_order &&
        g_str_has_prefix(licence->price_id, broadcom_prefix)) {
        c.terms.min_cores_per_order = bill->params->minimum_order_cores;
    }
    const struct hr_licence_rule *rule = hr_licence_rule_of(licence->kind);
    bool is_by_month =
        licence->yearly && price->unit != NULL && g_str_has_suffix(price->unit, "-month");
    int64_t n = bill->is_bound ? hr_licence_least(rule, &c) : rule->count(&c);
    g_autofree char *how = hr_bill_is_silent(bill) ? NULL : rule->explain(&c);
    g_autofree char *text =
        hr_bill_text(bill, "%s%s", how != NULL ? how : "", is_by_month ? "; × 12 months" : "");
    struct hr_bill_entry entry = {
        .category = HR_COST_PLATFORM,
        .item = licence->name,
        .rule = text,
        .units = (double)in_packs(n, price) * (is_by_month ? 12.0 : 1.0),
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
        const struct hr_licence *licence = &platform->licences[i];
        bool is_needed = licence->kind != HR_LICENCE_WINDOWS_CORE &&
                         (!licence->covers_windows_guests || bill->input->n_windows_guests > 0);
        if (is_needed && !add_licence(bill, licence, error)) {
            return false;
        }
    }
    return true;
}
