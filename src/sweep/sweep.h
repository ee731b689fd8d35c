/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep/sweep.h - a sweep file (YAML, doc/headroom-sweep.5): a base scenario, the axes that are
 * laid over it, and how many points and replications are wanted.
 *
 * Owner: hr_sweep owns everything in it. Threads: read-only after hr_sweep_load().
 */
#ifndef HR_SWEEP_SWEEP_H
#define HR_SWEEP_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "scenario/read.h"
#include "sweep/axis.h"
#include "sweep/design.h"

/* When a point has replications enough. */
struct hr_sweep_until {
    double slowdown_points; /* half the 95 % interval of both slowdowns, in percentage
                               points; 0: not asked */
    double tco_pct;         /* half that of the TCO, in percent of it; 0: not asked */
    int first_replications; /* of each point, before the interval is looked at */
    int most_replications;  /* of a point; 0: as many as its scenario says */
    int64_t most_runs;      /* of the whole sweep, spread evenly; 0: no limit */
};

struct hr_constraint {
    char *text;
    const hr_node *node;
};

/* A platform that points run on. */
struct hr_sweep_platform {
    char *id; /* the name that the scenario gives it, else the catalogue's */
    char *name;
    const char *policy;
};

struct hr_sweep {
    hr_tree *tree;
    char *text;         /* the file as read */
    hr_tree *base_tree; /* of a file of its own; NULL: the scenario stands in the sweep */
    const hr_tree *base_in;
    const hr_node *base;
    char *base_digest;
    struct hr_axis *axes;
    uint32_t n_axes;
    enum hr_design_kind kind;
    uint32_t n_points; /* of the designs that draw */
    int64_t design_seed;
    struct hr_constraint *constraints;
    uint32_t n_constraints;
    struct hr_sweep_until until;
    char *book;          /* NULL: the newest */
    char **overlays;     /* price files, NULL-terminated */
    double discount_pct; /* a year */
    int minimum_order_cores;
    struct hr_sweep_platform *platforms;
    uint32_t n_platforms;
    struct hr_scenario_file *base_file; /* the scenario of the base values */
    char **record;                      /* figures for a table of points; NULL: all */
    int64_t seed;                       /* instead of the base's; -1: the base's */
};

/* What can be asked of a point before it is simulated, beside its axes. */
extern const char *const hr_point_figures[]; /* "hosts", "memory_gib" ...; NULL-terminated */
enum { HR_POINT_N_FIGURES = 7 };

/* Reads a file, "-" is standard input. seed: -1, or one that takes the place of the base's.
 * What is wrong is a fatal finding; each value of each axis is tried, with the others at their
 * base values. Returns: the caller's; NULL with findings in diag or *error set. */
struct hr_sweep *hr_sweep_load(const char *path, int64_t seed, const hr_catalog *catalog,
                               hr_diag *diag, GError **error);
void hr_sweep_free(struct hr_sweep *sweep);

/* The values of all axes at a point of the design. values: n_axes of them; their texts are the
 * caller's (hr_values_clear). */
void hr_sweep_values(const struct hr_sweep *sweep, const hr_design *design, uint32_t point,
                     struct hr_axis_level *values);
void hr_values_clear(struct hr_axis_level *values, uint32_t n);

/* The scenario with these values. Findings name the base's file and line, or the axis'.
 * Returns: the caller's; NULL with findings in diag or *error set. */
struct hr_scenario_file *hr_sweep_scenario(const struct hr_sweep *sweep,
                                           const struct hr_axis_level *values,
                                           const hr_catalog *catalog, hr_diag *diag,
                                           GError **error);

/* figures: HR_POINT_N_FIGURES of them, in the order of hr_point_figures. */
void hr_point_figures_of(const struct hr_scenario_file *file, double *figures);

/* The design of the file. Fails: as hr_design_new(). Returns: the caller's. */
hr_design *hr_sweep_design(const struct hr_sweep *sweep, GError **error);

typedef struct hr_sweep hr_sweep;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_sweep, hr_sweep_free)

#endif
