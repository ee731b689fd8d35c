/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/pricebook.h"

#include <string.h>

#include "base/error.h"
#include "base/sheet.h"
#include "base/text.h"
#include "catalog/pricebook_names.h"

enum column {
    COLUMN_ID,
    COLUMN_BOOK,
    COLUMN_VENDOR,
    COLUMN_ITEM,
    COLUMN_UNIT,
    COLUMN_PRICE,
    COLUMN_CURRENCY,
    COLUMN_VALID_FROM,
    COLUMN_VALID_TO,
    COLUMN_REGION,
    COLUMN_STATUS,
    COLUMN_SOURCE,
    COLUMN_NOTE,
    COLUMN__COUNT
};

static const char *const COLUMNS[] = {[COLUMN_ID] = "id",
                                      [COLUMN_BOOK] = "book",
                                      [COLUMN_VENDOR] = "vendor",
                                      [COLUMN_ITEM] = "item",
                                      [COLUMN_UNIT] = "unit",
                                      [COLUMN_PRICE] = "price",
                                      [COLUMN_CURRENCY] = "currency",
                                      [COLUMN_VALID_FROM] = "valid_from",
                                      [COLUMN_VALID_TO] = "valid_to",
                                      [COLUMN_REGION] = "region",
                                      [COLUMN_STATUS] = "status",
                                      [COLUMN_SOURCE] = "source",
                                      [COLUMN_NOTE] = "note",
                                      [COLUMN__COUNT] = NULL};

static const char *const STATUSES[] = {
    [HR_PRICE_FOUND] = "found",       [HR_PRICE_DERIVED] = "derived",
    [HR_PRICE_RECALLED] = "recalled", [HR_PRICE_ASSUMED] = "assumed",
    [HR_PRICE_QUOTE] = "quote",       [HR_PRICE__COUNT] = NULL};

static const char *const UNITS[] = {
    "each", "host",      "host-year",    "socket",    "socket-year", "processor",
    "core", "core-year", "core-month",   "pack2proc", "pack2core",   "pack16core",
    "kit",  "kit-year",  "licence-year", "user",      "device",      "gb",
    "tb",   "kwh",       "hour",         "day",       "month",       "ratio",
    "watt", NULL};

/* What is no amount of money has no currency: shares, watts and counts of cores. */
static const char *const BARE_UNITS[] = {"ratio", "watt", "core", NULL};

static const char FX_ID[] = "fx-usd-per-eur";
static const hr_decimal PRICE_MOST = INT64_C(1000000000) * HR_DECIMAL_ONE;

struct hr_pricebook {
    char *name;
    char *month;
    char *currency;
    char *digest;
    GPtrArray *prices; /* struct hr_price, in order of id after loading */
    GHashTable *by_id; /* borrowed id -> struct hr_price */
};

/* One file on its way into the book. */
struct reader {
    hr_pricebook *book;
    const hr_sheet *sheet;
    hr_diag *diag;
    bool is_overlay;
    int columns[COLUMN__COUNT]; /* of the sheet; -1 where it has none */
    GPtrArray *rows;            /* struct hr_price, of this book */
    guint n_taken;              /* prices that came into the book */
    guint n_later;              /* of these, those that begin after the book's month */
};

static void price_free(void *data)
{
    struct hr_price *price = data;
    g_free(price->id);
    g_free(price->vendor);
    g_free(price->item);
    g_free(price->unit);
    g_free(price->currency_original);
    g_free(price->valid_from);
    g_free(price->valid_to);
    g_free(price->region);
    g_free(price->source);
    g_free(price->note);
    g_free(price->file);
    g_free(price);
}

static void fail_row(const struct reader *r, size_t row, const char *reason, const char *format,
                     ...) G_GNUC_PRINTF(4, 5);

static void fail_row(const struct reader *r, size_t row, const char *reason, const char *format,
                     ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    hr_diag_add(r->diag, HR_FATAL, hr_sheet_name(r->sheet), hr_sheet_row_line(r->sheet, row), 0,
                reason, "%s", text);
}

