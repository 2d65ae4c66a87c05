#include "tests/unit/core/card/card_test.h"

static void names_a_person_by_the_best_that_is_there(void **state)
{
	static const struct {
		const char *lines, *name;
	} cases[] = {
		{ "FN:Ana Maria\r\nN:X;Y\r\n", "Ana Maria" },
		{ "N:Doe;John;Q.;Dr.;Jr.\r\nORG:ACME\r\n", "Dr. John Q. Doe Jr." },
		{ "FN:\r\nORG:ACME;Lab\r\nEMAIL:a@b\r\n", "ACME" },
		{ "ORG:;Lab\r\n", "Lab" },
		{ "EMAIL:a@b\r\nEMAIL;PREF=1:c@d\r\n", "c@d" },
		{ "NICKNAME:Bob\r\n", "Bob" },
		{ "TEL:1\r\n", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_str(card_display_name(read_lines(state, cases[i].lines), *state),
			cases[i].name);
}

static void shows_a_short_name_in_public(void **state)
{
	static const struct {
		const char *lines, *name;
	} cases[] = {
		{ "N:Müller;Ana Maria;;Dr.;\r\nFN:x\r\n", "Ana M." },
		{ "N:\xC3\x89mile;Zo\xC3\xAB;;;\r\n", "Zoë É." },
		{ "N:E\xCC\x81mile;Zo\xC3\xAB;;;\r\n", "Zoë E\xCC\x81." },
		{ "FN:Dr. Ana Maria Müller, PhD\r\n", "Ana M." },
		{ "FN:J. Smith\r\n", "J. S." },
		{ "FN:Cher\r\n", "Cher" },
		{ "N:Gump;\r\n", "Gump" },
		{ "N:;Only;;;\r\n", "Only" },
		{ "ORG:ACME\r\n", "ACME" },
		{ "KIND:org\r\nFN:ACME Big Inc.\r\n", "ACME Big Inc." },
		{ "EMAIL:secret@example.org\r\nTEL:1\r\n", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_str(
			card_short_name(read_lines(state, cases[i].lines), *state), cases[i].name);
	assert_str(card_short_name_of(STR("Łukasz Żak"), *state), "Łukasz Ż.");
	assert_str(card_short_name_of(STR(""), *state), "");
	assert_str(card_short_name_of(STR("Prof."), *state), "Prof.");
}

static void prefers_the_lowest_number(void **state)
{
	const struct card *c = read_lines(state, "EMAIL:none@x\r\nEMAIL;PREF=50:mid@x\r\nEMAIL;"
						 "TYPE=pref:top@x\r\nEMAIL;PREF=1:late@x\r\n");

	assert_str(card_preferred(&c->emails)->value, "top@x");
	assert_null(card_preferred(&c->phones));
}

static void strips_the_scheme_of_a_phone(void **state)
{
	const struct card *c = read_lines(state, "TEL;VALUE=uri:tel:+1-555\r\nTEL:+2\r\n");

	assert_str(c->phones.items[0].value, "tel:+1-555");
	assert_str(card_phone_number(&c->phones.items[0]), "+1-555");
	assert_str(card_phone_number(&c->phones.items[1]), "+2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		card_test(names_a_person_by_the_best_that_is_there),
		card_test(shows_a_short_name_in_public),
		card_test(prefers_the_lowest_number),
		card_test(strips_the_scheme_of_a_phone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
