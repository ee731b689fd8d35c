/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/keep.h - what the present hosts can still do, and what keeping them costs: as they are,
 * with modules added, with one more host; on each platform that is sized.
 *
 * The simulation is the one of every candidate. The present hosts cost nothing but their
 * upkeep: their warranty is over. What is not known of them is assumed by the generation of
 * their processors, and each such assumption is a note.
 * Owner: hr_keep owns what it holds; catalogue, book and settings are borrowed and must outlive
 * it.
 */
#ifndef HR_STUDY_KEEP_H
#define HR_STUDY_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "catalog/catalog.h"
#include "catalog/pricebook.h"
#include "catalog/processor.h"
#include "cost/cost.h"
#include "inventory/inventory.h"
#include "scenario/keep.h"
#include "scenario/scenario.h"

/* The present hosts, all taken to be alike. */
struct hr_keep {
    struct hr_server server; /* as it is simulated and priced */
    char *name;              /* of the server, as an answer calls it */
    int n_hosts;
    struct hr_dimm_option memory; /* of one of them */
    double memory_mib;
    int n_slots; /* of a host */
    const struct hr_processor *generation;
    const struct hr_storage *storage; /* what the present one performs like */
    const char *book;                 /* of the prices */
    char *platform;                   /* what runs on them now, "rvtools": any vSphere */
    hr_processors *processors;
};

/* From the hosts of the inventory and the scenario's map, which wins. What is assumed is noted
 * in diag. Fails: HR_ERROR_USAGE, naming what is missing. Returns: the caller's. */
struct hr_keep *hr_keep_new(const struct hr_inventory *inventory,
                            const struct hr_keep_given *given, const hr_catalog *catalog,
                            const hr_pricebook *book, hr_diag *diag, GError **error);
void hr_keep_free(struct hr_keep *keep);

enum hr_keep_variant {
    HR_KEEP_AS_IS,
    HR_KEEP_MORE_MEMORY, /* the fewest modules more that will do, else all slots filled */
    HR_KEEP_MORE_HOSTS,  /* one of the same kind */
    HR_KEEP__COUNT
};
const char *hr_keep_variant_name(enum hr_keep_variant variant); /* "as-is", "more-memory" … */

/* One way to go on with the present hosts on one platform. */
struct hr_keep_option {
    enum hr_keep_variant variant;
    bool renews; /* the platform that runs on them now; else they are moved */
    bool feasible;
    bool is_priced; /* false: the hosts cannot run it, or nothing was simulated */
    struct hr_cluster_spec cluster;
    char *reason; /* why not; NULL where feasible */
    int n_runs;
    double slowdown_p95[2]; /* normal, failed day: mean over runs of the worst guest */
    double lasts_months;    /* at the study's growth; -1: no growth, or not feasible */
    bool lasts_at_least;
    struct hr_cost cost;
};
void hr_keep_option_clear(struct hr_keep_option *option);

#endif
