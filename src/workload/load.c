/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workload/load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/error.h"
#include "base/units.h"
#include "engine/rng.h"
#include "workload/calendar.h"
#include "workload/fast_exp.h"
#include "workload/profile.h"

enum quantity { QUANTITY_CPU, QUANTITY_MEMORY, QUANTITY_IOPS, QUANTITY__COUNT };

/* The purposes of this file's streams, away from those that number from 0. */
enum {
    PURPOSE_GUEST_NOISE = 0x4c4f4100, /* + enum quantity */
    PURPOSE_SITE_NOISE = 0x4c4f4110,  /* + enum quantity */
    PURPOSE_BURSTS = 0x4c4f4120,
    PURPOSE_JOBS = 0x4c4f4121
};

enum column {
    COLUMN_COMMIT,
    COLUMN_CACHE,
    COLUMN_ACTIVE,
    COLUMN_CPU,
    COLUMN_IOPS,
    COLUMN__COUNT
};

enum { DAYS_BEFORE = 7, HOURS_PER_DAY = 24 };

/* Guests are made one after the other but stored step by step: some are kept until whole lines
 * of the processor's cache can be written. */
enum { BLOCK_GUESTS = 16, TILE_STEPS = 16 };

static const double least_cpu_frac = 0.001;
static const double least_commit_frac = 0.05;

struct role_profiles {
    const struct hr_role *role;
    struct hr_profile of[QUANTITY__COUNT];
    double burst_frac; /* of the mean without bursts, that bursts add on average */
};

struct maker {
    const struct hr_load_params *params;
    struct hr_load *load;
    gsl_rng *rng;
    uint16_t *slots; /* of each step, in a profile */
    struct role_profiles *roles;
    size_t n_roles;
    struct hr_calendar_day *days; /* the first is DAYS_BEFORE days before the load */
    int64_t n_days;
    /* Normal deviates that the guests of the present site share, made when first asked for. */
    uint64_t site_key;
    bool has_site[QUANTITY__COUNT];
    double *site[QUANTITY__COUNT];
    /* The present guest. */
    double *series[QUANTITY__COUNT];
    double *bursts;
    double *job_commit;
    double *job_cache;
    double *active;
    float *made[COLUMN__COUNT];
    /* The guests made and not yet stored. */
    float *block; /* [guest][column][step] */
    uint32_t block_rows[BLOCK_GUESTS];
    uint32_t n_block;
};

/* ---- profiles
 * ---------------------------------------------------------------------------------- */

static double peak_ratio(double mean, double peak, double burst_frac)
{
    return mean > 0.0 && peak > 0.0 ? peak / mean * (1.0 + burst_frac) : 0.0;
}

static double expected_burst_frac(const struct hr_burst *burst)
{
    if (burst->per_day <= 0.0 || burst->mean_s <= 0.0 || burst->height_median <= 0.0) {
        return 0.0;
    }
    double height = burst->height_median * exp(0.5 * burst->height_sigma * burst->height_sigma);
    return burst->per_day * burst->mean_s / hr_us_to_s(HR_US_PER_DAY) * height;
}

static void role_profiles_init(struct role_profiles *profiles, const struct hr_role *role,
                               int64_t step_us)
{
    profiles->role = role;
    profiles->burst_frac = expected_burst_frac(&role->burst);
    double cpu = peak_ratio(role->cpu_mean_pct, role->cpu_peak_pct, profiles->burst_frac);
    double iops = peak_ratio(role->iops_mean, role->iops_peak, profiles->burst_frac);
    hr_profile_init(&profiles->of[QUANTITY_CPU], &role->cpu_shape, cpu, step_us);
    hr_profile_init(&profiles->of[QUANTITY_MEMORY], &role->memory_shape, 0.0, step_us);
    hr_profile_init(&profiles->of[QUANTITY_IOPS], &role->iops_shape, iops, step_us);
}

