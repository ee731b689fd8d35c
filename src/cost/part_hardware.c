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
    int64_t n;                    /* to be bought */
    int64_t n_kept;               /* there already */
    const struct hr_price *price; /* of one; NULL where there are none of either */
    const char *item;
};

static const char *item_of(const struct hr_price *price)
{
    return price->item != NULL && price->item[0] != '\0' ? price->item : price->id;
}

/* How many of n are there already. Network cards come with their hosts, switches with storage.
 */
static int64_t n_kept_of(const struct hr_cost_input *input, enum hr_cost_category category,
                         bool is_of_hosts, int64_t n)
{
    const struct hr_cost_kept *kept = input->kept;
    if (kept == NULL) {
        return 0;
    }
    if (!is_of_hosts) {
        return kept->has_storage ? n : 0;
    }
    int64_t each = category == HR_COST_MEMORY ? kept->n_dimms : n / input->n_hosts;
    return MIN(n, (int64_t)kept->n_hosts * each);
}

static bool look_up(const struct hr_bill *bill, struct part *part,
                    enum hr_cost_category category, int64_t n, const char *id, GError **error)
{
    bool is_of_hosts = part->is_of_hosts;
    *part = (struct part){.category = category, .n = n, .is_of_hosts = is_of_hosts};
    if (n <= 0) {
        part->n = 0;
        return true;
    }
    part->n_kept = n_kept_of(bill->input, category, is_of_hosts, n);
    part->n -= part->n_kept;
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

void hr_cost_dimm_id(const struct hr_cost_params *params, const struct hr_server *server,
                     int dimm_gib, char *buf, size_t n)
{
    const char *memory_id = params->memory_id != NULL ? params->memory_id : server->memory_id;
    (void)g_snprintf(buf, n, "%s-%dgb", memory_id != NULL ? memory_id : "ddr5-rdimm", dimm_gib);
}

static bool look_up_host_parts(const struct hr_bill *bill, struct part parts[PART__COUNT],
                               GError **error)
{
    const struct hr_cost_input *input = bill->input;
    char dimm_id[128];
    hr_cost_dimm_id(bill->params, input->server, input->memory.dimm_gib, dimm_id,
                    sizeof dimm_id);
    int64_t n_dimms = (int64_t)input->n_hosts * input->memory.n_dimms;
    if (!look_up(bill, &parts[PART_SERVER], HR_COST_SERVER, input->n_hosts,
                 input->server->price_id, error) ||
        !look_up(bill, &parts[PART_DIMM], HR_COST_MEMORY, n_dimms, dimm_id, error)) {
        return false;
    }
    parts[PART_SERVER].item = input->server->name;
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
    return true;
}

static bool look_up_parts(const struct hr_bill *bill, struct part parts[PART__COUNT],
                          GError **error)
{
    for (int i = 0; i < PART__COUNT; i++) {
        parts[i] =
            (struct part){.is_of_hosts = i == PART_SERVER || i == PART_DIMM || i == PART_NIC};
    }
    return look_up_host_parts(bill, parts, error) &&
           (bill->input->storage == NULL || look_up_storage_parts(bill, parts, error));
}

static char *rule_of(const struct hr_bill *bill, enum part_id id, const struct part *part)
{
    int64_t n = part->n;
    if (part->n_kept > 0) {
        return hr_bill_text(bill,
                            "%" G_GINT64_FORMAT " less %" G_GINT64_FORMAT " there already",
                            n + part->n_kept, part->n_kept);
    }
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
        g_autofree char *rule = rule_of(bill, (enum part_id)i, part);
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
            entry.part_units[n_used] = parts[i].n * HR_DECIMAL_ONE;
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
        entry.share = uncovered(m->included_years, year);
        entry.units = hr_decimal_to_double(purchase) * entry.share;
        if (!hr_bill_run(bill, &entry, year, HR_BILL_START_OF_YEAR, error)) {
            return false;
        }
    }
    return true;
}

/* What is there already has no warranty left: a share of what it would cost today, from the
 * first year on. Of hosts it is that of the server without modules. */
static bool maintain_kept(struct hr_bill *bill, const struct part parts[PART__COUNT],
                          bool is_of_hosts, GError **error)
{
    struct part there[PART__COUNT];
    bool any = false;
    for (int i = 0; i < PART__COUNT; i++) {
        there[i] = parts[i];
        there[i].n = is_of_hosts && i != PART_SERVER ? 0 : parts[i].n_kept;
        any = any || (there[i].n > 0 && there[i].is_of_hosts == is_of_hosts);
    }
    struct maintained kept = {
        .item = is_of_hosts ? "Maintenance, present hosts" : "Maintenance, present storage",
        .what = is_of_hosts ? "servers like the present ones"
                            : "array, disks and switches like the present ones",
        .is_of_hosts = is_of_hosts,
        .year_frac = is_of_hosts ? 0.0 : bill->input->storage->maintenance_year_frac,
    };
    return !any || maintain(bill, there, &kept, error);
}

bool hr_bill_add_maintenance(struct hr_bill *bill, GError **error)
{
    struct part parts[PART__COUNT];
    if (!look_up_parts(bill, parts, error) || !maintain_kept(bill, parts, true, error) ||
        (bill->input->storage != NULL && !maintain_kept(bill, parts, false, error))) {
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
