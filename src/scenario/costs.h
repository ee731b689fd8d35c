/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario/costs.h - what a study is to price beside the cluster itself: the map `costs` of a
 * scenario of `headroom size`. All of it is off until it is asked for.
 *
 * Amounts of the user's are in the study's currency, exact. Owner: hr_costs owns its lists and
 * text.
 */
#ifndef HR_SCENARIO_COSTS_H
#define HR_SCENARIO_COSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/money.h"
#include "base/tree.h"
#include "catalog/catalog.h"

/* What a cost line is for; bills stand in this order. */
enum hr_cost_category {
    HR_COST_SERVER,
    HR_COST_MEMORY,
    HR_COST_STORAGE,
    HR_COST_NETWORK,
    HR_COST_PLATFORM, /* hypervisor and its management */
    HR_COST_GUEST_OS,
    HR_COST_POWER,
    HR_COST_SUPPORT, /* hardware maintenance after the warranty */
    HR_COST_LABOUR,
    HR_COST_AROUND, /* UPS, rack, cabling, space */
    HR_COST_BACKUP,
    HR_COST_APPLICATION, /* databases, desktop services, client access: the user's lines */
    HR_COST_ONCE,        /* migration and training */
    HR_COST_RISK,        /* downtime and shortfall, from the simulation */
    HR_COST_TAX,
    HR_COST__COUNT
};
const char *hr_cost_category_name(enum hr_cost_category category); /* "server", "guest_os" … */

enum hr_space { HR_SPACE_NONE, HR_SPACE_RACK_UNIT, HR_SPACE_COLOCATION };

/* What the count of a user's own line is multiplied with. */
enum hr_own_per {
    HR_OWN_FIXED,
    HR_OWN_HOST,
    HR_OWN_CORE, /* of all hosts */
    HR_OWN_GUEST,
    HR_OWN_WINDOWS_GUEST, /* Windows Server only */
    HR_OWN_USER,
    HR_OWN__COUNT
};
enum hr_own_due { HR_OWN_ONCE, HR_OWN_YEARLY, HR_OWN_MONTHLY };

/* A line of the user's own. */
struct hr_own_cost {
    char *item;
    enum hr_cost_category category;
    enum hr_own_per per;
    hr_decimal count; /* so many of each */
    enum hr_own_due due;
    hr_decimal price;
    char *price_id; /* in the book, instead of price; NULL: price */
    char *where;    /* "scenario.yaml:12" */
};

struct hr_costs {
    char *currency; /* of the study, "EUR"; NULL: "USD" */
    /* around the cluster */
    int space; /* enum hr_space */
    bool has_ups, has_rack, has_cabling;
    double ups_watt; /* one UPS carries */
    int64_t array_rack_units, switch_rack_units, ups_rack_units;
    /* effort a year and host */
    bool has_monitoring, has_patching, has_backup_effort;
    /* once */
    double migration_days;
    bool has_migration_tools;
    int64_t trainings;
    /* risk */
    bool has_downtime;
    double failures_per_host_year;
    bool failures_are_given; /* else the default, an assumption */
    double planned_min_per_guest_year;
    hr_decimal down_per_min[HR_PRIORITY__COUNT]; /* of one guest */
    hr_decimal shortfall_per_min; /* of one guest that waits for paged memory; 0: off */
    /* of other lines */
    double residual_pct; /* of what servers, memory, storage, network cost; < 0: disposal */
    hr_decimal tax_pct[HR_COST__COUNT];
    /* depreciation, straight, in years */
    int64_t server_life_years, network_life_years, licence_life_years;
    /* backup */
    char **backup; /* NAME or NAME:SERVERS; NULL: none */
    double retention_days;
    double change_pct; /* of the data, a day */
    /* the user's own lines */
    int64_t users;
    struct hr_own_cost *own;
    size_t n_own;
    char *file; /* the scenario's name, for the source of what it prices; NULL: none */
};

void hr_costs_init(struct hr_costs *costs); /* the defaults of doc/headroom-size.1 */
void hr_costs_clear(struct hr_costs *costs);
/* Whether any category is taxed; NULL has none. */
bool hr_costs_have_tax(const struct hr_costs *costs);
/* Takes over a map `costs`. Unknown keys and bad values are fatal findings; all of them are
 * made. */
void hr_costs_read(struct hr_costs *costs, const hr_tree *tree, const hr_node *map,
                   hr_diag *diag);

#endif
