/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory/fill.h - the level at which parts of a host's memory use it up: of shares
 * (overcommit), of demand (dynamic), of excess (a balloon's rate).
 *
 * Threads: pure. Cost: five to ten sums over the guests.
 */
#ifndef HR_MEMORY_FILL_H
#define HR_MEMORY_FILL_H

/* What all get at a level: a sum of straight pieces that never falls. Adds to *slope what they
 * get for each level more. */
typedef double (*hr_fill_sum)(const void *context, double level, double *slope);

/* Requires: sum(0) <= total < sum(high).
 * Returns: a level between 0 and high at which the sum is at most total, and less by no more
 * than 1e-6 (or the rounding of the sum). */
double hr_fill_level(hr_fill_sum sum, const void *context, double total, double high);

#endif
