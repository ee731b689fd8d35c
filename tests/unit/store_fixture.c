/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "base/text.h"
#include "check.h"

/* A number below most that depends on all coordinates. */
static int64_t draw(const struct fixture_size *size, const int *at, size_t n_at, int64_t most)
{
    uint64_t hash = hr_hash_bytes(HR_HASH_START, &size->variant, sizeof size->variant);
    hash = hr_hash_bytes(hash, at, n_at * sizeof *at);
    return (int64_t)((hash >> 20) % (uint64_t)most);
}
#define DRAW(size, most, ...)                                                                  \
    draw(size, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int),   \
         most)
/* A fraction with few digits. */
#define FRACTION(size, ...) ((double)DRAW(size, 10000, __VA_ARGS__) / 10000.0)

const char *fixture_platform_id(int platform)
{
    static const char *const ids[] = {"alpha", "beta", "gamma"};
    return ids[platform];
}

const char *fixture_guest_name(int guest)
{
    static const char *const names[] = {"sql01",   "web'01",  "file;\"x\"", "größe ≤",
                                        "backup1", "backup2", "dc01",       "term01"};
    return names[guest];
}

const char *fixture_host_name(int host)
{
    static const char *const names[] = {"host1", "host2", "host3", "host4"};
    return names[host];
}

const char *fixture_phase(int phase)
{
    return phase == 0 ? "normal" : "failure";
}

const char *fixture_metric(int metric)
{
    static const char *const names[FIXTURE_METRICS] = {
        "free_mib",   "hypervisor_mib", "active_mib",     "idle_mib",
        "shared_mib", "ballooned_mib",  "compressed_mib", "swapped_mib",
        "demand_mib", "configured_mib", "cpu_mhz"};
    return names[metric];
}

struct hr_row_study fixture_study(const struct fixture_size *size)
{
    return (struct hr_row_study){
        .kind = "size",
        .title = "estate.csv",
        .command = "headroom size estate.csv --title 'it''s'",
        .program_version = "0.1.0",
        .currency = "USD",
        .price_book = "2026",
        .price_month = "2026-09",
        .seed = 7 + size->variant,
        .days = 14.5,
        .replications = size->replications,
        .years = 5,
        .spare_hosts = 1,
        .growth_pct = 2.5,
        .demand_growth_pct = 1.25,
        .slowdown_level = 0.05,
        .discount_rate = 0.07,
        .powered_off = "storage",
        .guests = 47,
        .powered_on = 44,
        .templates = 2,
        .vcpus = 257,
        .memory_mib = 1224168,
        .running = size->guests,
        .running_end = size->guests + 3,
        .disk_gib = 8123.25,
    };
}

struct hr_row_platform fixture_platform(const struct fixture_size *size, int platform)
{
    static const char *const policies[] = {"overcommit", "dynamic", "static"};
    const int p = platform;
    return (struct hr_row_platform){
        .rank = p + 1,
        .platform_id = fixture_platform_id(p),
        .name = p == 0   ? "Alpha 8"
                : p == 1 ? "Beta 2025"
                         : "Gamma 3",
        .policy = policies[p],
        .feasible = p != 2,
        .server_id = "r650",
        .server_name = "Server R650",
        .hosts = 3 + p,
        .dimm_gib = 32,
        .n_dimms = 8,
        .memory_mib_per_host = 262144,
        .cores_per_host = 32,
        .overcommit_ratio = 1.42 + p,
        .slowdown_p95 = FRACTION(size, 1, p),
        .slowdown_p95_low = -0.001,
        .slowdown_p95_high = FRACTION(size, 2, p),
        .failure_slowdown_p95 = FRACTION(size, 3, p),
        .failure_slowdown_p95_low = FRACTION(size, 4, p),
        .failure_slowdown_p95_high = FRACTION(size, 5, p),
        .worst_guest = fixture_guest_name(0),
        .failure_worst_guest = "rds02",
        .swapped_min = 12.25,
        .paged_min = 3.5,
        .cpu_util_mean = 0.33,
        .guests_lost_host = 15,
        .guests_not_restarted = 2,
        .restart_max_s = 181.5,
        .failure_outcome = "all but two guests run again within 181 s",
        .capex_cents = 5000000 + DRAW(size, 100000, 6, p),
        .opex_cents = 3000000 + p,
        .tco_cents = 8000000 + 10007 * p,
        .tco_low_cents = 7900000 + p,
        .tco_high_cents = 8200000 + p,
        .capex_cash_cents = 5100001,
        .opex_cash_cents = 3500002,
        .tco_cash_cents = 8600003,
        .cost_per_guest_cents = 181818,
        .windows_edition = p == 1 ? "Datacenter" : NULL,
        .binding = "slowdown",
        .next_smaller = "2 x Server R650 with 256 GiB",
        .candidates_tried = 4,
        .reserve_guests = 5,
        .reserve_at_least = true,
        .largest_guest_mib = 65536,
        .lasts_months = 31.0,
        .lasts_at_least = true,
        .buy = "staged",
        .staged_plan = "2 hosts at the start, 3 from month 31",
        .start_tco_cents = 123456,
        .staged_tco_cents = 120000,
    };
}

