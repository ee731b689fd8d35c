/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dynamic policy alone: targets, weights, admission, how fast memory moves (model.md §5).
 */
#include <stdlib.h>

#include "check.h"
#include "memory_bench.h"

/* n guests with a buffer of 20 %, a minimum of 100 MiB and a maximum of 8 GiB. */
static void dynamic_init(struct bench *b, double physical_mib, uint32_t n)
{
    bench_init(b, &hr_memory_dynamic, physical_mib, n, 8192.0);
    for (uint32_t g = 0; g < n; g++) {
        b->traits[g].startup_mib = 512.0;
        b->traits[g].minimum_mib = 100.0;
        b->traits[g].maximum_mib = 8192.0;
        b->traits[g].buffer_frac = 0.20;
    }
}

static void demand(struct bench *b, uint32_t g, double commit_mib, double assigned_mib)
{
    b->t->commit_mib[g] = commit_mib;
    b->t->assigned_mib[g] = assigned_mib;
}

static void target_is_demand_and_buffer(void **state)
{
    (void)state;
    static const struct {
        double commit, minimum, maximum, buffer, target;
        bool booting;
    } table[] = {
        {1000, 100, 8192, 0.20, 1200.0, false},  {1000, 100, 8192, 0.05, 1050.0, false},
        {1000, 100, 1100, 0.20, 1100.0, false},  /* never above maximum */
        {1000, 2000, 8192, 0.20, 2000.0, false}, /* never below minimum */
        {5000, 100, 1100, 0.20, 1100.0, false},  {0, 300, 8192, 0.20, 300.0, false},
        {100, 100, 8192, 0.20, 614.4, true}, /* booting: its startup of 512 counts as demand */
        {1000, 100, 8192, 0.20, 1200.0, true},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bench b;
        dynamic_init(&b, 16384.0, 1);
        b.traits[0].minimum_mib = table[i].minimum;
        b.traits[0].maximum_mib = table[i].maximum;
        b.traits[0].buffer_frac = table[i].buffer;
        b.t->power[0] = table[i].booting ? HR_GUEST_BOOTING : HR_GUEST_RUNNING;
        demand(&b, 0, table[i].commit, 512.0);
        bench_solve(&b, &hr_memory_dynamic);
        assert_near(b.decisions[0].target_mib, table[i].target, 1e-9);
        bench_clear(&b);
    }
}

static void static_guest_never_moves(void **state)
{
    (void)state;
    struct bench b;
    dynamic_init(&b, 6000.0, 2);
    b.traits[0] = (struct hr_guest_traits){
        .startup_mib = 2048.0, .minimum_mib = 2048.0, .maximum_mib = 2048.0, .weight = 5000.0};
    demand(&b, 0, 5000.0, 2048.0);
    demand(&b, 1, 9000.0, 3952.0); /* its neighbour wants everything */
    bench_solve(&b, &hr_memory_dynamic);
    assert_near(b.decisions[0].target_mib, 2048.0, 1e-9);
    assert_near(b.decisions[0].assign_mibps, 0.0, 0.0);
    assert_near(b.decisions[1].target_mib, 3952.0, 1e-3);
    bench_clear(&b);
}

/* What a shortage leaves to each, by weight. */
static void shortage_is_split_by_weight(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        double room;
        double commit[2], weight[2], minimum[2], target[2];
    } table[] = {
        {"enough for both", 5000, {1000, 2000}, {5000, 5000}, {100, 100}, {1200, 2400}},
        {"only buffers are given up",
         3300,
         {1000, 2000},
         {5000, 5000},
         {100, 100},
         {1100, 2200}},
        {"exactly the demand", 3000, {1000, 2000}, {5000, 5000}, {100, 100}, {1000, 2000}},
        {"then demand, in proportion",
         1500,
         {1000, 2000},
         {5000, 5000},
         {100, 100},
         {500, 1000}},
        {"the heavier gets more", 1800, {1500, 1500}, {10000, 5000}, {100, 100}, {1200, 600}},
        {"but not more than it wants",
         3000,
         {1500, 1500},
         {10000, 100},
         {100, 100},
         {1800, 1200}},
        {"nor the lighter less than its minimum",
         2000,
         {1500, 1500},
         {10000, 0},
         {100, 700},
         {1300, 700}},
        {"minimums alone are too much",
         1000,
         {1500, 1500},
         {5000, 5000},
         {600, 700},
         {600, 700}},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bench b;
        dynamic_init(&b, table[i].room + 700.0, 2);
        b.view.hypervisor_mib = 700.0;
        for (uint32_t g = 0; g < 2; g++) {
            b.traits[g].weight = table[i].weight[g];
            b.traits[g].minimum_mib = table[i].minimum[g];
            demand(&b, g, table[i].commit[g], table[i].minimum[g]);
        }
        bench_solve(&b, &hr_memory_dynamic);
        for (uint32_t g = 0; g < 2; g++) {
            if (fabs(b.decisions[g].target_mib - table[i].target[g]) > 0.01) {
                fail_msg("%s: guest %u gets %g, expected %g", table[i].why, g,
                         b.decisions[g].target_mib, table[i].target[g]);
            }
        }
        bench_clear(&b);
    }
}

