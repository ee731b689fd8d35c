/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Costs beside the cluster: counted by hand, re-added, and never below their bound. */
#include <math.h>
#include <string.h>

#include <glib.h>

#include "base/error.h"
#include "check.h"
#include "cost/depreciation.h"
#include "cost_world.h"

/* Prices that the small world has not. */
static const struct {
    const char *id;
    const char *unit;
    const char *price;
} more[] = {
    {"ups-3kva-rack", "each", "2800"},
    {"rack-42u", "each", "1800"},
    {"cabling-host", "host", "80"},
    {"rack-unit-month", "month", "50"},
    {"colocation-14u-month", "month", "100"},
    {"effort-monitoring-host-year", "host-year", "430"},
    {"effort-patching-host-year", "host-year", "430"},
    {"effort-backup-host-year", "host-year", "580"},
    {"consultant-day", "day", "1500"},
    {"migration-tools-each", "each", "2000"},
    {"training-each", "each", "3000"},
    {"ms-ws-user-cal", "user", "46"},
    {"backup-socket", "socket", "250"},
    {"backup-amc", "ratio", "0.2"},
    {"backup-discount", "ratio", "0.5"},
    {"backup-licence", "licence-year", "89.20"},
    {"backup-pack", "pack2proc", "1150"},
    {"backup-server", "each", "150"},
    {"backup-tb", "tb", "70"},
    {"box", "each", "2500"},
    {"box-disk", "each", "300"},
};

struct beside {
    struct world w;
    struct hr_price price[G_N_ELEMENTS(more)];
    struct hr_costs costs;
    struct hr_cost_risk risk;
    struct hr_backup_plan plan;
};

static const struct hr_price *get(const void *table, const char *id)
{
    const struct beside *b = table;
    for (size_t i = 0; i < G_N_ELEMENTS(more); i++) {
        if (strcmp(more[i].id, id) == 0) {
            return &b->price[i];
        }
    }
    return b->w.prices.get(b->w.prices.table, id);
}

static struct hr_prices prices_of(const struct beside *b)
{
    return (struct hr_prices){.name = "2026", .currency = "USD", .table = b, .get = get};
}

static void set_up_beside(struct beside *b)
{
    memset(b, 0, sizeof *b);
    set_up(&b->w);
    for (size_t i = 0; i < G_N_ELEMENTS(more); i++) {
        b->price[i] = (struct hr_price){.id = (char *)(uintptr_t)more[i].id,
                                        .item = (char *)(uintptr_t)more[i].id,
                                        .unit = (char *)(uintptr_t)more[i].unit,
                                        .source = (char *)(uintptr_t) "list",
                                        .status = HR_PRICE_FOUND};
        assert_true(hr_decimal_parse(more[i].price, &b->price[i].price));
    }
    hr_costs_init(&b->costs);
    b->w.server.rack_units = 2;
    b->w.params.costs = &b->costs;
    b->risk = (struct hr_cost_risk){.n_hosts = 3,
                                    .n_guests = {10, 30, 4},
                                    .down_min = {20.0, 90.0, 5000.0},
                                    .waiting_min_year = 1000.0};
    b->w.input.risk = &b->risk;
    b->w.input.disk_gib = 10e12 / 1073741824.0; /* 10 TB */
}

static struct hr_cost price(const struct beside *b)
{
    struct hr_prices prices = prices_of(b);
    struct hr_cost cost = {0};
    GError *error = NULL;
    if (!hr_cost_compute_from(&b->w.input, &b->w.params, &prices, &cost, &error)) {
        fail_msg("%s", error->message);
    }
    return cost;
}

static int64_t bound_of(const struct beside *b)
{
    struct hr_prices prices = prices_of(b);
    int64_t cents = -1;
    assert_true(hr_cost_lower_bound_from(&b->w.input, &b->w.params, &prices, &cents, NULL));
    return cents;
}

static void must_line(const struct hr_cost *cost, const char *item, int year, const char *units,
                      int64_t cash_cents)
{
    char text[32];
    const struct hr_cost_line *line = line_of(cost, item, year);
    if (strcmp(hr_decimal_format(line->units, text), units) != 0 ||
        line->cash_cents != cash_cents) {
        fail_msg("%s: %s units for %" G_GINT64_FORMAT ", expected %s for %" G_GINT64_FORMAT,
                 item, text, line->cash_cents, units, cash_cents);
    }
}

/* ---- off and on ---- */

