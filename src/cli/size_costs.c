/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer's cost seen otherwise: per unit delivered, written off by the year, and what was
 * asked for beside the cluster. */
#include <math.h>

#include "base/units.h"
#include "cli/size_output.h"
#include "cost/depreciation.h"
#include "study/save_cost_views.h"

/* Years 1 … years: what is written off and what is paid to run; the book value at the end. */
struct by_year {
    int64_t written_off_cents[HR_COST_YEARS_MAX + 1];
    int64_t running_cents[HR_COST_YEARS_MAX + 1];
    int64_t book_cents[HR_COST_YEARS_MAX + 1];
};

static void find_years(const struct hr_size_printed *p, const struct hr_size_answer *a,
                       struct by_year *out)
{
    size_t n = 0;
    const struct hr_cost *cost = hr_size_cost(a, p->options->buy_staged);
    g_autofree struct hr_depreciation *rows =
        hr_cost_depreciate(cost, p->options->cost.costs, p->options->cost.years, &n);
    *out = (struct by_year){{0}, {0}, {0}};
    for (size_t i = 0; i < n; i++) {
        out->written_off_cents[rows[i].year] += rows[i].cents;
        out->book_cents[rows[i].year] += rows[i].book_cents;
    }
    for (size_t i = 0; i < cost->n_lines; i++) {
        if (!cost->lines[i].is_capex) {
            out->running_cents[cost->lines[i].year] += cost->lines[i].cash_cents;
        }
    }
}

static void print_beside(const struct hr_cost *cost, FILE *out)
{
    const char *between = "  beside the cluster            ";
    for (int c = HR_COST_AROUND; c < HR_COST__COUNT; c++) {
        int64_t cents = 0;
        bool is_there = false;
        for (size_t i = 0; i < cost->n_lines; i++) {
            if (cost->lines[i].category == (enum hr_cost_category)c) {
                cents += cost->lines[i].amount_cents;
                is_there = true;
            }
        }
        if (is_there) {
            char amount[32];
            hr_size_format_whole(cents, amount, sizeof amount);
            fprintf(out, "%s%s %s", between, hr_cost_category_name((enum hr_cost_category)c),
                    amount);
            between = ", ";
        }
    }
    if (*between == ',') {
        fputc('\n', out);
    }
}

void hr_size_print_costs(const struct hr_size_printed *p, const struct hr_size_answer *a,
                         FILE *out)
{
    const struct hr_cost *cost = hr_size_cost(a, p->options->buy_staged);
    struct hr_delivered d = hr_size_delivered(a, p->options, p->guests);
    int years = p->options->cost.years;
    char amount[32];
    struct by_year by_year;
    find_years(p, a, &by_year);
    print_beside(cost, out);
    fputs("  written off and run, by year  ", out);
    for (int y = 1; y <= years; y++) {
        hr_size_format_whole(by_year.written_off_cents[y] + by_year.running_cents[y], amount,
                             sizeof amount);
        fprintf(out, "%s%s", y > 1 ? "  " : "", amount);
    }
    hr_size_format_whole(by_year.book_cents[years], amount, sizeof amount);
    fprintf(out, "; left on the books %s\n", amount);
    if (d.guest_months > 0 && d.mib_months > 0) {
        fprintf(out, "  cost of a month               %.2f a guest, %.2f a GiB of its memory\n",
                (double)cost->tco_cents / 100.0 / (double)d.guest_months,
                (double)cost->tco_cents / 100.0 / hr_mib_to_gib((double)d.mib_months));
    }
}

static json_t *money(int64_t cents)
{
    return json_real((double)cents / 100.0);
}

static json_t *years_of(const struct hr_size_printed *p, const struct hr_size_answer *a)
{
    struct by_year by_year;
    find_years(p, a, &by_year);
    json_t *rows = json_array();
    for (int y = 1; y <= p->options->cost.years; y++) {
        (void)json_array_append_new(rows,
                                    json_pack("{s:i, s:o, s:o, s:o}", "year", y, "written_off",
                                              money(by_year.written_off_cents[y]), "running",
                                              money(by_year.running_cents[y]), "book_value",
                                              money(by_year.book_cents[y])));
    }
    return rows;
}

static json_t *categories_of(const struct hr_cost *cost)
{
    json_t *rows = json_object();
    for (int c = 0; c < HR_COST__COUNT; c++) {
        int64_t amount_cents = 0;
        int64_t cash_cents = 0;
        bool is_there = false;
        for (size_t i = 0; i < cost->n_lines; i++) {
            if (cost->lines[i].category == (enum hr_cost_category)c) {
                amount_cents += cost->lines[i].amount_cents;
                cash_cents += cost->lines[i].cash_cents;
                is_there = true;
            }
        }
        if (is_there) {
            (void)json_object_set_new(rows, hr_cost_category_name((enum hr_cost_category)c),
                                      json_pack("{s:o, s:o}", "amount", money(amount_cents),
                                                "cash", money(cash_cents)));
        }
    }
    return rows;
}

void hr_size_set_costs(const struct hr_size_printed *p, const struct hr_size_answer *a,
                       json_t *row)
{
    const struct hr_cost *cost = hr_size_cost(a, p->options->buy_staged);
    struct hr_delivered d = hr_size_delivered(a, p->options, p->guests);
    double gib_months = hr_mib_to_gib((double)d.mib_months);
    (void)json_object_set_new(row, "cost_by_category", categories_of(cost));
    (void)json_object_set_new(row, "cost_by_year", years_of(p, a));
    (void)json_object_set_new(row, "guest_months", json_integer(d.guest_months));
    (void)json_object_set_new(row, "memory_gib_months", json_real(round(gib_months)));
    if (d.guest_months > 0 && d.mib_months > 0) {
        double tco = (double)cost->tco_cents / 100.0;
        (void)json_object_set_new(row, "cost_per_guest_month",
                                  json_real(round(tco / (double)d.guest_months * 1e4) / 1e4));
        (void)json_object_set_new(row, "cost_per_gib_month",
                                  json_real(round(tco / gib_months * 1e4) / 1e4));
    }
}
