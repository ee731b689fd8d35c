/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host fails: who restarts where and when, and what the branch leaves untouched. */
#include "check.h"
#include "small_world.h"

static struct hr_run_result run(struct small_world *w)
{
    struct hr_run_options options = {0};
    struct hr_run_result result;
    hr_run(&w->scenario, &w->load, &options, &result);
    return result;
}

/* Two hosts, one of which fails; four hours after it. */
static void two_hosts(struct small_world *w, enum hr_policy_kind policy, double host_gib,
                      uint32_t n_guests, double size_mib)
{
    small_world_init(w, policy, host_gib * 1024.0, 2, n_guests, size_mib);
    w->scenario.spare_hosts = 1;
    w->scenario.days = 0.25;
    w->scenario.failure_tail_h = 4.0;
}

static void restart_takes_detection_and_boot(void **state)
{
    (void)state;
    static const enum hr_policy_kind policies[] = {HR_POLICY_STATIC, HR_POLICY_OVERCOMMIT,
                                                   HR_POLICY_DYNAMIC};
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        struct small_world w;
        two_hosts(&w, policies[i], 64.0, 8, 2048.0);
        small_world_load(&w, 800.0, 200.0, 300.0, 100.0);
        struct hr_run_result r = run(&w);
        assert_int_equal(r.n_lost_host, 4);
        assert_int_equal(r.n_not_restarted, 0);
        assert_near(r.restart_max_s, 15.0 + 180.0, 1e-6);
        uint32_t n_failed = (uint32_t)r.hosts[0].failed + (uint32_t)r.hosts[1].failed;
        assert_int_equal(n_failed, 1);
        for (uint32_t g = 0; g < r.n_guests; g++) {
            const struct hr_guest_result *guest = &r.guests[g];
            assert_int_equal(guest->lost_host, r.hosts[guest->host].failed);
            assert_int_equal(guest->restarted, guest->lost_host);
            /* Counted by demand steps: at least its restart, at most a step more. */
            double down_s = guest->phase[HR_PHASE_FAILURE].down_s;
            assert_true(down_s >= (guest->lost_host ? 195.0 : 0.0) - 1e-6);
            assert_true(down_s <= (guest->lost_host ? 195.0 + 300.0 : 0.0) + 1e-6);
            assert_near(guest->phase[HR_PHASE_NORMAL].down_s, 0.0, 0.0);
        }
        hr_run_result_free(&r);
        small_world_clear(&w);
    }
}

static void without_ha_somebody_starts_them_by_hand(void **state)
{
    (void)state;
    struct small_world w;
    two_hosts(&w, HR_POLICY_STATIC, 64.0, 8, 2048.0);
    w.platform.has_ha = false;
    w.platform.manual_restart_s = 1800.0;
    small_world_load(&w, 800.0, 200.0, 300.0, 100.0);
    struct hr_run_result r = run(&w);
    assert_near(r.restart_max_s, 1800.0 + 180.0, 1e-6);
    hr_run_result_free(&r);
    small_world_clear(&w);
}

/* Sixteen lost, four start at a time, those of high priority first. */
static void starts_go_by_priority_few_at_a_time(void **state)
{
    (void)state;
    struct small_world w;
    two_hosts(&w, HR_POLICY_STATIC, 96.0, 32, 2048.0);
    for (uint32_t g = 0; g < 32; g++) {
        /* Half of each priority on each host: placement takes them in turn. */
        w.guests.items[g].priority = g < 8    ? HR_PRIORITY_HIGH
                                     : g < 16 ? HR_PRIORITY_MEDIUM
                                              : HR_PRIORITY_LOW;
    }
    small_world_load(&w, 800.0, 200.0, 300.0, 100.0);
    struct hr_run_result r = run(&w);
    assert_int_equal(r.n_lost_host, 16);
    assert_int_equal(r.n_not_restarted, 0);
    uint32_t n_by[HR_PRIORITY__COUNT] = {0};
    uint32_t n_wave[8] = {0};
    for (uint32_t g = 0; g < 32; g++) {
        if (!r.guests[g].lost_host) {
            continue;
        }
        enum hr_priority priority = w.guests.items[g].priority;
        n_by[priority]++;
        double restart_s = r.guests[g].restart_s;
        /* A wave follows the boot before it within one retry of 30 s. */
        int wave = (int)((restart_s - 195.0) / 180.0);
        assert_true(wave >= 0 && wave < 4);
        n_wave[wave]++;
        assert_true(restart_s <= 195.0 + wave * 210.0 + 1e-6);
        int first_wave = priority == HR_PRIORITY_HIGH     ? 0
                         : priority == HR_PRIORITY_MEDIUM ? 1
                                                          : 2;
        assert_true(wave == first_wave || (priority == HR_PRIORITY_LOW && wave == 3));
    }
    assert_int_equal(n_by[HR_PRIORITY_HIGH], 4);
    assert_int_equal(n_by[HR_PRIORITY_MEDIUM], 4);
    for (int wave = 0; wave < 4; wave++) {
        assert_int_equal(n_wave[wave], 4);
    }
    hr_run_result_free(&r);
    small_world_clear(&w);
}

