/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cluster of a scenario file: hosts of a catalogue or by hand, alike or not, and storage.
 */
#include <math.h>
#include <string.h>

#include "scenario/reading.h"

enum {
    MOST_HOSTS = 1000,
    MOST_DISKS = 100000,
    MOST_CORES = 4096,
    MOST_QUEUES = 4096 /* requests that storage by hand serves at once */
};

static const double MOST_HOST_MIB = 64.0 * 1024.0 * 1024.0;
static const double MOST_MHZ = 1e6;
static const double USUAL_READ_FRAC = 0.6; /* as the catalogue's arrays */

/* ---- processors
 * ------------------------------------------------------------------------------- */

/* The list of hosts that differ, or NULL where hosts is a number. */
static const hr_node *host_list(const hr_node *cluster)
{
    const hr_node *hosts = hr_node_get(cluster, "hosts");
    return hosts != NULL && hr_node_kind(hosts) == HR_NODE_LIST ? hosts : NULL;
}

/* Most cores of a host of the list; 0 where one does not say its own. */
static int most_listed_cores(const struct hr_cluster_spec *cluster)
{
    int most = 0;
    for (int h = 0; h < cluster->n_hosts && cluster->hosts != NULL; h++) {
        if (cluster->hosts[h].cores == 0) {
            return 0;
        }
        most = MAX(most, cluster->hosts[h].cores);
    }
    return most;
}

/* Processors described by hand. */
static struct hr_server *own_server(const struct hr_scenario_reading *r, const hr_node *map,
                                    int listed_cores)
{
    struct hr_server *server = g_new0(struct hr_server, 1);
    server->id = g_strdup("");
    server->name = g_strdup("a host described by hand");
    server->sockets = 1;
    server->cores_per_socket =
        hr_scenario_int(r, map, "cores", 1, MOST_CORES, MAX(1, listed_cores));
    server->threads_per_core = hr_scenario_int(r, map, "threads_per_core", 1, 8, 1);
    server->mhz = HR_REFERENCE_MHZ;
    server->perf_factor = 1.0;
    (void)hr_node_double(r->tree, map, "mhz", 1.0, MOST_MHZ, &server->mhz, r->diag);
    (void)hr_node_double(r->tree, map, "perf_factor", 0.01, 100.0, &server->perf_factor,
                         r->diag);
    return server;
}

static void read_server(const struct hr_scenario_reading *r, const hr_node *map,
                        struct hr_scenario_file *file)
{
    static const char *const by_hand[] = {"cores", "mhz", "threads_per_core", "perf_factor",
                                          NULL};
    struct hr_cluster_spec *cluster = &file->scenario.cluster;
    const hr_node *node = hr_node_get(map, "server");
    if (node == NULL) {
        int listed_cores = most_listed_cores(cluster);
        if (hr_node_get(map, "cores") == NULL && listed_cores == 0) {
            hr_node_fail(r->tree, map, r->diag, "missing key",
                         "missing key 'server', or 'cores' and 'mhz' of a host by hand");
        }
        file->own_server = own_server(r, map, listed_cores);
        cluster->server = file->own_server;
        return;
    }
    for (int i = 0; by_hand[i] != NULL; i++) {
        const hr_node *other = hr_node_get(map, by_hand[i]);
        if (other != NULL) {
            hr_node_fail(r->tree, other, r->diag, "host twice",
                         "'%s' describes a host by hand; 'server' has it already", by_hand[i]);
        }
    }
    cluster->server = hr_catalog_server(r->catalog, hr_node_text(node));
    if (cluster->server == NULL) {
        size_t n = hr_catalog_n_servers(r->catalog);
        g_autofree const char **ids = g_new0(const char *, n + 1);
        for (size_t i = 0; i < n; i++) {
            ids[i] = hr_catalog_server_at(r->catalog, i)->id;
        }
        hr_scenario_unknown_id(r, node, "server", ids);
    }
}

/* ---- memory
 * ----------------------------------------------------------------------------------- */

/* memory_mib, or dimm_gib and dimms: of hosts that are alike. */
static void read_host_memory(const struct hr_scenario_reading *r, const hr_node *map,
                             struct hr_cluster_spec *cluster)
{
    const hr_node *dimm = hr_node_get(map, "dimm_gib");
    const hr_node *dimms = hr_node_get(map, "dimms");
    if (hr_node_get(map, "memory_mib") != NULL) {
        if (dimm != NULL || dimms != NULL) {
            hr_node_fail(r->tree, dimm != NULL ? dimm : dimms, r->diag, "memory twice",
                         "either 'memory_mib' or 'dimm_gib' and 'dimms', not both");
        }
        (void)hr_node_double(r->tree, map, "memory_mib", 1.0, MOST_HOST_MIB,
                             &cluster->memory_mib, r->diag);
    } else if (dimm == NULL || dimms == NULL) {
        hr_node_fail(r->tree, map, r->diag, "missing key",
                     "missing key 'memory_mib', or 'dimm_gib' and 'dimms': a host's memory");
    } else {
        cluster->memory.dimm_gib = hr_scenario_int(r, map, "dimm_gib", 1, 4096, 1);
        cluster->memory.n_dimms = hr_scenario_int(r, map, "dimms", 1, 1024, 1);
    }
}

