/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The present hosts: which processors they have, what is read and assumed of them, and that
 * what is there already is not bought. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "catalog/processor.h"
#include "check.h"
#include "cost_world.h"
#include "study/keep.h"
#include "study/search.h"
#include "study_estate.h"

/* ---- processors ---- */

static hr_processors *load_processors(void)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    GError *error = NULL;
    hr_processors *loaded = hr_processors_load(NULL, diag, &error);
    if (loaded == NULL) {
        hr_diag_print(diag, HR_NOTE, stderr);
        fail_msg("%s", error != NULL ? error->message : "findings");
    }
    return loaded;
}

static void models_are_told_by_their_names(void **state)
{
    (void)state;
    static const struct {
        const char *model;
        const char *id; /* NULL: none */
    } models[] = {
        {"Intel(R) Xeon(R) CPU           E5405  @ 2.00GHz", "core"},
        {"Intel(R) Xeon(R) CPU           X5550  @ 2.67GHz", "nehalem"},
        {"Intel(R) Xeon(R) CPU           X5670  @ 2.93GHz", "westmere"},
        {"Intel(R) Xeon(R) CPU E7- 4870  @ 2.40GHz", "westmere"},
        {"Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz", "sandy-bridge"},
        {"Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz", "ivy-bridge"},
        {"Intel(R) Xeon(R) CPU E5-2630L v2 @ 2.40GHz", "ivy-bridge"},
        {"Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz", "haswell"},
        {"Intel(R) Xeon(R) CPU E7-8890 v3 @ 2.50GHz", "haswell"},
        {"Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz", "broadwell"},
        {"Intel(R) Xeon(R) CPU D-1541 @ 2.10GHz", "broadwell"},
        {"Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", "skylake"},
        {"Intel(R) Xeon(R) Silver 4114 CPU @ 2.20GHz", "skylake"},
        {"Intel(R) Xeon(R) Silver 4215 CPU @ 2.40GHz", "cascade-lake"},
        {"Intel(R) Xeon(R) Gold 6226R CPU @ 2.90GHz", "cascade-lake"},
        {"Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", "ice-lake"},
        {"Intel(R) Xeon(R) Silver 4410Y", "sapphire-rapids"},
        {"INTEL(R) XEON(R) GOLD 6542Y", "emerald-rapids"},
        {"AMD Opteron(tm) Processor 2356", "k10"},
        {"AMD Opteron(tm) Processor 6276", "bulldozer"},
        {"AMD EPYC 7351P 16-Core Processor", "zen"},
        {"AMD EPYC 7402P 24-Core Processor", "zen2"},
        {"AMD EPYC 7543 32-Core Processor", "zen3"},
        {"AMD EPYC 9354P 32-Core Processor", "zen4"},
        {"AMD EPYC 9455P 48-Core Processor", "zen5"},
        {"CPU A @ 2.4 GHz", NULL},
        {"", NULL},
        {"Intel(R) Core(TM) i7-9700 CPU @ 3.00GHz", NULL},
    };
    g_autoptr(hr_processors) processors = load_processors();
    for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
        const struct hr_processor *p = hr_processors_of_model(processors, models[i].model);
        const char *id = p != NULL ? p->id : "none";
        const char *expected = models[i].id != NULL ? models[i].id : "none";
        if (strcmp(id, expected) != 0) {
            fail_msg("\"%s\" is taken for %s, not %s", models[i].model, id, expected);
        }
    }
}

