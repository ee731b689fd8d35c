/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run/world.h - the state of one simulation, private to run/.
 *
 * Everything lives in the world's arena, so a world is cloned by copying its tables into
 * another. Invariants, asserted at every solve: a guest is on exactly one host or on none; what
 * guests hold + overhead + hypervisor + free = physical on every host; no quantity is negative.
 */
#ifndef HR_RUN_WORLD_H
#define HR_RUN_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "engine/histogram.h"
#include "engine/queue.h"
#include "memory/memory_policy.h"
#include "run/result.h"
#include "run/run.h"

enum hr_event_kind {
    HR_EVENT_REVIEW,    /* subject: host; its memory is solved again */
    HR_EVENT_RESTART,   /* guests that are down are placed on hosts with room */
    HR_EVENT_BOOT_DONE, /* subject: guest */
    HR_EVENT_POWER_ON,  /* subject: guest */
    HR_EVENT_POWER_OFF, /* subject: guest */
    HR_EVENT_REBOOT,    /* subject: guest */
    HR_EVENT__COUNT
};

/* Sums of one guest over one phase. */
struct hr_guest_record {
    struct hr_histogram slowdown;
    double running_s;
    double slowdown_s; /* slowdown × seconds */
    double above_level_s;
    double cause_s[HR_CAUSE__COUNT];
    double down_s;
    double ballooned_mib_s, ballooned_max_mib;
    double swapped_mib_s, swapped_max_mib;
    double compressed_mib_s;
    double granted_mib_s;
    double paged_s, swapped_s;
};

/* I/O of one guest that the pool's latency does not change: by what it waits for, and what
 * reaches the disks. */
struct hr_guest_io {
    double page_reads_iops;
    double swap_reads_iops;
    double cache_reads_iops;
    double at_full_speed_iops; /* back-end, scales with its progress */
    double regardless_iops;    /* back-end, does not */
};

/* Minimum, integral and maximum of a quantity over the hour under way. */
struct hr_series_sum {
    double min, max, integral;
};

struct hr_host {
    double physical_mib;
    double hypervisor_mib;
    double capacity_mhz; /* in the reference core's MHz, less the hypervisor's own use */
    int n_cores;
    bool up;
    enum hr_memory_state state;
    struct hr_policy_memo memo;
    uint32_t *ids; /* guests that hold memory here */
    uint32_t n;
    double starting_mib;   /* for admitted starts that wait for room */
    uint32_t n_starting;   /* guests that wait or boot here */
    int64_t last_us;       /* integrated up to here */
    uint64_t review;       /* handle of its pending review */
    double cpu_mhz;        /* used now */
    double cpu_demand_mhz; /* asked for now; may exceed the capacity */
    double io_wait;        /* seconds waited for the I/O ceiling per second of work */
    double pool_load_iops; /* back-end load of its guests when the pool was last solved */
    bool io_is_fresh;      /* world's io holds for its guests: nothing has changed them since */
    double free_mib;       /* at last_us */
    double min_free_mib;
    bool noted_swap, noted_balloon, noted_low;
    struct hr_host_result result; /* sums while running, finished at the end */
    double cpu_mhz_s;
    double used_mib_s;
    double up_s;
    struct hr_series_sum *series; /* HR_SERIES__COUNT, or NULL */
};

/* Rows that grow during a run: taken from the heap between events only. */
struct hr_notes {
    struct hr_noted_event *events;
    uint32_t n_events, most_events;
    struct hr_series_row *series;
    uint32_t n_series, most_series;
    struct hr_guest_sample *guest_samples;
    uint64_t n_guest_samples, most_guest_samples;
    struct hr_host_sample *host_samples;
    uint64_t n_host_samples, most_host_samples;
};

struct hr_world {
    const struct hr_scenario *scenario;
    const struct hr_load *load;
    const struct hr_run_options *options;
    const struct hr_memory_policy *policy;
    const struct hr_platform *platform;
    struct hr_memory_rules rules;
    hr_arena *arena;
    hr_queue *queue;
    struct hr_guest_table *t;
    struct hr_host *hosts;
    uint32_t n_hosts;
    enum hr_phase phase;
    int64_t now_us;
    int64_t next_tick_us;
    int64_t phase_start_us;
    int64_t failure_us; /* of this branch; -1 before */

    /* by guest */
    struct hr_pages *pages;
    struct hr_flow *flow;
    struct hr_guest_decision *decision;
    struct hr_sharers *sharers; /* on its host */
    double *cpu_wait;           /* seconds waited for processors per second of work */
    double *weight_mib;         /* expected memory, for placement */
    double *weight_mhz;
    bool *refused;
    bool *killed;
    bool *lost_host;
    uint8_t *start_cause;   /* enum hr_start_cause of its start under way, or last */
    double *start_need_mib; /* kept free on its host for it while it waits */
    uint32_t *n_boots;
    double *smart_max_mib;
    double *restart_s;
    uint32_t *first_host;
    struct hr_guest_record *records;
    struct hr_guest_memory *memory;        /* NULL unless asked for */
    double (*cause_wait)[HR_CAUSE__COUNT]; /* waits by cause, of the last solve */
    struct hr_guest_io *io;                /* see io_is_fresh */

