#include "tests/unit/test.h"

#include "core/base/text.h"
#include "firmware-tools/chipsim/tag.h"

static const uint8_t uid[SIM_UID_LEN] = { 0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6 };

/* Where each kind's parts stand (facts: NTAG213/215/216 data sheet, tables 5 to 7). */
static const struct layout {
	const char *name;
	uint8_t pages, last_user, dynamic, cfg0, cfg1, pwd, pack;
} layouts[] = {
	{ "ntag213", 45, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C },
	{ "ntag215", 135, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86 },
	{ "ntag216", 231, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6 },
};

struct world {
	struct sim_tag tag;
	uint8_t memory[1024];
	struct buf out;
	uint64_t ns;
};

static void fresh(struct world *w, const char *name)
{
	sim_tag_init(&w->tag, sim_kind_named(str_of(name)), uid);
}

static enum sim_answer say(struct world *w, size_t len, ...)
{
	uint8_t command[16];
	va_list args;

	va_start(args, len);
	for (size_t i = 0; i < len; i++)
		command[i] = (uint8_t)va_arg(args, int);
	va_end(args);
	w->out = BUF_ON(w->memory);
	return sim_tag_command(&w->tag, bytes_of(command, len), &w->out, &w->ns);
}

static void assert_hex(struct world *w, const char *expected)
{
	char memory[2048];
	struct buf text = BUF_ON(memory);

	hex_write(&text, buf_bytes(&w->out));
	assert_str(buf_str(&text), expected);
}

static void assert_page(struct world *w, size_t page, const char *expected)
{
	char memory[16];
	struct buf text = BUF_ON(memory);

	hex_write(&text, bytes_of(w->tag.mem[page], 4));
	assert_str(buf_str(&text), expected);
}

static void is_made_blank_and_formatted(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 2, 0x30, 0x00), SIM_DATA);
	assert_hex(&w, "04a1b29fc3d4e5f604480000e1101200");
	fresh(&w, "ntag215");
	assert_int_equal(say(&w, 2, 0x30, 0x03), SIM_DATA);
	assert_hex(&w, "e1103e000300fe000000000000000000");
	fresh(&w, "ntag216");
	assert_int_equal(say(&w, 2, 0x30, 0x03), SIM_DATA);
	assert_hex(&w, "e1106d000300fe000000000000000000");
}

static void gives_its_version_signature_and_size(void **state)
{
	static const char *const versions[] = { "0004040201000f03", "0004040201001103",
		"0004040201001303" };
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		fresh(&w, layouts[i].name);
		assert_int_equal(sim_tag_dump(&w.tag).len, layouts[i].pages * 4);
		assert_int_equal(say(&w, 1, 0x60), SIM_DATA);
		assert_hex(&w, versions[i]);
		assert_int_equal(say(&w, 2, 0x3C, 0x00), SIM_DATA);
		assert_int_equal(w.out.len, 32);
		assert_int_equal(say(&w, 2, 0x3C, 0x01), SIM_NAK_ARGUMENT);
	}
}

static void rolls_over_behind_the_last_page(void **state)
{
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		const struct layout *l = &layouts[i];

		fresh(&w, l->name);
		assert_int_equal(say(&w, 2, 0x30, l->pages), SIM_NAK_ARGUMENT);
		assert_int_equal(say(&w, 2, 0x30, 0xFF), SIM_NAK_ARGUMENT);
		/* PACK and three pages from the front */
		assert_int_equal(say(&w, 2, 0x30, l->pack), SIM_DATA);
		assert_hex(&w, "0000000004a1b29fc3d4e5f604480000");
		/* the password never reads back */
		assert_int_equal(say(&w, 2, 0x30, l->cfg0), SIM_DATA);
		assert_hex(&w, "040000ff000500000000000000000000");
	}
}