static void who_fits_nowhere_stays_down(void **state)
{
    (void)state;
    struct small_world w;
    two_hosts(&w, HR_POLICY_STATIC, 24.0, 20, 2048.0);
    small_world_load(&w, 800.0, 200.0, 300.0, 100.0);
    struct hr_run_result r = run(&w);
    assert_int_equal(r.n_refused, 0);
    assert_int_equal(r.n_lost_host, 10);
    assert_int_equal(r.n_not_restarted, 9); /* the survivor runs ten and takes eleven */
    uint32_t n_down = 0;
    for (uint32_t g = 0; g < 20; g++) {
        if (r.guests[g].lost_host && !r.guests[g].restarted) {
            n_down++;
            assert_near(r.guests[g].restart_s, 4.0 * 3600.0, 1e-6);
            assert_near(r.guests[g].phase[HR_PHASE_FAILURE].down_s, 4.0 * 3600.0, 300.0);
        }
    }
    assert_int_equal(n_down, 9);
    assert_near(r.restart_max_s, 4.0 * 3600.0, 1e-6);
    hr_run_result_free(&r);
    small_world_clear(&w);
}

/* Twelve dynamic guests, six on each host of 16 GiB; the survivor must take all. */
static struct hr_run_result dynamic_failover(double commit_mib, double startup_mib,
                                             double minimum_mib)
{
    struct small_world w;
    two_hosts(&w, HR_POLICY_DYNAMIC, 16.0, 12, 8192.0);
    for (uint32_t g = 0; g < 12; g++) {
        w.guests.items[g].dynamic.startup_mib = startup_mib;
        w.guests.items[g].dynamic.minimum_mib = minimum_mib;
    }
    small_world_load(&w, commit_mib, 0.0, commit_mib, 100.0);
    struct hr_run_result r = run(&w);
    assert_int_equal(r.n_refused, 0);
    assert_int_equal(r.n_lost_host, 6);
    small_world_clear(&w);
    return r;
}

static void a_restart_needs_startup_memory_again(void **state)
{
    (void)state;
    /* All twelve run in 12·(1080 + 32.4) = 13 350 of the 15 520 MiB. But a start of 8000 + 86.5
     * beside k guests at their minimum of 1024 + 32 needs k <= 7. */
    struct hr_run_result r = dynamic_failover(900.0, 8000.0, 1024.0);
    assert_int_equal(r.n_not_restarted, 4);
    hr_run_result_free(&r);
    /* With a small startup all of them fit. */
    r = dynamic_failover(900.0, 1100.0, 1024.0);
    assert_int_equal(r.n_not_restarted, 0);
    assert_near(r.restart_max_s, 195.0 + 180.0, 31.0); /* six, four at a time */
    hr_run_result_free(&r);
}

/* The survivor's guests hold 6·2400 of 15 520 MiB: a start of 2048 must come out of them. */
static void survivors_make_room_down_to_their_minimum(void **state)
{
    (void)state;
    struct hr_run_result r = dynamic_failover(2000.0, 2048.0, 1024.0);
    assert_int_equal(r.n_not_restarted, 0);
    uint32_t n_gave = 0;
    for (uint32_t g = 0; g < 12; g++) {
        const struct hr_guest_phase *normal = &r.guests[g].phase[HR_PHASE_NORMAL];
        const struct hr_guest_phase *after = &r.guests[g].phase[HR_PHASE_FAILURE];
        assert_near(normal->granted_mean_mib, 2400.0, 1.0);
        if (!r.guests[g].lost_host) {
            n_gave++;
            assert_true(after->granted_mean_mib < 1500.0);
            assert_true(after->granted_mean_mib >= 1024.0);
            assert_true(after->paged_s > 3600.0); /* and pays for it */
        } else {
            /* It waited for the room: the balloons take 64 MiB/s from each. */
            assert_true(r.guests[g].restart_s > 195.0 + 1.0);
        }
    }
    assert_int_equal(n_gave, 6);
    hr_run_result_free(&r);
    /* Minimums that leave no room: one more start fits, the others are refused. */
    r = dynamic_failover(2000.0, 2048.0, 2000.0);
    assert_int_equal(r.n_not_restarted, 5);
    hr_run_result_free(&r);
}

