/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole runs in which guests boot, stop and restart, and of the policies beside the three that
 * sizing compares: same-page merging with ballooning, ranges, a second tier of memory. */
#include "check.h"
#include "model/pages.h"
#include "small_world.h"

static struct hr_run_result run(struct small_world *w)
{
    struct hr_run_options options = {.record_memory = true, .record_samples = true};
    struct hr_run_result result;
    hr_run(&w->scenario, &w->load, &options, &result);
    return result;
}

/* One host, some hours, no failure. */
static void one_host(struct small_world *w, enum hr_policy_kind policy, double host_gib,
                     uint32_t n_guests, double size_mib)
{
    small_world_init(w, policy, host_gib * 1024.0, 1, n_guests, size_mib);
    w->scenario.failure_tail_h = 0.0;
    w->scenario.days = 0.25;
}

static double end_sum(const struct hr_run_result *r, enum hr_memory_part part)
{
    return r->hosts[0].end_mib[part];
}

static bool has_event(const struct hr_run_result *r, enum hr_event_code code, uint32_t guest)
{
    for (uint32_t e = 0; e < r->n_events; e++) {
        if (r->events[e].code == code && r->events[e].guest == guest) {
            return true;
        }
    }
    return false;
}

static void clear(struct small_world *w, struct hr_run_result *r)
{
    hr_run_result_free(r);
    small_world_clear(w);
}

/* The sample of a guest at a time; the demand step is 300 s. */
static const struct hr_guest_sample *sample_at(const struct hr_run_result *r, uint32_t g,
                                               double t_s)
{
    for (uint64_t i = 0; i < r->n_guest_samples; i++) {
        const struct hr_guest_sample *sample = &r->guest_samples[i];
        if (sample->guest == g && sample->t_us == (int64_t)(t_s * 1e6)) {
            return sample;
        }
    }
    fail_msg("no sample of guest %u at %g s", g, t_s);
    return NULL;
}

/* Windows writes all of its memory while it boots; Linux touches what it uses. */
static void a_boot_touches_by_the_system(void **state)
{
    (void)state;
    for (int zeroes = 0; zeroes < 2; zeroes++) {
        struct small_world w;
        one_host(&w, HR_POLICY_OVERCOMMIT, 64.0, 2, 4096.0);
        w.overcommit.sharing = HR_SHARING_OFF;
        w.os.boot_zeroes_memory = zeroes;
        w.os.churn_s = 1e12;
        w.scenario.start = HR_SCENARIO_BOOT;
        w.guests.items[1].start_s = 900.0;
        small_world_load(&w, 1000.0, 200.0, 300.0, 100.0);
        struct hr_run_result r = run(&w);
        double touched = zeroes ? 4096.0 : 1200.0;
        assert_near(sample_at(&r, 0, 300.0)->mib[HR_MEMORY_GRANTED], touched, 1.0);
        assert_int_equal(sample_at(&r, 1, 900.0)->host, 0);
        assert_near(sample_at(&r, 1, 900.0)->mib[HR_MEMORY_GRANTED], 0.0, 1e-9);
        assert_near(sample_at(&r, 1, 1200.0)->mib[HR_MEMORY_GRANTED], touched, 1.0);
        assert_int_equal(sample_at(&r, 1, 600.0)->host, UINT32_MAX); /* still off */
        assert_int_equal(r.guests[1].n_boots, 1);
        assert_near(r.guests[1].phase[HR_PHASE_NORMAL].down_s, 0.0, 1e-9);
        clear(&w, &r);
    }
}

/* Off: what a guest held is free. Restarted: what lay in balloon and swap is gone. */
static void stops_and_restarts_free_what_was_held(void **state)
{
    (void)state;
    struct small_world w;
    one_host(&w, HR_POLICY_OVERCOMMIT, 20.0, 8, 4096.0);
    w.overcommit.sharing = HR_SHARING_OFF;
    w.guests.items[0].stop_s = 7200.0;
    w.guests.items[1].n_restarts = 1;
    w.guests.items[1].restarts_s = g_new(double, 1);
    w.guests.items[1].restarts_s[0] = 3599.0;
    small_world_load(&w, 1500.0, 0.0, 500.0, 100.0);
    struct hr_run_result r = run(&w);
    assert_true(sample_at(&r, 1, 3300.0)->mib[HR_MEMORY_BALLOONED] > 500.0);
    assert_near(sample_at(&r, 1, 3600.0)->mib[HR_MEMORY_BALLOONED], 0.0, 1e-9);
    assert_true(sample_at(&r, 1, 3600.0)->mib[HR_MEMORY_GRANTED] < 100.0);
    assert_int_equal(r.guests[1].n_boots, 1);
    assert_true(r.guests[1].phase[HR_PHASE_NORMAL].down_s >= 180.0 - 1e-6);
    assert_int_equal(sample_at(&r, 0, 6900.0)->host, 0);
    assert_int_equal(sample_at(&r, 0, 7200.0)->host, UINT32_MAX);
    assert_false(r.memory[HR_PHASE_NORMAL][0].runs_at_end);
    clear(&w, &r);
}

