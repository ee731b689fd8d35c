/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib.h>

#include "base/error.h"
#include "check.h"
#include "cost_world.h"

/* ---- the whole bill ---- */

static void bill_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *item;
        int year; /* 0 once; 1: the same in all five */
        enum hr_cost_category category;
        bool is_capex;
        const char *units;
        int64_t cash_cents;
        enum hr_price_status status;
        const char *rule;
    } rows[] = {
        {"Server 2x12", 0, HR_COST_SERVER, true, "3", 2700000, HR_PRICE_FOUND, "3 hosts"},
        {"ddr5-rdimm-64gb", 0, HR_COST_MEMORY, true, "48", 9600000, HR_PRICE_RECALLED,
         "3 hosts × 16 modules of 64 GB = 48 modules"},
        {"Array", 0, HR_COST_STORAGE, true, "1", 1400000, HR_PRICE_ASSUMED, "1 array"},
        {"test-disk", 0, HR_COST_STORAGE, true, "12", 1920000, HR_PRICE_DERIVED, "12 disks"},
        {"test-switch", 0, HR_COST_NETWORK, true, "2", 1300000, HR_PRICE_FOUND, "2 switches"},
        {"test-nic", 0, HR_COST_NETWORK, true, "6", 270000, HR_PRICE_QUOTE, "3 hosts × 2 = 6"},
        {"Foundation", 1, HR_COST_PLATFORM, false, "96", 1824000, HR_PRICE_FOUND,
         "3 hosts × 2 sockets × max(16, 12 cores) = 96 cores"},
        {"Manager", 0, HR_COST_PLATFORM, true, "6", 600000, HR_PRICE_FOUND, "= 6 sockets"},
        {"Manager, support", 1, HR_COST_PLATFORM, false, "1.5", 150000, HR_PRICE_DERIVED,
         "6 sockets; support 0.25 of the price a year"},
        {"ms-ws2025-standard-pack16core", 0, HR_COST_GUEST_OS, true, "22", 2587200,
         HR_PRICE_FOUND,
         "15 sets = 360 cores, in 22 packs of 16 and 4 of 2; Datacenter would be "
         "72 cores for 30472.00"},
        {"ms-ws2025-standard-pack2core", 0, HR_COST_GUEST_OS, true, "4", 58800,
         HR_PRICE_DERIVED, "up to 10 guests each"},
        {"Electricity, hosts", 1, HR_COST_POWER, false, "13245.12", 198677, HR_PRICE_ASSUMED,
         "3 hosts × (120 W + (600 − 120) W × 0.25 load + 8 further modules × 5 W) = 840 W; "
         "× PUE 1.8 × 8760 h / 1000 = 13245.12 kWh a year"},
        {"Electricity, storage and switches", 1, HR_COST_POWER, false, "10249.2", 153738,
         HR_PRICE_FOUND, "350 W + 2 switches × 150 W = 650 W"},
        {"Maintenance, hosts", 4, HR_COST_SUPPORT, false, "125700", 1257000, HR_PRICE_RECALLED,
         "0.1 a year of the 125700.00 that servers, memory and network cards cost, once the "
         "included support of 3 y ends"},
        {"Maintenance, hosts", 5, HR_COST_SUPPORT, false, "125700", 1257000, HR_PRICE_RECALLED,
         ""},
        {"Maintenance, storage", 5, HR_COST_SUPPORT, false, "23100", 184800, HR_PRICE_ASSUMED,
         "0.08 a year of the 46200.00 that array, disks and switches cost"},
        {"Administration", 1, HR_COST_LABOUR, false, "126", 756000, HR_PRICE_RECALLED,
         "3 hosts × 20 h + 44 guests × 1.5 h = 126 h a year"},
    };
    struct world w;
    set_up(&w);
    struct hr_cost cost = compute(&w);
    size_t n_lines = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int last = rows[i].year == 1 ? 5 : rows[i].year;
        for (int year = rows[i].year; year <= last; year++) {
            char units[32];
            const struct hr_cost_line *line = line_of(&cost, rows[i].item, year);
            assert_int_equal(line->category, rows[i].category);
            assert_int_equal(line->is_capex, rows[i].is_capex);
            assert_string_equal(hr_decimal_format(line->units, units), rows[i].units);
            assert_int_equal(line->cash_cents, rows[i].cash_cents);
            assert_int_equal(line->status, rows[i].status);
            if (strstr(line->rule, rows[i].rule) == NULL) {
                fail_msg("%s: \"%s\", expected \"%s\" in it", rows[i].item, line->rule,
                         rows[i].rule);
            }
            n_lines++;
        }
    }
    assert_int_equal(cost.n_lines, n_lines);
    assert_int_equal(cost.capex_cash_cents, 20436000);
    assert_int_equal(cost.opex_cash_cents, 18110875);
    assert_int_equal(cost.tco_cash_cents, 38546875);
    assert_string_equal(cost.windows_edition, "Standard");
    assert_string_equal(line_of(&cost, "Electricity, hosts", 1)->price_id,
                        "electricity-us-commercial-kwh");
    assert_string_equal(line_of(&cost, "test-disk", 0)->source, "each");
    assert_non_null(strstr(line_of(&cost, "Maintenance, hosts", 4)->source,
                           "hw-maintenance-year-ratio: ratio; test-server: each"));
    hr_cost_clear(&cost);
    assert_null(cost.lines);
}

