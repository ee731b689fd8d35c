/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries: what the views show, against sums made here; what is refused; what is documented. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "base/error.h"
#include "check.h"
#include "store/handle.h"
#include "store/store.h"
#include "store_fixture.h"
#include "store_place.h"

static const char *text(const hr_rows *rows, size_t row, const char *name)
{
    return hr_rows_text(rows, row, at(rows, name));
}

static void memory_is_summed_over_hosts(void **state)
{
    struct place *place = *state;
    hr_rows *rows = ask(place,
                        "SELECT * FROM v_memory_over_time WHERE study_id = :study AND "
                        "platform_id = :platform ORDER BY phase DESC, hour, metric",
                        "beta");
    /* Ten metrics in memory; processor is none of them. */
    assert_int_equal(hr_rows_count(rows), 2 * 6 * 10);
    for (size_t i = 0; i < hr_rows_count(rows); i++) {
        int phase = strcmp(text(rows, i, "phase"), "failure") == 0;
        int hour = (int)number(rows, i, "hour");
        int metric = 0;
        while (strcmp(fixture_metric(metric), text(rows, i, "metric")) != 0) {
            metric++;
            assert_true(metric < FIXTURE_METRICS);
        }
        int64_t mean = 0, min = 0, max = 0;
        for (int host = 0; host < asked.hosts; host++) {
            struct hr_row_series row = fixture_series(&asked, 1, phase, host, metric, hour);
            mean += row.mean;
            min += row.min;
            max += row.max;
        }
        assert_near(number(rows, i, "gib"), (double)mean / 1024, 0);
        assert_near(number(rows, i, "min_sum_gib"), (double)min / 1024, 0);
        assert_near(number(rows, i, "max_sum_gib"), (double)max / 1024, 0);
        assert_near(number(rows, i, "hosts"), asked.hosts, 0);
        assert_near(number(rows, i, "replication"), 0, 0);
    }
    hr_rows_free(rows);
}

static void processor_and_hosts_are_summed(void **state)
{
    struct place *place = *state;
    hr_rows *rows =
        ask(place,
            "SELECT * FROM v_cpu_over_time WHERE study_id = :study AND platform_id = "
            ":platform AND phase = 'failure' ORDER BY hour",
            "gamma");
    assert_int_equal(hr_rows_count(rows), 6);
    for (int hour = 0; hour < 6; hour++) {
        int64_t mean = 0;
        for (int host = 0; host < asked.hosts; host++) {
            mean += fixture_series(&asked, 2, 1, host, 10, hour).mean;
        }
        assert_near(number(rows, (size_t)hour, "ghz"), (double)mean / 1000, 0);
    }
    hr_rows_free(rows);
    rows = ask(
        place,
        "SELECT * FROM v_hosts WHERE study_id = :study AND platform_id = :platform AND phase "
        "= 'normal' AND metric = 'free_mib' ORDER BY host",
        "alpha");
    assert_int_equal(hr_rows_count(rows), 4);
    for (int host = 0; host < 4; host++) {
        int64_t sum = 0, least = INT64_MAX, most = 0;
        for (int hour = 0; hour < 6; hour++) {
            struct hr_row_series row = fixture_series(&asked, 0, 0, host, 0, hour);
            sum += row.mean;
            least = MIN(least, row.min);
            most = MAX(most, row.max);
        }
        assert_near(number(rows, (size_t)host, "mean"), (double)sum / 6, 1e-9);
        assert_near(number(rows, (size_t)host, "min"), (double)least, 0);
        assert_near(number(rows, (size_t)host, "max"), (double)most, 0);
        assert_near(number(rows, (size_t)host, "hours"), 6, 0);
    }
    hr_rows_free(rows);
    rows =
        ask(place, "SELECT count(*) AS n FROM v_hosts_over_time WHERE study_id = :study", NULL);
    assert_near(number(rows, 0, "n"), 3 * 2 * 4 * FIXTURE_METRICS * 6, 0);
    hr_rows_free(rows);
}

