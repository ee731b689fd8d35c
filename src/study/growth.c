/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growth over the horizon: what runs at a month, and how much of the processors it uses.
 *
 * A cluster is simulated with the load of its last month anyway. One more load, that of its
 * first year, gives a second point; between the two the use of processors goes in a straight
 * line with the guests' mean demand for them, which is known for every month without a run. */
#include <math.h>

#include "base/units.h"
#include "study/search.h"

enum { REPLICATIONS = 2 };

bool hr_size_grows(const struct hr_size_options *options)
{
    return options->growth_pct > 0.0 || options->demand_growth_pct > 0.0;
}

double hr_demand_factor(const struct hr_size_options *options, double month)
{
    return pow(1.0 + options->demand_growth_pct / 100.0, month / 12.0);
}

/* ---- a load other than that of the study ---- */

void hr_other_load_init(struct hr_other_load *other, const struct hr_search *search,
                        const struct hr_guests *guests, double demand_factor,
                        int most_replications)
{
    other->options = *search->options;
    other->options.replications = MIN(most_replications, other->options.replications);
    hr_loads_init(&other->loads, guests, &other->options, demand_factor);
    other->search = *search;
    other->search.guests = guests;
    other->search.options = &other->options;
    other->search.loads = &other->loads;
}

void hr_other_load_clear(struct hr_other_load *other)
{
    hr_loads_clear(&other->loads);
}

struct hr_guests *hr_guests_at(const struct hr_search *search, double month)
{
    uint32_t n_more =
        hr_growth_guests(search->today->n_running, search->options->growth_pct, month);
    return hr_guests_grown(search->today, n_more);
}

bool hr_holds_at(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                 int month)
{
    struct hr_guests *guests = hr_guests_at(search, month);
    hr_progress_say(search->options->progress, "%s: would %d × %s hold in month %d?",
                    search->platform->name, cluster->n_hosts, cluster->server->id, month);
    bool holds = hr_holds(search, cluster, guests, hr_demand_factor(search->options, month));
    hr_guests_free(guests);
    return holds;
}

/* ---- demand for processors ---- */

static double mean_cpu_mhz(const struct hr_load *load, uint32_t n_steps)
{
    double sum = 0.0;
    for (uint32_t s = 0; s < n_steps; s++) {
        const float *row = hr_load_row(load, load->cpu_mhz, s);
        for (uint32_t g = 0; g < load->n_guests; g++) {
            sum += (double)row[g];
        }
    }
    return sum / n_steps;
}

void hr_growth_init(struct hr_growth *growth, const struct hr_size_options *options)
{
    growth->n = (size_t)24 * (size_t)options->cost.years + 1;
    growth->cpu_mhz = g_new(double, growth->n);
    for (size_t i = 0; i < growth->n; i++) {
        growth->cpu_mhz[i] = -1.0;
    }
}

void hr_growth_clear(struct hr_growth *growth)
{
    g_clear_pointer(&growth->cpu_mhz, g_free);
}

/* Mean demand of all guests at a half month since the start, by replication 0. */
static double cpu_mhz_at(const struct hr_search *search, int half_month)
{
    double *known = &search->growth->cpu_mhz[half_month];
    if (*known < 0.0) {
        struct hr_scenario shape = {.days = search->options->days, .step_s = 300.0};
        struct hr_guests *guests = hr_guests_at(search, half_month / 2.0);
        struct hr_other_load other;
        hr_other_load_init(&other, search, guests,
                           hr_demand_factor(search->options, half_month / 2.0), 1);
        bool own = false;
        struct hr_load *load = hr_loads_take(&other.loads, 0, &own);
        *known = mean_cpu_mhz(load, hr_run_day_steps(&shape));
        if (own) {
            hr_load_free(load);
        }
        hr_other_load_clear(&other);
        hr_guests_free(guests);
    }
    return *known;
}

/* ---- use of processors ---- */

/* Simulated: mean use of the first replications at a half month. */
static double use_at(const struct hr_search *search, const struct hr_cluster_spec *cluster,
                     int half_month)
{
    struct hr_guests *guests = hr_guests_at(search, half_month / 2.0);
    struct hr_other_load other;
    hr_other_load_init(&other, search, guests,
                       hr_demand_factor(search->options, half_month / 2.0), REPLICATIONS);
    double use = hr_evaluate_use(&other.search, cluster);
    hr_other_load_clear(&other);
    hr_guests_free(guests);
    return use;
}

struct hr_use hr_use_of_runs(const struct hr_search *search,
                             const struct hr_cluster_spec *cluster,
                             const struct hr_run_result *runs, int n_runs)
{
    int end = 2 * 12 * search->options->cost.years;
    int n_first = MIN(REPLICATIONS, n_runs);
    struct hr_use use = {0};
    double first = 0.0; /* of the replications with which the early load is simulated too */
    for (int r = 0; r < n_runs; r++) {
        use.late_frac += runs[r].cpu_util_mean / n_runs;
        first += r < n_first ? runs[r].cpu_util_mean / n_first : 0.0;
    }
    use.early_frac = use.late_frac;
    if (hr_size_grows(search->options)) {
        hr_progress_say(search->options->progress, "%s: %d × %s in the first year",
                        search->platform->name, cluster->n_hosts, cluster->server->id);
        use.early_mhz = cpu_mhz_at(search, 12);
        use.late_mhz = cpu_mhz_at(search, end);
        /* The same random numbers on both sides: their difference is that of the loads. */
        use.early_frac += use_at(search, cluster, 12) - first;
    }
    return use;
}

struct hr_use hr_use_between(const struct hr_search *search,
                             const struct hr_cluster_spec *cluster, int early_half,
                             int late_half)
{
    struct hr_use use = {.early_mhz = cpu_mhz_at(search, early_half),
                         .late_mhz = cpu_mhz_at(search, late_half)};
    use.early_frac = use_at(search, cluster, early_half);
    use.late_frac =
        early_half == late_half ? use.early_frac : use_at(search, cluster, late_half);
    return use;
}

static double use_frac(const struct hr_use *use, double mhz)
{
    double span = use->late_mhz - use->early_mhz;
    double part = span > 0.0 ? (use->late_mhz - mhz) / span : 0.0;
    return use->late_frac - (use->late_frac - use->early_frac) * part;
}

/* ---- periods ---- */

void hr_add_periods(const struct hr_search *search, int n_hosts, const struct hr_use *use,
                    int from_month, int to_month, GArray *periods)
{
    const struct hr_size_options *options = search->options;
    bool grows = hr_size_grows(options);
    uint32_t n = search->today->n_running;
    while (from_month < to_month) {
        int end = MIN(to_month, (from_month / 12 + 1) * 12);
        int half_month = from_month + end; /* the middle, in half months */
        struct hr_cost_period period = {.from_month = from_month,
                                        .to_month = end,
                                        .n_hosts = n_hosts,
                                        .n_guests = n,
                                        .cpu_util_mean = use->late_frac};
        if (grows) {
            period.n_guests += hr_growth_guests(n, options->growth_pct, half_month / 2.0);
            if (use->late_mhz > 0.0) {
                period.cpu_util_mean = use_frac(use, cpu_mhz_at(search, half_month));
            }
        }
        g_array_append_val(periods, period);
        from_month = end;
    }
}
