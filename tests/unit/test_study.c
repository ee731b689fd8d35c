/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sizing study: its workers, its search, growth and stages, on the shipped catalogue. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "inventory/inventory.h"
#include "study/pool.h"
#include "study/search.h"
#include "study_estate.h"

/* ---- workers ---- */

enum { N_TASKS = 1000 };

struct tally {
    atomic_uint n_done;
    uint32_t slot[N_TASKS];
};

static void square(void *context, uint32_t index)
{
    struct tally *tally = context;
    tally->slot[index] += index * index + 1;
    atomic_fetch_add(&tally->n_done, 1U);
}

static void every_task_is_done_once(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 4, 64};
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autofree struct tally *tally = g_new0(struct tally, 1);
        hr_pool_run(threads[i], N_TASKS, square, tally);
        assert_int_equal(atomic_load(&tally->n_done), N_TASKS);
        for (uint32_t t = 0; t < N_TASKS; t++) {
            assert_int_equal(tally->slot[t], t * t + 1);
        }
    }
    hr_pool_run(4, 0, square, NULL);
}

/* ---- intervals ---- */

static void intervals_are_those_of_student(void **state)
{
    (void)state;
    /* 1 … 5: mean 3, s = sqrt(2.5); t(0.975; 4) = 2.776445. */
    static const double values[] = {1, 2, 3, 4, 5};
    struct hr_estimate e = hr_estimate_of(values, 5);
    assert_near(e.mean, 3.0, 1e-12);
    assert_near(e.high - e.mean, 2.776445 * 1.5811388 / 2.2360680, 1e-5);
    assert_near(e.mean - e.low, e.high - e.mean, 1e-12);
    e = hr_estimate_of(values, 1);
    assert_near(e.low, 1.0, 0.0);
    assert_near(e.high, 1.0, 0.0);
}

/* ---- an estate ---- */

static void estate_load(struct estate *e)
{
    memset(e, 0, sizeof *e);
    const char *top = getenv("top_srcdir");
    assert_non_null(top);
    g_autofree char *path = g_build_filename(top, "examples/smb/inventory.csv", NULL);
    estate_read(e, path);
    e->platforms[0] = hr_catalog_platform(e->catalog, "vsphere");
    e->platforms[1] = hr_catalog_platform(e->catalog, "hyperv-static");
    e->servers[0] = hr_catalog_server(e->catalog, "dell-r7615-1x32");
    e->options = (struct hr_size_options){
        .platforms = e->platforms,
        .servers = e->servers,
        .storage = hr_catalog_storage_at(e->catalog, 0),
        .spare_hosts = 1,
        .days = 1.0,
        .replications = 2,
        .seed = 7,
        .n_threads = 1,
        .service_level = {.slowdown_p95_frac = 0.05, .restart_within_s = 900.0},
        .progress = hr_progress_new(true)};
    hr_cost_params_default(&e->options.cost);
    e->options.cost.years = 5;
}

static void estate_clear(struct estate *e)
{
    hr_progress_free(e->options.progress);
    estate_release(e);
}

static void assert_same(const struct hr_size_result *a, const struct hr_size_result *b)
{
    assert_int_equal(a->n_answers, b->n_answers);
    assert_int_equal(a->n_runs, b->n_runs);
    for (uint32_t p = 0; p < a->n_answers; p++) {
        const struct hr_size_answer *x = &a->answers[p];
        const struct hr_size_answer *y = &b->answers[p];
        assert_ptr_equal(x->platform, y->platform);
        assert_int_equal(x->cluster.n_hosts, y->cluster.n_hosts);
        assert_int_equal(x->cost.tco_cents, y->cost.tco_cents);
        assert_memory_equal(x->slowdown_p95, y->slowdown_p95, sizeof x->slowdown_p95);
        assert_string_equal(x->binding, y->binding);
        assert_int_equal(x->n_candidates, y->n_candidates);
    }
}

static void threads_change_nothing(void **state)
{
    (void)state;
    struct estate e;
    estate_load(&e);
    struct hr_size_result one;
    assert_true(hr_size(e.guests, e.book, &e.options, &one, NULL));
    for (int threads = 2; threads <= 4; threads += 2) {
        struct hr_size_result many;
        e.options.n_threads = threads;
        assert_true(hr_size(e.guests, e.book, &e.options, &many, NULL));
        assert_same(&one, &many);
        hr_size_result_clear(&many);
    }
    hr_size_result_clear(&one);
    estate_clear(&e);
}

