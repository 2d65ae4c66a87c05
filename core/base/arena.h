/*
 * One arena per scan, request or command: everything allocated from it goes at once.
 *
 * An allocation never returns NULL. Out of memory ends the process, which every program of ours
 * survives by design; what must not exhaust memory is refused first, by core/base/limits.h.
 * A zeroed struct arena is a valid, empty one.
 */
#pragma once

#include <stddef.h>

#include "core/base/bytes.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;		    /* bytes handed out since init or reset */
};

/* Zeroed, aligned for any type, alive until arena_reset or arena_finish. */
void *arena_alloc(struct arena *a, size_t size);
/* Like arena_alloc of n * size; ends the process when the product overflows. */
void *arena_array(struct arena *a, size_t n, size_t size);
#define ARENA_NEW(a, type)	((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))
struct bytes arena_copy(struct arena *a, struct bytes b);
struct str arena_str(struct arena *a, struct str s);
/* A NUL-terminated copy, for functions of libc and libraries. Stops at a NUL inside s. */
const char *arena_cstr(struct arena *a, struct str s);
/* A NUL stands behind its end, so that out.p may be given to libc too. */
struct str arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);
/* Everything handed out becomes invalid; one block is kept for the next use. */
void arena_reset(struct arena *a);
void arena_finish(struct arena *a);
