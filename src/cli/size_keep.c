/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The present hosts beside the new clusters: the table for people, the list of the JSON. */
#include <math.h>

#include <jansson.h>

#include "base/units.h"
#include "cli/grid.h"
#include "cli/size_output.h"

static void add_money(hr_grid *grid, int64_t cents)
{
    g_autofree char *text = hr_grid_thousands((double)cents / 100.0);
    hr_grid_add(grid, "%s", text);
}

/* What keeping saves against the cheapest new cluster of all platforms. Returns: false where
 * there is no such cluster or the option has no price. */
static bool saving_of(const struct hr_size_printed *p, const struct hr_keep_option *option,
                      int64_t *cents)
{
    const struct hr_size_answer *best = &p->result->answers[0];
    if (p->result->n_answers == 0 || !best->feasible || !option->is_priced) {
        return false;
    }
    *cents = hr_size_cost(best, p->options->buy_staged)->tco_cents - option->cost.tco_cents;
    return true;
}

static void add_row(hr_grid *grid, const struct hr_size_printed *p,
                    const struct hr_size_answer *a, const struct hr_keep_option *option)
{
    int64_t saving = 0;
    hr_grid_add(grid, "%s", a->platform->name);
    hr_grid_add(grid, "%s", option->renews ? "renew" : "move");
    hr_grid_add(grid, "%s", hr_keep_variant_name(option->variant));
    hr_grid_add(grid, "%d × %.0f GiB", option->cluster.n_hosts,
                hr_mib_to_gib(hr_cluster_physical_mib(&option->cluster)));
    hr_grid_add(grid, "%s", option->feasible ? "yes" : "no");
    if (option->is_priced) {
        add_money(grid, option->cost.capex_cents);
        add_money(grid, option->cost.opex_cents);
        add_money(grid, option->cost.tco_cents);
    } else {
        hr_grid_add(grid, "-");
        hr_grid_add(grid, "-");
        hr_grid_add(grid, "-");
    }
    if (saving_of(p, option, &saving)) {
        add_money(grid, saving);
    } else {
        hr_grid_add(grid, "-");
    }
    if (option->feasible && option->lasts_months >= 0.0) {
        hr_grid_add(grid, "lasts %s%.0f months", option->lasts_at_least ? "at least " : "",
                    option->lasts_months);
    } else {
        hr_grid_add(grid, "%s", option->reason != NULL ? option->reason : "");
    }
}

void hr_size_print_keep(const struct hr_size_printed *p, FILE *out)
{
    static const struct hr_grid_column columns[] = {
        {"platform", NULL, false}, {"", NULL, false},
        {"variant", NULL, false},  {"hosts", NULL, false},
        {"holds", NULL, false},    {"capital", NULL, true},
        {"running", NULL, true},   {"TCO", NULL, true},
        {"saves", NULL, true},     {"why not, or how long", NULL, false}};
    const struct hr_keep *keep = p->options->keep;
    if (keep == NULL) {
        return;
    }
    hr_grid *grid = hr_grid_new(columns, G_N_ELEMENTS(columns));
    for (uint32_t i = 0; i < p->result->n_answers; i++) {
        const struct hr_size_answer *a = &p->result->answers[i];
        for (uint32_t k = 0; k < a->n_keep; k++) {
            add_row(grid, p, a, &a->keep[k]);
        }
    }
    fprintf(out,
            "\nKeep the present hosts: %d × %s, %s, against the cheapest new cluster;\nupkeep "
            "from the first year, Windows licences of present hosts taken to be there\n",
            keep->n_hosts, keep->name, keep->generation->name);
    hr_grid_print(grid, 0, out);
    hr_grid_free(grid);
}

static json_t *money(int64_t cents)
{
    return json_real((double)cents / 100.0);
}

static json_t *real(double value)
{
    return json_real(round(value * 1e6) / 1e6);
}

static json_t *option_of(const struct hr_size_printed *p, const struct hr_size_answer *a,
                         const struct hr_keep_option *option)
{
    int64_t saving = 0;
    json_t *row = json_pack(
        "{s:s, s:s, s:b, s:i, s:i, s:I, s:b, s:s?}", "platform", a->platform->id, "variant",
        hr_keep_variant_name(option->variant), "renews", option->renews, "hosts",
        option->cluster.n_hosts, "dimms_per_host", option->cluster.memory.n_dimms,
        "memory_mib_per_host", (json_int_t)hr_cluster_physical_mib(&option->cluster),
        "feasible", option->feasible, "reason", option->reason);
    bool ran = option->n_runs > 0;
    (void)json_object_set_new(row, "slowdown_p95",
                              ran ? real(option->slowdown_p95[0]) : json_null());
    (void)json_object_set_new(row, "failure_slowdown_p95",
                              ran ? real(option->slowdown_p95[1]) : json_null());
    bool priced = option->is_priced;
    (void)json_object_set_new(row, "capex",
                              priced ? money(option->cost.capex_cents) : json_null());
    (void)json_object_set_new(row, "opex",
                              priced ? money(option->cost.opex_cents) : json_null());
    (void)json_object_set_new(row, "tco", priced ? money(option->cost.tco_cents) : json_null());
    (void)json_object_set_new(row, "saving",
                              saving_of(p, option, &saving) ? money(saving) : json_null());
    (void)json_object_set_new(row, "lasts_months",
                              option->lasts_months >= 0.0 ? real(option->lasts_months)
                                                          : json_null());
    return row;
}

void hr_size_json_keep(const struct hr_size_printed *p, json_t *document)
{
    if (p->options->keep == NULL) {
        return;
    }
    json_t *rows = json_array();
    for (uint32_t i = 0; i < p->result->n_answers; i++) {
        const struct hr_size_answer *a = &p->result->answers[i];
        for (uint32_t k = 0; k < a->n_keep; k++) {
            (void)json_array_append_new(rows, option_of(p, a, &a->keep[k]));
        }
    }
    (void)json_object_set_new(document, "keep", rows);
}
