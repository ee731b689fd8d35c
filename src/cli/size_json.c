/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape is a contract: see doc/headroom-size.1. No ids, times of day or paths. */
#include <math.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/units.h"
#include "cli/size_change.h"
#include "cli/size_output.h"
#include "cost/energy.h"

/* Six significant decimals are more than any figure here carries. */
static json_t *real(double value)
{
    return json_real(round(value * 1e6) / 1e6);
}

/* Units of currency with two decimals. */
static json_t *money(int64_t cents)
{
    return json_real((double)cents / 100.0);
}

static json_t *estimate(const struct hr_estimate *e)
{
    return json_pack("{s:o, s:o, s:o}", "mean", real(e->mean), "low", real(e->low), "high",
                     real(e->high));
}

static json_t *study(const struct hr_size_printed *p)
{
    struct hr_inventory_totals t;
    hr_inventory_totals(p->inventory, &t);
    g_autofree char *limits = hr_limits_text(&p->options->limits);
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:f, s:i, s:i, s:i, s:f, s:f, s:s}", "limits", limits,
        "guests", (json_int_t)t.guests, "powered_on", (json_int_t)t.powered_on, "vcpus",
        (json_int_t)t.vcpus, "memory_mib", (json_int_t)t.memory_mib, "simulated",
        (json_int_t)p->guests->n_running, "days", p->options->days, "replications",
        p->options->replications, "years", p->options->cost.years, "spare_hosts",
        p->options->spare_hosts, "growth_pct", p->options->growth_pct, "demand_growth_pct",
        p->options->demand_growth_pct, "buy", p->options->buy_staged ? "staged" : "start");
}

static json_t *floor_of(const struct hr_size_answer *a)
{
    const struct hr_size_floor *f = &a->floor;
    return json_pack("{s:s, s:i, s:I, s:s, s:o, s:o, s:o, s:s}", "server",
                     f->cluster.server->id, "hosts", f->cluster.n_hosts, "memory_mib_per_host",
                     (json_int_t)hr_cluster_physical_mib(&f->cluster), "binding",
                     f->floor.binding, "capex", money(f->cost.capex_cents), "opex",
                     money(f->cost.opex_cents), "tco", money(f->cost.tco_cents), "difference",
                     f->difference);
}

/* The purchases of buying in stages; null where nothing can wait. */
static json_t *staged(const struct hr_size_answer *a)
{
    if (a->staged.n_stages == 0) {
        return json_null();
    }
    json_t *stages = json_array();
    for (uint32_t k = 0; k < a->staged.n_stages; k++) {
        (void)json_array_append_new(stages,
                                    json_pack("{s:i, s:i}", "month", a->staged.stages[k].month,
                                              "hosts", a->staged.stages[k].n_hosts));
    }
    return json_pack("{s:o, s:o, s:o}", "stages", stages, "tco",
                     money(a->staged.cost.tco_cents), "tco_at_start", money(a->cost.tco_cents));
}

/* What runs when; the years of a cluster bought in stages may have parts. */
static json_t *periods(const struct hr_size_printed *p, const struct hr_size_answer *a)
{
    size_t n = 0;
    const struct hr_cost_period *all = hr_size_periods(a, p->options->buy_staged, &n);
    json_t *rows = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(
            rows, json_pack("{s:i, s:i, s:i, s:I, s:o}", "from_month", all[i].from_month,
                            "to_month", all[i].to_month, "hosts", all[i].n_hosts, "guests",
                            (json_int_t)all[i].n_guests, "cpu_util_mean",
                            real(all[i].cpu_util_mean)));
    }
    return rows;
}

static void set_energy(const struct hr_size_printed *p, const struct hr_cost *cost, json_t *row)
{
    struct hr_energy e;
    hr_energy_of(cost, p->options->cost.years, p->book, &e);
    (void)json_object_set_new(row, "energy_kwh_year", real(e.kwh_year));
    (void)json_object_set_new(row, "co2_kg_year",
                              e.intensity != NULL ? real(e.co2_kg_year) : json_null());
}

