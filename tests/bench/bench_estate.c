/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A large estate: making its load, placing its guests, and a week of a cluster under each
 * policy. */
#include <math.h>

#include "bench.h"
#include "estate.h"

static void run_load(bool quick)
{
    struct estate e;
    int n_rounds = quick ? 1 : 5;
    double least_s = HUGE_VAL;
    estate_init(&e, quick ? 20 : 200, quick ? 1.0 : 14.0);
    for (int r = 0; r < n_rounds; r++) {
        hr_load_free(e.load);
        double start_s = bench_cpu_s();
        estate_make_load(&e);
        least_s = fmin(least_s, bench_cpu_s() - start_s);
    }
    double n_cells = (double)e.load->n_guests * (double)e.load->n_steps;
    bench_print("load_make", least_s * 1e9 / n_cells, "ns/guest-step");
    bench_print("load_memory",
                (double)hr_load_bytes(e.load->n_guests, e.load->n_steps) / n_cells,
                "bytes/guest-step");
    estate_clear(&e);
}

static void run_placement(bool quick)
{
    struct estate e;
    uint32_t n_guests = quick ? 40 : 4000;
    int n_rounds = quick ? 1 : 3;
    static const char *const names[HR_POLICY__COUNT] = {
        [HR_POLICY_STATIC] = "place_static",   [HR_POLICY_OVERCOMMIT] = "place_overcommit",
        [HR_POLICY_DYNAMIC] = "place_dynamic", [HR_POLICY_KVM] = "place_kvm",
        [HR_POLICY_XEN] = "place_xen",
    };
    double least_s[HR_POLICY__COUNT] = {HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL};
    estate_init(&e, n_guests, 0.5);
    estate_make_load(&e);
    for (int r = 0; r < n_rounds; r++) {
        for (int p = 0; p < HR_POLICY__COUNT; p++) {
            double short_mib = 0.0;
            estate_set_cluster(&e, (enum hr_policy_kind)p, 1 + (int)n_guests / 25, 512.0);
            double start_s = bench_cpu_s();
            uint32_t refused = hr_run_first_refused(&e.scenario, e.load,
                                                    e.scenario.cluster.n_hosts, 2, &short_mib);
            least_s[p] = fmin(least_s[p], bench_cpu_s() - start_s);
            bench_must(refused == UINT32_MAX, "a guest found no room", NULL);
        }
    }
    for (int p = 0; p < HR_POLICY__COUNT; p++) {
        bench_print(names[p], least_s[p] * 1e3, "ms");
    }
    estate_clear(&e);
}

/* The lines of one policy's cluster. */
struct cluster_lines {
    const char *seconds, *samples, *solve, *looks, *peak;
};

static void run_cluster(bool quick, enum hr_policy_kind policy, double host_gib,
                        const struct cluster_lines *lines)
{
    struct estate e;
    struct hr_run_options options = {0};
    struct hr_run_result result = {0};
    int n_hosts = quick ? 3 : 40;
    estate_init(&e, quick ? 40 : 1000, quick ? 0.25 : 7.0);
    estate_make_load(&e);
    estate_set_cluster(&e, policy, n_hosts, host_gib);
    double s = HUGE_VAL;
    for (int rounds = quick ? 1 : 3; rounds > 0; rounds--) {
        hr_run_result_free(&result);
        double start_s = bench_cpu_s();
        hr_run(&e.scenario, e.load, &options, &result);
        s = fmin(s, bench_cpu_s() - start_s);
    }
    bench_must(result.n_refused == 0, "a guest found no room", NULL);
    /* Guests are spread evenly enough for their mean number to stand for each host's. */
    double guest_solves = (double)result.n_solves * result.n_guests / n_hosts;
    bench_print(lines->seconds, s, "s");
    bench_print(lines->samples, result.simulated_guest_samples / s, "guest-samples/s");
    bench_print(lines->solve, s * 1e9 / guest_solves, "ns/guest-solve");
    bench_print(lines->looks, guest_solves / result.simulated_guest_samples,
                "solves/demand-step");
    bench_print(lines->peak, bench_peak_mib(), "MiB");
    hr_run_result_free(&result);
    estate_clear(&e);
}

static const struct cluster_lines static_lines = {
    "cluster_static_time", "cluster_static_samples", "cluster_static_solve",
    "cluster_static_looks", "cluster_static_peak"};
static const struct cluster_lines overcommit_lines = {
    "cluster_overcommit_time", "cluster_overcommit_samples", "cluster_overcommit_solve",
    "cluster_overcommit_looks", "cluster_overcommit_peak"};
static const struct cluster_lines dynamic_lines = {
    "cluster_dynamic_time", "cluster_dynamic_samples", "cluster_dynamic_solve",
    "cluster_dynamic_looks", "cluster_dynamic_peak"};

/* Hosts with room for what is configured, and with less where a policy can do with less. */
static void run_static(bool quick)
{
    run_cluster(quick, HR_POLICY_STATIC, 384.0, &static_lines);
}

static void run_overcommit(bool quick)
{
    run_cluster(quick, HR_POLICY_OVERCOMMIT, 256.0, &overcommit_lines);
}

static void run_dynamic(bool quick)
{
    run_cluster(quick, HR_POLICY_DYNAMIC, 192.0, &dynamic_lines);
}

static const char *const load_names[] = {"load_make", "load_memory", NULL};
static const char *const place_names[] = {"place_static", "place_overcommit", "place_dynamic",
                                          "place_kvm",    "place_xen",        NULL};
static const char *const static_names[] = {"cluster_static_time",  "cluster_static_samples",
                                           "cluster_static_solve", "cluster_static_looks",
                                           "cluster_static_peak",  NULL};
static const char *const overcommit_names[] = {
    "cluster_overcommit_time",  "cluster_overcommit_samples", "cluster_overcommit_solve",
    "cluster_overcommit_looks", "cluster_overcommit_peak",    NULL};
static const char *const dynamic_names[] = {"cluster_dynamic_time",  "cluster_dynamic_samples",
                                            "cluster_dynamic_solve", "cluster_dynamic_looks",
                                            "cluster_dynamic_peak",  NULL};

const struct bench_part bench_load = {.name = "load", .lines = load_names, .run = run_load};
const struct bench_part bench_placement = {
    .name = "placement", .lines = place_names, .run = run_placement};
const struct bench_part bench_cluster_static = {
    .name = "cluster-static", .lines = static_names, .run = run_static};
const struct bench_part bench_cluster_overcommit = {
    .name = "cluster-overcommit", .lines = overcommit_names, .run = run_overcommit};
const struct bench_part bench_cluster_dynamic = {
    .name = "cluster-dynamic", .lines = dynamic_names, .run = run_dynamic};
