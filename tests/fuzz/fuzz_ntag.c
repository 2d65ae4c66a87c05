/*
 * Any tag memory: found messages lie inside it, asking for more comes to an end, and a message
 * planned onto it is found again. The first byte chooses chip and message length.
 */
#include "core/tag/ntag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void find(struct bytes mem)
{
	struct bytes have = bytes_of(mem.p, 0);
	struct ntag_ndef found;
	struct err e = { 0 };

	while (ntag_find_ndef(&found, have, &e) && found.more) {
		if (found.more > mem.len - have.len)
			return;
		have.len += found.more;
	}
	if (!e.code && (found.message.p < mem.p ||
			       found.message.p + found.message.len > have.p + have.len))
		abort();
}

static void write(enum ntag_type type, size_t len, struct bytes from)
{
	static struct ntag_plan plan;
	static const uint8_t message[867];
	uint8_t mem[924] = { 0 };
	struct ntag_ndef found;
	struct err e = { 0 };
	size_t size = (size_t)ntag_layout(type)->pages * NTAG_PAGE;

	memcpy(mem, from.p, from.len < size ? from.len : size);
	if (!ntag_write_ndef(&plan, type, bytes_of(mem, size), bytes_of(message, len), &e))
		return;
	for (size_t i = 0; i < plan.count; i++)
		memcpy(mem + (size_t)plan.pages[i].number * NTAG_PAGE, plan.pages[i].data,
			NTAG_PAGE);
	if (!ntag_find_ndef(&found, bytes_of(mem + 12, size - 12), &e) || found.more ||
		!bytes_equal(found.message, bytes_of(message, len)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = bytes_of(data, size);
	uint8_t choice;

	if (!bytes_take_u8(&b, &choice))
		return 0;
	find(b);
	write((enum ntag_type)(1 + choice % 3), 1 + (size_t)choice * 3, b);
	return 0;
}
