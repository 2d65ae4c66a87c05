#include "tests/unit/test.h"

#include "core/tag/ntag_area.h"

struct tag {
	enum ntag_type type;
	uint8_t mem[924];
	size_t len;
};

static struct tag formatted(enum ntag_type type)
{
	const struct ntag_layout *l = ntag_layout(type);
	struct tag t = { .type = type, .len = (size_t)l->pages * 4 };

	memcpy(t.mem + 12, (uint8_t[]){ 0xE1, 0x10, l->cc_size, 0 }, 4);
	memcpy(t.mem + 16, (uint8_t[]){ 3, 4, 0xD0, 0, 0, 0, 0xFE }, 7);
	memcpy(t.mem + (size_t)(l->lock_page + 1) * 4, (uint8_t[]){ 4, 0, 0, 0xFF }, 4);
	return t;
}

static struct bytes all(const struct tag *t)
{
	return bytes_of(t->mem, t->len);
}

static bool is_empty(const struct tag *t)
{
	struct ntag_ndef ndef;
	struct err e = { 0 };

	return !ntag_find_ndef(&ndef, bytes_of(t->mem + 12, t->len - 12), &e) &&
	       e.code == ERR_NOT_FOUND;
}

/* As the chip would: one-time bits are added, a torn page is half new. */
static void apply(struct tag *t, const struct ntag_page *page, size_t bytes)
{
	bool adds = page->number == 3 || page->number == ntag_layout(t->type)->lock_page;

	for (size_t i = page->number == 2 ? 2 : 0; i < bytes; i++) {
		uint8_t *at = t->mem + (size_t)page->number * 4 + i;

		*at = adds || page->number == 2 ? *at | page->data[i] : page->data[i];
	}
}

static void an_area_in_writing_reads_as_empty_wherever_it_is_torn(void **state)
{
	(void)state;
	for (enum ntag_type type = NTAG_213; type < NTAG_TYPES; type++) {
		const size_t len = ((size_t)ntag_layout(type)->user_last - 3) * 4;
		uint8_t area[924];
		struct ntag_plan plan;
		struct err e = { 0 };

		for (size_t i = 0; i < len; i++)
			area[i] = (uint8_t)(i * 5 + 1);
		memcpy(area, (uint8_t[]){ 3, 9 }, 2);
		for (size_t stop = 0;; stop++) {
			struct tag t = formatted(type);

			assert_true(ntag_write_area(&plan, type, all(&t), bytes_of(area, len), &e));
			for (size_t i = 0; i < stop && i < plan.count; i++)
				apply(&t, &plan.pages[i], 4);
			if (stop == plan.count) {
				assert_memory_equal(t.mem + 16, area, len);
				break;
			}
			apply(&t, &plan.pages[stop], 2);
			if (stop + 1 < plan.count)
				assert_true(is_empty(&t));
			/* and the same again mends it */
			assert_true(ntag_write_area(&plan, type, all(&t), bytes_of(area, len), &e));
			for (size_t i = 0; i < plan.count; i++)
				apply(&t, &plan.pages[i], 4);
			assert_memory_equal(t.mem + 16, area, len);
			assert_true(ntag_write_area(&plan, type, all(&t), bytes_of(area, len), &e));
			assert_int_equal(plan.count, 0);
			t = formatted(type);
			assert_true(ntag_write_area(&plan, type, all(&t), bytes_of(area, len), &e));
		}
	}
}

static void an_area_of_another_length_or_a_locked_page_is_refused(void **state)
{
	struct tag t = formatted(NTAG_213);
	uint8_t area[144] = { 3, 0, 0xFE };
	struct ntag_plan plan;
	struct err e = { 0 };

	(void)state;
	assert_false(ntag_write_area(&plan, NTAG_213, all(&t), bytes_of(area, 140), &e));
	assert_int_equal(e.code, ERR_USAGE);
	t.mem[10] |= 0x10;
	assert_false(ntag_write_area(&plan, NTAG_213, all(&t), bytes_of(area, 144), &e));
	assert_int_equal(e.code, ERR_FORBIDDEN);
	assert_non_null(strstr(e.text, "page 4"));
}

