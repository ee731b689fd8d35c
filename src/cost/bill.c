/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cost/bill.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/error.h"

/* Limits that keep every product and sum far inside 64 bits, whatever a user's book says. */
static const hr_decimal price_most = INT64_C(1000000000) * HR_DECIMAL_ONE;
static const double units_most = 1e11;
static const double amount_most = 1e12;

/* Of a price that is missing, so that the rest of the bill can be looked at too. */
static const struct hr_price stand_in = {.id = (char *)"",
                                         .item = (char *)"",
                                         .unit = (char *)"each",
                                         .price = HR_DECIMAL_ONE,
                                         .status = HR_PRICE_ASSUMED};

static const struct hr_price *note_missing(const struct hr_bill *bill, const char *id,
                                           const char *asker)
{
    char *text = g_strdup_printf("no price '%s' (needed by %s)", id, asker);
    if (g_ptr_array_find_with_equal_func(bill->missing, text, g_str_equal, NULL)) {
        g_free(text);
    } else {
        g_ptr_array_add(bill->missing, text);
    }
    return &stand_in;
}

const struct hr_price *hr_bill_price(const struct hr_bill *bill, const char *id, GError **error,
                                     const char *asker_format, ...)
{
    const struct hr_price *price =
        id != NULL ? bill->prices->get(bill->prices->table, id) : NULL;
    if (price != NULL && price->price >= 0 && price->price <= price_most) {
        return price;
    }
    va_list args;
    va_start(args, asker_format);
    g_autofree char *asker = g_strdup_vprintf(asker_format, args);
    va_end(args);
    if (id == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "%s names no price", asker);
    } else if (price == NULL && bill->missing != NULL) {
        return note_missing(bill, id, asker);
    } else if (price == NULL) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "price book %s: no price '%s' (needed by %s)", bill->prices->name, id,
                    asker);
    } else {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "price book %s: price '%s' is not between 0 and 10^9 (needed by %s)",
                    bill->prices->name, id, asker);
    }
    return NULL;
}

char *hr_bill_text(const struct hr_bill *bill, const char *format, ...)
{
    if (hr_bill_is_silent(bill)) {
        return NULL;
    }
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return text;
}

/* How much a price can be relied on, the best first. */
static int weakness(enum hr_price_status status)
{
    switch (status) {
    case HR_PRICE_QUOTE:
        return 0;
    case HR_PRICE_FOUND:
        return 1;
    case HR_PRICE_DERIVED:
        return 2;
    case HR_PRICE_RECALLED:
        return 3;
    case HR_PRICE_ASSUMED:
    case HR_PRICE__COUNT:
        break;
    }
    return 4;
}

enum hr_price_status hr_price_weaker(enum hr_price_status a, enum hr_price_status b)
{
    return weakness(b) > weakness(a) ? b : a;
}

struct hr_price hr_bill_own_price(const char *where, hr_decimal price)
{
    char *empty = (char *)(uintptr_t) "";
    return (struct hr_price){.id = empty,
                             .item = empty,
                             .unit = empty,
                             .price = price,
                             .status = HR_PRICE_QUOTE,
                             .source = (char *)(uintptr_t)where};
}

static const char *source_of(const struct hr_price *price)
{
    if (price->source != NULL && price->source[0] != '\0') {
        return price->source;
    }
    return price->note != NULL ? price->note : "";
}

char *hr_cost_sources(const struct hr_price *const *used, size_t n_used,
                      enum hr_price_status *weakest)
{
    *weakest = HR_PRICE_QUOTE;
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < n_used; i++) {
        *weakest = hr_price_weaker(*weakest, used[i]->status);
        if (n_used == 1) {
            g_string_append(text, source_of(used[i]));
        } else {
            const char *id = used[i]->id; /* none where the scenario states it */
            g_string_append_printf(text, "%s%s%s%s", text->len > 0 ? "; " : "", id,
                                   *id != '\0' ? ": " : "", source_of(used[i]));
        }
    }
    return g_string_free(text, FALSE);
}

static enum hr_cost_use use_of(const struct hr_bill_entry *entry, int i)
{
    if (entry->part_units[i] > 0) {
        return HR_COST_USE_PART;
    }
    return entry->price_id != NULL && strcmp(entry->used[i]->id, entry->price_id) == 0
               ? HR_COST_USE_PRICE
               : HR_COST_USE_OTHER;
}

/* Fills the line's prices, status and source. */
static void set_prices(const struct hr_bill_entry *entry, struct hr_cost_line *line)
{
    const struct hr_price *used[HR_BILL_PRICES_MAX];
    line->used = g_new0(struct hr_cost_used, HR_BILL_PRICES_MAX);
    for (int i = 0; i < HR_BILL_PRICES_MAX; i++) {
        if (entry->used[i] != NULL) {
            used[line->n_used] = entry->used[i];
            line->used[line->n_used++] =
                (struct hr_cost_used){.price_id = g_strdup(entry->used[i]->id),
                                      .price = entry->used[i]->price,
                                      .use = use_of(entry, i),
                                      .units = entry->part_units[i]};
        }
    }
    line->share = entry->share;
    line->source = hr_cost_sources(used, line->n_used, &line->status);
}