static void costs_add_up_by_category(void **state)
{
    struct place *place = *state;
    hr_rows *rows = ask(place,
                        "SELECT * FROM v_cost_by_category WHERE study_id = :study AND "
                        "platform_id = :platform",
                        "gamma");
    assert_int_equal(hr_rows_count(rows), 9); /* every category has one kind in the fixture */
    for (size_t i = 0; i < hr_rows_count(rows); i++) {
        int64_t amount = 0, cash = 0;
        for (int k = 0; k < FIXTURE_COST_LINES; k++) {
            struct hr_row_cost_line line = fixture_cost_line(&asked, 2, k);
            if (strcmp(line.category, text(rows, i, "category")) == 0) {
                assert_string_equal(line.kind, text(rows, i, "kind"));
                amount += line.amount_cents;
                cash += line.cash_cents;
            }
        }
        assert_near(number(rows, i, "amount"), (double)amount / 100, 1e-9);
        assert_near(number(rows, i, "cash"), (double)cash / 100, 1e-9);
        assert_near(number(rows, i, "rank"), 3, 0);
    }
    hr_rows_free(rows);
}

static void costs_add_up_by_year(void **state)
{
    struct place *place = *state;
    hr_rows *rows =
        ask(place,
            "SELECT * FROM v_cost_by_year WHERE study_id = :study AND platform_id = "
            ":platform ORDER BY year",
            "alpha");
    assert_int_equal(hr_rows_count(rows), 6); /* 0 to 5, though nothing is paid in 3 and 5 */
    int64_t all_amount = 0, all_cash = 0;
    for (int year = 0; year <= 5; year++) {
        int64_t capex = 0, opex = 0, cash = 0;
        for (int k = 0; k < FIXTURE_COST_LINES; k++) {
            struct hr_row_cost_line line = fixture_cost_line(&asked, 0, k);
            if (line.year == year) {
                *(strcmp(line.kind, "capex") == 0 ? &capex : &opex) += line.amount_cents;
                cash += line.cash_cents;
            }
        }
        all_amount += capex + opex;
        all_cash += cash;
        size_t i = (size_t)year;
        assert_near(number(rows, i, "year"), year, 0);
        assert_near(number(rows, i, "capex"), (double)capex / 100, 1e-9);
        assert_near(number(rows, i, "opex"), (double)opex / 100, 1e-9);
        assert_near(number(rows, i, "amount"), (double)(capex + opex) / 100, 1e-9);
        assert_near(number(rows, i, "cash"), (double)cash / 100, 1e-9);
        assert_near(number(rows, i, "cumulative_amount"), (double)all_amount / 100, 1e-9);
        assert_near(number(rows, i, "cumulative_cash"), (double)all_cash / 100, 1e-9);
    }
    hr_rows_free(rows);
}

static void the_worksheet_multiplies(void **state)
{
    struct place *place = *state;
    hr_rows *rows = ask(place,
                        "SELECT * FROM v_cost_lines WHERE study_id = :study AND platform_id = "
                        ":platform ORDER BY ordinal",
                        "beta");
    assert_int_equal(hr_rows_count(rows), FIXTURE_COST_LINES);
    for (size_t i = 0; i < hr_rows_count(rows); i++) {
        struct hr_row_cost_line line = fixture_cost_line(&asked, 1, (int)i);
        assert_near(number(rows, i, "units"), 6 + (double)i / 1e6, 1e-12);
        assert_near(number(rows, i, "price"), 0.1437, 1e-12);
        assert_near(number(rows, i, "cash"), (double)line.cash_cents / 100, 1e-9);
        assert_near(number(rows, i, "amount"), (double)line.amount_cents / 100, 1e-9);
        assert_string_equal(text(rows, i, "platform"), "Beta 2025");
    }
    hr_rows_free(rows);
    /* hw.a found, lic.b found, lic.b recalled: three, whatever the number of platforms. */
    rows =
        ask(place, "SELECT * FROM v_prices WHERE study_id = :study ORDER BY price_id, starred",
            NULL);
    assert_int_equal(hr_rows_count(rows), 3);
    assert_string_equal(text(rows, 0, "price_id"), "hw.a");
    assert_string_equal(text(rows, 2, "status"), "recalled");
    assert_near(number(rows, 2, "starred"), 1, 0);
    hr_rows_free(rows);
}

