/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/money.h"
#include "base/units.h"
#include "cli/size_change.h"
#include "cli/size_output.h"
#include "cost/energy.h"

/* "1,234,567": whole units of currency. */
void hr_size_format_whole(int64_t cents, char *buf, size_t n)
{
    char digits[32];
    int64_t whole = (cents + (cents >= 0 ? 50 : -50)) / 100;
    (void)g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, whole < 0 ? -whole : whole);
    size_t n_digits = strlen(digits);
    size_t at = 0;
    if (whole < 0) {
        buf[at++] = '-';
    }
    for (size_t i = 0; i < n_digits && at + 2 < n; i++) {
        if (i > 0 && (n_digits - i) % 3 == 0) {
            buf[at++] = ',';
        }
        buf[at++] = digits[i];
    }
    buf[at] = '\0';
}

static void print_cluster(const struct hr_cluster_spec *cluster, char *buf, size_t n)
{
    (void)g_snprintf(buf, n, "%d × %s, %.0f GiB", cluster->n_hosts, cluster->server->id,
                     hr_mib_to_gib(hr_cluster_physical_mib(cluster)));
}

/* Columns are counted in characters; "×" is two bytes. */
static void print_padded(const char *text, int columns, FILE *out)
{
    int length = (int)g_utf8_strlen(text, -1);
    fprintf(out, "%s%*s", text, MAX(1, columns - length), "");
}

void hr_size_print_padded(const char *text, int columns, FILE *out)
{
    print_padded(text, columns, out);
}

static void print_row(const struct hr_size_printed *p, const struct hr_size_answer *a,
                      FILE *out)
{
    char cluster[96];
    print_padded(a->platform->name, 34, out);
    if (!a->feasible) {
        fprintf(out, "no feasible cluster: %s\n", a->binding);
        return;
    }
    char tco[32];
    char capex[32];
    char opex[32];
    char guest[32];
    print_cluster(&a->cluster, cluster, sizeof cluster);
    const struct hr_cost *cost = hr_size_cost(a, p->options->buy_staged);
    hr_size_format_whole(cost->tco_cents, tco, sizeof tco);
    hr_size_format_whole(cost->capex_cents, capex, sizeof capex);
    hr_size_format_whole(cost->opex_cents, opex, sizeof opex);
    hr_size_format_whole(
        hr_size_cost_per_guest_cents(a, p->options->buy_staged, p->result->n_today), guest,
        sizeof guest);
    print_padded(cluster, 32, out);
    fprintf(out, "%5.2f  %6.2f %%  %6.2f %%  %11s %11s %11s %9s\n", a->overcommit_ratio,
            a->slowdown_p95[HR_PHASE_NORMAL].mean * 100.0,
            a->slowdown_p95[HR_PHASE_FAILURE].mean * 100.0, capex, opex, tco, guest);
}

static bool growth_is_asked(const struct hr_size_options *options)
{
    return options->growth_pct > 0.0 || options->demand_growth_pct > 0.0;
}

/* "15.0 % more guests and 5.0 % more demand of each a year". Owner: the caller. */
static char *growth_text(const struct hr_size_options *options)
{
    if (options->demand_growth_pct <= 0.0) {
        return g_strdup_printf("%.1f %% more guests a year", options->growth_pct);
    }
    if (options->growth_pct <= 0.0) {
        return g_strdup_printf("%.1f %% more demand of each guest a year",
                               options->demand_growth_pct);
    }
    return g_strdup_printf("%.1f %% more guests and %.1f %% more demand of each a year",
                           options->growth_pct, options->demand_growth_pct);
}

static void print_reserve(const struct hr_size_printed *p, const struct hr_size_answer *a,
                          FILE *out)
{
    const struct hr_reserve_found *r = &a->reserve;
    fprintf(out, "  still fits today              %s%u average %s, or one of %.0f GiB\n",
            r->more_at_least ? "at least " : "", r->more_guests,
            r->more_guests == 1 ? "guest" : "guests", hr_mib_to_gib(r->largest_guest_mib));
    if (r->lasts_months >= 0.0) {
        g_autofree char *growth = growth_text(p->options);
        fprintf(out, "  full after                    %s%.0f months at %s\n",
                r->lasts_at_least ? "at least " : "", r->lasts_months, growth);
    }
    if (growth_is_asked(p->options)) {
        size_t n = 0;
        const struct hr_cost_period *periods = hr_size_periods(a, p->options->buy_staged, &n);
        fprintf(out, "  processors used, mean         %.1f %% in year 1, %.1f %% in year %d\n",
                periods[0].cpu_util_mean * 100.0, periods[n - 1].cpu_util_mean * 100.0,
                p->options->cost.years);
    }
    if (a->staged.n_stages == 0) {
        return;
    }
    char start[32];
    char in_stages[32];
    hr_size_format_whole(a->cost.tco_cents, start, sizeof start);
    hr_size_format_whole(a->staged.cost.tco_cents, in_stages, sizeof in_stages);
    fputs("  bought in stages              ", out);
    for (uint32_t k = 0; k < a->staged.n_stages; k++) {
        fprintf(out, k == 0 ? "%d hosts at the start" : ", %d from month %d",
                a->staged.stages[k].n_hosts, a->staged.stages[k].month);
    }
    fprintf(out, ": TCO %s, all at the start %s\n", in_stages, start);
}

