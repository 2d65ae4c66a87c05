#include "core/wasm/heap.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Where the linker's data and stack end (wasm-ld). */
extern uint8_t __heap_base;

enum { PAGE = 64 << 10 };

struct block {
	struct block *before;
	alignas(max_align_t) uint8_t data[];
};

/* The module's whole state. */
static struct block *newest;
static uintptr_t top;

void heap_reset(void)
{
	newest = NULL;
	top = ((uintptr_t)&__heap_base + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

/* Memory up to end is there. */
static int reach(uintptr_t end)
{
	size_t pages = __builtin_wasm_memory_size(0);
	size_t wanted = (end - 1) / PAGE + 1;

	return wanted <= pages || __builtin_wasm_memory_grow(0, wanted - pages) != (size_t)-1;
}

void *malloc(size_t n)
{
	struct block *b;
	size_t whole;

	if (top == 0)
		heap_reset();
	if (n > PTRDIFF_MAX - sizeof(*b) - alignof(max_align_t))
		return NULL;
	whole = (sizeof(*b) + n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (whole > UINTPTR_MAX - top || !reach(top + whole))
		return NULL;
	b = (struct block *)top;
	b->before = newest;
	newest = b;
	top += whole;
	return b->data;
}

void free(void *p)
{
	if (!p || !newest || p != newest->data)
		return;
	top = (uintptr_t)newest;
	newest = newest->before;
}

/* core/base/arena.c comes here when memory ends: the page sees a trap. */
_Noreturn void abort(void)
{
	__builtin_trap();
}
