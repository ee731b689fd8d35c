/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "catalog/catalog.h"
#include "catalog/pricebook.h"
#include "check.h"
#include "cost_world.h"

/* ---- the small book of cost_world.h as a file ---- */

static char *write_book(const char *dir)
{
    GString *text = g_string_new("id,book,vendor,item,unit,price,currency,valid_from,valid_to,"
                                 "region,status,source,note\n");
    static const char *const status[] = {"found", "derived", "recalled", "assumed", "quote"};
    for (size_t i = 0; i < N_FACTS; i++) {
        g_string_append_printf(text, "%s,2026,,%s,%s,%s,%s,2026-01,,WW,%s,%s,\n", facts[i].id,
                               facts[i].id, facts[i].unit, facts[i].price,
                               facts[i].is_money ? "USD" : "", status[facts[i].status],
                               facts[i].unit);
    }
    g_string_append(text, "fx-usd-per-eur,2026,,rate,ratio,1.25,,2026-01,,WW,found,bank,\n"
                          "electricity-eu-nonhousehold-kwh,2026,,kwh,kwh,0.20,EUR,2026-01,,EU,"
                          "found,statistics,\n"
                          "admin-hour-eu-loaded,2026,,hour,hour,50,EUR,2026-01,,EU,found,x,\n");
    g_autofree char *folder = g_build_filename(dir, "prices", NULL);
    assert_int_equal(g_mkdir(folder, 0700), 0);
    char *path = g_build_filename(folder, "2026.csv", NULL);
    assert_true(g_file_set_contents(path, text->str, -1, NULL));
    g_string_free(text, TRUE);
    return path;
}

static hr_pricebook *load(const char *dir, const char *const *overlays, const char *currency)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    GError *error = NULL;
    hr_pricebook *book = hr_pricebook_load(dir, NULL, overlays, currency, diag, &error);
    if (book == NULL) {
        hr_diag_print(diag, HR_NOTE, stderr);
        fail_msg("%s", error != NULL ? error->message : "the book has findings");
    }
    return book;
}

static struct hr_cost price(const struct hr_cost_input *input,
                            const struct hr_cost_params *params, const hr_pricebook *book)
{
    struct hr_cost cost = {0};
    GError *error = NULL;
    int64_t least = 0;
    if (!hr_cost_compute(input, params, book, &cost, &error) ||
        !hr_cost_lower_bound(input, params, book, &least, &error)) {
        fail_msg("platform %s, server %s: %s", input->platform->id, input->server->id,
                 error->message);
    }
    assert_true(least > 0 && least <= cost.tco_cents);
    return cost;
}

/* A book gives the same lines as the table it was written from; a quote moves its line alone.
 */
static void book_and_table_agree(void **state)
{
    (void)state;
    g_autofree char *dir = g_dir_make_tmp("cost-XXXXXX", NULL);
    g_autofree char *path = write_book(dir);
    g_autofree char *quote = g_build_filename(dir, "quote.csv", NULL);
    assert_true(
        g_file_set_contents(quote, "id,price,currency\ntest-server,8000,USD\n", -1, NULL));
    const char *overlays[] = {quote, NULL};
    struct world w;
    set_up(&w);
    struct hr_cost table = compute(&w);
    g_autoptr(hr_pricebook) plain = load(dir, NULL, "USD");
    struct hr_cost book = price(&w.input, &w.params, plain);
    assert_int_equal(book.n_lines, table.n_lines);
    for (size_t i = 0; i < book.n_lines; i++) {
        assert_string_equal(book.lines[i].item, table.lines[i].item);
        assert_string_equal(book.lines[i].rule, table.lines[i].rule);
        assert_int_equal(book.lines[i].status, table.lines[i].status);
        assert_int_equal(book.lines[i].amount_cents, table.lines[i].amount_cents);
    }
    g_autoptr(hr_pricebook) quoted = load(dir, overlays, "USD");
    struct hr_cost cheaper = price(&w.input, &w.params, quoted);
    assert_int_equal(line_of(&cheaper, "Server 2x12", 0)->cash_cents, 2400000);
    assert_int_equal(line_of(&cheaper, "Server 2x12", 0)->status, HR_PRICE_QUOTE);
    assert_int_equal(book.tco_cash_cents - cheaper.tco_cash_cents, 3 * 100000 * 12 / 10);
    hr_cost_clear(&table);
    hr_cost_clear(&book);
    hr_cost_clear(&cheaper);
    (void)g_remove(quote);
    (void)g_remove(path);
    g_autofree char *folder = g_build_filename(dir, "prices", NULL);
    (void)g_rmdir(folder);
    (void)g_rmdir(dir);
}

