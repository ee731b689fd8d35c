/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/store_place.h - a database of two studies to be asked, and how it is asked. */
#ifndef HR_TESTS_STORE_PLACE_H
#define HR_TESTS_STORE_PLACE_H

#include <glib.h>

#include "check.h"
#include "store/store.h"
#include "store_fixture.h"

/* Two studies, so that a view that mixes them is found out; the second one is asked about. */
static const struct fixture_size first = {5, 3, 1, 4, 2, 2};
static const struct fixture_size asked = {6, 3, 3, 8, 4, 6};

struct place {
    char *folder;
    char *path;
    hr_store *store;
};

static inline int make_place(void **state)
{
    struct place *place = g_new0(struct place, 1);
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "x.db", NULL);
    fixture_save(place->path, &first);
    fixture_save(place->path, &asked);
    place->store = hr_store_open_read(place->path, NULL);
    *state = place;
    return place->store != NULL ? 0 : -1;
}

static inline int remove_place(void **state)
{
    struct place *place = *state;
    hr_store_close(place->store);
    fixture_folder_remove(place->folder);
    g_free(place->path);
    g_free(place);
    return 0;
}

static inline hr_rows *ask(struct place *place, const char *sql, const char *platform_id)
{
    GError *error = NULL;
    hr_rows *rows = hr_store_query(place->store, sql, 2, platform_id, &error);
    if (rows == NULL) {
        fail_msg("%s: %s", sql, error->message);
    }
    return rows;
}

static inline size_t at(const hr_rows *rows, const char *name)
{
    int column = hr_rows_find_column(rows, name);
    if (column < 0) {
        fail_msg("no column %s", name);
    }
    return (size_t)column;
}

static inline double number(const hr_rows *rows, size_t row, const char *name)
{
    return hr_rows_number(rows, row, at(rows, name), -1e99);
}

#endif
