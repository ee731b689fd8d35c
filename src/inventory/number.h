/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inventory/number.h - numbers as people's spreadsheets write them: 4096, 4,096, 4.096, 4 096.
 *
 * Which mark groups thousands and which stands before decimals is a property of a file, not of
 * a cell: "4.096" alone can be both. So the cells of a file are shown first, then read.
 */
#ifndef HR_INVENTORY_NUMBER_H
#define HR_INVENTORY_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* A blank or an apostrophe between thousands counts as HR_MARK_SPACE. */
enum hr_mark { HR_MARK_COMMA, HR_MARK_POINT, HR_MARK_SPACE, HR_MARK__COUNT };

enum hr_mark_use {
    HR_USE_NONE,    /* the mark may not occur */
    HR_USE_GROUP,   /* between thousands */
    HR_USE_DECIMAL, /* before decimals */
    HR_USE_UNSURE   /* before decimals, but "4.096" is refused */
};

struct hr_notation {
    enum hr_mark_use use[HR_MARK__COUNT];
    bool is_mixed; /* the file contradicts itself: a number with any mark is refused */
};

/* What the cells of a file have shown; start with zeros. */
struct hr_notation_evidence {
    size_t n_group[HR_MARK__COUNT];
    size_t n_decimal[HR_MARK__COUNT];
    size_t n_ambiguous[HR_MARK__COUNT];
};

enum hr_number_result {
    HR_NUMBER_OK,
    HR_NUMBER_BLANK,
    HR_NUMBER_BAD,       /* not a number */
    HR_NUMBER_AMBIGUOUS, /* 4096 or 4.096? */
    HR_NUMBER_MIXED      /* the file writes numbers in more than one way */
};

void hr_notation_show(struct hr_notation_evidence *evidence, const char *cell);
/* The delimiter decides where the cells do not: Europe writes "4.096" into files with ';'. */
struct hr_notation hr_notation_decide(const struct hr_notation_evidence *evidence,
                                      char delimiter);
/* For headroom's own files: no grouping, and a decimal comma only where it cannot delimit. */
struct hr_notation hr_notation_own(char delimiter);

/* Returns: HR_NUMBER_OK and *out, or why not; *out is then untouched. */
enum hr_number_result hr_number_read(const char *cell, const struct hr_notation *in,
                                     double *out);

#endif
