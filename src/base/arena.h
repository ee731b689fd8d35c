/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/arena.h - memory that is taken piece by piece and given back whole.
 *
 * Owner:   the arena owns every piece; hr_arena_free() ends them all.
 * Threads: an arena belongs to one run and so to one thread.
 * Cost:    a bump of a pointer; blocks grow by doubling. Out of memory ends the program.
 */
#ifndef HR_BASE_ARENA_H
#define HR_BASE_ARENA_H

#include <stddef.h>

#include <glib.h>

typedef struct hr_arena hr_arena;

hr_arena *hr_arena_new(size_t first_block_bytes);
void hr_arena_free(hr_arena *arena);

/* Returns: n_bytes of zeroed memory, aligned to 64 bytes; never NULL. Owner: arena. */
void *hr_arena_take(hr_arena *arena, size_t n_bytes);
char *hr_arena_strdup(hr_arena *arena, const char *text);
size_t hr_arena_used_bytes(const hr_arena *arena);

/* An array of n elements of a type. */
#define hr_arena_array(arena, type, n)                                                         \
    ((type *)hr_arena_take((arena), sizeof(type) * (size_t)(n)))

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_arena, hr_arena_free)

#endif