static void set_result(const struct hr_size_printed *p, const struct hr_size_answer *a,
                       json_t *row)
{
    const struct hr_cluster_spec *c = &a->cluster;
    (void)json_object_set_new(row, "server", json_string(c->server->id));
    (void)json_object_set_new(row, "hosts", json_integer(c->n_hosts));
    (void)json_object_set_new(row, "memory_mib_per_host",
                              json_integer((json_int_t)hr_cluster_physical_mib(c)));
    (void)json_object_set_new(row, "overcommit_ratio", real(a->overcommit_ratio));
    (void)json_object_set_new(row, "slowdown_p95", real(a->slowdown_p95[HR_PHASE_NORMAL].mean));
    (void)json_object_set_new(row, "slowdown_p95_interval",
                              estimate(&a->slowdown_p95[HR_PHASE_NORMAL]));
    (void)json_object_set_new(row, "failure_slowdown_p95",
                              real(a->slowdown_p95[HR_PHASE_FAILURE].mean));
    (void)json_object_set_new(row, "failure_slowdown_p95_interval",
                              estimate(&a->slowdown_p95[HR_PHASE_FAILURE]));
    (void)json_object_set_new(
        row, "worst_guest",
        json_string(p->guests->items[a->worst_guest[HR_PHASE_NORMAL]].name));
    const char *failed_worst = p->guests->items[a->worst_guest[HR_PHASE_FAILURE]].name;
    (void)json_object_set_new(row, "failure_worst_guest", json_string(failed_worst));
    (void)json_object_set_new(row, "swapped_min", real(a->swapped_min));
    (void)json_object_set_new(row, "paged_min", real(a->paged_min));
    (void)json_object_set_new(row, "failure_outcome", json_string(a->failure_outcome));
    const struct hr_cost *cost = hr_size_cost(a, p->options->buy_staged);
    (void)json_object_set_new(row, "capex", money(cost->capex_cents));
    (void)json_object_set_new(row, "opex", money(cost->opex_cents));
    (void)json_object_set_new(row, "tco", money(cost->tco_cents));
    (void)json_object_set_new(row, "tco_interval",
                              json_pack("{s:o, s:o}", "low", money(a->tco_interval.low_cents),
                                        "high", money(a->tco_interval.high_cents)));
    (void)json_object_set_new(row, "capex_cash", money(cost->capex_cash_cents));
    (void)json_object_set_new(row, "opex_cash", money(cost->opex_cash_cents));
    (void)json_object_set_new(row, "tco_cash", money(cost->tco_cash_cents));
    (void)json_object_set_new(
        row, "cost_per_guest",
        money(hr_size_cost_per_guest_cents(a, p->options->buy_staged, p->result->n_today)));
    hr_size_set_costs(p, a, row);
    set_energy(p, cost, row);
    (void)json_object_set_new(row, "next_smaller", json_string(a->next_smaller));
    (void)json_object_set_new(row, "staged", staged(a));
    (void)json_object_set_new(row, "periods", periods(p, a));
    const struct hr_reserve_found *r = &a->reserve;
    json_t *months = r->lasts_months >= 0.0 ? real(r->lasts_months) : json_null();
    (void)json_object_set_new(
        row, "reserve",
        json_pack("{s:I, s:b, s:I, s:o, s:b}", "guests", (json_int_t)r->more_guests, "at_least",
                  r->more_at_least, "largest_guest_mib", (json_int_t)r->largest_guest_mib,
                  "lasts_months", months, "lasts_at_least", r->lasts_at_least));
}

static json_t *platform(const struct hr_size_printed *p, const struct hr_size_answer *a)
{
    json_t *row = json_object();
    (void)json_object_set_new(row, "platform", json_string(a->platform->id));
    (void)json_object_set_new(row, "name", json_string(a->platform->name));
    (void)json_object_set_new(row, "policy", json_string(hr_platform_policy_name(a->platform)));
    (void)json_object_set_new(row, "feasible", json_boolean(a->feasible));
    if (a->feasible) {
        set_result(p, a, row);
    }
    (void)json_object_set_new(row, "currency", json_string(hr_pricebook_currency(p->book)));
    (void)json_object_set_new(row, "binding", json_string(a->binding));
    (void)json_object_set_new(row, "candidates", json_integer(a->n_candidates));
    (void)json_object_set_new(row, "static_floor", floor_of(a));
    (void)json_object_set_new(row, "tornado", hr_size_json_swings(p, a->platform));
    (void)json_object_set_new(row, "cliffs", hr_size_json_cliffs(p, a->platform));
    return row;
}

void hr_size_print_json(const struct hr_size_printed *p, FILE *out)
{
    json_t *platforms = json_array();
    for (uint32_t i = 0; i < p->result->n_answers; i++) {
        (void)json_array_append_new(platforms, platform(p, &p->result->answers[i]));
    }
    json_t *document = json_pack("{s:o, s:o, s:o}", "study", study(p), "platforms", platforms,
                                 "flips", hr_size_json_flips(p));
    hr_size_json_keep(p, document);
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    (void)fputs(text, out);
    (void)fputc('\n', out);
    free(text);
    json_decref(document);
}
