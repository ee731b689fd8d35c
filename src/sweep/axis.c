/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/axis.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

enum { MOST_LEVELS = 1000000 };

const char *const hr_axis_kind_names[] = {
    [HR_AXIS_FIELD] = "field",   [HR_AXIS_PRICE] = "price",   [HR_AXIS_PLATFORM] = "platform",
    [HR_AXIS_SERVER] = "server", [HR_AXIS_GUESTS] = "guests", [HR_AXIS_GROWTH] = "growth",
    [HR_AXIS_SEED] = "seed",     [HR_AXIS__COUNT] = NULL};

const char *const hr_axis_price_names[] = {[HR_AXIS_PRICE_SET] = "price",
                                           [HR_AXIS_PRICE_FACTOR] = "factor",
                                           [HR_AXIS_PRICE_PER_GIB] = "usd_per_gib",
                                           [HR_AXIS_PRICE__COUNT] = NULL};

/* A number as it is put into the scenario; the axis has what the text says. */
static void level_of_number(double number, bool is_whole, struct hr_axis_level *out)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    (void)g_ascii_formatd(text, sizeof text, is_whole ? "%.0f" : "%.10g", number);
    out->text = g_strdup(text);
    out->node = NULL;
    (void)hr_parse_double(text, &out->number);
}

static double between(const struct hr_axis *axis, double u)
{
    return axis->is_log ? axis->from * pow(axis->to / axis->from, u)
                        : axis->from + u * (axis->to - axis->from);
}

void hr_axis_value(const struct hr_axis *axis, struct hr_place place, struct hr_axis_level *out)
{
    if (axis->n_levels == 0) {
        level_of_number(between(axis, place.u), axis->is_whole, out);
        return;
    }
    *out = axis->levels[place.level];
    out->text = g_strdup(out->text);
}

void hr_axis_clear(struct hr_axis *axis)
{
    for (uint32_t i = 0; i < axis->n_levels; i++) {
        g_free(axis->levels[i].text);
    }
    g_free(axis->levels);
    g_free(axis->name);
    g_free(axis->path);
    g_free(axis->unit);
    *axis = (struct hr_axis){0};
}

/* ---- what it varies ---- */

/* The unit that the last word of a key tells. */
static const char *unit_of_path(const char *path)
{
    static const struct {
        const char *ending, *unit;
    } units[] = {{"_mib", "MiB"}, {"_gib", "GiB"},     {"_mhz", "MHz"}, {"_pct", "%"},
                 {"_s", "s"},     {"_h", "h"},         {"_ms", "ms"},   {"_mibps", "MiB/s"},
                 {"days", "d"},   {"replications", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (g_str_has_suffix(path, units[i].ending)) {
            return units[i].unit;
        }
    }
    return "";
}

static enum hr_axis_kind kind_of_path(const char *path)
{
    if (g_str_has_prefix(path, "guests[") && g_str_has_suffix(path, ".count")) {
        return HR_AXIS_GUESTS;
    }
    if (strcmp(path, "run.growth_pct") == 0 || strcmp(path, "run.demand_growth_pct") == 0) {
        return HR_AXIS_GROWTH;
    }
    if (strcmp(path, "platform") == 0) {
        return HR_AXIS_PLATFORM;
    }
    if (strcmp(path, "cluster.server") == 0) {
        return HR_AXIS_SERVER;
    }
    return strcmp(path, "run.seed") == 0 ? HR_AXIS_SEED : HR_AXIS_FIELD;
}

static const char *price_unit(enum hr_axis_price price)
{
    return price == HR_AXIS_PRICE_PER_GIB ? "USD/GiB" : price == HR_AXIS_PRICE_SET ? "USD" : "";
}

static void read_price(const hr_tree *tree, const hr_node *node, struct hr_axis *axis,
                       hr_diag *diag)
{
    bool is_memory = g_strcmp0(axis->path, HR_AXIS_PRICE_MEMORY) == 0;
    int as = is_memory ? HR_AXIS_PRICE_FACTOR : HR_AXIS_PRICE_SET;
    (void)hr_node_enum(tree, node, "as", hr_axis_price_names, &as, diag);
    axis->price = (enum hr_axis_price)as;
    if (is_memory && axis->price == HR_AXIS_PRICE_SET) {
        hr_node_fail(tree, node, diag, "not one price",
                     "'memory' means modules of every size: 'as' is usd_per_gib or factor");
    } else if (!is_memory && axis->price == HR_AXIS_PRICE_PER_GIB) {
        hr_node_fail(tree, node, diag, "not memory",
                     "'as: usd_per_gib' is for 'price: memory', modules of every size");
    }
    axis->unit = g_strdup(price_unit(axis->price));
}

/* The key that says what is varied, and the node with its values where that key holds them. */
static const hr_node *read_subject(const hr_tree *tree, const hr_node *node,
                                   struct hr_axis *axis, hr_diag *diag)
{
    static const char *const subjects[] = {"path", "price", "platform", "server"};
    const char *found = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
        if (hr_node_get(node, subjects[i]) == NULL) {
            continue;
        }
        if (found != NULL) {
            hr_node_fail(tree, node, diag, "two subjects",
                         "an axis varies one thing: either '%s' or '%s'", found, subjects[i]);
        }
        found = subjects[i];
    }
    if (found == NULL) {
        hr_node_fail(tree, node, diag, "missing key",
                     "missing key 'path', 'price', 'platform' or 'server': what it varies");
        return NULL;
    }
    if (strcmp(found, "platform") == 0 || strcmp(found, "server") == 0) {
        axis->kind = *found == 'p' ? HR_AXIS_PLATFORM : HR_AXIS_SERVER;
        axis->path = g_strdup(*found == 'p' ? "platform" : "cluster.server");
        axis->unit = g_strdup("");
        return hr_node_get(node, found);
    }
    if (!hr_node_string(tree, node, found, &axis->path, diag)) {
        return NULL;
    }
    if (strcmp(found, "price") == 0) {
        axis->kind = HR_AXIS_PRICE;
        read_price(tree, node, axis, diag);
    } else {
        axis->kind = kind_of_path(axis->path);
        axis->unit = g_strdup(unit_of_path(axis->path));
    }
    return NULL;
}

