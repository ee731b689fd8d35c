/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "store/points.h"
#include "sweep/plan.h"
#include "sweep/saltelli.h"

enum { MOST_REPLICATIONS = 1000, USUAL_MOST_REPLICATIONS = 20, MOST_INPUT_MIB = 64 };

/* What the parts of the reader work with; all borrowed. */
struct reading {
    struct hr_sweep *sweep;
    const hr_catalog *catalog;
    hr_diag *diag;
};

/* ---- the parts of the file ---- */

static void read_design(const struct reading *r, const hr_node *root)
{
    static const char *const keys[] = {"kind", "points", "seed", NULL};
    struct hr_sweep *s = r->sweep;
    const hr_node *node = hr_node_get(root, "design");
    int kind = HR_DESIGN_GRID;
    int64_t points = 0;
    s->design_seed = 1;
    if (node != NULL && hr_node_kind(node) == HR_NODE_SCALAR) {
        (void)hr_node_enum(s->tree, root, "design", hr_design_names, &kind, r->diag);
    } else if (node != NULL) {
        hr_node_check_keys(s->tree, node, keys, r->diag);
        (void)hr_node_enum(s->tree, node, "kind", hr_design_names, &kind, r->diag);
        (void)hr_node_int(s->tree, node, "points", 1, HR_DESIGN_POINTS_MAX, &points, r->diag);
        (void)hr_node_int(s->tree, node, "seed", 0, INT32_MAX, &s->design_seed, r->diag);
    }
    s->kind = (enum hr_design_kind)kind;
    s->n_points = (uint32_t)points;
    bool draws = hr_design_draws(s->kind);
    if (draws && node != NULL && hr_node_get(node, "points") == NULL) {
        hr_node_fail(s->tree, node, r->diag, "missing key",
                     "the design %s needs a number of points: {kind: %s, points: 1000}",
                     hr_design_names[kind], hr_design_names[kind]);
    } else if (!draws && points > 0) {
        hr_node_fail(s->tree, hr_node_get(node, "points"), r->diag, "points",
                     "a %s has as many points as its axes make", hr_design_names[kind]);
    }
    bool has_seed = s->kind == HR_DESIGN_LATIN_HYPERCUBE || s->kind == HR_DESIGN_SALTELLI;
    if (!has_seed && hr_node_get(node, "seed") != NULL) {
        hr_node_fail(s->tree, hr_node_get(node, "seed"), r->diag, "seed",
                     "only the designs latin-hypercube and saltelli are drawn with a seed");
    }
}

/* With all axes known: a design of blocks needs two of them, and GSL's sequence has an end. */
static void check_blocks(const struct reading *r, const hr_node *root)
{
    struct hr_sweep *s = r->sweep;
    const hr_node *node = hr_node_get(root, "design");
    uint32_t block = hr_saltelli_block(s->n_axes);
    if (s->kind != HR_DESIGN_SALTELLI || node == NULL) {
        return;
    }
    if (s->n_axes > HR_SALTELLI_AXES_MAX) {
        hr_node_fail(s->tree, node, r->diag, "design",
                     "the design saltelli has at most %d axes, here are %u",
                     HR_SALTELLI_AXES_MAX, s->n_axes);
    } else if (s->n_points < 2 * block) {
        hr_node_fail(
            s->tree, node, r->diag, "points",
            "the design saltelli takes %u points for each of its base points and needs "
            "two of those at least: 'points' of %u or more",
            block, 2 * block);
    }
}

static void check_axis(const struct reading *r, const struct hr_axis *axis)
{
    struct hr_sweep *s = r->sweep;
    bool has_steps = axis->n_levels > 0 || !axis->is_number;
    bool draws = hr_design_draws(s->kind);
    if (!has_steps && !draws && hr_node_get(axis->node, "steps") == NULL) {
        hr_node_fail(s->tree, axis->node, r->diag, "missing key",
                     "axis '%s': missing key 'steps', which the design %s needs", axis->name,
                     hr_design_names[s->kind]);
    }
    for (const struct hr_axis *other = s->axes; other < axis; other++) {
        if (g_strcmp0(other->name, axis->name) == 0) {
            hr_node_fail(s->tree, axis->node, r->diag, "axis twice", "two axes are called '%s'",
                         axis->name);
        } else if (other->kind == axis->kind && g_strcmp0(other->path, axis->path) == 0) {
            hr_node_fail(s->tree, axis->node, r->diag, "axis twice",
                         "axis '%s' varies what axis '%s' varies already", axis->name,
                         other->name);
        }
    }
}

