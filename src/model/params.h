/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model/params.h - parameters of the memory policies, as a platform's file gives them. Memory
 * in MiB, time in seconds; what each means and where its default comes from: model.md §4, §5.
 */
#ifndef HR_MODEL_PARAMS_H
#define HR_MODEL_PARAMS_H

#include <stdbool.h>

enum hr_sharing_scope {
    HR_SHARING_OFF,
    HR_SHARING_INTRA_GUEST,
    HR_SHARING_INTER_GUEST,
    HR_SHARING__COUNT
};

/* Parameters of the overcommit policy (model.md §4). */
struct hr_overcommit_params {
    double idle_tax; /* τ */
    double balance_period_s;
    enum hr_sharing_scope sharing;
    bool zero_at_once;             /* a zeroed page is recognised when it is written */
    double scan_time_s;            /* T_scan: one pass over a guest */
    double scan_pages_per_s_guest; /* cap per guest */
    double scan_pages_per_s_ghz;   /* cap per host and GHz of its cores; 0: none */
    double scan_pages_per_s_host;  /* cap per host; 0: none */
    double high_frac;              /* of minFree: 4.0 from ESXi 6 on, 0.64 before */
    bool has_clear_state;
    double balloon_max_frac; /* 0.65 of S */
    double tools_delay_s;
    double balloon_free_mibps; /* while the guest has free pages */
    double balloon_busy_mibps; /* while it must drop cache or page */
    double deflate_mibps;
    bool compression;
    double compressible_frac;
    double compression_cap_frac;
    double decompress_us; /* per page */
};

/* Parameters of the dynamic policy (model.md §5). */
struct hr_dynamic_params {
    double buffer_pct;
    double weight;
    double hot_add_mibps; /* per host */
    double balloon_mibps; /* while another guest is short */
    double collection_s;  /* time constant of lazy removal */
    bool has_minimum;     /* false: 2008 R2 SP1, the minimum is the startup memory */
};

#endif
