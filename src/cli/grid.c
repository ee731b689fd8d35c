/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/grid.h"

#include <string.h>

#include "base/error.h"

struct hr_grid {
    const struct hr_grid_column *columns;
    size_t n_columns;
    GPtrArray *cells; /* row by row */
};

hr_grid *hr_grid_new(const struct hr_grid_column *columns, size_t n_columns)
{
    hr_assert(n_columns > 0);
    hr_grid *grid = g_new0(hr_grid, 1);
    grid->columns = columns;
    grid->n_columns = n_columns;
    grid->cells = g_ptr_array_new_with_free_func(g_free);
    return grid;
}

void hr_grid_free(hr_grid *grid)
{
    if (grid != NULL) {
        g_ptr_array_free(grid->cells, TRUE);
        g_free(grid);
    }
}

/* Of the character that begins here. */
static size_t n_bytes(const char *text)
{
    return (size_t)g_utf8_skip[(unsigned char)*text];
}

void hr_grid_add(hr_grid *grid, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *raw = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *text = g_utf8_make_valid(raw, -1);
    GString *clean = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p += n_bytes(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(clean, g_unichar_iscntrl(c) ? ' ' : c);
    }
    g_ptr_array_add(grid->cells, g_string_free(clean, FALSE));
}

size_t hr_grid_n_rows(const hr_grid *grid)
{
    return grid->cells->len / grid->n_columns;
}

size_t hr_grid_n_columns(const hr_grid *grid)
{
    return grid->n_columns;
}

const struct hr_grid_column *hr_grid_column(const hr_grid *grid, size_t column)
{
    hr_assert(column < grid->n_columns);
    return &grid->columns[column];
}

const char *hr_grid_cell(const hr_grid *grid, size_t row, size_t column)
{
    hr_assert(row < hr_grid_n_rows(grid) && column < grid->n_columns);
    return g_ptr_array_index(grid->cells, row * grid->n_columns + column);
}

/* Places on a terminal: letters of East Asia take two, combining marks none. */
static int width_of(const char *text)
{
    int width = 0;
    for (const char *p = text; *p != '\0'; p += n_bytes(p)) {
        gunichar c = g_utf8_get_char(p);
        width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

/* The heading for row -1. */
static const char *text_at(const hr_grid *grid, long row, size_t column)
{
    return row < 0 ? grid->columns[column].heading : hr_grid_cell(grid, (size_t)row, column);
}

static void print_row(const hr_grid *grid, const int *widths, long row, int indent, FILE *out)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (size_t c = 0; c < grid->n_columns; c++) {
        const char *text = text_at(grid, row, c);
        int n_blank = widths[c] - width_of(text);
        g_string_append_printf(line, "%*s", c == 0 ? indent : 2, "");
        if (grid->columns[c].is_number) {
            g_string_append_printf(line, "%*s%s", n_blank, "", text);
        } else {
            g_string_append_printf(line, "%s%*s", text, n_blank, "");
        }
    }
    fprintf(out, "%s\n", g_strchomp(line->str));
}

void hr_grid_print(const hr_grid *grid, int indent, FILE *out)
{
    long n_rows = (long)hr_grid_n_rows(grid);
    g_autofree int *widths = g_new0(int, grid->n_columns);
    for (long row = -1; row < n_rows; row++) {
        for (size_t c = 0; c < grid->n_columns; c++) {
            widths[c] = MAX(widths[c], width_of(text_at(grid, row, c)));
        }
    }
    for (long row = -1; row < n_rows; row++) {
        print_row(grid, widths, row, indent, out);
    }
}

char *hr_grid_thousands(double value)
{
    g_autofree char *digits = g_strdup_printf("%.0f", value);
    size_t n = strlen(digits);
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-') {
            g_string_append_c(text, ',');
        }
        g_string_append_c(text, digits[i]);
    }
    return g_string_free(text, FALSE);
}
