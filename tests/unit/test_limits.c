/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The customer's limits: how they are read, what they exclude, and what is said of them. */
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "check.h"
#include "cost/bill.h"
#include "cost_world.h"
#include "scenario/limits.h"
#include "study/search.h"
#include "study_estate.h"

/* ---- reading ---- */

static void amounts_are_read_to_the_cent(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t cents; /* -1: refused */
    } cases[] = {{"100000", 10000000},
                 {"99999.5", 9999950},
                 {"0.01", 1},
                 {"0.001", -1},
                 {"0", -1},
                 {"-5", -1},
                 {"", -1},
                 {"1e5", -1},
                 {"100,000", -1},
                 {"100000 USD", -1}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t cents = -1;
        assert_int_equal(hr_limits_parse_amount(cases[i].text, &cents), cases[i].cents >= 0);
        assert_int_equal(cents, cases[i].cents);
    }
}

static size_t read_limits(const char *text, struct hr_limits *limits)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_tree) tree = hr_tree_parse(text, strlen(text), "s.yaml", diag);
    assert_non_null(tree);
    hr_limits_read(limits, tree, hr_tree_root(tree), diag);
    return hr_diag_count_severity(diag, HR_FATAL);
}

static void a_map_of_limits_is_read_whole_or_refused(void **state)
{
    (void)state;
    struct hr_limits limits = {0};
    assert_int_equal(read_limits("years: 5\n", &limits), 0);
    assert_false(hr_limits_any(&limits));
    assert_int_equal(
        read_limits("limits: {budget_capex: 120000.50, budget_tco: 3, rack_units: 4,"
                    " watts: 2500, sockets: 1, hosts_most: 6, vendor: Dell}\n",
                    &limits),
        0);
    g_autofree char *text = hr_limits_text(&limits);
    assert_string_equal(text, "budget_capex 120000.50, budget_tco 3.00, rack_units 4, "
                              "watts 2500, sockets 1, hosts_most 6, vendor Dell");
    hr_limits_clear(&limits);
    assert_false(hr_limits_any(&limits));
    static const struct {
        const char *text;
        size_t n_findings;
    } bad[] = {{"limits: [1]\n", 1},
               {"limits: 5\n", 1},
               {"limits: {budget: 5}\n", 1},
               {"limits: {budget_capex: much, budget_tco: 0, rack_units: 0}\n", 3},
               {"limits: {watts: 0.5, sockets: 65, hosts_most: 97}\n", 3}};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct hr_limits none = {0};
        assert_int_equal(read_limits(bad[i].text, &none), bad[i].n_findings);
        hr_limits_clear(&none);
    }
}

/* ---- what clusters ask for ---- */

static void watts_are_those_of_full_load(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_bill bill = {
        .input = &w.input, .params = &w.params, .prices = &w.prices, .is_bound = true};
    double watts = 0.0;
    /* Three hosts of 600 W with eight modules of 5 W more than were measured, an array of 350
     * W, two switches of 150 W. */
    assert_true(hr_bill_watts_max(&bill, &watts, NULL));
    assert_near(watts, 3 * (600 + 8 * 5) + 350 + 2 * 150, 1e-9);
    w.input.storage = NULL;
    assert_true(hr_bill_watts_max(&bill, &watts, NULL));
    assert_near(watts, 3 * (600 + 8 * 5), 1e-9);
    /* Disks in hosts draw in each of them what the storage says of one, and the UPS carries it.
     */
    w.storage.kind = HR_STORAGE_HCI;
    w.storage.watt_price_id = NULL;
    w.input.storage = &w.storage;
    assert_true(hr_bill_watts_max(&bill, &watts, NULL));
    assert_near(watts, 3 * (600 + 8 * 5 + 7) + 2 * 150, 1e-9);
    w.missing = "test-max-watt";
    assert_false(hr_bill_watts_max(&bill, &watts, NULL));
}

