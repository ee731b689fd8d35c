/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every input of a bill a fifth less and a fifth more, all else the same: the cluster too. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/change_parts.h"

static const double A_FIFTH = 0.2;

struct tornado {
    const struct hr_platform *platform;
    const struct hr_kept_bill *bill;
    const struct hr_cost_params *params;
    const struct hr_prices *prices;
    int64_t base_cents;
    GArray *swings; /* struct hr_swing */
};

static void add(const struct tornado *t, struct hr_swing swing, int64_t low, int64_t high)
{
    swing.platform = t->platform;
    swing.base_cents = t->base_cents;
    swing.low_cents = low;
    swing.high_cents = high;
    g_array_append_val(t->swings, swing);
}

static const char *text_or(const char *text, const char *other)
{
    return text != NULL && text[0] != '\0' ? text : other;
}

/* ---- prices ---- */

static int64_t at_factor(const struct tornado *t, struct hr_scaled_prices *scaled,
                         double factor)
{
    hr_scaled_prices_set(scaled, factor);
    return hr_kept_bill_tco_cents(t->bill, t->params, &scaled->prices);
}

/* The part of the id that packs of one product have in common; all of it for other prices. */
static size_t product_length(const char *id)
{
    const char *pack = strstr(id, "-pack");
    return pack != NULL ? (size_t)(pack - id) : strlen(id);
}

/* Packs of one product, of 16 cores and of 2, go together: one alone would only change which of
 * them are bought. Spoken of by the first. */
static void swing_price(const struct tornado *t, const GPtrArray *asked, guint which)
{
    const struct hr_price *price = g_ptr_array_index(asked, which);
    size_t n = product_length(price->id);
    bool is_pack = price->id[n] != '\0';
    struct hr_scaled_prices scaled;
    hr_scaled_prices_init(&scaled, t->prices);
    hr_scaled_prices_add(&scaled, price->id);
    for (guint i = 0; is_pack && i < asked->len; i++) {
        const struct hr_price *other = g_ptr_array_index(asked, i);
        if (strncmp(other->id, price->id, n) != 0 || product_length(other->id) != n) {
            continue;
        }
        if (i < which) {
            hr_scaled_prices_clear(&scaled);
            return;
        }
        hr_scaled_prices_add(&scaled, other->id);
    }
    int64_t low = at_factor(t, &scaled, 1.0 - A_FIFTH);
    int64_t high = at_factor(t, &scaled, 1.0 + A_FIFTH);
    hr_scaled_prices_clear(&scaled);
    if (low < 0 || high < 0 || (low == t->base_cents && high == t->base_cents)) {
        return; /* looked up and not needed, as the edition that was not taken */
    }
    add(t,
        (struct hr_swing){.input = g_strdup(price->id),
                          .name = g_strdup(text_or(price->item, price->id)),
                          .kind = "price",
                          .value = price->price,
                          .unit = g_strdup(text_or(price->unit, "")),
                          .status = g_strdup(hr_price_status_name(price->status)),
                          .starred = hr_price_is_starred(price),
                          .source = g_strdup(text_or(price->source, text_or(price->note, "")))},
        low, high);
}

/* ---- parameters ---- */

/* What a bill hangs on and no price says. Copies, so that they can be changed. */
struct changed {
    struct hr_platform platform;
    struct hr_storage storage;
    struct hr_cost_params params;
};

struct parameter {
    const char *key; /* as in the catalogue's file */
    const char *name;
    const char *unit;
    bool is_of_storage; /* else of the platform; the discount is of neither */
    double *(*value)(struct changed *c);
};

static double *discount_rate(struct changed *c)
{
    return &c->params.discount_rate;
}

static double *admin_h_per_host(struct changed *c)
{
    return &c->platform.admin_h_per_host_year;
}

static double *admin_h_per_guest(struct changed *c)
{
    return &c->platform.admin_h_per_guest_year;
}

static double *maintenance_frac(struct changed *c)
{
    return &c->storage.maintenance_year_frac;
}

static const struct parameter parameters[] = {
    {"discount_rate", "Discount rate", "a year", false, discount_rate},
    {"admin_h_per_host_year", "Administration of a host", "hours a year", false,
     admin_h_per_host},
    {"admin_h_per_guest_year", "Administration of a guest", "hours a year", false,
     admin_h_per_guest},
    {"maintenance_year_frac", "Maintenance of the storage", "of its price a year", true,
     maintenance_frac},
};

