/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/design.h"

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/error.h"
#include "sweep/saltelli.h"

const char *const hr_design_names[] = {[HR_DESIGN_GRID] = "grid",
                                       [HR_DESIGN_SOBOL] = "sobol",
                                       [HR_DESIGN_LATIN_HYPERCUBE] = "latin-hypercube",
                                       [HR_DESIGN_ONE_AT_A_TIME] = "one-at-a-time",
                                       [HR_DESIGN_SALTELLI] = "saltelli",
                                       [HR_DESIGN__COUNT] = NULL};

bool hr_design_draws(enum hr_design_kind kind)
{
    return kind == HR_DESIGN_SOBOL || kind == HR_DESIGN_LATIN_HYPERCUBE ||
           kind == HR_DESIGN_SALTELLI;
}

struct hr_design {
    enum hr_design_kind kind;
    struct hr_design_axis axes[HR_DESIGN_AXES_MAX];
    uint32_t n_axes;
    uint32_t n_points;
    double *u; /* by point, then axis; of the designs that draw */
};

/* Returns: 0 when there are too many. */
static uint32_t count_points(const hr_design *d)
{
    uint64_t n = 1;
    for (uint32_t a = 0; a < d->n_axes; a++) {
        n = d->kind == HR_DESIGN_GRID ? n * d->axes[a].n_levels : n + d->axes[a].n_levels - 1;
        if (n > HR_DESIGN_POINTS_MAX) {
            return 0;
        }
    }
    return (uint32_t)n;
}

static double *place_of(const hr_design *d, uint32_t point, uint32_t axis)
{
    return &d->u[(size_t)point * d->n_axes + axis];
}

static void draw_sobol(hr_design *d)
{
    double x[HR_DESIGN_AXES_MAX];
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, d->n_axes);
    for (uint32_t p = 0; p < d->n_points; p++) {
        (void)gsl_qrng_get(sequence, x);
        for (uint32_t a = 0; a < d->n_axes; a++) {
            *place_of(d, p, a) = x[a];
        }
    }
    gsl_qrng_free(sequence);
}

static void draw_latin(hr_design *d, uint64_t seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, (unsigned long)seed);
    uint32_t n = d->n_points;
    uint32_t *stratum = g_new(uint32_t, n);
    for (uint32_t a = 0; a < d->n_axes; a++) {
        for (uint32_t p = 0; p < n; p++) {
            stratum[p] = p;
        }
        gsl_ran_shuffle(rng, stratum, n, sizeof *stratum);
        for (uint32_t p = 0; p < n; p++) {
            *place_of(d, p, a) = (stratum[p] + gsl_rng_uniform(rng)) / n;
        }
    }
    g_free(stratum);
    gsl_rng_free(rng);
}

/* As many points as make whole blocks. */
static bool fit_blocks(hr_design *d, GError **error)
{
    uint32_t block = hr_saltelli_block(d->n_axes);
    if (d->n_axes > HR_SALTELLI_AXES_MAX) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                    "the design saltelli has at most %d axes, here are %u",
                    HR_SALTELLI_AXES_MAX, d->n_axes);
        return false;
    }
    if (d->n_points < 2 * block) {
        g_set_error(
            error, HR_ERROR, HR_ERROR_INPUT,
            "the design saltelli takes %u points for each of its base points, and needs "
            "two of those at least: 'points' of %u or more",
            block, 2 * block);
        return false;
    }
    d->n_points -= d->n_points % block;
    return true;
}

static bool check(const hr_design *d, GError **error)
{
    bool draws = d->u != NULL;
    for (uint32_t a = 0; a < d->n_axes; a++) {
        if (d->axes[a].n_levels == 0 && !draws) {
            g_set_error(error, HR_ERROR, HR_ERROR_INPUT,
                        "the design %s needs 'steps' on every range", hr_design_names[d->kind]);
            return false;
        }
    }
    return true;
}

hr_design *hr_design_new(enum hr_design_kind kind, const struct hr_design_axis *axes,
                         uint32_t n_axes, uint32_t n_points, uint64_t seed, GError **error)
{
    hr_assert(n_axes >= 1 && n_axes <= HR_DESIGN_AXES_MAX);
    hr_design *d = g_new0(hr_design, 1);
    d->kind = kind;
    d->n_axes = n_axes;
    for (uint32_t a = 0; a < n_axes; a++) {
        d->axes[a] = axes[a];
    }
    bool draws = hr_design_draws(kind);
    if (draws) {
        hr_assert(n_points >= 1 && n_points <= HR_DESIGN_POINTS_MAX);
        d->n_points = n_points;
        d->u = g_new(double, (size_t)n_points *n_axes);
    }
    if (!check(d, error) || (kind == HR_DESIGN_SALTELLI && !fit_blocks(d, error))) {
        hr_design_free(d);
        return NULL;
    }
    if (!draws) {
        d->n_points = count_points(d);
    }
    if (d->n_points == 0) {
        g_set_error(error, HR_ERROR, HR_ERROR_INPUT, "the design has more than %d points",
                    HR_DESIGN_POINTS_MAX);
        hr_design_free(d);
        return NULL;
    }
    if (kind == HR_DESIGN_SOBOL) {
        draw_sobol(d);
    } else if (kind == HR_DESIGN_LATIN_HYPERCUBE) {
        draw_latin(d, seed);
    } else if (kind == HR_DESIGN_SALTELLI) {
        hr_saltelli_fill(d->u, d->n_points / hr_saltelli_block(n_axes), n_axes, seed);
    }
    return d;
}

void hr_design_free(hr_design *d)
{
    if (d != NULL) {
        g_free(d->u);
        g_free(d);
    }
}

uint32_t hr_design_count(const hr_design *d)
{
    return d->n_points;
}

/* The axis that the point varies has its level among those that are not the base's. */
static uint32_t one_at_a_time(const hr_design *d, uint32_t point, uint32_t axis)
{
    uint32_t left = point;
    for (uint32_t a = 0; a < d->n_axes && left > 0; a++) {
        uint32_t n_others = d->axes[a].n_levels - 1;
        if (left <= n_others) {
            uint32_t level = left - 1;
            level += level >= d->axes[a].base;
            return a == axis ? level : d->axes[axis].base;
        }
        left -= n_others;
    }
    return d->axes[axis].base;
}

static uint32_t grid_level(const hr_design *d, uint32_t point, uint32_t axis)
{
    for (uint32_t a = d->n_axes - 1; a > axis; a--) {
        point /= d->axes[a].n_levels;
    }
    return point % d->axes[axis].n_levels;
}

struct hr_place hr_design_place(const hr_design *d, uint32_t point, uint32_t axis)
{
    hr_assert(point < d->n_points && axis < d->n_axes);
    if (d->kind == HR_DESIGN_GRID) {
        return (struct hr_place){.level = grid_level(d, point, axis)};
    }
    if (d->kind == HR_DESIGN_ONE_AT_A_TIME) {
        return (struct hr_place){.level = one_at_a_time(d, point, axis)};
    }
    double u = *place_of(d, point, axis);
    uint32_t n = d->axes[axis].n_levels;
    if (n == 0) {
        return (struct hr_place){.u = u};
    }
    return (struct hr_place){.level = MIN(n - 1, (uint32_t)(u * n))};
}
