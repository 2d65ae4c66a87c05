/*
 * The WebAssembly module, as a page sees it (core/web/lib/core.ts is the only one that does).
 *
 * A call: kith_reset, kith_alloc(n) for the input, copy the input there, kith_CALL(pointer, n),
 * read the answer. An answer is
 *
 *	u32 code	0, or an enum err_code
 *	u32 length
 *	bytes		the answer of core/wasm/calls.h, or the error's text
 *
 * little-endian, alive until the next kith_reset, which frees everything: the instance keeps
 * nothing between calls. Memory grows to what the largest call needed, and no further. A call that
 * runs out of memory traps; then restore __stack_pointer, and the next kith_reset makes it good.
 *
 * The module imports one function, kith.charset: see charset_import.c.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct answer {
	uint32_t code, length;
	uint8_t bytes[];
};

void kith_reset(void);
/* NULL when there is no more memory. */
void *kith_alloc(size_t n);

/* name of the export, the function in calls.h */
#define WASM_CALLS(X)                                                                              \
	X(kith_card_read, call_card_read)                                                          \
	X(kith_card_convert, call_card_convert)                                                    \
	X(kith_card_write, call_card_write)                                                        \
	X(kith_link_read, call_link_read)                                                          \
	X(kith_entry_canonical, call_entry_canonical)                                              \
	X(kith_plan, call_plan)

#define X(name, function) const struct answer *name(const uint8_t *p, size_t n);
WASM_CALLS(X)
#undef X
