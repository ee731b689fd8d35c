/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/small_world.h - a cluster of equal guests with constant demand, built without
 * files, for tests of the memory policies and of the run. */
#ifndef HR_TESTS_SMALL_WORLD_H
#define HR_TESTS_SMALL_WORLD_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "model_params.h"
#include "run/run.h"

struct small_world {
    struct hr_os os;
    struct hr_role role;
    struct hr_platform platform;
    struct hr_overcommit_params overcommit; /* the platform's, under that policy */
    struct hr_dynamic_params dynamic;
    struct hr_kvm_params kvm;
    struct hr_xen_params xen;
    struct hr_server server;
    struct hr_dimm_option memory;
    struct hr_storage storage;
    struct hr_guests guests;
    struct hr_scenario scenario;
    struct hr_load load;
};

static inline void small_world_guests(struct small_world *w, uint32_t n_guests, double size_mib)
{
    w->guests.n = w->guests.n_running = n_guests;
    w->guests.vcpu_mhz = 2500.0;
    w->guests.items = g_new0(struct hr_scenario_guest, n_guests);
    for (uint32_t g = 0; g < n_guests; g++) {
        w->guests.items[g] = (struct hr_scenario_guest){.name = g_strdup_printf("g%02u", g),
                                                        .key = g,
                                                        .os = &w->os,
                                                        .role = &w->role,
                                                        .running = true,
                                                        .vcpus = 1,
                                                        .size_mib = size_mib,
                                                        .memory_limit_mib = size_mib,
                                                        .shares = 10.0 * size_mib,
                                                        .priority = HR_PRIORITY_MEDIUM,
                                                        .dynamic = {.enabled = true,
                                                                    .startup_mib = size_mib / 2,
                                                                    .minimum_mib = size_mib / 4,
                                                                    .maximum_mib = size_mib,
                                                                    .buffer_pct = 20.0,
                                                                    .weight = 5000.0}};
    }
}

/* Windows 2008 page mix, generic server role, defaults of model.md. */
static inline void small_world_init(struct small_world *w, enum hr_policy_kind policy,
                                    double host_mib, int n_hosts, uint32_t n_guests,
                                    double size_mib)
{
    memset(w, 0, sizeof *w);
    w->os = (struct hr_os){.family = HR_OS_WINDOWS,
                           .is_server = true,
                           .boot_zeroes_memory = true,
                           .boot_touch_s = 180.0,
                           .churn_s = 86400.0,
                           .zero_free_frac = 0.90,
                           .zero_used_frac = 0.02,
                           .common_mib = 150.0,
                           .dup_frac = 0.02,
                           .dup_multiplicity = 2.0,
                           .paging_cluster = 8.0,
                           .dynamic_memory = true};
    w->role = (struct hr_role){.working_set_s = 3600.0,
                               .overlap = 4.0,
                               .dirty_share = 0.5,
                               .notices_added_memory = true,
                               .dynamic_memory = true,
                               .priority = HR_PRIORITY_MEDIUM};
    w->platform = (struct hr_platform){.memory = policy_of(policy),
                                       .cpu_efficiency = 1.0,
                                       .has_ha = true,
                                       .ha_detection_s = 15.0,
                                       .ha_parallel_starts = 4};
    w->overcommit = overcommit_of_model(HR_SHARING_INTRA_GUEST);
    w->dynamic = dynamic_of_model();
    w->kvm = kvm_of_model();
    w->xen = (struct hr_xen_params){.balloon_mibps = 64.0};
    void *params[HR_POLICY__COUNT] = {[HR_POLICY_OVERCOMMIT] = &w->overcommit,
                                      [HR_POLICY_DYNAMIC] = &w->dynamic,
                                      [HR_POLICY_KVM] = &w->kvm,
                                      [HR_POLICY_XEN] = &w->xen};
    w->platform.params = params[policy];
    if (policy == HR_POLICY_OVERCOMMIT) {
        w->platform.hypervisor = (struct hr_reserve){.fixed_mib = 1536.0, .per_gib_mib = 10.24};
        w->platform.overhead =
            (struct hr_overhead){.fixed_mib = 18.4, .size_frac = 0.0074, .per_vcpu_mib = 4.0};
    } else {
        w->platform.hypervisor = (struct hr_reserve){.fixed_mib = 384.0, .per_gib_mib = 30.0};
        w->platform.overhead =
            (struct hr_overhead){.fixed_mib = 32.0, .per_gib_above_first_mib = 8.0};
    }
    w->server = (struct hr_server){.sockets = 2,
                                   .cores_per_socket = 16,
                                   .mhz = 2500.0,
                                   .perf_factor = 1.0,
                                   .threads_per_core = 1};
    w->storage = (struct hr_storage){.read_frac = 0.7,
                                     .raid_write_penalty = 2.0,
                                     .iops_per_disk = 10000.0,
                                     .latency_ms = 5.0,
                                     .swap_mibps = 200.0};
    small_world_guests(w, n_guests, size_mib);
    w->scenario = (struct hr_scenario){
        .guests = &w->guests,
        .platform = &w->platform,
        .cluster = {.server = &w->server,
                    .memory = {.dimm_gib = 1, .n_dimms = (int)(host_mib / 1024.0)},
                    .n_hosts = n_hosts,
                    .storage = &w->storage,
                    .n_disks = 12},
        .days = 1.0,
        .step_s = 300.0,
        .failure_tail_h = 24.0,
        .service_level = {.slowdown_p95_frac = 0.05, .restart_within_s = 900.0},
        .seed = 1};
}

/* Every guest asks for the same at all times. */
static inline void small_world_load(struct small_world *w, double commit_mib, double cache_mib,
                                    double active_mib, double cpu_mhz)
{
    uint32_t n = w->guests.n;
    uint32_t n_steps = hr_run_steps(&w->scenario);
    size_t cells = (size_t)n * n_steps;
    w->load = (struct hr_load){.n_guests = n,
                               .n_steps = n_steps,
                               .step_us = 300000000,
                               .commit_mib = g_new(float, cells),
                               .cache_mib = g_new(float, cells),
                               .active_mib = g_new(float, cells),
                               .cpu_mhz = g_new(float, cells),
                               .iops = g_new(float, cells)};
    for (size_t i = 0; i < cells; i++) {
        w->load.commit_mib[i] = (float)commit_mib;
        w->load.cache_mib[i] = (float)cache_mib;
        w->load.active_mib[i] = (float)active_mib;
        w->load.cpu_mhz[i] = (float)cpu_mhz;
        w->load.iops[i] = 5.0F;
    }
}

static inline void small_world_clear(struct small_world *w)
{
    for (uint32_t g = 0; g < w->guests.n; g++) {
        g_free(w->guests.items[g].name);
        g_free(w->guests.items[g].restarts_s);
    }
    g_free(w->guests.items);
    g_free(w->scenario.cluster.hosts);
    g_free(w->load.commit_mib);
    g_free(w->load.cache_mib);
    g_free(w->load.active_mib);
    g_free(w->load.cpu_mhz);
    g_free(w->load.iops);
}

#endif