/* Targets count with the overhead on what is assigned. */
static void overhead_is_paid_from_the_host(void **state)
{
    (void)state;
    struct bench b;
    dynamic_init(&b, 4000.0, 2);
    for (uint32_t g = 0; g < 2; g++) {
        b.t->overhead_base_mib[g] = 24.0;
        b.t->overhead_least_mib[g] = 32.0;
        b.t->overhead_slope[g] = 8.0 / 1024.0;
        demand(&b, g, 2000.0, 1000.0);
    }
    bench_solve(&b, &hr_memory_dynamic);
    double expected = (2000.0 - 24.0) / (1.0 + 8.0 / 1024.0);
    assert_near(b.decisions[0].target_mib, expected, 0.01);
    assert_near(b.decisions[1].target_mib, expected, 0.01);
    bench_clear(&b);
}

static void admission_needs_startup_beside_minimums(void **state)
{
    (void)state;
    struct bench b;
    dynamic_init(&b, 5000.0, 2);
    b.view.hypervisor_mib = 1000.0;
    b.traits[0].minimum_mib = 500.0;
    b.traits[1].minimum_mib = 700.0;
    demand(&b, 0, 1500.0, 2000.0);
    demand(&b, 1, 1500.0, 2000.0); /* nothing is free, but the two hold 2800 above minimum */
    bench_refresh(&b);
    struct hr_start_spec spec = {.size_mib = 8192.0,
                                 .startup_mib = 2760.0,
                                 .startup_overhead_mib = 40.0,
                                 .minimum_mib = 100.0};
    double short_mib = -1.0;
    assert_int_equal(hr_memory_dynamic.admit(&b.view, &spec, &short_mib), HR_ADMIT_OK);
    assert_near(short_mib, 0.0, 0.0);
    assert_near(hr_memory_dynamic.needs_now_mib(&b.view, &spec), 2800.0, 1e-9);
    assert_near(hr_memory_dynamic.start_mib(&spec), 2760.0, 0.0);
    spec.startup_mib = 2761.0;
    assert_int_equal(hr_memory_dynamic.admit(&b.view, &spec, &short_mib), HR_ADMIT_NO_MEMORY);
    assert_near(short_mib, 1.0, 1e-9);
    spec.startup_mib = 1000.0;
    b.view.starting_mib = 2000.0; /* promised to somebody who waits */
    assert_int_equal(hr_memory_dynamic.admit(&b.view, &spec, &short_mib), HR_ADMIT_NO_MEMORY);
    assert_near(short_mib, 240.0, 1e-9);
    bench_clear(&b);
}

/* With room for all, a fall of demand is collected with a time constant of 300 s. */
static void memory_is_collected_lazily(void **state)
{
    (void)state;
    struct bench b;
    dynamic_init(&b, 16384.0, 1);
    demand(&b, 0, 1000.0, 4200.0);
    double assigned = 4200.0;
    for (int step = 1; step <= 4; step++) {
        b.t->assigned_mib[0] = assigned;
        bench_solve(&b, &hr_memory_dynamic);
        assert_true(b.decisions[0].assign_mibps < 0.0);
        assert_near(b.decisions[0].assign_stop_mib, 1200.0, 1e-9);
        assert_false(b.out.pressed);
        assigned += b.decisions[0].assign_mibps * b.view.step_s;
        assert_near(assigned, 1200.0 + 3000.0 * exp(-step), 1e-6);
    }
    /* Time steps of another length end at the same amount. */
    b.view.step_s = 60.0;
    b.t->assigned_mib[0] = 4200.0;
    bench_solve(&b, &hr_memory_dynamic);
    assert_near(4200.0 + 60.0 * b.decisions[0].assign_mibps, 1200.0 + 3000.0 * exp(-0.2), 1e-6);
    bench_clear(&b);
}