static const struct role_profiles *find_role(const struct maker *maker,
                                             const struct hr_role *role)
{
    for (size_t i = 0; i < maker->n_roles; i++) {
        if (maker->roles[i].role == role) {
            return &maker->roles[i];
        }
    }
    return NULL;
}

static void add_roles(struct maker *maker, const struct hr_load_guest *guests,
                      uint32_t n_guests)
{
    size_t capacity = 0;
    for (uint32_t i = 0; i < n_guests; i++) {
        hr_assert(guests[i].role != NULL);
        if (find_role(maker, guests[i].role) != NULL) {
            continue;
        }
        if (maker->n_roles == capacity) {
            capacity = capacity == 0 ? 8 : capacity * 2;
            maker->roles = g_renew(struct role_profiles, maker->roles, capacity);
        }
        role_profiles_init(&maker->roles[maker->n_roles++], guests[i].role,
                           maker->params->step_us);
    }
}

/* ---- noise
 * ------------------------------------------------------------------------------------- */

static const double *site_deviates(struct maker *maker, enum quantity quantity)
{
    double *out = maker->site[quantity];
    if (!maker->has_site[quantity]) {
        maker->has_site[quantity] = true;
        hr_rng_derive(maker->rng, maker->params->seed, maker->params->replication,
                      maker->site_key, PURPOSE_SITE_NOISE + (uint32_t)quantity);
        for (uint32_t t = 0; t < maker->params->n_steps; t++) {
            out[t] = gsl_ran_gaussian_ziggurat(maker->rng, 1.0);
        }
    }
    return out;
}

/* Fills the quantity's series with its noise, of variance 1. */
static void fill_noise(struct maker *maker, const struct hr_load_guest *guest,
                       enum quantity quantity, const struct hr_profile *profile)
{
    double *out = maker->series[quantity];
    uint32_t n_steps = maker->params->n_steps;
    double own = sqrt(1.0 - profile->site_share);
    double shared = sqrt(profile->site_share);
    const double *site = shared > 0.0 ? site_deviates(maker, quantity) : NULL;
    double gain = sqrt(1.0 - profile->phi * profile->phi);
    double noise = 0.0;
    hr_rng_derive(maker->rng, maker->params->seed, maker->params->replication, guest->key,
                  PURPOSE_GUEST_NOISE + (uint32_t)quantity);
    for (uint32_t t = 0; t < n_steps; t++) {
        double fresh = own * gsl_ran_gaussian_ziggurat(maker->rng, 1.0);
        if (site != NULL) {
            fresh += shared * site[t];
        }
        /* The first step is drawn from the stationary distribution. */
        noise = t == 0 ? fresh : profile->phi * noise + gain * fresh;
        out[t] = noise;
    }
}

/* Fills the quantity's series with its profile, of mean 1. */
static void fill_profile(struct maker *maker, const struct hr_load_guest *guest,
                         enum quantity quantity)
{
    const struct hr_profile *profile = &find_role(maker, guest->role)->of[quantity];
    double *out = maker->series[quantity];
    const double sigma = profile->sigma;
    const struct hr_bend bend = profile->bend;
    fill_noise(maker, guest, quantity, profile);
    for (uint32_t t = 0; t < maker->params->n_steps; t++) {
        double level = profile->level_log[maker->slots[t]] + sigma * out[t];
        out[t] = hr_fast_exp(hr_bend_log(&bend, level));
    }
}

/* ---- bursts and jobs
 * --------------------------------------------------------------------------- */

/* Adds amount to the steps between two moments, to the first and last by the share they are in.
 */
static void add_between(const struct maker *maker, double *series, double from_us,
                        double until_us, double amount)
{
    double step_us = (double)maker->params->step_us;
    double end_us = step_us * maker->params->n_steps;
    from_us = fmax(0.0, from_us);
    until_us = fmin(end_us, until_us);
    while (amount != 0.0 && from_us < until_us) {
        uint32_t t = (uint32_t)(from_us / step_us);
        double next_us = fmin(until_us, step_us * (t + 1.0));
        if (t >= maker->params->n_steps || next_us <= from_us) {
            break;
        }
        series[t] += amount * (next_us - from_us) / step_us;
        from_us = next_us;
    }
}

