/* SPDX-License-Identifier: GPL-3.0-or-later */
/* study/stored_price.h - a stored sizing study at other prices, without simulating again.
 *
 * The clusters, the counts of every line and the editions stay as the study found them; only
 * prices change. A line is its units times its price, and where the units are themselves a
 * share of a sum of prices, as of maintenance, that sum is made anew. So unchanged prices give
 * the same cents, and a changed price moves a total by units × difference. What a price changes
 * in another way - the watts of a server, the share of a tax - is refused.
 */
#ifndef HR_STUDY_STORED_PRICE_H
#define HR_STUDY_STORED_PRICE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/diag.h"
#include "catalog/pricebook.h"
#include "cost/cost.h"

/* One platform of the study, at the old prices and the new ones. */
struct hr_stored_platform {
    char *id;
    char *name;
    char *server_name;
    bool feasible;
    int hosts;
    double memory_mib_per_host;
    int64_t before_cents; /* TCO at the old prices */
    struct hr_cost cost;  /* at the new ones */
    int64_t cost_per_guest_cents;
    int rank;
};

struct hr_stored_study {
    int64_t study_id;
    char *price_book; /* that it was priced with, "2026" */
    char *currency;
    char *title;
    int years;
    int64_t running;
    double discount_rate;
    struct hr_stored_platform *platforms; /* by rank */
    uint32_t n_platforms;
    uint32_t n_changed; /* prices that are others now, each once */
};

/* Reads the platforms and cost lines of a study; study_id 0: the last one. Fails: when it is no
 * sizing. Owner of *out: the caller (hr_stored_study_clear). */
bool hr_stored_study_read(const char *database, int64_t study_id, struct hr_stored_study *out,
                          GError **error);
void hr_stored_study_clear(struct hr_stored_study *study);

/* Prices the lines with the book and ranks the platforms anew. What cannot be priced without
 * simulating is a fatal finding each. Fails: with findings in diag. */
bool hr_stored_study_price(struct hr_stored_study *study, const hr_pricebook *book,
                           hr_diag *diag);

/* Where it comes from and goes to, and what the new study says of itself. All borrowed. */
struct hr_stored_target {
    const char *database; /* that it was read from */
    const char *output;
    const char *command;
    const char *program_version;
};

/* Saves it as a new study of the output, with what was simulated copied from where it was read.
 * *study_id: its number there. */
bool hr_stored_study_save(const struct hr_stored_study *study,
                          const struct hr_stored_target *target, const hr_pricebook *book,
                          int64_t *study_id, GError **error);

/* One line at the prices of its used[] as they now are. */
void hr_stored_line_price(struct hr_cost_line *line, double discount_rate);

#endif
