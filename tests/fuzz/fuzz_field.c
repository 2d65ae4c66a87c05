/*
 * Any frames at any tag: whatever a host sends, a tag answers within its bounds. The first byte
 * chooses the kind; then each frame is a length and its bytes, with a CRC added.
 */
#include "firmware-tools/chipsim/chip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void exchange(struct sim_field *f, struct bytes frame)
{
	struct sim_air sent = { 0 }, answer;
	uint16_t crc = sim_crc(frame);

	memcpy(sent.data, frame.p, frame.len);
	sent.data[frame.len] = (uint8_t)crc;
	sent.data[frame.len + 1] = (uint8_t)(crc >> 8);
	sent.bits = (frame.len + 2) * 8;
	sim_field_exchange(f, &sent, &answer);
}

/* Selected, logged in where that is possible: the commands are the interesting part. */
static void select_tag(struct sim_field *f, struct sim_tag *tag)
{
	static const uint8_t key[6] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
	uint8_t key_and_uid[10];

	sim_field_power(f, true);
	tag->state = SIM_ACTIVE;
	memcpy(key_and_uid, key, sizeof(key));
	memcpy(key_and_uid + 6, tag->uid, 4);
	if (tag->classic && sim_field_login(f, false, 4, key_and_uid))
		tag->state = SIM_ACTIVE;
	if (tag->card)
		exchange(f, BYTES("\xE0\x50"));
	tag->state = SIM_ACTIVE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = { "ntag213", "ntag216", "classic1k", "classic4k",
		"desfire", "ntag424", "phone" };
	static struct sim_field f;
	static const uint8_t uid[SIM_UID_LEN] = { 4, 1, 2, 3, 4, 5, 6 };
	struct bytes in = bytes_of(data, size), frame;
	struct arena a = { 0 };
	struct sim_named *named;
	struct err e = { 0 };
	uint8_t kind = 0, len;

	(void)!bytes_take_u8(&in, &kind);
	sim_field_init(&f, &a);
	if (!sim_field_add(&f, STR("a"), &named, &e))
		return 0;
	sim_tag_make(&named->tag, sim_kind_named(str_of(kinds[kind % ARRAY_LEN(kinds)])), uid, &a);
	if (!sim_field_put(&f, named, &e))
		return 0;
	select_tag(&f, &named->tag);
	while (bytes_take_u8(&in, &len) && bytes_take(&in, len % 128, &frame)) {
		exchange(&f, frame);
		named->tag.state = SIM_ACTIVE;
	}
	arena_finish(&a);
	return 0;
}
