/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_params.h - coefficients of the memory policies as doc/model.md gives them. */
#ifndef HR_TESTS_MODEL_PARAMS_H
#define HR_TESTS_MODEL_PARAMS_H

#include "memory/dynamic.h"
#include "memory/kvm.h"
#include "memory/memory_policy.h"
#include "memory/overcommit.h"
#include "memory/xen.h"

enum hr_policy_kind {
    HR_POLICY_STATIC,
    HR_POLICY_OVERCOMMIT,
    HR_POLICY_DYNAMIC,
    HR_POLICY_KVM,
    HR_POLICY_XEN,
    HR_POLICY__COUNT
};

static inline const struct hr_memory_policy *policy_of(enum hr_policy_kind kind)
{
    static const char *const names[HR_POLICY__COUNT] = {[HR_POLICY_STATIC] = "static",
                                                        [HR_POLICY_OVERCOMMIT] = "overcommit",
                                                        [HR_POLICY_DYNAMIC] = "dynamic",
                                                        [HR_POLICY_KVM] = "kvm",
                                                        [HR_POLICY_XEN] = "xen"};
    return hr_memory_policy_find(names[kind]);
}

static inline struct hr_overcommit_params overcommit_of_model(enum hr_sharing_scope sharing)
{
    return (struct hr_overcommit_params){.idle_tax = 0.75,
                                         .balance_period_s = 15.0,
                                         .sharing = sharing,
                                         .zero_at_once = true,
                                         .scan_time_s = 3600.0,
                                         .scan_pages_per_s_guest = 1024.0,
                                         .high_frac = 4.0,
                                         .has_clear_state = true,
                                         .balloon_max_frac = 0.65,
                                         .tools_delay_s = 120.0,
                                         .balloon_free_mibps = 64.0,
                                         .balloon_busy_mibps = 32.0,
                                         .deflate_mibps = 64.0,
                                         .compression = true,
                                         .compressible_frac = 0.5,
                                         .compression_cap_frac = 0.10,
                                         .decompress_us = 25.0};
}

static inline struct hr_dynamic_params dynamic_of_model(void)
{
    return (struct hr_dynamic_params){.buffer_pct = 20.0,
                                      .weight = 5000.0,
                                      .hot_add_mibps = 1024.0,
                                      .balloon_mibps = 64.0,
                                      .collection_s = 300.0,
                                      .has_minimum = true,
                                      .smart_paging = true,
                                      .smart_paging_s = 600.0};
}

static inline struct hr_kvm_params kvm_of_model(void)
{
    return (struct hr_kvm_params){.merging = true,
                                  .merge_above_frac = 0.80,
                                  .merge_below_frac = 0.75,
                                  .scan_pages_per_s = 5000.0,
                                  .ballooning = true,
                                  .balloon_goal_frac = 0.80,
                                  .balloon_period_s = 10.0,
                                  .balloon_step_mib = 100.0,
                                  .tools_delay_s = 60.0,
                                  .swap_above_frac = 0.97,
                                  .swap_space_mib = 8192.0,
                                  .kill_below_frac = 0.004};
}

#endif
