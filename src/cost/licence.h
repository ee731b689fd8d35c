/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost/licence.h - how many units of a licence a cluster needs, rule by rule.
 *
 * A rule is a pure function of the cluster's shape and the contract's terms; all products of
 * one vendor that count alike share one rule. Adding a rule: one rule_*.c, one line in
 * licence.c. Threads: no state anywhere. Hosts of a cluster are all equal.
 */
#ifndef HR_COST_LICENCE_H
#define HR_COST_LICENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/money.h"
#include "catalog/catalog.h"

/* All that a rule may look at. */
struct hr_licence_case {
    int n_hosts;
    int sockets; /* per host */
    int cores_per_socket;
    uint32_t n_guests;          /* that need the licence, whole cluster */
    const uint32_t *guests_max; /* per host: the most it may ever hold; NULL: all n_guests */
    bool hosts_run_windows;     /* every host needs a licence of its own, guests or not */
    const uint32_t *vcpus;      /* per guest; for rules by guest cores */
    size_t n_vcpus;
    double guest_memory_gib; /* of running guests; for rules by guest memory */
    struct hr_licence_terms terms;
};

struct hr_licence_rule {
    const char *name;
    const char *unit; /* singular */
    /* Returns: the units, >= 0. */
    int64_t (*count)(const struct hr_licence_case *c);
    /* Returns: how the count comes about, with its numbers and the result. Owner: the caller.
     */
    char *(*explain)(const struct hr_licence_case *c);
    /* The fewest units under any placement in which each guest stands on some host; NULL: the
     * placement does not matter. */
    int64_t (*least)(const struct hr_licence_case *c);
    /* Whether the cluster may use the product at all; NULL: it may, within the limits of the
     * terms. */
    bool (*is_allowed)(const struct hr_licence_case *c);
};

/* Returns: NULL when there is no such rule. */
const struct hr_licence_rule *hr_licence_rule_find(const char *name);
/* The rule behind a kind of the catalogue. HR_LICENCE_WINDOWS_CORE: the Standard edition. */
const struct hr_licence_rule *hr_licence_rule_of(enum hr_licence_kind kind);
/* The fewest units under any placement of the guests. */
int64_t hr_licence_least(const struct hr_licence_rule *rule, const struct hr_licence_case *c);
size_t hr_licence_rule_count(void);
const struct hr_licence_rule *hr_licence_rule_at(size_t index);

/* May a cluster use the platform's licences? Of the case the shape and the guests are read; the
 * terms are each licence's own.
 * Returns: false with the reason in *why ("licence: ... is for at most 3 hosts, not 4"), the
 * caller's to free; true leaves *why alone. why: may be NULL. */
bool hr_licence_allows(const struct hr_platform *platform, const struct hr_licence_case *c,
                       char **why);

/* ---- Windows Server by core (2016 on) ---- */

/* Cores that one complete licence of a host covers: max(16, sockets × max(8, cores)). */
int64_t hr_licence_windows_set_cores(int sockets, int cores_per_socket);

/* Fewest cores to license under any placement in which each of n_guests stands on some host. */
int64_t hr_licence_windows_least_standard(const struct hr_licence_case *c);
int64_t hr_licence_windows_least_datacenter(const struct hr_licence_case *c);

struct hr_licence_packs {
    int64_t n_16core;
    int64_t n_2core;
};

/* The cheapest packs that together cover the cores; at equal price fewer packs.
 * price_2core < 0: not sold. Requires: cores >= 0, 0 <= prices < 10^12. */
struct hr_licence_packs hr_licence_cheapest_packs(int64_t cores, hr_decimal price_16core,
                                                  hr_decimal price_2core);

/* ---- perpetual licences ---- */

/* Units paid over the years for n perpetual licences whose support costs a share of the price a
 * year and is free for the first n_free_years: n × (1 + share × paid years). */
double hr_licence_perpetual_units(double n, double support_year_frac, int n_free_years,
                                  int years);

#endif
