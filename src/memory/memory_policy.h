/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory/memory_policy.h - how memory is given and taken: one table of functions per policy.
 *
 * A policy sees one host and its guests read-only and fills in decisions, which the run
 * applies: so a policy can be read, tested and added alone. It keeps no state of its own; what
 * must last between calls (the host's memory state) is in the view and in the decision.
 * Threads: pure functions. Cost: admit and start O(guests of the host), solve O(guests · 60).
 */
#ifndef HR_MEMORY_MEMORY_POLICY_H
#define HR_MEMORY_MEMORY_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/guests.h"
#include "model/pages.h"
#include "model/params.h"

/* Free-memory states (model.md §4). Policies without states stay in high. */
enum hr_memory_state {
    HR_STATE_HIGH,
    HR_STATE_CLEAR,
    HR_STATE_SOFT,
    HR_STATE_HARD,
    HR_STATE_LOW,
    HR_STATE__COUNT
};
const char *hr_memory_state_name(enum hr_memory_state state);

enum hr_admit { HR_ADMIT_OK, HR_ADMIT_NO_MEMORY, HR_ADMIT__COUNT };

/* What moves a guest's memory of its own accord, before the policy does anything. MiB/s. */
struct hr_flow {
    double commit_mibps;     /* processes take memory */
    double cache_mibps;      /* the file cache fills */
    double touch_mibps;      /* pages touched for the first time */
    double fault_swap_mibps; /* swapped pages come back */
    double fault_zip_mibps;  /* compressed pages come back */
    double rise_mibps;       /* host memory it takes by all this, >= 0 */
    bool balloon_runs;       /* its tools are up */
};

/* One host, read-only. Arrays are indexed by guest number. */
struct hr_host_view {
    const struct hr_guest_table *guests;
    const uint32_t *ids; /* guests that hold memory here */
    uint32_t n;
    const struct hr_pages *pages;
    const struct hr_flow *flow;
    double physical_mib;
    double hypervisor_mib;      /* hypervisor or root partition */
    double starting_mib;        /* kept free for guests whose start was admitted and waits */
    double reclaim_mibps;       /* what host swap can write */
    double step_s;              /* until the next demand step */
    enum hr_memory_state state; /* as it was left */
    const struct hr_overcommit_params *overcommit;
    const struct hr_dynamic_params *dynamic;
};

/* What a guest would need to start. */
struct hr_start_spec {
    double size_mib;
    double overhead_mib; /* of its size */
    double reservation_mib;
    double startup_mib;
    double startup_overhead_mib;
    double minimum_mib;
};

struct hr_guest_decision {
    double target_mib;    /* of consumed under overcommit, of assigned elsewhere */
    double balloon_mibps; /* signed; until ballooned reaches balloon_stop_mib */
    double balloon_stop_mib;
    double assign_mibps; /* signed; until assigned reaches assign_stop_mib */
    double assign_stop_mib;
    double zip_mibps;   /* guest pages into the compression cache */
    double swap_mibps;  /* guest pages to host swap */
    double share_mibps; /* pages shared at a share attempt before swapping */
    double alloc_scale; /* 0 to 1: its own taking of memory is slowed to this share */
    double throttle;    /* >= 1: multiplies 1 + wait, booked as host swap */

    /* scratch of a policy, meaningless to the run */
    double claim_least_mib, claim_most_mib;
    double capacity_mibps;
};

/* What the policy wants of a host until next_s from now. guests: indexed by guest number. */
struct hr_decision {
    struct hr_guest_decision *guests;
    enum hr_memory_state state;
    bool pressed;  /* targets bind: the host must be looked at again before the demand step */
    double next_s; /* > 0; when pressed, the next moment at which something would change */
};

struct hr_memory_policy {
    const char *name;
    bool backs_on_touch;

    /* May this guest start here? *short_mib: what is missing, 0 when it fits. */
    enum hr_admit (*admit)(const struct hr_host_view *view, const struct hr_start_spec *spec,
                           double *short_mib);
    /* Free memory a start needs at once, given that it was admitted. */
    double (*needs_now_mib)(const struct hr_start_spec *spec);
    /* Memory a guest is assigned when it starts. */
    double (*start_mib)(const struct hr_start_spec *spec);
    /* The steady state of guests that have run for long: fills ballooned, swapped or assigned.
     * scratch: a decision to work with. */
    void (*settle)(const struct hr_host_view *view, struct hr_guest_table *guests,
                   struct hr_decision *scratch);
    /* Targets and rates. */
    void (*solve)(const struct hr_host_view *view, struct hr_decision *out);
};

/* Returns: the policy of that name, or NULL. */
const struct hr_memory_policy *hr_memory_policy_find(const char *name);

/* Physical memory less hypervisor, what is kept for starts, overheads and what guests consume.
 */
double hr_host_free_mib(const struct hr_host_view *view);
/* What the guests' overheads take. */
double hr_host_overhead_mib(const struct hr_host_view *view);

/* The decision that leaves a guest as it is. */
void hr_decision_rest(const struct hr_host_view *view, struct hr_decision *out);

extern const struct hr_memory_policy hr_memory_static;
extern const struct hr_memory_policy hr_memory_overcommit;
extern const struct hr_memory_policy hr_memory_dynamic;

#endif