static void capital_is_bounded_from_below(void **state)
{
    (void)state;
    struct world w;
    for (int n_hosts = 1; n_hosts <= 12; n_hosts++) {
        for (uint32_t windows = 0; windows <= 40; windows += 8) {
            set_up(&w);
            w.input.n_hosts = n_hosts;
            w.input.n_windows_guests = windows;
            w.input.windows_max = NULL;
            struct hr_cost cost = compute(&w);
            int64_t capex_cents = -1;
            int64_t tco_cents = -1;
            assert_true(hr_cost_lower_bounds_from(&w.input, &w.params, &w.prices, &capex_cents,
                                                  &tco_cents, NULL));
            assert_true(capex_cents > 0 && capex_cents <= cost.capex_cents);
            assert_true(tco_cents <= cost.tco_cents && tco_cents >= capex_cents);
            if (windows == 0) {
                assert_int_equal(capex_cents, cost.capex_cents);
            }
            hr_cost_clear(&cost);
        }
    }
}

/* ---- sizing within them ---- */

static void load(struct estate *e)
{
    memset(e, 0, sizeof *e);
    const char *top = getenv("top_srcdir");
    assert_non_null(top);
    g_autofree char *path = g_build_filename(top, "examples/smb/inventory.csv", NULL);
    estate_read(e, path);
    e->platforms[0] = hr_catalog_platform(e->catalog, "xcpng");
    e->servers[0] = hr_catalog_server(e->catalog, "dell-r6615-1x16");
    e->servers[1] = hr_catalog_server(e->catalog, "dell-r660-2x16");
    e->options = (struct hr_size_options){
        .platforms = e->platforms,
        .servers = e->servers,
        .storage = hr_catalog_storage_at(e->catalog, 0),
        .spare_hosts = 1,
        .days = 1.0,
        .replications = 1,
        .seed = 7,
        .n_threads = 1,
        .service_level = {.slowdown_p95_frac = 0.05, .restart_within_s = 900.0},
        .progress = hr_progress_new(true)};
    hr_cost_params_default(&e->options.cost);
}

static void release(struct estate *e)
{
    hr_progress_free(e->options.progress);
    estate_release(e);
}

static void size(const struct estate *e, struct hr_size_result *out)
{
    GError *error = NULL;
    if (!hr_size(e->guests, e->book, &e->options, out, &error)) {
        fail_msg("%s", error->message);
    }
}

static void assert_says(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", text, part);
    }
}

static void a_limit_that_is_kept_changes_nothing(void **state)
{
    (void)state;
    struct estate e;
    load(&e);
    struct hr_size_result free_of;
    size(&e, &free_of);
    const struct hr_size_answer *a = &free_of.answers[0];
    assert_true(a->feasible);
    e.options.limits = (struct hr_limits){.budget_capex_cents = a->cost.capex_cents,
                                          .budget_tco_cents = a->cost.tco_cents,
                                          .rack_units = a->cluster.n_hosts,
                                          .sockets = a->cluster.server->sockets,
                                          .hosts_most = a->cluster.n_hosts,
                                          .watts = 1e6,
                                          .vendor = (char *)(guintptr) "dELL"};
    struct hr_size_result within;
    size(&e, &within);
    assert_true(within.answers[0].feasible);
    assert_true(hr_same_cluster(&within.answers[0].cluster, &a->cluster));
    assert_int_equal(within.answers[0].cost.tco_cents, a->cost.tco_cents);
    assert_string_equal(within.answers[0].binding, a->binding);
    hr_size_result_clear(&within);
    hr_size_result_clear(&free_of);
    release(&e);
}

/* A cent less than the cheapest cluster costs: nothing is left, and it is the nearest miss. */
static void the_nearest_miss_is_named(void **state)
{
    (void)state;
    struct estate e;
    load(&e);
    struct hr_size_result free_of;
    size(&e, &free_of);
    const struct hr_size_answer *a = &free_of.answers[0];
    e.options.limits.budget_tco_cents = a->cost.tco_cents - 1;
    struct hr_size_result none;
    size(&e, &none);
    assert_false(none.answers[0].feasible);
    char amount[32];
    g_autofree char *cluster = g_strdup_printf("the nearest miss is %d × %s with",
                                               a->cluster.n_hosts, a->cluster.server->name);
    assert_says(none.answers[0].binding, cluster);
    g_autofree char *over =
        g_strdup_printf("total cost of %s is over", hr_money_format(a->cost.tco_cents, amount));
    assert_says(none.answers[0].binding, over);
    for (uint32_t c = 0; c < none.answers[0].n_candidates; c++) {
        assert_true(none.answers[0].candidates[c].verdict != HR_VERDICT_FEASIBLE);
    }
    hr_size_result_clear(&none);
    hr_size_result_clear(&free_of);
    release(&e);
}