struct hr_row_period fixture_period(int platform, int year)
{
    return (struct hr_row_period){
        .platform_id = fixture_platform_id(platform),
        .from_month = 12 * year,
        .to_month = 12 * (year + 1),
        .hosts = 3 + platform,
        .guests = 8 + year,
        .demand_factor = 1.0 + 0.25 * year,
        .cpu_util_mean = 0.125 * (year + 1),
    };
}

struct hr_row_floor fixture_floor(const struct fixture_size *size, int platform)
{
    return (struct hr_row_floor){
        .platform_id = fixture_platform_id(platform),
        .server_id = "r650",
        .hosts = 5 + platform,
        .dimm_gib = 64,
        .n_dimms = 16,
        .memory_mib_per_host = 524288,
        .hosts_memory = 4,
        .hosts_cpu = 2,
        .binding = "memory",
        .capex_cents = 6000001,
        .opex_cents = 4000002,
        .tco_cents = 9000000 + DRAW(size, 1000, 8, platform),
        .difference = "no sharing is counted",
    };
}

struct hr_row_candidate fixture_candidate(const struct fixture_size *size, int platform,
                                          int ordinal)
{
    static const char *const verdicts[] = {"excluded", "infeasible", "feasible", "dearer"};
    return (struct hr_row_candidate){
        .platform_id = fixture_platform_id(platform),
        .ordinal = ordinal,
        .server_id = "r650",
        .hosts = ordinal == 2 ? 3 + platform : 1 + ordinal,
        .dimm_gib = 32,
        .n_dimms = 8,
        .memory_mib_per_host = 262144,
        .lower_bound_cents = 700000 + DRAW(size, 5000, 9, platform, ordinal),
        .verdict = verdicts[ordinal],
        .replications = ordinal == 0 ? 0 : size->replications,
        .constraint = ordinal < 2 ? "slowdown" : NULL,
        .tco_cents = ordinal == 2 ? 8000000 : -1,
    };
}

struct hr_row_run fixture_run(const struct fixture_size *size, int platform, int replication)
{
    const int p = platform, r = replication;
    return (struct hr_row_run){
        .replication = r,
        .seed = INT64_MAX - r,
        .status = "done",
        .slowdown_p95_worst = FRACTION(size, 10, p, r),
        .failure_slowdown_p95_worst = FRACTION(size, 11, p, r),
        .slowdown_mean = FRACTION(size, 12, p, r),
        .swapped_min = 1.5,
        .paged_min = 2.5,
        .cpu_util_mean = 0.25,
        .storage_util_mean = 0.125,
        .n_refused = r % 2,
        .n_lost_host = 10 + r,
        .n_not_restarted = (int)DRAW(size, 5, 13, p, r),
        .restart_max_s = 100.0 + FRACTION(size, 14, p, r),
        .failure_t_s = 604800.5,
    };
}

