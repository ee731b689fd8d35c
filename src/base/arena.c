/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { ALIGNMENT = 64 };

struct block {
    struct block *next;
    size_t size_bytes; /* of the payload */
    size_t used_bytes;
    unsigned char *payload; /* aligned; allocated separately so that its alignment is exact */
};

struct hr_arena {
    struct block *head;
    size_t next_bytes;
    size_t used_bytes;
};

static struct block *block_new(size_t size_bytes)
{
    struct block *block = g_new0(struct block, 1);
    block->size_bytes = (size_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    block->payload = aligned_alloc(ALIGNMENT, block->size_bytes);
    if (block->payload == NULL) {
        g_error("out of memory (%zu bytes)", block->size_bytes);
    }
    memset(block->payload, 0, block->size_bytes);
    return block;
}

hr_arena *hr_arena_new(size_t first_block_bytes)
{
    hr_arena *arena = g_new0(hr_arena, 1);
    arena->next_bytes = MAX(first_block_bytes, (size_t)4096);
    return arena;
}

void hr_arena_free(hr_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    while (arena->head != NULL) {
        struct block *next = arena->head->next;
        free(arena->head->payload);
        g_free(arena->head);
        arena->head = next;
    }
    g_free(arena);
}

void *hr_arena_take(hr_arena *arena, size_t n_bytes)
{
    hr_assert(n_bytes <= SIZE_MAX / 4);
    size_t rounded = (MAX(n_bytes, (size_t)1) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *head = arena->head;
    if (head == NULL || head->size_bytes - head->used_bytes < rounded) {
        struct block *block = block_new(MAX(arena->next_bytes, rounded));
        arena->next_bytes = block->size_bytes * 2;
        block->next = head;
        arena->head = head = block;
    }
    void *piece = head->payload + head->used_bytes;
    head->used_bytes += rounded;
    arena->used_bytes += rounded;
    return piece;
}

char *hr_arena_strdup(hr_arena *arena, const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = hr_arena_take(arena, n);
    memcpy(copy, text, n);
    return copy;
}

size_t hr_arena_used_bytes(const hr_arena *arena)
{
    return arena->used_bytes;
}
