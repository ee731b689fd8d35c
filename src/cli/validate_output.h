/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/validate_output.h - the answer of `headroom validate` on standard output: for people, as
 * JSON, and as the document doc/validation.md. */
#ifndef HR_CLI_VALIDATE_OUTPUT_H
#define HR_CLI_VALIDATE_OUTPUT_H

#include <stdio.h>

#include "validate/validate.h"

void hr_validate_print_text(const struct hr_validation *validation, FILE *out);
void hr_validate_print_json(const struct hr_validation *validation, FILE *out);
void hr_validate_print_markdown(const struct hr_validation *validation, FILE *out);

#endif