/* "; did you mean 'x'?", or nothing. Owner: the caller. */
static char *hint(const char *text, const char *const *names)
{
    const char *nearest = hr_nearest_name(text, names);
    return nearest != NULL ? g_strdup_printf("; did you mean '%s'?", nearest) : g_strdup("");
}

static const char *field(const struct reader *r, size_t row, enum column column)
{
    int at = r->columns[column];
    return at < 0 ? "" : hr_sheet_field(r->sheet, row, (size_t)at);
}

static void fail_header(const struct reader *r, const char *reason, const char *text)
{
    hr_diag_add(r->diag, HR_FATAL, hr_sheet_name(r->sheet), hr_sheet_header_line(r->sheet), 0,
                reason, "%s", text);
}

/* An overlay needs little more than ids and prices: the rest is as in the book. */
static bool is_column_needed(const struct reader *r, enum column column)
{
    return !r->is_overlay || column == COLUMN_ID || column == COLUMN_PRICE ||
           column == COLUMN_CURRENCY;
}

static bool read_header(struct reader *r)
{
    size_t n_fatal = hr_diag_count_severity(r->diag, HR_FATAL);
    for (int c = 0; c < COLUMN__COUNT; c++) {
        r->columns[c] = -1;
    }
    for (size_t at = 0; at < hr_sheet_columns(r->sheet); at++) {
        const char *name = hr_sheet_header(r->sheet, at);
        int column = 0;
        while (column < COLUMN__COUNT && strcmp(name, COLUMNS[column]) != 0) {
            column++;
        }
        if (column == COLUMN__COUNT) {
            g_autofree char *near_name = hint(name, COLUMNS);
            g_autofree char *text = g_strdup_printf("unknown column '%s'%s", name, near_name);
            fail_header(r, "unknown column", text);
        } else if (r->columns[column] >= 0) {
            g_autofree char *text = g_strdup_printf("column '%s' stands twice", name);
            fail_header(r, "duplicate column", text);
        } else {
            r->columns[column] = (int)at;
        }
    }
    for (int c = 0; c < COLUMN__COUNT; c++) {
        if (r->columns[c] < 0 && is_column_needed(r, (enum column)c)) {
            g_autofree char *text = g_strdup_printf("the column '%s' is missing", COLUMNS[c]);
            fail_header(r, "missing column", text);
        }
    }
    return hr_diag_count_severity(r->diag, HR_FATAL) == n_fatal;
}

static bool is_price_id(const char *id)
{
    for (const char *p = id; *p != '\0'; p++) {
        if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) && *p != '-') {
            return false;
        }
    }
    return *id != '\0';
}

static bool is_month(const char *text)
{
    if (strlen(text) != 7 || text[4] != '-') {
        return false;
    }
    for (int i = 0; i < 7; i++) {
        if (i != 4 && !g_ascii_isdigit(text[i])) {
            return false;
        }
    }
    int month = (text[5] - '0') * 10 + (text[6] - '0');
    return month >= 1 && month <= 12;
}

static void check_months(const struct reader *r, size_t row, const struct hr_price *price)
{
    bool may_be_empty = r->is_overlay;
    if (!(may_be_empty && *price->valid_from == '\0') && !is_month(price->valid_from)) {
        fail_row(r, row, "wrong month", "valid_from '%s' is no month (YYYY-MM)",
                 price->valid_from);
    } else if (*price->valid_to != '\0' && !is_month(price->valid_to)) {
        fail_row(r, row, "wrong month", "valid_to '%s' is no month (YYYY-MM)", price->valid_to);
    } else if (*price->valid_to != '\0' && strcmp(price->valid_to, price->valid_from) < 0) {
        fail_row(r, row, "wrong month", "valid_to %s lies before valid_from %s",
                 price->valid_to, price->valid_from);
    }
}

