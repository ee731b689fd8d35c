/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/catalog_output.h - what `headroom catalog` shows: the entries of a kind, and one entry.
 */
#ifndef HR_CLI_CATALOG_OUTPUT_H
#define HR_CLI_CATALOG_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "base/tree.h"
#include "catalog/catalog.h"
#include "catalog/pricebook.h"
#include "cli/grid.h"

/* What is shown; both borrowed. */
struct hr_catalog_source {
    const hr_catalog *catalog;
    const hr_pricebook *book;
};

/* One kind of entry, named as its folder below data/. */
struct hr_catalog_kind {
    const char *name;
    const char *what; /* one line */
    const struct hr_grid_column *columns;
    size_t n_columns;
    size_t (*count)(const struct hr_catalog_source *source);
    /* The entries are in order of their ids. Borrowed. */
    const char *(*id_at)(const struct hr_catalog_source *source, size_t index);
    /* Adds the cells of the entry at index, the id first. */
    void (*add_row)(const struct hr_catalog_source *source, size_t index, hr_grid *grid);
};

/* The kinds, ended by one without a name. */
extern const struct hr_catalog_kind hr_catalog_kinds[];

/* The entries of a kind, a line each. Owner: the caller. */
hr_grid *hr_catalog_list(const struct hr_catalog_kind *kind,
                         const struct hr_catalog_source *source);
/* The same as a list of objects, by the columns' keys. Owner: the caller. */
json_t *hr_catalog_list_json(const hr_grid *grid);

/* An entry of a YAML file: every value beside its unit and the source it comes from. */
void hr_catalog_show(const hr_tree *entry, const char *id, FILE *out);
/* {"values": {...}, "sources": {...}}. Owner: the caller. */
json_t *hr_catalog_show_json(const hr_tree *entry);

/* The same for a price. */
void hr_catalog_show_price(const struct hr_price *price, const char *currency, FILE *out);
json_t *hr_catalog_show_price_json(const struct hr_price *price, const char *currency);

#endif
