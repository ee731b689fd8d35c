/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/units.h"
#include "check.h"
#include "workload/bend.h"
#include "workload/calendar.h"
#include "workload/fast_exp.h"
#include "workload/load.h"
#include "workload/profile.h"

enum { STEP_S = 300, STEPS_PER_HOUR = 12, STEPS_PER_DAY = 288, STEPS_PER_WEEK = 2016 };

static struct hr_shape office_shape(double sigma, double phi, double site_share)
{
    struct hr_shape shape = {.noise_sigma = sigma, .noise_phi = phi, .site_share = site_share};
    for (int hour = 0; hour < 24; hour++) {
        shape.weekday[hour] = hour >= 8 && hour < 18 ? 3.0 : 0.6;
        shape.weekend[hour] = 0.5;
    }
    return shape;
}

static struct hr_shape flat_shape(double sigma, double phi, double site_share)
{
    struct hr_shape shape = {.noise_sigma = sigma, .noise_phi = phi, .site_share = site_share};
    for (int hour = 0; hour < 24; hour++) {
        shape.weekday[hour] = shape.weekend[hour] = 7.0;
    }
    return shape;
}

static struct hr_shape memory_shape(void)
{
    struct hr_shape shape = {.noise_sigma = 0.1, .noise_phi = 0.98, .site_share = 0.2};
    for (int hour = 0; hour < 24; hour++) {
        shape.weekday[hour] = hour >= 8 && hour < 18 ? 1.2 : 0.9;
        shape.weekend[hour] = 0.8;
    }
    return shape;
}

/* A role with everything. */
static struct hr_role busy_role(struct hr_job *jobs, size_t n_jobs)
{
    return (struct hr_role){
        .commit_frac = 0.5,
        .cache_frac = 0.3,
        .active_frac = 0.25,
        .cpu_mean_pct = 15.0,
        .cpu_peak_pct = 50.0,
        .iops_mean = 40.0,
        .iops_peak = 150.0,
        .cpu_shape = office_shape(0.5, 0.7, 0.3),
        .memory_shape = memory_shape(),
        .iops_shape = office_shape(0.7, 0.4, 0.3),
        .burst = {.per_day = 4.0, .height_median = 2.0, .height_sigma = 0.6, .mean_s = 900.0},
        .jobs = jobs,
        .n_jobs = n_jobs,
    };
}

/* A role without noise and bursts, level over the week. */
static struct hr_role still_role(struct hr_job *jobs, size_t n_jobs)
{
    return (struct hr_role){
        .commit_frac = 0.4,
        .cache_frac = 0.2,
        .active_frac = 0.1,
        .cpu_mean_pct = 10.0,
        .iops_mean = 20.0,
        .cpu_shape = flat_shape(0.0, 0.0, 0.0),
        .memory_shape = flat_shape(0.0, 0.0, 0.0),
        .iops_shape = flat_shape(0.0, 0.0, 0.0),
        .jobs = jobs,
        .n_jobs = n_jobs,
    };
}

static struct hr_load_guest guest_of(const struct hr_role *role, uint64_t key)
{
    return (struct hr_load_guest){
        .key = key,
        .site_key = 1,
        .role = role,
        .size_mib = 8192.0,
        .vcpus = 2,
        .vcpu_mhz = 2000.0,
        .cpu_mhz_avg = -1.0,
        .cpu_mhz_p95 = -1.0,
        .memory_active_mib = -1.0,
        .memory_consumed_mib = -1.0,
        .iops = -1.0,
        .commit_cap_mib = 8192.0,
    };
}

/* From Monday, 31 August 2026: its first nine days hold a month end and a second Tuesday. */
static struct hr_load_params params_of(uint32_t n_days)
{
    return (struct hr_load_params){
        .seed = 1,
        .step_us = STEP_S * HR_US_PER_S,
        .n_steps = n_days * STEPS_PER_DAY,
        .start_weekday = 0,
        .start_day_of_month = 31,
        .start_month = 8,
        .start_year = 2026,
    };
}

/* One guest's column, the caller's to free. */
static double *series_of(const struct hr_load *load, const float *column, uint32_t row)
{
    double *series = calloc(load->n_steps + 1, sizeof *series);
    for (uint32_t t = 0; t < load->n_steps; t++) {
        series[t] = (double)hr_load_row(load, column, t)[row];
    }
    return series;
}