static void what_is_not_asked_for_costs_nothing(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    struct hr_cost with = price(&b);
    int64_t with_bound = bound_of(&b);
    b.w.params.costs = NULL;
    b.w.input.risk = NULL;
    struct hr_cost without = price(&b);
    assert_int_equal(with.n_lines, without.n_lines);
    assert_int_equal(with.tco_cents, without.tco_cents);
    assert_int_equal(with_bound, bound_of(&b));
    hr_cost_clear(&with);
    hr_cost_clear(&without);
}

static void around_and_effort_by_hand(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    b.costs.has_ups = b.costs.has_rack = b.costs.has_cabling = true;
    b.costs.has_monitoring = b.costs.has_patching = b.costs.has_backup_effort = true;
    b.costs.space = HR_SPACE_RACK_UNIT;
    b.costs.migration_days = 20.0;
    b.costs.has_migration_tools = true;
    b.costs.trainings = 2;
    struct hr_cost cost = price(&b);
    /* 3 × 600 W + 24 modules × 5 W + 350 W + 2 × 150 W = 2570 W. */
    must_line(&cost, "ups-3kva-rack", 0, "1", 280000);
    /* 3 × 2 + 2 + 2 × 1 + 1 UPS × 2 = 12 units. */
    must_line(&cost, "rack-42u", 0, "1", 180000);
    must_line(&cost, "cabling-host", 0, "3", 24000);
    must_line(&cost, "Space", 1, "144", 720000);
    must_line(&cost, "Space", 5, "144", 720000);
    must_line(&cost, "Monitoring", 2, "3", 129000);
    must_line(&cost, "Patching", 5, "3", 129000);
    must_line(&cost, "Backup, effort", 1, "3", 174000);
    must_line(&cost, "Migration, consultants", 0, "20", 3000000);
    must_line(&cost, "Migration, tools", 0, "1", 200000);
    must_line(&cost, "Training", 0, "2", 600000);
    hr_cost_clear(&cost);
    b.costs.ups_watt = 2569.0;
    b.costs.ups_rack_units = 20;
    b.costs.space = HR_SPACE_COLOCATION;
    cost = price(&b);
    must_line(&cost, "ups-3kva-rack", 0, "2", 560000);
    /* 10 + 40 units: two racks, and ceil(50 / 14) = 4 parts of 14, twelve months. */
    must_line(&cost, "rack-42u", 0, "2", 360000);
    must_line(&cost, "Space", 1, "48", 480000);
    hr_cost_clear(&cost);
}

static void risk_by_hand(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    b.costs.has_downtime = true;
    b.costs.down_per_min[HR_PRIORITY_HIGH] = 5 * HR_DECIMAL_ONE;
    b.costs.down_per_min[HR_PRIORITY_MEDIUM] = HR_DECIMAL_ONE;
    b.costs.planned_min_per_guest_year = 60.0;
    b.costs.shortfall_per_min = HR_DECIMAL_ONE / 20;
    struct hr_cost cost = price(&b);
    /* 0.2 × 3 × 20 and × 90 minutes; planned 60 min × 10 and × 30 guests. */
    must_line(&cost, "Downtime, priority high", 1, "12", 6000);
    must_line(&cost, "Downtime, priority medium", 5, "54", 5400);
    must_line(&cost, "Planned downtime, priority high", 2, "600", 300000);
    must_line(&cost, "Planned downtime, priority medium", 1, "1800", 180000);
    must_line(&cost, "Shortfall", 3, "1000", 5000);
    /* The default rate is an assumption, one of the user's own is not. */
    assert_int_equal(line_of(&cost, "Downtime, priority high", 1)->status, HR_PRICE_ASSUMED);
    for (size_t i = 0; i < cost.n_lines; i++) {
        assert_null(strstr(cost.lines[i].item, "priority low"));
    }
    hr_cost_clear(&cost);
    b.costs.failures_are_given = true;
    const struct hr_cost_period years[2] = {{0, 12, 2, 22, 0.2}, {12, 24, 3, 44, 0.2}};
    b.w.params.years = 2;
    b.w.input.periods = years;
    b.w.input.n_periods = 2;
    cost = price(&b);
    must_line(&cost, "Downtime, priority high, year 1", 1, "6", 3000); /* half the guests */
    must_line(&cost, "Downtime, priority high, year 2", 2, "12", 6000);
    assert_int_equal(line_of(&cost, "Downtime, priority high, year 1", 1)->status,
                     HR_PRICE_QUOTE);
    hr_cost_clear(&cost);
    b.w.input.risk = NULL; /* nothing was simulated */
    cost = price(&b);
    for (size_t i = 0; i < cost.n_lines; i++) {
        assert_int_not_equal(cost.lines[i].category, HR_COST_RISK);
    }
    hr_cost_clear(&cost);
}

