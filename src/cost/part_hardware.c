/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers, memory, storage and network: bought at the start, maintained after their support. */
#include "cost/bill.h"

enum part_id {
    PART_SERVER,
    PART_DIMM,
    PART_ARRAY,
    PART_DISK,
    PART_SWITCH,
    PART_NIC,
    PART__COUNT
};

/* One kind of thing that is bought. */
struct part {
    enum hr_cost_category category;
    bool is_of_hosts;             /* maintained with the hosts, else with the storage */
    int64_t n;                    /* 0: not needed; price is then NULL */
    const struct hr_price *price; /* of one */
    const char *item;
};

static const char *item_of(const struct hr_price *price)
{
    return price->item != NULL && price->item[0] != '\0' ? price->item : price->id;
}

static bool look_up(const struct hr_bill *bill, struct part *part,
                    enum hr_cost_category category, int64_t n, const char *id, GError **error)
{
    *part = (struct part){.category = category, .n = n};
    if (n <= 0) {
        part->n = 0;
        return true;
    }
    const struct hr_cost_input *input = bill->input;
    bool is_of_server = category == HR_COST_SERVER || category == HR_COST_MEMORY;
    part->price = hr_bill_price(bill, id, error, is_of_server ? "server %s" : "storage %s",
                                is_of_server ? input->server->id : input->storage->id);
    if (part->price == NULL) {
        return false;
    }
    part->item = item_of(part->price);
    return true;
}

static bool look_up_host_parts(const struct hr_bill *bill, struct part parts[PART__COUNT],
                               GError **error)
{
    const struct hr_cost_input *input = bill->input;
    const char *memory_id =
        bill->params->memory_id != NULL ? bill->params->memory_id : input->server->memory_id;
    char dimm_id[128];
    (void)g_snprintf(dimm_id, sizeof dimm_id, "%s-%dgb",
                     memory_id != NULL ? memory_id : "ddr5-rdimm", input->memory.dimm_gib);
    int64_t n_dimms = (int64_t)input->n_hosts * input->memory.n_dimms;
    if (!look_up(bill, &parts[PART_SERVER], HR_COST_SERVER, input->n_hosts,
                 input->server->price_id, error) ||
        !look_up(bill, &parts[PART_DIMM], HR_COST_MEMORY, n_dimms, dimm_id, error)) {
        return false;
    }
    parts[PART_SERVER].item = input->server->name;
    parts[PART_SERVER].is_of_hosts = true;
    parts[PART_DIMM].is_of_hosts = true;
    return true;
}

static bool look_up_storage_parts(const struct hr_bill *bill, struct part parts[PART__COUNT],
                                  GError **error)
{
    const struct hr_cost_input *input = bill->input;
    const struct hr_storage *storage = input->storage;
    int n_arrays =
        storage->array_price_id != NULL ? hr_storage_arrays(storage, input->n_disks) : 0;
    int n_disks = storage->disk_price_id != NULL ? input->n_disks : 0;
    int64_t n_nics = (int64_t)input->n_hosts * storage->nics_per_host;
    if (!look_up(bill, &parts[PART_ARRAY], HR_COST_STORAGE, n_arrays, storage->array_price_id,
                 error) ||
        !look_up(bill, &parts[PART_DISK], HR_COST_STORAGE, n_disks, storage->disk_price_id,
                 error) ||
        !look_up(bill, &parts[PART_SWITCH], HR_COST_NETWORK, storage->switches,
                 storage->switch_price_id, error) ||
        !look_up(bill, &parts[PART_NIC], HR_COST_NETWORK, n_nics, storage->nic_price_id,
                 error)) {
        return false;
    }
    parts[PART_ARRAY].item = storage->name;
    parts[PART_NIC].is_of_hosts = true;
    return true;
}

static bool look_up_parts(const struct hr_bill *bill, struct part parts[PART__COUNT],
                          GError **error)
{
    for (int i = 0; i < PART__COUNT; i++) {
        parts[i] = (struct part){0};
    }
    return look_up_host_parts(bill, parts, error) &&
           (bill->input->storage == NULL || look_up_storage_parts(bill, parts, error));
}

