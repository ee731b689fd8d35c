/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli/size_change.h - what would change the answer of `headroom size`, on standard output. */
#ifndef HR_CLI_SIZE_CHANGE_H
#define HR_CLI_SIZE_CHANGE_H

#include <jansson.h>

#include "cli/size_output.h"

void hr_size_print_changes(const struct hr_size_printed *printed, FILE *out);

/* Arrays of the document; the caller's. Of the two cheapest platforms; of one each. */
json_t *hr_size_json_flips(const struct hr_size_printed *printed);
json_t *hr_size_json_swings(const struct hr_size_printed *printed,
                            const struct hr_platform *platform);
json_t *hr_size_json_cliffs(const struct hr_size_printed *printed,
                            const struct hr_platform *platform);

#endif
