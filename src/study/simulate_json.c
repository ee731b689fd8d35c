/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of the document is a contract: see doc/headroom-simulate.1. No ids, times of day or
 * paths. */
#include "study/simulate_json.h"

#include <math.h>

#include "base/units.h"
#include "study/counters.h"

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

/* Six decimals are more than any figure here carries. */
static json_t *real(double value)
{
    return json_real(round(value * 1e6) / 1e6);
}

static json_t *parts_json(const double *mib)
{
    json_t *row = json_object();
    for (int part = 0; part < HR_MEMORY__COUNT; part++) {
        set(row, hr_memory_part_name((enum hr_memory_part)part), real(mib[part]));
    }
    return row;
}

static json_t *memory_json(const double *end_mib, const double *peak_mib)
{
    json_t *row = json_object();
    set(row, "end", parts_json(end_mib));
    set(row, "peak", parts_json(peak_mib));
    return row;
}

/* ---- hosts
 * ------------------------------------------------------------------------------------ */

static json_t *state_s_json(const struct hr_host_result *host)
{
    json_t *row = json_object();
    for (uint32_t state = 0; state < G_N_ELEMENTS(host->state_s); state++) {
        set(row, hr_host_state_name(state), real(host->state_s[state]));
    }
    return row;
}

static json_t *thresholds_json(const struct hr_platform *platform, double min_free_mib)
{
    struct hr_thresholds t;
    if (!hr_thresholds_of(platform, min_free_mib, &t)) {
        return json_null();
    }
    json_t *row = json_object();
    set(row, "high", real(t.high_mib));
    set(row, "clear", t.clear_mib >= 0.0 ? real(t.clear_mib) : json_null());
    set(row, "soft", real(t.soft_mib));
    set(row, "hard", real(t.hard_mib));
    set(row, "low", real(t.low_mib));
    return row;
}

static json_t *host_json(const struct hr_simulated *s, const struct hr_run_result *run,
                         uint32_t h)
{
    const struct hr_cluster_spec *cluster = &s->scenario.cluster;
    double physical = hr_cluster_host_mib(cluster, h);
    const struct hr_host_result *host = &run->hosts[h];
    char buf[16];
    json_t *row = json_object();
    json_t *free_mib = json_object();
    json_t *cpu = json_object();
    set(free_mib, "end", real(host->free_end_mib));
    set(free_mib, "min", real(host->free_min_mib));
    set(cpu, "mean", real(host->cpu_util_mean));
    set(cpu, "max", real(host->cpu_util_max));
    set(row, "name", json_string(hr_cluster_host_name(cluster, h, buf, sizeof buf)));
    set(row, "state", json_string(hr_host_state_name(host->state_end)));
    set(row, "state_worst", json_string(hr_host_state_name(host->state_worst)));
    set(row, "state_s", state_s_json(host));
    set(row, "free_mib", free_mib);
    set(row, "physical_mib", real(physical));
    set(row, "hypervisor_mib",
        real(hr_platform_hypervisor_mib(s->scenario.platform, physical)));
    set(row, "overhead_mib", real(host->overhead_end_mib));
    set(row, "min_free_mib", real(host->min_free_mib));
    set(row, "thresholds_mib", thresholds_json(s->scenario.platform, host->min_free_mib));
    set(row, "memory_mib", memory_json(host->end_mib, host->peak_mib));
    set(row, "used_mean_mib", real(host->memory_used_mean_mib));
    set(row, "cpu_util", cpu);
    set(row, "guests_max", json_integer(host->guests_max));
    set(row, "failed", json_boolean(host->failed));
    return row;
}

/* ---- guests
 * ----------------------------------------------------------------------------------- */