static void refuse_common_memory(const struct hr_scenario_reading *r, const hr_node *map)
{
    static const char *const keys[] = {"memory_mib", "dimm_gib", "dimms", NULL};
    for (int i = 0; keys[i] != NULL; i++) {
        const hr_node *node = hr_node_get(map, keys[i]);
        if (node != NULL) {
            hr_node_fail(r->tree, node, r->diag, "memory twice",
                         "'%s': each host of the list says its own 'memory_mib'", keys[i]);
        }
    }
}

/* Names that were given and numbers that stand in for them must not meet. */
static void check_host_name(const struct hr_scenario_reading *r, const hr_node *map,
                            const struct hr_cluster_spec *cluster, uint32_t h)
{
    char buf[2][16];
    const char *name = hr_cluster_host_name(cluster, h, buf[0], sizeof buf[0]);
    for (uint32_t i = 0; i < h; i++) {
        if (strcmp(name, hr_cluster_host_name(cluster, i, buf[1], sizeof buf[1])) == 0) {
            hr_node_fail(r->tree, map, r->diag, "host twice", "a host '%s' stands already",
                         name);
            return;
        }
    }
}

static void read_host(const struct hr_scenario_reading *r, const hr_node *map,
                      struct hr_host_spec *host)
{
    static const char *const keys[] = {"name", "memory_mib", "cores", NULL};
    hr_node_check_keys(r->tree, map, keys, r->diag);
    if (hr_node_kind(map) != HR_NODE_MAP) {
        return;
    }
    if (hr_node_string(r->tree, map, "name", &host->name, r->diag) && host->name != NULL &&
        *host->name == '\0') {
        hr_node_fail(r->tree, hr_node_get(map, "name"), r->diag, "no name", "'name' is empty");
    }
    if (hr_node_require(r->tree, map, "memory_mib", r->diag)) {
        (void)hr_node_double(r->tree, map, "memory_mib", 1.0, MOST_HOST_MIB, &host->memory_mib,
                             r->diag);
    }
    host->cores = hr_scenario_int(r, map, "cores", 1, MOST_CORES, 0);
}

static void read_hosts(const struct hr_scenario_reading *r, const hr_node *list,
                       struct hr_cluster_spec *cluster)
{
    size_t n = hr_node_length(list);
    if (n == 0 || n > MOST_HOSTS) {
        hr_node_fail(r->tree, list, r->diag, "out of range",
                     "'hosts' is their number or a list of 1 to %d of them", MOST_HOSTS);
        return;
    }
    cluster->hosts = g_new0(struct hr_host_spec, n);
    cluster->n_hosts = (int)n;
    for (uint32_t h = 0; h < n; h++) {
        read_host(r, hr_node_at(list, h), &cluster->hosts[h]);
        check_host_name(r, hr_node_at(list, h), cluster, h);
    }
}

/* ---- storage
 * ---------------------------------------------------------------------------------- */

/* A pool by hand becomes so many disks as serve requests at once: each takes the latency. */
static void own_storage(const struct hr_scenario_reading *r, const hr_node *map,
                        struct hr_scenario_file *file)
{
    static const char *const keys[] = {"iops",      "latency_ms",         "swap_mibps",
                                       "read_frac", "raid_write_penalty", NULL};
    struct hr_storage *storage = g_new0(struct hr_storage, 1);
    struct hr_cluster_spec *cluster = &file->scenario.cluster;
    file->own_storage = storage;
    cluster->storage = storage;
    storage->id = g_strdup("");
    storage->name = g_strdup("storage described by hand");
    storage->read_frac = USUAL_READ_FRAC;
    storage->raid_write_penalty = 1.0;
    hr_node_check_keys(r->tree, map, keys, r->diag);
    for (int i = 0; i < 3; i++) {
        (void)hr_node_require(r->tree, map, keys[i], r->diag);
    }
    cluster->storage_iops = 1.0;
    (void)hr_node_double(r->tree, map, "iops", 1.0, 1e9, &cluster->storage_iops, r->diag);
    (void)hr_node_double(r->tree, map, "latency_ms", 0.001, 1e4, &storage->latency_ms, r->diag);
    (void)hr_node_double(r->tree, map, "swap_mibps", 0.1, 1e6, &storage->swap_mibps, r->diag);
    (void)hr_node_double(r->tree, map, "read_frac", 0.0, 1.0, &storage->read_frac, r->diag);
    (void)hr_node_double(r->tree, map, "raid_write_penalty", 1.0, 100.0,
                         &storage->raid_write_penalty, r->diag);
    double at_once = round(cluster->storage_iops * storage->latency_ms / 1000.0);
    cluster->n_disks = (int)CLAMP(at_once, 1.0, (double)MOST_QUEUES);
    storage->iops_per_disk = cluster->storage_iops / cluster->n_disks;
}

