/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for every bill: random clusters on every platform of every book, with all that may
 * be priced beside them. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "catalog/catalog.h"
#include "catalog/pricebook.h"
#include "check.h"
#include "cost/cost.h"
#include "cost/depreciation.h"
#include "cost/prices.h"
#include "study/stored_price.h"

enum { HOSTS_MAX = 10, GUESTS_MAX = 120, YEARS_MAX = 8, OWN_MAX = 4, CLUSTERS = 25 };

#define TEXT(words) ((char *)(uintptr_t)(words))

/* All that one bill is made from. */
struct any {
    const hr_catalog *catalog;
    const hr_pricebook *book;
    GRand *rand;
    struct hr_cost_input input;
    struct hr_cost_params params;
    struct hr_scenario_guest guests[GUESTS_MAX];
    uint32_t windows_max[HOSTS_MAX];
    struct hr_cost_period periods[YEARS_MAX];
    struct hr_cost_risk risk;
    struct hr_cost_kept kept;
    struct hr_costs costs;
    struct hr_own_cost own[OWN_MAX];
    struct hr_backup_choice choice;
    struct hr_backup_plan plan;
};

static int any_int(const struct any *a, int least, int most)
{
    return g_rand_int_range(a->rand, least, most + 1);
}

static double any_real(const struct any *a, double least, double most)
{
    return g_rand_double_range(a->rand, least, most);
}

static bool any_bool(const struct any *a)
{
    return g_rand_boolean(a->rand) != 0;
}

static void any_guests(struct any *a)
{
    a->input.n_guests = (uint32_t)any_int(a, 0, GUESTS_MAX);
    a->input.n_windows_guests = (uint32_t)any_int(a, 0, (int)a->input.n_guests);
    for (uint32_t g = 0; g < a->input.n_guests; g++) {
        a->guests[g].vcpus = any_int(a, 1, 24);
        a->guests[g].size_mib = any_real(a, 512.0, 200000.0);
    }
    a->input.guests = any_bool(a) ? a->guests : NULL;
    a->input.disk_gib = any_real(a, 0.0, 40000.0);
}

/* What a simulation may find. */
static void any_result(struct any *a)
{
    memset(a->windows_max, 0, sizeof a->windows_max);
    for (uint32_t i = 0; i < a->input.n_windows_guests; i++) {
        a->windows_max[any_int(a, 0, a->input.n_hosts - 1)]++;
    }
    for (int h = 0; h < a->input.n_hosts; h++) {
        a->windows_max[h] += (uint32_t)any_int(a, 0, 3);
    }
    a->input.windows_max = any_int(a, 0, 4) > 0 ? a->windows_max : NULL;
    a->input.cpu_util_mean = any_real(a, 0.0, 1.0);
    a->risk = (struct hr_cost_risk){.n_hosts = a->input.n_hosts,
                                    .n_guests = {a->input.n_guests, 0, 0},
                                    .down_min = {any_real(a, 0.0, 500.0), 0.0, 0.0},
                                    .waiting_min_year = any_real(a, 0.0, 5000.0)};
    a->input.risk = any_bool(a) ? &a->risk : NULL;
}

static void any_cluster(struct any *a, const struct hr_platform *platform)
{
    int n_servers = (int)hr_catalog_n_servers(a->catalog);
    int n_storages = (int)hr_catalog_n_storages(a->catalog);
    const struct hr_server *server =
        hr_catalog_server_at(a->catalog, (size_t)any_int(a, 0, n_servers - 1));
    const struct hr_storage *storage =
        hr_catalog_storage_at(a->catalog, (size_t)any_int(a, 0, n_storages - 1));
    a->input = (struct hr_cost_input){
        .platform = platform,
        .server = server,
        .memory = server->memory[any_int(a, 0, (int)server->n_memory - 1)],
        .n_hosts = any_int(a, 1, HOSTS_MAX)};
    int n_disks = hr_storage_disks_on(storage, any_real(a, 0.0, 30000.0), a->input.n_hosts);
    if (n_disks > 0) {
        a->input.storage = storage;
        a->input.n_disks = n_disks;
    }
    a->kept = (struct hr_cost_kept){.n_hosts = any_int(a, 0, a->input.n_hosts),
                                    .n_dimms = any_int(a, 0, a->input.memory.n_dimms),
                                    .has_storage = any_bool(a),
                                    .has_windows = any_bool(a)};
    a->input.kept = any_int(a, 0, 2) == 0 ? &a->kept : NULL;
}

