/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/size.h - the main job: for every platform the cheapest cluster that meets the service
 * levels with the spare hosts failed, found by simulation; beside it the static floor.
 *
 * Owner: hr_size_result owns its arrays and text; catalogue, price book and guests are borrowed
 * and must outlive it.
 */
#ifndef HR_STUDY_SIZE_H
#define HR_STUDY_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/progress.h"
#include "catalog/catalog.h"
#include "catalog/pricebook.h"
#include "cost/cost.h"
#include "run/run.h"
#include "scenario/limits.h"
#include "scenario/scenario.h"
#include "study/change.h"
#include "study/keep.h"
#include "study/reprice.h"

/* What a platform is sized on, where its file or the call says so. */
struct hr_size_fit {
    const struct hr_platform *platform; /* NULL ends the list */
    const struct hr_server **servers;   /* NULL-terminated; NULL: those of the study */
    const struct hr_storage *storage;   /* NULL: that of the study */
};

struct hr_size_options {
    const struct hr_platform **platforms; /* NULL-terminated */
    const struct hr_server **servers;     /* NULL-terminated */
    const struct hr_storage *storage;
    const struct hr_size_fit
        *fits; /* platforms with servers or storage of their own; NULL: none */
    int hosts; /* 0: as many as are needed */
    int spare_hosts;
    double days;
    int replications;
    uint64_t seed;
    int n_threads;
    struct hr_service_level service_level;
    bool buy_staged;          /* the answer's cost is that of buying in stages */
    double growth_pct;        /* of the number of guests, a year, compounding */
    double demand_growth_pct; /* of what each guest asks for, a year, compounding */
    struct hr_cost_params cost;
    struct hr_limits limits;    /* its text is borrowed */
    const struct hr_keep *keep; /* the present hosts, to be compared; NULL: not asked for */
    bool search_growth; /* at which growth the two cheapest platforms change places; slow */
    bool cost_alone;    /* clusters and their cost, no floor, reserve, series or changes */
    hr_progress *progress;
};

/* A mean over replications with its 95 % interval (Student's t). */
struct hr_estimate {
    double mean, low, high;
};

enum hr_verdict {
    HR_VERDICT_FEASIBLE,
    HR_VERDICT_INFEASIBLE, /* simulated, and a service level broke */
    HR_VERDICT_EXCLUDED,   /* the arithmetic alone excludes it */
    HR_VERDICT__COUNT
};
const char *hr_verdict_name(enum hr_verdict verdict);

/* One cluster that was looked at. */
struct hr_candidate {
    struct hr_cluster_spec cluster;
    int64_t lower_bound_cents;
    enum hr_verdict verdict;
    int replications;          /* simulated */
    bool is_limited;           /* excluded by the platform's limits or its licence */
    bool lacks_processors;     /* clearly too slow for want of processors */
    char *constraint;          /* what broke; NULL when feasible */
    int64_t tco_cents;         /* -1: not priced */
    int64_t capex_cents;       /* where it is priced */
    struct hr_kept_bill *bill; /* to price it again; NULL: not priced */
};

struct hr_size_floor {
    struct hr_cluster_spec cluster;
    struct hr_floor floor;
    struct hr_cost cost;
    char *difference; /* why the simulation's answer differs */
};

/* What a cluster has left for the guests of today, with the spare hosts failed. */
struct hr_reserve_found {
    uint32_t more_guests;     /* average guests of the mix that still fit */
    bool more_at_least;       /* the search stopped there: more may fit */
    double largest_guest_mib; /* the largest single guest that still fits; 0: none */
    double lasts_months; /* until it is full at the study's growth; -1: there is no growth */
    bool lasts_at_least; /* the search stopped there: it may last longer */
};

enum { HR_STAGES_MAX = 12 };

struct hr_stage {
    int month;   /* since the start */
    int n_hosts; /* from then on */
};

/* The same cluster, each host bought in the month it is needed. */
struct hr_staged {
    struct hr_stage stages[HR_STAGES_MAX];
    uint32_t n_stages; /* 0: without growth, or nothing can wait */
    struct hr_cost cost;
    struct hr_cost_period *periods; /* what runs when; NULL without stages */
    size_t n_periods;
    struct hr_kept_bill *bill; /* to price it again; NULL without stages */
};

