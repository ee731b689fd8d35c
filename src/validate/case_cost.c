/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "validate/case_cost.h"

#include <string.h>

#include "base/text.h"
#include "cost/cost.h"

struct reading {
    const hr_tree *tree;
    const struct hr_scenario_file *scenario; /* NULL: it could not be read */
    hr_diag *diag;
};

/* An unknown year is the file's fault, and told at its line. */
static void read_book(const struct reading *r, const hr_node *root, const char *data_dir,
                      struct hr_case_cost *out)
{
    g_autofree char *name = NULL;
    g_autoptr(GError) cause = NULL;
    if (!hr_node_require(r->tree, root, "book", r->diag) ||
        !hr_node_string(r->tree, root, "book", &name, r->diag)) {
        return;
    }
    out->book = hr_pricebook_load(data_dir, name, NULL, "USD", r->diag, &cause);
    if (cause != NULL) {
        hr_node_fail(r->tree, hr_node_get(root, "book"), r->diag, "no such book", "%s",
                     cause->message);
    }
}

/* What stands in the catalogue has prices; what is described by hand has none. */
static void check_scenario(const struct reading *r, const hr_node *root)
{
    const hr_node *node = hr_node_get(hr_node_get(root, "scenario"), "cluster");
    const struct hr_cluster_spec *cluster = &r->scenario->scenario.cluster;
    if (r->scenario->own_server != NULL || r->scenario->own_storage != NULL ||
        cluster->hosts != NULL || cluster->memory.n_dimms == 0) {
        hr_node_fail(r->tree, node, r->diag, "no price",
                     "a cluster that is priced names a 'server' and a 'storage' of the "
                     "catalogue, the number of 'hosts', 'dimm_gib' and 'dimms'");
    }
}

/* A list of maps; optional when it may be absent. Returns: the list or NULL. */
static const hr_node *list_of(const struct reading *r, const hr_node *root, const char *key)
{
    const hr_node *list = hr_node_get(root, key);
    if (list == NULL) {
        return NULL;
    }
    if (hr_node_kind(list) != HR_NODE_LIST || hr_node_length(list) == 0) {
        hr_node_fail(r->tree, list, r->diag, "wrong type",
                     "'%s' must be a list of at least one", key);
        return NULL;
    }
    for (size_t i = 0; i < hr_node_length(list); i++) {
        if (hr_node_kind(hr_node_at(list, i)) != HR_NODE_MAP) {
            hr_node_fail(r->tree, hr_node_at(list, i), r->diag, "wrong type",
                         "expected keys and values");
            return NULL;
        }
    }
    return list;
}

static void read_name(const struct reading *r, const hr_node *map, char **out)
{
    *out = g_strdup("");
    if (hr_node_require(r->tree, map, "name", r->diag)) {
        (void)hr_node_string(r->tree, map, "name", out, r->diag);
    }
}

static void fail_unknown(const struct reading *r, const hr_node *node, const char *what,
                         const char *const *names)
{
    g_autofree char *all = g_strjoinv(", ", (char **)(guintptr)names);
    hr_node_fail(r->tree, node, r->diag, "no such name", "there is no %s '%s' (%s)", what,
                 hr_node_text(node), all);
}

/* Index of the text of a scalar among names; 0 with a finding when it is none of them. */
static size_t index_of(const struct reading *r, const hr_node *node, const char *what,
                       const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], hr_node_text(node)) == 0) {
            return i;
        }
    }
    fail_unknown(r, node, what, names);
    return 0;
}

static void read_cluster(const struct reading *r, const hr_node *map,
                         struct hr_case_cluster *out)
{
    static const char *const keys[] = {"name", "platform", "dimm_gib", "dimms", NULL};
    const struct hr_scenario_file *file = r->scenario;
    hr_node_check_keys(r->tree, map, keys, r->diag);
    read_name(r, map, &out->name);
    if (!hr_node_require(r->tree, map, "platform", r->diag) || file == NULL) {
        return;
    }
    g_autofree const char **names = g_new0(const char *, file->n_variants + 1);
    for (uint32_t v = 0; v < file->n_variants; v++) {
        names[v] = file->variants[v].name;
    }
    out->variant = (uint32_t)index_of(r, hr_node_get(map, "platform"), "platform", names);
    int64_t dimm_gib = file->scenario.cluster.memory.dimm_gib;
    int64_t n_dimms = file->scenario.cluster.memory.n_dimms;
    (void)hr_node_int(r->tree, map, "dimm_gib", 1, 4096, &dimm_gib, r->diag);
    (void)hr_node_int(r->tree, map, "dimms", 1, 1024, &n_dimms, r->diag);
    out->memory = (struct hr_dimm_option){.dimm_gib = (int)dimm_gib, .n_dimms = (int)n_dimms};
}

