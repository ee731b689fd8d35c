/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a storage needs beside disks: replication, a witness, an optimiser. */
#include <math.h>

#include "base/error.h"
#include "cost/bill.h"

/* How many units, and in *rule how they come about. Owner of *rule: the caller. */
static double units_of(const struct hr_bill *bill, enum hr_addon_per per, char **rule)
{
    const struct hr_cost_input *input = bill->input;
    const struct hr_storage *storage = input->storage;
    int n_arrays = hr_storage_arrays(storage, input->n_disks);
    double tb = ceil(input->n_disks * storage->disk_tb - 1e-9);
    switch (per) {
    case HR_ADDON_PER_CLUSTER:
        *rule = hr_bill_text(bill, "1 for the cluster");
        return 1.0;
    case HR_ADDON_PER_HOST:
        *rule = hr_bill_text(bill, "%d host%s", input->n_hosts, input->n_hosts == 1 ? "" : "s");
        return input->n_hosts;
    case HR_ADDON_PER_ARRAY:
        *rule = hr_bill_text(bill, "%d array%s", n_arrays, n_arrays == 1 ? "" : "s");
        return n_arrays;
    case HR_ADDON_PER_TB:
        *rule = hr_bill_text(bill, "ceil(%d disks × %.10g TB) = %.10g TB", input->n_disks,
                             storage->disk_tb, tb);
        return tb;
    case HR_ADDON_PER__COUNT:
        break;
    }
    hr_assert(per < HR_ADDON_PER__COUNT);
    return 0.0;
}

static bool add_addon(struct hr_bill *bill, const struct hr_storage_addon *addon,
                      GError **error)
{
    const struct hr_price *price = hr_bill_price(bill, addon->price_id, error, "storage %s, %s",
                                                 bill->input->storage->id, addon->name);
    if (price == NULL) {
        return false;
    }
    g_autofree char *rule = NULL;
    struct hr_bill_entry entry = {
        .category = HR_COST_STORAGE,
        .item = addon->name,
        .units = units_of(bill, addon->per, &rule),
        .unit = price->unit,
        .price = price->price,
        .price_id = price->id,
        .used = {price},
    };
    entry.rule = rule;
    if (addon->yearly) {
        return hr_bill_run_yearly(bill, &entry, HR_BILL_START_OF_YEAR, error);
    }
    if (!hr_bill_buy(bill, &entry, error)) {
        return false;
    }
    g_autofree char *item = g_strconcat(addon->name, ", support", NULL);
    g_autofree char *support = hr_bill_text(bill, "%s; support %.10g of the price a year",
                                            rule != NULL ? rule : "", addon->support_year_frac);
    entry.item = item;
    entry.rule = support;
    entry.units *= addon->support_year_frac;
    return hr_bill_run_yearly(bill, &entry, HR_BILL_START_OF_YEAR, error);
}

bool hr_bill_add_addons(struct hr_bill *bill, GError **error)
{
    const struct hr_storage *storage = bill->input->storage;
    size_t n = storage != NULL ? storage->n_addons : 0;
    for (size_t i = 0; i < n; i++) {
        if (!add_addon(bill, &storage->addons[i], error)) {
            return false;
        }
    }
    return true;
}