/* Use of a cluster's processors at two loads; between them it goes straight with demand. */
struct hr_use {
    double early_mhz, late_mhz;   /* mean demand of all guests; 0 without growth */
    double early_frac, late_frac; /* use, 0 to 1 */
};

struct hr_size_answer {
    const struct hr_platform *platform;
    bool feasible;
    struct hr_cluster_spec cluster;
    struct hr_cost cost;
    struct hr_use use;
    struct hr_cost_period *periods; /* what runs in each year, all bought at the start */
    size_t n_periods;
    double overcommit_ratio;
    struct hr_estimate slowdown_p95[HR_PHASE__COUNT]; /* of the worst guest */
    uint32_t worst_guest[HR_PHASE__COUNT];
    double swapped_min, paged_min; /* guest-minutes per run, mean over replications */
    double cpu_util_mean;          /* at the end of the horizon; periods has each year's */
    uint32_t n_lost_host, n_not_restarted; /* in the worst replication */
    double restart_max_s;
    char *failure_outcome;
    char *binding;              /* what broke for the next smaller cluster */
    char *next_smaller;         /* which that is */
    struct hr_run_result *runs; /* of the chosen cluster; series of the first */
    int n_runs;
    struct hr_candidate *candidates; /* in the order looked at */
    uint32_t n_candidates;
    struct hr_candidate *rest; /* never looked at: their lower bound exceeds the answer */
    uint32_t n_rest;
    struct hr_money_range tco_interval; /* 95 %, of the cost that hr_size_cost() returns */
    struct hr_size_floor floor;
    struct hr_reserve_found reserve;
    struct hr_staged staged;
    struct hr_keep_option *keep; /* what the present hosts can do */
    uint32_t n_keep;
};

struct hr_size_result {
    struct hr_size_answer *answers; /* cheapest feasible first, infeasible ones last */
    uint32_t n_answers;
    struct hr_platform *platforms; /* as they are on their storage: what the bills kept name */
    struct hr_guests *guests;      /* that were simulated: those of the end of the horizon */
    uint32_t n_today;              /* guests that run at the start */
    struct hr_changes changes;     /* what would change the answer */
    double guest_samples;          /* simulated, all runs */
    uint64_t n_runs;
    uint64_t n_solves;
};

/* The storage and the servers that a platform is sized on. */
const struct hr_storage *hr_size_storage(const struct hr_size_options *options,
                                         const struct hr_platform *platform);
const struct hr_server **hr_size_servers(const struct hr_size_options *options,
                                         const struct hr_platform *platform);

/* guests: those of today; the study's clusters are sized for what growth makes of them by the
 * end. Returns: false with *error when a price is missing. *out is then untouched. */
bool hr_size(const struct hr_guests *guests, const hr_pricebook *book,
             const struct hr_size_options *options, struct hr_size_result *out, GError **error);
void hr_size_result_clear(struct hr_size_result *result);

/* TCO over the guests that run, rounded half to even. 0 when infeasible. */
int64_t hr_size_cost_per_guest_cents(const struct hr_size_answer *answer, bool buy_staged,
                                     uint32_t n_guests);
/* The cost of the answer, all bought at the start or in stages (where anything can wait). */
const struct hr_cost *hr_size_cost(const struct hr_size_answer *answer, bool buy_staged);

/* The bill of that cost, to be priced again. NULL when infeasible. */
const struct hr_kept_bill *hr_size_bill(const struct hr_size_answer *answer, bool buy_staged);

/* What runs when, all bought at the start or in stages (where anything can wait). */
const struct hr_cost_period *hr_size_periods(const struct hr_size_answer *answer,
                                             bool buy_staged, size_t *n);

/* How long a run goes on after the host failure. */
#define HR_FAILURE_TAIL_H 24.0

/* The scenario of one candidate: what hr_size simulates, with the demand of the end of the
 * horizon. */
struct hr_scenario hr_size_scenario(const struct hr_guests *guests,
                                    const struct hr_platform *platform,
                                    const struct hr_cluster_spec *cluster,
                                    const struct hr_size_options *options);

#endif
