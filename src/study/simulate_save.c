/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated scenario in the results database. */
#include <math.h>

#include "base/units.h"
#include "study/simulate.h"

struct saving {
    hr_store *store;
    const struct hr_simulate_context *context;
    const struct hr_simulate_result *result;
};

static bool save_study(const struct saving *s, GError **error)
{
    const struct hr_simulate_context *c = s->context;
    const struct hr_scenario *scenario = &c->file->scenario;
    const struct hr_guests *guests = c->file->guests;
    int64_t vcpus = 0;
    double memory_mib = 0.0;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        vcpus += guests->items[g].vcpus;
        memory_mib += guests->items[g].size_mib;
    }
    struct hr_row_study row = {.kind = "simulate",
                               .title = c->title,
                               .command = c->command,
                               .program_version = c->program_version,
                               .currency = "", /* nothing is priced */
                               .price_book = "",
                               .price_month = "",
                               .seed = (int64_t)scenario->seed,
                               .days = scenario->days,
                               .replications = c->file->replications,
                               .spare_hosts = scenario->spare_hosts,
                               .slowdown_level = scenario->service_level.slowdown_p95_frac,
                               .powered_off = hr_powered_off_name(HR_OFF_IGNORE),
                               .guests = guests->n_running,
                               .powered_on = guests->n_running,
                               .vcpus = vcpus,
                               .memory_mib = llround(memory_mib),
                               .running = guests->n_running,
                               .running_end = guests->n_running,
                               .disk_gib = guests->disk_gib};
    return hr_store_begin_study(s->store, &row, error);
}

/* Figures of all runs of a platform. */
struct totals {
    double swapped_min, paged_min, cpu_util_mean, restart_max_s;
    uint32_t n_lost_host, n_not_restarted;
    const char *worst_guest;
};

static void add_up(const struct hr_simulated *simulated, struct totals *out)
{
    int n = simulated->n_runs;
    *out = (struct totals){.worst_guest = ""};
    for (int r = 0; r < n; r++) {
        const struct hr_run_result *run = &simulated->runs[r];
        out->swapped_min += run->swapped_min / n;
        out->paged_min += run->paged_min / n;
        out->cpu_util_mean += run->cpu_util_mean / n;
        out->restart_max_s = fmax(out->restart_max_s, run->restart_max_s);
        out->n_lost_host = MAX(out->n_lost_host, run->n_lost_host);
        out->n_not_restarted = MAX(out->n_not_restarted, run->n_not_restarted);
    }
    const double *p95 = simulated->slowdown_p95;
    int phase =
        p95[HR_PHASE_FAILURE] > p95[HR_PHASE_NORMAL] ? HR_PHASE_FAILURE : HR_PHASE_NORMAL;
    if (simulated->runs[0].n_guests > 0) {
        uint32_t worst = simulated->runs[0].worst_guest[phase];
        out->worst_guest = simulated->scenario.guests->items[worst].name;
    }
}

static bool save_platform(const struct saving *s, const struct hr_simulated *simulated,
                          int rank, GError **error)
{
    const struct hr_scenario *scenario = &simulated->scenario;
    const struct hr_cluster_spec *cluster = &scenario->cluster;
    double normal = simulated->slowdown_p95[HR_PHASE_NORMAL];
    double failure = simulated->slowdown_p95[HR_PHASE_FAILURE];
    struct totals t;
    add_up(simulated, &t);
    g_autofree char *outcome = scenario->spare_hosts == 0
                                   ? g_strdup("no host failure simulated")
                                   : g_strdup_printf("%u guests lose their host, %u stay down",
                                                     t.n_lost_host, t.n_not_restarted);
    struct hr_row_platform row = {
        .rank = rank,
        .platform_id = scenario->platform->id,
        .name = scenario->platform->name,
        .policy = hr_policy_kind_name(scenario->platform->policy),
        .feasible = simulated->broken == NULL,
        .server_id = cluster->server->id,
        .server_name = cluster->server->name,
        .hosts = cluster->n_hosts,
        .dimm_gib = cluster->memory.dimm_gib,
        .n_dimms = cluster->memory.n_dimms,
        .memory_mib_per_host = llround(hr_cluster_physical_mib(cluster)),
        .cores_per_host = hr_server_cores(cluster->server),
        .overcommit_ratio = simulated->overcommit_ratio,
        .slowdown_p95 = normal,
        .slowdown_p95_low = normal,
        .slowdown_p95_high = normal,
        .failure_slowdown_p95 = failure,
        .failure_slowdown_p95_low = failure,
        .failure_slowdown_p95_high = failure,
        .worst_guest = t.worst_guest,
        .swapped_min = t.swapped_min,
        .paged_min = t.paged_min,
        .cpu_util_mean = t.cpu_util_mean,
        .guests_lost_host = (int)t.n_lost_host,
        .guests_not_restarted = (int)t.n_not_restarted,
        .restart_max_s = t.restart_max_s,
        .failure_outcome = outcome,
        .binding = simulated->broken != NULL ? simulated->broken : "",
        .next_smaller = "",
        .buy = "start",
        .staged_tco_cents = -1,
        .lasts_months = -1.0,
    };
    return hr_store_add_platform(s->store, &row, error);
}

static struct hr_row_guest_result guest_row(const struct hr_simulated *simulated,
                                            const struct hr_run_result *run, uint32_t g,
                                            enum hr_phase p)
{
    const struct hr_guest_result *guest = &run->guests[g];
    const struct hr_guest_phase *phase = &guest->phase[p];
    const struct hr_scenario_guest *facts = &simulated->scenario.guests->items[g];
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
        .cause_balloon = phase->cause_mean[HR_CAUSE_BALLOON],
        .cause_cpu = phase->cause_mean[HR_CAUSE_CPU],
        .cause_storage = phase->cause_mean[HR_CAUSE_STORAGE],
        .granted_mean_mib = phase->granted_mean_mib,
        .ballooned_mean_mib = phase->ballooned_mean_mib,
        .swapped_mean_mib = phase->swapped_mean_mib,
        .compressed_mean_mib = phase->compressed_mean_mib,
    };
}

