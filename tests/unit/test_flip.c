/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repricing: the factor at which two bills cost the same against the one worked out by hand,
 * what clusters that were not simulated do to it, and the interval of the cost. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "cost_world.h"
#include "study/flip.h"

/* Three hosts of one world: one platform pays licences, the other twice the modules. For one
 * year, undiscounted, so that the figures are those of the facts. */
struct pair {
    struct world world;
    struct hr_platform free_platform;
    struct hr_kept_bill *licensed; /* 24 modules */
    struct hr_kept_bill *large;    /* 48 modules, no licence */
    struct hr_scaled_prices scaled;
};

/* By the facts: 96 core-years at 190, six sockets at 1000 and a quarter of that for support. */
static const double CORES = 96 * 190.0;
static const double SOCKETS = 6 * 1000.0 * 1.25;
/* 24 modules more at 2000; of the 48, eight a host draw 5 W beyond the rated ones. */
static const double MODULES = 24 * 2000.0;
static const double MODULE_POWER = 3 * 8 * 5.0 * 1.8 * 8.76 * 0.15;

static struct hr_kept_bill *keep(const struct hr_cost_input *input)
{
    const struct hr_cost_stage stage = {.input = *input};
    return hr_kept_bill_new(&stage, 1);
}

static void pair_init(struct pair *p)
{
    set_up(&p->world);
    p->world.params.years = 1;
    p->world.params.discount_rate = 0.0;
    struct hr_cost_input input = p->world.input;
    input.memory.n_dimms = 8;
    p->licensed = keep(&input);
    p->free_platform = p->world.platform;
    p->free_platform.n_licences = 0;
    input = p->world.input;
    input.platform = &p->free_platform;
    p->large = keep(&input);
    hr_scaled_prices_init(&p->scaled, &p->world.prices);
}

static void pair_clear(struct pair *p)
{
    hr_scaled_prices_clear(&p->scaled);
    hr_kept_bill_free(p->licensed);
    hr_kept_bill_free(p->large);
}

static struct hr_flip_side side_of(const struct hr_kept_bill *const *bill)
{
    return (struct hr_flip_side){.bills = bill, .n_bills = 1};
}

static struct hr_flip_point find(struct pair *p, const char *id, bool upwards)
{
    const struct hr_kept_bill *licensed = p->licensed;
    const struct hr_kept_bill *large = p->large;
    struct hr_flip_side cheaper = side_of(&licensed);
    struct hr_flip_side dearer = side_of(&large);
    hr_scaled_prices_add(&p->scaled, id);
    return hr_flip_find(&cheaper, &dearer, &p->world.params, &p->scaled, upwards);
}

static void the_difference_is_as_by_hand(void **state)
{
    (void)state;
    struct pair p;
    pair_init(&p);
    int64_t licensed = hr_kept_bill_tco_cents(p.licensed, &p.world.params, &p.world.prices);
    int64_t large = hr_kept_bill_tco_cents(p.large, &p.world.params, &p.world.prices);
    assert_near((double)(large - licensed) / 100.0, MODULES + MODULE_POWER - CORES - SOCKETS,
                0.05);
    pair_clear(&p);
}

static void memory_flips_where_it_must(void **state)
{
    (void)state;
    struct pair p;
    pair_init(&p);
    struct hr_flip_point down = find(&p, "ddr5-rdimm-64gb", false);
    assert_near(down.factor, (CORES + SOCKETS - MODULE_POWER) / MODULES, 1e-6);
    assert_int_equal(down.certainty, HR_CERTAIN);
    struct hr_flip_point up = find(&p, "ddr5-rdimm-64gb", true);
    assert_near(up.factor, 0.0, 0.0);
    assert_int_equal(up.certainty, HR_CERTAIN);
    assert_near(up.sure_factor, HR_FLIP_MOST, 1e-9);
    pair_clear(&p);
}

static void a_licence_flips_where_it_must(void **state)
{
    (void)state;
    struct pair p;
    pair_init(&p);
    struct hr_flip_point up = find(&p, "vmware-test-core-year", true);
    assert_near(up.factor, (MODULES + MODULE_POWER - SOCKETS) / CORES, 1e-6);
    /* The prices are the book's again. */
    const struct hr_price *price = p.scaled.prices.get(&p.scaled, "vmware-test-core-year");
    assert_int_equal(price->price, 190 * HR_DECIMAL_ONE);
    pair_clear(&p);
}

