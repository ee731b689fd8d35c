/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib.h>

#include "check.h"
#include "cost_world.h"

/* ---- Windows ---- */

/* The cents of all Windows lines; *category is theirs. */
static int64_t windows_cents(const struct hr_cost *cost, enum hr_cost_category *category)
{
    int64_t cents = 0;
    for (size_t i = 0; i < cost->n_lines; i++) {
        if (g_str_has_prefix(cost->lines[i].price_id, "ms-ws2025-")) {
            cents += cost->lines[i].cash_cents;
            *category = cost->lines[i].category;
        }
    }
    return cents;
}

static void windows_cases(void **state)
{
    (void)state;
    static const struct {
        int n_hosts, sockets, cores;
        uint32_t n_windows;
        uint32_t most; /* on any host */
        bool on_windows;
        const char *edition; /* NULL: none */
        int64_t cents;
        enum hr_cost_category category;
    } rows[] = {
        /* 20 guests that two of three hosts must be able to hold: 360 cores or 72. */
        {3, 2, 12, 20, 10, false, "Standard", 2646000, HR_COST_GUEST_OS},
        {3, 2, 12, 20, 12, false, "Datacenter", 3047200, HR_COST_GUEST_OS},
        {3, 2, 12, 20, 10, true, "Standard", 2646000, HR_COST_GUEST_OS},
        /* 144 cores of Datacenter are nine packs. */
        {3, 2, 24, 100, 50, false, "Datacenter", 6093900, HR_COST_GUEST_OS},
        {3, 2, 24, 100, 50, true, "Datacenter", 6093900, HR_COST_GUEST_OS},
        /* No Windows guest: nothing, but one Standard licence a host on Hyper-V. */
        {3, 2, 12, 0, 0, false, NULL, 0, HR_COST__COUNT},
        {3, 2, 12, 0, 10, false, NULL, 0, HR_COST__COUNT},
        {3, 2, 12, 0, 10, true, "Standard", 529200, HR_COST_PLATFORM},
        /* One guest that may stand on either host. */
        {2, 1, 4, 1, 1, false, "Standard", 235200, HR_COST_GUEST_OS},
        {2, 1, 4, 1, 1, true, "Standard", 235200, HR_COST_GUEST_OS},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct world w;
        set_up(&w);
        w.input.n_hosts = rows[i].n_hosts;
        w.server.sockets = rows[i].sockets;
        w.server.cores_per_socket = rows[i].cores;
        w.input.n_windows_guests = rows[i].n_windows;
        w.platform.windows_host_licence = rows[i].on_windows;
        for (size_t k = 0; k < G_N_ELEMENTS(w.windows_max); k++) {
            w.windows_max[k] = rows[i].most;
        }
        struct hr_cost cost = compute(&w);
        enum hr_cost_category category = HR_COST__COUNT;
        assert_int_equal(windows_cents(&cost, &category), rows[i].cents);
        assert_int_equal(category, rows[i].category);
        assert_int_equal(cost.windows_edition == NULL, rows[i].edition == NULL);
        if (rows[i].edition != NULL) {
            assert_string_equal(cost.windows_edition, rows[i].edition);
        }
        hr_cost_clear(&cost);
    }
}

/* Eleven guests on a licensed host are where Datacenter is the cheaper one, at 2025 prices. */
static void windows_break_even(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 30; n++) {
        struct world w;
        set_up(&w);
        w.input.n_hosts = 1;
        w.input.n_windows_guests = n;
        w.windows_max[0] = n;
        struct hr_cost cost = compute(&w);
        assert_string_equal(cost.windows_edition, n < 11 ? "Standard" : "Datacenter");
        hr_cost_clear(&cost);
    }
}

static void windows_without_a_worst_case_is_the_worst_case(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.input.n_windows_guests = 7;
    w.input.windows_max = NULL;
    struct hr_cost cost = compute(&w);
    enum hr_cost_category category = HR_COST__COUNT;
    /* 3 hosts × 4 sets × 24 cores = 288 cores in 18 packs */
    assert_int_equal(windows_cents(&cost, &category), 18 * 117600);
    hr_cost_clear(&cost);
}

/* The host licence of the catalogue says which Windows Server, and is not paid twice. */
static void windows_of_the_host_licence(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    for (size_t i = 0; i < N_FACTS; i++) {
        if (strcmp(facts[i].id, "ms-ws2025-standard-pack16core") == 0) {
            w.price[i].id = "ms-ws2019-standard-pack16core";
        } else if (strcmp(facts[i].id, "ms-ws2025-datacenter-pack16core") == 0) {
            w.price[i].id = "ms-ws2019-datacenter-pack16core";
        }
    }
    w.licence[1] = (struct hr_licence){.name = "Windows Server 2019",
                                       .kind = HR_LICENCE_WINDOWS_CORE,
                                       .price_id = "ms-ws2019-datacenter-pack16core"};
    struct hr_cost cost = compute(&w);
    size_t n = 0;
    for (size_t i = 0; i < cost.n_lines; i++) {
        n += g_str_has_prefix(cost.lines[i].price_id, "ms-") ? 1U : 0U;
    }
    assert_int_equal(n, 1);
    /* 360 cores in 23 packs of 16: this one has no small packs. */
    assert_int_equal(line_of(&cost, "ms-ws2025-standard-pack16core", 0)->units,
                     23 * HR_DECIMAL_ONE);
    hr_cost_clear(&cost);
    w.input.n_windows_guests = 0; /* the host's own licence remains */
    cost = compute(&w);
    assert_int_equal(line_of(&cost, "ms-ws2025-standard-pack16core", 0)->units,
                     5 * HR_DECIMAL_ONE);
    hr_cost_clear(&cost);
}

