/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost/licence_rules.h - what the rule files offer to the registry, and their shared
 * arithmetic. */
#ifndef HR_COST_LICENCE_RULES_H
#define HR_COST_LICENCE_RULES_H

#include <stdint.h>

#include "cost/licence.h"

extern const struct hr_licence_rule hr_licence_rule_core;       /* per core, with minimums */
extern const struct hr_licence_rule hr_licence_rule_guest_core; /* per virtual core */
extern const struct hr_licence_rule hr_licence_rule_socket;
extern const struct hr_licence_rule hr_licence_rule_socket_pack;
extern const struct hr_licence_rule hr_licence_rule_capped; /* per processor of so many cores */
extern const struct hr_licence_rule hr_licence_rule_pair;   /* per two processors of a host */
extern const struct hr_licence_rule hr_licence_rule_guest_memory; /* pooled guest memory */
extern const struct hr_licence_rule hr_licence_rule_host;
extern const struct hr_licence_rule hr_licence_rule_cluster; /* one, however large */
extern const struct hr_licence_rule hr_licence_rule_kit;     /* one bundle, all limits hold */
extern const struct hr_licence_rule
    hr_licence_rule_small_site; /* sockets, either limit holds */
extern const struct hr_licence_rule hr_licence_rule_guest_pack; /* packs of so many guests */
extern const struct hr_licence_rule hr_licence_rule_windows_standard;
extern const struct hr_licence_rule hr_licence_rule_windows_datacenter;
extern const struct hr_licence_rule
    hr_licence_rule_windows_pair; /* 2012: two processors, two guests */
extern const struct hr_licence_rule
    hr_licence_rule_windows_guest; /* 2008: so many guests each */

static inline int64_t hr_licence_ceil_div(int64_t amount, int64_t per)
{
    return (amount + per - 1) / per;
}

static inline int64_t hr_licence_max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* "" or "s", for the word after n. */
static inline const char *hr_licence_plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

/* The most guests that a host may ever hold. */
static inline int64_t hr_licence_guests_of(const struct hr_licence_case *c, int host)
{
    if (c->n_guests == 0 || c->guests_max == NULL) {
        return (int64_t)c->n_guests;
    }
    return (int64_t)c->guests_max[host];
}

/* No limit of the terms is exceeded. */
bool hr_licence_limits_hold(const struct hr_licence_case *c);

/* "10 guests" when all hosts are alike, else "6 to 7 guests". Owner: the caller. */
char *hr_licence_guests_text(const struct hr_licence_case *c);

#endif