static void locking_closes_every_page_and_can_be_torn_anywhere(void **state)
{
	(void)state;
	for (enum ntag_type type = NTAG_213; type < NTAG_TYPES; type++) {
		struct ntag_plan plan;
		struct err e = { 0 };
		size_t steps = 1;

		for (size_t stop = 0; stop < steps; stop++) {
			struct tag t = formatted(type);

			assert_true(ntag_lock_plan(&plan, type, all(&t), &e));
			steps = plan.count;
			assert_int_equal(steps, 4);
			for (size_t i = 0; i < stop; i++)
				apply(&t, &plan.pages[i], 4);
			apply(&t, &plan.pages[stop], 2);
			assert_true(ntag_lock_plan(&plan, type, all(&t), &e));
			for (size_t i = 0; i < plan.count; i++)
				apply(&t, &plan.pages[i], 4);
			assert_true(ntag_lock_done(type, all(&t)));
			assert_true(ntag_state_of(type, all(&t)).locked);
			assert_true(ntag_state_of(type, all(&t)).config_locked);
			for (uint16_t page = 3; page <= ntag_layout(type)->user_last; page++)
				assert_true(ntag_page_locked(type, all(&t), page));
		}
	}
}

static void a_block_lock_in_the_way_is_named(void **state)
{
	struct tag t = formatted(NTAG_215);
	struct ntag_plan plan;
	struct err e = { 0 };

	(void)state;
	t.mem[10] |= 0x02;
	assert_false(ntag_lock_plan(&plan, NTAG_215, all(&t), &e));
	assert_int_equal(e.code, ERR_FORBIDDEN);
	t = formatted(NTAG_215);
	t.mem[0x82 * 4 + 2] = 0x01;
	assert_false(ntag_lock_plan(&plan, NTAG_215, all(&t), &e));
}

static void a_password_counts_last_and_goes_first(void **state)
{
	struct tag t = formatted(NTAG_216);
	const uint8_t password[4] = { 1, 2, 3, 4 }, pack[2] = { 5, 6 };
	struct ntag_plan plan;
	struct err e = { 0 };

	(void)state;
	t.mem[0xE4 * 4] = 0x85; /* PROT and a limit, from somebody else */
	assert_true(ntag_protect_plan(&plan, NTAG_216, all(&t), password, pack, &e));
	assert_int_equal(plan.count, 4);
	assert_int_equal(plan.pages[0].number, 0xE5);
	assert_memory_equal(plan.pages[0].data, password, 4);
	assert_int_equal(plan.pages[1].number, 0xE6);
	assert_int_equal(plan.pages[2].data[0], 0x00);
	assert_int_equal(plan.pages[3].number, 0xE3);
	assert_memory_equal(plan.pages[3].data, ((uint8_t[]){ 4, 0, 0, 4 }), 4);
	for (size_t i = 0; i < plan.count; i++)
		apply(&t, &plan.pages[i], 4);
	assert_true(ntag_state_of(NTAG_216, all(&t)).protected);
	assert_false(ntag_state_of(NTAG_216, all(&t)).read_protected);
	assert_true(ntag_unprotect_plan(&plan, NTAG_216, all(&t), &e));
	assert_int_equal(plan.pages[0].number, 0xE3);
	assert_int_equal(plan.pages[0].data[3], 0xFF);
	t.mem[0xE4 * 4] |= 0x40;
	assert_false(ntag_protect_plan(&plan, NTAG_216, all(&t), password, pack, &e));
	assert_int_equal(e.code, ERR_FORBIDDEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_area_in_writing_reads_as_empty_wherever_it_is_torn),
		cmocka_unit_test(an_area_of_another_length_or_a_locked_page_is_refused),
		cmocka_unit_test(locking_closes_every_page_and_can_be_torn_anywhere),
		cmocka_unit_test(a_block_lock_in_the_way_is_named),
		cmocka_unit_test(a_password_counts_last_and_goes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
