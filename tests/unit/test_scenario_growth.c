/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario's guests out of an inventory, grown to the end of the horizon, and a cluster that
 * admits only so much. */
#include "check.h"
#include "scenario_text.h"
#include "study/simulate.h"

static int load_catalog(void **state)
{
    *state = shipped_catalog();
    return 0;
}

static int free_catalog(void **state)
{
    hr_catalog_free(*state);
    return 0;
}

static char *estate_path(void)
{
    const char *top = g_getenv("top_srcdir");
    g_autofree char *path =
        g_build_filename(top != NULL ? top : "..", "examples", "smb", "inventory.csv", NULL);
    return g_canonicalize_filename(path, NULL);
}

static struct hr_scenario_file *of_estate(const hr_catalog *catalog, const char *run)
{
    g_autofree char *path = estate_path();
    g_autofree char *text = g_strdup_printf(
        "platform: vsphere\nrun: {hours: 1, %s}\n"
        "cluster: {hosts: 3, server: dell-r660-2x16, dimm_gib: 32, dimms: 16}\ninventory: %s\n",
        run, path);
    return sound(catalog, text);
}

/* Oracle: the inventory read as a sizing reads it. */
static void an_inventory_is_taken_as_a_sizing_takes_it(void **state)
{
    const hr_catalog *catalog = *state;
    struct hr_scenario_file *file = of_estate(catalog, "seed: 1");
    g_autofree char *path = estate_path();
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_inventory_options options = {0};
    struct hr_inventory *inventory = hr_inventory_load(path, &options, diag, NULL);
    struct hr_guests_options how = {.powered_off = HR_OFF_STORAGE,
                                    .reference_mhz = HR_REFERENCE_MHZ};
    struct hr_guests *guests = hr_guests_new(inventory, catalog, &how, diag, NULL);
    hr_guests_tune_dynamic(guests, hr_catalog_storage_at(catalog, 0)->latency_ms / 1000.0, 0.05,
                           diag);
    assert_int_equal(file->guests->n_running, guests->n_running);
    assert_int_equal(file->n_today, guests->n_running);
    assert_near(file->guests->disk_gib, guests->disk_gib, 0.0);
    for (uint32_t g = 0; g < guests->n_running; g++) {
        assert_same_guest(&file->guests->items[g], &guests->items[g]);
    }
    assert_int_equal(strlen(file->inventory_digest), 64);
    assert_reads_back(catalog, file);
    hr_guests_free(guests);
    hr_inventory_free(inventory);
    hr_scenario_file_free(file);
}

static void growth_makes_the_guests_of_the_end(void **state)
{
    const hr_catalog *catalog = *state;
    static const struct {
        const char *run;
        double growth_pct, demand;
        int years;
    } cases[] = {{"growth_pct: 10, years: 3", 10.0, 0.0, 3},
                 {"growth_pct: 7.5", 7.5, 0.0, 5},
                 {"growth_pct: 0, years: 9", 0.0, 0.0, 9},
                 {"demand_growth_pct: 10, years: 2", 0.0, 1.21, 2}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct hr_scenario_file *file = of_estate(catalog, cases[i].run);
        uint32_t n = file->n_today;
        assert_int_equal(file->guests->n_running,
                         n + hr_growth_guests(n, cases[i].growth_pct, 12.0 * cases[i].years));
        assert_near(file->scenario.demand_factor, cases[i].demand, 1e-12);
        assert_int_equal(file->years, cases[i].years);
        assert_reads_back(catalog, file); /* what is written needs no growth any more */
        hr_scenario_file_free(file);
    }
}

