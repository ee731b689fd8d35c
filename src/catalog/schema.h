/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog/schema.h - reads a YAML map into a struct by a table of fields, for the catalogue
 * alone.
 *
 * A table names every key an entry may have, its type, its range and where it goes; what the
 * table does not name is a finding. Every number needs an origin in the entry's "sources":
 * under its own key, under the map it stands in, or under "default". An origin begins with its
 * evidence: measured, found, derived, recalled, assumed or fitted.
 */
#ifndef HR_CATALOG_SCHEMA_H
#define HR_CATALOG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "base/fields.h"
#include "base/tree.h"
#include "catalog/catalog.h"

struct hr_entry_file {
    const hr_tree *tree;
    hr_diag *diag;
    bool is_change; /* changes values that are there: no key is required */
};

/* Reads the root map of a file into *out, a zeroed struct of defaults, and its "sources" into
 * *origins. All findings are made, not only the first. Owner: the caller, hr_fields_clear(). */
void hr_entry_read(const struct hr_entry_file *file, const struct hr_field *fields, void *out,
                   struct hr_origins *origins);

/* Reads one map inside an entry, such as an element of a list. */
void hr_fields_read(const struct hr_entry_file *file, const hr_node *map,
                    const struct hr_field *fields, void *out);

/* Frees texts and lists and leaves NULL in their place. */
void hr_fields_clear(const struct hr_field *fields, void *out);
void hr_origins_clear(struct hr_origins *origins);

/* Returns: the list under key, or NULL with a finding when the value is no list; an absent key
 * is NULL without a finding. */
const hr_node *hr_entry_list(const struct hr_entry_file *file, const hr_node *map,
                             const char *key);

/* A fatal finding at the key's value, or at the map when the key is absent. */
void hr_entry_fail(const struct hr_entry_file *file, const hr_node *map, const char *key,
                   const char *reason, const char *format, ...) G_GNUC_PRINTF(5, 6);

#endif