/* Lines of the user's, some of them alike in all but their price. */
static void any_own(struct any *a)
{
    a->costs.own = a->own;
    a->costs.n_own = (size_t)any_int(a, 0, OWN_MAX);
    a->costs.users = any_int(a, 0, 300);
    for (size_t i = 0; i < a->costs.n_own; i++) {
        a->own[i] =
            (struct hr_own_cost){.item = TEXT(any_bool(a) ? "one" : "other"),
                                 .category = (enum hr_cost_category)any_int(a, 0, HR_COST_RISK),
                                 .per = (enum hr_own_per)any_int(a, 0, HR_OWN__COUNT - 1),
                                 .due = (enum hr_own_due)any_int(a, 0, HR_OWN_MONTHLY),
                                 .count = any_int(a, 0, 3 * (int)HR_DECIMAL_ONE),
                                 .price = any_int(a, 0, 900 * (int)HR_DECIMAL_ONE),
                                 .where = TEXT("s.yaml:7")};
    }
}

static void any_costs(struct any *a)
{
    struct hr_costs *c = &a->costs;
    hr_costs_init(c);
    any_own(a);
    bool is_new = strcmp(hr_pricebook_name(a->book), "2026") == 0; /* it sells all of this */
    c->has_ups = is_new && any_bool(a);
    c->has_rack = is_new && any_bool(a);
    c->has_cabling = is_new && any_bool(a);
    c->has_monitoring = is_new && any_bool(a);
    c->space = is_new ? any_int(a, HR_SPACE_NONE, HR_SPACE_COLOCATION) : HR_SPACE_NONE;
    c->migration_days = is_new ? any_real(a, 0.0, 20.0) : 0.0;
    c->ups_watt = any_real(a, 500.0, 4000.0);
    c->has_downtime = any_bool(a);
    c->failures_are_given = any_bool(a);
    c->down_per_min[HR_PRIORITY_HIGH] = any_int(a, 0, 9 * (int)HR_DECIMAL_ONE);
    c->shortfall_per_min = any_int(a, 0, (int)HR_DECIMAL_ONE);
    c->residual_pct = any_bool(a) ? any_real(a, -50.0, 100.0) : 0.0;
    for (int i = 0; i < HR_COST_TAX; i++) {
        c->tax_pct[i] = any_bool(a) ? any_int(a, 0, 30 * (int)HR_DECIMAL_ONE) : 0;
    }
    a->params.costs = any_int(a, 0, 3) > 0 ? c : NULL;
}

static void any_backup(struct any *a)
{
    int n = (int)hr_catalog_n_backups(a->catalog);
    a->plan = (struct hr_backup_plan){.retention_days = any_real(a, 0.0, 60.0),
                                      .change_frac = any_real(a, 0.0, 0.2)};
    for (int tries = 0; tries < 3 && n > 0; tries++) {
        const struct hr_backup *one =
            hr_catalog_backup_at(a->catalog, (size_t)any_int(a, 0, n - 1));
        if (one->kind == HR_BACKUP_TARGET) {
            a->plan.target = one;
        } else {
            a->choice = (struct hr_backup_choice){one, any_int(a, 1, 4)};
            a->plan.products = &a->choice;
            a->plan.n_products = 1;
        }
    }
    a->params.backup = n > 0 && any_int(a, 0, 2) == 0 ? &a->plan : NULL;
}

/* Years with ever more guests, or none told apart. */
static void any_periods(struct any *a)
{
    for (int y = 0; y < a->params.years; y++) {
        a->periods[y] = (struct hr_cost_period){
            .from_month = 12 * y,
            .to_month = 12 * (y + 1),
            .n_hosts = a->input.n_hosts,
            .n_guests = a->input.n_guests * (uint32_t)(y + 1) / (uint32_t)a->params.years,
            .cpu_util_mean = any_real(a, 0.0, 1.0)};
    }
    a->input.periods = any_bool(a) ? a->periods : NULL;
    a->input.n_periods = a->input.periods != NULL ? (size_t)a->params.years : 0;
}