static double mean_of(const struct hr_load *load, const float *column, uint32_t row)
{
    double sum = 0.0;
    for (uint32_t t = 0; t < load->n_steps; t++) {
        sum += (double)hr_load_row(load, column, t)[row];
    }
    return sum / load->n_steps;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile_of(const struct hr_load *load, const float *column, uint32_t row,
                          double q)
{
    double *series = series_of(load, column, row);
    qsort(series, load->n_steps, sizeof *series, compare_doubles);
    double value = series[(size_t)(q * load->n_steps)];
    free(series);
    return value;
}

static double correlation(const double *a, const double *b, size_t n)
{
    double ma = hr_series_mean(a, n), mb = hr_series_mean(b, n);
    double aa = 0.0, bb = 0.0, ab = 0.0;
    for (size_t i = 0; i < n; i++) {
        aa += (a[i] - ma) * (a[i] - ma);
        bb += (b[i] - mb) * (b[i] - mb);
        ab += (a[i] - ma) * (b[i] - mb);
    }
    return ab / sqrt(aa * bb);
}

static void columns_of(const struct hr_load *load, const float *columns[5])
{
    columns[0] = load->commit_mib;
    columns[1] = load->cache_mib;
    columns[2] = load->active_mib;
    columns[3] = load->cpu_mhz;
    columns[4] = load->iops;
}

/* Row ra of a is bit by bit row rb of b. */
static bool rows_equal(const struct hr_load *a, uint32_t ra, const struct hr_load *b,
                       uint32_t rb)
{
    const float *of_a[5];
    const float *of_b[5];
    columns_of(a, of_a);
    columns_of(b, of_b);
    assert_int_equal(a->n_steps, b->n_steps);
    for (size_t c = 0; c < 5; c++) {
        for (uint32_t t = 0; t < a->n_steps; t++) {
            if (memcmp(&hr_load_row(a, of_a[c], t)[ra], &hr_load_row(b, of_b[c], t)[rb],
                       sizeof(float)) != 0) {
                return false;
            }
        }
    }
    return true;
}

static void fill_mixed_guests(struct hr_load_guest *guests, uint32_t n,
                              const struct hr_role *one, const struct hr_role *other)
{
    for (uint32_t i = 0; i < n; i++) {
        guests[i] = guest_of(i % 3 ? one : other, 1000 + i);
        guests[i].site_key = i % 4;
        guests[i].cpu_mhz_avg = i % 5 == 1 ? 300.0 : -1.0;
        guests[i].memory_active_mib = i % 7 == 2 ? 900.0 : -1.0;
    }
}

static void order_and_company_change_nobody(void **state)
{
    (void)state;
    enum { N = 37 }; /* two whole blocks and a part */
    struct hr_job jobs[] = {{.when = HR_JOB_DAILY,
                             .start_hour = 22,
                             .duration_h = 2,
                             .jitter_h = 3,
                             .cpu_pct = 20,
                             .iops = 100,
                             .cache_frac = 0.1}};
    struct hr_role one = busy_role(jobs, 1);
    struct hr_role other = busy_role(NULL, 0);
    struct hr_load_params params = params_of(9);
    struct hr_load_guest guests[N], permuted[N + 1];
    fill_mixed_guests(guests, N, &one, &other);
    for (uint32_t i = 0; i < N; i++) {
        permuted[i * 10 % N] = guests[i];
    }
    permuted[N] = guest_of(&one, 5); /* a newcomer, of a site that is there already */
    struct hr_load *load = hr_load_make(guests, N, &params);
    struct hr_load *larger = hr_load_make(permuted, N + 1, &params);
    struct hr_load *alone = hr_load_make(&guests[7], 1, &params);
    for (uint32_t i = 0; i < N; i++) {
        assert_true(rows_equal(load, i, larger, i * 10 % N));
        assert_false(rows_equal(load, i, load, (i + 3) % N));
    }
    assert_true(rows_equal(load, 7, alone, 0));
    hr_load_free(load);
    hr_load_free(larger);
    hr_load_free(alone);
}

static void seeds_and_replications_differ_and_repeat(void **state)
{
    (void)state;
    struct hr_role role = busy_role(NULL, 0);
    struct hr_load_guest guest = guest_of(&role, 3);
    struct hr_load_params params = params_of(2);
    struct hr_load *first = hr_load_make(&guest, 1, &params);
    struct hr_load *again = hr_load_make(&guest, 1, &params);
    params.replication = 1;
    struct hr_load *second = hr_load_make(&guest, 1, &params);
    params.replication = 0;
    params.seed = 2;
    struct hr_load *reseeded = hr_load_make(&guest, 1, &params);
    assert_true(rows_equal(first, 0, again, 0));
    assert_false(rows_equal(first, 0, second, 0));
    assert_false(rows_equal(first, 0, reseeded, 0));
    hr_load_free(first);
    hr_load_free(again);
    hr_load_free(second);
    hr_load_free(reseeded);
}

static void measured_cpu_is_reproduced(void **state)
{
    (void)state;
    struct hr_job jobs[] = {{.when = HR_JOB_DAILY,
                             .start_hour = 1,
                             .duration_h = 1.5,
                             .jitter_h = 1,
                             .cpu_pct = 40,
                             .iops = 300}};
    struct hr_role busy = busy_role(jobs, 1);
    struct hr_role still = busy_role(NULL, 0);
    still.cpu_mean_pct = 0.0; /* the role expects nothing; the measurement decides */
    /* 4000 MHz at most */
    static const struct {
        double avg, p95;
        bool jobs;
    } rows[] = {
        {200, 300, true},   {200, 400, true},  {200, 800, true},   {100, 1000, true},
        {1500, 3500, true}, {200, 400, false}, {60, 150, false},   {1000, 1100, false},
        {30, 300, false},   {300, -1, true},   {2500, -1, true},   {300, -1, false},
        {-1, 900, true},    {-1, 900, false},  {3600, 4000, true},
    };
    struct hr_load_params params = params_of(14);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hr_load_guest guest = guest_of(rows[i].jobs ? &busy : &still, i);
        guest.cpu_mhz_avg = rows[i].avg;
        guest.cpu_mhz_p95 = rows[i].p95;
        struct hr_load *load = hr_load_make(&guest, 1, &params);
        if (rows[i].avg >= 0.0) {
            assert_near(mean_of(load, load->cpu_mhz, 0), rows[i].avg, 0.02 * rows[i].avg);
        }
        if (rows[i].p95 >= 0.0) {
            assert_near(quantile_of(load, load->cpu_mhz, 0, 0.95), rows[i].p95,
                        0.02 * rows[i].p95);
        }
        hr_load_free(load);
    }
}

