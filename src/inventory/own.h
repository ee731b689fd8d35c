/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inventory/own.h - headroom's own inventory file: its columns, shared by reader and writer. */
#ifndef HR_INVENTORY_OWN_H
#define HR_INVENTORY_OWN_H

#include <stdbool.h>
#include <stddef.h>

#include "inventory/dialect.h"

enum hr_own_kind {
    HR_OWN_TEXT,
    HR_OWN_NUMBER,  /* double; blank: HR_UNKNOWN */
    HR_OWN_LIMIT,   /* double; blank or -1: HR_UNKNOWN */
    HR_OWN_WHOLE,   /* int */
    HR_OWN_COUNT,   /* how many copies of the row; no field of the guest */
    HR_OWN_POWER,   /* enum hr_power */
    HR_OWN_YES,     /* bool; blank: no */
    HR_OWN_MAYBE,   /* int 1, 0, -1; blank: -1 */
    HR_OWN_PRIORITY /* int; blank: -1 */
};

struct hr_own_column {
    const char *name;
    size_t offset; /* into struct hr_inventory_guest */
    double least;  /* of numbers */
    double most;
    enum hr_own_kind kind;
    bool is_mandatory;
};

/* In the order in which they are written. */
extern const struct hr_own_column hr_own_columns[];
extern const size_t hr_own_n_columns;

extern const char *const hr_power_names[HR_POWER__COUNT];
extern const char *const hr_priority_names[]; /* by enum hr_priority, NULL-terminated */

/* A spreadsheet runs a field that begins with = + - @ as a formula, so such a text is written
 * behind an apostrophe, and so is one that begins with apostrophes before such a character.
 * Returns: true for texts that are to be written so, or were. */
bool hr_own_is_guarded(const char *text);

extern const struct hr_dialect hr_dialect_own;

#endif
