/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backup: licences by the product's rule, and boxes for what is kept. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "cost/bill.h"
#include "cost/licence.h"

static const double gib_per_tb = 1e12 / (1024.0 * 1024.0 * 1024.0);

/* ---- how much is kept ---- */

/* First full and a day's changes for every day of the retention, of the data at the end of the
 * years, compressed by the product or reduced by the box: by whichever does it better, for what
 * the one has packed the other cannot. In TB, of one copy. */
static double kept_tb(const struct hr_bill *bill)
{
    const struct hr_backup_plan *plan = bill->params->backup;
    double ratio = plan->target != NULL ? plan->target->reduction_ratio : 1.0;
    for (size_t i = 0; i < plan->n_products; i++) {
        ratio = fmax(ratio, plan->products[i].product->compression_ratio);
    }
    return bill->input->disk_gib / gib_per_tb *
           (1.0 + plan->retention_days * plan->change_frac) / ratio;
}

static int copies_of(const struct hr_backup_plan *plan)
{
    int copies = 0;
    for (size_t i = 0; i < plan->n_products; i++) {
        copies += plan->products[i].product->copies;
    }
    return MAX(1, copies);
}

static double box_tb(const struct hr_backup *target)
{
    return target->capacity_tb > 0.0
               ? target->capacity_tb
               : (target->disks_max - target->parity_disks) * target->disk_tb;
}

/* Of one copy. */
static int64_t boxes_of_copy(const struct hr_bill *bill)
{
    double n = ceil(kept_tb(bill) / box_tb(bill->params->backup->target) - 1e-9);
    return MAX(1, (int64_t)n);
}

int64_t hr_bill_backup_boxes(const struct hr_bill *bill)
{
    const struct hr_backup_plan *plan = bill->params->backup;
    return plan != NULL && plan->target != NULL ? boxes_of_copy(bill) * copies_of(plan) : 0;
}

/* "4.20 TB × (1 + 30 d × 0.05) / 2 = 5.25 TB". Owner: the caller. */
static char *kept_text(const struct hr_bill *bill)
{
    const struct hr_backup_plan *plan = bill->params->backup;
    double data_tb = bill->input->disk_gib / gib_per_tb;
    double all = data_tb * (1.0 + plan->retention_days * plan->change_frac);
    double kept = kept_tb(bill);
    return hr_bill_text(bill, "%.2f TB × (1 + %.10g d × %.10g) / %.10g = %.2f TB", data_tb,
                        plan->retention_days, plan->change_frac, kept > 0.0 ? all / kept : 1.0,
                        kept);
}

/* ---- licences ---- */

/* How a product's licence counts. */
struct counted {
    const struct hr_licence_rule *rule; /* NULL: counted here */
    struct hr_licence_case c;
    double units;
};

static const struct hr_licence_rule *rule_of(const struct hr_backup *product)
{
    switch (product->rule) {
    case HR_BACKUP_PER_SOCKET:
        return hr_licence_rule_find("per-socket");
    case HR_BACKUP_PER_SOCKET_PACK:
        return hr_licence_rule_find("per-socket-pack");
    case HR_BACKUP_PER_GUEST_PACK:
        return hr_licence_rule_find("per-guest-pack");
    case HR_BACKUP_SMALL_SITE:
        return hr_licence_rule_find("per-socket-small-site");
    case HR_BACKUP_PER_SERVER:
    case HR_BACKUP_PER_TB:
    case HR_BACKUP__COUNT:
        break;
    }
    return NULL;
}

static struct counted count(const struct hr_bill *bill, const struct hr_backup *product,
                            int n_servers)
{
    const struct hr_cost_input *input = bill->input;
    struct counted counted = {.rule = rule_of(product),
                              .c = {.n_hosts = input->n_hosts,
                                    .sockets = input->server->sockets,
                                    .cores_per_socket = input->server->cores_per_socket,
                                    .n_guests = input->n_guests,
                                    .terms = {.guests_per_licence = product->licences_per_pack,
                                              .sockets_per_licence = product->licences_per_pack,
                                              .max_sockets = product->max_sockets,
                                              .max_guests = product->max_guests}}};
    if (counted.rule == NULL) {
        counted.units = product->rule == HR_BACKUP_PER_SERVER ? (double)n_servers
                                                              : ceil(kept_tb(bill) - 1e-9);
        return counted;
    }
    counted.units = (double)counted.rule->count(&counted.c);
    if (product->rule == HR_BACKUP_PER_GUEST_PACK) {
        counted.units *= product->licences_per_pack; /* the price is of one licence */
    }
    return counted;
}