/* What no series can have: the mean is kept as far as the bounds let it. */
static void contradictory_cpu_keeps_the_mean(void **state)
{
    (void)state;
    struct hr_role role = busy_role(NULL, 0);
    static const struct {
        double avg, p95, mean;
    } rows[] = {
        {500, 100, 500},    {20, 2000, 20}, {9000, -1, 4000},
        {9000, 9000, 4000}, {0, -1, 4},     {0, 0, 4},
    };
    struct hr_load_params params = params_of(14);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hr_load_guest guest = guest_of(&role, i);
        guest.cpu_mhz_avg = rows[i].avg;
        guest.cpu_mhz_p95 = rows[i].p95;
        struct hr_load *load = hr_load_make(&guest, 1, &params);
        assert_near(mean_of(load, load->cpu_mhz, 0), rows[i].mean, 0.02 * rows[i].mean);
        hr_load_free(load);
    }
}

static void measured_iops_and_active_are_reproduced(void **state)
{
    (void)state;
    struct hr_job jobs[] = {{.when = HR_JOB_DAILY,
                             .start_hour = 1,
                             .duration_h = 1.5,
                             .iops = 300,
                             .commit_frac = 0.05,
                             .cache_frac = 0.1}};
    struct hr_role role = busy_role(jobs, 1);
    struct hr_role idle = busy_role(NULL, 0);
    idle.iops_mean = idle.iops_peak = idle.active_frac = 0.0;
    struct hr_load_params params = params_of(9);
    static const double active_mib[] = {0.0, 10.0, 500.0, 2000.0, 2600.0, 6000.0};
    for (size_t i = 0; i < sizeof active_mib / sizeof active_mib[0]; i++) {
        struct hr_load_guest guest = guest_of(i == 3 ? &idle : &role, i);
        guest.memory_active_mib = active_mib[i];
        guest.iops = active_mib[i] / 20.0;
        struct hr_load *load = hr_load_make(&guest, 1, &params);
        assert_near(mean_of(load, load->iops, 0), guest.iops, 0.001 * guest.iops);
        assert_near(mean_of(load, load->active_mib, 0), active_mib[i], 0.02 * active_mib[i]);
        hr_load_free(load);
    }
}

