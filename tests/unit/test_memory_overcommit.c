/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The overcommit policy alone: admission, states, targets, and who gives up what (model.md §4).
 */
#include <stdlib.h>

#include "check.h"
#include "engine/rng.h"
#include "memory_bench.h"

/* A guest that has touched all of its size and uses this much of it. */
static void use(struct bench *b, uint32_t g, double touched_mib, double used_mib,
                double active_mib)
{
    b->t->touched_mib[g] = touched_mib;
    b->t->used_commit_mib[g] = b->t->commit_mib[g] = used_mib;
    b->t->active_mib[g] = b->t->active_seen_mib[g] = active_mib;
}

/* Sets the hypervisor so that this much is free. */
static void leave_free(struct bench *b, double free_mib)
{
    b->view.hypervisor_mib = 0.0;
    bench_refresh(b);
    b->view.hypervisor_mib = hr_host_free_mib(&b->view) - free_mib;
}

static double min_free(const struct bench *b)
{
    return hr_min_free_mib(b->view.physical_mib);
}

static void admission_needs_reservation_and_overhead(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 10000.0, 3, 4096.0);
    b.view.hypervisor_mib = 1000.0;
    for (uint32_t g = 0; g < 3; g++) {
        use(&b, g, 4096.0, 4096.0, 4096.0);
        b.t->reservation_mib[g] = 1000.0;
        b.t->overhead_base_mib[g] = 100.0;
    }
    bench_refresh(&b);
    struct hr_start_spec spec = bench_start(65536.0); /* the size does not matter */
    spec.overhead_mib = 700.0;
    double short_mib = -1.0;
    assert_int_equal(hr_memory_overcommit.admit(&b.view, &spec, &short_mib), HR_ADMIT_OK);
    assert_near(short_mib, 0.0, 0.0);
    spec.reservation_mib = 5000.0;
    assert_int_equal(hr_memory_overcommit.admit(&b.view, &spec, &short_mib), HR_ADMIT_OK);
    spec.reservation_mib = 5001.0;
    assert_int_equal(hr_memory_overcommit.admit(&b.view, &spec, &short_mib),
                     HR_ADMIT_NO_MEMORY);
    assert_near(short_mib, 1.0, 1e-9);
    bench_clear(&b);
}

static enum hr_memory_state state_at(bool clear, enum hr_memory_state before, double frac)
{
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 98304.0, 1, 98304.0);
    b.overcommit.has_clear_state = clear;
    b.overcommit.high_frac = clear ? 4.0 : 0.64;
    b.view.state = before;
    use(&b, 0, 98304.0 - frac * min_free(&b), 1000.0, 1000.0);
    bench_solve(&b, &hr_memory_overcommit);
    enum hr_memory_state after = b.out.state;
    bench_clear(&b);
    return after;
}

static void states_change_at_their_bounds(void **state)
{
    (void)state;
    enum { H = HR_STATE_HIGH, C = HR_STATE_CLEAR, S = HR_STATE_SOFT };
    enum { D = HR_STATE_HARD, L = HR_STATE_LOW };
    static const struct {
        bool clear;
        int before;
        double frac;
        int after;
    } table[] = {
        {true, H, 4.01, H},
        {true, H, 3.99, C},
        {true, H, 0.641, C},
        {true, H, 0.639, S},
        {true, H, 0.321, S},
        {true, H, 0.319, D},
        {true, H, 0.161, D},
        {true, H, 0.159, L},
        {true, H, 0.0, L},
        /* upward only at 1.1 times the upper bound */
        {true, L, 0.170, L},
        {true, L, 0.177, D},
        {true, D, 0.350, D},
        {true, D, 0.353, S},
        {true, S, 0.700, S},
        {true, S, 0.705, C},
        {true, C, 4.30, C},
        {true, C, 4.41, H},
        {true, L, 0.340, D},
        {true, L, 5.0, H},
        {true, D, 0.66, S},
        /* downward without delay */
        {true, C, 0.63, S},
        {true, S, 0.31, D},
        {true, D, 0.15, L},
        {true, C, 0.1, L},
        /* before ESXi 6 there is no clear */
        {false, H, 0.65, H},
        {false, H, 0.63, S},
        {false, S, 0.70, S},
        {false, S, 0.71, H},
        {false, L, 0.65, S},
        {false, H, 0.1, L},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        enum hr_memory_state after =
            state_at(table[i].clear, (enum hr_memory_state)table[i].before, table[i].frac);
        if ((int)after != table[i].after) {
            fail_msg("from %s at %g of minFree: %s, expected %s",
                     hr_memory_state_name((enum hr_memory_state)table[i].before), table[i].frac,
                     hr_memory_state_name(after),
                     hr_memory_state_name((enum hr_memory_state)table[i].after));
        }
    }
}

