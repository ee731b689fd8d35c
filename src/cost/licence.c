/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cost/licence.h"

#include <string.h>

#include <glib.h>

#include "base/error.h"
#include "cost/licence_rules.h"

static const struct hr_licence_rule *const rules[] = {
    &hr_licence_rule_core,
    &hr_licence_rule_guest_core,
    &hr_licence_rule_socket,
    &hr_licence_rule_socket_pack,
    &hr_licence_rule_capped,
    &hr_licence_rule_pair,
    &hr_licence_rule_guest_memory,
    &hr_licence_rule_host,
    &hr_licence_rule_cluster,
    &hr_licence_rule_kit,
    &hr_licence_rule_small_site,
    &hr_licence_rule_guest_pack,
    &hr_licence_rule_windows_standard,
    &hr_licence_rule_windows_datacenter,
    &hr_licence_rule_windows_pair,
    &hr_licence_rule_windows_guest,
};

size_t hr_licence_rule_count(void)
{
    return G_N_ELEMENTS(rules);
}

const struct hr_licence_rule *hr_licence_rule_at(size_t index)
{
    hr_assert(index < G_N_ELEMENTS(rules));
    return rules[index];
}

const struct hr_licence_rule *hr_licence_rule_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (strcmp(rules[i]->name, name) == 0) {
            return rules[i];
        }
    }
    return NULL;
}

const struct hr_licence_rule *hr_licence_rule_of(enum hr_licence_kind kind)
{
    switch (kind) {
    case HR_LICENCE_PER_CORE:
        return &hr_licence_rule_core;
    case HR_LICENCE_PER_SOCKET:
        return &hr_licence_rule_socket;
    case HR_LICENCE_PER_HOST:
        return &hr_licence_rule_host;
    case HR_LICENCE_PER_CLUSTER:
        return &hr_licence_rule_cluster;
    case HR_LICENCE_PER_PROCESSOR_PAIR:
        return &hr_licence_rule_pair;
    case HR_LICENCE_PER_PROCESSOR_CAPPED:
        return &hr_licence_rule_capped;
    case HR_LICENCE_WINDOWS_CORE:
    case HR_LICENCE_AS_WINDOWS_CORE_STANDARD:
        return &hr_licence_rule_windows_standard;
    case HR_LICENCE_PER_GUEST_CORE:
        return &hr_licence_rule_guest_core;
    case HR_LICENCE_PER_GUEST_MEMORY:
        return &hr_licence_rule_guest_memory;
    case HR_LICENCE_PER_SOCKET_PACK:
        return &hr_licence_rule_socket_pack;
    case HR_LICENCE_PER_GUEST_PACK:
        return &hr_licence_rule_guest_pack;
    case HR_LICENCE_KIT:
        return &hr_licence_rule_kit;
    case HR_LICENCE_SMALL_SITE:
        return &hr_licence_rule_small_site;
    case HR_LICENCE_AS_WINDOWS_CORE_DATACENTER:
        return &hr_licence_rule_windows_datacenter;
    case HR_LICENCE_AS_WINDOWS_PAIR:
        return &hr_licence_rule_windows_pair;
    case HR_LICENCE_AS_WINDOWS_GUEST:
        return &hr_licence_rule_windows_guest;
    case HR_LICENCE__COUNT:
        break;
    }
    hr_assert(kind < HR_LICENCE__COUNT);
    return NULL;
}

int64_t hr_licence_least(const struct hr_licence_rule *rule, const struct hr_licence_case *c)
{
    return rule->least != NULL ? rule->least(c) : rule->count(c);
}

char *hr_licence_guests_text(const struct hr_licence_case *c)
{
    int64_t least = hr_licence_guests_of(c, 0);
    int64_t most = least;
    for (int i = 1; i < c->n_hosts; i++) {
        int64_t guests = hr_licence_guests_of(c, i);
        least = guests < least ? guests : least;
        most = guests > most ? guests : most;
    }
    if (least == most) {
        return g_strdup_printf("%" G_GINT64_FORMAT " guest%s", most, hr_licence_plural(most));
    }
    return g_strdup_printf("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " guests", least, most);
}

double hr_licence_perpetual_units(double n, double support_year_frac, int n_free_years,
                                  int years)
{
    int paid_years = years > n_free_years ? years - n_free_years : 0;
    return n * (1.0 + support_year_frac * (double)paid_years);
}
