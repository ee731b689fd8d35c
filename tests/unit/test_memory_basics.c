/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every policy rests on: overheads and reserves, minFree, static admission, a guest's
 * pages. */
#include <stdlib.h>

#include "check.h"
#include "memory/fill.h"
#include "memory_bench.h"
#include "scenario/scenario.h"

/* With so many guests of its image on the host. */
static void pages_with(struct bench *b, uint32_t n, struct hr_pages *out)
{
    struct hr_sharers sharers = {.n_same_image = n, .n_same_role = n};
    hr_memory_overcommit.rules(&b->overcommit, &b->rules);
    hr_pages_of(b->t, 0, &b->rules, &sharers, out);
}

static void min_free_slides(void **state)
{
    (void)state;
    static const struct {
        double gib;
        double mib;
    } table[] = {{4, 245.8},    {8, 409.6},    {12, 573.4},     {16, 655.4},  {24, 819.2},
                 {28, 901.1},   {32, 942.1},   {64, 1269.8},    {96, 1597.4}, {128, 1925.1},
                 {256, 3235.8}, {512, 5857.3}, {1024, 11100.2}, {2, 122.88},  {0.5, 30.72}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_near(hr_min_free_mib(table[i].gib * 1024.0), table[i].mib, 0.06);
    }
    assert_near(hr_min_free_mib(0.0), 0.0, 0.0);
}

/* vSphere 5.x to 6.7, in MB, by size and vCPUs (sources 1.8). */
static void overhead_follows_the_table(void **state)
{
    (void)state;
    static const struct {
        double size_mib;
        int vcpus;
        double mib;
    } table[] = {
        {256, 1, 20.29},    {256, 2, 24.28},    {256, 4, 32.23},    {256, 8, 48.16},
        {1024, 1, 25.90},   {1024, 2, 29.91},   {1024, 4, 37.86},   {1024, 8, 53.82},
        {4096, 1, 48.64},   {4096, 2, 52.72},   {4096, 4, 60.67},   {4096, 8, 76.78},
        {16384, 1, 139.62}, {16384, 2, 143.98}, {16384, 4, 151.93}, {16384, 8, 168.60}};
    const struct hr_platform platform = {
        .overhead = {.fixed_mib = 18.4, .size_frac = 0.0074, .per_vcpu_mib = 4.0}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_near(hr_platform_overhead_mib(&platform, table[i].size_mib, table[i].vcpus),
                    table[i].mib, 1.5);
    }
}

static const struct hr_platform hyperv = {
    .hypervisor = {.fixed_mib = 384.0, .per_gib_mib = 30.0},
    .overhead = {.fixed_mib = 32.0, .per_gib_above_first_mib = 8.0}};

static void parent_partition_takes_its_part(void **state)
{
    (void)state;
    static const struct {
        double size_mib;
        double mib;
    } overhead[] = {{512, 32}, {1024, 32}, {2048, 40}, {16384, 152}};
    for (size_t i = 0; i < sizeof overhead / sizeof overhead[0]; i++) {
        assert_near(hr_platform_overhead_mib(&hyperv, overhead[i].size_mib, 4), overhead[i].mib,
                    1e-9);
    }
    static const struct {
        double host_gib;
        double mib;
    } reserve[] = {{8, 624}, {16, 864}, {24, 1104}, {32, 1344}, {64, 2304}, {128, 4224}};
    for (size_t i = 0; i < sizeof reserve / sizeof reserve[0]; i++) {
        assert_near(hr_platform_hypervisor_mib(&hyperv, reserve[i].host_gib * 1024.0),
                    reserve[i].mib, 1e-9);
    }
    const struct hr_platform bounded = {
        .hypervisor = {
            .fixed_mib = 1024.0, .per_gib_mib = 51.2, .least_mib = 2048.0, .most_mib = 8192.0}};
    assert_near(hr_platform_hypervisor_mib(&bounded, 16384.0), 2048.0, 0.0);
    assert_near(hr_platform_hypervisor_mib(&bounded, 65536.0), 4300.8, 1e-9);
    assert_near(hr_platform_hypervisor_mib(&bounded, 1048576.0), 8192.0, 0.0);
}

/* How many guests of one size start one after the other. */
static uint32_t n_started_static(double host_gib, double size_mib)
{
    struct bench b;
    double physical = host_gib * 1024.0;
    bench_init(&b, &hr_memory_static, physical, 32, size_mib);
    b.view.hypervisor_mib = hr_platform_hypervisor_mib(&hyperv, physical);
    struct hr_start_spec spec = bench_start(size_mib);
    spec.overhead_mib = hr_platform_overhead_mib(&hyperv, size_mib, 1);
    for (uint32_t g = 0; g < 32; g++) {
        b.t->overhead_base_mib[g] = spec.overhead_mib;
    }
    double short_mib = 0.0;
    b.view.n = 0;
    bench_refresh(&b);
    while (b.view.n < 32 && hr_memory_static.admit(&b.view, &spec, &short_mib) == HR_ADMIT_OK) {
        assert_near(short_mib, 0.0, 0.0);
        b.view.n++;
        bench_refresh(&b);
    }
    double used = b.view.hypervisor_mib + (b.view.n + 1) * (size_mib + spec.overhead_mib);
    assert_near(short_mib, used - physical, 1e-6);
    uint32_t n = b.view.n;
    bench_clear(&b);
    return n;
}

