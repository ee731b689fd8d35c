/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/simulate_output.h - the answer of `headroom simulate` on standard output: for people, and
 * as JSON. */
#ifndef HR_CLI_SIMULATE_OUTPUT_H
#define HR_CLI_SIMULATE_OUTPUT_H

#include <stdio.h>

#include "study/simulate.h"

void hr_simulate_print_text(const struct hr_simulate_result *result, FILE *out);
void hr_simulate_print_json(const struct hr_simulate_result *result, FILE *out);

#endif