/* ---- its values ---- */

static void read_list(const hr_tree *tree, const hr_node *list, struct hr_axis *axis,
                      hr_diag *diag)
{
    if (hr_node_kind(list) != HR_NODE_LIST || hr_node_length(list) == 0) {
        hr_node_fail(tree, list, diag, "not a list", "axis '%s': its values are a list: [a, b]",
                     axis->name);
        return;
    }
    axis->n_levels = (uint32_t)hr_node_length(list);
    axis->levels = g_new0(struct hr_axis_level, axis->n_levels);
    axis->is_number = true;
    for (uint32_t i = 0; i < axis->n_levels; i++) {
        struct hr_axis_level *level = &axis->levels[i];
        const hr_node *item = hr_node_at(list, i);
        const hr_node *named = hr_node_get(item, "name");
        level->node = hr_node_kind(item) == HR_NODE_SCALAR ? NULL : item;
        level->text = g_strdup(hr_node_text(named != NULL ? named : item));
        level->number = (double)NAN;
        if (level->node != NULL && named == NULL) {
            hr_node_fail(tree, item, diag, "no name",
                         "axis '%s': a value that is no single one needs a 'name'", axis->name);
        }
        axis->is_number = hr_parse_double(level->text, &level->number) && level->node == NULL &&
                          axis->is_number;
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(axis->levels[k].text, level->text) == 0) {
                hr_node_fail(tree, item, diag, "value twice", "axis '%s' has '%s' twice",
                             axis->name, level->text);
            }
        }
    }
    for (uint32_t i = 0; i < axis->n_levels && !axis->is_number; i++) {
        axis->levels[i].number = (double)NAN;
    }
}

static void read_range(const hr_tree *tree, const hr_node *node, struct hr_axis *axis,
                       hr_diag *diag)
{
    int64_t steps = 0;
    double most = 1e15;
    if (!hr_node_require(tree, node, "from", diag) ||
        !hr_node_require(tree, node, "to", diag) ||
        !hr_node_double(tree, node, "from", -most, most, &axis->from, diag) ||
        !hr_node_double(tree, node, "to", -most, most, &axis->to, diag) ||
        !hr_node_int(tree, node, "steps", 2, MOST_LEVELS, &steps, diag) ||
        !hr_node_bool(tree, node, "log", &axis->is_log, diag) ||
        !hr_node_bool(tree, node, "whole", &axis->is_whole, diag)) {
        return;
    }
    axis->is_number = true;
    if (axis->from >= axis->to) {
        hr_node_fail(tree, hr_node_get(node, "to"), diag, "out of range",
                     "axis '%s': 'to' (%.10g) is not above 'from' (%.10g)", axis->name,
                     axis->to, axis->from);
        return;
    }
    if (axis->is_log && axis->from <= 0.0) {
        hr_node_fail(tree, hr_node_get(node, "from"), diag, "out of range",
                     "axis '%s': a logarithmic range begins above 0", axis->name);
        return;
    }
    axis->n_levels = (uint32_t)steps;
    axis->levels = g_new0(struct hr_axis_level, MAX(1, axis->n_levels));
    for (uint32_t i = 0; i < axis->n_levels; i++) {
        /* The ends exactly, whatever the powers round to. */
        double number = i == 0                    ? axis->from
                        : i + 1 == axis->n_levels ? axis->to
                                                  : between(axis, i / (double)(steps - 1));
        level_of_number(number, axis->is_whole, &axis->levels[i]);
        if (i > 0 && strcmp(axis->levels[i].text, axis->levels[i - 1].text) == 0) {
            hr_node_fail(tree, node, diag, "value twice",
                         "axis '%s': %d steps are more than there are whole numbers",
                         axis->name, (int)steps);
            return;
        }
    }
}

