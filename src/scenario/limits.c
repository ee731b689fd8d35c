/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/limits.h"

#include "base/money.h"

bool hr_limits_any(const struct hr_limits *limits)
{
    return limits->budget_capex_cents > 0 || limits->budget_tco_cents > 0 ||
           limits->rack_units > 0 || limits->watts > 0.0 || limits->sockets > 0 ||
           limits->hosts_most > 0 || limits->vendor != NULL;
}

void hr_limits_clear(struct hr_limits *limits)
{
    g_free(limits->vendor);
    *limits = (struct hr_limits){0};
}

bool hr_limits_parse_amount(const char *text, int64_t *cents)
{
    hr_decimal amount = 0;
    if (!hr_decimal_parse(text, &amount) || amount <= 0) {
        return false;
    }
    int64_t read = hr_money_cents(HR_DECIMAL_ONE, amount);
    if (read == 0) {
        return false;
    }
    *cents = read;
    return true;
}

static void read_amount(const hr_tree *tree, const hr_node *map, const char *key,
                        int64_t *cents, hr_diag *diag)
{
    const hr_node *node = hr_node_get(map, key);
    if (node != NULL && !hr_limits_parse_amount(hr_node_text(node), cents)) {
        hr_node_fail(tree, node, diag, "not an amount",
                     "'%s': an amount above 0 in the study's currency is expected, as 100000",
                     key);
    }
}

void hr_limits_read(struct hr_limits *limits, const hr_tree *tree, const hr_node *root,
                    hr_diag *diag)
{
    static const char *const keys[] = {"budget_capex", "budget_tco", "rack_units", "watts",
                                       "sockets",      "hosts_most", "vendor",     NULL};
    const hr_node *map = hr_node_get(root, "limits");
    if (map == NULL) {
        return;
    }
    if (hr_node_kind(map) != HR_NODE_MAP) {
        hr_node_fail(tree, map, diag, "not a map",
                     "'limits' is a map: {budget_capex: 100000, rack_units: 4}");
        return;
    }
    hr_node_check_keys(tree, map, keys, diag);
    read_amount(tree, map, "budget_capex", &limits->budget_capex_cents, diag);
    read_amount(tree, map, "budget_tco", &limits->budget_tco_cents, diag);
    (void)hr_node_int(tree, map, "rack_units", 1, 10000, &limits->rack_units, diag);
    (void)hr_node_double(tree, map, "watts", 1.0, 1e7, &limits->watts, diag);
    (void)hr_node_int(tree, map, "sockets", 1, 64, &limits->sockets, diag);
    (void)hr_node_int(tree, map, "hosts_most", 1, 96, &limits->hosts_most, diag);
    (void)hr_node_string(tree, map, "vendor", &limits->vendor, diag);
}

static void add_count(GString *text, const char *key, int64_t value)
{
    if (value > 0) {
        g_string_append_printf(text, "%s%s %" G_GINT64_FORMAT, text->len > 0 ? ", " : "", key,
                               value);
    }
}

static void add_amount(GString *text, const char *key, int64_t cents)
{
    char amount[32];
    if (cents > 0) {
        g_string_append_printf(text, "%s%s %s", text->len > 0 ? ", " : "", key,
                               hr_money_format(cents, amount));
    }
}

char *hr_limits_text(const struct hr_limits *limits)
{
    GString *text = g_string_new(NULL);
    add_amount(text, "budget_capex", limits->budget_capex_cents);
    add_amount(text, "budget_tco", limits->budget_tco_cents);
    add_count(text, "rack_units", limits->rack_units);
    if (limits->watts > 0.0) {
        g_string_append_printf(text, "%swatts %.10g", text->len > 0 ? ", " : "", limits->watts);
    }
    add_count(text, "sockets", limits->sockets);
    add_count(text, "hosts_most", limits->hosts_most);
    if (limits->vendor != NULL) {
        g_string_append_printf(text, "%svendor %s", text->len > 0 ? ", " : "", limits->vendor);
    }
    return g_string_free(text, FALSE);
}