static void read_amount(const struct reader *r, size_t row, struct hr_price *price)
{
    g_autofree char *text = g_strdup(field(r, row, COLUMN_PRICE));
    if (hr_sheet_delimiter(r->sheet) == ';' && strchr(text, '.') == NULL) {
        g_strdelimit(text, ",", '.'); /* a decimal comma; a second one is no number anyway */
    }
    if (*text == '\0') {
        fail_row(r, row, "missing price", "'%s' has no price", price->id);
        return;
    }
    /* 10^9 with six decimals has 17 characters. */
    if (strlen(text) > 17 || !hr_decimal_parse(text, &price->price_original)) {
        fail_row(r, row, "bad price",
                 "the price '%s' is no number (as 1234.50, at most six decimals)", text);
    } else if (price->price_original < 0) {
        fail_row(r, row, "negative price", "the price %s is negative", text);
    } else if (price->price_original > PRICE_MOST) {
        fail_row(r, row, "bad price", "the price %s is above 1000000000", text);
    }
}

static void check_currency(const struct reader *r, size_t row, const struct hr_price *price)
{
    const char *currency = price->currency_original;
    bool is_known = strcmp(currency, "USD") == 0 || strcmp(currency, "EUR") == 0;
    if (*currency != '\0' && !is_known) {
        fail_row(r, row, "unknown currency", "the currency '%s' is neither USD nor EUR",
                 currency);
        return;
    }
    bool may_be_bare = g_strv_contains(BARE_UNITS, price->unit);
    if (!is_known && !may_be_bare) {
        fail_row(r, row, "no currency", "a price per '%s' needs a currency, USD or EUR",
                 price->unit);
    } else if (is_known && may_be_bare && strcmp(price->unit, "core") != 0) {
        fail_row(r, row, "currency", "a %s is no money and has no currency", price->unit);
    }
}

static void read_status(const struct reader *r, size_t row, struct hr_price *price)
{
    const char *text = field(r, row, COLUMN_STATUS);
    if (r->is_overlay && *text == '\0') {
        price->status = HR_PRICE_QUOTE;
        return;
    }
    int status = 0;
    while (status < HR_PRICE__COUNT && strcmp(text, STATUSES[status]) != 0) {
        status++;
    }
    if (status == HR_PRICE__COUNT) {
        g_autofree char *near_name = hint(text, STATUSES);
        fail_row(r, row, "unknown status",
                 "the status '%s' is not one of found, derived, recalled, assumed, quote%s",
                 text, near_name);
        return;
    }
    price->status = (enum hr_price_status)status;
}

/* Who reads a report must be able to ask where a price comes from. */
static void check_source(const struct reader *r, size_t row, const struct hr_price *price)
{
    bool is_read = price->status == HR_PRICE_FOUND || price->status == HR_PRICE_DERIVED;
    if (r->is_overlay || *price->source != '\0') {
        return;
    }
    if (is_read) {
        fail_row(r, row, "no source", "a price that is %s needs its source",
                 STATUSES[price->status]);
    } else if (*price->note == '\0') {
        fail_row(r, row, "no reason", "a price that is %s needs its reason, in source or note",
                 STATUSES[price->status]);
    }
}

/* What an overlay leaves out is as in the book before it. */
static char *field_or(const struct reader *r, size_t row, enum column column,
                      const char *before)
{
    const char *text = field(r, row, column);
    return g_strdup(*text != '\0' || !r->is_overlay ? text : before);
}

static void check_unit(const struct reader *r, size_t row, const struct hr_price *price,
                       const struct hr_price *before)
{
    if (!g_strv_contains(UNITS, price->unit)) {
        g_autofree char *near_name = hint(price->unit, UNITS);
        fail_row(r, row, "unknown unit", "the unit '%s' is unknown%s", price->unit, near_name);
    } else if (before != NULL && strcmp(before->unit, price->unit) != 0) {
        fail_row(r, row, "other unit", "'%s' is priced per '%s' in the book, not per '%s'",
                 price->id, before->unit, price->unit);
    }
}

