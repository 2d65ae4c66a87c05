#include "tests/unit/test.h"

#include "core/tag/ntag.h"

enum { MEM = 924 };

struct tag {
	enum ntag_type type;
	uint8_t mem[MEM];
	size_t len;
};

/* As it leaves the factory. */
static struct tag factory(enum ntag_type type)
{
	const struct ntag_layout *l = ntag_layout(type);
	struct tag t = { .type = type, .len = (size_t)l->pages * 4 };
	static const uint8_t lock_control[] = { 1, 3, 0xA0, 0x0C, 0x34, 3, 0, 0xFE };
	static const uint8_t empty[] = { 3, 0, 0xFE };

	memcpy(t.mem + 12, (uint8_t[]){ 0xE1, 0x10, l->cc_size, 0 }, 4);
	if (type == NTAG_213)
		memcpy(t.mem + 16, lock_control, sizeof(lock_control));
	else
		memcpy(t.mem + 16, empty, sizeof(empty));
	return t;
}

static struct bytes all(const struct tag *t)
{
	return bytes_of(t->mem, t->len);
}

static bool find(const struct tag *t, struct ntag_ndef *out, struct err *e)
{
	return ntag_find_ndef(out, bytes_of(t->mem + 12, t->len - 12), e);
}

static void apply(struct tag *t, const struct ntag_plan *plan, size_t n)
{
	for (size_t i = 0; i < n; i++)
		memcpy(t->mem + (size_t)plan->pages[i].number * 4, plan->pages[i].data, 4);
}

static struct bytes message(uint8_t *to, size_t len, unsigned salt)
{
	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)(i * 7 + salt + 1);
	return bytes_of(to, len);
}

static void tells_the_chips_apart_by_version(void **state)
{
	(void)state;
	assert_int_equal(ntag_type_of_version(BYTES("\x00\x04\x04\x02\x01\x00\x0F\x03")), NTAG_213);
	assert_int_equal(ntag_type_of_version(BYTES("\x00\x04\x04\x02\x01\x00\x11\x03")), NTAG_215);
	assert_int_equal(ntag_type_of_version(BYTES("\x00\x04\x04\x02\x01\x00\x13\x03")), NTAG_216);
	assert_int_equal(
		ntag_type_of_version(BYTES("\x00\x04\x03\x01\x01\x00\x0B\x03")), NTAG_OTHER);
	assert_int_equal(ntag_type_of_version(BYTES("\x00\x04\x04\x02\x01\x00\x0F")), NTAG_OTHER);
}

static void holds_exactly_what_each_chip_can(void **state)
{
	static const struct {
		enum ntag_type type;
		size_t max;
	} cases[] = { { NTAG_213, 141 }, { NTAG_215, 491 }, { NTAG_216, 867 } };
	uint8_t m[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tag t = factory(cases[i].type), was = t;
		struct ntag_plan plan;
		struct ntag_ndef found;
		struct err e = { 0 };
		size_t max = cases[i].max;

		assert_int_equal(ntag_layout(t.type)->ndef_max, max);
		assert_true(ntag_write_ndef(&plan, t.type, all(&t), message(m, max, 0), &e));
		apply(&t, &plan, plan.count);
		assert_true(find(&t, &found, &e));
		assert_true(bytes_equal(found.message, bytes_of(m, max)));
		/* nothing outside the data area was touched, and the terminator is its last byte */
		assert_memory_equal(t.mem, was.mem, 16);
		assert_memory_equal(t.mem + 16 + ntag_layout(t.type)->cc_size * 8,
			was.mem + 16 + ntag_layout(t.type)->cc_size * 8,
			t.len - 16 - ntag_layout(t.type)->cc_size * 8);
		assert_int_equal(t.mem[16 + ntag_layout(t.type)->cc_size * 8 - 1], 0xFE);

		assert_false(ntag_write_ndef(&plan, t.type, all(&was), message(m, max + 1, 0), &e));
		assert_int_equal(e.code, ERR_TOO_LARGE);
	}
}