/* (1.07)^(-month/12), worked out apart: month 54, 24, 6, 36 and 48. */
static void discounts_by_date_of_payment(void **state)
{
    (void)state;
    static const struct {
        const char *item;
        int year, month;
        int64_t amount_cents;
    } rows[] = {
        {"Server 2x12", 0, 0, 2700000},          {"Administration", 5, 54, 557564},
        {"Foundation", 1, 0, 1824000},           {"Foundation", 3, 24, 1593152},
        {"Electricity, hosts", 1, 6, 192068},    {"Maintenance, hosts", 4, 36, 1026086},
        {"Maintenance, storage", 5, 48, 140983},
    };
    struct world w;
    set_up(&w);
    struct hr_cost cost = compute(&w);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct hr_cost_line *line = line_of(&cost, rows[i].item, rows[i].year);
        assert_int_equal(line->month, rows[i].month);
        assert_int_equal(line->amount_cents, rows[i].amount_cents);
    }
    hr_cost_clear(&cost);
    w.params.discount_rate = 0.0;
    cost = compute(&w);
    assert_int_equal(cost.tco_cents, cost.tco_cash_cents);
    assert_int_equal(cost.capex_cents, cost.capex_cash_cents);
    hr_cost_clear(&cost);
}

static void totals_add_up_again(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    for (int years = 1; years <= 12; years++) {
        w.params.years = years;
        struct hr_cost cost = compute(&w);
        int64_t sum[4] = {0, 0, 0, 0};
        for (size_t i = 0; i < cost.n_lines; i++) {
            const struct hr_cost_line *line = &cost.lines[i];
            assert_true(line->year <= years && line->month < 12 * years);
            assert_int_equal(line->is_capex, line->year == 0);
            assert_int_equal(line->cash_cents, hr_money_cents(line->units, line->price));
            assert_true(line->amount_cents <= line->cash_cents);
            assert_true(i == 0 || line->category >= cost.lines[i - 1].category);
            sum[line->is_capex ? 0 : 1] += line->amount_cents;
            sum[line->is_capex ? 2 : 3] += line->cash_cents;
        }
        assert_int_equal(cost.capex_cents, sum[0]);
        assert_int_equal(cost.opex_cents, sum[1]);
        assert_int_equal(cost.tco_cents, sum[0] + sum[1]);
        assert_int_equal(cost.capex_cash_cents, sum[2]);
        assert_int_equal(cost.opex_cash_cents, sum[3]);
        assert_int_equal(cost.tco_cash_cents, sum[2] + sum[3]);
        hr_cost_clear(&cost);
    }
}