/* Of the cost: what differs between the replications, their use of processors, and so power. */
static void print_interval(const struct hr_size_answer *a, FILE *out)
{
    char low[32];
    char high[32];
    hr_size_format_whole(a->tco_interval.low_cents, low, sizeof low);
    hr_size_format_whole(a->tco_interval.high_cents, high, sizeof high);
    fprintf(out, "  TCO, 95 %% interval            %s … %s, of the load that was simulated\n",
            low, high);
}

static void print_energy(const struct hr_size_printed *p, const struct hr_size_answer *a,
                         FILE *out)
{
    struct hr_energy e;
    hr_energy_of(hr_size_cost(a, p->options->buy_staged), p->options->cost.years, p->book, &e);
    fprintf(out, "  electricity a year            %.0f kWh", e.kwh_year);
    if (e.intensity != NULL) {
        fprintf(out, ", %.0f kg CO2e%s at %.10g kg per kWh", e.co2_kg_year,
                hr_price_is_starred(e.intensity) ? "*" : "",
                hr_decimal_to_double(e.intensity->price));
    }
    fputc('\n', out);
}

static void print_details(const struct hr_size_printed *p, const struct hr_size_answer *a,
                          FILE *out)
{
    if (!a->feasible) {
        return;
    }
    const struct hr_estimate *normal = &a->slowdown_p95[HR_PHASE_NORMAL];
    const struct hr_estimate *failure = &a->slowdown_p95[HR_PHASE_FAILURE];
    fprintf(out, "\n%s\n", a->platform->name);
    fprintf(out, "  slowdown p95, 95 %% interval   normal %.2f … %.2f %% (%s)",
            normal->low * 100.0, normal->high * 100.0,
            p->guests->items[a->worst_guest[HR_PHASE_NORMAL]].name);
    if (p->options->spare_hosts > 0) {
        fprintf(out, ", failed day %.2f … %.2f %% (%s)%s", failure->low * 100.0,
                failure->high * 100.0, p->guests->items[a->worst_guest[HR_PHASE_FAILURE]].name,
                failure->high > p->options->service_level.slowdown_p95_frac
                    ? "; the interval reaches over the level"
                    : "");
    }
    fputc('\n', out);
    print_interval(a, out);
    fprintf(out,
            "  guest-minutes a run           %.0f with host swap, %.0f with guest paging\n",
            a->swapped_min, a->paged_min);
    fprintf(out, "  worst host failure            %s\n", a->failure_outcome);
    fprintf(out, "  next smaller cluster          %s%s%s\n", a->next_smaller,
            *a->next_smaller != '\0' ? ": " : "", a->binding);
    print_reserve(p, a, out);
    fprintf(out, "  looked at                     %u cluster%s\n", a->n_candidates,
            a->n_candidates == 1 ? "" : "s");
    hr_size_print_costs(p, a, out);
    print_energy(p, a, out);
}

static void print_floor(const struct hr_size_printed *p, FILE *out)
{
    fputs("\nStatic floor: what a spreadsheet answers (configured memory one to one, a fifth "
          "kept "
          "free,\nfour vCPUs per core, spare hosts added)\n",
          out);
    for (uint32_t i = 0; i < p->result->n_answers; i++) {
        const struct hr_size_answer *a = &p->result->answers[i];
        char cluster[96];
        char tco[32];
        print_cluster(&a->floor.cluster, cluster, sizeof cluster);
        hr_size_format_whole(a->floor.cost.tco_cents, tco, sizeof tco);
        print_padded(a->platform->name, 34, out);
        print_padded(cluster, 32, out);
        fprintf(out, "TCO %11s  %s\n", tco, a->floor.difference);
    }
}

void hr_size_print_text(const struct hr_size_printed *p, FILE *out)
{
    struct hr_inventory_totals totals;
    hr_inventory_totals(p->inventory, &totals);
    fprintf(out,
            "%zu guests (%zu powered on), %" G_GINT64_FORMAT " vCPUs, %.1f GiB configured; %u "
            "simulated for %.0f days, %d times\n\n",
            totals.guests, totals.powered_on, totals.vcpus,
            hr_mib_to_gib((double)totals.memory_mib), p->guests->n_running, p->options->days,
            p->options->replications);
    if (p->options->growth_pct > 0.0) {
        fprintf(out,
                "growth of %.1f %% a year makes %u of the %u that run today in %d years\n\n",
                p->options->growth_pct, p->guests->n_running, p->result->n_today,
                p->options->cost.years);
    }
    print_padded("platform", 34, out);
    print_padded("cheapest feasible cluster", 32, out);
    fprintf(out,
            "ratio  slowdown  failed day      capital     running  TCO %d years  per guest\n",
            p->options->cost.years);
    for (uint32_t i = 0; i < p->result->n_answers; i++) {
        print_row(p, &p->result->answers[i], out);
    }
    for (uint32_t i = 0; i < p->result->n_answers; i++) {
        print_details(p, &p->result->answers[i], out);
    }
    print_floor(p, out);
    hr_size_print_keep(p, out);
    hr_size_print_changes(p, out);
    fprintf(out, "\n%s, list prices %s tax as of %s, discounted at %.1f %% a year\n",
            hr_pricebook_currency(p->book),
            hr_costs_have_tax(p->options->cost.costs) ? "with" : "before",
            hr_pricebook_month(p->book), p->options->cost.discount_rate * 100.0);
}
