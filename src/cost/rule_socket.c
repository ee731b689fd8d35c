/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Licences by processor: each, each of so many cores, in pairs, or with a share of guest
 * memory. */
#include <math.h>

#include <glib.h>

#include "cost/licence_rules.h"

static int64_t count_sockets(const struct hr_licence_case *c)
{
    return c->n_hosts * hr_licence_max(c->terms.min_sockets_per_host, c->sockets);
}

static char *explain_sockets(const struct hr_licence_case *c)
{
    int64_t n = count_sockets(c);
    if (c->terms.min_sockets_per_host > 0) {
        return g_strdup_printf(
            "%d host%s × max(%d, %d socket%s) = %" G_GINT64_FORMAT " sockets", c->n_hosts,
            hr_licence_plural(c->n_hosts), c->terms.min_sockets_per_host, c->sockets,
            hr_licence_plural(c->sockets), n);
    }
    return g_strdup_printf("%d host%s × %d socket%s = %" G_GINT64_FORMAT " socket%s",
                           c->n_hosts, hr_licence_plural(c->n_hosts), c->sockets,
                           hr_licence_plural(c->sockets), n, hr_licence_plural(n));
}

const struct hr_licence_rule hr_licence_rule_socket = {
    .name = "per-socket",
    .unit = "socket",
    .count = count_sockets,
    .explain = explain_sockets,
};

static int64_t count_socket_packs(const struct hr_licence_case *c)
{
    return hr_licence_ceil_div((int64_t)c->n_hosts * c->sockets,
                               hr_licence_max(1, c->terms.sockets_per_licence));
}

static char *explain_socket_packs(const struct hr_licence_case *c)
{
    int64_t n = count_socket_packs(c);
    return g_strdup_printf(
        "ceil(%d host%s × %d socket%s / %d a pack) = %" G_GINT64_FORMAT " pack%s", c->n_hosts,
        hr_licence_plural(c->n_hosts), c->sockets, hr_licence_plural(c->sockets),
        c->terms.sockets_per_licence, n, hr_licence_plural(n));
}

static bool sockets_hold(const struct hr_licence_case *c)
{
    return c->terms.max_sockets <= 0 ||
           (int64_t)c->n_hosts * c->sockets <= c->terms.max_sockets;
}

const struct hr_licence_rule hr_licence_rule_socket_pack = {
    .name = "per-socket-pack",
    .unit = "pack",
    .count = count_socket_packs,
    .explain = explain_socket_packs,
    .is_allowed = sockets_hold,
};

static int64_t count_capped(const struct hr_licence_case *c)
{
    int64_t cap = hr_licence_max(1, c->terms.cores_per_licence);
    return (int64_t)c->n_hosts * c->sockets * hr_licence_ceil_div(c->cores_per_socket, cap);
}

static char *explain_capped(const struct hr_licence_case *c)
{
    int64_t n = count_capped(c);
    return g_strdup_printf("%d host%s × %d socket%s × ceil(%d cores / %d a licence)"
                           " = %" G_GINT64_FORMAT " licence%s",
                           c->n_hosts, hr_licence_plural(c->n_hosts), c->sockets,
                           hr_licence_plural(c->sockets), c->cores_per_socket,
                           c->terms.cores_per_licence, n, hr_licence_plural(n));
}

const struct hr_licence_rule hr_licence_rule_capped = {
    .name = "per-processor-capped",
    .unit = "processor",
    .count = count_capped,
    .explain = explain_capped,
};

static int64_t count_pairs(const struct hr_licence_case *c)
{
    return c->n_hosts * hr_licence_ceil_div(c->sockets, 2);
}

static char *explain_pairs(const struct hr_licence_case *c)
{
    int64_t n = count_pairs(c);
    return g_strdup_printf("%d host%s × ceil(%d socket%s / 2) = %" G_GINT64_FORMAT " licence%s",
                           c->n_hosts, hr_licence_plural(c->n_hosts), c->sockets,
                           hr_licence_plural(c->sockets), n, hr_licence_plural(n));
}

const struct hr_licence_rule hr_licence_rule_pair = {
    .name = "per-processor-pair",
    .unit = "pack2proc",
    .count = count_pairs,
    .explain = explain_pairs,
};

static int64_t count_guest_memory(const struct hr_licence_case *c)
{
    int64_t sockets = (int64_t)c->n_hosts * c->sockets;
    if (c->terms.entitlement_gib <= 0.0) {
        return sockets;
    }
    /* A pool filled to the last gigabyte needs no further licence for a rounding error. */
    double licences = ceil(c->guest_memory_gib / c->terms.entitlement_gib - 1e-9);
    return hr_licence_max(sockets, (int64_t)licences);
}

static char *explain_guest_memory(const struct hr_licence_case *c)
{
    int64_t n = count_guest_memory(c);
    return g_strdup_printf("max(%d host%s × %d socket%s, ceil(%.10g GiB / %.10g GiB a licence))"
                           " = %" G_GINT64_FORMAT " licence%s",
                           c->n_hosts, hr_licence_plural(c->n_hosts), c->sockets,
                           hr_licence_plural(c->sockets), c->guest_memory_gib,
                           c->terms.entitlement_gib, n, hr_licence_plural(n));
}

const struct hr_licence_rule hr_licence_rule_guest_memory = {
    .name = "per-guest-memory",
    .unit = "processor",
    .count = count_guest_memory,
    .explain = explain_guest_memory,
};
