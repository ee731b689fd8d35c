/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model/params.h - what a memory policy tells the rest of a run about itself: how guests' pages
 * behave on its hosts. Filled once per run by the policy's rules(). Memory in MiB, time in
 * seconds; meaning and defaults: model.md §1 to §5. */
#ifndef HR_MODEL_PARAMS_H
#define HR_MODEL_PARAMS_H

#include <stdbool.h>

enum hr_sharing_scope {
    HR_SHARING_OFF,
    HR_SHARING_INTRA_GUEST,
    HR_SHARING_INTER_GUEST,
    HR_SHARING__COUNT
};

struct hr_memory_rules {
    /* page sharing */
    enum hr_sharing_scope sharing;
    bool zero_at_once;       /* a zeroed page is recognised when it is written */
    bool large_pages;        /* in an unbroken large page only zero_at_once finds anything */
    double large_below_frac; /* of minFree: with less free memory large pages are broken */
    /* reclaiming */
    bool keeps_reservations; /* nothing is taken that would leave a guest less than it reserved
                              */
    double balloon_max_frac; /* of a guest's size */
    double tools_delay_s;    /* from power-on until a balloon can inflate */
    double compression_cap_frac; /* cache, of min(S, target) */
    double decompress_us;        /* per page */
    bool swaps_cold_first;       /* by recency; else pages are picked at random */
    bool swap_is_bounded;        /* by swap_space_mib; else as much as guests need */
    double swap_space_mib;
    double reporting_s; /* time constant with which a guest gives free pages back; 0: never */
    /* a second tier of memory */
    double tier_frac; /* capacity, of physical memory; 0: none */
    double tier_latency_us;
    double tier_mibps; /* pages moved down per second */
    /* guests' dynamic memory where the guest says nothing */
    bool has_minimum; /* false: the minimum is the startup memory */
    double buffer_frac;
    double weight;
};

#endif
