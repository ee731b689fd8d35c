/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/columns.h"

#include <string.h>

enum { LIST_MAX = 12 };

static const struct {
    const char *unit;
    double scale;
} units[] = {
    {"kb", 1.0 / 1024.0}, {"kib", 1.0 / 1024.0}, {"mb", 1.0},
    {"mib", 1.0},         {"gb", 1024.0},        {"gib", 1024.0},
};

/* A percentage of something is another column than the thing. */
static bool is_letter(char c)
{
    return g_ascii_isalnum(c) || c == '%' || (unsigned char)c >= 0x80;
}

char *hr_column_key(const char *heading, double *scale)
{
    GString *key = g_string_new(NULL);
    size_t n = strlen(heading);
    while (n > 0 && !is_letter(heading[n - 1])) {
        n--;
    }
    size_t word_start = 0; /* in key: where the last word begins */
    for (size_t i = 0; i < n; i++) {
        if (is_letter(heading[i])) {
            g_string_append_c(key, g_ascii_tolower(heading[i]));
        } else {
            word_start = key->len;
        }
    }
    *scale = 1.0;
    for (size_t i = 0; i < G_N_ELEMENTS(units) && word_start > 0; i++) {
        if (strcmp(key->str + word_start, units[i].unit) == 0) {
            *scale = units[i].scale;
            g_string_truncate(key, word_start);
            break;
        }
    }
    return g_string_free(key, FALSE);
}

static bool key_matches(const char *seen, const char *prefix, const char *key)
{
    size_t n_prefix = strlen(prefix);
    return strcmp(seen, key) == 0 ||
           (strncmp(seen, prefix, n_prefix) == 0 && strcmp(seen + n_prefix, key) == 0);
}

bool hr_columns_have(const hr_sheet *sheet, const char *prefix, const char *key)
{
    for (size_t c = 0; c < hr_sheet_columns(sheet); c++) {
        double scale = 1.0;
        g_autofree char *seen = hr_column_key(hr_sheet_header(sheet, c), &scale);
        if (key_matches(seen, prefix, key)) {
            return true;
        }
    }
    return false;
}

/* Looks for one name. Returns: false when two columns have it. */
static bool find_name(const hr_sheet *sheet, char **keys, const char *prefix, const char *key,
                      hr_diag *diag, int *index)
{
    *index = -1;
    for (size_t c = 0; keys[c] != NULL; c++) {
        if (!key_matches(keys[c], prefix, key)) {
            continue;
        }
        if (*index < 0) {
            *index = (int)c;
            continue;
        }
        const char *first = hr_sheet_header(sheet, (size_t)*index);
        const char *second = hr_sheet_header(sheet, c);
        if (strcmp(first, second) == 0) {
            hr_diag_add(diag, HR_FATAL, hr_sheet_name(sheet), hr_sheet_header_line(sheet), 0,
                        "column twice", "the column %s stands twice; delete the wrong one",
                        first);
        } else {
            hr_diag_add(diag, HR_FATAL, hr_sheet_name(sheet), hr_sheet_header_line(sheet), 0,
                        "column twice",
                        "the column %s stands twice, once as %s; delete the wrong one", first,
                        second);
        }
        return false;
    }
    return true;
}

bool hr_columns_find(const hr_sheet *sheet, const char *prefix,
                     const struct hr_column_name *names, size_t n_names,
                     struct hr_column *found, size_t n_fields, hr_diag *diag)
{
    size_t n_columns = hr_sheet_columns(sheet);
    g_auto(GStrv) keys = g_new0(char *, n_columns + 1);
    g_autofree double *scales = g_new(double, n_columns + 1);
    for (size_t c = 0; c < n_columns; c++) {
        keys[c] = hr_column_key(hr_sheet_header(sheet, c), &scales[c]);
    }
    for (size_t f = 0; f < n_fields; f++) {
        found[f] = (struct hr_column){.index = -1, .scale = 1.0};
    }
    bool is_ok = true;
    for (size_t i = 0; i < n_names; i++) {
        struct hr_column *column = &found[names[i].field];
        if (column->index >= 0) {
            continue;
        }
        is_ok = find_name(sheet, keys, prefix, names[i].key, diag, &column->index) && is_ok;
        column->scale = column->index >= 0 ? scales[column->index] : 1.0;
    }
    return is_ok;
}

char *hr_columns_list(const hr_sheet *sheet)
{
    GString *list = g_string_new(NULL);
    size_t n_listed = 0;
    size_t n_left = 0;
    for (size_t c = 0; c < hr_sheet_columns(sheet); c++) {
        const char *heading = hr_sheet_header(sheet, c);
        if (*heading == '\0') {
            continue;
        }
        if (n_listed == LIST_MAX) {
            n_left++;
            continue;
        }
        g_string_append_printf(list, "%s\"%s\"", n_listed > 0 ? ", " : "", heading);
        n_listed++;
    }
    if (n_left > 0) {
        g_string_append_printf(list, " and %zu more", n_left);
    }
    return g_string_free(list, FALSE);
}
