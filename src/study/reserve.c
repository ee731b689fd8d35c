/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cluster has left: guests of today's mix are added until a service level breaks, and a
 * single guest is made larger until it finds no room. Both with the spare hosts failing, as in
 * the sizing, and by two replications: the answer is good to a few guests in a hundred. */
#include <math.h>

#include "base/units.h"
#include "study/search.h"

enum { REPLICATIONS = 2, MOST_TIMES_MORE = 4 };
/* How closely the number of guests and the size of one guest are searched. */
static const double GUESTS_FRAC = 0.025;
static const double SIZE_STEP_MIB = 1024.0;

/* Do these guests run well on the cluster? */
static bool holds(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                  const struct hr_guests *guests)
{
    struct hr_size_options options = *search->options;
    options.replications = MIN(REPLICATIONS, options.replications);
    struct hr_loads loads;
    hr_loads_init(&loads, guests, &options);
    struct hr_search of_guests = *search;
    of_guests.guests = guests;
    of_guests.options = &options;
    of_guests.loads = &loads;
    struct hr_evaluation evaluation = {0};
    hr_evaluate(&of_guests, cluster, &evaluation);
    bool feasible = evaluation.verdict == HR_VERDICT_FEASIBLE;
    hr_evaluation_clear(&evaluation);
    hr_loads_clear(&loads);
    return feasible;
}

static bool holds_more(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                       uint32_t n_more)
{
    struct hr_guests *guests = hr_guests_grown(search->today, n_more);
    hr_progress_say(search->options->progress, "%s: would %u guests more fit?",
                    search->platform->name, n_more);
    bool fit = holds(search, cluster, guests);
    hr_guests_free(guests);
    return fit;
}

/* Doubled until they do not fit, then halved in between. */
bool hr_find_more(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                  struct hr_reserve_found *out)
{
    uint32_t n = search->today->n_running;
    uint32_t most = MOST_TIMES_MORE * n;
    uint32_t step = MAX(1U, (uint32_t)(GUESTS_FRAC * n));
    uint32_t fits = 0;
    uint32_t too_many = MAX(step, n / 8);
    bool fits_any = false;
    while (too_many <= most && holds_more(search, cluster, too_many)) {
        fits_any = true;
        fits = too_many;
        too_many *= 2;
    }
    out->more_at_least = too_many > most;
    while (too_many - fits > step && !out->more_at_least) {
        uint32_t middle = fits + (too_many - fits) / 2;
        if (holds_more(search, cluster, middle)) {
            fits_any = true;
            fits = middle;
        } else {
            too_many = middle;
        }
    }
    out->more_guests = fits;
    return fits_any || holds_more(search, cluster, 0);
}

/* A guest of this size, otherwise like the present guest nearest to it in size. */
static struct hr_scenario_guest single_guest(const struct hr_guests *today, double size_mib)
{
    struct hr_scenario_guest guest = today->items[0];
    double nearest = HUGE_VAL;
    for (uint32_t g = 0; g < today->n_running; g++) {
        double gap = fabs(log(today->items[g].size_mib / size_mib));
        if (gap < nearest) {
            nearest = gap;
            guest = today->items[g];
        }
    }
    double factor = size_mib / guest.size_mib;
    guest.name = (char *)(guintptr) "one more guest";
    guest.key = G_GUINT64_CONSTANT(0x68656164726f6f6d);
    guest.size_mib = size_mib;
    guest.memory_limit_mib = size_mib;
    guest.memory_reservation_mib *= factor;
    guest.shares *= factor;
    guest.dynamic.startup_mib = fmin(size_mib, guest.dynamic.startup_mib * factor);
    guest.dynamic.minimum_mib = fmin(size_mib, guest.dynamic.minimum_mib * factor);
    guest.dynamic.maximum_mib = size_mib;
    guest.memory_active_mib =
        guest.memory_active_mib > 0.0 ? guest.memory_active_mib * factor : -1.0;
    guest.memory_consumed_mib = HR_UNKNOWN;
    guest.priority = HR_PRIORITY_MEDIUM;
    return guest;
}

static void find_largest(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                         struct hr_reserve_found *out)
{
    double fits = 0.0;
    double too_large = ceil(hr_cluster_physical_mib(cluster) / SIZE_STEP_MIB) * SIZE_STEP_MIB;
    while (too_large - fits > fmax(SIZE_STEP_MIB, fits / 16.0)) {
        double middle = floor((fits + too_large) / 2.0 / SIZE_STEP_MIB) * SIZE_STEP_MIB;
        if (middle <= fits) {
            break;
        }
        hr_progress_say(search->options->progress, "%s: would one guest of %.0f GiB fit?",
                        search->platform->name, hr_mib_to_gib(middle));
        struct hr_scenario_guest one = single_guest(search->today, middle);
        struct hr_guests *guests = hr_guests_with_one(search->today, &one);
        if (holds(search, cluster, guests)) {
            fits = middle;
        } else {
            too_large = middle;
        }
        hr_guests_free(guests);
    }
    out->largest_guest_mib = fits;
}

void hr_find_reserve(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                     struct hr_reserve_found *out)
{
    *out = (struct hr_reserve_found){.lasts_months = -1.0};
    (void)hr_find_more(search, cluster, out);
    find_largest(search, cluster, out);
    double growth = search->options->growth_pct / 100.0;
    if (growth > 0.0) {
        double n = search->today->n_running;
        out->lasts_months =
            floor(12.0 * log((n + out->more_guests) / n) / log(1.0 + growth) + 1e-9);
    }
}