static void copy_for_change(const struct tornado *t, struct changed *out)
{
    const struct hr_cost_input *input = &t->bill->stages[0].input;
    *out = (struct changed){.platform = *input->platform, .params = *t->params};
    if (input->storage != NULL) {
        out->storage = *input->storage;
    }
}

static int64_t price_changed(const struct tornado *t, const struct changed *c)
{
    g_autofree struct hr_cost_stage *stages =
        g_memdup2(t->bill->stages, t->bill->n_stages * sizeof *stages);
    for (size_t k = 0; k < t->bill->n_stages; k++) {
        stages[k].input.platform = &c->platform;
        stages[k].input.storage = stages[k].input.storage != NULL ? &c->storage : NULL;
    }
    const struct hr_kept_bill bill = {.stages = stages, .n_stages = t->bill->n_stages};
    return hr_kept_bill_tco_cents(&bill, &c->params, t->prices);
}

/* "assumed: the same for all platforms" of a catalogue's file; NULL when it says nothing. */
static const char *origin_of(const struct hr_origins *origins, const char *key)
{
    for (size_t i = 0; i < origins->n; i++) {
        if (strcmp(origins->items[i].key, key) == 0) {
            return origins->items[i].text;
        }
    }
    return NULL;
}

static void set_origin(const struct tornado *t, const struct parameter *p,
                       struct hr_swing *swing)
{
    const struct hr_cost_input *input = &t->bill->stages[0].input;
    const char *text = p->value == discount_rate ? NULL
                       : p->is_of_storage        ? origin_of(&input->storage->sources, p->key)
                                                 : origin_of(&t->platform->sources, p->key);
    const char *colon = text != NULL ? strchr(text, ':') : NULL;
    if (colon == NULL) {
        swing->status = g_strdup("set");
        swing->source = g_strdup("as the study sets it");
        return;
    }
    swing->status = g_strndup(text, (gsize)(colon - text));
    swing->source = g_strstrip(g_strdup(colon + 1));
    swing->starred =
        strcmp(swing->status, "assumed") == 0 || strcmp(swing->status, "recalled") == 0;
}

static void swing_parameter(const struct tornado *t, const struct parameter *p)
{
    if (p->is_of_storage && t->bill->stages[0].input.storage == NULL) {
        return;
    }
    int64_t cents[2];
    double value = 0.0;
    for (int i = 0; i < 2; i++) {
        struct changed c;
        copy_for_change(t, &c);
        value = *p->value(&c);
        *p->value(&c) = value * (i == 0 ? 1.0 - A_FIFTH : 1.0 + A_FIFTH);
        cents[i] = price_changed(t, &c);
    }
    if (cents[0] < 0 || cents[1] < 0 || cents[0] == cents[1]) {
        return;
    }
    struct hr_swing swing = {.input = g_strdup(p->key),
                             .name = g_strdup(p->name),
                             .kind = "parameter",
                             .value = hr_decimal_from_double(value),
                             .unit = g_strdup(p->unit)};
    set_origin(t, p, &swing);
    add(t, swing, cents[0], cents[1]);
}

/* ---- all ---- */

static int by_width(gconstpointer a, gconstpointer b)
{
    const struct hr_swing *x = a;
    const struct hr_swing *y = b;
    int64_t wx = llabs((long long)(x->high_cents - x->low_cents));
    int64_t wy = llabs((long long)(y->high_cents - y->low_cents));
    return wx != wy ? (wx > wy ? -1 : 1) : strcmp(x->input, y->input);
}

void hr_find_swings(const struct hr_searched *of, GArray *swings)
{
    const struct hr_size_options *options = of->search->options;
    const struct hr_prices prices = hr_prices_of_book(of->search->book);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct hr_swing));
    struct tornado t = {.platform = of->answer->platform,
                        .bill = hr_size_bill(of->answer, options->buy_staged),
                        .params = &options->cost,
                        .prices = &prices,
                        .base_cents = hr_size_cost(of->answer, options->buy_staged)->tco_cents,
                        .swings = found};
    g_autoptr(GPtrArray) asked = hr_prices_asked(t.bill, t.params, &prices, NULL);
    for (guint i = 0; asked != NULL && i < asked->len; i++) {
        swing_price(&t, asked, i);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(parameters); i++) {
        swing_parameter(&t, &parameters[i]);
    }
    g_array_sort(found, by_width);
    if (found->len > 0) {
        g_array_append_vals(swings, found->data, found->len);
    }
}