static void guests_stand_side_by_side(void **state)
{
    struct place *place = *state;
    hr_rows *rows =
        ask(place,
            "SELECT * FROM v_guests WHERE study_id = :study AND platform_id = :platform "
            "ORDER BY size_gib",
            "beta");
    assert_int_equal(hr_rows_count(rows), 8);
    for (int g = 0; g < 8; g++) {
        double p95[2] = {0, 0}, mean[2] = {0, 0}, most[2] = {0, 0}, granted = 0, restart = 0;
        for (int r = 0; r < 3; r++) {
            for (int f = 0; f < 2; f++) {
                struct hr_row_guest_result row = fixture_guest(&asked, 1, r, g, f);
                p95[f] += row.slowdown_p95 / 3;
                mean[f] += row.slowdown_mean / 3;
                most[f] = MAX(most[f], row.slowdown_max);
                granted += f == 0 ? row.granted_mean_mib / 3 / 1024 : 0;
                restart = MAX(restart, row.restart_s);
            }
        }
        size_t i = (size_t)g;
        assert_string_equal(text(rows, i, "guest"), fixture_guest_name(g));
        assert_near(number(rows, i, "size_gib"), 4 * (g + 1), 0);
        assert_near(number(rows, i, "replications"), 3, 0);
        assert_near(number(rows, i, "slowdown_p95"), p95[0], 1e-12);
        assert_near(number(rows, i, "failure_slowdown_p95"), p95[1], 1e-12);
        assert_near(number(rows, i, "slowdown_mean"), mean[0], 1e-12);
        assert_near(number(rows, i, "failure_slowdown_mean"), mean[1], 1e-12);
        assert_near(number(rows, i, "slowdown_max"), most[0], 0);
        assert_near(number(rows, i, "failure_slowdown_max"), most[1], 0);
        assert_near(number(rows, i, "granted_mean_gib"), granted, 1e-12);
        assert_near(number(rows, i, "restart_max_s"), restart, 0);
        assert_near(number(rows, i, "down_min"), 0, 0);
        assert_near(number(rows, i, "failure_down_min"), 2.25, 0);
        assert_near(number(rows, i, "refused"), g == 7, 0);
        assert_near(number(rows, i, "lost_host"), g % 2 == 0, 0);
        assert_near(number(rows, i, "not_restarted"), g % 4 == 2, 0);
    }
    hr_rows_free(rows);
}

static void causes_add_up_to_the_slowdown(void **state)
{
    struct place *place = *state;
    hr_rows *rows =
        ask(place,
            "SELECT phase, sum(slowdown_mean) AS total, count(*) AS causes, "
            "sum(slowdown_mean) FILTER (WHERE cause = 'cpu') AS cpu, "
            "max(slowdown_worst_guest) FILTER (WHERE cause = 'cpu') AS cpu_worst "
            "FROM v_slowdown_causes WHERE study_id = :study AND platform_id = :platform "
            "GROUP BY phase ORDER BY phase DESC",
            "alpha");
    assert_int_equal(hr_rows_count(rows), 2);
    for (int f = 0; f < 2; f++) {
        double total = 0, cpu = 0, cpu_worst = 0;
        for (int i = 0; i < 3 * 8; i++) {
            struct hr_row_guest_result row = fixture_guest(&asked, 0, i / 8, i % 8, f);
            total += row.slowdown_mean / 24;
            cpu += row.cause_cpu / 24;
            cpu_worst = MAX(cpu_worst, row.cause_cpu);
        }
        size_t i = (size_t)f;
        assert_near(number(rows, i, "causes"), 8, 0);
        assert_near(number(rows, i, "total"), total, 1e-12);
        assert_near(number(rows, i, "cpu"), cpu, 1e-12);
        assert_near(number(rows, i, "cpu_worst"), cpu_worst, 0);
    }
    hr_rows_free(rows);
}

