/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/study_estate.h - an inventory with catalogue and prices, as studies read it. */
#ifndef HR_TESTS_STUDY_ESTATE_H
#define HR_TESTS_STUDY_ESTATE_H

#include <string.h>

#include "check.h"
#include "study/size.h"

struct estate {
    char *folder; /* of a test's own */
    hr_diag *diag;
    hr_catalog *catalog;
    hr_pricebook *book;
    struct hr_inventory *inventory;
    struct hr_guests *guests;
    const struct hr_platform *platforms[5];
    const struct hr_server *servers[3];
    struct hr_size_options options;
};

/* Fills all but folder, platforms, servers and options. */
static inline void estate_read(struct estate *e, const char *inventory_path)
{
    e->diag = hr_diag_new();
    e->catalog = hr_catalog_load(NULL, e->diag, NULL);
    assert_non_null(e->catalog);
    e->book = hr_pricebook_load(hr_catalog_dir(e->catalog), NULL, NULL, "USD", e->diag, NULL);
    assert_non_null(e->book);
    struct hr_inventory_options inventory = {0};
    e->inventory = hr_inventory_load(inventory_path, &inventory, e->diag, NULL);
    assert_non_null(e->inventory);
    struct hr_guests_options guests = {.powered_off = HR_OFF_STORAGE,
                                       .reference_mhz = HR_REFERENCE_MHZ};
    e->guests = hr_guests_new(e->inventory, e->catalog, &guests, e->diag, NULL);
    assert_non_null(e->guests);
}

static inline void estate_release(struct estate *e)
{
    hr_guests_free(e->guests);
    hr_inventory_free(e->inventory);
    hr_pricebook_free(e->book);
    hr_catalog_free(e->catalog);
    hr_diag_free(e->diag);
}

#endif
