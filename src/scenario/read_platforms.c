/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The platforms of a scenario file: by id, or with some of their values changed. */
#include <string.h>

#include "scenario/reading.h"

static const struct hr_platform *find(const struct hr_scenario_reading *r, const hr_node *node)
{
    if (hr_node_kind(node) != HR_NODE_SCALAR) {
        hr_node_fail(r->tree, node, r->diag, "wrong type",
                     "a platform is named by its id, or by a map: {platform: ID, name: TEXT, "
                     "settings: {...}}");
        return NULL;
    }
    const struct hr_platform *found = hr_catalog_platform(r->catalog, hr_node_text(node));
    if (found == NULL) {
        size_t n = hr_catalog_n_platforms(r->catalog);
        g_autofree const char **ids = g_new0(const char *, n + 1);
        for (size_t i = 0; i < n; i++) {
            ids[i] = hr_catalog_platform_at(r->catalog, i)->id;
        }
        hr_scenario_unknown_id(r, node, "platform", ids);
    }
    return found;
}

/* What each value alone cannot say. */
static void check_settings(const struct hr_scenario_reading *r, const hr_node *settings,
                           const struct hr_platform *p)
{
    if (p->has_ha && (p->ha_detection_s <= 0.0 || p->ha_parallel_starts <= 0)) {
        hr_node_fail(r->tree, settings, r->diag, "missing key",
                     "'has_ha' needs 'ha_detection_s' and 'ha_parallel_starts'");
    }
    if (p->has_balancing && (p->balancing_period_s <= 0.0 || p->balancing_above_frac <= 0.0)) {
        hr_node_fail(r->tree, settings, r->diag, "missing key",
                     "'has_balancing' needs 'balancing_period_s' and 'balancing_above_frac'");
    }
    const char *fault = hr_platform_policy_fault(p);
    if (fault != NULL) {
        hr_node_fail(r->tree, settings, r->diag, "policy parameters", "%s", fault);
    }
    if (p->hypervisor.most_mib > 0.0 && p->hypervisor.most_mib < p->hypervisor.least_mib) {
        hr_node_fail(r->tree, settings, r->diag, "reserve",
                     "'hypervisor': 'most_mib' is below 'least_mib'");
    }
}

static void read_settings(const struct hr_scenario_reading *r, const hr_node *settings,
                          struct hr_variant *variant)
{
    if (hr_node_kind(settings) != HR_NODE_MAP) {
        hr_node_fail(r->tree, settings, r->diag, "wrong type",
                     "'settings' holds keys of a platform's file and their values: "
                     "{overcommit: {idle_tax: 0}}");
        return;
    }
    size_t n_before = hr_diag_count_severity(r->diag, HR_FATAL);
    variant->own = hr_platform_with(variant->platform, r->tree, settings, r->diag);
    variant->platform = variant->own;
    if (hr_diag_count_severity(r->diag, HR_FATAL) == n_before) {
        check_settings(r, settings, variant->own);
    }
    if (hr_node_length(settings) > 0) {
        GString *text = g_string_new(NULL);
        hr_yaml_append_node(text, settings);
        variant->settings = g_string_free(text, FALSE);
    }
}

/* {platform: ID, name: TEXT, settings: {...}} */
static void read_map(const struct hr_scenario_reading *r, const hr_node *map,
                     struct hr_variant *variant)
{
    static const char *const keys[] = {"platform", "name", "settings", NULL};
    hr_node_check_keys(r->tree, map, keys, r->diag);
    if (!hr_node_require(r->tree, map, "platform", r->diag)) {
        return;
    }
    variant->platform = find(r, hr_node_get(map, "platform"));
    if (hr_node_string(r->tree, map, "name", &variant->name, r->diag) &&
        variant->name != NULL && *variant->name == '\0') {
        hr_node_fail(r->tree, hr_node_get(map, "name"), r->diag, "no name", "'name' is empty");
    }
    const hr_node *settings = hr_node_get(map, "settings");
    if (variant->platform != NULL && settings != NULL) {
        read_settings(r, settings, variant);
    }
}

static void add(const struct hr_scenario_reading *r, const hr_node *node, GArray *variants)
{
    struct hr_variant variant = {.name = NULL};
    if (hr_node_kind(node) == HR_NODE_MAP) {
        read_map(r, node, &variant);
    } else {
        variant.platform = find(r, node);
    }
    if (variant.platform == NULL) {
        g_free(variant.name);
        return;
    }
    if (variant.name == NULL) {
        variant.name = g_strdup(variant.platform->id);
    }
    for (guint i = 0; i < variants->len; i++) {
        if (strcmp(g_array_index(variants, struct hr_variant, i).name, variant.name) == 0) {
            hr_node_fail(r->tree, node, r->diag, "platform twice",
                         "platform '%s' stands twice; a 'name' of its own tells it apart: "
                         "{platform: %s, name: TEXT}",
                         variant.name, variant.platform->id);
        }
    }
    g_array_append_val(variants, variant);
}

void hr_scenario_read_variants(const struct hr_scenario_reading *r, const hr_node *root,
                               struct hr_scenario_file *file)
{
    const hr_node *one = hr_node_get(root, "platform");
    const hr_node *many = hr_node_get(root, "platforms");
    GArray *variants = g_array_new(FALSE, TRUE, sizeof(struct hr_variant));
    if (one == NULL && many == NULL) {
        hr_node_fail(r->tree, root, r->diag, "missing key",
                     "missing key 'platform', or 'platforms' with a list");
    } else if (one != NULL && many != NULL) {
        hr_node_fail(r->tree, many, r->diag, "platforms twice",
                     "either 'platform' or 'platforms', not both");
    } else if (one != NULL) {
        add(r, one, variants);
    } else if (hr_node_kind(many) != HR_NODE_LIST || hr_node_length(many) == 0) {
        hr_node_fail(r->tree, many, r->diag, "not a list",
                     "'platforms' is a list of ids: [a, b]");
    } else {
        for (size_t i = 0; i < hr_node_length(many); i++) {
            add(r, hr_node_at(many, i), variants);
        }
    }
    file->n_variants = variants->len;
    file->variants = (struct hr_variant *)(void *)g_array_free(variants, FALSE);
}

void hr_variants_free(struct hr_variant *variants, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        g_free(variants[i].name);
        g_free(variants[i].settings);
        hr_platform_with_free(variants[i].own);
    }
    g_free(variants);
}
