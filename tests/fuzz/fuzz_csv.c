/* Any bytes as a list of attendees: nothing breaks, and what was read keeps its promises. */
#include <stdlib.h>

#include "core/base/limits.h"
#include "core/base/text.h"
#include "server/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct import_result result = { 0 };
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	struct json_writer w = JSON_TO(&out);
	struct err e = { 0 };
	struct import in;
	struct str text;

	if (!import_read(&in, bytes_of(data, size), &a, &e)) {
		need(e.code == ERR_TOO_LARGE);
	} else {
		need(in.problem_count > 0 || in.row_count > 0);
		for (size_t i = 0; in.problem_count == 0 && i < in.row_count; i++) {
			need(in.rows[i].name.len > 0 && in.rows[i].name.len <= LIMIT_NAME_BYTES);
			for (size_t c = 0; c < COLUMN__COUNT; c++)
				need(in.rows[i].cells[c].len <= LIMIT_NAME_BYTES);
		}
		import_write_json(&w, &in, &result);
		need(utf8_check(buf_bytes(&out), &text));
	}
	arena_finish(&a);
	return 0;
}