/* No candidate that was found feasible is cheaper than the answer, none was skipped whose bound
 * lies below it, and no real cost lies below its bound. */
static void the_answer_is_the_cheapest(void **state)
{
    (void)state;
    struct estate e;
    estate_load(&e);
    struct hr_size_result result;
    assert_true(hr_size(e.guests, e.book, &e.options, &result, NULL));
    for (uint32_t p = 0; p < result.n_answers; p++) {
        const struct hr_size_answer *a = &result.answers[p];
        assert_true(a->feasible);
        assert_true(p == 0 || a->cost.tco_cents >= result.answers[p - 1].cost.tco_cents);
        for (uint32_t c = 0; c < a->n_candidates; c++) {
            const struct hr_candidate *tried = &a->candidates[c];
            if (tried->verdict == HR_VERDICT_FEASIBLE) {
                assert_true(tried->tco_cents >= a->cost.tco_cents);
                assert_true(tried->tco_cents >= tried->lower_bound_cents);
                assert_null(tried->constraint);
            } else {
                assert_non_null(tried->constraint);
            }
        }
        int64_t sum = 0;
        for (size_t i = 0; i < a->cost.n_lines; i++) {
            sum += a->cost.lines[i].amount_cents;
        }
        assert_int_equal(sum, a->cost.tco_cents);
        assert_true(a->n_runs == 2 && a->runs[0].n_series > 0 && a->runs[1].n_series == 0);
    }
    hr_size_result_clear(&result);
    estate_clear(&e);
}

static void a_missing_price_is_named(void **state)
{
    (void)state;
    struct estate e;
    estate_load(&e);
    e.options.cost.electricity_id = "no-such-price";
    struct hr_size_result result = {0};
    g_autoptr(GError) error = NULL;
    assert_false(hr_size(e.guests, e.book, &e.options, &result, &error));
    assert_non_null(strstr(error->message, "no-such-price"));
    assert_null(result.answers);
    estate_clear(&e);
}

/* The sentence beside the static floor names what the answer exceeds, and no more. */
static void the_floor_says_why_it_differs(void **state)
{
    (void)state;
    struct estate e;
    estate_load(&e);
    struct hr_size_result result;
    assert_true(hr_size(e.guests, e.book, &e.options, &result, NULL));
    double needed[2] = {0.0, 0.0};
    double vcpus = 0.0;
    for (uint32_t g = 0; g < e.guests->n_running; g++) {
        const struct hr_scenario_guest *guest = &e.guests->items[g];
        vcpus += guest->vcpus;
        for (uint32_t p = 0; p < 2; p++) {
            needed[p] +=
                guest->size_mib + hr_platform_overhead_mib(result.answers[p].platform,
                                                           guest->size_mib, guest->vcpus);
        }
    }
    for (uint32_t p = 0; p < 2; p++) {
        const struct hr_size_answer *a = &result.answers[p];
        double physical = hr_cluster_physical_mib(&a->cluster);
        double left = a->cluster.n_hosts - 1;
        double usable = left * (physical - hr_platform_hypervisor_mib(a->platform, physical));
        bool is_same = a->cluster.n_hosts == a->floor.cluster.n_hosts &&
                       physical == hr_cluster_physical_mib(&a->floor.cluster);
        bool is_full = needed[p] > 0.8 * usable;
        bool is_crowded = vcpus > 4.0 * left * hr_server_cores(a->cluster.server);
        g_autofree char *share = g_strdup_printf("there configured memory is %.0f %% of",
                                                 needed[p] / usable * 100.0);
        assert_int_equal(strstr(a->floor.difference, "same cluster") != NULL, is_same);
        assert_int_equal(strstr(a->floor.difference, share) != NULL, !is_same && is_full);
        assert_int_equal(strstr(a->floor.difference, "vCPUs share a core") != NULL,
                         !is_same && is_crowded);
        assert_true(is_same || a->floor.cost.tco_cents > a->cost.tco_cents);
    }
    hr_size_result_clear(&result);
    estate_clear(&e);
}

/* ---- growth ---- */

static bool has_guest(const struct hr_guests *guests, const struct hr_scenario_guest *guest)
{
    for (uint32_t g = 0; g < guests->n; g++) {
        if (guests->items[g].key == guest->key) {
            return strcmp(guests->items[g].name, guest->name) == 0;
        }
    }
    return false;
}

