/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "catalog/entries.h"
#include "catalog/schema.h"
#include "memory/memory_policy.h"

enum { MOST_POLICIES = 16, MOST_FIELDS = 80 };

static const char *const LICENCES[HR_LICENCE__COUNT + 1] = {
    [HR_LICENCE_PER_CORE] = "per-core",
    [HR_LICENCE_PER_SOCKET] = "per-socket",
    [HR_LICENCE_PER_HOST] = "per-host",
    [HR_LICENCE_PER_CLUSTER] = "per-cluster",
    [HR_LICENCE_PER_PROCESSOR_PAIR] = "per-processor-pair",
    [HR_LICENCE_PER_PROCESSOR_CAPPED] = "per-processor-capped",
    [HR_LICENCE_WINDOWS_CORE] = "windows-core",
    [HR_LICENCE_PER_GUEST_CORE] = "per-guest-core",
    [HR_LICENCE_PER_GUEST_MEMORY] = "per-guest-memory",
    [HR_LICENCE_PER_GUEST_PACK] = "per-guest-pack",
    [HR_LICENCE_PER_SOCKET_PACK] = "per-socket-pack",
    [HR_LICENCE_KIT] = "kit",
    [HR_LICENCE_SMALL_SITE] = "per-socket-small-site",
    [HR_LICENCE_AS_WINDOWS_CORE_STANDARD] = "windows-core-standard",
    [HR_LICENCE_AS_WINDOWS_CORE_DATACENTER] = "windows-core-datacenter",
    [HR_LICENCE_AS_WINDOWS_PAIR] = "windows-pair-standard",
    [HR_LICENCE_AS_WINDOWS_GUEST] = "windows-guest",
};

static const char *const LAYOUTS[HR_LAYOUT__COUNT + 1] = {
    [HR_LAYOUT_UNKNOWN] = "unknown",
    [HR_LAYOUT_CLUSTER_FILE_SYSTEM] = "cluster-file-system",
    [HR_LAYOUT_LUN_PER_GUEST] = "lun-per-guest",
    [HR_LAYOUT_VOLUME_PER_DISK] = "volume-per-disk",
    [HR_LAYOUT_DISTRIBUTED] = "distributed",
};

static const char *const IO_PATHS[HR_IO__COUNT + 1] = {
    [HR_IO_UNKNOWN] = "unknown",
    [HR_IO_DIRECT] = "direct",
    [HR_IO_PARENT] = "parent",
    [HR_IO_CONTROLLER] = "controller",
};

/* Without these terms a kind says nothing. */
static const struct {
    enum hr_licence_kind kind;
    const char *term;
} NEEDED_TERMS[] = {
    {HR_LICENCE_PER_PROCESSOR_CAPPED, "cores_per_licence"},
    {HR_LICENCE_PER_GUEST_MEMORY, "entitlement_gib"},
    {HR_LICENCE_PER_GUEST_PACK, "guests_per_licence"},
    {HR_LICENCE_PER_SOCKET_PACK, "sockets_per_licence"},
    {HR_LICENCE_KIT, "max_hosts"},
    {HR_LICENCE_KIT, "max_sockets_per_host"},
    {HR_LICENCE_SMALL_SITE, "max_sockets"},
    {HR_LICENCE_SMALL_SITE, "max_guests"},
    {HR_LICENCE_AS_WINDOWS_GUEST, "guests_per_licence"},
};

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
    HR_FIELD_NUMBER(struct hr_overhead, first_mib, HR_OPTIONAL, 1, 1e6),
    {.key = NULL},
};

/* One size of a published table; the table is in order of vCPUs, then size. */
static const struct hr_field OVERHEAD_ENTRY_FIELDS[] = {
    HR_FIELD_NUMBER(struct hr_overhead_entry, size_mib, HR_REQUIRED, 1, 1e8),
    HR_FIELD_COUNT(struct hr_overhead_entry, vcpus, HR_REQUIRED, 1, 1024),
    HR_FIELD_NUMBER(struct hr_overhead_entry, overhead_mib, HR_REQUIRED, 0, 1e6),
    {.key = NULL},
};

static const struct hr_field FLOOR_FIELDS[] = {
    HR_FIELD_NUMBER(struct hr_floor_rule, fixed_mib, HR_REQUIRED, 0, 1e6),
    HR_FIELD_NUMBER(struct hr_floor_rule, factor, HR_REQUIRED, 1, 10),
    HR_FIELD_NUMBER(struct hr_floor_rule, sharing_frac, HR_REQUIRED, 0, 1),
    {.key = NULL},
};

#define TERM(member, low, high)                                                                \
    {                                                                                          \
        .key = #member, .kind = HR_FIELD_INT,                                                  \
        .offset = offsetof(struct hr_licence, terms.member), .least = (low), .most = (high)    \
    }