struct hr_row_guest_result fixture_guest(const struct fixture_size *size, int platform,
                                         int replication, int guest, int phase)
{
    const int p = platform, r = replication, g = guest, f = phase;
    double cause[7], sum = 0;
    for (int i = 0; i < 7; i++) {
        cause[i] = FRACTION(size, 20, p, r, g, f, i) / 8;
        sum += cause[i];
    }
    return (struct hr_row_guest_result){
        .name = fixture_guest_name(g),
        .role = g == 0 ? "sql" : "generic",
        .os = "windows-2022",
        .host = fixture_host_name(g % size->hosts),
        .size_mib = 4096 * (g + 1),
        .refused = g == 7,
        .lost_host = g % 2 == 0,
        .restarted = g % 4 == 0,
        .restart_s = FRACTION(size, 21, p, r, g) * 600,
        .phase = fixture_phase(f),
        .slowdown_mean = sum,
        .slowdown_p95 = FRACTION(size, 22, p, r, g, f),
        .slowdown_p99 = FRACTION(size, 23, p, r, g, f),
        .slowdown_max = FRACTION(size, 24, p, r, g, f),
        .above_level_min = FRACTION(size, 25, p, r, g, f) * 60,
        .down_min = f == 0 ? 0 : 2.25,
        .cause_guest_paging = cause[0],
        .cause_host_swap = cause[1],
        .cause_decompression = cause[2],
        .cause_lost_cache = cause[3],
        .cause_balloon = cause[4],
        .cause_cpu = cause[5],
        .cause_storage = cause[6],
        .granted_mean_mib = 1000 + 100 * FRACTION(size, 26, p, r, g, f),
        .ballooned_mean_mib = 200.5,
        .swapped_mean_mib = 30.25,
        .compressed_mean_mib = 4.125,
    };
}

struct hr_row_series fixture_series(const struct fixture_size *size, int platform, int phase,
                                    int host, int metric, int hour)
{
    int64_t mean = 1000 + DRAW(size, 100000, 30, platform, phase, host, metric, hour);
    return (struct hr_row_series){
        .phase = fixture_phase(phase),
        .host = fixture_host_name(host),
        .metric = fixture_metric(metric),
        .hour = hour,
        .min = mean - 17,
        .mean = mean,
        .max = mean + 1 + DRAW(size, 50, 31, platform, phase, host, metric, hour),
    };
}

struct hr_row_event fixture_event(int platform, int replication, int index)
{
    static const char *const codes[FIXTURE_EVENTS] = {"host_failed", "restarted",
                                                      "not_restarted", "refused"};
    return (struct hr_row_event){
        .phase = index < 3 ? "failure" : "normal",
        .t_s = 3600.0 * (platform + 1) + 60.5 * replication + index,
        .code = codes[index],
        .host = index == 3 ? NULL : fixture_host_name(0),
        .guest = index == 0 ? NULL : fixture_guest_name(index),
    };
}

struct hr_row_cost_line fixture_cost_line(const struct fixture_size *size, int platform,
                                          int index)
{
    static const struct {
        const char *category, *kind;
        int year;
    } what[FIXTURE_COST_LINES] = {
        {"server", "capex", 0},   {"memory", "capex", 0},  {"storage", "capex", 0},
        {"platform", "opex", 1},  {"platform", "opex", 2}, {"platform", "opex", 4},
        {"guest_os", "capex", 0}, {"power", "opex", 1},    {"power", "opex", 2},
        {"labour", "opex", 1},    {"network", "capex", 0}, {"support", "opex", 4},
    };
    int64_t cash = 1000 + DRAW(size, 1000000, 40, platform, index);
    return (struct hr_row_cost_line){
        .platform_id = fixture_platform_id(platform),
        .ordinal = index,
        .category = what[index].category,
        .kind = what[index].kind,
        .year = what[index].year,
        .month = 12 * what[index].year,
        .item = "Line",
        .rule = "3 hosts x 2 processors",
        .units_micro = 6000000 + index,
        .unit = "core",
        .price_micro = 143700,
        .price_id = index < 3 ? "hw.a" : "lic.b",
        .status = index == 5 ? "recalled" : "found",
        .starred = index == 5,
        .source = "price list",
        .cash_cents = cash,
        .amount_cents = cash - index,
    };
}

