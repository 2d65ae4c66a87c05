/*
 * Any bytes as a station's request, and as a payload of each kind. A batch that is read writes and
 * reads the same again; a payload that is accepted names the persons that its kind needs.
 */
#include <stdlib.h>

#include "core/entry/wire/batch.h"
#include "server/store/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void try_payloads(struct bytes text, struct arena *a)
{
	for (int kind = 0; kind <= ENTRY_KIND_END; kind++) {
		struct facts facts;
		struct err e = { 0 };

		if (!facts_read(&facts, (enum entry_kind)kind, text, a, &e)) {
			need(e.code == ERR_MALFORMED || e.code == ERR_TOO_LARGE);
			continue;
		}
		need(kind == ENTRY_RETRACT || kind == ENTRY_REFUSED || facts.who_count > 0);
		need(kind != ENTRY_CONSENT || facts.purpose != 0);
		(void)facts_refuse(&facts, (enum entry_kind)kind, STATION_OWN, &facts.who[0]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_of(data, size);
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	struct batch b, again;
	struct err e = { 0 };

	if (batch_read(&b, text, &a, &e)) {
		need(b.count <= LIMIT_BATCH_ENTRIES);
		for (size_t i = 0; i < b.count; i++)
			need(entry_kind_is_known(b.entries[i].kind) ==
				(b.entries[i].kind_name.len == 0));
		batch_write(&out, &b);
		if (buf_bytes(&out).len <= LIMIT_BATCH_BYTES) {
			need(batch_read(&again, buf_bytes(&out), &a, &e));
			need(again.count == b.count && again.from_seq == b.from_seq);
		}
	}
	try_payloads(text, &a);
	arena_finish(&a);
	return 0;
}
