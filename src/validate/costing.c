/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "validate/costing.h"

#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include "base/error.h"
#include "base/units.h"
#include "cost/cost.h"
#include "cost/prices.h"
#include "study/simulate.h"

/* Where a break-even is searched: from prices of nothing to so many times the book's. */
static const double MOST_TIMES = 1000.0;
static const double RELATIVE = 1e-9; /* how narrow it is found */
enum { MOST_STEPS = 200 };

/* A cluster that keeps its service levels, and its bill. */
struct costed {
    struct hr_scenario_file file; /* the case's, with one platform and this cluster */
    struct hr_simulate_result result;
    struct hr_cost_input input; /* borrows from result and windows_max */
    uint32_t *windows_max;
    struct hr_cost cost;
};

static void costed_clear(struct costed *costed)
{
    hr_simulate_result_clear(&costed->result);
    hr_cost_clear(&costed->cost);
    g_free(costed->windows_max);
}

struct costing {
    const struct hr_scenario_file *scenario;
    const struct hr_case_cost *cost;
    struct hr_cost_params params;
    int n_threads;
    struct costed *clusters; /* by number, as the case has them */
};

/* ---- the clusters
 * ------------------------------------------------------------------------------ */

static bool find_cluster(const struct costing *c, const struct hr_case_cluster *wanted,
                         struct costed *out, GError **error)
{
    struct hr_simulate_options options = {.n_threads = c->n_threads};
    out->file = *c->scenario;
    out->file.variants = &c->scenario->variants[wanted->variant];
    out->file.n_variants = 1;
    struct hr_cluster_spec *cluster = &out->file.scenario.cluster;
    int most = cluster->n_hosts;
    cluster->memory = wanted->memory;
    g_autofree char *broken = NULL;
    for (cluster->n_hosts = c->scenario->scenario.spare_hosts + 1; cluster->n_hosts <= most;
         cluster->n_hosts++) {
        if (!hr_simulate(&out->file, &options, &out->result, error)) {
            return false;
        }
        if (out->result.platforms[0].broken == NULL) {
            return true;
        }
        g_free(broken);
        broken = g_strdup(out->result.platforms[0].broken);
        hr_simulate_result_clear(&out->result);
    }
    g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "cluster '%s': %d hosts are too few: %s",
                wanted->name, most, broken);
    return false;
}

static bool cost_cluster(const struct costing *c, const struct hr_case_cluster *wanted,
                         struct costed *out, GError **error)
{
    if (!find_cluster(c, wanted, out, error)) {
        return false;
    }
    out->input = hr_simulated_cost_input(&out->result.platforms[0], &out->windows_max);
    return hr_cost_compute(&out->input, &c->params, c->cost->book, &out->cost, error);
}

static json_t *money(int64_t cents)
{
    return json_real((double)cents / 100.0);
}

static json_t *by_category(const struct hr_cost *cost)
{
    json_t *object = json_object();
    for (int k = 0; k < HR_COST__COUNT; k++) {
        int64_t cents = 0;
        for (size_t i = 0; i < cost->n_lines; i++) {
            cents += cost->lines[i].category == (enum hr_cost_category)k
                         ? cost->lines[i].amount_cents
                         : 0;
        }
        (void)json_object_set_new(object, hr_cost_category_name((enum hr_cost_category)k),
                                  money(cents));
    }
    return object;
}

static json_t *cluster_json(const char *name, const struct costed *costed)
{
    const struct hr_simulated *s = &costed->result.platforms[0];
    const struct hr_cluster_spec *cluster = &s->scenario.cluster;
    const struct hr_cost *cost = &costed->cost;
    json_t *object = json_object();
    (void)json_object_set_new(object, "name", json_string(name));
    (void)json_object_set_new(object, "platform", json_string(hr_scenario_name(&s->scenario)));
    (void)json_object_set_new(object, "hosts", json_integer(cluster->n_hosts));
    (void)json_object_set_new(object, "host_memory_gib",
                              json_real(hr_mib_to_gib(hr_cluster_physical_mib(cluster))));
    (void)json_object_set_new(object, "overcommit_ratio", json_real(s->overcommit_ratio));
    (void)json_object_set_new(object, "slowdown_p95_pct",
                              json_real(100.0 * s->slowdown_p95[HR_PHASE_NORMAL]));
    (void)json_object_set_new(object, "capital", money(cost->capex_cents));
    (void)json_object_set_new(object, "running", money(cost->opex_cents));
    (void)json_object_set_new(object, "tco", money(cost->tco_cents));
    (void)json_object_set_new(
        object, "per_guest",
        json_real((double)cost->tco_cents / 100.0 / costed->input.n_guests));
    (void)json_object_set_new(object, "cost", by_category(cost));
    return object;
}

/* ---- break-even
 * -------------------------------------------------------------------------------- */

/* The book with some prices multiplied. */
struct varied {
    const hr_pricebook *book;
    GHashTable *prices; /* borrowed id -> struct hr_price, whose text is the book's */
};

static void varied_init(struct varied *varied, const hr_pricebook *book, const char *pattern,
                        double times)
{
    *varied = (struct varied){
        .book = book, .prices = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free)};
    for (size_t i = 0; i < hr_pricebook_count(book); i++) {
        const struct hr_price *price = hr_pricebook_at(book, i);
        if (g_pattern_match_simple(pattern, price->id)) {
            struct hr_price *own = g_memdup2(price, sizeof *price);
            own->price = hr_decimal_from_double(hr_decimal_to_double(price->price) * times);
            (void)g_hash_table_insert(varied->prices, own->id, own);
        }
    }
}