struct hr_row_flip fixture_flip(const struct fixture_size *size, int ordinal)
{
    static const char *const inputs[] = {"memory", "licence_of_dearer", "growth"};
    static const char *const certainties[] = {"certain", "about", "at_the_latest"};
    bool changes = ordinal != 2;
    return (struct hr_row_flip){
        .ordinal = ordinal,
        .input = inputs[ordinal - 1],
        .what = "what",
        .cheaper_id = fixture_platform_id(0),
        .dearer_id = fixture_platform_id(size->platforms - 1),
        .price_id = ordinal == 3 ? "" : "ddr5",
        .unit = "GiB",
        .value = 32.5 * ordinal,
        .starred = ordinal == 1,
        .changes = changes,
        .flip_value = changes ? 65.0 * ordinal : 0.0,
        .factor = changes ? 2.0 : 0.0,
        .certainty = certainties[ordinal - 1],
        .text = "from 65 up",
    };
}

struct hr_row_swing fixture_swing(const struct fixture_size *size, int platform, int ordinal)
{
    static const char *const inputs[] = {"ddr5", "kwh", "discount_rate"};
    int64_t base = fixture_platform(size, platform).tco_cents;
    return (struct hr_row_swing){
        .platform_id = fixture_platform_id(platform),
        .ordinal = ordinal,
        .input = inputs[ordinal - 1],
        .name = "a price",
        .kind = ordinal == 3 ? "parameter" : "price",
        .value_micro = 1500000 * ordinal,
        .unit = "each",
        .base_cents = base,
        .low_cents = base - 100000 / ordinal + 1000 * platform,
        .high_cents = base + 90000 / ordinal - 3000 * platform,
        .status = ordinal == 1 ? "assumed" : "found",
        .starred = ordinal == 1,
        .source = "a price list",
    };
}

struct hr_row_cliff fixture_cliff(int platform, int ordinal)
{
    static const char *const events[] = {"licences", "edition", "host"};
    return (struct hr_row_cliff){
        .platform_id = fixture_platform_id(platform),
        .ordinal = ordinal,
        .month = ordinal == 3 ? -1 : 12 * ordinal,
        .event = events[ordinal - 1],
        .extra_cents = 12345 * ordinal - 20000,
        .extra_year_cents = 678 + platform,
        .text = "host 4: 3 → 4",
    };
}

struct hr_row_depreciation fixture_depreciation(int platform, int year)
{
    return (struct hr_row_depreciation){
        .platform_id = fixture_platform_id(platform),
        .category = "server",
        .year = year,
        .depreciation_cents = 1000 * year + platform,
        .book_value_cents = 100000 - 1000 * year,
    };
}

struct hr_row_delivered fixture_delivered(int platform)
{
    return (struct hr_row_delivered){
        .platform_id = fixture_platform_id(platform),
        .guest_months = 480 + platform,
        .memory_mib_months = (480 + platform) * INT64_C(8192),
    };
}

struct hr_row_finding fixture_finding(const struct fixture_size *size, int index)
{
    static const char *const severities[] = {"note", "mended", "skipped"};
    static const char *const texts[FIXTURE_FINDINGS] = {"t0", "t1", "t2", "t3",
                                                        "t4", "t5", "t6"};
    return (struct hr_row_finding){
        .file = index < 4 ? "a.csv" : "b.csv",
        .line = index * 10 + size->variant,
        .severity = severities[index % 3],
        .reason = "no memory size",
        .text = texts[index],
    };
}

