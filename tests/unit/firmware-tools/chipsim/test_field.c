#include "tests/unit/test.h"

#include "firmware-tools/chipsim/field.h"

struct world {
	struct arena arena;
	struct sim_field field;
	struct sim_air sent, answer;
};

static struct world w;

static int start(void **state)
{
	(void)state;
	memset(&w, 0, sizeof(w));
	sim_field_init(&w.field, &w.arena);
	sim_field_power(&w.field, true);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	arena_finish(&w.arena);
	return 0;
}

static struct sim_named *put(const char *name, uint8_t last)
{
	struct sim_named *tag = NULL;
	struct err e;
	uint8_t uid[SIM_UID_LEN] = { 0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, last };

	assert_true(sim_field_add(&w.field, str_of(name), &tag, &e));
	sim_tag_init(&tag->tag, sim_kind_named(STR("ntag213")), uid);
	assert_true(sim_field_put(&w.field, tag, &e));
	return tag;
}

static size_t send(const void *data, size_t bits)
{
	memcpy(w.sent.data, data, (bits + 7) / 8);
	w.sent.bits = bits;
	sim_field_exchange(&w.field, &w.sent, &w.answer);
	return w.answer.bits;
}

static size_t send_crc(const void *data, size_t len)
{
	uint8_t frame[32];
	uint16_t crc = sim_crc(bytes_of(data, len));

	memcpy(frame, data, len);
	frame[len] = (uint8_t)crc;
	frame[len + 1] = (uint8_t)(crc >> 8);
	return send(frame, (len + 2) * 8);
}

static void select_tag(void)
{
	assert_int_equal(send("\x26", 7), 16);
	assert_int_equal(send_crc("\x93\x70\x88\x04\xA1\xB2\x9F", 7), 24);
	assert_int_equal(w.answer.data[0], 0x04);
	assert_int_equal(send_crc("\x95\x70\xC3\xD4\xE5\xF6\x04", 7), 24);
	assert_int_equal(w.answer.data[0], 0x00);
}

/* ISO/IEC 14443-3 annex B: 00 00 gives A0 1E, 12 34 gives 26 CF */
static void computes_the_crc_of_the_standard(void **state)
{
	struct bytes b = BYTES("\x12\x34\x26\xCF");

	(void)state;
	assert_int_equal(sim_crc(BYTES("\x00\x00")), 0x1EA0);
	assert_true(sim_crc_strip(&b));
	assert_int_equal(b.len, 2);
	b = BYTES("\x12\x35\x26\xCF");
	assert_false(sim_crc_strip(&b));
	b = BYTES("\xCF");
	assert_false(sim_crc_strip(&b));
}

static void is_silent_without_power_or_tags(void **state)
{
	(void)state;
	assert_int_equal(send("\x26", 7), 0);
	put("a", 0xF6);
	sim_field_power(&w.field, false);
	assert_int_equal(send("\x26", 7), 0);
	sim_field_power(&w.field, true);
	assert_int_equal(send("\x26", 7), 16);
	assert_memory_equal(w.answer.data, "\x44\x00", 2);
}

static void selects_over_two_cascade_levels(void **state)
{
	struct sim_named *tag = put("a", 0xF6);

	(void)state;
	assert_int_equal(send("\x93\x20", 16), 0); /* nobody was called */
	assert_int_equal(send("\x26", 7), 16);
	assert_int_equal(send("\x93\x20", 16), 40);
	assert_memory_equal(w.answer.data, "\x88\x04\xA1\xB2\x9F", 5);
	assert_int_equal(send_crc("\x93\x70\x88\x04\xA1\xB2\x9F", 7), 24);
	assert_int_equal(send("\x95\x20", 16), 40);
	assert_memory_equal(w.answer.data, "\xC3\xD4\xE5\xF6\x04", 5);
	assert_int_equal(send_crc("\x95\x70\xC3\xD4\xE5\xF6\x04", 7), 24);
	assert_int_equal(tag->tag.state, SIM_ACTIVE);
}

