/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the simulation's answer is not the spreadsheet's. */
#include "study/search.h"

/* The spreadsheet's rules that the answer's cluster would break, with what it has instead: ""
 * when it keeps them all. Owner: the caller. */
static char *rules_broken(const struct hr_search *search, const struct hr_cluster_spec *cluster)
{
    struct hr_floor rule;
    int spare = search->options->spare_hosts;
    hr_floor_of(search->guests, search->platform, cluster, spare, &rule);
    double physical = hr_cluster_physical_mib(cluster);
    double usable = physical - hr_platform_hypervisor_mib(search->platform, physical);
    double left = cluster->n_hosts - spare;
    double vcpus = 0.0;
    for (uint32_t g = 0; g < search->guests->n_running; g++) {
        vcpus += search->guests->items[g].vcpus;
    }
    GString *text = g_string_new(NULL);
    const char *when = spare > 0 ? " after a failure" : "";
    if (cluster->n_hosts < rule.hosts_memory) {
        g_string_append_printf(
            text,
            "there configured memory is %.0f %% of what the hosts have for guests%s "
            "(the spreadsheet stops at %.0f %%)",
            rule.memory_needed_mib / (usable * left) * 100.0, when,
            rule.memory_usable_mib / usable * 100.0);
    }
    if (cluster->n_hosts < rule.hosts_cpu) {
        g_string_append_printf(
            text, "%s%.1f vCPUs share a core%s (the spreadsheet stops at %.0f)",
            text->len > 0 ? ", " : "", vcpus / (hr_server_cores(cluster->server) * left), when,
            rule.vcpu_per_core);
    }
    return g_string_free(text, FALSE);
}

/* What the study asked for that the spreadsheet's cluster is not: NULL where it might have been
 * the answer. Owner: the caller. */
static char *not_asked_for(const struct hr_search *search, const struct hr_size_floor *floor)
{
    int asked = search->options->hosts;
    if (asked > 0 && floor->cluster.n_hosts != asked) {
        return g_strdup_printf("hosts: %d, exactly %d are wanted", floor->cluster.n_hosts,
                               asked);
    }
    char *missed = hr_limits_missed_priced(search, &floor->cost);
    if (missed == NULL && !hr_limits_missed(search, &floor->cluster, &missed, NULL)) {
        return NULL; /* what cannot be priced is told where the answers are */
    }
    return missed;
}

static char *both_hold(const struct hr_search *search, const struct hr_size_answer *answer)
{
    static const char holds[] = "simulated, the spreadsheet's cluster holds too";
    g_autofree char *other = not_asked_for(search, &answer->floor);
    if (other != NULL) {
        return g_strdup_printf("%s, beyond what was asked for: %s", holds, other);
    }
    if (!answer->feasible) {
        return g_strdup(holds);
    }
    if (answer->floor.cost.tco_cents <= answer->cost.tco_cents) {
        return g_strdup_printf("%s, and costs no more by the spreadsheet's 30 %% use of "
                               "processors",
                               holds);
    }
    g_autofree char *broken = rules_broken(search, &answer->cluster);
    return g_strdup_printf("%s, but the answer costs less; %s", holds,
                           *broken != '\0' ? broken
                                           : "it keeps the spreadsheet's rules too, and its "
                                             "processors are used less than 30 %");
}

char *hr_floor_difference(const struct hr_search *search, const struct hr_size_answer *answer)
{
    const struct hr_size_floor *floor = &answer->floor;
    if (answer->feasible && hr_same_cluster(&floor->cluster, &answer->cluster)) {
        return g_strdup(
            "the simulation comes to the same cluster; its cost counts the simulated "
            "use of processors instead of 30 %, and the Windows Server guests that "
            "came to stand on one host");
    }
    g_autofree char *limit =
        hr_platform_excludes(search->platform, &floor->cluster, search->guests->n_running);
    if (limit != NULL) {
        return g_strdup_printf("the spreadsheet's cluster is not to be had: %s", limit);
    }
    struct hr_evaluation evaluation = {0};
    hr_evaluate(search, &floor->cluster, &evaluation);
    char *text =
        evaluation.constraint != NULL
            ? g_strdup_printf("simulated, the spreadsheet's cluster breaks a level: %s",
                              evaluation.constraint)
            : both_hold(search, answer);
    hr_evaluation_clear(&evaluation);
    return text;
}
