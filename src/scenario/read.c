/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/read.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "scenario/read_guests.h"

enum { MOST_HOSTS = 1000, MOST_DISKS = 100000, MOST_CORES = 4096, MOST_INPUT_MIB = 64 };

static const double MOST_HOST_MIB = 64.0 * 1024.0 * 1024.0;
static const double MOST_MHZ = 1e6;
static const double MOST_DAYS = 366.0;

/* ---- platforms
 * -------------------------------------------------------------------------------- */

static void add_platform(const struct hr_scenario_reading *r, const hr_node *node,
                         GPtrArray *platforms)
{
    if (hr_node_kind(node) != HR_NODE_SCALAR) {
        hr_node_fail(r->tree, node, r->diag, "wrong type", "a platform is named by its id");
        return;
    }
    const struct hr_platform *found = hr_catalog_platform(r->catalog, hr_node_text(node));
    if (found == NULL) {
        size_t n = hr_catalog_n_platforms(r->catalog);
        g_autofree const char **ids = g_new0(const char *, n + 1);
        for (size_t i = 0; i < n; i++) {
            ids[i] = hr_catalog_platform_at(r->catalog, i)->id;
        }
        hr_scenario_unknown_id(r, node, "platform", ids);
    } else if (g_ptr_array_find(platforms, found, NULL)) {
        hr_node_fail(r->tree, node, r->diag, "platform twice", "platform '%s' stands twice",
                     found->id);
    } else {
        g_ptr_array_add(platforms, (gpointer)(guintptr)found);
    }
}

/* platform: a, or platforms: [a, b]. */
static const struct hr_platform **read_platforms(const struct hr_scenario_reading *r,
                                                 const hr_node *root)
{
    const hr_node *one = hr_node_get(root, "platform");
    const hr_node *many = hr_node_get(root, "platforms");
    GPtrArray *platforms = g_ptr_array_new();
    if (one == NULL && many == NULL) {
        hr_node_fail(r->tree, root, r->diag, "missing key",
                     "missing key 'platform', or 'platforms' with a list");
    } else if (one != NULL && many != NULL) {
        hr_node_fail(r->tree, many, r->diag, "platforms twice",
                     "either 'platform' or 'platforms', not both");
    } else if (one != NULL) {
        add_platform(r, one, platforms);
    } else if (hr_node_kind(many) != HR_NODE_LIST || hr_node_length(many) == 0) {
        hr_node_fail(r->tree, many, r->diag, "not a list",
                     "'platforms' is a list of ids: [a, b]");
    } else {
        for (size_t i = 0; i < hr_node_length(many); i++) {
            add_platform(r, hr_node_at(many, i), platforms);
        }
    }
    g_ptr_array_add(platforms, NULL);
    return (const struct hr_platform **)(void *)g_ptr_array_free(platforms, FALSE);
}

/* ---- the cluster
 * ------------------------------------------------------------------------------ */

static int read_int(const struct hr_scenario_reading *r, const hr_node *map, const char *key,
                    int least, int most, int otherwise)
{
    int64_t value = otherwise;
    (void)hr_node_int(r->tree, map, key, least, most, &value, r->diag);
    return (int)value;
}

/* Processors described by hand. */
static struct hr_server *own_server(const struct hr_scenario_reading *r, const hr_node *map)
{
    struct hr_server *server = g_new0(struct hr_server, 1);
    server->id = g_strdup("");
    server->name = g_strdup("a host described by hand");
    server->sockets = 1;
    server->cores_per_socket = read_int(r, map, "cores", 1, MOST_CORES, 1);
    server->threads_per_core = read_int(r, map, "threads_per_core", 1, 8, 1);
    server->mhz = HR_REFERENCE_MHZ;
    server->perf_factor = 1.0;
    (void)hr_node_double(r->tree, map, "mhz", 1.0, MOST_MHZ, &server->mhz, r->diag);
    (void)hr_node_double(r->tree, map, "perf_factor", 0.01, 100.0, &server->perf_factor,
                         r->diag);
    return server;
}

static void own_server_free(struct hr_server *server)
{
    if (server != NULL) {
        g_free(server->id);
        g_free(server->name);
        g_free(server);
    }
}

static void read_server(const struct hr_scenario_reading *r, const hr_node *map,
                        struct hr_scenario_file *file)
{
    static const char *const by_hand[] = {"cores", "mhz", "threads_per_core", "perf_factor",
                                          NULL};
    struct hr_cluster_spec *cluster = &file->scenario.cluster;
    const hr_node *node = hr_node_get(map, "server");
    if (node == NULL) {
        if (hr_node_get(map, "cores") == NULL) {
            hr_node_fail(r->tree, map, r->diag, "missing key",
                         "missing key 'server', or 'cores' and 'mhz' of a host by hand");
        }
        file->own_server = own_server(r, map);
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

/* memory_mib, or dimm_gib and dimms. */
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
        cluster->memory.dimm_gib = read_int(r, map, "dimm_gib", 1, 4096, 1);
        cluster->memory.n_dimms = read_int(r, map, "dimms", 1, 1024, 1);
    }
}

