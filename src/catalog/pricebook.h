/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalog/pricebook.h - prices by id, from a shipped book and the user's overlays.
 *
 * A book is a CSV file with the columns id, book, vendor, item, unit, price, currency,
 * valid_from, valid_to, region, status, source, note. Later files win, id by id. Every price is
 * held in the study's one currency, converted when loaded at the book's stated rate
 * (fx-usd-per-eur).
 * Owner: the book owns its entries; immutable after loading.
 */
#ifndef HR_CATALOG_PRICEBOOK_H
#define HR_CATALOG_PRICEBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"
#include "base/money.h"

enum hr_price_status {
    HR_PRICE_FOUND,    /* read in the source named */
    HR_PRICE_DERIVED,  /* computed from found figures */
    HR_PRICE_RECALLED, /* known, not read in a source that can be named */
    HR_PRICE_ASSUMED,  /* chosen for want of a source */
    HR_PRICE_QUOTE,    /* the user's own offer */
    HR_PRICE__COUNT
};

struct hr_price {
    char *id;
    char *vendor;
    char *item;
    char *unit;
    hr_decimal price;          /* in the study's currency; ratios and watts as they stand */
    hr_decimal price_original; /* as the file says */
    char *currency_original;   /* "USD", "EUR"; "" for ratios, watts and the like */
    char *valid_from;          /* YYYY-MM */
    char *valid_to;            /* YYYY-MM or "" */
    char *region;
    enum hr_price_status status;
    char *source;
    char *note;
    char *file;
    uint32_t line;
};

typedef struct hr_pricebook hr_pricebook;

/* Loads prices/BOOK.csv (book NULL: the newest) below hr_data_dir(data_dir) and then the
 * overlay files, in order. Of the rows of one id the one valid in the book's month is taken
 * (June of its year; September for 2026); if none is, the earliest later one; what ended before
 * is history. currency: "USD" or "EUR". overlays: NULL-terminated or NULL. An overlay needs the
 * columns id, price and currency; what else it leaves out is as in the book, its status
 * "quote", its prices valid at any time. Its rows of other books and those that ended before
 * the book's month are skipped; one of which no row is left is refused; its unit must be the
 * book's. In a book each price that was found or derived names its source, every other its
 * source or reason. A book that is not the newest, prices that begin after its month, ids that
 * no book has: a note in diag each. Returns: the book, the caller's; NULL with findings in diag
 * or *error set. */
hr_pricebook *hr_pricebook_load(const char *data_dir, const char *book,
                                const char *const *overlays, const char *currency,
                                hr_diag *diag, GError **error);
void hr_pricebook_free(hr_pricebook *book);

/* Whether a text is the name of a book: a year. */
bool hr_pricebook_is_name(const char *text);
/* The name of the newest book below hr_data_dir(data_dir). Owner: the caller; NULL with *error
 * when there is none. */
char *hr_pricebook_newest(const char *data_dir, GError **error);

const char *hr_pricebook_name(const hr_pricebook *book);     /* "2026" */
const char *hr_pricebook_month(const hr_pricebook *book);    /* "2026-09" */
const char *hr_pricebook_currency(const hr_pricebook *book); /* "USD" */
/* SHA-256 of the book's file; with overlays, of the digests of all files in the order loaded.
 */
const char *hr_pricebook_digest(const hr_pricebook *book);

/* Returns: the entry, or NULL when the book has none. Borrowed. */
const struct hr_price *hr_pricebook_get(const hr_pricebook *book, const char *id);
size_t hr_pricebook_count(const hr_pricebook *book);
/* In order of ids. */
const struct hr_price *hr_pricebook_at(const hr_pricebook *book, size_t index);

const char *hr_price_status_name(enum hr_price_status status);
/* Recalled and assumed prices are starred wherever they appear. */
bool hr_price_is_starred(const struct hr_price *price);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_pricebook, hr_pricebook_free)

#endif