/* A base with several platforms runs every point on each. */
static void add_platforms(const struct reading *r)
{
    struct hr_sweep *s = r->sweep;
    const hr_node *list = hr_node_get(s->base, "platforms");
    for (uint32_t a = 0; a < s->n_axes; a++) {
        if (s->axes[a].kind == HR_AXIS_PLATFORM) {
            return;
        }
    }
    if (list == NULL || hr_node_kind(list) != HR_NODE_LIST || hr_node_length(list) < 2) {
        return;
    }
    struct hr_axis *axis = &s->axes[s->n_axes++];
    *axis = (struct hr_axis){.kind = HR_AXIS_PLATFORM,
                             .name = g_strdup("platform"),
                             .path = g_strdup("platform"),
                             .unit = g_strdup(""),
                             .node = list};
    axis->n_levels = (uint32_t)hr_node_length(list);
    axis->levels = g_new0(struct hr_axis_level, axis->n_levels);
    for (uint32_t i = 0; i < axis->n_levels; i++) {
        const hr_node *item = hr_node_at(list, i);
        const hr_node *name = hr_node_get(item, "name");
        name = name != NULL ? name : hr_node_get(item, "platform");
        axis->levels[i] =
            (struct hr_axis_level){.number = (double)NAN,
                                   .text = g_strdup(hr_node_text(name != NULL ? name : item)),
                                   .node = hr_node_kind(item) == HR_NODE_SCALAR ? NULL : item};
    }
}

static void read_axes(const struct reading *r, const hr_node *root)
{
    struct hr_sweep *s = r->sweep;
    const hr_node *list = hr_node_get(root, "axes");
    s->axes = g_new0(struct hr_axis, HR_DESIGN_AXES_MAX + 1);
    if (!hr_node_require(s->tree, root, "axes", r->diag)) {
        return;
    }
    if (hr_node_kind(list) != HR_NODE_LIST || hr_node_length(list) == 0 ||
        hr_node_length(list) >= HR_DESIGN_AXES_MAX) {
        hr_node_fail(s->tree, list, r->diag, "not a list",
                     "'axes' is a list of 1 to %d axes: [{name: memory, path: "
                     "cluster.memory_mib, values: [65536, 131072]}]",
                     HR_DESIGN_AXES_MAX - 1);
        return;
    }
    for (size_t i = 0; i < hr_node_length(list); i++) {
        struct hr_axis *axis = &s->axes[s->n_axes++];
        hr_axis_read(s->tree, hr_node_at(list, i), axis, r->diag);
        check_axis(r, axis);
    }
}

static void read_constraints(const struct reading *r, const hr_node *root)
{
    struct hr_sweep *s = r->sweep;
    const hr_node *list = hr_node_get(root, "constraints");
    if (list == NULL) {
        return;
    }
    if (hr_node_kind(list) != HR_NODE_LIST) {
        hr_node_fail(s->tree, list, r->diag, "not a list",
                     "'constraints' is a list of conditions: [hosts * memory_gib <= 2048]");
        return;
    }
    s->constraints = g_new0(struct hr_constraint, hr_node_length(list) + 1);
    for (size_t i = 0; i < hr_node_length(list); i++) {
        const hr_node *node = hr_node_at(list, i);
        s->constraints[s->n_constraints++] =
            (struct hr_constraint){.text = g_strdup(hr_node_text(node)), .node = node};
    }
}

