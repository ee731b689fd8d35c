/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "validate/case.h"

#include "base/error.h"
#include "base/text.h"

enum { MOST_POINTS = 1000, MOST_SERVERS = 10000, MOST_CUSTOMERS = 100000000 };

static const char *const KINDS[] = {"scenario", "queue", "cost", NULL};
static const char *const EVIDENCE[] = {"exact", "measured", "trend", NULL};
static const char *const FOLDS[] = {"none", "sum", "min", "max", "mean", "count", NULL};
static const char *const RELATIONS[] = {"at_most",   "at_least", "less_than",
                                        "more_than", "equal",    NULL};

const char *hr_evidence_name(enum hr_evidence evidence)
{
    return EVIDENCE[evidence];
}

const char *hr_relation_name(enum hr_relation relation)
{
    static const char *const names[HR_RELATION__COUNT] = {[HR_AT_MOST] = "at most",
                                                          [HR_AT_LEAST] = "at least",
                                                          [HR_LESS_THAN] = "less than",
                                                          [HR_MORE_THAN] = "more than",
                                                          [HR_EQUAL_TO] = "equal to"};
    return names[relation];
}

struct reading {
    const hr_tree *tree;
    const hr_catalog *catalog;
    hr_diag *diag;
};

/* ---- expectations
 * ----------------------------------------------------------------------------- */

static void read_operand(const struct reading *r, const hr_node *map, const char *key,
                         struct hr_operand *out)
{
    g_autofree char *text = NULL;
    out->node = hr_node_get(map, key);
    if (out->node == NULL || !hr_node_string(r->tree, map, key, &text, r->diag)) {
        return;
    }
    if (!hr_parse_double(text, &out->number)) {
        out->path = g_steal_pointer(&text);
    }
}

/* Either what was published, or a relation to another value. */
static void read_comparison(const struct reading *r, const hr_node *map,
                            struct hr_expectation *out)
{
    out->is_relation = hr_node_get(map, "relation") != NULL;
    const hr_node *published = hr_node_get(map, "published");
    if (out->is_relation == (published != NULL)) {
        hr_node_fail(r->tree, map, r->diag, "comparison",
                     "either 'published', or 'relation' and 'than'");
        return;
    }
    if (out->is_relation) {
        int relation = 0;
        (void)hr_node_enum(r->tree, map, "relation", RELATIONS, &relation, r->diag);
        out->relation = (enum hr_relation)relation;
        (void)hr_node_require(r->tree, map, "than", r->diag);
        read_operand(r, map, "than", &out->than);
        if (hr_node_get(map, "tolerance") != NULL) {
            hr_node_fail(r->tree, hr_node_get(map, "tolerance"), r->diag, "comparison",
                         "a relation has no 'tolerance'");
        }
        return;
    }
    (void)hr_node_double(r->tree, map, "published", -1e15, 1e15, &out->published, r->diag);
    (void)hr_node_require(r->tree, map, "tolerance", r->diag);
    (void)hr_node_double(r->tree, map, "tolerance", 0.0, 1e15, &out->tolerance, r->diag);
}

static void read_expectation(const struct reading *r, const hr_node *map,
                             struct hr_expectation *out)
{
    static const char *const keys[] = {"what",  "kind",      "value",    "fold",      "where",
                                       "minus", "over",      "times",    "published", "unit",
                                       "than",  "tolerance", "relation", NULL};
    hr_node_check_keys(r->tree, map, keys, r->diag);
    out->node = map;
    if (hr_node_kind(map) != HR_NODE_MAP) {
        return;
    }
    int evidence = 0;
    int fold = HR_FOLD_NONE;
    out->unit = g_strdup("");
    (void)hr_node_require(r->tree, map, "what", r->diag);
    (void)hr_node_string(r->tree, map, "what", &out->what, r->diag);
    (void)hr_node_require(r->tree, map, "kind", r->diag);
    (void)hr_node_enum(r->tree, map, "kind", EVIDENCE, &evidence, r->diag);
    (void)hr_node_string(r->tree, map, "unit", &out->unit, r->diag);
    (void)hr_node_enum(r->tree, map, "fold", FOLDS, &fold, r->diag);
    (void)hr_node_string(r->tree, map, "where", &out->where, r->diag);
    out->evidence = (enum hr_evidence)evidence;
    out->fold = (enum hr_fold)fold;
    if (out->where != NULL && out->fold != HR_FOLD_COUNT) {
        hr_node_fail(r->tree, hr_node_get(map, "where"), r->diag, "fold",
                     "'where' belongs to 'fold: count'");
    }
    (void)hr_node_require(r->tree, map, "value", r->diag);
    read_operand(r, map, "value", &out->value);
    read_operand(r, map, "minus", &out->minus);
    read_operand(r, map, "over", &out->over);
    read_operand(r, map, "times", &out->times);
    read_comparison(r, map, out);
}