static void keeps_the_factorys_lock_control_where_there_is_room(void **state)
{
	struct tag t = factory(NTAG_213);
	struct ntag_plan plan;
	struct ntag_ndef found;
	struct err e = { 0 };
	uint8_t m[200];

	(void)state;
	assert_true(ntag_write_ndef(&plan, t.type, all(&t), message(m, 136, 0), &e));
	apply(&t, &plan, plan.count);
	assert_true(find(&t, &found, &e));
	assert_int_equal(found.at, 21);
	assert_memory_equal(t.mem + 16, "\x01\x03\xA0\x0C\x34", 5);

	assert_true(ntag_write_ndef(&plan, t.type, all(&t), message(m, 137, 0), &e));
	apply(&t, &plan, plan.count);
	assert_true(find(&t, &found, &e));
	assert_int_equal(found.at, 16);
	assert_int_equal(found.message.len, 137);
}

/* A page in writing: its first n bytes are new, or its last n. */
static void apply_torn(struct tag *t, const struct ntag_page *page, int n)
{
	uint8_t *to = t->mem + (size_t)page->number * 4;

	if (n > 0)
		memcpy(to, page->data, (size_t)n);
	else
		memcpy(to + 4 + n, page->data + 4 + n, (size_t)-n);
}

/* The old message, nothing, a refusal or the new one; and writing goes on from there. */
static void check_torn(struct tag torn, struct bytes old, struct bytes new, size_t at_most)
{
	struct ntag_plan again;
	struct ntag_ndef found;
	struct err e = { 0 };

	if (find(&torn, &found, &e))
		assert_true(bytes_equal(found.message, old) || bytes_equal(found.message, new));
	assert_true(ntag_write_ndef(&again, torn.type, all(&torn), new, &e));
	assert_true(again.count <= at_most + 2); /* the torn page, and its length */
	apply(&torn, &again, again.count);
	assert_true(find(&torn, &found, &e));
	assert_true(bytes_equal(found.message, new));
}

/* After any page, and in the middle of it. */
static void survives_a_tear_anywhere(void **state)
{
	static const size_t lengths[] = { 0, 1, 40, 136, 137, 141, 254, 255, 491 };
	uint8_t a[512], b[512];

	(void)state;
	for (enum ntag_type type = NTAG_213; type <= NTAG_215; type++)
		for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
			for (size_t j = 1; j < ARRAY_LEN(lengths); j++) {
				struct tag start = factory(type);
				struct ntag_plan plan;
				struct err e = { 0 };
				struct bytes old = message(a, lengths[i], 1);
				struct bytes new = message(b, lengths[j], 2);

				if (old.len > ntag_layout(type)->ndef_max ||
					new.len > ntag_layout(type)->ndef_max)
					continue;
				if (old.len) {
					assert_true(
						ntag_write_ndef(&plan, type, all(&start), old, &e));
					apply(&start, &plan, plan.count);
				}
				assert_true(ntag_write_ndef(&plan, type, all(&start), new, &e));
				for (size_t n = 0; n < plan.count; n++)
					for (int k = -3; k <= 3; k++) {
						struct tag torn = start;

						apply(&torn, &plan, n);
						apply_torn(&torn, &plan.pages[n], k);
						check_torn(torn, old, new, plan.count);
					}
			}
}

/* Between pages it is never even refused: old, empty or new. */
static void reads_as_empty_while_it_is_written(void **state)
{
	struct tag t = factory(NTAG_213);
	struct ntag_plan plan;
	struct ntag_ndef found;
	struct err e = { 0 };
	uint8_t a[200], b[200];

	(void)state;
	assert_true(ntag_write_ndef(&plan, t.type, all(&t), message(a, 100, 1), &e));
	apply(&t, &plan, plan.count);
	assert_true(ntag_write_ndef(&plan, t.type, all(&t), message(b, 141, 2), &e));
	for (size_t n = 1; n < plan.count; n++) {
		struct tag torn = t;

		apply(&torn, &plan, n);
		assert_false(find(&torn, &found, &e));
		assert_string_equal(e.text, "the chip is empty");
	}
}

static void writes_nothing_twice(void **state)
{
	struct tag t = factory(NTAG_215);
	struct ntag_plan plan;
	struct err e = { 0 };
	uint8_t m[64];

	(void)state;
	assert_true(ntag_write_ndef(&plan, t.type, all(&t), message(m, 60, 0), &e));
	apply(&t, &plan, plan.count);
	assert_true(ntag_write_ndef(&plan, t.type, all(&t), message(m, 60, 0), &e));
	assert_int_equal(plan.count, 0);
}

