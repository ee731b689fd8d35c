/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/entries.h"
#include "catalog/schema.h"

static const char *const POLICIES[] = {"static", "overcommit", "dynamic", NULL};
static const char *const SHARING[] = {"off", "intra_guest", "inter_guest", NULL};
static const char *const LICENCES[] = {"per-core", "per-socket", "per-host", "windows-core",
                                       NULL};

static const struct hr_field RESERVE_FIELDS[] = {
    HR_FIELD_NUMBER(struct hr_reserve, fixed_mib, HR_REQUIRED, 0, 1e6),
    HR_FIELD_NUMBER(struct hr_reserve, per_gib_mib, HR_REQUIRED, 0, 1024),
    HR_FIELD_NUMBER(struct hr_reserve, least_mib, HR_OPTIONAL, 0, 1e6),
    HR_FIELD_NUMBER(struct hr_reserve, most_mib, HR_OPTIONAL, 0, 1e6),
    {.key = NULL},
};

static const struct hr_field OVERHEAD_FIELDS[] = {
    HR_FIELD_NUMBER(struct hr_overhead, fixed_mib, HR_REQUIRED, 0, 1e5),
    HR_FIELD_NUMBER(struct hr_overhead, size_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_NUMBER(struct hr_overhead, per_vcpu_mib, HR_OPTIONAL, 0, 1e4),
    HR_FIELD_NUMBER(struct hr_overhead, per_gib_above_first_mib, HR_OPTIONAL, 0, 1024),
    {.key = NULL},
};

#define OVERCOMMIT struct hr_overcommit_params
static const struct hr_field OVERCOMMIT_FIELDS[] = {
    HR_FIELD_NUMBER(OVERCOMMIT, idle_tax, HR_REQUIRED, 0, 0.99),
    HR_FIELD_NUMBER(OVERCOMMIT, balance_period_s, HR_REQUIRED, 1, 3600),
    HR_FIELD_ONE_OF(OVERCOMMIT, sharing, HR_REQUIRED, SHARING),
    HR_FIELD_OF(OVERCOMMIT, zero_at_once, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(OVERCOMMIT, scan_time_s, HR_REQUIRED, 1, 1e6),
    HR_FIELD_NUMBER(OVERCOMMIT, scan_pages_per_s_guest, HR_REQUIRED, 0, 1e7),
    HR_FIELD_NUMBER(OVERCOMMIT, scan_pages_per_s_ghz, HR_OPTIONAL, 0, 1e7),
    HR_FIELD_NUMBER(OVERCOMMIT, scan_pages_per_s_host, HR_OPTIONAL, 0, 1e8),
    HR_FIELD_NUMBER(OVERCOMMIT, high_frac, HR_REQUIRED, 0.64, 10),
    HR_FIELD_OF(OVERCOMMIT, has_clear_state, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(OVERCOMMIT, balloon_max_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(OVERCOMMIT, tools_delay_s, HR_REQUIRED, 0, 86400),
    HR_FIELD_NUMBER(OVERCOMMIT, balloon_free_mibps, HR_REQUIRED, 0.1, 1e5),
    HR_FIELD_NUMBER(OVERCOMMIT, balloon_busy_mibps, HR_REQUIRED, 0.1, 1e5),
    HR_FIELD_NUMBER(OVERCOMMIT, deflate_mibps, HR_REQUIRED, 0.1, 1e5),
    HR_FIELD_OF(OVERCOMMIT, compression, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(OVERCOMMIT, compressible_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(OVERCOMMIT, compression_cap_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(OVERCOMMIT, decompress_us, HR_REQUIRED, 0, 1e6),
    {.key = NULL},
};

#define DYNAMIC struct hr_dynamic_params
static const struct hr_field DYNAMIC_FIELDS[] = {
    HR_FIELD_NUMBER(DYNAMIC, buffer_pct, HR_REQUIRED, 5, 2000),
    HR_FIELD_NUMBER(DYNAMIC, weight, HR_REQUIRED, 0, 10000),
    HR_FIELD_NUMBER(DYNAMIC, hot_add_mibps, HR_REQUIRED, 0.1, 1e6),
    HR_FIELD_NUMBER(DYNAMIC, balloon_mibps, HR_REQUIRED, 0.1, 1e6),
    HR_FIELD_NUMBER(DYNAMIC, collection_s, HR_REQUIRED, 1, 86400),
    HR_FIELD_OF(DYNAMIC, has_minimum, HR_FIELD_BOOL, HR_REQUIRED),
    {.key = NULL},
};

static const struct hr_field LICENCE_FIELDS[] = {
    HR_FIELD_OF(struct hr_licence, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_ONE_OF(struct hr_licence, kind, HR_REQUIRED, LICENCES),
    HR_FIELD_OF(struct hr_licence, price_id, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(struct hr_licence, yearly, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(struct hr_licence, support_year_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_OF(struct hr_licence, support_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_COUNT(struct hr_licence, min_cores_per_socket, HR_OPTIONAL, 0, 1024),
    HR_FIELD_COUNT(struct hr_licence, min_cores_per_order, HR_OPTIONAL, 0, 100000),
    HR_FIELD_COUNT(struct hr_licence, min_hosts, HR_OPTIONAL, 0, 1000),
    HR_FIELD_OF(struct hr_licence, source, HR_FIELD_TEXT, HR_REQUIRED),
    {.key = NULL},
};

#define PLATFORM struct hr_platform
static const struct hr_field FIELDS[] = {
    HR_FIELD_OF(PLATFORM, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(PLATFORM, vendor, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_ONE_OF(PLATFORM, policy, HR_REQUIRED, POLICIES),
    HR_FIELD_STRUCT(PLATFORM, hypervisor, HR_REQUIRED, RESERVE_FIELDS),
    HR_FIELD_STRUCT(PLATFORM, overhead, HR_REQUIRED, OVERHEAD_FIELDS),
    HR_FIELD_STRUCT(PLATFORM, overcommit, HR_OPTIONAL, OVERCOMMIT_FIELDS),
    HR_FIELD_STRUCT(PLATFORM, dynamic, HR_OPTIONAL, DYNAMIC_FIELDS),
    HR_FIELD_NUMBER(PLATFORM, cpu_base_mhz, HR_REQUIRED, 0, 1e6),
    HR_FIELD_NUMBER(PLATFORM, cpu_efficiency, HR_REQUIRED, 0.1, 1),
    HR_FIELD_NUMBER(PLATFORM, smt_gain_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(PLATFORM, cpu_mhz_per_iops, HR_REQUIRED, 0, 100),
    HR_FIELD_NUMBER(PLATFORM, io_ceiling_iops, HR_OPTIONAL, 0, 1e9),
    HR_FIELD_OF(PLATFORM, has_ha, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(PLATFORM, ha_detection_s, HR_OPTIONAL, 0, 86400),
    HR_FIELD_COUNT(PLATFORM, ha_parallel_starts, HR_OPTIONAL, 1, 1000),
    HR_FIELD_NUMBER(PLATFORM, manual_restart_s, HR_REQUIRED, 0, 1e6),
    HR_FIELD_OF(PLATFORM, has_live_migration, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_OF(PLATFORM, has_balancing, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(PLATFORM, balancing_period_s, HR_OPTIONAL, 60, 86400),
    HR_FIELD_NUMBER(PLATFORM, balancing_above_frac, HR_OPTIONAL, 0.1, 1),
    HR_FIELD_COUNT(PLATFORM, max_hosts, HR_OPTIONAL, 0, 100000),
    {.key = "licences", .kind = HR_FIELD_CUSTOM, .is_required = true, .fields = LICENCE_FIELDS},
    HR_FIELD_OF(PLATFORM, windows_host_licence, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(PLATFORM, admin_h_per_host_year, HR_REQUIRED, 0, 8760),
    HR_FIELD_NUMBER(PLATFORM, admin_h_per_guest_year, HR_REQUIRED, 0, 8760),
    HR_FIELD_OF(PLATFORM, management_note, HR_FIELD_TEXT, HR_REQUIRED),
    {.key = NULL},
};

const char *hr_policy_kind_name(enum hr_policy_kind kind)
{
    return POLICIES[kind];
}

static void read_licences(const struct hr_entry_file *file, struct hr_platform *platform)
{
    const hr_node *list = hr_entry_list(file, hr_tree_root(file->tree), "licences");
    size_t n = list != NULL ? hr_node_length(list) : 0;
    platform->licences = g_new0(struct hr_licence, n + 1);
    platform->n_licences = n;
    for (size_t i = 0; i < n; i++) {
        struct hr_licence *licence = &platform->licences[i];
        const hr_node *map = hr_node_at(list, i);
        hr_fields_read(file, map, LICENCE_FIELDS, licence);
        if (licence->yearly &&
            (licence->support_year_frac > 0.0 || licence->support_price_id != NULL)) {
            hr_entry_fail(file, map, "yearly", "support twice",
                          "a subscription ('yearly') holds its support already");
        }
    }
}

/* The parameters of a policy stand where the policy is chosen and nowhere else. */
static void check_params(const struct hr_entry_file *file, const struct hr_platform *platform,
                         enum hr_policy_kind policy)
{
    const hr_node *root = hr_tree_root(file->tree);
    const char *key = POLICIES[policy];
    bool is_given = hr_node_get(root, key) != NULL;
    if (hr_node_get(root, "policy") == NULL || is_given == (platform->policy == policy)) {
        return;
    }
    hr_entry_fail(file, root, key, "policy parameters",
                  is_given ? "'%s' has no meaning under another policy"
                           : "the policy '%s' needs its parameters under the same key",
                  key);
}

struct hr_platform *hr_platform_read(const hr_tree *tree, const char *id, hr_diag *diag)
{
    struct hr_entry_file file = {.tree = tree, .diag = diag};
    struct hr_platform *platform = g_new0(struct hr_platform, 1);
    platform->id = g_strdup(id);
    hr_entry_read(&file, FIELDS, platform, &platform->sources);
    const hr_node *root = hr_tree_root(tree);
    if (hr_node_kind(root) != HR_NODE_MAP) {
        return platform;
    }
    read_licences(&file, platform);
    check_params(&file, platform, HR_POLICY_OVERCOMMIT);
    check_params(&file, platform, HR_POLICY_DYNAMIC);
    if (platform->has_ha) {
        hr_node_require(tree, root, "ha_detection_s", diag);
        hr_node_require(tree, root, "ha_parallel_starts", diag);
    }
    const struct hr_reserve *reserve = &platform->hypervisor;
    if (reserve->most_mib > 0.0 && reserve->most_mib < reserve->least_mib) {
        hr_entry_fail(&file, hr_node_get(root, "hypervisor"), "most_mib", "reserve",
                      "'most_mib' is below 'least_mib'");
    }
    return platform;
}

void hr_platform_free(struct hr_platform *platform)
{
    if (platform == NULL) {
        return;
    }
    for (size_t i = 0; i < platform->n_licences; i++) {
        hr_fields_clear(LICENCE_FIELDS, &platform->licences[i]);
    }
    g_free(platform->licences);
    hr_fields_clear(FIELDS, platform);
    hr_origins_clear(&platform->sources);
    g_free(platform->id);
    g_free(platform);
}
