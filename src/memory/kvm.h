/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory/kvm.h - parameters of the KVM policy (model.md §5), as a platform's file gives them.
 * Memory in MiB, time in seconds. */
#ifndef HR_MEMORY_KVM_H
#define HR_MEMORY_KVM_H

#include "memory/memory_policy.h"

struct hr_kvm_params {
    /* same-page merging */
    bool merging;
    double merge_above_frac; /* of physical memory in use: merging starts */
    double merge_below_frac; /* and stops */
    double scan_pages_per_s; /* per host */
    /* ballooning of guests with a minimum below their maximum */
    bool ballooning;
    double balloon_goal_frac; /* of physical memory in use */
    double balloon_period_s;
    double balloon_step_mib; /* per guest and period */
    double tools_delay_s;
    double reporting_s; /* free page reporting: time constant; 0: off */
    /* host swap */
    double swap_above_frac; /* of physical memory in use */
    double swap_space_mib;
    double kill_below_frac; /* of physical memory free, with swap full */
};

extern const struct hr_memory_policy hr_memory_kvm;

#endif
