/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run/result.h - what one simulation yields (model.md §10): plain numbers, no pointers into it.
 *
 * Owner: hr_run_result owns its arrays. All means are exact time integrals over the run's
 * length.
 */
#ifndef HR_RUN_RESULT_H
#define HR_RUN_RESULT_H

#include <stdbool.h>
#include <stdint.h>

/* What made guests wait (model.md §2). */
enum hr_cause {
    HR_CAUSE_GUEST_PAGING,
    HR_CAUSE_HOST_SWAP,
    HR_CAUSE_DECOMPRESSION,
    HR_CAUSE_TIER, /* pages in the second tier of memory */
    HR_CAUSE_LOST_CACHE,
    HR_CAUSE_BALLOON,
    HR_CAUSE_CPU,
    HR_CAUSE_STORAGE,
    HR_CAUSE__COUNT
};
const char *hr_cause_name(enum hr_cause cause);

/* Normal operation, or the hours after the host failure (a branch of the same run). */
enum hr_phase { HR_PHASE_NORMAL, HR_PHASE_FAILURE, HR_PHASE__COUNT };
const char *hr_phase_name(enum hr_phase phase); /* "normal", "failure" */

struct hr_guest_phase {
    double slowdown_mean; /* time-weighted, 0 to 1, while running */
    double slowdown_p95;
    double slowdown_p99;
    double slowdown_max;
    double above_level_s;               /* time above the service level */
    double cause_mean[HR_CAUSE__COUNT]; /* adds up to slowdown_mean */
    double down_s;                      /* should run and does not */
    double ballooned_mean_mib, ballooned_max_mib;
    double swapped_mean_mib, swapped_max_mib; /* by the host */
    double compressed_mean_mib;
    double paged_s;          /* time in which the guest itself paged */
    double swapped_s;        /* time in which the host read its swapped pages back */
    double granted_mean_mib; /* consumed on overcommit, assigned on the others */
};

/* Where a guest's memory is (model.md §1, §4). */
enum hr_memory_part {
    HR_MEMORY_GRANTED,    /* backed by host memory, shared pages counted whole */
    HR_MEMORY_CONSUMED,   /* host memory it is charged with */
    HR_MEMORY_DEMAND,     /* what its processes need (commit) */
    HR_MEMORY_ACTIVE,     /* of what it may use, touched within the last minute */
    HR_MEMORY_SHARED,     /* mapped to a page that is shared */
    HR_MEMORY_SAVED,      /* of that, what costs no host memory */
    HR_MEMORY_BALLOONED,  /* taken by the balloon */
    HR_MEMORY_COMPRESSED, /* guest memory in the compression cache, before compression */
    HR_MEMORY_SWAPPED,    /* by the host; under dynamic memory, in its smart paging file */
    HR_MEMORY_TIERED,     /* in the second tier of the host's memory */
    HR_MEMORY_ASSIGNED,   /* its size; what it is given, under dynamic memory */
    HR_MEMORY_TARGET,     /* what the policy means it to hold: of consumed, or of assigned */
    HR_MEMORY__COUNT
};
const char *hr_memory_part_name(enum hr_memory_part part); /* "granted" ... */

/* A guest's memory at the end of a phase, and the most of each part during it; 0 while the
 * guest does not run. Pressure: demand over what it may use (assigned less ballooned). */
struct hr_guest_memory {
    double end_mib[HR_MEMORY__COUNT];
    double peak_mib[HR_MEMORY__COUNT];
    double pressure_end, pressure_peak;
    bool runs_at_end;
};

/* One guest at one moment; 0 while it does not run. */
struct hr_guest_sample {
    int64_t t_us;
    uint32_t phase;
    uint32_t guest;
    uint32_t host; /* UINT32_MAX: none */
    double mib[HR_MEMORY__COUNT];
    double pressure;
    double slowdown;
    double cpu_mhz;
};

/* One host at one moment. */
struct hr_host_sample {
    int64_t t_us;
    uint32_t phase;
    uint32_t host;
    uint32_t state; /* hr_host_state_name() */
    uint32_t n_guests;
    double free_mib;
    double overhead_mib;
    double mib[HR_MEMORY__COUNT]; /* sums over its guests */
    double cpu_mhz;
};

struct hr_guest_result {
    bool refused;     /* a power-on found no room */
    bool killed;      /* the host ended it for want of memory */
    uint32_t n_boots; /* power-ons and restarts during the run, the warm start not counted */
    double smart_paged_max_mib; /* most of its memory in a smart paging file */
    bool restarted;             /* it stood on a failed host and runs again at the end */
    bool lost_host;             /* it stood on a failed host */
    double restart_s; /* from the failure until it ran again; the tail's length if never */
    uint32_t host;    /* at the start */
    struct hr_guest_phase phase[HR_PHASE__COUNT];
};