/* Returns: the row, or NULL with findings. */
static struct hr_price *read_price(const struct reader *r, size_t row)
{
    size_t n_fatal = hr_diag_count_severity(r->diag, HR_FATAL);
    const char *id = field(r, row, COLUMN_ID);
    const struct hr_price *before =
        r->is_overlay ? g_hash_table_lookup(r->book->by_id, id) : NULL;
    struct hr_price *price = g_new0(struct hr_price, 1);
    price->id = g_strdup(id);
    price->vendor = field_or(r, row, COLUMN_VENDOR, before != NULL ? before->vendor : "");
    price->item = field_or(r, row, COLUMN_ITEM, before != NULL ? before->item : "");
    price->unit = field_or(r, row, COLUMN_UNIT, before != NULL ? before->unit : "each");
    price->region = field_or(r, row, COLUMN_REGION, before != NULL ? before->region : "");
    price->currency_original = g_strdup(field(r, row, COLUMN_CURRENCY));
    price->valid_from = g_strdup(field(r, row, COLUMN_VALID_FROM));
    price->valid_to = g_strdup(field(r, row, COLUMN_VALID_TO));
    price->source = g_strdup(field(r, row, COLUMN_SOURCE));
    price->note = g_strdup(field(r, row, COLUMN_NOTE));
    price->file = g_strdup(hr_sheet_name(r->sheet));
    price->line = hr_sheet_row_line(r->sheet, row);
    if (!is_price_id(price->id)) {
        fail_row(r, row, "bad id",
                 "the id '%s' is not kebab-case (small letters, digits, hyphens)", price->id);
    }
    read_amount(r, row, price);
    check_unit(r, row, price, before);
    check_currency(r, row, price);
    check_months(r, row, price);
    read_status(r, row, price);
    check_source(r, row, price);
    if (hr_diag_count_severity(r->diag, HR_FATAL) > n_fatal) {
        price_free(price);
        return NULL;
    }
    return price;
}

/* Whether a row is of the book that is loaded; one of another year is left out of an overlay.
 */
static bool is_of_book(const struct reader *r, size_t row)
{
    const char *book = field(r, row, COLUMN_BOOK);
    /* The user's own overlay may call itself anything but another year. */
    if (strcmp(book, r->book->name) == 0 || (r->is_overlay && !hr_pricebook_is_name(book))) {
        return true;
    }
    if (r->is_overlay) {
        hr_diag_add(r->diag, HR_SKIPPED, hr_sheet_name(r->sheet),
                    hr_sheet_row_line(r->sheet, row), 0, "other book",
                    "left out: a price of the book '%s', not of '%s'", book, r->book->name);
    } else {
        fail_row(r, row, "other book", "the book '%s' should be '%s'", book, r->book->name);
    }
    return false;
}

static void read_rows(struct reader *r)
{
    for (size_t row = 0; row < hr_sheet_rows(r->sheet); row++) {
        size_t n_fields = hr_sheet_row_fields(r->sheet, row);
        if (n_fields != hr_sheet_columns(r->sheet)) {
            fail_row(r, row, "wrong number of fields", "%u fields where the header has %u",
                     (unsigned)n_fields, (unsigned)hr_sheet_columns(r->sheet));
        } else if (is_of_book(r, row)) {
            struct hr_price *price = read_price(r, row);
            if (price != NULL) {
                g_ptr_array_add(r->rows, price);
            }
        }
    }
}

