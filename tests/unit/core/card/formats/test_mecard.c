#include "tests/unit/core/card/card_test.h"

static void reads_an_address_of_seven_parts_or_as_one(void **state)
{
	const struct card *c = read_card(state,
		"MECARD:N:x;ADR:1,2,3\\, b,4,5,6,7;ADR:Main St 1, Town;ADR:a,b,c,d,e,f,g,h;;");

	assert_int_equal(c->addresses.count, 3);
	assert_str(c->addresses.items[0].po_box, "1");
	assert_str(c->addresses.items[0].street, "3, b");
	assert_str(c->addresses.items[0].country, "7");
	assert_str(c->addresses.items[1].street, "Main St 1, Town");
	assert_str(c->addresses.items[2].street, "a,b,c,d,e,f,g,h");
}

static void splits_a_name_at_its_own_comma_only(void **state)
{
	const struct card *c = read_card(state, "MECARD:N:Owen\\, Jr,Sean;;");

	assert_str(c->name.family, "Owen, Jr");
	assert_str(c->name.given, "Sean");
	assert_str(read_card(state, "MECARD:N:Smith\\, Inc;;")->formatted, "Smith, Inc");
}

static void keeps_unknown_fields_under_names_that_mean_nothing_else(void **state)
{
	const struct card *c = read_card(state,
		"MECARD:N:x;TEL-AV:9;SOUND:xx;X-Foo:a\\;b;BEGIN\r\n:VCARD;FN:evil;:none;EMPTY:;;");

	assert_int_equal(c->phones.items[0].kinds, CARD_VIDEO);
	assert_int_equal(c->properties.count, 5);
	assert_str(c->properties.items[0].name, "X-SOUND");
	assert_str(c->properties.items[1].name, "X-Foo");
	assert_str(c->properties.items[1].value, "a\\;b");
	assert_str(c->properties.items[2].name, "X-BEGIN");
	assert_str(c->properties.items[3].name, "X-FN");
	assert_str(c->properties.items[4].name, "X-");
	assert_str(c->formatted, "x");
}

static void refuses_more_fields_than_a_card_may_have(void **state)
{
	struct buf text = BUF_IN(*state);
	struct card_list list;
	struct err e = { 0 };

	buf_lit(&text, "MECARD:");
	for (int i = 0; i < 300; i++)
		buf_lit(&text, "TEL:1;");
	assert_false(card_read(&list, buf_bytes(&text), *state, &e));
	assert_int_equal(e.code, ERR_TOO_LARGE);
	assert_string_equal(e.text, "line 1: more than 200 fields in a card");
}

static void counts_the_lines_of_several_cards(void **state)
{
	struct card_list list = read_bytes(
		state, BYTES("\n\nMECARD:N:a;;\n\nMECARD:N:b;;MECARD:N:c;;"));

	assert_int_equal(list.count, 3);
	assert_int_equal(list.cards[0].line, 3);
	assert_int_equal(list.cards[1].line, 5);
	assert_int_equal(list.cards[2].line, 5);
}

static void tells_the_phones_of_a_bizcard_apart(void **state)
{
	const struct card *c = read_card(
		state, "BIZCARD:N:Sean;X:Owen;B:1;M:2;F:3;A:Main St\\; 1;;");

	assert_str(c->name.given, "Sean");
	assert_str(c->name.family, "Owen");
	assert_int_equal(c->phones.items[0].kinds, CARD_WORK);
	assert_int_equal(c->phones.items[1].kinds, CARD_CELL);
	assert_int_equal(c->phones.items[2].kinds, CARD_FAX);
	assert_str(c->addresses.items[0].street, "Main St; 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		card_test(reads_an_address_of_seven_parts_or_as_one),
		card_test(splits_a_name_at_its_own_comma_only),
		card_test(keeps_unknown_fields_under_names_that_mean_nothing_else),
		card_test(refuses_more_fields_than_a_card_may_have),
		card_test(counts_the_lines_of_several_cards),
		card_test(tells_the_phones_of_a_bizcard_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
