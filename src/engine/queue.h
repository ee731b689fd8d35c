/* SPDX-License-Identifier: GPL-3.0-or-later */
/* engine/queue.h - the pending events of one run.
 *
 * Order:   earliest t_us first, then the order of pushing. The order is total, so the same seed
 *          gives the same run on every machine.
 * Owner:   the queue and its events live in the arena given to hr_queue_new() and end with it.
 * Threads: a queue belongs to one run and so to one thread. No locks.
 * Cost:    push and pop O(log n), cancel O(1) amortised; 16 bytes per pending key. The arena is
 *          asked for memory only when the number of pending events doubles.
 */
#ifndef HR_ENGINE_QUEUE_H
#define HR_ENGINE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct hr_queue hr_queue;

/* A handle that names no event, ever. */
#define HR_QUEUE_NO_EVENT UINT64_C(0)

/* What is to happen. Not opaque: handlers read it in the hot loop. */
struct hr_event {
    int64_t t_us;     /* simulated time since the start of the run */
    uint32_t subject; /* row in the table that kind implies */
    uint32_t kind;    /* enum hr_event_kind */
};

/* Makes an empty queue with room for n_hint events; it grows when needed.
 * Returns: never NULL. Owner: arena. */
hr_queue *hr_queue_new(hr_arena *arena, uint32_t n_hint);

/* Adds an event. Requires: ev->t_us >= the time of the last popped event.
 * Returns: a handle for hr_queue_cancel(), never HR_QUEUE_NO_EVENT. */
uint64_t hr_queue_push(hr_queue *q, const struct hr_event *ev);

/* Takes the next event into *out. Returns: false when empty; *out is then untouched. */
bool hr_queue_pop(hr_queue *q, struct hr_event *out);

/* Removes a pending event. Returns: false when it has already run or been cancelled. */
bool hr_queue_cancel(hr_queue *q, uint64_t handle);

/* The time of the next event. Returns: false when empty; *t_us is then untouched. */
bool hr_queue_peek_time(const hr_queue *q, int64_t *t_us);

/* Number of pending events, cancelled ones not counted. */
size_t hr_queue_length(const hr_queue *q);

/* A deep copy in another arena, so that a run can be branched: both go on alone, and handles
 * given out by q name the same events in the copy. Returns: never NULL. Owner: arena. */
hr_queue *hr_queue_clone(const hr_queue *q, hr_arena *arena);

#endif
