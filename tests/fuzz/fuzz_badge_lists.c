/* Any list of public keys or of revoked badges: what is read is written and read the same. */
#include <stdlib.h>

#include "core/tag/badge_lists.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_keys(struct bytes text, struct arena *a)
{
	static struct badge_keys list, again;
	struct buf out = BUF_IN(a);
	struct err e = { 0 };

	list.count = again.count = 0;
	if (!badge_keys_read(&list, text, &e))
		return;
	badge_keys_write(&out, &list);
	if (!badge_keys_read(&again, buf_bytes(&out), &e) || again.count != list.count)
		abort();
	for (size_t i = 0; i < list.count; i++)
		if (again.keys[i].until_ms != list.keys[i].until_ms)
			abort();
}

static void try_revoked(struct bytes text, struct arena *a)
{
	struct badge_revoked list = { 0 }, again = { 0 };
	struct buf out = BUF_IN(a);
	struct err e = { 0 };

	if (!badge_revoked_read(&list, text, a, &e))
		return;
	badge_revoked_write_mark(&out);
	for (size_t i = 0; i < list.count; i++)
		badge_revoked_write_id(&out, list.ids[i]);
	if (!badge_revoked_read(&again, buf_bytes(&out), a, &e) || again.count != list.count)
		abort();
	for (size_t i = 0; i < list.count; i++)
		if (!badge_revoked_has(&again, list.ids[i]))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };

	try_keys(bytes_of(data, size), &a);
	try_revoked(bytes_of(data, size), &a);
	arena_finish(&a);
	return 0;
}
