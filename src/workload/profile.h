/* SPDX-License-Identifier: GPL-3.0-or-later */
/* workload/profile.h - how one quantity of a role moves over the week, at a mean of 1.
 *
 *     ln x(t) = bend( ln level(hour of the week) + sigma·n(t) − sigma²/2 ),
 *     n(t) = phi·n(t−1) + √(1 − phi²)·( √share·e_site(t) + √(1 − share)·e_guest(t) )
 *
 * with e standard normal and phi taken to the power step/300 s. The levels of the hours hold in
 * their middle and go from one to the next in straight lines; they are normalised to a weekly
 * mean of 1. The bend gives the role's ratio of peak (read as the 99th percentile) to mean,
 * keeping the mean; without a peak it is the identity. Sharing e, not n, gives every guest the
 * autocorrelation of its role and guests of one role and site the correlation share.
 */
#ifndef HR_WORKLOAD_PROFILE_H
#define HR_WORKLOAD_PROFILE_H

#include <stdint.h>

#include "catalog/catalog.h"
#include "workload/bend.h"

enum { HR_PROFILE_SLOTS = 2016 }; /* five minutes each, from Monday 00:00 */

struct hr_profile {
    double level_log[HR_PROFILE_SLOTS]; /* − sigma²/2 included */
    struct hr_bend bend;
    double sigma;
    double phi; /* from one step to the next */
    double site_share;
};

/* peak_ratio: the 99th percentile over the mean; <= 0: as it comes.
 * Requires: step_us > 0. */
void hr_profile_init(struct hr_profile *profile, const struct hr_shape *shape,
                     double peak_ratio, int64_t step_us);

#endif
