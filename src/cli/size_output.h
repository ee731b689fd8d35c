/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/size_output.h - the answer of `headroom size` on standard output: for people, and as
 * JSON. */
#ifndef HR_CLI_SIZE_OUTPUT_H
#define HR_CLI_SIZE_OUTPUT_H

#include <stdio.h>

#include <jansson.h>

#include "inventory/inventory.h"
#include "study/size.h"

/* What is printed; all borrowed. */
struct hr_size_printed {
    const struct hr_inventory *inventory;
    const struct hr_guests *guests;
    const hr_pricebook *book;
    const struct hr_size_options *options;
    const struct hr_size_result *result;
};

/* Whole units of currency, "1,234,567", into buf of n bytes. */
void hr_size_format_whole(int64_t cents, char *buf, size_t n);
/* Of a feasible answer: what is priced beside the cluster, its cost by the year and by what is
 * delivered. */
void hr_size_print_costs(const struct hr_size_printed *printed,
                         const struct hr_size_answer *answer, FILE *out);
void hr_size_set_costs(const struct hr_size_printed *printed,
                       const struct hr_size_answer *answer, json_t *row);

void hr_size_print_text(const struct hr_size_printed *printed, FILE *out);
void hr_size_print_json(const struct hr_size_printed *printed, FILE *out);

/* A text and blanks up to so many characters, one at least. */
void hr_size_print_padded(const char *text, int columns, FILE *out);
/* The table of the present hosts; nothing where they were not compared. */
void hr_size_print_keep(const struct hr_size_printed *printed, FILE *out);
/* Adds the list "keep" to the document, where present hosts were compared. */
void hr_size_json_keep(const struct hr_size_printed *printed, json_t *document);

#endif