/* Away from the bounds commit and cache keep the role's ratio to active. */
static void active_scales_what_is_held(void **state)
{
    (void)state;
    struct hr_role role = busy_role(NULL, 0);
    struct hr_load_guest guest = guest_of(&role, 4);
    guest.memory_active_mib = 1000.0;
    struct hr_load_params params = params_of(9);
    struct hr_load *load = hr_load_make(&guest, 1, &params);
    double active = mean_of(load, load->active_mib, 0);
    assert_near(mean_of(load, load->commit_mib, 0) / active, 2.0, 0.02);
    assert_near(mean_of(load, load->cache_mib, 0) / active, 1.2, 0.02);
    hr_load_free(load);
}

static void a_role_has_its_mean_and_peak(void **state)
{
    (void)state;
    enum { N = 20 };
    struct hr_role role = busy_role(NULL, 0);
    struct hr_role calm = busy_role(NULL, 0);
    calm.burst = (struct hr_burst){0};
    struct hr_load_guest guests[2 * N];
    for (uint32_t i = 0; i < 2 * N; i++) {
        guests[i] = guest_of(i < N ? &role : &calm, i);
        guests[i].site_key = i;
    }
    struct hr_load_params params = params_of(28);
    struct hr_load *load = hr_load_make(guests, 2 * N, &params);
    for (uint32_t part = 0; part < 2; part++) {
        double cpu = 0.0, iops = 0.0, commit = 0.0, cpu_peak = 0.0, iops_peak = 0.0;
        for (uint32_t i = part * N; i < (part + 1) * N; i++) {
            cpu += mean_of(load, load->cpu_mhz, i) / N;
            iops += mean_of(load, load->iops, i) / N;
            commit += mean_of(load, load->commit_mib, i) / N;
            cpu_peak += quantile_of(load, load->cpu_mhz, i, 0.99) / N;
            iops_peak += quantile_of(load, load->iops, i, 0.99) / N;
        }
        assert_near(cpu, 600.0, 18.0);
        assert_near(iops, 40.0, 1.5);
        assert_near(commit, 4096.0, 60.0);
        /* The quiet series has its peak as p99. Four bursts a day of a quarter of an hour fill
         * one step in twenty-four, so with them the p99 lies above it. */
        if (part == 1) {
            assert_near(cpu_peak, 2000.0, 80.0);
            assert_near(iops_peak, 150.0, 8.0);
        } else {
            assert_true(cpu_peak > 2000.0 && cpu_peak < 3000.0);
            assert_true(iops_peak > 150.0 && iops_peak < 225.0);
        }
    }
    hr_load_free(load);
}

static void the_week_is_visible(void **state)
{
    (void)state;
    struct hr_role role = busy_role(NULL, 0);
    struct hr_load_guest guest = guest_of(&role, 1);
    struct hr_load_params params = params_of(7);
    struct hr_load *load = hr_load_make(&guest, 1, &params);
    const float *columns[] = {load->cpu_mhz, load->iops, load->commit_mib, load->active_mib};
    for (size_t c = 0; c < 4; c++) {
        double noon = 0.0, night = 0.0;
        for (uint32_t t = 0; t < STEPS_PER_HOUR; t++) {
            noon += (double)columns[c][2 * STEPS_PER_DAY + 12 * STEPS_PER_HOUR + t];
            night += (double)columns[c][6 * STEPS_PER_DAY + 3 * STEPS_PER_HOUR + t];
        }
        assert_true(noon > (c < 2 ? 3.0 : 1.1) * night);
    }
    hr_load_free(load);
}

/* The profile without noise: levels in the middle of their hours, straight lines between, a
 * mean of 1 whatever the unit of the levels. */
