/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Storage that is not one array: pools over hosts, disks of single hosts, mirrored pairs and
 * what is bought beside disks; and what a storage machine takes of every host. */
#include <math.h>
#include <string.h>

#include <glib.h>

#include "catalog/catalog.h"
#include "check.h"
#include "cost/cost.h"
#include "cost_world.h"
#include "scenario/scenario.h"

/* GiB of a disk of 1.073741824 TB. */
static const double DISK_GIB = 1000.0;
static const double DISK_TB = 1.073741824;

/* ---- how many disks ---- */

static void pools_hold_each_copy_without_one_host(void **state)
{
    (void)state;
    static const struct {
        int copies, n_hosts;
        double gib;
        int disks; /* of all hosts */
    } rows[] = {
        /* 2 hosts × 1000 GiB × 1 disk for data once; for two copies twice the disks. */
        {1, 3, 2000, 3 * 2}, /* the least is two */
        {1, 3, 4000, 3 * 2}, {2, 3, 4000, 3 * 4}, {2, 3, 4001, 3 * 5},
        {3, 4, 4000, 4 * 4}, {2, 5, 4000, 5 * 2}, {2, 2, 10, 0}, /* fewer hosts than it takes */
        {2, 3, 8000, 3 * 8}, {2, 3, 8001, 0}, /* nine disks do not fit into a host */
        {2, 4, 8001, 4 * 6}, {2, 3, 0, 3 * 2},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct hr_storage storage = {.kind = HR_STORAGE_HCI,
                                     .copies = rows[i].copies,
                                     .hosts_min = 3,
                                     .disk_tb = DISK_TB,
                                     .disks_min = 2,
                                     .disks_max = 8,
                                     .disks_group = 1};
        assert_int_equal(hr_storage_disks_on(&storage, rows[i].gib, rows[i].n_hosts),
                         rows[i].disks);
    }
}

/* What so many disks hold: the most that asks for no more of them, by halving. */
static double most_gib(const struct hr_storage *storage, int n_hosts, int n_disks)
{
    double fits = 0.0;
    double too_much = 1e6;
    while (too_much - fits > 0.001) {
        double middle = (fits + too_much) / 2.0;
        int needed = hr_storage_disks_on(storage, middle, n_hosts);
        if (needed > 0 && needed <= n_disks) {
            fits = middle;
        } else {
            too_much = middle;
        }
    }
    return fits;
}

static void a_second_copy_halves_what_disks_hold(void **state)
{
    (void)state;
    struct hr_storage storage = {.kind = HR_STORAGE_HCI,
                                 .copies = 1,
                                 .hosts_min = 3,
                                 .disk_tb = DISK_TB,
                                 .disks_min = 1,
                                 .disks_max = 12,
                                 .headroom_frac = 0.25};
    double once = most_gib(&storage, 4, 4 * 12);
    assert_near(once, 3 * 12 * DISK_GIB * 0.75, 0.01);
    for (int copies = 2; copies <= 3; copies++) {
        storage.copies = copies;
        assert_near(most_gib(&storage, 4, 4 * 12), once / copies, 0.01);
    }
}

static void local_disks_hold_each_hosts_share(void **state)
{
    (void)state;
    struct hr_storage storage = {.kind = HR_STORAGE_LOCAL,
                                 .disk_tb = DISK_TB,
                                 .disks_min = 4,
                                 .disks_max = 8,
                                 .parity_disks = 2};
    assert_int_equal(hr_storage_disks_on(&storage, 6000, 3), 3 * 4);
    assert_int_equal(hr_storage_disks_on(&storage, 6001, 3), 3 * 5);
    assert_int_equal(hr_storage_disks_on(&storage, 18000, 3), 3 * 8);
    assert_int_equal(hr_storage_disks_on(&storage, 18001, 3), 0);
    assert_int_equal(hr_storage_disks_on(&storage, 18001, 4), 4 * 7);
    assert_int_equal(hr_storage_arrays(&storage, 12), 0);
}

/* A pair is two of what one array would be, for any data. */
static void a_pair_doubles_arrays_and_disks(void **state)
{
    (void)state;
    struct hr_storage one = {.disk_tb = DISK_TB,
                             .disks_min = 6,
                             .disks_max = 24,
                             .disks_group = 2,
                             .parity_disks = 2,
                             .spare_disks = 1,
                             .iops_per_disk = 100,
                             .read_frac = 1.0,
                             .raid_write_penalty = 4};
    struct hr_storage pair = one;
    pair.copies = 2;
    for (double gib = 0; gib < 100000; gib += 777) {
        int disks = hr_storage_disks_on(&one, gib, 3);
        int of_both = hr_storage_disks_on(&pair, gib, 3);
        assert_int_equal(of_both, 2 * disks);
        assert_int_equal(hr_storage_arrays(&pair, of_both), 2 * hr_storage_arrays(&one, disks));
        /* Reads go to both, spares of each stand still. */
        assert_near(hr_storage_iops(&pair, of_both), 2 * hr_storage_iops(&one, disks), 1e-9);
    }
}

