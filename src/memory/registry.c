/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "memory/dynamic.h"
#include "memory/kvm.h"
#include "memory/memory_policy.h"
#include "memory/overcommit.h"
#include "memory/xen.h"

#include "base/hot.h"

static const struct hr_memory_policy *const policies[] = {
    &hr_memory_static, &hr_memory_overcommit, &hr_memory_dynamic,
    &hr_memory_kvm,    &hr_memory_xen,        NULL,
};

const struct hr_memory_policy *const *hr_memory_policies(void)
{
    return policies;
}

const struct hr_memory_policy *hr_memory_policy_find(const char *name)
{
    for (size_t i = 0; policies[i] != NULL; i++) {
        if (strcmp(policies[i]->name, name) == 0) {
            return policies[i];
        }
    }
    return NULL;
}

const char *hr_memory_state_name(enum hr_memory_state state)
{
    static const char *const names[HR_STATE__COUNT] = {[HR_STATE_HIGH] = "high",
                                                       [HR_STATE_CLEAR] = "clear",
                                                       [HR_STATE_SOFT] = "soft",
                                                       [HR_STATE_HARD] = "hard",
                                                       [HR_STATE_LOW] = "low"};
    return names[state];
}

double hr_host_overhead_mib(const struct hr_host_view *view)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        sum += hr_guest_overhead_mib(view->guests, g, view->guests->assigned_mib[g]);
    }
    return sum;
}

double hr_host_free_mib(const struct hr_host_view *view)
{
    double held = 0.0;
    for (uint32_t i = 0; i < view->n; i++) {
        held += view->pages[view->ids[i]].consumed;
    }
    return view->physical_mib - view->hypervisor_mib - view->starting_mib -
           hr_host_overhead_mib(view) - held;
}

void hr_decision_rest(const struct hr_host_view *view, struct hr_decision *out)
{
    for (uint32_t i = 0; i < view->n; i++) {
        uint32_t g = view->ids[i];
        out->guests[g] = (struct hr_guest_decision){
            .target_mib = view->pages[g].consumed,
            .balloon_stop_mib = view->guests->ballooned_mib[g],
            .assign_stop_mib = view->guests->assigned_mib[g],
            .alloc_scale = 1.0,
            .throttle = 1.0,
        };
    }
    out->state = HR_STATE_HIGH;
    out->memo = view->memo;
    out->kill = HR_NO_HOST;
    out->pressed = false;
    out->next_s = view->step_s;
}