/* The level that is the base point's, one-at-a-time. */
static void read_base(const hr_tree *tree, const hr_node *node, struct hr_axis *axis,
                      hr_diag *diag)
{
    const hr_node *base = hr_node_get(node, "base");
    if (base == NULL) {
        return;
    }
    for (uint32_t i = 0; i < axis->n_levels; i++) {
        double number = 0.0;
        if (strcmp(axis->levels[i].text, hr_node_text(base)) == 0 ||
            (axis->is_number && hr_parse_double(hr_node_text(base), &number) &&
             fabs(number - axis->levels[i].number) <= 1e-9 * fabs(number))) {
            axis->base = i;
            return;
        }
    }
    hr_node_fail(tree, base, diag, "unknown value", "axis '%s': 'base' is none of its values",
                 axis->name);
}

/* What a price book would refuse is told before anything runs. */
static void check_prices(const hr_tree *tree, const hr_node *node, const struct hr_axis *axis,
                         hr_diag *diag)
{
    const double most = 1e9;
    if (axis->n_levels > 0 && !axis->is_number) {
        hr_node_fail(tree, node, diag, "not a number", "axis '%s': prices are numbers",
                     axis->name);
        return;
    }
    bool is_off = axis->n_levels == 0 && (axis->from < 0.0 || axis->to > most);
    for (uint32_t i = 0; i < axis->n_levels; i++) {
        is_off = is_off || !(axis->levels[i].number >= 0.0 && axis->levels[i].number <= most);
    }
    if (is_off) {
        hr_node_fail(tree, node, diag, "out of range",
                     "axis '%s': prices and factors are between 0 and 10^9", axis->name);
    }
}

static bool is_identifier(const char *name)
{
    bool ok = g_ascii_isalpha(*name);
    for (const char *p = name; *p != '\0'; p++) {
        ok = ok && (g_ascii_isalnum(*p) || *p == '_');
    }
    return ok;
}

void hr_axis_read(const hr_tree *tree, const hr_node *node, struct hr_axis *out, hr_diag *diag)
{
    static const char *const keys[] = {"name",   "path",   "price", "as",   "platform",
                                       "server", "values", "from",  "to",   "steps",
                                       "log",    "whole",  "base",  "unit", NULL};
    *out = (struct hr_axis){.node = node};
    hr_node_check_keys(tree, node, keys, diag);
    if (hr_node_kind(node) != HR_NODE_MAP || !hr_node_require(tree, node, "name", diag) ||
        !hr_node_string(tree, node, "name", &out->name, diag)) {
        return;
    }
    if (!is_identifier(out->name)) {
        hr_node_fail(tree, hr_node_get(node, "name"), diag, "not a name",
                     "'%s': a name is of letters, digits and _, as constraints use it",
                     out->name);
    }
    if (g_ascii_strcasecmp(out->name, "point") == 0) {
        hr_node_fail(tree, hr_node_get(node, "name"), diag, "not a name",
                     "'%s' is what the number of a point is called", out->name);
    }
    const hr_node *own = read_subject(tree, node, out, diag);
    const hr_node *values = hr_node_get(node, "values");
    bool is_range = hr_node_get(node, "from") != NULL || hr_node_get(node, "to") != NULL;
    if ((own != NULL) + (values != NULL) + is_range != 1) {
        hr_node_fail(tree, node, diag, "values",
                     "axis '%s': its values stand once, in 'values' or as 'from' and 'to'",
                     out->name);
        return;
    }
    if (is_range) {
        read_range(tree, node, out, diag);
    } else {
        read_list(tree, own != NULL ? own : values, out, diag);
    }
    if (out->kind == HR_AXIS_PRICE) {
        check_prices(tree, node, out, diag);
    }
    (void)hr_node_string(tree, node, "unit", &out->unit, diag);
    read_base(tree, node, out, diag);
}
