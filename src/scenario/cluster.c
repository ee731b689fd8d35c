/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas of a platform on a cluster, and the static floor. */
#include <math.h>

#include "scenario/scenario.h"

/* What spreadsheets take: a fifth of memory kept free, four vCPUs per core, as the usual
 * sizing sheets and calculators do. */
static const double FLOOR_HEADROOM_FRAC = 0.20;
static const double FLOOR_VCPUS_PER_CORE = 4.0;

double hr_platform_hypervisor_mib(const struct hr_platform *platform, double physical_mib)
{
    const struct hr_reserve *r = &platform->hypervisor;
    double reserve = fmax(r->least_mib, r->fixed_mib + r->per_gib_mib * physical_mib / 1024.0);
    reserve = r->most_mib > 0.0 ? fmin(r->most_mib, reserve) : reserve;
    return reserve + platform->controller_mib;
}

/* The published table's value on a row of so many vCPUs, straight lines between its sizes. */
static double table_mib(const struct hr_overhead *o, int vcpus, double size_mib)
{
    const struct hr_overhead_entry *a = NULL;
    const struct hr_overhead_entry *b = NULL;
    for (size_t i = 0; i < o->n_table; i++) {
        const struct hr_overhead_entry *entry = &o->table[i];
        if (entry->vcpus == vcpus && (a == NULL || b == NULL || b->size_mib < size_mib)) {
            a = b;
            b = entry;
        }
    }
    if (b == NULL) {
        return 0.0; /* no such row: nearest_rows() names none */
    }
    if (a == NULL) {
        return b->overhead_mib;
    }
    double share = (size_mib - a->size_mib) / (b->size_mib - a->size_mib);
    return a->overhead_mib + share * (b->overhead_mib - a->overhead_mib);
}

/* The next rows of the table at and below, at and above so many vCPUs; 0 where there is none.
 */
static void nearest_rows(const struct hr_overhead *o, int vcpus, int *below, int *above)
{
    *below = *above = 0;
    for (size_t i = 0; i < o->n_table; i++) {
        int row = o->table[i].vcpus;
        if (row <= vcpus) {
            *below = row;
        } else if (*above == 0) {
            *above = row;
        }
    }
}

double hr_platform_overhead_mib(const struct hr_platform *platform, double size_mib, int vcpus)
{
    const struct hr_overhead *o = &platform->overhead;
    int below = 0;
    int above = 0;
    nearest_rows(o, vcpus, &below, &above);
    if (below > 0) {
        double mib = table_mib(o, below, size_mib);
        if (below == vcpus || above == 0) {
            return mib;
        }
        double share = (double)(vcpus - below) / (double)(above - below);
        return mib + share * (table_mib(o, above, size_mib) - mib);
    }
    double first_mib = o->first_mib > 0.0 ? o->first_mib : 1024.0;
    return o->fixed_mib + o->size_frac * size_mib + o->per_vcpu_mib * (vcpus - 1) +
           o->per_gib_above_first_mib * fmax(0.0, size_mib - first_mib) / 1024.0;
}

double hr_platform_capacity_mhz(const struct hr_platform *platform,
                                const struct hr_server *server)
{
    double mhz = (double)hr_server_cores(server) * server->mhz * server->perf_factor;
    if (server->threads_per_core > 1) {
        mhz *= 1.0 + platform->smt_gain_frac;
    }
    return mhz * platform->cpu_efficiency - platform->cpu_base_mhz - platform->controller_mhz;
}

double hr_cluster_physical_mib(const struct hr_cluster_spec *cluster)
{
    return cluster->memory_mib > 0.0 ? cluster->memory_mib
                                     : hr_dimm_option_mib(&cluster->memory);
}

double hr_cluster_host_mib(const struct hr_cluster_spec *cluster, uint32_t host)
{
    return cluster->hosts != NULL ? cluster->hosts[host].memory_mib
                                  : hr_cluster_physical_mib(cluster);
}

double hr_cluster_memory_mib(const struct hr_cluster_spec *cluster)
{
    double sum = 0.0;
    for (uint32_t h = 0; h < (uint32_t)cluster->n_hosts; h++) {
        sum += hr_cluster_host_mib(cluster, h);
    }
    return sum;
}

const char *hr_cluster_host_name(const struct hr_cluster_spec *cluster, uint32_t host,
                                 char *buf, size_t n_bytes)
{
    if (cluster->hosts != NULL && cluster->hosts[host].name != NULL) {
        return cluster->hosts[host].name;
    }
    (void)g_snprintf(buf, n_bytes, "host%02u", host + 1);
    return buf;
}

const char *hr_scenario_name(const struct hr_scenario *scenario)
{
    return scenario->name != NULL ? scenario->name : scenario->platform->id;
}

void hr_floor_of(const struct hr_guests *guests, const struct hr_platform *platform,
                 const struct hr_cluster_spec *cluster, int spare_hosts, struct hr_floor *out)
{
    double needed = 0.0;
    double vcpus = 0.0;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        const struct hr_scenario_guest *guest = &guests->items[g];
        needed +=
            guest->size_mib + hr_platform_overhead_mib(platform, guest->size_mib, guest->vcpus);
        vcpus += guest->vcpus;
    }
    double physical = hr_cluster_physical_mib(cluster);
    double usable = (physical - hr_platform_hypervisor_mib(platform, physical)) *
                    (1.0 - FLOOR_HEADROOM_FRAC);
    double cores = hr_server_cores(cluster->server);
    int by_memory = (int)ceil(needed / usable);
    int by_cpu = (int)ceil(vcpus / (cores * FLOOR_VCPUS_PER_CORE));
    int hosts = by_memory > by_cpu ? by_memory : by_cpu;
    *out = (struct hr_floor){
        .hosts = hosts + spare_hosts,
        .hosts_memory = by_memory + spare_hosts,
        .hosts_cpu = by_cpu + spare_hosts,
        .memory_needed_mib = needed,
        .memory_usable_mib = usable,
        .vcpu_per_core = FLOOR_VCPUS_PER_CORE,
        .binding = by_memory >= by_cpu ? "memory" : "processor",
    };
}
