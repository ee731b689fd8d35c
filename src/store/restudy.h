/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/restudy.h - a study made from a stored one with other prices: what was simulated is
 * copied, what it costs is left to the caller to add.
 *
 * Copied are study, platforms, periods, candidates, scenarios, runs with all that hangs on
 * them, findings, assumptions and provenance. Not copied is what rests on the old prices: cost
 * lines and their prices, energy, static floor, present hosts, and whatever else was computed
 * from costs.
 */
#ifndef HR_STORE_RESTUDY_H
#define HR_STORE_RESTUDY_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "store/store.h"

/* What the new study says of itself in place of the old one. */
struct hr_restudy {
    const char *command;
    const char *program_version;
    const char *price_book;
    const char *price_month;
};

/* Begins a study as hr_store_begin_study() does, with what is copied from a study of another
 * (or the same) database already in it. The provenance of program and price book is left out.
 * Fails: as hr_store_open_read(), and when the database has no such study. */
bool hr_store_begin_restudy(hr_store *store, const char *source_path, int64_t study_id,
                            const struct hr_restudy *what, GError **error);

/* The new costs of a platform; all money in cents. */
struct hr_restudy_cost {
    const char *platform_id;
    int rank;
    int64_t capex_cents, opex_cents, tco_cents;
    int64_t capex_cash_cents, opex_cash_cents, tco_cash_cents;
    int64_t cost_per_guest_cents;
};

/* Sets them. The cost of buying at other times than the study's is then not known, nor that of
 * other candidates than the platform's answer: -1. */
bool hr_store_set_cost(hr_store *store, const struct hr_restudy_cost *cost, GError **error);

#endif