static void doubled_prices_double_the_bill(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost once = compute(&w);
    for (size_t i = 0; i < N_FACTS; i++) {
        w.price[i].price *= facts[i].is_money ? 2 : 1;
    }
    struct hr_cost twice = compute(&w);
    assert_int_equal(twice.n_lines, once.n_lines);
    for (size_t i = 0; i < once.n_lines; i++) {
        /* Two roundings of half a cent, one of them doubled. */
        assert_near((double)twice.lines[i].cash_cents, 2.0 * (double)once.lines[i].cash_cents,
                    1.0);
        assert_near((double)twice.lines[i].amount_cents,
                    2.0 * (double)once.lines[i].amount_cents, 1.0);
        int64_t units = once.lines[i].units; /* of maintenance: the purchase */
        assert_int_equal(twice.lines[i].units,
                         once.lines[i].category == HR_COST_SUPPORT ? 2 * units : units);
    }
    hr_cost_clear(&once);
    hr_cost_clear(&twice);
}

/* Each price moves the total by its weight in the bill, and no line that it is not part of. */
static void each_price_moves_its_lines_only(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost base = compute(&w);
    for (size_t i = 0; i < N_FACTS; i++) {
        set_up(&w);
        /* Away from where eight small packs of Windows become cheaper than a large one. */
        hr_decimal tenth = w.price[i].price / 10;
        hr_decimal rise = g_str_has_suffix(facts[i].id, "-pack16core") ? -tenth : tenth;
        w.price[i].price += rise;
        g_autofree char *named = g_strconcat(facts[i].id, ": ", NULL);
        struct hr_cost changed = compute(&w);
        assert_int_equal(changed.n_lines, base.n_lines);
        int64_t moved_cents = 0;
        for (size_t k = 0; k < base.n_lines; k++) {
            const struct hr_cost_line *a = &base.lines[k];
            const struct hr_cost_line *b = &changed.lines[k];
            /* A line that several prices enter names all of them as its sources. */
            bool enters =
                strcmp(a->price_id, facts[i].id) == 0 || strstr(a->source, named) != NULL;
            moved_cents += b->cash_cents - a->cash_cents;
            assert_int_equal(enters, b->cash_cents != a->cash_cents);
            assert_int_equal(a->year, b->year);
            if (strcmp(a->price_id, facts[i].id) == 0) {
                assert_int_equal(b->units, a->units);
                assert_int_equal(b->price, w.price[i].price);
            }
        }
        assert_int_equal(changed.tco_cash_cents - base.tco_cash_cents, moved_cents);
        assert_near((double)moved_cents / 100.0,
                    facts[i].cash_per_unit * hr_decimal_to_double(rise), 0.10);
        hr_cost_clear(&changed);
    }
    hr_cost_clear(&base);
}

static void same_lines_whatever_the_order_of_the_book(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost a = compute(&w);
    for (size_t i = 0; i < w.n_prices / 2; i++) {
        struct hr_price swapped = w.price[i];
        w.price[i] = w.price[w.n_prices - 1 - i];
        w.price[w.n_prices - 1 - i] = swapped;
    }
    struct hr_cost b = compute(&w);
    assert_int_equal(a.n_lines, b.n_lines);
    for (size_t i = 0; i < a.n_lines; i++) {
        assert_string_equal(a.lines[i].item, b.lines[i].item);
        assert_string_equal(a.lines[i].rule, b.lines[i].rule);
        assert_string_equal(a.lines[i].source, b.lines[i].source);
        assert_int_equal(a.lines[i].year, b.lines[i].year);
        assert_int_equal(a.lines[i].amount_cents, b.lines[i].amount_cents);
    }
    hr_cost_clear(&a);
    hr_cost_clear(&b);
}

/* ---- options and errors ---- */