static const hr_node *list_of(const struct reading *r, const hr_node *root, const char *key)
{
    const hr_node *list = hr_node_get(root, key);
    if (list == NULL) {
        (void)hr_node_require(r->tree, root, key, r->diag);
        return NULL;
    }
    if (hr_node_kind(list) != HR_NODE_LIST || hr_node_length(list) == 0) {
        hr_node_fail(r->tree, list, r->diag, "wrong type",
                     "'%s' must be a list of at least one", key);
        return NULL;
    }
    return list;
}

static void read_expectations(const struct reading *r, const hr_node *root, struct hr_case *out)
{
    const hr_node *list = list_of(r, root, "expect");
    if (list == NULL) {
        return;
    }
    out->n_expectations = hr_node_length(list);
    out->expectations = g_new0(struct hr_expectation, out->n_expectations);
    for (size_t i = 0; i < out->n_expectations; i++) {
        read_expectation(r, hr_node_at(list, i), &out->expectations[i]);
    }
}

static void read_scenario(const struct reading *r, const hr_node *root, struct hr_case *out,
                          GError **error)
{
    if (hr_node_require(r->tree, root, "scenario", r->diag)) {
        out->scenario = hr_scenario_read(r->tree, hr_node_get(root, "scenario"), r->catalog,
                                         r->diag, error);
    }
}

static void read_scenario_case(const struct reading *r, const hr_node *root,
                               struct hr_case *out, GError **error)
{
    static const char *const keys[] = {"kind",     "case",   "what", "source",
                                       "scenario", "expect", NULL};
    hr_node_check_keys(r->tree, root, keys, r->diag);
    read_scenario(r, root, out, error);
    read_expectations(r, root, out);
}

static void read_cost_case(const struct reading *r, const hr_node *root, struct hr_case *out,
                           GError **error)
{
    static const char *const keys[] = {"kind",  "case",     "what",     "source",
                                       "book",  "scenario", "clusters", "break_even",
                                       "years", "expect",   NULL};
    hr_node_check_keys(r->tree, root, keys, r->diag);
    read_scenario(r, root, out, error);
    hr_case_cost_read(r->tree, root, hr_catalog_dir(r->catalog), out->scenario, &out->cost,
                      r->diag);
    read_expectations(r, root, out);
}

/* ---- queues
 * ----------------------------------------------------------------------------------- */

/* A number or a list of them. Returns: an array of *n, the caller's. */
static double *read_numbers(const struct reading *r, const hr_node *root, const char *key,
                            double most, uint32_t *n)
{
    *n = 0;
    const hr_node *node = hr_node_get(root, key);
    if (node == NULL) {
        (void)hr_node_require(r->tree, root, key, r->diag);
        return NULL;
    }
    bool is_list = hr_node_kind(node) == HR_NODE_LIST;
    size_t length = is_list ? hr_node_length(node) : 1;
    if (length == 0 || length > MOST_POINTS) {
        hr_node_fail(r->tree, node, r->diag, "out of range", "'%s': 1 to %d numbers", key,
                     MOST_POINTS);
        return NULL;
    }
    double *out = g_new0(double, length);
    for (size_t i = 0; i < length; i++) {
        (void)hr_node_read_double(r->tree, is_list ? hr_node_at(node, i) : node, key, 1e-9,
                                  most, &out[i], r->diag);
    }
    *n = (uint32_t)length;
    return out;
}

static void read_servers(const struct reading *r, const hr_node *root,
                         struct hr_queue_grid *grid)
{
    g_autofree double *servers =
        read_numbers(r, root, "servers", MOST_SERVERS, &grid->n_servers);
    grid->servers = g_new0(int, grid->n_servers + 1);
    for (uint32_t i = 0; i < grid->n_servers; i++) {
        grid->servers[i] = (int)servers[i];
        if (servers[i] != (double)grid->servers[i]) {
            hr_node_fail(r->tree, hr_node_get(root, "servers"), r->diag, "not a number",
                         "'servers': %.10g is not a whole number", servers[i]);
        }
    }
}

static uint32_t read_count(const struct reading *r, const hr_node *root, const char *key,
                           int64_t least, int64_t otherwise)
{
    int64_t value = otherwise;
    if (otherwise < 0) {
        (void)hr_node_require(r->tree, root, key, r->diag);
        value = least;
    }
    (void)hr_node_int(r->tree, root, key, least, MOST_CUSTOMERS, &value, r->diag);
    return (uint32_t)value;
}

static void check_load(const struct reading *r, const hr_node *root,
                       const struct hr_queue_grid *grid)
{
    for (uint32_t a = 0; a < grid->n_arrivals; a++) {
        for (uint32_t s = 0; s < grid->n_servers; s++) {
            double most = grid->servers[s] * grid->services_per_s;
            if (grid->arrivals_per_s[a] >= most) {
                hr_node_fail(r->tree, hr_node_get(root, "arrival_rate"), r->diag,
                             "out of range",
                             "'arrival_rate': %.10g is not below what %d servers do, %.10g",
                             grid->arrivals_per_s[a], grid->servers[s], most);
            }
        }
    }
}