static void old_processors_are_not_supported(void **state)
{
    (void)state;
    static const struct {
        const char *platform;
        const char *book;
        const char *generation;
        bool is_supported;
    } cases[] = {{"vsphere", "2026", "haswell", false},
                 {"vsphere", "2026", "broadwell", true},
                 {"vsphere", "2018", "haswell", true},
                 {"vcf", "2026", "bulldozer", false},
                 {"vcf", "2026", "zen", true},
                 {"hyperv-static", "2026", "core", false},
                 {"hyperv-static", "2026", "nehalem", true},
                 {"xcpng", "2026", "core", true}};
    g_autoptr(hr_processors) processors = load_processors();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct hr_processor *p = hr_processors_get(processors, cases[i].generation);
        assert_non_null(p);
        g_autofree char *why =
            hr_processors_unsupported(processors, cases[i].platform, cases[i].book, p);
        if ((why == NULL) != cases[i].is_supported) {
            fail_msg("%s on %s in %s: %s", cases[i].generation, cases[i].platform,
                     cases[i].book, why != NULL ? why : "supported");
        }
        assert_true(why == NULL || (strstr(why, p->name) != NULL && strstr(why, "recalled")));
    }
}

/* Every generation names what the catalogue and the newest book have. */
static void generations_fit_the_catalogue(void **state)
{
    (void)state;
    g_autoptr(hr_processors) processors = load_processors();
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_catalog *catalog = hr_catalog_load(NULL, diag, NULL);
    assert_non_null(catalog);
    g_autofree char *ids = hr_processors_ids(processors);
    g_auto(GStrv) all = g_strsplit(ids, ", ", -1);
    assert_true(g_strv_length(all) >= 15);
    for (char **id = all; *id != NULL; id++) {
        const struct hr_processor *p = hr_processors_get(processors, *id);
        assert_non_null(p);
        assert_non_null(hr_catalog_storage(catalog, p->storage));
        assert_int_equal(p->slots_per_socket % p->channels_per_socket, 0);
        /* Of the servers of the catalogue that have such processors, the same is said. */
        const struct hr_server *server =
            strcmp(*id, "skylake") == 0        ? hr_catalog_server(catalog, "dell-r640-2x16")
            : strcmp(*id, "sandy-bridge") == 0 ? hr_catalog_server(catalog, "dell-r720-2x8")
            : strcmp(*id, "zen4") == 0         ? hr_catalog_server(catalog, "dell-r7615-1x32")
                                               : NULL;
        if (server != NULL) {
            assert_near(p->perf_factor, server->perf_factor, 0);
            assert_int_equal(p->channels_per_socket, server->channels_per_socket);
            assert_int_equal(p->slots_per_socket, server->slots_per_socket);
            assert_int_equal(p->threads_per_core, server->threads_per_core);
        }
    }
    hr_catalog_free(catalog);
}

/* ---- what is there is not bought ---- */

static int64_t cash_of(const struct hr_cost *cost, enum hr_cost_category category)
{
    int64_t cents = 0;
    for (size_t i = 0; i < cost->n_lines; i++) {
        cents += cost->lines[i].category == category ? cost->lines[i].cash_cents : 0;
    }
    return cents;
}

static void all_kept_costs_nothing_but_its_upkeep(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost_kept kept = {3, 16, true, true};
    w.input.kept = &kept;
    struct hr_cost cost = compute(&w);
    /* What remains to be bought are the perpetual licences of the second product: 6 × 1000. */
    assert_int_equal(cost.capex_cash_cents, 600000);
    assert_int_equal(cash_of(&cost, HR_COST_SERVER) + cash_of(&cost, HR_COST_MEMORY) +
                         cash_of(&cost, HR_COST_STORAGE) + cash_of(&cost, HR_COST_NETWORK) +
                         cash_of(&cost, HR_COST_GUEST_OS),
                     0);
    /* Five years: a tenth of three servers of 9000; 8 % of the array, twelve disks of 1600 and
     * two switches of 6500. */
    int64_t hosts = 5 * 270000;
    int64_t storage = 5 * (1400000 + 12 * 160000 + 2 * 650000) * 8 / 100;
    assert_int_equal(cash_of(&cost, HR_COST_SUPPORT), hosts + storage);
    assert_int_equal(line_of(&cost, "Maintenance, present hosts", 1)->cash_cents, 270000);
    hr_cost_clear(&cost);
}

