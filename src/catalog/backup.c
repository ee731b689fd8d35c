/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "catalog/entries.h"
#include "catalog/schema.h"

static const char *const KINDS[] = {
    [HR_BACKUP_LICENCE] = "licence", [HR_BACKUP_TARGET] = "target", NULL};

static const char *const RULES[HR_BACKUP__COUNT + 1] = {
    [HR_BACKUP_PER_SOCKET] = "per_socket",
    [HR_BACKUP_PER_SOCKET_PACK] = "per_socket_pack",
    [HR_BACKUP_PER_GUEST_PACK] = "per_guest_pack",
    [HR_BACKUP_SMALL_SITE] = "small_site",
    [HR_BACKUP_PER_SERVER] = "per_server",
    [HR_BACKUP_PER_TB] = "per_tb",
    [HR_BACKUP__COUNT] = NULL,
};

#define BACKUP struct hr_backup
static const struct hr_field FIELDS[] = {
    HR_FIELD_OF(BACKUP, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(BACKUP, vendor, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_OF(BACKUP, books, HR_FIELD_TEXTS, HR_OPTIONAL),
    HR_FIELD_ONE_OF(BACKUP, kind, HR_REQUIRED, KINDS),
    HR_FIELD_OF(BACKUP, price_id, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(BACKUP, is_price_yours, HR_FIELD_BOOL, HR_OPTIONAL),
    HR_FIELD_ONE_OF(BACKUP, rule, HR_OPTIONAL, RULES),
    HR_FIELD_OF(BACKUP, yearly, HR_FIELD_BOOL, HR_OPTIONAL),
    HR_FIELD_OF(BACKUP, discount_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_OF(BACKUP, support_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_COUNT(BACKUP, support_free_years, HR_OPTIONAL, 0, 15),
    HR_FIELD_COUNT(BACKUP, licences_per_pack, HR_OPTIONAL, 1, 1000),
    HR_FIELD_COUNT(BACKUP, max_sockets, HR_OPTIONAL, 1, 10000),
    HR_FIELD_COUNT(BACKUP, max_guests, HR_OPTIONAL, 1, 100000),
    HR_FIELD_OF(BACKUP, beyond, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_NUMBER(BACKUP, compression_ratio, HR_OPTIONAL, 1, 100),
    HR_FIELD_COUNT(BACKUP, copies, HR_OPTIONAL, 0, 10),
    HR_FIELD_NUMBER(BACKUP, capacity_tb, HR_OPTIONAL, 0.01, 1e6),
    HR_FIELD_NUMBER(BACKUP, reduction_ratio, HR_OPTIONAL, 1, 100),
    HR_FIELD_OF(BACKUP, disk_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_NUMBER(BACKUP, disk_tb, HR_OPTIONAL, 0.01, 1000),
    HR_FIELD_COUNT(BACKUP, disks_max, HR_OPTIONAL, 1, 1000),
    HR_FIELD_COUNT(BACKUP, parity_disks, HR_OPTIONAL, 0, 100),
    HR_FIELD_COUNT(BACKUP, rack_units, HR_OPTIONAL, 1, 50),
    HR_FIELD_NUMBER(BACKUP, maintenance_year_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_NUMBER(BACKUP, support_included_years, HR_OPTIONAL, 0, 20),
    {.key = NULL},
};

/* What the one kind needs the other has no use for. */
static void check_keys(const struct hr_entry_file *file, const struct hr_backup *backup)
{
    static const char *const of_product[] = {"rule",
                                             "yearly",
                                             "discount_id",
                                             "support_price_id",
                                             "support_free_years",
                                             "licences_per_pack",
                                             "max_sockets",
                                             "max_guests",
                                             "beyond",
                                             "compression_ratio",
                                             "copies",
                                             NULL};
    static const char *const of_target[] = {"capacity_tb",
                                            "reduction_ratio",
                                            "disk_price_id",
                                            "disk_tb",
                                            "disks_max",
                                            "parity_disks",
                                            "rack_units",
                                            "maintenance_year_frac",
                                            "support_included_years",
                                            NULL};
    const hr_node *root = hr_tree_root(file->tree);
    const char *const *foreign = backup->kind == HR_BACKUP_TARGET ? of_product : of_target;
    for (; *foreign != NULL; foreign++) {
        if (hr_node_get(root, *foreign) != NULL) {
            hr_entry_fail(file, root, *foreign, "wrong kind", "'%s' is no key of a %s",
                          *foreign, KINDS[backup->kind]);
        }
    }
}

static void check_product(const struct hr_entry_file *file, const struct hr_backup *backup)
{
    const hr_node *root = hr_tree_root(file->tree);
    bool has_limit = backup->max_sockets > 0 || backup->max_guests > 0;
    bool is_pack =
        backup->rule == HR_BACKUP_PER_SOCKET_PACK || backup->rule == HR_BACKUP_PER_GUEST_PACK;
    (void)hr_node_require(file->tree, root, "rule", file->diag);
    if (has_limit != (backup->beyond != NULL)) {
        hr_entry_fail(file, root, has_limit ? "max_guests" : "beyond", "beyond",
                      "limits and 'beyond' belong together: what is taken beyond them");
    }
    if (is_pack) {
        (void)hr_node_require(file->tree, root, "licences_per_pack", file->diag);
    }
    if (backup->rule == HR_BACKUP_SMALL_SITE &&
        (backup->max_sockets == 0 || backup->max_guests == 0)) {
        hr_entry_fail(file, root, "rule", "limits",
                      "a small site is told by 'max_sockets' and 'max_guests'");
    }
}

static void check_target(const struct hr_entry_file *file, const struct hr_backup *backup)
{
    const hr_node *root = hr_tree_root(file->tree);
    bool has_disks = backup->disk_price_id != NULL;
    if (has_disks == (backup->capacity_tb > 0.0)) {
        hr_entry_fail(file, root, "capacity_tb", "capacity",
                      "a target has either 'capacity_tb' or 'disk_price_id' and its disks");
    } else if (has_disks &&
               (backup->disk_tb <= 0.0 || backup->disks_max <= backup->parity_disks)) {
        hr_entry_fail(file, root, "disk_price_id", "capacity",
                      "disks need 'disk_tb', and 'disks_max' above 'parity_disks'");
    }
    (void)hr_node_require(file->tree, root, "rack_units", file->diag);
}

struct hr_backup *hr_backup_read(const hr_tree *tree, const char *id, hr_diag *diag)
{
    struct hr_entry_file file = {.tree = tree, .diag = diag};
    struct hr_backup *backup = g_new0(struct hr_backup, 1);
    *backup = (struct hr_backup){.id = g_strdup(id),
                                 .licences_per_pack = 1,
                                 .compression_ratio = 1.0,
                                 .reduction_ratio = 1.0,
                                 .copies = 1};
    hr_entry_read(&file, FIELDS, backup, &backup->sources);
    if (hr_node_kind(hr_tree_root(tree)) != HR_NODE_MAP) {
        return backup;
    }
    check_keys(&file, backup);
    if (backup->kind == HR_BACKUP_TARGET) {
        check_target(&file, backup);
    } else {
        check_product(&file, backup);
    }
    return backup;
}

void hr_backup_free(struct hr_backup *backup)
{
    if (backup != NULL) {
        hr_fields_clear(FIELDS, backup);
        hr_origins_clear(&backup->sources);
        g_free(backup->id);
        g_free(backup);
    }
}