static void region_and_overrides(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.prices.currency = "EUR";
    struct hr_cost cost = compute(&w);
    assert_string_equal(line_of(&cost, "Administration", 1)->price_id, "admin-hour-eu-loaded");
    assert_string_equal(line_of(&cost, "Electricity, hosts", 1)->price_id,
                        "electricity-eu-nonhousehold-kwh");
    assert_int_equal(line_of(&cost, "Administration", 1)->cash_cents, 126 * 5000);
    hr_cost_clear(&cost);
    w.params.labour_id = "test-nic";
    w.params.electricity_id = "test-max-watt";
    w.params.pue_id = "rdimm-ddr5-watt";
    cost = compute(&w);
    assert_int_equal(line_of(&cost, "Administration", 1)->cash_cents, 126 * 45000);
    assert_string_equal(line_of(&cost, "Electricity, hosts", 1)->price_id, "test-max-watt");
    assert_int_equal(line_of(&cost, "Electricity, hosts", 1)->units, 36792 * HR_DECIMAL_ONE);
    hr_cost_clear(&cost);
}

/* From the surest to the least sure; a line is as sure as the least sure price in it. */
static void status_is_the_weakest(void **state)
{
    (void)state;
    static const enum hr_price_status order[] = {
        HR_PRICE_QUOTE, HR_PRICE_FOUND, HR_PRICE_DERIVED, HR_PRICE_RECALLED, HR_PRICE_ASSUMED};
    assert_int_equal(G_N_ELEMENTS(order), HR_PRICE__COUNT);
    struct world w;
    set_up(&w);
    for (size_t a = 0; a < G_N_ELEMENTS(order); a++) {
        for (size_t b = 0; b < G_N_ELEMENTS(order); b++) {
            fact_of(&w, "test-socket")->status = order[a];
            fact_of(&w, "test-support-ratio")->status = order[b];
            struct hr_cost cost = compute(&w);
            assert_int_equal(line_of(&cost, "Manager", 0)->status, order[a]);
            assert_int_equal(line_of(&cost, "Manager, support", 1)->status,
                             order[a > b ? a : b]);
            hr_cost_clear(&cost);
        }
    }
}

static void least_order_is_the_one_vendors(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.params.minimum_order_cores = 100;
    struct hr_cost cost = compute(&w);
    assert_int_equal(line_of(&cost, "Foundation", 2)->units, 100 * HR_DECIMAL_ONE);
    hr_cost_clear(&cost);
    fact_of(&w, "vmware-test-core-year")->id = "other-core-year";
    w.licence[0].price_id = "other-core-year";
    cost = compute(&w);
    assert_int_equal(line_of(&cost, "Foundation", 2)->units, 96 * HR_DECIMAL_ONE);
    hr_cost_clear(&cost);
}

static void monthly_prices_are_paid_twelve_times(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.server.cores_per_socket = 24;
    w.licence[0].terms.min_cores_per_socket = 0;
    fact_of(&w, "vmware-test-core-year")->unit = "core-month";
    fact_of(&w, "vmware-test-core-year")->price = 10 * HR_DECIMAL_ONE;
    struct hr_cost cost = compute(&w);
    assert_int_equal(line_of(&cost, "Foundation", 1)->cash_cents, 1728000);
    hr_cost_clear(&cost);
}

static void maintenance_starts_when_support_ends(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.server.support_included_years = 5;
    w.storage.support_included_years = 5;
    struct hr_cost cost = compute(&w);
    for (size_t i = 0; i < cost.n_lines; i++) {
        assert_int_not_equal(cost.lines[i].category, HR_COST_SUPPORT);
    }
    hr_cost_clear(&cost);
    w.storage.support_included_years = 0;
    w.storage.maintenance_year_frac = 0; /* the book's ratio then */
    cost = compute(&w);
    assert_int_equal(line_of(&cost, "Maintenance, storage", 1)->cash_cents, 462000);
    assert_string_equal(line_of(&cost, "Maintenance, storage", 1)->price_id,
                        "hw-maintenance-year-ratio");
    hr_cost_clear(&cost);
}

static void storage_power_may_be_a_figure(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    w.storage.watt_price_id = NULL; /* its own figure, 7 W */
    w.storage.switch_watt_price_id = NULL;
    struct hr_cost cost = compute(&w);
    const struct hr_cost_line *line = line_of(&cost, "Electricity, storage and switches", 1);
    assert_int_equal(line->units, hr_decimal_from_double(7 * 1.8 * 8.76));
    hr_cost_clear(&cost);
}

