/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows Server: by core since 2016, by two processors in 2012, by guests in 2008.
 *
 * A licence stays with its host (it may move only every 90 days), so each host is licensed for
 * the most guests it may ever hold, those that fail over to it included. A host whose own
 * system is Windows Server and does nothing but hosting is covered by its guests' licence;
 * without guests it still needs one. */
#include <glib.h>

#include "base/error.h"
#include "cost/licence_rules.h"

enum { CORES_PER_HOST_MIN = 16, CORES_PER_SOCKET_MIN = 8, GUESTS_PER_SET = 2 };

int64_t hr_licence_windows_set_cores(int sockets, int cores_per_socket)
{
    return hr_licence_max(CORES_PER_HOST_MIN,
                          sockets * hr_licence_max(CORES_PER_SOCKET_MIN, cores_per_socket));
}

static int64_t set_of(const struct hr_licence_case *c)
{
    return hr_licence_windows_set_cores(c->sockets, c->cores_per_socket);
}

/* Complete Standard licences of one host: two guests each. */
static int64_t standard_sets(const struct hr_licence_case *c, int host)
{
    int64_t sets = hr_licence_ceil_div(hr_licence_guests_of(c, host), GUESTS_PER_SET);
    return c->hosts_run_windows ? hr_licence_max(1, sets) : sets;
}

static int64_t all_standard_sets(const struct hr_licence_case *c)
{
    int64_t sets = 0;
    for (int i = 0; i < c->n_hosts; i++) {
        sets += standard_sets(c, i);
    }
    return sets;
}

static int64_t count_standard(const struct hr_licence_case *c)
{
    return set_of(c) * all_standard_sets(c);
}

static char *explain_standard(const struct hr_licence_case *c)
{
    g_autofree char *guests = hr_licence_guests_text(c);
    return g_strdup_printf(
        "Standard: max(16, %d socket%s × max(8, %d cores)) = %" G_GINT64_FORMAT
        " cores a set; %d host%s with up to %s each, a set for two guests%s: %" G_GINT64_FORMAT
        " sets = %" G_GINT64_FORMAT " cores",
        c->sockets, hr_licence_plural(c->sockets), c->cores_per_socket, set_of(c), c->n_hosts,
        hr_licence_plural(c->n_hosts), guests,
        c->hosts_run_windows ? " and at least one for the host itself" : "",
        all_standard_sets(c), count_standard(c));
}

const struct hr_licence_rule hr_licence_rule_windows_standard = {
    .name = "windows-core-standard",
    .unit = "core",
    .count = count_standard,
    .explain = explain_standard,
    .least = hr_licence_windows_least_standard,
};

static int64_t datacenter_hosts(const struct hr_licence_case *c)
{
    int64_t n = 0;
    for (int i = 0; i < c->n_hosts; i++) {
        n += c->hosts_run_windows || hr_licence_guests_of(c, i) > 0 ? 1 : 0;
    }
    return n;
}

static int64_t count_datacenter(const struct hr_licence_case *c)
{
    return set_of(c) * datacenter_hosts(c);
}

static char *explain_datacenter(const struct hr_licence_case *c)
{
    int64_t n = datacenter_hosts(c);
    return g_strdup_printf(
        "Datacenter: %" G_GINT64_FORMAT
        " host%s × max(16, %d socket%s × max(8, %d cores)) = %" G_GINT64_FORMAT
        " cores, any number of guests",
        n, hr_licence_plural(n), c->sockets, hr_licence_plural(c->sockets), c->cores_per_socket,
        count_datacenter(c));
}

const struct hr_licence_rule hr_licence_rule_windows_datacenter = {
    .name = "windows-core-datacenter",
    .unit = "core",
    .count = count_datacenter,
    .explain = explain_datacenter,
    .least = hr_licence_windows_least_datacenter,
};

/* k sets on a host cover 2k guests, so n guests need ceil(n / 2) sets wherever they stand, and
 * each host at least one where the host itself needs it. */
static int64_t least_sets(const struct hr_licence_case *c, int64_t guests_per_set)
{
    int64_t sets = hr_licence_ceil_div((int64_t)c->n_guests, guests_per_set);
    return c->hosts_run_windows ? hr_licence_max(c->n_hosts, sets) : sets;
}