static void randomise(struct any *a, const struct hr_platform *platform)
{
    hr_cost_params_default(&a->params);
    a->params.years = any_int(a, 1, YEARS_MAX);
    a->params.discount_rate = any_bool(a) ? any_real(a, 0.0, 0.3) : 0.0;
    any_cluster(a, platform);
    any_guests(a);
    any_costs(a);
    any_backup(a);
    any_periods(a);
    any_result(a);
}

/* ---- what holds ---- */

static void assert_at_most(const struct any *a, const char *what, int64_t least, int64_t cents)
{
    if (least > cents) {
        fail_msg("book %s, %s, %d x %s: bound of %s %lld above %lld",
                 hr_pricebook_name(a->book), a->input.platform->id, a->input.n_hosts,
                 a->input.server->id, what, (long long)least, (long long)cents);
    }
}

static void assert_bounded(const struct any *a, const struct hr_cost *cost)
{
    int64_t capex_cents = 0;
    int64_t tco_cents = 0;
    g_autoptr(GError) error = NULL;
    if (!hr_cost_lower_bounds(&a->input, &a->params, a->book, &capex_cents, &tco_cents,
                              &error)) {
        fail_msg("%s has a price and no bound: %s", a->input.platform->id, error->message);
    }
    assert_at_most(a, "capital", capex_cents, cost->capex_cents);
    assert_at_most(a, "the total", tco_cents, cost->tco_cents);
}

static void assert_adds_up(const struct any *a, const struct hr_cost *cost)
{
    const struct hr_prices prices = hr_prices_of_book(a->book);
    int64_t sum[2] = {0, 0};
    int64_t total_cents = 0;
    for (size_t i = 0; i < cost->n_lines; i++) {
        sum[cost->lines[i].is_capex ? 0 : 1] += cost->lines[i].amount_cents;
    }
    assert_int_equal(sum[0], cost->capex_cents);
    assert_int_equal(sum[1], cost->opex_cents);
    assert_int_equal(sum[0] + sum[1], cost->tco_cents);
    assert_true(hr_cost_total_from(&a->input, &a->params, &prices, &total_cents, NULL));
    assert_int_equal(total_cents, cost->tco_cents);
}

/* One stage is the whole purchase. */
static void assert_one_stage_is_all(const struct any *a, const struct hr_cost *cost)
{
    const struct hr_cost_stage stage = {.input = a->input};
    struct hr_cost staged = {0};
    if (a->input.periods == NULL) {
        return;
    }
    assert_true(hr_cost_compute_staged(&stage, 1, &a->params, a->book, &staged, NULL));
    assert_int_equal(staged.n_lines, cost->n_lines);
    assert_int_equal(staged.capex_cents, cost->capex_cents);
    assert_int_equal(staged.opex_cents, cost->opex_cents);
    assert_int_equal(staged.capex_cash_cents, cost->capex_cash_cents);
    assert_int_equal(staged.opex_cash_cents, cost->opex_cash_cents);
    hr_cost_clear(&staged);
}

/* The same cluster bought again in the month in which it is there already costs nothing. */
static void assert_nothing_more_is_free(const struct any *a)
{
    struct hr_cost_stage stages[2] = {{.input = a->input}, {.input = a->input, .month = 7}};
    struct hr_cost one = {0};
    struct hr_cost two = {0};
    if (a->input.periods == NULL) {
        return;
    }
    assert_true(hr_cost_compute_staged(stages, 1, &a->params, a->book, &one, NULL));
    assert_true(hr_cost_compute_staged(stages, 2, &a->params, a->book, &two, NULL));
    if (two.tco_cents != one.tco_cents) {
        fail_msg("the same again costs %lld: %s", (long long)(two.tco_cents - one.tco_cents),
                 two.n_lines > one.n_lines ? two.lines[two.n_lines - 1].item : "");
    }
    hr_cost_clear(&one);
    hr_cost_clear(&two);
}

