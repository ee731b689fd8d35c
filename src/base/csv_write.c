/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv_write.h"

#include <stdbool.h>
#include <string.h>

#include <csv.h>

static void append_cell(GString *out, const char *cell)
{
    size_t n = strlen(cell);
    bool is_bare = strpbrk(cell, ",;\t\"\r\n") == NULL &&
                   (n == 0 || (cell[0] != ' ' && cell[n - 1] != ' '));
    if (is_bare) {
        g_string_append(out, cell);
        return;
    }
    size_t n_quoted = csv_write(NULL, 0, cell, n);
    gsize at = out->len;
    g_string_set_size(out, at + n_quoted);
    (void)csv_write(out->str + at, n_quoted, cell, n);
}

void hr_csv_append_row(GString *out, const char *const *cells, size_t n_cells)
{
    for (size_t i = 0; i < n_cells; i++) {
        if (i > 0) {
            g_string_append_c(out, ',');
        }
        append_cell(out, cells[i] != NULL ? cells[i] : "");
    }
    g_string_append_c(out, '\n');
}