static void own_lines_by_hand(void **state)
{
    (void)state;
    static const struct {
        enum hr_own_per per;
        enum hr_own_due due;
        const char *count;
        int year;
        const char *units;
        int64_t cash_cents; /* at 1.50 each */
    } rows[] = {
        {HR_OWN_FIXED, HR_OWN_ONCE, "2", 0, "2", 300},
        {HR_OWN_HOST, HR_OWN_YEARLY, "1", 4, "3", 450},
        {HR_OWN_CORE, HR_OWN_ONCE, "0.5", 0, "36", 5400},
        {HR_OWN_GUEST, HR_OWN_MONTHLY, "1", 5, "528", 79200},
        {HR_OWN_WINDOWS_GUEST, HR_OWN_YEARLY, "1", 1, "20", 3000},
        {HR_OWN_USER, HR_OWN_ONCE, "1", 0, "60", 9000},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct beside b;
        set_up_beside(&b);
        struct hr_own_cost own = {.item = (char *)(uintptr_t) "own",
                                  .category = HR_COST_APPLICATION,
                                  .per = rows[i].per,
                                  .due = rows[i].due,
                                  .price = 1500000,
                                  .where = (char *)(uintptr_t) "s.yaml:7"};
        assert_true(hr_decimal_parse(rows[i].count, &own.count));
        b.costs.users = 60;
        b.costs.own = &own;
        b.costs.n_own = 1;
        struct hr_cost cost = price(&b);
        must_line(&cost, "own", rows[i].year, rows[i].units, rows[i].cash_cents);
        const struct hr_cost_line *line = line_of(&cost, "own", rows[i].year);
        assert_int_equal(line->status, HR_PRICE_QUOTE);
        assert_string_equal(line->source, "s.yaml:7");
        hr_cost_clear(&cost);
        own.price_id = (char *)(uintptr_t) "ms-ws-user-cal";
        cost = price(&b);
        assert_string_equal(line_of(&cost, "own", rows[i].year)->price_id, "ms-ws-user-cal");
        hr_cost_clear(&cost);
    }
}

/* ---- backup ---- */

static struct hr_cost back_up(struct beside *b, const struct hr_backup *product, int n_servers,
                              const struct hr_backup *target)
{
    struct hr_backup_choice choice = {product, n_servers};
    b->plan = (struct hr_backup_plan){.products = &choice,
                                      .n_products = product != NULL ? 1 : 0,
                                      .target = target,
                                      .retention_days = 30.0,
                                      .change_frac = 0.05};
    b->w.params.backup = &b->plan;
    struct hr_cost cost = price(b);
    b->w.params.backup = NULL;
    return cost;
}

#define TEXT(words) ((char *)(uintptr_t)(words))

static void backup_licences_by_hand(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    struct hr_backup suite = {.id = TEXT("suite"),
                              .name = TEXT("Suite"),
                              .rule = HR_BACKUP_PER_SOCKET,
                              .price_id = TEXT("backup-socket"),
                              .support_price_id = TEXT("backup-amc"),
                              .support_free_years = 1,
                              .licences_per_pack = 1,
                              .compression_ratio = 2.0,
                              .copies = 1};
    /* The published case: 6 sockets × 250, a fifth a year from the second: 2,700 in five years.
     */
    struct hr_cost cost = back_up(&b, &suite, 0, NULL);
    must_line(&cost, "Suite", 0, "6", 150000);
    must_line(&cost, "Suite, maintenance", 2, "1.2", 30000);
    int64_t sum = 0;
    for (size_t i = 0; i < cost.n_lines; i++) {
        sum += cost.lines[i].category == HR_COST_BACKUP ? cost.lines[i].cash_cents : 0;
    }
    assert_int_equal(sum, 270000);
    hr_cost_clear(&cost);
    /* Up to six sockets or fifty guests, at half the price; else the suite. */
    struct hr_backup small = suite;
    small.name = TEXT("Small");
    small.rule = HR_BACKUP_SMALL_SITE;
    small.discount_id = TEXT("backup-discount");
    small.max_sockets = 6;
    small.max_guests = 50;
    small.beyond_product = &suite;
    cost = back_up(&b, &small, 0, NULL);
    must_line(&cost, "Small", 0, "3", 75000);
    hr_cost_clear(&cost);
    b.w.input.n_hosts = 4;
    b.w.input.n_guests = 50;
    cost = back_up(&b, &small, 0, NULL);
    must_line(&cost, "Small", 0, "4", 100000);
    hr_cost_clear(&cost);
    b.w.input.n_guests = 51;
    cost = back_up(&b, &small, 0, NULL);
    must_line(&cost, "Suite", 0, "8", 200000);
    assert_non_null(strstr(line_of(&cost, "Suite", 0)->rule, "Small is not sold"));
    hr_cost_clear(&cost);
}

