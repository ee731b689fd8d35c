/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "catalog/pricebook.h"
#include "check.h"

#define HEADER                                                                                 \
    "id,book,vendor,item,unit,price,currency,valid_from,valid_to,region,status,source,note\n"

/* A data folder of its own with price books in it. */
struct world {
    char *dir;
    hr_diag *diag;
    GError *error;
};

static int world_new(void **state)
{
    struct world *w = g_new0(struct world, 1);
    w->dir = g_dir_make_tmp("headroom-XXXXXX", NULL);
    w->diag = hr_diag_new();
    g_autofree char *prices = g_build_filename(w->dir, "prices", NULL);
    *state = w;
    return g_mkdir(prices, 0700);
}

static int world_free(void **state)
{
    struct world *w = *state;
    g_autofree char *prices = g_build_filename(w->dir, "prices", NULL);
    GDir *dir = g_dir_open(prices, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(prices, name, NULL);
        g_remove(path);
    }
    g_dir_close(dir);
    g_rmdir(prices);
    g_rmdir(w->dir);
    g_clear_error(&w->error);
    hr_diag_free(w->diag);
    g_free(w->dir);
    g_free(w);
    return 0;
}

/* Owner: the caller. */
static char *write_file(const struct world *w, const char *name, const char *text)
{
    char *path = g_build_filename(w->dir, "prices", name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static hr_pricebook *load(struct world *w, const char *book, const char *overlay,
                          const char *currency)
{
    const char *overlays[] = {overlay, NULL};
    return hr_pricebook_load(w->dir, book, overlay != NULL ? overlays : NULL, currency, w->diag,
                             &w->error);
}

static void assert_price(const hr_pricebook *book, const char *id, const char *expected)
{
    char text[24];
    const struct hr_price *price = hr_pricebook_get(book, id);
    if (expected == NULL) {
        assert_null(price);
        return;
    }
    assert_non_null(price);
    assert_string_equal(hr_decimal_format(price->price, text), expected);
}

/* The findings as "FILE:LINE: severity text", one a line; FILE without its folder. */
static char *findings(const struct world *w)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < hr_diag_count(w->diag); i++) {
        const struct hr_finding *f = hr_diag_get(w->diag, i);
        g_autofree char *file = g_path_get_basename(f->file);
        g_string_append_printf(out, "%s:%u: %s: %s\n", file, (unsigned)f->line,
                               hr_severity_name(f->severity), f->text);
    }
    return g_string_free(out, FALSE);
}

