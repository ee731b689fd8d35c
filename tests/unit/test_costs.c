/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map costs of a scenario: what it says is taken over, what is wrong in it is all told. */
#include <string.h>

#include <glib.h>

#include "check.h"
#include "scenario/costs.h"

/* Reads text as the map itself. Returns: the number of findings, which diag holds. */
static size_t read(const char *text, struct hr_costs *costs, hr_diag *diag)
{
    g_autoptr(hr_tree) tree = hr_tree_parse(text, strlen(text), "dir/s.yaml", diag);
    assert_non_null(tree);
    hr_costs_init(costs);
    hr_costs_read(costs, tree, hr_tree_root(tree), diag);
    return hr_diag_count(diag);
}

static void takes_over_what_it_says(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_costs c;
    assert_int_equal(
        read("currency: EUR\n"
             "space: colocation\n"
             "ups: yes\n"
             "rack: true\n"
             "cabling: no\n"
             "ups_watt: 1350\n"
             "array_rack_units: 4\n"
             "switch_rack_units: 3\n"
             "ups_rack_units: 5\n"
             "effort: [patching, backup]\n"
             "migration_days: 12.5\n"
             "migration_tools: yes\n"
             "trainings: 3\n"
             "downtime: {cost_per_min: {high: 5, low: 0.123456}, failures_per_host_year: 0.5,\n"
             "  planned_min_per_guest_year: 30}\n"
             "shortfall_per_min: 0.05\n"
             "residual_pct: -2.5\n"
             "depreciation_years: {server: 3, licence: 6}\n"
             "backup: [one, two:7]\n"
             "retention_days: 14\n"
             "change_pct: 3\n"
             "users: 60\n"
             "lines:\n"
             "- {item: A, per: core, count: 0.5, price: 1973.25, due: yearly}\n"
             "- {item: B, category: guest_os, per: user, price_id: cal, due: monthly}\n",
             &c, diag),
        0);
    assert_string_equal(c.currency, "EUR");
    assert_int_equal(c.space, HR_SPACE_COLOCATION);
    assert_true(c.has_ups && c.has_rack && !c.has_cabling);
    assert_near(c.ups_watt, 1350, 0);
    assert_int_equal(c.array_rack_units * 100 + c.switch_rack_units * 10 + c.ups_rack_units,
                     435);
    assert_true(!c.has_monitoring && c.has_patching && c.has_backup_effort);
    assert_near(c.migration_days, 12.5, 0);
    assert_true(c.has_migration_tools);
    assert_int_equal(c.trainings, 3);
    assert_true(c.has_downtime && c.failures_are_given);
    assert_near(c.failures_per_host_year, 0.5, 0);
    assert_near(c.planned_min_per_guest_year, 30, 0);
    assert_int_equal(c.down_per_min[HR_PRIORITY_HIGH], 5000000);
    assert_int_equal(c.down_per_min[HR_PRIORITY_MEDIUM], 0);
    assert_int_equal(c.down_per_min[HR_PRIORITY_LOW], 123456);
    assert_int_equal(c.shortfall_per_min, 50000);
    assert_near(c.residual_pct, -2.5, 0);
    assert_int_equal(c.server_life_years, 3);
    assert_int_equal(c.network_life_years, 5);
    assert_int_equal(c.licence_life_years, 6);
    assert_int_equal(g_strv_length(c.backup), 2);
    assert_string_equal(c.backup[1], "two:7");
    assert_near(c.retention_days, 14, 0);
    assert_near(c.change_pct, 3, 0);
    assert_int_equal(c.n_own, 2);
    assert_int_equal(c.own[0].category, HR_COST_APPLICATION);
    assert_int_equal(c.own[0].per, HR_OWN_CORE);
    assert_int_equal(c.own[0].due, HR_OWN_YEARLY);
    assert_int_equal(c.own[0].count, 500000);
    assert_int_equal(c.own[0].price, 1973250000);
    assert_null(c.own[0].price_id);
    assert_string_equal(c.own[1].price_id, "cal");
    assert_int_equal(c.own[1].category, HR_COST_GUEST_OS);
    assert_int_equal(c.own[1].per, HR_OWN_USER);
    assert_int_equal(c.own[1].due, HR_OWN_MONTHLY);
    assert_string_equal(c.own[1].where, "s.yaml:25");
    assert_string_equal(c.file, "s.yaml");
    assert_false(hr_costs_have_tax(&c));
    hr_costs_clear(&c);
}

