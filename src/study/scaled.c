/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/scaled.h"

#include <math.h>
#include <string.h>

static const double PRICE_MOST = 1e9;

static const struct hr_price *get_scaled(const void *table, const char *id)
{
    const struct hr_scaled_prices *scaled = table;
    for (guint i = 0; i < scaled->changed->len; i++) {
        const struct hr_price *price = &g_array_index(scaled->changed, struct hr_price, i);
        if (strcmp(price->id, id) == 0) {
            return price;
        }
    }
    return scaled->base->get(scaled->base->table, id);
}

void hr_scaled_prices_init(struct hr_scaled_prices *scaled, const struct hr_prices *base)
{
    *scaled =
        (struct hr_scaled_prices){.base = base,
                                  .changed = g_array_new(FALSE, FALSE, sizeof(struct hr_price)),
                                  .prices = *base};
    scaled->prices.table = scaled;
    scaled->prices.get = get_scaled;
}

void hr_scaled_prices_clear(struct hr_scaled_prices *scaled)
{
    g_clear_pointer(&scaled->changed, g_array_unref);
}

void hr_scaled_prices_add(struct hr_scaled_prices *scaled, const char *id)
{
    const struct hr_price *price = scaled->base->get(scaled->base->table, id);
    if (price != NULL && get_scaled(scaled, id) == price) {
        g_array_append_val(scaled->changed, *price);
    }
}

void hr_scaled_prices_set(struct hr_scaled_prices *scaled, double factor)
{
    for (guint i = 0; i < scaled->changed->len; i++) {
        struct hr_price *price = &g_array_index(scaled->changed, struct hr_price, i);
        const struct hr_price *base = scaled->base->get(scaled->base->table, price->id);
        price->price = hr_decimal_from_double(
            fmin(PRICE_MOST, hr_decimal_to_double(base->price) * factor));
    }
}

/* ---- which prices a bill asks for ---- */

struct listening {
    const struct hr_prices *base;
    GPtrArray *asked; /* const struct hr_price * */
};

static const struct hr_price *get_and_note(const void *table, const char *id)
{
    const struct listening *l = table;
    const struct hr_price *price = l->base->get(l->base->table, id);
    gpointer entry = (gpointer)(guintptr)price;
    if (price != NULL && !g_ptr_array_find(l->asked, entry, NULL)) {
        g_ptr_array_add(l->asked, entry);
    }
    return price;
}

GPtrArray *hr_prices_asked(const struct hr_kept_bill *bill, const struct hr_cost_params *params,
                           const struct hr_prices *base, struct hr_cost *cost)
{
    struct listening l = {.base = base, .asked = g_ptr_array_new()};
    struct hr_prices prices = *base;
    prices.table = &l;
    prices.get = get_and_note;
    struct hr_cost made = {0};
    if (!hr_kept_bill_price(bill, params, &prices, &made, NULL)) {
        g_ptr_array_unref(l.asked);
        return NULL;
    }
    if (cost != NULL) {
        *cost = made;
    } else {
        hr_cost_clear(&made);
    }
    return l.asked;
}
