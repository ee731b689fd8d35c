/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/backup_order.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

struct hr_backup_order {
    GArray *choices; /* struct hr_backup_choice */
    struct hr_backup_plan plan;
};

static const struct hr_backup *sold(const hr_catalog *catalog, const char *id)
{
    for (size_t i = 0; i < hr_catalog_n_backups(catalog); i++) {
        const struct hr_backup *backup = hr_catalog_backup_at(catalog, i);
        if (strcmp(backup->id, id) == 0) {
            return backup;
        }
    }
    return NULL;
}

static void unknown(const hr_catalog *catalog, const char *id, GError **error)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (size_t i = 0; i < hr_catalog_n_backups(catalog); i++) {
        g_string_append_printf(all, "%s%s", i > 0 ? ", " : "",
                               hr_catalog_backup_at(catalog, i)->id);
    }
    if (hr_catalog_backup(catalog, id) != NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--backup: \"%s\" is not sold by this price book (%s); name its book by "
                    "--prices",
                    id, all->str);
    } else {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--backup: \"%s\" is not in the catalogue (%s)", id, all->str);
    }
}

static bool add_target(struct hr_backup_order *order, const struct hr_backup *target,
                       GError **error)
{
    if (order->plan.target != NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--backup: one target at a time, not %s and %s", order->plan.target->id,
                    target->id);
        return false;
    }
    order->plan.target = target;
    return true;
}

static bool add_name(struct hr_backup_order *order, const char *name, const hr_catalog *catalog,
                     GError **error)
{
    g_auto(GStrv) parts = g_strsplit(name, ":", 2);
    const char *id = parts[0] != NULL ? parts[0] : "";
    bool has_count = parts[0] != NULL && parts[1] != NULL;
    const struct hr_backup *backup = sold(catalog, id);
    if (backup == NULL) {
        unknown(catalog, id, error);
        return false;
    }
    int64_t n_servers = 0;
    bool needs_count =
        backup->kind == HR_BACKUP_LICENCE && backup->rule == HR_BACKUP_PER_SERVER;
    if (has_count != needs_count ||
        (has_count && !hr_parse_int(parts[1], 1, 100000, &n_servers))) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    needs_count ? "--backup: %s is licensed by server: %s:N for N of them"
                                : "--backup: %s is not licensed by server: %s alone",
                    id, id);
        return false;
    }
    if (backup->kind == HR_BACKUP_TARGET) {
        return add_target(order, backup, error);
    }
    struct hr_backup_choice choice = {backup, (int)n_servers};
    g_array_append_val(order->choices, choice);
    return true;
}

struct hr_backup_order *hr_backup_order_new(char *const *names, const struct hr_costs *costs,
                                            const hr_catalog *catalog, GError **error)
{
    struct hr_backup_order *order = g_new0(struct hr_backup_order, 1);
    order->choices = g_array_new(FALSE, FALSE, sizeof(struct hr_backup_choice));
    order->plan.retention_days = costs->retention_days;
    order->plan.change_frac = costs->change_pct / 100.0;
    for (size_t i = 0; names[i] != NULL; i++) {
        if (!add_name(order, names[i], catalog, error)) {
            hr_backup_order_free(order);
            return NULL;
        }
    }
    order->plan.products = (const struct hr_backup_choice *)(const void *)order->choices->data;
    order->plan.n_products = order->choices->len;
    return order;
}

void hr_backup_order_free(struct hr_backup_order *order)
{
    if (order != NULL) {
        g_array_free(order->choices, TRUE);
        g_free(order);
    }
}

const struct hr_backup_plan *hr_backup_order_plan(const struct hr_backup_order *order)
{
    return &order->plan;
}
