/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cluster has left: guests of today's mix are added until a service level breaks, and a
 * single guest is made larger until it finds no room; the months of growth are counted until it
 * is full. All with the spare hosts failing, as in the sizing, and by two replications: the
 * answer is good to a few guests in a hundred. Today's guests ask for what they ask for today.
 */
#include <math.h>

#include "base/units.h"
#include "study/search.h"

enum { REPLICATIONS = 2, MOST_TIMES_MORE = 4, MOST_MONTHS = 240 };
/* How closely the number of guests and the size of one guest are searched. */
static const double GUESTS_FRAC = 0.025;
static const double SIZE_STEP_MIB = 1024.0;

bool hr_holds(const struct hr_search *search, const struct hr_cluster_spec *cluster,
              const struct hr_guests *guests, double demand_factor)
{
    struct hr_other_load other;
    hr_other_load_init(&other, search, guests, demand_factor, REPLICATIONS);
    struct hr_evaluation evaluation = {0};
    hr_evaluate(&other.search, cluster, &evaluation);
    bool holds = evaluation.verdict == HR_VERDICT_FEASIBLE;
    hr_evaluation_clear(&evaluation);
    hr_other_load_clear(&other);
    return holds;
}

int hr_last_month(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                  int from_month, int to_month)
{
    int holds = from_month;
    int too_late = to_month + 1;
    while (too_late - holds > 1) {
        int middle = holds + (too_late - holds) / 2;
        if (hr_holds_at(search, cluster, middle)) {
            holds = middle;
        } else {
            too_late = middle;
        }
    }
    return holds;
}

static bool holds_more(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                       uint32_t n_more)
{
    struct hr_guests *guests = hr_guests_grown(search->today, n_more);
    hr_progress_say(search->options->progress, "%s: would %u guests more fit?",
                    search->platform->name, n_more);
    bool fit = hr_holds(search, cluster, guests, 1.0);
    hr_guests_free(guests);
    return fit;
}

/* The most average guests more that fit: doubled until they do not fit, then halved in between.
 * Returns: false when not even today's guests fit. */
static bool find_more(const struct hr_search *search, const struct hr_cluster_spec *cluster,
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
        if (hr_holds(search, cluster, guests, 1.0)) {
            fits = middle;
        } else {
            too_large = middle;
        }
        hr_guests_free(guests);
    }
    out->largest_guest_mib = fits;
}

/* Months until growth has made n guests of those of today, rounded down. */
static double months_until(const struct hr_search *search, double n)
{
    double growth = search->options->growth_pct / 100.0;
    return floor(12.0 * log(n / search->today->n_running) / log(1.0 + growth) + 1e-9);
}

/* With growth of the number alone, the guests that still fit say it all. With growth of demand
 * each month is another load, and is simulated as such; those guests then are a bound. */
static void find_lasting(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                         bool fits_today, struct hr_reserve_found *out)
{
    double n = search->today->n_running;
    bool guests_grow = search->options->growth_pct > 0.0;
    double by_guests = guests_grow ? months_until(search, n + out->more_guests) : MOST_MONTHS;
    bool at_least = !guests_grow || out->more_at_least;
    if (search->options->demand_growth_pct <= 0.0 || !fits_today) {
        out->lasts_months = fits_today ? by_guests : 0.0;
        out->lasts_at_least = fits_today && at_least;
        return;
    }
    int most = (int)fmin(MOST_MONTHS, by_guests);
    out->lasts_months = hr_last_month(search, cluster, 0, most);
    out->lasts_at_least = (int)out->lasts_months == most && (at_least || most == MOST_MONTHS);
}

void hr_find_reserve(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                     struct hr_reserve_found *out)
{
    *out = (struct hr_reserve_found){.lasts_months = -1.0};
    bool fits_today = find_more(search, cluster, out);
    find_largest(search, cluster, out);
    if (hr_size_grows(search->options)) {
        find_lasting(search, cluster, fits_today, out);
    }
}
