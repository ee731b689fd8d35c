/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/pricebook_names.h"

#include <string.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/pricebook.h"

bool hr_pricebook_is_name(const char *text)
{
    return strlen(text) == 4 && strspn(text, "0123456789") == 4;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *hr_pricebook_names(const char *folder, GError **error)
{
    GError *failure = NULL;
    GDir *dir = g_dir_open(folder, 0, &failure);
    if (dir == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s", failure->message);
        g_error_free(failure);
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *file = g_dir_read_name(dir); file != NULL; file = g_dir_read_name(dir)) {
        g_autofree char *name = g_strndup(file, 4);
        if (hr_pricebook_is_name(name) && strcmp(file + 4, ".csv") == 0) {
            g_ptr_array_add(names, g_steal_pointer(&name));
        }
    }
    g_dir_close(dir);
    if (names->len == 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s: no price book (YEAR.csv)", folder);
        g_ptr_array_free(names, TRUE);
        return NULL;
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

char *hr_pricebook_folder(const char *data_dir)
{
    g_autofree char *dir = hr_data_dir(data_dir);
    return g_build_filename(dir, "prices", NULL);
}

char *hr_pricebook_newest(const char *data_dir, GError **error)
{
    g_autofree char *folder = hr_pricebook_folder(data_dir);
    g_autoptr(GPtrArray) names = hr_pricebook_names(folder, error);
    return names != NULL ? g_strdup(names->pdata[names->len - 1]) : NULL;
}

bool hr_pricebook_check_name(const char *folder, const GPtrArray *names, const char *book,
                             hr_diag *diag, GError **error)
{
    const char *newest = names->pdata[names->len - 1];
    g_autoptr(GString) known = g_string_new(NULL);
    bool is_known = false;
    for (guint i = 0; i < names->len; i++) {
        is_known = is_known || strcmp(book, names->pdata[i]) == 0;
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", (char *)names->pdata[i]);
    }
    if (!is_known) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s: there is no price book '%s' (%s)",
                    folder, book, known->str);
    } else if (strcmp(book, newest) != 0) {
        hr_diag_add(diag, HR_NOTE, NULL, 0, 0, "book of the past",
                    "the price book '%s' is not today's: the newest is '%s'", book, newest);
    }
    return is_known;
}
