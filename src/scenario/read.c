/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/read.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "scenario/reading.h"

enum { MOST_HOSTS = 1000, MOST_INPUT_MIB = 64 };

static const double MOST_MHZ = 1e6;
static const double MOST_DAYS = 366.0;
static const double MOST_DEMAND = 1e5; /* fifteen years of doubling */

const char *const hr_scenario_start_names[] = {[HR_SCENARIO_WARM] = "warm",
                                               [HR_SCENARIO_BOOT] = "boot",
                                               [HR_SCENARIO_START__COUNT] = NULL};

void hr_scenario_unknown_id(const struct hr_scenario_reading *r, const hr_node *node,
                            const char *kind, const char *const *ids)
{
    const char *text = hr_node_text(node);
    const char *nearest = hr_nearest_name(text, ids);
    if (nearest != NULL) {
        hr_node_fail(r->tree, node, r->diag, "not in the catalogue",
                     "%s '%s' is not in the catalogue; did you mean '%s'?", kind, text,
                     nearest);
        return;
    }
    g_autofree char *all = g_strjoinv(", ", (char **)(guintptr)ids);
    hr_node_fail(r->tree, node, r->diag, "not in the catalogue",
                 "%s '%s' is not in the catalogue (%s)", kind, text, all);
}

int hr_scenario_int(const struct hr_scenario_reading *r, const hr_node *map, const char *key,
                    int least, int most, int otherwise)
{
    int64_t value = otherwise;
    (void)hr_node_int(r->tree, map, key, least, most, &value, r->diag);
    return (int)value;
}

/* ---- run and service level
 * -------------------------------------------------------------------- */

/* The length of a run is told in one of these. */
static const struct {
    const char *key;
    double per_day;
} lengths[] = {{"days", 1.0}, {"hours", 24.0}, {"minutes", 1440.0}};

/* A length in hours that is so many steps must not become one step more by rounding. */
static double whole_steps(double days, double step_s)
{
    double n = round(days * 86400.0 / step_s);
    if (fabs(days * 86400.0 / step_s - n) < 1e-6) {
        while (days * 86400.0 / step_s > n) {
            days = nextafter(days, 0.0);
        }
    }
    return days;
}

static void read_length(const struct hr_scenario_reading *r, const hr_node *map,
                        struct hr_scenario *s)
{
    const hr_node *given = NULL;
    const char *given_key = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        const hr_node *node = hr_node_get(map, lengths[i].key);
        if (node == NULL) {
            continue;
        }
        if (given != NULL) {
            hr_node_fail(r->tree, node, r->diag, "length twice",
                         "'%s': the length of the run stands in '%s' already", lengths[i].key,
                         given_key);
            continue;
        }
        given = node;
        given_key = lengths[i].key;
        double length = s->days * lengths[i].per_day;
        (void)hr_node_double(r->tree, map, given_key, 1e-5 * lengths[i].per_day,
                             MOST_DAYS * lengths[i].per_day, &length, r->diag);
        s->days = length / lengths[i].per_day;
    }
    s->days = whole_steps(s->days, s->step_s);
    if (given != NULL && s->days * 86400.0 < s->step_s - 1e-6) {
        hr_node_fail(r->tree, given, r->diag, "out of range",
                     "'%s' is shorter than a demand step of %.10g s", given_key, s->step_s);
    }
}

static void read_step(const struct hr_scenario_reading *r, const hr_node *map,
                      struct hr_scenario *s)
{
    if (hr_node_double(r->tree, map, "step_s", 1.0, 3600.0, &s->step_s, r->diag) &&
        fabs(remainder(3600.0, s->step_s)) > 1e-9) {
        hr_node_fail(r->tree, hr_node_get(map, "step_s"), r->diag, "off the grid",
                     "'step_s': an hour must be a multiple of it; 300 is usual");
    }
}