static void growth_keeps_the_mix(void **state)
{
    (void)state;
    assert_int_equal(hr_growth_guests(100, 10.0, 12.0), 10);
    assert_int_equal(hr_growth_guests(100, 10.0, 24.0), 21);
    assert_int_equal(hr_growth_guests(41, 0.0, 60.0), 0);
    struct estate e;
    estate_load(&e);
    uint32_t n = e.guests->n_running;
    struct hr_guests *some = hr_guests_grown(e.guests, 7);
    struct hr_guests *twice = hr_guests_grown(e.guests, n);
    assert_int_equal(twice->n_running, 2 * n);
    assert_int_equal(twice->n_windows_server_running, 2 * e.guests->n_windows_server_running);
    double size = 0.0;
    for (uint32_t g = 0; g < 2 * n; g++) {
        size += twice->items[g].size_mib;
        assert_true(g == 0 || strcmp(twice->items[g - 1].name, twice->items[g].name) < 0);
    }
    for (uint32_t g = 0; g < n; g++) {
        size -= 2.0 * e.guests->items[g].size_mib;
    }
    assert_near(size, 0.0, 1e-6); /* each guest once more: the same sizes in all */
    for (uint32_t k = 0; k < some->n; k++) {
        assert_true(has_guest(twice, &some->items[k]));
    }
    for (uint32_t g = 0; g < twice->n; g++) {
        for (uint32_t h = 0; h < g; h++) {
            assert_true(twice->items[g].key != twice->items[h].key);
        }
    }
    hr_guests_free(some);
    hr_guests_free(twice);
    estate_clear(&e);
}

/* What each guest asks for grows by its factor and stops at what the guest has. */
static void demand_grows_within_the_guest(void **state)
{
    (void)state;
    struct estate e;
    estate_load(&e);
    struct hr_loads today;
    struct hr_loads later;
    hr_loads_init(&today, e.guests, &e.options, 1.0);
    e.options.demand_growth_pct = 10.0;
    double factor = hr_demand_factor(&e.options, 60.0);
    assert_near(factor, 1.61051, 1e-9);
    hr_loads_init(&later, e.guests, &e.options, factor);
    const struct hr_load *a = today.made[0];
    const struct hr_load *b = later.made[0];
    uint32_t n_full = 0;
    for (size_t i = 0; i < (size_t)a->n_steps * a->n_guests; i++) {
        const struct hr_load_guest *guest = &today.guests[i % a->n_guests];
        double commit = fmin(guest->size_mib, factor * (double)a->commit_mib[i]);
        double cache = fmin(guest->size_mib - commit, factor * (double)a->cache_mib[i]);
        double mhz = fmin(guest->vcpus * guest->vcpu_mhz, factor * (double)a->cpu_mhz[i]);
        n_full += cache < factor * (double)a->cache_mib[i];
        assert_near((double)b->commit_mib[i], commit, 0.01);
        assert_near((double)b->cache_mib[i], cache, 0.01);
        assert_near((double)b->cpu_mhz[i], mhz, 0.01);
        assert_near((double)b->iops[i], factor * (double)a->iops[i], 0.01);
        assert_true((double)b->active_mib[i] <= commit + cache + 0.01);
    }
    assert_true(n_full > 0);
    hr_loads_clear(&today);
    hr_loads_clear(&later);
    estate_clear(&e);
}

static void growth_is_bought_in_stages(void **state)
{
    (void)state;
    struct estate e;
    estate_load(&e);
    e.platforms[1] = NULL;
    e.options.growth_pct = 20.0;
    struct hr_size_result result;
    assert_true(hr_size(e.guests, e.book, &e.options, &result, NULL));
    const struct hr_size_answer *a = &result.answers[0];
    assert_int_equal(result.n_today, e.guests->n_running);
    assert_true(result.guests->n_running > 2 * result.n_today);
    assert_true(a->feasible && a->staged.n_stages >= 2);
    assert_int_equal(a->staged.stages[0].month, 0);
    for (uint32_t k = 1; k < a->staged.n_stages; k++) {
        assert_true(a->staged.stages[k].month > a->staged.stages[k - 1].month);
        assert_true(a->staged.stages[k].n_hosts > a->staged.stages[k - 1].n_hosts);
    }
    /* What waits costs less, both by the discount and by what needs not run yet. */
    assert_true(a->staged.cost.tco_cents < a->cost.tco_cents);
    assert_true(a->staged.cost.tco_cash_cents < a->cost.tco_cash_cents);
    int64_t sum = 0;
    int64_t servers = 0;
    for (size_t i = 0; i < a->staged.cost.n_lines; i++) {
        const struct hr_cost_line *line = &a->staged.cost.lines[i];
        sum += line->amount_cents;
        servers += line->category == HR_COST_SERVER ? line->units / HR_DECIMAL_ONE : 0;
        assert_true(line->month <= 12 * e.options.cost.years);
    }
    assert_int_equal(sum, a->staged.cost.tco_cents);
    assert_int_equal(servers, a->staged.stages[a->staged.n_stages - 1].n_hosts);
    /* It was sized for the end: it must last as long. */
    assert_true(a->reserve.lasts_months >= 12.0 * e.options.cost.years - 6.0);
    hr_size_result_clear(&result);
    estate_clear(&e);
}

