/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the values of the axes to the scenario of a point. */
#include <string.h>

#include "base/tree_edit.h"
#include "sweep/sweep.h"

/* The axes, and a seed that takes the place of the base's. */
enum { MOST_EDITS = HR_DESIGN_AXES_MAX + 1 };

const char *const hr_point_figures[] = {"hosts", "memory_gib",       "cores",      "guests",
                                        "vcpus", "guest_memory_gib", "overcommit", NULL};

void hr_sweep_values(const struct hr_sweep *sweep, const hr_design *design, uint32_t point,
                     struct hr_axis_level *values)
{
    for (uint32_t a = 0; a < sweep->n_axes; a++) {
        hr_axis_value(&sweep->axes[a], hr_design_place(design, point, a), &values[a]);
    }
}

void hr_values_clear(struct hr_axis_level *values, uint32_t n)
{
    for (uint32_t a = 0; a < n; a++) {
        g_clear_pointer(&values[a].text, g_free);
    }
}

/* A base with a list of platforms keeps its list, of the one platform of the point. */
static struct hr_tree_edit edit_of(const struct hr_sweep *sweep, const struct hr_axis *axis,
                                   const struct hr_axis_level *value)
{
    struct hr_tree_edit edit = {.path = axis->path,
                                .value = value->node,
                                .text = value->text,
                                .from = sweep->tree,
                                .at = axis->node};
    if (axis->kind == HR_AXIS_PLATFORM && hr_node_get(sweep->base, "platforms") != NULL) {
        edit.path = "platforms";
        edit.as_list = true;
    }
    return edit;
}

struct hr_scenario_file *hr_sweep_scenario(const struct hr_sweep *sweep,
                                           const struct hr_axis_level *values,
                                           const hr_catalog *catalog, hr_diag *diag,
                                           GError **error)
{
    struct hr_tree_edit edits[MOST_EDITS];
    const struct hr_axis *axes[MOST_EDITS] = {NULL};
    char seed[32];
    size_t n = 0;
    if (sweep->seed >= 0) {
        (void)g_snprintf(seed, sizeof seed, "%" G_GINT64_FORMAT, sweep->seed);
        edits[n++] = (struct hr_tree_edit){.path = "run.seed", .text = seed, .at = sweep->base};
    }
    for (uint32_t a = 0; a < sweep->n_axes; a++) {
        if (sweep->axes[a].kind != HR_AXIS_PRICE) {
            axes[n] = &sweep->axes[a];
            edits[n++] = edit_of(sweep, &sweep->axes[a], &values[a]);
        }
    }
    size_t n_bad = 0;
    g_autoptr(GError) fault = NULL;
    g_autoptr(hr_tree) tree =
        hr_tree_with(sweep->base_in, sweep->base, edits, n, &n_bad, &fault);
    if (tree == NULL) {
        const hr_node *at = axes[n_bad] != NULL ? axes[n_bad]->node : sweep->base;
        hr_node_fail(sweep->tree, at, diag, "no such value", "axis '%s': %s",
                     axes[n_bad] != NULL ? axes[n_bad]->name : "", fault->message);
        return NULL;
    }
    return hr_scenario_read(tree, hr_tree_root(tree), catalog, diag, error);
}

void hr_point_figures_of(const struct hr_scenario_file *file, double *figures)
{
    const struct hr_cluster_spec *cluster = &file->scenario.cluster;
    double vcpus = 0.0;
    double mib = 0.0;
    for (uint32_t g = 0; g < file->guests->n_running; g++) {
        vcpus += file->guests->items[g].vcpus;
        mib += file->guests->items[g].size_mib;
    }
    const double found[HR_POINT_N_FIGURES] = {
        cluster->n_hosts,
        hr_cluster_memory_mib(cluster) / 1024.0 / cluster->n_hosts,
        (double)hr_server_cores(cluster->server) * cluster->n_hosts,
        file->guests->n_running,
        vcpus,
        mib / 1024.0,
        mib / hr_cluster_memory_mib(cluster)};
    memcpy(figures, found, sizeof found);
}
