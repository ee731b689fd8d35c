/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/sweep_fixture.h - a made-up sweep whose answers can be computed by hand, made
 * through the store's own interface.
 *
 * Platforms times hosts times memory per host times price of memory times growth, each point
 * priced by one line: hosts x (10,000 + licence) + GiB of all hosts x price. It is feasible
 * when the guests' memory fits the hosts less one, times what the platform overcommits.
 */
#ifndef HR_TESTS_SWEEP_FIXTURE_H
#define HR_TESTS_SWEEP_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

enum { MADE_PLATFORMS = 3, MADE_HOSTS = 5, MADE_MEMORY = 4, MADE_PRICES = 6, MADE_GROWTH = 2 };

struct made_sweep {
    int n_platforms;    /* 1 to MADE_PLATFORMS */
    int n_prices;       /* 1 to MADE_PRICES */
    int n_growth;       /* 1 to MADE_GROWTH */
    bool is_unpriced;   /* no point has costs */
    bool is_hopeless;   /* no point is feasible */
    bool is_incomplete; /* its last third is missing */
};

/* A point as the fixture has it. */
struct made_point {
    int64_t point;
    int platform, hosts, memory, price, growth; /* indices */
    bool is_feasible;
    int64_t tco_cents;
    double risk;
};

extern const char *const made_platform_ids[MADE_PLATFORMS];
extern const double made_prices[MADE_PRICES]; /* USD/GiB */

/* The points in order. Owner: the caller (g_free). */
struct made_point *made_sweep_points(const struct made_sweep *what, size_t *n);

/* Appends the sweep to the database. Fails the test when the store does. Returns: its study. */
int64_t make_sweep(const char *path, const struct made_sweep *what);

#endif