/* Large pages hide what could be shared until memory gets short; then it is found. */
static void large_pages_share_when_memory_is_short(void **state)
{
    (void)state;
    double saved[2][2];
    for (int large = 0; large < 2; large++) {
        for (int tight = 0; tight < 2; tight++) {
            struct small_world w;
            one_host(&w, HR_POLICY_OVERCOMMIT, tight ? 18.0 : 64.0, 4, 4096.0);
            w.overcommit.large_pages = large;
            w.overcommit.break_below_frac = 1.0;
            w.os.zero_free_frac = w.os.zero_used_frac = 0.0;
            w.os.dup_frac = 0.40;
            w.scenario.start = HR_SCENARIO_BOOT;
            w.scenario.days = 0.5;
            small_world_load(&w, 3600.0, 0.0, 500.0, 100.0);
            struct hr_run_result r = run(&w);
            saved[large][tight] = end_sum(&r, HR_MEMORY_SAVED);
            clear(&w, &r);
        }
    }
    assert_near(saved[1][0], 0.0, 1e-9);
    assert_true(saved[0][0] > 2500.0); /* small pages: the scanner always shares */
    assert_true(saved[1][1] > 1000.0);
}

/* A smart paging file serves a guest that restarts in place when nothing is free and nothing
 * reclaimable, and in no other case. */
static void smart_paging_is_for_restarts_alone(void **state)
{
    (void)state;
    enum { RESTART, COLD, N_STARTS };
    for (int start = 0; start < N_STARTS; start++) {
        for (int room = 0; room < 2; room++) {
            struct small_world w;
            one_host(&w, HR_POLICY_DYNAMIC, 16.0, 8, 2048.0);
            for (uint32_t g = 0; g < 8; g++) {
                struct hr_dynamic_memory *dynamic = &w.guests.items[g].dynamic;
                dynamic->startup_mib = 1536.0;
                dynamic->minimum_mib = 1080.0;
                dynamic->maximum_mib = 4096.0;
            }
            /* One more, which needs little to start, comes when the others run. */
            w.guests.items[6].dynamic.startup_mib = 1090.0;
            w.guests.items[6].start_s = 1800.0;
            w.storage.latency_ms = 0.2;
            w.scenario.cluster.memory_mib = room ? 16384.0 : 9700.0;
            small_world_load(&w, 900.0, 0.0, 400.0, 100.0);
            if (start == RESTART) {
                w.guests.items[7].n_restarts = 1;
                w.guests.items[7].restarts_s = g_new(double, 1);
                w.guests.items[7].restarts_s[0] = 3600.0;
            } else {
                w.guests.items[7].start_s = 3600.0;
            }
            struct hr_run_result r = run(&w);
            const struct hr_guest_result *guest = &r.guests[7];
            bool paged = start == RESTART && !room;
            assert_int_equal(has_event(&r, HR_NOTED_SMART_PAGING, 7), paged);
            assert_true(paged ? guest->smart_paged_max_mib > 100.0
                              : guest->smart_paged_max_mib <= 0.0);
            assert_int_equal(guest->refused, start == COLD && !room);
            if (!guest->refused) {
                /* Ten minutes later nothing lies on disk. */
                assert_near(sample_at(&r, 7, 4500.0)->mib[HR_MEMORY_SWAPPED], 0.0, 1e-9);
                assert_true(sample_at(&r, 7, 4500.0)->mib[HR_MEMORY_ASSIGNED] >= 1080.0);
            }
            clear(&w, &r);
        }
    }
}

/* Merging starts above 80 % of the host's memory and stops below 75 %; what was merged stays.
 */