/* ---- as the catalogue reads it ---- */

static void copies_and_addons_enter_the_penalty(void **state)
{
    const hr_catalog *catalog = *state;
    const struct hr_storage *plain = hr_catalog_storage(catalog, "array-p2000-g3");
    const struct hr_storage *logged = hr_catalog_storage(catalog, "array-p2000-g3-virsto");
    const struct hr_storage *pair = hr_catalog_storage(catalog, "3par-7200-pair");
    const struct hr_storage *pool = hr_catalog_storage(catalog, "nutanix-nx");
    assert_near(plain->raid_write_penalty, 4.0, 0.0);
    assert_near(logged->raid_write_penalty, 4.0 * 0.3, 1e-12);
    assert_near(logged->latency_ms, plain->latency_ms * 0.8, 1e-12);
    assert_near(pair->raid_write_penalty, 4.0 * 2, 0.0);
    assert_near(pool->raid_write_penalty, 1.0 * 2, 0.0);
    assert_true(pair->round_trip_ms > 0.0);
    /* More of the same disks' operations are left for guests. */
    assert_true(hr_storage_iops(logged, 24) > 1.5 * hr_storage_iops(plain, 24));
    assert_int_equal(pair->n_addons, 2);
}

static void platforms_stand_on_their_storage(void **state)
{
    const hr_catalog *catalog = *state;
    const struct hr_platform *vsphere = hr_catalog_platform(catalog, "vsphere");
    const struct hr_storage *local = hr_catalog_storage(catalog, "local-ssd");
    struct hr_platform on_array =
        hr_platform_on_storage(vsphere, hr_catalog_storage(catalog, "array-me5"));
    assert_true(on_array.has_ha && on_array.has_live_migration && on_array.has_balancing);
    assert_near(on_array.manual_restart_s, vsphere->manual_restart_s, 0.0);
    struct hr_platform on_local = hr_platform_on_storage(vsphere, local);
    assert_false(on_local.has_ha || on_local.has_live_migration || on_local.has_balancing);
    assert_near(on_local.manual_restart_s, local->restore_h * 3600.0, 0.0);
    static const char *const nutanix[] = {"nutanix-ahv", "nutanix-esxi", "nutanix-hyperv"};
    for (size_t i = 0; i < G_N_ELEMENTS(nutanix); i++) {
        const struct hr_platform *platform = hr_catalog_platform(catalog, nutanix[i]);
        const struct hr_storage *storage = hr_catalog_storage(catalog, platform->storage);
        assert_int_equal(storage->kind, HR_STORAGE_HCI);
        assert_int_equal(storage->copies, 2);
        assert_int_equal(platform->io_path, HR_IO_CONTROLLER);
        assert_int_equal(platform->storage_layout, HR_LAYOUT_DISTRIBUTED);
        assert_true(platform->by_name);
    }
}

/* What the controller machine has, guests of the same host have not. */
static void a_controller_takes_memory_and_processors(void **state)
{
    const hr_catalog *catalog = *state;
    static const char *const pairs[][2] = {{"nutanix-esxi", "vsphere-5"},
                                           {"nutanix-hyperv", "hyperv-2012r2"}};
    const struct hr_server *node = hr_catalog_server(catalog, "nutanix-nx-3350");
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        const struct hr_platform *with = hr_catalog_platform(catalog, pairs[i][0]);
        const struct hr_platform *without = hr_catalog_platform(catalog, pairs[i][1]);
        assert_near(with->controller_mib, 16384.0, 0.0);
        for (double mib = 65536.0; mib <= 524288.0; mib *= 2.0) {
            assert_near(hr_platform_hypervisor_mib(with, mib),
                        hr_platform_hypervisor_mib(without, mib) + 16384.0, 1e-6);
        }
        assert_near(hr_platform_capacity_mhz(with, node),
                    hr_platform_capacity_mhz(without, node) - with->controller_mhz, 1e-6);
    }
}

/* ---- what it costs ---- */

static int64_t cash_of(const struct hr_cost *cost, enum hr_cost_category category)
{
    int64_t cents = 0;
    for (size_t i = 0; i < cost->n_lines; i++) {
        cents += cost->lines[i].category == category ? cost->lines[i].cash_cents : 0;
    }
    return cents;
}

