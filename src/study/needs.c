/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arithmetic below a search: no cluster that breaks it can be feasible. */
#include <math.h>

#include "base/units.h"
#include "cost/licence.h"
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
    *out = (struct hr_needs){
        .largest_guest = "", .widest_guest = "", .n_guests = guests->n_running};
    for (uint32_t g = 0; g < guests->n_running; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        double mib = admission_mib(guest, platform);
        out->memory_all_mib += mib;
        if (guest->priority != HR_PRIORITY_LOW) {
            out->memory_restart_mib += mib;
            out->n_restart++;
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

char *hr_platform_excludes(const struct hr_platform *platform,
                           const struct hr_cluster_spec *cluster, uint32_t n_guests)
{
    int sockets = cluster->server->sockets;
    struct hr_licence_case c = {.n_hosts = cluster->n_hosts,
                                .sockets = sockets,
                                .cores_per_socket = cluster->server->cores_per_socket,
                                .n_guests = n_guests};
    if (platform->max_hosts > 0 && cluster->n_hosts > platform->max_hosts) {
        return g_strdup_printf("hosts: %s allows %d in a cluster", platform->name,
                               platform->max_hosts);
    }
    if (platform->max_sockets_per_host > 0 && sockets > platform->max_sockets_per_host) {
        return g_strdup_printf("processors: %s allows %d sockets in a host, not %d",
                               platform->name, platform->max_sockets_per_host, sockets);
    }
    if (platform->max_guests > 0 && n_guests > (uint32_t)platform->max_guests) {
        return g_strdup_printf("guests: %s allows %d in a cluster, not %u", platform->name,
                               platform->max_guests, n_guests);
    }
    char *why = NULL;
    (void)hr_licence_allows(platform, &c, &why);
    return why;
}

char *hr_storage_excludes(const struct hr_cluster_spec *cluster, int spare_hosts)
{
    const struct hr_storage *storage = cluster->storage;
    if (storage == NULL || storage->kind == HR_STORAGE_ARRAY) {
        return NULL;
    }
    if (cluster->n_disks == 0) {
        return g_strdup_printf("storage: %s does not hold the guests' data on %d host%s",
                               storage->name, cluster->n_hosts,
                               cluster->n_hosts == 1 ? "" : "s");
    }
    bool is_pool = storage->kind == HR_STORAGE_HCI;
    int copies = hr_storage_copies(storage);
    if (is_pool && spare_hosts >= copies) {
        return g_strdup_printf("storage: %s loses data when %d host%s fail%s", storage->name,
                               spare_hosts, spare_hosts == 1 ? "" : "s",
                               spare_hosts == 1 ? "s" : "");
    }
    if (is_pool && 2 * spare_hosts >= cluster->n_hosts) {
        return g_strdup_printf(
            "storage: %s stops when %d of %d hosts fail: no majority is left", storage->name,
            spare_hosts, cluster->n_hosts);
    }
    return NULL;
}

/* Guests spread evenly, with all hosts and with the survivors of a failure. */
static char *guests_exclude(const struct hr_needs *needs, const struct hr_platform *platform,
                            int n_hosts, int survivors)
{
    int64_t most = platform->max_guests_per_host;
    if (most > 0 && needs->n_guests > most * n_hosts) {
        return g_strdup_printf("guests: %s allows %d on a host, %d hosts cannot run %u",
                               platform->name, platform->max_guests_per_host, n_hosts,
                               needs->n_guests);
    }
    if (most > 0 && needs->n_restart > most * survivors) {
        return g_strdup_printf("guests after host failure: %s allows %d on a host, %d × host "
                               "cannot run %u of priority high and medium",
                               platform->name, platform->max_guests_per_host, survivors,
                               needs->n_restart);
    }
    return NULL;
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
    char *unheld = hr_storage_excludes(cluster, spare_hosts);
    if (unheld != NULL) {
        return unheld;
    }
    char *limited = hr_platform_excludes(platform, cluster, needs->n_guests);
    if (limited == NULL) {
        limited = guests_exclude(needs, platform, cluster->n_hosts, survivors);
    }
    if (limited != NULL) {
        return limited;
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
    double mhz = hr_platform_capacity_mhz(platform, cluster->server);
    if (needs->cpu_mhz > mhz * survivors) {
        return g_strdup_printf(
            "processors after host failure: mean demand %.1f GHz, %d × host has "
            "%.1f GHz",
            needs->cpu_mhz / 1000.0, survivors, mhz * survivors / 1000.0);
    }
    return NULL;
}