static bool fill_run(hr_store *store, const struct fixture_size *size, int64_t run_id, int p,
                     int r, GError **error)
{
    bool ok = true;
    for (int f = 0; ok && f < 2; f++) {
        for (int g = 0; ok && g < size->guests; g++) {
            struct hr_row_guest_result row = fixture_guest(size, p, r, g, f);
            ok = hr_store_add_guest_result(store, run_id, &row, error);
        }
        for (int i = 0; ok && r == 0 && i < size->hosts * FIXTURE_METRICS * size->hours; i++) {
            struct hr_row_series row =
                fixture_series(size, p, f, i / size->hours / FIXTURE_METRICS,
                               i / size->hours % FIXTURE_METRICS, i % size->hours);
            ok = hr_store_add_series(store, run_id, &row, error);
        }
    }
    for (int i = 0; ok && i < FIXTURE_EVENTS; i++) {
        struct hr_row_event row = fixture_event(p, r, i);
        ok = hr_store_add_event(store, run_id, &row, error);
    }
    return ok;
}

static bool fill_platform(hr_store *store, const struct fixture_size *size, int p,
                          GError **error)
{
    struct hr_row_platform platform = fixture_platform(size, p);
    struct hr_row_floor floor_row = fixture_floor(size, p);
    struct hr_row_scenario scenario = {fixture_platform_id(p), "hosts: 3\nseed: 7\n"};
    int64_t scenario_id = 0, run_id = 0;
    bool ok = hr_store_add_platform(store, &platform, error) &&
              hr_store_add_floor(store, &floor_row, error) &&
              hr_store_add_scenario(store, &scenario, &scenario_id, error);
    for (int i = 0; ok && i < FIXTURE_PERIODS; i++) {
        struct hr_row_period row = fixture_period(p, i);
        ok = hr_store_add_period(store, &row, error);
    }
    struct hr_row_delivered delivered = fixture_delivered(p);
    ok = ok && hr_store_add_delivered(store, &delivered, error);
    for (int year = 1; ok && year <= FIXTURE_PERIODS; year++) {
        struct hr_row_depreciation row = fixture_depreciation(p, year);
        ok = hr_store_add_depreciation(store, &row, error);
    }
    for (int i = 0; ok && i < 4; i++) {
        struct hr_row_candidate row = fixture_candidate(size, p, i);
        ok = hr_store_add_candidate(store, &row, error);
    }
    for (int i = 0; ok && i < FIXTURE_COST_LINES; i++) {
        struct hr_row_cost_line row = fixture_cost_line(size, p, i);
        ok = hr_store_add_cost_line(store, &row, error);
    }
    for (int i = 1; ok && i <= FIXTURE_CHANGES; i++) {
        struct hr_row_swing swing = fixture_swing(size, p, i);
        struct hr_row_cliff cliff = fixture_cliff(p, i);
        ok = hr_store_add_swing(store, &swing, error) &&
             hr_store_add_cliff(store, &cliff, error);
    }
    for (int r = 0; ok && r < size->replications; r++) {
        struct hr_row_run row = fixture_run(size, p, r);
        ok = hr_store_add_run(store, scenario_id, &row, &run_id, error) &&
             fill_run(store, size, run_id, p, r, error);
    }
    return ok;
}

bool fixture_fill(hr_store *store, const struct fixture_size *size, GError **error)
{
    struct hr_row_study study = fixture_study(size);
    struct hr_row_assumption assumption = {"balloon", "65 % of a guest's memory", "a manual"};
    struct hr_row_provenance provenance = {"sha256 estate.csv", "00ff"};
    bool ok = hr_store_begin_study(store, &study, error) &&
              hr_store_add_assumption(store, &assumption, error) &&
              hr_store_add_provenance(store, &provenance, error);
    for (int p = 0; ok && p < size->platforms; p++) {
        ok = fill_platform(store, size, p, error);
    }
    for (int i = 1; ok && size->platforms > 0 && i <= FIXTURE_CHANGES; i++) {
        struct hr_row_flip row = fixture_flip(size, i);
        ok = hr_store_add_flip(store, &row, error);
    }
    for (int i = 0; ok && i < FIXTURE_FINDINGS; i++) {
        struct hr_row_finding row = fixture_finding(size, i);
        ok = hr_store_add_finding(store, &row, error);
    }
    return ok;
}