static void takes_the_row_of_the_month(void **state)
{
    struct world *w = *state;
    /* now: valid in the month; ends: until and with the month; begins: from the month on;
     * later: the earliest of the later ones; past: history. Rows stand in no order. */
    static const char rows[] = "later,%s,,,each,3,USD,2029-01,,US,found,s,\n"
                               "now,%s,,,each,1,USD,2001-01,2002-12,US,found,s,\n"
                               "now,%s,,,each,2,USD,2003-01,,US,found,s,\n"
                               "ends,%s,,,each,4,USD,2001-01,%s,US,found,s,\n"
                               "begins,%s,,,each,5,USD,%s,,US,found,s,\n"
                               "later,%s,,,each,2,USD,2028-01,2028-12,US,found,s,\n"
                               "later,%s,,,each,1,USD,2001-01,2001-12,US,found,s,\n"
                               "past,%s,,,each,1,USD,2001-01,2002-12,US,found,s,\n";
    static const struct {
        const char *book;
        const char *month;
    } books[] = {{"2008", "2008-06"}, {"2018", "2018-06"}, {"2026", "2026-09"}};
    for (size_t i = 0; i < G_N_ELEMENTS(books); i++) {
        const char *b = books[i].book;
        const char *m = books[i].month;
        g_autofree char *body = g_strdup_printf(rows, b, b, b, b, m, b, m, b, b, b);
        g_autofree char *text = g_strconcat(HEADER, body, NULL);
        g_autofree char *name = g_strconcat(b, ".csv", NULL);
        g_free(write_file(w, name, text));
        g_autoptr(hr_pricebook) book = load(w, b, NULL, "USD");
        assert_non_null(book);
        assert_string_equal(hr_pricebook_name(book), b);
        assert_string_equal(hr_pricebook_month(book), m);
        assert_price(book, "now", "2");
        assert_price(book, "ends", "4");
        assert_price(book, "begins", "5");
        assert_price(book, "later", "2");
        assert_price(book, "past", NULL);
        assert_int_equal(hr_pricebook_count(book), 4);
        for (size_t k = 1; k < hr_pricebook_count(book); k++) {
            assert_true(strcmp(hr_pricebook_at(book, k - 1)->id, hr_pricebook_at(book, k)->id) <
                        0);
        }
    }
    g_autoptr(hr_pricebook) newest = load(w, NULL, NULL, "USD");
    assert_string_equal(hr_pricebook_name(newest), "2026");
    /* While a book is the newest of its folder, it is today's. */
    g_autofree char *text = findings(w);
    assert_string_equal(text,
                        "2008.csv:0: note: 1 of 4 prices begin after 2008-06: there is none of "
                        "that month, the earliest is taken\n"
                        "2018.csv:0: note: 1 of 4 prices begin after 2018-06: there is none of "
                        "that month, the earliest is taken\n"
                        "2026.csv:0: note: 1 of 4 prices begin after 2026-09: there is none of "
                        "that month, the earliest is taken\n"
                        "2026.csv:0: note: 1 of 4 prices begin after 2026-09: there is none of "
                        "that month, the earliest is taken\n");
}

static void says_that_a_book_is_of_the_past(void **state)
{
    struct world *w = *state;
    g_free(write_file(w, "2008.csv", HEADER "a,2008,,,each,1,USD,2008-01,,US,found,s,\n"));
    g_free(write_file(w, "2026.csv", HEADER "a,2026,,,each,2,USD,2026-01,,US,found,s,\n"));
    g_autofree char *newest = hr_pricebook_newest(w->dir, NULL);
    assert_string_equal(newest, "2026");
    g_autoptr(hr_pricebook) past = load(w, "2008", NULL, "USD");
    assert_price(past, "a", "1");
    assert_int_equal(hr_diag_count(w->diag), 1);
    assert_int_equal(hr_diag_get(w->diag, 0)->severity, HR_NOTE);
    assert_string_equal(hr_diag_get(w->diag, 0)->text,
                        "the price book '2008' is not today's: the newest is '2026'");
    g_autoptr(hr_pricebook) today = load(w, "2026", NULL, "USD");
    assert_price(today, "a", "2");
    assert_int_equal(hr_diag_count(w->diag), 1);
    /* A year without a book names those that there are. */
    assert_null(load(w, "2013", NULL, "USD"));
    assert_non_null(strstr(w->error->message, "there is no price book '2013' (2008, 2026)"));
}

