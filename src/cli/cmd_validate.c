/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom validate: the published cases, simulated beside what was published. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "cli/subcommand.h"
#include "cli/validate_output.h"
#include "study/pool.h"

static const struct hr_option options_table[] = {
    {"cases", 0, "DIR", "the cases of this folder, instead of the shipped ones"},
    {"json", 0, NULL, "the result as JSON on standard output"},
    {"markdown", 0, NULL, "the result as a document, with the source of each case"},
    {"jobs", 'j', "N", "threads (default: all processors); never changes the result"},
    {"quiet", 'q', NULL, "no progress, no notes"},
    {"help", 0, NULL, "this text"},
    {NULL, 0, NULL, NULL}};

/* Everything one call works with; cleared in one place. */
struct call {
    const struct hr_options *words;
    hr_diag *diag;
    hr_catalog *catalog;
    hr_progress *progress;
    struct hr_cases cases;
    struct hr_validation validation;
};

static void call_clear(struct call *call)
{
    hr_validation_clear(&call->validation);
    hr_cases_clear(&call->cases);
    hr_progress_free(call->progress);
    hr_catalog_free(call->catalog);
    hr_diag_free(call->diag);
}

static bool load(struct call *call, GError **error)
{
    call->catalog = hr_catalog_load(NULL, call->diag, error);
    if (call->catalog == NULL) {
        return false;
    }
    const char *given = hr_options_get(call->words, "cases");
    g_autofree char *folder =
        given != NULL ? g_strdup(given)
                      : g_build_filename(hr_catalog_dir(call->catalog), "validation", NULL);
    return hr_cases_load(folder, call->words->operands, call->catalog, &call->cases, call->diag,
                         error);
}

static void print(const struct call *call)
{
    if (hr_options_has(call->words, "json")) {
        hr_validate_print_json(&call->validation, stdout);
    } else if (hr_options_has(call->words, "markdown")) {
        hr_validate_print_markdown(&call->validation, stdout);
    } else {
        hr_validate_print_text(&call->validation, stdout);
    }
}

/* The steps, in their order. */
static bool steps(struct call *call, GError **error)
{
    int64_t jobs = hr_pool_processors();
    if (!hr_options_int(call->words, "jobs", 1, 256, &jobs, error)) {
        return false;
    }
    if (hr_options_has(call->words, "json") && hr_options_has(call->words, "markdown")) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE, "either --json or --markdown");
        return false;
    }
    if (!load(call, error)) {
        return false;
    }
    call->progress = hr_progress_new(hr_options_has(call->words, "quiet"));
    bool ok = hr_validate(&call->cases, (int)jobs, call->progress, &call->validation,
                          call->diag, error);
    g_clear_pointer(&call->progress, hr_progress_free);
    if (ok) {
        print(call);
    }
    return ok;
}

static int run(const struct hr_options *words, GError **error)
{
    struct call call = {.words = words, .diag = hr_diag_new()};
    bool ok = steps(&call, error);
    /* Notes are about scenarios that nobody here has to change. */
    hr_diag_print(call.diag, HR_FATAL, stderr);
    if (!ok && error != NULL && *error == NULL) {
        (void)hr_diag_failed(call.diag, error);
    }
    bool all_hold = call.validation.n_held == call.validation.n;
    call_clear(&call);
    return all_hold ? EXIT_SUCCESS : HR_ERROR_NO_ANSWER;
}

const struct hr_subcommand hr_cmd_validate = {
    .name = "validate",
    .operands = "[CASE...]",
    .summary = "Simulates what others have published, and compares",
    .options = options_table,
    .run = run,
};
