/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario/read.h - a scenario file (YAML, doc/headroom-scenario.5): a fixed cluster, its
 * guests, and the platforms it is to be simulated on.
 *
 * What hr_scenario_to_yaml() writes is read back to the same scenario; forms for people stand
 * beside it. Owner: hr_scenario_file owns guests and lists; catalogue entries are borrowed.
 */
#ifndef HR_SCENARIO_READ_H
#define HR_SCENARIO_READ_H

#include <stdint.h>

#include <glib.h>

#include "base/tree.h"
#include "scenario/scenario.h"

/* A platform as the file names it: as it is, or with some values changed. */
struct hr_variant {
    char *name; /* unique in the file */
    const struct hr_platform *platform;
    struct hr_platform *own; /* with values changed; NULL: the catalogue's */
    char *settings;          /* what was changed, as a YAML map; NULL: nothing */
};

struct hr_scenario_file {
    struct hr_variant *variants; /* as the file lists them */
    uint32_t n_variants;
    struct hr_guests *guests;       /* there may be none */
    struct hr_server *own_server;   /* described by hand; NULL: of the catalogue */
    struct hr_storage *own_storage; /* the same */
    GPtrArray *own_systems;         /* struct hr_os: systems with other page contents */
    GPtrArray *own_roles;           /* struct hr_role: roles that behave otherwise */
    struct hr_scenario scenario;    /* without a platform; n_disks 0: as many as are needed */
    int replications;
    uint32_t n_today;  /* guests that run at the start; n_running with growth at the end */
    double growth_pct; /* of the number of guests, a year */
    double demand_growth_pct; /* of what each guest asks for, a year */
    int years;                /* horizon of growth, and of cost where it is priced */
    char *digest;             /* SHA-256 of the file; traces and inventories are not in it */
    char *inventory_digest;   /* SHA-256 of its files' digests; NULL: guests are listed */
};

/* Reads a file, or standard input for "-". Every problem is a fatal finding with line and
 * column. Returns: the caller's; NULL with findings in diag or *error set. */
struct hr_scenario_file *hr_scenario_load(const char *path, const hr_catalog *catalog,
                                          hr_diag *diag, GError **error);
/* The same from a node of a file already read: a scenario within another document. Text of the
 * tree is copied. */
struct hr_scenario_file *hr_scenario_read(const hr_tree *tree, const hr_node *node,
                                          const hr_catalog *catalog, hr_diag *diag,
                                          GError **error);
void hr_scenario_file_free(struct hr_scenario_file *file);

/* The file's scenario on one of its platforms, by number. Borrows from the file. */
struct hr_scenario hr_scenario_on(const struct hr_scenario_file *file, uint32_t variant);

typedef struct hr_scenario_file hr_scenario_file;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_scenario_file, hr_scenario_file_free)

#endif