static bool add(struct hr_bill *bill, const struct hr_bill_entry *entry, int year, int month,
                GError **error)
{
    if (!(entry->units >= 0.0 && entry->units < units_most) || entry->price < 0 ||
        entry->units * hr_decimal_to_double(entry->price) >= amount_most) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "price book %s: the cost of %s is beyond 10^12", bill->prices->name,
                    entry->item);
        return false;
    }
    hr_decimal units = hr_decimal_from_double(entry->units);
    if (units == 0) {
        return true;
    }
    double factor = pow(1.0 + bill->params->discount_rate, -(double)month / 12.0);
    int64_t amount_cents = hr_money_cents_scaled(units, entry->price, factor);
    int64_t cash_cents = hr_money_cents(units, entry->price);
    bill->tco_cents += amount_cents;
    bill->capex_cents += year == 0 ? amount_cents : 0;
    if (bill->is_bound) {
        int64_t share_cents =
            hr_bill_bound_shares(bill->params, entry->category, year == 0, month, cash_cents);
        bill->tco_cents += share_cents;
        bill->capex_cents += year == 0 ? share_cents : 0;
    }
    if (hr_bill_is_silent(bill)) {
        return true;
    }
    struct hr_cost_line line = {
        .category = entry->category,
        .is_capex = year == 0,
        .year = year,
        .month = month,
        .follows_periods = entry->follows_periods,
        .item = g_strdup(entry->item),
        .rule = g_strdup(entry->rule != NULL ? entry->rule : ""),
        .units = units,
        .unit = g_strdup(entry->unit != NULL ? entry->unit : ""),
        .price = entry->price,
        .price_id = g_strdup(entry->price_id != NULL ? entry->price_id : ""),
        .cash_cents = cash_cents,
        .amount_cents = amount_cents,
    };
    set_prices(entry, &line);
    g_array_append_val(bill->lines, line);
    return true;
}

bool hr_bill_buy(struct hr_bill *bill, const struct hr_bill_entry *entry, GError **error)
{
    return add(bill, entry, 0, 0, error);
}

bool hr_bill_run(struct hr_bill *bill, const struct hr_bill_entry *entry, int year,
                 enum hr_bill_due due, GError **error)
{
    int month = due == HR_BILL_MID_YEAR ? 12 * year - 6 : 12 * (year - 1);
    return add(bill, entry, year, month, error);
}

bool hr_bill_run_yearly(struct hr_bill *bill, const struct hr_bill_entry *entry,
                        enum hr_bill_due due, GError **error)
{
    for (int year = 1; year <= bill->params->years; year++) {
        if (!hr_bill_run(bill, entry, year, due, error)) {
            return false;
        }
    }
    return true;
}

/* "year 2", "month 13", "months 13 to 18": counted from 1. Owner: the caller. */
static char *period_text(const struct hr_cost_period *period)
{
    int n_months = period->to_month - period->from_month;
    if (n_months == 12) {
        return g_strdup_printf("year %d", period->to_month / 12);
    }
    return n_months == 1
               ? g_strdup_printf("month %d", period->to_month)
               : g_strdup_printf("months %d to %d", period->from_month + 1, period->to_month);
}

bool hr_bill_run_period(struct hr_bill *bill, const struct hr_bill_entry *entry,
                        const struct hr_cost_period *period, GError **error)
{
    int n_months = period->to_month - period->from_month;
    int year = period->from_month / 12 + 1;
    int middle = period->from_month + n_months / 2;
    struct hr_bill_entry part = *entry;
    part.units = entry->units * n_months / 12.0;
    part.follows_periods = true;
    if (hr_bill_is_silent(bill) || bill->input->periods == NULL) {
        return add(bill, &part, year, middle, error);
    }
    g_autofree char *when = period_text(period);
    g_autofree char *item = g_strdup_printf("%s, %s", entry->item, when);
    g_autofree char *rule =
        n_months == 12 ? g_strdup(entry->rule)
                       : g_strdup_printf("%s; × %d of 12 months", entry->rule, n_months);
    part.item = item;
    part.rule = rule;
    return add(bill, &part, year, middle, error);
}

struct hr_cost_period *hr_bill_periods(const struct hr_bill *bill, size_t *n)
{
    const struct hr_cost_input *input = bill->input;
    if (input->periods != NULL) {
        *n = input->n_periods;
        return g_memdup2(input->periods, input->n_periods * sizeof *input->periods);
    }
    *n = (size_t)bill->params->years;
    struct hr_cost_period *periods = g_new(struct hr_cost_period, *n);
    for (int y = 0; y < bill->params->years; y++) {
        periods[y] = (struct hr_cost_period){.from_month = 12 * y,
                                             .to_month = 12 * (y + 1),
                                             .n_hosts = input->n_hosts,
                                             .n_guests = input->n_guests,
                                             .cpu_util_mean = input->cpu_util_mean};
    }
    return periods;
}

static gint by_category(gconstpointer a, gconstpointer b)
{
    const struct hr_cost_line *x = a;
    const struct hr_cost_line *y = b;
    return (gint)x->category - (gint)y->category;
}

void hr_bill_close(struct hr_bill *bill)
{
    guint n = bill->lines->len;
    hr_cost_add_shares(bill->lines, bill->params, bill->prices->currency);
    for (guint i = n; i < bill->lines->len; i++) {
        bill->tco_cents += g_array_index(bill->lines, struct hr_cost_line, i).amount_cents;
    }
    g_array_sort(bill->lines, by_category); /* which keeps the order within one */
}

void hr_bill_finish(struct hr_bill *bill, struct hr_cost *out)
{
    struct hr_cost cost = {.n_lines = bill->lines->len};
    cost.lines = (struct hr_cost_line *)(void *)g_array_free(bill->lines, FALSE);
    hr_cost_sum_up(&cost);
    hr_assert(cost.tco_cents == bill->tco_cents);
    cost.windows_edition = g_steal_pointer(&bill->windows_edition);
    bill->lines = NULL;
    *out = cost;
}

void hr_bill_clear(struct hr_bill *bill)
{
    if (bill->lines != NULL) {
        struct hr_cost rest = {0};
        hr_bill_finish(bill, &rest);
        hr_cost_clear(&rest);
    }
    g_clear_pointer(&bill->windows_edition, g_free);
}