static int compare_rows(const void *a, const void *b)
{
    const struct hr_price *x = *(struct hr_price *const *)a;
    const struct hr_price *y = *(struct hr_price *const *)b;
    int order = strcmp(x->id, y->id);
    order = order != 0 ? order : strcmp(x->valid_from, y->valid_from);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/* Requires: rows of one id, in order of valid_from. */
static void check_overlaps(const struct reader *r, size_t first, size_t end)
{
    for (size_t i = first + 1; i < end; i++) {
        const struct hr_price *before = r->rows->pdata[i - 1];
        const struct hr_price *price = r->rows->pdata[i];
        if (strcmp(before->valid_from, price->valid_from) == 0) {
            bool is_dated = *price->valid_from != '\0';
            hr_diag_add(r->diag, HR_FATAL, price->file, price->line, 0, "duplicate price",
                        "'%s'%s%s stands twice (first in line %u)", price->id,
                        is_dated ? " valid from " : "", price->valid_from,
                        (unsigned)before->line);
        } else if (*before->valid_to == '\0' ||
                   strcmp(before->valid_to, price->valid_from) >= 0) {
            hr_diag_add(r->diag, HR_FATAL, price->file, price->line, 0, "overlapping price",
                        "'%s' from %s overlaps the row of line %u (%s to %s)", price->id,
                        price->valid_from, (unsigned)before->line, before->valid_from,
                        *before->valid_to != '\0' ? before->valid_to : "now");
        }
    }
}

/* The rule of the month: the row valid then, else the earliest later one, else none.
 * Requires: rows of one id, in order of valid_from. Returns: an index, end for none. */
static size_t choose_row(const struct reader *r, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const struct hr_price *price = r->rows->pdata[i];
        bool is_later = strcmp(price->valid_from, r->book->month) > 0;
        bool is_ended = *price->valid_to != '\0' && strcmp(price->valid_to, r->book->month) < 0;
        if (is_later || !is_ended) {
            return i;
        }
    }
    return end;
}

/* An id that no book has is asked for by nobody, or it is a slip. */
static void note_new_id(const struct reader *r, const struct hr_price *price)
{
    g_autofree const char **ids = g_new0(const char *, r->book->prices->len + 1);
    for (guint i = 0; i < r->book->prices->len; i++) {
        ids[i] = ((const struct hr_price *)r->book->prices->pdata[i])->id;
    }
    g_autofree char *near_id = hint(price->id, ids);
    hr_diag_add(r->diag, HR_NOTE, price->file, price->line, 0, "new id",
                "'%s' is not in the book: nothing may ask for it%s", price->id, near_id);
}

static void put_price(struct reader *r, struct hr_price *price)
{
    struct hr_price *before = g_hash_table_lookup(r->book->by_id, price->id);
    if (before != NULL) {
        g_hash_table_remove(r->book->by_id, before->id);
        g_ptr_array_remove_fast(r->book->prices, before);
    } else if (r->is_overlay) {
        note_new_id(r, price);
    }
    r->n_taken++;
    if (strcmp(price->valid_from, r->book->month) > 0) {
        r->n_later++;
        if (r->is_overlay) {
            hr_diag_add(r->diag, HR_NOTE, price->file, price->line, 0, "begins later",
                        "'%s' begins in %s, after the book's month %s, and is taken", price->id,
                        price->valid_from, r->book->month);
        }
    }
    g_ptr_array_add(r->book->prices, price);
    g_hash_table_insert(r->book->by_id, price->id, price);
}

/* Requires: of the rows of its id the last that was valid. */
static void leave_out_ended(struct reader *r, const struct hr_price *price)
{
    hr_diag_add(r->diag, HR_SKIPPED, price->file, price->line, 0, "ended",
                "left out: '%s' ended in %s, before the book's month %s", price->id,
                price->valid_to, r->book->month);
}

/* Moves the chosen row of each id into the book. */
static void take_rows(struct reader *r)
{
    g_ptr_array_sort(r->rows, compare_rows);
    size_t n = r->rows->len;
    for (size_t first = 0, end = 0; first < n; first = end) {
        const char *id = ((const struct hr_price *)r->rows->pdata[first])->id;
        for (end = first + 1; end < n; end++) {
            if (strcmp(((const struct hr_price *)r->rows->pdata[end])->id, id) != 0) {
                break;
            }
        }
        check_overlaps(r, first, end);
        size_t chosen = choose_row(r, first, end);
        if (chosen < end) {
            put_price(r, r->rows->pdata[chosen]);
            r->rows->pdata[chosen] = NULL;
        } else if (r->is_overlay) {
            leave_out_ended(r, r->rows->pdata[end - 1]);
        }
        for (size_t i = first; i < end; i++) {
            g_clear_pointer(&r->rows->pdata[i], price_free);
        }
    }
}

