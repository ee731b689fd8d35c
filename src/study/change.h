/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/change.h - what would change the answer of a sizing: the prices and the growth at which
 * the two cheapest platforms change places, how far each input moves the cost, and the steps of
 * the licence bill that lie ahead.
 *
 * All of it is reckoned from the clusters that were simulated, at other prices; only the growth
 * needs simulation, and is searched where it is asked for.
 * Owner: hr_changes owns its arrays and texts; platforms are the catalogue's.
 */
#ifndef HR_STUDY_CHANGE_H
#define HR_STUDY_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/money.h"
#include "catalog/catalog.h"
#include "study/flip.h"

/* An input at which the cheaper of the two cheapest platforms changes, or that it does not hang
 * on. */
struct hr_flip {
    const char *input;                          /* "memory", "licence", "electricity" … */
    char *what;                                 /* in words: "licences of VMware vSphere" */
    const struct hr_platform *cheaper, *dearer; /* as it is now */
    const char *price_id;                       /* of the price that is named; "" for growth */
    char *unit;                                 /* "GiB", "kwh", "percent a year" */
    double value;                               /* now, in units of currency or percent */
    bool starred;
    double flip_value; /* then; NaN: it does not change */
    double factor;     /* flip_value / value; 0: it does not change */
    enum hr_certainty certainty;
    char *text; /* one sentence */
};

/* How far one input moves the cost of a platform's answer, all else the same. */
struct hr_swing {
    const struct hr_platform *platform;
    char *input;      /* a price id, or the name of a parameter */
    char *name;       /* in words */
    const char *kind; /* "price" or "parameter" */
    hr_decimal value;
    char *unit;
    int64_t base_cents;            /* TCO as it is */
    int64_t low_cents, high_cents; /* TCO with the input a fifth less, a fifth more */
    char *status;                  /* "found", "assumed" …; "set": by the study */
    bool starred;
    char *source;
};

/* A step of the licence bill. */
struct hr_cliff {
    const struct hr_platform *platform;
    int month;           /* since the start; -1: no month of the horizon, but a next step */
    const char *event;   /* "licences", "edition", "not_allowed": of a month;
                            "host", "guest", "core", "server": what one more of it costs */
    int64_t extra_cents; /* paid once */
    int64_t extra_year_cents; /* a year */
    char *text;
};

struct hr_changes {
    struct hr_flip *flips;
    size_t n_flips;
    struct hr_swing *swings; /* platform by platform, the widest first */
    size_t n_swings;
    struct hr_cliff *cliffs; /* platform by platform, by month */
    size_t n_cliffs;
};
void hr_changes_clear(struct hr_changes *changes);

/* The part of the platform's cost that moves with the input: 0.2 means that a tenth more of it
 * is 2 % more cost. Of a price it is its share of the cost. */
double hr_swing_share(const struct hr_swing *swing);

#endif
