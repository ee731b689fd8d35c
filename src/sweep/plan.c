/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/plan.h"

#include <stdlib.h>

#include "base/error.h"

/* ---- constraints ---- */

struct hr_constraints {
    const struct hr_sweep *sweep;
    GPtrArray *names; /* of the axes, then the figures that no axis is called; NULL */
    hr_expression **expressions;
    bool *reads_scenario; /* by constraint: it asks for a figure */
    struct hr_named_value values[HR_DESIGN_AXES_MAX + HR_POINT_N_FIGURES];
    int figure_at[HR_POINT_N_FIGURES]; /* place among the names; -1: an axis is called so */
};

static GPtrArray *names_of_axes(const struct hr_sweep *sweep)
{
    GPtrArray *names = g_ptr_array_new();
    for (uint32_t a = 0; a < sweep->n_axes; a++) {
        g_ptr_array_add(names, sweep->axes[a].name);
    }
    g_ptr_array_add(names, NULL);
    return names;
}

/* Figures follow the axes, unless an axis is called so. */
static void add_figures(hr_constraints *c)
{
    g_ptr_array_set_size(c->names, (int)c->sweep->n_axes);
    for (int f = 0; f < HR_POINT_N_FIGURES; f++) {
        bool taken = false;
        for (uint32_t a = 0; a < c->sweep->n_axes; a++) {
            taken = taken || g_str_equal(c->sweep->axes[a].name, hr_point_figures[f]);
        }
        c->figure_at[f] = taken ? -1 : (int)c->names->len;
        if (!taken) {
            g_ptr_array_add(c->names, (gpointer)(guintptr)hr_point_figures[f]);
        }
    }
    g_ptr_array_add(c->names, NULL);
}

/* The first axis that is called by a word of SQL, or NULL. */
static const char *word_among(const struct hr_sweep *sweep)
{
    for (uint32_t a = 0; a < sweep->n_axes; a++) {
        if (hr_expression_is_word(sweep->axes[a].name)) {
            return sweep->axes[a].name;
        }
    }
    return NULL;
}

/* With the axes alone where that suffices: then no scenario need be read. */
static bool compile(hr_constraints *c, const char *const *of_axes, uint32_t i, hr_diag *diag)
{
    const struct hr_constraint *constraint = &c->sweep->constraints[i];
    c->expressions[i] = hr_expression_new(constraint->text, of_axes, NULL);
    if (c->expressions[i] != NULL) {
        return true;
    }
    g_autoptr(GError) fault = NULL;
    c->reads_scenario[i] = true;
    c->expressions[i] = hr_expression_new(constraint->text,
                                          (const char *const *)(void *)c->names->pdata, &fault);
    if (c->expressions[i] == NULL) {
        const char *word = word_among(c->sweep);
        g_autofree char *hint =
            word != NULL ? g_strdup_printf("; '%s' is a word of SQL: write \"%s\"", word, word)
                         : g_strdup("");
        g_autofree char *known = g_strjoinv(", ", (char **)c->names->pdata);
        hr_node_fail(c->sweep->tree, constraint->node, diag, "constraint",
                     "constraint '%s': %s (known: %s)%s", constraint->text, fault->message,
                     known, hint);
    }
    return c->expressions[i] != NULL;
}

hr_constraints *hr_constraints_new(const struct hr_sweep *sweep, hr_diag *diag)
{
    hr_constraints *c = g_new0(hr_constraints, 1);
    c->sweep = sweep;
    c->names = names_of_axes(sweep);
    c->expressions = g_new0(hr_expression *, MAX(1, sweep->n_constraints));
    c->reads_scenario = g_new0(bool, MAX(1, sweep->n_constraints));
    g_autoptr(GPtrArray) of_axes = names_of_axes(sweep);
    add_figures(c);
    bool ok = true;
    for (uint32_t i = 0; i < sweep->n_constraints; i++) {
        ok = compile(c, (const char *const *)(void *)of_axes->pdata, i, diag) && ok;
    }
    if (!ok) {
        hr_constraints_free(c);
        return NULL;
    }
    return c;
}

void hr_constraints_free(hr_constraints *c)
{
    if (c != NULL) {
        for (uint32_t i = 0; i < c->sweep->n_constraints; i++) {
            hr_expression_free(c->expressions[i]);
        }
        g_free(c->expressions);
        g_free(c->reads_scenario);
        g_ptr_array_unref(c->names);
        g_free(c);
    }
}

/* Returns: false when the scenario cannot be read. */
static bool take_figures(hr_constraints *c, const struct hr_axis_level *values,
                         const hr_catalog *catalog)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_scenario_file) file = hr_sweep_scenario(c->sweep, values, catalog, diag, NULL);
    if (file == NULL) {
        return false;
    }
    double figures[HR_POINT_N_FIGURES];
    hr_point_figures_of(file, figures);
    for (int f = 0; f < HR_POINT_N_FIGURES; f++) {
        if (c->figure_at[f] >= 0) {
            c->values[c->figure_at[f]] = (struct hr_named_value){.number = figures[f]};
        }
    }
    return true;
}

