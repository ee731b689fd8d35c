/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/entries.h"
#include "catalog/schema.h"

#define STORAGE struct hr_storage
static const struct hr_field FIELDS[] = {
    HR_FIELD_OF(STORAGE, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(STORAGE, books, HR_FIELD_TEXTS, HR_OPTIONAL),
    HR_FIELD_OF(STORAGE, array_price_id, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(STORAGE, disk_price_id, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_NUMBER(STORAGE, disk_tb, HR_REQUIRED, 0.01, 1000),
    HR_FIELD_COUNT(STORAGE, disks_max, HR_REQUIRED, 1, 10000),
    HR_FIELD_COUNT(STORAGE, disks_min, HR_REQUIRED, 1, 10000),
    HR_FIELD_COUNT(STORAGE, disks_group, HR_REQUIRED, 1, 1000),
    HR_FIELD_COUNT(STORAGE, parity_disks, HR_REQUIRED, 0, 1000),
    HR_FIELD_COUNT(STORAGE, spare_disks, HR_REQUIRED, 0, 1000),
    HR_FIELD_NUMBER(STORAGE, raid_write_penalty, HR_REQUIRED, 1, 100),
    HR_FIELD_NUMBER(STORAGE, read_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(STORAGE, iops_per_disk, HR_REQUIRED, 1, 1e7),
    HR_FIELD_NUMBER(STORAGE, latency_ms, HR_REQUIRED, 0.001, 1000),
    HR_FIELD_NUMBER(STORAGE, swap_mibps, HR_REQUIRED, 0.1, 1e6),
    HR_FIELD_NUMBER(STORAGE, headroom_frac, HR_REQUIRED, 0, 0.95),
    HR_FIELD_OF(STORAGE, switch_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_COUNT(STORAGE, switches, HR_OPTIONAL, 0, 1000),
    HR_FIELD_OF(STORAGE, switch_watt_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_OF(STORAGE, nic_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_COUNT(STORAGE, nics_per_host, HR_OPTIONAL, 0, 100),
    HR_FIELD_NUMBER(STORAGE, watt, HR_OPTIONAL, 0, 1e6),
    HR_FIELD_OF(STORAGE, watt_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_NUMBER(STORAGE, maintenance_year_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(STORAGE, support_included_years, HR_REQUIRED, 0, 20),
    {.key = NULL},
};

static void check_disks(const struct hr_entry_file *file, const struct hr_storage *storage)
{
    const hr_node *root = hr_tree_root(file->tree);
    if (storage->disks_min > storage->disks_max) {
        hr_entry_fail(file, root, "disks_min", "disks", "'disks_min' is above 'disks_max'");
    }
    if (storage->disks_min <= storage->parity_disks + storage->spare_disks) {
        hr_entry_fail(file, root, "disks_min", "disks",
                      "'disks_min' leaves no disk for data beside parity and spares");
    }
    if (storage->disks_group > 0 && (storage->disks_min % storage->disks_group != 0 ||
                                     storage->disks_max % storage->disks_group != 0)) {
        hr_entry_fail(file, root, "disks_group", "disks",
                      "'disks_min' and 'disks_max' must be multiples of 'disks_group'");
    }
}

static void check_priced(const struct hr_entry_file *file, const char *id_key, const char *id,
                         const char *count_key, int count)
{
    if ((count > 0) != (id != NULL)) {
        hr_entry_fail(file, hr_tree_root(file->tree), count > 0 ? count_key : id_key,
                      "no price", "'%s' and '%s' belong together", id_key, count_key);
    }
}

struct hr_storage *hr_storage_read(const hr_tree *tree, const char *id, hr_diag *diag)
{
    struct hr_entry_file file = {.tree = tree, .diag = diag};
    struct hr_storage *storage = g_new0(struct hr_storage, 1);
    storage->id = g_strdup(id);
    hr_entry_read(&file, FIELDS, storage, &storage->sources);
    const hr_node *root = hr_tree_root(tree);
    if (hr_node_kind(root) != HR_NODE_MAP) {
        return storage;
    }
    if (storage->disks_min > 0 && storage->disks_max > 0) {
        check_disks(&file, storage);
    }
    check_priced(&file, "switch_price_id", storage->switch_price_id, "switches",
                 storage->switches);
    check_priced(&file, "nic_price_id", storage->nic_price_id, "nics_per_host",
                 storage->nics_per_host);
    if (hr_node_get(root, "watt") == NULL) {
        hr_node_require(tree, root, "watt_price_id", diag);
    }
    return storage;
}

void hr_storage_free(struct hr_storage *storage)
{
    if (storage != NULL) {
        hr_fields_clear(FIELDS, storage);
        hr_origins_clear(&storage->sources);
        g_free(storage->id);
        g_free(storage);
    }
}
