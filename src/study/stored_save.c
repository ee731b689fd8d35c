/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stored study at other prices, saved as a new one. */
#include "store/restudy.h"
#include "study/save_cost.h"
#include "study/stored_price.h"

static bool set_cost(hr_store *store, const struct hr_stored_platform *p, GError **error)
{
    struct hr_restudy_cost cost = {.platform_id = p->id,
                                   .rank = p->rank,
                                   .capex_cents = p->cost.capex_cents,
                                   .opex_cents = p->cost.opex_cents,
                                   .tco_cents = p->cost.tco_cents,
                                   .capex_cash_cents = p->cost.capex_cash_cents,
                                   .opex_cash_cents = p->cost.opex_cash_cents,
                                   .tco_cash_cents = p->cost.tco_cash_cents,
                                   .cost_per_guest_cents = p->cost_per_guest_cents};
    return hr_store_set_cost(store, &cost, error);
}

static bool add_fact(hr_store *store, const char *key, const char *value, GError **error)
{
    struct hr_row_provenance row = {.key = key, .value = value};
    return hr_store_add_provenance(store, &row, error);
}

static bool add_notes(hr_store *store, const struct hr_stored_study *study,
                      const char *program_version, const hr_pricebook *book, GError **error)
{
    g_autofree char *text = g_strdup_printf(
        "Priced again from study %lld: clusters, licence editions and the units of every line "
        "are those found at the prices of then; %u prices differ.",
        (long long)study->study_id, study->n_changed);
    struct hr_row_assumption row = {
        .topic = "prices", .text = text, .source = "headroom-reprice(1)"};
    return hr_store_add_assumption(store, &row, error) &&
           add_fact(store, "program", program_version, error) &&
           add_fact(store, "price book", hr_pricebook_name(book), error) &&
           add_fact(store, "price book sha256", hr_pricebook_digest(book), error);
}

bool hr_stored_study_save(const struct hr_stored_study *study,
                          const struct hr_stored_target *target, const hr_pricebook *book,
                          int64_t *study_id, GError **error)
{
    struct hr_restudy what = {.command = target->command,
                              .program_version = target->program_version,
                              .price_book = hr_pricebook_name(book),
                              .price_month = hr_pricebook_month(book)};
    g_autoptr(hr_store) store = hr_store_open_write(target->output, error);
    if (store == NULL ||
        !hr_store_begin_restudy(store, target->database, study->study_id, &what, error)) {
        return false;
    }
    for (uint32_t i = 0; i < study->n_platforms; i++) {
        const struct hr_stored_platform *p = &study->platforms[i];
        if (!set_cost(store, p, error) ||
            (p->feasible &&
             (!hr_save_cost_lines(store, p->id, &p->cost, error) ||
              !hr_save_energy(store, p->id, &p->cost, study->years, book, error)))) {
            return false;
        }
    }
    return add_notes(store, study, target->program_version, book, error) &&
           hr_store_commit_study(store, study_id, error);
}
