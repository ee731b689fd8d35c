/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cost/energy.h"

#include <string.h>

#include "base/error.h"

void hr_energy_of(const struct hr_cost *cost, int years, const hr_pricebook *book,
                  struct hr_energy *out)
{
    hr_assert(years >= 1);
    bool is_euro = strcmp(hr_pricebook_currency(book), "EUR") == 0;
    hr_decimal kwh = 0;
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        if (line->category == HR_COST_POWER && strcmp(line->unit, "kwh") == 0) {
            kwh += line->units;
        }
    }
    struct hr_energy energy = {
        .kwh_year = hr_decimal_to_double(kwh) / years,
        .co2_kg_year = -1.0,
        .intensity =
            hr_pricebook_get(book, is_euro ? "grid-eu-co2e-kg-kwh" : "grid-us-co2e-kg-kwh")};
    if (energy.intensity != NULL) {
        energy.co2_kg_year = energy.kwh_year * hr_decimal_to_double(energy.intensity->price);
    }
    *out = energy;
}