static void read_storage(const struct hr_scenario_reading *r, const hr_node *map,
                         struct hr_scenario_file *file)
{
    struct hr_cluster_spec *cluster = &file->scenario.cluster;
    const hr_node *node = hr_node_get(map, "storage");
    const hr_node *disks = hr_node_get(map, "disks");
    if (node != NULL && hr_node_kind(node) == HR_NODE_MAP) {
        own_storage(r, node, file);
        if (disks != NULL) {
            hr_node_fail(r->tree, disks, r->diag, "storage twice",
                         "'disks' are of a storage of the catalogue; one by hand has 'iops'");
        }
        return;
    }
    cluster->storage = node != NULL ? hr_catalog_storage(r->catalog, hr_node_text(node))
                                    : hr_catalog_storage_usual(r->catalog);
    if (cluster->storage == NULL) {
        size_t n = hr_catalog_n_storages(r->catalog);
        g_autofree const char **ids = g_new0(const char *, n + 1);
        for (size_t i = 0; i < n; i++) {
            ids[i] = hr_catalog_storage_at(r->catalog, i)->id;
        }
        hr_scenario_unknown_id(r, node, "storage", ids);
    }
    cluster->n_disks = hr_scenario_int(r, map, "disks", 1, MOST_DISKS, 0);
}

/* ---- the whole cluster
 * ------------------------------------------------------------------------ */

void hr_scenario_read_cluster(const struct hr_scenario_reading *r, const hr_node *root,
                              struct hr_scenario_file *file)
{
    static const char *const keys[] = {
        "server",      "hosts",   "memory_mib", "dimm_gib",
        "dimms",       "cores",   "mhz",        "threads_per_core",
        "perf_factor", "storage", "disks",      "overcommit_limit",
        NULL};
    struct hr_cluster_spec *cluster = &file->scenario.cluster;
    const hr_node *map = hr_node_get(root, "cluster");
    if (map == NULL) {
        (void)hr_node_require(r->tree, root, "cluster", r->diag);
        return;
    }
    hr_node_check_keys(r->tree, map, keys, r->diag);
    if (hr_node_kind(map) != HR_NODE_MAP) {
        return;
    }
    (void)hr_node_require(r->tree, map, "hosts", r->diag);
    const hr_node *list = host_list(map);
    if (list != NULL) {
        read_hosts(r, list, cluster);
        refuse_common_memory(r, map);
    } else {
        cluster->n_hosts = hr_scenario_int(r, map, "hosts", 1, MOST_HOSTS, 0);
        read_host_memory(r, map, cluster);
    }
    (void)hr_node_double(r->tree, map, "overcommit_limit", 0.01, 1000.0,
                         &cluster->overcommit_limit, r->diag);
    read_server(r, map, file);
    read_storage(r, map, file);
}

/* Where a host is described, for findings about it. */
static const hr_node *host_node(const hr_node *cluster, uint32_t host)
{
    const hr_node *list = host_list(cluster);
    return list != NULL ? hr_node_at(list, host) : cluster;
}

static void check_platform(const struct hr_scenario_reading *r, const hr_node *map,
                           const struct hr_cluster_spec *cluster,
                           const struct hr_platform *platform)
{
    uint32_t n = cluster->hosts != NULL ? (uint32_t)cluster->n_hosts : 1;
    for (uint32_t h = 0; h < n; h++) {
        double physical = hr_cluster_host_mib(cluster, h);
        double hypervisor = hr_platform_hypervisor_mib(platform, physical);
        if (hypervisor >= physical) {
            hr_node_fail(r->tree, host_node(map, h), r->diag, "host too small",
                         "%s takes %.0f MiB for itself: hosts of %.0f MiB have none left",
                         platform->name, hypervisor, physical);
        }
    }
    if (hr_platform_capacity_mhz(platform, cluster->server) <= 0.0) {
        hr_node_fail(r->tree, map, r->diag, "host too small",
                     "%s takes %.0f MHz for itself: these hosts have none left", platform->name,
                     platform->cpu_base_mhz);
    }
}

void hr_scenario_check_hosts(const struct hr_scenario_reading *r, const hr_node *root,
                             const struct hr_scenario_file *file)
{
    const hr_node *map = hr_node_get(root, "cluster");
    for (uint32_t v = 0; v < file->n_variants; v++) {
        check_platform(r, map, &file->scenario.cluster, file->variants[v].platform);
    }
}

void hr_scenario_cluster_clear(struct hr_scenario_file *file)
{
    struct hr_cluster_spec *cluster = &file->scenario.cluster;
    for (int h = 0; h < cluster->n_hosts && cluster->hosts != NULL; h++) {
        g_free(cluster->hosts[h].name);
    }
    g_clear_pointer(&cluster->hosts, g_free);
    if (file->own_server != NULL) {
        g_free(file->own_server->id);
        g_free(file->own_server->name);
        g_clear_pointer(&file->own_server, g_free);
    }
    if (file->own_storage != NULL) {
        g_free(file->own_storage->id);
        g_free(file->own_storage->name);
        g_clear_pointer(&file->own_storage, g_free);
    }
}
