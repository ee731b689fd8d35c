/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/sheet.h - a delimited text file (CSV) as rows of UTF-8 fields that know their line.
 *
 * Understands: UTF-8 with or without BOM, UTF-16 (BOM, or by its NUL pattern), else
 * Windows-1252; CRLF, LF or CR; comma, semicolon or tab (counted outside quotes in the header);
 * a first line "sep=;" is obeyed, "#TYPE ..." is skipped. Quoting is RFC 4180 (libcsv, strict).
 * Refuses, as fatal findings: an empty file, a NUL byte, an unterminated quote, a field over 1
 * MiB, more than 4096 columns, a file over 512 MiB. Owner: the sheet owns all its text.
 */
#ifndef HR_BASE_SHEET_H
#define HR_BASE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"

typedef struct hr_sheet hr_sheet;

/* Reads a file; "-" is standard input. name is what findings call it (NULL: path). What is
 * wrong with the content goes to diag. Returns: the sheet, the caller's; NULL when a fatal
 * finding was added or, with *error set, when the file cannot be read. */
hr_sheet *hr_sheet_load(const char *path, const char *name, hr_diag *diag, GError **error);

/* Reads the bytes alone, "-" being standard input, for callers that look at them first. Refuses
 * more than 512 MiB. Returns: false when a fatal finding was added or *error set. */
bool hr_sheet_read_bytes(const char *path, const char *name, char **bytes, size_t *n_bytes,
                         hr_diag *diag, GError **error);

/* The same as hr_sheet_load() from memory. */
hr_sheet *hr_sheet_parse(const char *bytes, size_t n_bytes, const char *name, hr_diag *diag);
void hr_sheet_free(hr_sheet *sheet);

const char *hr_sheet_name(const hr_sheet *sheet);
char hr_sheet_delimiter(const hr_sheet *sheet);
/* "UTF-8", "UTF-16LE", "UTF-16BE" or "Windows-1252". */
const char *hr_sheet_encoding(const hr_sheet *sheet);
/* SHA-256 of the bytes as read, in hexadecimal. */
const char *hr_sheet_digest(const hr_sheet *sheet);

/* The header is row 0 of the file and not counted among the rows. */
size_t hr_sheet_columns(const hr_sheet *sheet);
const char *hr_sheet_header(const hr_sheet *sheet, size_t column);
uint32_t hr_sheet_header_line(const hr_sheet *sheet);

/* Data rows, in file order; rows whose every field is blank are left out and counted. */
size_t hr_sheet_rows(const hr_sheet *sheet);
size_t hr_sheet_blank_rows(const hr_sheet *sheet);
/* Number of fields the row really has: fewer or more than the header may be. */
size_t hr_sheet_row_fields(const hr_sheet *sheet, size_t row);
/* Line of the file on which the row begins, from 1. */
uint32_t hr_sheet_row_line(const hr_sheet *sheet, size_t row);
/* Returns: the field, trimmed of blanks at both ends, "" when the row is too short. Borrowed.
 */
const char *hr_sheet_field(const hr_sheet *sheet, size_t row, size_t column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_sheet, hr_sheet_free)

#endif
