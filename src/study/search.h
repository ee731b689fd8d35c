/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/search.h - the parts of a sizing search, private to study/. */
#ifndef HR_STUDY_SEARCH_H
#define HR_STUDY_SEARCH_H

#include "study/size.h"

/* The loads of all replications: made once, shared by every candidate. Above a size limit each
 * run makes its own and drops it. */
struct hr_loads {
    struct hr_load_guest *guests;
    uint32_t n_guests;
    struct hr_load_params params; /* replication is set per load */
    struct hr_load **made;        /* by replication; NULL entries are made on demand */
    int n;
};
/* demand_factor: so many times what the guests ask for today. */
void hr_loads_init(struct hr_loads *loads, const struct hr_guests *guests,
                   const struct hr_size_options *options, double demand_factor);
void hr_loads_clear(struct hr_loads *loads);
/* Returns: the load of a replication; *own says that the caller frees it. */
struct hr_load *hr_loads_take(const struct hr_loads *loads, int replication, bool *own);

/* What the arithmetic knows of a platform's guests: sums no cluster can do without. */
struct hr_needs {
    double memory_all_mib; /* admission: Σ over all guests */
    double
        memory_restart_mib; /* Σ over priority high and medium: must be back after a failure */
    double memory_largest_mib; /* the largest single admission */
    double active_mib;         /* mean working sets in the day after the worst hour */
    double cpu_mhz;            /* mean demand in the same day */
    const char *largest_guest;
    uint32_t n_guests;  /* running */
    uint32_t n_restart; /* of priority high and medium */
    int most_vcpus;     /* of one guest: no host may have fewer threads */
    const char *widest_guest;
};
void hr_needs_of(const struct hr_guests *guests, const struct hr_platform *platform,
                 const struct hr_load *load, uint32_t day_steps, struct hr_needs *out);

/* Do the platform's limits or its licences exclude this cluster? They do so for any cluster
 * with more of the same hosts, but that guests may find more room. Returns: the reason, the
 * caller's to free, or NULL. */
char *hr_platform_excludes(const struct hr_platform *platform,
                           const struct hr_cluster_spec *cluster, uint32_t n_guests);

/* Do disks in the hosts not hold the data, or lose it or their majority with the spare hosts?
 * Returns: the reason, the caller's to free, or NULL; of an array always NULL. */
char *hr_storage_excludes(const struct hr_cluster_spec *cluster, int spare_hosts);

/* Does the arithmetic exclude this cluster? Returns: the reason, the caller's to free, or NULL.
 */
char *hr_arithmetic_excludes(const struct hr_needs *needs, const struct hr_platform *platform,
                             const struct hr_cluster_spec *cluster, int spare_hosts);

/* Mean demand of all guests for processors, by half months since the start; made as it is asked
 * for, the same for all platforms. */
struct hr_growth {
    double *cpu_mhz; /* negative: not yet known */
    size_t n;
};
void hr_growth_init(struct hr_growth *growth, const struct hr_size_options *options);
void hr_growth_clear(struct hr_growth *growth);

/* Everything a search of one platform works with. */
struct hr_search {
    const struct hr_guests *guests;
    const hr_pricebook *book;
    const struct hr_size_options *options;
    const struct hr_platform *platform; /* as it is on the storage */
    const struct hr_server **servers;   /* NULL-terminated */
    const struct hr_storage *storage;
    const struct hr_loads *loads;
    struct hr_needs needs;
    const struct hr_guests *today; /* before growth */
    struct hr_growth *growth;
    struct hr_size_result *totals;   /* counters */
    const struct hr_cost_kept *kept; /* of the clusters; NULL: all is bought */
};

/* What simulating one cluster gave. */
struct hr_evaluation {
    enum hr_verdict verdict;
    char *constraint;
    bool is_clear;       /* the first look sufficed */
    enum hr_cause cause; /* of the slowdown that broke; HR_CAUSE__COUNT when it was not one */
    struct hr_run_result *runs;
    int n_runs;
};

/* Simulates a cluster until the verdict is clear. Owner of *out: the caller
 * (hr_evaluation_clear). */
void hr_evaluate(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                 struct hr_evaluation *out);
void hr_evaluation_clear(struct hr_evaluation *evaluation);

/* Runs every replication without a host failure. Returns: mean use of processors, 0 to 1. */
double hr_evaluate_use(const struct hr_search *search, const struct hr_cluster_spec *cluster);

/* Runs replication 0 again with hourly series, for the charts. */
void hr_evaluate_series(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                        struct hr_run_result *first);

/* What breaks over these runs, in words: the caller's to free; NULL: nothing. Slowdowns count
 * by their mean over the runs. */
char *hr_broken_level(const struct hr_guests *guests, const struct hr_service_level *level,
                      const struct hr_run_result *runs, int n);
/* The main cause when every run breaks by a slowdown of the same cause, else HR_CAUSE__COUNT.
 */
enum hr_cause hr_slowdown_cause(const struct hr_service_level *level,
                                const struct hr_run_result *runs, int n);
/* Beyond doubt: a hard rule is broken, or a slowdown exceeds its level by a quarter. */
bool hr_clearly_breaks(const struct hr_service_level *level, const struct hr_run_result *run);

struct hr_estimate hr_estimate_of(const double *values, int n);

/* ---- growth ---- */

bool hr_size_grows(const struct hr_size_options *options);
/* What each guest asks for at a month, of what it asks for today. */
double hr_demand_factor(const struct hr_size_options *options, double month);
/* The guests of a month. Returns: the caller's. */
struct hr_guests *hr_guests_at(const struct hr_search *search, double month);