static void read_queue_case(const struct reading *r, const hr_node *root,
                            struct hr_queue_grid *grid)
{
    static const char *const keys[] = {
        "kind",         "case",       "what",      "source",  "arrival_rate",
        "service_rate", "servers",    "customers", "warm_up", "replications",
        "seed",         "confidence", "together",  NULL};
    hr_node_check_keys(r->tree, root, keys, r->diag);
    int64_t seed = 1;
    grid->services_per_s = 1.0;
    grid->confidence = 0.95;
    grid->arrivals_per_s = read_numbers(r, root, "arrival_rate", 1e9, &grid->n_arrivals);
    (void)hr_node_require(r->tree, root, "service_rate", r->diag);
    (void)hr_node_double(r->tree, root, "service_rate", 1e-9, 1e4, &grid->services_per_s,
                         r->diag);
    read_servers(r, root, grid);
    grid->customers = read_count(r, root, "customers", 100, -1);
    grid->warm_up = read_count(r, root, "warm_up", 0, grid->customers / 5);
    grid->replications = read_count(r, root, "replications", 2, -1);
    (void)hr_node_int(r->tree, root, "seed", 0, INT64_MAX, &seed, r->diag);
    grid->seed = (uint64_t)seed;
    (void)hr_node_double(r->tree, root, "confidence", 0.5, 0.9999, &grid->confidence, r->diag);
    uint32_t n_points = grid->n_arrivals * grid->n_servers;
    grid->n_together = read_count(r, root, "together", MAX(1, n_points), MAX(1, n_points));
    if (hr_diag_count_severity(r->diag, HR_FATAL) == 0) {
        check_load(r, root, grid);
    }
}

/* ---- the whole file
 * --------------------------------------------------------------------------- */

static void read_root(const struct reading *r, const hr_node *root, struct hr_case *out,
                      GError **error)
{
    int kind = HR_CASE_SCENARIO;
    if (hr_node_kind(root) != HR_NODE_MAP) {
        hr_node_fail(r->tree, root, r->diag, "wrong type", "expected keys and values");
        return;
    }
    (void)hr_node_require(r->tree, root, "case", r->diag);
    (void)hr_node_string(r->tree, root, "case", &out->name, r->diag);
    (void)hr_node_require(r->tree, root, "what", r->diag);
    (void)hr_node_string(r->tree, root, "what", &out->what, r->diag);
    (void)hr_node_require(r->tree, root, "source", r->diag);
    (void)hr_node_string(r->tree, root, "source", &out->source, r->diag);
    if (!hr_node_require(r->tree, root, "kind", r->diag) ||
        !hr_node_enum(r->tree, root, "kind", KINDS, &kind, r->diag)) {
        return;
    }
    out->kind = (enum hr_case_kind)kind;
    switch (out->kind) {
    case HR_CASE_SCENARIO:
        read_scenario_case(r, root, out, error);
        break;
    case HR_CASE_QUEUE:
        read_queue_case(r, root, &out->queue);
        break;
    case HR_CASE_COST:
        read_cost_case(r, root, out, error);
        break;
    case HR_CASE__COUNT:
        break;
    }
}

struct hr_case *hr_case_load(const char *path, const hr_catalog *catalog, hr_diag *diag,
                             GError **error)
{
    hr_tree *tree = hr_tree_load(path, diag, error);
    if (tree == NULL) {
        return NULL;
    }
    struct hr_case *one = g_new0(struct hr_case, 1);
    one->tree = tree;
    struct reading reading = {.tree = tree, .catalog = catalog, .diag = diag};
    g_autoptr(GError) cause = NULL;
    read_root(&reading, hr_tree_root(tree), one, &cause);
    if (cause != NULL || hr_diag_count_severity(diag, HR_FATAL) > 0) {
        hr_case_free(one);
        if (cause != NULL) {
            g_propagate_error(error, g_steal_pointer(&cause));
        }
        return NULL;
    }
    return one;
}

static void operand_clear(struct hr_operand *operand)
{
    g_free(operand->path);
}

void hr_case_free(struct hr_case *one)
{
    if (one == NULL) {
        return;
    }
    for (size_t i = 0; i < one->n_expectations; i++) {
        struct hr_expectation *e = &one->expectations[i];
        g_free(e->what);
        g_free(e->unit);
        g_free(e->where);
        operand_clear(&e->value);
        operand_clear(&e->minus);
        operand_clear(&e->over);
        operand_clear(&e->times);
        operand_clear(&e->than);
    }
    g_free(one->expectations);
    g_free(one->queue.arrivals_per_s);
    g_free(one->queue.servers);
    hr_case_cost_clear(&one->cost);
    hr_scenario_file_free(one->scenario);
    g_free(one->name);
    g_free(one->what);
    g_free(one->source);
    hr_tree_free(one->tree);
    g_free(one);
}