/* Waldspurger 2002, Fig. 7: two guests of 256 MB, one idle, 345 MB to give. */
static void idle_memory_is_taxed(void **state)
{
    (void)state;
    static const struct {
        double tau, shares[2], first, second;
    } table[] = {
        {0.0, {1000, 1000}, 172.5, 172.5}, {0.75, {1000, 1000}, 101.25, 243.75},
        {0.5, {1000, 1000}, 125.0, 220.0}, /* P2 - P1 = tau·(A2 - A1) */
        {0.0, {1000, 2000}, 115.0, 230.0}, /* pure shares */
        {0.75, {1000, 4000}, 89.0, 256.0}, /* nobody gets more than its size */
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bench b;
        bench_init(&b, &hr_memory_overcommit, 512.0, 2, 256.0);
        b.overcommit.idle_tax = table[i].tau;
        use(&b, 0, 256.0, 256.0, 10.0);
        use(&b, 1, 256.0, 256.0, 200.0);
        for (uint32_t g = 0; g < 2; g++) {
            b.t->shares[g] = table[i].shares[g];
        }
        b.view.hypervisor_mib = 512.0 - 345.0 - 1.1 * min_free(&b);
        bench_solve(&b, &hr_memory_overcommit);
        assert_near(b.decisions[0].target_mib, table[i].first, 0.01);
        assert_near(b.decisions[1].target_mib, table[i].second, 0.01);
        bench_clear(&b);
    }
}

static void targets_without_pressure_are_all_of_it(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 32768.0, 3, 8192.0);
    use(&b, 0, 8192.0, 1000.0, 100.0);
    use(&b, 1, 3000.0, 1000.0, 100.0);
    use(&b, 2, 3000.0, 1000.0, 100.0);
    b.t->commit_mib[2] = 5000.0; /* will touch more */
    bench_solve(&b, &hr_memory_overcommit);
    assert_near(b.decisions[0].target_mib, 8192.0, 1e-9);
    assert_near(b.decisions[1].target_mib, 3000.0, 1e-9);
    assert_near(b.decisions[2].target_mib, 5000.0, 1e-9);
    assert_false(b.out.pressed);
    assert_int_equal(b.out.state, HR_STATE_HIGH);
    bench_clear(&b);
}

static void reservations_are_never_broken(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 16384.0, 4, 4096.0);
    for (uint32_t g = 0; g < 4; g++) {
        use(&b, g, 4096.0, 4096.0, g == 0 ? 0.0 : 4096.0);
        b.t->swap_cold_mib[g] = 1000.0;
    }
    b.t->reservation_mib[0] = 3000.0; /* idle, and would be taxed to nearly nothing */
    leave_free(&b, 100.0);
    bench_solve(&b, &hr_memory_overcommit);
    double room = b.view.physical_mib - b.view.hypervisor_mib - 1.1 * min_free(&b);
    double sum = 0.0;
    for (uint32_t g = 0; g < 4; g++) {
        sum += b.decisions[g].target_mib;
    }
    assert_near(b.decisions[0].target_mib, 3000.0, 0.01);
    assert_near(sum, room, 0.01);
    /* More reserved than there is: nobody's reservation is scaled, all stay at it. */
    for (uint32_t g = 0; g < 4; g++) {
        b.t->reservation_mib[g] = 4000.0;
    }
    bench_solve(&b, &hr_memory_overcommit);
    for (uint32_t g = 0; g < 4; g++) {
        assert_near(b.decisions[g].target_mib, 4000.0, 0.01);
    }
    /* A reservation of more than a guest could use binds nothing. */
    use(&b, 0, 500.0, 500.0, 0.0);
    b.t->swap_cold_mib[0] = 0.0;
    bench_solve(&b, &hr_memory_overcommit);
    assert_near(b.decisions[0].target_mib, 500.0, 0.01);
    bench_clear(&b);
}