static void missing_prices_are_named(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    for (size_t i = 0; i < N_FACTS; i++) {
        w.missing = facts[i].id;
        struct hr_cost cost = {.tco_cents = -77};
        int64_t cents = -77;
        GError *error = NULL;
        bool ok = hr_cost_compute_from(&w.input, &w.params, &w.prices, &cost, &error);
        if (g_str_has_suffix(facts[i].id, "-pack2core")) {
            assert_true(ok); /* large packs do */
            hr_cost_clear(&cost);
            continue;
        }
        assert_false(ok);
        assert_int_equal(cost.tco_cents, -77);
        assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_INPUT));
        g_autofree char *named =
            g_strdup_printf("price book 2026: no price '%s' (needed by ", facts[i].id);
        assert_true(g_str_has_prefix(error->message, named));
        g_clear_error(&error);
        assert_false(hr_cost_lower_bound_from(&w.input, &w.params, &w.prices, &cents, &error));
        assert_true(g_str_has_prefix(error->message, named));
        assert_int_equal(cents, -77);
        g_clear_error(&error);
    }
    w.missing = "vmware-test-core-year";
    struct hr_cost cost;
    GError *error = NULL;
    assert_false(hr_cost_compute_from(&w.input, &w.params, &w.prices, &cost, &error));
    assert_string_equal(error->message, "price book 2026: no price 'vmware-test-core-year' "
                                        "(needed by platform test, licence Foundation)");
    g_clear_error(&error);
}

/* A book of two prices: every other one is told, each once. */
static const struct hr_price *get_few(const void *table, const char *id)
{
    const struct world *w = table;
    bool is_kept =
        strcmp(id, "vmware-test-core-year") == 0 || strcmp(id, "pue-server-room-ratio") == 0;
    for (size_t i = 0; is_kept && i < w->n_prices; i++) {
        if (strcmp(w->price[i].id, id) == 0) {
            return &w->price[i];
        }
    }
    return NULL;
}

static void all_missing_prices_are_told_at_once(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost whole = compute(&w);
    w.prices.table = &w;
    w.prices.get = get_few;
    struct hr_cost cost;
    GError *error = NULL;
    assert_false(hr_cost_compute_from(&w.input, &w.params, &w.prices, &cost, &error));
    assert_true(g_str_has_prefix(error->message, "price book 2026: no price 'test-server' "));
    g_auto(GStrv) told = g_strsplit(error->message, "no price '", -1);
    guint n_told = g_strv_length(told) - 1;
    /* Whatever the bill's lines name, but for the two. */
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < whole.n_lines; i++) {
        const char *id = whole.lines[i].price_id;
        if (*id != '\0' && get_few(&w, id) == NULL && !g_str_has_suffix(id, "-pack2core")) {
            (void)g_hash_table_add(named, whole.lines[i].price_id);
            g_autofree char *text = g_strdup_printf("no price '%s' (needed by ", id);
            assert_non_null(strstr(error->message, text));
        }
    }
    assert_true(n_told >= g_hash_table_size(named) && n_told >= 8);
    assert_null(strstr(error->message, "'vmware-test-core-year'"));
    for (guint i = 1; i <= n_told; i++) {
        for (guint k = 1; k < i; k++) {
            assert_string_not_equal(told[i], told[k]);
        }
    }
    g_error_free(error);
    hr_cost_clear(&whole);
}

