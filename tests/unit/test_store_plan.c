/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Energy, present hosts and the prices of cost lines in the database, and studies made anew
 * from stored ones. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "check.h"
#include "store/restudy.h"
#include "store/store.h"
#include "store_fixture.h"

static const struct fixture_size small = {1, 2, 2, 3, 2, 3};

static const struct hr_row_energy energy = {
    "beta", 12345.5, 4567.75, 0.37, "grid-us-co2e-kg-kwh", "recalled", "a table"};
static const struct hr_row_energy unknown_energy = {
    .platform_id = "alpha", .kwh_year = 1.5, .co2_kg_year = -1.0, .co2_kg_kwh = -1.0};
static const struct hr_row_keep_option keep = {.platform_id = "beta",
                                               .variant = "more-memory",
                                               .renews = true,
                                               .hosts = 3,
                                               .server_name = "old",
                                               .dimm_gib = 16,
                                               .n_dimms = 12,
                                               .memory_mib_per_host = 196608,
                                               .feasible = true,
                                               .replications = 2,
                                               .slowdown_p95 = 0.015625,
                                               .failure_slowdown_p95 = 0.03125,
                                               .priced = true,
                                               .capex_cents = 100,
                                               .opex_cents = 250,
                                               .tco_cents = 350,
                                               .has_saving = true,
                                               .saving_cents = -50,
                                               .lasts_months = 30.5,
                                               .lasts_at_least = true};
static const struct hr_row_keep_option no_keep = {.platform_id = "beta",
                                                  .variant = "as-is",
                                                  .hosts = 2,
                                                  .server_name = "old",
                                                  .reason = "memory: too little",
                                                  .lasts_months = -1.0};
static const struct hr_row_cost_price price = {"beta", 1,      1,       "server",
                                               250,    "part", 3000000, 0.5};

struct place {
    char *folder;
    char *path;
    char *other;
};

/* A database with one study that has a row of each. */
static int make_place(void **state)
{
    struct place *place = g_new0(struct place, 1);
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "x.db", NULL);
    place->other = g_build_filename(place->folder, "y.db", NULL);
    hr_store *store = hr_store_open_write(place->path, NULL);
    assert_non_null(store);
    assert_true(fixture_fill(store, &small, NULL));
    assert_true(hr_store_add_energy(store, &energy, NULL));
    assert_true(hr_store_add_energy(store, &unknown_energy, NULL));
    assert_true(hr_store_add_keep_option(store, &keep, NULL));
    assert_true(hr_store_add_keep_option(store, &no_keep, NULL));
    assert_true(hr_store_add_cost_price(store, &price, NULL));
    assert_true(hr_store_commit_study(store, NULL, NULL));
    hr_store_close(store);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    fixture_folder_remove(place->folder);
    g_free(place->path);
    g_free(place->other);
    g_free(place);
    return 0;
}

/* The row of a query as one text, its values between bars. Owner: the caller. */
static char *row_of(const char *path, const char *sql)
{
    GError *error = NULL;
    hr_store *store = hr_store_open_read(path, &error);
    hr_rows *rows = store != NULL ? hr_store_query(store, sql, 1, NULL, &error) : NULL;
    if (rows == NULL) {
        fail_msg("%s", error->message);
    }
    assert_int_equal(hr_rows_count(rows), 1);
    GString *text = g_string_new(NULL);
    for (size_t c = 0; c < hr_rows_n_columns(rows); c++) {
        const struct hr_value *value = hr_rows_get(rows, 0, c);
        g_string_append_c(text, '|');
        if (value->kind == HR_VALUE_TEXT) {
            g_string_append(text, value->as.text);
        } else if (value->kind == HR_VALUE_INT) {
            g_string_append_printf(text, "%lld", (long long)value->as.integer);
        } else if (value->kind == HR_VALUE_REAL) {
            g_string_append_printf(text, "%.10g", value->as.real);
        }
    }
    hr_rows_free(rows);
    hr_store_close(store);
    return g_string_free(text, FALSE);
}

static void assert_row(const char *path, const char *sql, const char *expected)
{
    g_autofree char *found = row_of(path, sql);
    assert_string_equal(found, expected);
}

static void rows_return_as_they_were(void **state)
{
    struct place *place = *state;
    assert_row(place->path, "SELECT * FROM energy WHERE platform_id = 'beta'",
               "|1|beta|12345.5|4567.75|0.37|grid-us-co2e-kg-kwh|recalled|a table");
    assert_row(place->path, "SELECT * FROM energy WHERE platform_id = 'alpha'",
               "|1|alpha|1.5|-1|-1|||");
    assert_row(place->path, "SELECT * FROM keep_option WHERE variant = 'more-memory'",
               "|1|beta|more-memory|1|3|old|16|12|196608|1||2|0.015625|0.03125|1|100|250|350|"
               "1|-50|30.5|1");
    assert_row(place->path, "SELECT * FROM cost_price",
               "|1|beta|1|1|server|250|part|3000000|0.5");
}

