/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated scenario in the results database. */
#include <math.h>
#include <string.h>

#include "base/units.h"
#include "study/save_runs.h"
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
                               .growth_pct = c->file->growth_pct,
                               .demand_growth_pct = c->file->demand_growth_pct,
                               .running = c->file->n_today,
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
    const char *name = hr_scenario_name(scenario);
    bool is_own = strcmp(name, scenario->platform->id) != 0;
    struct totals t;
    add_up(simulated, &t);
    g_autofree char *outcome = scenario->spare_hosts == 0
                                   ? g_strdup("no host failure simulated")
                                   : g_strdup_printf("%u guests lose their host, %u stay down",
                                                     t.n_lost_host, t.n_not_restarted);
    struct hr_row_platform row = {
        .rank = rank,
        .platform_id = name,
        .name = is_own ? name : scenario->platform->name,
        .policy = hr_platform_policy_name(scenario->platform),
        .feasible = simulated->broken == NULL,
        .server_id = cluster->server->id,
        .server_name = cluster->server->name,
        .hosts = cluster->n_hosts,
        .dimm_gib = cluster->memory.dimm_gib,
        .n_dimms = cluster->memory.n_dimms,
        .memory_mib_per_host = llround(hr_cluster_memory_mib(cluster) / cluster->n_hosts),
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
        ok = save_platform(&s, simulated, (int)p + 1, error) &&
             hr_save_runs(store, &simulated->scenario, simulated->runs, simulated->n_runs,
                          error);
    }
    ok = ok && hr_save_findings(store, context->diag, error) && save_provenance(&s, error);
    return ok && hr_store_commit_study(store, NULL, error);
}
