/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/rows.h - the rows a study saves, as plain structs; the store knows nothing of
 * simulation.
 *
 * Text is borrowed during the call that saves it. Money in cents of study.currency. An optional
 * text may be NULL. Fractions are 0 to 1. Where a text is one of a list, the list stands here,
 * and the database refuses any other.
 */
#ifndef HR_STORE_ROWS_H
#define HR_STORE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

struct hr_row_study {
    const char *kind;    /* "size", "simulate", "sweep" */
    const char *title;   /* what was sized: the inventory's file name */
    const char *command; /* the words of the call */
    const char *program_version;
    const char *currency;
    const char *price_book; /* "2026" */
    const char *price_month;
    int64_t seed;
    double days;
    int replications;
    int years;
    int spare_hosts;
    double growth_pct;        /* of the number of guests, a year */
    double demand_growth_pct; /* of what each asks for, a year */
    double slowdown_level;    /* service level, fraction */
    double discount_rate;
    const char *powered_off; /* rule: "ignore", "storage", "full" */
    int64_t guests, powered_on, templates, vcpus, memory_mib; /* of the inventory (cli.md) */
    int64_t running;                                          /* guests simulated */
    int64_t running_end; /* guests that growth makes of them by the end: those simulated */
    double disk_gib;
};

/* One platform's answer. */
struct hr_row_platform {
    int rank; /* 1: cheapest feasible; infeasible ones last */
    const char *platform_id;
    const char *name;
    const char *policy; /* "static", "overcommit", "dynamic", "kvm" */
    bool feasible;
    const char *server_id;
    const char *server_name;
    int hosts;
    int dimm_gib, n_dimms;
    int64_t memory_mib_per_host;
    int cores_per_host;
    double overcommit_ratio;
    double slowdown_p95, slowdown_p95_low,
        slowdown_p95_high; /* worst guest; mean over replications, 95 % interval */
    double failure_slowdown_p95, failure_slowdown_p95_low, failure_slowdown_p95_high;
    const char *worst_guest;         /* in normal operation */
    const char *failure_worst_guest; /* in the day after the host failure; optional */
    double swapped_min, paged_min;   /* guest-minutes per run */
    double cpu_util_mean;
    int guests_lost_host, guests_not_restarted; /* worst replication */
    double restart_max_s;
    const char *failure_outcome; /* one sentence */
    int64_t capex_cents, opex_cents, tco_cents;
    int64_t tco_low_cents, tco_high_cents; /* 95 % interval over replications */
    int64_t capex_cash_cents, opex_cash_cents, tco_cash_cents;
    int64_t cost_per_guest_cents;
    const char *windows_edition; /* "Standard", "Datacenter"; optional */
    const char *binding;         /* the constraint that broke for the next smaller cluster */
    const char *next_smaller;    /* which cluster that is */
    int candidates_tried;
    int64_t reserve_guests;    /* average guests more that fit today, spare hosts failed */
    bool reserve_at_least;     /* the search ended there: more may fit */
    int64_t largest_guest_mib; /* the largest single guest more that fits today; 0: none */
    const char *buy;           /* "start" or "staged": what the costs above are */
    const char *staged_plan;   /* which hosts when; NULL or "" where nothing can wait */
    int64_t start_tco_cents;   /* all bought at the start */
    int64_t staged_tco_cents;  /* bought in stages; -1: nothing can wait */
    double lasts_months; /* until the cluster is full at the study's growth; -1: no growth */
    bool lasts_at_least; /* the search ended there: it may last longer */
};

/* What runs on a platform's cluster from one month to another, within one year. */
struct hr_row_period {
    const char *platform_id;
    int from_month, to_month;
    int hosts;
    int64_t guests;
    double demand_factor; /* what each guest asks for, of what it asks for today */
    double cpu_util_mean;
};

/* What a spreadsheet would answer for this platform. */
struct hr_row_floor {
    const char *platform_id;
    const char *server_id;
    int hosts;
    int dimm_gib, n_dimms;
    int64_t memory_mib_per_host;
    int hosts_memory, hosts_cpu;
    const char *binding;
    int64_t capex_cents, opex_cents, tco_cents;
    const char *difference; /* why the simulation differs, one sentence */
};

struct hr_row_candidate {
    const char *platform_id;
    int ordinal;
    const char *server_id;
    int hosts;
    int dimm_gib, n_dimms;
    int64_t memory_mib_per_host;
    int64_t lower_bound_cents;
    const char *verdict; /* "feasible", "infeasible", "excluded", "dearer" */
    int replications;
    const char *constraint; /* what broke; optional */
    int64_t tco_cents;      /* -1: not priced */
};

struct hr_row_scenario {
    const char *platform_id;
    const char *yaml;
};

