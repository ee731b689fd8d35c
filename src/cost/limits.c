/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For which clusters a licence may be used at all: kits and editions for small sites. */
#include <glib.h>

#include "cost/licence.h"
#include "cost/licence_rules.h"

/* One limit of the terms, and what the cluster has of it. */
struct limit {
    int64_t most; /* 0: no limit */
    int64_t has;
    const char *of; /* "hosts" */
};

enum { N_LIMITS = 5 };

static void limits_of(const struct hr_licence_case *c, struct limit limits[N_LIMITS])
{
    const struct hr_licence_terms *terms = &c->terms;
    int64_t sockets = (int64_t)c->n_hosts * c->sockets;
    limits[0] = (struct limit){terms->max_hosts, c->n_hosts, "hosts"};
    limits[1] = (struct limit){terms->max_sockets_per_host, c->sockets, "sockets of a host"};
    limits[2] = (struct limit){terms->max_sockets, sockets, "sockets"};
    limits[3] = (struct limit){terms->max_cores, sockets * c->cores_per_socket, "cores"};
    limits[4] = (struct limit){terms->max_guests, c->n_guests, "guests"};
}

/* Returns: the first limit that the cluster exceeds, or N_LIMITS. */
static int exceeded(const struct limit limits[N_LIMITS])
{
    int i = 0;
    while (i < N_LIMITS && (limits[i].most <= 0 || limits[i].has <= limits[i].most)) {
        i++;
    }
    return i;
}

bool hr_licence_limits_hold(const struct hr_licence_case *c)
{
    struct limit limits[N_LIMITS];
    limits_of(c, limits);
    return exceeded(limits) == N_LIMITS;
}

/* Owner: the caller. */
static char *reason(const struct hr_licence *licence, const struct hr_licence_case *c)
{
    struct limit limits[N_LIMITS];
    limits_of(c, limits);
    if (licence->kind == HR_LICENCE_SMALL_SITE) {
        return g_strdup_printf(
            "licence: %s is for at most %d sockets or %d guests, not %" G_GINT64_FORMAT
            " and %u",
            licence->name, c->terms.max_sockets, c->terms.max_guests, limits[2].has,
            c->n_guests);
    }
    const struct limit *limit = &limits[exceeded(limits)];
    return g_strdup_printf("licence: %s allows at most %" G_GINT64_FORMAT
                           " %s, not %" G_GINT64_FORMAT,
                           licence->name, limit->most, limit->of, limit->has);
}

bool hr_licence_allows(const struct hr_platform *platform, const struct hr_licence_case *c,
                       char **why)
{
    for (size_t i = 0; i < platform->n_licences; i++) {
        const struct hr_licence *licence = &platform->licences[i];
        const struct hr_licence_rule *rule = hr_licence_rule_of(licence->kind);
        struct hr_licence_case own = *c;
        own.terms = licence->terms;
        bool is_allowed =
            rule->is_allowed != NULL ? rule->is_allowed(&own) : hr_licence_limits_hold(&own);
        if (!is_allowed) {
            if (why != NULL) {
                *why = reason(licence, &own);
            }
            return false;
        }
    }
    return true;
}
