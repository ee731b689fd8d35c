/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom simulate: one scenario, as it is, on each of its platforms. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/simulate_output.h"
#include "cli/subcommand.h"
#include "study/pool.h"

static const struct hr_option options_table[] = {
    {"replications", 0, "N",
     "runs with other random numbers (default: the scenario's, else 1)"},
    {"series", 0, "FILE.csv", "hosts and guests at each demand step of replication 0, as CSV"},
    {"output", 'o', "DB", "results database, appended to (default headroom.db)"},
    {"json", 0, NULL, "the result as JSON on standard output"},
    {"seed", 0, "N", "random seed (default: the scenario's, else 1)"},
    {"jobs", 'j', "N", "threads (default: all processors); never changes the result"},
    {"quiet", 'q', NULL, "no progress, no notes"},
    {"help", 0, NULL, "this text"},
    {NULL, 0, NULL, NULL}};

/* Everything one call works with; cleared in one place. */
struct call {
    const struct hr_options *words;
    bool quiet;
    hr_diag *diag;
    hr_catalog *catalog;
    struct hr_scenario_file *file;
    struct hr_simulate_options options;
    struct hr_simulate_result result;
};

static void call_clear(struct call *call)
{
    hr_simulate_result_clear(&call->result);
    hr_progress_free(call->options.progress);
    hr_scenario_file_free(call->file);
    hr_catalog_free(call->catalog);
    hr_diag_free(call->diag);
}

/* The words that need no file to be judged. */
struct settings {
    int64_t jobs;
    int64_t seed;         /* -1: the scenario's */
    int64_t replications; /* 0: the scenario's */
    const char *series;   /* NULL: none */
    const char *database;
};

static bool read_words(const struct hr_options *words, struct settings *out, GError **error)
{
    *out = (struct settings){.jobs = hr_pool_processors(),
                             .seed = -1,
                             .series = hr_options_get(words, "series"),
                             .database = hr_options_get(words, "output")};
    if (out->database == NULL) {
        out->database = "headroom.db";
    }
    if (out->series != NULL && !g_str_has_suffix(out->series, ".csv")) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--series \"%s\": the name of a table ends in .csv", out->series);
        return false;
    }
    return hr_options_int(words, "jobs", 1, 256, &out->jobs, error) &&
           hr_options_int(words, "seed", 0, INT64_MAX, &out->seed, error) &&
           hr_options_int(words, "replications", 1, 1000, &out->replications, error);
}

static bool read_scenario(struct call *call, const struct settings *settings, GError **error)
{
    call->catalog = hr_catalog_load(NULL, call->diag, error);
    if (call->catalog == NULL) {
        return false;
    }
    call->file = hr_scenario_load(call->words->operands[0], call->catalog, call->diag, error);
    if (call->file == NULL) {
        return false;
    }
    if (settings->seed >= 0) {
        call->file->scenario.seed = (uint64_t)settings->seed;
    }
    if (settings->replications > 0) {
        call->file->replications = (int)settings->replications;
    }
    return true;
}

static bool save(const struct call *call, hr_store *store, GError **error)
{
    const struct hr_scenario_file *file = call->file;
    g_autofree char *title = g_path_get_basename(call->words->operands[0]);
    g_autofree char *command =
        g_strdup_printf("headroom simulate %s --replications %d --seed %" G_GUINT64_FORMAT,
                        title, file->replications, file->scenario.seed);
    struct hr_simulate_context context = {.file = file,
                                          .catalog = call->catalog,
                                          .diag = call->diag,
                                          .title = title,
                                          .command = command,
                                          .program_version = PACKAGE_VERSION};
    return hr_simulate_save(store, &context, &call->result, error);
}

/* Whole or not at all: a file beside it takes its place when it is complete. */
static bool write_series(const struct call *call, const char *path, GError **error)
{
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    FILE *out = fopen(part, "we");
    bool ok = out != NULL;
    if (ok) {
        hr_simulate_write_series(&call->result, out);
        ok = ferror(out) == 0;
        ok = fclose(out) == 0 && ok;
        ok = ok && rename(part, path) == 0;
    }
    if (!ok) {
        int cause = errno;
        (void)remove(part);
        g_set_error(error, HR_ERROR, HR_ERROR_FAILED, "%s: %s", path, g_strerror(cause));
    }
    return ok;
}

static void print(const struct call *call)
{
    if (hr_options_has(call->words, "json")) {
        hr_simulate_print_json(&call->result, stdout);
    } else {
        hr_simulate_print_text(&call->result, stdout);
    }
}

/* The steps, in their order. */
static bool steps(struct call *call, GError **error)
{
    struct settings settings;
    if (!read_words(call->words, &settings, error) || !read_scenario(call, &settings, error)) {
        return false;
    }
    g_autoptr(hr_store) store = hr_store_open_write(settings.database, error);
    if (store == NULL) {
        return false;
    }
    call->options.n_threads = (int)settings.jobs;
    call->options.record_samples = settings.series != NULL;
    call->options.progress = hr_progress_new(call->quiet);
    if (!hr_simulate(call->file, &call->options, &call->result, error)) {
        return false;
    }
    g_clear_pointer(&call->options.progress, hr_progress_free);
    if (settings.series != NULL && !write_series(call, settings.series, error)) {
        return false;
    }
    if (!save(call, store, error)) {
        return false;
    }
    print(call);
    return true;
}

static int run(const struct hr_options *words, GError **error)
{
    if (words->n_operands != 1) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    words->n_operands == 0 ? "a scenario is expected: a file or -"
                                           : "one scenario is expected, %d were given",
                    words->n_operands);
        return HR_ERROR_USAGE;
    }
    struct call call = {
        .words = words, .quiet = hr_options_has(words, "quiet"), .diag = hr_diag_new()};
    bool ok = steps(&call, error);
    hr_progress_free(g_steal_pointer(&call.options.progress));
    hr_diag_print(call.diag, call.quiet ? HR_FATAL : HR_NOTE, stderr);
    if (!ok && error != NULL && *error == NULL) {
        (void)hr_diag_failed(call.diag, error);
    }
    call_clear(&call);
    return EXIT_SUCCESS;
}

const struct hr_subcommand hr_cmd_simulate = {
    .name = "simulate",
    .operands = "SCENARIO",
    .summary = "Runs one scenario: a fixed cluster, on one or more platforms",
    .options = options_table,
    .run = run,
};