static void an_input_both_pay_alike_never_flips(void **state)
{
    (void)state;
    static const char *const ids[] = {"admin-hour-us-loaded", "test-array", "no-such-price"};
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        for (int upwards = 0; upwards < 2; upwards++) {
            struct pair p;
            pair_init(&p);
            assert_near(find(&p, ids[i], upwards == 1).factor, 0.0, 0.0);
            pair_clear(&p);
        }
    }
}

/* A second cluster of the dearer platform takes over where it is the cheaper one. */
static void each_platform_is_its_cheapest_cluster(void **state)
{
    (void)state;
    struct pair p;
    pair_init(&p);
    struct hr_cost_input input = p.large->stages[0].input;
    const uint32_t windows_max[4] = {10, 10, 10, 10};
    input.n_hosts = 4;
    input.windows_max = windows_max;
    input.memory.n_dimms = 8; /* 32 modules and a host: dearer today, cheaper for dear memory */
    struct hr_kept_bill *more_hosts = keep(&input);
    const struct hr_kept_bill *both[] = {p.large, more_hosts};
    const struct hr_flip_side side = {.bills = both, .n_bills = 2};
    hr_scaled_prices_add(&p.scaled, "ddr5-rdimm-64gb");
    for (double factor = 0.1; factor < 10.0; factor *= 1.5) {
        hr_scaled_prices_set(&p.scaled, factor);
        int64_t a = hr_kept_bill_tco_cents(p.large, &p.world.params, &p.scaled.prices);
        int64_t b = hr_kept_bill_tco_cents(more_hosts, &p.world.params, &p.scaled.prices);
        assert_int_equal(hr_flip_cheapest_cents(&side, &p.world.params, &p.scaled.prices),
                         MIN(a, b));
    }
    hr_kept_bill_free(more_hosts);
    pair_clear(&p);
}

/* A cluster that was not simulated, at a price of its own. */
static int64_t fixed(const void *context, const struct hr_prices *prices)
{
    (void)prices;
    return *(const int64_t *)context;
}

static void clusters_not_simulated_cast_doubt(void **state)
{
    (void)state;
    static const struct {
        int64_t cheaper,
            dearer; /* least cost, in cents, beside the 10^6 and more of the bills */
        enum hr_certainty expected;
    } rows[] = {{INT64_MAX, INT64_MAX, HR_CERTAIN},
                {1, INT64_MAX, HR_NOT_BEFORE},
                {INT64_MAX, 1, HR_AT_THE_LATEST},
                {1, 1, HR_ABOUT}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct pair p;
        pair_init(&p);
        const struct hr_kept_bill *licensed = p.licensed;
        const struct hr_kept_bill *large = p.large;
        struct hr_flip_side cheaper = side_of(&licensed);
        struct hr_flip_side dearer = side_of(&large);
        cheaper.rest_cents = fixed;
        cheaper.context = &rows[i].cheaper;
        dearer.rest_cents = fixed;
        dearer.context = &rows[i].dearer;
        hr_scaled_prices_add(&p.scaled, "ddr5-rdimm-64gb");
        struct hr_flip_point point =
            hr_flip_find(&cheaper, &dearer, &p.world.params, &p.scaled, false);
        assert_int_equal(point.certainty, rows[i].expected);
        /* It changes nothing about the clusters that were simulated. */
        assert_near(point.factor, (CORES + SOCKETS - MODULE_POWER) / MODULES, 1e-6);
        if (rows[i].dearer == 1) {
            assert_near(point.sure_factor, 1.0, 0.0);
        }
        pair_clear(&p);
    }
}

static void a_total_is_that_of_the_lines(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    for (int hosts = 1; hosts <= 16; hosts++) {
        w.input.n_hosts = hosts;
        struct hr_cost cost = compute(&w);
        int64_t total = 0;
        assert_true(hr_cost_total_from(&w.input, &w.params, &w.prices, &total, NULL));
        assert_int_equal(total, cost.tco_cents);
        hr_cost_clear(&cost);
    }
}