static void static_admits_what_fits(void **state)
{
    (void)state;
    assert_int_equal(n_started_static(24, 2048), 11);
    assert_int_equal(n_started_static(32, 2048), 15);
    assert_int_equal(n_started_static(32, 16384), 1);
    assert_int_equal(n_started_static(32, 40960), 0);
}

static void static_moves_nothing(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_static, 8192.0, 3, 2048.0);
    for (uint32_t g = 0; g < 3; g++) {
        b.t->commit_mib[g] = 4096.0; /* more than it has: its own paging, not the host's */
    }
    bench_solve(&b, &hr_memory_static);
    assert_false(b.out.pressed);
    assert_near(b.out.next_s, b.view.step_s, 0.0);
    for (uint32_t g = 0; g < 3; g++) {
        const struct hr_guest_decision *d = &b.decisions[g];
        assert_near(d->assign_mibps, 0.0, 0.0);
        assert_near(d->swap_mibps + d->zip_mibps + d->balloon_mibps, 0.0, 0.0);
        assert_near(d->throttle, 1.0, 0.0);
    }
    assert_near(hr_host_free_mib(&b.view), 2048.0, 1e-9);
    bench_clear(&b);
}

static void pages_add_up(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 8192.0, 1, 1000.0);
    struct hr_guest_traits *traits = &b.traits[0];
    traits->zero_free_frac = 0.9;
    traits->zero_used_frac = 0.1;
    traits->dup_saving_frac = 0.05;
    traits->common_mib = 100.0;
    b.t->touched_mib[0] = 1000.0;
    b.t->used_commit_mib[0] = 300.0;
    b.t->used_cache_mib[0] = 100.0;
    b.t->shared_scan_mib[0] = 1e9; /* the scanner has seen it all */
    struct hr_pages p;
    pages_with(&b, 4, &p);
    assert_near(p.consumed, 1000.0, 1e-9); /* sharing is off */
    b.overcommit.sharing = HR_SHARING_INTRA_GUEST;
    pages_with(&b, 4, &p);
    assert_near(p.free_touched, 600.0, 1e-9);
    assert_near(p.zero_saved, 0.9 * 600.0 + 0.1 * 400.0, 1e-9);
    assert_near(p.saved, 580.0 + 0.05 * 400.0, 1e-9);
    assert_near(p.consumed, 400.0, 1e-9);
    assert_near(p.freed_per_ballooned, 0.1, 1e-9);
    b.overcommit.sharing = HR_SHARING_INTER_GUEST;
    pages_with(&b, 4, &p);
    assert_near(p.saved, 600.0 + 100.0 * 3.0 / 4.0, 1e-9); /* charged a quarter of common */
    pages_with(&b, 1, &p);
    assert_near(p.saved, 600.0, 1e-9); /* alone, nothing is common */
    b.overcommit.sharing = HR_SHARING_INTRA_GUEST;
    b.t->ballooned_mib[0] = 200.0;
    b.t->swap_hot_mib[0] = 40.0;
    b.t->swap_cold_mib[0] = 60.0;
    b.t->zip_hot_mib[0] = 20.0;
    b.t->zip_cold_mib[0] = 80.0;
    pages_with(&b, 4, &p);
    assert_near(p.resident, 1000.0 - 200.0 - 100.0 - 100.0, 1e-9);
    assert_near(p.free_touched, 400.0, 1e-9);
    double resident_frac = 600.0 / 800.0;
    double saved = resident_frac * (0.9 * 400.0 + 0.1 * 400.0 + 0.05 * 400.0);
    assert_near(p.saved, saved, 1e-9);
    assert_near(p.consumed, 600.0 - saved + 50.0, 1e-9);
    bench_clear(&b);
}

static void guests_page_by_their_working_set(void **state)
{
    (void)state;
    static const struct {
        double usable, commit, active, paged, over, faults;
    } table[] = {
        {1000, 800, 500, 0, 0, 0},
        {1000, 1200, 600, 200, 0, 200 * 0.5 / 3600}, /* the working set fits */
        {1000, 1200, 1100, 200, 100, 100 / 60.0 + 100 * (1100 / 1200.0) / 3600},
        {1000, 1200, 1500, 200, 200, 200 / 60.0}, /* over is bounded by paged */
        {1000, 2000, 0, 1000, 0, 0},              /* nobody touches what is out */
    };
    struct bench b;
    bench_init(&b, &hr_memory_static, 8192.0, 1, 1000.0);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        b.t->assigned_mib[0] = table[i].usable;
        b.t->commit_mib[0] = table[i].commit;
        b.t->active_mib[0] = table[i].active;
        struct hr_paging paging;
        hr_paging_of(b.t, 0, &paging);
        assert_near(paging.paged, table[i].paged, 1e-9);
        assert_near(paging.over, table[i].over, 1e-9);
        assert_near(paging.faults_mibps, table[i].faults, 1e-9);
    }
    bench_clear(&b);
}