/* A search with other guests or another demand than the study's, by a few replications. */
struct hr_other_load {
    struct hr_size_options options;
    struct hr_loads loads;
    struct hr_search search;
};
void hr_other_load_init(struct hr_other_load *other, const struct hr_search *search,
                        const struct hr_guests *guests, double demand_factor,
                        int most_replications);
void hr_other_load_clear(struct hr_other_load *other);

/* Do these guests run well on the cluster, the spare hosts failing? By two replications. */
bool hr_holds(const struct hr_search *search, const struct hr_cluster_spec *cluster,
              const struct hr_guests *guests, double demand_factor);
/* The same for the guests and the demand of a month. */
bool hr_holds_at(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                 int month);
/* The last month at which it holds, by halving; it holds at from_month. At most to_month. */
int hr_last_month(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                  int from_month, int to_month);

/* Of a cluster that was simulated with the load of the end: the first year is simulated too. */
struct hr_use hr_use_of_runs(const struct hr_search *search,
                             const struct hr_cluster_spec *cluster,
                             const struct hr_run_result *runs, int n_runs);
/* Of a cluster that runs from one half month to another: both loads are simulated. */
struct hr_use hr_use_between(const struct hr_search *search,
                             const struct hr_cluster_spec *cluster, int early_half,
                             int late_half);
/* Appends struct hr_cost_period: a year or a part of one each, by the load of its middle. */
void hr_add_periods(const struct hr_search *search, int n_hosts, const struct hr_use *use,
                    int from_month, int to_month, GArray *periods);

/* Hosts that carry the guests when the spare ones have failed; at least one. */
uint32_t hr_survivors(int n_hosts, int spare_hosts);

/* The most Windows guests each host may ever hold, by the runs or spread evenly. Returns: the
 * caller's. */
uint32_t *hr_windows_max(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                         const struct hr_run_result *runs, int n_runs);

/* How long guests are down after one of its hosts failed, and how long they wait for memory, by
 * the runs. */
void hr_find_risk(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                  const struct hr_run_result *runs, int n_runs, struct hr_cost_risk *out);

/* What a cluster costs, and what ran on it when. */
struct hr_priced {
    struct hr_cost cost;
    struct hr_use use;
    GArray *periods; /* struct hr_cost_period */
    struct hr_kept_bill *bill;
};
/* Prices a cluster by what its runs say. Owner of *out: the caller (hr_priced_clear). */
bool hr_price_cluster(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                      const struct hr_run_result *runs, int n_runs, struct hr_priced *out,
                      GError **error);
void hr_priced_clear(struct hr_priced *priced);
bool hr_price_lower_bound(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                          int64_t *tco_cents, GError **error);
/* The input of that bound, to be priced again. Returns: the caller's. */
struct hr_kept_bill *hr_keep_unsimulated(const struct hr_search *search,
                                         const struct hr_cluster_spec *cluster);
/* Fills answer->tco_interval. Requires: a feasible answer with its stages. */
bool hr_price_interval(const struct hr_search *search, struct hr_size_answer *answer,
                       GError **error);

/* The same bound, and one of the capital cost within it. */
bool hr_price_lower_bounds(const struct hr_search *search,
                           const struct hr_cluster_spec *cluster, int64_t *capex_cents,
                           int64_t *tco_cents, GError **error);
bool hr_price_watts_max(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                        double *watts, GError **error);

/* ---- the customer's limits ---- */

/* Is this cluster beyond them, as far as can be told without simulation? Returns: false with
 * *error; *reason is the caller's, NULL within the limits. */
bool hr_limits_missed(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                      char **reason, GError **error);
/* The same of the exact cost. Returns: the reason, the caller's, or NULL. */
char *hr_limits_missed_priced(const struct hr_search *search, const struct hr_cost *cost);
/* Adds to answer->binding which limit binds and what it costs, or, where nothing is feasible
 * within the limits, which cluster misses them least. Simulates some beyond them. candidates:
 * all of them, struct hr_candidate. */
bool hr_limits_explain(const struct hr_search *search, const GArray *candidates,
                       struct hr_size_answer *answer, GError **error);

/* Fills answer->keep, where present hosts are to be compared. */
bool hr_find_keep(const struct hr_search *search, struct hr_size_answer *answer,
                  GError **error);

/* When which host must be bought, and what that costs: fills answer->staged. Requires: an
 * answer with its runs. */
bool hr_find_stages(const struct hr_search *search, struct hr_size_answer *answer,
                    GError **error);

/* What the cluster has left for today's guests. */
void hr_find_reserve(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                     struct hr_reserve_found *out);

/* Disks for the guests' data and, where the host may swap, for what it could swap. Returns: 0
 * when the storage cannot hold it on so many hosts. */
int hr_size_disks(const struct hr_guests *guests, const struct hr_platform *platform,
                  const struct hr_storage *storage, int n_hosts);
/* The same cluster with another number of hosts: of disks in hosts others are needed. */
struct hr_cluster_spec hr_size_cluster_of(const struct hr_search *search,
                                          const struct hr_cluster_spec *cluster, int n_hosts);

bool hr_same_cluster(const struct hr_cluster_spec *a, const struct hr_cluster_spec *b);

/* What the simulation says of the static floor's cluster, and which of the spreadsheet's rules
 * the answer does without. Returns: the caller's. */
char *hr_floor_difference(const struct hr_search *search, const struct hr_size_answer *answer);

/* The cheapest cluster by the static floor's arithmetic. */
bool hr_find_floor(const struct hr_search *search, struct hr_size_floor *out, GError **error);

#endif