static void of_several_overlays_the_last_wins(void **state)
{
    struct world *w = *state;
    g_free(write_file(w, "2026.csv",
                      HEADER "rack,2026,,,each,1,USD,2026-01,,US,found,s,\n"
                             "ups,2026,,,each,2,USD,2026-01,,US,found,s,\n"
                             "switch,2026,,,each,3,USD,2026-01,,US,found,s,\n"));
    g_autofree char *first = write_file(w, "first.csv",
                                        "id,price,currency,valid_from,valid_to\n"
                                        "rack,10,USD,,\nups,20,USD,,\n"
                                        "swich,30,USD,,\n"
                                        "switch,40,USD,2027-01,\n");
    g_autofree char *second = write_file(w, "second.csv", "id,price,currency\nups,21,USD\n");
    const char *overlays[] = {first, second, NULL};
    g_autoptr(hr_pricebook) book =
        hr_pricebook_load(w->dir, NULL, overlays, "USD", w->diag, &w->error);
    assert_non_null(book);
    assert_price(book, "rack", "10");
    assert_price(book, "ups", "21");
    assert_price(book, "switch", "40");
    g_autofree char *text = findings(w);
    assert_string_equal(text,
                        "first.csv:4: note: 'swich' is not in the book: nothing may ask for "
                        "it; did you mean 'switch'?\n"
                        "first.csv:5: note: 'switch' begins in 2027-01, after the book's month "
                        "2026-09, and is taken\n");
    const char *turned[] = {second, first, NULL};
    g_autoptr(hr_pricebook) other =
        hr_pricebook_load(w->dir, NULL, turned, "USD", w->diag, &w->error);
    assert_price(other, "ups", "20");
    assert_string_not_equal(hr_pricebook_digest(book), hr_pricebook_digest(other));
}

static void converts_exactly_at_the_books_rate(void **state)
{
    struct world *w = *state;
    g_free(write_file(w, "2026.csv",
                      HEADER "fx-usd-per-eur,2026,,,ratio,1.14,,2026-01,,WW,found,s,\n"
                             "dollar,2026,,,each,100,USD,2026-01,,US,found,s,\n"
                             "euro,2026,,,each,100,EUR,2026-01,,EU,found,s,\n"
                             "tiny-even,2026,,,kwh,0.000025,EUR,2026-01,,EU,found,s,\n"
                             "tiny-odd,2026,,,kwh,0.000075,EUR,2026-01,,EU,found,s,\n"
                             "exact,2026,,,kwh,0.000057,USD,2026-01,,EU,found,s,\n"
                             "share,2026,,,ratio,0.25,,2026-01,,US,found,s,\n"));
    g_autoptr(hr_pricebook) usd = load(w, "2026", NULL, "USD");
    assert_price(usd, "dollar", "100");
    assert_price(usd, "euro", "114");
    assert_price(usd, "tiny-even", "0.000028"); /* 28.5 millionths: to the even 28 */
    assert_price(usd, "tiny-odd", "0.000086");  /* 85.5: to the even 86 */
    assert_price(usd, "share", "0.25");
    assert_price(usd, "fx-usd-per-eur", "1.14");
    assert_string_equal(hr_pricebook_currency(usd), "USD");
    g_autoptr(hr_pricebook) eur = load(w, "2026", NULL, "EUR");
    assert_price(eur, "dollar", "87.719298"); /* 100 / 1.14 = 87.71929824… */
    assert_price(eur, "euro", "100");
    assert_price(eur, "exact", "0.00005");
    assert_price(eur, "share", "0.25");
    char text[24];
    const struct hr_price *dollar = hr_pricebook_get(eur, "dollar");
    assert_string_equal(hr_decimal_format(dollar->price_original, text), "100");
    assert_string_equal(dollar->currency_original, "USD");
    assert_int_equal(dollar->line, 3);
}

static void divides_half_to_even(void **state)
{
    struct world *w = *state;
    /* At a rate of 2, an odd number of millionths has its half. */
    g_free(write_file(w, "2026.csv",
                      HEADER "fx-usd-per-eur,2026,,,ratio,2,,2026-01,,WW,found,s,\n"
                             "down,2026,,,kwh,0.000005,USD,2026-01,,EU,found,s,\n"
                             "up,2026,,,kwh,0.000007,USD,2026-01,,EU,found,s,\n"
                             "most,2026,,,each,1000000000,USD,2026-01,,EU,found,s,\n"));
    g_autoptr(hr_pricebook) eur = load(w, "2026", NULL, "EUR");
    assert_price(eur, "down", "0.000002");
    assert_price(eur, "up", "0.000004");
    assert_price(eur, "most", "500000000");
}

