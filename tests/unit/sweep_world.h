/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/sweep_world.h - a sweep with its plan, catalogue, prices and a folder to run in.
 */
#ifndef HR_TESTS_SWEEP_WORLD_H
#define HR_TESTS_SWEEP_WORLD_H

#include <stdlib.h>

#include "check.h"
#include "store_fixture.h"
#include "sweep_text.h"

struct world {
    hr_catalog *catalog;
    hr_pricebook *book;
    struct hr_sweep *sweep;
    struct hr_plan *plan;
    char *folder;
};

/* Of the text of a sweep. */
static inline int make_world_of(const char *text, void **state)
{
    struct world *w = g_new0(struct world, 1);
    g_autoptr(hr_diag) diag = hr_diag_new();
    w->catalog = shipped_catalog();
    w->book = hr_pricebook_load(hr_catalog_dir(w->catalog), NULL, NULL, "USD", diag, NULL);
    assert_non_null(w->book);
    w->sweep = sound_sweep(w->catalog, text);
    w->plan = plan_of(w->sweep, w->catalog);
    w->folder = fixture_folder_new();
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1788220800", 1), 0);
    *state = w;
    return 0;
}

static inline int free_world(void **state)
{
    struct world *w = *state;
    fixture_folder_remove(w->folder);
    hr_plan_free(w->plan);
    hr_sweep_free(w->sweep);
    hr_pricebook_free(w->book);
    hr_catalog_free(w->catalog);
    g_free(w);
    return 0;
}

#endif