    /* storage pool, shared by all hosts */
    double pool_iops; /* back-end capacity */
    int pool_servers;
    double pool_latency_s; /* service time without load */
    double pool_mirror_s;  /* mean wait of an operation for the other site */
    double latency_s;      /* now */
    double pool_load_iops; /* back-end, now */
    double pool_load_s;    /* integral of utilisation */

    struct hr_notes *notes; /* shared by the branch; borrowed */
    int lowest_priority;    /* guests of a greater priority number are not placed */
    uint32_t n_migrations;
    uint64_t n_solves;
    uint64_t n_samples;
    bool hopeless;
    struct hr_where where;
};

/* world.c */
struct hr_world *hr_world_new(hr_arena *arena, const struct hr_scenario *scenario,
                              const struct hr_load *load, const struct hr_run_options *options,
                              struct hr_notes *notes);
/* Disks in the hosts go with those that are not up; an array keeps its own. Once, after the
 * hosts failed. */
void hr_world_lose_disks(struct hr_world *w);

/* A copy that goes on alone in another arena, with records of its own that start empty. */
struct hr_world *hr_world_branch(const struct hr_world *world, hr_arena *arena,
                                 enum hr_phase phase);
void hr_world_note(struct hr_world *world, enum hr_event_code code, uint32_t host,
                   uint32_t guest);
/* Takes over the demand of one load step for all guests. */
void hr_world_demand(struct hr_world *world, uint32_t step);
void hr_world_host_add(struct hr_world *world, uint32_t host, uint32_t guest);
void hr_world_host_remove(struct hr_world *world, uint32_t guest);

/* Would a guest bring a host's configured memory above the cluster's limit? */
bool hr_exceeds_limit(const struct hr_world *world, uint32_t host, uint32_t guest);

/* placement.c: who runs where. */
void hr_place_all(struct hr_world *world);
void hr_place_down(struct hr_world *world);
/* The host on which a guest may start, or HR_NO_HOST. most_starting: 0 no limit. */
uint32_t hr_place_one(struct hr_world *world, uint32_t guest, uint32_t most_starting);
/* An admitted guest waits on a host until there is room, or begins at once. */
void hr_guest_wait(struct hr_world *world, uint32_t host, uint32_t guest,
                   enum hr_start_cause cause);
void hr_guest_begin(struct hr_world *world, uint32_t guest);
void hr_guests_begin_waiting(struct hr_world *world, uint32_t host);
struct hr_start_spec hr_start_spec_of(const struct hr_guest_table *t, uint32_t guest,
                                      enum hr_start_cause cause);

/* power.c: guests go on and off, reboot, and are killed. */
void hr_power_schedule(struct hr_world *world);
void hr_power_on(struct hr_world *world, uint32_t guest);
void hr_power_off(struct hr_world *world, uint32_t guest);
void hr_reboot(struct hr_world *world, uint32_t guest);
void hr_kill(struct hr_world *world, uint32_t guest);

/* balance.c: guests move from busy hosts, where the platform balances. */
void hr_balance(struct hr_world *world);

/* solve.c: what the hosts decide, and how much their guests wait. */
struct hr_host_view hr_host_view_of(const struct hr_world *world, uint32_t host);
/* To be called by whoever changes what guests hold on the host, or which guests it has. */
void hr_pages_refresh(struct hr_world *world, uint32_t host);
/* Requires: pages refreshed since the last such change. */
void hr_host_solve(struct hr_world *world, uint32_t host);
/* No host holds more than it has: what is too much goes at once. Then all must add up. */
void hr_host_close_books(struct hr_world *world, uint32_t host);
void hr_settle(struct hr_world *world);

/* contention.c: processors of a host, the storage pool of the cluster. */
void hr_cpu_solve(struct hr_world *world, uint32_t host);
void hr_pool_solve(struct hr_world *world);
/* What host swap can write: its device's rate, and no more than the whole pool can do. */
double hr_pool_reclaim_mibps(const struct hr_world *world);
/* Solves the pool again when this host's load on it has changed. Returns: true when its latency
 * moved so far that the host must decide again. */
bool hr_pool_review(struct hr_world *world, uint32_t host);
/* The waits of the host's guests at the pool's latency: sets cause_wait, wait and progress. */
void hr_host_waits(struct hr_world *world, uint32_t host);

/* fluid.c: from one event to the next. */
void hr_host_advance(struct hr_world *world, uint32_t host, int64_t t_us);

/* record.c */
void hr_record_guest(struct hr_world *world, uint32_t guest, double dt_s);
/* A guest that was down or waited ceases to, or the phase ends. */
void hr_record_down(struct hr_world *world, uint32_t guest);
void hr_record_host(struct hr_world *world, uint32_t host, int64_t from_us, int64_t to_us,
                    const double *start, const double *end);
/* Every guest and host as it is now, where samples are asked for. */
void hr_record_samples(struct hr_world *world);
/* The most of each part of memory on a host, where it is asked for. */
void hr_record_peaks(struct hr_world *world, uint32_t host);
void hr_record_levels(const struct hr_world *world, uint32_t host, double *out);
void hr_record_phase(struct hr_world *world, struct hr_run_result *out);

#endif