static void the_answer_has_the_floor_beside_it(void **state)
{
    struct place *place = *state;
    hr_rows *rows =
        ask(place, "SELECT * FROM v_answer WHERE study_id = :study ORDER BY rank", NULL);
    assert_int_equal(hr_rows_count(rows), 3);
    int64_t cheapest = fixture_platform(&asked, 0).tco_cents;
    for (int p = 0; p < 3; p++) {
        struct hr_row_platform platform = fixture_platform(&asked, p);
        struct hr_row_floor floor_row = fixture_floor(&asked, p);
        size_t i = (size_t)p;
        assert_string_equal(text(rows, i, "platform"), platform.name);
        assert_near(number(rows, i, "memory_gib"), 256.0 * (3 + p), 0);
        assert_near(number(rows, i, "cores"), 32.0 * (3 + p), 0);
        assert_near(number(rows, i, "capex"), (double)platform.capex_cents / 100, 1e-9);
        assert_near(number(rows, i, "tco"), (double)platform.tco_cents / 100, 1e-9);
        assert_near(number(rows, i, "tco_above_cheapest"),
                    (double)(platform.tco_cents - cheapest) / 100, 1e-9);
        assert_near(number(rows, i, "cost_per_guest_month"),
                    (double)platform.tco_cents / 100 / (8 * 5 * 12), 1e-9);
        assert_near(number(rows, i, "floor_hosts"), 5 + p, 0);
        assert_near(number(rows, i, "floor_memory_gib_per_host"), 512, 0);
        assert_near(number(rows, i, "floor_tco"), (double)floor_row.tco_cents / 100, 1e-9);
        assert_string_equal(text(rows, i, "windows_edition"), p == 1 ? "Datacenter" : "");
    }
    hr_rows_free(rows);
    rows =
        ask(place, "SELECT * FROM v_periods WHERE study_id = :study ORDER BY rank, year", NULL);
    assert_int_equal(hr_rows_count(rows), 3 * FIXTURE_PERIODS);
    for (size_t i = 0; i < 3 * FIXTURE_PERIODS; i++) {
        int year = (int)(i % FIXTURE_PERIODS);
        struct hr_row_period period = fixture_period((int)i / FIXTURE_PERIODS, year);
        assert_near(number(rows, i, "year"), year + 1, 0);
        assert_near(number(rows, i, "from_month"), period.from_month, 0);
        assert_near(number(rows, i, "cpu_util_mean"), period.cpu_util_mean, 0);
    }
    hr_rows_free(rows);
    rows = ask(place, "SELECT * FROM v_floor WHERE study_id = :study ORDER BY rank", NULL);
    assert_int_equal(hr_rows_count(rows), 3);
    for (int p = 0; p < 3; p++) {
        assert_near(number(rows, (size_t)p, "tco_above_floor"),
                    (double)(fixture_platform(&asked, p).tco_cents -
                             fixture_floor(&asked, p).tco_cents) /
                        100,
                    1e-9);
    }
    hr_rows_free(rows);
}

static void candidates_and_failures(void **state)
{
    struct place *place = *state;
    hr_rows *rows = ask(place,
                        "SELECT * FROM v_candidates WHERE study_id = :study AND platform_id = "
                        ":platform ORDER BY ordinal",
                        "beta");
    assert_int_equal(hr_rows_count(rows), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_near(number(rows, i, "chosen"), i == 2, 0);
        assert_int_equal(hr_rows_get(rows, i, at(rows, "tco"))->kind,
                         i == 2 ? HR_VALUE_REAL : HR_VALUE_NULL);
        assert_string_equal(text(rows, i, "broken_constraint"), i < 2 ? "slowdown" : "");
    }
    hr_rows_free(rows);
    /* An infeasible platform chose none. */
    rows = ask(place, "SELECT sum(chosen) AS n FROM v_candidates WHERE platform_id = 'gamma'",
               NULL);
    assert_near(number(rows, 0, "n"), 0, 0);
    hr_rows_free(rows);

    rows =
        ask(place, "SELECT * FROM v_host_failure WHERE study_id = :study ORDER BY rank", NULL);
    assert_int_equal(hr_rows_count(rows), 3);
    for (int p = 0; p < 3; p++) {
        double normal = 0, failure = 0, failure_max = 0, restart = 0;
        int not_restarted = 0;
        for (int r = 0; r < 3; r++) {
            struct hr_row_run row = fixture_run(&asked, p, r);
            normal += row.slowdown_p95_worst / 3;
            failure += row.failure_slowdown_p95_worst / 3;
            failure_max = MAX(failure_max, row.failure_slowdown_p95_worst);
            restart = MAX(restart, row.restart_max_s);
            not_restarted = MAX(not_restarted, row.n_not_restarted);
        }
        size_t i = (size_t)p;
        assert_near(number(rows, i, "replications"), 3, 0);
        assert_near(number(rows, i, "normal_slowdown_p95"), normal, 1e-12);
        assert_near(number(rows, i, "failure_slowdown_p95"), failure, 1e-12);
        assert_near(number(rows, i, "failure_slowdown_p95_max"), failure_max, 0);
        assert_near(number(rows, i, "lost_host_max"), 12, 0);
        assert_near(number(rows, i, "not_restarted_max"), not_restarted, 0);
        assert_near(number(rows, i, "restart_max_s"), restart, 0);
    }
    hr_rows_free(rows);
}