/* Guests of 4 GiB that use all they have, on a host with this share of minFree left. */
static void pressed_host(struct bench *b, uint32_t n, double free_frac)
{
    bench_init(b, &hr_memory_overcommit, 65536.0, n, 4096.0);
    for (uint32_t g = 0; g < n; g++) {
        use(b, g, 4096.0, 4096.0, 1024.0);
    }
    leave_free(b, free_frac * min_free(b));
}

static void means_follow_the_state(void **state)
{
    (void)state;
    static const struct {
        double free_frac;
        bool balloon, swap_without_tools, swap_with_tools;
    } table[] = {
        {0.80, true, false, false}, /* clear: the balloon acts wherever targets bind */
        {0.45, true, true, false},  /* soft: swap only where no balloon runs */
        {0.20, true, true, true},   /* hard */
        {0.05, true, true, true},   /* low */
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bench b;
        pressed_host(&b, 4, table[i].free_frac);
        b.flow[3].balloon_runs = false;
        for (uint32_t g = 0; g < 4; g++) {
            b.flow[g].rise_mibps = 100.0;
        }
        bench_solve(&b, &hr_memory_overcommit);
        assert_true(b.out.pressed);
        assert_int_equal(b.decisions[0].balloon_mibps > 0.0, table[i].balloon);
        assert_near(b.decisions[3].balloon_mibps, 0.0, 0.0);
        assert_int_equal(b.decisions[3].swap_mibps > 0.0, table[i].swap_without_tools);
        assert_int_equal(b.decisions[0].swap_mibps > 0.0, table[i].swap_with_tools);
        bench_clear(&b);
    }
}

static void reclaim_is_proportional(void **state)
{
    (void)state;
    /* Nothing comes in: the balloon closes the gap to 1.1 minFree with 15 s. */
    struct bench b;
    pressed_host(&b, 4, 1.0);
    bench_solve(&b, &hr_memory_overcommit);
    double rate = 0.0;
    for (uint32_t g = 0; g < 4; g++) {
        rate += b.decisions[g].balloon_mibps;
    }
    assert_near(rate, 0.1 * min_free(&b) / 15.0, 0.01);
    bench_clear(&b);
    /* Above the goal nothing is taken although targets bind. */
    pressed_host(&b, 4, 0.9);
    use(&b, 0, 3000.0, 3000.0, 1024.0);
    b.t->commit_mib[0] = 4096.0; /* will want it */
    leave_free(&b, 1.2 * min_free(&b));
    bench_solve(&b, &hr_memory_overcommit);
    assert_true(b.out.pressed);
    for (uint32_t g = 0; g < 4; g++) {
        assert_near(b.decisions[g].balloon_mibps, 0.0, 0.0);
    }
    bench_clear(&b);
    /* In proportion to what each holds above its target, each up to its own rate. */
    pressed_host(&b, 4, 0.5);
    for (uint32_t g = 0; g < 4; g++) {
        b.t->active_mib[g] = b.t->active_seen_mib[g] = 1000.0 * g;
        b.flow[g].rise_mibps = 10.0;
    }
    bench_solve(&b, &hr_memory_overcommit);
    double level = -1.0;
    double balloons = 0.0;
    double capacity = 0.0;
    for (uint32_t g = 0; g < 4; g++) {
        double excess = b.pages[g].consumed - b.decisions[g].target_mib;
        balloons += b.decisions[g].balloon_mibps;
        capacity += excess > 1.0 ? 32.0 : 0.0;
        assert_true(b.decisions[g].balloon_mibps <=
                    32.0 + 1e-9); /* it must page: no free pages */
        if (excess > 1.0 && b.decisions[g].balloon_mibps < 32.0 - 1e-9) {
            double its = b.decisions[g].balloon_mibps / excess;
            assert_true(level < 0.0 || fabs(its - level) < 1e-6);
            level = its;
        }
    }
    assert_near(balloons, fmin(capacity, 40.0 + 0.6 * min_free(&b) / 15.0), 0.01);
    bench_clear(&b);
}

