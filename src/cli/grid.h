/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/grid.h - a table of text for a terminal: columns as wide as their widest cell.
 *
 * Cells are added one by one and fill row after row. Numbers stand to the right.
 * Owner: the grid owns its cells; headings and keys are borrowed.
 */
#ifndef HR_CLI_GRID_H
#define HR_CLI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <glib.h>

struct hr_grid_column {
    const char *heading;
    const char *key; /* what the column is called in JSON; NULL where there is none */
    bool is_number;
};

typedef struct hr_grid hr_grid;

hr_grid *hr_grid_new(const struct hr_grid_column *columns, size_t n_columns);
void hr_grid_free(hr_grid *grid);

/* Adds the next cell. Control characters become blanks, so that no text from a file moves the
 * cursor or breaks a line. */
void hr_grid_add(hr_grid *grid, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Only whole rows are counted. */
size_t hr_grid_n_rows(const hr_grid *grid);
size_t hr_grid_n_columns(const hr_grid *grid);
const struct hr_grid_column *hr_grid_column(const hr_grid *grid, size_t column);
/* Borrowed. */
const char *hr_grid_cell(const hr_grid *grid, size_t row, size_t column);

/* Prints headings and rows, each line behind so many blanks. */
void hr_grid_print(const hr_grid *grid, int indent, FILE *out);

/* 1234567 as "1,234,567". Owner: the caller. */
char *hr_grid_thousands(double value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_grid, hr_grid_free)

#endif
