/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/inventory_output.h - the summary of `headroom inventory` on standard output: for people,
 * and as JSON. */
#ifndef HR_CLI_INVENTORY_OUTPUT_H
#define HR_CLI_INVENTORY_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include "base/diag.h"
#include "inventory/inventory.h"

/* Rows that were left out for one reason. */
struct hr_skipped {
    const char *reason;
    size_t count;
};

/* What is printed; all borrowed. */
struct hr_inventory_printed {
    const struct hr_inventory *inventory;
    const hr_diag *diag;
    const struct hr_skipped *skipped; /* the most frequent reason first */
    size_t n_skipped;
};

void hr_inventory_print_text(const struct hr_inventory_printed *printed, FILE *out);
/* The shape is a contract: doc/headroom-inventory.1. Files by their base names, so that the
 * same file gives the same document wherever it lies. */
void hr_inventory_print_json(const struct hr_inventory_printed *printed, FILE *out);

#endif