static void one_tax_for_what_is_bought_or_one_each(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_costs c;
    assert_int_equal(read("tax_pct: 19.5\n", &c, diag), 0);
    for (int k = 0; k < HR_COST__COUNT; k++) {
        bool is_bought = k != HR_COST_LABOUR && k != HR_COST_RISK && k != HR_COST_TAX;
        assert_int_equal(c.tax_pct[k], is_bought ? 19500000 : 0);
    }
    assert_true(hr_costs_have_tax(&c));
    hr_costs_clear(&c);
    assert_int_equal(read("tax_pct: {labour: 7, guest_os: 0}\n", &c, diag), 0);
    for (int k = 0; k < HR_COST__COUNT; k++) {
        assert_int_equal(c.tax_pct[k], k == HR_COST_LABOUR ? 7000000 : 0);
    }
    hr_costs_clear(&c);
    assert_false(hr_costs_have_tax(NULL));
}

static void tells_all_that_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *finding; /* what one of them says */
    } rows[] = {
        {"upps: yes\n", "upps"},
        {"ups: maybe\n", "ups"},
        {"currency: DM\n", "DM"},
        {"space: cellar\n", "cellar"},
        {"effort: monitoring\n", "list of monitoring"},
        {"effort: [thinking]\n", "thinking"},
        {"migration_days: -1\n", "migration_days"},
        {"downtime: yes\n", "'downtime' is a map"},
        {"downtime: {failures_per_host_year: 1}\n", "cost_per_min"},
        {"downtime: {cost_per_min: {highest: 1}}\n", "highest"},
        {"downtime: {cost_per_min: {high: 1.1234567}}\n", "at most six decimals"},
        {"shortfall_per_min: -1\n", "shortfall_per_min"},
        {"residual_pct: 101\n", "residual_pct"},
        {"tax_pct: 101\n", "from 0 to 100"},
        {"tax_pct: {tax: 1}\n", "tax"},
        {"tax_pct: [19]\n", "'tax_pct' is a map"},
        {"depreciation_years: {server: 0}\n", "server"},
        {"backup: veeam\n", "list of names"},
        {"backup: []\n", "list of names"},
        {"retention_days: x\n", "retention_days"},
        {"change_pct: 101\n", "change_pct"},
        {"lines: {}\n", "list of maps"},
        {"lines: [x]\n", "a line is a map"},
        {"lines:\n- {price: 1}\n", "item"},
        {"lines:\n- {item: a}\n", "either 'price' or 'price_id'"},
        {"lines:\n- {item: a, price: 1, price_id: b}\n", "either 'price' or 'price_id'"},
        {"lines:\n- {item: a, price: one}\n", "'price' is a number"},
        {"lines:\n- {item: a, price: 1, per: user}\n", "needs 'users'"},
        {"lines:\n- {item: a, price: 1, per: phase}\n", "phase"},
        {"lines:\n- {item: a, price: 1, due: never}\n", "never"},
        {"lines:\n- {item: a, price: 1, category: tax}\n", "tax"},
        {"lines:\n- {item: a, price: 1, colour: red}\n", "colour"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        struct hr_costs c;
        if (read(rows[i].text, &c, diag) != 1 ||
            strstr(hr_diag_get(diag, 0)->text, rows[i].finding) == NULL ||
            hr_diag_get(diag, 0)->severity != HR_FATAL || hr_diag_get(diag, 0)->line == 0) {
            fail_msg("%s: %zu findings, \"%s\"", rows[i].text, hr_diag_count(diag),
                     hr_diag_count(diag) > 0 ? hr_diag_get(diag, 0)->text : "");
        }
        hr_costs_clear(&c);
    }
    /* Not only the first. */
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_costs c;
    assert_int_equal(
        read("ups: maybe\ntax_pct: 101\nusers: 0\nlines:\n- {item: a}\n- {price: 1}\n", &c,
             diag),
        5);
    hr_costs_clear(&c);
}

static void every_category_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < HR_COST__COUNT; i++) {
        const char *name = hr_cost_category_name((enum hr_cost_category)i);
        assert_true(name != NULL && *name != '\0');
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(name, hr_cost_category_name((enum hr_cost_category)k));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_over_what_it_says),
        cmocka_unit_test(one_tax_for_what_is_bought_or_one_each),
        cmocka_unit_test(tells_all_that_is_wrong),
        cmocka_unit_test(every_category_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests_name("costs", tests, NULL, NULL);
}
