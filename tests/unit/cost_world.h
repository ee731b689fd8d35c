/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/cost_world.h - a small price book and a cluster that the tests of cost price by
 * hand. */
#ifndef HR_TESTS_COST_WORLD_H
#define HR_TESTS_COST_WORLD_H

#include <glib.h>

#include "check.h"
#include "cost/cost.h"
#include "cost/prices.h"

enum { N_FACTS = 22, N_ALL = N_FACTS + 2 };

/* A price of the book. */
struct fact {
    const char *id;
    const char *unit;
    const char *price;
    enum hr_price_status status;
    bool is_money;
    double
        cash_per_unit; /* how much the cash of the whole bill moves with this price, by hand */
};
extern const struct fact facts[N_FACTS];

/* All that a test may change. */
struct world {
    struct hr_price price[N_ALL];
    size_t n_prices;
    const char *missing; /* an id that the book is to lack */
    struct hr_prices prices;
    struct hr_licence licence[2];
    struct hr_platform platform;
    struct hr_server server;
    struct hr_storage storage;
    uint32_t windows_max[16];
    struct hr_cost_input input;
    struct hr_cost_params params;
};

/* Three hosts of 2 × 12 cores with 1 TB each, an array, two licences, 44 guests, 20 of Windows.
 */
void set_up(struct world *w);

/* Fail the test when the world cannot be priced. */
struct hr_cost compute(const struct world *w);
int64_t bound(const struct world *w);

/* Fail the test when there is none. */
const struct hr_cost_line *line_of(const struct hr_cost *cost, const char *item, int year);
struct hr_price *fact_of(struct world *w, const char *id);

#endif
