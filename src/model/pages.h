/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model/pages.h - what a guest's pages are on the host, and what its faults cost: the formulas
 * of model.md §1, §2 and the sharing part of §4, as pure functions of the table's rows. */
#ifndef HR_MODEL_PAGES_H
#define HR_MODEL_PAGES_H

#include <stdint.h>

#include "model/guests.h"
#include "model/params.h"

/* Window in which touched memory counts as active: W of model.md §1. */
#define HR_ACTIVE_WINDOW_S 60.0
/* How fast a guest takes memory: its processes, and its file cache as read from disk (§1). */
#define HR_ALLOC_MIBPS 35.0
#define HR_FILL_MIBPS  10.0
/* Cost of a balloon as such, of its share of S (§2; Waldspurger 2002, Fig. 2). */
#define HR_BALLOON_COST 0.06

/* Fewer free pages than this in a guest count as none: no balloon looks for them. */
#define HR_FREE_PAGES_MIB 1.0

/* How many guests on the host may share with a guest, itself included (>= 1). */
struct hr_sharers {
    uint32_t n_same_image; /* the system's pages */
    uint32_t n_same_role;  /* of the same image and role: the role's pages too */
};

/* A guest's pages as the host sees them, in MiB. */
struct hr_pages {
    double resident;       /* backed by host memory, shared pages counted whole (granted) */
    double free_touched;   /* free in the guest, still backed by the host */
    double zero_saved;     /* saved by sharing zero pages */
    double scan_potential; /* what the scanner could save: duplicates, and common pages */
    double scan_most;      /* the same if every large page were broken */
    double saved;
    double shared;              /* mapped to a page that is shared; saved + the copies kept */
    double consumed;            /* host memory charged to the guest */
    double freed_per_ballooned; /* host memory that ballooning one MiB more frees */
};

/* Without backing on touch consumed = assigned - swapped and the rest is 0. */
void hr_pages_of(const struct hr_guest_table *t, uint32_t guest,
                 const struct hr_memory_rules *rules, const struct hr_sharers *sharers,
                 struct hr_pages *out);

/* Memory its processes need and may not use; of that, the part of the working set. */
struct hr_paging {
    double paged;
    double over;
    double faults_mibps; /* page faults at full speed */
};
void hr_paging_of(const struct hr_guest_table *t, uint32_t guest, struct hr_paging *out);

/* (1 - useful/cache)²: the share of cache reads that go to the disks. */
double hr_lost_cache_frac(const struct hr_guest_table *t, uint32_t guest);

/* Free memory below which a host reclaims: 6 % of the first 4 GiB, 4 % of the next 8, 2 % of
 * the next 16, 1 % of the rest (doc/model.md). */
double hr_min_free_mib(double physical_mib);

#endif