static void lost_cache_is_squared(void **state)
{
    (void)state;
    static const struct {
        bool notices;
        double seen, assigned, cache, frac;
    } table[] = {
        {true, 500, 1000, 400, 0.0}, /* commit 600 leaves room for all of it */
        {true, 500, 800, 400, 0.25}, /* half of it */
        {true, 500, 500, 400, 1.0},
        {true, 500, 1000, 0, 0.0}, /* wants none */
        {false, 1000, 1000, 400, 0.0},
        {false, 800, 1000, 400, 0.25}, /* does not notice what came later */
        {false, 1000, 800, 400, 0.25}, /* but what is taken away it loses */
    };
    struct bench b;
    bench_init(&b, &hr_memory_dynamic, 8192.0, 1, 1000.0);
    b.t->commit_mib[0] = 600.0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        b.traits[0].notices_added_memory = table[i].notices;
        b.t->seen_mib[0] = table[i].seen;
        b.t->assigned_mib[0] = table[i].assigned;
        b.t->cache_mib[0] = table[i].cache;
        assert_near(hr_lost_cache_frac(b.t, 0), table[i].frac, 1e-12);
    }
    bench_clear(&b);
}

static void restart_empties(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 8192.0, 2, 1000.0);
    double *emptied[] = {b.t->touched_mib,     b.t->ballooned_mib,  b.t->swap_hot_mib,
                         b.t->swap_cold_mib,   b.t->zip_hot_mib,    b.t->zip_cold_mib,
                         b.t->used_commit_mib, b.t->used_cache_mib, b.t->shared_scan_mib};
    for (size_t i = 0; i < sizeof emptied / sizeof emptied[0]; i++) {
        emptied[i][0] = emptied[i][1] = 10.0;
    }
    struct hr_guest_table *before = hr_guest_table_clone(b.t, b.arena);
    hr_guest_reset(b.t, 0);
    for (size_t i = 0; i < sizeof emptied / sizeof emptied[0]; i++) {
        assert_near(emptied[i][0], 0.0, 0.0);
        assert_near(emptied[i][1], 10.0, 0.0); /* its neighbour keeps its own */
    }
    assert_near(before->touched_mib[0], 10.0, 0.0); /* the clone is a copy */
    assert_near(b.t->size_mib[0], 1000.0, 0.0);
    bench_clear(&b);
}

struct pieces {
    double rate[3], most[3], total;
};

static double pieces_sum(const void *context, double level, double *slope)
{
    const struct pieces *p = context;
    double sum = 0.0;
    for (int i = 0; i < 3; i++) {
        bool full = level * p->rate[i] >= p->most[i];
        sum += full ? p->most[i] : level * p->rate[i];
        *slope += full ? 0.0 : p->rate[i];
    }
    return sum;
}

static void a_level_uses_up_the_total(void **state)
{
    (void)state;
    static const struct pieces table[] = {
        {{1, 1, 1}, {10, 10, 10}, 15},
        {{1, 1e-9, 1e9}, {10, 10, 10}, 29}, /* rates far apart */
        {{1e-3, 1, 1000}, {1e6, 1, 5}, 6.5},
        {{5, 5, 0}, {1e6, 2e6, 0}, 2.5e6},
        {{1, 2, 3}, {1, 1, 1}, 1e-9},
        {{1, 2, 3}, {1, 1, 1}, 0.0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        double slope = 0.0;
        double level = hr_fill_level(pieces_sum, &table[i], table[i].total, 1e12);
        double sum = pieces_sum(&table[i], level, &slope);
        assert_true(sum <= table[i].total);
        assert_near(sum, table[i].total, 1.1e-6);
    }
}

static void policies_are_found_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(hr_memory_policy_find("static"), &hr_memory_static);
    assert_ptr_equal(hr_memory_policy_find("overcommit"), &hr_memory_overcommit);
    assert_ptr_equal(hr_memory_policy_find("dynamic"), &hr_memory_dynamic);
    assert_null(hr_memory_policy_find("generous"));
    assert_string_equal(hr_memory_state_name(HR_STATE_HARD), "hard");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(min_free_slides),
        cmocka_unit_test(overhead_follows_the_table),
        cmocka_unit_test(parent_partition_takes_its_part),
        cmocka_unit_test(static_admits_what_fits),
        cmocka_unit_test(static_moves_nothing),
        cmocka_unit_test(pages_add_up),
        cmocka_unit_test(guests_page_by_their_working_set),
        cmocka_unit_test(lost_cache_is_squared),
        cmocka_unit_test(restart_empties),
        cmocka_unit_test(a_level_uses_up_the_total),
        cmocka_unit_test(policies_are_found_by_name),
    };
    return cmocka_run_group_tests_name("memory basics", tests, NULL, NULL);
}
