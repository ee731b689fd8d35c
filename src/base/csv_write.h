/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/csv_write.h - rows of CSV as hr_sheet reads them back (RFC 4180, LF). */
#ifndef HR_BASE_CSV_WRITE_H
#define HR_BASE_CSV_WRITE_H

#include <stddef.h>

#include <glib.h>

/* Appends one row; a cell is quoted where it must be. NULL is an empty cell. */
void hr_csv_append_row(GString *out, const char *const *cells, size_t n_cells);

#endif
