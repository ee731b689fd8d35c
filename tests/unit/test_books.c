/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped price books: whole, sourced, and computed as they say. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "base/sheet.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/pricebook.h"
#include "check.h"

static const char *const BOOKS[] = {"2008", "2013", "2018", "2026"};

static const char *data_dir(void)
{
    return g_getenv("HEADROOM_DATA");
}

static hr_pricebook *load(const char *book, const char *currency)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_pricebook *loaded = hr_pricebook_load(data_dir(), book, NULL, currency, diag, NULL);
    assert_non_null(loaded);
    for (size_t i = 0; i < hr_diag_count(diag); i++) {
        assert_int_equal(hr_diag_get(diag, i)->severity, HR_NOTE);
    }
    return loaded;
}

static hr_sheet *load_sheet(const char *path)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_sheet *sheet = hr_sheet_load(path, NULL, diag, NULL);
    assert_non_null(sheet);
    assert_int_equal(hr_diag_count(diag), 0);
    return sheet;
}

static hr_sheet *load_book_sheet(const char *book)
{
    g_autofree char *file = g_strconcat(book, ".csv", NULL);
    g_autofree char *path = g_build_filename(data_dir(), "prices", file, NULL);
    return load_sheet(path);
}

static const char *field(const hr_sheet *sheet, size_t row, const char *column)
{
    for (size_t c = 0; c < hr_sheet_columns(sheet); c++) {
        if (strcmp(hr_sheet_header(sheet, c), column) == 0) {
            return hr_sheet_field(sheet, row, c);
        }
    }
    fail_msg("no column %s", column);
    return NULL;
}

/* ---- whole ---- */

static const struct hr_price *priced(const hr_pricebook *book, const char *who, const char *id,
                                     const char *unit)
{
    const struct hr_price *price = id != NULL ? hr_pricebook_get(book, id) : NULL;
    if (price == NULL || strcmp(price->unit, unit) != 0) {
        fail_msg("book %s, %s: no price '%s' per '%s'", hr_pricebook_name(book), who,
                 id != NULL ? id : "", unit);
    }
    return price;
}

static void check_server(const hr_pricebook *book, const struct hr_server *server)
{
    priced(book, server->id, server->price_id, "each");
    const struct hr_price *idle = priced(book, server->id, server->watt_idle_id, "watt");
    const struct hr_price *most = priced(book, server->id, server->watt_max_id, "watt");
    assert_true(0 < idle->price && idle->price < most->price);
    priced(book, server->id,
           server->dimm_watt_id != NULL ? server->dimm_watt_id : "rdimm-ddr5-watt", "watt");
    for (size_t i = 0; i < server->n_memory; i++) {
        g_autofree char *dimm = g_strdup_printf(
            "%s-%dgb", server->memory_id != NULL ? server->memory_id : "ddr5-rdimm",
            server->memory[i].dimm_gib);
        priced(book, server->id, dimm, "each");
    }
}

static void check_storage(const hr_pricebook *book, const struct hr_storage *storage)
{
    if (storage->kind == HR_STORAGE_ARRAY || storage->disk_price_id != NULL) {
        priced(book, storage->id, storage->disk_price_id, "each");
    }
    if (storage->kind == HR_STORAGE_ARRAY) {
        priced(book, storage->id, storage->array_price_id, "each");
    }
    for (size_t i = 0; i < storage->n_addons; i++) {
        const struct hr_storage_addon *addon = &storage->addons[i];
        assert_non_null(hr_pricebook_get(book, addon->price_id));
        if (addon->per == HR_ADDON_PER_TB) {
            priced(book, storage->id, addon->price_id, "tb");
        }
    }
    if (storage->switches > 0) {
        priced(book, storage->id, storage->switch_price_id, "each");
        priced(book, storage->id, storage->switch_watt_price_id, "watt");
    }
    if (storage->nics_per_host > 0) {
        priced(book, storage->id, storage->nic_price_id, "each");
    }
    if (storage->watt_price_id != NULL) {
        priced(book, storage->id, storage->watt_price_id, "watt");
    }
}