static void the_asked_prices_are_those_of_the_bill(void **state)
{
    (void)state;
    struct pair p;
    pair_init(&p);
    struct hr_cost cost = {0};
    g_autoptr(GPtrArray) asked =
        hr_prices_asked(p.licensed, &p.world.params, &p.world.prices, &cost);
    assert_non_null(asked);
    for (size_t i = 0; i < cost.n_lines; i++) {
        bool found = cost.lines[i].price_id[0] == '\0';
        for (guint k = 0; k < asked->len; k++) {
            const struct hr_price *price = g_ptr_array_index(asked, k);
            found = found || strcmp(price->id, cost.lines[i].price_id) == 0;
        }
        assert_true(found);
    }
    for (guint i = 0; i < asked->len; i++) {
        for (guint k = i + 1; k < asked->len; k++) {
            assert_ptr_not_equal(g_ptr_array_index(asked, i), g_ptr_array_index(asked, k));
        }
    }
    hr_cost_clear(&cost);
    p.world.missing = "test-server";
    assert_null(hr_prices_asked(p.licensed, &p.world.params, &p.world.prices, NULL));
    pair_clear(&p);
}

static void the_interval_is_that_of_power(void **state)
{
    (void)state;
    struct pair p;
    pair_init(&p);
    const struct hr_cost_params *params = &p.world.params;
    int64_t tco = hr_kept_bill_tco_cents(p.licensed, params, &p.world.prices);
    struct hr_money_range range;
    static const double alike[] = {0.0, 0.0, 0.0};
    assert_true(
        hr_kept_bill_interval(p.licensed, params, &p.world.prices, alike, 3, &range, NULL));
    assert_int_equal(range.low_cents, tco);
    assert_int_equal(range.high_cents, tco);
    static const double apart[] = {-0.1, 0.1};
    assert_true(
        hr_kept_bill_interval(p.licensed, params, &p.world.prices, apart, 2, &range, NULL));
    /* A tenth more of the processors is 3 hosts × 48 W; t(0.975; 1) = 12.7062. */
    double tenth = 3 * 48 * 1.8 * 8.76 * 0.15;
    assert_near((double)(range.high_cents - tco) / 100.0, 12.7062 * tenth, 0.5);
    assert_int_equal(range.high_cents - tco, tco - range.low_cents);
    pair_clear(&p);
}

/* All that was the caller's may be gone when the bill is priced again. */
static void a_kept_bill_needs_nothing_of_its_maker(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost_kept kept = {2, 8, true, true};
    struct hr_cost_period years[1] = {{0, 12, 3, 44, 0.3}};
    struct hr_cost_risk risk = {.n_hosts = 3};
    struct hr_scenario_guest guests[44] = {{.vcpus = 2, .size_mib = 4096.0}};
    w.params.years = 1;
    w.input.kept = &kept;
    w.input.risk = &risk;
    w.input.guests = guests;
    w.input.periods = years;
    w.input.n_periods = 1;
    struct hr_kept_bill *bill = keep(&w.input);
    int64_t cents = hr_kept_bill_tco_cents(bill, &w.params, &w.prices);
    memset(&kept, 0, sizeof kept);
    memset(years, 0, sizeof years);
    memset(&risk, 0xff, sizeof risk);
    memset(guests, 0xff, sizeof guests);
    memset(w.windows_max, 0xff, sizeof w.windows_max);
    assert_true(cents > 0);
    assert_int_equal(hr_kept_bill_tco_cents(bill, &w.params, &w.prices), cents);
    hr_kept_bill_free(bill);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_difference_is_as_by_hand),
        cmocka_unit_test(memory_flips_where_it_must),
        cmocka_unit_test(a_licence_flips_where_it_must),
        cmocka_unit_test(an_input_both_pay_alike_never_flips),
        cmocka_unit_test(each_platform_is_its_cheapest_cluster),
        cmocka_unit_test(clusters_not_simulated_cast_doubt),
        cmocka_unit_test(a_total_is_that_of_the_lines),
        cmocka_unit_test(the_asked_prices_are_those_of_the_bill),
        cmocka_unit_test(the_interval_is_that_of_power),
        cmocka_unit_test(a_kept_bill_needs_nothing_of_its_maker),
    };
    return cmocka_run_group_tests_name("flip", tests, NULL, NULL);
}
