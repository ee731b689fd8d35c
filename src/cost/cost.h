/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost/cost.h - the cost lines of one cluster over its years.
 *
 * Every line is units × price = amount, with its rule in words; each is discounted, then
 * rounded once; totals are sums of lines. Owner: hr_cost owns its lines and their text.
 *
 * Power, labour, effort, risk and the user's monthly lines follow what runs (hr_cost_period);
 * all else follows what is bought.
 *
 * When it is paid: what is bought, at month 0. Subscriptions, support of perpetual licences and
 * hardware maintenance of year y in advance, at month 12·(y − 1). Power and labour of year y,
 * or of a period within it, in its middle, at month 12·y − 6. Prices stay as the book has them,
 * over all years. What is capital: what is bought at month 0 and is no running cost (servers,
 * memory, storage, network, perpetual licences). All else is running cost, the first year's
 * subscription too. Lines stand in the order of the categories, within one item by item, years
 * ascending.
 *
 * What is worth something at the end is a line of its own with a negative price, in the
 * category of what was bought, as negative capital in the last month; so sums stay sums of
 * lines. Tax is a share of other lines' cash, by category and month.
 */
#ifndef HR_COST_COST_H
#define HR_COST_COST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"
#include "base/money.h"
#include "catalog/catalog.h"
#include "catalog/pricebook.h"
#include "scenario/costs.h"
#include "scenario/scenario.h"

enum { HR_COST_YEARS_MAX = 100 };

/* A backup product with what counts its units where the cluster does not: servers it is
 * installed on. */
struct hr_backup_choice {
    const struct hr_backup *product;
    int n_servers;
};

/* What backs the guests up, and how much of their data is kept. Borrowed throughout. */
struct hr_backup_plan {
    const struct hr_backup_choice *products;
    size_t n_products;
    const struct hr_backup *target; /* NULL: none is priced */
    double retention_days;
    double change_frac; /* of the data, a day */
};

struct hr_cost_params {
    int years;            /* 1 to HR_COST_YEARS_MAX */
    double discount_rate; /* per year, 0.07, 0 to 1; NPV factor (1 + d)^(-month/12) */
    const char
        *electricity_id; /* price ids; NULL: the defaults of the book's currency region */
    const char *labour_id;
    const char *pue_id;
    const char *memory_id;    /* DIMMs are this and "-64gb"; NULL: the server's, else
                                 "ddr5-rdimm" */
    const char *dimm_watt_id; /* NULL: the server's, else "rdimm-ddr5-watt" */
    const char *windows_id;   /* Windows Server is this and "-standard-pack16core" …; NULL: as
                                 the platform's host licence says, else the newest that the
                                 book sells in its month */
    int minimum_order_cores;  /* Broadcom's 72-core order; 0: off */
    const struct hr_costs *costs;        /* what is priced beside the cluster; NULL: nothing */
    const struct hr_backup_plan *backup; /* NULL: none */
};
void hr_cost_params_default(struct hr_cost_params *params);

/* What runs from one month to another, both within one year. */
struct hr_cost_period {
    int from_month, to_month; /* since the start: 0 and 12 are the first year */
    int n_hosts;
    uint32_t n_guests;
    double cpu_util_mean; /* 0 to 1 */
};

/* What the simulation says of guests that are down or wait for memory. */
struct hr_cost_risk {
    int n_hosts;                           /* simulated */
    uint32_t n_guests[HR_PRIORITY__COUNT]; /* simulated */
    double down_min[HR_PRIORITY__COUNT]; /* guest-minutes down in the day after one host failed,
                                            mean over the runs */
    double waiting_min_year; /* guest-minutes a year with host swap or guest paging */
};

/* What of a cluster is there already and not bought. It is maintained from the first year on:
 * its warranty is over. */
struct hr_cost_kept {
    int n_hosts;      /* with their network cards */
    int n_dimms;      /* in each of them */
    bool has_storage; /* array, disks and switches */
    bool has_windows; /* the licences of their Windows Server guests */
};

/* The cluster to price: what it is, and what the simulation says of it. */
struct hr_cost_input {
    const struct hr_platform *platform;
    const struct hr_server *server;
    struct hr_dimm_option memory;
    int n_hosts;
    const struct hr_storage *storage; /* NULL: none is priced */
    int n_disks;
    uint32_t n_guests; /* running */
    /* The running guests, n_guests of them, for licences by their cores or memory; borrowed.
     * NULL: none is known, and such a licence is counted by the hosts alone. */
    const struct hr_scenario_guest *guests;
    uint32_t n_windows_guests;   /* Windows Server guests running, whole cluster */
    const uint32_t *windows_max; /* per host: the most it may ever hold, after failover too;
                                    NULL: any host may come to hold them all */
    double cpu_util_mean;        /* 0 to 1, for power */
    /* What runs when, in order and without a gap over all years; borrowed. NULL: the hosts, the
     * guests and the use of processors above, in every year. */
    const struct hr_cost_period *periods;
    size_t n_periods;
    double disk_gib;                 /* of guests at the end of the years, for backup */
    const struct hr_cost_risk *risk; /* NULL: not known, and not priced */
    const struct hr_cost_kept *kept; /* borrowed; NULL: all is bought */
};

/* How a price entered a line. */
enum hr_cost_use {
    HR_COST_USE_PRICE, /* units × this is the line's cash */
    HR_COST_USE_PART, /* the line's units are a share of the sum of its parts, units × price */
    HR_COST_USE_OTHER, /* the units hang on it in some other way */
    HR_COST_USE__COUNT
};
const char *hr_cost_use_name(enum hr_cost_use use); /* "price", "part", "other" */