static void reads_fast_up_to_the_last_page_only(void **state)
{
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		const struct layout *l = &layouts[i];

		fresh(&w, l->name);
		assert_int_equal(say(&w, 3, 0x3A, 0x00, l->pages - 1), SIM_DATA);
		assert_int_equal(w.out.len, l->pages * 4);
		assert_int_equal(say(&w, 3, 0x3A, 0x04, 0x04), SIM_DATA);
		assert_hex(&w, "0300fe00");
		assert_int_equal(say(&w, 3, 0x3A, 0x00, l->pages), SIM_NAK_ARGUMENT);
		assert_int_equal(say(&w, 3, 0x3A, 0x05, 0x04), SIM_NAK_ARGUMENT);
	}
}

static void writes_user_memory_and_nothing_before_it(void **state)
{
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		const struct layout *l = &layouts[i];

		fresh(&w, l->name);
		assert_int_equal(say(&w, 6, 0xA2, 0, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
		assert_int_equal(say(&w, 6, 0xA2, 1, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
		assert_int_equal(say(&w, 6, 0xA2, 4, 1, 2, 3, 4), SIM_ACK);
		assert_true(w.ns > 0);
		assert_page(&w, 4, "01020304");
		assert_int_equal(say(&w, 6, 0xA2, l->last_user, 5, 6, 7, 8), SIM_ACK);
		assert_page(&w, l->last_user, "05060708");
		assert_int_equal(say(&w, 6, 0xA2, l->pages, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
		assert_int_equal(w.tag.writes, 2);
	}
}

static void writes_in_two_steps_as_a_classic_does(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 2, 0xA0, 5), SIM_ACK);
	assert_int_equal(
		say(&w, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), SIM_ACK);
	assert_page(&w, 5, "01020304");
	assert_page(&w, 6, "00000000");
	assert_int_equal(say(&w, 2, 0xA0, 0), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 2, 0xA0, 5), SIM_ACK);
	assert_int_equal(say(&w, 2, 0x30, 5), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 2, 0x30, 5), SIM_DATA);
}

static void never_takes_back_a_bit_of_locks_and_capability_container(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 6, 0xA2, 3, 0x00, 0x00, 0x00, 0x0F), SIM_ACK);
	assert_page(&w, 3, "e110120f");
	assert_int_equal(say(&w, 6, 0xA2, 2, 0xAA, 0xAA, 0x10, 0x80), SIM_ACK);
	assert_page(&w, 2, "04481080"); /* check byte and internal byte stay */
	assert_int_equal(say(&w, 6, 0xA2, 2, 0, 0, 0, 0), SIM_ACK);
	assert_page(&w, 2, "04481080");
	assert_int_equal(say(&w, 6, 0xA2, 4, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 6, 0xA2, 5, 1, 2, 3, 4), SIM_ACK);
	assert_int_equal(say(&w, 6, 0xA2, 15, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 6, 0xA2, 2, 0, 0, 0x08, 0), SIM_ACK);
	assert_int_equal(say(&w, 6, 0xA2, 3, 0xFF, 0xFF, 0xFF, 0xFF), SIM_NAK_ARGUMENT);
}