static void read_until(const struct reading *r, const hr_node *root)
{
    static const char *const keys[] = {"slowdown_points",   "tco_pct",     "first_replications",
                                       "most_replications", "budget_runs", NULL};
    struct hr_sweep_until *until = &r->sweep->until;
    const hr_tree *tree = r->sweep->tree;
    const hr_node *map = hr_node_get(root, "until");
    if (map == NULL) {
        return;
    }
    int64_t first = 2;
    int64_t most = USUAL_MOST_REPLICATIONS;
    hr_node_check_keys(tree, map, keys, r->diag);
    (void)hr_node_double(tree, map, "slowdown_points", 0.001, 100.0, &until->slowdown_points,
                         r->diag);
    (void)hr_node_double(tree, map, "tco_pct", 0.001, 100.0, &until->tco_pct, r->diag);
    (void)hr_node_int(tree, map, "first_replications", 2, MOST_REPLICATIONS, &first, r->diag);
    (void)hr_node_int(tree, map, "most_replications", 2, MOST_REPLICATIONS, &most, r->diag);
    (void)hr_node_int(tree, map, "budget_runs", 1, INT64_MAX, &until->most_runs, r->diag);
    until->first_replications = (int)first;
    until->most_replications = (int)MAX(first, most);
    if (hr_node_get(map, "slowdown_points") == NULL && hr_node_get(map, "tco_pct") == NULL) {
        hr_node_fail(tree, map, r->diag, "missing key",
                     "'until' needs 'slowdown_points' or 'tco_pct': how near is near enough");
    }
}

/* A name or a list of names. Returns: the caller's, NULL-terminated. */
static char **read_names(const struct reading *r, const hr_node *root, const char *key)
{
    const hr_node *node = hr_node_get(root, key);
    GPtrArray *names = g_ptr_array_new();
    if (node != NULL && hr_node_kind(node) == HR_NODE_SCALAR) {
        g_ptr_array_add(names, g_strdup(hr_node_text(node)));
    } else if (node != NULL && hr_node_kind(node) == HR_NODE_LIST) {
        for (size_t i = 0; i < hr_node_length(node); i++) {
            g_ptr_array_add(names, g_strdup(hr_node_text(hr_node_at(node, i))));
        }
    } else if (node != NULL) {
        hr_node_fail(r->sweep->tree, node, r->diag, "not a list", "'%s' is a list of names",
                     key);
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

static char *beside(const hr_tree *tree, const char *name)
{
    if (g_path_is_absolute(name) || strcmp(hr_tree_name(tree), "-") == 0) {
        return g_strdup(name);
    }
    g_autofree char *folder = g_path_get_dirname(hr_tree_name(tree));
    return g_build_filename(folder, name, NULL);
}

static void read_prices(const struct reading *r, const hr_node *root)
{
    struct hr_sweep *s = r->sweep;
    g_auto(GStrv) names = read_names(r, root, "prices");
    GPtrArray *overlays = g_ptr_array_new();
    for (char **name = names; *name != NULL; name++) {
        bool is_book = strlen(*name) == 4 && strspn(*name, "0123456789") == 4;
        if (!is_book) {
            g_ptr_array_add(overlays, beside(s->tree, *name));
        } else if (s->book != NULL) {
            hr_node_fail(s->tree, hr_node_get(root, "prices"), r->diag, "two books",
                         "'prices': one book at a time, not %s and %s", s->book, *name);
        } else {
            s->book = g_strdup(*name);
        }
    }
    g_ptr_array_add(overlays, NULL);
    s->overlays = (char **)g_ptr_array_free(overlays, FALSE);
    int64_t cores = 0;
    s->discount_pct = 7.0;
    (void)hr_node_double(s->tree, root, "discount_pct", 0.0, 50.0, &s->discount_pct, r->diag);
    (void)hr_node_int(s->tree, root, "minimum_order_cores", 0, 100000, &cores, r->diag);
    s->minimum_order_cores = (int)cores;
}

static bool read_base(const struct reading *r, const hr_node *root, GError **error)
{
    struct hr_sweep *s = r->sweep;
    const hr_node *node = hr_node_get(root, "base");
    if (!hr_node_require(s->tree, root, "base", r->diag)) {
        return false;
    }
    if (hr_node_kind(node) == HR_NODE_MAP) {
        s->base_in = s->tree;
        s->base = node;
        s->base_digest = g_strdup(hr_tree_digest(s->tree));
        return true;
    }
    g_autofree char *path = beside(s->tree, hr_node_text(node));
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        hr_node_fail(s->tree, node, r->diag, "no such file", "'base': there is no scenario %s",
                     path);
        return false;
    }
    s->base_tree = hr_tree_load(path, r->diag, error);
    if (s->base_tree == NULL) {
        return false;
    }
    s->base_in = s->base_tree;
    s->base = hr_tree_root(s->base_tree);
    s->base_digest = g_strdup(hr_tree_digest(s->base_tree));
    return true;
}

/* The figures of a table of points. */
static bool read_record(const struct reading *r, const hr_node *root, GError **error)
{
    struct hr_sweep *s = r->sweep;
    const hr_node *list = hr_node_get(root, "record");
    g_auto(GStrv) known = hr_points_figures(error);
    if (known == NULL) {
        return false;
    }
    if (list != NULL && hr_node_kind(list) != HR_NODE_LIST) {
        hr_node_fail(s->tree, list, r->diag, "not a list",
                     "'record' is a list of figures: [tco, slowdown_p95]");
        return true;
    }
    s->record = read_names(r, root, "record");
    for (size_t i = 0; s->record[i] != NULL; i++) {
        if (g_strv_contains((const char *const *)known, s->record[i])) {
            continue;
        }
        const char *nearest = hr_nearest_name(s->record[i], (const char *const *)known);
        hr_node_fail(s->tree, hr_node_at(list, i), r->diag, "unknown value",
                     "'record': no figure is called '%s'%s%s%s", s->record[i],
                     nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                     nearest != NULL ? "'?" : "");
    }
    return true;
}

/* ---- trying the values ---- */

static bool is_known(const hr_diag *diag, const struct hr_finding *finding)
{
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        const struct hr_finding *f = hr_diag_get(diag, i);
        if (f->line == finding->line && f->column == finding->column &&
            g_strcmp0(f->file, finding->file) == 0 && strcmp(f->text, finding->text) == 0) {
            return true;
        }
    }
    return false;
}

