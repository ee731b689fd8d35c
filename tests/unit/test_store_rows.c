/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every member of every row struct comes back as it was saved. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "check.h"
#include "store/store.h"
#include "store_fixture.h"

static const struct fixture_size small = {1, 2, 2, 3, 2, 3};

struct place {
    char *folder;
    char *path; /* of a database in it */
};

static int make_place(void **state)
{
    struct place *place = g_new0(struct place, 1);
    place->folder = fixture_folder_new();
    place->path = g_build_filename(place->folder, "x.db", NULL);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    fixture_folder_remove(place->folder);
    g_free(place->path);
    g_free(place);
    return 0;
}

/* Comparing a row read back with the struct it came from, member by member; n counts them, so
 * that a column without a comparison shows. */
struct compared {
    hr_rows *rows;
    size_t n;
};

static const struct hr_value *column(struct compared *c, const char *name)
{
    int at = hr_rows_find_column(c->rows, name);
    if (at < 0) {
        fail_msg("no column %s", name);
    }
    c->n++;
    return hr_rows_get(c->rows, 0, (size_t)at);
}

static void same_int(struct compared *c, const char *name, int64_t expected)
{
    const struct hr_value *value = column(c, name);
    assert_int_equal(value->kind, HR_VALUE_INT);
    if (value->as.integer != expected) {
        fail_msg("%s is %lld, not %lld", name, (long long)value->as.integer,
                 (long long)expected);
    }
}

static void same_real(struct compared *c, const char *name, double expected)
{
    const struct hr_value *value = column(c, name);
    assert_int_equal(value->kind, HR_VALUE_REAL);
    if (memcmp(&value->as.real, &expected, sizeof expected) != 0) {
        fail_msg("%s is %.17g, not %.17g", name, value->as.real, expected);
    }
}

static void same_text(struct compared *c, const char *name, const char *expected)
{
    const struct hr_value *value = column(c, name);
    assert_int_equal(value->kind, HR_VALUE_TEXT);
    assert_string_equal(value->as.text, expected != NULL ? expected : "");
}

static struct compared compare(hr_store *store, const char *sql)
{
    GError *error = NULL;
    struct compared c = {hr_store_query(store, sql, 1, "beta", &error), 0};
    if (c.rows == NULL) {
        fail_msg("%s", error->message);
    }
    assert_int_equal(hr_rows_count(c.rows), 1);
    return c;
}

static void compared_all(struct compared *c)
{
    assert_int_equal(c->n, hr_rows_n_columns(c->rows));
    hr_rows_free(c->rows);
}

#define INT(m)  same_int(&c, #m, row.m)
#define REAL(m) same_real(&c, #m, row.m)
#define TEXT(m) same_text(&c, #m, row.m)

static void study_and_platform_return(hr_store *store)
{
    {
        struct hr_row_study row = fixture_study(&small);
        struct compared c = compare(store, "SELECT * FROM study WHERE study_id = :study");
        same_int(&c, "study_id", 1);
        same_text(&c, "created_utc", "2026-09-01T00:00:00Z");
        TEXT(kind), TEXT(title), TEXT(command), TEXT(program_version), TEXT(currency);
        TEXT(price_book), TEXT(price_month), INT(seed), REAL(days), INT(replications),
            INT(years);
        INT(spare_hosts), REAL(growth_pct), REAL(demand_growth_pct), REAL(slowdown_level);
        REAL(discount_rate);
        TEXT(powered_off), INT(guests), INT(powered_on), INT(templates), INT(vcpus);
        INT(memory_mib), INT(running), INT(running_end), REAL(disk_gib);
        compared_all(&c);
    }
    {
        struct hr_row_platform row = fixture_platform(&small, 1);
        struct compared c = compare(
            store,
            "SELECT * FROM platform WHERE study_id = :study AND platform_id = :platform");
        same_int(&c, "study_id", 1);
        INT(rank), TEXT(platform_id), TEXT(name), TEXT(policy), INT(feasible), TEXT(server_id);
        TEXT(server_name), INT(hosts), INT(dimm_gib), INT(n_dimms), INT(memory_mib_per_host);
        INT(cores_per_host), REAL(overcommit_ratio), REAL(slowdown_p95), REAL(slowdown_p95_low);
        REAL(slowdown_p95_high), REAL(failure_slowdown_p95), REAL(failure_slowdown_p95_low);
        REAL(failure_slowdown_p95_high), TEXT(worst_guest), TEXT(failure_worst_guest),
            REAL(swapped_min), REAL(paged_min);
        REAL(cpu_util_mean), INT(guests_lost_host), INT(guests_not_restarted);
        REAL(restart_max_s), TEXT(failure_outcome), INT(capex_cents), INT(opex_cents);
        INT(tco_cents), INT(tco_low_cents), INT(tco_high_cents), INT(capex_cash_cents),
            INT(opex_cash_cents), INT(tco_cash_cents);
        INT(cost_per_guest_cents), TEXT(windows_edition), TEXT(binding), TEXT(next_smaller);
        INT(candidates_tried), INT(reserve_guests), INT(reserve_at_least);
        INT(largest_guest_mib), REAL(lasts_months), INT(lasts_at_least), TEXT(buy),
            TEXT(staged_plan);
        INT(start_tco_cents), INT(staged_tco_cents);
        compared_all(&c);
    }
}