#define AMOUNT(member, low, high)                                                              \
    {                                                                                          \
        .key = #member, .kind = HR_FIELD_DOUBLE,                                               \
        .offset = offsetof(struct hr_licence, terms.member), .least = (low), .most = (high)    \
    }
static const struct hr_field LICENCE_FIELDS[] = {
    HR_FIELD_OF(struct hr_licence, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_ONE_OF(struct hr_licence, kind, HR_REQUIRED, LICENCES),
    HR_FIELD_OF(struct hr_licence, price_id, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(struct hr_licence, yearly, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(struct hr_licence, support_year_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_OF(struct hr_licence, support_price_id, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_OF(struct hr_licence, covers_windows_guests, HR_FIELD_BOOL, HR_OPTIONAL),
    TERM(min_cores_per_socket, 0, 1024),
    TERM(min_cores_per_guest, 0, 1024),
    TERM(min_cores_per_order, 0, 100000),
    TERM(min_sockets_per_host, 0, 64),
    TERM(min_hosts, 0, 1000),
    TERM(cores_per_licence, 1, 1024),
    TERM(guests_per_licence, 1, 1000000),
    TERM(sockets_per_licence, 1, 1000),
    TERM(max_hosts, 1, 1000),
    TERM(max_sockets_per_host, 1, 64),
    TERM(max_sockets, 1, 10000),
    TERM(max_cores, 1, 1000000),
    TERM(max_guests, 1, 1000000),
    AMOUNT(entitlement_gib, 1, 1e6),
    AMOUNT(max_gib_per_guest, 1, 1e6),
    HR_FIELD_OF(struct hr_licence, source, HR_FIELD_TEXT, HR_REQUIRED),
    {.key = NULL},
};
#undef TERM
#undef AMOUNT

#define PLATFORM struct hr_platform
/* What a scenario may change too. A policy's parameters stand under the policy's name. */
#define CHANGEABLE_FIELDS                                                                      \
    HR_FIELD_STRUCT(PLATFORM, hypervisor, HR_REQUIRED, RESERVE_FIELDS),                        \
        HR_FIELD_STRUCT(PLATFORM, overhead, HR_REQUIRED, OVERHEAD_FIELDS),                     \
        HR_FIELD_STRUCT(PLATFORM, floor, HR_OPTIONAL, FLOOR_FIELDS),                           \
        HR_FIELD_NUMBER(PLATFORM, cpu_base_mhz, HR_REQUIRED, 0, 1e6),                          \
        HR_FIELD_NUMBER(PLATFORM, cpu_efficiency, HR_REQUIRED, 0.1, 1),                        \
        HR_FIELD_NUMBER(PLATFORM, smt_gain_frac, HR_REQUIRED, 0, 1),                           \
        HR_FIELD_NUMBER(PLATFORM, cpu_mhz_per_iops, HR_REQUIRED, 0, 100),                      \
        HR_FIELD_NUMBER(PLATFORM, io_ceiling_iops, HR_OPTIONAL, 0, 1e9),                       \
        HR_FIELD_NUMBER(PLATFORM, controller_mib, HR_OPTIONAL, 0, 1e6),                        \
        HR_FIELD_NUMBER(PLATFORM, controller_mhz, HR_OPTIONAL, 0, 1e6),                        \
        HR_FIELD_OF(PLATFORM, has_ha, HR_FIELD_BOOL, HR_REQUIRED),                             \
        HR_FIELD_NUMBER(PLATFORM, ha_detection_s, HR_OPTIONAL, 0, 86400),                      \
        HR_FIELD_COUNT(PLATFORM, ha_parallel_starts, HR_OPTIONAL, 1, 1000),                    \
        HR_FIELD_NUMBER(PLATFORM, manual_restart_s, HR_REQUIRED, 0, 1e6),                      \
        HR_FIELD_OF(PLATFORM, has_live_migration, HR_FIELD_BOOL, HR_REQUIRED),                 \
        HR_FIELD_OF(PLATFORM, has_balancing, HR_FIELD_BOOL, HR_REQUIRED),                      \
        HR_FIELD_NUMBER(PLATFORM, balancing_period_s, HR_OPTIONAL, 60, 86400),                 \
        HR_FIELD_NUMBER(PLATFORM, balancing_above_frac, HR_OPTIONAL, 0.1, 1)

static const struct hr_field CHANGE_FIELDS[] = {
    CHANGEABLE_FIELDS,
    {.key = NULL},
};

static const struct hr_field FILE_FIELDS[] = {
    HR_FIELD_OF(PLATFORM, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(PLATFORM, vendor, HR_FIELD_TEXT, HR_REQUIRED),
    {.key = "policy", .kind = HR_FIELD_CUSTOM, .is_required = true},
    HR_FIELD_OF(PLATFORM, simulate_only, HR_FIELD_BOOL, HR_OPTIONAL),
    HR_FIELD_OF(PLATFORM, by_name, HR_FIELD_BOOL, HR_OPTIONAL),
    HR_FIELD_OF(PLATFORM, books, HR_FIELD_TEXTS, HR_OPTIONAL),
    CHANGEABLE_FIELDS,
    HR_FIELD_COUNT(PLATFORM, max_hosts, HR_OPTIONAL, 0, 100000),
    HR_FIELD_COUNT(PLATFORM, max_sockets_per_host, HR_OPTIONAL, 1, 1024),
    HR_FIELD_COUNT(PLATFORM, max_guests_per_host, HR_OPTIONAL, 1, 100000),
    HR_FIELD_COUNT(PLATFORM, max_guests, HR_OPTIONAL, 1, 10000000),
    HR_FIELD_OF(PLATFORM, storage, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_OF(PLATFORM, servers, HR_FIELD_TEXTS, HR_OPTIONAL),
    HR_FIELD_NUMBER(PLATFORM, install_footprint_gib, HR_OPTIONAL, 0, 1e4),
    HR_FIELD_ONE_OF(PLATFORM, storage_layout, HR_OPTIONAL, LAYOUTS),
    HR_FIELD_ONE_OF(PLATFORM, io_path, HR_OPTIONAL, IO_PATHS),
    {.key = "overhead_table", .kind = HR_FIELD_CUSTOM, .fields = OVERHEAD_ENTRY_FIELDS},
    {.key = "licences", .kind = HR_FIELD_CUSTOM, .is_required = true, .fields = LICENCE_FIELDS},
    HR_FIELD_OF(PLATFORM, windows_host_licence, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(PLATFORM, admin_h_per_host_year, HR_REQUIRED, 0, 8760),
    HR_FIELD_NUMBER(PLATFORM, admin_h_per_guest_year, HR_REQUIRED, 0, 8760),
    HR_FIELD_OF(PLATFORM, management_note, HR_FIELD_TEXT, HR_REQUIRED),
    {.key = NULL},
};

const char *hr_licence_kind_name(enum hr_licence_kind kind)
{
    hr_assert(kind < HR_LICENCE__COUNT);
    return LICENCES[kind];
}

const struct hr_field *hr_platform_changes(void)
{
    return CHANGE_FIELDS;
}

/* One map for each policy that has parameters. Returns: how many. */
static size_t add_policies(struct hr_field *out)
{
    size_t n = 0;
    for (const struct hr_memory_policy *const *p = hr_memory_policies(); *p != NULL; p++) {
        if ((*p)->fields != NULL) {
            out[n++] = (struct hr_field){.key = (*p)->name,
                                         .kind = HR_FIELD_MAP_AT,
                                         .offset = offsetof(PLATFORM, params),
                                         .fields = (*p)->fields,
                                         .n_bytes = (*p)->n_params_bytes};
        }
    }
    return n;
}

/* The table, and after the overhead what the policies add. */
static void with_policies(const struct hr_field *fields, struct hr_field *out)
{
    size_t n = 0;
    for (size_t i = 0; fields[i].key != NULL; i++) {
        hr_assert(n < MOST_FIELDS - MOST_POLICIES);
        out[n++] = fields[i];
        if (strcmp(fields[i].key, "overhead") == 0) {
            n += add_policies(&out[n]);
        }
    }
    out[n] = (struct hr_field){.key = NULL};
}

const char *hr_platform_policy_name(const struct hr_platform *platform)
{
    return platform->memory->name;
}

const char *hr_platform_policy_fault(const struct hr_platform *platform)
{
    return platform->params != NULL && platform->memory->fault != NULL
               ? platform->memory->fault(platform->params)
               : NULL;
}

static void read_policy(const struct hr_entry_file *file, struct hr_platform *platform)
{
    const char *names[MOST_POLICIES] = {NULL};
    const struct hr_memory_policy *const *policies = hr_memory_policies();
    for (size_t i = 0; policies[i] != NULL; i++) {
        hr_assert(i < MOST_POLICIES - 1);
        names[i] = policies[i]->name;
    }
    int chosen = 0;
    (void)hr_node_enum(file->tree, hr_tree_root(file->tree), "policy", names, &chosen,
                       file->diag);
    platform->memory = policies[chosen];
}

static void read_overhead_table(const struct hr_entry_file *file, struct hr_platform *platform)
{
    const hr_node *list = hr_entry_list(file, hr_tree_root(file->tree), "overhead_table");
    size_t n = list != NULL ? hr_node_length(list) : 0;
    struct hr_overhead *overhead = &platform->overhead;
    overhead->table = g_new0(struct hr_overhead_entry, n + 1);
    overhead->n_table = n;
    for (size_t i = 0; i < n; i++) {
        const hr_node *map = hr_node_at(list, i);
        struct hr_overhead_entry *entry = &overhead->table[i];
        hr_fields_read(file, map, OVERHEAD_ENTRY_FIELDS, entry);
        const struct hr_overhead_entry *before = i > 0 ? entry - 1 : NULL;
        if (before != NULL &&
            (entry->vcpus < before->vcpus ||
             (entry->vcpus == before->vcpus && entry->size_mib <= before->size_mib))) {
            hr_entry_fail(file, map, "size_mib", "out of order",
                          "the table stands in order of vCPUs, then of size");
        }
    }
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
        for (size_t k = 0; k < G_N_ELEMENTS(NEEDED_TERMS); k++) {
            const char *term = NEEDED_TERMS[k].term;
            if (NEEDED_TERMS[k].kind == licence->kind && hr_node_get(map, term) == NULL) {
                hr_entry_fail(file, map, "kind", "no term", "'kind: %s' needs its '%s'",
                              LICENCES[licence->kind], term);
            }
        }
    }
}

/* The parameters of a policy stand where the policy is chosen and nowhere else. */
static void check_params(const struct hr_entry_file *file, const struct hr_platform *platform,
                         const struct hr_memory_policy *policy)
{
    const hr_node *root = hr_tree_root(file->tree);
    bool is_given = hr_node_get(root, policy->name) != NULL;
    if (policy->fields == NULL || is_given == (platform->memory == policy)) {
        return;
    }
    hr_entry_fail(file, root, policy->name, "policy parameters",
                  is_given ? "'%s' has no meaning under another policy"
                           : "the policy '%s' needs its parameters under the same key",
                  policy->name);
}

struct hr_platform *hr_platform_read(const hr_tree *tree, const char *id, hr_diag *diag)
{
    struct hr_entry_file file = {.tree = tree, .diag = diag};
    size_t n_before = hr_diag_count_severity(diag, HR_FATAL);
    struct hr_platform *platform = g_new0(struct hr_platform, 1);
    platform->id = g_strdup(id);
    struct hr_field fields[MOST_FIELDS];
    with_policies(FILE_FIELDS, fields);
    hr_entry_read(&file, fields, platform, &platform->sources);
    platform->memory = hr_memory_policies()[0];
    const hr_node *root = hr_tree_root(tree);
    if (hr_node_kind(root) != HR_NODE_MAP) {
        return platform;
    }
    if (hr_node_get(root, "policy") != NULL) {
        read_policy(&file, platform);
        for (const struct hr_memory_policy *const *p = hr_memory_policies(); *p != NULL; p++) {
            check_params(&file, platform, *p);
        }
    }
    read_overhead_table(&file, platform);
    read_licences(&file, platform);
    if (platform->has_ha) {
        hr_node_require(tree, root, "ha_detection_s", diag);
        hr_node_require(tree, root, "ha_parallel_starts", diag);
    }
    const char *fault = hr_platform_policy_fault(platform);
    if (fault != NULL && hr_diag_count_severity(diag, HR_FATAL) == n_before) {
        hr_entry_fail(&file, root, platform->memory->name, "policy parameters", "%s", fault);
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
    struct hr_field fields[MOST_FIELDS];
    with_policies(FILE_FIELDS, fields);
    hr_fields_clear(fields, platform);
    g_free(platform->overhead.table);
    hr_origins_clear(&platform->sources);
    g_free(platform->id);
    g_free(platform);
}

struct hr_platform *hr_platform_with(const struct hr_platform *base, const hr_tree *tree,
                                     const hr_node *changes, hr_diag *diag)
{
    struct hr_platform *platform = g_memdup2(base, sizeof *base);
    size_t n_bytes = base->memory->n_params_bytes;
    platform->params = n_bytes > 0 ? g_memdup2(base->params, n_bytes) : NULL;
    struct hr_field all[MOST_FIELDS];
    struct hr_field fields[MOST_FIELDS];
    with_policies(CHANGE_FIELDS, all);
    size_t n = 0;
    for (size_t i = 0; all[i].key != NULL; i++) {
        if (all[i].kind != HR_FIELD_MAP_AT || strcmp(all[i].key, base->memory->name) == 0) {
            fields[n++] = all[i];
        }
    }
    fields[n] = (struct hr_field){.key = NULL};
    struct hr_entry_file file = {.tree = tree, .diag = diag, .is_change = true};
    hr_fields_read(&file, changes, fields, platform);
    return platform;
}

void hr_platform_with_free(struct hr_platform *platform)
{
    if (platform != NULL) {
        g_free(platform->params);
        g_free(platform);
    }
}
