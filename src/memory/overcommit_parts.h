/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory/overcommit_parts.h - the parts of the overcommit policy, for its own files alone:
 * overcommit.c (admission, and what is done in which order), overcommit_targets.c (who is
 * entitled to what), overcommit_reclaim.c (how it is taken back), overcommit_settle.c (guests
 * that have run for long). */
#ifndef HR_MEMORY_OVERCOMMIT_PARTS_H
#define HR_MEMORY_OVERCOMMIT_PARTS_H

#include "memory/overcommit.h"

/* Free memory that the balloon aims at, in minFree (model.md §4). */
#define HR_BALLOON_GOAL 1.1
/* Of minFree: balloons deflate only above it. */
#define HR_GIVE_BACK_ABOVE 0.64
/* A host is not looked at more often. */
#define HR_SHORTEST_STEP_S 1.0
/* What is less is as good as nothing. */
#define HR_LITTLE_MIB 0.5

/* What one solve works with. */
struct hr_situation {
    const struct hr_host_view *view;
    struct hr_decision *out;
    double min_free;
    double free_mib;      /* in both tiers of memory */
    double dram_free_mib; /* in the first */
    double tier_free_mib;
    double tier_mibps;    /* that goes down to it */
    double inflow_mibps;  /* host memory taken: by the guests, and by balloons that deflate */
    double reclaim_mibps; /* host memory the decisions so far give back */
};

static inline const struct hr_overcommit_params *
hr_overcommit_params_of(const struct hr_host_view *view)
{
    return view->params;
}

/* What a guest holds above its target. Requires: targets set. */
static inline double hr_excess_mib(const struct hr_situation *s, uint32_t g)
{
    return s->view->pages[g].consumed + hr_guest_tiered_mib(s->view->guests, g) -
           s->out->guests[g].target_mib;
}

double hr_overcommit_min_free_mib(const void *params, double physical_mib);
/* What the second tier can still take. */
double hr_overcommit_tier_free_mib(const struct hr_host_view *view);

/* Returns: true when targets bind (somebody gets less than it could use). */
bool hr_overcommit_targets(const struct hr_host_view *view, struct hr_decision *out);
enum hr_memory_state hr_overcommit_state(const struct hr_host_view *view, double free_frac);

/* Each adds its part to the decisions and to what they take and give back. */
void hr_overcommit_scan(struct hr_situation *s);
void hr_overcommit_inflate(struct hr_situation *s);
void hr_overcommit_deflate(struct hr_situation *s, bool binding);
/* Compression and swap for the guests that may be hit in this state. */
void hr_overcommit_take(struct hr_situation *s);
/* Returns: whether a guest is above its limit. */
bool hr_overcommit_keep_limits(struct hr_situation *s);
void hr_overcommit_limit(struct hr_situation *s);
void hr_overcommit_demote(struct hr_situation *s);
void hr_overcommit_throttle(struct hr_situation *s);
/* Guest memory that its compression cache still takes. Requires: targets set. */
double hr_overcommit_zip_room_mib(const struct hr_situation *s, uint32_t guest);

void hr_overcommit_settle(const struct hr_host_view *view, struct hr_guest_table *guests,
                          struct hr_decision *scratch);

#endif