/* ---- each year's load ---- */

static void without_growth_every_year_is_the_same(void **state)
{
    (void)state;
    struct estate e;
    estate_load(&e);
    e.platforms[1] = NULL;
    struct hr_size_result result;
    assert_true(hr_size(e.guests, e.book, &e.options, &result, NULL));
    const struct hr_size_answer *a = &result.answers[0];
    assert_int_equal(a->n_periods, 5);
    for (size_t y = 0; y < 5; y++) {
        assert_int_equal(a->periods[y].from_month, 12 * y);
        assert_int_equal(a->periods[y].to_month, 12 * (y + 1));
        assert_int_equal(a->periods[y].n_hosts, a->cluster.n_hosts);
        assert_int_equal(a->periods[y].n_guests, e.guests->n_running);
        assert_near(a->periods[y].cpu_util_mean, a->cpu_util_mean, 0.0);
    }
    assert_near(a->reserve.lasts_months, -1.0, 0.0);
    assert_int_equal(a->staged.n_stages, 0);
    hr_size_result_clear(&result);
    estate_clear(&e);
}

/* A search as hr_size() makes it. Owner: the caller, of the loads and the growth. */
static void search_init(struct hr_search *search, const struct estate *e,
                        struct hr_loads *loads, struct hr_growth *growth,
                        struct hr_size_result *totals)
{
    hr_loads_init(loads, e->guests, &e->options, 1.0);
    hr_growth_init(growth, &e->options);
    *search = (struct hr_search){.guests = e->guests,
                                 .book = e->book,
                                 .options = &e->options,
                                 .platform = e->platforms[0],
                                 .loads = loads,
                                 .today = e->guests,
                                 .growth = growth,
                                 .totals = totals};
}

static double cash_of(const struct hr_cost *cost, enum hr_cost_category category, int year)
{
    double sum = 0.0;
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        bool counts = line->category == category && line->year == year;
        sum += counts ? (double)line->cash_cents : 0.0;
    }
    return sum;
}

/* Guests, demand, use of processors and energy rise year by year; a year between those that are
 * simulated is what its own simulation says. */
static void each_year_has_its_own_load(void **state)
{
    (void)state;
    struct estate e;
    estate_load(&e);
    e.platforms[1] = NULL;
    e.options.growth_pct = 15.0;
    e.options.demand_growth_pct = 4.0;
    struct hr_size_result result;
    assert_true(hr_size(e.guests, e.book, &e.options, &result, NULL));
    const struct hr_size_answer *a = &result.answers[0];
    assert_true(a->feasible);
    assert_int_equal(a->n_periods, 5);
    struct hr_loads loads;
    struct hr_growth growth;
    struct hr_search search;
    struct hr_size_result totals = {0};
    search_init(&search, &e, &loads, &growth, &totals);
    for (int y = 0; y < 5; y++) {
        const struct hr_cost_period *p = &a->periods[y];
        uint32_t more = hr_growth_guests(e.guests->n_running, 15.0, 12.0 * y + 6.0);
        assert_int_equal(p->n_guests, e.guests->n_running + more);
        struct hr_use use = hr_use_between(&search, &a->cluster, 24 * y + 12, 24 * y + 12);
        assert_near(p->cpu_util_mean, use.late_frac, 0.02 * use.late_frac);
        assert_true(y == 0 || p->cpu_util_mean > a->periods[y - 1].cpu_util_mean);
        assert_true(y == 0 || cash_of(&a->cost, HR_COST_POWER, y + 1) >
                                  cash_of(&a->cost, HR_COST_POWER, y));
        assert_true(y == 0 || cash_of(&a->cost, HR_COST_LABOUR, y + 1) >
                                  cash_of(&a->cost, HR_COST_LABOUR, y));
    }
    assert_true(a->periods[4].cpu_util_mean < a->cpu_util_mean); /* its end is later still */
    assert_true(totals.n_runs > 0);
    hr_growth_clear(&growth);
    hr_loads_clear(&loads);
    hr_size_result_clear(&result);
    estate_clear(&e);
}

