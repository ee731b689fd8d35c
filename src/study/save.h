/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/save.h - a sizing study into the results database, whole or not at all. */
#ifndef HR_STUDY_SAVE_H
#define HR_STUDY_SAVE_H

#include "base/diag.h"
#include "inventory/inventory.h"
#include "store/store.h"
#include "study/size.h"

/* What the study was made from; all borrowed. */
struct hr_size_context {
    const struct hr_inventory *inventory;
    const struct hr_guests *guests;
    const hr_catalog *catalog;
    const hr_pricebook *book;
    const hr_diag *diag;
    const struct hr_size_options *options;
    enum hr_powered_off powered_off;
    const char *title;   /* name of the inventory */
    const char *command; /* the words of the call */
    const char *program_version;
};

/* Adds the study to an open store and commits it. *study_id: its number there. */
bool hr_size_save(hr_store *store, const struct hr_size_context *context,
                  const struct hr_size_result *result, int64_t *study_id, GError **error);

#endif