static void one_more_host_is_bought_alone(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost_kept kept = {3, 16, true, true};
    w.input.kept = &kept;
    struct hr_cost three = compute(&w);
    w.input.n_hosts = 4;
    struct hr_cost four = compute(&w);
    /* A server, sixteen modules, two cards, two sockets of the second product; and the Windows
     * licences of one host that may hold ten guests, as for a cluster of one. */
    assert_int_equal(cash_of(&four, HR_COST_SERVER), 900000);
    assert_int_equal(cash_of(&four, HR_COST_MEMORY), 16 * 200000);
    assert_int_equal(cash_of(&four, HR_COST_NETWORK), 2 * 45000);
    assert_int_equal(cash_of(&four, HR_COST_STORAGE), 0);
    struct hr_cost_kept none = {0};
    w.input.kept = &none;
    w.input.n_hosts = 1;
    struct hr_cost single = compute(&w);
    assert_int_equal(cash_of(&four, HR_COST_GUEST_OS), cash_of(&single, HR_COST_GUEST_OS));
    /* Nothing kept is the same as nothing said. */
    w.input.kept = NULL;
    struct hr_cost plain = compute(&w);
    assert_int_equal(plain.tco_cents, single.tco_cents);
    /* The new host has its warranty, the present ones have none. */
    assert_int_equal(line_of(&four, "Maintenance, present hosts", 1)->cash_cents, 270000);
    hr_cost_clear(&three);
    hr_cost_clear(&four);
    hr_cost_clear(&single);
    hr_cost_clear(&plain);
}

static void added_modules_are_bought_alone(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost_kept kept = {3, 12, true, true};
    w.input.kept = &kept;
    struct hr_cost cost = compute(&w);
    assert_int_equal(cash_of(&cost, HR_COST_MEMORY), INT64_C(3) * 4 * 200000);
    assert_int_equal(cash_of(&cost, HR_COST_SERVER), 0);
    int64_t capex = 0;
    int64_t bound_cents = 0;
    assert_true(
        hr_cost_lower_bounds_from(&w.input, &w.params, &w.prices, &capex, &bound_cents, NULL));
    assert_true(bound_cents <= cost.tco_cents);
    assert_int_equal(capex, cost.capex_cents);
    hr_cost_clear(&cost);
}

/* ---- hosts of an inventory ---- */

static struct hr_inventory_host hosts_of_fixture[] = {
    {(char *)(guintptr) "a", (char *)(guintptr) "C",
     (char *)(guintptr) "Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz", 2, 24, 2500, 262000},
    {(char *)(guintptr) "b", (char *)(guintptr) "C",
     (char *)(guintptr) "Intel(R) Xeon(R) CPU E5-2680 v3 @ 2.50GHz", 2, 24, 2494, 131000}};

struct read_hosts {
    hr_diag *diag;
    hr_catalog *catalog;
    hr_pricebook *book;
    struct hr_inventory inventory;
    struct hr_keep_given given;
};

static void read_set_up(struct read_hosts *r)
{
    memset(r, 0, sizeof *r);
    r->diag = hr_diag_new();
    r->catalog = hr_catalog_load_book(NULL, NULL, r->diag, NULL);
    r->book = hr_pricebook_load(hr_catalog_dir(r->catalog), NULL, NULL, "USD", r->diag, NULL);
    assert_non_null(r->book);
    r->inventory.dialect = (char *)(guintptr) "rvtools";
    r->inventory.hosts = hosts_of_fixture;
    r->inventory.n_hosts = G_N_ELEMENTS(hosts_of_fixture);
}

static void read_clear(struct read_hosts *r)
{
    hr_pricebook_free(r->book);
    hr_catalog_free(r->catalog);
    hr_diag_free(r->diag);
}

static struct hr_keep *read_keep(struct read_hosts *r, GError **error)
{
    return hr_keep_new(&r->inventory, &r->given, r->catalog, r->book, r->diag, error);
}

