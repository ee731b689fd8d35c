/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Licences by core: physical cores with a minimum per processor and per order, or the virtual
 * cores of guests with a minimum per guest. */
#include <glib.h>

#include "cost/licence_rules.h"

static int64_t cores_of_hosts(const struct hr_licence_case *c)
{
    int64_t per_socket = hr_licence_max(c->terms.min_cores_per_socket, c->cores_per_socket);
    return (int64_t)c->n_hosts * c->sockets * per_socket;
}

static int64_t count_cores(const struct hr_licence_case *c)
{
    return hr_licence_max(c->terms.min_cores_per_order, cores_of_hosts(c));
}

static char *explain_cores(const struct hr_licence_case *c)
{
    int64_t cores = cores_of_hosts(c);
    g_autofree char *per_socket =
        c->terms.min_cores_per_socket > 0
            ? g_strdup_printf("max(%d, %d cores)", c->terms.min_cores_per_socket,
                              c->cores_per_socket)
            : g_strdup_printf("%d core%s", c->cores_per_socket,
                              hr_licence_plural(c->cores_per_socket));
    g_autofree char *product = g_strdup_printf(
        "%d host%s × %d socket%s × %s = %" G_GINT64_FORMAT " core%s", c->n_hosts,
        hr_licence_plural(c->n_hosts), c->sockets, hr_licence_plural(c->sockets), per_socket,
        cores, hr_licence_plural(cores));
    if (c->terms.min_cores_per_order <= 0) {
        return g_steal_pointer(&product);
    }
    return g_strdup_printf("%s; at least %d in one order: %" G_GINT64_FORMAT " cores", product,
                           c->terms.min_cores_per_order, count_cores(c));
}

const struct hr_licence_rule hr_licence_rule_core = {
    .name = "per-core",
    .unit = "core",
    .count = count_cores,
    .explain = explain_cores,
};

static int64_t count_guest_cores(const struct hr_licence_case *c)
{
    int64_t cores = 0;
    for (size_t i = 0; i < c->n_vcpus; i++) {
        cores += hr_licence_max(c->terms.min_cores_per_guest, (int64_t)c->vcpus[i]);
    }
    return hr_licence_max(c->terms.min_cores_per_order, cores);
}

static char *explain_guest_cores(const struct hr_licence_case *c)
{
    return g_strdup_printf("sum over %" G_GSIZE_FORMAT " guest%s of max(%d, vCPUs)"
                           " = %" G_GINT64_FORMAT " cores",
                           c->n_vcpus, hr_licence_plural((int64_t)c->n_vcpus),
                           c->terms.min_cores_per_guest, count_guest_cores(c));
}

const struct hr_licence_rule hr_licence_rule_guest_core = {
    .name = "per-guest-core",
    .unit = "core",
    .count = count_guest_cores,
    .explain = explain_guest_cores,
};
