/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/flip.h - at which price the cheaper of two platforms changes.
 *
 * Each platform is the set of clusters that were simulated and held; at other prices it is the
 * cheapest of them, so the answer may change within a platform before it changes between them.
 * Clusters that were never simulated count by their lower bound of cost: where one could
 * undercut, the result says in which direction it may be off.
 */
#ifndef HR_STUDY_FLIP_H
#define HR_STUDY_FLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "study/scaled.h"

/* Prices are tried from a hundredth to a hundred times the book's. */
#define HR_FLIP_MOST 100.0

/* One platform in the comparison; all borrowed. */
struct hr_flip_side {
    const struct hr_kept_bill *const *bills; /* of the clusters that hold */
    size_t n_bills;
    /* The least lower bound of the clusters never simulated; INT64_MAX: there are none.
     * NULL: as if there were none. */
    int64_t (*rest_cents)(const void *context, const struct hr_prices *prices);
    const void *context;
};

/* The cheapest of its bills at these prices, in cents; INT64_MAX when none can be priced. */
int64_t hr_flip_cheapest_cents(const struct hr_flip_side *side,
                               const struct hr_cost_params *params,
                               const struct hr_prices *prices);

enum hr_certainty {
    HR_CERTAIN,       /* no cluster that was not simulated could change it */
    HR_NOT_BEFORE,    /* one could keep the cheaper platform cheaper for longer */
    HR_AT_THE_LATEST, /* one could make the dearer platform cheaper earlier, or at all */
    HR_ABOUT,         /* both */
    HR_CERTAINTY__COUNT
};
const char *hr_certainty_name(enum hr_certainty certainty); /* "certain", "not_before" … */

struct hr_flip_point {
    double factor; /* of the prices, where the order changes; 0: it does not */
    enum hr_certainty certainty;
    double doubt_factor; /* the first one tried at which a cluster of the dearer platform that
                            was not simulated could cost less; 0: none */
    double sure_factor;  /* up to here clusters never simulated change nothing; 1: nowhere */
};

/* Multiplies the changed prices until the dearer platform costs less than the cheaper one:
 * upwards to HR_FLIP_MOST times, or downwards to its reciprocal. The first such factor, to
 * 10^-7 of itself; two changes of the order within a factor of 1.34 of each other may go
 * unseen. Leaves the prices as they are in the book. */
struct hr_flip_point hr_flip_find(const struct hr_flip_side *cheaper,
                                  const struct hr_flip_side *dearer,
                                  const struct hr_cost_params *params,
                                  struct hr_scaled_prices *scaled, bool upwards);

#endif
