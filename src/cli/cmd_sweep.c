/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom sweep: a scenario at many points, each simulated and priced. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>
#include <signal.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/subcommand.h"
#include "cli/sweep_output.h"
#include "study/pool.h"
#include "study/sweep.h"

static const struct hr_option options_table[] = {
    {"dry-run", 0, NULL, "the points, and how long they will take; nothing is saved"},
    {"resume", 0, NULL, "go on with the unfinished sweep in the database, if there is one"},
    {"shard", 0, "K/N", "the K-th of N parts (default: all, or that of a Slurm array task)"},
    {"slurm-script", 0, NULL,
     "print the job array and the merge for Slurm, for --shards parts"},
    {"shards", 0, "N", "parts of --slurm-script"},
    {"csv", 0, "FILE.csv", "the points as a table too"},
    {"output", 'o', "DB", "results database, appended to (default headroom.db)"},
    {"json", 0, NULL, "the outcome as JSON on standard output"},
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
    hr_pricebook *book;
    hr_catalog *catalog;
    struct hr_sweep *sweep;
    struct hr_plan *plan;
    char *database;
    char *title;
    char *command;
    atomic_int stop; /* not 0: a signal asked for the end */
    struct hr_sweep_job job;
    struct hr_sweep_outcome outcome;
};

static void call_clear(struct call *call)
{
    hr_progress_free(call->job.progress);
    hr_plan_free(call->plan);
    hr_sweep_free(call->sweep);
    hr_catalog_free(call->catalog);
    hr_pricebook_free(call->book);
    hr_diag_free(call->diag);
    g_free(call->database);
    g_free(call->title);
    g_free(call->command);
}

/* ---- signals ---- */

/* No handler: the signals are blocked in all threads, and the one that writes asks for them. */
static void block_signals(sigset_t *set)
{
    (void)sigemptyset(set);
    (void)sigaddset(set, SIGINT);
    (void)sigaddset(set, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, set, NULL);
}

static void ask_for_signals(void *context)
{
    struct call *call = context;
    const struct timespec at_once = {0, 0};
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    if (atomic_load(&call->stop) == 0 && sigtimedwait(&set, NULL, &at_once) > 0) {
        atomic_store(&call->stop, 1);
        /* A second one ends the program as it would any other. */
        (void)signal(SIGINT, SIG_DFL);
        (void)signal(SIGTERM, SIG_DFL);
        (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    }
}

/* ---- which part ---- */

static bool env_int(const char *name, int64_t *out)
{
    const char *text = getenv(name);
    return text != NULL && hr_parse_int(text, 0, INT32_MAX, out);
}

/* A task of a Slurm array does the part of its number. An array with gaps, as of tasks that are
 * submitted again, does not tell how many parts there are. */
static bool shard_of_array(struct hr_sweep_job *job, bool *is_array, GError **error)
{
    int64_t id = 0;
    int64_t least = 0;
    int64_t most = 0;
    int64_t step = 1;
    int64_t count = 0;
    *is_array = env_int("SLURM_ARRAY_TASK_ID", &id);
    if (!*is_array) {
        return true;
    }
    bool known = env_int("SLURM_ARRAY_TASK_MIN", &least) &&
                 env_int("SLURM_ARRAY_TASK_MAX", &most) &&
                 env_int("SLURM_ARRAY_TASK_COUNT", &count);
    (void)env_int("SLURM_ARRAY_TASK_STEP", &step);
    if (!known || step < 1 || id < least || id > most || (most - least) / step + 1 != count) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_USAGE,
                            "this is a task of a Slurm array with gaps: name its part by "
                            "--shard K/N");
        return false;
    }
    job->shard = (int)((id - least) / step) + 1;
    job->shards = (int)count;
    return true;
}

static bool read_shard(struct call *call, GError **error)
{
    struct hr_sweep_job *job = &call->job;
    const char *text = hr_options_get(call->words, "shard");
    bool is_array = false;
    job->shard = job->shards = 1;
    if (text == NULL) {
        if (!shard_of_array(job, &is_array, error)) {
            return false;
        }
        if (is_array) {
            hr_diag_add(call->diag, HR_NOTE, NULL, 0, 0, "Slurm array",
                        "part %d of %d, as this task of a Slurm array says", job->shard,
                        job->shards);
        }
        return true;
    }
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    int64_t shard = 0;
    int64_t shards = 0;
    if (parts[0] == NULL || parts[1] == NULL || !hr_parse_int(parts[1], 1, 100000, &shards) ||
        !hr_parse_int(parts[0], 1, shards, &shard)) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--shard \"%s\": K/N is expected, as 3/8, the third of eight parts", text);
        return false;
    }
    job->shard = (int)shard;
    job->shards = (int)shards;
    return true;
}

static bool read_words(struct call *call, GError **error)
{
    const struct hr_options *words = call->words;
    int64_t jobs = hr_pool_processors();
    const char *csv = hr_options_get(words, "csv");
    if (!hr_options_int(words, "jobs", 1, 256, &jobs, error) || !read_shard(call, error)) {
        return false;
    }
    if (csv != NULL && !g_str_has_suffix(csv, ".csv")) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--csv \"%s\": the name of a table ends in .csv", csv);
        return false;
    }
    const char *database = hr_options_get(words, "output");
    call->database = database != NULL       ? g_strdup(database)
                     : call->job.shards > 1 ? g_strdup_printf("headroom-%d-of-%d.db",
                                                              call->job.shard, call->job.shards)
                                            : g_strdup("headroom.db");
    call->job.n_threads = (int)jobs;
    call->job.resume = hr_options_has(words, "resume");
    return true;
}