static void profiles_are_normalised_and_interpolated(void **state)
{
    (void)state;
    struct hr_shape shape = office_shape(0.0, 0.0, 0.0);
    struct hr_profile profile, scaled;
    hr_profile_init(&profile, &shape, 0.0, STEP_S * HR_US_PER_S);
    double mean = (5 * (10 * 3.0 + 14 * 0.6) + 2 * 24 * 0.5) / 168.0;
    double sum = 0.0;
    for (int slot = 0; slot < HR_PROFILE_SLOTS; slot++) {
        sum += exp(profile.level_log[slot]);
    }
    assert_near(sum / HR_PROFILE_SLOTS, 1.0, 1e-12);
    const int tuesday = STEPS_PER_DAY, saturday = 5 * STEPS_PER_DAY;
    assert_near(exp(profile.level_log[tuesday + 12 * 12 + 6]) * mean, 3.0, 1e-9);
    assert_near(exp(profile.level_log[saturday + 12 * 12 + 6]) * mean, 0.5, 1e-9);
    /* 7:57:30 lies 27.5 of 60 minutes behind the middle of the seventh hour. */
    assert_near(exp(profile.level_log[tuesday + 7 * 12 + 11]) * mean, 0.6 + 2.4 * 27.5 / 60.0,
                1e-9);
    /* The week closes: from Sunday night to Monday. */
    assert_near(exp(profile.level_log[HR_PROFILE_SLOTS - 1]) * mean, 0.5 + 0.1 * 27.5 / 60.0,
                1e-9);
    for (int hour = 0; hour < 24; hour++) {
        shape.weekday[hour] *= 10.0;
        shape.weekend[hour] *= 10.0;
    }
    hr_profile_init(&scaled, &shape, 0.0, STEP_S * HR_US_PER_S);
    for (int slot = 0; slot < HR_PROFILE_SLOTS; slot++) {
        assert_near(scaled.level_log[slot], profile.level_log[slot], 1e-12);
    }
}

static double *log_cpu(const struct hr_load *load, uint32_t row)
{
    double *series = series_of(load, load->cpu_mhz, row);
    for (uint32_t t = 0; t < load->n_steps; t++) {
        series[t] = log(series[t]);
    }
    return series;
}

static void noise_has_its_autocorrelation_at_any_step(void **state)
{
    (void)state;
    struct hr_role role = still_role(NULL, 0);
    role.cpu_shape = flat_shape(0.3, 0.8, 0.0);
    struct hr_load_guest guest = guest_of(&role, 1);
    static const int steps_s[] = {300, 900, 60};
    for (size_t i = 0; i < 3; i++) {
        struct hr_load_params params = params_of(60);
        params.step_us = steps_s[i] * HR_US_PER_S;
        struct hr_load *load = hr_load_make(&guest, 1, &params);
        double *series = log_cpu(load, 0);
        double expected = pow(0.8, steps_s[i] / 300.0);
        assert_near(correlation(series, series + 1, params.n_steps - 1), expected, 0.02);
        double mean = hr_series_mean(series, params.n_steps), squares = 0.0;
        for (uint32_t t = 0; t < params.n_steps; t++) {
            squares += (series[t] - mean) * (series[t] - mean);
        }
        assert_near(sqrt(squares / params.n_steps), 0.3, 0.02);
        assert_near(mean_of(load, load->cpu_mhz, 0), 400.0, 16.0);
        free(series);
        hr_load_free(load);
    }
}

/* The noise is at home from the first step on, it does not grow out of nothing. */
static void noise_starts_as_it_goes_on(void **state)
{
    (void)state;
    enum { N = 500 };
    struct hr_role role = still_role(NULL, 0);
    role.cpu_shape = flat_shape(0.3, 0.98, 0.0);
    struct hr_load_guest guests[N];
    for (uint32_t i = 0; i < N; i++) {
        guests[i] = guest_of(&role, i);
    }
    struct hr_load_params params = params_of(1);
    params.n_steps = 2;
    struct hr_load *load = hr_load_make(guests, N, &params);
    for (uint32_t t = 0; t < 2; t++) {
        double squares = 0.0;
        for (uint32_t i = 0; i < N; i++) {
            double x = log((double)hr_load_row(load, load->cpu_mhz, t)[i] / 400.0) + 0.045;
            squares += x * x;
        }
        assert_near(sqrt(squares / N), 0.3, 0.035);
    }
    hr_load_free(load);
}

static void a_site_moves_together(void **state)
{
    (void)state;
    struct hr_role role = still_role(NULL, 0);
    role.cpu_shape = flat_shape(0.3, 0.5, 0.4);
    struct hr_load_guest guests[3] = {guest_of(&role, 1), guest_of(&role, 2),
                                      guest_of(&role, 3)};
    guests[2].site_key = 2;
    struct hr_load_params params = params_of(60);
    struct hr_load *load = hr_load_make(guests, 3, &params);
    double *a = log_cpu(load, 0), *b = log_cpu(load, 1), *c = log_cpu(load, 2);
    assert_near(correlation(a, b, params.n_steps), 0.4, 0.03);
    assert_near(correlation(a, c, params.n_steps), 0.0, 0.03);
    free(a);
    free(b);
    free(c);
    hr_load_free(load);
}

