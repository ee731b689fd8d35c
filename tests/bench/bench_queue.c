/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hold model: of n pending events the next is taken and one put back at a random later
 * time. The queue is compared with a binary heap that can do nothing else: no cancelling, no
 * handles, no growing. */
#include <math.h>

#include "bench.h"
#include "engine/queue.h"

enum { N_INCREMENTS = 4096, N_SIZES = 3, MOST_ROUNDS = 7 };

static const struct size {
    uint32_t n_pending;
    const char *queue_line, *heap_line, *ratio_line;
} sizes[N_SIZES] = {
    {100, "queue_hold_1e2", "heap_hold_1e2", "queue_over_heap_1e2"},
    {10000, "queue_hold_1e4", "heap_hold_1e4", "queue_over_heap_1e4"},
    {1000000, "queue_hold_1e6", "heap_hold_1e6", "queue_over_heap_1e6"},
};

struct plain_key {
    int64_t t_us;
    uint64_t seq;
    uint32_t subject;
};

struct plain_heap {
    struct plain_key *keys;
    uint32_t n;
    uint64_t next_seq;
};

static bool goes_first(const struct plain_key *a, const struct plain_key *b)
{
    return a->t_us < b->t_us || (a->t_us == b->t_us && a->seq < b->seq);
}

static void plain_push(struct plain_heap *heap, int64_t t_us, uint32_t subject)
{
    struct plain_key key = {.t_us = t_us, .seq = heap->next_seq++, .subject = subject};
    uint32_t at = heap->n++;
    while (at > 0 && goes_first(&key, &heap->keys[(at - 1) / 2])) {
        heap->keys[at] = heap->keys[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap->keys[at] = key;
}

static struct plain_key plain_pop(struct plain_heap *heap)
{
    struct plain_key first = heap->keys[0];
    struct plain_key last = heap->keys[--heap->n];
    uint32_t at = 0;
    for (uint32_t child = 1; child < heap->n; child = 2 * at + 1) {
        if (child + 1 < heap->n && goes_first(&heap->keys[child + 1], &heap->keys[child])) {
            child++;
        }
        if (!goes_first(&heap->keys[child], &last)) {
            break;
        }
        heap->keys[at] = heap->keys[child];
        at = child;
    }
    heap->keys[at] = last;
    return first;
}

/* Both with the same events, and the times they took. */
struct contest {
    hr_queue *queue;
    struct plain_heap heap;
    int64_t increments_us[N_INCREMENTS];
    uint64_t queue_sum, heap_sum; /* of what was popped, in its order: must be equal */
    double queue_s, heap_s;       /* the least of all rounds */
};

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Exponential increments of a mean of an hour, drawn beforehand. */
static void set_increments(struct contest *c)
{
    uint32_t state = 2463534242U;
    for (int i = 0; i < N_INCREMENTS; i++) {
        double u = ((double)next_random(&state) + 0.5) / 4294967296.0;
        c->increments_us[i] = (int64_t)(-log(u) * 3.6e9);
    }
}

static void fill(struct contest *c, hr_arena *arena, uint32_t n_pending)
{
    c->queue = hr_queue_new(arena, n_pending);
    c->heap.keys = g_new(struct plain_key, n_pending);
    uint32_t state = 88675123U;
    for (uint32_t i = 0; i < n_pending; i++) {
        int64_t t_us = c->increments_us[next_random(&state) % N_INCREMENTS] + i;
        struct hr_event event = {.t_us = t_us, .subject = i, .kind = 0};
        (void)hr_queue_push(c->queue, &event);
        plain_push(&c->heap, t_us, i);
    }
}

static void hold_queue(struct contest *c, uint32_t n_holds)
{
    double start_s = bench_cpu_s();
    for (uint32_t i = 0; i < n_holds; i++) {
        struct hr_event event = {0};
        (void)hr_queue_pop(c->queue, &event);
        c->queue_sum = c->queue_sum * 31 + event.subject;
        event.t_us += c->increments_us[i % N_INCREMENTS];
        (void)hr_queue_push(c->queue, &event);
    }
    c->queue_s = fmin(c->queue_s, bench_cpu_s() - start_s);
}

static void hold_heap(struct contest *c, uint32_t n_holds)
{
    double start_s = bench_cpu_s();
    for (uint32_t i = 0; i < n_holds; i++) {
        struct plain_key key = plain_pop(&c->heap);
        c->heap_sum = c->heap_sum * 31 + key.subject;
        plain_push(&c->heap, key.t_us + c->increments_us[i % N_INCREMENTS], key.subject);
    }
    c->heap_s = fmin(c->heap_s, bench_cpu_s() - start_s);
}

static void run(bool quick)
{
    uint32_t n_holds = quick ? 5000 : 400000;
    int n_rounds = quick ? 1 : MOST_ROUNDS;
    struct contest *c = g_new0(struct contest, 1);
    set_increments(c);
    for (int s = 0; s < N_SIZES; s++) {
        hr_arena *arena = hr_arena_new((size_t)1 << 16);
        c->heap = (struct plain_heap){0};
        c->queue_s = c->heap_s = HUGE_VAL;
        fill(c, arena, sizes[s].n_pending);
        for (int r = 0; r < n_rounds; r++) {
            hold_queue(c, n_holds);
            hold_heap(c, n_holds);
        }
        bench_must(c->queue_sum == c->heap_sum, "queue and heap differ in their order", NULL);
        bench_print(sizes[s].queue_line, c->queue_s * 1e9 / n_holds, "ns/pop+push");
        bench_print(sizes[s].heap_line, c->heap_s * 1e9 / n_holds, "ns/pop+push");
        bench_print(sizes[s].ratio_line, c->queue_s / c->heap_s, "ratio");
        g_free(c->heap.keys);
        hr_arena_free(arena);
    }
    g_free(c);
}

static const char *const lines[] = {
    "queue_hold_1e2",      "heap_hold_1e2",
    "queue_over_heap_1e2", "queue_hold_1e4",
    "heap_hold_1e4",       "queue_over_heap_1e4",
    "queue_hold_1e6",      "heap_hold_1e6",
    "queue_over_heap_1e6", NULL,
};

const struct bench_part bench_queue = {.name = "queue", .lines = lines, .run = run};
