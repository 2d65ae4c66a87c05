/* Any list of public keys: what is read is written and read the same. */
#include <stdlib.h>

#include "firmware-tools/commands/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct judge j, again;
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	struct err e = { 0 };

	j.key_count = again.key_count = 0;
	if (judge_keys_read(&j, bytes_of(data, size), &e)) {
		judge_keys_write(&text, &j);
		if (!judge_keys_read(&again, buf_bytes(&text), &e) ||
			again.key_count != j.key_count)
			abort();
		for (size_t i = 0; i < j.key_count; i++)
			if (again.keys[i].until_ms != j.keys[i].until_ms)
				abort();
	}
	arena_finish(&a);
	return 0;
}