static void read_run(const struct hr_scenario_reading *r, const hr_node *root,
                     struct hr_scenario_file *file, struct hr_guest_frame *frame)
{
    static const char *const keys[] = {"spare_hosts",
                                       "seed",
                                       "days",
                                       "hours",
                                       "minutes",
                                       "step_s",
                                       "start",
                                       "failure_tail_h",
                                       "vcpu_mhz",
                                       "demand_factor",
                                       "replications",
                                       "growth_pct",
                                       "demand_growth_pct",
                                       "years",
                                       NULL};
    const hr_node *map = hr_node_get(root, "run");
    struct hr_scenario *s = &file->scenario;
    hr_node_check_keys(r->tree, map, keys, r->diag);
    if (map == NULL || hr_node_kind(map) != HR_NODE_MAP) {
        return;
    }
    int64_t seed = 1;
    int start = HR_SCENARIO_WARM;
    s->spare_hosts = hr_scenario_int(r, map, "spare_hosts", 0, MOST_HOSTS, 0);
    (void)hr_node_int(r->tree, map, "seed", 0, INT64_MAX, &seed, r->diag);
    s->seed = (uint64_t)seed;
    (void)hr_node_enum(r->tree, map, "start", hr_scenario_start_names, &start, r->diag);
    s->start = (enum hr_scenario_start)start;
    (void)hr_node_double(r->tree, map, "failure_tail_h", 0.0, 24.0 * MOST_DAYS,
                         &s->failure_tail_h, r->diag);
    (void)hr_node_double(r->tree, map, "vcpu_mhz", 1.0, MOST_MHZ, &frame->vcpu_mhz, r->diag);
    (void)hr_node_double(r->tree, map, "demand_factor", 1.0, MOST_DEMAND, &s->demand_factor,
                         r->diag);
    file->replications = hr_scenario_int(r, map, "replications", 1, 1000, file->replications);
    hr_scenario_read_growth(r, map, file);
    read_step(r, map, s);
    read_length(r, map, s);
    frame->step_s = s->step_s;
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

static void tune(struct hr_scenario_file *file, hr_diag *diag)
{
    const struct hr_scenario *s = &file->scenario;
    hr_guests_tune_dynamic(file->guests, s->cluster.storage->latency_ms / 1000.0,
                           s->service_level.slowdown_p95_frac, diag);
}

static void read_root(const struct hr_scenario_reading *r, const hr_node *root,
                      struct hr_scenario_file *file, GError **error)
{
    static const char *const keys[] = {"platform",      "platforms", "cluster",   "run",
                                       "service_level", "guests",    "inventory", NULL};
    hr_node_check_keys(r->tree, root, keys, r->diag);
    if (hr_node_kind(root) != HR_NODE_MAP) {
        return;
    }
    struct hr_guest_frame frame = {.vcpu_mhz = HR_REFERENCE_MHZ,
                                   .step_s = file->scenario.step_s,
                                   .cluster = &file->scenario.cluster};
    hr_scenario_read_variants(r, root, file);
    hr_scenario_read_cluster(r, root, file);
    read_run(r, root, file, &frame);
    read_level(r, root, &file->scenario.service_level);
    if (hr_diag_count_severity(r->diag, HR_FATAL) == 0) {
        hr_scenario_check_hosts(r, root, file);
    }
    const hr_node *inventory = hr_node_get(root, "inventory");
    const hr_node *guests = hr_node_get(root, "guests");
    if (inventory != NULL && guests != NULL) {
        hr_node_fail(r->tree, inventory, r->diag, "guests twice",
                     "either 'guests' or 'inventory', not both");
    } else if (inventory != NULL) {
        file->guests = hr_scenario_read_inventory(r, inventory, file, error);
    } else if (hr_node_require(r->tree, root, "guests", r->diag)) {
        file->guests = hr_scenario_read_guests(r, guests, &frame, file, error);
    }
    if (file->guests != NULL) {
        tune(file, r->diag);
        hr_scenario_grow(file);
        file->scenario.guests = file->guests;
    }
}

/* Standard input, bounded as files are. Returns: the caller's, or NULL with *error. */
static GString *read_input(GError **error)
{
    GString *bytes = g_string_new(NULL);
    char block[65536];
    size_t n = 0;
    while ((n = fread(block, 1, sizeof block, stdin)) > 0 &&
           bytes->len <= (size_t)MOST_INPUT_MIB * 1024U * 1024U) {
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
    const char *name = hr_tree_name(tree);
    g_autofree char *folder = strcmp(name, "-") != 0 ? g_path_get_dirname(name) : g_strdup(".");
    struct hr_scenario_reading reading = {
        .tree = tree, .diag = diag, .catalog = catalog, .folder = folder};
    struct hr_scenario_file *file = g_new0(struct hr_scenario_file, 1);
    file->own_systems = g_ptr_array_new_with_free_func(g_free);
    file->own_roles = g_ptr_array_new_with_free_func(g_free);
    file->replications = 1;
    file->years = 5;
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
        hr_scenario_cluster_clear(file);
        hr_variants_free(file->variants, file->n_variants);
        g_ptr_array_free(file->own_systems, TRUE);
        g_ptr_array_free(file->own_roles, TRUE);
        g_free(file->digest);
        g_free(file->inventory_digest);
        g_free(file);
    }
}

struct hr_scenario hr_scenario_on(const struct hr_scenario_file *file, uint32_t variant)
{
    const struct hr_variant *v = &file->variants[variant];
    struct hr_scenario scenario = file->scenario;
    scenario.platform = v->platform;
    scenario.name = v->name;
    scenario.settings = v->settings;
    return scenario;
}
