/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario/keep.h - the hosts that are there already, as a scenario describes them.
 *
 * Owner: hr_keep_given owns its texts.
 */
#ifndef HR_SCENARIO_KEEP_H
#define HR_SCENARIO_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"
#include "base/tree.h"

/* 0 or NULL: not said. What is said wins over what the inventory says. */
struct hr_keep_given {
    bool is_given; /* there is a map */
    int64_t hosts;
    int64_t sockets;
    int64_t cores_per_socket;
    int64_t dimm_gib; /* size of a module, and how many are in a host */
    int64_t dimms;
    int64_t slots; /* of a host */
    double mhz;    /* base clock */
    double memory_gib;
    char *processor; /* a generation's id, or a model's name */
    char *memory_id; /* modules are this and "-16gb" in the price book */
    char *platform;  /* id of what runs on them now */
    char *like;      /* id of the server that a further one is priced as */
};

void hr_keep_given_clear(struct hr_keep_given *given);

/* Takes over the map "keep" of a scenario; unknown keys and bad values are fatal findings. */
void hr_keep_given_read(struct hr_keep_given *given, const hr_tree *tree, const hr_node *root,
                        hr_diag *diag);

#endif
