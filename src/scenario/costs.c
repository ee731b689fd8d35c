/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/costs.h"

#include <string.h>

#include "base/error.h"

static const char *const category_names[HR_COST__COUNT + 1] = {
    [HR_COST_SERVER] = "server",     [HR_COST_MEMORY] = "memory",
    [HR_COST_STORAGE] = "storage",   [HR_COST_NETWORK] = "network",
    [HR_COST_PLATFORM] = "platform", [HR_COST_GUEST_OS] = "guest_os",
    [HR_COST_POWER] = "power",       [HR_COST_SUPPORT] = "support",
    [HR_COST_LABOUR] = "labour",     [HR_COST_AROUND] = "around",
    [HR_COST_BACKUP] = "backup",     [HR_COST_APPLICATION] = "application",
    [HR_COST_ONCE] = "migration",    [HR_COST_RISK] = "risk",
    [HR_COST_TAX] = "tax",           [HR_COST__COUNT] = NULL,
};

const char *hr_cost_category_name(enum hr_cost_category category)
{
    hr_assert(category < HR_COST__COUNT);
    return category_names[category];
}

void hr_costs_init(struct hr_costs *costs)
{
    *costs = (struct hr_costs){.ups_watt = 2700.0,
                               .array_rack_units = 2,
                               .switch_rack_units = 1,
                               .ups_rack_units = 2,
                               .failures_per_host_year = 0.2,
                               .server_life_years = 4,
                               .network_life_years = 5,
                               .licence_life_years = 5,
                               .retention_days = 30.0,
                               .change_pct = 5.0};
}

void hr_costs_clear(struct hr_costs *costs)
{
    for (size_t i = 0; i < costs->n_own; i++) {
        g_free(costs->own[i].item);
        g_free(costs->own[i].price_id);
        g_free(costs->own[i].where);
    }
    g_free(costs->own);
    g_strfreev(costs->backup);
    g_free(costs->currency);
    g_free(costs->file);
    *costs = (struct hr_costs){0};
}

bool hr_costs_have_tax(const struct hr_costs *costs)
{
    for (int c = 0; costs != NULL && c < HR_COST__COUNT; c++) {
        if (costs->tax_pct[c] > 0) {
            return true;
        }
    }
    return false;
}

/* ---- reading ---- */

/* Where values stand and what is wrong with them goes. */
struct reader {
    const hr_tree *tree;
    hr_diag *diag;
    struct hr_costs *costs;
};

/* Money and shares are read exactly, as the price books are. */
static bool read_decimal(const struct reader *r, const hr_node *map, const char *key,
                         int64_t most, hr_decimal *out)
{
    const hr_node *node = hr_node_get(map, key);
    hr_decimal value = 0;
    if (node == NULL) {
        return false;
    }
    if (hr_node_kind(node) != HR_NODE_SCALAR || strlen(hr_node_text(node)) > 17 ||
        !hr_decimal_parse(hr_node_text(node), &value) || value < 0 ||
        value > most * HR_DECIMAL_ONE) {
        hr_node_fail(r->tree, node, r->diag, "no amount",
                     "'%s' is a number from 0 to %" G_GINT64_FORMAT
                     " with at most six decimals",
                     key, most);
        return false;
    }
    *out = value;
    return true;
}

/* The map under key; NULL where there is none or it is something else. */
static const hr_node *read_map(const struct reader *r, const hr_node *map, const char *key,
                               const char *const *keys)
{
    const hr_node *node = hr_node_get(map, key);
    if (node == NULL) {
        return NULL;
    }
    if (hr_node_kind(node) != HR_NODE_MAP) {
        hr_node_fail(r->tree, node, r->diag, "not a map", "'%s' is a map: key: value", key);
        return NULL;
    }
    hr_node_check_keys(r->tree, node, keys, r->diag);
    return node;
}