static void an_overlay_wins_id_by_id(void **state)
{
    struct world *w = *state;
    g_free(write_file(w, "2026.csv",
                      HEADER "fx-usd-per-eur,2026,,,ratio,1.5,,2026-01,,WW,found,s,\n"
                             "a,2026,Maker,Thing,gb,10,USD,2026-01,,US,assumed,s,\n"
                             "b,2026,,,each,20,USD,2026-01,,US,found,s,\n"
                             "c,2026,,,each,30,USD,2026-01,,US,found,s,\n"));
    g_autoptr(hr_pricebook) plain = load(w, "2026", NULL, "USD");
    g_autofree char *overlay = write_file(w, "mine.csv",
                                          "id;price;currency;book;valid_to\n"
                                          "a;\"8,5\";EUR;;\n"
                                          "b;1;USD;2018;\n"
                                          "c;1;USD;2026;2025-12\n"
                                          "own-thing;7;USD;;\n");
    g_autoptr(hr_pricebook) book = load(w, "2026", overlay, "USD");
    assert_non_null(book);
    assert_price(book, "a", "12.75");
    assert_price(book, "b", "20");
    assert_price(book, "c", "30");
    assert_price(book, "own-thing", "7");
    const struct hr_price *a = hr_pricebook_get(book, "a");
    assert_string_equal(a->vendor, "Maker");
    assert_string_equal(a->unit, "gb");
    assert_int_equal(a->status, HR_PRICE_QUOTE);
    assert_false(hr_price_is_starred(a));
    assert_true(hr_price_is_starred(hr_pricebook_get(plain, "a")));
    assert_string_not_equal(hr_pricebook_digest(book), hr_pricebook_digest(plain));
    g_autofree char *text = findings(w);
    assert_string_equal(
        text, "mine.csv:3: skipped: left out: a price of the book '2018', not of "
              "'2026'\n"
              "mine.csv:4: skipped: left out: 'c' ended in 2025-12, before the book's "
              "month 2026-09\n"
              "mine.csv:5: note: 'own-thing' is not in the book: nothing may ask "
              "for it\n");
    /* A rate in an overlay is the rate. */
    g_autofree char *rate = write_file(w, "rate.csv",
                                       "id,price,currency,unit\n"
                                       "fx-usd-per-eur,2,,ratio\n");
    g_autoptr(hr_pricebook) eur = load(w, "2026", rate, "EUR");
    assert_price(eur, "b", "10");
}

/* Prices of which none counts are a mistake, whatever the reason. */
static void refuses_an_overlay_that_changes_nothing(void **state)
{
    struct world *w = *state;
    static const char *const texts[] = {"id,price,currency\n",
                                        "id,price,currency,book\na,1,USD,2018\n",
                                        "id,price,currency,valid_to\na,1,USD,2026-08\n"};
    g_free(write_file(w, "2026.csv", HEADER "a,2026,,,each,1,USD,2026-01,,US,found,s,\n"));
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *idle = write_file(w, "idle.csv", texts[i]);
        assert_null(load(w, "2026", idle, "USD"));
        assert_int_equal(hr_diag_count_severity(w->diag, HR_FATAL), i + 1);
    }
    g_autofree char *text = findings(w);
    assert_non_null(strstr(text, "idle.csv:0: error: no row is a price of the book '2026' in "
                                 "its month 2026-09: nothing would change\n"));
    /* Valid in the month and ended later: it counts. */
    g_autofree char *last =
        write_file(w, "last.csv", "id,price,currency,valid_to\na,7,USD,2026-09\n");
    g_autoptr(hr_pricebook) book = load(w, "2026", last, "USD");
    assert_price(book, "a", "7");
    /* Twice the same id in one file: neither is preferred. */
    g_autofree char *twice =
        write_file(w, "twice.csv", "id,price,currency\na,7,USD\na,8,USD\n");
    assert_null(load(w, "2026", twice, "USD"));
    g_autofree char *after = findings(w);
    assert_non_null(strstr(after, "twice.csv:3: error: 'a' stands twice (first in line 2)\n"));
}

