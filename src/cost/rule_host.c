/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Licences by host with a smallest bundle, and kits and editions for small sites only. */
#include <glib.h>

#include "cost/licence_rules.h"

static int64_t count_hosts(const struct hr_licence_case *c)
{
    return hr_licence_max(c->terms.min_hosts, c->n_hosts);
}

static char *explain_hosts(const struct hr_licence_case *c)
{
    int64_t n = count_hosts(c);
    if (c->terms.min_hosts > 1) {
        return g_strdup_printf("%d host%s, sold for at least %d: %" G_GINT64_FORMAT " hosts",
                               c->n_hosts, hr_licence_plural(c->n_hosts), c->terms.min_hosts,
                               n);
    }
    return g_strdup_printf("%" G_GINT64_FORMAT " host%s", n, hr_licence_plural(n));
}

const struct hr_licence_rule hr_licence_rule_host = {
    .name = "per-host",
    .unit = "host",
    .count = count_hosts,
    .explain = explain_hosts,
};

static int64_t count_clusters(const struct hr_licence_case *c)
{
    (void)c;
    return 1;
}

static char *explain_clusters(const struct hr_licence_case *c)
{
    return g_strdup_printf("1 for the cluster of %d host%s", c->n_hosts,
                           hr_licence_plural(c->n_hosts));
}

const struct hr_licence_rule hr_licence_rule_cluster = {
    .name = "per-cluster",
    .unit = "each",
    .count = count_clusters,
    .explain = explain_clusters,
};

static int64_t count_kits(const struct hr_licence_case *c)
{
    (void)c;
    return 1;
}

static char *explain_kits(const struct hr_licence_case *c)
{
    return g_strdup_printf("1 kit for up to %d hosts of %d sockets", c->terms.max_hosts,
                           c->terms.max_sockets_per_host);
}

const struct hr_licence_rule hr_licence_rule_kit = {
    .name = "kit",
    .unit = "kit",
    .count = count_kits,
    .explain = explain_kits,
    .is_allowed = hr_licence_limits_hold,
};

static int64_t count_small_site(const struct hr_licence_case *c)
{
    return (int64_t)c->n_hosts * c->sockets;
}

static char *explain_small_site(const struct hr_licence_case *c)
{
    int64_t n = count_small_site(c);
    return g_strdup_printf("%d host%s × %d socket%s = %" G_GINT64_FORMAT
                           " socket%s; for up to %d sockets or %d guests",
                           c->n_hosts, hr_licence_plural(c->n_hosts), c->sockets,
                           hr_licence_plural(c->sockets), n, hr_licence_plural(n),
                           c->terms.max_sockets, c->terms.max_guests);
}

static bool either_limit_holds(const struct hr_licence_case *c)
{
    return (int64_t)c->n_hosts * c->sockets <= c->terms.max_sockets ||
           (int64_t)c->n_guests <= c->terms.max_guests;
}

const struct hr_licence_rule hr_licence_rule_small_site = {
    .name = "per-socket-small-site",
    .unit = "socket",
    .count = count_small_site,
    .explain = explain_small_site,
    .is_allowed = either_limit_holds,
};

static int64_t count_guest_packs(const struct hr_licence_case *c)
{
    return hr_licence_ceil_div((int64_t)c->n_guests,
                               hr_licence_max(1, c->terms.guests_per_licence));
}

static char *explain_guest_packs(const struct hr_licence_case *c)
{
    int64_t n = count_guest_packs(c);
    return g_strdup_printf("ceil(%u guest%s / %d a pack) = %" G_GINT64_FORMAT " pack%s",
                           c->n_guests, hr_licence_plural((int64_t)c->n_guests),
                           c->terms.guests_per_licence, n, hr_licence_plural(n));
}

const struct hr_licence_rule hr_licence_rule_guest_pack = {
    .name = "per-guest-pack",
    .unit = "pack",
    .count = count_guest_packs,
    .explain = explain_guest_packs,
    .is_allowed = hr_licence_limits_hold,
};
