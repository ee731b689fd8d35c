/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cluster that is bought in stages: the bill of the first stage, and for each later one what
 * its bill has more than that of the stage before, from the month of the purchase on. Lines
 * that follow the periods, as power and labour do, are no differences of bills: they stand in
 * the bill of the first stage, whose periods speak of all stages. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "cost/bill.h"
#include "cost/cost.h"
#include "cost/prices.h"

struct staging {
    const struct hr_cost_params *params;
    GArray *lines; /* struct hr_cost_line */
    int month;     /* of the stage under way */
};

static bool same_line(const struct hr_cost_line *a, const struct hr_cost_line *b)
{
    return a->category == b->category && a->year == b->year && a->is_capex == b->is_capex &&
           a->price == b->price && strcmp(a->item, b->item) == 0 &&
           strcmp(a->price_id, b->price_id) == 0;
}

/* Of lines that are alike, as two of the user's may be, each stands for the one in its place.
 */
static hr_decimal units_before(const struct hr_cost *before, const struct hr_cost *with,
                               size_t at)
{
    const struct hr_cost_line *line = &with->lines[at];
    size_t n_alike = 0;
    for (size_t i = 0; i < at; i++) {
        n_alike += same_line(&with->lines[i], line) ? 1 : 0;
    }
    for (size_t i = 0; i < before->n_lines; i++) {
        if (same_line(&before->lines[i], line) && n_alike-- == 0) {
            return before->lines[i].units;
        }
    }
    return 0;
}

/* Part of the line's year that lies within the horizon. */
static double part_of_year(const struct staging *s, const struct hr_cost_line *line)
{
    if (line->is_capex) {
        return 1.0;
    }
    int months_left = 12 * s->params->years - s->month - 12 * (line->year - 1);
    return months_left >= 12 ? 1.0 : months_left / 12.0;
}

/* "3 hosts; less 2 there already; × 10 of 12 months". Owner: the caller. */
static char *rule_of_more(const struct hr_cost_line *line, hr_decimal before, double part)
{
    char units[32];
    GString *rule = g_string_new(line->rule);
    if (before > 0) {
        g_string_append_printf(rule, "; less %s there already",
                               hr_decimal_format(before, units));
    }
    if (part < 1.0) {
        g_string_append_printf(rule, "; × %.0f of 12 months", part * 12.0);
    }
    return g_string_free(rule, FALSE);
}

/* The difference of two sums of parts is not taken apart again. Returns: the caller's. */
static struct hr_cost_used *used_by_more(const struct hr_cost_line *line)
{
    struct hr_cost_used *used = g_new0(struct hr_cost_used, line->n_used + 1);
    for (size_t i = 0; i < line->n_used; i++) {
        used[i] = line->used[i];
        used[i].price_id = g_strdup(line->used[i].price_id);
        if (used[i].use == HR_COST_USE_PART) {
            used[i].use = HR_COST_USE_OTHER;
            used[i].units = 0;
        }
    }
    return used;
}

/* Nothing is given back: what a larger cluster needs less of is no saving. */
static void add_more(struct staging *s, const struct hr_cost_line *line, hr_decimal before)
{
    double part = part_of_year(s, line);
    hr_decimal units = line->units - before;
    if (part < 1.0) {
        units = hr_decimal_from_double(hr_decimal_to_double(units) * part);
    }
    if (units <= 0) {
        return;
    }
    struct hr_cost_line more = *line;
    more.month = MIN(line->month + s->month, 12 * s->params->years);
    more.year = MIN(more.month / 12 + 1, s->params->years);
    more.units = units;
    more.item = g_strdup_printf("%s, more from month %d", line->item, s->month);
    more.rule = rule_of_more(line, before, part);
    more.unit = g_strdup(line->unit);
    more.price_id = g_strdup(line->price_id);
    more.source = g_strdup(line->source);
    more.used = used_by_more(line);
    more.share = 0.0;
    double factor = pow(1.0 + s->params->discount_rate, -(double)more.month / 12.0);
    more.cash_cents = hr_money_cents(units, line->price);
    more.amount_cents = hr_money_cents_scaled(units, line->price, factor);
    g_array_append_val(s->lines, more);
}

static bool add_stage(struct staging *s, const struct hr_cost_stage *stage,
                      const struct hr_cost_stage *before, const struct hr_prices *prices,
                      GError **error)
{
    struct hr_cost_params params = *s->params;
    int months_left = 12 * s->params->years - stage->month;
    params.years = (months_left + 11) / 12;
    struct hr_cost with = {0};
    struct hr_cost without = {0};
    struct hr_cost_input more = stage->input;
    struct hr_cost_input less = before->input;
    more.periods = less.periods = NULL;
    bool ok = hr_cost_compute_from(&more, &params, prices, &with, error) &&
              hr_cost_compute_from(&less, &params, prices, &without, error);
    s->month = stage->month;
    for (size_t i = 0; ok && i < with.n_lines; i++) {
        if (with.lines[i].follows_periods) {
            continue;
        }
        add_more(s, &with.lines[i], units_before(&without, &with, i));
    }
    hr_cost_clear(&with);
    hr_cost_clear(&without);
    return ok;
}

/* The same without shares of other lines: those are taken of all stages together, at the end.
 * Returns: params that borrow *costs. */
static struct hr_cost_params without_shares(const struct hr_cost_params *params,
                                            struct hr_costs *costs)
{
    struct hr_cost_params plain = *params;
    if (params->costs != NULL) {
        *costs = *params->costs;
        costs->residual_pct = 0.0;
        memset(costs->tax_pct, 0, sizeof costs->tax_pct);
        plain.costs = costs;
    }
    return plain;
}

bool hr_cost_compute_staged_from(const struct hr_cost_stage *stages, size_t n_stages,
                                 const struct hr_cost_params *params,
                                 const struct hr_prices *prices, struct hr_cost *out,
                                 GError **error)
{
    hr_assert(n_stages >= 1 && stages[0].month == 0 && stages[0].input.periods != NULL);
    struct hr_cost cost = {0};
    struct hr_costs costs;
    struct hr_cost_params plain = without_shares(params, &costs);
    if (!hr_cost_compute_from(&stages[0].input, &plain, prices, &cost, error)) {
        return false;
    }
    struct staging s = {.params = &plain,
                        .lines = g_array_new(FALSE, FALSE, sizeof(struct hr_cost_line))};
    g_array_append_vals(s.lines, cost.lines, (guint)cost.n_lines);
    g_free(cost.lines);
    bool ok = true;
    for (size_t k = 1; ok && k < n_stages; k++) {
        hr_assert(stages[k].month > stages[k - 1].month &&
                  stages[k].month < 12 * params->years);
        ok = add_stage(&s, &stages[k], &stages[k - 1], prices, error);
    }
    hr_cost_add_shares(s.lines, params, prices->currency);
    cost.n_lines = s.lines->len;
    cost.lines = (struct hr_cost_line *)(void *)g_array_free(s.lines, FALSE);
    hr_cost_sum_up(&cost);
    if (!ok) {
        hr_cost_clear(&cost);
        return false;
    }
    *out = cost;
    return true;
}