/* What a guest met in one phase. */
static void set_phase(json_t *row, const struct hr_guest_phase *phase,
                      const struct hr_guest_memory *memory)
{
    static const char *const cause_keys[HR_CAUSE__COUNT] = {
        [HR_CAUSE_GUEST_PAGING] = "guest_paging",
        [HR_CAUSE_HOST_SWAP] = "host_swap",
        [HR_CAUSE_DECOMPRESSION] = "decompression",
        [HR_CAUSE_TIER] = "tier",
        [HR_CAUSE_LOST_CACHE] = "lost_cache",
        [HR_CAUSE_BALLOON] = "balloon",
        [HR_CAUSE_CPU] = "cpu",
        [HR_CAUSE_STORAGE] = "storage",
    };
    json_t *slowdown = json_object();
    json_t *progress = json_object();
    json_t *causes = json_object();
    for (int c = 0; c < HR_CAUSE__COUNT; c++) {
        set(causes, cause_keys[c], real(phase->cause_mean[c]));
    }
    set(slowdown, "mean", real(phase->slowdown_mean));
    set(slowdown, "p95", real(phase->slowdown_p95));
    set(slowdown, "p99", real(phase->slowdown_p99));
    set(slowdown, "max", real(phase->slowdown_max));
    set(slowdown, "causes", causes);
    set(progress, "mean", real(1.0 - phase->slowdown_mean));
    set(progress, "min", real(1.0 - phase->slowdown_max));
    set(row, "memory_mib", memory_json(memory->end_mib, memory->peak_mib));
    set(row, "pressure", real(memory->pressure_end));
    set(row, "pressure_peak", real(memory->pressure_peak));
    set(row, "slowdown", slowdown);
    set(row, "progress", progress);
    set(row, "swapped_min", real(phase->swapped_s / 60.0));
    set(row, "paged_min", real(phase->paged_s / 60.0));
    set(row, "down_s", real(phase->down_s));
}

/* What it was configured with. */
static void set_facts(json_t *row, const struct hr_simulated *s,
                      const struct hr_scenario_guest *facts)
{
    set(row, "name", json_string(facts->name));
    set(row, "role", json_string(facts->role->id));
    set(row, "os", json_string(facts->os->id));
    set(row, "size_mib", real(facts->size_mib));
    set(row, "reservation_mib", real(facts->memory_reservation_mib));
    set(row, "limit_mib", real(facts->memory_limit_mib));
    set(row, "shares", real(facts->shares));
    set(row, "overhead_mib",
        real(hr_platform_overhead_mib(s->scenario.platform, facts->size_mib, facts->vcpus)));
}

static json_t *guest_host_json(const struct hr_simulated *s,
                               const struct hr_guest_result *guest)
{
    char buf[16];
    return guest->host != UINT32_MAX ? json_string(hr_cluster_host_name(
                                           &s->scenario.cluster, guest->host, buf, sizeof buf))
                                     : json_null();
}

static json_t *guest_json(const struct hr_simulated *s, const struct hr_run_result *run,
                          uint32_t g)
{
    const struct hr_scenario_guest *facts = &s->scenario.guests->items[g];
    const struct hr_guest_result *guest = &run->guests[g];
    const struct hr_guest_memory *memory = &run->memory[HR_PHASE_NORMAL][g];
    g_autofree char *reason = guest->refused ? hr_refusal_text(&s->scenario, facts) : NULL;
    json_t *row = json_object();
    set_facts(row, s, facts);
    set(row, "host", guest_host_json(s, guest));
    set(row, "running", json_boolean(memory->runs_at_end));
    set(row, "refused", json_boolean(guest->refused));
    set(row, "refused_reason", reason != NULL ? json_string(reason) : json_null());
    set(row, "killed", json_boolean(guest->killed));
    set(row, "boots", json_integer(guest->n_boots));
    set(row, "smart_paged_max_mib", real(guest->smart_paged_max_mib));
    set(row, "drs_demand_mib",
        memory->runs_at_end
            ? real(hr_drs_demand_mib(s->scenario.platform, facts, memory->end_mib))
            : real(0.0));
    set_phase(row, &guest->phase[HR_PHASE_NORMAL], memory);
    if (run->failure_t_us >= 0) {
        json_t *failure = json_object();
        set(failure, "lost_host", json_boolean(guest->lost_host));
        set(failure, "restarted", json_boolean(guest->restarted));
        set(failure, "restart_s", guest->lost_host ? real(guest->restart_s) : json_null());
        set_phase(failure, &guest->phase[HR_PHASE_FAILURE], &run->memory[HR_PHASE_FAILURE][g]);
        set(row, "failure", failure);
    }
    return row;
}

