/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The views of schema_costs.c, against sums made here. */
#include <string.h>

#include <glib.h>

#include "check.h"
#include "store/store.h"
#include "store_fixture.h"
#include "store_place.h"

static void cost_is_written_off_and_divided(void **state)
{
    struct place *place = *state;
    hr_rows *rows = ask(place,
                        "SELECT * FROM v_depreciation WHERE study_id = :study AND "
                        "platform_id = :platform ORDER BY year",
                        "gamma");
    assert_int_equal(hr_rows_count(rows), FIXTURE_PERIODS);
    for (size_t i = 0; i < hr_rows_count(rows); i++) {
        int year = (int)i + 1;
        struct hr_row_depreciation row = fixture_depreciation(2, year);
        int64_t running = 0;
        for (int k = 0; k < FIXTURE_COST_LINES; k++) {
            struct hr_row_cost_line line = fixture_cost_line(&asked, 2, k);
            bool is_of_year = line.year == year && strcmp(line.kind, "opex") == 0;
            running += is_of_year ? line.cash_cents : 0;
        }
        assert_near(number(rows, i, "year"), year, 0);
        assert_near(number(rows, i, "rank"), 3, 0);
        assert_near(number(rows, i, "depreciation"), (double)row.depreciation_cents / 100, 0);
        assert_near(number(rows, i, "running"), (double)running / 100, 0);
        assert_near(number(rows, i, "cost"), (double)(row.depreciation_cents + running) / 100,
                    0);
        assert_near(number(rows, i, "book_value"), (double)row.book_value_cents / 100, 0);
    }
    hr_rows_free(rows);
    rows = ask(place,
               "SELECT * FROM v_unit_cost WHERE study_id = :study AND platform_id = :platform",
               "gamma");
    assert_int_equal(hr_rows_count(rows), 1);
    struct hr_row_platform platform = fixture_platform(&asked, 2);
    assert_near(number(rows, 0, "per_guest_month"), (double)platform.tco_cents / 100 / 482,
                1e-9);
    assert_near(number(rows, 0, "memory_gib_months"), 482 * 8, 0);
    assert_near(number(rows, 0, "per_gib_month_cash"),
                (double)platform.tco_cash_cents / 100 / (482 * 8), 1e-9);
    hr_rows_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cost_is_written_off_and_divided, make_place,
                                        remove_place),
    };
    return cmocka_run_group_tests_name("store costs", tests, NULL, NULL);
}
