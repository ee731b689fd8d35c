/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom chart: one chart of a report's template, drawn from a results database alone. */
#include <stdlib.h>

#include "base/error.h"
#include "cli/subcommand.h"
#include "report/report.h"

static const struct hr_option options_table[] = {
    {"output", 'o', "FILE", "where it goes: FILE.svg, FILE.png or FILE.pdf"},
    {"study", 0, "N", "number of the study (default: the last)"},
    {"template", 0, "NAME",
     "the template it is a part of: a name, or a file NAME.yaml (default: sweep for sweeps, "
     "else comparison)"},
    {"help", 0, NULL, "this text"},
    {NULL, 0, NULL, NULL}};

static int run(const struct hr_options *words, GError **error)
{
    int64_t study = 0;
    if (words->n_operands != 2 || !hr_options_has(words, "output")) {
        g_set_error(error, HR_ERROR, HR_ERROR_USAGE,
                    "a results database, the name of a chart and -o FILE.svg, .png or .pdf "
                    "are expected");
        return HR_ERROR_USAGE;
    }
    if (!hr_options_int(words, "study", 1, INT64_MAX, &study, error)) {
        return HR_ERROR_USAGE;
    }
    struct hr_report_request request = {.database = words->operands[0],
                                        .study_id = study,
                                        .template_name = hr_options_get(words, "template"),
                                        .output = hr_options_get(words, "output")};
    return hr_report_chart(&request, words->operands[1], error) ? EXIT_SUCCESS
                                                                : HR_ERROR_FAILED;
}

const struct hr_subcommand hr_cmd_chart = {
    .name = "chart",
    .operands = "DB NAME",
    .summary = "Draws one chart from a results database",
    .options = options_table,
    .run = run,
};