static void runs_events_and_findings(void **state)
{
    struct place *place = *state;
    hr_rows *rows =
        ask(place,
            "SELECT * FROM v_runs WHERE study_id = :study AND platform_id = :platform "
            "ORDER BY replication",
            "gamma");
    assert_int_equal(hr_rows_count(rows), 3);
    for (int r = 0; r < 3; r++) {
        assert_int_equal(hr_rows_get(rows, (size_t)r, at(rows, "seed"))->as.integer,
                         INT64_MAX - r);
        assert_near(number(rows, (size_t)r, "slowdown_mean"),
                    fixture_run(&asked, 2, r).slowdown_mean, 0);
    }
    hr_rows_free(rows);
    rows = ask(place,
               "SELECT * FROM v_events WHERE study_id = :study AND platform_id = :platform AND "
               "replication = 2 ORDER BY t_h",
               "beta");
    assert_int_equal(hr_rows_count(rows), FIXTURE_EVENTS);
    for (int i = 0; i < FIXTURE_EVENTS; i++) {
        struct hr_row_event row = fixture_event(1, 2, i);
        assert_string_equal(text(rows, (size_t)i, "code"), row.code);
        assert_string_equal(text(rows, (size_t)i, "guest"), row.guest != NULL ? row.guest : "");
        assert_near(number(rows, (size_t)i, "t_h"), row.t_s / 3600, 1e-12);
    }
    hr_rows_free(rows);
    /* Seven findings in turn over three severities, four in one file and three in the other. */
    rows =
        ask(place, "SELECT * FROM v_findings_summary WHERE study_id = :study ORDER BY severity",
            NULL);
    static const struct {
        const char *severity, *example;
        int n, files;
    } expected[] = {{"mended", "t1", 2, 2}, {"note", "t0", 3, 2}, {"skipped", "t2", 2, 2}};
    assert_int_equal(hr_rows_count(rows), G_N_ELEMENTS(expected));
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        assert_string_equal(text(rows, i, "severity"), expected[i].severity);
        assert_string_equal(text(rows, i, "example"), expected[i].example);
        assert_near(number(rows, i, "findings"), expected[i].n, 0);
        assert_near(number(rows, i, "files"), expected[i].files, 0);
    }
    hr_rows_free(rows);
}

static void values_keep_their_kind(void **state)
{
    struct place *place = *state;
    hr_rows *rows =
        ask(place,
            "SELECT 1 AS a, 2.5 AS b, 'x' AS c, NULL AS d, :study AS e, :platform AS f, "
            "9223372036854775807 AS g UNION ALL SELECT 1.5, 2, 3, NULL, 4, NULL, -1 -- "
            "comment",
            "beta");
    static const enum hr_value_kind kinds[] = {HR_VALUE_REAL, HR_VALUE_REAL, HR_VALUE_TEXT,
                                               HR_VALUE_NULL, HR_VALUE_INT,  HR_VALUE_TEXT,
                                               HR_VALUE_INT};
    assert_int_equal(hr_rows_n_columns(rows), G_N_ELEMENTS(kinds));
    assert_int_equal(hr_rows_count(rows), 2);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        assert_int_equal(hr_rows_column_kind(rows, i), kinds[i]);
        assert_int_equal(hr_rows_column_name(rows, i)[0], 'a' + (char)i);
    }
    assert_near(hr_rows_number(rows, 0, 0, -1), 1, 0);
    assert_near(hr_rows_number(rows, 0, 2, -1), -1, 0); /* a text is no number */
    assert_near(hr_rows_number(rows, 0, 3, -1), -1, 0); /* nor is NULL */
    assert_string_equal(hr_rows_text(rows, 0, 0), "");
    assert_string_equal(hr_rows_text(rows, 0, 5), "beta");
    assert_int_equal(hr_rows_get(rows, 0, 4)->as.integer, 2);
    assert_true(hr_rows_get(rows, 0, 6)->as.integer == INT64_MAX);
    assert_int_equal(hr_rows_find_column(rows, "z"), -1);
    hr_rows_free(rows);
    rows = ask(place, "SELECT * FROM study WHERE study_id > 99", NULL);
    assert_int_equal(hr_rows_count(rows), 0);
    assert_int_equal(hr_rows_column_kind(rows, 0), HR_VALUE_NULL);
    hr_rows_free(rows);
    rows = ask(place, "SELECT :platform IS NULL AS x", NULL);
    assert_near(number(rows, 0, "x"), 1, 0);
    hr_rows_free(rows);
}