/* Demand that rises and falls, another curve for each guest. */
static void wavy_load(struct small_world *w, double least_mib, double most_mib)
{
    small_world_load(w, least_mib, 0.1 * least_mib, 0.5 * least_mib, 100.0);
    uint32_t n = w->load.n_guests;
    for (size_t i = 0; i < (size_t)w->load.n_steps * n; i++) {
        double phase = (double)(i / n) / 20.0 + (double)(i % n);
        double commit = least_mib + (most_mib - least_mib) * (0.5 + 0.5 * sin(phase));
        w->load.commit_mib[i] = (float)commit;
        w->load.active_mib[i] = (float)(0.6 * commit);
        w->load.cpu_mhz[i] = (float)(200.0 + 0.2 * commit);
    }
}

static const enum hr_policy_kind all_policies[] = {HR_POLICY_STATIC, HR_POLICY_OVERCOMMIT,
                                                   HR_POLICY_DYNAMIC};

static struct hr_run_result wavy_run(enum hr_policy_kind policy, int spare_hosts)
{
    struct small_world w;
    small_world_init(&w, policy, 20.0 * 1024.0, 3, 21, 2560.0);
    w.scenario.days = 1.0;
    w.scenario.failure_tail_h = 6.0;
    w.scenario.spare_hosts = spare_hosts;
    w.os.zero_free_frac = 0.3; /* so that the overcommit hosts are under pressure */
    wavy_load(&w, 600.0, 2500.0);
    struct hr_run_result r = run(&w);
    small_world_clear(&w);
    return r;
}

static void the_branch_leaves_the_normal_phase_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all_policies / sizeof all_policies[0]; i++) {
        struct hr_run_result without = wavy_run(all_policies[i], 0);
        struct hr_run_result with = wavy_run(all_policies[i], 1);
        assert_true(with.failure_t_us >= 0);
        assert_int_equal(without.failure_t_us, -1);
        for (uint32_t g = 0; g < with.n_guests; g++) {
            assert_memory_equal(&with.guests[g].phase[HR_PHASE_NORMAL],
                                &without.guests[g].phase[HR_PHASE_NORMAL],
                                sizeof(struct hr_guest_phase));
            assert_int_equal(with.guests[g].host, without.guests[g].host);
        }
        for (uint32_t h = 0; h < with.n_hosts; h++) {
            assert_near(with.hosts[h].cpu_util_mean, without.hosts[h].cpu_util_mean, 0.0);
            assert_near(with.hosts[h].cpu_util_max, without.hosts[h].cpu_util_max, 0.0);
            assert_near(with.hosts[h].free_min_mib, without.hosts[h].free_min_mib, 0.0);
            assert_near(with.hosts[h].memory_used_mean_mib,
                        without.hosts[h].memory_used_mean_mib, 0.0);
        }
        assert_near(with.slowdown_p95_worst[HR_PHASE_NORMAL],
                    without.slowdown_p95_worst[HR_PHASE_NORMAL], 0.0);
        assert_near(with.storage_util_mean, without.storage_util_mean, 0.0);
        assert_near(with.swapped_min, without.swapped_min, 0.0);
        hr_run_result_free(&without);
        hr_run_result_free(&with);
    }
}

static void the_same_inputs_give_the_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all_policies / sizeof all_policies[0]; i++) {
        struct hr_run_result a = wavy_run(all_policies[i], 1);
        struct hr_run_result b = wavy_run(all_policies[i], 1);
        for (uint32_t g = 0; g < a.n_guests; g++) {
            assert_memory_equal(a.guests[g].phase, b.guests[g].phase, sizeof a.guests[g].phase);
            assert_near(a.guests[g].restart_s, b.guests[g].restart_s, 0.0);
        }
        assert_int_equal(a.n_events, b.n_events);
        for (uint32_t e = 0; e < a.n_events; e++) {
            assert_int_equal(a.events[e].t_us, b.events[e].t_us);
            assert_int_equal(a.events[e].code, b.events[e].code);
            assert_int_equal(a.events[e].guest, b.events[e].guest);
        }
        assert_int_equal(a.n_solves, b.n_solves);
        assert_true(a.n_solves > 0);
        hr_run_result_free(&a);
        hr_run_result_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restart_takes_detection_and_boot),
        cmocka_unit_test(without_ha_somebody_starts_them_by_hand),
        cmocka_unit_test(starts_go_by_priority_few_at_a_time),
        cmocka_unit_test(who_fits_nowhere_stays_down),
        cmocka_unit_test(a_restart_needs_startup_memory_again),
        cmocka_unit_test(survivors_make_room_down_to_their_minimum),
        cmocka_unit_test(the_branch_leaves_the_normal_phase_alone),
        cmocka_unit_test(the_same_inputs_give_the_same_bytes),
    };
    return cmocka_run_group_tests_name("failure of a host", tests, NULL, NULL);
}