static void kvm_merges_when_the_host_fills(void **state)
{
    (void)state;
    for (int full = 0; full < 2; full++) {
        struct small_world w;
        one_host(&w, HR_POLICY_KVM, full ? 20.0 : 64.0, 8, 2048.0);
        w.kvm.ballooning = false;
        w.scenario.start = HR_SCENARIO_BOOT;
        w.scenario.days = 1.0;
        small_world_load(&w, 800.0, 0.0, 300.0, 100.0);
        struct hr_run_result r = run(&w);
        double saved = end_sum(&r, HR_MEMORY_SAVED);
        double used_frac =
            1.0 - r.hosts[0].free_end_mib / w.scenario.cluster.memory.n_dimms / 1024.0;
        assert_true(full ? saved > 1500.0 : saved <= 0.0);
        assert_true(!full || (used_frac > 0.70 && used_frac < 0.80)); /* and no further */
        assert_near(end_sum(&r, HR_MEMORY_SWAPPED), 0.0, 1e-9);
        /* At most 5000 pages a second are looked at, twice before anything is merged. */
        assert_near(sample_at(&r, 0, 600.0)->mib[HR_MEMORY_SAVED], 0.0, 1e-9);
        clear(&w, &r);
    }
}

/* So it is of guests that have run for long. */
static void kvm_settles_where_merging_stops(void **state)
{
    (void)state;
    struct small_world w;
    one_host(&w, HR_POLICY_KVM, 20.0, 8, 2048.0);
    w.kvm.ballooning = false;
    small_world_load(&w, 800.0, 0.0, 300.0, 100.0);
    struct hr_run_result r = run(&w);
    assert_near(1.0 - r.hosts[0].free_min_mib / 20480.0, 0.75, 0.01);
    assert_near(1.0 - r.hosts[0].free_end_mib / 20480.0, 0.75, 0.01);
    clear(&w, &r);
}

/* Ballooned by shares toward 80 % of the host, no guest below its minimum. */
static void kvm_balloons_by_shares(void **state)
{
    (void)state;
    struct small_world w;
    one_host(&w, HR_POLICY_KVM, 16.0, 6, 4096.0);
    w.kvm.merging = false;
    w.os.boot_zeroes_memory = true;
    for (uint32_t g = 0; g < 6; g++) {
        w.guests.items[g].dynamic.minimum_mib = 1024.0;
        w.guests.items[g].shares = g < 3 ? 1000.0 : 2000.0;
    }
    small_world_load(&w, 900.0, 0.0, 300.0, 100.0);
    struct hr_run_result r = run(&w);
    double used = 16384.0 - r.hosts[0].free_end_mib;
    assert_near(used, 0.8 * 16384.0, 200.0);
    double low = 4096.0 - r.memory[HR_PHASE_NORMAL][0].end_mib[HR_MEMORY_BALLOONED];
    double high = 4096.0 - r.memory[HR_PHASE_NORMAL][5].end_mib[HR_MEMORY_BALLOONED];
    assert_near((high - 1024.0) / (low - 1024.0), 2.0, 0.1);
    assert_near(end_sum(&r, HR_MEMORY_SWAPPED), 0.0, 1e-9);
    clear(&w, &r);
}

/* What neither merging nor balloons cover is swapped; when swap is full the largest guest is
 * ended, and the host goes on. */
static void kvm_ends_the_largest_when_swap_is_full(void **state)
{
    (void)state;
    for (int small_swap = 0; small_swap < 2; small_swap++) {
        struct small_world w;
        one_host(&w, HR_POLICY_KVM, 12.0, 6, 4096.0);
        w.kvm.merging = w.kvm.ballooning = false;
        w.kvm.swap_space_mib = small_swap ? 1024.0 : 65536.0;
        w.guests.items[3].size_mib = 5120.0;
        w.guests.items[3].memory_limit_mib = 5120.0;
        w.scenario.start = HR_SCENARIO_BOOT;
        small_world_load(&w, 3000.0, 0.0, 200.0, 100.0);
        for (size_t i = 3; i < (size_t)w.load.n_steps * 6; i += 6) {
            w.load.commit_mib[i] = 4500.0F;
        }
        struct hr_run_result r = run(&w);
        uint32_t n_killed = 0;
        for (uint32_t g = 0; g < 6; g++) {
            n_killed += r.guests[g].killed;
        }
        if (small_swap) {
            assert_true(n_killed >= 1 && n_killed < 6);
            assert_true(r.guests[3].killed);
            assert_true(r.guests[3].phase[HR_PHASE_NORMAL].down_s > 3600.0);
            assert_true(end_sum(&r, HR_MEMORY_SWAPPED) <= 1024.0 + 1.0);
        } else {
            assert_int_equal(n_killed, 0);
            assert_true(end_sum(&r, HR_MEMORY_SWAPPED) > 4000.0);
        }
        clear(&w, &r);
    }
}