static void studies_are_listed(void **state)
{
    struct place *place = *state;
    GError *error = NULL;
    int64_t id = 0;
    assert_true(hr_store_last_study(place->store, &id, &error));
    assert_int_equal(id, 2);
    hr_rows *rows = hr_store_studies(place->store, &error);
    assert_int_equal(hr_rows_count(rows), 2);
    assert_near(number(rows, 1, "study_id"), 2, 0);
    assert_string_equal(text(rows, 0, "title"), "estate.csv");
    hr_rows_free(rows);
    assert_true(hr_store_has_study(place->store, 1, &error));
    assert_false(hr_store_has_study(place->store, 3, &error));
    assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_USAGE));
    assert_non_null(strstr(error->message, "1 to 2"));
    g_clear_error(&error);
}

static void whatever_is_no_reading_is_refused(void **state)
{
    struct place *place = *state;
    static const char *const hostile[] = {
        "INSERT INTO provenance VALUES (1, 'k', 'v')",
        "UPDATE study SET title = 'x'",
        "DELETE FROM finding",
        "DROP TABLE finding",
        "CREATE TABLE t (a)",
        "CREATE TEMP TABLE t (a)",
        "CREATE TEMP VIEW t AS SELECT 1",
        "CREATE TEMP TRIGGER t AFTER INSERT ON study BEGIN SELECT 1; END",
        "WITH x AS (SELECT 1) DELETE FROM finding",
        "ALTER TABLE finding RENAME TO f",
        "REPLACE INTO provenance VALUES (1, 'k', 'v')",
        "INSERT INTO provenance VALUES (1, 'k', 'v') RETURNING key",
        "ATTACH ':memory:' AS other",
        "ATTACH 'other.db' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "REINDEX",
        "ANALYZE",
        "BEGIN",
        "SAVEPOINT s",
        "PRAGMA query_only = OFF",
        "PRAGMA query_only",
        "PRAGMA journal_mode = WAL",
        "PRAGMA writable_schema = ON",
        "PRAGMA table_info(study)",
        "PRAGMA database_list",
        "SELECT * FROM pragma_table_info('study')",
        "SELECT * FROM pragma_database_list",
        "SELECT load_extension('x')",
        "SELECT random()",
        "SELECT abs(RANDOM())",
        "SELECT hex(randomblob(4))",
        "SELECT datetime('now')",
        "SELECT CURRENT_TIMESTAMP",
        "SELECT strftime('%s', 'now')",
        "SELECT 1; DELETE FROM finding",
        "SELECT 1; SELECT 2",
        "EXPLAIN SELECT 1",
        "EXPLAIN QUERY PLAN SELECT 1",
        "",
        "  -- nothing\n ; ",
        "SELECT",
        "SELECT * FROM nowhere",
        "SELECT :other",
        "SELECT ?1",
        "SELECT @study",
        "SELECT x'00ff'",
        "SELECT 1e999",
        "SELECT zeroblob(2000000000)",
        "SELECT replace(hex(zeroblob(10000000)), '0', 'aaaaaaaaaaaaaaaa')",
    };
    GBytes *before = fixture_bytes(place->path);
    for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
        GError *error = NULL;
        hr_rows *rows = hr_store_query(place->store, hostile[i], 2, NULL, &error);
        if (rows != NULL) {
            fail_msg("accepted: %s", hostile[i]);
        }
        assert_true(error->domain == HR_ERROR);
        assert_true(g_str_has_prefix(error->message, "query: "));
        g_clear_error(&error);
        /* And the store still answers. */
        rows = ask(place, "SELECT count(*) AS n FROM finding", NULL);
        assert_near(number(rows, 0, "n"), 2 * FIXTURE_FINDINGS, 0);
        hr_rows_free(rows);
    }
    GBytes *after = fixture_bytes(place->path);
    assert_true(g_bytes_equal(before, after));
    assert_int_equal(fixture_folder_count(place->folder), 1);
    g_bytes_unref(before);
    g_bytes_unref(after);
}