static void balloon_stops_at_its_cap(void **state)
{
    (void)state;
    struct bench b;
    pressed_host(&b, 16, 0.2);
    double cap = 0.65 * 4096.0;
    for (uint32_t g = 0; g < 16; g++) {
        use(&b, g, 4096.0, 4096.0 - cap, 0.0);
        b.t->ballooned_mib[g] = g < 8 ? cap : cap - 10.0;
        b.flow[g].rise_mibps = 50.0;
    }
    b.view.physical_mib = 24576.0;
    leave_free(&b, 0.2 * min_free(&b));
    bench_solve(&b, &hr_memory_overcommit);
    for (uint32_t g = 0; g < 16; g++) {
        const struct hr_guest_decision *d = &b.decisions[g];
        assert_true(d->balloon_stop_mib <= cap + 1e-9);
        assert_int_equal(d->balloon_mibps > 0.0, g >= 8);
        assert_true(d->swap_mibps > 0.0); /* what a balloon cannot give, swap must */
    }
    bench_clear(&b);
}

/* Zero pages that are already shared free nothing: the balloon takes more of them, and stops
 * where the guest's free pages end. */
static void balloon_takes_free_pages_first(void **state)
{
    (void)state;
    struct bench b;
    pressed_host(&b, 2, 0.9);
    b.overcommit.sharing = HR_SHARING_INTRA_GUEST;
    for (uint32_t g = 0; g < 2; g++) {
        b.traits[g].zero_free_frac = 0.9;
        use(&b, g, 4096.0, g == 0 ? 4000.0 : 1000.0, 500.0);
        b.t->shares[g] = 1000.0;
        b.flow[g].rise_mibps = 100.0;
    }
    leave_free(&b, 0.9 * min_free(&b));
    bench_solve(&b, &hr_memory_overcommit);
    assert_near(b.pages[0].freed_per_ballooned, 0.1, 1e-9);
    const struct hr_guest_decision *d = &b.decisions[0];
    assert_true(d->balloon_mibps > 0.0 && d->balloon_mibps <= 64.0 + 1e-9);
    /* 96 MiB are free in it; beyond them the balloon frees ten times as much per page. */
    assert_true(d->balloon_stop_mib <= 96.0 + 1e-9);
    assert_true(b.out.next_s <= fmax(1.0, 96.0 / d->balloon_mibps) + 1e-9);
    bench_clear(&b);
}

static void balloons_deflate(void **state)
{
    (void)state;
    static const struct {
        double free_frac;
        bool deflates;
    } table[] = {{0.60, false}, {0.66, true}, {3.0, true}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct bench b;
        pressed_host(&b, 4, 1.0);
        /* Number 0 works and was ballooned; the others idle and hold more than they deserve. */
        use(&b, 0, 4096.0, 1096.0, 4096.0);
        b.t->commit_mib[0] = 4096.0;
        b.t->ballooned_mib[0] = 2000.0;
        leave_free(&b, table[i].free_frac * min_free(&b));
        bench_solve(&b, &hr_memory_overcommit);
        const struct hr_guest_decision *d = &b.decisions[0];
        assert_true(d->target_mib > b.pages[0].consumed + 100.0);
        if (table[i].deflates) {
            /* No more within the second until the next look than lies above 64 % of minFree. */
            double spare = (table[i].free_frac - 0.64) * min_free(&b);
            assert_near(d->balloon_mibps, -fmin(64.0, spare), 1e-6);
            double lacking = d->target_mib - b.pages[0].consumed;
            assert_near(d->balloon_stop_mib, fmax(0.0, 2000.0 - lacking), 1e-6);
        } else {
            assert_near(d->balloon_mibps, 0.0, 0.0);
        }
        bench_clear(&b);
    }
    /* Without pressure all of it comes back. */
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 65536.0, 1, 4096.0);
    use(&b, 0, 4096.0, 1000.0, 500.0);
    b.t->ballooned_mib[0] = 2000.0;
    bench_solve(&b, &hr_memory_overcommit);
    assert_near(b.decisions[0].balloon_stop_mib, 0.0, 0.0);
    assert_near(b.decisions[0].balloon_mibps, -64.0, 1e-9);
    assert_true(b.out.pressed && b.out.next_s <= 15.0);
    bench_clear(&b);
}

