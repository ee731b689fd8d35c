/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/test_plot_golden.h - compares text with a file of tests/golden. With
 * HR_GOLDEN_WRITE set the file is rewritten instead, and the difference is read before it is
 * committed. */
#ifndef HR_TESTS_TEST_PLOT_GOLDEN_H
#define HR_TESTS_TEST_PLOT_GOLDEN_H

#include <stdlib.h>
#include <string.h>

#include <glib.h>

static inline void assert_golden(const char *name, const char *text)
{
    const char *top = g_getenv("top_srcdir");
    g_autofree char *path =
        g_build_filename(top != NULL ? top : ".", "tests", "golden", name, NULL);
    if (g_getenv("HR_GOLDEN_WRITE") != NULL) {
        assert_true(g_file_set_contents(path, text, -1, NULL));
        return;
    }
    g_autofree char *expected = NULL;
    if (!g_file_get_contents(path, &expected, NULL, NULL)) {
        fail_msg("cannot read %s", path);
    }
    g_auto(GStrv) want = g_strsplit(expected, "\n", -1);
    g_auto(GStrv) got = g_strsplit(text, "\n", -1);
    for (size_t i = 0; want[i] != NULL || got[i] != NULL; i++) {
        if (want[i] == NULL || got[i] == NULL || strcmp(want[i], got[i]) != 0) {
            fail_msg("%s:%zu:\nexpected %s\ngot      %s", name, i + 1,
                     want[i] != NULL ? want[i] : "(end)", got[i] != NULL ? got[i] : "(end)");
        }
    }
}

#endif
