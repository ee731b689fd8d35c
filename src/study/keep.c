/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways to go on with the present hosts: each simulated and priced as any candidate. */
#include "study/keep.h"

#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "study/search.h"

static const char *const variant_names[HR_KEEP__COUNT] = {[HR_KEEP_AS_IS] = "as-is",
                                                          [HR_KEEP_MORE_MEMORY] = "more-memory",
                                                          [HR_KEEP_MORE_HOSTS] =
                                                              "one-more-host"};

const char *hr_keep_variant_name(enum hr_keep_variant variant)
{
    hr_assert(variant < HR_KEEP__COUNT);
    return variant_names[variant];
}

void hr_keep_option_clear(struct hr_keep_option *option)
{
    hr_cost_clear(&option->cost);
    g_free(option->reason);
    *option = (struct hr_keep_option){0};
}

/* Every vSphere is renewed where the inventory is one of vCenter. */
static bool renews(const struct hr_keep *keep, const struct hr_platform *platform)
{
    if (strcmp(keep->platform, "rvtools") == 0) {
        return g_str_has_prefix(platform->id, "vsphere") ||
               g_str_has_prefix(platform->id, "vcf") || g_str_has_prefix(platform->id, "esx");
    }
    return strcmp(keep->platform, platform->id) == 0;
}

/* What the runs of one cluster say. Returns: false with *error. */
static bool try_cluster(const struct hr_search *search, struct hr_keep_option *option,
                        GError **error)
{
    struct hr_evaluation evaluation = {0};
    struct hr_priced priced = {0};
    g_free(option->reason);
    hr_cost_clear(&option->cost);
    option->reason = hr_arithmetic_excludes(&search->needs, search->platform, &option->cluster,
                                            search->options->spare_hosts);
    option->is_priced = option->feasible = false;
    option->n_runs = 0;
    if (option->reason != NULL) {
        return true;
    }
    hr_progress_say(search->options->progress, "%s: %d × present host with %.0f GiB",
                    search->platform->name, option->cluster.n_hosts,
                    hr_mib_to_gib(hr_cluster_physical_mib(&option->cluster)));
    hr_evaluate(search, &option->cluster, &evaluation);
    option->reason = g_steal_pointer(&evaluation.constraint);
    option->feasible = evaluation.verdict == HR_VERDICT_FEASIBLE;
    option->n_runs = evaluation.n_runs;
    for (int phase = 0; phase < HR_PHASE__COUNT; phase++) {
        option->slowdown_p95[phase] = 0.0;
        for (int run = 0; run < evaluation.n_runs; run++) {
            option->slowdown_p95[phase] +=
                evaluation.runs[run].slowdown_p95_worst[phase] / evaluation.n_runs;
        }
    }
    bool ok = true;
    if (option->feasible) {
        ok = hr_price_cluster(search, &option->cluster, evaluation.runs, evaluation.n_runs,
                              &priced, error);
        if (ok) {
            option->cost = priced.cost;
            priced.cost = (struct hr_cost){0};
            option->is_priced = true;
            option->reason = hr_limits_missed_priced(search, &option->cost);
            option->feasible = option->reason == NULL;
        }
        hr_priced_clear(&priced);
    }
    hr_evaluation_clear(&evaluation);
    return ok;
}

/* Modules are added in whole populations of the channels until it will do or all slots are
 * full. */
static bool try_more_memory(const struct hr_search *search, const struct hr_keep *keep,
                            struct hr_keep_option *option, GError **error)
{
    int step = keep->server.sockets * keep->server.channels_per_socket;
    int present = keep->memory.n_dimms;
    int to = present % step == 0 ? present + step : (present / step + 1) * step;
    if (to > keep->n_slots) {
        option->reason = g_strdup_printf("memory: %d of %d slots of a host are taken",
                                         keep->memory.n_dimms, keep->n_slots);
        return true;
    }
    for (; to <= keep->n_slots && !option->feasible; to += step) {
        option->cluster.memory.n_dimms = to;
        option->cluster.memory_mib = keep->memory_mib + (double)(to - keep->memory.n_dimms) *
                                                            keep->memory.dimm_gib * 1024.0;
        if (!try_cluster(search, option, error)) {
            return false;
        }
    }
    return true;
}

/* What is missing in the book is this option's reason, not the study's end. */
static bool forgive_missing_price(struct hr_keep_option *option, GError *failure,
                                  GError **error)
{
    if (failure == NULL) {
        return true;
    }
    if (!g_error_matches(failure, HR_ERROR, HR_ERROR_INPUT)) {
        g_propagate_error(error, failure);
        return false;
    }
    g_free(option->reason);
    option->reason = g_strdup_printf("it cannot be priced: %s", failure->message);
    option->feasible = option->is_priced = false;
    g_error_free(failure);
    return true;
}

static bool try_variant(const struct hr_search *search, const struct hr_keep *keep,
                        struct hr_keep_option *option, GError **error)
{
    struct hr_cost_kept kept = {.n_hosts = keep->n_hosts,
                                .n_dimms = keep->memory.n_dimms,
                                .has_storage = true,
                                .has_windows = true};
    struct hr_search with = *search;
    with.kept = &kept;
    GError *failure = NULL;
    bool ok = option->variant == HR_KEEP_MORE_MEMORY
                  ? try_more_memory(&with, keep, option, &failure)
                  : try_cluster(&with, option, &failure);
    if (!ok || failure != NULL) {
        return forgive_missing_price(option, failure, error);
    }
    if (option->feasible) {
        struct hr_reserve_found reserve = {.lasts_months = -1.0};
        if (hr_size_grows(search->options)) {
            hr_find_reserve(&with, &option->cluster, &reserve);
        }
        option->lasts_months = reserve.lasts_months;
        option->lasts_at_least = reserve.lasts_at_least;
    }
    return true;
}

bool hr_find_keep(const struct hr_search *search, struct hr_size_answer *answer, GError **error)
{
    const struct hr_keep *keep = search->options->keep;
    if (keep == NULL) {
        return true;
    }
    g_autofree char *unsupported = hr_processors_unsupported(
        keep->processors, search->platform->id, keep->book, keep->generation);
    int n_disks = hr_size_disks(search->guests, search->platform, keep->storage, keep->n_hosts);
    answer->keep = g_new0(struct hr_keep_option, HR_KEEP__COUNT);
    answer->n_keep = HR_KEEP__COUNT;
    for (int v = 0; v < HR_KEEP__COUNT; v++) {
        struct hr_keep_option *option = &answer->keep[v];
        *option = (struct hr_keep_option){
            .variant = (enum hr_keep_variant)v,
            .renews = renews(keep, search->platform),
            .lasts_months = -1.0,
            .cluster = {.server = &keep->server,
                        .memory = keep->memory,
                        .memory_mib = keep->memory_mib,
                        .n_hosts = keep->n_hosts + (v == HR_KEEP_MORE_HOSTS ? 1 : 0),
                        .storage = keep->storage,
                        .n_disks = n_disks}};
        if (unsupported != NULL) {
            option->reason = g_strdup(unsupported);
        } else if (!try_variant(search, keep, option, error)) {
            return false;
        }
    }
    return true;
}