static void fill_bursts(struct maker *maker, const struct hr_load_guest *guest)
{
    const struct hr_burst *burst = &guest->role->burst;
    memset(maker->bursts, 0, sizeof *maker->bursts * maker->params->n_steps);
    if (expected_burst_frac(burst) == 0.0) {
        return;
    }
    hr_rng_derive(maker->rng, maker->params->seed, maker->params->replication, guest->key,
                  PURPOSE_BURSTS);
    double end_us = (double)maker->params->step_us * maker->params->n_steps;
    double mean_gap_us = (double)HR_US_PER_DAY / burst->per_day;
    double start_us = gsl_ran_exponential(maker->rng, mean_gap_us);
    while (start_us < end_us) {
        double height = burst->height_median *
                        exp(gsl_ran_gaussian_ziggurat(maker->rng, burst->height_sigma));
        double length_us = gsl_ran_exponential(maker->rng, burst->mean_s * HR_US_PER_S);
        add_between(maker, maker->bursts, start_us, start_us + length_us, height);
        start_us += gsl_ran_exponential(maker->rng, mean_gap_us);
    }
}

static void add_job(struct maker *maker, const struct hr_load_guest *guest,
                    const struct hr_job *job, double start_hour)
{
    double capacity_mhz = guest->vcpus * guest->vcpu_mhz;
    double length_us = fmax(0.0, job->duration_h) * (double)HR_US_PER_HOUR;
    for (int64_t d = 0; d < maker->n_days; d++) {
        if (!hr_calendar_has_job(&maker->days[d], job)) {
            continue;
        }
        double day_hour = (double)(d - DAYS_BEFORE) * HOURS_PER_DAY;
        double from_us = (day_hour + start_hour) * (double)HR_US_PER_HOUR;
        double until_us = from_us + length_us;
        add_between(maker, maker->series[QUANTITY_CPU], from_us, until_us,
                    job->cpu_pct / 100.0 * capacity_mhz);
        add_between(maker, maker->series[QUANTITY_IOPS], from_us, until_us, job->iops);
        add_between(maker, maker->job_commit, from_us, until_us,
                    job->commit_frac * guest->size_mib);
        add_between(maker, maker->job_cache, from_us, until_us,
                    job->cache_frac * guest->size_mib);
    }
}

static void add_jobs(struct maker *maker, const struct hr_load_guest *guest)
{
    uint32_t n_steps = maker->params->n_steps;
    memset(maker->job_commit, 0, sizeof *maker->job_commit * n_steps);
    memset(maker->job_cache, 0, sizeof *maker->job_cache * n_steps);
    hr_rng_derive(maker->rng, maker->params->seed, maker->params->replication, guest->key,
                  PURPOSE_JOBS);
    for (size_t i = 0; i < guest->role->n_jobs; i++) {
        const struct hr_job *job = &guest->role->jobs[i];
        double jitter_h = fmax(0.0, job->jitter_h) * gsl_rng_uniform(maker->rng);
        add_job(maker, guest, job, job->start_hour + jitter_h);
    }
}

/* ---- the five columns
 * -------------------------------------------------------------------------- */

/* The float next to x that is not above it. */
static float float_at_most(double x)
{
    return (float)(x * (1.0 - 0x1.0p-24));
}

static void scale_rate(struct maker *maker, enum quantity quantity, double mean,
                       double burst_frac)
{
    double *series = maker->series[quantity];
    double quiet = mean / (1.0 + burst_frac);
    for (uint32_t t = 0; t < maker->params->n_steps; t++) {
        series[t] = quiet * (series[t] + maker->bursts[t]);
    }
}