static void read_effort(const struct reader *r, const hr_node *map)
{
    const hr_node *list = hr_node_get(map, "effort");
    if (list == NULL) {
        return;
    }
    bool is_list = hr_node_kind(list) == HR_NODE_LIST;
    if (!is_list) {
        hr_node_fail(r->tree, list, r->diag, "not a list",
                     "'effort' is a list of monitoring, patching and backup");
    }
    for (size_t i = 0; is_list && i < hr_node_length(list); i++) {
        const char *what = hr_node_text(hr_node_at(list, i));
        bool *flag = strcmp(what, "monitoring") == 0 ? &r->costs->has_monitoring
                     : strcmp(what, "patching") == 0 ? &r->costs->has_patching
                     : strcmp(what, "backup") == 0   ? &r->costs->has_backup_effort
                                                     : NULL;
        if (flag == NULL) {
            hr_node_fail(r->tree, hr_node_at(list, i), r->diag, "unknown effort",
                         "'%s' is not one of monitoring, patching, backup", what);
        } else {
            *flag = true;
        }
    }
}

static void read_downtime(const struct reader *r, const hr_node *map)
{
    static const char *const keys[] = {"failures_per_host_year", "planned_min_per_guest_year",
                                       "cost_per_min", NULL};
    static const char *const classes[HR_PRIORITY__COUNT + 1] = {[HR_PRIORITY_HIGH] = "high",
                                                                [HR_PRIORITY_MEDIUM] = "medium",
                                                                [HR_PRIORITY_LOW] = "low"};
    struct hr_costs *costs = r->costs;
    const hr_node *down = read_map(r, map, "downtime", keys);
    if (down == NULL) {
        return;
    }
    costs->has_downtime = true;
    costs->failures_are_given = hr_node_get(down, "failures_per_host_year") != NULL;
    (void)hr_node_double(r->tree, down, "failures_per_host_year", 0.0, 100.0,
                         &costs->failures_per_host_year, r->diag);
    (void)hr_node_double(r->tree, down, "planned_min_per_guest_year", 0.0, 525600.0,
                         &costs->planned_min_per_guest_year, r->diag);
    if (hr_node_require(r->tree, down, "cost_per_min", r->diag)) {
        const hr_node *prices = read_map(r, down, "cost_per_min", classes);
        for (int p = 0; prices != NULL && p < HR_PRIORITY__COUNT; p++) {
            (void)read_decimal(r, prices, classes[p], 1000000, &costs->down_per_min[p]);
        }
    }
}

/* One rate for all that is bought, or one for each category named. What one's own staff does
 * and what is only at risk is not bought. */
static void read_tax(const struct reader *r, const hr_node *map)
{
    const hr_node *node = hr_node_get(map, "tax_pct");
    hr_decimal *tax = r->costs->tax_pct;
    if (node == NULL) {
        return;
    }
    if (hr_node_kind(node) == HR_NODE_SCALAR) {
        hr_decimal pct = 0;
        (void)read_decimal(r, map, "tax_pct", 100, &pct);
        for (int c = 0; c < HR_COST_TAX; c++) {
            tax[c] = c == HR_COST_LABOUR || c == HR_COST_RISK ? 0 : pct;
        }
        return;
    }
    const char *keys[HR_COST_TAX + 1] = {NULL};
    memcpy(keys, category_names, HR_COST_TAX * sizeof keys[0]);
    const hr_node *rates = read_map(r, map, "tax_pct", keys);
    for (int c = 0; rates != NULL && c < HR_COST_TAX; c++) {
        (void)read_decimal(r, rates, category_names[c], 100, &tax[c]);
    }
}

static void read_lives(const struct reader *r, const hr_node *map)
{
    static const char *const keys[] = {"server", "network", "licence", NULL};
    const hr_node *lives = read_map(r, map, "depreciation_years", keys);
    (void)hr_node_int(r->tree, lives, "server", 1, 20, &r->costs->server_life_years, r->diag);
    (void)hr_node_int(r->tree, lives, "network", 1, 20, &r->costs->network_life_years, r->diag);
    (void)hr_node_int(r->tree, lives, "licence", 1, 20, &r->costs->licence_life_years, r->diag);
}

/* ---- the user's own lines ---- */