static void read_storage(const struct hr_scenario_reading *r, const hr_node *map,
                         struct hr_cluster_spec *cluster)
{
    const hr_node *node = hr_node_get(map, "storage");
    cluster->storage = node != NULL ? hr_catalog_storage(r->catalog, hr_node_text(node))
                                    : hr_catalog_storage_at(r->catalog, 0);
    if (cluster->storage == NULL) {
        size_t n = hr_catalog_n_storages(r->catalog);
        g_autofree const char **ids = g_new0(const char *, n + 1);
        for (size_t i = 0; i < n; i++) {
            ids[i] = hr_catalog_storage_at(r->catalog, i)->id;
        }
        hr_scenario_unknown_id(r, node, "storage", ids);
    }
    cluster->n_disks = read_int(r, map, "disks", 1, MOST_DISKS, 0);
}

static void read_cluster(const struct hr_scenario_reading *r, const hr_node *root,
                         struct hr_scenario_file *file)
{
    static const char *const keys[] = {
        "server",           "hosts",       "memory_mib", "dimm_gib", "dimms", "cores", "mhz",
        "threads_per_core", "perf_factor", "storage",    "disks",    NULL};
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
    file->scenario.cluster.n_hosts = read_int(r, map, "hosts", 1, MOST_HOSTS, 1);
    read_server(r, map, file);
    read_host_memory(r, map, &file->scenario.cluster);
    read_storage(r, map, &file->scenario.cluster);
}

/* ---- run and service level
 * -------------------------------------------------------------------- */

static void check_step(const struct hr_scenario_reading *r, const hr_node *map,
                       const struct hr_scenario *s)
{
    if (fabs(remainder(3600.0, s->step_s)) > 1e-9) {
        hr_node_fail(r->tree, hr_node_get(map, "step_s"), r->diag, "off the grid",
                     "'step_s': an hour must be a multiple of it; 300 is usual");
    }
    if (s->days * 86400.0 < s->step_s) {
        hr_node_fail(r->tree, hr_node_get(map, "days"), r->diag, "out of range",
                     "'days' is shorter than a demand step of %.10g s", s->step_s);
    }
}

static void read_run(const struct hr_scenario_reading *r, const hr_node *root,
                     struct hr_scenario_file *file, struct hr_demand_scale *scale)
{
    static const char *const keys[] = {"spare_hosts",    "seed",     "days",         "step_s",
                                       "failure_tail_h", "vcpu_mhz", "replications", NULL};
    const hr_node *map = hr_node_get(root, "run");
    struct hr_scenario *s = &file->scenario;
    hr_node_check_keys(r->tree, map, keys, r->diag);
    if (map == NULL || hr_node_kind(map) != HR_NODE_MAP) {
        return;
    }
    int64_t seed = 1;
    s->spare_hosts = read_int(r, map, "spare_hosts", 0, MOST_HOSTS, 0);
    (void)hr_node_int(r->tree, map, "seed", 0, INT64_MAX, &seed, r->diag);
    s->seed = (uint64_t)seed;
    (void)hr_node_double(r->tree, map, "days", 1e-4, MOST_DAYS, &s->days, r->diag);
    (void)hr_node_double(r->tree, map, "step_s", 1.0, 3600.0, &s->step_s, r->diag);
    (void)hr_node_double(r->tree, map, "failure_tail_h", 0.0, 24.0 * MOST_DAYS,
                         &s->failure_tail_h, r->diag);
    (void)hr_node_double(r->tree, map, "vcpu_mhz", 1.0, MOST_MHZ, &scale->vcpu_mhz, r->diag);
    file->replications = read_int(r, map, "replications", 1, 1000, file->replications);
    scale->step_s = s->step_s;
    check_step(r, map, s);
    if (s->spare_hosts >= s->cluster.n_hosts && s->cluster.n_hosts > 0) {
        hr_node_fail(r->tree, hr_node_get(map, "spare_hosts"), r->diag, "out of range",
                     "'spare_hosts' (%d) of %d hosts leaves none to run on", s->spare_hosts,
                     s->cluster.n_hosts);
    }
}

static void read_level(const struct hr_scenario_reading *r, const hr_node *root,
                       struct hr_service_level *level)
{
    static const char *const keys[] = {"slowdown_p95_frac", "restart_within_s", NULL};
    const hr_node *map = hr_node_get(root, "service_level");
    hr_node_check_keys(r->tree, map, keys, r->diag);
    (void)hr_node_double(r->tree, map, "slowdown_p95_frac", 0.0, 1.0, &level->slowdown_p95_frac,
                         r->diag);
    (void)hr_node_double(r->tree, map, "restart_within_s", 0.0, 1e9, &level->restart_within_s,
                         r->diag);
}

/* ---- the whole file
 * --------------------------------------------------------------------------- */

