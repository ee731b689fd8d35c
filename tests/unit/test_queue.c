/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "check.h"
#include "engine/queue.h"
#include "engine/rng.h"

/* The oracle: all pending events in an array, searched whole. */
struct pending {
    struct hr_event event;
    uint64_t handle;
    uint64_t order;
};

struct oracle {
    struct pending *items;
    size_t n;
    uint64_t pushed;
};

enum { ORACLE_CAPACITY = 20000 };

static void oracle_push(struct oracle *oracle, struct hr_event event, uint64_t handle)
{
    assert_true(oracle->n < ORACLE_CAPACITY);
    oracle->items[oracle->n++] =
        (struct pending){.event = event, .handle = handle, .order = oracle->pushed++};
}

static void oracle_remove(struct oracle *oracle, size_t i)
{
    oracle->items[i] = oracle->items[--oracle->n];
}

static size_t oracle_first(const struct oracle *oracle)
{
    size_t first = 0;
    for (size_t i = 1; i < oracle->n; i++) {
        const struct pending *a = &oracle->items[i];
        const struct pending *b = &oracle->items[first];
        if (a->event.t_us < b->event.t_us ||
            (a->event.t_us == b->event.t_us && a->order < b->order)) {
            first = i;
        }
    }
    return first;
}

static void pop_agrees(hr_queue *q, struct oracle *oracle, int64_t *now_us)
{
    struct hr_event event = {.t_us = -7, .subject = 77, .kind = 777};
    int64_t next_us = -7;
    if (oracle->n == 0) {
        assert_false(hr_queue_peek_time(q, &next_us));
        assert_false(hr_queue_pop(q, &event));
        assert_int_equal(next_us, -7);
        assert_int_equal(event.t_us, -7);
        assert_int_equal(event.kind, 777);
        return;
    }
    size_t first = oracle_first(oracle);
    struct hr_event expected = oracle->items[first].event;
    assert_true(hr_queue_peek_time(q, &next_us));
    assert_true(hr_queue_pop(q, &event));
    assert_int_equal(next_us, expected.t_us);
    assert_int_equal(event.t_us, expected.t_us);
    assert_int_equal(event.subject, expected.subject);
    assert_int_equal(event.kind, expected.kind);
    assert_false(hr_queue_cancel(q, oracle->items[first].handle)); /* it has run */
    oracle_remove(oracle, first);
    *now_us = event.t_us;
}

static void random_step(hr_queue *q, struct oracle *oracle, struct hr_rng *rng, int64_t *now_us,
                        unsigned push_of_16)
{
    uint64_t draw = hr_rng_next_u64(rng);
    unsigned action = (unsigned)(draw & 15);
    if (action < push_of_16) {
        /* Few distinct times, so that ties are common. */
        struct hr_event event = {.t_us = *now_us + (int64_t)((draw >> 8) % 50),
                                 .subject = (uint32_t)(draw >> 32),
                                 .kind = (uint32_t)(draw >> 16) & 0xff};
        oracle_push(oracle, event, hr_queue_push(q, &event));
    } else if (action < 13) {
        pop_agrees(q, oracle, now_us);
    } else if (oracle->n > 0) {
        size_t i = (size_t)(draw >> 8) % oracle->n;
        uint64_t handle = oracle->items[i].handle;
        assert_true(hr_queue_cancel(q, handle));
        assert_false(hr_queue_cancel(q, handle));
        oracle_remove(oracle, i);
    }
    assert_int_equal(hr_queue_length(q), oracle->n);
}

static void agrees_with_a_searched_array(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        g_autoptr(hr_arena) arena = hr_arena_new(0);
        hr_queue *q = hr_queue_new(arena, (uint32_t)seed);
        struct oracle oracle = {.items = calloc(ORACLE_CAPACITY, sizeof(struct pending))};
        struct hr_rng rng;
        hr_rng_init(&rng, seed, 0, 0, 0);
        int64_t now_us = 0;
        for (int i = 0; i < 3000; i++) {
            /* Fills for a while, then empties. */
            random_step(q, &oracle, &rng, &now_us, i < 1500 ? 9 : 4);
        }
        while (oracle.n > 0) {
            pop_agrees(q, &oracle, &now_us);
        }
        pop_agrees(q, &oracle, &now_us);
        free(oracle.items);
    }
}

static void a_clone_goes_on_as_the_original(void **state)
{
    (void)state;
    g_autoptr(hr_arena) arena = hr_arena_new(0);
    hr_arena *branch_arena = hr_arena_new(0);
    hr_queue *q = hr_queue_new(arena, 4);
    struct oracle oracle = {.items = calloc(ORACLE_CAPACITY, sizeof(struct pending))};
    struct oracle branch_oracle = {.items = calloc(ORACLE_CAPACITY, sizeof(struct pending))};
    struct hr_rng rng;
    hr_rng_init(&rng, 1, 2, 3, 4);
    int64_t now_us = 0;
    for (int i = 0; i < 2000; i++) {
        random_step(q, &oracle, &rng, &now_us, 8);
    }
    assert_true(oracle.n > 100);
    hr_queue *branch = hr_queue_clone(q, branch_arena);
    branch_oracle.n = oracle.n;
    branch_oracle.pushed = oracle.pushed;
    memcpy(branch_oracle.items, oracle.items, sizeof *oracle.items * oracle.n);
    struct hr_rng branch_rng;
    hr_rng_init(&branch_rng, 1, 2, 3, 5);
    int64_t branch_now_us = now_us;
    /* Both go on, differently; handles of before the branch name the same events in both. */
    for (int i = 0; i < 2000; i++) {
        random_step(q, &oracle, &rng, &now_us, 9);
        random_step(branch, &branch_oracle, &branch_rng, &branch_now_us, 9);
    }
    hr_arena_free(branch_arena);
    while (oracle.n > 0) {
        pop_agrees(q, &oracle, &now_us);
    }
    free(oracle.items);
    free(branch_oracle.items);
}

