/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/scenario_text.h - scenarios from text, by the shipped catalogue: read, written and
 * read back, refused. */
#ifndef HR_TESTS_SCENARIO_TEXT_H
#define HR_TESTS_SCENARIO_TEXT_H

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "memory/memory_policy.h"
#include "scenario/read.h"

static inline hr_catalog *shipped_catalog(void)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_catalog *catalog = hr_catalog_load(NULL, diag, NULL);
    assert_non_null(catalog);
    return catalog;
}

/* Reads a text as if it were a file. */
static inline struct hr_scenario_file *read_text(const hr_catalog *catalog, const char *text,
                                                 hr_diag *diag)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("scenario-XXXXXX.yaml", &path, NULL);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    struct hr_scenario_file *file = hr_scenario_load(path, catalog, diag, NULL);
    (void)g_unlink(path);
    return file;
}

/* A text that must be sound. */
static inline struct hr_scenario_file *sound(const hr_catalog *catalog, const char *text)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_scenario_file *file = read_text(catalog, text, diag);
    for (size_t i = 0; file == NULL && i < hr_diag_count(diag); i++) {
        print_error("%s\n", hr_diag_get(diag, i)->text);
    }
    assert_non_null(file);
    return file;
}

/* ---- written and read back
 * -------------------------------------------------------------------- */

static inline void assert_same_contents(const struct hr_scenario_guest *a,
                                        const struct hr_scenario_guest *b)
{
    const struct hr_os *x = a->os;
    const struct hr_os *y = b->os;
    assert_string_equal(x->id, y->id);
    assert_int_equal(x->boot_zeroes_memory, y->boot_zeroes_memory);
    const double xs[] = {x->boot_touch_s,      x->churn_s,
                         x->zero_free_frac,    x->zero_used_frac,
                         x->common_mib,        x->common_used_frac,
                         x->dup_frac,          x->dup_multiplicity,
                         x->paging_cluster,    a->role->working_set_s,
                         a->role->overlap,     a->role->cache_reads_iops,
                         a->role->dirty_share, a->role->common_mib};
    const double ys[] = {y->boot_touch_s,      y->churn_s,
                         y->zero_free_frac,    y->zero_used_frac,
                         y->common_mib,        y->common_used_frac,
                         y->dup_frac,          y->dup_multiplicity,
                         y->paging_cluster,    b->role->working_set_s,
                         b->role->overlap,     b->role->cache_reads_iops,
                         b->role->dirty_share, b->role->common_mib};
    assert_memory_equal(xs, ys, sizeof xs);
    assert_string_equal(a->role->id, b->role->id);
    assert_int_equal(a->role->notices_added_memory, b->role->notices_added_memory);
    assert_int_equal(a->has_own_pages, b->has_own_pages);
    assert_int_equal(a->has_own_behaviour, b->has_own_behaviour);
}

static inline void assert_same_step(const struct hr_demand_step *a,
                                    const struct hr_demand_step *b)
{
    const double x[] = {a->at_s,       a->commit_mib, a->cache_mib,
                        a->active_mib, a->cpu_mhz,    a->iops};
    const double y[] = {b->at_s,       b->commit_mib, b->cache_mib,
                        b->active_mib, b->cpu_mhz,    b->iops};
    assert_memory_equal(x, y, sizeof x);
    assert_int_equal(a->ramp, b->ramp);
}

static inline void assert_same_platform(const struct hr_scenario *a,
                                        const struct hr_scenario *b)
{
    assert_string_equal(a->platform->id, b->platform->id);
    assert_string_equal(hr_scenario_name(a), hr_scenario_name(b));
    assert_ptr_equal(a->platform->memory, b->platform->memory);
    if (a->platform->params != NULL) { /* copies of one struct, padding and all */
        assert_memory_equal(a->platform->params, b->platform->params,
                            a->platform->memory->n_params_bytes);
    }
    assert_near(a->platform->hypervisor.fixed_mib, b->platform->hypervisor.fixed_mib, 0.0);
    assert_int_equal(a->platform->has_ha, b->platform->has_ha);
    if (a->settings == NULL) {
        assert_ptr_equal(a->platform, b->platform);
    }
}

static inline void assert_same_cluster(const struct hr_cluster_spec *a,
                                       const struct hr_cluster_spec *b)
{
    assert_int_equal(a->n_hosts, b->n_hosts);
    assert_int_equal(a->n_disks, b->n_disks);
    assert_int_equal(hr_server_cores(a->server), hr_server_cores(b->server));
    assert_string_equal(a->storage->id, b->storage->id);
    const double x[] = {a->storage_iops,        a->storage->iops_per_disk,
                        a->storage->latency_ms, a->storage->swap_mibps,
                        a->storage->read_frac,  a->storage->raid_write_penalty};
    const double y[] = {b->storage_iops,        b->storage->iops_per_disk,
                        b->storage->latency_ms, b->storage->swap_mibps,
                        b->storage->read_frac,  b->storage->raid_write_penalty};
    assert_memory_equal(x, y, sizeof x);
    assert_int_equal(a->hosts == NULL, b->hosts == NULL);
    for (uint32_t h = 0; h < (uint32_t)a->n_hosts; h++) {
        char buf[2][16];
        assert_near(hr_cluster_host_mib(a, h), hr_cluster_host_mib(b, h), 0.0);
        assert_string_equal(hr_cluster_host_name(a, h, buf[0], sizeof buf[0]),
                            hr_cluster_host_name(b, h, buf[1], sizeof buf[1]));
        assert_int_equal(a->hosts != NULL ? a->hosts[h].cores : 0,
                         b->hosts != NULL ? b->hosts[h].cores : 0);
    }
}

