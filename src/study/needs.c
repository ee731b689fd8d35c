/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arithmetic below a search: no cluster that breaks it can be feasible. */
#include <math.h>

#include "base/units.h"
#include "memory/memory_policy.h"
#include "study/search.h"

/* What admission asks of a host for one guest, at the least (model.md §3 to §5). */
static double admission_mib(const struct hr_scenario_guest *guest,
                            const struct hr_platform *platform)
{
    bool moves = platform->memory->moves_memory && guest->dynamic.enabled;
    double minimum = moves ? guest->dynamic.minimum_mib : guest->size_mib;
    struct hr_start_spec spec = {
        .size_mib = guest->size_mib,
        .overhead_mib = hr_platform_overhead_mib(platform, guest->size_mib, guest->vcpus),
        .reservation_mib = guest->memory_reservation_mib,
        .minimum_mib = minimum,
        .minimum_overhead_mib = hr_platform_overhead_mib(platform, minimum, guest->vcpus),
    };
    return platform->memory->pinned_mib(&spec);
}

/* Guests of priority low may stay down after a failure: no bound counts them. */
static void mean_over_day(const struct hr_guests *guests, const struct hr_load *load,
                          uint32_t from, struct hr_needs *out)
{
    uint32_t n = (uint32_t)(HR_US_PER_DAY / load->step_us);
    n = MIN(n, load->n_steps - from);
    for (uint32_t s = from; s < from + n; s++) {
        const float *active = hr_load_row(load, load->active_mib, s);
        const float *cpu = hr_load_row(load, load->cpu_mhz, s);
        for (uint32_t g = 0; g < load->n_guests; g++) {
            double counts = guests->items[g].priority == HR_PRIORITY_LOW ? 0.0 : 1.0 / n;
            out->active_mib += (double)active[g] * counts;
            out->cpu_mhz += (double)cpu[g] * counts;
        }
    }
}

void hr_needs_of(const struct hr_guests *guests, const struct hr_platform *platform,
                 const struct hr_load *load, uint32_t day_steps, struct hr_needs *out)
{
    *out = (struct hr_needs){.largest_guest = "", .widest_guest = ""};
    for (uint32_t g = 0; g < guests->n_running; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        double mib = admission_mib(guest, platform);
        out->memory_all_mib += mib;
        if (guest->priority != HR_PRIORITY_LOW) {
            out->memory_restart_mib += mib;
        }
        if (guest->vcpus > out->most_vcpus) {
            out->most_vcpus = guest->vcpus;
            out->widest_guest = guest->name;
        }
        if (mib > out->memory_largest_mib) {
            out->memory_largest_mib = mib;
            out->largest_guest = guest->name;
        }
    }
    mean_over_day(guests, load, hr_load_worst_hour_step(load, NULL, day_steps), out);
}

char *hr_arithmetic_excludes(const struct hr_needs *needs, const struct hr_platform *platform,
                             const struct hr_cluster_spec *cluster, int spare_hosts)
{
    double physical = hr_cluster_physical_mib(cluster);
    double usable = physical - hr_platform_hypervisor_mib(platform, physical);
    int survivors = cluster->n_hosts - spare_hosts;
    if (survivors < 1) {
        return g_strdup_printf("hosts: %d would leave none when %d fail", cluster->n_hosts,
                               spare_hosts);
    }
    if (platform->max_hosts > 0 && cluster->n_hosts > platform->max_hosts) {
        return g_strdup_printf("hosts: %s allows %d in a cluster", platform->name,
                               platform->max_hosts);
    }
    int threads = hr_server_cores(cluster->server) * cluster->server->threads_per_core;
    if (needs->most_vcpus > threads) {
        return g_strdup_printf("processors: %s has %d vCPUs, a host has %d threads",
                               needs->widest_guest, needs->most_vcpus, threads);
    }
    if (needs->memory_largest_mib > usable) {
        return g_strdup_printf("memory: %s needs %.1f GiB, a host has %.1f GiB for guests",
                               needs->largest_guest, hr_mib_to_gib(needs->memory_largest_mib),
                               hr_mib_to_gib(usable));
    }
    if (needs->memory_all_mib > usable * cluster->n_hosts) {
        return g_strdup_printf("memory: guests need %.1f GiB to start, %d × host has %.1f GiB",
                               hr_mib_to_gib(needs->memory_all_mib), cluster->n_hosts,
                               hr_mib_to_gib(usable * cluster->n_hosts));
    }
    if (needs->memory_restart_mib > usable * survivors) {
        return g_strdup_printf(
            "memory after host failure: guests of priority high and medium need "
            "%.1f GiB to restart, %d × host has %.1f GiB",
            hr_mib_to_gib(needs->memory_restart_mib), survivors,
            hr_mib_to_gib(usable * survivors));
    }
    if (needs->active_mib > usable * survivors) {
        return g_strdup_printf(
            "memory after host failure: working sets of %.1f GiB on %.1f GiB",
            hr_mib_to_gib(needs->active_mib), hr_mib_to_gib(usable * survivors));
    }
    const struct hr_server *server = cluster->server;
    double smt = server->threads_per_core > 1 ? 1.0 + platform->smt_gain_frac : 1.0;
    double mhz = hr_server_cores(server) * server->mhz * server->perf_factor * smt *
                     platform->cpu_efficiency -
                 platform->cpu_base_mhz;
    if (needs->cpu_mhz > mhz * survivors) {
        return g_strdup_printf(
            "processors after host failure: mean demand %.1f GHz, %d × host has "
            "%.1f GHz",
            needs->cpu_mhz / 1000.0, survivors, mhz * survivors / 1000.0);
    }
    return NULL;
}
