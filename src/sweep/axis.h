/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep/axis.h - what a sweep varies: a value of the scenario, or a price.
 *
 * Owner: hr_axis owns its texts and levels; nodes are borrowed from the sweep's tree.
 */
#ifndef HR_SWEEP_AXIS_H
#define HR_SWEEP_AXIS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/tree.h"
#include "sweep/design.h"

enum hr_axis_kind {
    HR_AXIS_FIELD,
    HR_AXIS_PRICE,
    HR_AXIS_PLATFORM,
    HR_AXIS_SERVER,
    HR_AXIS_GUESTS,
    HR_AXIS_GROWTH,
    HR_AXIS_SEED,
    HR_AXIS__COUNT
};
extern const char *const hr_axis_kind_names[]; /* "field" ...; NULL-terminated */

/* How a price axis changes prices. */
enum hr_axis_price {
    HR_AXIS_PRICE_SET,     /* the price itself */
    HR_AXIS_PRICE_FACTOR,  /* so many times what the book says */
    HR_AXIS_PRICE_PER_GIB, /* of a memory module, by its size */
    HR_AXIS_PRICE__COUNT
};
extern const char *const hr_axis_price_names[]; /* "price", "factor", "usd_per_gib" */

/* The price axis' name for the modules of the server, of all sizes. */
#define HR_AXIS_PRICE_MEMORY "memory"

struct hr_axis_level {
    double number; /* NAN: it is a text */
    char *text;
    const hr_node *node; /* a map, as of a platform with settings; NULL: the text */
};

struct hr_axis {
    enum hr_axis_kind kind;
    char *name;
    char *path; /* of the scenario, or a price's id */
    char *unit;
    enum hr_axis_price price;
    bool is_log;
    bool is_number;
    bool is_whole;                /* a drawn place of a range is rounded to a whole number */
    struct hr_axis_level *levels; /* in the order of the file */
    uint32_t n_levels;            /* 0: any number between from and to */
    double from, to;
    uint32_t base;       /* level of the base point, one-at-a-time */
    const hr_node *node; /* where it stands */
};

/* Reads the element of the list of axes; what is wrong is a finding. Owner: the caller
 * (hr_axis_clear), whatever was found. */
void hr_axis_read(const hr_tree *tree, const hr_node *node, struct hr_axis *out, hr_diag *diag);
void hr_axis_clear(struct hr_axis *axis);

/* What the axis has at a place. *out's text is the caller's; its number is what the text says.
 */
void hr_axis_value(const struct hr_axis *axis, struct hr_place place,
                   struct hr_axis_level *out);

#endif