static void hosts_that_differ_count_as_the_least(void **state)
{
    (void)state;
    struct read_hosts r;
    read_set_up(&r);
    struct hr_keep *keep = read_keep(&r, NULL);
    assert_non_null(keep);
    assert_int_equal(keep->n_hosts, 2);
    assert_int_equal(keep->server.sockets, 2);
    assert_int_equal(keep->server.cores_per_socket, 12);
    assert_near(keep->server.mhz, 2494, 0);
    assert_near(keep->memory_mib, 131000, 0);
    assert_string_equal(keep->generation->id, "haswell");
    assert_string_equal(keep->server.memory_id, "ddr4-rdimm");
    /* 128 GiB over eight channels: one module of 16 GiB each. */
    assert_int_equal(keep->memory.dimm_gib, 16);
    assert_int_equal(keep->memory.n_dimms, 8);
    assert_int_equal(keep->n_slots, 24);
    hr_keep_free(keep);
    /* What the map says wins. */
    r.given = (struct hr_keep_given){.hosts = 4,
                                     .memory_gib = 256,
                                     .dimm_gib = 32,
                                     .dimms = 8,
                                     .slots = 16,
                                     .processor = (char *)(guintptr) "skylake"};
    keep = read_keep(&r, NULL);
    assert_non_null(keep);
    assert_int_equal(keep->n_hosts, 4);
    assert_near(keep->memory_mib, 256 * 1024, 0);
    assert_int_equal(keep->memory.dimm_gib * keep->memory.n_dimms, 256);
    assert_string_equal(keep->generation->id, "skylake");
    hr_keep_free(keep);
    read_clear(&r);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    static const struct {
        struct hr_keep_given given;
        const char *says;
    } cases[] = {
        {{0}, "hosts, sockets, cores_per_socket, mhz, memory_gib"},
        {{.hosts = 2, .sockets = 2, .cores_per_socket = 8, .memory_gib = 64}, ": mhz"},
        {{.hosts = 2, .sockets = 2, .cores_per_socket = 8, .mhz = 2000, .memory_gib = 64},
         "core, nehalem"},
        {{.hosts = 2,
          .sockets = 2,
          .cores_per_socket = 8,
          .mhz = 2000,
          .memory_gib = 64,
          .processor = (char *)(guintptr) "haswell",
          .like = (char *)(guintptr) "no-such"},
         "no-such"},
        {{.hosts = 2,
          .sockets = 2,
          .cores_per_socket = 8,
          .mhz = 2000,
          .memory_gib = 64,
          .processor = (char *)(guintptr) "haswell",
          .platform = (char *)(guintptr) "no-such"},
         "no-such"},
        {{.hosts = 2,
          .sockets = 2,
          .cores_per_socket = 8,
          .mhz = 2000,
          .memory_gib = 64,
          .dimm_gib = 4,
          .dimms = 16,
          .slots = 8,
          .processor = (char *)(guintptr) "haswell"},
         "do not fit into the 8 slots"},
    };
    struct read_hosts r;
    read_set_up(&r);
    r.inventory.n_hosts = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        r.given = cases[i].given;
        assert_null(read_keep(&r, &error));
        assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_USAGE));
        if (strstr(error->message, cases[i].says) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", error->message, cases[i].says);
        }
        g_clear_error(&error);
    }
    read_clear(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_are_told_by_their_names),
        cmocka_unit_test(old_processors_are_not_supported),
        cmocka_unit_test(generations_fit_the_catalogue),
        cmocka_unit_test(all_kept_costs_nothing_but_its_upkeep),
        cmocka_unit_test(one_more_host_is_bought_alone),
        cmocka_unit_test(added_modules_are_bought_alone),
        cmocka_unit_test(hosts_that_differ_count_as_the_least),
        cmocka_unit_test(what_is_missing_is_named),
    };
    return cmocka_run_group_tests_name("keep", tests, NULL, NULL);
}
