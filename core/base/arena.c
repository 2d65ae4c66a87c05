#include "core/base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	alignas(max_align_t) uint8_t data[];
};

enum { BLOCK_SIZE = 8 << 10 };

static struct arena_block *block_new(size_t size)
{
	struct arena_block *b = malloc(sizeof(*b) + size);

	if (!b)
		abort();
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t aligned = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct arena_block *b = a->blocks;
	uint8_t *p;

	if (aligned < size)
		abort();
	if (!b || b->size - b->used < aligned) {
		/* blocks double, so that a large document costs few of them */
		size_t want = b ? b->size * 2 : BLOCK_SIZE;

		b = block_new(aligned > want ? aligned : want);
		b->next = a->blocks;
		a->blocks = b;
	}
	p = b->data + b->used;
	b->used += aligned;
	a->used += aligned;
	memset(p, 0, aligned);
	return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	if (size > 0 && n > SIZE_MAX / size)
		abort();
	return arena_alloc(a, n * size);
}

struct bytes arena_copy(struct arena *a, struct bytes b)
{
	uint8_t *p = arena_alloc(a, b.len);

	if (b.len > 0)
		memcpy(p, b.p, b.len);
	return (struct bytes){ p, b.len };
}

struct str arena_str(struct arena *a, struct str s)
{
	struct bytes b = arena_copy(a, str_bytes(s));

	return (struct str){ (const char *)b.p, b.len };
}

const char *arena_cstr(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.len + 1);

	if (s.len > 0)
		memcpy(p, s.p, s.len);
	return p;
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	va_list args, again;
	int len;
	char *p;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		len = 0;
	p = arena_alloc(a, (size_t)len + 1);
	vsnprintf(p, (size_t)len + 1, format, again);
	va_end(again);
	return (struct str){ p, (size_t)len };
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->blocks;

	if (!keep)
		return;
	while (keep->next) {
		struct arena_block *b = keep->next;

		keep->next = b->next;
		free(b);
	}
	keep->used = 0;
	a->used = 0;
}

void arena_finish(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *b = a->blocks;

		a->blocks = b->next;
		free(b);
	}
	a->used = 0;
}
