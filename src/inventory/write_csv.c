/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "inventory/inventory.h"
#include "inventory/own.h"

/* The fewest digits that read back as the same number. */
static void append_number(GString *out, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (int digits = 15; digits <= 17; digits++) {
        char format[8];
        (void)g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(text, sizeof text, format, value);
        double again = g_ascii_strtod(text, NULL);
        if (!(again < value) && !(again > value)) {
            break;
        }
    }
    g_string_append(out, text);
}

static void append_text(GString *out, const char *text)
{
    size_t n = strlen(text);
    bool is_guarded = hr_own_is_guarded(text);
    bool is_quoted = strpbrk(text, ",;\t\"\r\n") != NULL ||
                     (n > 0 && (text[0] == ' ' || text[n - 1] == ' '));
    if (is_quoted) {
        g_string_append_c(out, '"');
    }
    if (is_guarded) {
        g_string_append_c(out, '\'');
    }
    for (const char *p = text; *p != '\0'; p++) {
        g_string_append_len(out, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
    }
    if (is_quoted) {
        g_string_append_c(out, '"');
    }
}

static void append_cell(GString *out, const struct hr_inventory_guest *guest,
                        const struct hr_own_column *column)
{
    const void *place = (const char *)guest + column->offset;
    switch (column->kind) {
    case HR_OWN_TEXT:
        append_text(out, *(char *const *)place);
        break;
    case HR_OWN_NUMBER:
    case HR_OWN_LIMIT:
        if (*(const double *)place >= 0) {
            append_number(out, *(const double *)place);
        }
        break;
    case HR_OWN_WHOLE:
        g_string_append_printf(out, "%d", *(const int *)place);
        break;
    case HR_OWN_COUNT:
        break;
    case HR_OWN_POWER:
        g_string_append(out, hr_power_name(guest->power));
        break;
    case HR_OWN_YES:
        g_string_append(out, *(const bool *)place ? "yes" : "no");
        break;
    case HR_OWN_MAYBE:
        if (*(const int *)place >= 0) {
            g_string_append(out, *(const int *)place != 0 ? "yes" : "no");
        }
        break;
    case HR_OWN_PRIORITY:
        if (*(const int *)place >= 0) {
            g_string_append(out, hr_priority_names[*(const int *)place]);
        }
        break;
    }
}

char *hr_inventory_to_csv(const struct hr_inventory *inventory)
{
    GString *out = g_string_new(NULL);
    for (size_t g = 0; g <= inventory->n_guests; g++) {
        bool is_first = true;
        for (size_t c = 0; c < hr_own_n_columns; c++) {
            const struct hr_own_column *column = &hr_own_columns[c];
            if (column->kind == HR_OWN_COUNT) {
                continue;
            }
            if (!is_first) {
                g_string_append_c(out, ',');
            }
            is_first = false;
            if (g == 0) {
                g_string_append(out, column->name);
            } else {
                append_cell(out, &inventory->guests[g - 1], column);
            }
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

/* Devices, pipes and links are written to; only a plain file is replaced as a whole. */
static bool write_through(const char *path, const char *text, GError **error)
{
    bool is_stdout = strcmp(path, "-") == 0;
    FILE *file = is_stdout ? stdout : fopen(path, "wb");
    bool is_written = file != NULL && fputs(text, file) >= 0 && fflush(file) == 0;
    int write_errno = errno;
    if (file != NULL && !is_stdout && fclose(file) != 0) {
        is_written = false;
    }
    if (!is_written) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot write %s: %s",
                    is_stdout ? "to standard output" : path, g_strerror(write_errno));
    }
    return is_written;
}

bool hr_inventory_write_csv(const struct hr_inventory *inventory, const char *path,
                            GError **error)
{
    g_autofree char *text = hr_inventory_to_csv(inventory);
    bool is_special =
        g_file_test(path, G_FILE_TEST_IS_SYMLINK) ||
        (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR));
    if (strcmp(path, "-") == 0 || is_special) {
        return write_through(path, text, error);
    }
    g_autoptr(GError) cause = NULL;
    if (!g_file_set_contents(path, text, -1, &cause)) {
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "cannot write %s: %s", path,
                    cause->message);
        return false;
    }
    return true;
}
