/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/bench/estate.h - a made-up estate of any size, read like a user's: catalogue, inventory
 * file, guests, load. */
#ifndef HR_TESTS_ESTATE_H
#define HR_TESTS_ESTATE_H

#include "model_params.h"
#include "run/run.h"

struct estate {
    hr_diag *diag;
    hr_catalog *catalog;
    struct hr_inventory *inventory;
    struct hr_guests *guests;
    struct hr_scenario scenario; /* platform and hosts are the caller's to set */
    struct hr_load *load;        /* NULL until estate_make_load() */
};

/* n_guests that run: servers of every usual role and desktops, a third of them measured. */
void estate_init(struct estate *estate, uint32_t n_guests, double days);
void estate_clear(struct estate *estate);

void estate_make_load(struct estate *estate);

/* A cluster of the first platform with this policy. Memory: the server's first choice of at
 * least this much. */
void estate_set_cluster(struct estate *estate, enum hr_policy_kind policy, int n_hosts,
                        double least_gib);

#endif
