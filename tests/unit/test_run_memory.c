/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole runs of one host: what each policy is known for must come out. */
#include "check.h"
#include "model/pages.h"
#include "small_world.h"

static struct hr_run_result run(struct small_world *w)
{
    struct hr_run_options options = {0};
    struct hr_run_result result;
    hr_run(&w->scenario, &w->load, &options, &result);
    return result;
}

/* A day of one host without a failure. */
static void one_host(struct small_world *w, enum hr_policy_kind policy, double host_gib,
                     uint32_t n_guests, double size_mib)
{
    small_world_init(w, policy, host_gib * 1024.0, 1, n_guests, size_mib);
    w->scenario.failure_tail_h = 0.0;
}

/* A Linux guest's free pages are not zero, so nearly nothing is shared away. */
static void make_linux(struct small_world *w)
{
    w->os.family = HR_OS_LINUX;
    w->os.boot_zeroes_memory = false;
    w->os.zero_free_frac = 0.10;
    w->os.common_mib = 60.0;
    w->os.paging_cluster = 1.0;
}

static double sum_out_mib(const struct hr_run_result *r)
{
    double sum = 0.0;
    for (uint32_t g = 0; g < r->n_guests; g++) {
        const struct hr_guest_phase *phase = &r->guests[g].phase[HR_PHASE_NORMAL];
        sum += phase->swapped_mean_mib + phase->compressed_mean_mib;
    }
    return sum;
}

static bool has_event(const struct hr_run_result *r, enum hr_event_code code)
{
    for (uint32_t e = 0; e < r->n_events; e++) {
        if (r->events[e].code == code) {
            return true;
        }
    }
    return false;
}

static void fifteen_guests_run_under_overcommit(void **state)
{
    (void)state;
    for (int linux_guests = 0; linux_guests < 2; linux_guests++) {
        struct small_world w;
        one_host(&w, HR_POLICY_OVERCOMMIT, 24.0, 15, 2048.0);
        if (linux_guests) {
            make_linux(&w);
        }
        small_world_load(&w, 450.0, 164.0, 300.0, 100.0);
        struct hr_run_result r = run(&w);
        assert_int_equal(r.n_refused, 0);
        assert_near(sum_out_mib(&r), 0.0, 0.0);
        assert_near(r.swapped_min, 0.0, 0.0);
        assert_false(has_event(&r, HR_NOTED_FIRST_SWAP));
        assert_true(r.slowdown_p95_worst[HR_PHASE_NORMAL] <= 0.05);
        assert_true(r.hosts[0].free_min_mib >= 0.64 * hr_min_free_mib(24576.0));
        /* What is configured exceeds the host: somebody gave something up. */
        double ballooned = r.guests[0].phase[HR_PHASE_NORMAL].ballooned_mean_mib;
        assert_int_equal(ballooned > 100.0, linux_guests);
        hr_run_result_free(&r);
        small_world_clear(&w);
    }
}

static void static_starts_eleven_of_fifteen(void **state)
{
    (void)state;
    struct small_world w;
    one_host(&w, HR_POLICY_STATIC, 24.0, 15, 2048.0);
    small_world_load(&w, 450.0, 164.0, 300.0, 100.0);
    struct hr_run_result r = run(&w);
    assert_int_equal(r.n_refused, 4);
    uint32_t n_refused = 0;
    for (uint32_t g = 0; g < 15; g++) {
        const struct hr_guest_phase *phase = &r.guests[g].phase[HR_PHASE_NORMAL];
        n_refused += r.guests[g].refused;
        assert_near(phase->down_s, r.guests[g].refused ? 86400.0 : 0.0, 1.0);
        assert_near(phase->granted_mean_mib, r.guests[g].refused ? 0.0 : 2048.0, 1e-6);
    }
    assert_int_equal(n_refused, 4);
    assert_true(has_event(&r, HR_NOTED_REFUSED));
    assert_near(r.hosts[0].memory_used_mean_mib, 1104.0 + 11 * 2088.0, 1.0);
    double short_mib = 0.0;
    assert_int_equal(hr_run_first_refused(&w.scenario, &w.load, 1, 2, &short_mib), 11);
    assert_near(short_mib, 1104.0 + 12 * 2088.0 - 24576.0, 1e-6);
    hr_run_result_free(&r);
    small_world_clear(&w);
}

