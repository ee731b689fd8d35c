/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/merge.h - the parts of a sweep put together into one study.
 *
 * The last sweep of each file counts. Nothing is written before all is known to fit: every part
 * of one sweep, each once, each complete. Rows are the same as those of the sweep in one part;
 * their order in the file may differ.
 * Cost: one part in memory at no time; each is copied by one transaction.
 */
#ifndef HR_STORE_MERGE_H
#define HR_STORE_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"

struct hr_merged {
    int64_t study_id; /* in the output */
    int64_t points;
    int64_t simulated; /* points that were simulated themselves */
    int shards;
};

/* Appends the sweep to the output, which may be a new file. inputs: files, NULL-terminated.
 * Fails: with a fatal finding for each part that is foreign, doubled, incomplete or missing
 * (*error is then not set), or with *error; a failure while points are copied leaves an
 * incomplete sweep in the output. */
bool hr_merge(const char *output, const char *const *inputs, struct hr_merged *out,
              hr_diag *diag, GError **error);

#endif
