/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory/overcommit.h - parameters of the overcommit policy (model.md §4), as a platform's file
 * gives them. Memory in MiB, time in seconds. */
#ifndef HR_MEMORY_OVERCOMMIT_H
#define HR_MEMORY_OVERCOMMIT_H

#include "memory/memory_policy.h"

struct hr_overcommit_params {
    double idle_tax; /* τ */
    double balance_period_s;
    double min_free_frac; /* of physical memory; 0: the sliding scale */
    double high_frac;     /* of minFree: 4.0 from ESXi 6 on, 0.64 before */
    bool has_clear_state;
    /* page sharing */
    enum hr_sharing_scope sharing;
    bool zero_at_once;             /* a zeroed page is recognised when it is written */
    double scan_time_s;            /* T_scan: one pass over a guest */
    double scan_pages_per_s_guest; /* cap per guest */
    double scan_pages_per_s_ghz;   /* cap per host and GHz of its cores; 0: none */
    double scan_pages_per_s_host;  /* cap per host; 0: none */
    bool large_pages;              /* guests are backed with large pages */
    double
        break_below_frac; /* of minFree: below it, those of guests above target break at once */
    /* balloon */
    double balloon_max_frac; /* 0.65 of S */
    double tools_delay_s;
    double balloon_free_mibps; /* while the guest has free pages */
    double balloon_busy_mibps; /* while it must drop cache or page */
    double deflate_mibps;
    /* compression */
    bool compression;
    double compressible_frac;
    double compression_cap_frac;
    double decompress_us; /* per page */
    /* NVMe tier */
    double tier_frac; /* capacity over physical memory; 0: none */
    double tier_latency_us;
    double tier_mibps;
};

extern const struct hr_memory_policy hr_memory_overcommit;

#endif
