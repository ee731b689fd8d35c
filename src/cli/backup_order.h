/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/backup_order.h - what --backup names, as the plan that is priced.
 *
 * Owner: the order owns the plan; what the plan points to is the catalogue's.
 */
#ifndef HR_CLI_BACKUP_ORDER_H
#define HR_CLI_BACKUP_ORDER_H

#include <glib.h>

#include "catalog/catalog.h"
#include "cost/cost.h"

struct hr_backup_order;

/* names: products and at most one target, each by its name in the catalogue; NAME:N for what is
 * licensed by the servers it is installed on.
 * Returns: the order, the caller's; NULL with *error when a name is not sold by the book, or
 * they do not go together. */
struct hr_backup_order *hr_backup_order_new(char *const *names, const struct hr_costs *costs,
                                            const hr_catalog *catalog, GError **error);
void hr_backup_order_free(struct hr_backup_order *order);
const struct hr_backup_plan *hr_backup_order_plan(const struct hr_backup_order *order);

#endif
