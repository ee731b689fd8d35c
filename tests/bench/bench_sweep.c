/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sweeps of a ten-guest scenario, ten replications a point: what a point costs, that it costs
 * the same in a larger sweep, and that threads cost nothing. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "bench.h"
#include "study/sweep.h"

/* A sweep ready to run, in a folder of its own. */
struct bed {
    char *folder;
    hr_diag *diag;
    hr_catalog *catalog;
    hr_pricebook *book;
    struct hr_sweep *sweep;
    struct hr_plan *plan;
};

/* n_points of them: two seeds, whose loads differ, and limits of admission. */
static char *sweep_text(int n_points)
{
    return g_strdup_printf(
        "base:\n"
        "  platform: vsphere\n"
        "  cluster: {hosts: 2, server: dell-r660-2x16, memory_mib: 131072}\n"
        "  run: {days: 1, step_s: 900, spare_hosts: 1, failure_tail_h: 6, replications: 10}\n"
        "  guests:\n"
        "    - {name: sql, count: 2, vcpus: 4, memory_mib: 16384, os: windows-2022}\n"
        "    - {name: web, count: 4, vcpus: 2, memory_mib: 8192, os: linux-5}\n"
        "    - {name: file, count: 2, vcpus: 2, memory_mib: 8192, os: windows-2022}\n"
        "    - {name: app, count: 2, vcpus: 2, memory_mib: 8192, os: windows-2022}\n"
        "axes:\n"
        "  - {name: seed, path: run.seed, from: 1, to: 2, steps: 2}\n"
        "  - {name: admit, path: cluster.overcommit_limit, from: 1, to: 2, steps: %d}\n",
        n_points / 2);
}

static void bed_init(struct bed *bed, int n_points)
{
    GError *error = NULL;
    *bed = (struct bed){.folder = bench_folder_new(), .diag = hr_diag_new()};
    bed->catalog = hr_catalog_load(NULL, bed->diag, &error);
    bench_must(bed->catalog != NULL, "no catalogue", error);
    bed->book = hr_pricebook_load(NULL, NULL, NULL, "USD", bed->diag, &error);
    bench_must(bed->book != NULL, "no prices", error);
    char *path = g_build_filename(bed->folder, "sweep.yaml", NULL);
    char *text = sweep_text(n_points);
    bench_must(g_file_set_contents(path, text, -1, &error), "no sweep", error);
    bed->sweep = hr_sweep_load(path, -1, bed->catalog, bed->diag, &error);
    bench_must(bed->sweep != NULL, "the sweep is refused", error);
    bed->plan = hr_plan_new(bed->sweep, bed->catalog, &error);
    bench_must(bed->plan != NULL, "no plan", error);
    g_free(text);
    g_free(path);
}

static void bed_clear(struct bed *bed)
{
    hr_plan_free(bed->plan);
    hr_sweep_free(bed->sweep);
    hr_pricebook_free(bed->book);
    hr_catalog_free(bed->catalog);
    hr_diag_free(bed->diag);
    bench_folder_remove(bed->folder);
}

/* Processor time of the sweep on so many threads; *bytes of its database. */
static double sweep_s(const struct bed *bed, int n_threads, double *bytes)
{
    GError *error = NULL;
    char *path = g_build_filename(bed->folder, "sweep.db", NULL);
    struct hr_sweep_job job = {.sweep = bed->sweep,
                               .plan = bed->plan,
                               .catalog = bed->catalog,
                               .book = bed->book,
                               .title = "sweep.yaml",
                               .command = "bench",
                               .program_version = "0",
                               .database = path,
                               .n_threads = n_threads,
                               .shard = 1,
                               .shards = 1};
    struct hr_sweep_outcome outcome;
    double start_s = bench_cpu_s();
    bench_must(hr_sweep_run(&job, &outcome, &error), "the sweep fails", error);
    double s = bench_cpu_s() - start_s;
    bench_must(outcome.done == bed->plan->n_points, "points are missing", NULL);
    struct stat info;
    bench_must(stat(path, &info) == 0, "no database", NULL);
    *bytes = (double)info.st_size;
    (void)g_unlink(path);
    g_free(path);
    return s;
}

/* Seconds a point, of sweeps of two sizes that take turns. */
static void linear(bool quick)
{
    enum { SIZES = 2 };
    const int n_points[SIZES] = {quick ? 4 : 50, quick ? 8 : 400};
    const char *const names[SIZES] = {"sweep_small_point", "sweep_large_point"};
    double least[SIZES] = {0.0, 0.0};
    double bytes[SIZES] = {0.0, 0.0};
    struct bed beds[SIZES];
    for (int i = 0; i < SIZES; i++) {
        bed_init(&beds[i], n_points[i]);
    }
    for (int round = 0; round < (quick ? 1 : 3); round++) {
        for (int i = 0; i < SIZES; i++) {
            double s = sweep_s(&beds[i], 1, &bytes[i]);
            least[i] = round == 0 || s < least[i] ? s : least[i];
        }
    }
    for (int i = 0; i < SIZES; i++) {
        bench_print(names[i], 1e3 * least[i] / n_points[i], "ms/point");
    }
    bench_print("sweep_large_over_small", least[1] / n_points[1] / (least[0] / n_points[0]),
                "ratio");
    bench_print("sweep_point_size", (bytes[1] - bytes[0]) / (n_points[1] - n_points[0]) + 1e-9,
                "bytes/point");
    bench_print("sweep_peak", bench_peak_mib(), "MiB");
    for (int i = 0; i < SIZES; i++) {
        bed_clear(&beds[i]);
    }
}

/* Processor time with more threads over that with one. */
static void threads(bool quick)
{
    enum { WAYS = 4 };
    static const int n_threads[WAYS] = {1, 2, 4, 8};
    double least[WAYS] = {0.0};
    double bytes = 0.0;
    struct bed bed;
    bed_init(&bed, quick ? 8 : 100);
    for (int round = 0; round < (quick ? 1 : 3); round++) {
        for (int i = 0; i < WAYS; i++) {
            double s = sweep_s(&bed, n_threads[i], &bytes);
            least[i] = round == 0 || s < least[i] ? s : least[i];
        }
    }
    for (int i = 1; i < WAYS; i++) {
        char name[32];
        (void)g_snprintf(name, sizeof name, "sweep_threads_%d_cost", n_threads[i]);
        bench_print(name, least[i] / least[0], "ratio");
    }
    bed_clear(&bed);
}

static void run(bool quick)
{
    linear(quick);
    threads(quick);
}

static const char *const lines[] = {
    "sweep_small_point",    "sweep_large_point",    "sweep_large_over_small",
    "sweep_point_size",     "sweep_peak",           "sweep_threads_2_cost",
    "sweep_threads_4_cost", "sweep_threads_8_cost", NULL};

const struct bench_part bench_sweep = {.name = "sweep", .lines = lines, .run = run};
