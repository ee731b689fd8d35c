/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/result.h"

#include <glib.h>

#include "base/error.h"
#include "memory/memory_policy.h"

const char *hr_cause_name(enum hr_cause cause)
{
    static const char *const names[HR_CAUSE__COUNT] = {
        [HR_CAUSE_GUEST_PAGING] = "guest paging",   [HR_CAUSE_HOST_SWAP] = "host swap",
        [HR_CAUSE_DECOMPRESSION] = "decompression", [HR_CAUSE_LOST_CACHE] = "lost file cache",
        [HR_CAUSE_BALLOON] = "ballooning",          [HR_CAUSE_CPU] = "waiting for processors",
        [HR_CAUSE_STORAGE] = "waiting for storage", [HR_CAUSE_TIER] = "second memory tier",
    };
    return names[cause];
}

const char *hr_phase_name(enum hr_phase phase)
{
    static const char *const names[HR_PHASE__COUNT] = {
        [HR_PHASE_NORMAL] = "normal", [HR_PHASE_FAILURE] = "failure"};
    return names[phase];
}

const char *hr_series_name(enum hr_series series)
{
    static const char *const names[HR_SERIES__COUNT] = {
        [HR_SERIES_FREE_MIB] = "free_mib",
        [HR_SERIES_HYPERVISOR_MIB] = "hypervisor_mib",
        [HR_SERIES_ACTIVE_MIB] = "active_mib",
        [HR_SERIES_IDLE_MIB] = "idle_mib",
        [HR_SERIES_SHARED_MIB] = "shared_mib",
        [HR_SERIES_BALLOONED_MIB] = "ballooned_mib",
        [HR_SERIES_COMPRESSED_MIB] = "compressed_mib",
        [HR_SERIES_SWAPPED_MIB] = "swapped_mib",
        [HR_SERIES_DEMAND_MIB] = "demand_mib",
        [HR_SERIES_CONFIGURED_MIB] = "configured_mib",
        [HR_SERIES_CPU_MHZ] = "cpu_mhz",
    };
    return names[series];
}

const char *hr_memory_part_name(enum hr_memory_part part)
{
    static const char *const names[HR_MEMORY__COUNT] = {
        [HR_MEMORY_GRANTED] = "granted",       [HR_MEMORY_CONSUMED] = "consumed",
        [HR_MEMORY_DEMAND] = "demand",         [HR_MEMORY_ACTIVE] = "active",
        [HR_MEMORY_SHARED] = "shared",         [HR_MEMORY_BALLOONED] = "ballooned",
        [HR_MEMORY_COMPRESSED] = "compressed", [HR_MEMORY_SWAPPED] = "swapped",
        [HR_MEMORY_ASSIGNED] = "assigned",     [HR_MEMORY_SAVED] = "saved",
        [HR_MEMORY_TIERED] = "tiered",         [HR_MEMORY_TARGET] = "target",
    };
    return names[part];
}

const char *hr_host_state_name(uint32_t state)
{
    hr_assert(state < HR_STATE__COUNT);
    return hr_memory_state_name((enum hr_memory_state)state);
}

const char *hr_event_code_name(enum hr_event_code code)
{
    static const char *const names[HR_NOTED__COUNT] = {
        [HR_NOTED_REFUSED] = "refused",
        [HR_NOTED_HOST_FAILED] = "host_failed",
        [HR_NOTED_RESTARTED] = "restarted",
        [HR_NOTED_NOT_RESTARTED] = "not_restarted",
        [HR_NOTED_FIRST_SWAP] = "first_swap",
        [HR_NOTED_FIRST_BALLOON] = "first_balloon",
        [HR_NOTED_FIRST_LOW_STATE] = "first_low_state",
        [HR_NOTED_KILLED] = "killed",
        [HR_NOTED_SMART_PAGING] = "smart_paging",
    };
    return names[code];
}

void hr_run_result_free(struct hr_run_result *result)
{
    g_free(result->guests);
    g_free(result->hosts);
    g_free(result->events);
    g_free(result->series);
    g_free(result->guest_samples);
    g_free(result->host_samples);
    for (int p = 0; p < HR_PHASE__COUNT; p++) {
        g_free(result->memory[p]);
    }
    *result = (struct hr_run_result){0};
}
