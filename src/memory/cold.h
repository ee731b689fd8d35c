/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory/cold.h - taking from the guests of a host what was not touched for longest: for
 * policies whose swap or second tier goes by recency. */
#ifndef HR_MEMORY_COLD_H
#define HR_MEMORY_COLD_H

#include "memory/memory_policy.h"

/* Unshared memory of a guest that has not been touched for long, in MiB. */
double hr_cold_mib(const struct hr_host_view *view, uint32_t guest);

/* How taking so much per second falls on the guests of a host: on their cold pages in
 * proportion; where those would not last a second, on all that is unshared. */
struct hr_cold_split {
    double cold_mib, unshared_mib; /* of all guests */
    bool is_enough;                /* the cold pages are */
};
struct hr_cold_split hr_cold_split_of(const struct hr_host_view *view, double taken_mibps);
/* Returns: the guest's part of it; the parts add up to 1 where there is anything to take. */
double hr_cold_part(const struct hr_host_view *view, const struct hr_cold_split *split,
                    uint32_t guest);

#endif