static void freezes_lock_bits_by_their_block_bit(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag215");
	assert_int_equal(say(&w, 6, 0xA2, 2, 0, 0, 0x02, 0x00), SIM_ACK); /* pages 4 to 9 */
	assert_int_equal(say(&w, 6, 0xA2, 2, 0, 0, 0xF0, 0xFF), SIM_ACK);
	assert_page(&w, 2, "044802fc");
	assert_int_equal(say(&w, 6, 0xA2, 9, 1, 2, 3, 4), SIM_ACK);
	assert_int_equal(say(&w, 6, 0xA2, 10, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
}

/* NXP community thread 399134: 16 to 19 of a 213 are 03 00 00; 00 00 3F only blocks. */
static void locks_user_pages_by_the_dynamic_bits(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 6, 0xA2, 0x28, 0x03, 0x00, 0x00, 0x00), SIM_ACK);
	assert_page(&w, 0x28, "030000bd");
	for (int page = 16; page < 20; page++)
		assert_int_equal(say(&w, 6, 0xA2, page, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 6, 0xA2, 20, 1, 2, 3, 4), SIM_ACK);
	assert_int_equal(say(&w, 6, 0xA2, 0x28, 0x00, 0x00, 0x3F, 0x00), SIM_ACK);
	assert_int_equal(say(&w, 6, 0xA2, 0x28, 0xFF, 0xFF, 0xFF, 0xFF), SIM_ACK);
	assert_page(&w, 0x28, "03003fbd");
	assert_int_equal(say(&w, 6, 0xA2, 20, 1, 2, 3, 4), SIM_ACK);

	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		static const char *const full[] = { "ff0f3fbd", "ff000fbd", "ff3f7fbd" };
		const struct layout *l = &layouts[i];

		fresh(&w, l->name);
		assert_int_equal(say(&w, 6, 0xA2, l->dynamic, 0xFF, 0xFF, 0, 0), SIM_ACK);
		assert_int_equal(say(&w, 6, 0xA2, l->dynamic, 0, 0, 0xFF, 0xFF), SIM_ACK);
		assert_page(&w, l->dynamic, full[i]);
		assert_int_equal(say(&w, 6, 0xA2, 15, 1, 2, 3, 4), SIM_ACK);
		assert_int_equal(say(&w, 6, 0xA2, 16, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
		assert_int_equal(say(&w, 6, 0xA2, l->last_user, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
		assert_int_equal(say(&w, 6, 0xA2, l->cfg0, 4, 0, 0, 0xFF), SIM_ACK);
	}
}

static void protects_writing_from_auth0_on(void **state)
{
	struct world w;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		const struct layout *l = &layouts[i];

		fresh(&w, l->name);
		assert_int_equal(say(&w, 6, 0xA2, l->pwd, 1, 2, 3, 4), SIM_ACK);
		assert_int_equal(say(&w, 6, 0xA2, l->pack, 0xCA, 0xFE, 9, 9), SIM_ACK);
		assert_page(&w, l->pack, "cafe0000");
		assert_int_equal(say(&w, 6, 0xA2, l->cfg0, 4, 0, 0, 0x06), SIM_ACK);
		assert_int_equal(say(&w, 6, 0xA2, 5, 1, 2, 3, 4), SIM_ACK);
		assert_int_equal(say(&w, 6, 0xA2, 6, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
		assert_int_equal(say(&w, 2, 0x30, 6), SIM_DATA); /* PROT is 0 */
		assert_int_equal(say(&w, 5, 0x1B, 1, 2, 3, 5), SIM_NAK_AUTH);
		assert_int_equal(say(&w, 6, 0xA2, 6, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
		assert_int_equal(say(&w, 5, 0x1B, 1, 2, 3, 4), SIM_DATA);
		assert_hex(&w, "cafe");
		assert_int_equal(say(&w, 6, 0xA2, 6, 1, 2, 3, 4), SIM_ACK);
		sim_tag_power_up(&w.tag);
		assert_int_equal(say(&w, 6, 0xA2, 6, 1, 2, 3, 4), SIM_NAK_ARGUMENT);
	}
}

static void protects_reading_too_when_prot_is_set(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 6, 0xA2, 0x2A, 0x80, 5, 0, 0), SIM_ACK);
	assert_int_equal(say(&w, 6, 0xA2, 0x29, 4, 0, 0, 0x08), SIM_ACK);
	assert_int_equal(say(&w, 2, 0x30, 8), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 3, 0x3A, 4, 8), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 3, 0x3A, 4, 7), SIM_DATA);
	assert_int_equal(say(&w, 2, 0x30, 7), SIM_DATA); /* page 7, then from the front */
	assert_hex(&w, "0000000004a1b29fc3d4e5f604480000");
	assert_int_equal(say(&w, 5, 0x1B, 0xFF, 0xFF, 0xFF, 0xFF), SIM_DATA);
	assert_int_equal(say(&w, 2, 0x30, 8), SIM_DATA);
}

static void stays_shut_after_too_many_wrong_passwords(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 6, 0xA2, 0x2A, 0x02, 5, 0, 0), SIM_ACK);
	assert_int_equal(say(&w, 5, 0x1B, 0, 0, 0, 0), SIM_NAK_AUTH);
	assert_int_equal(say(&w, 5, 0x1B, 0xFF, 0xFF, 0xFF, 0xFF), SIM_DATA);
	assert_int_equal(say(&w, 5, 0x1B, 0, 0, 0, 0), SIM_NAK_AUTH);
	assert_int_equal(say(&w, 5, 0x1B, 0, 0, 0, 0), SIM_NAK_AUTH);
	assert_int_equal(say(&w, 5, 0x1B, 0xFF, 0xFF, 0xFF, 0xFF), SIM_NAK_AUTH);
	sim_tag_power_up(&w.tag);
	assert_int_equal(say(&w, 5, 0x1B, 0xFF, 0xFF, 0xFF, 0xFF), SIM_NAK_AUTH);
}

