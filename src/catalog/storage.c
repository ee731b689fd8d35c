/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "catalog/entries.h"
#include "catalog/schema.h"

static const char *const KINDS[HR_STORAGE__COUNT + 1] = {
    [HR_STORAGE_ARRAY] = "array",
    [HR_STORAGE_HCI] = "hci",
    [HR_STORAGE_LOCAL] = "local",
};

static const char *const PER[HR_ADDON_PER__COUNT + 1] = {
    [HR_ADDON_PER_CLUSTER] = "cluster",
    [HR_ADDON_PER_HOST] = "host",
    [HR_ADDON_PER_ARRAY] = "array",
    [HR_ADDON_PER_TB] = "tb",
};

#define ADDON struct hr_storage_addon
static const struct hr_field ADDON_FIELDS[] = {
    HR_FIELD_OF(ADDON, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(ADDON, price_id, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_ONE_OF(ADDON, per, HR_REQUIRED, PER),
    HR_FIELD_OF(ADDON, yearly, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(ADDON, support_year_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_NUMBER(ADDON, write_penalty_factor, HR_OPTIONAL, 0.01, 100),
    HR_FIELD_NUMBER(ADDON, latency_factor, HR_OPTIONAL, 0.01, 100),
    HR_FIELD_OF(ADDON, source, HR_FIELD_TEXT, HR_REQUIRED),
    {.key = NULL},
};

#define STORAGE struct hr_storage
static const struct hr_field FIELDS[] = {
    HR_FIELD_OF(STORAGE, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(STORAGE, books, HR_FIELD_TEXTS, HR_OPTIONAL),
    HR_FIELD_OF(STORAGE, by_name, HR_FIELD_BOOL, HR_OPTIONAL),
    HR_FIELD_ONE_OF(STORAGE, kind, HR_OPTIONAL, KINDS),
    HR_FIELD_COUNT(STORAGE, copies, HR_OPTIONAL, 1, 8),
    HR_FIELD_COUNT(STORAGE, hosts_min, HR_OPTIONAL, 1, 96),
    HR_FIELD_NUMBER(STORAGE, round_trip_ms, HR_OPTIONAL, 0, 1000),
    HR_FIELD_NUMBER(STORAGE, restore_h, HR_OPTIONAL, 0, 1000),
    HR_FIELD_OF(STORAGE, array_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_OF(STORAGE, disk_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
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
    {.key = "addons", .kind = HR_FIELD_CUSTOM, .fields = ADDON_FIELDS},
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

/* What belongs to one kind stands there and nowhere else. */
static void check_kind(const struct hr_entry_file *file, const struct hr_storage *storage)
{
    static const struct {
        const char *key;
        enum hr_storage_kind kind;
        bool is_required;
    } keys[] = {{"array_price_id", HR_STORAGE_ARRAY, true},
                {"disk_price_id", HR_STORAGE_ARRAY, true},
                {"round_trip_ms", HR_STORAGE_ARRAY, false},
                {"hosts_min", HR_STORAGE_HCI, true},
                {"restore_h", HR_STORAGE_LOCAL, true}};
    const hr_node *root = hr_tree_root(file->tree);
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        bool is_given = hr_node_get(root, keys[i].key) != NULL;
        bool is_of_kind = storage->kind == keys[i].kind;
        bool is_of_all = strcmp(keys[i].key, "disk_price_id") == 0;
        if (is_given && !is_of_kind && !is_of_all) {
            hr_entry_fail(file, root, keys[i].key, "kind of storage",
                          "'%s' has no meaning for 'kind: %s'", keys[i].key,
                          KINDS[storage->kind]);
        } else if (!is_given && is_of_kind && keys[i].is_required) {
            (void)hr_node_require(file->tree, root, keys[i].key, file->diag);
        }
    }
    bool is_pool = storage->kind == HR_STORAGE_HCI;
    if (is_pool && storage->hosts_min > 0 && storage->hosts_min <= hr_storage_copies(storage)) {
        hr_entry_fail(file, root, "hosts_min", "kind of storage",
                      "%d hosts leave none to rebuild on where everything is stored %d times",
                      storage->hosts_min, hr_storage_copies(storage));
    }
    if (is_pool && (storage->parity_disks > 0 || storage->spare_disks > 0)) {
        hr_entry_fail(file, root, storage->parity_disks > 0 ? "parity_disks" : "spare_disks",
                      "kind of storage",
                      "a pool over hosts has copies, and neither parity nor spare disks");
    }
    if (storage->kind == HR_STORAGE_LOCAL && storage->copies > 1) {
        hr_entry_fail(file, root, "copies", "kind of storage",
                      "what is stored on more than one host is 'kind: hci'");
    }
    if (storage->round_trip_ms > 0.0 && storage->copies < 2) {
        hr_entry_fail(file, root, "round_trip_ms", "kind of storage",
                      "a write waits for another array only where 'copies' is 2 or more");
    }
}

static void read_addons(const struct hr_entry_file *file, struct hr_storage *storage)
{
    const hr_node *list = hr_entry_list(file, hr_tree_root(file->tree), "addons");
    size_t n = list != NULL ? hr_node_length(list) : 0;
    storage->addons = g_new0(struct hr_storage_addon, n + 1);
    storage->n_addons = n;
    for (size_t i = 0; i < n; i++) {
        struct hr_storage_addon *addon = &storage->addons[i];
        const hr_node *map = hr_node_at(list, i);
        hr_fields_read(file, map, ADDON_FIELDS, addon);
        if (addon->yearly && addon->support_year_frac > 0.0) {
            hr_entry_fail(file, map, "yearly", "support twice",
                          "a subscription ('yearly') holds its support already");
        }
        if (addon->per == HR_ADDON_PER_ARRAY && storage->kind != HR_STORAGE_ARRAY) {
            hr_entry_fail(file, map, "per", "kind of storage", "there is no array here");
        }
    }
}

/* Copies and add-ons change what a write costs and how long service takes. */
static void fold_in(struct hr_storage *storage)
{
    storage->raid_write_penalty *= hr_storage_copies(storage);
    for (size_t i = 0; i < storage->n_addons; i++) {
        const struct hr_storage_addon *addon = &storage->addons[i];
        if (addon->write_penalty_factor > 0.0) {
            storage->raid_write_penalty *= addon->write_penalty_factor;
        }
        if (addon->latency_factor > 0.0) {
            storage->latency_ms *= addon->latency_factor;
        }
    }
}

const char *hr_storage_kind_name(enum hr_storage_kind kind)
{
    hr_assert(kind < HR_STORAGE__COUNT);
    return KINDS[kind];
}

int hr_storage_arrays(const struct hr_storage *storage, int n_disks)
{
    int copies = hr_storage_copies(storage);
    if (storage->kind != HR_STORAGE_ARRAY) {
        return 0;
    }
    if (storage->disks_max <= 0) {
        return copies;
    }
    int group = storage->disks_group > 1 ? storage->disks_group : 1;
    int most = storage->disks_max / group * group;
    int at_a_site = n_disks / copies;
    return at_a_site > most && most > 0 ? (at_a_site + most - 1) / most * copies : copies;
}

struct hr_platform hr_platform_on_storage(const struct hr_platform *base,
                                          const struct hr_storage *storage)
{
    struct hr_platform platform = *base;
    if (storage != NULL && storage->kind == HR_STORAGE_LOCAL) {
        platform.has_ha = false;
        platform.has_live_migration = false;
        platform.has_balancing = false;
        platform.manual_restart_s = storage->restore_h * 3600.0;
    }
    return platform;
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
    check_kind(&file, storage);
    read_addons(&file, storage);
    check_priced(&file, "switch_price_id", storage->switch_price_id, "switches",
                 storage->switches);
    check_priced(&file, "nic_price_id", storage->nic_price_id, "nics_per_host",
                 storage->nics_per_host);
    if (hr_node_get(root, "watt") == NULL) {
        hr_node_require(tree, root, "watt_price_id", diag);
    }
    fold_in(storage);
    return storage;
}

void hr_storage_free(struct hr_storage *storage)
{
    if (storage != NULL) {
        for (size_t i = 0; i < storage->n_addons; i++) {
            hr_fields_clear(ADDON_FIELDS, &storage->addons[i]);
        }
        g_free(storage->addons);
        hr_fields_clear(FIELDS, storage);
        hr_origins_clear(&storage->sources);
        g_free(storage->id);
        g_free(storage);
    }
}
