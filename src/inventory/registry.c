/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/own.h"
#include "inventory/rvtools.h"

const struct hr_dialect *const hr_dialects[] = {
    &hr_dialect_own,
    &hr_dialect_rvtools,
    NULL,
};

const struct hr_dialect *hr_dialect_choose(const struct hr_source *source)
{
    const struct hr_dialect *best = NULL;
    int best_bid = 0;
    for (size_t d = 0; hr_dialects[d] != NULL; d++) {
        for (size_t s = 0; s < source->n_sheets; s++) {
            int bid = hr_dialects[d]->bid(source->sheets[s]);
            if (bid > best_bid) {
                best = hr_dialects[d];
                best_bid = bid;
            }
        }
    }
    return best;
}
