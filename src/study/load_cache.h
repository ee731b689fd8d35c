/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/load_cache.h - loads that several threads and many points share.
 *
 * A load depends on the guests, the seed and the replication alone, so points of a sweep that
 * differ in platform or cluster run under one. It is made once, whoever comes first; what
 * nobody uses is dropped, the longest unused first, when all together take more than the limit.
 * Whether a load was made anew or found changes no result. Threads: any number. Owner: the
 * cache owns the loads.
 */
#ifndef HR_STUDY_LOAD_CACHE_H
#define HR_STUDY_LOAD_CACHE_H

#include <stddef.h>

#include "scenario/scenario.h"

typedef struct hr_load_cache hr_load_cache;
typedef struct hr_cached_load hr_cached_load;

hr_load_cache *hr_load_cache_new(size_t most_bytes);
/* Requires: nothing is in use. */
void hr_load_cache_free(hr_load_cache *cache);

/* What tells the loads of a scenario from those of another; the caller's. NULL where they are
 * not shared: demand by hand, or a role of the scenario's own. */
char *hr_load_cache_key(const struct hr_scenario *scenario, const struct hr_load_guest *guests);

/* The load of a replication of the scenario. key: of hr_load_cache_key(). Borrowed until
 * hr_load_cache_release(). */
hr_cached_load *hr_load_cache_take(hr_load_cache *cache, const char *key,
                                   const struct hr_scenario *scenario,
                                   const struct hr_load_guest *guests, uint32_t replication);
const struct hr_load *hr_cached_load_get(const hr_cached_load *cached);
void hr_load_cache_release(hr_load_cache *cache, hr_cached_load *cached);

#endif