/* ---- the whole document
 * ----------------------------------------------------------------------- */

static json_t *failure_json(const struct hr_run_result *run)
{
    if (run->failure_t_us < 0) {
        return json_null();
    }
    json_t *row = json_object();
    set(row, "t_s", real(hr_us_to_s(run->failure_t_us)));
    set(row, "guests_lost_host", json_integer(run->n_lost_host));
    set(row, "guests_not_restarted", json_integer(run->n_not_restarted));
    set(row, "restart_max_s", real(run->restart_max_s));
    set(row, "slowdown_p95", real(run->slowdown_p95_worst[HR_PHASE_FAILURE]));
    return row;
}

static json_t *run_json(const struct hr_simulated *s, const struct hr_run_result *run)
{
    const struct hr_platform *platform = s->scenario.platform;
    json_t *row = json_object();
    json_t *hosts = json_array();
    json_t *guests = json_array();
    for (uint32_t h = 0; h < run->n_hosts; h++) {
        (void)json_array_append_new(hosts, host_json(s, run, h));
    }
    for (uint32_t g = 0; g < run->n_guests; g++) {
        (void)json_array_append_new(guests, guest_json(s, run, g));
    }
    set(row, "platform", json_string(platform->id));
    set(row, "name", json_string(hr_scenario_name(&s->scenario)));
    set(row, "policy", json_string(hr_platform_policy_name(platform)));
    set(row, "replication", json_integer(run->replication));
    set(row, "slowdown_p95", real(run->slowdown_p95_worst[HR_PHASE_NORMAL]));
    set(row, "swapped_min", real(run->swapped_min));
    set(row, "paged_min", real(run->paged_min));
    set(row, "migrations", json_integer(run->n_migrations));
    set(row, "guests_refused", json_integer(run->n_refused));
    set(row, "failure", failure_json(run));
    set(row, "hosts", hosts);
    set(row, "guests", guests);
    return row;
}

static json_t *floor_json(const struct hr_scenario *scenario)
{
    double needed_mib = 0.0;
    double short_mib = 0.0;
    if (!hr_floor_rule_of(scenario, &needed_mib, &short_mib)) {
        return json_null();
    }
    json_t *row = json_object();
    set(row, "needed_mib", real(needed_mib));
    set(row, "short_mib", real(short_mib));
    return row;
}

static json_t *platform_json(const struct hr_simulated *s)
{
    json_t *row = json_object();
    set(row, "platform", json_string(s->scenario.platform->id));
    set(row, "variant", json_string(hr_scenario_name(&s->scenario)));
    set(row, "name", json_string(s->scenario.platform->name));
    set(row, "feasible", json_boolean(s->broken == NULL));
    set(row, "broken", s->broken != NULL ? json_string(s->broken) : json_null());
    set(row, "overcommit_ratio", real(s->overcommit_ratio));
    set(row, "slowdown_p95", real(s->slowdown_p95[HR_PHASE_NORMAL]));
    set(row, "failure_slowdown_p95", real(s->slowdown_p95[HR_PHASE_FAILURE]));
    set(row, "floor", floor_json(&s->scenario));
    return row;
}

json_t *hr_simulate_json(const struct hr_simulate_result *result)
{
    json_t *platforms = json_array();
    json_t *runs = json_array();
    for (uint32_t p = 0; p < result->n_platforms; p++) {
        const struct hr_simulated *s = &result->platforms[p];
        (void)json_array_append_new(platforms, platform_json(s));
        for (int r = 0; r < s->n_runs; r++) {
            (void)json_array_append_new(runs, run_json(s, &s->runs[r]));
        }
    }
    json_t *document = json_object();
    set(document, "platforms", platforms);
    set(document, "runs", runs);
    return document;
}
