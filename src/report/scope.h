/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report/scope.h - what "{column}" stands for in the texts of a template.
 *
 * "{tco:money}" is the value of column tco in the innermost row that has such a column, written
 * as the format says; "{{" is a brace. Scopes nest: the study's row, the platform's, the
 * element's.
 */
#ifndef HR_REPORT_SCOPE_H
#define HR_REPORT_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/tree.h"
#include "store/store.h"

struct hr_scope {
    const struct hr_scope *outer; /* NULL: outermost */
    const hr_rows *rows;          /* NULL: no columns of its own */
    size_t row;
    const hr_node *labels; /* map: what is printed for a key; NULL: as outer */
};

/* How a value is written. */
enum hr_format {
    HR_FORMAT_PLAIN, /* texts as they are, whole numbers with separators, others to two places
                      */
    HR_FORMAT_INT,
    HR_FORMAT_DEC1,
    HR_FORMAT_DEC2,
    HR_FORMAT_DECIMAL,     /* millionths of a number, exact: as many places as it has */
    HR_FORMAT_PRICE,       /* the same with at least two places */
    HR_FORMAT_UNITS,       /* the same rounded to two places at most */
    HR_FORMAT_CENTS,       /* cents, exact: "1,234.50" */
    HR_FORMAT_CENTS_WHOLE, /* cents, rounded to units */
    HR_FORMAT_PCT,         /* a fraction: "1.2 %" */
    HR_FORMAT_PCT2,        /* a fraction: "1.23 %" */
    HR_FORMAT_GIB,         /* MiB as "256 GiB" */
    HR_FORMAT_DURATION,    /* seconds as "4 min 10 s" */
    HR_FORMAT_NAME,        /* a text; a long one loses its middle */
    HR_FORMAT_LABEL,       /* looked up among the labels */
    HR_FORMAT__COUNT
};

/* Finds the value. Returns: NULL when no scope has such a column, or its rows are empty. */
const struct hr_value *hr_scope_find(const struct hr_scope *scope, const char *column);

/* Writes one value; NULL becomes an en dash. Returns: a new string. */
char *hr_scope_format(const struct hr_scope *scope, const struct hr_value *value,
                      enum hr_format format);

/* The printed form of a key: its label, or itself. Borrowed. */
const char *hr_scope_label(const struct hr_scope *scope, const char *key);

/* Fills a text's fields. Fails: HR_ERROR_INPUT for an unknown column or format, or an open
 * brace. Returns: a new string, or NULL. */
char *hr_scope_expand(const struct hr_scope *scope, const char *text, GError **error);

#endif