/* ---- the lower bound ---- */

static void bound_is_the_cost_of_the_idlest_result(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.input.cpu_util_mean = 0.0;
    w.input.n_windows_guests = 0;
    struct hr_cost cost = compute(&w);
    assert_int_equal(bound(&w), cost.tco_cents);
    hr_cost_clear(&cost);
    /* With Windows, two cents are kept back for rounding; Standard without any waste is
     * reached. */
    w.platform.windows_host_licence = true;
    w.input.n_windows_guests = 18;
    w.windows_max[0] = w.windows_max[1] = w.windows_max[2] = 6;
    cost = compute(&w);
    assert_int_equal(bound(&w), cost.tco_cents - 2);
    hr_cost_clear(&cost);
}

static double pick(GRand *rand, const double *values, int n)
{
    return values[g_rand_int_range(rand, 0, n)];
}

static void randomise(struct world *w, GRand *rand)
{
    static const double cores[] = {4, 6, 8, 12, 16, 17, 24, 32, 64};
    static const double support[] = {0, 1, 2.5, 3, 5, 7};
    set_up(w);
    for (size_t i = 0; i < w->n_prices; i++) {
        /* Any factor, so that prices have fractions of a cent. */
        w->price[i].price =
            (hr_decimal)((double)w->price[i].price * g_rand_double_range(rand, 0.1, 3.0));
    }
    w->missing = g_rand_boolean(rand) ? "ms-ws2025-standard-pack2core" : NULL;
    w->input.n_hosts = g_rand_int_range(rand, 1, 9);
    w->server.sockets = g_rand_int_range(rand, 1, 5);
    w->server.cores_per_socket = (int)pick(rand, cores, G_N_ELEMENTS(cores));
    w->server.support_included_years = pick(rand, support, G_N_ELEMENTS(support));
    w->storage.support_included_years = pick(rand, support, G_N_ELEMENTS(support));
    w->platform.windows_host_licence = g_rand_boolean(rand);
    w->input.storage = g_rand_boolean(rand) ? &w->storage : NULL;
    w->input.memory.n_dimms = g_rand_int_range(rand, 1, 33);
    w->input.n_guests = (uint32_t)g_rand_int_range(rand, 0, 200);
    w->input.n_windows_guests = (uint32_t)g_rand_int_range(rand, 0, 80);
    w->params.years = g_rand_int_range(rand, 1, 11);
    w->params.discount_rate = g_rand_double_range(rand, 0.0, 0.3);
    w->params.minimum_order_cores = g_rand_boolean(rand) ? 72 : 0;
}

/* What a simulation may find: a load, and for each host the most it ever held. */
static void any_result(struct world *w, GRand *rand)
{
    memset(w->windows_max, 0, sizeof w->windows_max);
    for (uint32_t i = 0; i < w->input.n_windows_guests; i++) {
        w->windows_max[g_rand_int_range(rand, 0, w->input.n_hosts)]++;
    }
    for (int i = 0; i < w->input.n_hosts; i++) {
        w->windows_max[i] += g_rand_boolean(rand) ? (uint32_t)g_rand_int_range(rand, 0, 6) : 0U;
    }
    w->input.cpu_util_mean = g_rand_double_range(rand, 0.0, 1.0);
}

static void bound_is_never_above_the_cost(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(20260901);
    struct world w;
    for (int cluster = 0; cluster < 1500; cluster++) {
        randomise(&w, rand);
        int64_t least = bound(&w);
        assert_true(least > 0);
        for (int result = 0; result < 4; result++) {
            any_result(&w, rand);
            struct hr_cost cost = compute(&w);
            if (least > cost.tco_cents) {
                fail_msg("cluster %d, result %d: bound %lld above cost %lld", cluster, result,
                         (long long)least, (long long)cost.tco_cents);
            }
            hr_cost_clear(&cost);
        }
    }
    g_rand_free(rand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_cases),
        cmocka_unit_test(windows_break_even),
        cmocka_unit_test(windows_without_a_worst_case_is_the_worst_case),
        cmocka_unit_test(windows_of_the_host_licence),
        cmocka_unit_test(bound_is_the_cost_of_the_idlest_result),
        cmocka_unit_test(bound_is_never_above_the_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
