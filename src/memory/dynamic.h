/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory/dynamic.h - parameters of the dynamic policy (model.md §5), as a platform's file gives
 * them. Memory in MiB, time in seconds. */
#ifndef HR_MEMORY_DYNAMIC_H
#define HR_MEMORY_DYNAMIC_H

#include "memory/memory_policy.h"

struct hr_dynamic_params {
    double buffer_pct;
    double weight;
    double hot_add_mibps;  /* per host */
    double balloon_mibps;  /* while another guest is short */
    double collection_s;   /* time constant of lazy removal */
    bool has_minimum;      /* false: 2008 R2 SP1, the minimum is the startup memory */
    bool smart_paging;     /* a restart in place may begin with a part of its memory on disk */
    double smart_paging_s; /* and keep it there so long at most */
};

extern const struct hr_memory_policy hr_memory_dynamic;

#endif
