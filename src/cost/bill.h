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
    GArray *lines; /* of struct hr_cost_line; NULL for a bound */
    /* "no price 'x' (needed by server y)" of every id that the book lacks, while another price
     * stands in for it; borrowed. NULL: the first is an error. */
    GPtrArray *missing;
    int64_t tco_cents;
    char *windows_edition;
};

/* When a yearly line is paid. */
enum hr_bill_due {
    HR_BILL_START_OF_YEAR, /* in advance: subscriptions, support, maintenance */
    HR_BILL_MID_YEAR       /* as it arises: power; the middle stands for all the year */
};

/* A line to be added. Everything is borrowed; the bill copies what it keeps. */
struct hr_bill_entry {
    enum hr_cost_category category;
    const char *item;
    const char *rule; /* NULL on a bound */
    double units;
    const char *unit;
    hr_decimal price;
    const char *price_id;
    const struct hr_price *used[HR_BILL_PRICES_MAX]; /* that entered; NULL ends or fills them */
};

/* The price of an id. The format names who asks, for the message: "server %s".
 * Returns: borrowed; NULL with *error when id is NULL, missing in the book or out of range. */
const struct hr_price *hr_bill_price(const struct hr_bill *bill, const char *id, GError **error,
                                     const char *asker_format, ...) G_GNUC_PRINTF(4, 5);

/* Formats a rule. Returns: NULL on a bound. Owner: the caller. */
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

/* Moves the lines into *out and sums them up. */
void hr_bill_finish(struct hr_bill *bill, struct hr_cost *out);
void hr_bill_clear(struct hr_bill *bill);

/* The parts of a bill, in the order in which they stand there. */
bool hr_bill_add_hardware(struct hr_bill *bill, GError **error);
bool hr_bill_add_platform(struct hr_bill *bill, GError **error);
bool hr_bill_add_windows(struct hr_bill *bill, GError **error);
bool hr_bill_add_power(struct hr_bill *bill, GError **error);
bool hr_bill_add_maintenance(struct hr_bill *bill, GError **error);
bool hr_bill_add_labour(struct hr_bill *bill, GError **error);

#endif