static void answer_rows_return(hr_store *store)
{
    {
        struct hr_row_period row = fixture_period(1, 2);
        struct compared c = compare(
            store, "SELECT * FROM period WHERE platform_id = :platform AND from_month = 24");
        same_int(&c, "study_id", 1);
        TEXT(platform_id), INT(from_month), INT(to_month), INT(hosts), INT(guests);
        REAL(demand_factor), REAL(cpu_util_mean);
        compared_all(&c);
    }
    {
        struct hr_row_floor row = fixture_floor(&small, 1);
        struct compared c = compare(store, "SELECT * FROM floor WHERE platform_id = :platform");
        same_int(&c, "study_id", 1);
        TEXT(platform_id), TEXT(server_id), INT(hosts), INT(dimm_gib), INT(n_dimms);
        INT(memory_mib_per_host), INT(hosts_memory), INT(hosts_cpu), TEXT(binding);
        INT(capex_cents), INT(opex_cents), INT(tco_cents), TEXT(difference);
        compared_all(&c);
    }
    {
        struct hr_row_candidate row = fixture_candidate(&small, 1, 1);
        struct compared c = compare(
            store, "SELECT * FROM candidate WHERE platform_id = :platform AND ordinal = 1");
        same_int(&c, "study_id", 1);
        TEXT(platform_id), INT(ordinal), TEXT(server_id), INT(hosts), INT(dimm_gib),
            INT(n_dimms);
        INT(memory_mib_per_host), INT(lower_bound_cents), TEXT(verdict), INT(replications);
        same_text(&c, "broken_constraint", row.constraint);
        INT(tco_cents);
        compared_all(&c);
    }
    {
        struct hr_row_cost_line row = fixture_cost_line(&small, 1, 5);
        struct compared c = compare(
            store, "SELECT * FROM cost_line WHERE platform_id = :platform AND ordinal = 5");
        same_int(&c, "study_id", 1);
        TEXT(platform_id), INT(ordinal), TEXT(category), TEXT(kind), INT(year), INT(month);
        TEXT(item), TEXT(rule), INT(units_micro), TEXT(unit), INT(price_micro), TEXT(price_id);
        TEXT(status), INT(starred), TEXT(source), INT(cash_cents), INT(amount_cents);
        compared_all(&c);
    }
    {
        struct hr_row_depreciation row = fixture_depreciation(1, 3);
        struct compared c = compare(
            store, "SELECT * FROM depreciation WHERE platform_id = :platform AND year = 3");
        same_int(&c, "study_id", 1);
        TEXT(platform_id), TEXT(category), INT(year);
        INT(depreciation_cents), INT(book_value_cents);
        compared_all(&c);
    }
    {
        struct hr_row_delivered row = fixture_delivered(1);
        struct compared c =
            compare(store, "SELECT * FROM delivered WHERE platform_id = :platform");
        same_int(&c, "study_id", 1);
        TEXT(platform_id), INT(guest_months), INT(memory_mib_months);
        compared_all(&c);
    }
}

static void change_rows_return(hr_store *store)
{
    {
        struct hr_row_flip row = fixture_flip(&small, 3);
        struct compared c = compare(store, "SELECT * FROM flip WHERE ordinal = 3");
        same_int(&c, "study_id", 1);
        INT(ordinal), TEXT(input), TEXT(what), TEXT(cheaper_id), TEXT(dearer_id);
        TEXT(price_id), TEXT(unit), REAL(value), INT(starred), INT(changes);
        REAL(flip_value), REAL(factor), TEXT(certainty), TEXT(text);
        compared_all(&c);
    }
    {
        struct hr_row_swing row = fixture_swing(&small, 1, 2);
        struct compared c = compare(
            store, "SELECT * FROM tornado WHERE platform_id = :platform AND ordinal = 2");
        same_int(&c, "study_id", 1);
        TEXT(platform_id), INT(ordinal), TEXT(input), TEXT(name), TEXT(kind);
        INT(value_micro), TEXT(unit), INT(base_cents), INT(low_cents), INT(high_cents);
        TEXT(status), INT(starred), TEXT(source);
        compared_all(&c);
    }
    {
        struct hr_row_cliff row = fixture_cliff(1, 3);
        struct compared c =
            compare(store, "SELECT * FROM cliff WHERE platform_id = :platform AND ordinal = 3");
        same_int(&c, "study_id", 1);
        TEXT(platform_id), INT(ordinal), INT(month), TEXT(event), INT(extra_cents);
        INT(extra_year_cents), TEXT(text);
        compared_all(&c);
    }
}