static void an_endless_query_ends(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *sql, *expected;
        int64_t n_op_budget; /* 0: the usual one */
    } rows[] = {
        {"WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) "
         "FROM c",
         "too long", 5000000},
        {"WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x, x, x, x, "
         "x, x, "
         "x, x, x, x, x, x, x, x, x, x FROM c",
         "too large", 0},
        {"SELECT count(*) FROM host_series AS a, host_series AS b, host_series AS c",
         "too long", 5000000},
    };
    assert_true(place->store->n_op_budget > 100 * 1000 * 1000);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GError *error = NULL;
        int64_t usual = place->store->n_op_budget;
        place->store->n_op_budget = rows[i].n_op_budget != 0 ? rows[i].n_op_budget : usual;
        assert_null(hr_store_query(place->store, rows[i].sql, 2, NULL, &error));
        place->store->n_op_budget = usual;
        assert_non_null(strstr(error->message, rows[i].expected));
        g_clear_error(&error);
        /* The next query has its own budget. */
        hr_rows_free(ask(place, "SELECT count(*) FROM v_guests", NULL));
    }
}

/* A hand-crafted file may hold what no column may: the values are mended or refused. */
static void crafted_values_do_no_harm(void **state)
{
    struct place *place = *state;
    hr_store_close(place->store);
    fixture_sql(place->path,
                "UPDATE platform SET hosts = 1, slowdown_p95 = 9e999, "
                "name = CAST(x'ff41ff' AS TEXT) WHERE rank = 1 AND study_id = 2;"
                "UPDATE platform SET name = 'a' || char(0) || 'b' WHERE rank = 2 AND "
                "study_id = 2");
    GError *error = NULL;
    place->store = hr_store_open_read(place->path, &error);
    assert_non_null(place->store);
    assert_null(
        hr_store_query(place->store, "SELECT slowdown_p95 FROM platform", 2, NULL, &error));
    assert_true(g_error_matches(error, HR_ERROR, HR_ERROR_FAILED));
    g_clear_error(&error);
    hr_rows *rows =
        ask(place, "SELECT name FROM platform WHERE study_id = :study ORDER BY rank", NULL);
    assert_string_equal(hr_rows_text(rows, 0, 0), "\xef\xbf\xbd"
                                                  "A\xef\xbf\xbd");
    assert_true(g_utf8_validate(hr_rows_text(rows, 1, 0), -1, NULL));
    assert_int_equal(hr_rows_text(rows, 1, 0)[0], 'a');
    hr_rows_free(rows);
}

/* Bytes changed at random: whatever opens, every view either answers or fails with a message.
 */
static void damaged_bytes_do_no_harm(void **state)
{
    struct place *place = *state;
    GBytes *good = fixture_bytes(place->path);
    hr_rows *views = ask(place, "SELECT name FROM sqlite_schema WHERE type = 'view'", NULL);
    hr_store_close(place->store);
    place->store = NULL;
    size_t n_bytes = g_bytes_get_size(good);
    uint64_t state64 = 1;
    int n_opened = 0, n_failed = 0;
    for (int round = 0; round < 120; round++) {
        char *bytes = g_memdup2(g_bytes_get_data(good, NULL), n_bytes);
        for (int i = 0; i < 1 + round % 20; i++) {
            state64 = state64 * UINT64_C(6364136223846793005) + 1442695040888963407U;
            bytes[(state64 >> 24) % n_bytes] = (char)(state64 >> 16);
        }
        assert_true(g_file_set_contents(place->path, bytes, (gssize)n_bytes, NULL));
        g_free(bytes);
        GError *error = NULL;
        hr_store *store = hr_store_open_read(place->path, &error);
        for (size_t i = 0; store != NULL && i < hr_rows_count(views); i++) {
            char *sql = g_strdup_printf("SELECT * FROM %s", hr_rows_text(views, i, 0));
            hr_rows *rows = hr_store_query(store, sql, 2, NULL, &error);
            assert_true((rows == NULL) == (error != NULL));
            n_failed += rows == NULL;
            g_clear_error(&error);
            hr_rows_free(rows);
            g_free(sql);
        }
        n_opened += store != NULL;
        g_clear_error(&error);
        hr_store_close(store);
    }
    assert_in_range(n_opened, 1, 119); /* some damage hits the schema, some only rows */
    assert_true(n_failed > 0);
    hr_rows_free(views);
    g_bytes_unref(good);
}

