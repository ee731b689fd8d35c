/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost/cost.h - the cost lines of one cluster over its years.
 *
 * Every line is units × price = amount, with its rule in words; each is discounted, then rounded
 * once; totals are sums of lines. Owner: hr_cost owns its lines and their text.
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

enum hr_cost_category {
    HR_COST_SERVER,
    HR_COST_MEMORY,
    HR_COST_STORAGE,
    HR_COST_NETWORK,
    HR_COST_PLATFORM,   /* hypervisor and its management */
    HR_COST_GUEST_OS,
    HR_COST_POWER,
    HR_COST_SUPPORT,    /* hardware maintenance after the warranty */
    HR_COST_LABOUR,
    HR_COST__COUNT
};
const char *hr_cost_category_name(enum hr_cost_category category);

struct hr_cost_params {
    int years;
    double discount_rate;      /* per year, 0.07; NPV factor (1 + d)^(-month/12) */
    const char *electricity_id; /* price ids; NULL: the defaults of the book's currency region */
    const char *labour_id;
    const char *pue_id;
    int minimum_order_cores;   /* Broadcom's 72-core order; 0: off */
};
void hr_cost_params_default(struct hr_cost_params *params);

/* The cluster to price: what it is, and what the simulation says of it. */
struct hr_cost_input {
    const struct hr_platform *platform;
    const struct hr_server *server;
    struct hr_dimm_option memory;
    int n_hosts;
    const struct hr_storage *storage;
    int n_disks;
    uint32_t n_guests;                /* running at the start */
    uint32_t n_windows_guests;        /* Windows Server guests running, whole cluster */
    const uint32_t *windows_max;      /* per host: the most it may ever hold, after failover too */
    double cpu_util_mean;             /* 0 to 1, for power */
};

struct hr_cost_line {
    enum hr_cost_category category;
    bool is_capex;       /* else running cost */
    int year;            /* 0: at the start; 1 … years: paid in that year */
    int month;           /* since the start, of the payment: the discount hangs on it */
    char *item;
    char *rule;          /* how the units come about, in words with its numbers */
    hr_decimal units;
    char *unit;
    hr_decimal price;    /* per unit */
    char *price_id;
    enum hr_price_status status; /* the weakest of the prices that enter */
    char *source;
    int64_t cash_cents;  /* units × price, rounded once */
    int64_t amount_cents; /* discounted, rounded once */
};

struct hr_cost {
    struct hr_cost_line *lines;
    size_t n_lines;
    int64_t capex_cents, opex_cents, tco_cents;                /* discounted */
    int64_t capex_cash_cents, opex_cash_cents, tco_cash_cents;
    char *windows_edition;   /* "Standard", "Datacenter" or NULL: which was the cheaper */
};

/* Prices the cluster. A price id the book does not have is an error that names it and who asks.
 * Returns: false with *error set; *out is then untouched. Owner of *out: the caller. */
bool hr_cost_compute(const struct hr_cost_input *input, const struct hr_cost_params *params,
                     const hr_pricebook *book, struct hr_cost *out, GError **error);
void hr_cost_clear(struct hr_cost *cost);

/* A lower bound of the discounted cost: idle power, and for Windows the least guests per host that
 * any placement can have. Cheap enough for every candidate. */
bool hr_cost_lower_bound(const struct hr_cost_input *input, const struct hr_cost_params *params,
                         const hr_pricebook *book, int64_t *tco_cents, GError **error);

/* Disks needed for gib of guest data on this storage: whole groups, parity, spare and headroom
 * counted. Returns: 0 when it cannot hold that much. */
int hr_storage_disks_for(const struct hr_storage *storage, double gib);
/* I/O a second that n disks can do at the storage's read share and RAID write penalty. */
double hr_storage_iops(const struct hr_storage *storage, int n_disks);

#endif
