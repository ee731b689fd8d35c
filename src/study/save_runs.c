/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/save_runs.h"

#include <math.h>

#include "base/units.h"

static struct hr_row_guest_result guest_row(const struct hr_scenario *scenario,
                                            const struct hr_run_result *run, uint32_t g,
                                            enum hr_phase p)
{
    const struct hr_guest_result *guest = &run->guests[g];
    const struct hr_guest_phase *phase = &guest->phase[p];
    const struct hr_scenario_guest *facts = &scenario->guests->items[g];
    return (struct hr_row_guest_result){
        .name = facts->name,
        .role = facts->role->id,
        .os = facts->os->id,
        .size_mib = llround(facts->size_mib),
        .refused = guest->refused,
        .lost_host = guest->lost_host,
        .restarted = guest->restarted,
        .restart_s = guest->restart_s,
        .phase = hr_phase_name(p),
        .slowdown_mean = phase->slowdown_mean,
        .slowdown_p95 = phase->slowdown_p95,
        .slowdown_p99 = phase->slowdown_p99,
        .slowdown_max = phase->slowdown_max,
        .above_level_min = phase->above_level_s / 60.0,
        .down_min = phase->down_s / 60.0,
        .cause_guest_paging = phase->cause_mean[HR_CAUSE_GUEST_PAGING],
        .cause_host_swap = phase->cause_mean[HR_CAUSE_HOST_SWAP],
        .cause_decompression = phase->cause_mean[HR_CAUSE_DECOMPRESSION],
        .cause_lost_cache = phase->cause_mean[HR_CAUSE_LOST_CACHE],
        .cause_tier = phase->cause_mean[HR_CAUSE_TIER],
        .cause_balloon = phase->cause_mean[HR_CAUSE_BALLOON],
        .cause_cpu = phase->cause_mean[HR_CAUSE_CPU],
        .cause_storage = phase->cause_mean[HR_CAUSE_STORAGE],
        .granted_mean_mib = phase->granted_mean_mib,
        .ballooned_mean_mib = phase->ballooned_mean_mib,
        .swapped_mean_mib = phase->swapped_mean_mib,
        .compressed_mean_mib = phase->compressed_mean_mib,
    };
}

static bool save_guests(hr_store *store, int64_t run_id, const struct hr_scenario *scenario,
                        const struct hr_run_result *run, GError **error)
{
    int n_phases = run->failure_t_us >= 0 ? HR_PHASE__COUNT : 1;
    for (uint32_t g = 0; g < run->n_guests; g++) {
        char buf[16];
        uint32_t first = run->guests[g].host;
        const char *host = first != UINT32_MAX ? hr_cluster_host_name(&scenario->cluster, first,
                                                                      buf, sizeof buf)
                                               : "";
        for (int p = 0; p < n_phases; p++) {
            struct hr_row_guest_result row = guest_row(scenario, run, g, (enum hr_phase)p);
            row.host = host;
            if (!hr_store_add_guest_result(store, run_id, &row, error)) {
                return false;
            }
        }
    }
    return true;
}

static bool save_series(hr_store *store, int64_t run_id, const struct hr_scenario *scenario,
                        const struct hr_run_result *run, GError **error)
{
    for (uint32_t i = 0; i < run->n_series; i++) {
        const struct hr_series_row *r = &run->series[i];
        char buf[16];
        const char *host = hr_cluster_host_name(&scenario->cluster, r->host, buf, sizeof buf);
        struct hr_row_series row = {.phase = hr_phase_name((enum hr_phase)r->phase),
                                    .host = host,
                                    .metric = hr_series_name((enum hr_series)r->series),
                                    .hour = r->hour,
                                    .min = llround(r->min),
                                    .mean = llround(r->mean),
                                    .max = llround(r->max)};
        if (!hr_store_add_series(store, run_id, &row, error)) {
            return false;
        }
    }
    return true;
}

static bool save_events(hr_store *store, int64_t run_id, const struct hr_scenario *scenario,
                        const struct hr_run_result *run, GError **error)
{
    for (uint32_t i = 0; i < run->n_events; i++) {
        const struct hr_noted_event *e = &run->events[i];
        char buf[16];
        struct hr_row_event row = {
            .phase = hr_phase_name((enum hr_phase)e->phase),
            .t_s = hr_us_to_s(e->t_us),
            .code = hr_event_code_name((enum hr_event_code)e->code),
            .host = e->host != UINT32_MAX
                        ? hr_cluster_host_name(&scenario->cluster, e->host, buf, sizeof buf)
                        : NULL,
            .guest = e->guest != UINT32_MAX ? scenario->guests->items[e->guest].name : NULL};
        if (!hr_store_add_event(store, run_id, &row, error)) {
            return false;
        }
    }
    return true;
}

static bool save_run(hr_store *store, int64_t scenario_id, const struct hr_run_result *run,
                     int64_t *run_id, GError **error)
{
    struct hr_row_run row = {
        .replication = (int)run->replication,
        .seed = (int64_t)run->seed,
        .status = "done",
        .slowdown_p95_worst = run->slowdown_p95_worst[HR_PHASE_NORMAL],
        .failure_slowdown_p95_worst = run->slowdown_p95_worst[HR_PHASE_FAILURE],
        .slowdown_mean = run->slowdown_mean[HR_PHASE_NORMAL],
        .swapped_min = run->swapped_min,
        .paged_min = run->paged_min,
        .cpu_util_mean = run->cpu_util_mean,
        .storage_util_mean = run->storage_util_mean,
        .n_refused = (int)run->n_refused,
        .n_lost_host = (int)run->n_lost_host,
        .n_not_restarted = (int)run->n_not_restarted,
        .restart_max_s = run->restart_max_s,
        .failure_t_s = run->failure_t_us >= 0 ? hr_us_to_s(run->failure_t_us) : -1.0};
    return hr_store_add_run(store, scenario_id, &row, run_id, error);
}

bool hr_save_runs(hr_store *store, const struct hr_scenario *scenario,
                  const struct hr_run_result *runs, int n_runs, GError **error)
{
    g_autofree char *yaml = hr_scenario_to_yaml(scenario);
    struct hr_row_scenario row = {.platform_id = hr_scenario_name(scenario), .yaml = yaml};
    int64_t scenario_id = 0;
    if (!hr_store_add_scenario(store, &row, &scenario_id, error)) {
        return false;
    }
    for (int r = 0; r < n_runs; r++) {
        const struct hr_run_result *run = &runs[r];
        int64_t run_id = 0;
        if (!save_run(store, scenario_id, run, &run_id, error)) {
            return false;
        }
        if (r == 0 && !(save_guests(store, run_id, scenario, run, error) &&
                        save_series(store, run_id, scenario, run, error) &&
                        save_events(store, run_id, scenario, run, error))) {
            return false;
        }
    }
    return true;
}

bool hr_save_findings(hr_store *store, const hr_diag *diag, GError **error)
{
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        g_autofree char *file = g_path_get_basename(f->file);
        struct hr_row_finding row = {.file = file,
                                     .line = (int)f->line,
                                     .severity = hr_severity_name(f->severity),
                                     .reason = f->reason,
                                     .text = f->text};
        if (!hr_store_add_finding(store, &row, error)) {
            return false;
        }
    }
    return true;
}
