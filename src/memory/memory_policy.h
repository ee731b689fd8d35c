/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory/memory_policy.h - how memory is given and taken: one table of functions per policy.
 *
 * A policy sees one host and its guests read-only and fills in decisions, which the run
 * applies: so a policy can be read, tested and added alone. Its parameters are a struct of its
 * own, described by a table of fields, which platforms give under the policy's name. It keeps
 * no state of its own; what must last between calls (the host's memory state, a memo of the
 * policy's own) is in the view and in the decision.
 * Threads: pure functions. Cost: admit and start O(guests of the host), solve O(guests · 60).
 */
#ifndef HR_MEMORY_MEMORY_POLICY_H
#define HR_MEMORY_MEMORY_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fields.h"
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

/* Why a guest starts. */
enum hr_start_cause {
    HR_START_COLD,    /* powered on */
    HR_START_RESTART, /* rebooted where it runs; its old memory is free by then */
    HR_START_FAILOVER /* its host failed */
};

/* What a policy may remember of a host from call to call; meaningless to the run. */
struct hr_policy_memo {
    double value[2];
};

/* What moves a guest's memory of its own accord, before the policy does anything. MiB/s. */
struct hr_flow {
    double commit_mibps; /* processes take memory */
    double cache_mibps;  /* the file cache fills */
    double touch_mibps;  /* pages touched for the first time, beside those it comes to use */
    double fault_swap_mibps; /* swapped pages come back */
    double fault_zip_mibps;  /* compressed pages come back */
    double fault_tier_mibps; /* pages of the second tier come back */
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
    const struct hr_sharers *sharers; /* by guest */
    double physical_mib;
    double hypervisor_mib;      /* hypervisor or root partition */
    double capacity_ghz;        /* of its processors */
    double starting_mib;        /* kept free for guests whose start was admitted and waits */
    double reclaim_mibps;       /* what host swap can write */
    double step_s;              /* until the next demand step */
    double now_s;               /* since the start of the run */
    enum hr_memory_state state; /* as it was left */
    struct hr_policy_memo memo; /* as it was left */
    const struct hr_memory_rules *rules;
    const void *params; /* of the policy's own type */
};

/* What a guest would need to start. */
struct hr_start_spec {
    double size_mib;
    double overhead_mib; /* of its size */
    double reservation_mib;
    double startup_mib;
    double startup_overhead_mib;
    double minimum_mib;
    double minimum_overhead_mib;
    enum hr_start_cause cause;
};

struct hr_guest_decision {
    double target_mib;    /* of consumed under overcommit, of assigned elsewhere */
    double balloon_mibps; /* signed; until ballooned reaches balloon_stop_mib */
    double balloon_stop_mib;
    double assign_mibps; /* signed; until assigned reaches assign_stop_mib */
    double assign_stop_mib;
    double zip_mibps;     /* guest pages into the compression cache */
    double swap_mibps;    /* guest pages to host swap */
    double tier_mibps;    /* guest pages down to the second tier */
    double page_in_mibps; /* pages read back from swap whether touched or not */
    double share_mibps;   /* pages shared at a share attempt before swapping */
    double scan_mibps;    /* pages that the scanner finds */
    double break_mibps;   /* large pages broken into small ones */
    double alloc_scale;   /* 0 to 1: its own taking of memory is slowed to this share */
    double throttle;      /* >= 1: multiplies 1 + wait, booked as host swap */

    /* scratch of a policy, meaningless to the run */
    double claim_least_mib, claim_most_mib;
    double capacity_mibps;
};

/* What the policy wants of a host until next_s from now. guests: indexed by guest number. */
struct hr_decision {
    struct hr_guest_decision *guests;
    enum hr_memory_state state;
    struct hr_policy_memo memo;
    uint32_t kill; /* a guest whose processes the host ends; HR_NO_HOST: none */
    bool pressed;  /* targets bind: the host must be looked at again before the demand step */
    double next_s; /* > 0; when pressed, the next moment at which something would change */
};

struct hr_memory_policy {
    const char *name;
    const struct hr_field *fields; /* of its parameters; NULL where it has none */
    size_t n_params_bytes;
    bool backs_on_touch; /* host memory is taken when a guest first touches it */
    bool moves_memory;   /* guests' startup, minimum and maximum count */

    /* What parameters that are each within their range contradict in, in words; NULL where they
     * do not. The function may be NULL. */
    const char *(*fault)(const void *params);
    /* How pages behave. params: of the policy's own type. */
    void (*rules)(const void *params, struct hr_memory_rules *out);
    /* Free memory by which states are measured; NULL where there are none. */
    double (*min_free_mib)(const void *params, double physical_mib);
    /* What a guest pins of a host at the least, as a share of nothing else: admission below it
     * is impossible. */
    double (*pinned_mib)(const struct hr_start_spec *spec);

    /* May this guest start here? *short_mib: what is missing, 0 when it fits. */
    enum hr_admit (*admit)(const struct hr_host_view *view, const struct hr_start_spec *spec,
                           double *short_mib);
    /* Free memory a start needs at once, given that it was admitted. */
    double (*needs_now_mib)(const struct hr_host_view *view, const struct hr_start_spec *spec);
    /* Memory a guest is assigned when it starts. */
    double (*start_mib)(const struct hr_start_spec *spec);
    /* The steady state of guests that have run for long: fills ballooned, swapped or assigned.
     * scratch: a decision to work with. */
    void (*settle)(const struct hr_host_view *view, struct hr_guest_table *guests,
                   struct hr_decision *scratch);
    /* Targets and rates. */
    void (*solve)(const struct hr_host_view *view, struct hr_decision *out);
};

/* Every policy, in a fixed order; NULL ends it. */
const struct hr_memory_policy *const *hr_memory_policies(void);
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

#endif