/* Steps in which the guest asks for more CPU than its constant 10 %. */
static uint32_t steps_above(const struct hr_load *load, uint32_t from_day, uint32_t n_days)
{
    uint32_t n = 0;
    for (uint32_t t = from_day * STEPS_PER_DAY; t < (from_day + n_days) * STEPS_PER_DAY; t++) {
        n += (double)hr_load_row(load, load->cpu_mhz, t)[0] > 401.0;
    }
    return n;
}

static void jobs_run_by_the_calendar(void **state)
{
    (void)state;
    /* 62 days from Monday, 31 August 2026 (day 0). */
    static const struct {
        enum hr_job_when when;
        int weekday;
        size_t n_days;
        uint32_t days[10];
    } rows[] = {
        {HR_JOB_MONTH_END, 0, 3, {0, 30, 61}}, /* 31 August, 30 September, 31 October */
        {HR_JOB_PATCH_TUESDAY, 0, 2, {8, 43}}, /* 8 September, 13 October */
        {HR_JOB_WEEKLY, 5, 9, {5, 12, 19, 26, 33, 40, 47, 54, 61}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hr_job job = {.when = rows[i].when,
                             .weekday = rows[i].weekday,
                             .start_hour = 18,
                             .duration_h = 5,
                             .cpu_pct = 30,
                             .iops = 50,
                             .commit_frac = 0.1,
                             .cache_frac = 0.05};
        struct hr_role role = still_role(&job, 1);
        struct hr_load_guest guest = guest_of(&role, 1);
        struct hr_load_params params = params_of(62);
        struct hr_load *load = hr_load_make(&guest, 1, &params);
        for (size_t d = 0; d < rows[i].n_days; d++) {
            assert_int_equal(steps_above(load, rows[i].days[d], 1), 5 * STEPS_PER_HOUR);
            uint32_t first = rows[i].days[d] * STEPS_PER_DAY + 18 * STEPS_PER_HOUR;
            assert_near((double)load->cpu_mhz[first - 1], 400.0, 0.01);
            assert_near((double)load->cpu_mhz[first], 400.0 + 1200.0, 0.01);
            assert_near((double)load->iops[first], 70.0, 0.01);
            assert_near((double)load->commit_mib[first], 0.5 * 8192.0, 0.01);
            assert_near((double)load->cache_mib[first], 0.25 * 8192.0, 0.01);
            assert_near((double)load->active_mib[first], 0.2 * 8192.0, 0.01);
        }
        assert_int_equal(steps_above(load, 0, 62), 5 * STEPS_PER_HOUR * rows[i].n_days);
        hr_load_free(load);
    }
}

static void jobs_run_past_midnight_and_in_parts_of_steps(void **state)
{
    (void)state;
    /* 23:00 to 2:01: the load begins at midnight, with the last night's job still on. */
    struct hr_job job = {
        .when = HR_JOB_DAILY, .start_hour = 23, .duration_h = 3.0 + 1.0 / 60.0, .cpu_pct = 30};
    struct hr_role role = still_role(&job, 1);
    struct hr_load_guest guest = guest_of(&role, 1);
    struct hr_load_params params = params_of(2);
    struct hr_load *load = hr_load_make(&guest, 1, &params);
    assert_near((double)load->cpu_mhz[0], 1600.0, 0.01);
    assert_near((double)load->cpu_mhz[23], 1600.0, 0.01);
    assert_near((double)load->cpu_mhz[24], 400.0 + 1200.0 / 5.0, 0.01);
    assert_near((double)load->cpu_mhz[25], 400.0, 0.01);
    assert_near((double)load->cpu_mhz[STEPS_PER_DAY - 12], 1600.0, 0.01);
    assert_near((double)load->cpu_mhz[2 * STEPS_PER_DAY - 1], 1600.0, 0.01);
    hr_load_free(load);
}

static void jitter_spreads_the_guests(void **state)
{
    (void)state;
    enum { N = 200 };
    struct hr_job job = {
        .when = HR_JOB_DAILY, .start_hour = 1, .duration_h = 1, .jitter_h = 4, .cpu_pct = 30};
    struct hr_role role = still_role(&job, 1);
    struct hr_load_guest guests[N];
    for (uint32_t i = 0; i < N; i++) {
        guests[i] = guest_of(&role, i);
    }
    struct hr_load_params params = params_of(2);
    struct hr_load *load = hr_load_make(guests, N, &params);
    double sum_h = 0.0, least_h = 24.0, most_h = 0.0;
    for (uint32_t i = 0; i < N; i++) {
        uint32_t start[2] = {0, 0};
        for (uint32_t day = 0; day < 2; day++) {
            uint32_t t = day * STEPS_PER_DAY;
            while ((double)hr_load_row(load, load->cpu_mhz, t)[i] < 401.0) {
                t++;
            }
            start[day] = t - day * STEPS_PER_DAY;
        }
        assert_int_equal(start[0], start[1]); /* a guest keeps its time */
        double hour = start[0] / (double)STEPS_PER_HOUR;
        sum_h += hour;
        least_h = fmin(least_h, hour);
        most_h = fmax(most_h, hour);
    }
    assert_true(least_h >= 1.0 && least_h < 1.2);
    assert_true(most_h <= 5.0 && most_h > 4.8);
    assert_near(sum_h / N, 3.0, 0.35);
    hr_load_free(load);
}

static void bursts_have_their_rate_and_height(void **state)
{
    (void)state;
    struct hr_role role = still_role(NULL, 0);
    role.burst = (struct hr_burst){.per_day = 3.0, .height_median = 5.0, .mean_s = 3600.0};
    /* On average a burst is on for an eighth of the time. */
    struct hr_load_guest guest = guest_of(&role, 1);
    struct hr_load_params params = params_of(400);
    struct hr_load *load = hr_load_make(&guest, 1, &params);
    double quiet = 400.0 / (1.0 + 5.0 / 8.0);
    double *cpu = series_of(load, load->cpu_mhz, 0), *iops = series_of(load, load->iops, 0);
    uint32_t n_quiet = 0;
    for (uint32_t t = 0; t < params.n_steps; t++) {
        n_quiet += cpu[t] < quiet * 1.001;
        assert_true(cpu[t] > quiet * 0.999);
    }
    assert_near(mean_of(load, load->cpu_mhz, 0), 400.0, 20.0);
    /* No burst on, in M/G/∞: exp(−1/8), less the steps that a burst ends or begins in. */
    assert_near(n_quiet / (double)params.n_steps, exp(-3.0 * (3600.0 + 300.0) / 86400.0), 0.02);
    /* One height for both; only the processor has a ceiling, where four bursts meet. */
    assert_near(correlation(cpu, iops, params.n_steps), 1.0, 1e-3);
    free(cpu);
    free(iops);
    hr_load_free(load);
}

static void assert_bounds(const struct hr_load *load, uint32_t row,
                          const struct hr_load_guest *guest)
{
    double cap = guest->commit_cap_mib > 0.0      ? guest->commit_cap_mib
                 : guest->role->commit_frac > 1.0 ? HUGE_VAL
                                                  : guest->size_mib;
    double capacity = guest->vcpus * guest->vcpu_mhz;
    double floor_mib = fmin(0.05 * guest->size_mib, cap);
    for (uint32_t t = 0; t < load->n_steps; t++) {
        double commit = (double)hr_load_row(load, load->commit_mib, t)[row];
        double cache = (double)hr_load_row(load, load->cache_mib, t)[row];
        double active = (double)hr_load_row(load, load->active_mib, t)[row];
        double cpu = (double)hr_load_row(load, load->cpu_mhz, t)[row];
        double iops = (double)hr_load_row(load, load->iops, t)[row];
        assert_true(commit >= floor_mib * (1.0 - 1e-6));
        assert_true(cache >= 0.0 && active >= 0.0 && iops >= 0.0 && isfinite(iops));
        assert_true(commit + cache <= cap && isfinite(commit + cache));
        assert_true(active <= commit + cache);
        assert_true(cpu >= 0.001 * capacity * (1.0 - 1e-6) && cpu <= capacity);
    }
}

static void bounds_hold(void **state)
{
    (void)state;
    struct hr_job job = {.when = HR_JOB_DAILY,
                         .start_hour = 12,
                         .duration_h = 6,
                         .cpu_pct = 300,
                         .iops = 1e5,
                         .commit_frac = 2.0,
                         .cache_frac = 2.0};
    struct hr_role roles[4] = {busy_role(&job, 1), busy_role(&job, 1), busy_role(NULL, 0),
                               still_role(NULL, 0)};
    roles[1].memory_shape.noise_sigma = roles[1].cpu_shape.noise_sigma = 2.0;
    roles[1].burst.height_sigma = 2.0;
    roles[2].commit_frac = 1.3; /* commits more than it has */
    roles[3].commit_frac = roles[3].cache_frac = roles[3].active_frac = 0.0;
    roles[3].cpu_mean_pct = roles[3].iops_mean = 0.0;
    memset(roles[3].cpu_shape.weekday, 0, sizeof roles[3].cpu_shape.weekday);
    static const double caps_mib[] = {-1.0, 0.0, 100.0, 3000.0, 8192.0, 20000.0};
    static const double active_mib[] = {-1.0, 0.0, 50.0, 2000.0, 50000.0};
    static const double cpu_mhz[] = {-1.0, 0.0, 100.0, 3000.0, 1e6};
    struct hr_load_params params = params_of(2);
    struct hr_load_guest guests[4 * 6 * 5];
    uint32_t n = 0;
    for (size_t r = 0; r < 4; r++) {
        for (size_t c = 0; c < 6; c++) {
            for (size_t a = 0; a < 5; a++) {
                guests[n] = guest_of(&roles[r], n);
                guests[n].commit_cap_mib = caps_mib[c];
                guests[n].memory_active_mib = active_mib[a];
                guests[n].cpu_mhz_avg = cpu_mhz[(a + c) % 5];
                guests[n].cpu_mhz_p95 = cpu_mhz[(a + 2 * c + r) % 5];
                n++;
            }
        }
    }
    struct hr_load *load = hr_load_make(guests, n, &params);
    for (uint32_t i = 0; i < n; i++) {
        assert_bounds(load, i, &guests[i]);
    }
    hr_load_free(load);
}

/* Only a role that says so commits more than the size. */
static void overcommitted_roles_exceed_the_size(void **state)
{
    (void)state;
    struct hr_role role = still_role(NULL, 0);
    role.commit_frac = 1.3;
    struct hr_load_guest guest = guest_of(&role, 1);
    struct hr_load_params params = params_of(1);
    struct hr_load *bounded = hr_load_make(&guest, 1, &params);
    guest.commit_cap_mib = -1.0;
    struct hr_load *free_of_it = hr_load_make(&guest, 1, &params);
    assert_near((double)bounded->commit_mib[0], 8192.0, 0.01);
    assert_near((double)bounded->cache_mib[0], 0.0, 0.01);
    assert_near((double)free_of_it->commit_mib[0], 1.3 * 8192.0, 0.01);
    assert_near((double)free_of_it->cache_mib[0], 0.2 * 8192.0, 0.01);
    hr_load_free(bounded);
    hr_load_free(free_of_it);
}

static void nobody_and_no_time_are_no_trouble(void **state)
{
    (void)state;
    struct hr_role role = busy_role(NULL, 0);
    struct hr_load_guest guest = guest_of(&role, 1);
    guest.cpu_mhz_avg = guest.cpu_mhz_p95 = guest.memory_active_mib = guest.iops = 5.0;
    struct hr_load_params params = params_of(1);
    struct hr_load *empty = hr_load_make(NULL, 0, &params);
    assert_int_equal(empty->n_guests, 0);
    hr_load_free(empty);
    params.n_steps = 0;
    struct hr_load *timeless = hr_load_make(&guest, 1, &params);
    assert_int_equal(timeless->n_steps, 0);
    hr_load_free(timeless);
    hr_load_free(NULL);
    assert_int_equal(hr_load_bytes(40, 4032), 40 * 4032 * 5 * 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_and_company_change_nobody),
        cmocka_unit_test(seeds_and_replications_differ_and_repeat),
        cmocka_unit_test(measured_cpu_is_reproduced),
        cmocka_unit_test(contradictory_cpu_keeps_the_mean),
        cmocka_unit_test(measured_iops_and_active_are_reproduced),
        cmocka_unit_test(active_scales_what_is_held),
        cmocka_unit_test(a_role_has_its_mean_and_peak),
        cmocka_unit_test(the_week_is_visible),
        cmocka_unit_test(profiles_are_normalised_and_interpolated),
        cmocka_unit_test(noise_has_its_autocorrelation_at_any_step),
        cmocka_unit_test(noise_starts_as_it_goes_on),
        cmocka_unit_test(a_site_moves_together),
        cmocka_unit_test(jobs_run_by_the_calendar),
        cmocka_unit_test(jobs_run_past_midnight_and_in_parts_of_steps),
        cmocka_unit_test(jitter_spreads_the_guests),
        cmocka_unit_test(bursts_have_their_rate_and_height),
        cmocka_unit_test(bounds_hold),
        cmocka_unit_test(overcommitted_roles_exceed_the_size),
        cmocka_unit_test(nobody_and_no_time_are_no_trouble),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
