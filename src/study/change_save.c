/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/change_save.h"

#include <math.h>

#include "base/error.h"

static bool save_flips(hr_store *store, const struct hr_changes *changes, GError **error)
{
    for (size_t i = 0; i < changes->n_flips; i++) {
        const struct hr_flip *f = &changes->flips[i];
        bool does = isfinite(f->flip_value);
        struct hr_row_flip row = {.ordinal = (int)i + 1,
                                  .input = f->input,
                                  .what = f->what,
                                  .cheaper_id = f->cheaper->id,
                                  .dearer_id = f->dearer->id,
                                  .price_id = f->price_id,
                                  .unit = f->unit,
                                  .value = f->value,
                                  .starred = f->starred,
                                  .changes = does,
                                  .flip_value = does ? f->flip_value : 0.0,
                                  .factor = f->factor,
                                  .certainty = hr_certainty_name(f->certainty),
                                  .text = f->text};
        if (!hr_store_add_flip(store, &row, error)) {
            return false;
        }
    }
    return true;
}

static bool save_swings(hr_store *store, const struct hr_changes *changes, GError **error)
{
    const struct hr_platform *platform = NULL;
    int ordinal = 0;
    for (size_t i = 0; i < changes->n_swings; i++) {
        const struct hr_swing *s = &changes->swings[i];
        hr_assert(s->platform != NULL);
        ordinal = s->platform == platform ? ordinal + 1 : 1;
        platform = s->platform;
        struct hr_row_swing row = {.platform_id = platform->id,
                                   .ordinal = ordinal,
                                   .input = s->input,
                                   .name = s->name,
                                   .kind = s->kind,
                                   .value_micro = s->value,
                                   .unit = s->unit,
                                   .base_cents = s->base_cents,
                                   .low_cents = s->low_cents,
                                   .high_cents = s->high_cents,
                                   .status = s->status,
                                   .starred = s->starred,
                                   .source = s->source};
        if (!hr_store_add_swing(store, &row, error)) {
            return false;
        }
    }
    return true;
}

static bool save_cliffs(hr_store *store, const struct hr_changes *changes, GError **error)
{
    const struct hr_platform *platform = NULL;
    int ordinal = 0;
    for (size_t i = 0; i < changes->n_cliffs; i++) {
        const struct hr_cliff *c = &changes->cliffs[i];
        hr_assert(c->platform != NULL);
        ordinal = c->platform == platform ? ordinal + 1 : 1;
        platform = c->platform;
        struct hr_row_cliff row = {.platform_id = platform->id,
                                   .ordinal = ordinal,
                                   .month = c->month,
                                   .event = c->event,
                                   .extra_cents = c->extra_cents,
                                   .extra_year_cents = c->extra_year_cents,
                                   .text = c->text};
        if (!hr_store_add_cliff(store, &row, error)) {
            return false;
        }
    }
    return true;
}

bool hr_changes_save(hr_store *store, const struct hr_changes *changes, GError **error)
{
    return save_flips(store, changes, error) && save_swings(store, changes, error) &&
           save_cliffs(store, changes, error);
}