/* Demand by hand is each copy's own. */
static void guests_by_hand_grow_too(void **state)
{
    struct hr_scenario_file *file =
        sound(*state,
              "platform: vsphere\nrun: {hours: 1, growth_pct: 100, years: 1}\n"
              "cluster: {hosts: 1, memory_mib: 16384, cores: 4}\nguests:\n"
              "  - {name: a, vcpus: 1, memory_mib: 1024, commit_mib: 500, restart_at_s: 60}\n");
    assert_int_equal(file->n_today, 1);
    assert_int_equal(file->guests->n_running, 2);
    const struct hr_scenario_guest *a = &file->guests->items[0], *b = &file->guests->items[1];
    assert_string_equal(b->name, "a +1");
    assert_true(a->demand != b->demand && a->restarts_s != b->restarts_s);
    assert_near(b->demand[0].commit_mib, 500.0, 0.0);
    assert_near(b->restarts_s[0], 60.0, 0.0);
    hr_scenario_file_free(file);
}

/* Eight guests of 2 GiB on three hosts of 8 GiB, of which one fails. */
static void limited(const hr_catalog *catalog, double limit, uint32_t *n_refused,
                    uint32_t *n_not_restarted)
{
    g_autofree char *text = g_strdup_printf(
        "platform: vsphere\nrun: {hours: 1, failure_tail_h: 2, spare_hosts: 1}\n"
        "cluster: {hosts: 3, memory_mib: 8192, cores: 8, overcommit_limit: %.3f}\nguests:\n"
        "  - {name: a, count: 8, vcpus: 1, memory_mib: 2048, commit_mib: 300, priority: "
        "high}\n",
        limit);
    struct hr_scenario_file *file = sound(catalog, text);
    struct hr_simulate_options options = {.n_threads = 1};
    struct hr_simulate_result result;
    assert_true(hr_simulate(file, &options, &result, NULL));
    *n_refused = result.platforms[0].runs[0].n_refused;
    *n_not_restarted = result.platforms[0].runs[0].n_not_restarted;
    hr_simulate_result_clear(&result);
    hr_scenario_file_free(file);
}

/* Oracle: a host holds floor(limit * 8 / 2) guests; the failed host's go to the other two. */
static void a_host_admits_up_to_the_limit(void **state)
{
    static const double limits[] = {0.25, 0.5, 0.75, 1.0, 1.25, 2.0};
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        uint32_t room = (uint32_t)(limits[i] * 4.0 + 1e-9);
        uint32_t runs = MIN(8, 3 * room);
        uint32_t refused = 0, lost = 0;
        limited(*state, limits[i], &refused, &lost);
        assert_int_equal(refused, 8 - runs);
        assert_int_equal(lost, runs > 2 * room ? runs - 2 * room : 0);
    }
}

static void contradictions_are_refused(void **state)
{
    static const struct refusal refusals[] = {
        {"platform: vsphere\ncluster: {hosts: 1, memory_mib: 8192, cores: 1}\n"
         "inventory: nowhere.csv\n",
         3, 12, "there is no "},
        {"platform: vsphere\ncluster: {hosts: 1, memory_mib: 8192, cores: 1}\n"
         "inventory: x.csv\nguests: []\n",
         3, 12, "either 'guests' or 'inventory'"},
        {"platform: vsphere\ncluster: {hosts: 1, memory_mib: 8192, cores: 1}\n"
         "inventory: [x]\n",
         3, 12, "the name of a file"},
        {"run: {demand_factor: 2, demand_growth_pct: 3}\n", 1, 22, "not both"},
        {"run: {growth_pct: 201}\n", 1, 19, "outside 0 to 200"},
        {"run: {years: 0}\n", 1, 14, "outside 1 to 15"},
        {"cluster: {overcommit_limit: 0}\n", 1, 29, "outside 0.01 to 1000"},
        {"cluster: {overcommit_limt: 1}\n", 1, 11, "did you mean 'overcommit_limit'"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        assert_refused(*state, &refusals[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_inventory_is_taken_as_a_sizing_takes_it),
        cmocka_unit_test(growth_makes_the_guests_of_the_end),
        cmocka_unit_test(guests_by_hand_grow_too),
        cmocka_unit_test(a_host_admits_up_to_the_limit),
        cmocka_unit_test(contradictions_are_refused),
    };
    return cmocka_run_group_tests_name("scenario growth", tests, load_catalog, free_catalog);
}