static void read_own_price(const struct reader *r, const hr_node *map, struct hr_own_cost *own)
{
    bool has_price = hr_node_get(map, "price") != NULL;
    if (has_price == (hr_node_get(map, "price_id") != NULL)) {
        hr_node_fail(r->tree, map, r->diag, "price",
                     "a line needs either 'price' or 'price_id'");
    }
    (void)read_decimal(r, map, "price", 1000000000, &own->price);
    (void)hr_node_string(r->tree, map, "price_id", &own->price_id, r->diag);
}

static void read_own(const struct reader *r, const hr_node *map, struct hr_own_cost *own)
{
    static const char *const keys[] = {"item",  "category", "per", "count",
                                       "price", "price_id", "due", NULL};
    static const char *const pers[HR_OWN__COUNT + 1] = {
        [HR_OWN_FIXED] = "fixed", [HR_OWN_HOST] = "host",
        [HR_OWN_CORE] = "core",   [HR_OWN_GUEST] = "guest",
        [HR_OWN_USER] = "user",   [HR_OWN_WINDOWS_GUEST] = "windows_guest"};
    static const char *const dues[] = {
        [HR_OWN_ONCE] = "once", [HR_OWN_YEARLY] = "yearly", [HR_OWN_MONTHLY] = "monthly", NULL};
    *own = (struct hr_own_cost){.count = HR_DECIMAL_ONE};
    if (hr_node_kind(map) != HR_NODE_MAP) {
        hr_node_fail(r->tree, map, r->diag, "not a map",
                     "a line is a map: {item: …, category: …, price: …, due: …}");
        return;
    }
    g_autofree char *file = g_path_get_basename(hr_tree_name(r->tree));
    own->where = g_strdup_printf("%s:%u", file, (unsigned)hr_node_line(map));
    hr_node_check_keys(r->tree, map, keys, r->diag);
    const char *categories[HR_COST_TAX + 1] = {NULL};
    memcpy(categories, category_names, HR_COST_TAX * sizeof categories[0]);
    int category = HR_COST_APPLICATION;
    int per = HR_OWN_FIXED;
    int due = HR_OWN_ONCE;
    if (hr_node_require(r->tree, map, "item", r->diag)) {
        (void)hr_node_string(r->tree, map, "item", &own->item, r->diag);
    }
    (void)hr_node_enum(r->tree, map, "category", categories, &category, r->diag);
    (void)hr_node_enum(r->tree, map, "per", pers, &per, r->diag);
    (void)hr_node_enum(r->tree, map, "due", dues, &due, r->diag);
    (void)read_decimal(r, map, "count", 1000000, &own->count);
    own->category = (enum hr_cost_category)category;
    own->per = (enum hr_own_per)per;
    own->due = (enum hr_own_due)due;
    read_own_price(r, map, own);
    if (own->per == HR_OWN_USER && r->costs->users == 0) {
        hr_node_fail(r->tree, hr_node_get(map, "per"), r->diag, "no users",
                     "a line per user needs 'users', how many there are");
    }
}

static void read_lines(const struct reader *r, const hr_node *map)
{
    struct hr_costs *costs = r->costs;
    const hr_node *list = hr_node_get(map, "lines");
    if (list == NULL) {
        return;
    }
    if (hr_node_kind(list) != HR_NODE_LIST) {
        hr_node_fail(r->tree, list, r->diag, "not a list", "'lines' is a list of maps");
        return;
    }
    costs->n_own = hr_node_length(list);
    costs->own = g_new0(struct hr_own_cost, costs->n_own + 1);
    for (size_t i = 0; i < costs->n_own; i++) {
        read_own(r, hr_node_at(list, i), &costs->own[i]);
    }
}

/* ---- the whole map ---- */

static void read_names(const struct reader *r, const hr_node *map)
{
    const hr_node *list = hr_node_get(map, "backup");
    if (list == NULL) {
        return;
    }
    if (hr_node_kind(list) != HR_NODE_LIST || hr_node_length(list) == 0) {
        hr_node_fail(r->tree, list, r->diag, "not a list",
                     "'backup' is a list of names: [product, target]");
        return;
    }
    char **names = g_new0(char *, hr_node_length(list) + 1);
    for (size_t i = 0; i < hr_node_length(list); i++) {
        names[i] = g_strdup(hr_node_text(hr_node_at(list, i)));
    }
    g_strfreev(r->costs->backup);
    r->costs->backup = names;
}