static void keeps_a_locked_configuration_but_not_its_password(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag216");
	assert_int_equal(say(&w, 6, 0xA2, 0xE4, 0x40, 5, 0, 0), SIM_ACK);
	assert_int_equal(say(&w, 6, 0xA2, 0xE4, 0x00, 5, 0, 0), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 6, 0xA2, 0xE3, 4, 0, 0, 0), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 6, 0xA2, 0xE5, 1, 2, 3, 4), SIM_ACK);
}

static void counts_the_first_reading_after_power_up(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 2, 0x39, 0x02), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 6, 0xA2, 0x2A, 0x10, 5, 0, 0), SIM_ACK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(say(&w, 2, 0x30, 4), SIM_DATA);
	sim_tag_power_up(&w.tag);
	assert_int_equal(say(&w, 3, 0x3A, 4, 5), SIM_DATA);
	assert_int_equal(say(&w, 2, 0x39, 0x02), SIM_DATA);
	assert_hex(&w, "020000");
	assert_int_equal(say(&w, 2, 0x39, 0x00), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 6, 0xA2, 0x2A, 0x18, 5, 0, 0), SIM_ACK);
	assert_int_equal(say(&w, 2, 0x39, 0x02), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 5, 0x1B, 0xFF, 0xFF, 0xFF, 0xFF), SIM_DATA);
	assert_int_equal(say(&w, 2, 0x39, 0x02), SIM_DATA);
}

static void mirrors_uid_and_counter_into_what_is_read(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 6, 0xA2, 0x2A, 0x10, 5, 0, 0), SIM_ACK);
	assert_int_equal(say(&w, 6, 0xA2, 0x29, 0xD4, 0, 5, 0xFF), SIM_ACK);
	assert_int_equal(say(&w, 3, 0x3A, 5, 10), SIM_DATA);
	assert_true(bytes_equal(buf_bytes(&w.out), bytes_of("\0"
							    "04A1B2C3D4E5F6x000001\0\0",
							   24)));
	assert_page(&w, 5, "00000000"); /* only on the way out */
	assert_int_equal(say(&w, 6, 0xA2, 0x29, 0x44, 0, 5, 0xFF), SIM_ACK);
	assert_int_equal(say(&w, 3, 0x3A, 5, 9), SIM_DATA);
	assert_true(bytes_equal(buf_bytes(&w.out), bytes_of("04A1B2C3D4E5F6\0\0\0\0\0\0", 20)));
	/* never over the locks behind user memory */
	assert_int_equal(say(&w, 6, 0xA2, 0x29, 0x44, 0, 0x27, 0xFF), SIM_ACK);
	assert_int_equal(say(&w, 3, 0x3A, 0x27, 0x28), SIM_DATA);
	assert_true(bytes_equal(buf_bytes(&w.out), bytes_of("04A1\0\0\0\xBD", 8)));
}