/* Who gives prices means them to count. */
static void refuse_idle(const struct reader *r)
{
    if (r->is_overlay && r->n_taken == 0) {
        hr_diag_add(r->diag, HR_FATAL, hr_sheet_name(r->sheet), 0, 0, "no price",
                    "no row is a price of the book '%s' in its month %s: nothing would change",
                    r->book->name, r->book->month);
    }
}

static void note_later(const struct reader *r)
{
    if (!r->is_overlay && r->n_later > 0) {
        hr_diag_add(r->diag, HR_NOTE, hr_sheet_name(r->sheet), 0, 0, "later prices",
                    "%u of %u prices begin after %s: there is none of that month, the "
                    "earliest is taken",
                    r->n_later, r->book->prices->len, r->book->month);
    }
}

static bool load_file(hr_pricebook *book, const char *path, bool is_overlay, hr_diag *diag,
                      GError **error)
{
    GError *failure = NULL;
    g_autoptr(hr_sheet) sheet = hr_sheet_load(path, NULL, diag, &failure);
    if (sheet == NULL) {
        if (failure != NULL) {
            g_propagate_error(error, failure);
            return false;
        }
        return true; /* findings were added */
    }
    char *digest = book->digest == NULL
                       ? g_strdup(hr_sheet_digest(sheet))
                       : g_strconcat(book->digest, hr_sheet_digest(sheet), NULL);
    g_free(book->digest);
    book->digest = digest;
    struct reader r = {.book = book,
                       .sheet = sheet,
                       .diag = diag,
                       .is_overlay = is_overlay,
                       .rows = g_ptr_array_new()};
    size_t n_fatal = hr_diag_count_severity(diag, HR_FATAL);
    if (read_header(&r)) {
        read_rows(&r);
        take_rows(&r);
        note_later(&r);
        if (hr_diag_count_severity(diag, HR_FATAL) == n_fatal) {
            refuse_idle(&r);
        }
    }
    g_ptr_array_free(r.rows, TRUE);
    return true;
}

__extension__ typedef __int128 wide; /* 10^15 millionths times 10^6 */

/* a/b, half to even. Requires: a >= 0, b > 0. */
static hr_decimal divide(hr_decimal a, hr_decimal b)
{
    wide numerator = (wide)a * HR_DECIMAL_ONE;
    wide quotient = numerator / b;
    wide twice = numerator % b * 2;
    if (twice > b || (twice == b && quotient % 2 != 0)) {
        quotient++;
    }
    return (hr_decimal)quotient;
}

static void convert(hr_pricebook *book, hr_diag *diag)
{
    const struct hr_price *fx = g_hash_table_lookup(book->by_id, FX_ID);
    /* A rate beyond this range is a slip of the pen, and within it a product fits 64 bits. */
    if (fx != NULL && (fx->price_original < HR_DECIMAL_ONE / 100 ||
                       fx->price_original > HR_DECIMAL_ONE * 100)) {
        hr_diag_add(diag, HR_FATAL, fx->file, fx->line, 0, "bad rate",
                    "the rate '%s' is %.10g: so many dollars for one euro, from 0.01 to 100",
                    FX_ID, hr_decimal_to_double(fx->price_original));
        return;
    }
    for (guint i = 0; i < book->prices->len; i++) {
        struct hr_price *price = book->prices->pdata[i];
        price->price = price->price_original;
        if (*price->currency_original == '\0' ||
            strcmp(price->currency_original, book->currency) == 0) {
            continue;
        }
        if (fx == NULL) {
            hr_diag_add(diag, HR_FATAL, price->file, price->line, 0, "no exchange rate",
                        "'%s' is in %s, and neither the book nor an overlay has a rate '%s'",
                        price->id, price->currency_original, FX_ID);
            continue;
        }
        price->price = strcmp(book->currency, "USD") == 0
                           ? hr_decimal_mul(price->price_original, fx->price_original)
                           : divide(price->price_original, fx->price_original);
    }
}

static int compare_prices(const void *a, const void *b)
{
    return strcmp((*(struct hr_price *const *)a)->id, (*(struct hr_price *const *)b)->id);
}

