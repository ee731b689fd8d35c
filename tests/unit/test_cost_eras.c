/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cluster of each price book, with Windows Server as it was counted then. */
#include <string.h>

#include <glib.h>

#include "catalog/catalog.h"
#include "catalog/pricebook.h"
#include "check.h"
#include "cost/cost.h"

static const uint32_t MOST[] = {7, 7, 6};

struct era {
    const char *book;
    const char *server;
    uint32_t n_windows;
    const char *edition;
    const char *price_id; /* of the line of Windows Server */
    double units;
};

static const struct era eras[] = {
    /* 7 + 7 + 6 = 20 guests: 20 x 999, 2 + 2 + 2 licences of four x 3999, 6 processors x 2999.
     */
    {"2008", "hp-dl360-g5-2x4", 20, "Datacenter", "ms-ws2008-datacenter-processor", 6},
    {"2008", "hp-dl585-g5-4x4", 20, "Standard", "ms-ws2008-standard-each", 20},
    /* 4 + 4 + 3 sets x 882 = 9702 against 3 x 4809; four processors are two licences a set. */
    {"2013", "dell-r720-2x8", 20, "Standard", "ms-ws2012-standard-pack2proc", 11},
    {"2013", "dell-r320-1x6", 20, "Standard", "ms-ws2012-standard-pack2proc", 11},
    /* 11 sets of 20 cores = 220: 13 packs of 16 and 6 of 2; 60 cores of Datacenter are dearer.
     */
    {"2018", "dell-r640-2x10", 20, "Standard", "ms-ws2016-standard-pack16core", 13},
    {"2026", "dell-r6615-1x16", 20, "Standard", "ms-ws2025-standard-pack16core", 11},
};

struct world {
    hr_catalog *catalog;
    hr_pricebook *book;
    struct hr_platform platform;
};

static void world_load(struct world *w, const char *name, const char *currency)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    *w = (struct world){.platform = {.id = "any", .name = "any", .windows_host_licence = true}};
    w->catalog = hr_catalog_load_book(g_getenv("HEADROOM_DATA"), name, diag, NULL);
    w->book = hr_pricebook_load(g_getenv("HEADROOM_DATA"), name, NULL, currency, diag, NULL);
    assert_non_null(w->catalog);
    assert_non_null(w->book);
}

static void world_clear(struct world *w)
{
    hr_catalog_free(w->catalog);
    hr_pricebook_free(w->book);
}

static struct hr_cost_input input_of(const struct world *w, const struct hr_server *server)
{
    const struct hr_storage *storage = hr_catalog_storage_at(w->catalog, 0);
    return (struct hr_cost_input){.platform = &w->platform,
                                  .server = server,
                                  .memory = server->memory[0],
                                  .n_hosts = 3,
                                  .storage = storage,
                                  .n_disks = storage->disks_min,
                                  .n_guests = 24,
                                  .n_windows_guests = 20,
                                  .windows_max = MOST,
                                  .cpu_util_mean = 0.2};
}

static const struct hr_cost_line *line_of(const struct hr_cost *cost, const char *price_id)
{
    for (size_t i = 0; i < cost->n_lines; i++) {
        if (strcmp(cost->lines[i].price_id, price_id) == 0) {
            return &cost->lines[i];
        }
    }
    return NULL;
}

static void windows_counts_as_it_was_sold(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(eras); i++) {
        const struct era *era = &eras[i];
        struct world w;
        world_load(&w, era->book, "USD");
        struct hr_cost_input input = input_of(&w, hr_catalog_server(w.catalog, era->server));
        struct hr_cost_params params;
        struct hr_cost cost = {0};
        GError *error = NULL;
        hr_cost_params_default(&params);
        if (!hr_cost_compute(&input, &params, w.book, &cost, &error)) {
            fail_msg("%s: %s", era->book, error->message);
        }
        const struct hr_cost_line *line = line_of(&cost, era->price_id);
        if (line == NULL || strcmp(cost.windows_edition, era->edition) != 0 ||
            fabs(hr_decimal_to_double(line->units) - era->units) > 1e-9) {
            fail_msg("book %s, %s: %s, %s", era->book, era->server, cost.windows_edition,
                     line != NULL ? line->rule : "no such line");
        }
        /* Modules are of the server's own kind. */
        g_autofree char *dimm = g_strdup_printf(
            "%s-%dgb", input.server->memory_id != NULL ? input.server->memory_id : "ddr5-rdimm",
            input.memory.dimm_gib);
        assert_non_null(line_of(&cost, dimm));
        hr_cost_clear(&cost);
        world_clear(&w);
    }
}

static void assert_bounded(const struct world *w, const struct hr_cost_input *input)
{
    struct hr_cost_params params;
    struct hr_cost cost = {0};
    int64_t least = 0;
    GError *error = NULL;
    hr_cost_params_default(&params);
    if (!hr_cost_compute(input, &params, w->book, &cost, &error) ||
        !hr_cost_lower_bound(input, &params, w->book, &least, &error)) {
        fail_msg("book %s, server %s: %s", hr_pricebook_name(w->book), input->server->id,
                 error->message);
    }
    assert_true(0 < least && least <= cost.tco_cents);
    hr_cost_clear(&cost);
}

/* Every server of every book, with every population, has a price, and none below its bound. */
static void everything_sold_has_a_price_above_its_bound(void **state)
{
    (void)state;
    static const char *const books[] = {"2008", "2013", "2018", "2026"};
    static const char *const currencies[] = {"USD", "EUR"};
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(books); i++) {
        struct world w;
        world_load(&w, books[i / 2], currencies[i % 2]);
        w.platform.admin_h_per_host_year = 16;
        for (size_t s = 0; s < hr_catalog_n_servers(w.catalog); s++) {
            struct hr_cost_input input = input_of(&w, hr_catalog_server_at(w.catalog, s));
            for (size_t m = 0; m < input.server->n_memory; m++) {
                for (int variant = 0; variant < 6; variant++) {
                    static const uint32_t none[] = {0, 0, 0};
                    input.memory = input.server->memory[m];
                    w.platform.windows_host_licence = variant % 2 == 0;
                    input.n_windows_guests = variant < 4 ? 20 : 0;
                    input.windows_max = variant < 2 ? NULL : variant < 4 ? MOST : none;
                    assert_bounded(&w, &input);
                }
            }
        }
        world_clear(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_counts_as_it_was_sold),
        cmocka_unit_test(everything_sold_has_a_price_above_its_bound),
    };
    return cmocka_run_group_tests_name("cost eras", tests, NULL, NULL);
}