/* Everything a run looks at. */
static inline void assert_same_guest(const struct hr_scenario_guest *a,
                                     const struct hr_scenario_guest *b)
{
    assert_string_equal(a->name, b->name);
    assert_true(a->key == b->key && a->site_key == b->site_key);
    assert_same_contents(a, b);
    assert_int_equal(a->vcpus, b->vcpus);
    assert_int_equal(a->priority, b->priority);
    assert_int_equal(a->dynamic.enabled, b->dynamic.enabled);
    const double x[] = {a->size_mib,
                        a->memory_reservation_mib,
                        a->memory_limit_mib,
                        a->shares,
                        a->dynamic.startup_mib,
                        a->dynamic.minimum_mib,
                        a->dynamic.maximum_mib,
                        a->dynamic.buffer_pct,
                        a->dynamic.weight,
                        a->cpu_mhz_avg,
                        a->cpu_mhz_p95,
                        a->memory_active_mib,
                        a->memory_consumed_mib,
                        a->iops,
                        a->disk_gib,
                        a->start_s,
                        a->stop_s};
    const double y[] = {b->size_mib,
                        b->memory_reservation_mib,
                        b->memory_limit_mib,
                        b->shares,
                        b->dynamic.startup_mib,
                        b->dynamic.minimum_mib,
                        b->dynamic.maximum_mib,
                        b->dynamic.buffer_pct,
                        b->dynamic.weight,
                        b->cpu_mhz_avg,
                        b->cpu_mhz_p95,
                        b->memory_active_mib,
                        b->memory_consumed_mib,
                        b->iops,
                        b->disk_gib,
                        b->start_s,
                        b->stop_s};
    assert_memory_equal(x, y, sizeof x); /* to the last bit */
    assert_int_equal(a->host, b->host);
    assert_true(a->image_key == b->image_key);
    assert_int_equal(a->n_restarts, b->n_restarts);
    for (uint32_t i = 0; i < a->n_restarts; i++) {
        assert_near(a->restarts_s[i], b->restarts_s[i], 0.0);
    }
    assert_int_equal(a->n_demand, b->n_demand);
    for (uint32_t i = 0; i < a->n_demand; i++) {
        assert_same_step(&a->demand[i], &b->demand[i]);
    }
}

static inline void assert_reads_back(const hr_catalog *catalog,
                                     const struct hr_scenario_file *file)
{
    struct hr_scenario before = hr_scenario_on(file, 0);
    g_autofree char *yaml = hr_scenario_to_yaml(&before);
    struct hr_scenario_file *again = sound(catalog, yaml);
    struct hr_scenario after = hr_scenario_on(again, 0);
    assert_same_platform(&before, &after);
    assert_same_cluster(&before.cluster, &after.cluster);
    assert_int_equal(before.start, after.start);
    assert_near(hr_platform_capacity_mhz(before.platform, before.cluster.server),
                hr_platform_capacity_mhz(after.platform, after.cluster.server), 0.0);
    assert_int_equal(before.spare_hosts, after.spare_hosts);
    assert_true(before.seed == after.seed);
    assert_near(before.days, after.days, 0.0);
    assert_near(before.step_s, after.step_s, 0.0);
    assert_near(before.failure_tail_h, after.failure_tail_h, 0.0);
    assert_near(before.demand_factor, after.demand_factor, 0.0);
    assert_near(before.service_level.slowdown_p95_frac, after.service_level.slowdown_p95_frac,
                0.0);
    assert_near(before.service_level.restart_within_s, after.service_level.restart_within_s,
                0.0);
    assert_near(file->guests->vcpu_mhz, again->guests->vcpu_mhz, 0.0);
    assert_int_equal(file->guests->n_running, again->guests->n_running);
    for (uint32_t g = 0; g < file->guests->n_running; g++) {
        assert_same_guest(&file->guests->items[g], &again->guests->items[g]);
    }
    g_autofree char *twice = hr_scenario_to_yaml(&after);
    assert_string_equal(yaml, twice);
    hr_scenario_file_free(again);
}

/* ---- what is refused
 * -------------------------------------------------------------------------- */

struct refusal {
    const char *text;
    uint32_t line, column;
    const char *part; /* of the finding there */
};

static inline bool has_finding(const hr_diag *diag, const struct refusal *r)
{
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        if (f->severity == HR_FATAL && f->line == r->line && f->column == r->column &&
            strstr(f->text, r->part) != NULL) {
            return true;
        }
    }
    return false;
}

static inline void assert_refused(const hr_catalog *catalog, const struct refusal *refusal)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    assert_null(read_text(catalog, refusal->text, diag));
    if (!has_finding(diag, refusal)) {
        hr_diag_print(diag, HR_NOTE, stderr);
        fail_msg("no finding at %u:%u with \"%s\" in:\n%s", refusal->line, refusal->column,
                 refusal->part, refusal->text);
    }
}

#endif
