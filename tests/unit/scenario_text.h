/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/scenario_text.h - scenarios from text, by the shipped catalogue. */
#ifndef HR_TESTS_SCENARIO_TEXT_H
#define HR_TESTS_SCENARIO_TEXT_H

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "scenario/read.h"

static inline hr_catalog *shipped_catalog(void)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_catalog *catalog = hr_catalog_load(NULL, diag, NULL);
    assert_non_null(catalog);
    return catalog;
}

/* Reads a text as if it were a file. */
static inline struct hr_scenario_file *read_text(const hr_catalog *catalog, const char *text,
                                                 hr_diag *diag)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("scenario-XXXXXX.yaml", &path, NULL);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    struct hr_scenario_file *file = hr_scenario_load(path, catalog, diag, NULL);
    (void)g_unlink(path);
    return file;
}

/* A text that must be sound. */
static inline struct hr_scenario_file *sound(const hr_catalog *catalog, const char *text)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_scenario_file *file = read_text(catalog, text, diag);
    for (size_t i = 0; file == NULL && i < hr_diag_count(diag); i++) {
        print_error("%s\n", hr_diag_get(diag, i)->text);
    }
    assert_non_null(file);
    return file;
}

#endif
