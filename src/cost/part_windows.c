/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows Server for the guests and, on Hyper-V, the hosts, by the rules of its generation: per
 * core since 2016, per two processors in 2012, per guest in 2008. */
#include <string.h>

#include "base/error.h"
#include "cost/bill.h"
#include "cost/licence.h"

enum { EDITIONS_MAX = 3 };

/* One edition of a generation: how it is counted and in which packs it is sold. */
struct edition {
    const char *name; /* "Standard" */
    const char *id;   /* as in price ids */
    const char *pack; /* the price id's end */
    const char *rule;
    struct hr_licence_terms terms;
};

struct generation {
    const char *id; /* the start of its price ids */
    bool is_by_core;
    const struct edition *editions; /* of rising scope; NULL name ends them */
};

static const struct edition by_core[] = {
    {"Standard", "standard", "pack16core", "windows-core-standard", {0}},
    {"Datacenter", "datacenter", "pack16core", "windows-core-datacenter", {0}},
    {.name = NULL}};

static const struct edition by_pair[] = {
    {"Standard", "standard", "pack2proc", "windows-pair-standard", {0}},
    {"Datacenter", "datacenter", "pack2proc", "per-processor-pair", {0}},
    {.name = NULL}};

static const struct edition by_guest[] = {
    {"Standard", "standard", "each", "windows-guest", {.guests_per_licence = 1}},
    {"Enterprise", "enterprise", "each", "windows-guest", {.guests_per_licence = 4}},
    /* Licensed host by host, whoever runs there. */
    {"Datacenter", "datacenter", "processor", "per-socket", {.min_sockets_per_host = 2}},
    {.name = NULL}};

/* Newest first; the first is also what an id is taken for that is not listed. */
static const struct generation generations[] = {
    {"ms-ws2025", true, by_core},     {"ms-ws2022", true, by_core},
    {"ms-ws2019", true, by_core},     {"ms-ws2016", true, by_core},
    {"ms-ws2012r2", false, by_pair},  {"ms-ws2012", false, by_pair},
    {"ms-ws2008r2", false, by_guest}, {"ms-ws2008", false, by_guest},
};

/* One edition for the whole cluster, in its cheapest packs. */
struct offer {
    const struct edition *edition;
    struct hr_licence_case c;
    const struct hr_licence_rule *rule;
    int64_t units; /* cores or licences */
    struct hr_licence_packs packs;
    const struct hr_price *price;       /* of 16 cores, or of a licence */
    const struct hr_price *price_2core; /* NULL: not sold */
    int64_t cents;
};

static void pack_id(char id[160], const char *windows_id, const struct edition *edition,
                    const char *pack)
{
    (void)g_snprintf(id, 160, "%s-%s-%s", windows_id, edition->id, pack);
}

/* The newest generation that the book sells in its month. Owner: the caller. */
static char *sold_in(const struct hr_prices *prices)
{
    for (size_t i = 0; i < G_N_ELEMENTS(generations); i++) {
        char id[160];
        const struct edition *standard = &generations[i].editions[0];
        pack_id(id, generations[i].id, standard, standard->pack);
        const struct hr_price *price = prices->get(prices->table, id);
        if (price != NULL && (prices->month == NULL || price->valid_from == NULL ||
                              strcmp(price->valid_from, prices->month) <= 0)) {
            return g_strdup(generations[i].id);
        }
    }
    return g_strdup(generations[0].id);
}

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
    return sold_in(bill->prices);
}

static const struct generation *generation_of(const char *windows_id)
{
    for (size_t i = 0; i < G_N_ELEMENTS(generations); i++) {
        if (strcmp(generations[i].id, windows_id) == 0) {
            return &generations[i];
        }
    }
    return &generations[0];
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

static bool are_guests_covered(const struct hr_platform *platform)
{
    for (size_t i = 0; i < platform->n_licences; i++) {
        if (platform->licences[i].covers_windows_guests) {
            return true;
        }
    }
    return false;
}

static bool look_up(const struct hr_bill *bill, const char *windows_id, bool is_by_core,
                    struct offer *offer, GError **error)
{
    char id[160];
    pack_id(id, windows_id, offer->edition, offer->edition->pack);
    offer->price = hr_bill_price(bill, id, error, "platform %s, licence Windows Server %s",
                                 bill->input->platform->id, offer->edition->name);
    if (offer->price == NULL) {
        return false;
    }
    /* Not every book has the small pack; the large ones cover any number of cores. */
    pack_id(id, windows_id, offer->edition, "pack2core");
    if (!is_by_core || bill->prices->get(bill->prices->table, id) == NULL) {
        return true;
    }
    offer->price_2core =
        hr_bill_price(bill, id, error, "platform %s, licence Windows Server %s",
                      bill->input->platform->id, offer->edition->name);
    return offer->price_2core != NULL;
}

/* Fills packs and cents from the prices and the units. */
static bool price_offer(const struct hr_bill *bill, bool is_by_core, struct offer *offer,
                        GError **error)
{
    hr_decimal large = offer->price->price;
    hr_decimal small = offer->price_2core != NULL ? offer->price_2core->price : -1;
    offer->packs = is_by_core ? hr_licence_cheapest_packs(offer->units, large, small)
                              : (struct hr_licence_packs){.n_16core = offer->units};
    double amount = (double)offer->packs.n_16core * hr_decimal_to_double(large) +
                    (double)offer->packs.n_2core * hr_decimal_to_double(small);
    if (!(amount < 1e12)) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "price book %s: the cost of Windows Server %s is beyond 10^12",
                    bill->prices->name, offer->edition->name);
        return false;
    }
    offer->cents = hr_money_cents(offer->packs.n_16core * HR_DECIMAL_ONE, large);
    if (offer->packs.n_2core > 0) {
        offer->cents += hr_money_cents(offer->packs.n_2core * HR_DECIMAL_ONE, small);
    }
    return true;
}

