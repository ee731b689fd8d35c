/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One host with 30 guests whose demand steps up and down, with plenty of memory and with too
 * little. */
#include <math.h>

#include "bench.h"
#include "small_world.h"

enum {
    N_GUESTS = 30,
    N_CASES = 7,
    EASY = 1,
    PRESSED = 2,
    FULL_EASY = 5,
    FULL_PRESSED = 6,
    STEPS_A_LEVEL = 6
};

static const double GUEST_MIB = 4096.0;

/* Half of the guests are high while the others are low: about 80 GiB are committed at any time,
 * of 120 GiB configured. */
static const struct host_case {
    enum hr_policy_kind policy;
    double host_gib;
    const char *samples_line, *solve_line, *solves_line;
} cases[N_CASES] = {
    {HR_POLICY_STATIC, 192.0, "host_static_easy_samples", "host_static_easy_solve",
     "host_static_easy_looks"},
    {HR_POLICY_OVERCOMMIT, 192.0, "host_overcommit_easy_samples", "host_overcommit_easy_solve",
     "host_overcommit_easy_looks"},
    {HR_POLICY_OVERCOMMIT, 72.0, "host_overcommit_pressed_samples",
     "host_overcommit_pressed_solve", "host_overcommit_pressed_looks"},
    {HR_POLICY_DYNAMIC, 192.0, "host_dynamic_easy_samples", "host_dynamic_easy_solve",
     "host_dynamic_easy_looks"},
    {HR_POLICY_DYNAMIC, 72.0, "host_dynamic_pressed_samples", "host_dynamic_pressed_solve",
     "host_dynamic_pressed_looks"},
    /* The same two with every mechanism of overcommit at work. */
    {HR_POLICY_OVERCOMMIT, 192.0, "host_full_easy_samples", "host_full_easy_solve",
     "host_full_easy_looks"},
    {HR_POLICY_OVERCOMMIT, 72.0, "host_full_pressed_samples", "host_full_pressed_solve",
     "host_full_pressed_looks"},
};

/* Steps of 25 minutes between two levels, each guest shifted against the one before. */
static void step_demand(struct small_world *w)
{
    for (uint32_t s = 0; s < w->load.n_steps; s++) {
        for (uint32_t g = 0; g < N_GUESTS; g++) {
            size_t cell = (size_t)s * N_GUESTS + g;
            bool high = ((s + g) / STEPS_A_LEVEL + g) % 2 == 0;
            w->load.commit_mib[cell] = (float)((high ? 0.85 : 0.45) * GUEST_MIB);
            w->load.cache_mib[cell] = (float)(0.10 * GUEST_MIB);
            w->load.active_mib[cell] = (float)((high ? 0.50 : 0.20) * GUEST_MIB);
            w->load.cpu_mhz[cell] = high ? 900.0F : 200.0F;
            w->load.iops[cell] = high ? 40.0F : 10.0F;
        }
    }
}

static void init(struct small_world *w, const struct host_case *c, double days)
{
    small_world_init(w, c->policy, c->host_gib * 1024.0, 1, N_GUESTS, GUEST_MIB);
    if (c >= &cases[FULL_EASY]) {
        w->overcommit.sharing = HR_SHARING_INTER_GUEST;
        w->overcommit.large_pages = true;
        w->overcommit.break_below_frac = 1.0;
        w->overcommit.tier_frac = 0.05;
        w->overcommit.tier_latency_us = 20.0;
        w->overcommit.tier_mibps = 500.0;
    }
    w->scenario.failure_tail_h = 0.0;
    w->scenario.days = days;
    small_world_load(w, 0.0, 0.0, 0.0, 0.0);
    step_demand(w);
}

/* What the last run did, and the least time of all. */
struct measured {
    double s;
    double n_samples;
    double n_solves;
};

static void measure(struct small_world *w, struct measured *m)
{
    struct hr_run_options options = {0};
    struct hr_run_result result;
    double start_s = bench_cpu_s();
    hr_run(&w->scenario, &w->load, &options, &result);
    m->s = fmin(m->s, bench_cpu_s() - start_s);
    m->n_samples = result.simulated_guest_samples;
    m->n_solves = (double)result.n_solves;
    hr_run_result_free(&result);
}

static void run(bool quick)
{
    static struct small_world worlds[N_CASES];
    struct measured measured[N_CASES];
    int n_rounds = quick ? 1 : 7;
    for (int c = 0; c < N_CASES; c++) {
        init(&worlds[c], &cases[c], quick ? 0.1 : 7.0);
        measured[c] = (struct measured){.s = HUGE_VAL};
    }
    for (int r = 0; r < n_rounds; r++) {
        for (int c = 0; c < N_CASES; c++) {
            measure(&worlds[c], &measured[c]);
        }
    }
    for (int c = 0; c < N_CASES; c++) {
        const struct measured *m = &measured[c];
        bench_print(cases[c].samples_line, m->n_samples / m->s, "guest-samples/s");
        bench_print(cases[c].solve_line, m->s * 1e9 / (m->n_solves * N_GUESTS),
                    "ns/guest-solve");
        bench_print(cases[c].solves_line, m->n_solves * N_GUESTS / m->n_samples,
                    "solves/demand-step");
        small_world_clear(&worlds[c]);
    }
    /* What full fidelity costs: time of a demand step with everything over that without. */
    bench_print("fidelity_easy_cost",
                measured[FULL_EASY].s * measured[EASY].n_samples /
                    (measured[EASY].s * measured[FULL_EASY].n_samples),
                "ratio");
    bench_print("fidelity_pressed_cost",
                measured[FULL_PRESSED].s * measured[PRESSED].n_samples /
                    (measured[PRESSED].s * measured[FULL_PRESSED].n_samples),
                "ratio");
}

/* One run under pressure and nothing else, for counting instructions. */
static void run_pressed(bool quick)
{
    struct small_world w;
    struct measured m = {.s = HUGE_VAL};
    init(&w, &cases[2], quick ? 0.1 : 1.0);
    measure(&w, &m);
    bench_print("pressed_samples", m.n_samples, "guest-samples");
    bench_print("pressed_solves", m.n_solves * N_GUESTS, "guest-solves");
    small_world_clear(&w);
}

static const char *const lines[] = {
    "host_static_easy_samples",
    "host_static_easy_solve",
    "host_static_easy_looks",
    "host_overcommit_easy_samples",
    "host_overcommit_easy_solve",
    "host_overcommit_easy_looks",
    "host_overcommit_pressed_samples",
    "host_overcommit_pressed_solve",
    "host_overcommit_pressed_looks",
    "host_dynamic_easy_samples",
    "host_dynamic_easy_solve",
    "host_dynamic_easy_looks",
    "host_dynamic_pressed_samples",
    "host_dynamic_pressed_solve",
    "host_dynamic_pressed_looks",
    "host_full_easy_samples",
    "host_full_easy_solve",
    "host_full_easy_looks",
    "host_full_pressed_samples",
    "host_full_pressed_solve",
    "host_full_pressed_looks",
    "fidelity_easy_cost",
    "fidelity_pressed_cost",
    NULL,
};

static const char *const pressed_lines[] = {"pressed_samples", "pressed_solves", NULL};

const struct bench_part bench_host = {.name = "host", .lines = lines, .run = run};
const struct bench_part bench_pressed = {
    .name = "pressed", .lines = pressed_lines, .only_by_name = true, .run = run_pressed};
