/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate/case.h - a published result to be reproduced: data/validation/NAME.yaml.
 *
 * A case of kind "scenario" holds a scenario as doc/headroom-scenario.5 has it, and what is
 * expected of the document that simulating it gives. A case of kind "queue" is a grid of
 * queues with Poisson arrivals and exponential service, for the engine. A case of kind "cost"
 * holds a scenario of which several clusters are simulated and priced. Several files may belong
 * to one case.
 * Owner: hr_case owns its text, its tree, its scenario and its book; the catalogue is borrowed.
 */
#ifndef HR_VALIDATE_CASE_H
#define HR_VALIDATE_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/tree.h"
#include "scenario/read.h"
#include "validate/case_cost.h"

enum hr_case_kind { HR_CASE_SCENARIO, HR_CASE_QUEUE, HR_CASE_COST, HR_CASE__COUNT };

/* Exact: arithmetic. Measured: with a tolerance. Trend: order or sign. */
enum hr_evidence { HR_EXACT, HR_MEASURED, HR_TREND, HR_EVIDENCE__COUNT };
const char *hr_evidence_name(enum hr_evidence evidence);

/* What becomes of several values at one path. */
enum hr_fold {
    HR_FOLD_NONE, /* there must be one */
    HR_FOLD_SUM,
    HR_FOLD_MIN,
    HR_FOLD_MAX,
    HR_FOLD_MEAN,
    HR_FOLD_COUNT,
    HR_FOLD__COUNT
};

enum hr_relation {
    HR_AT_MOST,
    HR_AT_LEAST,
    HR_LESS_THAN,
    HR_MORE_THAN,
    HR_EQUAL_TO,
    HR_RELATION__COUNT
};
const char *hr_relation_name(enum hr_relation relation); /* "at most" ... */

/* A number, or the path of one. */
struct hr_operand {
    const hr_node *node; /* NULL: not given */
    char *path;          /* NULL: the number counts */
    double number;
};

/* (value − minus) / over · times, compared with what was published, or with another value. */
struct hr_expectation {
    const hr_node *node;
    char *what;
    char *unit; /* "" where there is none */
    enum hr_evidence evidence;
    struct hr_operand value, minus, over, times;
    enum hr_fold fold;
    char *where; /* of what is counted: only where this member is true; NULL: all */
    bool is_relation;
    double published, tolerance; /* unless is_relation */
    enum hr_relation relation;
    struct hr_operand than;
};

/* Every arrival rate with every number of servers. */
struct hr_queue_grid {
    double *arrivals_per_s;
    uint32_t n_arrivals;
    int *servers;
    uint32_t n_servers;
    double services_per_s; /* of one server */
    uint32_t customers;    /* counted in each replication */
    uint32_t warm_up;      /* customers before those */
    uint32_t replications;
    uint64_t seed;
    double confidence;   /* of all intervals together */
    uint32_t n_together; /* intervals that this confidence is shared by */
};

struct hr_case {
    hr_tree *tree; /* its file */
    char *name;
    char *what;
    char *source;
    enum hr_case_kind kind;
    struct hr_scenario_file *scenario;   /* NULL: kind queue */
    struct hr_expectation *expectations; /* none: kind queue */
    size_t n_expectations;
    struct hr_queue_grid queue;
    struct hr_case_cost cost; /* kind cost */
};

/* Reads one file. Returns: the case, the caller's; NULL with fatal findings in diag, or with
 * *error when it cannot be read. */
struct hr_case *hr_case_load(const char *path, const hr_catalog *catalog, hr_diag *diag,
                             GError **error);
void hr_case_free(struct hr_case *one);

#endif
