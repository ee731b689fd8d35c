/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost/energy.h - the electricity of a cost's lines, and what it emits. */
#ifndef HR_COST_ENERGY_H
#define HR_COST_ENERGY_H

#include "catalog/pricebook.h"
#include "cost/cost.h"

struct hr_energy {
    double kwh_year;    /* mean over the years: the units of all power lines in kWh, cooling
                           included */
    double co2_kg_year; /* kg of CO2 equivalent: kWh × the grid's intensity; -1: not known */
    const struct hr_price *intensity; /* kg per kWh of the currency's region; borrowed from the
                                         book, NULL where it has none */
};

/* years: those of the cost. The same numbers as in the lines, so that energy and its price
 * re-add: kwh_year × years × price = the cash of the power lines, but for their rounding. */
void hr_energy_of(const struct hr_cost *cost, int years, const hr_pricebook *book,
                  struct hr_energy *out);

#endif