static void memory_is_added_at_once_where_free(void **state)
{
    (void)state;
    struct bench b;
    dynamic_init(&b, 16384.0, 2);
    demand(&b, 0, 3000.0, 600.0);
    demand(&b, 1, 1000.0, 600.0);
    bench_solve(&b, &hr_memory_dynamic);
    assert_near(b.decisions[0].assign_stop_mib, 3600.0, 1e-6);
    assert_near(b.decisions[1].assign_stop_mib, 1200.0, 1e-6);
    assert_near(b.decisions[0].assign_mibps + b.decisions[1].assign_mibps, 1024.0, 1e-6);
    assert_near(b.decisions[0].assign_mibps / b.decisions[1].assign_mibps, 5.0, 1e-6);
    /* Until then they page, and no longer: the host is looked at when they have it. */
    assert_true(b.out.pressed);
    assert_near(b.out.next_s, 3600.0 / 1024.0, 1e-6);
    /* Whoever only lacks some of the buffer waits for nothing. */
    demand(&b, 0, 3000.0, 3100.0);
    demand(&b, 1, 1000.0, 1100.0);
    bench_solve(&b, &hr_memory_dynamic);
    assert_false(b.out.pressed);
    bench_clear(&b);
}

/* Under shortage the balloon takes fast, and no more is passed on than has come. */
static void shortage_takes_fast_and_passes_on(void **state)
{
    (void)state;
    struct bench b;
    dynamic_init(&b, 4000.0, 2);
    demand(&b, 0, 1000.0, 3000.0); /* has too much */
    demand(&b, 1, 2000.0, 1000.0); /* has too little, and nothing is free */
    double passed_s = 0.0;
    int n_solves = 0;
    for (; n_solves < 100 && passed_s < 120.0; n_solves++) {
        bench_solve(&b, &hr_memory_dynamic);
        if (!b.out.pressed) {
            break;
        }
        assert_true(b.out.next_s >= 1.0 && b.out.next_s <= 15.0);
        const struct hr_guest_decision *giver = &b.decisions[0];
        const struct hr_guest_decision *taker = &b.decisions[1];
        assert_near(giver->target_mib, 1200.0, 0.01);
        assert_near(giver->assign_mibps, -64.0, 1e-9);
        assert_true(taker->assign_mibps <= 64.0 + 1e-6);
        double dt_s = b.out.next_s;
        b.t->assigned_mib[0] = fmax(giver->assign_stop_mib, b.t->assigned_mib[0] - 64.0 * dt_s);
        b.t->assigned_mib[1] =
            fmin(taker->assign_stop_mib, b.t->assigned_mib[1] + taker->assign_mibps * dt_s);
        bench_refresh(&b);
        assert_true(hr_host_free_mib(&b.view) > -1e-6);
        passed_s += dt_s;
    }
    assert_near(b.t->assigned_mib[1], 2400.0, 0.5);
    assert_near(passed_s, 1400.0 / 64.0, 2.0);
    assert_true(n_solves < 30);
    bench_clear(&b);
}

static void a_start_presses_the_others_down(void **state)
{
    (void)state;
    struct bench b;
    dynamic_init(&b, 4000.0, 2);
    demand(&b, 0, 1600.0, 1900.0);
    demand(&b, 1, 1600.0, 1900.0);
    b.view.starting_mib = 2000.0; /* 200 is free: 1800 must come from the two */
    bench_solve(&b, &hr_memory_dynamic);
    assert_true(b.out.pressed);
    for (uint32_t g = 0; g < 2; g++) {
        assert_near(b.decisions[g].target_mib, 1000.0, 0.01);
        assert_near(b.decisions[g].assign_mibps, -64.0, 1e-9);
    }
    bench_clear(&b);
}

static void settled_guests_hold_their_targets(void **state)
{
    (void)state;
    struct bench b;
    dynamic_init(&b, 3300.0, 2);
    demand(&b, 0, 1000.0, 512.0);
    demand(&b, 1, 2000.0, 512.0);
    bench_refresh(&b);
    hr_memory_dynamic.settle(&b.view, b.t, &b.out);
    assert_near(b.t->assigned_mib[0], 1100.0, 0.01);
    assert_near(b.t->assigned_mib[1], 2200.0, 0.01);
    bench_solve(&b, &hr_memory_dynamic);
    assert_near(b.decisions[0].assign_mibps * b.view.step_s, 0.0, 0.1); /* nothing left to do */
    bench_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(target_is_demand_and_buffer),
        cmocka_unit_test(static_guest_never_moves),
        cmocka_unit_test(shortage_is_split_by_weight),
        cmocka_unit_test(overhead_is_paid_from_the_host),
        cmocka_unit_test(admission_needs_startup_beside_minimums),
        cmocka_unit_test(memory_is_collected_lazily),
        cmocka_unit_test(memory_is_added_at_once_where_free),
        cmocka_unit_test(shortage_takes_fast_and_passes_on),
        cmocka_unit_test(a_start_presses_the_others_down),
        cmocka_unit_test(settled_guests_hold_their_targets),
    };
    return cmocka_run_group_tests_name("dynamic policy", tests, NULL, NULL);
}
