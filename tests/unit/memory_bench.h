/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/memory_bench.h - one host and its guests as a memory policy sees them, and what it
 * decides: for tests of a policy alone, without a run. */
#ifndef HR_TESTS_MEMORY_BENCH_H
#define HR_TESTS_MEMORY_BENCH_H

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "memory/memory_policy.h"
#include "model_params.h"

enum { BENCH_GUESTS = 128 };

struct bench {
    hr_arena *arena;
    struct hr_guest_traits traits[BENCH_GUESTS];
    struct hr_guest_table *t;
    struct hr_pages pages[BENCH_GUESTS];
    struct hr_flow flow[BENCH_GUESTS];
    struct hr_guest_decision decisions[BENCH_GUESTS];
    uint32_t ids[BENCH_GUESTS];
    struct hr_overcommit_params overcommit;
    struct hr_dynamic_params dynamic;
    struct hr_memory_rules rules;
    struct hr_sharers sharers[BENCH_GUESTS];
    struct hr_host_view view;
    struct hr_decision out;
};

/* n running guests of this size without overhead, reservation or sharing, on a host without a
 * hypervisor; parameters as model.md gives them. */
static inline void bench_init(struct bench *b, const struct hr_memory_policy *policy,
                              double physical_mib, uint32_t n, double size_mib)
{
    memset(b, 0, sizeof *b);
    b->arena = hr_arena_new(4096);
    b->overcommit = overcommit_of_model(HR_SHARING_OFF);
    b->dynamic = dynamic_of_model();
    b->t = hr_guest_table_new(b->arena, b->traits, n);
    b->t->backs_on_touch = policy->backs_on_touch;
    for (uint32_t g = 0; g < n; g++) {
        b->traits[g] = (struct hr_guest_traits){.working_set_s = 3600.0,
                                                .overlap = 4.0,
                                                .churn_s = 86400.0,
                                                .startup_mib = size_mib,
                                                .minimum_mib = size_mib,
                                                .maximum_mib = size_mib,
                                                .weight = 5000.0};
        b->t->size_mib[g] = b->t->limit_mib[g] = b->t->assigned_mib[g] = size_mib;
        b->t->shares[g] = 10.0 * size_mib;
        b->t->vcpus[g] = 1.0;
        b->t->power[g] = HR_GUEST_RUNNING;
        b->t->host[g] = 0;
        b->ids[g] = g;
        b->sharers[g] = (struct hr_sharers){1, 1};
        b->flow[g].balloon_runs = true;
    }
    b->view =
        (struct hr_host_view){.guests = b->t,
                              .ids = b->ids,
                              .n = n,
                              .pages = b->pages,
                              .flow = b->flow,
                              .physical_mib = physical_mib,
                              .reclaim_mibps = 200.0,
                              .step_s = 300.0,
                              .sharers = b->sharers,
                              .rules = &b->rules,
                              .params = policy->moves_memory ? (const void *)&b->dynamic
                                                             : (const void *)&b->overcommit};
    b->out.guests = b->decisions;
}

static inline void bench_clear(struct bench *b)
{
    hr_arena_free(b->arena);
}

/* Works out the pages from the table's state. */
static inline void bench_refresh(struct bench *b)
{
    if (b->t->backs_on_touch) {
        hr_memory_overcommit.rules(&b->overcommit, &b->rules);
    }
    for (uint32_t g = 0; g < b->view.n; g++) {
        hr_pages_of(b->t, g, &b->rules, &b->sharers[g], &b->pages[g]);
    }
}

static inline void bench_solve(struct bench *b, const struct hr_memory_policy *policy)
{
    bench_refresh(b);
    policy->solve(&b->view, &b->out);
}

/* A start of a guest of this size that reserves nothing and has no overhead. */
static inline struct hr_start_spec bench_start(double size_mib)
{
    return (struct hr_start_spec){
        .size_mib = size_mib, .startup_mib = size_mib, .minimum_mib = size_mib};
}

#endif