static void pass_on(const hr_diag *from, hr_diag *to)
{
    for (size_t i = 0; i < hr_diag_count(from); i++) {
        const struct hr_finding *f = hr_diag_get(from, i);
        if (f->severity == HR_FATAL && !is_known(to, f)) {
            hr_diag_add(to, HR_FATAL, f->file, f->line, f->column, f->reason, "%s", f->text);
        }
    }
}

static void note_platform(struct hr_sweep *s, const struct hr_scenario_file *file)
{
    const struct hr_variant *variant = &file->variants[0];
    for (uint32_t i = 0; i < s->n_platforms; i++) {
        if (strcmp(s->platforms[i].id, variant->name) == 0) {
            return;
        }
    }
    bool is_own = strcmp(variant->name, variant->platform->id) != 0;
    s->platforms = g_renew(struct hr_sweep_platform, s->platforms, s->n_platforms + 1);
    s->platforms[s->n_platforms++] = (struct hr_sweep_platform){
        .id = g_strdup(variant->name),
        .name = g_strdup(is_own ? variant->name : variant->platform->name),
        .policy = hr_platform_policy_name(variant->platform)};
}

static struct hr_axis_level base_value(const struct hr_axis *axis, bool at_end)
{
    struct hr_place place = {.level = axis->base, .u = at_end ? 1.0 : 0.0};
    struct hr_axis_level value;
    hr_axis_value(axis, place, &value);
    return value;
}

/* Reads the scenario with these values, as far as the constraints want the point. */
static bool try_values(const struct reading *r, hr_constraints *constraints,
                       const struct hr_axis_level *values, bool is_base, GError **error)
{
    bool keep = true;
    g_autoptr(hr_diag) diag = hr_diag_new();
    if (!hr_constraints_keep(constraints, values, r->catalog, &keep, error)) {
        return false;
    }
    g_autoptr(hr_scenario_file) file =
        hr_sweep_scenario(r->sweep, values, r->catalog, diag, error);
    if (file == NULL && error != NULL && *error != NULL) {
        return false;
    }
    if (file != NULL) {
        note_platform(r->sweep, file);
    }
    if (keep || is_base) {
        pass_on(diag, r->diag);
    }
    if (is_base) {
        r->sweep->base_file = g_steal_pointer(&file);
    }
    return true;
}

/* The base point, then each value of each axis with the others at their base values; of a range
 * its ends. */
