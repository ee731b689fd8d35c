/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invariants:
 * 1. A key's word is its sequence number and, below it, its slot. Sequence numbers never
 * repeat, so the word alone names an event for ever: it is the handle, and the slot's
 * generation.
 * 2. A slot holds the word of the key that uses it, or a free-list entry with word 0. A key
 * whose word is not its slot's is stale (cancelled); its slot may long serve another event.
 * 3. The first key is never stale, so that looking at the next time changes nothing.
 * 4. At most half of the keys, and a few, are stale: more are swept out at once.
 */
#include "engine/queue.h"

#include <string.h>

#include "base/error.h"

enum { SLOT_BITS = 24, LEAST_CAPACITY = 16, STALE_TOLERATED = 32 };

static const uint64_t slot_mask = (UINT64_C(1) << SLOT_BITS) - 1;
static const uint64_t last_seq = (UINT64_C(1) << (64 - SLOT_BITS)) - 1;
static const uint32_t no_slot = UINT32_MAX;

struct key {
    int64_t t_us;
    uint64_t word;
};

struct slot {
    uint64_t word;    /* 0: free */
    uint32_t subject; /* when free: the next free slot, or no_slot */
    uint32_t kind;
};

struct hr_queue {
    hr_arena *arena;
    struct key *keys; /* binary heap */
    struct slot *slots;
    uint32_t n_keys;
    uint32_t n_live;  /* keys that are not stale = slots in use */
    uint32_t n_slots; /* ever used */
    uint32_t keys_capacity;
    uint32_t slots_capacity;
    uint32_t free_slot;
    uint64_t next_seq;
    int64_t now_us; /* of the last popped event */
};

static bool is_before(struct key a, struct key b)
{
    return a.t_us < b.t_us || (a.t_us == b.t_us && a.word < b.word);
}

static bool is_stale(const hr_queue *q, struct key key)
{
    return q->slots[key.word & slot_mask].word != key.word;
}

static void sift_up(hr_queue *q, uint32_t at, struct key key)
{
    while (at > 0) {
        uint32_t parent = (at - 1) / 2;
        if (!is_before(key, q->keys[parent])) {
            break;
        }
        q->keys[at] = q->keys[parent];
        at = parent;
    }
    q->keys[at] = key;
}

static void sift_down(hr_queue *q, uint32_t at, struct key key)
{
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= q->n_keys) {
            break;
        }
        if (child + 1 < q->n_keys && is_before(q->keys[child + 1], q->keys[child])) {
            child++;
        }
        if (!is_before(q->keys[child], key)) {
            break;
        }
        q->keys[at] = q->keys[child];
        at = child;
    }
    q->keys[at] = key;
}

static void drop_first_key(hr_queue *q)
{
    struct key last = q->keys[--q->n_keys];
    if (q->n_keys > 0) {
        sift_down(q, 0, last);
    }
}

static void drop_stale_first_keys(hr_queue *q)
{
    while (q->n_keys > 0 && is_stale(q, q->keys[0])) {
        drop_first_key(q);
    }
}

/* Keeps the live keys and makes a heap of them again. The order is total, so the shape of the
 * heap shows in nothing. */
static void sweep_stale_keys(hr_queue *q)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < q->n_keys; i++) {
        if (!is_stale(q, q->keys[i])) {
            q->keys[n++] = q->keys[i];
        }
    }
    q->n_keys = n;
    for (uint32_t i = n / 2; i-- > 0;) {
        sift_down(q, i, q->keys[i]);
    }
}

static void grow_keys(hr_queue *q)
{
    struct key *keys = hr_arena_array(q->arena, struct key, (size_t)q->keys_capacity * 2);
    memcpy(keys, q->keys, sizeof *keys * q->n_keys);
    q->keys = keys;
    q->keys_capacity *= 2;
}

static void grow_slots(hr_queue *q)
{
    struct slot *slots = hr_arena_array(q->arena, struct slot, (size_t)q->slots_capacity * 2);
    memcpy(slots, q->slots, sizeof *slots * q->n_slots);
    q->slots = slots;
    q->slots_capacity *= 2;
}