/* Many balloons that deflate at once must not eat more than what lies above 64 % of minFree
 * before the host looks again. */
static void deflation_does_not_run_the_host_dry(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 65536.0, 40, 4096.0);
    for (uint32_t g = 0; g < 40; g++) {
        bool works = g < 20;
        use(&b, g, 4096.0, works ? 1500.0 : 1600.0, works ? 4000.0 : 0.0);
        b.t->commit_mib[g] = works ? 4096.0 : 1600.0;
        b.t->ballooned_mib[g] = works ? 2500.0 : 0.0;
    }
    leave_free(&b, 1.0 * min_free(&b));
    bench_solve(&b, &hr_memory_overcommit);
    double down = 0.0;
    for (uint32_t g = 0; g < 20; g++) {
        const struct hr_guest_decision *d = &b.decisions[g];
        assert_true(d->balloon_mibps < 0.0);
        down +=
            fmin(-d->balloon_mibps * b.out.next_s, b.t->ballooned_mib[g] - d->balloon_stop_mib);
    }
    double up = 0.0;
    for (uint32_t g = 20; g < 40; g++) {
        up += b.decisions[g].balloon_mibps * b.out.next_s;
    }
    assert_true(down - up <= 0.36 * min_free(&b) + 1.0);
    bench_clear(&b);
}

static void swap_is_limited_by_the_device(void **state)
{
    (void)state;
    struct bench b;
    pressed_host(&b, 20, 0.05);
    for (uint32_t g = 0; g < 20; g++) {
        b.flow[g].balloon_runs = false;
        b.flow[g].rise_mibps = 35.0;
    }
    b.overcommit.compression = false;
    bench_solve(&b, &hr_memory_overcommit);
    double swap = 0.0;
    for (uint32_t g = 0; g < 20; g++) {
        assert_near(b.decisions[g].zip_mibps, 0.0, 0.0);
        swap += b.decisions[g].swap_mibps;
    }
    assert_near(swap, 200.0, 1e-6);
    bench_clear(&b);
}

/* To free x, 2x of compressible pages go into the cache while it has room. */
static void compression_comes_before_swap(void **state)
{
    (void)state;
    struct bench b;
    pressed_host(&b, 4, 0.20);
    b.view.reclaim_mibps = 1e6;
    for (uint32_t g = 0; g < 4; g++) {
        b.flow[g].balloon_runs = false;
        b.flow[g].rise_mibps = 10.0;
    }
    bench_solve(&b, &hr_memory_overcommit);
    double freed = 0.0;
    for (uint32_t g = 0; g < 4; g++) {
        const struct hr_guest_decision *d = &b.decisions[g];
        assert_near(d->zip_mibps, d->swap_mibps, 1e-9); /* half of the pages compress */
        freed += d->zip_mibps / 2.0 + d->swap_mibps;
    }
    assert_near(freed, 40.0 + 0.04 * min_free(&b) / 15.0, 1e-6);
    /* Full: all of it is swapped. */
    for (uint32_t g = 0; g < 4; g++) {
        b.t->zip_cold_mib[g] = 2.0 * 0.10 * 4096.0;
    }
    leave_free(&b, 0.20 * min_free(&b));
    bench_solve(&b, &hr_memory_overcommit);
    for (uint32_t g = 0; g < 4; g++) {
        assert_near(b.decisions[g].zip_mibps, 0.0, 0.0);
        assert_true(b.decisions[g].swap_mibps > 0.0);
    }
    bench_clear(&b);
}