static char *rule_of(const struct hr_bill *bill, enum part_id id, int64_t n)
{
    const struct hr_cost_input *input = bill->input;
    const char *hosts = input->n_hosts == 1 ? "host" : "hosts";
    const char *several = n == 1 ? "" : "s";
    switch (id) {
    case PART_SERVER:
        return hr_bill_text(bill, "%d %s", input->n_hosts, hosts);
    case PART_DIMM:
        return hr_bill_text(bill, "%d %s × %d modules of %d GB = %" G_GINT64_FORMAT " modules",
                            input->n_hosts, hosts, input->memory.n_dimms,
                            input->memory.dimm_gib, n);
    case PART_ARRAY:
        return hr_bill_text(bill, "%" G_GINT64_FORMAT " array%s", n, several);
    case PART_DISK:
        if (input->storage->kind != HR_STORAGE_ARRAY) {
            return hr_bill_text(bill,
                                "%d %s × %" G_GINT64_FORMAT " = %" G_GINT64_FORMAT " disks",
                                input->n_hosts, hosts, n / input->n_hosts, n);
        }
        return hr_bill_text(bill, "%" G_GINT64_FORMAT " disk%s", n, several);
    case PART_SWITCH:
        return hr_bill_text(bill, "%" G_GINT64_FORMAT " switch%s", n, n == 1 ? "" : "es");
    case PART_NIC:
        return hr_bill_text(bill, "%d %s × %d = %" G_GINT64_FORMAT " card%s", input->n_hosts,
                            hosts, input->storage->nics_per_host, n, several);
    case PART__COUNT:
        break;
    }
    return NULL;
}

bool hr_bill_add_hardware(struct hr_bill *bill, GError **error)
{
    struct part parts[PART__COUNT];
    if (!look_up_parts(bill, parts, error)) {
        return false;
    }
    for (int i = 0; i < PART__COUNT; i++) {
        const struct part *part = &parts[i];
        if (part->n == 0) {
            continue;
        }
        g_autofree char *rule = rule_of(bill, (enum part_id)i, part->n);
        struct hr_bill_entry entry = {
            .category = part->category,
            .item = part->item,
            .rule = rule,
            .units = (double)part->n,
            .unit = part->price->unit,
            .price = part->price->price,
            .price_id = part->price->id,
            .used = {part->price},
        };
        if (!hr_bill_buy(bill, &entry, error)) {
            return false;
        }
    }
    return true;
}

/* ---- maintenance ---- */

/* What is maintained together. */
struct maintained {
    const char *item;
    const char *what; /* in words */
    bool is_of_hosts;
    double year_frac;      /* share of the purchase a year; 0: the book's */
    double included_years; /* of support that came with the purchase */
};

/* The share of year y (from y - 1 to y) that the support of the purchase does not cover. */
static double uncovered(double included_years, int year)
{
    double rest = (double)year - included_years;
    return rest <= 0.0 ? 0.0 : rest < 1.0 ? rest : 1.0;
}

/* The purchase is the units and the share the price, so that the price is the book's as in any
 * other line. */
static bool maintain(struct hr_bill *bill, const struct part parts[PART__COUNT],
                     const struct maintained *m, GError **error)
{
    if (uncovered(m->included_years, bill->params->years) <= 0.0) {
        return true;
    }
    struct hr_bill_entry entry = {
        .category = HR_COST_SUPPORT, .item = m->item, .unit = bill->prices->currency};
    int n_used = 0;
    entry.price = hr_decimal_from_double(m->year_frac);
    if (entry.price <= 0) {
        const struct hr_price *ratio = hr_bill_price(bill, "hw-maintenance-year-ratio", error,
                                                     "maintenance of %s", m->what);
        if (ratio == NULL) {
            return false;
        }
        entry.price = ratio->price;
        entry.price_id = ratio->id;
        entry.used[n_used++] = ratio;
    }
    hr_decimal purchase = 0;
    for (int i = 0; i < PART__COUNT; i++) {
        if (parts[i].n > 0 && parts[i].is_of_hosts == m->is_of_hosts) {
            purchase += hr_decimal_mul(parts[i].n * HR_DECIMAL_ONE, parts[i].price->price);
            entry.used[n_used++] = parts[i].price;
        }
    }
    g_autofree char *rule = hr_bill_text(
        bill,
        "%.10g a year of the %.2f that %s cost, once the included support of %.10g y ends",
        hr_decimal_to_double(entry.price), hr_decimal_to_double(purchase), m->what,
        m->included_years);
    entry.rule = rule;
    for (int year = 1; year <= bill->params->years; year++) {
        entry.units = hr_decimal_to_double(purchase) * uncovered(m->included_years, year);
        if (!hr_bill_run(bill, &entry, year, HR_BILL_START_OF_YEAR, error)) {
            return false;
        }
    }
    return true;
}

bool hr_bill_add_maintenance(struct hr_bill *bill, GError **error)
{
    struct part parts[PART__COUNT];
    if (!look_up_parts(bill, parts, error)) {
        return false;
    }
    struct maintained hosts = {
        .item = "Maintenance, hosts",
        .what = "servers, memory and network cards",
        .is_of_hosts = true,
        .included_years = bill->input->server->support_included_years,
    };
    if (!maintain(bill, parts, &hosts, error)) {
        return false;
    }
    if (bill->input->storage == NULL) {
        return true;
    }
    struct maintained storage = {
        .item = "Maintenance, storage",
        .what = "array, disks and switches",
        .year_frac = bill->input->storage->maintenance_year_frac,
        .included_years = bill->input->storage->support_included_years,
    };
    return maintain(bill, parts, &storage, error);
}
