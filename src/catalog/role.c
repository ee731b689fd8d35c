/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/entries.h"
#include "catalog/match.h"
#include "catalog/schema.h"

enum { HOURS_PER_DAY = 24 };

static const char *const PRIORITIES[] = {"high", "medium", "low", NULL};
static const char *const JOB_TIMES[] = {"daily", "weekly", "month-end", "patch-tuesday", NULL};
static const char *const WEEKDAYS[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday",    NULL};

static const struct hr_field SHAPE_FIELDS[] = {
    HR_FIELD_OF(struct hr_shape, weekday, HR_FIELD_LEVELS, HR_REQUIRED),
    HR_FIELD_OF(struct hr_shape, weekend, HR_FIELD_LEVELS, HR_REQUIRED),
    HR_FIELD_NUMBER(struct hr_shape, noise_sigma, HR_REQUIRED, 0, 3),
    HR_FIELD_NUMBER(struct hr_shape, noise_phi, HR_REQUIRED, 0, 0.9999),
    HR_FIELD_NUMBER(struct hr_shape, site_share, HR_REQUIRED, 0, 1),
    {.key = NULL},
};

static const struct hr_field BURST_FIELDS[] = {
    HR_FIELD_NUMBER(struct hr_burst, per_day, HR_REQUIRED, 0, 1000),
    HR_FIELD_NUMBER(struct hr_burst, height_median, HR_REQUIRED, 0, 1000),
    HR_FIELD_NUMBER(struct hr_burst, height_sigma, HR_REQUIRED, 0, 3),
    HR_FIELD_NUMBER(struct hr_burst, mean_s, HR_REQUIRED, 1, 86400),
    {.key = NULL},
};

static const struct hr_field JOB_FIELDS[] = {
    HR_FIELD_OF(struct hr_job, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_ONE_OF(struct hr_job, when, HR_REQUIRED, JOB_TIMES),
    HR_FIELD_ONE_OF(struct hr_job, weekday, HR_OPTIONAL, WEEKDAYS),
    HR_FIELD_NUMBER(struct hr_job, start_hour, HR_REQUIRED, 0, 24),
    HR_FIELD_NUMBER(struct hr_job, duration_h, HR_REQUIRED, 0.01, 168),
    HR_FIELD_NUMBER(struct hr_job, jitter_h, HR_OPTIONAL, 0, 24),
    HR_FIELD_NUMBER(struct hr_job, cpu_pct, HR_OPTIONAL, 0, 100),
    HR_FIELD_NUMBER(struct hr_job, iops, HR_OPTIONAL, 0, 1e6),
    HR_FIELD_NUMBER(struct hr_job, commit_frac, HR_OPTIONAL, 0, 4),
    HR_FIELD_NUMBER(struct hr_job, cache_frac, HR_OPTIONAL, 0, 4),
    {.key = NULL},
};

static const struct hr_field FIELDS[] = {
    HR_FIELD_OF(struct hr_role, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_OF(struct hr_role, match, HR_FIELD_TEXTS, HR_REQUIRED),
    HR_FIELD_NUMBER(struct hr_role, commit_frac, HR_REQUIRED, 0.001, 4),
    HR_FIELD_NUMBER(struct hr_role, cache_frac, HR_REQUIRED, 0, 4),
    HR_FIELD_NUMBER(struct hr_role, active_frac, HR_REQUIRED, 0, 4),
    HR_FIELD_NUMBER(struct hr_role, cpu_mean_pct, HR_REQUIRED, 0, 100),
    HR_FIELD_NUMBER(struct hr_role, cpu_peak_pct, HR_REQUIRED, 0, 100),
    HR_FIELD_NUMBER(struct hr_role, iops_mean, HR_REQUIRED, 0, 1e6),
    HR_FIELD_NUMBER(struct hr_role, iops_peak, HR_REQUIRED, 0, 1e6),
    HR_FIELD_STRUCT(struct hr_role, cpu_shape, HR_REQUIRED, SHAPE_FIELDS),
    HR_FIELD_STRUCT(struct hr_role, memory_shape, HR_REQUIRED, SHAPE_FIELDS),
    HR_FIELD_STRUCT(struct hr_role, iops_shape, HR_REQUIRED, SHAPE_FIELDS),
    HR_FIELD_STRUCT(struct hr_role, burst, HR_REQUIRED, BURST_FIELDS),
    {.key = "jobs", .kind = HR_FIELD_CUSTOM, .fields = JOB_FIELDS},
    HR_FIELD_NUMBER(struct hr_role, working_set_s, HR_REQUIRED, 60, 1e6),
    HR_FIELD_NUMBER(struct hr_role, overlap, HR_REQUIRED, 1, 1000),
    HR_FIELD_NUMBER(struct hr_role, cache_reads_iops, HR_REQUIRED, 0, 1e6),
    HR_FIELD_NUMBER(struct hr_role, dirty_share, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(struct hr_role, common_mib, HR_REQUIRED, 0, 1e6),
    HR_FIELD_OF(struct hr_role, notices_added_memory, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_OF(struct hr_role, dynamic_memory, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_OF(struct hr_role, dynamic_memory_reason, HR_FIELD_TEXT, HR_OPTIONAL),
    HR_FIELD_NUMBER(struct hr_role, startup_frac, HR_REQUIRED, 0.001, 1),
    HR_FIELD_NUMBER(struct hr_role, minimum_frac, HR_REQUIRED, 0.001, 1),
    HR_FIELD_ONE_OF(struct hr_role, priority, HR_REQUIRED, PRIORITIES),
    {.key = NULL},
};

const struct hr_field *hr_role_fields(void)
{
    return FIELDS;
}

static void read_jobs(const struct hr_entry_file *file, struct hr_role *role)
{
    const hr_node *list = hr_entry_list(file, hr_tree_root(file->tree), "jobs");
    size_t n = list != NULL ? hr_node_length(list) : 0;
    role->jobs = g_new0(struct hr_job, n + 1);
    role->n_jobs = n;
    for (size_t i = 0; i < n; i++) {
        const hr_node *map = hr_node_at(list, i);
        hr_fields_read(file, map, JOB_FIELDS, &role->jobs[i]);
        bool is_weekly = role->jobs[i].when == HR_JOB_WEEKLY;
        if (hr_node_kind(map) == HR_NODE_MAP &&
            is_weekly != (hr_node_get(map, "weekday") != NULL)) {
            hr_entry_fail(file, map, "weekday", "weekday",
                          is_weekly ? "a weekly job needs its 'weekday'"
                                    : "'weekday' belongs to weekly jobs only");
        }
    }
}

static void check_match(const struct hr_entry_file *file, const hr_node *list)
{
    for (size_t i = 0; list != NULL && i < hr_node_length(list); i++) {
        const hr_node *item = hr_node_at(list, i);
        const char *pattern = hr_node_text(item);
        if (!hr_match_is_pattern(pattern)) {
            hr_node_fail(file->tree, item, file->diag, "match pattern",
                         "'%s' is no pattern: a bracket is never closed", pattern);
            continue;
        }
        g_autofree char *plain = hr_match_guest_name(pattern);
        if (!g_str_equal(plain, pattern)) {
            hr_node_fail(
                file->tree, item, file->diag, "match pattern",
                "'%s' can never fit: names are compared in lower case, without domain, "
                "with hyphens for blanks and underscores",
                pattern);
        }
    }
}

static void check_shape(const struct hr_entry_file *file, const char *key,
                        const struct hr_shape *shape)
{
    double sum = 0.0;
    for (int hour = 0; hour < HOURS_PER_DAY; hour++) {
        sum += 5.0 * shape->weekday[hour] + 2.0 * shape->weekend[hour];
    }
    const hr_node *map = hr_node_get(hr_tree_root(file->tree), key);
    if (!(sum > 0.0) && map != NULL && hr_node_kind(map) == HR_NODE_MAP) {
        hr_node_fail(file->tree, map, file->diag, "empty shape",
                     "'%s' is zero in every hour of the week", key);
    }
}

static void check_levels(const struct hr_entry_file *file, const struct hr_role *role)
{
    const hr_node *root = hr_tree_root(file->tree);
    if (role->active_frac > role->commit_frac + role->cache_frac) {
        hr_entry_fail(file, root, "active_frac", "active memory",
                      "'active_frac' is more than commit and cache together");
    }
    if (role->cpu_peak_pct < role->cpu_mean_pct) {
        hr_entry_fail(file, root, "cpu_peak_pct", "peak below mean",
                      "'cpu_peak_pct' is below 'cpu_mean_pct'");
    }
    if (role->iops_peak < role->iops_mean) {
        hr_entry_fail(file, root, "iops_peak", "peak below mean",
                      "'iops_peak' is below 'iops_mean'");
    }
    if (role->minimum_frac > role->startup_frac) {
        hr_entry_fail(file, root, "minimum_frac", "minimum above startup",
                      "'minimum_frac' is above 'startup_frac'");
    }
    if (role->dynamic_memory == (role->dynamic_memory_reason != NULL)) {
        hr_entry_fail(file, root, "dynamic_memory_reason", "dynamic memory",
                      role->dynamic_memory
                          ? "'dynamic_memory_reason' belongs to roles without dynamic memory"
                          : "a role without dynamic memory needs its 'dynamic_memory_reason'");
    }
}

struct hr_role *hr_role_read(const hr_tree *tree, const char *id, hr_diag *diag)
{
    struct hr_entry_file file = {.tree = tree, .diag = diag};
    struct hr_role *role = g_new0(struct hr_role, 1);
    role->id = g_strdup(id);
    hr_entry_read(&file, FIELDS, role, &role->sources);
    if (hr_node_kind(hr_tree_root(tree)) != HR_NODE_MAP) {
        return role;
    }
    read_jobs(&file, role);
    check_match(&file, hr_node_get(hr_tree_root(tree), "match"));
    check_levels(&file, role);
    check_shape(&file, "cpu_shape", &role->cpu_shape);
    check_shape(&file, "memory_shape", &role->memory_shape);
    check_shape(&file, "iops_shape", &role->iops_shape);
    return role;
}

void hr_role_free(struct hr_role *role)
{
    if (role == NULL) {
        return;
    }
    for (size_t i = 0; i < role->n_jobs; i++) {
        hr_fields_clear(JOB_FIELDS, &role->jobs[i]);
    }
    g_free(role->jobs);
    hr_fields_clear(FIELDS, role);
    hr_origins_clear(&role->sources);
    g_free(role->id);
    g_free(role);
}