static char *read_manual(void)
{
    const char *top = getenv("top_srcdir");
    char *path = g_build_filename(top != NULL ? top : "..", "doc", "database.md", NULL);
    char *contents = NULL;
    if (!g_file_get_contents(path, &contents, NULL, NULL)) {
        fail_msg("cannot read %s", path);
    }
    g_free(path);
    return contents;
}

/* The section of the manual about one table or view. */
static char *section_of(const char *manual, const char *name)
{
    char *heading = g_strdup_printf("\n### `%s`", name);
    const char *start = strstr(manual, heading);
    if (start == NULL) {
        fail_msg("no section on %s", name);
    }
    start += strlen(heading);
    const char *end = strstr(start, "\n#");
    char *section = end != NULL ? g_strndup(start, (gsize)(end - start)) : g_strdup(start);
    g_free(heading);
    return section;
}

static void the_manual_names_every_column(void **state)
{
    struct place *place = *state;
    char *manual = read_manual();
    hr_rows *objects = ask(
        place, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name",
        NULL);
    assert_int_equal(hr_rows_count(objects), /* tables */ 28 + /* views */ 45);
    for (size_t i = 0; i < hr_rows_count(objects); i++) {
        const char *name = hr_rows_text(objects, i, 0);
        char *section = section_of(manual, name);
        char *sql = g_strdup_printf("SELECT * FROM %s LIMIT 1", name);
        hr_rows *rows = ask(place, sql, NULL);
        for (size_t k = 0; k < hr_rows_n_columns(rows); k++) {
            char *quoted = g_strdup_printf("`%s`", hr_rows_column_name(rows, k));
            if (strstr(section, quoted) == NULL) {
                fail_msg("doc/database.md does not name %s.%s", name,
                         hr_rows_column_name(rows, k));
            }
            g_free(quoted);
        }
        hr_rows_free(rows);
        g_free(sql);
        g_free(section);
    }
    hr_rows_free(objects);
    g_free(manual);
}

static void the_manuals_queries_run(void **state)
{
    struct place *place = *state;
    char *manual = read_manual();
    size_t n = 0;
    for (const char *p = manual; (p = strstr(p, "```sql\n")) != NULL;) {
        p += strlen("```sql\n");
        const char *end = strstr(p, "```");
        assert_non_null(end);
        char *sql = g_strndup(p, (gsize)(end - p));
        hr_rows *rows = ask(place, sql, "alpha");
        if (hr_rows_count(rows) == 0) {
            fail_msg("it shows nothing: %s", sql);
        }
        hr_rows_free(rows);
        g_free(sql);
        n++;
        p = end;
    }
    assert_true(n >= 5);
    g_free(manual);
}

int main(void)
{
#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        IN_PLACE(memory_is_summed_over_hosts),
        IN_PLACE(processor_and_hosts_are_summed),
        IN_PLACE(costs_add_up_by_category),
        IN_PLACE(costs_add_up_by_year),
        IN_PLACE(the_worksheet_multiplies),
        IN_PLACE(guests_stand_side_by_side),
        IN_PLACE(causes_add_up_to_the_slowdown),
        IN_PLACE(the_answer_has_the_floor_beside_it),
        IN_PLACE(candidates_and_failures),
        IN_PLACE(runs_events_and_findings),
        IN_PLACE(values_keep_their_kind),
        IN_PLACE(studies_are_listed),
        IN_PLACE(whatever_is_no_reading_is_refused),
        IN_PLACE(an_endless_query_ends),
        IN_PLACE(crafted_values_do_no_harm),
        IN_PLACE(damaged_bytes_do_no_harm),
        IN_PLACE(the_manual_names_every_column),
        IN_PLACE(the_manuals_queries_run),
    };
    return cmocka_run_group_tests_name("store queries", tests, NULL, NULL);
}