static const struct hr_price *varied_get(const void *table, const char *id)
{
    const struct varied *varied = table;
    const struct hr_price *price = g_hash_table_lookup(varied->prices, id);
    return price != NULL ? price : hr_pricebook_get(varied->book, id);
}

/* By how much one cluster costs more than the other. */
struct gap {
    const struct costing *costing;
    const struct hr_case_break_even *wanted;
    GError *error; /* the first; once set, nothing counts */
};

static double gap_at(double times, void *context)
{
    struct gap *gap = context;
    const struct costing *c = gap->costing;
    int64_t cents[2] = {0, 0};
    struct varied varied;
    varied_init(&varied, c->cost->book, gap->wanted->prices, times);
    struct hr_prices prices = {.name = hr_pricebook_name(c->cost->book),
                               .currency = hr_pricebook_currency(c->cost->book),
                               .month = hr_pricebook_month(c->cost->book),
                               .table = &varied,
                               .get = varied_get};
    for (int i = 0; i < 2 && gap->error == NULL; i++) {
        struct hr_cost cost = {0};
        if (hr_cost_compute_from(&c->clusters[gap->wanted->between[i]].input, &c->params,
                                 &prices, &cost, &gap->error)) {
            cents[i] = cost.tco_cents;
            hr_cost_clear(&cost);
        }
    }
    g_hash_table_destroy(varied.prices);
    return (double)(cents[0] - cents[1]);
}

/* Costs step by cents: where they are equal over a stretch, its middle is as good as any. */
static double narrow(struct gap *gap)
{
    gsl_function function = {gap_at, gap};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    (void)gsl_root_fsolver_set(solver, &function, 0.0, MOST_TIMES);
    int status = GSL_CONTINUE;
    for (int i = 0; i < MOST_STEPS && status == GSL_CONTINUE; i++) {
        (void)gsl_root_fsolver_iterate(solver);
        status = gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                        gsl_root_fsolver_x_upper(solver), 0.0, RELATIVE);
    }
    double times = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    return times;
}

/* Returns: the factor; NAN where no price from nothing to MOST_TIMES makes them equal. */
static double find_times(struct gap *gap)
{
    double at_nothing = gap_at(0.0, gap);
    double at_most = gap_at(MOST_TIMES, gap);
    bool is_between = (at_nothing < 0.0) != (at_most < 0.0);
    return gap->error == NULL && is_between ? narrow(gap) : (double)NAN;
}

static json_t *prices_json(const struct costing *c, const char *pattern, double times)
{
    json_t *list = json_array();
    for (size_t i = 0; i < hr_pricebook_count(c->cost->book); i++) {
        const struct hr_price *price = hr_pricebook_at(c->cost->book, i);
        if (!g_pattern_match_simple(pattern, price->id)) {
            continue;
        }
        double now = hr_decimal_to_double(price->price);
        json_t *object = json_object();
        (void)json_object_set_new(object, "name", json_string(price->id));
        (void)json_object_set_new(object, "now", json_real(now));
        if (isfinite(times)) {
            (void)json_object_set_new(object, "then", json_real(now * times));
        }
        (void)json_array_append_new(list, object);
    }
    return list;
}

/* Without a break-even "times" and "then" are missing: who asks for them is told so. */
static json_t *break_even_json(const struct costing *c, const struct hr_case_break_even *wanted,
                               GError **error)
{
    struct gap gap = {.costing = c, .wanted = wanted};
    double times = find_times(&gap);
    if (gap.error != NULL) {
        g_propagate_error(error, gap.error);
        return NULL;
    }
    json_t *object = json_object();
    (void)json_object_set_new(object, "name", json_string(wanted->name));
    if (isfinite(times)) {
        (void)json_object_set_new(object, "times", json_real(times));
    }
    (void)json_object_set_new(object, "prices", prices_json(c, wanted->prices, times));
    return object;
}

/* ---- all
 * -------------------------------------------------------------------------------------- */

static bool fill(const struct costing *c, json_t *document, GError **error)
{
    json_t *clusters = json_array();
    (void)json_object_set_new(document, "clusters", clusters);
    for (size_t i = 0; i < c->cost->n_clusters; i++) {
        const struct hr_case_cluster *wanted = &c->cost->clusters[i];
        if (!cost_cluster(c, wanted, &c->clusters[i], error)) {
            return false;
        }
        (void)json_array_append_new(clusters, cluster_json(wanted->name, &c->clusters[i]));
    }
    json_t *break_evens = json_array();
    (void)json_object_set_new(document, "break_even", break_evens);
    for (size_t i = 0; i < c->cost->n_break_evens; i++) {
        json_t *object = break_even_json(c, &c->cost->break_evens[i], error);
        if (object == NULL) {
            return false;
        }
        (void)json_array_append_new(break_evens, object);
    }
    return true;
}

json_t *hr_costing_run(const struct hr_scenario_file *scenario, const struct hr_case_cost *cost,
                       int n_threads, GError **error)
{
    struct costing costing = {.scenario = scenario,
                              .cost = cost,
                              .n_threads = n_threads,
                              .clusters = g_new0(struct costed, cost->n_clusters)};
    hr_cost_params_default(&costing.params);
    costing.params.years = cost->years;
    json_t *document = json_object();
    if (!fill(&costing, document, error)) {
        json_decref(document);
        document = NULL;
    }
    for (size_t i = 0; i < cost->n_clusters; i++) {
        costed_clear(&costing.clusters[i]);
    }
    g_free(costing.clusters);
    return document;
}
