/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario/reading.h - the parts of a scenario file's reader, private to scenario/.
 *
 * Each part reads its keys, adds every finding it has and goes on, so that one run names all
 * that is wrong.
 */
#ifndef HR_SCENARIO_READING_H
#define HR_SCENARIO_READING_H

#include "base/tree.h"
#include "scenario/read.h"

/* What every part of the reader works with; all borrowed. */
struct hr_scenario_reading {
    const hr_tree *tree;
    hr_diag *diag;
    const hr_catalog *catalog;
    const char *folder; /* of the scenario's file: traces lie relative to it */
};

/* What the guests are measured by. */
struct hr_guest_frame {
    double vcpu_mhz;
    double step_s; /* demand given by hand changes at multiples of it */
    const struct hr_cluster_spec *cluster;
};

/* A finding about an id that the catalogue does not have, naming the nearest one. ids ends with
 * NULL. */
void hr_scenario_unknown_id(const struct hr_scenario_reading *reading, const hr_node *node,
                            const char *kind, const char *const *ids);
/* map[key] as an int. Returns: otherwise where it is absent or wrong. */
int hr_scenario_int(const struct hr_scenario_reading *reading, const hr_node *map,
                    const char *key, int least, int most, int otherwise);

/* ---- platforms ---- */

void hr_scenario_read_variants(const struct hr_scenario_reading *reading, const hr_node *root,
                               struct hr_scenario_file *file);
void hr_variants_free(struct hr_variant *variants, uint32_t n);

/* ---- the cluster ---- */

/* Fills the scenario's cluster; n_hosts stays 0 where the file does not say how many. */
void hr_scenario_read_cluster(const struct hr_scenario_reading *reading, const hr_node *root,
                              struct hr_scenario_file *file);
/* Every host must hold more than the hypervisor of every platform takes. Requires: no fatal
 * finding. */
void hr_scenario_check_hosts(const struct hr_scenario_reading *reading, const hr_node *root,
                             const struct hr_scenario_file *file);
void hr_scenario_cluster_clear(struct hr_scenario_file *file);

/* ---- guests ---- */

/* Reads the list of guests. Roles, systems and defaults are applied as to an inventory.
 * Returns: the caller's; NULL when any finding of the file is fatal. */
struct hr_guests *hr_scenario_read_guests(const struct hr_scenario_reading *reading,
                                          const hr_node *list,
                                          const struct hr_guest_frame *frame,
                                          struct hr_scenario_file *file, GError **error);

/* The guests of an inventory file beside the scenario, as headroom-size takes them. node: the
 * file's name. Returns: the caller's; NULL with a finding or *error. */
struct hr_guests *hr_scenario_read_inventory(const struct hr_scenario_reading *reading,
                                             const hr_node *node, struct hr_scenario_file *file,
                                             GError **error);
/* run: growth_pct, demand_growth_pct and years. */
void hr_scenario_read_growth(const struct hr_scenario_reading *reading, const hr_node *run,
                             struct hr_scenario_file *file);
/* Makes the guests those of the end of the horizon. Requires: guests. */
void hr_scenario_grow(struct hr_scenario_file *file);

/* Demand by hand: steps with active_mib HR_UNKNOWN where the role's share is meant. Appends to
 * steps (struct hr_demand_step); nothing where the role's profile is to be used. */
void hr_scenario_read_demand(const struct hr_scenario_reading *reading, const hr_node *guest,
                             const struct hr_guest_frame *frame, int vcpus, GArray *steps);

/* A guest's page contents and behaviour. pages and behaviour may be NULL. */
void hr_contents_check(const struct hr_scenario_reading *reading, const hr_node *pages,
                       const hr_node *behaviour, const struct hr_os *os);
/* Gives the guest copies of its system and role, owned by the file; equal copies are one.
 * Requires: hr_contents_check() found nothing. */
void hr_contents_lay_over(const hr_tree *tree, const hr_node *pages, const hr_node *behaviour,
                          struct hr_scenario_file *file, struct hr_scenario_guest *guest);
/* Guests of one system run one image, whether or not their pages are their own. */
void hr_contents_number_images(struct hr_guests *guests);

/* ---- writing ---- */

/* ", key: value" in as few digits as read back to the same number. */
void hr_yaml_append_number(GString *out, const char *key, double value);
/* A double-quoted scalar. */
void hr_yaml_append_quoted(GString *out, const char *text);
/* The node and all below it on one line. */
void hr_yaml_append_node(GString *out, const hr_node *node);
/* ", pages: {...}, behaviour: {...}", as far as they are the guest's own. */
void hr_contents_append(GString *out, const struct hr_scenario_guest *guest);

#endif