static void read_clusters(const struct reading *r, const hr_node *root,
                          struct hr_case_cost *out)
{
    const hr_node *list = list_of(r, root, "clusters");
    if (list == NULL) {
        if (hr_node_get(root, "clusters") == NULL) {
            (void)hr_node_require(r->tree, root, "clusters", r->diag);
        }
        return;
    }
    out->n_clusters = hr_node_length(list);
    out->clusters = g_new0(struct hr_case_cluster, out->n_clusters);
    for (size_t i = 0; i < out->n_clusters; i++) {
        read_cluster(r, hr_node_at(list, i), &out->clusters[i]);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(out->clusters[k].name, out->clusters[i].name) == 0) {
                hr_node_fail(r->tree, hr_node_at(list, i), r->diag, "name twice",
                             "a cluster '%s' stands already", out->clusters[i].name);
            }
        }
    }
}

static void check_pattern(const struct reading *r, const hr_node *map,
                          const struct hr_case_cost *cost, const char *prices)
{
    size_t n = cost->book != NULL ? hr_pricebook_count(cost->book) : 0;
    for (size_t i = 0; i < n; i++) {
        if (g_pattern_match_simple(prices, hr_pricebook_at(cost->book, i)->id)) {
            return;
        }
    }
    if (cost->book != NULL) {
        hr_node_fail(r->tree, hr_node_get(map, "prices"), r->diag, "no such price",
                     "no price of the book %s is called '%s'", hr_pricebook_name(cost->book),
                     prices);
    }
}

static void read_break_even(const struct reading *r, const hr_node *map,
                            const struct hr_case_cost *cost, struct hr_case_break_even *out)
{
    static const char *const keys[] = {"name", "prices", "between", NULL};
    hr_node_check_keys(r->tree, map, keys, r->diag);
    read_name(r, map, &out->name);
    if (hr_node_require(r->tree, map, "prices", r->diag) &&
        hr_node_string(r->tree, map, "prices", &out->prices, r->diag)) {
        check_pattern(r, map, cost, out->prices);
    }
    if (!hr_node_require(r->tree, map, "between", r->diag)) {
        return;
    }
    const hr_node *between = hr_node_get(map, "between");
    if (hr_node_kind(between) != HR_NODE_LIST || hr_node_length(between) != 2) {
        hr_node_fail(r->tree, between, r->diag, "wrong type",
                     "'between' must be a list of two clusters");
        return;
    }
    g_autofree const char **names = g_new0(const char *, cost->n_clusters + 1);
    for (size_t i = 0; i < cost->n_clusters; i++) {
        names[i] = cost->clusters[i].name;
    }
    for (size_t i = 0; i < 2; i++) {
        out->between[i] = index_of(r, hr_node_at(between, i), "cluster", names);
    }
}

void hr_case_cost_read(const hr_tree *tree, const hr_node *root, const char *data_dir,
                       const struct hr_scenario_file *scenario, struct hr_case_cost *out,
                       hr_diag *diag)
{
    struct reading r = {.tree = tree, .scenario = scenario, .diag = diag};
    struct hr_cost_params usual;
    hr_cost_params_default(&usual);
    int64_t years = usual.years;
    (void)hr_node_int(tree, root, "years", 1, HR_COST_YEARS_MAX, &years, diag);
    out->years = (int)years;
    read_book(&r, root, data_dir, out);
    if (scenario != NULL) {
        check_scenario(&r, root);
    }
    read_clusters(&r, root, out);
    const hr_node *list = list_of(&r, root, "break_even");
    out->n_break_evens = list != NULL ? hr_node_length(list) : 0;
    out->break_evens = g_new0(struct hr_case_break_even, out->n_break_evens);
    for (size_t i = 0; i < out->n_break_evens; i++) {
        read_break_even(&r, hr_node_at(list, i), out, &out->break_evens[i]);
    }
}

void hr_case_cost_clear(struct hr_case_cost *cost)
{
    for (size_t i = 0; i < cost->n_clusters; i++) {
        g_free(cost->clusters[i].name);
    }
    for (size_t i = 0; i < cost->n_break_evens; i++) {
        g_free(cost->break_evens[i].name);
        g_free(cost->break_evens[i].prices);
    }
    g_free(cost->clusters);
    g_free(cost->break_evens);
    hr_pricebook_free(cost->book);
    *cost = (struct hr_case_cost){0};
}
