/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole program on the example estate, and the report of what it found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cairo-pdf.h>

#include "bench.h"
#include "plot/canvas_cairo.h"
#include "report/report.h"

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    bench_must(value != NULL, name, NULL);
    return value;
}

static double timeval_s(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

/* The program counts its samples itself, and says so on standard error. */
static double samples_of(const char *messages)
{
    static const char unit[] = " million guest-samples";
    const char *end = strstr(messages, unit);
    bench_must(end != NULL, "the program tells no number of samples", NULL);
    const char *start = end;
    while (start > messages && (g_ascii_isdigit(start[-1]) || start[-1] == '.')) {
        start--;
    }
    return 1e6 * g_ascii_strtod(start, NULL);
}

/* The only other process that this part starts: what children used is what it used. */
static void size_example(bool quick, const char *database)
{
    char *inventory =
        g_build_filename(environment("top_srcdir"), "examples", "smb", "inventory.csv", NULL);
    const char *full[] = {environment("HEADROOM"), "size", inventory, "-o", database, NULL};
    const char *little[] = {
        environment("HEADROOM"), "size", inventory, "-o", database, "--days", "1",
        "--replications",        "1",    NULL};
    char **words = g_strdupv((gchar **)(gpointer)(quick ? little : full));
    char *output = NULL;
    char *messages = NULL;
    int status = 0;
    GError *error = NULL;
    double start_s = bench_wall_s();
    bool ran =
        g_spawn_sync(NULL, words, NULL, 0, NULL, NULL, &output, &messages, &status, &error);
    double s = bench_wall_s() - start_s;
    bench_must(ran, "headroom does not start", error);
    bench_must(status == 0, messages, NULL);
    struct rusage usage;
    bench_must(getrusage(RUSAGE_CHILDREN, &usage) == 0, "no resource usage", NULL);
    double cpu_s = timeval_s(usage.ru_utime) + timeval_s(usage.ru_stime);
    bench_print("study_time", s, "s");
    bench_print("study_processor_time", cpu_s, "s");
    bench_print("study_samples", samples_of(messages) / cpu_s, "guest-samples/s");
    bench_print("study_peak", (double)usage.ru_maxrss / 1024.0, "MiB");
    g_strfreev(words);
    g_free(output);
    g_free(messages);
    g_free(inventory);
}

static int count_pages(const struct hr_report_request *request)
{
    GError *error = NULL;
    hr_document *document = hr_report_build(request, &error);
    bench_must(document != NULL, "no report", error);
    cairo_surface_t *nowhere = cairo_pdf_surface_create(NULL, 595.0, 842.0);
    struct hr_canvas *canvas = hr_canvas_cairo_new(nowhere, 1.0);
    int n_pages = hr_document_draw(document, canvas);
    bench_must(hr_canvas_cairo_finish(canvas, &error), "the report cannot be drawn", error);
    hr_canvas_cairo_free(canvas);
    cairo_surface_destroy(nowhere);
    hr_document_free(document);
    return n_pages;
}

static void report(const char *folder, const char *database)
{
    GError *error = NULL;
    char *pdf = g_build_filename(folder, "report.pdf", NULL);
    struct hr_report_request request = {
        .database = database, .output = pdf, .paper = HR_PAPER_A4};
    double start_s = bench_cpu_s();
    bench_must(hr_report_render(&request, &error), "no report", error);
    bench_print("report_time", bench_cpu_s() - start_s, "s");
    bench_print("report_peak", bench_peak_mib(), "MiB");
    bench_print("report_pages", count_pages(&request), "pages");
    g_free(pdf);
}

static void run(bool quick)
{
    char *folder = bench_folder_new();
    char *database = g_build_filename(folder, "study.db", NULL);
    size_example(quick, database);
    report(folder, database);
    g_free(database);
    bench_folder_remove(folder);
}

static const char *const lines[] = {
    "study_time",  "study_processor_time", "study_samples", "study_peak",
    "report_time", "report_peak",          "report_pages",  NULL};

const struct bench_part bench_study = {.name = "study", .lines = lines, .run = run};