/* The dearer server alone is allowed: the answer says what the limit costs, to the cent. */
static void a_limit_that_binds_is_named_with_its_cost(void **state)
{
    (void)state;
    struct estate e;
    load(&e);
    struct hr_size_result free_of;
    size(&e, &free_of);
    const struct hr_size_answer *a = &free_of.answers[0];
    const struct hr_server *cheapest = a->cluster.server;
    assert_int_equal(cheapest->sockets, 1);
    /* A copy of another vendor, dearer by its two sockets, is all that the limit leaves. */
    struct hr_server other = *hr_catalog_server(e.catalog, "dell-r660-2x16");
    other.vendor = (char *)(guintptr) "Other";
    e.servers[1] = &other;
    e.options.limits.vendor = (char *)(guintptr) "other";
    struct hr_size_result limited;
    size(&e, &limited);
    const struct hr_size_answer *b = &limited.answers[0];
    assert_true(b->feasible);
    assert_ptr_equal(b->cluster.server, &other);
    assert_true(b->cost.tco_cents > a->cost.tco_cents);
    char amount[32];
    g_autofree char *less = g_strdup_printf(
        "TCO %s less", hr_money_format(b->cost.tco_cents - a->cost.tco_cents, amount));
    assert_says(b->binding, "a limit binds, vendor: Dell, other is wanted");
    assert_says(b->binding, less);
    for (uint32_t c = 0; c < b->n_candidates; c++) {
        const struct hr_candidate *tried = &b->candidates[c];
        if (tried->cluster.server != &other) {
            assert_int_equal(tried->verdict, HR_VERDICT_EXCLUDED);
            assert_int_equal(tried->replications, 0);
            assert_says(tried->constraint, "vendor: Dell");
        }
    }
    hr_size_result_clear(&limited);
    hr_size_result_clear(&free_of);
    release(&e);
}

/* Each shape limit, one below what the free answer has. */
static void shapes_beyond_a_limit_are_never_the_answer(void **state)
{
    (void)state;
    struct estate e;
    load(&e);
    struct hr_size_result free_of;
    size(&e, &free_of);
    const struct hr_cluster_spec *was = &free_of.answers[0].cluster;
    const struct hr_limits each[] = {
        {.rack_units = was->n_hosts - 1}, {.hosts_most = was->n_hosts - 1}, {.watts = 500.0}};
    static const char *const says[] = {"rack units: ", "hosts: ", "watts: "};
    for (size_t i = 0; i < G_N_ELEMENTS(each); i++) {
        struct hr_size_result limited;
        e.options.limits = each[i];
        size(&e, &limited);
        const struct hr_size_answer *a = &limited.answers[0];
        assert_true(!a->feasible || a->cluster.n_hosts < was->n_hosts);
        assert_says(a->binding, says[i]);
        hr_size_result_clear(&limited);
    }
    hr_size_result_clear(&free_of);
    release(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_read_to_the_cent),
        cmocka_unit_test(a_map_of_limits_is_read_whole_or_refused),
        cmocka_unit_test(watts_are_those_of_full_load),
        cmocka_unit_test(capital_is_bounded_from_below),
        cmocka_unit_test(a_limit_that_is_kept_changes_nothing),
        cmocka_unit_test(the_nearest_miss_is_named),
        cmocka_unit_test(a_limit_that_binds_is_named_with_its_cost),
        cmocka_unit_test(shapes_beyond_a_limit_are_never_the_answer),
    };
    return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