static void a_hundred_busy_guests_thrash(void **state)
{
    (void)state;
    struct small_world w;
    one_host(&w, HR_POLICY_OVERCOMMIT, 24.0, 100, 2048.0);
    w.scenario.days = 0.25;
    w.storage.iops_per_disk = 180.0;
    small_world_load(&w, 2048.0, 0.0, 2048.0, 100.0);
    struct hr_run_result r = run(&w);
    assert_int_equal(r.n_refused, 0); /* admission does not see it coming */
    assert_true(r.slowdown_mean[HR_PHASE_NORMAL] > 0.95);
    for (uint32_t g = 0; g < 100; g++) {
        assert_true(r.guests[g].phase[HR_PHASE_NORMAL].slowdown_mean > 0.95);
    }
    assert_true(sum_out_mib(&r) > 40.0 * 1024.0);
    assert_true(r.hosts[0].free_min_mib < 0.32 * hr_min_free_mib(24576.0)); /* hard or low */
    assert_true(has_event(&r, HR_NOTED_FIRST_SWAP));
    hr_run_result_free(&r);
    small_world_clear(&w);
}

/* Admission counts overheads alone: so many guests start that hardly any memory is left for
 * them. Nobody gets anywhere, and the books still balance. */
static void the_far_end_of_overcommit(void **state)
{
    (void)state;
    struct small_world w;
    one_host(&w, HR_POLICY_OVERCOMMIT, 24.0, 700, 2048.0);
    w.scenario.days = 0.02;
    w.storage.iops_per_disk = 180.0;
    small_world_load(&w, 2048.0, 0.0, 2048.0, 100.0);
    struct hr_run_result r = run(&w);
    double room = 24576.0 - 1536.0 - 24.0 * 10.24;
    assert_int_equal(700 - r.n_refused, (uint32_t)(room / (18.4 + 0.0074 * 2048.0)));
    assert_true(r.guests[0].phase[HR_PHASE_NORMAL].slowdown_mean > 0.95);
    assert_true(r.hosts[0].free_min_mib >= 0.0);
    hr_run_result_free(&r);
    small_world_clear(&w);
}

enum means { WITH_BALLOON, WITHOUT_BALLOON, WITHOUT_COMPRESSION };

/* Eight guests of 4 GiB on a host that can give each about half. */
static double loss_by(enum means means, double commit_mib, double active_mib)
{
    struct small_world w;
    one_host(&w, HR_POLICY_OVERCOMMIT, 20.0, 8, 4096.0);
    make_linux(&w);
    w.overcommit.sharing = HR_SHARING_OFF;
    if (means != WITH_BALLOON) {
        w.overcommit.balloon_max_frac = 0.0;
    }
    if (means == WITHOUT_COMPRESSION) {
        w.overcommit.compression = false;
    }
    small_world_load(&w, commit_mib, 200.0, active_mib, 100.0);
    struct hr_run_result r = run(&w);
    const struct hr_guest_phase *phase = &r.guests[0].phase[HR_PHASE_NORMAL];
    if (means == WITH_BALLOON) {
        assert_true(phase->ballooned_mean_mib > 1500.0);
        assert_near(phase->swapped_mean_mib, 0.0, 1.0);
    } else {
        assert_near(phase->ballooned_mean_mib, 0.0, 0.0);
        assert_true(phase->swapped_mean_mib + phase->compressed_mean_mib > 1500.0);
        assert_int_equal(phase->compressed_mean_mib > 1.0, means == WITHOUT_BALLOON);
    }
    double loss = r.slowdown_mean[HR_PHASE_NORMAL];
    hr_run_result_free(&r);
    small_world_clear(&w);
    return loss;
}

static void balloon_hurts_less_than_swap(void **state)
{
    (void)state;
    double balloon = loss_by(WITH_BALLOON, 1400.0, 1200.0);
    double no_balloon = loss_by(WITHOUT_BALLOON, 1400.0, 1200.0);
    double swap_only = loss_by(WITHOUT_COMPRESSION, 1400.0, 1200.0);
    print_message("loss: balloon %.4f, compression and swap %.4f, swap %.4f\n", balloon,
                  no_balloon, swap_only);
    assert_true(balloon > 0.0 && balloon <= 0.05);
    assert_true(balloon <= no_balloon);
    assert_true(no_balloon < swap_only);
    /* More needed than remains: the balloon makes the guest page, and that hurts too. */
    double heap = loss_by(WITH_BALLOON, 3500.0, 3000.0);
    print_message("loss: balloon with a large heap %.4f\n", heap);
    assert_true(heap > 0.05 && heap > 2.0 * balloon);
}