static bool is_allowed(const struct counted *counted)
{
    return counted->rule == NULL || counted->rule->is_allowed == NULL ||
           counted->rule->is_allowed(&counted->c);
}

static char *text_of(const struct hr_bill *bill, const struct hr_backup *asked,
                     const struct hr_backup *product, const struct counted *counted)
{
    g_autofree char *how = NULL;
    if (hr_bill_is_silent(bill)) {
        return NULL;
    }
    if (counted->rule != NULL) {
        how = counted->rule->explain(&counted->c);
    } else if (product->rule == HR_BACKUP_PER_TB) {
        how = kept_text(bill);
    } else {
        how = g_strdup_printf("%.10g servers, as asked", counted->units);
    }
    g_autofree char *of_pack =
        product->rule == HR_BACKUP_PER_GUEST_PACK
            ? g_strdup_printf(" × %d licences", product->licences_per_pack)
            : g_strdup("");
    return asked == product ? g_strdup_printf("%s%s", how, of_pack)
                            : g_strdup_printf("%s%s; %s is not sold for a cluster of this size",
                                              how, of_pack, asked->name);
}

/* Maintenance of what was bought once, free in the first years. */
static bool add_support(struct hr_bill *bill, const struct hr_backup *product,
                        const struct hr_bill_entry *purchase, GError **error)
{
    if (product->support_price_id == NULL) {
        return true;
    }
    const struct hr_price *ratio = hr_bill_price(bill, product->support_price_id, error,
                                                 "maintenance of %s", product->name);
    if (ratio == NULL) {
        return false;
    }
    double frac = hr_decimal_to_double(ratio->price);
    g_autofree char *item = g_strconcat(product->name, ", maintenance", NULL);
    g_autofree char *rule = hr_bill_text(bill, "%s; %.10g of the price a year from year %d on",
                                         purchase->rule != NULL ? purchase->rule : "", frac,
                                         product->support_free_years + 1);
    struct hr_bill_entry entry = *purchase;
    entry.item = item;
    entry.rule = rule;
    entry.units *= frac;
    entry.used[2] = ratio;
    bool ok = true;
    for (int y = product->support_free_years + 1; ok && y <= bill->params->years; y++) {
        ok = hr_bill_run(bill, &entry, y, HR_BILL_START_OF_YEAR, error);
    }
    return ok;
}

static bool add_product(struct hr_bill *bill, const struct hr_backup_choice *choice,
                        GError **error)
{
    const struct hr_backup *product = choice->product;
    struct counted counted = count(bill, product, choice->n_servers);
    if (!is_allowed(&counted)) {
        product = product->beyond_product;
        hr_assert(product != NULL); /* the catalogue asks for it */
        counted = count(bill, product, choice->n_servers);
    }
    const struct hr_price *price =
        hr_bill_price(bill, product->price_id, error, "backup %s", product->id);
    if (price == NULL) {
        return false;
    }
    g_autofree char *how = text_of(bill, choice->product, product, &counted);
    struct hr_bill_entry entry = {
        .category = HR_COST_BACKUP,
        .item = product->name,
        .rule = how,
        .units = counted.units,
        .unit = price->unit,
        .price = price->price,
        .price_id = price->id,
        .used = {price},
    };
    g_autofree char *discounted = NULL;
    if (product->discount_id != NULL) {
        const struct hr_price *ratio =
            hr_bill_price(bill, product->discount_id, error, "discount of %s", product->name);
        if (ratio == NULL) {
            return false;
        }
        entry.units *= 1.0 - hr_decimal_to_double(ratio->price);
        entry.used[1] = ratio;
        discounted = hr_bill_text(bill, "%s; less %.10g of the price", how,
                                  hr_decimal_to_double(ratio->price));
        entry.rule = discounted;
    }
    return product->yearly
               ? hr_bill_run_yearly(bill, &entry, HR_BILL_START_OF_YEAR, error)
               : hr_bill_buy(bill, &entry, error) && add_support(bill, product, &entry, error);
}

/* ---- targets ---- */