/* Every price of a line is of the book or stated by the scenario, and at the same prices the
 * line is the same to the cent. Changes the lines. */
static void assert_prices_again(const struct any *a, struct hr_cost *cost)
{
    for (size_t i = 0; i < cost->n_lines; i++) {
        struct hr_cost_line *line = &cost->lines[i];
        int64_t cash_cents = line->cash_cents;
        int64_t amount_cents = line->amount_cents;
        for (size_t u = 0; u < line->n_used; u++) {
            const char *id = line->used[u].price_id;
            if (*id != '\0' && hr_pricebook_get(a->book, id) == NULL) {
                fail_msg("%s: '%s' is no price of the book", line->item, id);
            }
        }
        hr_stored_line_price(line, a->params.discount_rate);
        if (line->cash_cents != cash_cents || line->amount_cents != amount_cents) {
            fail_msg("%s of %s: %lld cents, priced again %lld", line->item,
                     a->input.platform->id, (long long)cash_cents, (long long)line->cash_cents);
        }
    }
}

static void depreciation_writes_off_all(const struct any *a, const struct hr_cost *cost)
{
    size_t n = 0;
    g_autofree struct hr_depreciation *rows =
        hr_cost_depreciate(cost, a->params.costs, a->params.years, &n);
    int64_t sum_cents = 0;
    for (size_t i = 0; i < n; i++) {
        sum_cents += rows[i].cents;
        sum_cents += rows[i].year == a->params.years ? rows[i].book_cents : 0;
        assert_true(rows[i].book_cents >= 0);
    }
    assert_int_equal(sum_cents, cost->capex_cash_cents);
}

/* Returns: whether the book sells all that the cluster needs. */
static bool check(struct any *a)
{
    struct hr_cost cost = {0};
    if (!hr_cost_compute(&a->input, &a->params, a->book, &cost, NULL)) {
        return false;
    }
    assert_bounded(a, &cost);
    assert_adds_up(a, &cost);
    assert_one_stage_is_all(a, &cost);
    assert_nothing_more_is_free(a);
    depreciation_writes_off_all(a, &cost);
    assert_prices_again(a, &cost);
    hr_cost_clear(&cost);
    return true;
}

static void any_cluster_of_a_book(const char *name, const char *currency, guint32 seed)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_catalog *catalog = hr_catalog_load_book(g_getenv("HEADROOM_DATA"), name, diag, NULL);
    hr_pricebook *book =
        hr_pricebook_load(g_getenv("HEADROOM_DATA"), name, NULL, currency, diag, NULL);
    assert_non_null(catalog);
    assert_non_null(book);
    struct any *a = g_new0(struct any, 1);
    a->catalog = catalog;
    a->book = book;
    a->rand = g_rand_new_with_seed(seed);
    int n_priced = 0;
    for (size_t p = 0; p < hr_catalog_n_platforms(catalog); p++) {
        for (int i = 0; i < CLUSTERS; i++) {
            randomise(a, hr_catalog_platform_at(catalog, p));
            n_priced += check(a) ? 1 : 0;
        }
    }
    assert_true(n_priced >= 100);
    g_rand_free(a->rand);
    g_free(a);
    hr_pricebook_free(book);
    hr_catalog_free(catalog);
}

static void bills_of_2008(void **state)
{
    (void)state;
    any_cluster_of_a_book("2008", "USD", 1);
}

static void bills_of_2013(void **state)
{
    (void)state;
    any_cluster_of_a_book("2013", "EUR", 2);
}

static void bills_of_2018(void **state)
{
    (void)state;
    any_cluster_of_a_book("2018", "USD", 3);
}

static void bills_of_2026(void **state)
{
    (void)state;
    any_cluster_of_a_book("2026", "USD", 4);
    any_cluster_of_a_book("2026", "EUR", 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bills_of_2008),
        cmocka_unit_test(bills_of_2013),
        cmocka_unit_test(bills_of_2018),
        cmocka_unit_test(bills_of_2026),
    };
    return cmocka_run_group_tests_name("cost properties", tests, NULL, NULL);
}
