/*
 * What a reader may see, through resolver and desk: the first byte chooses tag or code, then a
 * tag's UID (7 bytes) and NDEF message, or a code's bytes.
 */
#include "kiosk/resolve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show(struct desk *d, const struct desk_scan *seen, struct arena *a)
{
	struct desk_input in = {
		.what = DESK_SCAN, .now_ms = 1000, .at = "09:41", .of.scan = seen
	};
	struct desk_output out;
	struct desk_view view;

	for (size_t i = 0; i < DESK_FRESH_MAX; i++)
		in.fresh[i].b[0] = (uint8_t)(i + 1);
	desk_step(d, &in, &out, a);
	if (out.fact_count > 0) {
		in = (struct desk_input){
			.what = DESK_COMMIT, .now_ms = 1000, .of.committed = true
		};
		desk_step(d, &in, &out, a);
	}
	desk_view(d, 1000, &view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct event_info event = { .number = 7, .host = STR_INIT("kith.example") };
	const struct desk_config config = {
		.role = DESK_LOUNGE, .langs = { "en" }, .lang_count = 1
	};
	struct people *people = people_new();
	const struct resolver r = {
		.event = &event, .people = people, .ticket_key = BYTES("key"), .show_names = true
	};
	struct desk *d = desk_new(&config);
	struct scan scan = { .kind = SCAN_CODE };
	struct bytes in = bytes_of(data, size);
	struct desk_scan seen;
	struct arena a = { 0 };
	uint8_t first;

	if (bytes_take_u8(&in, &first) && first % 2 == 1 && bytes_take_copy(&in, scan.uid, 7)) {
		scan.kind = SCAN_CHIP;
		scan.tag = first / 2 % (SCAN_TAG_TORN + 1);
		scan.uid_len = 7;
	}
	if (in.len <= SCAN_DATA_MAX) {
		if (in.len > 0)
			memcpy(scan.data, in.p, in.len);
		scan.len = (uint16_t)in.len;
		if (resolve_scan(&r, &scan, &seen, &a))
			show(d, &seen, &a);
	}
	desk_free(d);
	people_free(people);
	arena_finish(&a);
	return 0;
}