/* Stages and months of the same cluster, with or without growth of demand. */
static struct hr_size_answer stages_of(struct estate *e, double demand_growth_pct)
{
    struct hr_loads loads;
    struct hr_growth growth;
    struct hr_search search;
    struct hr_size_result totals = {0};
    struct hr_size_answer answer = {.platform = e->platforms[0],
                                    .feasible = true,
                                    .cluster = {.server = e->servers[0],
                                                .memory = e->servers[0]->memory[1],
                                                .n_hosts = 5,
                                                .storage = e->options.storage,
                                                .n_disks = 24}};
    e->options.growth_pct = 20.0;
    e->options.demand_growth_pct = demand_growth_pct;
    search_init(&search, e, &loads, &growth, &totals);
    struct hr_priced priced = {0};
    struct hr_evaluation evaluation = {0};
    hr_evaluate(&search, &answer.cluster, &evaluation);
    assert_int_equal(evaluation.verdict, HR_VERDICT_FEASIBLE);
    assert_true(hr_price_cluster(&search, &answer.cluster, evaluation.runs, evaluation.n_runs,
                                 &priced, NULL));
    answer.use = priced.use;
    answer.runs = evaluation.runs;
    answer.n_runs = evaluation.n_runs;
    assert_true(hr_find_stages(&search, &answer, NULL));
    hr_find_reserve(&search, &answer.cluster, &answer.reserve);
    hr_priced_clear(&priced);
    hr_evaluation_clear(&evaluation);
    answer.runs = NULL;
    hr_growth_clear(&growth);
    hr_loads_clear(&loads);
    return answer;
}

static void growth_of_demand_makes_full_sooner(void **state)
{
    (void)state;
    struct estate e;
    estate_load(&e);
    struct hr_size_answer plain = stages_of(&e, 0.0);
    struct hr_size_answer more = stages_of(&e, 40.0);
    assert_true(plain.staged.n_stages >= 2 && more.staged.n_stages >= 2);
    assert_int_equal(more.staged.stages[0].n_hosts, plain.staged.stages[0].n_hosts);
    assert_true(more.staged.stages[1].month < plain.staged.stages[1].month);
    assert_true(more.reserve.lasts_months < plain.reserve.lasts_months);
    /* The first day knows of no growth. */
    assert_int_equal(more.reserve.more_guests, plain.reserve.more_guests);
    assert_near(more.reserve.largest_guest_mib, plain.reserve.largest_guest_mib, 0.0);
    /* The periods have no gap and the hosts of their stage. */
    uint32_t stage = 0;
    int month = 0;
    for (size_t i = 0; i < more.staged.n_periods; i++) {
        const struct hr_cost_period *p = &more.staged.periods[i];
        assert_int_equal(p->from_month, month);
        assert_true(p->to_month <= (p->from_month / 12 + 1) * 12);
        if (stage + 1 < more.staged.n_stages && month == more.staged.stages[stage + 1].month) {
            stage++;
        }
        assert_int_equal(p->n_hosts, more.staged.stages[stage].n_hosts);
        month = p->to_month;
    }
    assert_int_equal(month, 60);
    assert_int_equal(stage + 1, more.staged.n_stages);
    hr_cost_clear(&plain.staged.cost);
    hr_cost_clear(&more.staged.cost);
    g_free(plain.staged.periods);
    g_free(more.staged.periods);
    estate_clear(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_task_is_done_once),
        cmocka_unit_test(intervals_are_those_of_student),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(the_answer_is_the_cheapest),
        cmocka_unit_test(a_missing_price_is_named),
        cmocka_unit_test(the_floor_says_why_it_differs),
        cmocka_unit_test(growth_keeps_the_mix),
        cmocka_unit_test(demand_grows_within_the_guest),
        cmocka_unit_test(growth_is_bought_in_stages),
        cmocka_unit_test(without_growth_every_year_is_the_same),
        cmocka_unit_test(each_year_has_its_own_load),
        cmocka_unit_test(growth_of_demand_makes_full_sooner),
    };
    return cmocka_run_group_tests_name("study", tests, NULL, NULL);
}
