/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cost/depreciation.h"

#include <stdbool.h>

static int64_t life_months(const struct hr_costs *costs, enum hr_cost_category category)
{
    switch (category) {
    case HR_COST_SERVER:
    case HR_COST_MEMORY:
    case HR_COST_STORAGE:
        return 12 * costs->server_life_years;
    case HR_COST_NETWORK:
    case HR_COST_AROUND:
        return 12 * costs->network_life_years;
    case HR_COST_PLATFORM:
    case HR_COST_GUEST_OS:
    case HR_COST_BACKUP:
    case HR_COST_APPLICATION:
        return 12 * costs->licence_life_years;
    case HR_COST_POWER:
    case HR_COST_SUPPORT:
    case HR_COST_LABOUR:
    case HR_COST_ONCE:
    case HR_COST_RISK:
    case HR_COST_TAX:
    case HR_COST__COUNT:
        break;
    }
    return 0;
}

/* a·b/c, half to even. Requires: a, b >= 0, c > 0, the product within 64 bits (a line is below
 * 10^14 cents, a life below 240 months). */
static int64_t share_of(int64_t a, int64_t b, int64_t c)
{
    int64_t quotient = a * b / c;
    int64_t twice = a * b % c * 2;
    return quotient + (twice > c || (twice == c && quotient % 2 != 0) ? 1 : 0);
}

/* Paid as a year ends, as disposal is: nothing is owned for it. */
static bool is_paid_at_the_end(const struct hr_cost_line *line)
{
    return line->year > 0 && line->month >= 12 * line->year;
}

/* Written off of a purchase by the end of a year. */
static int64_t written_off(const struct hr_cost_line *line, int64_t life, int year)
{
    int64_t age = 12 * year - line->month;
    if (line->cash_cents < 0 || life == 0 || is_paid_at_the_end(line)) {
        return year >= MAX(1, line->year) ? line->cash_cents : 0;
    }
    return age <= 0 ? 0 : share_of(line->cash_cents, MIN(age, life), life);
}

static bool has_capital(const struct hr_cost *cost, enum hr_cost_category category)
{
    for (size_t i = 0; i < cost->n_lines; i++) {
        if (cost->lines[i].is_capex && cost->lines[i].category == category) {
            return true;
        }
    }
    return false;
}

static struct hr_depreciation row_of(const struct hr_cost *cost, int64_t life,
                                     enum hr_cost_category category, int year)
{
    struct hr_depreciation row = {.category = category, .year = year};
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        if (!line->is_capex || line->category != category) {
            continue;
        }
        int64_t by_now = written_off(line, life, year);
        row.cents += by_now - (year > 1 ? written_off(line, life, year - 1) : 0);
        /* What is not bought yet is on no book. */
        row.book_cents += MAX(1, line->year) <= year ? line->cash_cents - by_now : 0;
    }
    return row;
}

struct hr_depreciation *hr_cost_depreciate(const struct hr_cost *cost,
                                           const struct hr_costs *costs, int years, size_t *n)
{
    struct hr_costs standard;
    hr_costs_init(&standard);
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct hr_depreciation));
    for (int c = 0; c < HR_COST__COUNT; c++) {
        enum hr_cost_category category = (enum hr_cost_category)c;
        int64_t life = life_months(costs != NULL ? costs : &standard, category);
        for (int year = 1; has_capital(cost, category) && year <= years; year++) {
            struct hr_depreciation row = row_of(cost, life, category, year);
            g_array_append_val(rows, row);
        }
    }
    *n = rows->len;
    return (struct hr_depreciation *)(void *)g_array_free(rows, FALSE);
}

struct hr_delivered hr_cost_delivered(const struct hr_cost_period *periods, size_t n_periods,
                                      int64_t memory_mib, uint32_t n_guests)
{
    struct hr_delivered delivered = {0};
    for (size_t i = 0; i < n_periods; i++) {
        int64_t months = periods[i].to_month - periods[i].from_month;
        delivered.guest_months += months * periods[i].n_guests;
        if (n_guests > 0) {
            delivered.mib_months +=
                share_of(memory_mib, months * periods[i].n_guests, n_guests);
        }
    }
    return delivered;
}
