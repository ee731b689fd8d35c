/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom report: a report from a results database alone. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/subcommand.h"
#include "report/report.h"

static const struct hr_option options_table[] = {
    {"output", 'o', "FILE", "where it goes: FILE.pdf"},
    {"study", 0, "N", "number of the study (default: the last)"},
    {"template", 0, "NAME",
     "a template by name, or a file NAME.yaml (default: sweep for sweeps, else comparison)"},
    {"paper", 0, "SIZE", "a4 or letter (default a4)"},
    {"help", 0, NULL, "this text"},
    {NULL, 0, NULL, NULL}};

static int run(const struct hr_options *words, GError **error)
{
    static const char *const papers[] = {"a4", "letter", NULL};
    int64_t study = 0;
    int paper = 0;
    if (words->n_operands != 1 || !hr_options_has(words, "output")) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "a results database and -o FILE.pdf are expected");
        return HR_ERROR_USAGE;
    }
    if (!hr_options_int(words, "study", 1, INT64_MAX, &study, error) ||
        !hr_options_choice(words, "paper", papers, &paper, error)) {
        return HR_ERROR_USAGE;
    }
    struct hr_report_request request = {.database = words->operands[0],
                                        .study_id = study,
                                        .template_name = hr_options_get(words, "template"),
                                        .output = hr_options_get(words, "output"),
                                        .paper = paper == 0 ? HR_PAPER_A4 : HR_PAPER_LETTER};
    return hr_report_render(&request, error) ? EXIT_SUCCESS : HR_ERROR_FAILED;
}

const struct hr_subcommand hr_cmd_report = {
    .name = "report",
    .operands = "DB",
    .summary = "Makes a report from a results database",
    .options = options_table,
    .run = run,
};