static void views_show_what_is_known(void **state)
{
    struct place *place = *state;
    assert_row(place->path,
               "SELECT kwh_year, co2_kg_year, starred FROM v_energy WHERE platform_id = 'beta'",
               "|12345.5|4567.75|1");
    assert_row(place->path,
               "SELECT co2_kg_year, co2_kg_kwh, starred FROM v_energy WHERE platform_id = "
               "'alpha'",
               "|||0");
    assert_row(place->path,
               "SELECT capex, opex, tco, saving, lasts_months FROM v_keep WHERE variant = "
               "'more-memory'",
               "|1|2.5|3.5|-0.5|30.5");
    assert_row(place->path,
               "SELECT reason, capex, tco, saving, lasts_months FROM v_keep WHERE variant = "
               "'as-is'",
               "|memory: too little||||");
    /* What is bought, and nothing else: its amounts are those of the capital lines. */
    assert_row(place->path,
               "SELECT count(*) > 0, sum(amount) * 100 = (SELECT sum(amount_cents) FROM "
               "cost_line WHERE kind = 'capex') FROM v_bom",
               "|1|1");
}

static void rows_outside_their_lists_are_refused(void **state)
{
    struct place *place = *state;
    struct hr_row_keep_option bad_keep = keep;
    struct hr_row_cost_price bad_price = price;
    struct hr_row_energy bad_energy = energy;
    bad_keep.variant = "sell";
    bad_price.use = "half";
    bad_energy.kwh_year = -1.0;
    for (int i = 0; i < 3; i++) {
        hr_store *store = hr_store_open_write(place->other, NULL);
        assert_true(fixture_fill(store, &small, NULL));
        bool ok = i == 0   ? hr_store_add_keep_option(store, &bad_keep, NULL)
                  : i == 1 ? hr_store_add_cost_price(store, &bad_price, NULL)
                           : hr_store_add_energy(store, &bad_energy, NULL);
        assert_false(ok);
        assert_false(hr_store_commit_study(store, NULL, NULL));
        hr_store_close(store);
    }
}

/* ---- made anew ---- */

static const struct hr_restudy anew = {"headroom reprice x.db", "9.9", "2026", "2026-09"};

static void restudy(struct place *place, const char *output, int64_t *study_id)
{
    GError *error = NULL;
    hr_store *store = hr_store_open_write(output, &error);
    struct hr_restudy_cost cost = {"beta", 1, 10, 20, 30, 11, 22, 33, 5};
    if (store == NULL || !hr_store_begin_restudy(store, place->path, 1, &anew, &error) ||
        !hr_store_set_cost(store, &cost, &error) ||
        !hr_store_commit_study(store, study_id, &error)) {
        fail_msg("%s", error->message);
    }
    hr_store_close(store);
}

static void a_study_made_anew_has_its_runs_and_new_costs(void **state)
{
    struct place *place = *state;
    int64_t study_id = 0;
    restudy(place, place->other, &study_id);
    assert_int_equal(study_id, 1);
    assert_row(place->other, "SELECT command, program_version, price_month FROM study",
               "|headroom reprice x.db|9.9|2026-09");
    assert_row(place->other,
               "SELECT rank, capex_cents, opex_cents, tco_cents, capex_cash_cents, "
               "opex_cash_cents, tco_cash_cents, cost_per_guest_cents FROM platform WHERE "
               "platform_id = 'beta'",
               "|1|10|20|30|11|22|33|5");
    static const char *const kept[] = {"platform", "period",       "candidate",   "scenario",
                                       "run",      "guest_result", "host_series", "event",
                                       "finding",  "assumption"};
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM %s", kept[i]);
        g_autofree char *before = row_of(place->path, sql);
        assert_row(place->other, sql, before);
    }
    assert_row(place->other,
               "SELECT (SELECT count(*) FROM cost_line) + (SELECT count(*) FROM cost_price) + "
               "(SELECT count(*) FROM energy) + (SELECT count(*) FROM keep_option) + "
               "(SELECT count(*) FROM floor) AS n",
               "|0");
    g_autofree char *integrity = fixture_integrity(place->other);
    assert_string_equal(integrity, "ok|\n");
}

/* Into the same file, and from a file in which the study is not the first. */
static void ids_are_moved_wherever_the_study_stands(void **state)
{
    struct place *place = *state;
    int64_t study_id = 0;
    restudy(place, place->path, &study_id);
    assert_int_equal(study_id, 2);
    hr_store *store = hr_store_open_write(place->other, NULL);
    assert_true(hr_store_begin_restudy(store, place->path, 2, &anew, NULL));
    assert_true(hr_store_commit_study(store, &study_id, NULL));
    hr_store_close(store);
    assert_int_equal(study_id, 1);
    assert_row(place->other,
               "SELECT min(scenario_id), max(scenario_id) - min(scenario_id), (SELECT "
               "min(run_id) FROM run) FROM scenario",
               "|1|1|1");
    g_autofree char *first = fixture_integrity(place->path);
    g_autofree char *second = fixture_integrity(place->other);
    assert_string_equal(first, "ok|\n");
    assert_string_equal(second, "ok|\n");
}

static void a_study_that_is_not_there_is_refused(void **state)
{
    struct place *place = *state;
    hr_store *store = hr_store_open_write(place->other, NULL);
    GError *error = NULL;
    assert_false(hr_store_begin_restudy(store, place->path, 7, &anew, &error));
    assert_non_null(strstr(error->message, "7"));
    g_clear_error(&error);
    assert_false(hr_store_begin_restudy(store, place->other, 1, &anew, &error));
    g_clear_error(&error);
    hr_store_close(store);
    assert_false(g_file_test(place->other, G_FILE_TEST_EXISTS));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_return_as_they_were),
        TEST(views_show_what_is_known),
        TEST(rows_outside_their_lists_are_refused),
        TEST(a_study_made_anew_has_its_runs_and_new_costs),
        TEST(ids_are_moved_wherever_the_study_stands),
        TEST(a_study_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests_name("store plan", tests, NULL, NULL);
}