static void fit_cpu(struct maker *maker, const struct hr_load_guest *guest)
{
    double *series = maker->series[QUANTITY_CPU];
    size_t n = maker->params->n_steps;
    double most_mhz = guest->vcpus * guest->vcpu_mhz;
    double least_mhz = least_cpu_frac * most_mhz;
    bool has_avg = guest->cpu_mhz_avg >= 0.0;
    bool has_p95 = guest->cpu_mhz_p95 >= 0.0;
    if (has_avg && has_p95) {
        hr_series_fit_both(series, n, guest->cpu_mhz_avg, guest->cpu_mhz_p95, least_mhz,
                           most_mhz);
    } else if (has_avg) {
        hr_series_fit_mean(series, n, guest->cpu_mhz_avg, least_mhz, most_mhz);
    } else if (has_p95) {
        hr_series_fit_p95(series, n, guest->cpu_mhz_p95, least_mhz, most_mhz);
    } else {
        hr_series_clip(series, n, least_mhz, most_mhz);
    }
}

static void make_rates(struct maker *maker, const struct hr_load_guest *guest)
{
    const struct hr_role *role = guest->role;
    double burst_frac = find_role(maker, role)->burst_frac;
    double capacity_mhz = guest->vcpus * guest->vcpu_mhz;
    /* What was measured scales the series: any mean will do where the role expects nothing. */
    double cpu_pct = role->cpu_mean_pct > 0.0 ? role->cpu_mean_pct
                     : guest->cpu_mhz_avg >= 0.0 || guest->cpu_mhz_p95 >= 0.0 ? 1.0
                                                                              : 0.0;
    double iops = role->iops_mean > 0.0 ? role->iops_mean : guest->iops > 0.0 ? 1.0 : 0.0;
    fill_profile(maker, guest, QUANTITY_CPU);
    fill_profile(maker, guest, QUANTITY_IOPS);
    fill_bursts(maker, guest);
    scale_rate(maker, QUANTITY_CPU, cpu_pct / 100.0 * capacity_mhz, burst_frac);
    scale_rate(maker, QUANTITY_IOPS, iops, burst_frac);
    add_jobs(maker, guest);
    fit_cpu(maker, guest);
    if (guest->iops >= 0.0) {
        hr_series_fit_mean(maker->series[QUANTITY_IOPS], maker->params->n_steps, guest->iops,
                           0.0, HUGE_VAL);
    }
    const double *cpu = maker->series[QUANTITY_CPU];
    const double *io = maker->series[QUANTITY_IOPS];
    for (uint32_t t = 0; t < maker->params->n_steps; t++) {
        maker->made[COLUMN_CPU][t] = float_at_most(cpu[t]);
        maker->made[COLUMN_IOPS][t] = (float)io[t];
    }
}

static double memory_cap_mib(const struct hr_load_guest *guest)
{
    if (guest->commit_cap_mib > 0.0) {
        return guest->commit_cap_mib;
    }
    return guest->role->commit_frac > 1.0 ? HUGE_VAL : guest->size_mib;
}

/* Fills the active series before any bound, and returns the scale of all memory quantities. */
static double scale_memory(struct maker *maker, const struct hr_load_guest *guest)
{
    const double *profile = maker->series[QUANTITY_MEMORY];
    double *active = maker->active;
    uint32_t n_steps = maker->params->n_steps;
    double measured_mib = guest->memory_active_mib;
    double mean_mib = guest->role->active_frac * guest->size_mib;
    if (mean_mib <= 0.0) {
        mean_mib = fmax(0.0, measured_mib); /* the role has no ratio to keep */
    }
    for (uint32_t t = 0; t < n_steps; t++) {
        active[t] = mean_mib * profile[t] + maker->job_commit[t];
    }
    double present_mib = hr_series_mean(active, n_steps);
    double scale = measured_mib >= 0.0 && present_mib > 0.0 ? measured_mib / present_mib : 1.0;
    for (uint32_t t = 0; t < n_steps; t++) {
        active[t] *= scale;
    }
    return scale;
}