struct hr_cost_used {
    char *price_id;
    hr_decimal price;
    enum hr_cost_use use;
    hr_decimal units; /* of a part; else 0 */
};

struct hr_cost_line {
    enum hr_cost_category category;
    bool is_capex;        /* else running cost */
    int year;             /* 0: at the start; 1 … years: paid in that year */
    int month;            /* since the start, of the payment: the discount hangs on it */
    bool follows_periods; /* of what runs in a period, not of what is bought */
    char *item;
    char *rule; /* how the units come about, in words with its numbers */
    hr_decimal units;
    char *unit;
    hr_decimal price; /* per unit */
    char *price_id;   /* in the book; "" for what the storage or the scenario states */
    enum hr_price_status status; /* the weakest of the prices that enter */
    char *source;
    struct hr_cost_used *used; /* all prices that entered, in order */
    size_t n_used;
    double share;         /* of the sum of the parts that are the units; 0 without parts */
    int64_t cash_cents;   /* units × price, rounded once */
    int64_t amount_cents; /* discounted, rounded once */
};

struct hr_cost {
    struct hr_cost_line *lines;
    size_t n_lines;
    int64_t capex_cents, opex_cents, tco_cents; /* discounted */
    int64_t capex_cash_cents, opex_cash_cents, tco_cash_cents;
    char *windows_edition; /* "Standard", "Datacenter" or NULL: which was the cheaper */
};

/* Prices the cluster. Price ids that the book does not have are an error that names all of them
 * and who asks.
 * Returns: false with *error set; *out is then untouched. Owner of *out: the caller. */
bool hr_cost_compute(const struct hr_cost_input *input, const struct hr_cost_params *params,
                     const hr_pricebook *book, struct hr_cost *out, GError **error);
/* The units of a line of parts: the share of their sum, to the millionth. */
hr_decimal hr_cost_units_of_parts(const struct hr_cost_used *used, size_t n_used, double share);
/* What a line rests on: the weakest status of its prices, and their sources, each behind its id
 * where there are several. Returns: the caller's. */
char *hr_cost_sources(const struct hr_price *const *used, size_t n_used,
                      enum hr_price_status *weakest);
void hr_cost_used_free(struct hr_cost_used *used, size_t n_used);

/* Makes the sums anew from the lines. */
void hr_cost_sum_up(struct hr_cost *cost);
/* Frees what *cost owns and leaves it zero. */
void hr_cost_clear(struct hr_cost *cost);

/* A cluster as it is from a month on; the first stage has month 0, later ones greater months.
 * The periods of the first stage's input speak of all stages; those of the later ones are not
 * read. */
struct hr_cost_stage {
    struct hr_cost_input input;
    int month;
};

/* Prices a cluster bought in stages: the bill of the first one, and for each later one what it
 * needs more, bought in its month and paid for from then to the end of the years. Power and
 * labour are those of the periods. Requires: periods in the first stage. */
bool hr_cost_compute_staged(const struct hr_cost_stage *stages, size_t n_stages,
                            const struct hr_cost_params *params, const hr_pricebook *book,
                            struct hr_cost *out, GError **error);

/* A lower bound of the discounted cost: idle power, and for Windows the least guests per host
 * that any placement can have. Never above hr_cost_compute() of the same cluster, whatever
 * cpu_util_mean (of the input or of a period) and windows_max a simulation finds, as long as
 * each Windows guest has a host (the sum of windows_max is n_windows_guests or more). Neither
 * of the two is read, nor is the risk, which may cost nothing. Cost: some 30 price lookups, no
 * text; cheap enough for every candidate.
 */
bool hr_cost_lower_bound(const struct hr_cost_input *input, const struct hr_cost_params *params,
                         const hr_pricebook *book, int64_t *tco_cents, GError **error);

/* The same bound, and one of the capital cost within it. */
bool hr_cost_lower_bounds(const struct hr_cost_input *input,
                          const struct hr_cost_params *params, const hr_pricebook *book,
                          int64_t *capex_cents, int64_t *tco_cents, GError **error);

/* The most that the cluster's hosts can draw at full load with all their modules, and its
 * storage and switches with them, before cooling. */
bool hr_cost_watts_max(const struct hr_cost_input *input, const struct hr_cost_params *params,
                       const hr_pricebook *book, double *watts, GError **error);

/* The price id of a server's modules of that size, into buf of n bytes. */
void hr_cost_dimm_id(const struct hr_cost_params *params, const struct hr_server *server,
                     int dimm_gib, char *buf, size_t n);

/* Disks needed for gib of guest data on so many hosts: whole groups, parity, spares, copies and
 * headroom counted. Of arrays as many equal ones as it takes, whatever the hosts; of a pool
 * over the hosts as many for each that the data still fits with one host gone; of local disks
 * each host's even share. Returns: 0 when this storage cannot hold it at all. */
int hr_storage_disks_on(const struct hr_storage *storage, double gib, int n_hosts);
/* The same of arrays, and of disks in hosts for the fewest hosts. */
int hr_storage_disks_for(const struct hr_storage *storage, double gib);
/* I/O a second that n disks, less the spares, can do at the storage's read share and RAID write
 * penalty: n·I / (R + W·penalty). */
double hr_storage_iops(const struct hr_storage *storage, int n_disks);

#endif