int64_t hr_licence_windows_least_standard(const struct hr_licence_case *c)
{
    return set_of(c) * least_sets(c, GUESTS_PER_SET);
}

int64_t hr_licence_windows_least_datacenter(const struct hr_licence_case *c)
{
    if (c->hosts_run_windows) {
        return set_of(c) * c->n_hosts;
    }
    return c->n_guests > 0 ? set_of(c) : 0;
}

struct hr_licence_packs hr_licence_cheapest_packs(int64_t cores, hr_decimal price_16core,
                                                  hr_decimal price_2core)
{
    hr_assert(cores >= 0 && price_16core >= 0);
    struct hr_licence_packs packs = {0, 0};
    if (price_2core < 0) {
        packs.n_16core = hr_licence_ceil_div(cores, 16);
        return packs;
    }
    /* Eight small packs are one large: either they are cheaper, then no large pack is worth its
     * price, or they are not, then large packs fill up and the rest alone is to be decided. */
    if (price_2core * 8 < price_16core) {
        packs.n_2core = hr_licence_ceil_div(cores, 2);
        return packs;
    }
    packs.n_16core = cores / 16;
    int64_t n_rest = hr_licence_ceil_div(cores % 16, 2);
    if (n_rest > 0 && n_rest * price_2core >= price_16core) {
        packs.n_16core++;
    } else {
        packs.n_2core = n_rest;
    }
    return packs;
}

/* ---- 2012: a licence covers two processors and two guests ---- */

static int64_t count_windows_pairs(const struct hr_licence_case *c)
{
    return hr_licence_ceil_div(c->sockets, 2) * all_standard_sets(c);
}

static char *explain_windows_pairs(const struct hr_licence_case *c)
{
    g_autofree char *guests = hr_licence_guests_text(c);
    int64_t n = count_windows_pairs(c);
    return g_strdup_printf(
        "ceil(%d socket%s / 2) licences a set; %d host%s with up to %s each, a "
        "set for two guests = %" G_GINT64_FORMAT " licence%s",
        c->sockets, hr_licence_plural(c->sockets), c->n_hosts, hr_licence_plural(c->n_hosts),
        guests, n, hr_licence_plural(n));
}

static int64_t least_windows_pairs(const struct hr_licence_case *c)
{
    return hr_licence_ceil_div(c->sockets, 2) * least_sets(c, GUESTS_PER_SET);
}

const struct hr_licence_rule hr_licence_rule_windows_pair = {
    .name = "windows-pair-standard",
    .unit = "pack2proc",
    .count = count_windows_pairs,
    .explain = explain_windows_pairs,
    .least = least_windows_pairs,
};

/* ---- 2008: a licence covers one guest (Standard) or four (Enterprise) ---- */

static int64_t count_windows_guests(const struct hr_licence_case *c)
{
    int64_t per_licence = hr_licence_max(1, c->terms.guests_per_licence);
    int64_t n = 0;
    for (int i = 0; i < c->n_hosts; i++) {
        int64_t licences = hr_licence_ceil_div(hr_licence_guests_of(c, i), per_licence);
        n += c->hosts_run_windows ? hr_licence_max(1, licences) : licences;
    }
    return n;
}

static char *explain_windows_guests(const struct hr_licence_case *c)
{
    g_autofree char *guests = hr_licence_guests_text(c);
    int64_t n = count_windows_guests(c);
    return g_strdup_printf("%d host%s with up to %s each, %d to a licence = %" G_GINT64_FORMAT
                           " licence%s",
                           c->n_hosts, hr_licence_plural(c->n_hosts), guests,
                           c->terms.guests_per_licence, n, hr_licence_plural(n));
}

static int64_t least_windows_guests(const struct hr_licence_case *c)
{
    return least_sets(c, hr_licence_max(1, c->terms.guests_per_licence));
}

const struct hr_licence_rule hr_licence_rule_windows_guest = {
    .name = "windows-guest",
    .unit = "each",
    .count = count_windows_guests,
    .explain = explain_windows_guests,
    .least = least_windows_guests,
};
