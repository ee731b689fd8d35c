/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate/case_cost.h - what a case of the kind "cost" has beside its scenario: the price
 * book, the clusters that are priced, and whose prices are varied until two of them cost the
 * same.
 *
 * Owner: hr_case_cost owns its text, its arrays and its book.
 */
#ifndef HR_VALIDATE_CASE_COST_H
#define HR_VALIDATE_CASE_COST_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/tree.h"
#include "catalog/pricebook.h"
#include "scenario/read.h"

/* The scenario's cluster on one of its platforms, with as few hosts as keep the service levels,
 * at most the scenario's. */
struct hr_case_cluster {
    char *name; /* unique in the case */
    uint32_t variant;
    struct hr_dimm_option memory; /* of a host */
};

/* By how many times must prices change for two clusters to cost the same? */
struct hr_case_break_even {
    char *name;
    char *prices; /* a pattern of price ids: "ddr2-fbdimm-*" */
    size_t between[2];
};

struct hr_case_cost {
    hr_pricebook *book;
    int years;
    struct hr_case_cluster *clusters;
    size_t n_clusters;
    struct hr_case_break_even *break_evens;
    size_t n_break_evens;
};

/* Reads the keys book, years, clusters and break_even of a case's root. scenario: the case's;
 * NULL where it could not be read. Problems are fatal findings in diag. Owner of *out: the
 * caller (hr_case_cost_clear), findings or not. */
void hr_case_cost_read(const hr_tree *tree, const hr_node *root, const char *data_dir,
                       const struct hr_scenario_file *scenario, struct hr_case_cost *out,
                       hr_diag *diag);
void hr_case_cost_clear(struct hr_case_cost *cost);

#endif