/* Of the pages picked, what could be shared and is not yet is shared instead. */
static void a_share_attempt_comes_first(void **state)
{
    (void)state;
    struct bench b;
    pressed_host(&b, 2, 0.20);
    b.overcommit.sharing = HR_SHARING_INTRA_GUEST;
    b.overcommit.zero_at_once = false;
    for (uint32_t g = 0; g < 2; g++) {
        b.traits[g].zero_used_frac = 0.25;
        b.flow[g].rise_mibps = 50.0;
        b.flow[g].balloon_runs = false;
    }
    leave_free(&b, 0.20 * min_free(&b));
    bench_solve(&b, &hr_memory_overcommit);
    for (uint32_t g = 0; g < 2; g++) {
        const struct hr_guest_decision *d = &b.decisions[g];
        double rest = d->zip_mibps / 2.0 + d->swap_mibps;
        assert_near(d->share_mibps / (d->share_mibps + rest), 0.25, 1e-9);
    }
    bench_clear(&b);
}

static void low_throttles_those_above_target(void **state)
{
    (void)state;
    struct bench b;
    pressed_host(&b, 10, 0.05);
    for (uint32_t g = 0; g < 10; g++) {
        b.flow[g].balloon_runs = false;
        b.flow[g].rise_mibps = 100.0; /* 1000 in all, and the device takes 200 */
    }
    b.t->reservation_mib[9] = 4096.0; /* never above its target */
    b.overcommit.compression = false;
    bench_solve(&b, &hr_memory_overcommit);
    assert_int_equal(b.out.state, HR_STATE_LOW);
    for (uint32_t g = 0; g < 9; g++) {
        const struct hr_guest_decision *d = &b.decisions[g];
        assert_near(d->throttle, 100.0 / d->swap_mibps, 1e-6);
        assert_near(d->alloc_scale, d->swap_mibps / 100.0, 1e-9);
    }
    assert_near(b.decisions[9].throttle, 1.0, 0.0);
    assert_near(b.decisions[9].swap_mibps, 0.0, 0.0);
    /* With nothing free, everybody. */
    b.view.hypervisor_mib += 0.05 * min_free(&b);
    bench_solve(&b, &hr_memory_overcommit);
    assert_near(b.decisions[9].alloc_scale, 0.2, 1e-6);
    assert_near(b.decisions[9].throttle, 5.0, 1e-4);
    bench_clear(&b);
}

/* Pages that come back change what their guest waits for; in balance with the renewal of the
 * working set they do not. */
static void a_pool_that_empties_is_watched(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 65536.0, 1, 4096.0);
    use(&b, 0, 4096.0, 3000.0, 1024.0);
    b.t->swap_hot_mib[0] = 500.0;
    b.t->swap_cold_mib[0] = 500.0;
    b.flow[0].fault_swap_mibps = 0.5 * 500.0 / 60.0;
    bench_solve(&b, &hr_memory_overcommit);
    assert_true(b.out.pressed);
    assert_true(b.out.next_s <= 15.0);
    double a = 1024.0 / 4096.0;
    b.t->swap_hot_mib[0] = a * 1000.0 * 60.0 / (3600.0 + 60.0);
    b.t->swap_cold_mib[0] = 1000.0 - b.t->swap_hot_mib[0];
    b.flow[0].fault_swap_mibps = b.t->swap_hot_mib[0] / 60.0;
    bench_solve(&b, &hr_memory_overcommit);
    assert_false(b.out.pressed);
    /* Stuck behind slow disks it does not change either, but they may not stay slow. */
    b.t->progress[0] = 0.001;
    b.flow[0].fault_swap_mibps = 0.0;
    b.t->swap_hot_mib[0] = 500.0;
    b.t->swap_cold_mib[0] = 500.0;
    bench_solve(&b, &hr_memory_overcommit);
    assert_true(b.out.pressed);
    assert_true(b.out.next_s <= 15.0);
    bench_clear(&b);
}