/* A branch may outlive the run it came from, and the other way round. */
static void a_clone_grows_in_its_own_arena(void **state)
{
    (void)state;
    hr_arena *arena = hr_arena_new(0);
    g_autoptr(hr_arena) branch_arena = hr_arena_new(0);
    hr_queue *q = hr_queue_new(arena, 1);
    (void)hr_queue_push(q, &(struct hr_event){.t_us = 1, .subject = 11});
    hr_queue *branch = hr_queue_clone(q, branch_arena);
    hr_arena_free(arena);
    size_t before = hr_arena_used_bytes(branch_arena);
    for (uint32_t i = 0; i < 1000; i++) {
        (void)hr_queue_push(branch, &(struct hr_event){.t_us = 2, .subject = i});
    }
    assert_true(hr_arena_used_bytes(branch_arena) >= before + 1000 * 16);
    struct hr_event event;
    assert_true(hr_queue_pop(branch, &event));
    assert_int_equal(event.subject, 11);
}

static void ties_go_in_order_of_pushing(void **state)
{
    (void)state;
    g_autoptr(hr_arena) arena = hr_arena_new(0);
    hr_queue *q = hr_queue_new(arena, 0);
    for (uint32_t i = 0; i < 5000; i++) {
        (void)hr_queue_push(q, &(struct hr_event){.t_us = 42, .subject = i});
    }
    for (uint32_t i = 0; i < 5000; i++) {
        struct hr_event event;
        assert_true(hr_queue_pop(q, &event));
        assert_int_equal(event.subject, i);
    }
}

static void an_old_handle_never_hits_a_new_event(void **state)
{
    (void)state;
    g_autoptr(hr_arena) arena = hr_arena_new(0);
    hr_queue *q = hr_queue_new(arena, 0);
    struct hr_event event = {.t_us = 1};
    uint64_t old = hr_queue_push(q, &event);
    assert_true(old != HR_QUEUE_NO_EVENT);
    assert_true(hr_queue_cancel(q, old));
    uint64_t fresh = hr_queue_push(q, &event); /* takes the same place */
    assert_false(hr_queue_cancel(q, old));
    assert_false(hr_queue_cancel(q, HR_QUEUE_NO_EVENT));
    assert_false(hr_queue_cancel(q, UINT64_MAX));
    assert_int_equal(hr_queue_length(q), 1);
    assert_true(hr_queue_cancel(q, fresh));
    assert_int_equal(hr_queue_length(q), 0);
    assert_false(hr_queue_pop(q, &event));
}

/* A host's next threshold is rescheduled again and again: cancelled keys must not pile up. */
static void rescheduling_takes_no_memory(void **state)
{
    (void)state;
    g_autoptr(hr_arena) arena = hr_arena_new(0);
    hr_queue *q = hr_queue_new(arena, 256);
    uint64_t handles[100];
    /* While this one is the first, no cancelled key can leave by the top. */
    uint64_t first = hr_queue_push(q, &(struct hr_event){.t_us = 0});
    for (uint32_t i = 0; i < 100; i++) {
        handles[i] = hr_queue_push(q, &(struct hr_event){.t_us = 1000000, .subject = i});
    }
    size_t before = hr_arena_used_bytes(arena);
    for (uint32_t i = 0; i < 100000; i++) {
        assert_true(hr_queue_cancel(q, handles[i % 100]));
        handles[i % 100] =
            hr_queue_push(q, &(struct hr_event){.t_us = 1000000 + i, .subject = i % 100});
    }
    assert_int_equal(hr_arena_used_bytes(arena), before);
    assert_true(hr_queue_cancel(q, first));
    assert_int_equal(hr_queue_length(q), 100);
    struct hr_event event;
    for (uint32_t i = 0; i < 100; i++) {
        assert_true(hr_queue_pop(q, &event));
        assert_int_equal(event.t_us, 1000000 + 99900 + i);
    }
}

static void times_of_either_sign_sort(void **state)
{
    (void)state;
    g_autoptr(hr_arena) arena = hr_arena_new(0);
    hr_queue *q = hr_queue_new(arena, 0);
    const int64_t times[] = {5, -3, INT64_MAX, 0, INT64_MIN};
    const int64_t sorted[] = {INT64_MIN, -3, 0, 5, INT64_MAX};
    for (size_t i = 0; i < 5; i++) {
        (void)hr_queue_push(q, &(struct hr_event){.t_us = times[i]});
    }
    for (size_t i = 0; i < 5; i++) {
        struct hr_event event;
        assert_true(hr_queue_pop(q, &event));
        assert_true(event.t_us == sorted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_searched_array),
        cmocka_unit_test(a_clone_goes_on_as_the_original),
        cmocka_unit_test(a_clone_grows_in_its_own_arena),
        cmocka_unit_test(ties_go_in_order_of_pushing),
        cmocka_unit_test(an_old_handle_never_hits_a_new_event),
        cmocka_unit_test(rescheduling_takes_no_memory),
        cmocka_unit_test(times_of_either_sign_sort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
