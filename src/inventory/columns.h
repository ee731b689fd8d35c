/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inventory/columns.h - finding the columns of foreign files by their names, never by position:
 * versions rename, reorder and insert them. */
#ifndef HR_INVENTORY_COLUMNS_H
#define HR_INVENTORY_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/sheet.h"

/* A name under which a field may stand. Of several names of a field the first found is taken.
 */
struct hr_column_name {
    int field;
    const char *key; /* as hr_column_key() gives it */
};

struct hr_column {
    int index;    /* in the sheet; -1: the sheet has no such column */
    double scale; /* from the unit in the heading to MiB; 1 without one */
};

/* A heading without what varies: lower case, only letters and digits, and without a memory unit
 * at its end ("# Memory" and "Memory MB" are both "memory"; "Size MiB" is "size").
 * Returns: the caller's; *scale as in struct hr_column. "MB" is binary in all these tools. */
char *hr_column_key(const char *heading, double *scale);

/* True when a heading has this key, or prefix followed by this key. */
bool hr_columns_have(const hr_sheet *sheet, const char *prefix, const char *key);

/* Fills found[0..n_fields). Returns: false with a fatal finding when a column that is to be
 * read stands twice. */
bool hr_columns_find(const hr_sheet *sheet, const char *prefix,
                     const struct hr_column_name *names, size_t n_names,
                     struct hr_column *found, size_t n_fields, hr_diag *diag);

/* The headings in quotes, joined by commas, for messages; at most 12 of them.
 * Returns: the caller's. */
char *hr_columns_list(const hr_sheet *sheet);

#endif
