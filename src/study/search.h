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
void hr_loads_init(struct hr_loads *loads, const struct hr_guests *guests,
                   const struct hr_size_options *options);
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
    int most_vcpus; /* of one guest: no host may have fewer threads */
    const char *widest_guest;
};
void hr_needs_of(const struct hr_guests *guests, const struct hr_platform *platform,
                 const struct hr_load *load, uint32_t day_steps, struct hr_needs *out);

/* Does the arithmetic exclude this cluster? Returns: the reason, the caller's to free, or NULL.
 */
char *hr_arithmetic_excludes(const struct hr_needs *needs, const struct hr_platform *platform,
                             const struct hr_cluster_spec *cluster, int spare_hosts);

/* Everything a search of one platform works with. */
struct hr_search {
    const struct hr_guests *guests;
    const hr_pricebook *book;
    const struct hr_size_options *options;
    const struct hr_platform *platform;
    const struct hr_loads *loads;
    struct hr_needs needs;
    const struct hr_guests *today; /* before growth */
    struct hr_size_result *totals; /* counters */
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

/* Prices a cluster by what its runs say. */
bool hr_price_cluster(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                      const struct hr_run_result *runs, int n_runs, struct hr_cost *out,
                      GError **error);
bool hr_price_lower_bound(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                          int64_t *tco_cents, GError **error);

/* The most average guests more that fit: fills more_guests and more_at_least. Returns: false
 * when not even today's guests fit. */
bool hr_find_more(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                  struct hr_reserve_found *out);

/* When which host must be bought, and what that costs. */
bool hr_find_stages(const struct hr_search *search, const struct hr_size_answer *answer,
                    struct hr_staged *out, GError **error);

/* What the cluster has left for today's guests. */
void hr_find_reserve(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                     struct hr_reserve_found *out);

/* Disks for the guests' data and, where the host may swap, for what it could swap. */
int hr_size_disks(const struct hr_guests *guests, const struct hr_platform *platform,
                  const struct hr_storage *storage);

/* The cheapest cluster by the static floor's arithmetic. */
bool hr_find_floor(const struct hr_search *search, struct hr_size_floor *out, GError **error);

#endif
