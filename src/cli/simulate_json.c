/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/simulate_json.h"

#include <stdlib.h>

#include <jansson.h>

#include "cli/simulate_output.h"

void hr_simulate_print_json(const struct hr_simulate_result *result, FILE *out)
{
    json_t *document = hr_simulate_json(result);
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    (void)fputs(text, out);
    (void)fputc('\n', out);
    free(text);
    json_decref(document);
}