/* Disks of one box, when a copy is spread evenly over its boxes. */
static int64_t disks_of_box(const struct hr_bill *bill)
{
    const struct hr_backup *target = bill->params->backup->target;
    double tb = kept_tb(bill) / (double)boxes_of_copy(bill);
    return MIN(target->disks_max,
               (int64_t)ceil(tb / target->disk_tb - 1e-9) + target->parity_disks);
}

static bool buy_parts(struct hr_bill *bill, const struct hr_price *price, const char *item,
                      double n, const char *rule, GError **error)
{
    struct hr_bill_entry entry = {
        .category = HR_COST_BACKUP,
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

/* The purchase is the units and the share the price, as of all hardware. */
static bool maintain(struct hr_bill *bill, const struct hr_price *const used[2],
                     const int64_t n_used[2], GError **error)
{
    hr_decimal purchase = 0; /* within bounds: it was bought */
    for (int i = 0; i < 2 && used[i] != NULL; i++) {
        purchase += n_used[i] * used[i]->price;
    }
    const struct hr_backup *target = bill->params->backup->target;
    g_autofree char *item = g_strconcat(target->name, ", maintenance", NULL);
    g_autofree char *rule = hr_bill_text(
        bill,
        "%.10g a year of the %.2f that it cost, once the included support of %.10g y ends",
        target->maintenance_year_frac, hr_decimal_to_double(purchase),
        target->support_included_years);
    struct hr_bill_entry entry = {
        .category = HR_COST_BACKUP,
        .item = item,
        .rule = rule,
        .unit = bill->prices->currency,
        .price = hr_decimal_from_double(target->maintenance_year_frac),
        .used = {used[0], used[1]},
        .part_units = {n_used[0] * HR_DECIMAL_ONE, n_used[1] * HR_DECIMAL_ONE},
    };
    bool ok = true;
    for (int year = 1; ok && year <= bill->params->years; year++) {
        entry.share = fmin(1.0, fmax(0.0, year - target->support_included_years));
        entry.units = hr_decimal_to_double(purchase) * entry.share;
        ok = hr_bill_run(bill, &entry, year, HR_BILL_START_OF_YEAR, error);
    }
    return ok;
}

static bool add_target(struct hr_bill *bill, GError **error)
{
    const struct hr_backup *target = bill->params->backup->target;
    const struct hr_price *used[2] = {
        hr_bill_price(bill, target->price_id, error, "backup %s", target->id), NULL};
    if (used[0] == NULL) {
        return false;
    }
    int64_t n_boxes = hr_bill_backup_boxes(bill);
    g_autofree char *kept = kept_text(bill);
    g_autofree char *rule = hr_bill_text(
        bill, "%s; %" G_GINT64_FORMAT " of %.10g TB × %d cop%s", kept != NULL ? kept : "",
        boxes_of_copy(bill), box_tb(target), copies_of(bill->params->backup),
        copies_of(bill->params->backup) == 1 ? "y" : "ies");
    if (!buy_parts(bill, used[0], target->name, (double)n_boxes, rule, error)) {
        return false;
    }
    int64_t n_used[2] = {n_boxes, 0};
    if (target->disk_price_id != NULL) {
        used[1] =
            hr_bill_price(bill, target->disk_price_id, error, "disks of backup %s", target->id);
        if (used[1] == NULL) {
            return false;
        }
        int64_t n_disks = n_boxes * disks_of_box(bill);
        g_autofree char *item = g_strconcat(target->name, ", disks", NULL);
        g_autofree char *disks = hr_bill_text(
            bill, "%" G_GINT64_FORMAT " × (ceil(%.2f TB / %.10g TB) + %d parity)", n_boxes,
            kept_tb(bill) / (double)boxes_of_copy(bill), target->disk_tb, target->parity_disks);
        if (!buy_parts(bill, used[1], item, (double)n_disks, disks, error)) {
            return false;
        }
        n_used[1] = n_disks;
    }
    return maintain(bill, used, n_used, error);
}

bool hr_bill_add_backup(struct hr_bill *bill, GError **error)
{
    const struct hr_backup_plan *plan = bill->params->backup;
    bool ok = true;
    for (size_t i = 0; ok && plan != NULL && i < plan->n_products; i++) {
        ok = add_product(bill, &plan->products[i], error);
    }
    return ok && (plan == NULL || plan->target == NULL || add_target(bill, error));
}
