/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The platform's own licences, and Windows Server for the guests and, on Hyper-V, the hosts. */
#include <string.h>

#include "base/error.h"
#include "cost/bill.h"
#include "cost/licence.h"

static const char broadcom_prefix[] = "vmware-"; /* ids of the vendor with the least order */
static const char windows_default[] = "ms-ws2025";

static struct hr_licence_case shape_of(const struct hr_cost_input *input)
{
    return (struct hr_licence_case){
        .n_hosts = input->n_hosts,
        .sockets = input->server->sockets,
        .cores_per_socket = input->server->cores_per_socket,
    };
}

/* ---- the platform ---- */

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

/* ---- Windows Server ---- */

/* One edition for the whole cluster, in its cheapest packs. */
struct offer {
    const struct hr_licence_rule *rule;
    const char *edition;    /* "Standard" */
    const char *edition_id; /* "standard": as in price ids */
    int64_t cores;
    struct hr_licence_packs packs;
    const struct hr_price *price_16core;
    const struct hr_price *price_2core; /* NULL: the book does not sell it */
    int64_t cents;
};

/* The start of the price ids: "ms-ws2025". Owner: the caller. */
static char *windows_id_of(const struct hr_bill *bill)
{
    if (bill->params->windows_id != NULL) {
        return g_strdup(bill->params->windows_id);
    }
    const struct hr_platform *platform = bill->input->platform;
    for (size_t i = 0; i < platform->n_licences; i++) {
        const struct hr_licence *licence = &platform->licences[i];
        if (licence->kind == HR_LICENCE_WINDOWS_CORE && licence->price_id != NULL) {
            /* It names one edition's pack; both editions are compared. */
            const char *end = strstr(licence->price_id, "-standard");
            end = end != NULL ? end : strstr(licence->price_id, "-datacenter");
            return end != NULL ? g_strndup(licence->price_id, (gsize)(end - licence->price_id))
                               : g_strdup(licence->price_id);
        }
    }
    return g_strdup(windows_default);
}

static bool hosts_run_windows(const struct hr_platform *platform)
{
    if (platform->windows_host_licence) {
        return true;
    }
    for (size_t i = 0; i < platform->n_licences; i++) {
        if (platform->licences[i].kind == HR_LICENCE_WINDOWS_CORE) {
            return true;
        }
    }
    return false;
}

static bool look_up_packs(const struct hr_bill *bill, const char *windows_id,
                          struct offer *offer, GError **error)
{
    char id[160];
    (void)g_snprintf(id, sizeof id, "%s-%s-pack16core", windows_id, offer->edition_id);
    offer->price_16core =
        hr_bill_price(bill, id, error, "platform %s, licence Windows Server %s",
                      bill->input->platform->id, offer->edition);
    if (offer->price_16core == NULL) {
        return false;
    }
    /* Not every book has the small pack; the large ones cover any number of cores. */
    (void)g_snprintf(id, sizeof id, "%s-%s-pack2core", windows_id, offer->edition_id);
    if (bill->prices->get(bill->prices->table, id) == NULL) {
        return true;
    }
    offer->price_2core =
        hr_bill_price(bill, id, error, "platform %s, licence Windows Server %s",
                      bill->input->platform->id, offer->edition);
    return offer->price_2core != NULL;
}

/* Fills packs and cents from the prices and the cores. */
static bool price_packs(const struct hr_bill *bill, struct offer *offer, GError **error)
{
    hr_decimal large = offer->price_16core->price;
    hr_decimal small = offer->price_2core != NULL ? offer->price_2core->price : -1;
    offer->packs = hr_licence_cheapest_packs(offer->cores, large, small);
    double amount = (double)offer->packs.n_16core * hr_decimal_to_double(large) +
                    (double)offer->packs.n_2core * hr_decimal_to_double(small);
    if (!(amount < 1e12)) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "price book %s: the cost of Windows Server %s is beyond 10^12",
                    bill->prices->name, offer->edition);
        return false;
    }
    offer->cents = hr_money_cents(offer->packs.n_16core * HR_DECIMAL_ONE, large);
    if (offer->packs.n_2core > 0) {
        offer->cents += hr_money_cents(offer->packs.n_2core * HR_DECIMAL_ONE, small);
    }
    return true;
}

