/* Any NDEF message, as a badge and as records: what is read is written back and read the same. */
#include "core/tag/badge.h"
#include "core/tag/ndef.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct ndef_message *m)
{
	static struct ndef_message again;
	struct arena a = { 0 };
	struct buf to = BUF_IN(&a);
	struct err e = { 0 };

	ndef_write(&to, m);
	if (!ndef_read(&again, buf_bytes(&to), &e) || again.count != m->count)
		abort();
	for (size_t i = 0; i < m->count; i++)
		if (!bytes_equal(again.records[i].payload, m->records[i].payload) ||
			!bytes_equal(again.records[i].type, m->records[i].type))
			abort();
	arena_finish(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ndef_message m;
	struct bytes b = bytes_of(data, size);
	struct err e = { 0 };
	struct badge badge;
	struct badge_key key = { .number = 1 };
	char text[4096];

	if (ndef_read(&m, b, &e)) {
		check_round_trip(&m);
		for (size_t i = 0; i < m.count; i++) {
			struct buf to = BUF_ON(text);
			struct link link;

			ndef_record_kind(&m.records[i]);
			if (ndef_uri_read(&to, &m.records[i]))
				link_read(buf_str(&to), &link);
		}
	}
	if (badge_read(&badge, b, &e)) {
		key.event = badge.event;
		key.number = badge.key;
		badge_verify(
			&badge, &key, 1, badge.event, BYTES("\x04\x01\x02\x03\x04\x05\x06"), 0);
	}
	return 0;
}