int64_t fixture_save(const char *path, const struct fixture_size *size)
{
    GError *error = NULL;
    int64_t study_id = 0;
    hr_store *store = hr_store_open_write(path, &error);
    if (store == NULL || !fixture_fill(store, size, &error) ||
        !hr_store_commit_study(store, &study_id, &error)) {
        fail_msg("cannot save: %s", error->message);
    }
    hr_store_close(store);
    return study_id;
}

char *fixture_folder_new(void)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("headroom-store-XXXXXX", &error);
    assert_null(error);
    return folder;
}

void fixture_folder_remove(char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_remove(path) != 0) {
            fprintf(stderr, "left behind: %s\n", path);
        }
        g_free(path);
    }
    g_dir_close(dir);
    g_rmdir(folder);
    g_free(folder);
}

size_t fixture_folder_count(const char *folder)
{
    size_t n = 0;
    GDir *dir = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(dir) != NULL) {
        n++;
    }
    g_dir_close(dir);
    return n;
}

static sqlite3 *open_plain(const char *path)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    return db;
}

static void dump_query(sqlite3 *db, const char *sql, GString *out)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *text = (const char *)sqlite3_column_text(stmt, i);
            g_string_append_printf(out, "%s|", text != NULL ? text : "NULL");
        }
        g_string_append_c(out, '\n');
    }
    assert_int_equal(rc, SQLITE_DONE);
    sqlite3_finalize(stmt);
}

char *fixture_dump(const char *path, int64_t last_study_id)
{
#define OF_SCENARIO "scenario_id IN (SELECT scenario_id FROM scenario WHERE study_id <= %lld)"
#define OF_RUN      "run_id IN (SELECT run_id FROM run WHERE " OF_SCENARIO ")"
    static const char *const tables[] = {
        "study WHERE study_id <= %lld",
        "platform WHERE study_id <= %lld",
        "floor WHERE study_id <= %lld",
        "candidate WHERE study_id <= %lld",
        "scenario WHERE study_id <= %lld",
        "run WHERE " OF_SCENARIO,
        "guest_result WHERE " OF_RUN,
        "host_series WHERE " OF_RUN,
        "event WHERE " OF_RUN,
        "cost_line WHERE study_id <= %lld",
        "flip WHERE study_id <= %lld",
        "tornado WHERE study_id <= %lld",
        "cliff WHERE study_id <= %lld",
        "depreciation WHERE study_id <= %lld",
        "delivered WHERE study_id <= %lld",
        "finding WHERE study_id <= %lld",
        "assumption WHERE study_id <= %lld",
        "provenance WHERE study_id <= %lld",
    };
    sqlite3 *db = open_plain(path);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        char *number = g_strdup_printf("%lld", (long long)last_study_id);
        char **parts = g_strsplit(tables[i], "%lld", -1);
        char *from = g_strjoinv(number, parts);
        char *sql = g_strdup_printf("SELECT * FROM %s", from);
        g_string_append_printf(out, "== %s\n", from);
        dump_query(db, sql, out);
        g_free(sql);
        g_free(from);
        g_strfreev(parts);
        g_free(number);
    }
    sqlite3_close(db);
    return g_string_free(out, FALSE);
}

char *fixture_integrity(const char *path)
{
    sqlite3 *db = open_plain(path);
    GString *out = g_string_new(NULL);
    dump_query(db, "PRAGMA integrity_check", out);
    dump_query(db, "PRAGMA foreign_key_check", out);
    sqlite3_close(db);
    return g_string_free(out, FALSE);
}

void fixture_sql(const char *path, const char *sql)
{
    sqlite3 *db = open_plain(path);
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    sqlite3_close(db);
}

GBytes *fixture_bytes(const char *path)
{
    char *contents = NULL;
    gsize n = 0;
    assert_true(g_file_get_contents(path, &contents, &n, NULL));
    return g_bytes_new_take(contents, n);
}