static bool buy_packs(struct hr_bill *bill, const struct hr_price *price, int64_t n,
                      const char *rule, GError **error)
{
    if (n == 0) {
        return true;
    }
    hr_assert(price != NULL);
    struct hr_bill_entry entry = {
        /* Without a Windows guest it is the hosts' own system that is paid for. */
        .category = bill->input->n_windows_guests > 0 ? HR_COST_GUEST_OS : HR_COST_PLATFORM,
        .item = price->item != NULL && price->item[0] != '\0' ? price->item : price->id,
        .rule = rule,
        .units = (double)n,
        .unit = price->unit,
        .price = price->price,
        .price_id = price->id,
        .used = {price},
    };
    return hr_bill_buy(bill, &entry, error);
}

static bool buy_offer(struct hr_bill *bill, const struct hr_licence_case *c,
                      const struct offer *taken, const struct offer *other, GError **error)
{
    char other_amount[32];
    g_autofree char *how = taken->rule->explain(c);
    g_autofree char *rule =
        hr_bill_text(bill,
                     "%s, in %" G_GINT64_FORMAT " packs of 16 and %" G_GINT64_FORMAT
                     " of 2; %s would be %" G_GINT64_FORMAT " cores for %s",
                     how, taken->packs.n_16core, taken->packs.n_2core, other->edition,
                     other->cores, hr_money_format(other->cents, other_amount));
    if (!buy_packs(bill, taken->price_16core, taken->packs.n_16core, rule, error) ||
        !buy_packs(bill, taken->price_2core, taken->packs.n_2core, rule, error)) {
        return false;
    }
    bill->windows_edition = g_strdup(taken->edition);
    return true;
}

/* What the cheaper edition costs at least. Each of at most two lines may round by half a cent
 * in the bill and here, so that two cents come off for certainty. */
static void add_least(struct hr_bill *bill, const struct offer *standard,
                      const struct offer *datacenter)
{
    int64_t cents = standard->cents < datacenter->cents ? standard->cents : datacenter->cents;
    bill->tco_cents += cents > 2 ? cents - 2 : 0;
}

bool hr_bill_add_windows(struct hr_bill *bill, GError **error)
{
    struct hr_licence_case c = shape_of(bill->input);
    c.n_guests = bill->input->n_windows_guests;
    c.guests_max = bill->input->windows_max;
    c.hosts_run_windows = hosts_run_windows(bill->input->platform);
    if (c.n_guests == 0 && !c.hosts_run_windows) {
        return true;
    }
    struct offer standard = {.rule = hr_licence_rule_find("windows-core-standard"),
                             .edition = "Standard",
                             .edition_id = "standard"};
    struct offer datacenter = {.rule = hr_licence_rule_find("windows-core-datacenter"),
                               .edition = "Datacenter",
                               .edition_id = "datacenter"};
    standard.cores =
        bill->is_bound ? hr_licence_windows_least_standard(&c) : standard.rule->count(&c);
    datacenter.cores =
        bill->is_bound ? hr_licence_windows_least_datacenter(&c) : datacenter.rule->count(&c);
    g_autofree char *windows_id = windows_id_of(bill);
    if (!look_up_packs(bill, windows_id, &standard, error) ||
        !look_up_packs(bill, windows_id, &datacenter, error) ||
        !price_packs(bill, &standard, error) || !price_packs(bill, &datacenter, error)) {
        return false;
    }
    if (bill->is_bound) {
        add_least(bill, &standard, &datacenter);
        return true;
    }
    /* At the same price Datacenter, which sets no limit to the guests. */
    return standard.cents < datacenter.cents
               ? buy_offer(bill, &c, &standard, &datacenter, error)
               : buy_offer(bill, &c, &datacenter, &standard, error);
}