/* A guest above its limit gives up pages although the host has plenty; not to a balloon. */
static void a_limit_binds_with_free_memory_too(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 65536.0, 2, 4096.0);
    use(&b, 0, 4096.0, 4096.0, 1000.0);
    use(&b, 1, 4096.0, 4096.0, 1000.0);
    b.t->limit_mib[0] = 4096.0 - 300.0;
    b.flow[0].rise_mibps = 5.0;
    bench_solve(&b, &hr_memory_overcommit);
    const struct hr_guest_decision *d = &b.decisions[0];
    assert_near(d->target_mib, 3796.0, 1e-9);
    assert_near(d->zip_mibps / 2.0 + d->swap_mibps, 5.0 + 300.0 / 15.0, 1e-6);
    assert_near(d->balloon_mibps, 0.0, 0.0);
    assert_near(b.decisions[1].swap_mibps + b.decisions[1].zip_mibps, 0.0, 0.0);
    assert_true(b.out.pressed && b.out.next_s <= 15.0);
    assert_int_equal(b.out.state, HR_STATE_HIGH);
    bench_clear(&b);
}

/* A host that fills fast is looked at before it is in need. */
static void a_host_that_fills_is_watched(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 65536.0, 4, 16384.0);
    for (uint32_t g = 0; g < 4; g++) {
        use(&b, g, 14000.0, 1000.0, 500.0);
        b.flow[g].rise_mibps = b.flow[g].touch_mibps = 90.0; /* booting, and writing zeroes */
    }
    bench_solve(&b, &hr_memory_overcommit);
    double until_s = (65536.0 - 56000.0 - 1.1 * min_free(&b)) / 360.0;
    assert_true(until_s < b.view.step_s);
    assert_true(b.out.pressed);
    assert_true(b.out.next_s <= until_s + 1.0);
    bench_clear(&b);
}

static double draw(struct hr_rng *rng, double least, double most)
{
    return least + (most - least) * hr_rng_uniform(rng);
}

static void random_host(struct bench *b, struct hr_rng *rng)
{
    uint32_t n = (uint32_t)draw(rng, 1.0, 41.0);
    bench_init(b, &hr_memory_overcommit, 1024.0 * floor(draw(rng, 1.0, 65.0)), n, 4096.0);
    b->overcommit.sharing = (enum hr_sharing_scope)draw(rng, 0.0, HR_SHARING__COUNT);
    b->view.state = (enum hr_memory_state)draw(rng, 0.0, HR_STATE__COUNT);
    for (uint32_t g = 0; g < n; g++) {
        double size = 256.0 * floor(draw(rng, 1.0, 65.0));
        b->t->size_mib[g] = b->t->assigned_mib[g] = b->t->limit_mib[g] = size;
        b->t->shares[g] = size * floor(draw(rng, 1.0, 21.0));
        b->traits[g].zero_free_frac = hr_rng_uniform(rng);
        b->traits[g].zero_used_frac = draw(rng, 0.0, 0.1);
        b->t->ballooned_mib[g] = fmax(0.0, draw(rng, -0.65, 0.65)) * size;
        double usable = size - b->t->ballooned_mib[g];
        use(b, g, size, usable * hr_rng_uniform(rng), usable * hr_rng_uniform(rng));
        b->t->swap_cold_mib[g] = draw(rng, 0.0, 0.5) * usable;
        b->t->reservation_mib[g] = hr_rng_uniform(rng) < 0.7 ? 0.0 : 100.0;
        b->flow[g].balloon_runs = hr_rng_uniform(rng) < 0.8;
        b->flow[g].rise_mibps = draw(rng, 0.0, 50.0);
    }
}

static double most_of(const struct bench *b, uint32_t g)
{
    return fmax(0.0, b->t->size_mib[g] - b->pages[g].saved);
}

static void check_guest(const struct bench *b, uint32_t g)
{
    const struct hr_guest_decision *d = &b->decisions[g];
    double consumed = b->pages[g].consumed;
    assert_true(d->target_mib >= fmin(b->t->reservation_mib[g], most_of(b, g)) - 1e-6);
    assert_true(d->target_mib <= b->t->size_mib[g] + 1e-6);
    assert_true(d->swap_mibps >= 0.0 && d->zip_mibps >= 0.0 && d->share_mibps >= 0.0);
    assert_true(d->throttle >= 1.0 && d->alloc_scale > 0.0 && d->alloc_scale <= 1.0);
    assert_true(d->balloon_stop_mib >= 0.0);
    if (d->balloon_mibps > 0.0) {
        double taken =
            (d->balloon_stop_mib - b->t->ballooned_mib[g]) * b->pages[g].freed_per_ballooned;
        assert_true(b->flow[g].balloon_runs);
        assert_true(d->balloon_stop_mib <= 0.65 * b->t->size_mib[g] + 1e-6);
        assert_true(taken <= consumed - d->target_mib + 1e-6);
    }
    if (consumed <= d->target_mib) {
        assert_true(d->balloon_mibps <= 0.0);
        assert_near(d->swap_mibps + d->zip_mibps, 0.0, 0.0);
    }
}