static void shows_where_two_answers_differ(void **state)
{
	(void)state;
	put("a", 0xF6); /* ...0110 */
	put("b", 0xF4); /* ...0100 */
	send("\x26", 7);
	assert_int_equal(send("\x93\x20", 16), 40);
	assert_int_equal(w.answer.collision, -1); /* the same first level */
	assert_int_equal(send_crc("\x93\x70\x88\x04\xA1\xB2\x9F", 7), 24);
	assert_int_equal(send("\x95\x20", 16), 40);
	assert_int_equal(w.answer.collision, 24 + 1);
	/* 26 known bits, the last of them 1: one of the two goes on */
	assert_int_equal(send("\x95\x52\xC3\xD4\xE5\x02", 42), 16);
	assert_int_equal(w.answer.collision, -1);
	assert_memory_equal(w.answer.data, "\xF4\x04", 2);
}

static void goes_back_to_idle_or_halt_after_a_nak(void **state)
{
	struct sim_named *tag = put("a", 0xF6);

	(void)state;
	select_tag();
	assert_int_equal(send_crc("\x30\xFF", 2), 4);
	assert_int_equal(w.answer.data[0], 0x00);
	assert_int_equal(tag->tag.state, SIM_IDLE);
	select_tag();
	assert_int_equal(send("\x30\x04\x00\x00", 32), 4); /* wrong CRC */
	assert_int_equal(w.answer.data[0], 0x01);
	select_tag();
	assert_int_equal(send_crc("\x50\x00", 2), 0);
	assert_int_equal(tag->tag.state, SIM_HALT);
	assert_int_equal(send("\x26", 7), 0);
	assert_int_equal(send("\x52", 7), 16);
	assert_int_equal(send("\x26", 7), 0); /* unexpected: back to where it came from */
	assert_int_equal(tag->tag.state, SIM_HALT);
}

static void answers_a_selected_tag_only(void **state)
{
	struct sim_named *a = put("a", 0xF6), *b = put("b", 0xF7);

	(void)state;
	select_tag();
	assert_int_equal(a->tag.state, SIM_ACTIVE);
	assert_int_equal(b->tag.state, SIM_IDLE);
	assert_int_equal(send_crc("\x30\x00", 2), 18 * 8);
	assert_memory_equal(w.answer.data, "\x04\xA1\xB2\x9F\xC3\xD4\xE5\xF6\x04", 9);
	assert_int_equal(a->tag.reads, 1);
	assert_int_equal(b->tag.reads, 0);
}

static void forgets_its_state_with_the_power(void **state)
{
	struct sim_named *tag = put("a", 0xF6);

	(void)state;
	select_tag();
	assert_int_equal(send_crc("\x1B\xFF\xFF\xFF\xFF", 5), 32);
	assert_true(tag->tag.authenticated);
	sim_field_power(&w.field, false);
	sim_field_power(&w.field, true);
	assert_false(tag->tag.authenticated);
	assert_int_equal(tag->tag.state, SIM_IDLE);
}

static void answers_frames_of_any_shape_without_harm(void **state)
{
	uint32_t x = 99;

	(void)state;
	put("a", 0xF6);
	put("b", 0xF7);
	for (int i = 0; i < 50000; i++) {
		uint8_t frame[16];
		size_t bits;

		for (size_t k = 0; k < sizeof(frame); k++) {
			x = x * 1664525 + 1013904223;
			frame[k] = (uint8_t)(x >> 24);
		}
		bits = x >> 8 & 0x7F;
		if (x & 0x8000)
			frame[0] = x & 0x4000 ? 0x93 : 0x95;
		if (x & 0x80000)
			send("\x52", 7);
		send(frame, bits);
		assert_true(w.answer.bits <= sizeof(w.answer.data) * 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, start, finish)
		T(computes_the_crc_of_the_standard),
		T(is_silent_without_power_or_tags),
		T(selects_over_two_cascade_levels),
		T(shows_where_two_answers_differ),
		T(goes_back_to_idle_or_halt_after_a_nak),
		T(answers_a_selected_tag_only),
		T(forgets_its_state_with_the_power),
		T(answers_frames_of_any_shape_without_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