static void check_backup(const hr_pricebook *book, const struct hr_backup *backup)
{
    /* What no book has must be said, and what a book has need not. */
    assert_int_equal(hr_pricebook_get(book, backup->price_id) == NULL, backup->is_price_yours);
    if (backup->discount_id != NULL) {
        priced(book, backup->id, backup->discount_id, "ratio");
    }
    if (backup->support_price_id != NULL) {
        priced(book, backup->id, backup->support_price_id, "ratio");
    }
    if (backup->disk_price_id != NULL) {
        priced(book, backup->id, backup->disk_price_id, "each");
    }
    /* What is taken beyond a limit is of the same time. */
    assert_true(backup->beyond_product == NULL ||
                hr_pricebook_get(book, backup->beyond_product->price_id) != NULL);
}

static void check_platform(const hr_pricebook *book, const struct hr_platform *platform)
{
    for (size_t i = 0; i < platform->n_licences; i++) {
        const struct hr_licence *licence = &platform->licences[i];
        assert_non_null(hr_pricebook_get(book, licence->price_id));
        if (licence->support_price_id != NULL) {
            priced(book, platform->id, licence->support_price_id, "ratio");
        }
    }
}

/* What costs ask for whatever is bought, and Windows Server as it was sold then. */
static void check_general(const hr_pricebook *book)
{
    static const char *const general[][2] = {{"electricity-us-commercial-kwh", "kwh"},
                                             {"electricity-eu-nonhousehold-kwh", "kwh"},
                                             {"admin-hour-us-loaded", "hour"},
                                             {"admin-hour-eu-loaded", "hour"},
                                             {"pue-server-room-ratio", "ratio"},
                                             {"hw-maintenance-year-ratio", "ratio"},
                                             {"fx-usd-per-eur", "ratio"}};
    static const char *const windows[][3] = {
        {"2008", "ms-ws2008-standard-each", "each"},
        {"2008", "ms-ws2008-enterprise-each", "each"},
        {"2008", "ms-ws2008-datacenter-processor", "processor"},
        {"2013", "ms-ws2012-standard-pack2proc", "pack2proc"},
        {"2013", "ms-ws2012-datacenter-pack2proc", "pack2proc"},
        {"2018", "ms-ws2016-standard-pack16core", "pack16core"},
        {"2018", "ms-ws2016-datacenter-pack16core", "pack16core"},
        {"2026", "ms-ws2025-standard-pack16core", "pack16core"},
        {"2026", "ms-ws2025-datacenter-pack16core", "pack16core"}};
    for (size_t i = 0; i < G_N_ELEMENTS(general); i++) {
        priced(book, "any cluster", general[i][0], general[i][1]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(windows); i++) {
        if (strcmp(windows[i][0], hr_pricebook_name(book)) == 0) {
            const struct hr_price *price =
                priced(book, "Windows guests", windows[i][1], windows[i][2]);
            assert_true(strcmp(price->valid_from, hr_pricebook_month(book)) <= 0);
        }
    }
}

static void every_book_prices_what_it_sells(void **state)
{
    (void)state;
    for (size_t b = 0; b < G_N_ELEMENTS(BOOKS); b++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        g_autoptr(hr_catalog) catalog = hr_catalog_load_book(data_dir(), BOOKS[b], diag, NULL);
        g_autoptr(hr_pricebook) book = load(BOOKS[b], "USD");
        assert_non_null(catalog);
        size_t n_servers = 0; /* that need not be named */
        size_t n_storages = 0;
        for (size_t i = 0; i < hr_catalog_n_servers(catalog); i++) {
            n_servers += hr_catalog_server_at(catalog, i)->by_name ? 0U : 1U;
        }
        for (size_t i = 0; i < hr_catalog_n_storages(catalog); i++) {
            n_storages += hr_catalog_storage_at(catalog, i)->by_name ? 0U : 1U;
        }
        assert_int_equal(n_servers, 4);
        assert_int_equal(n_storages, 1);
        assert_false(hr_catalog_storage_usual(catalog)->by_name);
        for (size_t i = 0; i < hr_catalog_n_servers(catalog); i++) {
            check_server(book, hr_catalog_server_at(catalog, i));
        }
        for (size_t i = 0; i < hr_catalog_n_storages(catalog); i++) {
            check_storage(book, hr_catalog_storage_at(catalog, i));
        }
        for (size_t i = 0; i < hr_catalog_n_backups(catalog); i++) {
            check_backup(book, hr_catalog_backup_at(catalog, i));
        }
        for (size_t i = 0; i < hr_catalog_n_platforms(catalog); i++) {
            check_platform(book, hr_catalog_platform_at(catalog, i));
        }
        check_general(book);
    }
}

/* Nothing of the past is a candidate of today, and nothing is in no book at all. */
static void a_book_sells_what_is_of_its_time(void **state)
{
    (void)state;
    g_autoptr(hr_diag) diag = hr_diag_new();
    g_autoptr(hr_catalog) today = hr_catalog_load(data_dir(), diag, NULL);
    g_autoptr(hr_catalog) newest = hr_catalog_load_book(data_dir(), "2026", diag, NULL);
    g_autoptr(hr_catalog) past = hr_catalog_load_book(data_dir(), "2008", diag, NULL);
    g_autoptr(hr_catalog) never = hr_catalog_load_book(data_dir(), "1999", diag, NULL);
    assert_int_equal(hr_catalog_n_servers(today), hr_catalog_n_servers(newest));
    for (size_t i = 0; i < hr_catalog_n_servers(today); i++) {
        assert_string_equal(hr_catalog_server_at(today, i)->id,
                            hr_catalog_server_at(newest, i)->id);
        assert_null(strstr(hr_catalog_server_at(today, i)->id, "-g5"));
    }
    for (size_t i = 0; i < hr_catalog_n_servers(past); i++) {
        assert_true(g_str_has_prefix(hr_catalog_server_at(past, i)->id, "hp-dl"));
    }
    assert_string_equal(hr_catalog_storage_usual(today)->id, "array-me5");
    assert_string_equal(hr_catalog_storage_usual(past)->id, "array-fc-2008");
    assert_null(hr_catalog_storage_usual(never));
    assert_int_equal(hr_catalog_n_servers(never), 0);
    /* A scenario may name whatever there is. */
    assert_non_null(hr_catalog_server(today, "hp-dl360-g5-2x4"));
    assert_non_null(hr_catalog_server(past, "dell-r660-2x16"));
    assert_string_equal(hr_catalog_digest(today), hr_catalog_digest(past));
    size_t n_files = 0;
    g_autofree char *folder = g_build_filename(data_dir(), "hosts", NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        n_files += g_str_has_suffix(name, ".yaml") ? 1U : 0U;
    }
    g_dir_close(dir);
    assert_int_equal(n_files, 4 * G_N_ELEMENTS(BOOKS) + 5); /* those by name beside */
    g_autoptr(hr_catalog) all =
        hr_catalog_load_book(data_dir(), HR_CATALOG_EVERY_BOOK, diag, NULL);
    assert_int_equal(hr_catalog_n_servers(all), n_files);
}

/* ---- sourced ---- */

static void every_row_has_its_status_and_origin(void **state)
{
    (void)state;
    for (size_t b = 0; b < G_N_ELEMENTS(BOOKS); b++) {
        g_autoptr(hr_sheet) sheet = load_book_sheet(BOOKS[b]);
        assert_true(hr_sheet_rows(sheet) >= 60);
        for (size_t row = 0; row < hr_sheet_rows(sheet); row++) {
            const char *status = field(sheet, row, "status");
            bool is_read = strcmp(status, "found") == 0 || strcmp(status, "derived") == 0;
            bool has_source = *field(sheet, row, "source") != '\0';
            bool has_reason = has_source || *field(sheet, row, "note") != '\0';
            if (*status == '\0' || !has_reason || (is_read && !has_source) ||
                *field(sheet, row, "item") == '\0' || *field(sheet, row, "region") == '\0') {
                fail_msg("%s.csv:%u: no status, source or reason", BOOKS[b],
                         (unsigned)hr_sheet_row_line(sheet, row));
            }
        }
    }
}

/* Euros and dollars of each book agree at its rate, to half a millionth. */
static void every_book_is_the_same_in_both_currencies(void **state)
{
    (void)state;
    for (size_t b = 0; b < G_N_ELEMENTS(BOOKS); b++) {
        g_autoptr(hr_pricebook) usd = load(BOOKS[b], "USD");
        g_autoptr(hr_pricebook) eur = load(BOOKS[b], "EUR");
        double fx = hr_decimal_to_double(hr_pricebook_get(usd, "fx-usd-per-eur")->price);
        assert_int_equal(hr_pricebook_count(usd), hr_pricebook_count(eur));
        for (size_t i = 0; i < hr_pricebook_count(usd); i++) {
            const struct hr_price *price = hr_pricebook_at(usd, i);
            const struct hr_price *other = hr_pricebook_at(eur, i);
            double rate = *price->currency_original != '\0' ? fx : 1.0;
            assert_near(hr_decimal_to_double(price->price),
                        hr_decimal_to_double(other->price) * rate, 1.2e-6);
        }
    }
}

/* doc/prices.md says how many prices of each book have which status. */
static void the_documentation_counts_right(void **state)
{
    (void)state;
    static const char *const statuses[] = {"found", "derived", "recalled", "assumed"};
    const char *top = g_getenv("top_srcdir");
    g_autofree char *path = g_build_filename(top != NULL ? top : ".", "doc", "prices.md", NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    for (size_t b = 0; b < G_N_ELEMENTS(BOOKS); b++) {
        g_autoptr(hr_sheet) sheet = load_book_sheet(BOOKS[b]);
        size_t n[G_N_ELEMENTS(statuses)] = {0};
        for (size_t row = 0; row < hr_sheet_rows(sheet); row++) {
            for (size_t s = 0; s < G_N_ELEMENTS(statuses); s++) {
                n[s] += strcmp(field(sheet, row, "status"), statuses[s]) == 0 ? 1U : 0U;
            }
        }
        g_autofree char *line =
            g_strdup_printf("| %s | %s-%s | %zu | %zu | %zu | %zu | %zu | ", BOOKS[b], BOOKS[b],
                            strcmp(BOOKS[b], "2026") == 0 ? "09" : "06", hr_sheet_rows(sheet),
                            n[0], n[1], n[2], n[3]);
        if (strstr(text, line) == NULL) {
            fail_msg("doc/prices.md does not say: %s", line);
        }
    }
}

/* ---- computed as it says ---- */

static bool read_number(const char **p, double *out)
{
    char *end = NULL;
    if (!g_ascii_isdigit(**p)) {
        return false;
    }
    *out = g_ascii_strtod(*p, &end);
    *p = end;
    return true;
}

/* " x " and the like: the operator before a further number; 0 when none follows. */
static char read_operator(const char **p)
{
    if ((*p)[0] == ' ' && (*p)[1] != '\0' && strchr("+-x/", (*p)[1]) != NULL &&
        (*p)[2] == ' ' && g_ascii_isdigit((*p)[3])) {
        char op = (*p)[1];
        *p += 3;
        return op;
    }
    return '\0';
}

/* Computes what a text begins with, x and / before + and -.
 * Returns: false when it begins with no computation, or goes on with what is none. */
static bool compute(const char *text, double *out)
{
    const char *p = text;
    double sum = 0.0;
    double term = 0.0;
    double sign = 1.0;
    int n_operators = 0;
    if (!read_number(&p, &term)) {
        return false;
    }
    for (char op = read_operator(&p); op != '\0'; op = read_operator(&p)) {
        double number = 0.0;
        assert_true(read_number(&p, &number));
        n_operators++;
        if (op == 'x') {
            term *= number;
        } else if (op == '/') {
            term /= number;
        } else {
            sum += sign * term;
            sign = op == '+' ? 1.0 : -1.0;
            term = number;
        }
    }
    *out = sum + sign * term;
    bool is_whole = *p == '\0' || *p == ':' || *p == ',' || *p == ';' ||
                    g_str_has_prefix(p, " (") || g_str_has_prefix(p, " per ");
    return n_operators > 0 && is_whole;
}

static void computes_as_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
        bool is_computed;
    } rows[] = {
        {"4611 - 4 x 75: text", 4311.0, true},
        {"1176 / 8", 147.0, true},
        {"185 / 2 + 275 / 2", 230.0, true},
        {"882 - 156 (US Open)", 726.0, true},
        {"3 + 2 x 5", 13.0, true},
        {"16 x 9 per GB", 144.0, true},
        {"64 x ddr5", 0.0, false},
        {"4250 of February", 0.0, false},
        {"thisismydemo", 0.0, false},
        {"7", 0.0, false},
        {"10 - 2 - 3", 5.0, true},
        {"469 less 2 x (205 - 85) W", 0.0, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        double value = 0.0;
        assert_int_equal(compute(rows[i].text, &value), rows[i].is_computed);
        if (rows[i].is_computed) {
            assert_near(value, rows[i].value, 1e-9);
        }
    }
}

/* A computation stands at the start of a source or after a colon. */
static bool computation_of(const char *source, double *out)
{
    g_auto(GStrv) parts = g_strsplit(source, ": ", -1);
    for (size_t i = 0; parts[i] != NULL; i++) {
        if (compute(parts[i], out)) {
            return true;
        }
    }
    return false;
}

/* 0.5 of "78", 0.005 of "46.54". */
static double half_of_last_digit(const char *price)
{
    const char *point = strchr(price, '.');
    return point == NULL ? 0.5 : 0.5 * pow(10.0, -(double)strlen(point + 1));
}

static void computed_prices_come_out_as_their_sources_say(void **state)
{
    (void)state;
    int n_computed = 0;
    for (size_t b = 0; b < G_N_ELEMENTS(BOOKS); b++) {
        g_autoptr(hr_sheet) sheet = load_book_sheet(BOOKS[b]);
        for (size_t row = 0; row < hr_sheet_rows(sheet); row++) {
            double price = 0.0;
            double value = 0.0;
            bool is_derived = strcmp(field(sheet, row, "status"), "derived") == 0;
            assert_true(hr_parse_double(field(sheet, row, "price"), &price));
            bool is_computed = computation_of(field(sheet, row, "source"), &value);
            n_computed += is_computed ? 1 : 0;
            /* What is derived is off by its rounding alone: half of its last digit. What is
             * assumed is rounded to what a list would show. */
            double most =
                is_derived ? half_of_last_digit(field(sheet, row, "price")) : 0.01 * price;
            if ((is_derived && !is_computed) ||
                (is_computed && fabs(value - price) > most + 1e-9 * price)) {
                fail_msg("%s.csv:%u: %s is %.10g, its source computes %.10g", BOOKS[b],
                         (unsigned)hr_sheet_row_line(sheet, row), field(sheet, row, "id"),
                         price, value);
            }
        }
    }
    assert_true(n_computed >= 30);
}

/* ---- the facts they were made of ---- */

static char *facts_path(void)
{
    const char *shared = g_getenv("HR_SHARED");
    return shared != NULL
               ? g_build_filename(shared, "data", "prices", "pricebook-facts.csv", NULL)
               : NULL;
}

static bool has_row(const hr_sheet *book, const hr_sheet *facts, size_t fact)
{
    static const char *const same[] = {"id",         "unit",     "price",  "currency",
                                       "valid_from", "valid_to", "region", "status"};
    for (size_t row = 0; row < hr_sheet_rows(book); row++) {
        size_t n = 0;
        while (n < G_N_ELEMENTS(same) &&
               strcmp(field(book, row, same[n]), field(facts, fact, same[n])) == 0) {
            n++;
        }
        if (n == G_N_ELEMENTS(same)) {
            return true;
        }
    }
    return false;
}

static void every_known_fact_is_in_its_book(void **state)
{
    (void)state;
    g_autofree char *path = facts_path();
    if (path == NULL || !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        return; /* main() has named it a skipped test */
    }
    g_autoptr(hr_sheet) facts = load_sheet(path);
    size_t n = 0;
    for (size_t b = 0; b < G_N_ELEMENTS(BOOKS); b++) {
        g_autoptr(hr_sheet) book = load_book_sheet(BOOKS[b]);
        for (size_t row = 0; row < hr_sheet_rows(facts); row++) {
            if (strcmp(field(facts, row, "book"), BOOKS[b]) == 0) {
                n++;
                if (!has_row(book, facts, row)) {
                    fail_msg("%s from %s is not in the book %s as it was found",
                             field(facts, row, "id"), field(facts, row, "valid_from"),
                             BOOKS[b]);
                }
            }
        }
    }
    assert_int_equal(n, hr_sheet_rows(facts));
}

/* ---- memory over the years ---- */

static double per_gb(const hr_pricebook *book, const char *id, double gb)
{
    return hr_decimal_to_double(priced(book, "memory", id, "each")->price) / gb;
}

static void memory_is_dear_again_and_the_book_says_why(void **state)
{
    (void)state;
    g_autoptr(hr_pricebook) y2008 = load("2008", "USD");
    g_autoptr(hr_pricebook) y2013 = load("2013", "USD");
    g_autoptr(hr_pricebook) y2018 = load("2018", "USD");
    g_autoptr(hr_pricebook) y2026 = load("2026", "USD");
    assert_true(per_gb(y2008, "ddr2-fbdimm-4gb", 4) > 3 * per_gb(y2013, "ddr3-rdimm-16gb", 16));
    assert_true(per_gb(y2026, "ddr5-rdimm-64gb", 64) >
                3 * per_gb(y2018, "ddr4-rdimm-32gb", 32));
    const struct hr_price *rise =
        priced(y2026, "the reason", "dram-contract-rise-ratio", "ratio");
    assert_int_equal(rise->status, HR_PRICE_FOUND);
    assert_non_null(strstr(rise->source, "TrendForce"));
    assert_non_null(strstr(rise->note, "why memory is dear"));
    assert_non_null(
        strstr(hr_pricebook_get(y2026, "ddr5-rdimm-64gb")->note, "dram-contract-rise-ratio"));
}

int main(void)
{
    g_autofree char *path = facts_path();
    bool has_facts = path != NULL && g_file_test(path, G_FILE_TEST_IS_REGULAR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_book_prices_what_it_sells),
        cmocka_unit_test(a_book_sells_what_is_of_its_time),
        cmocka_unit_test(every_row_has_its_status_and_origin),
        cmocka_unit_test(every_book_is_the_same_in_both_currencies),
        cmocka_unit_test(the_documentation_counts_right),
        cmocka_unit_test(computes_as_written),
        cmocka_unit_test(computed_prices_come_out_as_their_sources_say),
        {has_facts ? "every_known_fact_is_in_its_book"
                   : "every_known_fact_is_in_its_book # SKIP no facts, set HR_SHARED",
         every_known_fact_is_in_its_book, NULL, NULL, NULL},
        cmocka_unit_test(memory_is_dear_again_and_the_book_says_why),
    };
    return cmocka_run_group_tests_name("books", tests, NULL, NULL);
}