static void make_held(struct maker *maker, const struct hr_load_guest *guest, double scale)
{
    const double *profile = maker->series[QUANTITY_MEMORY];
    float *commit_out = maker->made[COLUMN_COMMIT];
    float *cache_out = maker->made[COLUMN_CACHE];
    double cap_mib = memory_cap_mib(guest);
    double least_mib = least_commit_frac * guest->size_mib;
    double commit_mib = guest->role->commit_frac * guest->size_mib;
    double cache_mib = guest->role->cache_frac * guest->size_mib;
    for (uint32_t t = 0; t < maker->params->n_steps; t++) {
        double commit = scale * (commit_mib * profile[t] + maker->job_commit[t]);
        double cache = scale * (cache_mib * profile[t] + maker->job_cache[t]);
        commit = commit < least_mib ? least_mib : commit;
        commit_out[t] = float_at_most(commit > cap_mib ? cap_mib : commit);
        double room = cap_mib - (double)commit_out[t];
        cache_out[t] = float_at_most(cache > room ? room : cache);
    }
}

/* The active series of a step under its scale, bounded by what is held. */
static double bounded_active_mib(const struct maker *maker, uint32_t t, double scale)
{
    double active = scale * maker->active[t];
    double held = (double)maker->made[COLUMN_COMMIT][t] + (double)maker->made[COLUMN_CACHE][t];
    return active < held ? active : held;
}

static double rescale_active(const struct maker *maker, double measured_mib)
{
    uint32_t n_steps = maker->params->n_steps;
    double scale = 1.0;
    for (int i = 0; i < 20 && measured_mib > 0.0; i++) {
        double sum = 0.0;
        for (uint32_t t = 0; t < n_steps; t++) {
            sum += bounded_active_mib(maker, t, scale);
        }
        double wanted = measured_mib * n_steps;
        if (sum >= 0.999 * wanted || sum <= 0.0) {
            break;
        }
        scale *= wanted / sum;
    }
    return scale;
}

static void make_memory(struct maker *maker, const struct hr_load_guest *guest)
{
    fill_profile(maker, guest, QUANTITY_MEMORY);
    make_held(maker, guest, scale_memory(maker, guest));
    double scale = rescale_active(maker, guest->memory_active_mib);
    for (uint32_t t = 0; t < maker->params->n_steps; t++) {
        maker->made[COLUMN_ACTIVE][t] = float_at_most(bounded_active_mib(maker, t, scale));
    }
}

/* ---- storing
 * ----------------------------------------------------------------------------------- */

static size_t block_stride(const struct maker *maker)
{
    return (size_t)maker->params->n_steps * COLUMN__COUNT;
}

static void store_column(const struct maker *maker, enum column column, float *out)
{
    size_t n_steps = maker->params->n_steps;
    size_t n_guests = maker->load->n_guests;
    const float *first = maker->block + column * n_steps;
    for (size_t tile = 0; tile < n_steps; tile += TILE_STEPS) {
        size_t end = tile + TILE_STEPS < n_steps ? tile + TILE_STEPS : n_steps;
        for (size_t t = tile; t < end; t++) {
            for (uint32_t i = 0; i < maker->n_block; i++) {
                out[t * n_guests + maker->block_rows[i]] = first[i * block_stride(maker) + t];
            }
        }
    }
}

static void store_block(struct maker *maker)
{
    store_column(maker, COLUMN_COMMIT, maker->load->commit_mib);
    store_column(maker, COLUMN_CACHE, maker->load->cache_mib);
    store_column(maker, COLUMN_ACTIVE, maker->load->active_mib);
    store_column(maker, COLUMN_CPU, maker->load->cpu_mhz);
    store_column(maker, COLUMN_IOPS, maker->load->iops);
    maker->n_block = 0;
}

static void begin_guest(struct maker *maker, uint32_t row)
{
    float *first = maker->block + maker->n_block * block_stride(maker);
    for (size_t i = 0; i < COLUMN__COUNT; i++) {
        maker->made[i] = first + i * maker->params->n_steps;
    }
    maker->block_rows[maker->n_block++] = row;
}

