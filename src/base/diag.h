/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/diag.h - findings in the user's files: what is wrong where, collected until all are
 * known.
 *
 * Order:   as added. Owner: the hr_diag owns all text. Threads: one owner, no locks.
 */
#ifndef HR_BASE_DIAG_H
#define HR_BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

typedef struct hr_diag hr_diag;

enum hr_severity {
    HR_NOTE,    /* worth knowing, nothing was changed */
    HR_MENDED,  /* a value was taken from elsewhere or corrected; the row counts */
    HR_SKIPPED, /* a row was left out; it is counted */
    HR_FATAL,   /* the input is refused */
    HR_SEVERITY__COUNT
};

struct hr_finding {
    char *file;
    uint32_t line;   /* 1-based; 0 when the finding is about the whole file */
    uint32_t column; /* 1-based; 0 when unknown */
    enum hr_severity severity;
    char *reason; /* short class for counting, as "no memory size"; never NULL */
    char *text;   /* what is wrong and what would be right: one line, without controls */
};

hr_diag *hr_diag_new(void);
void hr_diag_free(hr_diag *diag);

/* Adds a finding; the text is formatted. Controls in it become blanks, and the middle of one
 * that quotes a huge field is cut out. reason classes findings for hr_diag_count_reason(). */
void hr_diag_add(hr_diag *diag, enum hr_severity severity, const char *file, uint32_t line,
                 uint32_t column, const char *reason, const char *format, ...)
    G_GNUC_PRINTF(7, 8);

size_t hr_diag_count(const hr_diag *diag);
size_t hr_diag_count_severity(const hr_diag *diag, enum hr_severity severity);
/* Requires: index < hr_diag_count(). Returns: borrowed. */
const struct hr_finding *hr_diag_get(const hr_diag *diag, size_t index);

/* "note", "mended", "skipped" or "error". */
const char *hr_severity_name(enum hr_severity severity);

/* Prints the findings of at least this severity as "FILE:LINE:COLUMN: severity: text"; without
 * what is not known of the place. */
void hr_diag_print(const hr_diag *diag, enum hr_severity least, FILE *out);

/* Returns: true when a fatal finding exists; *error then says how many (HR_ERROR_INPUT). */
bool hr_diag_failed(const hr_diag *diag, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_diag, hr_diag_free)

#endif