/* Without a Windows guest it is the hosts' own system that is paid for. */
static enum hr_cost_category category_of(const struct hr_bill *bill)
{
    return bill->input->n_windows_guests > 0 ? HR_COST_GUEST_OS : HR_COST_PLATFORM;
}

static bool buy_packs(struct hr_bill *bill, const struct hr_price *price, int64_t n,
                      const char *rule, GError **error)
{
    if (n == 0) {
        return true;
    }
    hr_assert(price != NULL);
    struct hr_bill_entry entry = {
        .category = category_of(bill),
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

/* How the taken offer counts, and what the others would be. Owner: the caller. */
static char *rule_of(const struct offer *offers, size_t n, const struct offer *taken,
                     bool is_by_core)
{
    char amount[32];
    g_autofree char *how = taken->rule->explain(&taken->c);
    GString *text = g_string_new(how);
    if (is_by_core) {
        g_string_append_printf(
            text, ", in %" G_GINT64_FORMAT " packs of 16 and %" G_GINT64_FORMAT " of 2",
            taken->packs.n_16core, taken->packs.n_2core);
    }
    for (size_t i = 0; i < n; i++) {
        if (&offers[i] != taken) {
            g_string_append_printf(text, "; %s would be %" G_GINT64_FORMAT " %s for %s",
                                   offers[i].edition->name, offers[i].units,
                                   is_by_core ? "cores" : "licences",
                                   hr_money_format(offers[i].cents, amount));
        }
    }
    return g_string_free(text, FALSE);
}

/* At the same price the edition of the larger scope, which sets no limit to the guests. */
static const struct offer *cheapest(const struct offer *offers, size_t n)
{
    const struct offer *best = &offers[0];
    for (size_t i = 1; i < n; i++) {
        best = offers[i].cents <= best->cents ? &offers[i] : best;
    }
    return best;
}

static bool take(struct hr_bill *bill, const struct offer *offers, size_t n, bool is_by_core,
                 GError **error)
{
    const struct offer *taken = cheapest(offers, n);
    hr_assert(n > 0 && taken->edition != NULL && taken->rule != NULL); /* as every offer has */
    if (bill->is_bound) {
        /* Each of at most two lines may round by half a cent in the bill and here, so that two
         * cents come off for certainty. */
        int64_t least_cents = taken->cents > 2 ? taken->cents - 2 : 0;
        least_cents +=
            hr_bill_bound_shares(bill->params, category_of(bill), true, 0, least_cents);
        bill->tco_cents += least_cents;
        bill->capex_cents += least_cents;
        return true;
    }
    g_autofree char *rule =
        hr_bill_is_silent(bill) ? NULL : rule_of(offers, n, taken, is_by_core);
    if (!buy_packs(bill, taken->price, taken->packs.n_16core, rule, error) ||
        !buy_packs(bill, taken->price_2core, taken->packs.n_2core, rule, error)) {
        return false;
    }
    bill->windows_edition = g_strdup(taken->edition->name);
    return true;
}

bool hr_bill_add_windows(struct hr_bill *bill, GError **error)
{
    const struct hr_cost_input *input = bill->input;
    int n_hosts = input->n_hosts -
                  (input->kept != NULL && input->kept->has_windows ? input->kept->n_hosts : 0);
    if (n_hosts <= 0) {
        return true; /* all hosts have their licences already */
    }
    struct hr_licence_case c = {.n_hosts = n_hosts,
                                .sockets = input->server->sockets,
                                .cores_per_socket = input->server->cores_per_socket,
                                .n_guests = input->n_windows_guests,
                                .guests_max = input->windows_max,
                                .hosts_run_windows = hosts_run_windows(input->platform)};
    if (are_guests_covered(input->platform)) {
        c.n_guests = 0; /* by a licence of the platform */
    }
    if (bill->is_bound && n_hosts < input->n_hosts) {
        c.n_guests = 0; /* all of them may stand on hosts that have their licences */
    }
    if (c.n_guests == 0 && !c.hosts_run_windows) {
        return true;
    }
    g_autofree char *windows_id = windows_id_of(bill);
    const struct generation *generation = generation_of(windows_id);
    struct offer offers[EDITIONS_MAX] = {0};
    size_t n = 0;
    for (; generation->editions[n].name != NULL; n++) {
        struct offer *offer = &offers[n];
        offer->edition = &generation->editions[n];
        offer->rule = hr_licence_rule_find(offer->edition->rule);
        offer->c = c;
        offer->c.terms = offer->edition->terms;
        offer->units = bill->is_bound ? hr_licence_least(offer->rule, &offer->c)
                                      : offer->rule->count(&offer->c);
        if (!look_up(bill, windows_id, generation->is_by_core, offer, error) ||
            !price_offer(bill, generation->is_by_core, offer, error)) {
            return false;
        }
    }
    return take(bill, offers, n, generation->is_by_core, error);
}
