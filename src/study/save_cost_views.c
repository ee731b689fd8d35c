/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/save_cost_views.h"

#include <math.h>

struct hr_delivered hr_size_delivered(const struct hr_size_answer *answer,
                                      const struct hr_size_options *options,
                                      const struct hr_guests *guests)
{
    double memory_mib = 0.0;
    for (uint32_t g = 0; g < guests->n_running; g++) {
        memory_mib += guests->items[g].size_mib;
    }
    size_t n = 0;
    const struct hr_cost_period *periods = hr_size_periods(answer, options->buy_staged, &n);
    return hr_cost_delivered(periods, n, llrint(memory_mib), guests->n_running);
}

static bool save_depreciation(hr_store *store, const struct hr_size_answer *answer,
                              const struct hr_size_options *options, GError **error)
{
    size_t n = 0;
    g_autofree struct hr_depreciation *rows =
        hr_cost_depreciate(hr_size_cost(answer, options->buy_staged), options->cost.costs,
                           options->cost.years, &n);
    for (size_t i = 0; i < n; i++) {
        struct hr_row_depreciation row = {
            .platform_id = answer->platform->id,
            .category = hr_cost_category_name(rows[i].category),
            .year = rows[i].year,
            .depreciation_cents = rows[i].cents,
            .book_value_cents = rows[i].book_cents,
        };
        if (!hr_store_add_depreciation(store, &row, error)) {
            return false;
        }
    }
    return true;
}

bool hr_save_cost_views(hr_store *store, const struct hr_size_answer *answer,
                        const struct hr_size_options *options, const struct hr_guests *guests,
                        GError **error)
{
    struct hr_delivered delivered = hr_size_delivered(answer, options, guests);
    struct hr_row_delivered row = {.platform_id = answer->platform->id,
                                   .guest_months = delivered.guest_months,
                                   .memory_mib_months = delivered.mib_months};
    return hr_store_add_delivered(store, &row, error) &&
           save_depreciation(store, answer, options, error);
}