static void real_is(struct compared *c, const char *name, double expected)
{
    const struct hr_value *value = column(c, name);
    assert_int_equal(value->kind, HR_VALUE_REAL);
    assert_near(value->as.real, expected, 1e-9);
}

static void null_is(struct compared *c, const char *name)
{
    assert_int_equal(column(c, name)->kind, HR_VALUE_NULL);
}

/* What the views work out, worked out here. */
static void change_views_add_up(hr_store *store)
{
    struct hr_row_swing a = fixture_swing(&small, 0, 1);
    struct hr_row_swing b = fixture_swing(&small, 1, 1);
    struct compared c =
        compare(store, "SELECT less, more, share, tco, tco_low, tco_high FROM "
                       "v_tornado WHERE platform_id = :platform AND ordinal = 1");
    real_is(&c, "less", (double)(b.low_cents - b.base_cents) / 100.0);
    real_is(&c, "more", (double)(b.high_cents - b.base_cents) / 100.0);
    real_is(&c, "share", (double)(b.high_cents - b.low_cents) / 0.4 / (double)b.base_cents);
    real_is(&c, "tco", (double)b.base_cents / 100.0);
    real_is(&c, "tco_low", (double)b.low_cents / 100.0);
    real_is(&c, "tco_high", (double)b.high_cents / 100.0);
    compared_all(&c);

    c = compare(store, "SELECT above, above_low, above_high, less, more, starred FROM "
                       "v_tornado_difference WHERE study_id = :study AND input = 'ddr5'");
    real_is(&c, "above", (double)(b.base_cents - a.base_cents) / 100.0);
    real_is(&c, "above_low", (double)(b.low_cents - a.low_cents) / 100.0);
    real_is(&c, "above_high", (double)(b.high_cents - a.high_cents) / 100.0);
    real_is(&c, "less", 10.0);  /* 1000 cents, as the fixture says */
    real_is(&c, "more", -30.0); /* -3000 cents */
    same_int(&c, "starred", 1);
    compared_all(&c);

    c = compare(store, "SELECT flip_value, factor, cheaper, dearer FROM v_flips "
                       "WHERE study_id = :study AND ordinal = 2");
    null_is(&c, "flip_value");
    null_is(&c, "factor");
    same_text(&c, "cheaper", "Alpha 8");
    same_text(&c, "dearer", "Beta 2025");
    compared_all(&c);

    c = compare(store, "SELECT month, extra, extra_year FROM v_cliffs "
                       "WHERE platform_id = :platform AND ordinal = 3");
    null_is(&c, "month");
    real_is(&c, "extra", 170.35);
    real_is(&c, "extra_year", 6.79);
    compared_all(&c);
}

static void run_rows_return(hr_store *store)
{
    {
        struct compared c =
            compare(store, "SELECT * FROM scenario WHERE platform_id = :platform");
        same_int(&c, "scenario_id", 2);
        same_int(&c, "study_id", 1);
        same_text(&c, "platform_id", "beta");
        same_text(&c, "yaml", "hosts: 3\nseed: 7\n");
        compared_all(&c);
    }
    {
        struct hr_row_run row = fixture_run(&small, 1, 1);
        struct compared c =
            compare(store, "SELECT * FROM run WHERE scenario_id = 2 AND replication = 1");
        same_int(&c, "run_id", 4);
        same_int(&c, "scenario_id", 2);
        INT(replication), INT(seed), TEXT(status), REAL(slowdown_p95_worst);
        REAL(failure_slowdown_p95_worst), REAL(slowdown_mean), REAL(swapped_min),
            REAL(paged_min);
        REAL(cpu_util_mean), REAL(storage_util_mean), INT(n_refused), INT(n_lost_host);
        INT(n_not_restarted), REAL(restart_max_s), REAL(failure_t_s);
        compared_all(&c);
    }
    {
        struct hr_row_series row = fixture_series(&small, 1, 1, 1, 8, 2);
        struct compared c =
            compare(store, "SELECT * FROM host_series WHERE run_id = 3 AND phase = "
                           "'failure' AND host = 'host2' AND metric = "
                           "'demand_mib' AND hour = 2");
        same_int(&c, "run_id", 3);
        TEXT(phase), TEXT(host), TEXT(metric), INT(hour), INT(min), INT(mean), INT(max);
        compared_all(&c);
    }
    for (int i = 0; i < FIXTURE_EVENTS; i++) {
        struct hr_row_event row = fixture_event(1, 1, i);
        char *sql =
            g_strdup_printf("SELECT * FROM event WHERE run_id = 4 AND code = '%s'", row.code);
        struct compared c = compare(store, sql);
        column(&c, "event_id");
        same_int(&c, "run_id", 4);
        TEXT(phase), REAL(t_s), TEXT(code), TEXT(host), TEXT(guest);
        compared_all(&c);
        g_free(sql);
    }
}

