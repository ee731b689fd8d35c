/* SPDX-License-Identifier: GPL-3.0-or-later */
/* At which growth the cheaper of two platforms changes: growth changes the clusters, so both
 * are sized again for every growth that is tried. */
#include <math.h>
#include <string.h>

#include "study/change_parts.h"

/* Tried in this order, from the growth of the study on; percent a year. */
static const double ladder_pct[] = {0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0};
/* How closely a change is searched, percent a year. */
static const double CLOSELY_PCT = 1.25;

struct growing {
    const struct hr_searched *cheaper, *dearer;
    struct hr_size_options options;
    const struct hr_platform *platforms[3];
};

enum order { AS_NOW, FLIPPED, NO_ANSWER };

/* Which of the two is cheaper when the guests grow by so much. One without a cluster that holds
 * is the dearer one. */
static bool order_at(const struct growing *g, double pct, enum order *out, GError **error)
{
    struct hr_size_options options = g->options;
    options.growth_pct = pct;
    struct hr_size_result result = {0};
    if (!hr_size(g->cheaper->search->today, g->cheaper->search->book, &options, &result,
                 error)) {
        return false;
    }
    const struct hr_size_answer *first = &result.answers[0];
    bool is_tie = first->feasible && result.answers[1].feasible &&
                  hr_size_cost(first, options.buy_staged)->tco_cents ==
                      hr_size_cost(&result.answers[1], options.buy_staged)->tco_cents;
    if (!first->feasible) {
        *out = NO_ANSWER;
    } else {
        *out = first->platform == g->cheaper->answer->platform || is_tie ? AS_NOW : FLIPPED;
    }
    hr_size_result_clear(&result);
    return true;
}

/* Between a growth at which the order is as now and one at which it is not. */
static bool narrow(const struct growing *g, double as_now, double *flipped, GError **error)
{
    while (fabs(*flipped - as_now) > CLOSELY_PCT) {
        double middle = (as_now + *flipped) / 2.0;
        enum order order = AS_NOW;
        if (!order_at(g, middle, &order, error)) {
            return false;
        }
        if (order == FLIPPED) {
            *flipped = middle;
        } else {
            as_now = middle;
        }
    }
    return true;
}

/* Along the ladder in one direction. *flipped: the growth of the change, or NaN; *last: the
 * last growth that was looked at. */
static bool climb(const struct growing *g, bool upwards, double *flipped, double *last,
                  GError **error)
{
    int n = (int)G_N_ELEMENTS(ladder_pct);
    double now = g->cheaper->search->options->growth_pct;
    double before = now;
    *flipped = (double)NAN;
    for (int i = upwards ? 0 : n - 1; i >= 0 && i < n; i += upwards ? 1 : -1) {
        double pct = ladder_pct[i];
        if (upwards ? pct <= now : pct >= now) {
            continue;
        }
        enum order order = AS_NOW;
        if (!order_at(g, pct, &order, error)) {
            return false;
        }
        if (order == NO_ANSWER) {
            break;
        }
        *last = pct;
        if (order == FLIPPED) {
            *flipped = pct;
            return narrow(g, before, flipped, error);
        }
        before = pct;
    }
    return true;
}

static void add(const struct growing *g, double flip_pct, double low, double high,
                GArray *flips)
{
    const struct hr_platform *cheaper = g->cheaper->answer->platform;
    const struct hr_platform *dearer = g->dearer->answer->platform;
    double now = g->cheaper->search->options->growth_pct;
    bool found = isfinite(flip_pct);
    struct hr_flip flip = {
        .input = "growth",
        .what = g_strdup("growth of guests"),
        .cheaper = cheaper,
        .dearer = dearer,
        .price_id = "",
        .unit = g_strdup("percent a year"),
        .value = now,
        .flip_value = flip_pct,
        .factor = found && now > 0.0 ? flip_pct / now : 0.0,
        .certainty = found ? HR_ABOUT : HR_CERTAIN,
        .text = found ? g_strdup_printf("from about %.1f %% a year %s (now %.1f %%)", flip_pct,
                                        flip_pct > now ? "up" : "down", now)
                      : g_strdup_printf("at none from %.1f to %.1f %% a year (now %.1f %%)",
                                        low, high, now),
    };
    g_array_append_val(flips, flip);
}

bool hr_find_growth_flip(const struct hr_searched *cheaper, const struct hr_searched *dearer,
                         GArray *flips, GError **error)
{
    struct growing g = {.cheaper = cheaper,
                        .dearer = dearer,
                        .options = *cheaper->search->options,
                        .platforms = {cheaper->answer->platform, dearer->answer->platform}};
    g.options.platforms = g.platforms;
    g.options.search_growth = false;
    g.options.cost_alone = true;
    double now = g.options.growth_pct;
    double low = now;
    double high = now;
    double down = (double)NAN;
    double up = (double)NAN;
    if (!climb(&g, false, &down, &low, error) || !climb(&g, true, &up, &high, error)) {
        return false;
    }
    if (isfinite(down)) {
        add(&g, down, low, high, flips);
    }
    if (isfinite(up) || !isfinite(down)) {
        add(&g, up, low, high, flips);
    }
    return true;
}