static void pairs_and_pools_are_priced(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost array = compute(&w);
    /* 14000 and 12 × 1600 */
    assert_int_equal(cash_of(&array, HR_COST_STORAGE), 3320000);
    hr_cost_clear(&array);
    w.storage.copies = 2;
    w.input.n_disks = 24;
    struct hr_cost pair = compute(&w);
    assert_int_equal(cash_of(&pair, HR_COST_STORAGE), 2 * 3320000);
    assert_int_equal(line_of(&pair, "Array", 0)->units, 2 * HR_DECIMAL_ONE);
    hr_cost_clear(&pair);
    set_up(&w);
    w.storage.kind = HR_STORAGE_HCI;
    w.storage.copies = 2;
    w.storage.array_price_id = NULL;
    w.storage.watt_price_id = NULL; /* 7 W of each host's disks */
    struct hr_cost pool = compute(&w);
    assert_int_equal(cash_of(&pool, HR_COST_STORAGE), 12 * 160000);
    assert_string_equal(line_of(&pool, "test-disk", 0)->rule, "3 hosts × 4 = 12 disks");
    /* (3 × 7 + 2 × 150) W × PUE 1.8 × 8.76 */
    assert_near(
        hr_decimal_to_double(line_of(&pool, "Electricity, storage and switches", 1)->units),
        321 * 1.8 * 8.76, 1e-6);
    hr_cost_clear(&pool);
    w.storage.disk_price_id = NULL; /* in the servers' price */
    struct hr_cost included = compute(&w);
    assert_int_equal(cash_of(&included, HR_COST_STORAGE), 0);
    hr_cost_clear(&included);
}

static void addons_are_counted_by_what_they_are_for(void **state)
{
    (void)state;
    static const struct {
        enum hr_addon_per per;
        double units;
    } rows[] = {{HR_ADDON_PER_CLUSTER, 1},
                {HR_ADDON_PER_HOST, 3},
                {HR_ADDON_PER_ARRAY, 2},
                {HR_ADDON_PER_TB, 47}}; /* 12 × 3.84 = 46.08 */
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct world w;
        set_up(&w);
        struct hr_storage_addon addon = {.name = "Add-on",
                                         .price_id = "test-socket",
                                         .per = rows[i].per,
                                         .support_year_frac = 0.2};
        w.storage.addons = &addon;
        w.storage.n_addons = 1;
        w.storage.copies = 2;
        w.storage.disk_tb = 3.84;
        struct hr_cost bought = compute(&w);
        assert_near(hr_decimal_to_double(line_of(&bought, "Add-on", 0)->units), rows[i].units,
                    1e-9);
        assert_int_equal(line_of(&bought, "Add-on", 0)->category, HR_COST_STORAGE);
        assert_near(hr_decimal_to_double(line_of(&bought, "Add-on, support", 5)->units),
                    rows[i].units * 0.2, 1e-6);
        assert_true(bound(&w) <= bought.tco_cents);
        hr_cost_clear(&bought);
        addon.yearly = true;
        addon.support_year_frac = 0.0;
        struct hr_cost rented = compute(&w);
        for (int year = 1; year <= 5; year++) {
            assert_int_equal(line_of(&rented, "Add-on", year)->cash_cents,
                             (int64_t)rows[i].units * 100000);
        }
        hr_cost_clear(&rented);
        w.missing = "test-socket";
        struct hr_cost none = {0};
        GError *error = NULL;
        assert_false(hr_cost_compute_from(&w.input, &w.params, &w.prices, &none, &error));
        assert_non_null(strstr(error->message, "storage storage, Add-on"));
        g_error_free(error);
    }
}

/* A subscription for guests stands in for their licences, and is not bought without guests. */
static void covered_windows_guests_need_no_licence(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.licence[0].covers_windows_guests = true;
    struct hr_cost covered = compute(&w);
    assert_int_equal(cash_of(&covered, HR_COST_GUEST_OS), 0);
    assert_null(covered.windows_edition);
    assert_non_null(line_of(&covered, "Foundation", 1));
    assert_true(bound(&w) <= covered.tco_cents);
    int64_t with = cash_of(&covered, HR_COST_PLATFORM);
    hr_cost_clear(&covered);
    w.input.n_windows_guests = 0;
    struct hr_cost none = compute(&w);
    /* 3 hosts × 2 sockets × 16 cores for five years */
    assert_int_equal(with - cash_of(&none, HR_COST_PLATFORM), 96 * 5 * 19000);
    hr_cost_clear(&none);
}

static int load_catalog(void **state)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_catalog *catalog = hr_catalog_load(NULL, diag, NULL);
    *state = catalog;
    return catalog != NULL ? 0 : -1;
}

static int free_catalog(void **state)
{
    hr_catalog_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pools_hold_each_copy_without_one_host),
        cmocka_unit_test(a_second_copy_halves_what_disks_hold),
        cmocka_unit_test(local_disks_hold_each_hosts_share),
        cmocka_unit_test(a_pair_doubles_arrays_and_disks),
        cmocka_unit_test(copies_and_addons_enter_the_penalty),
        cmocka_unit_test(platforms_stand_on_their_storage),
        cmocka_unit_test(a_controller_takes_memory_and_processors),
        cmocka_unit_test(pairs_and_pools_are_priced),
        cmocka_unit_test(addons_are_counted_by_what_they_are_for),
        cmocka_unit_test(covered_windows_guests_need_no_licence),
    };
    return cmocka_run_group_tests_name("storage", tests, load_catalog, free_catalog);
}