static void euros_are_converted_and_regional(void **state)
{
    (void)state;
    g_autofree char *dir = g_dir_make_tmp("cost-XXXXXX", NULL);
    g_autofree char *path = write_book(dir);
    struct world w;
    set_up(&w);
    g_autoptr(hr_pricebook) book = load(dir, NULL, "EUR");
    struct hr_cost cost = price(&w.input, &w.params, book);
    assert_int_equal(line_of(&cost, "Server 2x12", 0)->cash_cents, 2700000 * 4 / 5);
    assert_int_equal(line_of(&cost, "Administration", 1)->cash_cents, 126 * 5000);
    assert_int_equal(line_of(&cost, "Electricity, hosts", 1)->cash_cents, 264902);
    hr_cost_clear(&cost);
    (void)g_remove(path);
    g_autofree char *folder = g_build_filename(dir, "prices", NULL);
    (void)g_rmdir(folder);
    (void)g_rmdir(dir);
}

/* ---- what is shipped ---- */

static void price_all_memory(const hr_pricebook *book, struct hr_cost_input *input, size_t *n)
{
    struct hr_cost_params params;
    hr_cost_params_default(&params);
    for (size_t i = 0; i < input->server->n_memory; i++) {
        input->memory = input->server->memory[i];
        struct hr_cost cost = price(input, &params, book);
        assert_true(cost.capex_cents > 0 && cost.opex_cents > 0);
        hr_cost_clear(&cost);
        (*n)++;
    }
}

/* No platform, server, memory option or storage of the catalogue asks for a price that the
 * newest book does not have. */
static void shipped_book_prices_the_shipped_catalogue(void **state)
{
    (void)state;
    static const char *const currencies[] = {"USD", "EUR"};
    g_autoptr(hr_diag) diag = hr_diag_new();
    GError *error = NULL;
    g_autoptr(hr_catalog) catalog = hr_catalog_load(NULL, diag, &error);
    assert_non_null(catalog);
    size_t n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(currencies); i++) {
        g_autoptr(hr_pricebook) book = load(NULL, NULL, currencies[i]);
        for (size_t p = 0; p < hr_catalog_n_platforms(catalog); p++) {
            for (size_t s = 0; s < hr_catalog_n_servers(catalog); s++) {
                for (size_t k = 0; k < hr_catalog_n_storages(catalog); k++) {
                    const struct hr_storage *storage = hr_catalog_storage_at(catalog, k);
                    struct hr_cost_input input = {
                        .platform = hr_catalog_platform_at(catalog, p),
                        .server = hr_catalog_server_at(catalog, s),
                        .n_hosts = 3,
                        .storage = storage,
                        .n_disks = hr_storage_disks_for(storage, 10000),
                        .n_guests = 44,
                        .n_windows_guests = 20,
                        .cpu_util_mean = 0.2,
                    };
                    assert_true(input.n_disks > 0);
                    price_all_memory(book, &input, &n);
                }
            }
        }
    }
    print_message("# %zu clusters priced\n", n);
    assert_true(n > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(book_and_table_agree),
        cmocka_unit_test(euros_are_converted_and_regional),
        cmocka_unit_test(shipped_book_prices_the_shipped_catalogue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
