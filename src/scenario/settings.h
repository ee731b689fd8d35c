/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario/settings.h - how a study is made: horizon, spare hosts, service levels, random seed.
 * A scenario file (YAML) may stand in for the defaults, and the command line for both.
 *
 * Owner: hr_settings owns its lists.
 */
#ifndef HR_SCENARIO_SETTINGS_H
#define HR_SCENARIO_SETTINGS_H

#include <stdint.h>

#include <glib.h>

#include "base/diag.h"
#include "scenario/costs.h"
#include "scenario/keep.h"
#include "scenario/limits.h"

struct hr_settings {
    char **platforms; /* ids; NULL: all of the catalogue */
    char **servers;
    int64_t hosts; /* 0: as many as are needed */
    int64_t spare;
    int64_t years;
    int64_t replications;
    int64_t seed;
    int64_t minimum_order_cores; /* smallest order of a licence per core; 0: none */
    double days;
    double growth_pct;        /* of the number of guests, a year */
    double demand_growth_pct; /* of what each guest asks for, a year */
    double slowdown_pct;
    double restart_within_min;
    double discount_pct;   /* a year */
    int powered_off;       /* enum hr_powered_off */
    struct hr_costs costs; /* what is priced beside the cluster */
    struct hr_limits limits;
    struct hr_keep_given keep;
};

void hr_settings_init(struct hr_settings *settings); /* the defaults of doc/headroom-size.1 */
void hr_settings_clear(struct hr_settings *settings);

/* Takes over what a scenario file says; unknown keys and bad values are fatal findings.
 * Returns: false with findings in diag or *error set; *settings may then be half changed. */
bool hr_settings_load(struct hr_settings *settings, const char *path, hr_diag *diag,
                      GError **error);

#endif
