/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saving a study whose hourly series make 200,000 rows. */
#include <sys/stat.h>

#include "bench.h"
#include "store/store.h"

enum { N_HOSTS = 20, N_METRICS = 11 };

static const char *const metrics[N_METRICS] = {
    "free_mib",   "hypervisor_mib", "active_mib",     "idle_mib",
    "shared_mib", "ballooned_mib",  "compressed_mib", "swapped_mib",
    "demand_mib", "configured_mib", "cpu_mhz"};

/* The rows that the series hang on. Returns: the run's number. */
static int64_t begin(hr_store *store, GError **error)
{
    struct hr_row_study study = {.kind = "simulate",
                                 .title = "estate.csv",
                                 .command = "bench",
                                 .program_version = "0",
                                 .currency = "USD",
                                 .price_book = "none",
                                 .price_month = "2026-09",
                                 .days = 14.0,
                                 .replications = 1,
                                 .years = 5,
                                 .powered_off = "storage"};
    struct hr_row_platform platform = {.rank = 1,
                                       .buy = "start",
                                       .staged_tco_cents = -1,
                                       .lasts_months = -1.0,
                                       .platform_id = "alpha",
                                       .name = "Alpha",
                                       .policy = "static",
                                       .server_id = "server",
                                       .server_name = "Server",
                                       .worst_guest = "none",
                                       .failure_outcome = "none",
                                       .binding = "none",
                                       .next_smaller = "none"};
    struct hr_row_scenario scenario = {.platform_id = "alpha", .yaml = "hosts: 3\n"};
    struct hr_row_run row = {.status = "done"};
    int64_t scenario_id = 0;
    int64_t run_id = 0;
    bool ok = hr_store_begin_study(store, &study, error) &&
              hr_store_add_platform(store, &platform, error) &&
              hr_store_add_scenario(store, &scenario, &scenario_id, error) &&
              hr_store_add_run(store, scenario_id, &row, &run_id, error);
    bench_must(ok, "the study cannot be begun", *error);
    return run_id;
}

static void add_series(hr_store *store, int64_t run_id, int n_rows, GError **error)
{
    for (int i = 0; i < n_rows; i++) {
        char host[] = "host00";
        int h = i / N_METRICS % N_HOSTS;
        host[4] = (char)('0' + h / 10);
        host[5] = (char)('0' + h % 10);
        int64_t mean = 1000 + (int64_t)i * 7919 % 200000;
        struct hr_row_series row = {.phase = "normal",
                                    .host = host,
                                    .metric = metrics[i % N_METRICS],
                                    .hour = i / N_METRICS / N_HOSTS,
                                    .min = mean - 100,
                                    .mean = mean,
                                    .max = mean + 100};
        bench_must(hr_store_add_series(store, run_id, &row, error), "a row is refused", *error);
    }
}

static void run(bool quick)
{
    int n_rows = quick ? 2000 : 200000;
    GError *error = NULL;
    char *folder = bench_folder_new();
    char *path = g_build_filename(folder, "rows.db", NULL);
    double start_s = bench_cpu_s();
    hr_store *store = hr_store_open_write(path, &error);
    bench_must(store != NULL, "no database", error);
    add_series(store, begin(store, &error), n_rows, &error);
    double added_s = bench_cpu_s();
    bench_must(hr_store_commit_study(store, NULL, &error), "the study is not saved", error);
    hr_store_close(store);
    double s = bench_cpu_s() - start_s;
    struct stat file;
    bench_must(stat(path, &file) == 0, "no file", NULL);
    bench_print("store_rows", n_rows / s, "rows/s");
    bench_print("store_add", (added_s - start_s) * 1e9 / n_rows, "ns/row");
    bench_print("store_size", (double)file.st_size / n_rows, "bytes/row");
    bench_print("store_peak", bench_peak_mib(), "MiB");
    g_free(path);
    bench_folder_remove(folder);
}

static const char *const lines[] = {"store_rows", "store_add", "store_size", "store_peak",
                                    NULL};

const struct bench_part bench_store = {.name = "store", .lines = lines, .run = run};