static void guest_row_returns(hr_store *store)
{
    struct hr_row_guest_result row = fixture_guest(&small, 1, 1, 2, 1);
    struct compared c =
        compare(store, "SELECT * FROM guest_result WHERE run_id = 4 AND phase = "
                       "'failure' AND name = 'file;\"x\"'");
    same_int(&c, "run_id", 4);
    TEXT(name), TEXT(role), TEXT(os), TEXT(host), INT(size_mib), INT(refused), INT(lost_host);
    INT(restarted), REAL(restart_s), TEXT(phase), REAL(slowdown_mean), REAL(slowdown_p95);
    REAL(slowdown_p99), REAL(slowdown_max), REAL(above_level_min), REAL(down_min);
    REAL(cause_guest_paging), REAL(cause_host_swap), REAL(cause_decompression);
    REAL(cause_lost_cache), REAL(cause_tier), REAL(cause_balloon), REAL(cause_cpu),
        REAL(cause_storage);
    REAL(granted_mean_mib), REAL(ballooned_mean_mib), REAL(swapped_mean_mib);
    REAL(compressed_mean_mib);
    compared_all(&c);
}

static void notes_return(hr_store *store)
{
    {
        struct hr_row_finding row = fixture_finding(&small, 5);
        struct compared c = compare(store, "SELECT * FROM finding WHERE text = 't5'");
        column(&c, "finding_id");
        same_int(&c, "study_id", 1);
        TEXT(file), INT(line), TEXT(severity), TEXT(reason), TEXT(text);
        compared_all(&c);
    }
    {
        struct compared c = compare(store, "SELECT * FROM assumption");
        column(&c, "assumption_id");
        same_int(&c, "study_id", 1);
        same_text(&c, "topic", "balloon");
        same_text(&c, "text", "65 % of a guest's memory");
        same_text(&c, "source", "a manual");
        compared_all(&c);
    }
    {
        struct compared c = compare(store, "SELECT * FROM provenance");
        same_int(&c, "study_id", 1);
        same_text(&c, "key", "sha256 estate.csv");
        same_text(&c, "value", "00ff");
        compared_all(&c);
    }
}

static void every_row_returns_as_it_was(void **state)
{
    struct place *place = *state;
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1788220800", 1), 0);
    assert_int_equal(fixture_save(place->path, &small), 1);
    unsetenv("SOURCE_DATE_EPOCH");
    assert_int_equal(fixture_folder_count(place->folder), 1);
    GError *error = NULL;
    hr_store *store = hr_store_open_read(place->path, &error);
    assert_non_null(store);
    study_and_platform_return(store);
    answer_rows_return(store);
    change_rows_return(store);
    change_views_add_up(store);
    run_rows_return(store);
    guest_row_returns(store);
    notes_return(store);
    static const struct {
        const char *table;
        int64_t n;
    } counts[] = {
        {"study", 1},         {"platform", 2}, {"floor", 2},
        {"candidate", 8},     {"scenario", 2}, {"run", 4},
        {"guest_result", 24}, {"event", 16},   {"host_series", 2 * 2 * 2 * FIXTURE_METRICS * 3},
        {"cost_line", 24},    {"finding", 7},  {"assumption", 1},
        {"provenance", 1},    {"flip", 3},     {"tornado", 6},
        {"cliff", 6},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        char *sql = g_strdup_printf("SELECT count(*) AS n FROM %s", counts[i].table);
        struct compared c = compare(store, sql);
        same_int(&c, "n", counts[i].n);
        compared_all(&c);
        g_free(sql);
    }
    hr_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_returns_as_it_was, make_place, remove_place),
    };
    return cmocka_run_group_tests_name("store rows", tests, NULL, NULL);
}
