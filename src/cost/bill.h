/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost/bill.h - a cost in the making: prices are looked up, lines are added, cents are summed.
 *
 * A bill of a lower bound runs through the same steps and adds up the same roundings, but keeps
 * no lines and writes no text. Owner: hr_bill owns its lines until hr_bill_finish() moves them
 * out.
 */
#ifndef HR_COST_BILL_H
#define HR_COST_BILL_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "cost/cost.h"
#include "cost/prices.h"

enum { HR_BILL_PRICES_MAX = 8 };

struct hr_bill {
    const struct hr_cost_input *input;
    const struct hr_cost_params *params;
    const struct hr_prices *prices;
    bool is_bound; /* least power and licences, no text, no lines */
    bool is_total; /* exact, but the total alone: no text, no lines */
    GArray *lines; /* of struct hr_cost_line; NULL for a bound */
    /* "no price 'x' (needed by server y)" of every id that the book lacks, while another price
     * stands in for it; borrowed. NULL: the first is an error. */
    GPtrArray *missing;
    int64_t tco_cents;
    int64_t capex_cents; /* of it, what is bought at the start */
    char *windows_edition;
};

/* Whether neither text nor lines are made. */
static inline bool hr_bill_is_silent(const struct hr_bill *bill)
{
    return bill->is_bound || bill->is_total;
}

/* When a yearly line is paid. */
enum hr_bill_due {
    HR_BILL_START_OF_YEAR, /* in advance: subscriptions, support, maintenance */
    HR_BILL_MID_YEAR       /* as it arises: power; the middle stands for all the year */
};

/* A line to be added. Everything is borrowed; the bill copies what it keeps. */
struct hr_bill_entry {
    enum hr_cost_category category;
    const char *item;
    const char *rule; /* NULL on a silent bill */
    double units;
    const char *unit;
    hr_decimal price;
    const char *price_id;
    const struct hr_price *used[HR_BILL_PRICES_MAX]; /* that entered; NULL ends or fills them */
    /* Where the units are a share of a sum over used prices: how many of each. */
    hr_decimal part_units[HR_BILL_PRICES_MAX];
    double share;
    bool follows_periods; /* set by hr_bill_run_period() */
};

/* The price of an id. The format names who asks, for the message: "server %s".
 * Returns: borrowed; NULL with *error when id is NULL, missing in the book or out of range. */
const struct hr_price *hr_bill_price(const struct hr_bill *bill, const char *id, GError **error,
                                     const char *asker_format, ...) G_GNUC_PRINTF(4, 5);

/* The one of two that can be relied on less. */
enum hr_price_status hr_price_weaker(enum hr_price_status a, enum hr_price_status b);

/* A price that the scenario states; where: of it, "scenario.yaml:12". Borrows where. */
struct hr_price hr_bill_own_price(const char *where, hr_decimal price);

/* Formats a rule. Returns: NULL on a silent bill. Owner: the caller. */
char *hr_bill_text(const struct hr_bill *bill, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Adds what is bought at the start; nothing when there are no units.
 * Returns: false with *error when the amount is beyond all bounds. */
bool hr_bill_buy(struct hr_bill *bill, const struct hr_bill_entry *entry, GError **error);
/* Adds a running cost of one year, 1 … years; nothing when there are no units. */
bool hr_bill_run(struct hr_bill *bill, const struct hr_bill_entry *entry, int year,
                 enum hr_bill_due due, GError **error);
/* Adds the same running cost in every year. */
bool hr_bill_run_yearly(struct hr_bill *bill, const struct hr_bill_entry *entry,
                        enum hr_bill_due due, GError **error);

/* Adds a running cost as it arises over a period, paid in its middle. The entry's units are
 * those of a whole year. Where the input tells periods apart, the line's item says which one it
 * is. */
bool hr_bill_run_period(struct hr_bill *bill, const struct hr_bill_entry *entry,
                        const struct hr_cost_period *period, GError **error);
/* The periods of the bill: the input's, or one a year. Owner: the caller. */
struct hr_cost_period *hr_bill_periods(const struct hr_bill *bill, size_t *n);

/* Adds the shares of all lines and brings them into the order of the categories. Requires: no
 * bound. */
void hr_bill_close(struct hr_bill *bill);
/* Moves the lines into *out and sums them up. */
void hr_bill_finish(struct hr_bill *bill, struct hr_cost *out);
void hr_bill_clear(struct hr_bill *bill);

/* The parts of a bill, in the order in which they stand there. */
bool hr_bill_add_hardware(struct hr_bill *bill, GError **error);
bool hr_bill_add_addons(struct hr_bill *bill, GError **error);
bool hr_bill_add_platform(struct hr_bill *bill, GError **error);
bool hr_bill_add_windows(struct hr_bill *bill, GError **error);
bool hr_bill_add_power(struct hr_bill *bill, GError **error);
/* At full load, before cooling (hr_cost_watts_max()). */
bool hr_bill_watts_max(const struct hr_bill *bill, double *watts, GError **error);
bool hr_bill_add_maintenance(struct hr_bill *bill, GError **error);
bool hr_bill_add_labour(struct hr_bill *bill, GError **error);
/* What the scenario asks for beside the cluster; nothing where it asks for nothing. */
bool hr_bill_add_effort(struct hr_bill *bill, GError **error);
bool hr_bill_add_around(struct hr_bill *bill, GError **error);
bool hr_bill_add_backup(struct hr_bill *bill, GError **error);
bool hr_bill_add_once(struct hr_bill *bill, GError **error);
bool hr_bill_add_own(struct hr_bill *bill, GError **error);
bool hr_bill_add_risk(struct hr_bill *bill, GError **error);
/* Boxes that hold the backups; 0 without a target. */
int64_t hr_bill_backup_boxes(const struct hr_bill *bill);

/* What tax and residual value change in a bound when so many cents are paid in a month: no more
 * than hr_cost_add_shares() adds to a bill for the same line. */
int64_t hr_bill_bound_shares(const struct hr_cost_params *params,
                             enum hr_cost_category category, bool is_capex, int month,
                             int64_t cash_cents);
/* Appends the lines that are shares of the others: residual value, then tax. */
void hr_cost_add_shares(GArray *lines, const struct hr_cost_params *params,
                        const char *currency);

#endif