static void backup_packs_by_hand(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    struct hr_backup large = {.name = TEXT("Large"),
                              .rule = HR_BACKUP_PER_GUEST_PACK,
                              .yearly = true,
                              .price_id = TEXT("backup-licence"),
                              .licences_per_pack = 10,
                              .compression_ratio = 1.0,
                              .copies = 1};
    struct hr_backup five = large;
    five.name = TEXT("Five");
    five.licences_per_pack = 5;
    five.max_guests = 50;
    five.beyond_product = &large;
    b.w.input.n_guests = 46;
    struct hr_cost cost = back_up(&b, &five, 0, NULL);
    must_line(&cost, "Five", 5, "50", 446000);
    hr_cost_clear(&cost);
    b.w.input.n_guests = 51;
    cost = back_up(&b, &five, 0, NULL);
    must_line(&cost, "Large", 1, "60", 535200);
    hr_cost_clear(&cost);
    struct hr_backup pairs = {.name = TEXT("Pairs"),
                              .rule = HR_BACKUP_PER_SOCKET_PACK,
                              .price_id = TEXT("backup-pack"),
                              .licences_per_pack = 2,
                              .compression_ratio = 1.0,
                              .copies = 1};
    b.w.server.sockets = 1;
    cost = back_up(&b, &pairs, 0, NULL); /* three single sockets are two pairs */
    must_line(&cost, "Pairs", 0, "2", 230000);
    hr_cost_clear(&cost);
    struct hr_backup server = pairs;
    server.name = TEXT("Server");
    server.rule = HR_BACKUP_PER_SERVER;
    server.price_id = TEXT("backup-server");
    cost = back_up(&b, &server, 7, NULL);
    must_line(&cost, "Server", 0, "7", 105000);
    hr_cost_clear(&cost);
    struct hr_backup cloud = pairs;
    cloud.name = TEXT("Cloud");
    cloud.rule = HR_BACKUP_PER_TB;
    cloud.price_id = TEXT("backup-tb");
    cost = back_up(&b, &cloud, 0, NULL); /* 10 TB × 2.5 */
    must_line(&cost, "Cloud", 0, "25", 175000);
    hr_cost_clear(&cost);
}

static void backup_targets_by_hand(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    struct hr_backup product = {.name = TEXT("Product"),
                                .rule = HR_BACKUP_PER_SOCKET,
                                .price_id = TEXT("backup-socket"),
                                .compression_ratio = 2.0,
                                .copies = 1};
    struct hr_backup nas = {.name = TEXT("NAS"),
                            .kind = HR_BACKUP_TARGET,
                            .price_id = TEXT("box"),
                            .disk_price_id = TEXT("box-disk"),
                            .disk_tb = 1.0,
                            .disks_max = 8,
                            .parity_disks = 2,
                            .reduction_ratio = 1.0,
                            .rack_units = 2,
                            .maintenance_year_frac = 0.1,
                            .support_included_years = 3.5};
    /* 10 TB × (1 + 30 × 0.05) / 2 = 12.5 TB in boxes of 6: three, each ceil(4.17) + 2 disks. */
    struct hr_cost cost = back_up(&b, &product, 0, &nas);
    must_line(&cost, "NAS", 0, "3", 750000);
    must_line(&cost, "NAS, disks", 0, "21", 630000);
    must_line(&cost, "NAS, maintenance", 4, "6900", 69000); /* half a year of 13,800 */
    must_line(&cost, "NAS, maintenance", 5, "13800", 138000);
    hr_cost_clear(&cost);
    /* A box that reduces more than the product does; a second copy has boxes of its own. */
    struct hr_backup box = {.name = TEXT("Box"),
                            .kind = HR_BACKUP_TARGET,
                            .price_id = TEXT("box"),
                            .capacity_tb = 6.25,
                            .reduction_ratio = 4.0};
    cost = back_up(&b, &product, 0, &box);
    must_line(&cost, "Box", 0, "1", 250000);
    hr_cost_clear(&cost);
    product.copies = 2;
    box.capacity_tb = 6.24;
    cost = back_up(&b, &product, 0, &box);
    must_line(&cost, "Box", 0, "4", 1000000);
    hr_cost_clear(&cost);
    /* Its rack units are housed: 3 × 2 + 2 + 2 + 3 boxes × 2. */
    product.copies = 1;
    b.costs.space = HR_SPACE_RACK_UNIT;
    cost = back_up(&b, &product, 0, &nas);
    must_line(&cost, "Space", 1, "192", 960000);
    hr_cost_clear(&cost);
}