/* Quantities of a host's hourly series. */
enum hr_series {
    HR_SERIES_FREE_MIB,
    HR_SERIES_HYPERVISOR_MIB, /* hypervisor and overheads */
    HR_SERIES_ACTIVE_MIB,     /* consumed or assigned, touched within the last minute */
    HR_SERIES_IDLE_MIB,       /* consumed or assigned, but not active */
    HR_SERIES_SHARED_MIB,     /* saved by page sharing */
    HR_SERIES_BALLOONED_MIB,
    HR_SERIES_COMPRESSED_MIB,
    HR_SERIES_SWAPPED_MIB,
    HR_SERIES_DEMAND_MIB,     /* commit of its guests */
    HR_SERIES_CONFIGURED_MIB, /* configured memory of its running guests */
    HR_SERIES_CPU_MHZ,        /* used */
    HR_SERIES__COUNT
};
const char *hr_series_name(enum hr_series series); /* "free_mib" … */

/* One host and quantity over one hour. */
struct hr_series_row {
    uint32_t phase;
    uint32_t host;
    uint32_t series;
    int32_t hour; /* since the start of the run */
    double min, mean, max;
};

enum hr_event_code {
    HR_NOTED_REFUSED, /* a power-on found no room */
    HR_NOTED_HOST_FAILED,
    HR_NOTED_RESTARTED,
    HR_NOTED_NOT_RESTARTED, /* still down at the end */
    HR_NOTED_FIRST_SWAP,    /* of a host */
    HR_NOTED_FIRST_BALLOON,
    HR_NOTED_FIRST_LOW_STATE,
    HR_NOTED_KILLED,       /* a guest was ended by its host */
    HR_NOTED_SMART_PAGING, /* a guest restarted with a part of its memory on disk */
    HR_NOTED__COUNT
};
const char *hr_event_code_name(enum hr_event_code code);

struct hr_noted_event {
    uint32_t phase;
    uint32_t code;
    int64_t t_us;
    uint32_t host;  /* UINT32_MAX: none */
    uint32_t guest; /* UINT32_MAX: none */
};

struct hr_host_result {
    double cpu_util_mean; /* share of capacity, normal phase */
    double cpu_util_max;
    double memory_used_mean_mib;
    double free_min_mib;
    double free_end_mib;  /* at the end of the normal phase; so is state_end */
    uint32_t state_end;   /* hr_host_state_name() */
    uint32_t state_worst; /* the one with least free memory, normal phase */
    double min_free_mib;  /* free memory that states are measured by; 0 where there are none */
    double state_s[5];    /* time in each state, by its number, normal phase */
    double overhead_end_mib;          /* of its guests */
    double end_mib[HR_MEMORY__COUNT]; /* sums over its guests, normal phase */
    double peak_mib[HR_MEMORY__COUNT];
    uint32_t guests_max;         /* most guests at once, both phases */
    uint32_t windows_guests_max; /* most running Windows Server guests at once, both phases */
    bool failed;
};

/* "high", "clear", "soft", "hard" or "low". */
const char *hr_host_state_name(uint32_t state);

struct hr_run_result {
    uint64_t seed;
    uint32_t replication;
    uint32_t n_guests;
    uint32_t n_hosts;
    struct hr_guest_result *guests;
    struct hr_host_result *hosts;
    struct hr_guest_memory *memory[HR_PHASE__COUNT]; /* by guest; NULL unless asked for */
    struct hr_noted_event *events;
    uint32_t n_events;
    struct hr_series_row *series; /* empty unless asked for */
    uint32_t n_series;
    struct hr_guest_sample *guest_samples; /* empty unless asked for; in order of time */
    uint64_t n_guest_samples;
    struct hr_host_sample *host_samples;
    uint64_t n_host_samples;
    int64_t failure_t_us; /* when the spare hosts failed; -1 without */
    uint32_t n_refused;
    uint32_t n_lost_host;                       /* guests on the failed hosts */
    uint32_t n_not_restarted;                   /* of those, still down at the end */
    double restart_max_s;                       /* of priority high and medium */
    double slowdown_p95_worst[HR_PHASE__COUNT]; /* the worst guest's p95 */
    uint32_t worst_guest[HR_PHASE__COUNT];
    double slowdown_mean[HR_PHASE__COUNT]; /* over guests */
    double swapped_min;                    /* guest-minutes of host swap-in, normal phase */
    double paged_min;                      /* guest-minutes of guest paging, normal phase */
    double cpu_util_mean;                  /* over hosts, normal phase */
    double storage_util_mean;
    uint32_t n_migrations;          /* live migrations by balancing, both phases */
    double simulated_guest_samples; /* guest × demand steps of both phases */
    uint64_t n_solves;              /* how often a host's targets were solved */
    bool hopeless;                  /* ended early: a service level could no longer be met */
};

void hr_run_result_free(struct hr_run_result *result);

#endif