static uint32_t take_slot(hr_queue *q)
{
    uint32_t slot = q->free_slot;
    if (slot != no_slot) {
        q->free_slot = q->slots[slot].subject;
        return slot;
    }
    hr_assert(q->n_slots <= slot_mask);
    if (q->n_slots == q->slots_capacity) {
        grow_slots(q);
    }
    return q->n_slots++;
}

static void give_slot(hr_queue *q, uint32_t slot)
{
    q->slots[slot] = (struct slot){.word = 0, .subject = q->free_slot, .kind = 0};
    q->free_slot = slot;
    q->n_live--;
}

hr_queue *hr_queue_new(hr_arena *arena, uint32_t n_hint)
{
    hr_assert(n_hint <= slot_mask + 1);
    hr_queue *q = hr_arena_take(arena, sizeof *q);
    uint32_t capacity = n_hint < LEAST_CAPACITY ? LEAST_CAPACITY : n_hint;
    q->arena = arena;
    q->keys = hr_arena_array(arena, struct key, capacity);
    q->slots = hr_arena_array(arena, struct slot, capacity);
    q->keys_capacity = capacity;
    q->slots_capacity = capacity;
    q->free_slot = no_slot;
    q->next_seq = 1; /* so that no handle is HR_QUEUE_NO_EVENT */
    q->now_us = INT64_MIN;
    return q;
}

uint64_t hr_queue_push(hr_queue *q, const struct hr_event *ev)
{
    hr_assert(ev->t_us >= q->now_us);
    hr_assert(q->next_seq <= last_seq);
    uint32_t slot = take_slot(q);
    uint64_t word = (q->next_seq++ << SLOT_BITS) | slot;
    q->slots[slot] = (struct slot){.word = word, .subject = ev->subject, .kind = ev->kind};
    q->n_live++;
    if (q->n_keys == q->keys_capacity) {
        grow_keys(q);
    }
    sift_up(q, q->n_keys++, (struct key){.t_us = ev->t_us, .word = word});
    return word;
}

bool hr_queue_pop(hr_queue *q, struct hr_event *out)
{
    if (q->n_keys == 0) {
        return false;
    }
    struct key first = q->keys[0];
    uint32_t slot = (uint32_t)(first.word & slot_mask);
    *out = (struct hr_event){
        .t_us = first.t_us, .subject = q->slots[slot].subject, .kind = q->slots[slot].kind};
    q->now_us = first.t_us;
    give_slot(q, slot);
    drop_first_key(q);
    drop_stale_first_keys(q);
    return true;
}

bool hr_queue_cancel(hr_queue *q, uint64_t handle)
{
    uint32_t slot = (uint32_t)(handle & slot_mask);
    if (handle == HR_QUEUE_NO_EVENT || slot >= q->n_slots || q->slots[slot].word != handle) {
        return false;
    }
    give_slot(q, slot);
    if (q->n_keys - q->n_live > q->n_live + STALE_TOLERATED) {
        sweep_stale_keys(q);
    } else {
        drop_stale_first_keys(q);
    }
    return true;
}

bool hr_queue_peek_time(const hr_queue *q, int64_t *t_us)
{
    if (q->n_keys == 0) {
        return false;
    }
    *t_us = q->keys[0].t_us;
    return true;
}

size_t hr_queue_length(const hr_queue *q)
{
    return q->n_live;
}

hr_queue *hr_queue_clone(const hr_queue *q, hr_arena *arena)
{
    hr_queue *copy = hr_arena_take(arena, sizeof *copy);
    *copy = *q;
    copy->arena = arena;
    copy->keys = hr_arena_array(arena, struct key, q->keys_capacity);
    copy->slots = hr_arena_array(arena, struct slot, q->slots_capacity);
    memcpy(copy->keys, q->keys, sizeof *q->keys * q->n_keys);
    memcpy(copy->slots, q->slots, sizeof *q->slots * q->n_slots);
    return copy;
}
