/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines that are shares of others: what the hardware is worth at the end, and taxes. Both are
 * taken of sums of cash, so that each is rounded once. */
#include <math.h>
#include <stdlib.h>

#include "cost/bill.h"

static const hr_decimal per_cent = HR_DECIMAL_ONE / 100;

/* Cents of one kind that are paid together. */
struct group {
    enum hr_cost_category category;
    bool is_capex;
    int year, month;
    enum hr_price_status status; /* the weakest of its lines */
    int64_t cash_cents;
};

static bool is_hardware(enum hr_cost_category category)
{
    return category <= HR_COST_NETWORK;
}

static double factor_of(const struct hr_cost_params *params, int month)
{
    return pow(1.0 + params->discount_rate, -(double)month / 12.0);
}

/* Of a purchase that is worth so much less. */
static hr_decimal residual_price(const struct hr_cost_params *params)
{
    return -hr_decimal_from_double(params->costs->residual_pct / 100.0);
}

static hr_decimal tax_price(const struct hr_cost_params *params, enum hr_cost_category category)
{
    return hr_decimal_mul(params->costs->tax_pct[category], per_cent);
}

/* A share of cents that are the sum of several lines': each may round by half a cent where the
 * bill rounds once. */
static int64_t least_share(int64_t cash_cents, hr_decimal price, double factor)
{
    hr_decimal units = cash_cents * (HR_DECIMAL_ONE / 100);
    return price == 0 ? 0 : hr_money_cents_scaled(units, price, factor) - 1;
}

int64_t hr_bill_bound_shares(const struct hr_cost_params *params,
                             enum hr_cost_category category, bool is_capex, int month,
                             int64_t cash_cents)
{
    if (params->costs == NULL) {
        return 0;
    }
    int64_t tax =
        least_share(cash_cents, tax_price(params, category), factor_of(params, month));
    int64_t residual = 0;
    if (is_capex && is_hardware(category)) {
        residual = least_share(cash_cents, residual_price(params),
                               factor_of(params, 12 * params->years));
    }
    return MAX(0, tax) + residual;
}

/* Where shares go, and by what. */
struct sharing {
    GArray *lines;
    guint n; /* of them, before any share */
    const struct hr_cost_params *params;
    const char *currency;
};

static void add_share(const struct sharing *s, const struct group *group, hr_decimal price,
                      struct hr_cost_line line)
{
    const char *file = s->params->costs->file;
    line.units = group->cash_cents * (HR_DECIMAL_ONE / 100);
    line.price = price;
    line.unit = g_strdup(s->currency);
    line.price_id = g_strdup("");
    line.status = group->status;
    line.source = g_strdup(file != NULL ? file : "");
    line.cash_cents = hr_money_cents(line.units, price);
    line.amount_cents =
        hr_money_cents_scaled(line.units, price, factor_of(s->params, line.month));
    g_array_append_val(s->lines, line);
}

/* Sums up the lines from first on that the key of *like picks. Returns: the sum. */
static struct group group_of(const struct sharing *s, guint first, bool by_month)
{
    const GArray *lines = s->lines;
    const struct hr_cost_line *like = &g_array_index(lines, struct hr_cost_line, first);
    struct group group = {like->category, like->is_capex, like->year,
                          like->month,    like->status,   0};
    for (guint i = first; i < s->n; i++) {
        const struct hr_cost_line *line = &g_array_index(lines, struct hr_cost_line, i);
        if (line->category == like->category && line->is_capex == like->is_capex &&
            (!by_month || line->month == like->month)) {
            group.cash_cents += line->cash_cents;
            group.status = hr_price_weaker(group.status, line->status);
        }
    }
    return group;
}

/* Whether no line before this one has its key: then it stands for its group. */
static bool is_first(const GArray *lines, guint at, bool by_month)
{
    const struct hr_cost_line *line = &g_array_index(lines, struct hr_cost_line, at);
    for (guint i = 0; i < at; i++) {
        const struct hr_cost_line *before = &g_array_index(lines, struct hr_cost_line, i);
        if (before->category == line->category && before->is_capex == line->is_capex &&
            (!by_month || before->month == line->month)) {
            return false;
        }
    }
    return true;
}

static void add_residuals(const struct sharing *s)
{
    const struct hr_cost_params *params = s->params;
    GArray *lines = s->lines;
    hr_decimal price = residual_price(params);
    double pct = params->costs->residual_pct;
    for (guint i = 0; price != 0 && i < s->n; i++) {
        const struct hr_cost_line *line = &g_array_index(lines, struct hr_cost_line, i);
        if (!line->is_capex || !is_hardware(line->category) || !is_first(lines, i, false)) {
            continue;
        }
        struct group group = group_of(s, i, false);
        char cash[32];
        add_share(s, &group, price,
                  (struct hr_cost_line){
                      .category = group.category,
                      .is_capex = true,
                      .year = params->years,
                      .month = 12 * params->years,
                      .item = g_strdup_printf("%s at the end, %s",
                                              pct > 0.0 ? "Residual value" : "Disposal",
                                              hr_cost_category_name(group.category)),
                      .rule = g_strdup_printf("%.10g %% of the %s that it cost", fabs(pct),
                                              hr_money_format(group.cash_cents, cash))});
    }
}

static void add_taxes(const struct sharing *s)
{
    const struct hr_cost_params *params = s->params;
    GArray *lines = s->lines;
    for (guint i = 0; i < s->n; i++) {
        const struct hr_cost_line *line = &g_array_index(lines, struct hr_cost_line, i);
        hr_decimal price = tax_price(params, line->category);
        if (price == 0 || !is_first(lines, i, true)) {
            continue;
        }
        struct group group = group_of(s, i, true);
        char cash[32];
        add_share(
            s, &group, price,
            (struct hr_cost_line){
                .category = HR_COST_TAX,
                .is_capex = group.is_capex,
                .year = group.year,
                .month = group.month,
                .item = g_strdup_printf("Tax on %s", hr_cost_category_name(group.category)),
                .rule = g_strdup_printf("%.10g %% of the %s paid in month %d",
                                        hr_decimal_to_double(price) * 100.0,
                                        hr_money_format(group.cash_cents, cash), group.month)});
    }
}

void hr_cost_add_shares(GArray *lines, const struct hr_cost_params *params,
                        const char *currency)
{
    if (params->costs != NULL) {
        /* The lines before any share alone: no tax on what the hardware is sold for. */
        struct sharing s = {lines, lines->len, params, currency};
        add_residuals(&s);
        add_taxes(&s);
    }
}