/* ---- shares, bound, stages ---- */

static void ask_for_all(struct beside *b, GRand *rand)
{
    static const enum hr_cost_category taxed[] = {HR_COST_SERVER,   HR_COST_PLATFORM,
                                                  HR_COST_GUEST_OS, HR_COST_POWER,
                                                  HR_COST_AROUND,   HR_COST_SUPPORT};
    b->costs.has_ups = b->costs.has_rack = b->costs.has_cabling = true;
    b->costs.has_monitoring = true;
    b->costs.space = HR_SPACE_RACK_UNIT;
    b->costs.trainings = 1;
    b->costs.has_downtime = true;
    b->costs.down_per_min[HR_PRIORITY_HIGH] = 5 * HR_DECIMAL_ONE;
    b->costs.shortfall_per_min = 123457;
    b->costs.residual_pct = g_rand_double_range(rand, -30.0, 60.0);
    for (size_t i = 0; i < G_N_ELEMENTS(taxed); i++) {
        b->costs.tax_pct[taxed[i]] =
            (hr_decimal)g_rand_int_range(rand, 0, 25 * (gint32)HR_DECIMAL_ONE);
    }
    b->w.params.discount_rate = g_rand_double_range(rand, 0.0, 0.2);
    b->w.params.years = g_rand_int_range(rand, 1, 9);
    b->w.input.n_hosts = g_rand_int_range(rand, 1, 9);
    b->risk.n_hosts = b->w.input.n_hosts;
}

static void assert_sums(const struct hr_cost *cost)
{
    int64_t sum[4] = {0, 0, 0, 0};
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        assert_int_equal(line->cash_cents, hr_money_cents(line->units, line->price));
        sum[line->is_capex ? 0 : 1] += line->amount_cents;
        sum[line->is_capex ? 2 : 3] += line->cash_cents;
    }
    assert_int_equal(sum[0], cost->capex_cents);
    assert_int_equal(sum[1], cost->opex_cents);
    assert_int_equal(sum[2], cost->capex_cash_cents);
    assert_int_equal(sum[3], cost->opex_cash_cents);
    assert_int_equal(sum[0] + sum[1], cost->tco_cents);
    assert_int_equal(sum[2] + sum[3], cost->tco_cash_cents);
}

/* The bill's own risk and its use of processors are not in the bound; all else is, to the cents
 * that lines may round by. */
static void bound_is_below_and_near(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(7);
    for (int n = 0; n < 300; n++) {
        struct beside b;
        set_up_beside(&b);
        ask_for_all(&b, rand);
        b.w.input.cpu_util_mean = 0.0;
        b.w.input.n_windows_guests = 0;
        struct hr_cost cost = price(&b);
        int64_t least = bound_of(&b);
        assert_sums(&cost);
        assert_true(least <= cost.tco_cents);
        hr_cost_clear(&cost);
        b.w.input.risk = NULL;
        cost = price(&b);
        assert_true(least <= cost.tco_cents);
        assert_true(least >= cost.tco_cents - 3 * (int64_t)cost.n_lines);
        hr_cost_clear(&cost);
        b.w.input.n_windows_guests = 10;
        cost = price(&b);
        assert_true(bound_of(&b) <= cost.tco_cents);
        hr_cost_clear(&cost);
    }
    g_rand_free(rand);
}

