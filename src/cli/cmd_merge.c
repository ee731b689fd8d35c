/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom merge: the parts of a sweep in one database. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <jansson.h>
#include <signal.h>

#include "base/error.h"
#include "cli/subcommand.h"
#include "cli/sweep_output.h"
#include "store/merge.h"
#include "store/store.h"
#include "study/sweep.h"
#include "sweep/answers.h"

static const struct hr_option options_table[] = {
    {"csv", 0, "FILE.csv", "the points as a table too"},
    {"json", 0, NULL, "the outcome as JSON on standard output"},
    {"quiet", 'q', NULL, "no notes"},
    {"help", 0, NULL, "this text"},
    {NULL, 0, NULL, NULL}};

static void print_outcome(const struct hr_options *words, const struct hr_merged *merged)
{
    const char *database = words->operands[0];
    if (hr_options_has(words, "json")) {
        json_t *document =
            json_pack("{s:I, s:I, s:I, s:i, s:s}", "points", (json_int_t)merged->points, "done",
                      (json_int_t)merged->points, "simulated", (json_int_t)merged->simulated,
                      "shards", merged->shards, "database", database);
        (void)json_dumpf(document, stdout, JSON_INDENT(2));
        (void)putchar('\n');
        json_decref(document);
        return;
    }
    printf("%" G_GINT64_FORMAT " points of %d parts, %" G_GINT64_FORMAT
           " of them simulated, in %s\n",
           merged->points, merged->shards, merged->simulated, database);
}

/* The figures that the sweep file asks for, as a table. */
static bool export(const struct hr_options *words, const struct hr_merged *merged,
                   GError **error)
{
    const char *csv = hr_options_get(words, "csv");
    if (csv == NULL) {
        return true;
    }
    g_auto(GStrv) record = hr_sweep_record_of(words->operands[0], merged->study_id, error);
    return record != NULL && hr_sweep_export(words->operands[0], merged->study_id,
                                             (const char *const *)record, csv, error);
}

/* No handler: the signals are blocked, and whoever copies asks whether one came. */
static void block_signals(sigset_t *set)
{
    (void)sigemptyset(set);
    (void)sigaddset(set, SIGINT);
    (void)sigaddset(set, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, set, NULL);
}

static bool is_interrupted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

/* The indices are of the merge: whole or not at all, with the points. */
static bool add_answers(const char *path, int64_t study_id, GError **error)
{
    if (!hr_sweep_save_answers(path, study_id, error)) {
        return false;
    }
    if (is_interrupted()) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_FAILED, "interrupted");
        return false;
    }
    return true;
}

/* Takes a signal that came, so that it does not end the program when it is let in again. */
static bool take_signal(const sigset_t *set)
{
    const struct timespec at_once = {0};
    return sigtimedwait(set, NULL, &at_once) > 0;
}

static int run(const struct hr_options *words, GError **error)
{
    const char *csv = hr_options_get(words, "csv");
    if (words->n_operands < 2) {
        g_set_error_literal(error, HR_ERROR, HR_ERROR_USAGE,
                            "an output and at least one part are expected: OUT.db IN.db...");
        return HR_ERROR_USAGE;
    }
    if (csv != NULL && !g_str_has_suffix(csv, ".csv")) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "--csv \"%s\": the name of a table ends in .csv", csv);
        return HR_ERROR_USAGE;
    }
    g_autoptr(hr_diag) diag = hr_diag_new();
    const struct hr_merge_hooks hooks = {.finish = add_answers, .stop = is_interrupted};
    struct hr_merged merged;
    sigset_t blocked;
    block_signals(&blocked);
    bool ok = hr_merge(words->operands[0], (const char *const *)&words->operands[1], &hooks,
                       &merged, diag, error);
    if (!ok && take_signal(&blocked)) {
        g_clear_error(error);
        (void)fprintf(stderr, "interrupted: %s is as it was\n", words->operands[0]);
        return HR_ERROR_INTERRUPTED;
    }
    (void)pthread_sigmask(SIG_UNBLOCK, &blocked, NULL);
    hr_diag_print(diag, hr_options_has(words, "quiet") ? HR_FATAL : HR_NOTE, stderr);
    if (ok) {
        ok = export(words, &merged, error) &&
             (hr_options_has(words, "quiet") ||
              hr_sweep_print_refused(words->operands[0], merged.study_id, stderr, error));
    } else if (error != NULL && *error == NULL) {
        (void)hr_diag_failed(diag, error);
    }
    if (ok) {
        print_outcome(words, &merged);
    }
    return EXIT_SUCCESS;
}

const struct hr_subcommand hr_cmd_merge = {
    .name = "merge",
    .operands = "OUT.db IN.db...",
    .summary = "Joins the parts of a sweep into one study",
    .options = options_table,
    .run = run,
};