static void absurd_numbers_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        hr_decimal price;
        int n_hosts, years;
        double discount_rate;
        const char *message;
    } rows[] = {
        {"test-disk", -1, 3, 5, 0.07, "'test-disk' is not between 0 and 10^9"},
        {"test-disk", INT64_MAX, 3, 5, 0.07, "'test-disk' is not between 0 and 10^9"},
        {"test-server", 1000000000 * HR_DECIMAL_ONE, 10000, 5, 0.07, "is beyond 10^12"},
        {"ms-ws2025-datacenter-pack16core", 1000000000 * HR_DECIMAL_ONE, 9000, 5, 0.07,
         "the cost of Windows Server Datacenter is beyond 10^12"},
        {"pue-server-room-ratio", 1000000000 * HR_DECIMAL_ONE, 3, 5, 0.07, "is beyond 10^12"},
        {"test-disk", 1, 3, 0, 0.07, "years must be 1 to 100, not 0"},
        {"test-disk", 1, 3, 101, 0.07, "years must be 1 to 100, not 101"},
        {"test-disk", 1, 3, 5, -0.01, "discount rate must be 0 to 1"},
        {"test-disk", 1, 3, 5, (double)NAN, "discount rate must be 0 to 1"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct world w;
        set_up(&w);
        fact_of(&w, rows[i].id)->price = rows[i].price;
        w.input.n_hosts = rows[i].n_hosts;
        w.input.windows_max = NULL;
        w.missing = "ms-ws2025-datacenter-pack2core";
        w.params.years = rows[i].years;
        w.params.discount_rate = rows[i].discount_rate;
        struct hr_cost cost;
        GError *error = NULL;
        assert_false(hr_cost_compute_from(&w.input, &w.params, &w.prices, &cost, &error));
        if (strstr(error->message, rows[i].message) == NULL) {
            fail_msg("\"%s\", expected \"%s\" in it", error->message, rows[i].message);
        }
        g_clear_error(&error);
    }
}

/* ---- storage ---- */

static void disks_hold_the_data(void **state)
{
    (void)state;
    static const struct {
        double gib;
        int group, least, most;
        int disks;
    } rows[] = {
        /* One 3.84 TB disk is 3576.28 GiB, three quarters of it are used: 2682.21 GiB. */
        {0, 1, 0, 24, 3},
        {0, 2, 6, 24, 6},
        {1, 1, 0, 24, 4},
        {2682.2, 1, 0, 24, 4},
        {2682.3, 1, 0, 24, 5},
        {10000, 1, 0, 24, 7},
        {10000, 2, 0, 24, 8},
        {10000, 4, 9, 24, 12},
        {10000, 2, 0, 7, 12},
        {10000, 2, 0, 8, 8},
        {56326, 1, 0, 24, 24},
        {56330, 1, 0, 24, 28},
        {56330, 1, 0, 0, 25},
        {1e18, 1, 0, 0, 0},
        /* No array can consist of parity and spares alone. */
        {1, 1, 0, 3, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct hr_storage storage = {.disk_tb = 3.84,
                                     .headroom_frac = 0.25,
                                     .parity_disks = 2,
                                     .spare_disks = 1,
                                     .disks_group = rows[i].group,
                                     .disks_min = rows[i].least,
                                     .disks_max = rows[i].most};
        assert_int_equal(hr_storage_disks_for(&storage, rows[i].gib), rows[i].disks);
    }
}

/* 1000 I/O a second, half of them writes, are 1500, 2500 and 3500 behind RAID 10, 5 and 6. */
static void iops_pay_the_write_penalty(void **state)
{
    (void)state;
    static const struct {
        double penalty;
        double behind;
    } rows[] = {{2, 1500}, {4, 2500}, {6, 3500}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct hr_storage storage = {.iops_per_disk = 50,
                                     .read_frac = 0.5,
                                     .raid_write_penalty = rows[i].penalty,
                                     .spare_disks = 1};
        int n = (int)(rows[i].behind / 50.0) + 1;
        assert_near(hr_storage_iops(&storage, n), 1000.0, 1e-9);
        assert_near(hr_storage_iops(&storage, 1), 0.0, 0.0);
        assert_near(hr_storage_iops(&storage, 0), 0.0, 0.0);
        storage.read_frac = 1.0;
        assert_near(hr_storage_iops(&storage, n), rows[i].behind, 1e-9);
    }
}

static void categories_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < HR_COST__COUNT; i++) {
        const char *name = hr_cost_category_name((enum hr_cost_category)i);
        assert_non_null(name);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(name, hr_cost_category_name((enum hr_cost_category)k));
        }
    }
}

