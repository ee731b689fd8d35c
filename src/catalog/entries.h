/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog/entries.h - one reader per kind of entry, for the catalogue alone.
 *
 * Each reads a whole file into a new entry and adds every finding it has; the entry is returned
 * even then, so that one run names all that is wrong. The id is the first member of each.
 */
#ifndef HR_CATALOG_ENTRIES_H
#define HR_CATALOG_ENTRIES_H

#include "base/fields.h"
#include "base/tree.h"
#include "catalog/catalog.h"

struct hr_os *hr_os_read(const hr_tree *tree, const char *id, hr_diag *diag);
void hr_os_free(struct hr_os *os);
struct hr_role *hr_role_read(const hr_tree *tree, const char *id, hr_diag *diag);
void hr_role_free(struct hr_role *role);
struct hr_platform *hr_platform_read(const hr_tree *tree, const char *id, hr_diag *diag);
void hr_platform_free(struct hr_platform *platform);
struct hr_server *hr_server_read(const hr_tree *tree, const char *id, hr_diag *diag);
void hr_server_free(struct hr_server *server);
struct hr_storage *hr_storage_read(const hr_tree *tree, const char *id, hr_diag *diag);
void hr_storage_free(struct hr_storage *storage);
struct hr_backup *hr_backup_read(const hr_tree *tree, const char *id, hr_diag *diag);
void hr_backup_free(struct hr_backup *backup);

/* Every key of a file, beside its sources; of a platform what a scenario may change too, but
 * for the parameters of its memory policy. */
const struct hr_field *hr_os_fields(void);
const struct hr_field *hr_role_fields(void);
const struct hr_field *hr_platform_changes(void);

#endif