/* Sum of a category's cash before any share, of capital or of what is run in a month. */
static int64_t cash_of(const struct hr_cost *cost, enum hr_cost_category category,
                       bool is_capex, int month)
{
    int64_t cents = 0;
    for (size_t i = 0; i < cost->n_lines; i++) {
        const struct hr_cost_line *line = &cost->lines[i];
        bool is_of_it = line->category == category && line->is_capex == is_capex &&
                        (month < 0 || line->month == month) && line->price >= 0;
        cents += is_of_it ? line->cash_cents : 0;
    }
    return cents;
}

static void shares_are_of_sums(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    b.costs.residual_pct = 12.5;
    b.costs.tax_pct[HR_COST_STORAGE] = 19 * HR_DECIMAL_ONE;
    b.costs.tax_pct[HR_COST_POWER] = 7 * HR_DECIMAL_ONE + HR_DECIMAL_ONE / 2;
    struct hr_cost cost = price(&b);
    assert_sums(&cost);
    const struct hr_cost_line *line = line_of(&cost, "Residual value at the end, storage", 5);
    int64_t storage = cash_of(&cost, HR_COST_STORAGE, true, -1);
    assert_int_equal(storage, 1400000 + 1920000);
    assert_int_equal(line->cash_cents, -storage / 8);
    assert_int_equal(line->month, 60);
    assert_int_equal(line->category, HR_COST_STORAGE);
    assert_near((double)line->amount_cents, -(double)storage / 8 * pow(1.07, -5.0), 0.51);
    must_line(&cost, "Tax on storage", 0, "33200", 630800);
    line = line_of(&cost, "Tax on power", 3);
    assert_int_equal(line->month, 30);
    int64_t power = cash_of(&cost, HR_COST_POWER, false, 30);
    assert_near((double)line->cash_cents, (double)power * 0.075, 0.5);
    hr_cost_clear(&cost);
}

static void stages_share_and_follow_periods(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    struct hr_own_cost own = {.item = TEXT("own"),
                              .per = HR_OWN_HOST,
                              .due = HR_OWN_MONTHLY,
                              .category = HR_COST_LABOUR,
                              .count = HR_DECIMAL_ONE,
                              .price = HR_DECIMAL_ONE,
                              .where = TEXT("s.yaml:7")};
    b.costs.own = &own;
    b.costs.n_own = 1;
    b.costs.residual_pct = 10.0;
    b.costs.tax_pct[HR_COST_SERVER] = 20 * HR_DECIMAL_ONE;
    b.w.params.years = 2;
    const struct hr_cost_period periods[3] = {
        {0, 6, 2, 20, 0.2}, {6, 12, 3, 30, 0.2}, {12, 24, 3, 40, 0.2}};
    struct hr_cost_stage stages[2] = {{b.w.input, 0}, {b.w.input, 6}};
    stages[0].input.n_hosts = 2;
    stages[0].input.periods = periods;
    stages[0].input.n_periods = 3;
    struct hr_prices prices = prices_of(&b);
    struct hr_cost cost = {0};
    assert_true(hr_cost_compute_staged_from(stages, 2, &b.w.params, &prices, &cost, NULL));
    assert_sums(&cost);
    /* 2 hosts × 6 months + 3 × 18, each month once. */
    int64_t own_cents = 0;
    int n_taxes = 0;
    for (size_t i = 0; i < cost.n_lines; i++) {
        const struct hr_cost_line *line = &cost.lines[i];
        own_cents += g_str_has_prefix(line->item, "own") ? line->cash_cents : 0;
        if (line->category == HR_COST_TAX) {
            n_taxes++;
            assert_int_equal(line->cash_cents, line->month == 0 ? 360000 : 180000);
        }
    }
    assert_int_equal(own_cents, (12 + 54) * 100);
    assert_int_equal(n_taxes, 2);
    assert_int_equal(line_of(&cost, "Residual value at the end, server", 2)->cash_cents,
                     -270000);
    hr_cost_clear(&cost);
}

/* ---- seen otherwise ---- */