/* ---- what runs when ---- */

static struct hr_cost_period five_years(const struct world *w, int year)
{
    return (struct hr_cost_period){.from_month = 12 * year,
                                   .to_month = 12 * (year + 1),
                                   .n_hosts = w->input.n_hosts,
                                   .n_guests = w->input.n_guests,
                                   .cpu_util_mean = w->input.cpu_util_mean};
}

static void equal_periods_change_no_cent(void **state)
{
    (void)state;
    struct world w;
    struct hr_cost_period periods[5];
    set_up(&w);
    struct hr_cost without = compute(&w);
    for (int y = 0; y < 5; y++) {
        periods[y] = five_years(&w, y);
    }
    w.input.periods = periods;
    w.input.n_periods = 5;
    struct hr_cost with = compute(&w);
    assert_int_equal(with.n_lines, without.n_lines);
    for (size_t i = 0; i < with.n_lines; i++) {
        assert_int_equal(with.lines[i].category, without.lines[i].category);
        assert_int_equal(with.lines[i].month, without.lines[i].month);
        assert_int_equal(with.lines[i].cash_cents, without.lines[i].cash_cents);
        assert_int_equal(with.lines[i].amount_cents, without.lines[i].amount_cents);
    }
    assert_int_equal(with.tco_cents, without.tco_cents);
    (void)line_of(&with, "Electricity, hosts, year 3", 3);
    hr_cost_clear(&with);
    hr_cost_clear(&without);
}

/* The server takes 120 to 600 W, eight further modules of 5 W, PUE 1.8, 0.15 a kWh. */
static void power_and_labour_follow_the_periods(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    struct hr_cost_period periods[] = {
        {0, 12, 2, 20, 0.0},  {12, 19, 2, 30, 0.5}, {19, 24, 3, 36, 0.25},
        {24, 36, 3, 40, 0.5}, {36, 48, 3, 50, 0.5}, {48, 60, 3, 60, 1.0},
    };
    w.input.periods = periods;
    w.input.n_periods = G_N_ELEMENTS(periods);
    struct hr_cost cost = compute(&w);
    static const struct {
        const char *item;
        int year, month;
        double kwh;
    } power[] = {
        {"Electricity, hosts, year 1", 1, 6, 2 * 160 * 1.8 * 8.76},
        {"Electricity, hosts, months 13 to 19", 2, 15, 2 * 400 * 1.8 * 8.76 * 7 / 12},
        {"Electricity, hosts, months 20 to 24", 2, 21, 3 * 280 * 1.8 * 8.76 * 5 / 12},
        {"Electricity, hosts, year 5", 5, 54, 3 * 640 * 1.8 * 8.76},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(power); i++) {
        const struct hr_cost_line *line = line_of(&cost, power[i].item, power[i].year);
        assert_int_equal(line->month, power[i].month);
        assert_near(hr_decimal_to_double(line->units), power[i].kwh, 1e-5);
    }
    /* 20 h a host and 1.5 h a guest. */
    assert_near(
        hr_decimal_to_double(line_of(&cost, "Administration, months 13 to 19", 2)->units),
        (2 * 20 + 30 * 1.5) * 7 / 12, 1e-5);
    assert_near(hr_decimal_to_double(line_of(&cost, "Administration, year 5", 5)->units),
                3 * 20 + 60 * 1.5, 1e-5);
    /* The array's power knows nothing of them. */
    assert_near(
        hr_decimal_to_double(line_of(&cost, "Electricity, storage and switches", 2)->units),
        10249.2, 1e-6);
    assert_true(bound(&w) <= cost.tco_cents);
    for (size_t i = 0; i < G_N_ELEMENTS(periods); i++) {
        periods[i].cpu_util_mean = 0.0;
    }
    int64_t least = bound(&w);
    struct hr_cost idle = compute(&w);
    assert_true(least <= idle.tco_cents && idle.tco_cents < cost.tco_cents);
    hr_cost_clear(&idle);
    hr_cost_clear(&cost);
}

