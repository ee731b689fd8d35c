/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/flip.h"

#include <math.h>

#include "base/error.h"

/* Steps from 1 to HR_FLIP_MOST, and halvings of the step in which the order changes. */
enum { STEPS = 16, HALVINGS = 24 };

const char *hr_certainty_name(enum hr_certainty certainty)
{
    static const char *const names[HR_CERTAINTY__COUNT] = {
        [HR_CERTAIN] = "certain",
        [HR_NOT_BEFORE] = "not_before",
        [HR_AT_THE_LATEST] = "at_the_latest",
        [HR_ABOUT] = "about",
    };
    hr_assert(certainty < HR_CERTAINTY__COUNT);
    return names[certainty];
}

int64_t hr_flip_cheapest_cents(const struct hr_flip_side *side,
                               const struct hr_cost_params *params,
                               const struct hr_prices *prices)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < side->n_bills; i++) {
        int64_t cents = hr_kept_bill_tco_cents(side->bills[i], params, prices);
        least = cents >= 0 && cents < least ? cents : least;
    }
    return least;
}

static int64_t rest_cents(const struct hr_flip_side *side, const struct hr_prices *prices)
{
    return side->rest_cents != NULL ? side->rest_cents(side->context, prices) : INT64_MAX;
}

struct looking {
    const struct hr_flip_side *cheaper, *dearer;
    const struct hr_cost_params *params;
    struct hr_scaled_prices *scaled;
};

/* Costs the dearer less at this factor? */
static bool is_flipped(const struct looking *l, double factor)
{
    hr_scaled_prices_set(l->scaled, factor);
    const struct hr_prices *prices = &l->scaled->prices;
    return hr_flip_cheapest_cents(l->dearer, l->params, prices) <
           hr_flip_cheapest_cents(l->cheaper, l->params, prices);
}

/* Could a cluster of the dearer platform that was not simulated undercut at this factor? */
static bool could_flip(const struct looking *l, double factor)
{
    hr_scaled_prices_set(l->scaled, factor);
    const struct hr_prices *prices = &l->scaled->prices;
    return rest_cents(l->dearer, prices) <
           hr_flip_cheapest_cents(l->cheaper, l->params, prices);
}

/* Could one of the cheaper platform undercut what is cheapest at this factor? */
static bool could_stay(const struct looking *l, double factor)
{
    hr_scaled_prices_set(l->scaled, factor);
    const struct hr_prices *prices = &l->scaled->prices;
    return rest_cents(l->cheaper, prices) <
           hr_flip_cheapest_cents(l->cheaper, l->params, prices);
}

static double halved(const struct looking *l, double kept, double flipped)
{
    for (int i = 0; i < HALVINGS; i++) {
        double middle = sqrt(kept * flipped);
        if (is_flipped(l, middle)) {
            flipped = middle;
        } else {
            kept = middle;
        }
    }
    return flipped;
}

struct hr_flip_point hr_flip_find(const struct hr_flip_side *cheaper,
                                  const struct hr_flip_side *dearer,
                                  const struct hr_cost_params *params,
                                  struct hr_scaled_prices *scaled, bool upwards)
{
    const struct looking l = {cheaper, dearer, params, scaled};
    struct hr_flip_point point = {.sure_factor = 1.0};
    double step = pow(HR_FLIP_MOST, (upwards ? 1.0 : -1.0) / STEPS);
    double factor = 1.0;
    bool nearer = false;
    for (int k = 1; k <= STEPS && point.factor <= 0.0; k++) {
        double next = pow(step, k);
        if (is_flipped(&l, next)) {
            point.factor = halved(&l, factor, next);
            next = point.factor;
        }
        if (!nearer && could_flip(&l, next)) {
            nearer = true;
            point.doubt_factor = next;
        }
        point.sure_factor = nearer ? point.sure_factor : next;
        factor = next;
    }
    bool farther = point.factor > 0.0 && could_stay(&l, point.factor);
    hr_scaled_prices_set(scaled, 1.0);
    point.certainty = nearer    ? (farther ? HR_ABOUT : HR_AT_THE_LATEST)
                      : farther ? HR_NOT_BEFORE
                                : HR_CERTAIN;
    return point;
}