struct hr_row_run {
    int replication;
    int64_t seed;
    const char *status; /* "done", "failed" */
    double slowdown_p95_worst, failure_slowdown_p95_worst, slowdown_mean;
    double swapped_min, paged_min, cpu_util_mean, storage_util_mean;
    int n_refused, n_lost_host, n_not_restarted;
    double restart_max_s, failure_t_s;
};

struct hr_row_guest_result {
    const char *name;
    const char *role, *os, *host;
    int64_t size_mib;
    bool refused, lost_host, restarted;
    double restart_s;
    const char *phase; /* "normal" or "failure" */
    double slowdown_mean, slowdown_p95, slowdown_p99, slowdown_max, above_level_min, down_min;
    double cause_guest_paging, cause_host_swap, cause_decompression, cause_lost_cache,
        cause_tier, cause_balloon, cause_cpu, cause_storage;
    double granted_mean_mib, ballooned_mean_mib, swapped_mean_mib, compressed_mean_mib;
};

struct hr_row_series {
    const char *phase;
    const char *host;
    const char *metric; /* "free_mib", "hypervisor_mib", "active_mib", "idle_mib", "shared_mib",
                         * "ballooned_mib", "compressed_mib", "swapped_mib", "demand_mib",
                         * "configured_mib", "cpu_mhz" */
    int hour;
    int64_t min, mean, max;
};

struct hr_row_event {
    const char *phase;
    double t_s;
    const char *code; /* "refused", "host_failed", "restarted", "not_restarted", "first_swap",
                       * "first_balloon", "first_low_state", "killed",
                       * "smart_paging" */
    const char *host, *guest; /* optional */
};

struct hr_row_cost_line {
    const char *platform_id;
    int ordinal;
    const char *category; /* "server", "memory", "storage", "network", "platform", "guest_os",
                           * "power", "support", "labour", "around", "backup",
                           * "application", "migration", "risk", "tax" */
    const char *kind;     /* "capex" or "opex" */
    int year, month;
    const char *item, *rule;
    int64_t units_micro; /* millionths, exact */
    const char *unit;
    int64_t price_micro; /* millionths of the currency, exact */
    const char *price_id;
    const char *status; /* "found", "derived", "recalled", "assumed", "quote" */
    bool starred;
    const char *source;
    int64_t cash_cents, amount_cents;
};

/* What is written off of one category's capital in one year, straight line, in cash. */
struct hr_row_depreciation {
    const char *platform_id;
    const char *category; /* as in a cost line */
    int year;
    int64_t depreciation_cents;
    int64_t book_value_cents; /* at the end of the year */
};

/* What a platform's cluster delivers over all years. */
struct hr_row_delivered {
    const char *platform_id;
    int64_t guest_months;
    int64_t memory_mib_months; /* configured memory of the guests that run */
};

/* At which price, or growth, the two cheapest platforms change places. */
struct hr_row_flip {
    int ordinal;
    const char *input; /* "memory", "licence_of_cheaper", "licence_of_dearer", "windows",
                        * "electricity", "labour", "growth" */
    const char *what;
    const char *cheaper_id, *dearer_id; /* as it is now */
    const char *price_id;               /* that is named; "" for growth */
    const char *unit;
    double value; /* now: units of currency per unit, or percent a year */
    bool starred;
    bool changes; /* else flip_value and factor are 0 */
    double flip_value, factor;
    const char *certainty; /* "certain", "not_before", "at_the_latest", "about" */
    const char *text;
};

/* The cost of a platform's answer with one input a fifth less and a fifth more. */
struct hr_row_swing {
    const char *platform_id;
    int ordinal; /* the widest first */
    const char *input, *name;
    const char *kind; /* "price", "parameter" */
    int64_t value_micro;
    const char *unit;
    int64_t base_cents, low_cents, high_cents;
    const char *status;
    bool starred;
    const char *source;
};

/* A step of a platform's licence bill. */
struct hr_row_cliff {
    const char *platform_id;
    int ordinal;
    int month;         /* -1: not dated */
    const char *event; /* "licences", "edition", "not_allowed", "host", "guest", "core",
                        * "server" */
    int64_t extra_cents, extra_year_cents;
    const char *text;
};

/* A price that entered a cost line. */
struct hr_row_cost_price {
    const char *platform_id;
    int ordinal;  /* of the line */
    int position; /* among the line's prices */
    const char *price_id;
    int64_t price_micro;
    const char *use;     /* "price": the line's own; "part": of a sum that the units are a share
                            of; "other" */
    int64_t units_micro; /* of a part; else 0 */
    double share;        /* of the sum of the line's parts; 0 without */
};