static void names_every_bad_row_with_its_line(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *row;
        const char *finding;
    } rows[] = {
        {"x,2026,,,each,12x,USD,2026-01,,US,found,s,", "the price '12x' is no number"},
        {"x,2026,,,each,,USD,2026-01,,US,found,s,", "'x' has no price"},
        {"x,2026,,,each,1,USD,2026-01,,US,found,,n", "a price that is found needs its source"},
        {"x,2026,,,each,1,USD,2026-01,,US,derived,,n", "that is derived needs its source"},
        {"x,2026,,,each,1,USD,2026-01,,US,recalled,,", "that is recalled needs its reason"},
        {"x,2026,,,each,1,USD,2026-01,,US,assumed,,", "that is assumed needs its reason"},
        {"x,2026,,,each,1e3,USD,2026-01,,US,found,s,", "the price '1e3' is no number"},
        {"x,2026,,,each,99999999999999999999,USD,2026-01,,US,found,s,", "is no number"},
        {"x,2026,,,each,\"1,5\",USD,2026-01,,US,found,s,", "the price '1,5' is no number"},
        {"x,2026,,,each,-1,USD,2026-01,,US,found,s,", "the price -1 is negative"},
        {"x,2026,,,each,1000000000.1,USD,2026-01,,US,found,s,", "is above 1000000000"},
        {"x,2026,,,each,1,GBP,2026-01,,US,found,s,",
         "the currency 'GBP' is neither USD nor EUR"},
        {"x,2026,,,each,1,,2026-01,,US,found,s,", "a price per 'each' needs a currency"},
        {"x,2026,,,watt,1,USD,2026-01,,US,found,s,", "a watt is no money"},
        {"x,2026,,,eech,1,USD,2026-01,,US,found,s,", "did you mean 'each'?"},
        {"x,2026,,,each,1,USD,2026-13,,US,found,s,", "valid_from '2026-13' is no month"},
        {"x,2026,,,each,1,USD,2026-1,,US,found,s,", "valid_from '2026-1' is no month"},
        {"x,2026,,,each,1,USD,,,US,found,s,", "valid_from '' is no month"},
        {"x,2026,,,each,1,USD,2026-01,2026-00,US,found,s,", "valid_to '2026-00' is no month"},
        {"x,2026,,,each,1,USD,2026-02,2026-01,US,found,s,", "lies before valid_from"},
        {"x,2026,,,each,1,USD,2026-01,,US,foun,s,", "did you mean 'found'?"},
        {"x,2026,,,each,1,USD,2026-01,,US,,s,", "the status '' is not one of"},
        {"x,2018,,,each,1,USD,2026-01,,US,found,s,", "the book '2018' should be '2026'"},
        {"X_1,2026,,,each,1,USD,2026-01,,US,found,s,", "the id 'X_1' is not kebab-case"},
        {"x,2026,,,each,1,USD,2026-01,,US,found,s", "12 fields where the header has 13"},
    };
    GString *text = g_string_new(HEADER);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_string_append_printf(text, "%s\n", rows[i].row);
    }
    g_free(write_file(w, "2026.csv", text->str));
    g_string_free(text, TRUE);
    assert_null(load(w, "2026", NULL, "USD"));
    assert_null(w->error);
    assert_int_equal(hr_diag_count(w->diag), G_N_ELEMENTS(rows));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct hr_finding *f = hr_diag_get(w->diag, i);
        assert_int_equal(f->severity, HR_FATAL);
        assert_int_equal(f->line, i + 2);
        if (strstr(f->text, rows[i].finding) == NULL) {
            fail_msg("line %zu: expected '%s' in '%s'", i + 2, rows[i].finding, f->text);
        }
    }
}