static bool try_axes(const struct reading *r, hr_constraints *constraints, GError **error)
{
    struct hr_sweep *s = r->sweep;
    struct hr_axis_level values[HR_DESIGN_AXES_MAX];
    for (uint32_t a = 0; a < s->n_axes; a++) {
        values[a] = base_value(&s->axes[a], false);
    }
    bool ok = try_values(r, constraints, values, true, error);
    size_t n_fatal = hr_diag_count_severity(r->diag, HR_FATAL);
    for (uint32_t a = 0; ok && n_fatal == 0 && a < s->n_axes; a++) {
        const struct hr_axis *axis = &s->axes[a];
        bool is_list = hr_node_get(axis->node, "from") == NULL;
        uint32_t n = is_list ? axis->n_levels : 2;
        struct hr_axis_level kept = values[a];
        for (uint32_t i = 0; ok && i < n; i++) {
            uint32_t level = is_list || i == 0 || axis->n_levels == 0 ? i : axis->n_levels - 1;
            hr_axis_value(axis, (struct hr_place){.level = level, .u = i}, &values[a]);
            ok = try_values(r, constraints, values, false, error);
            g_free(values[a].text);
        }
        values[a] = kept;
    }
    hr_values_clear(values, s->n_axes);
    return ok;
}

/* ---- the whole file ---- */

static bool read_root(const struct reading *r, const hr_node *root, GError **error)
{
    static const char *const keys[] = {
        "base",   "axes",   "design",       "constraints",         "until",
        "record", "prices", "discount_pct", "minimum_order_cores", NULL};
    struct hr_sweep *s = r->sweep;
    hr_node_check_keys(s->tree, root, keys, r->diag);
    if (hr_node_kind(root) != HR_NODE_MAP) {
        return false;
    }
    bool has_base = read_base(r, root, error);
    read_design(r, root);
    read_axes(r, root);
    read_constraints(r, root);
    read_until(r, root);
    read_prices(r, root);
    bool has_record = read_record(r, root, error);
    if (!has_base || !has_record || hr_diag_count_severity(r->diag, HR_FATAL) > 0) {
        return false;
    }
    add_platforms(r);
    check_blocks(r, root);
    g_autoptr(hr_constraints) constraints = hr_constraints_new(s, r->diag);
    return constraints != NULL && hr_diag_count_severity(r->diag, HR_FATAL) == 0 &&
           try_axes(r, constraints, error) && hr_diag_count_severity(r->diag, HR_FATAL) == 0;
}

/* Standard input too. */
static char *read_text(const char *path, GError **error)
{
    char *text = NULL;
    const char *file = strcmp(path, "-") == 0 ? "/dev/stdin" : path;
    g_autoptr(GError) fault = NULL;
    if (!g_file_get_contents(file, &text, NULL, &fault)) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s", fault->message);
        return NULL;
    }
    return text;
}

struct hr_sweep *hr_sweep_load(const char *path, int64_t seed, const hr_catalog *catalog,
                               hr_diag *diag, GError **error)
{
    struct hr_sweep *s = g_new0(struct hr_sweep, 1);
    struct reading r = {.sweep = s, .catalog = catalog, .diag = diag};
    s->seed = seed;
    s->text = read_text(path, error);
    if (s->text != NULL) {
        s->tree = hr_tree_parse(s->text, strlen(s->text), path, diag);
    }
    if (s->tree == NULL || !read_root(&r, hr_tree_root(s->tree), error)) {
        hr_sweep_free(s);
        return NULL;
    }
    return s;
}

void hr_sweep_free(struct hr_sweep *s)
{
    if (s == NULL) {
        return;
    }
    for (uint32_t a = 0; a < s->n_axes; a++) {
        hr_axis_clear(&s->axes[a]);
    }
    for (uint32_t i = 0; i < s->n_constraints; i++) {
        g_free(s->constraints[i].text);
    }
    for (uint32_t i = 0; i < s->n_platforms; i++) {
        g_free(s->platforms[i].id);
        g_free(s->platforms[i].name);
    }
    g_free(s->platforms);
    g_free(s->axes);
    g_free(s->constraints);
    g_free(s->book);
    g_strfreev(s->overlays);
    g_strfreev(s->record);
    g_free(s->base_digest);
    hr_scenario_file_free(s->base_file);
    hr_tree_free(s->base_tree);
    hr_tree_free(s->tree);
    g_free(s->text);
    g_free(s);
}

hr_design *hr_sweep_design(const struct hr_sweep *sweep, GError **error)
{
    struct hr_design_axis axes[HR_DESIGN_AXES_MAX];
    for (uint32_t a = 0; a < sweep->n_axes; a++) {
        axes[a] = (struct hr_design_axis){.n_levels = sweep->axes[a].n_levels,
                                          .base = sweep->axes[a].base};
    }
    return hr_design_new(sweep->kind, axes, sweep->n_axes, sweep->n_points,
                         (uint64_t)sweep->design_seed, error);
}