static bool save_guests(const struct saving *s, int64_t run_id,
                        const struct hr_simulated *simulated, const struct hr_run_result *run,
                        GError **error)
{
    int n_phases = run->failure_t_us >= 0 ? HR_PHASE__COUNT : 1;
    for (uint32_t g = 0; g < run->n_guests; g++) {
        char host[16] = "";
        if (!run->guests[g].refused) {
            hr_simulate_host_name(host, sizeof host, run->guests[g].host);
        }
        for (int p = 0; p < n_phases; p++) {
            struct hr_row_guest_result row = guest_row(simulated, run, g, (enum hr_phase)p);
            row.host = host;
            if (!hr_store_add_guest_result(s->store, run_id, &row, error)) {
                return false;
            }
        }
    }
    return true;
}

static bool save_series(const struct saving *s, int64_t run_id, const struct hr_run_result *run,
                        GError **error)
{
    for (uint32_t i = 0; i < run->n_series; i++) {
        const struct hr_series_row *r = &run->series[i];
        char host[16];
        hr_simulate_host_name(host, sizeof host, r->host);
        struct hr_row_series row = {.phase = hr_phase_name((enum hr_phase)r->phase),
                                    .host = host,
                                    .metric = hr_series_name((enum hr_series)r->series),
                                    .hour = r->hour,
                                    .min = llround(r->min),
                                    .mean = llround(r->mean),
                                    .max = llround(r->max)};
        if (!hr_store_add_series(s->store, run_id, &row, error)) {
            return false;
        }
    }
    return true;
}

static bool save_events(const struct saving *s, int64_t run_id, const struct hr_run_result *run,
                        GError **error)
{
    const struct hr_guests *guests = s->context->file->guests;
    for (uint32_t i = 0; i < run->n_events; i++) {
        const struct hr_noted_event *e = &run->events[i];
        char host[16];
        if (e->host != UINT32_MAX) {
            hr_simulate_host_name(host, sizeof host, e->host);
        }
        struct hr_row_event row = {
            .phase = hr_phase_name((enum hr_phase)e->phase),
            .t_s = hr_us_to_s(e->t_us),
            .code = hr_event_code_name((enum hr_event_code)e->code),
            .host = e->host != UINT32_MAX ? host : NULL,
            .guest = e->guest != UINT32_MAX ? guests->items[e->guest].name : NULL};
        if (!hr_store_add_event(s->store, run_id, &row, error)) {
            return false;
        }
    }
    return true;
}

static bool save_run(const struct saving *s, int64_t scenario_id,
                     const struct hr_run_result *run, int64_t *run_id, GError **error)
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
    return hr_store_add_run(s->store, scenario_id, &row, run_id, error);
}

/* Guests, series and events of the first replication, as of a sizing study. */
static bool save_runs(const struct saving *s, const struct hr_simulated *simulated,
                      GError **error)
{
    g_autofree char *yaml = hr_scenario_to_yaml(&simulated->scenario);
    struct hr_row_scenario row = {.platform_id = simulated->scenario.platform->id,
                                  .yaml = yaml};
    int64_t scenario_id = 0;
    if (!hr_store_add_scenario(s->store, &row, &scenario_id, error)) {
        return false;
    }
    for (int r = 0; r < simulated->n_runs; r++) {
        const struct hr_run_result *run = &simulated->runs[r];
        int64_t run_id = 0;
        if (!save_run(s, scenario_id, run, &run_id, error)) {
            return false;
        }
        if (r == 0 &&
            !(save_guests(s, run_id, simulated, run, error) &&
              save_series(s, run_id, run, error) && save_events(s, run_id, run, error))) {
            return false;
        }
    }
    return true;
}

static bool save_findings(const struct saving *s, GError **error)
{
    for (size_t i = 0; i < hr_diag_count(s->context->diag); i++) {
        const struct hr_finding *f = hr_diag_get(s->context->diag, i);
        g_autofree char *file = g_path_get_basename(f->file);
        struct hr_row_finding row = {.file = file,
                                     .line = (int)f->line,
                                     .severity = hr_severity_name(f->severity),
                                     .reason = f->reason,
                                     .text = f->text};
        if (!hr_store_add_finding(s->store, &row, error)) {
            return false;
        }
    }
    return true;
}

static bool save_provenance(const struct saving *s, GError **error)
{
    g_autofree char *input = g_strdup_printf("input %s sha256", s->context->title);
    const struct hr_row_provenance rows[] = {
        {.key = "program", .value = s->context->program_version},
        {.key = "catalogue sha256", .value = hr_catalog_digest(s->context->catalog)},
        {.key = input, .value = s->context->file->digest},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (!hr_store_add_provenance(s->store, &rows[i], error)) {
            return false;
        }
    }
    return true;
}

bool hr_simulate_save(hr_store *store, const struct hr_simulate_context *context,
                      const struct hr_simulate_result *result, GError **error)
{
    struct saving s = {.store = store, .context = context, .result = result};
    bool ok = save_study(&s, error);
    for (uint32_t p = 0; ok && p < result->n_platforms; p++) {
        const struct hr_simulated *simulated = &result->platforms[p];
        ok = save_platform(&s, simulated, (int)p + 1, error) && save_runs(&s, simulated, error);
    }
    ok = ok && save_findings(&s, error) && save_provenance(&s, error);
    return ok && hr_store_commit_study(store, NULL, error);
}
