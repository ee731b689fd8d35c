/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario/limits.h - what the customer will not go beyond, whatever the cheapest cluster is.
 *
 * Owner: hr_limits owns its text.
 */
#ifndef HR_SCENARIO_LIMITS_H
#define HR_SCENARIO_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"
#include "base/tree.h"

/* 0 or NULL: no such limit. */
struct hr_limits {
    int64_t budget_capex_cents; /* capital cost, all bought at the start */
    int64_t budget_tco_cents;   /* discounted, over all years */
    int64_t rack_units;         /* of all hosts */
    double watts;       /* of all hosts at full load, of storage and switches; before cooling */
    int64_t sockets;    /* of one host */
    int64_t hosts_most; /* spare ones included */
    char *vendor;       /* of the servers; capitals do not matter */
};

bool hr_limits_any(const struct hr_limits *limits);
void hr_limits_clear(struct hr_limits *limits);

/* Takes over what the map "limits" of a scenario says; no map changes nothing. Unknown keys and
 * bad values are fatal findings. */
void hr_limits_read(struct hr_limits *limits, const hr_tree *tree, const hr_node *root,
                    hr_diag *diag);

/* An amount of money, "100000" or "99999.50", above 0. Returns: false for anything else and for
 * more than 10^12 of the currency; *cents is then untouched. */
bool hr_limits_parse_amount(const char *text, int64_t *cents);

/* "budget_capex 100000.00, rack_units 4"; "" without any. Returns: the caller's. */
char *hr_limits_text(const struct hr_limits *limits);

#endif