static hr_pricebook *book_new(char *name, const char *currency)
{
    hr_pricebook *book = g_new0(hr_pricebook, 1);
    book->name = name;
    /* The prices of 2026 were gathered in September, all others stand for the middle of the
     * year. */
    book->month = g_strdup_printf("%s-%s", name, strcmp(name, "2026") == 0 ? "09" : "06");
    book->currency = g_strdup(currency);
    book->prices = g_ptr_array_new_with_free_func(price_free);
    book->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    return book;
}

/* A single file's digest stays as it is, so that sha256sum shows the same. */
static void finish_digest(hr_pricebook *book, bool has_overlays)
{
    if (has_overlays && book->digest != NULL) {
        char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, book->digest, -1);
        g_free(book->digest);
        book->digest = digest;
    }
}

static bool load_all(hr_pricebook *book, const char *folder, const char *const *overlays,
                     hr_diag *diag, GError **error)
{
    size_t n_fatal = hr_diag_count_severity(diag, HR_FATAL);
    g_autofree char *file = g_strconcat(book->name, ".csv", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    bool ok = load_file(book, path, false, diag, error);
    for (size_t i = 0; ok && overlays != NULL && overlays[i] != NULL; i++) {
        ok = load_file(book, overlays[i], true, diag, error);
    }
    if (!ok) {
        return false;
    }
    finish_digest(book, overlays != NULL && overlays[0] != NULL);
    if (hr_diag_count_severity(diag, HR_FATAL) == n_fatal) {
        convert(book, diag);
    }
    g_ptr_array_sort(book->prices, compare_prices);
    return hr_diag_count_severity(diag, HR_FATAL) == n_fatal;
}

hr_pricebook *hr_pricebook_load(const char *data_dir, const char *book,
                                const char *const *overlays, const char *currency,
                                hr_diag *diag, GError **error)
{
    g_autofree char *folder = hr_pricebook_folder(data_dir);
    if (strcmp(currency, "USD") != 0 && strcmp(currency, "EUR") != 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "the currency '%s' is neither USD nor EUR",
                    currency);
        return NULL;
    }
    if (book != NULL && !hr_pricebook_is_name(book)) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "'%s' is no price book; a book is a year",
                    book);
        return NULL;
    }
    g_autoptr(GPtrArray) names = hr_pricebook_names(folder, error);
    if (names == NULL ||
        (book != NULL && !hr_pricebook_check_name(folder, names, book, diag, error))) {
        return NULL;
    }
    const char *name = book != NULL ? book : names->pdata[names->len - 1];
    hr_pricebook *loaded = book_new(g_strdup(name), currency);
    if (!load_all(loaded, folder, overlays, diag, error)) {
        hr_pricebook_free(loaded);
        return NULL;
    }
    return loaded;
}

void hr_pricebook_free(hr_pricebook *book)
{
    if (book != NULL) {
        g_hash_table_destroy(book->by_id);
        g_ptr_array_free(book->prices, TRUE);
        g_free(book->name);
        g_free(book->month);
        g_free(book->currency);
        g_free(book->digest);
        g_free(book);
    }
}

const char *hr_pricebook_name(const hr_pricebook *book)
{
    return book->name;
}

const char *hr_pricebook_month(const hr_pricebook *book)
{
    return book->month;
}

const char *hr_pricebook_currency(const hr_pricebook *book)
{
    return book->currency;
}

const char *hr_pricebook_digest(const hr_pricebook *book)
{
    return book->digest;
}

const struct hr_price *hr_pricebook_get(const hr_pricebook *book, const char *id)
{
    return g_hash_table_lookup(book->by_id, id);
}

size_t hr_pricebook_count(const hr_pricebook *book)
{
    return book->prices->len;
}

const struct hr_price *hr_pricebook_at(const hr_pricebook *book, size_t index)
{
    hr_assert(index < book->prices->len);
    return book->prices->pdata[index];
}

const char *hr_price_status_name(enum hr_price_status status)
{
    return STATUSES[status];
}

bool hr_price_is_starred(const struct hr_price *price)
{
    return price->status == HR_PRICE_RECALLED || price->status == HR_PRICE_ASSUMED;
}