bool hr_constraints_keep(hr_constraints *c, const struct hr_axis_level *values,
                         const hr_catalog *catalog, bool *keep, GError **error)
{
    bool has_figures = false;
    *keep = true;
    for (uint32_t a = 0; a < c->sweep->n_axes; a++) {
        c->values[a] = (struct hr_named_value){
            .number = values[a].number,
            .text = c->sweep->axes[a].is_number ? NULL : values[a].text};
    }
    for (uint32_t i = 0; i < c->sweep->n_constraints && *keep; i++) {
        if (c->reads_scenario[i] && !has_figures) {
            if (!take_figures(c, values, catalog)) {
                return true;
            }
            has_figures = true;
        }
        if (!hr_expression_holds(c->expressions[i], c->values, keep, error)) {
            g_prefix_error(error, "constraint '%s': ", c->sweep->constraints[i].text);
            return false;
        }
    }
    return true;
}

/* ---- the plan ---- */

/* Lists the points that the constraints leave. */
static bool keep_points(struct hr_plan *plan, const hr_catalog *catalog, GError **error)
{
    const struct hr_sweep *sweep = plan->sweep;
    uint32_t n = hr_design_count(plan->design);
    plan->points = g_new(uint32_t, n);
    g_autoptr(hr_diag) diag = hr_diag_new(); /* the sweep was read: they are sound */
    g_autoptr(hr_constraints) constraints = hr_constraints_new(sweep, diag);
    hr_assert(constraints != NULL);
    struct hr_axis_level values[HR_DESIGN_AXES_MAX];
    for (uint32_t p = 0; p < n; p++) {
        bool keep = true;
        if (sweep->n_constraints > 0) {
            hr_sweep_values(sweep, plan->design, p, values);
            bool ok = hr_constraints_keep(constraints, values, catalog, &keep, error);
            hr_values_clear(values, sweep->n_axes);
            if (!ok) {
                return false;
            }
        }
        if (keep) {
            plan->points[plan->n_points++] = p;
        }
    }
    plan->n_dropped = n - plan->n_points;
    return true;
}

/* Compares where two points lie on all axes but those of prices. */
static int compare_places(const struct hr_plan *plan, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < plan->sweep->n_axes; i++) {
        if (plan->sweep->axes[i].kind == HR_AXIS_PRICE) {
            continue;
        }
        struct hr_place x = hr_design_place(plan->design, a, i);
        struct hr_place y = hr_design_place(plan->design, b, i);
        if (x.level != y.level) {
            return x.level < y.level ? -1 : 1;
        }
        if (x.u < y.u || x.u > y.u) {
            return x.u < y.u ? -1 : 1;
        }
    }
    return 0;
}

static int by_group(const void *a, const void *b, gpointer context)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    int order = compare_places(context, x, y);
    return order != 0 ? order : x < y ? -1 : x > y;
}

static int by_first(const void *a, const void *b, gpointer context)
{
    const struct hr_plan *plan = context;
    uint32_t x = plan->points[*(const uint32_t *)a];
    uint32_t y = plan->points[*(const uint32_t *)b];
    return x < y ? -1 : x > y;
}

/* Puts the groups, which stand in the order of their places, in that of their first points. */
static void order_groups(struct hr_plan *plan)
{
    uint32_t *starts = g_memdup2(plan->groups, plan->n_groups * sizeof *starts);
    uint32_t *points = g_new(uint32_t, MAX(1, plan->n_points));
    uint32_t *ends = g_new(uint32_t, MAX(1, plan->n_points)); /* by start */
    for (uint32_t g = 0; g < plan->n_groups; g++) {
        ends[plan->groups[g]] = plan->groups[g + 1];
    }
    g_qsort_with_data(starts, (gint)plan->n_groups, sizeof *starts, by_first, plan);
    uint32_t n = 0;
    for (uint32_t g = 0; g < plan->n_groups; g++) {
        plan->groups[g] = n;
        for (uint32_t p = starts[g]; p < ends[starts[g]]; p++) {
            points[n++] = plan->points[p];
        }
    }
    plan->groups[plan->n_groups] = n;
    g_free(starts);
    g_free(ends);
    g_free(plan->points);
    plan->points = points;
}

static void make_groups(struct hr_plan *plan)
{
    g_qsort_with_data(plan->points, (gint)plan->n_points, sizeof *plan->points, by_group, plan);
    plan->groups = g_new(uint32_t, (gsize)plan->n_points + 1);
    for (uint32_t p = 0; p < plan->n_points; p++) {
        if (p == 0 || compare_places(plan, plan->points[p - 1], plan->points[p]) != 0) {
            plan->groups[plan->n_groups++] = p;
        }
    }
    plan->groups[plan->n_groups] = plan->n_points;
    order_groups(plan);
}

struct hr_plan *hr_plan_new(const struct hr_sweep *sweep, const hr_catalog *catalog,
                            GError **error)
{
    struct hr_plan *plan = g_new0(struct hr_plan, 1);
    plan->sweep = sweep;
    plan->design = hr_sweep_design(sweep, error);
    if (plan->design == NULL || !keep_points(plan, catalog, error)) {
        hr_plan_free(plan);
        return NULL;
    }
    make_groups(plan);
    return plan;
}

void hr_plan_free(struct hr_plan *plan)
{
    if (plan != NULL) {
        hr_design_free(plan->design);
        g_free(plan->points);
        g_free(plan->groups);
        g_free(plan);
    }
}
