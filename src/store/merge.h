/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/merge.h - the parts of a sweep put together into one study.
 *
 * The last sweep of each file counts. Nothing is written before all is known to fit: every part
 * of one sweep, each once, each complete. Rows are the same as those of the sweep in one part;
 * their order in the file may differ.
 * The parts are gathered in a file OUTPUT.merge-PID beside the output, which becomes the output
 * or is appended to it by one transaction: so a merge is there whole or not at all. Only a
 * killed program leaves that file.
 * Cost: one part in memory at no time; room on the disk for the sweep, twice where the output
 * exists.
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

struct hr_merge_hooks {
    /* Adds what is computed from the points, before the sweep is in the output; path and
     * study_id are of the file in which they are gathered. May be NULL. */
    bool (*finish)(const char *path, int64_t study_id, GError **error);
    /* Whether to give up, asked while rows are copied; may be NULL. The merge then fails. */
    bool (*stop)(void);
};

/* Appends the sweep to the output, which may be a new file. inputs: files, NULL-terminated.
 * Fails: with a fatal finding for each part that is foreign, doubled, incomplete or missing
 * (*error is then not set), or with *error. The output is then as before. */
bool hr_merge(const char *output, const char *const *inputs, const struct hr_merge_hooks *hooks,
              struct hr_merged *out, hr_diag *diag, GError **error);

#endif