/* A host must hold more than the hypervisor takes. */
static void check_hosts(const struct hr_scenario_reading *r, const hr_node *root,
                        const struct hr_scenario_file *file)
{
    const struct hr_cluster_spec *cluster = &file->scenario.cluster;
    const hr_node *map = hr_node_get(root, "cluster");
    double physical = hr_cluster_physical_mib(cluster);
    for (const struct hr_platform **p = file->platforms; *p != NULL; p++) {
        double hypervisor = hr_platform_hypervisor_mib(*p, physical);
        if (hypervisor >= physical) {
            hr_node_fail(r->tree, map, r->diag, "host too small",
                         "%s takes %.0f MiB for itself: hosts of %.0f MiB have none left",
                         (*p)->name, hypervisor, physical);
        }
        if (hr_platform_capacity_mhz(*p, cluster->server) <= 0.0) {
            hr_node_fail(r->tree, map, r->diag, "host too small",
                         "%s takes %.0f MHz for itself: these hosts have none left", (*p)->name,
                         (*p)->cpu_base_mhz);
        }
    }
}

static void tune(struct hr_scenario_file *file, hr_diag *diag)
{
    const struct hr_scenario *s = &file->scenario;
    hr_guests_tune_dynamic(file->guests, s->cluster.storage->latency_ms / 1000.0,
                           s->service_level.slowdown_p95_frac, diag);
}

static void read_root(const struct hr_scenario_reading *r, const hr_node *root,
                      struct hr_scenario_file *file, GError **error)
{
    static const char *const keys[] = {"platform",      "platforms", "cluster", "run",
                                       "service_level", "guests",    NULL};
    hr_node_check_keys(r->tree, root, keys, r->diag);
    if (hr_node_kind(root) != HR_NODE_MAP) {
        return;
    }
    struct hr_demand_scale scale = {.vcpu_mhz = HR_REFERENCE_MHZ,
                                    .step_s = file->scenario.step_s};
    file->platforms = read_platforms(r, root);
    read_cluster(r, root, file);
    read_run(r, root, file, &scale);
    read_level(r, root, &file->scenario.service_level);
    if (hr_diag_count_severity(r->diag, HR_FATAL) == 0) {
        check_hosts(r, root, file);
    }
    if (hr_node_require(r->tree, root, "guests", r->diag)) {
        file->guests = hr_scenario_read_guests(r, hr_node_get(root, "guests"), &scale, error);
    }
    if (file->guests != NULL) {
        file->scenario.guests = file->guests;
        tune(file, r->diag);
    }
}

/* Standard input, bounded as files are. Returns: the caller's, or NULL with *error. */
static GString *read_input(GError **error)
{
    GString *bytes = g_string_new(NULL);
    char block[65536];
    size_t n = 0;
    while ((n = fread(block, 1, sizeof block, stdin)) > 0 &&
           bytes->len <= MOST_INPUT_MIB * 1024U * 1024U) {
        g_string_append_len(bytes, block, (gssize)n);
    }
    if (ferror(stdin) != 0 || n > 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "standard input: %s",
                    n > 0 ? "more than 64 MiB" : g_strerror(errno));
        g_string_free(bytes, TRUE);
        return NULL;
    }
    return bytes;
}

static hr_tree *load_tree(const char *path, hr_diag *diag, GError **error)
{
    if (strcmp(path, "-") != 0) {
        return hr_tree_load(path, diag, error);
    }
    GString *bytes = read_input(error);
    if (bytes == NULL) {
        return NULL;
    }
    hr_tree *tree = hr_tree_parse(bytes->str, bytes->len, "-", diag);
    g_string_free(bytes, TRUE);
    return tree;
}

struct hr_scenario_file *hr_scenario_read(const hr_tree *tree, const hr_node *node,
                                          const hr_catalog *catalog, hr_diag *diag,
                                          GError **error)
{
    struct hr_scenario_reading reading = {.tree = tree, .diag = diag, .catalog = catalog};
    struct hr_scenario_file *file = g_new0(struct hr_scenario_file, 1);
    file->replications = 1;
    file->digest = g_strdup(hr_tree_digest(tree));
    file->scenario = (struct hr_scenario){
        .days = 14.0,
        .step_s = 300.0,
        .failure_tail_h = 24.0,
        .service_level = {.slowdown_p95_frac = 0.05, .restart_within_s = 900.0},
        .seed = 1};
    read_root(&reading, node, file, error);
    if (file->guests == NULL || hr_diag_count_severity(diag, HR_FATAL) > 0) {
        hr_scenario_file_free(file);
        return NULL;
    }
    return file;
}

struct hr_scenario_file *hr_scenario_load(const char *path, const hr_catalog *catalog,
                                          hr_diag *diag, GError **error)
{
    g_autoptr(hr_tree) tree = load_tree(path, diag, error);
    return tree != NULL ? hr_scenario_read(tree, hr_tree_root(tree), catalog, diag, error)
                        : NULL;
}

void hr_scenario_file_free(struct hr_scenario_file *file)
{
    if (file != NULL) {
        hr_guests_free(file->guests);
        own_server_free(file->own_server);
        g_free(file->platforms);
        g_free(file->digest);
        g_free(file);
    }
}

struct hr_scenario hr_scenario_on(const struct hr_scenario_file *file,
                                  const struct hr_platform *platform)
{
    struct hr_scenario scenario = file->scenario;
    scenario.platform = platform;
    return scenario;
}
