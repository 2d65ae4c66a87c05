/* Bytes of a hostile host: the frame reader by itself, then a whole chip with a tag before it. */
#include <stdlib.h>

#include "firmware-tools/chipsim/chip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* Each frame that was read is written again, and reads the same. */
static void check_frames(struct bytes in)
{
	enum frame_kind kind;
	struct bytes body = { 0 };

	for (size_t before = in.len; (kind = frame_take(&in, &body)) != FRAME_MORE;
		before = in.len) {
		uint8_t memory[FRAME_MAX];
		struct buf frame = BUF_ON(memory);
		struct bytes whole, again;

		check(in.len < before);
		if (kind != FRAME_BODY)
			continue;
		check(body.len > 0 && body.len <= FRAME_BODY_MAX);
		frame_write(&frame, body);
		check(buf_ok(&frame));
		whole = buf_bytes(&frame);
		check(frame_take(&whole, &again) == FRAME_BODY && bytes_equal(again, body));
	}
}

static void check_chip(struct bytes in)
{
	static struct chip chip;
	static const uint8_t uid[SIM_UID_LEN] = { 0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6 };
	struct arena a = { 0 };
	struct sim_field *field = ARENA_NEW(&a, struct sim_field);
	struct sim_named *tag = NULL;
	struct bytes out;
	struct err e;

	sim_field_init(field, &a);
	chip_init(&chip, field, false, 0);
	chip.asleep = false;
	if (sim_field_add(field, STR("tag"), &tag, &e)) {
		sim_tag_init(&tag->tag, sim_kind_named(STR("ntag215")), uid);
		check(sim_field_put(field, tag, &e));
	}
	chip_feed(&chip, in, 115200, 0);
	while (chip_take(&chip, 0, &out))
		check(out.len > 0);
	check(chip.in_len <= sizeof(chip.in));
	arena_finish(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_frames(bytes_of(data, size));
	check_chip(bytes_of(data, size));
	return 0;
}