/* ---- making and freeing
 * ------------------------------------------------------------------------ */

static void set_slots(struct maker *maker)
{
    const int64_t slot_us = HR_HOURS_PER_WEEK * HR_US_PER_HOUR / HR_PROFILE_SLOTS;
    int64_t start_us = maker->params->start_weekday * HR_US_PER_DAY;
    int64_t step_us = maker->params->step_us;
    for (uint32_t t = 0; t < maker->params->n_steps; t++) {
        int64_t middle_us = start_us + t * step_us + step_us / 2;
        maker->slots[t] = (uint16_t)(middle_us / slot_us % HR_PROFILE_SLOTS);
    }
}

static void set_days(struct maker *maker)
{
    const struct hr_load_params *params = maker->params;
    struct hr_calendar_day start = {.year = params->start_year,
                                    .month = params->start_month,
                                    .day = params->start_day_of_month,
                                    .weekday = params->start_weekday};
    int64_t length_us = params->step_us * params->n_steps;
    maker->n_days = DAYS_BEFORE + (length_us + HR_US_PER_DAY - 1) / HR_US_PER_DAY;
    maker->days = g_new(struct hr_calendar_day, maker->n_days);
    for (int64_t d = 0; d < maker->n_days; d++) {
        maker->days[d] = hr_calendar_after(&start, d - DAYS_BEFORE);
    }
}

static void maker_init(struct maker *maker, struct hr_load *load,
                       const struct hr_load_params *params)
{
    *maker = (struct maker){.params = params, .load = load};
    maker->rng = gsl_rng_alloc(hr_rng_type());
    maker->slots = g_new(uint16_t, params->n_steps);
    for (size_t i = 0; i < QUANTITY__COUNT; i++) {
        maker->site[i] = g_new(double, params->n_steps);
        maker->series[i] = g_new(double, params->n_steps);
    }
    maker->bursts = g_new(double, params->n_steps);
    maker->job_commit = g_new(double, params->n_steps);
    maker->job_cache = g_new(double, params->n_steps);
    maker->active = g_new(double, params->n_steps);
    maker->block = g_new(float, block_stride(maker) * BLOCK_GUESTS);
    set_slots(maker);
    set_days(maker);
}

static void maker_clear(struct maker *maker)
{
    gsl_rng_free(maker->rng);
    g_free(maker->slots);
    g_free(maker->roles);
    g_free(maker->days);
    for (size_t i = 0; i < QUANTITY__COUNT; i++) {
        g_free(maker->site[i]);
        g_free(maker->series[i]);
    }
    g_free(maker->bursts);
    g_free(maker->job_commit);
    g_free(maker->job_cache);
    g_free(maker->active);
    g_free(maker->block);
}