static void pressure_is_booked_by_its_cause(void **state)
{
    (void)state;
    struct small_world w;
    one_host(&w, HR_POLICY_STATIC, 24.0, 2, 2048.0);
    small_world_load(&w, 2500.0, 0.0, 2300.0, 100.0); /* more than each has */
    struct hr_run_result r = run(&w);
    const struct hr_guest_phase *phase = &r.guests[0].phase[HR_PHASE_NORMAL];
    /* over = 252 of 452 paged; 256·faults·L/(overlap·cluster), at a pool without load. */
    double faults = 252.0 / 60.0 + 200.0 * (2300.0 / 2500.0) / 3600.0;
    double wait = 256.0 * faults * 0.005 / (4.0 * 8.0);
    assert_near(phase->slowdown_mean, wait / (1.0 + wait), 0.01);
    assert_near(phase->cause_mean[HR_CAUSE_GUEST_PAGING], phase->slowdown_mean, 1e-3);
    assert_near(phase->paged_s, 86400.0, 1.0);
    hr_run_result_free(&r);
    small_world_clear(&w);
}

/* Demand plus buffer, and what a role loses that reads its memory size once. */
static void dynamic_gives_demand_and_buffer(void **state)
{
    (void)state;
    for (int notices = 0; notices < 2; notices++) {
        struct small_world w;
        one_host(&w, HR_POLICY_DYNAMIC, 32.0, 4, 8192.0);
        w.role.notices_added_memory = notices;
        w.role.cache_reads_iops = 100.0;
        small_world_load(&w, 1000.0, 100.0, 800.0, 100.0);
        /* The need grows after an hour. */
        for (size_t i = 12 * 4; i < (size_t)w.load.n_steps * 4; i++) {
            w.load.commit_mib[i] = 5000.0F;
            w.load.cache_mib[i] = 1000.0F;
        }
        w.guests.items[0].dynamic.startup_mib = 1200.0;
        w.guests.items[0].dynamic.minimum_mib = 512.0;
        struct hr_run_result r = run(&w);
        const struct hr_guest_phase *phase = &r.guests[0].phase[HR_PHASE_NORMAL];
        double hours_low = 1.0;
        double granted = (hours_low * 1200.0 + (24.0 - hours_low) * 6000.0) / 24.0;
        assert_near(phase->granted_mean_mib, granted, 20.0);
        assert_true(phase->paged_s < 60.0);
        if (notices) {
            assert_near(phase->cause_mean[HR_CAUSE_LOST_CACHE], 0.0, 1e-3);
        } else {
            assert_true(phase->cause_mean[HR_CAUSE_LOST_CACHE] > 0.05);
        }
        hr_run_result_free(&r);
        small_world_clear(&w);
    }
}

/* A limit below what a guest uses: its pages go out although the host is empty. */
static void a_limit_costs_swap(void **state)
{
    (void)state;
    struct small_world w;
    one_host(&w, HR_POLICY_OVERCOMMIT, 32.0, 2, 4096.0);
    make_linux(&w);
    w.overcommit.sharing = HR_SHARING_OFF;
    w.guests.items[0].memory_limit_mib = 2048.0;
    small_world_load(&w, 1000.0, 500.0, 800.0, 100.0);
    struct hr_run_result r = run(&w);
    const struct hr_guest_phase *limited = &r.guests[0].phase[HR_PHASE_NORMAL];
    const struct hr_guest_phase *free_one = &r.guests[1].phase[HR_PHASE_NORMAL];
    assert_near(limited->granted_mean_mib, 2048.0, 60.0);
    assert_true(limited->swapped_mean_mib + limited->compressed_mean_mib / 2.0 > 1900.0);
    assert_near(limited->ballooned_mean_mib, 0.0, 0.0);
    assert_near(free_one->granted_mean_mib, 4096.0, 1e-6);
    assert_near(free_one->swapped_mean_mib, 0.0, 0.0);
    hr_run_result_free(&r);
    small_world_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifteen_guests_run_under_overcommit),
        cmocka_unit_test(static_starts_eleven_of_fifteen),
        cmocka_unit_test(a_hundred_busy_guests_thrash),
        cmocka_unit_test(the_far_end_of_overcommit),
        cmocka_unit_test(balloon_hurts_less_than_swap),
        cmocka_unit_test(pressure_is_booked_by_its_cause),
        cmocka_unit_test(dynamic_gives_demand_and_buffer),
        cmocka_unit_test(a_limit_costs_swap),
    };
    return cmocka_run_group_tests_name("memory of a run", tests, NULL, NULL);
}