/* Whatever the host: nobody is taken below its target, no reservation is broken, no balloon
 * grows beyond its cap, rates are not negative, and targets use no more than there is. */
static void random_hosts_keep_the_invariants(void **state)
{
    (void)state;
    struct hr_rng rng;
    hr_rng_init(&rng, 7, 0, 0, 1);
    for (int round = 0; round < 400; round++) {
        struct bench b;
        random_host(&b, &rng);
        bench_solve(&b, &hr_memory_overcommit);
        double targets = 0.0;
        double reserved = 0.0;
        double swap = 0.0;
        for (uint32_t g = 0; g < b.view.n; g++) {
            check_guest(&b, g);
            targets += b.decisions[g].target_mib;
            reserved += fmin(b.t->reservation_mib[g], most_of(&b, g));
            swap += b.decisions[g].swap_mibps;
        }
        double room = fmax(0.0, b.view.physical_mib - 1.1 * min_free(&b));
        assert_true(targets <= fmax(room, reserved) + 0.01);
        assert_true(swap <= b.view.reclaim_mibps + 1e-6);
        assert_true(b.out.next_s >= 1.0 && b.out.next_s <= b.view.step_s);
        bench_clear(&b);
    }
}

/* A warm host rests: what is above target is ballooned, then swapped cold. */
static void settled_hosts_rest(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, &hr_memory_overcommit, 16384.0, 8, 4096.0);
    for (uint32_t g = 0; g < 8; g++) {
        use(&b, g, 4096.0, 1500.0, 400.0);
    }
    bench_refresh(&b);
    hr_memory_overcommit.settle(&b.view, b.t, &b.out);
    bench_refresh(&b);
    assert_near(hr_host_free_mib(&b.view), 1.1 * min_free(&b), 1.0);
    for (uint32_t g = 0; g < 8; g++) {
        assert_true(b.t->ballooned_mib[g] > 0.0);
        assert_near(b.t->swap_cold_mib[g] + b.t->swap_hot_mib[g], 0.0, 1e-6);
    }
    bench_solve(&b, &hr_memory_overcommit);
    for (uint32_t g = 0; g < 8; g++) {
        assert_near(b.decisions[g].balloon_mibps, 0.0, 0.1);
        assert_near(b.decisions[g].swap_mibps, 0.0, 0.0);
    }
    bench_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(admission_needs_reservation_and_overhead),
        cmocka_unit_test(states_change_at_their_bounds),
        cmocka_unit_test(idle_memory_is_taxed),
        cmocka_unit_test(targets_without_pressure_are_all_of_it),
        cmocka_unit_test(reservations_are_never_broken),
        cmocka_unit_test(means_follow_the_state),
        cmocka_unit_test(reclaim_is_proportional),
        cmocka_unit_test(balloon_stops_at_its_cap),
        cmocka_unit_test(balloon_takes_free_pages_first),
        cmocka_unit_test(balloons_deflate),
        cmocka_unit_test(deflation_does_not_run_the_host_dry),
        cmocka_unit_test(swap_is_limited_by_the_device),
        cmocka_unit_test(compression_comes_before_swap),
        cmocka_unit_test(a_share_attempt_comes_first),
        cmocka_unit_test(low_throttles_those_above_target),
        cmocka_unit_test(a_pool_that_empties_is_watched),
        cmocka_unit_test(a_limit_binds_with_free_memory_too),
        cmocka_unit_test(a_host_that_fills_is_watched),
        cmocka_unit_test(random_hosts_keep_the_invariants),
        cmocka_unit_test(settled_hosts_rest),
    };
    return cmocka_run_group_tests_name("overcommit policy", tests, NULL, NULL);
}