/* All ranges shrink by the same share, whatever the guests do. */
static void xen_shrinks_all_ranges_alike(void **state)
{
    (void)state;
    struct small_world w;
    one_host(&w, HR_POLICY_XEN, 16.0, 4, 8192.0);
    for (uint32_t g = 0; g < 4; g++) {
        w.guests.items[g].dynamic.minimum_mib = 1024.0 * (1 + g % 2);
        w.guests.items[g].dynamic.maximum_mib = 8192.0;
    }
    small_world_load(&w, 500.0, 0.0, 300.0, 100.0);
    struct hr_run_result r = run(&w);
    double first = 0.0;
    for (uint32_t g = 0; g < 4; g++) {
        double minimum = w.guests.items[g].dynamic.minimum_mib;
        double share = (r.memory[HR_PHASE_NORMAL][g].end_mib[HR_MEMORY_ASSIGNED] - minimum) /
                       (8192.0 - minimum);
        first = g == 0 ? share : first;
        assert_near(share, first, 1e-3);
    }
    assert_true(first > 0.2 && first < 0.9);
    assert_true(r.hosts[0].free_end_mib < 2.0);
    clear(&w, &r);
}

/* The rule of thumb that half of a one-to-one tiered memory may be active comes out: with
 * working sets that fill the first tier nobody notices, with more everybody does. */
static void tiering_is_cheap_until_working_sets_fill_the_first_tier(void **state)
{
    (void)state;
    double loss[3];
    static const double active_frac[] = {0.30, 0.45, 0.75};
    for (int i = 0; i < 3; i++) {
        struct small_world w;
        one_host(&w, HR_POLICY_OVERCOMMIT, 32.0, 12, 4096.0);
        w.overcommit.sharing = HR_SHARING_OFF;
        w.overcommit.tier_frac = 1.0;
        w.overcommit.tier_latency_us = 20.0;
        w.overcommit.tier_mibps = 1000.0;
        w.scenario.days = 1.0;
        small_world_load(&w, 4000.0, 0.0, active_frac[i] * 4096.0, 100.0);
        struct hr_run_result r = run(&w);
        loss[i] = 0.0;
        for (uint32_t g = 0; g < 12; g++) {
            loss[i] += r.guests[g].phase[HR_PHASE_NORMAL].slowdown_mean / 12.0;
        }
        assert_true(end_sum(&r, HR_MEMORY_TIERED) > 10000.0);
        assert_near(end_sum(&r, HR_MEMORY_SWAPPED), 0.0, 1.0);
        assert_near(end_sum(&r, HR_MEMORY_BALLOONED), 0.0, 1.0);
        clear(&w, &r);
    }
    printf("loss with working sets of 30, 45 and 75 %%: %.4f, %.4f, %.4f\n", loss[0], loss[1],
           loss[2]);
    assert_true(loss[0] < 0.005 && loss[1] < 0.01);
    assert_true(loss[2] > 3.0 * loss[1] && loss[2] > 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_boot_touches_by_the_system),
        cmocka_unit_test(stops_and_restarts_free_what_was_held),
        cmocka_unit_test(large_pages_share_when_memory_is_short),
        cmocka_unit_test(smart_paging_is_for_restarts_alone),
        cmocka_unit_test(kvm_merges_when_the_host_fills),
        cmocka_unit_test(kvm_settles_where_merging_stops),
        cmocka_unit_test(kvm_balloons_by_shares),
        cmocka_unit_test(kvm_ends_the_largest_when_swap_is_full),
        cmocka_unit_test(xen_shrinks_all_ranges_alike),
        cmocka_unit_test(tiering_is_cheap_until_working_sets_fill_the_first_tier),
    };
    return cmocka_run_group_tests_name("life of guests", tests, NULL, NULL);
}
