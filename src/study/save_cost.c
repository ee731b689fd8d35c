/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/save_cost.h"

#include "cost/energy.h"

static bool save_prices(hr_store *store, const char *platform_id, int ordinal,
                        const struct hr_cost_line *line, GError **error)
{
    for (size_t i = 0; i < line->n_used; i++) {
        const struct hr_cost_used *used = &line->used[i];
        struct hr_row_cost_price row = {.platform_id = platform_id,
                                        .ordinal = ordinal,
                                        .position = (int)i + 1,
                                        .price_id = used->price_id,
                                        .price_micro = used->price,
                                        .use = hr_cost_use_name(used->use),
                                        .units_micro = used->units,
                                        .share = line->share};
        if (!hr_store_add_cost_price(store, &row, error)) {
            return false;
        }
    }
    return true;
}

bool hr_save_cost_lines(hr_store *store, const char *platform_id, const struct hr_cost *cost,
                        GError **error)
{
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        struct hr_row_cost_line row = {
            .platform_id = platform_id,
            .ordinal = (int)i + 1,
            .category = hr_cost_category_name(line->category),
            .kind = line->is_capex ? "capex" : "opex",
            .year = line->year,
            .month = line->month,
            .item = line->item,
            .rule = line->rule,
            .units_micro = line->units,
            .unit = line->unit,
            .price_micro = line->price,
            .price_id = line->price_id,
            .status = hr_price_status_name(line->status),
            .starred = line->status == HR_PRICE_RECALLED || line->status == HR_PRICE_ASSUMED,
            .source = line->source,
            .cash_cents = line->cash_cents,
            .amount_cents = line->amount_cents,
        };
        if (!hr_store_add_cost_line(store, &row, error) ||
            !save_prices(store, platform_id, row.ordinal, line, error)) {
            return false;
        }
    }
    return true;
}

bool hr_save_energy(hr_store *store, const char *platform_id, const struct hr_cost *cost,
                    int years, const hr_pricebook *book, GError **error)
{
    struct hr_energy e;
    hr_energy_of(cost, years, book, &e);
    struct hr_row_energy row = {.platform_id = platform_id,
                                .kwh_year = e.kwh_year,
                                .co2_kg_year = e.co2_kg_year,
                                .co2_kg_kwh = -1.0};
    if (e.intensity != NULL) {
        row.co2_kg_kwh = hr_decimal_to_double(e.intensity->price);
        row.intensity_id = e.intensity->id;
        row.status = hr_price_status_name(e.intensity->status);
        row.source = *e.intensity->source != '\0' ? e.intensity->source : e.intensity->note;
    }
    return hr_store_add_energy(store, &row, error);
}
