/*
 * A WebAssembly module, as a page sees it (core/web/lib/module.ts is the only one that does).
 * rules.c and cards.c are the two that pages load, languages.c one that the build asks.
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
 * The cards import one function, kith.charset: see charset_import.c. The rules import none.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/wasm/calls.h"

struct answer {
	uint32_t code, length;
	uint8_t bytes[];
};

void kith_reset(void);
/* NULL when there is no more memory. */
void *kith_alloc(size_t n);

const struct answer *bridge_ask(call *function, const uint8_t *p, size_t n);

#define WASM_EXPORT(name) __attribute__((export_name(#name)))
/* Export a function of calls.h under a name. */
#define WASM_CALL(name, function)                                                                  \
	const struct answer *name(const uint8_t *p, size_t n);                                     \
	WASM_EXPORT(name) const struct answer *name(const uint8_t *p, size_t n)                    \
	{                                                                                          \
		return bridge_ask(function, p, n);                                                 \
	}