static void read_around(const struct reader *r, const hr_node *map)
{
    static const char *const spaces[] = {[HR_SPACE_NONE] = "none",
                                         [HR_SPACE_RACK_UNIT] = "rack_unit",
                                         [HR_SPACE_COLOCATION] = "colocation",
                                         NULL};
    struct hr_costs *costs = r->costs;
    (void)hr_node_enum(r->tree, map, "space", spaces, &costs->space, r->diag);
    (void)hr_node_bool(r->tree, map, "ups", &costs->has_ups, r->diag);
    (void)hr_node_bool(r->tree, map, "rack", &costs->has_rack, r->diag);
    (void)hr_node_bool(r->tree, map, "cabling", &costs->has_cabling, r->diag);
    (void)hr_node_double(r->tree, map, "ups_watt", 100.0, 1e6, &costs->ups_watt, r->diag);
    (void)hr_node_int(r->tree, map, "array_rack_units", 0, 48, &costs->array_rack_units,
                      r->diag);
    (void)hr_node_int(r->tree, map, "switch_rack_units", 0, 48, &costs->switch_rack_units,
                      r->diag);
    (void)hr_node_int(r->tree, map, "ups_rack_units", 0, 48, &costs->ups_rack_units, r->diag);
}

void hr_costs_read(struct hr_costs *costs, const hr_tree *tree, const hr_node *map,
                   hr_diag *diag)
{
    static const char *const keys[] = {"currency",
                                       "space",
                                       "ups",
                                       "ups_watt",
                                       "rack",
                                       "cabling",
                                       "array_rack_units",
                                       "switch_rack_units",
                                       "ups_rack_units",
                                       "effort",
                                       "migration_days",
                                       "migration_tools",
                                       "trainings",
                                       "downtime",
                                       "shortfall_per_min",
                                       "residual_pct",
                                       "tax_pct",
                                       "depreciation_years",
                                       "backup",
                                       "retention_days",
                                       "change_pct",
                                       "users",
                                       "lines",
                                       NULL};
    static const char *const currencies[] = {"USD", "EUR", NULL};
    const struct reader r = {.tree = tree, .diag = diag, .costs = costs};
    if (hr_node_kind(map) != HR_NODE_MAP) {
        hr_node_fail(tree, map, diag, "not a map", "'costs' is a map: key: value");
        return;
    }
    hr_node_check_keys(tree, map, keys, diag);
    g_free(costs->file);
    costs->file = g_path_get_basename(hr_tree_name(tree));
    int currency = 0;
    if (hr_node_enum(tree, map, "currency", currencies, &currency, diag) &&
        hr_node_get(map, "currency") != NULL) {
        g_free(costs->currency);
        costs->currency = g_strdup(currencies[currency]);
    }
    read_around(&r, map);
    read_effort(&r, map);
    (void)hr_node_double(tree, map, "migration_days", 0.0, 1e6, &costs->migration_days, diag);
    (void)hr_node_bool(tree, map, "migration_tools", &costs->has_migration_tools, diag);
    (void)hr_node_int(tree, map, "trainings", 0, 10000, &costs->trainings, diag);
    read_downtime(&r, map);
    (void)read_decimal(&r, map, "shortfall_per_min", 1000000, &costs->shortfall_per_min);
    (void)hr_node_double(tree, map, "residual_pct", -100.0, 100.0, &costs->residual_pct, diag);
    read_tax(&r, map);
    read_lives(&r, map);
    read_names(&r, map);
    (void)hr_node_double(tree, map, "retention_days", 0.0, 3660.0, &costs->retention_days,
                         diag);
    (void)hr_node_double(tree, map, "change_pct", 0.0, 100.0, &costs->change_pct, diag);
    (void)hr_node_int(tree, map, "users", 1, 10000000, &costs->users, diag);
    read_lines(&r, map);
}
