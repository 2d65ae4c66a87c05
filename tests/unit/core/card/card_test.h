/* For the tests of cards: an arena per test, and reading in one line. */
#pragma once

#include "tests/unit/test.h"

#include "core/card/card.h"
#include "tests/unit/core/card/card_equal.h"

static inline int arena_setup(void **state)
{
	*state = calloc(1, sizeof(struct arena));
	return *state ? 0 : -1;
}

static inline int arena_teardown(void **state)
{
	arena_finish(*state);
	free(*state);
	return 0;
}

#define card_test(f) cmocka_unit_test_setup_teardown(f, arena_setup, arena_teardown)

static inline struct card_list read_bytes(void **state, struct bytes in)
{
	struct card_list list;
	struct err e = { 0 };

	if (!card_read(&list, in, *state, &e))
		fail_msg("refused: %s", e.text);
	return list;
}

/* The only card of text. */
static inline const struct card *read_card(void **state, const char *text)
{
	struct card_list list = read_bytes(state, str_bytes(str_of(text)));

	assert_int_equal(list.count, 1);
	return &list.cards[0];
}

/* The only card, of lines between BEGIN and END. */
static inline const struct card *read_lines(void **state, const char *lines)
{
	return read_card(state, arena_printf(*state, "BEGIN:VCARD\r\n%sEND:VCARD\r\n", lines).p);
}