static void pads_so_that_a_long_length_fits_one_page(void **state)
{
	struct tag t = factory(NTAG_216);
	struct ntag_plan plan;
	struct ntag_ndef found;
	struct err e = { 0 };
	uint8_t m[300];

	(void)state;
	/* a control block of somebody's in front, about bytes behind the data area */
	memcpy(t.mem + 16, "\x02\x03\xE0\x04\x36\x03\x00\xFE", 8);
	assert_true(ntag_write_ndef(&plan, t.type, all(&t), message(m, 300, 0), &e));
	apply(&t, &plan, plan.count);
	assert_memory_equal(t.mem + 16, "\x02\x03\xE0\x04\x36\x00\x00\x00\x03\xFF\x01\x2C", 12);
	assert_true(find(&t, &found, &e));
	assert_true(bytes_equal(found.message, bytes_of(m, 300)));
}

static void refuses_locked_and_protected_chips(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
		const char *text;
	} cases[] = {
		{ 10, 0x10, "page 4 of the chip is locked for ever; take another" },
		{ 11, 0x80, "page 15 of the chip is locked for ever; take another" },
		{ 0x82 * 4, 0x01, "page 16 of the chip is locked for ever; take another" },
		{ 0x82 * 4, 0x80, NULL }, /* pages 128 on: beyond the message */
		{ 15, 0x0F, "the chip is write-protected; take another" },
		{ 12, 0x01, "the chip is not formatted for NDEF" },
		{ 14, 0x3F, NULL }, /* all of user memory: more than the factory says, and true */
		{ 14, 0x40, "the chip claims 512 bytes, an NTAG215 has 504; take another" },
	};
	uint8_t m[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct tag t = factory(NTAG_215);
		struct ntag_plan plan;
		struct err e = { 0 };
		bool ok;

		t.mem[cases[i].at] = cases[i].value;
		ok = ntag_write_ndef(&plan, t.type, all(&t), message(m, 100, 0), &e);
		assert_int_equal(ok, cases[i].text == NULL);
		if (!ok)
			assert_string_equal(e.text, cases[i].text);
	}
}

static void locks_by_two_pages_on_a_213(void **state)
{
	struct tag t = factory(NTAG_213);

	(void)state;
	t.mem[0x28 * 4] = 3; /* 16 to 19, facts of NXP's thread 399134 */
	assert_false(ntag_page_locked(t.type, all(&t), 15));
	assert_true(ntag_page_locked(t.type, all(&t), 16));
	assert_true(ntag_page_locked(t.type, all(&t), 19));
	assert_false(ntag_page_locked(t.type, all(&t), 20));
	t.mem[0x28 * 4 + 1] = 8;
	assert_true(ntag_page_locked(t.type, all(&t), 0x27));
}

