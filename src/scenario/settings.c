/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/settings.h"

#include <stdbool.h>

#include "base/tree.h"
#include "scenario/scenario.h"

void hr_settings_init(struct hr_settings *settings)
{
    *settings = (struct hr_settings){.spare = 1,
                                     .years = 5,
                                     .replications = 10,
                                     .seed = 1,
                                     .days = 14.0,
                                     .slowdown_pct = 5.0,
                                     .restart_within_min = 15.0,
                                     .discount_pct = 7.0,
                                     .powered_off = HR_OFF_STORAGE};
    hr_costs_init(&settings->costs);
}

void hr_settings_clear(struct hr_settings *settings)
{
    g_strfreev(settings->platforms);
    g_strfreev(settings->servers);
    hr_limits_clear(&settings->limits);
    hr_costs_clear(&settings->costs);
    hr_keep_given_clear(&settings->keep);
    *settings = (struct hr_settings){0};
}

/* A list of names. */
static void read_names(const hr_tree *tree, const hr_node *root, const char *key, char ***out,
                       hr_diag *diag)
{
    const hr_node *list = hr_node_get(root, key);
    if (list == NULL) {
        return;
    }
    if (hr_node_kind(list) != HR_NODE_LIST || hr_node_length(list) == 0) {
        hr_node_fail(tree, list, diag, "not a list", "'%s' is a list of names: [a, b]", key);
        return;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < hr_node_length(list); i++) {
        g_ptr_array_add(names, g_strdup(hr_node_text(hr_node_at(list, i))));
    }
    g_ptr_array_add(names, NULL);
    g_strfreev(*out);
    *out = (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

bool hr_settings_load(struct hr_settings *s, const char *path, hr_diag *diag, GError **error)
{
    static const char *const keys[] = {"platforms",
                                       "servers",
                                       "hosts",
                                       "spare",
                                       "years",
                                       "seed",
                                       "replications",
                                       "minimum_order_cores",
                                       "days",
                                       "growth_pct",
                                       "demand_growth_pct",
                                       "slowdown_pct",
                                       "restart_within_min",
                                       "discount_pct",
                                       "powered_off",
                                       "limits",
                                       "costs",
                                       "keep",
                                       NULL};
    static const char *const rules[] = {"ignore", "storage", "full", NULL};
    size_t n_before = hr_diag_count_severity(diag, HR_FATAL);
    g_autoptr(hr_tree) tree = hr_tree_load(path, diag, error);
    if (tree == NULL) {
        return false;
    }
    const hr_node *root = hr_tree_root(tree);
    if (hr_node_kind(root) != HR_NODE_MAP) {
        hr_node_fail(tree, root, diag, "not a map", "a scenario is a map: key: value");
        return false;
    }
    hr_node_check_keys(tree, root, keys, diag);
    read_names(tree, root, "platforms", &s->platforms, diag);
    read_names(tree, root, "servers", &s->servers, diag);
    (void)hr_node_int(tree, root, "hosts", 1, 96, &s->hosts, diag);
    (void)hr_node_int(tree, root, "spare", 0, 8, &s->spare, diag);
    (void)hr_node_int(tree, root, "years", 1, 15, &s->years, diag);
    (void)hr_node_int(tree, root, "seed", 0, INT64_MAX, &s->seed, diag);
    (void)hr_node_int(tree, root, "replications", 1, 1000, &s->replications, diag);
    (void)hr_node_int(tree, root, "minimum_order_cores", 0, 100000, &s->minimum_order_cores,
                      diag);
    (void)hr_node_double(tree, root, "days", 1.0, 366.0, &s->days, diag);
    (void)hr_node_double(tree, root, "growth_pct", 0.0, 200.0, &s->growth_pct, diag);
    (void)hr_node_double(tree, root, "demand_growth_pct", 0.0, 100.0, &s->demand_growth_pct,
                         diag);
    (void)hr_node_double(tree, root, "slowdown_pct", 0.1, 90.0, &s->slowdown_pct, diag);
    (void)hr_node_double(tree, root, "restart_within_min", 1.0, 1440.0, &s->restart_within_min,
                         diag);
    (void)hr_node_double(tree, root, "discount_pct", 0.0, 50.0, &s->discount_pct, diag);
    (void)hr_node_enum(tree, root, "powered_off", rules, &s->powered_off, diag);
    hr_limits_read(&s->limits, tree, root, diag);
    if (hr_node_get(root, "costs") != NULL) {
        hr_costs_read(&s->costs, tree, hr_node_get(root, "costs"), diag);
    }
    hr_keep_given_read(&s->keep, tree, root, diag);
    return hr_diag_count_severity(diag, HR_FATAL) == n_before;
}
