/* What all modules export; built for WebAssembly only. */
#include "core/wasm/bridge.h"

#include "core/wasm/heap.h"

WASM_EXPORT(kith_reset) void kith_reset(void)
{
	heap_reset();
}

WASM_EXPORT(kith_alloc) void *kith_alloc(size_t n)
{
	return malloc(n ? n : 1);
}

const struct answer *bridge_ask(call *function, const uint8_t *p, size_t n)
{
	/* nobody finishes the arena: kith_reset takes all of it back */
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	struct answer head = { 0, 0 };
	struct err e = { 0 };

	buf_add(&out, bytes_of(&head, sizeof(head)));
	if (!function(&out, bytes_of(p, n), &a, &e)) {
		out.len = sizeof(head);
		buf_add_str(&out, str_of(e.text));
		head.code = e.code;
	}
	head.length = (uint32_t)(out.len - sizeof(head));
	memcpy(out.p, &head, sizeof(head));
	return (const struct answer *)(const void *)out.p;
}
