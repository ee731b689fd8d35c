/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/save_keep.h"

static int64_t best_tco(const struct hr_size_result *result, bool buy_staged)
{
    const struct hr_size_answer *best = &result->answers[0];
    return result->n_answers > 0 && best->feasible ? hr_size_cost(best, buy_staged)->tco_cents
                                                   : -1;
}

static bool save_option(hr_store *store, const struct hr_size_answer *a,
                        const struct hr_keep_option *option, int64_t best_cents, GError **error)
{
    bool priced = option->is_priced;
    struct hr_row_keep_option row = {
        .platform_id = a->platform->id,
        .variant = hr_keep_variant_name(option->variant),
        .renews = option->renews,
        .hosts = option->cluster.n_hosts,
        .server_name = option->cluster.server->name,
        .dimm_gib = option->cluster.memory.dimm_gib,
        .n_dimms = option->cluster.memory.n_dimms,
        .memory_mib_per_host = (int64_t)hr_cluster_physical_mib(&option->cluster),
        .feasible = option->feasible,
        .reason = option->reason,
        .replications = option->n_runs,
        .slowdown_p95 = option->slowdown_p95[HR_PHASE_NORMAL],
        .failure_slowdown_p95 = option->slowdown_p95[HR_PHASE_FAILURE],
        .priced = priced,
        .capex_cents = option->cost.capex_cents,
        .opex_cents = option->cost.opex_cents,
        .tco_cents = option->cost.tco_cents,
        .saving_cents = priced && best_cents >= 0 ? best_cents - option->cost.tco_cents : 0,
        .has_saving = priced && best_cents >= 0,
        .lasts_months = option->lasts_months,
        .lasts_at_least = option->lasts_at_least,
    };
    return hr_store_add_keep_option(store, &row, error);
}

bool hr_save_keep(hr_store *store, const struct hr_size_result *result, bool buy_staged,
                  GError **error)
{
    int64_t best_cents = best_tco(result, buy_staged);
    for (uint32_t p = 0; p < result->n_answers; p++) {
        const struct hr_size_answer *a = &result->answers[p];
        for (uint32_t k = 0; k < a->n_keep; k++) {
            if (!save_option(store, a, &a->keep[k], best_cents, error)) {
                return false;
            }
        }
    }
    return true;
}