static void refuses_what_it_does_not_know(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 2, 0x60, 0x00), SIM_SILENT);
	assert_int_equal(say(&w, 1, 0x30), SIM_SILENT);
	assert_int_equal(say(&w, 5, 0xA2, 4, 1, 2, 3), SIM_SILENT);
	assert_int_equal(say(&w, 2, 0xE0, 0x80), SIM_NAK_ARGUMENT);
	assert_int_equal(say(&w, 0), SIM_NAK_ARGUMENT);
}

static void leaves_a_page_half_written_when_it_is_torn_away(void **state)
{
	struct world w;

	(void)state;
	fresh(&w, "ntag213");
	assert_int_equal(say(&w, 6, 0xA2, 6, 0x11, 0x22, 0x33, 0x44), SIM_ACK);
	sim_tag_tear(&w.tag, BYTES("\xA2\x06\xAA\xBB\xCC\xDD"));
	assert_page(&w, 6, "aabb3344");
	sim_tag_tear(&w.tag, BYTES("\xA2\x01\xAA\xBB\xCC\xDD"));
	assert_page(&w, 1, "c3d4e5f6");
	sim_tag_tear(&w.tag, BYTES("\x30\x06"));
	assert_page(&w, 6, "aabb3344");
	assert_int_equal(sim_tag_cost(BYTES("\x3A\x03\x27")), 37);
	assert_int_equal(sim_tag_cost(BYTES("\x30\x03")), 1);
}

static void loads_its_own_dump_and_refuses_another(void **state)
{
	struct world w, again;
	struct err e;
	uint8_t copy[924];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		struct bytes dump;

		fresh(&w, layouts[i].name);
		assert_int_equal(say(&w, 6, 0xA2, layouts[i].pwd, 1, 2, 3, 4), SIM_ACK);
		dump = sim_tag_dump(&w.tag);
		assert_true(sim_tag_load(&again.tag, dump, &e));
		assert_true(bytes_equal(sim_tag_dump(&again.tag), dump));
		assert_memory_equal(again.tag.signature, w.tag.signature, 32);
		memcpy(copy, dump.p, dump.len);
		copy[3] ^= 1;
		assert_false(sim_tag_load(&again.tag, bytes_of(copy, dump.len), &e));
		assert_non_null(strstr(e.text, "check bytes"));
		assert_false(sim_tag_load(&again.tag, bytes_of(copy, dump.len - 4), &e));
		assert_int_equal(e.code, ERR_MALFORMED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_made_blank_and_formatted),
		cmocka_unit_test(gives_its_version_signature_and_size),
		cmocka_unit_test(rolls_over_behind_the_last_page),
		cmocka_unit_test(reads_fast_up_to_the_last_page_only),
		cmocka_unit_test(writes_user_memory_and_nothing_before_it),
		cmocka_unit_test(writes_in_two_steps_as_a_classic_does),
		cmocka_unit_test(never_takes_back_a_bit_of_locks_and_capability_container),
		cmocka_unit_test(freezes_lock_bits_by_their_block_bit),
		cmocka_unit_test(locks_user_pages_by_the_dynamic_bits),
		cmocka_unit_test(protects_writing_from_auth0_on),
		cmocka_unit_test(protects_reading_too_when_prot_is_set),
		cmocka_unit_test(stays_shut_after_too_many_wrong_passwords),
		cmocka_unit_test(keeps_a_locked_configuration_but_not_its_password),
		cmocka_unit_test(counts_the_first_reading_after_power_up),
		cmocka_unit_test(mirrors_uid_and_counter_into_what_is_read),
		cmocka_unit_test(refuses_what_it_does_not_know),
		cmocka_unit_test(leaves_a_page_half_written_when_it_is_torn_away),
		cmocka_unit_test(loads_its_own_dump_and_refuses_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