/* ---- the files ---- */

/* The book's name stands in the sweep, whose platforms need the catalogue: so the catalogue
 * comes first, with the entries of every book by id. */
static bool read_files(struct call *call, GError **error)
{
    int64_t seed = -1;
    if (!hr_options_int(call->words, "seed", 0, INT64_MAX, &seed, error)) {
        return false;
    }
    call->catalog = hr_catalog_load(NULL, call->diag, error);
    if (call->catalog == NULL) {
        return false;
    }
    call->sweep =
        hr_sweep_load(call->words->operands[0], seed, call->catalog, call->diag, error);
    if (call->sweep == NULL) {
        return false;
    }
    call->book =
        hr_pricebook_load(NULL, call->sweep->book, (const char *const *)call->sweep->overlays,
                          "USD", call->diag, error);
    if (call->book == NULL || !hr_sweep_check_prices(call->sweep, call->book, call->diag)) {
        return false;
    }
    call->plan = hr_plan_new(call->sweep, call->catalog, error);
    if (call->plan != NULL && call->plan->n_points == 0) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_INPUT,
                            "the constraints drop every point of the design");
        return false;
    }
    return call->plan != NULL;
}

static void fill_job(struct call *call)
{
    struct hr_sweep_job *job = &call->job;
    int64_t seed = call->sweep->seed;
    call->title = g_path_get_basename(call->words->operands[0]);
    call->command = seed >= 0 ? g_strdup_printf("headroom sweep %s --seed %" G_GINT64_FORMAT,
                                                call->title, seed)
                              : g_strdup_printf("headroom sweep %s", call->title);
    job->sweep = call->sweep;
    job->plan = call->plan;
    job->catalog = call->catalog;
    job->book = call->book;
    job->title = call->title;
    job->command = call->command;
    job->program_version = PACKAGE_VERSION;
    job->database = call->database;
    job->stop = &call->stop;
    job->ask = ask_for_signals;
    job->ask_context = call;
}

/* ---- the outcome ---- */

static void print_outcome(const struct call *call)
{
    const struct hr_sweep_outcome *o = &call->outcome;
    if (hr_options_has(call->words, "json")) {
        json_t *document = json_pack("{s:I, s:I, s:I, s:s}", "points", (json_int_t)o->points,
                                     "done", (json_int_t)o->done, "simulated",
                                     (json_int_t)o->simulated, "database", call->database);
        (void)json_dumpf(document, stdout, JSON_INDENT(2));
        (void)putchar('\n');
        json_decref(document);
        return;
    }
    printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " points done, %" G_GINT64_FORMAT
           " of them simulated, in %s\n",
           o->done, o->points, o->simulated, call->database);
}

static void note_interruption(const struct call *call)
{
    const char *shard = hr_options_get(call->words, "shard");
    fprintf(stderr,
            "interrupted: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
            " points are saved; the rest:\n  headroom sweep --resume%s%s -o %s %s\n",
            call->outcome.done, call->outcome.points, shard != NULL ? " --shard " : "",
            shard != NULL ? shard : "", call->database, call->words->operands[0]);
}

/* The steps, in their order. */
static bool steps(struct call *call, int *status, GError **error)
{
    const struct hr_options *words = call->words;
    if (!read_words(call, error) || !read_files(call, error)) {
        return false;
    }
    fill_job(call);
    if (hr_options_has(words, "slurm-script")) {
        return hr_sweep_print_slurm(words, call->sweep, stdout, error);
    }
    if (hr_options_has(words, "dry-run")) {
        hr_sweep_print_plan(&call->job, hr_options_has(words, "json"), stdout);
        return true;
    }
    sigset_t blocked;
    block_signals(&blocked);
    call->job.progress = hr_progress_new(call->quiet);
    bool ok = hr_sweep_run(&call->job, &call->outcome, error);
    g_clear_pointer(&call->job.progress, hr_progress_free);
    (void)pthread_sigmask(SIG_UNBLOCK, &blocked, NULL);
    if (!ok) {
        return false;
    }
    const char *csv = hr_options_get(words, "csv");
    if (csv != NULL && !call->outcome.interrupted &&
        !hr_sweep_export(call->database, call->outcome.study_id,
                         (const char *const *)call->sweep->record, csv, error)) {
        return false;
    }
    if (!call->quiet &&
        !hr_sweep_print_refused(call->database, call->outcome.study_id, stderr, error)) {
        return false;
    }
    print_outcome(call);
    if (call->outcome.interrupted) {
        note_interruption(call);
        *status = HR_ERROR_INTERRUPTED;
    }
    return true;
}

static int run(const struct hr_options *words, GError **error)
{
    if (words->n_operands != 1) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    words->n_operands == 0 ? "a sweep is expected: a file or -"
                                           : "one sweep is expected, %d were given",
                    words->n_operands);
        return HR_ERROR_USAGE;
    }
    struct call call = {
        .words = words, .quiet = hr_options_has(words, "quiet"), .diag = hr_diag_new()};
    int status = EXIT_SUCCESS;
    bool ok = steps(&call, &status, error);
    hr_progress_free(g_steal_pointer(&call.job.progress));
    hr_diag_print(call.diag, call.quiet ? HR_FATAL : HR_NOTE, stderr);
    if (!ok && error != NULL && *error == NULL) {
        (void)hr_diag_failed(call.diag, error);
    }
    call_clear(&call);
    return status;
}

const struct hr_subcommand hr_cmd_sweep = {
    .name = "sweep",
    .operands = "SWEEP",
    .summary = "A scenario at many points: a grid or a design over its values and prices",
    .options = options_table,
    .run = run,
};
