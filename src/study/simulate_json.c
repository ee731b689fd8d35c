/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of the document is a contract: see doc/headroom-simulate.1. No ids, times of day or
 * paths. */
#include "study/simulate_json.h"

#include <math.h>

#include "base/units.h"
#include "study/save_runs.h"

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

/* Six decimals are more than any figure here carries. */
static json_t *real(double value)
{
    return json_real(round(value * 1e6) / 1e6);
}

static json_t *host_json(const struct hr_simulated *s, const struct hr_run_result *run,
                         uint32_t h)
{
    double physical = hr_cluster_physical_mib(&s->scenario.cluster);
    const struct hr_host_result *host = &run->hosts[h];
    char name[16];
    hr_host_name(name, sizeof name, h);
    json_t *row = json_object();
    json_t *free_mib = json_object();
    json_t *cpu = json_object();
    set(free_mib, "end", real(host->free_end_mib));
    set(free_mib, "min", real(host->free_min_mib));
    set(cpu, "mean", real(host->cpu_util_mean));
    set(cpu, "max", real(host->cpu_util_max));
    set(row, "name", json_string(name));
    set(row, "state", json_string(hr_host_state_name(host->state_end)));
    set(row, "state_worst", json_string(hr_host_state_name(host->state_worst)));
    set(row, "free_mib", free_mib);
    set(row, "physical_mib", real(physical));
    set(row, "hypervisor_mib",
        real(hr_platform_hypervisor_mib(s->scenario.platform, physical)));
    set(row, "min_free_mib", real(host->min_free_mib));
    set(row, "used_mean_mib", real(host->memory_used_mean_mib));
    set(row, "cpu_util", cpu);
    set(row, "guests_max", json_integer(host->guests_max));
    set(row, "failed", json_boolean(host->failed));
    return row;
}

static json_t *parts_json(const double *mib)
{
    json_t *row = json_object();
    for (int part = 0; part < HR_MEMORY__COUNT; part++) {
        set(row, hr_memory_part_name((enum hr_memory_part)part), real(mib[part]));
    }
    return row;
}

/* What a guest met in one phase. */
static void set_phase(json_t *row, const struct hr_guest_phase *phase,
                      const struct hr_guest_memory *memory)
{
    static const char *const cause_keys[HR_CAUSE__COUNT] = {
        [HR_CAUSE_GUEST_PAGING] = "guest_paging",
        [HR_CAUSE_HOST_SWAP] = "host_swap",
        [HR_CAUSE_DECOMPRESSION] = "decompression",
        [HR_CAUSE_LOST_CACHE] = "lost_cache",
        [HR_CAUSE_BALLOON] = "balloon",
        [HR_CAUSE_CPU] = "cpu",
        [HR_CAUSE_STORAGE] = "storage",
    };
    json_t *mib = json_object();
    json_t *slowdown = json_object();
    json_t *causes = json_object();
    set(mib, "end", parts_json(memory->end_mib));
    set(mib, "peak", parts_json(memory->peak_mib));
    for (int c = 0; c < HR_CAUSE__COUNT; c++) {
        set(causes, cause_keys[c], real(phase->cause_mean[c]));
    }
    set(slowdown, "mean", real(phase->slowdown_mean));
    set(slowdown, "p95", real(phase->slowdown_p95));
    set(slowdown, "p99", real(phase->slowdown_p99));
    set(slowdown, "max", real(phase->slowdown_max));
    set(slowdown, "causes", causes);
    set(row, "memory_mib", mib);
    set(row, "pressure", real(memory->pressure_end));
    set(row, "pressure_peak", real(memory->pressure_peak));
    set(row, "slowdown", slowdown);
    set(row, "swapped_min", real(phase->swapped_s / 60.0));
    set(row, "paged_min", real(phase->paged_s / 60.0));
    set(row, "down_s", real(phase->down_s));
}

static json_t *guest_json(const struct hr_simulated *s, const struct hr_run_result *run,
                          uint32_t g)
{
    const struct hr_scenario_guest *facts = &s->scenario.guests->items[g];
    const struct hr_guest_result *guest = &run->guests[g];
    char host[16];
    hr_host_name(host, sizeof host, guest->host);
    json_t *row = json_object();
    set(row, "name", json_string(facts->name));
    set(row, "role", json_string(facts->role->id));
    set(row, "os", json_string(facts->os->id));
    set(row, "size_mib", real(facts->size_mib));
    set(row, "overhead_mib",
        real(hr_platform_overhead_mib(s->scenario.platform, facts->size_mib, facts->vcpus)));
    set(row, "host", guest->refused ? json_null() : json_string(host));
    set(row, "running", json_boolean(!guest->refused));
    set(row, "refused", json_boolean(guest->refused));
    set_phase(row, &guest->phase[HR_PHASE_NORMAL], &run->memory[HR_PHASE_NORMAL][g]);
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

static json_t *platform_json(const struct hr_simulated *s)
{
    json_t *row = json_object();
    set(row, "platform", json_string(s->scenario.platform->id));
    set(row, "name", json_string(s->scenario.platform->name));
    set(row, "feasible", json_boolean(s->broken == NULL));
    set(row, "broken", s->broken != NULL ? json_string(s->broken) : json_null());
    set(row, "overcommit_ratio", real(s->overcommit_ratio));
    set(row, "slowdown_p95", real(s->slowdown_p95[HR_PHASE_NORMAL]));
    set(row, "failure_slowdown_p95", real(s->slowdown_p95[HR_PHASE_FAILURE]));
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