static void refuses_equal_and_overlapping_rows(void **state)
{
    struct world *w = *state;
    g_free(write_file(w, "2026.csv",
                      HEADER "twice,2026,,,each,1,USD,2026-01,,US,found,s,\n"
                             "open,2026,,,each,1,USD,2026-03,,US,found,s,\n"
                             "twice,2026,,,each,2,USD,2026-01,2026-02,US,found,s,\n"
                             "open,2026,,,each,1,USD,2026-01,,US,found,s,\n"
                             "touch,2026,,,each,1,USD,2026-01,2026-03,US,found,s,\n"
                             "touch,2026,,,each,1,USD,2026-03,,US,found,s,\n"
                             "fine,2026,,,each,1,USD,2026-01,2026-03,US,found,s,\n"
                             "fine,2026,,,each,1,USD,2026-04,,US,found,s,\n"));
    assert_null(load(w, "2026", NULL, "USD"));
    g_autofree char *text = findings(w);
    assert_string_equal(
        text,
        "2026.csv:3: error: 'open' from 2026-03 overlaps the row of line 5 (2026-01 to now)\n"
        "2026.csv:7: error: 'touch' from 2026-03 overlaps the row of line 6 (2026-01 to "
        "2026-03)\n"
        "2026.csv:4: error: 'twice' valid from 2026-01 stands twice (first in line 2)\n");
}

static void refuses_wrong_headers_units_and_rates(void **state)
{
    struct world *w = *state;
    g_free(write_file(w, "2018.csv", "id,book,prise,price,price\n"));
    assert_null(load(w, "2018", NULL, "USD"));
    g_autofree char *header = findings(w);
    assert_non_null(strstr(header, "2018.csv:1: error: unknown column 'prise'; did you mean "
                                   "'price'?\n"));
    assert_non_null(strstr(header, "2018.csv:1: error: column 'price' stands twice\n"));
    assert_non_null(strstr(header, "2018.csv:1: error: the column 'currency' is missing\n"));

    /* Without a rate every price that needs one is named. */
    g_free(write_file(w, "2026.csv",
                      HEADER "a,2026,,,each,1,EUR,2026-01,,US,found,s,\n"
                             "b,2026,,,watt,1,,2026-01,,US,found,s,\n"
                             "c,2026,,,each,1,EUR,2026-01,,US,found,s,\n"));
    assert_null(load(w, "2026", NULL, "USD"));
    g_autofree char *rate = findings(w);
    assert_non_null(strstr(rate, "2026.csv:2: error: 'a' is in EUR, and neither the book"));
    assert_non_null(strstr(rate, "2026.csv:4: error: 'c' is in EUR, and neither the book"));
    assert_null(strstr(rate, "2026.csv:3:"));
    /* One that cannot be right is named itself. */
    g_autofree char *slip =
        write_file(w, "slip.csv", "id,price,currency,unit\nfx-usd-per-eur,114,,ratio\n");
    assert_null(load(w, "2026", slip, "USD"));
    g_autofree char *bad_rate = findings(w);
    assert_non_null(strstr(bad_rate, "slip.csv:2: error: the rate 'fx-usd-per-eur' is 114: "));
    g_autoptr(hr_pricebook) eur = load(w, "2026", NULL, "EUR");
    assert_price(eur, "a", "1"); /* nothing to convert, no rate needed */

    g_autofree char *overlay = write_file(w, "o.csv", "id,price,currency,unit\na,1,EUR,gb\n");
    assert_null(load(w, "2026", overlay, "EUR"));
    g_autofree char *unit = findings(w);
    assert_non_null(
        strstr(unit, "o.csv:2: error: 'a' is priced per 'each' in the book, not per 'gb'\n"));
}