/* The electricity of a platform's cluster, mean over the years. */
struct hr_row_energy {
    const char *platform_id;
    double kwh_year;
    double co2_kg_year;       /* -1: not known */
    double co2_kg_kwh;        /* the grid's intensity; -1: not known */
    const char *intensity_id; /* in the price book; optional, so are status and source */
    const char *status;
    const char *source;
};

/* One way to go on with the present hosts on a platform. */
struct hr_row_keep_option {
    const char *platform_id;
    const char *variant; /* "as-is", "more-memory", "one-more-host" */
    bool renews;         /* the platform runs on them already; else they are moved */
    int hosts;
    const char *server_name;
    int dimm_gib, n_dimms; /* of a host */
    int64_t memory_mib_per_host;
    bool feasible;
    const char *reason; /* why not; optional */
    int replications;
    double slowdown_p95, failure_slowdown_p95; /* worst guest, mean over replications */
    bool priced;
    int64_t capex_cents, opex_cents, tco_cents; /* discounted; 0 where not priced */
    bool has_saving;
    int64_t saving_cents; /* against the cheapest new cluster of all platforms */
    double lasts_months;  /* -1: no growth */
    bool lasts_at_least;
};

/* Data quality: what was noted, mended, skipped in the inputs. */
struct hr_row_finding {
    const char *file;
    int line;
    const char *severity; /* "note", "mended", "skipped", "error" */
    const char *reason, *text;
};

/* A coefficient or rule taken for granted, with its source. */
struct hr_row_assumption {
    const char *topic, *text, *source;
};

/* key → value: versions, digests, price book. */
struct hr_row_provenance {
    const char *key, *value;
};

/* A sweep: many points, each the base scenario with the values of the axes put in. */
struct hr_row_sweep {
    const char *yaml;        /* the sweep file */
    const char *digest;      /* SHA-256 of all that decides the results, as hexadecimal */
    const char *base_digest; /* SHA-256 of the base scenario */
    const char *design;      /* "grid", "sobol", "latin-hypercube", "one-at-a-time",
                              * "saltelli" */
    int64_t design_seed;
    int64_t planned;   /* points of the whole design that constraints left */
    int64_t dropped;   /* points that constraints dropped */
    int shard, shards; /* which part this is, from 1; 1 of 1: all of it */
    bool complete;     /* every point of this part is there */
};

struct hr_row_sweep_axis {
    int axis;          /* from 1, in the order of the file */
    const char *name;  /* as constraints, charts and reports call it */
    const char *kind;  /* "field", "price", "platform", "server", "guests", "growth", "seed" */
    const char *path;  /* where in the scenario: "cluster.memory_mib"; the price's id; or "" */
    const char *unit;  /* or "" */
    const char *scale; /* "linear", "log" */
    bool is_number;
};

/* A platform that points of a sweep run on. */
struct hr_row_sweep_platform {
    const char *platform_id, *name, *policy;
};

/* A point of a sweep: means over its replications, but for what is said to be the worst. A
 * point that was refused or failed has zeros, and -1 for money. */
struct hr_row_point {
    int64_t point; /* from 1, its number in the whole design: the same in every shard */
    const char *platform_id;
    const char *status;   /* "done"; "refused": no valid scenario; "failed": could not be run */
    const char *message;  /* why refused or failed; optional */
    int64_t simulated_as; /* the point whose simulation it shares; itself when simulated */
    int replications;
    bool feasible;
    const char *broken; /* the service level that broke; optional */
    int hosts;
    int64_t memory_mib_per_host;
    int64_t guests;
    double overcommit_ratio;
    double slowdown_p95, slowdown_p95_low, slowdown_p95_high; /* worst guest; 95 % interval */
    double failure_slowdown_p95, failure_slowdown_p95_low, failure_slowdown_p95_high;
    double swapped_min, paged_min; /* guest-minutes per run */
    double ballooned_mean_mib;     /* of all guests together, mean over time */
    double cpu_util_mean;
    int64_t guests_not_restarted;                                     /* worst replication */
    double restart_max_s;                                             /* worst replication */
    int64_t capex_cents, opex_cents, tco_cents, cost_per_guest_cents; /* -1: not priced */
};

/* What an axis has at a point. */
struct hr_row_point_value {
    int64_t point;
    int axis;
    double number;    /* NAN: the axis has no numbers */
    const char *text; /* as it stands in the scenario */
};

/* How much of an output's variance an axis explains; written when a sweep is complete. */
struct hr_row_sobol_index {
    int axis;
    const char *output; /* "tco", "slowdown_p95", "failure_slowdown_p95", "disk_minutes" */
    const char *method; /* "saltelli", "binned" */
    int64_t samples;    /* base points of a Saltelli design; else points */
    double first, first_low, first_high; /* the axis alone; 95 % interval */
    double total, total_low,
        total_high; /* with all it does together with others; NAN: unknown */
};

#endif