/* Two hosts, a third from month 19 on: what is bought is bought once, in its month. */
static void stages_add_up(void **state)
{
    (void)state;
    struct world w;
    set_up(&w);
    const struct hr_cost_period periods[] = {
        {0, 12, 2, 44, 0.25},  {12, 19, 2, 44, 0.25}, {19, 24, 3, 44, 0.25},
        {24, 36, 3, 44, 0.25}, {36, 48, 3, 44, 0.25}, {48, 60, 3, 44, 0.25},
    };
    struct hr_cost_stage stages[] = {{w.input, 0}, {w.input, 19}};
    stages[0].input.n_hosts = 2;
    stages[0].input.periods = periods;
    stages[0].input.n_periods = G_N_ELEMENTS(periods);
    struct hr_cost cost = {0};
    assert_true(hr_cost_compute_staged_from(stages, 2, &w.params, &w.prices, &cost, NULL));
    static const char *const once[] = {"Server 2x12", "ddr5-rdimm-64gb", "test-nic"};
    for (size_t i = 0; i < G_N_ELEMENTS(once); i++) {
        g_autofree char *later = g_strdup_printf("%s, more from month 19", once[i]);
        const struct hr_cost_line *first = line_of(&cost, once[i], 0);
        const struct hr_cost_line *second = line_of(&cost, later, 2);
        assert_int_equal(first->units, 2 * second->units);
        assert_true(second->is_capex && second->month == 19);
        double factor = pow(1.07, -19.0 / 12.0);
        assert_near((double)second->amount_cents, (double)second->cash_cents * factor, 0.51);
    }
    int64_t sum = 0;
    int64_t cash = 0;
    double kwh = 0.0;
    double hours = 0.0;
    for (size_t i = 0; i < cost.n_lines; i++) {
        const struct hr_cost_line *line = &cost.lines[i];
        sum += line->amount_cents;
        cash += line->cash_cents;
        bool hosts = g_str_has_prefix(line->item, "Electricity, hosts");
        kwh += hosts ? hr_decimal_to_double(line->units) : 0.0;
        hours += line->category == HR_COST_LABOUR ? hr_decimal_to_double(line->units) : 0.0;
        assert_true(line->month <= 60 && line->year <= 5);
    }
    assert_int_equal(sum, cost.tco_cents);
    assert_int_equal(cash, cost.tco_cash_cents);
    /* 280 W a host: two for 19 months, three for 41. */
    assert_near(kwh, 280 * 1.8 * 8.76 * (2 * 19 + 3 * 41) / 12.0, 1e-4);
    assert_near(hours, 5 * 44 * 1.5 + 20 * (2 * 19 + 3 * 41) / 12.0, 1e-4);
    hr_cost_clear(&cost);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bill_by_hand),
        cmocka_unit_test(discounts_by_date_of_payment),
        cmocka_unit_test(totals_add_up_again),
        cmocka_unit_test(doubled_prices_double_the_bill),
        cmocka_unit_test(each_price_moves_its_lines_only),
        cmocka_unit_test(same_lines_whatever_the_order_of_the_book),
        cmocka_unit_test(region_and_overrides),
        cmocka_unit_test(status_is_the_weakest),
        cmocka_unit_test(least_order_is_the_one_vendors),
        cmocka_unit_test(monthly_prices_are_paid_twelve_times),
        cmocka_unit_test(maintenance_starts_when_support_ends),
        cmocka_unit_test(storage_power_may_be_a_figure),
        cmocka_unit_test(missing_prices_are_named),
        cmocka_unit_test(all_missing_prices_are_told_at_once),
        cmocka_unit_test(absurd_numbers_are_refused),
        cmocka_unit_test(disks_hold_the_data),
        cmocka_unit_test(iops_pay_the_write_penalty),
        cmocka_unit_test(categories_have_names),
        cmocka_unit_test(equal_periods_change_no_cent),
        cmocka_unit_test(power_and_labour_follow_the_periods),
        cmocka_unit_test(stages_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