static void formats_a_chip_that_never_was(void **state)
{
	struct tag t = { .type = NTAG_213, .len = 180 };
	struct ntag_plan plan;
	struct ntag_ndef found;
	struct err e = { 0 };

	(void)state;
	assert_false(find(&t, &found, &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	assert_true(ntag_write_ndef(&plan, t.type, all(&t), BYTES("\xD0\x00\x00"), &e));
	assert_int_equal(plan.pages[0].number, 3);
	apply(&t, &plan, plan.count);
	assert_memory_equal(t.mem + 12, "\xE1\x10\x12\x00\x03\x03\xD0\x00\x00\xFE\x00\x00", 12);
}

static void asks_for_what_it_has_not_seen(void **state)
{
	struct tag t = factory(NTAG_216);
	struct ntag_plan plan;
	struct ntag_ndef found;
	struct err e = { 0 };
	uint8_t m[900];
	size_t have = 0;

	(void)state;
	assert_true(ntag_write_ndef(&plan, t.type, all(&t), message(m, 867, 0), &e));
	apply(&t, &plan, plan.count);
	for (int steps = 0;; steps++) {
		assert_true(steps < 20);
		assert_true(ntag_find_ndef(&found, bytes_of(t.mem + 12, have), &e));
		if (!found.more)
			break;
		have += found.more;
		assert_true(have <= t.len - 12);
	}
	assert_int_equal(have, 4 + 4 + 867);
	assert_true(bytes_equal(found.message, bytes_of(m, 867)));
}

static void reads_past_blocks_that_are_not_ours(void **state)
{
	struct ntag_ndef found;
	struct err e = { 0 };

	(void)state;
	assert_true(ntag_find_ndef(&found,
		BYTES("\xE1\x10\x12\x00"
		      "\x00\x00\xFD\x02\xAA\xBB\x01\x03\xA0\x0C\x34\x02\x03\xF0\x02\x04\x77\x00"
		      "\x03\x03\xD0\x00\x00\xFE"),
		&e));
	assert_int_equal(found.more, 0);
	assert_true(bytes_equal(found.message, BYTES("\xD0\x00\x00")));
}

static void names_what_is_wrong_with_memory(void **state)
{
	static const struct {
		const char *mem;
		size_t len;
		enum err_code code;
		const char *text;
	} cases[] = {
		{ "\xE1\x10\x01\x00\x03\x07xxxxxxx", 13, ERR_MALFORMED,
			"block 0x03 at page 4 runs past the end of the tag" },
		{ "\xE1\x10\x01\x00\x00\x00\x00\x00\x00\x00\x00\x03", 12, ERR_MALFORMED,
			"block 0x03 at page 5 runs past the end of the tag" },
		{ "\xE1\x10\x01\x00\x00\x00\x00\x00\x03\xFF\x00\x01", 12, ERR_MALFORMED,
			"block 0x03 at page 5 runs past the end of the tag" },
		{ "\xE1\x10\x12\x00\x01\x02\x00\x00\x00\x00", 10, ERR_MALFORMED,
			"control block 0x01 has 2 bytes, not 3" },
		{ "\xE1\x10\x12\x00\x01\x03\x50\x08\x04\x00", 10, ERR_UNSUPPORTED,
			"control block 0x01 reserves bytes among the data" },
		{ "\xE1\x20\x12\x00\x03\x00", 6, ERR_UNSUPPORTED,
			"the chip is formatted by version 2.0 of Type 2" },
		{ "\xE1\x10\x12\xF0\x03\x00", 6, ERR_FORBIDDEN,
			"the chip allows no reading (CC byte 3 is f0)" },
		{ "\xE1\x10\x12\x00\x03\x00", 6, ERR_NOT_FOUND, "the chip is empty" },
		{ "\xE1\x10\x12\x00\xFE\x00", 6, ERR_NOT_FOUND, "the chip is empty" },
		{ "\xE1\x10\x00\x00\x03\x01\x00", 7, ERR_NOT_FOUND, "the chip is empty" },
		{ "\x00\x00\x00\x00", 4, ERR_NOT_FOUND, "the chip is not formatted for NDEF" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ntag_ndef found;
		struct err e = { 0 };
		bool ok = ntag_find_ndef(&found, bytes_of(cases[i].mem, cases[i].len), &e);

		assert_false(ok);
		assert_string_equal(e.text, cases[i].text);
		assert_int_equal(e.code, cases[i].code);
	}
}

static void writes_no_other_chip(void **state)
{
	struct ntag_plan plan;
	struct err e = { 0 };
	uint8_t mem[64] = { 0 };

	(void)state;
	assert_false(ntag_write_ndef(&plan, NTAG_OTHER, BYTES(""), BYTES("x"), &e));
	assert_int_equal(e.code, ERR_UNSUPPORTED);
	assert_false(ntag_write_ndef(&plan, NTAG_213, bytes_of(mem, 64), BYTES("x"), &e));
	assert_int_equal(e.code, ERR_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_chips_apart_by_version),
		cmocka_unit_test(holds_exactly_what_each_chip_can),
		cmocka_unit_test(keeps_the_factorys_lock_control_where_there_is_room),
		cmocka_unit_test(survives_a_tear_anywhere),
		cmocka_unit_test(reads_as_empty_while_it_is_written),
		cmocka_unit_test(writes_nothing_twice),
		cmocka_unit_test(pads_so_that_a_long_length_fits_one_page),
		cmocka_unit_test(refuses_locked_and_protected_chips),
		cmocka_unit_test(locks_by_two_pages_on_a_213),
		cmocka_unit_test(formats_a_chip_that_never_was),
		cmocka_unit_test(asks_for_what_it_has_not_seen),
		cmocka_unit_test(reads_past_blocks_that_are_not_ours),
		cmocka_unit_test(names_what_is_wrong_with_memory),
		cmocka_unit_test(writes_no_other_chip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