/* A guest's row, sortable so that the guests of a site follow each other. */
struct row {
    uint64_t site_key;
    uint32_t index;
};

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;
    if (x->site_key != y->site_key) {
        return x->site_key < y->site_key ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

static struct row *rows_by_site(const struct hr_load_guest *guests, uint32_t n_guests)
{
    struct row *rows = g_new(struct row, n_guests);
    for (uint32_t i = 0; i < n_guests; i++) {
        rows[i] = (struct row){.site_key = guests[i].site_key, .index = i};
    }
    qsort(rows, n_guests, sizeof *rows, compare_rows);
    return rows;
}

static void make_guest(struct maker *maker, const struct hr_load_guest *guest, uint32_t row)
{
    hr_assert(guest->size_mib > 0.0 && guest->vcpus > 0 && guest->vcpu_mhz > 0.0);
    if (guest->site_key != maker->site_key) {
        maker->site_key = guest->site_key;
        memset(maker->has_site, 0, sizeof maker->has_site);
    }
    begin_guest(maker, row);
    make_rates(maker, guest);
    make_memory(maker, guest);
    if (maker->n_block == BLOCK_GUESTS) {
        store_block(maker);
    }
}

static struct hr_load *load_new(uint32_t n_guests, const struct hr_load_params *params)
{
    size_t n = (size_t)n_guests * params->n_steps;
    struct hr_load *load = g_new0(struct hr_load, 1);
    load->n_guests = n_guests;
    load->n_steps = params->n_steps;
    load->step_us = params->step_us;
    load->commit_mib = g_new(float, n);
    load->cache_mib = g_new(float, n);
    load->active_mib = g_new(float, n);
    load->cpu_mhz = g_new(float, n);
    load->iops = g_new(float, n);
    return load;
}

/* Configured sizes stay: demand grows into them, and file cache gives way first. */
static void grow_demand(struct hr_load *load, const struct hr_load_guest *guests, double factor)
{
    size_t i = 0;
    for (uint32_t t = 0; t < load->n_steps; t++) {
        for (uint32_t g = 0; g < load->n_guests; g++, i++) {
            double was_mib = (double)load->commit_mib[i];
            double most_mib = fmax(was_mib + (double)load->cache_mib[i], guests[g].size_mib);
            double commit = fmin(most_mib, was_mib * factor);
            double cache = fmin(most_mib - commit, (double)load->cache_mib[i] * factor);
            double active = fmin(commit + cache, (double)load->active_mib[i] * factor);
            double most_mhz = guests[g].vcpus * guests[g].vcpu_mhz;
            load->commit_mib[i] = (float)commit;
            load->cache_mib[i] = (float)cache;
            load->active_mib[i] = (float)active;
            load->cpu_mhz[i] = (float)fmin(most_mhz, (double)load->cpu_mhz[i] * factor);
            load->iops[i] *= (float)factor;
        }
    }
}

struct hr_load *hr_load_make(const struct hr_load_guest *guests, uint32_t n_guests,
                             const struct hr_load_params *params)
{
    hr_assert(params->step_us > 0);
    hr_assert(params->start_weekday >= 0 && params->start_weekday < 7);
    struct hr_load *load = load_new(n_guests, params);
    if (n_guests == 0 || params->n_steps == 0) {
        return load;
    }
    struct maker maker;
    maker_init(&maker, load, params);
    add_roles(&maker, guests, n_guests);
    g_autofree struct row *rows = rows_by_site(guests, n_guests);
    for (uint32_t i = 0; i < n_guests; i++) {
        make_guest(&maker, &guests[rows[i].index], rows[i].index);
    }
    store_block(&maker);
    maker_clear(&maker);
    if (params->demand_factor > 1.0) {
        grow_demand(load, guests, params->demand_factor);
    }
    return load;
}

void hr_load_free(struct hr_load *load)
{
    if (load == NULL) {
        return;
    }
    g_free(load->commit_mib);
    g_free(load->cache_mib);
    g_free(load->active_mib);
    g_free(load->cpu_mhz);
    g_free(load->iops);
    g_free(load);
}

size_t hr_load_bytes(uint32_t n_guests, uint32_t n_steps)
{
    const size_t n_columns = 5;
    return n_columns * sizeof(float) * n_guests * n_steps;
}

uint32_t hr_load_worst_hour_step(const struct hr_load *load, const bool *running,
                                 uint32_t n_steps)
{
    int64_t per_hour = HR_US_PER_HOUR / load->step_us;
    uint32_t width = per_hour > 1 ? (uint32_t)per_hour : 1;
    uint32_t end = n_steps < load->n_steps ? n_steps : load->n_steps;
    uint32_t worst = 0;
    double most_mib = -1.0;
    for (uint32_t first = 0; end >= width && first <= end - width; first += width) {
        double sum_mib = 0.0;
        for (uint32_t t = first; t < first + width; t++) {
            const float *row = hr_load_row(load, load->commit_mib, t);
            for (uint32_t g = 0; g < load->n_guests; g++) {
                sum_mib += running == NULL || running[g] ? (double)row[g] : 0.0;
            }
        }
        if (sum_mib > most_mib) {
            most_mib = sum_mib;
            worst = first;
        }
    }
    return worst;
}