static void says_which_call_was_wrong(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *book;
        const char *currency;
        int code;
    } rows[] = {
        {"2026", "CHF", HR_ERROR_USAGE}, {"../x", "USD", HR_ERROR_USAGE},
        {"26", "USD", HR_ERROR_USAGE},   {"1999", "USD", HR_ERROR_INPUT},
        {NULL, "USD", HR_ERROR_INPUT},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_null(load(w, rows[i].book, NULL, rows[i].currency));
        assert_non_null(w->error);
        assert_int_equal(w->error->code, rows[i].code);
        g_clear_error(&w->error);
    }
    assert_int_equal(hr_diag_count(w->diag), 0);
}

/* The shipped book, with facts that do not come from it but from what it must be. */
static void the_shipped_book_is_whole(void **state)
{
    struct world *w = *state;
    const char *data = getenv("HEADROOM_DATA");
    g_autoptr(hr_pricebook) usd =
        hr_pricebook_load(data, "2026", NULL, "USD", w->diag, &w->error);
    g_autoptr(hr_pricebook) eur =
        hr_pricebook_load(data, "2026", NULL, "EUR", w->diag, &w->error);
    assert_non_null(usd);
    assert_non_null(eur);
    assert_int_equal(hr_diag_count(w->diag), 0);
    assert_true(hr_pricebook_count(usd) > 90);
    assert_price(usd, "vmware-vvf-core-year", "190"); /* since 2024-11; 135 before */
    assert_price(usd, "vates-vms-pro-host-year", "1140");
    assert_price(eur, "vates-vms-pro-host-year", "1000");
    assert_price(usd, "ddr5-rdimm-64gb-contract", "1275");
    assert_price(usd, "ms-ws2022-standard-pack16core", NULL);
    const struct hr_price *fx = hr_pricebook_get(usd, "fx-usd-per-eur");
    assert_non_null(fx);
    for (size_t i = 0; i < hr_pricebook_count(usd); i++) {
        const struct hr_price *in_usd = hr_pricebook_at(usd, i);
        const struct hr_price *in_eur = hr_pricebook_at(eur, i);
        assert_string_equal(in_usd->id, in_eur->id);
        bool is_money = *in_usd->currency_original != '\0';
        double rate = is_money ? hr_decimal_to_double(fx->price) : 1.0;
        assert_near(hr_decimal_to_double(in_usd->price),
                    hr_decimal_to_double(in_eur->price) * rate, 1.2e-6);
        assert_true(*in_usd->source != '\0' || *in_usd->note != '\0' ||
                    hr_price_is_starred(in_usd));
    }
}

static void names_its_statuses(void **state)
{
    (void)state;
    static const bool is_starred[HR_PRICE__COUNT] = {
        [HR_PRICE_RECALLED] = true, [HR_PRICE_ASSUMED] = true};
    static const char *const names[HR_PRICE__COUNT] = {"found", "derived", "recalled",
                                                       "assumed", "quote"};
    for (int status = 0; status < HR_PRICE__COUNT; status++) {
        struct hr_price price = {.status = (enum hr_price_status)status};
        assert_string_equal(hr_price_status_name(price.status), names[status]);
        assert_int_equal(hr_price_is_starred(&price), is_starred[status]);
    }
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_new, world_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(takes_the_row_of_the_month),
        IN_WORLD(says_that_a_book_is_of_the_past),
        IN_WORLD(of_several_overlays_the_last_wins),
        IN_WORLD(converts_exactly_at_the_books_rate),
        IN_WORLD(divides_half_to_even),
        IN_WORLD(an_overlay_wins_id_by_id),
        IN_WORLD(refuses_an_overlay_that_changes_nothing),
        IN_WORLD(names_every_bad_row_with_its_line),
        IN_WORLD(refuses_equal_and_overlapping_rows),
        IN_WORLD(refuses_wrong_headers_units_and_rates),
        IN_WORLD(says_which_call_was_wrong),
        IN_WORLD(the_shipped_book_is_whole),
        cmocka_unit_test(names_its_statuses),
    };
    return cmocka_run_group_tests_name("pricebook", tests, NULL, NULL);
}