static void depreciation_adds_up(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    b.costs.residual_pct = 10.0;
    b.costs.trainings = 1;
    b.costs.tax_pct[HR_COST_SERVER] = 19 * HR_DECIMAL_ONE;
    for (int years = 1; years <= 9; years++) {
        b.w.params.years = years;
        struct hr_cost cost = price(&b);
        size_t n = 0;
        g_autofree struct hr_depreciation *rows =
            hr_cost_depreciate(&cost, &b.costs, years, &n);
        int64_t written_off = 0;
        int64_t book = 0;
        for (size_t i = 0; i < n; i++) {
            written_off += rows[i].cents;
            book += rows[i].year == years ? rows[i].book_cents : 0;
            if (rows[i].category == HR_COST_SERVER && rows[i].year < years) {
                /* 27,000 over four years. */
                assert_int_equal(rows[i].cents, rows[i].year <= 4 ? 675000 : 0);
                assert_int_equal(rows[i].book_cents, 2700000 - 675000 * MIN(4, rows[i].year));
            }
            if (rows[i].category == HR_COST_ONCE) {
                assert_int_equal(rows[i].cents, rows[i].year == 1 ? 300000 : 0);
            }
        }
        assert_int_equal(written_off + book, cost.capex_cash_cents);
        assert_true(years < 5 || book == 0);
        hr_cost_clear(&cost);
    }
}

/* Disposal is an expense of the last year: no one owns what he paid to be rid of. */
static void disposal_is_on_no_book(void **state)
{
    (void)state;
    struct beside b;
    set_up_beside(&b);
    b.costs.residual_pct = -10.0;
    struct hr_cost cost = price(&b);
    assert_int_equal(line_of(&cost, "Disposal at the end, server", 5)->cash_cents, 270000);
    size_t n = 0;
    g_autofree struct hr_depreciation *rows = hr_cost_depreciate(&cost, &b.costs, 5, &n);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].category == HR_COST_SERVER && rows[i].year == 5) {
            assert_int_equal(rows[i].cents, 270000);
            assert_int_equal(rows[i].book_cents, 0);
        }
    }
    hr_cost_clear(&cost);
}

static void a_later_purchase_is_written_off_from_its_month(void **state)
{
    (void)state;
    struct hr_cost_line lines[] = {
        {.category = HR_COST_SERVER, .is_capex = true, .cash_cents = 100001},
        {.category = HR_COST_SERVER,
         .is_capex = true,
         .year = 2,
         .month = 18,
         .cash_cents = 48000},
        {.category = HR_COST_POWER, .year = 1, .cash_cents = 777}};
    struct hr_cost cost = {.lines = lines, .n_lines = G_N_ELEMENTS(lines)};
    size_t n = 0;
    g_autofree struct hr_depreciation *rows = hr_cost_depreciate(&cost, NULL, 3, &n);
    assert_int_equal(n, 3); /* nothing of what only runs */
    /* 25000.25, 50000.5, 75000.75 by the years' ends, half to even; 6 and 18 of 48 months. */
    assert_int_equal(rows[0].cents, 25000);
    assert_int_equal(rows[0].book_cents, 75001);
    assert_int_equal(rows[1].cents, 25000 + 6000);
    assert_int_equal(rows[1].book_cents, 50001 + 42000);
    assert_int_equal(rows[2].cents, 25001 + 12000);
    assert_int_equal(rows[2].book_cents, 25000 + 30000);
}

static void delivered_is_what_runs(void **state)
{
    (void)state;
    const struct hr_cost_period periods[3] = {
        {0, 6, 2, 20, 0.2}, {6, 12, 3, 30, 0.2}, {12, 24, 3, 40, 0.2}};
    struct hr_delivered d = hr_cost_delivered(periods, 3, 40 * 8192, 40);
    assert_int_equal(d.guest_months, 6 * 20 + 6 * 30 + 12 * 40);
    assert_int_equal(d.mib_months, d.guest_months * 8192);
    d = hr_cost_delivered(periods, 0, 0, 0);
    assert_int_equal(d.guest_months, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_asked_for_costs_nothing),
        cmocka_unit_test(around_and_effort_by_hand),
        cmocka_unit_test(risk_by_hand),
        cmocka_unit_test(own_lines_by_hand),
        cmocka_unit_test(backup_licences_by_hand),
        cmocka_unit_test(backup_packs_by_hand),
        cmocka_unit_test(backup_targets_by_hand),
        cmocka_unit_test(bound_is_below_and_near),
        cmocka_unit_test(shares_are_of_sums),
        cmocka_unit_test(stages_share_and_follow_periods),
        cmocka_unit_test(depreciation_adds_up),
        cmocka_unit_test(disposal_is_on_no_book),
        cmocka_unit_test(a_later_purchase_is_written_off_from_its_month),
        cmocka_unit_test(delivered_is_what_runs),
    };
    return cmocka_run_group_tests_name("cost beside", tests, NULL, NULL);
}
