/* Any bytes as the input of any call of the WebAssembly module: an error, or an answer in form. */
#include <stdlib.h>

#include "core/base/json.h"
#include "core/entry/entry.h"
#include "core/wasm/calls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void need_json(struct bytes answer, struct arena *a)
{
	struct json *root;
	struct err e = { 0 };

	need(json_read(&root, answer, a, &e) || e.code == ERR_TOO_LARGE);
}

static void need_vcard(struct bytes answer, struct arena *a)
{
	(void)a;
	need(answer.len > 15 && memcmp(answer.p, "BEGIN:VCARD\r\n", 13) == 0);
}

static void need_entry(struct bytes answer, struct arena *a)
{
	(void)a;
	need(answer.len == ENTRY_CANONICAL_LEN);
}

static const struct {
	call *function;
	void (*need)(struct bytes answer, struct arena *a);
} calls[] = {
	{ call_card_read, need_json },
	{ call_card_convert, need_vcard },
	{ call_link_read, need_json },
	{ call_entry_canonical, need_entry },
	{ call_plan, need_json },
};

/* The first byte is the call. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	struct err e = { 0 };
	struct bytes in = bytes_of(data, size);
	uint8_t which;

	if (!bytes_take_u8(&in, &which))
		return 0;
	which %= ARRAY_LEN(calls);
	if (calls[which].function(&out, in, &a, &e))
		calls[which].need(buf_bytes(&out), &a);
	else
		need(e.code == ERR_MALFORMED || e.code == ERR_TOO_LARGE);
	arena_finish(&a);
	return 0;
}
