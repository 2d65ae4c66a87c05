#include "tests/unit/core/card/card_test.h"

#include "core/base/limits.h"

static void reads_every_field(void **state)
{
	const struct card *c = read_lines(state,
		"VERSION:3.0\r\nN:Doe;John;Quincy,Q;Dr.;Jr.\r\nFN:Dr. John Doe\r\nNICKNAME:JD\r\n"
		"ORG:ACME\\; Inc.;Lab;;West\r\nTITLE:Lead\r\nROLE:Boss\r\nBDAY:1980-01-02\r\n"
		"EMAIL;TYPE=INTERNET,WORK,pref:j@x\r\nTEL;TYPE=CELL;TYPE=x-car:1\r\n"
		"URL:http\\://x/\r\nADR;TYPE=HOME:1;2;3;4;5;6;7\r\nNOTE: a\\nb \r\n"
		"CATEGORIES:VIP,a\\,b\r\nCATEGORIES:c\r\nLANG:de\r\nUID:u1\r\nREV:2026\r\nX-A;B=c:"
		"d\\;e\r\n");

	assert_str(c->name.family, "Doe");
	assert_str(c->name.given, "John");
	assert_str(c->name.additional, "Quincy,Q");
	assert_str(c->name.prefix, "Dr.");
	assert_str(c->name.suffix, "Jr.");
	assert_str(c->formatted, "Dr. John Doe");
	assert_str(c->nickname, "JD");
	assert_str(c->organization, "ACME; Inc.");
	assert_int_equal(c->units.count, 2);
	assert_str(c->units.items[1], "West");
	assert_str(c->title, "Lead");
	assert_str(c->role, "Boss");
	assert_str(c->birthday, "1980-01-02");
	assert_str(c->emails.items[0].value, "j@x");
	assert_int_equal(c->emails.items[0].kinds, CARD_WORK);
	assert_int_equal(c->emails.items[0].pref, 1);
	assert_int_equal(c->phones.items[0].kinds, CARD_CELL);
	assert_str(c->phones.items[0].other_types, "x-car");
	assert_str(c->urls.items[0].value, "http://x/");
	assert_str(c->addresses.items[0].po_box, "1");
	assert_str(c->addresses.items[0].country, "7");
	assert_str(c->notes.items[0], " a\nb ");
	assert_int_equal(c->categories.count, 3);
	assert_str(c->categories.items[1], "a,b");
	assert_str(c->languages.items[0], "de");
	assert_str(c->uid, "u1");
	assert_str(c->rev, "2026");
	assert_int_equal(c->properties.count, 1);
	assert_str(c->properties.items[0].params, "B=c");
	assert_str(c->properties.items[0].value, "d\\;e");
}

static void reads_quoted_printable_of_21(void **state)
{
	const struct card *c = read_lines(state,
		"VERSION:2.1\r\nN;CHARSET=UTF-8;QUOTED-PRINTABLE:M=C3=BC=\r\nller;J=C3=BCrgen\r\n"
		"NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo=\r\n=0A=3\r\n"
		"X-Y;ENCODING=QUOTED-PRINTABLE;Z=1:=C3=BC\r\n");

	assert_int_equal(c->format, CARD_VCARD_21);
	assert_str(c->name.family, "Müller");
	assert_str(c->name.given, "Jürgen");
	assert_str(c->notes.items[0], "one\ntwo\n=3");
	assert_str(c->properties.items[0].params, "Z=1");
	assert_str(c->properties.items[0].value, "ü");
}

#define SENT(literal)                                                                              \
	{                                                                                          \
		(const uint8_t *)("" literal), sizeof(literal) - 1                                 \
	}

static void reads_every_character_set(void **state)
{
	static const struct {
		struct bytes in;
		const char *name;
	} cases[] = {
		{ SENT("\xEF\xBB\xBF"
		       "BEGIN:VCARD\nFN:J\xC3\xBCrgen\n"),
			"Jürgen" },
		{ SENT("BEGIN:VCARD\nFN:J\xFCrgen \x80\n"), "Jürgen €" },
		{ SENT("BEGIN:VCARD\nFN;CHARSET=UTF-8:J\xFCrgen\n"), "Jürgen" },
		{ SENT("BEGIN:VCARD\nFN;CHARSET=ISO-8859-1:J\xFCrgen\n"), "Jürgen" },
		/* UTF-8 under a wrong label */
		{ SENT("BEGIN:VCARD\nFN;CHARSET=ISO-8859-1:J\xC3\xBCrgen\n"), "Jürgen" },
		/* the second byte of the first character is a backslash */
		{ SENT("BEGIN:VCARD\nFN;CHARSET=SHIFT_JIS:\x94\x5C;\x97\x5C\n"), "能;予" },
		{ SENT("BEGIN:VCARD\nFN;CHARSET=windows-1251:\xC0\xED\xED\xE0\n"), "Анна" },
		/* a set that nobody knows */
		{ SENT("BEGIN:VCARD\nFN;CHARSET=x-none:J\xFCrgen\n"), "Jürgen" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_str(read_bytes(state, cases[i].in).cards[0].formatted, cases[i].name);
}

static struct bytes utf16(void **state, const char *text, bool big_endian, bool mark)
{
	struct buf out = BUF_IN(*state);
	struct str s = str_of(text);

	if (mark)
		buf_add(&out, big_endian ? BYTES("\xFE\xFF") : BYTES("\xFF\xFE"));
	for (size_t i = 0; i < s.len; i++) {
		buf_add_u8(&out, big_endian ? 0 : (uint8_t)s.p[i]);
		buf_add_u8(&out, big_endian ? (uint8_t)s.p[i] : 0);
	}
	/* U+1F600 as a pair, and a half alone */
	buf_add(&out,
		big_endian ? BYTES("\xD8\x3D\xDE\x00\xD8\x3D") : BYTES("\x3D\xD8\x00\xDE\x3D\xD8"));
	return buf_bytes(&out);
}

static void reads_utf16_marked_or_not(void **state)
{
	for (int i = 0; i < 4; i++) {
		struct bytes in = utf16(
			state, "BEGIN:VCARD\r\nFN;CHARSET=UTF-16:Jo ", i & 1, i & 2);

		assert_str(read_bytes(state, in).cards[0].formatted,
			"Jo \xF0\x9F\x98\x80\xEF\xBF\xBD");
	}
}

static void ends_a_card_where_the_next_begins(void **state)
{
	struct card_list list = read_bytes(
		state, BYTES("BEGIN:VCARD\nFN:One\nBEGIN:VCARD\nFN:Two\nend : "
			     "x\nEND:vCard\nFN:x\nBEGIN:VCARD\nFN:Three"));

	assert_int_equal(list.count, 3);
	assert_str(list.cards[1].formatted, "Two");
	assert_str(list.cards[2].formatted, "Three");
	assert_int_equal(list.cards[2].line, 8);
}

static void reads_files_that_were_joined_with_their_byte_order_marks(void **state)
{
	struct card_list list = read_bytes(state, BYTES("\xEF\xBB\xBF"
							"BEGIN:VCARD\nFN:A\nEND:VCARD\n\xEF\xBB\xBF"
							"BEGIN:VCARD\nFN:B\nEND:VCARD\n"));

	assert_int_equal(list.count, 2);
	assert_str(list.cards[1].formatted, "B");
}

static void leaves_an_agent_out_of_the_card(void **state)
{
	const struct card *c = read_lines(state,
		"FN:Boss\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:Helper\r\nTEL:9\r\nEND:VCARD\r\nTEL:1\r\n"
		"AGENT:BEGIN:VCARD\r\nTEL:8\r\nEND:VCARD\r\nTEL:2\r\n");

	assert_str(c->formatted, "Boss");
	assert_int_equal(c->phones.count, 2);
	assert_str(c->phones.items[0].value, "1");
	assert_str(c->phones.items[1].value, "2");
}

static void gives_labels_to_their_group(void **state)
{
	const struct card *c = read_lines(state,
		"item1.URL:https://"
		"a\r\nitem1.X-ABLabel:_$!<HomePage>!$_\r\nITEM2.X-ABLabel:Boss\r\n"
		"item2.TEL:1\r\nitem3.X-ABDATE:1975\r\nitem3.X-ABLabel:Day\r\n");

	assert_str(c->urls.items[0].label, "HomePage");
	assert_str(c->phones.items[0].label, "Boss");
	/* a label of something that we only keep is kept with it */
	assert_int_equal(c->properties.count, 2);
	assert_str(c->properties.items[1].value, "Day");
}

static void reads_photos(void **state)
{
	static const char *const lines[] = {
		"PHOTO;ENCODING=b;TYPE=PNG:iVBORw0K\r\n GgoA\r\n",
		"PHOTO;BASE64:\r\n  iVBORw0K\r\n  GgoA\r\n\r\n",
		"PHOTO;PNG;ENCODING=BASE64:\r\niVBORw0K\r\nGgoA\r\n",
		"PHOTO:data:image/png;base64,iVBORw0KGgoA\r\n",
		"PHOTO:data:image/png\\;base64\\,iVBORw0KGgoA\r\n",
		"PHOTO;TYPE=png:data:base64\\,iVBORw0KGgoA\r\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const struct card *c = read_lines(state, lines[i]);

		assert_true(bytes_equal(c->photo, BYTES("\x89PNG\r\n\x1A\n\0")));
		assert_str(c->photo_type, "image/png");
		assert_int_equal(c->properties.count, 0);
	}
	assert_str(read_lines(state, "PHOTO;GIF:http://x/y.gif\r\n")->photo_uri, "http://x/y.gif");
	assert_int_equal(read_lines(state, "PHOTO;BASE64:AA:ASDF\r\n\r\n")->properties.count, 1);
}

static void is_a_vcard_whatever_lines_it_holds(void **state)
{
	const struct card *c = read_lines(state, "NAME1:x\r\nNOTE:in\r\n MEMORY:of\r\nFN:Ada\r\n");

	assert_str(c->formatted, "Ada");
	assert_str(c->notes.items[0], "inMEMORY:of");
}

static void takes_no_word_for_a_photos_type_that_is_none(void **state)
{
	static const struct {
		const char *line, *type;
	} cases[] = {
		{ "PHOTO:data:Image/x-A.b+c;base64,BQ==\r\n", "image/x-a.b+c" },
		{ "PHOTO;ENCODING=b;TYPE=HEIC:BQ==\r\n", "image/heic" },
		{ "PHOTO:data:image/image/png;base64,BQ==\r\n", "" },
		{ "PHOTO:data:image/;base64,BQ==\r\n", "" },
		{ "PHOTO:data:/png;base64,BQ==\r\n", "" },
		{ "PHOTO:data:image/a b;base64,BQ==\r\n", "" },
		{ "PHOTO;ENCODING=b;TYPE=\"a:b\":BQ==\r\n", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct card *c = read_lines(state, cases[i].line);

		assert_true(bytes_equal(c->photo, BYTES("\5")));
		assert_str(c->photo_type, cases[i].type);
	}
}

static void keeps_what_has_no_place_of_its_own(void **state)
{
	const struct card *c = read_lines(state, "TITLE:One\r\nTITLE:Two\r\nN;ALTID=1:A;B\r\nN;"
						 "ALTID=1:C;D\r\nKEY;ENCODING=b:AAAA\r\n"
						 "X-MS-OL-DESIGN;CHARSET=utf-8:<card/>\r\n");

	assert_str(c->title, "One");
	assert_str(c->name.family, "A");
	assert_int_equal(c->properties.count, 4);
	assert_str(c->properties.items[0].value, "Two");
	assert_str(c->properties.items[2].value, "AAAA");
	assert_str(c->properties.items[2].params, "ENCODING=b");
	assert_str(c->properties.items[3].params, "");
}

static void keeps_parameters_but_those_that_were_undone(void **state)
{
	const struct card *c = read_lines(state,
		"X-A;T=1;ENCODING=\"QUOTED-PRINTABLE\";U=2:=3D41\r\n"
		"X-B;Quoted-Printable;charset = utf-8:=3D41\r\n"
		"X-C;V=\"a;CHARSET=b\";QUOTED-PRINTABLE:=3D41\r\n"
		"X-D;CHARSET=shift_jis;ENCODING=b:AA;AA\r\n");

	assert_int_equal(c->properties.count, 4);
	assert_str(c->properties.items[0].params, "T=1;U=2");
	assert_str(c->properties.items[0].value, "=41");
	assert_str(c->properties.items[1].params, "");
	assert_str(c->properties.items[2].params, "V=\"a;CHARSET=b\"");
	assert_str(c->properties.items[3].params, "CHARSET=shift_jis;ENCODING=b");
}

static void goes_on_with_a_note_whose_line_ends_were_not_encoded(void **state)
{
	const struct card *c = read_lines(state, "NOTE:one\r\ntwo\r\n\r\nthree\r\nTEL:1\r\n");

	assert_str(c->notes.items[0], "one\ntwo\nthree");
}

static void remarks_on_a_line_that_means_nothing(void **state)
{
	struct card_list list = read_bytes(
		state, BYTES("BEGIN:VCARD\nTEL:1\nnonsense\n# TEL:2\nFN:x\nEND:VCARD\n"));

	assert_int_equal(list.count, 1);
	assert_int_equal(list.cards[0].phones.count, 1);
	assert_int_equal(list.problem_count, 1);
	assert_int_equal(list.problems[0].line, 3);
	assert_int_equal(list.problems[0].code, ERR_NONE);
}

static void reads_a_card_that_is_indented_or_spaced(void **state)
{
	assert_str(read_card(state, "  BEGIN:VCARD\n  FN:A\n    B\n  END:VCARD")->formatted, "A B");
	assert_str(read_card(state, "hello\n\nBEGIN: VCARD \n  FN : A\n  TEL:1\nEND:VCARD ")
			   ->formatted,
		"A");
	assert_str(read_card(state, "BEGIN:VCARD\nFN : A \nEND:VCARD ")->formatted, "A");
}

static void reads_text_in_base64(void **state)
{
	assert_str(read_lines(state, "FN;ENCODING=B:SsO8cmdlbg==\r\n")->formatted, "Jürgen");
}

static void drops_empty_values_and_control_characters(void **state)
{
	struct card_list list = read_bytes(
		state, BYTES("BEGIN:VCARD\nTEL;HOME:\nEMAIL: \nNOTE:\nFN:a\0\x07"
			     "b\n"));

	assert_int_equal(list.cards[0].phones.count, 0);
	assert_int_equal(list.cards[0].emails.count, 0);
	assert_int_equal(list.cards[0].notes.count, 0);
	assert_str(list.cards[0].formatted, "ab");
}

static void refuses_what_is_no_card(void **state)
{
	static const struct bytes inputs[] = { { NULL, 0 }, SENT("FN:x\n"), SENT("\0\0\0\0"),
		SENT("BEGIN:VCALENDAR\n") };

	for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
		struct card_list list;
		struct err e = { 0 };

		assert_false(card_read(&list, inputs[i], *state, &e));
		assert_int_equal(e.code, ERR_MALFORMED);
		assert_string_equal(e.text,
			"line 1: not a card: no vCard, MECARD, BIZCARD or MEMORY begins here");
		assert_int_equal(list.problem_count, 1);
		assert_int_equal(list.problems[0].line, 1);
	}
}

static void leaves_out_a_card_past_a_limit_and_reads_the_next(void **state)
{
	struct buf text = BUF_IN(*state);
	struct card_list list;

	buf_lit(&text, "BEGIN:VCARD\n");
	for (int i = 0; i <= LIMIT_CARD_PROPERTIES; i++)
		buf_lit(&text, "X-A:1\n");
	buf_lit(&text, "END:VCARD\nBEGIN:VCARD\nNOTE:");
	for (int i = 0; i < LIMIT_CARD_LINE; i++)
		buf_add_char(&text, 'x');
	buf_lit(&text, "\nEND:VCARD\nBEGIN:VCARD\n");
	for (int i = 0; i < 3; i++) {
		buf_lit(&text, "NOTE:");
		for (int k = 0; k < LIMIT_CARD_LINE - 100; k++)
			buf_add_char(&text, 'x');
		buf_lit(&text, "\n");
	}
	buf_lit(&text, "BEGIN:VCARD\nFN:Next\n");
	list = read_bytes(state, buf_bytes(&text));
	assert_int_equal(list.count, 1);
	assert_str(list.cards[0].formatted, "Next");
	assert_int_equal(list.problem_count, 3);
	assert_int_equal(list.problems[0].line, LIMIT_CARD_PROPERTIES + 2);
	assert_int_equal(list.problems[0].code, ERR_TOO_LARGE);
	assert_str(list.problems[0].text, "more than 200 properties in the card: it was left out");
	assert_str(list.problems[1].text,
		"more than 2097152 bytes in a line of the card: it was left out");
	assert_str(list.problems[2].text, "more than 4194304 bytes in the card: it was left out");
}

static void stops_at_too_many_cards(void **state)
{
	struct buf text = BUF_IN(*state);
	struct card_list list;

	for (int i = 0; i < LIMIT_CARDS + 5; i++)
		buf_lit(&text, "BEGIN:VCARD\nEND:VCARD\n");
	list = read_bytes(state, buf_bytes(&text));
	assert_int_equal(list.count, LIMIT_CARDS);
	assert_int_equal(list.problem_count, 1);
	assert_int_equal(list.problems[0].line, 2 * LIMIT_CARDS + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		card_test(reads_every_field),
		card_test(reads_quoted_printable_of_21),
		card_test(reads_every_character_set),
		card_test(reads_utf16_marked_or_not),
		card_test(ends_a_card_where_the_next_begins),
		card_test(reads_files_that_were_joined_with_their_byte_order_marks),
		card_test(leaves_an_agent_out_of_the_card),
		card_test(gives_labels_to_their_group),
		card_test(reads_photos),
		card_test(is_a_vcard_whatever_lines_it_holds),
		card_test(takes_no_word_for_a_photos_type_that_is_none),
		card_test(keeps_what_has_no_place_of_its_own),
		card_test(keeps_parameters_but_those_that_were_undone),
		card_test(goes_on_with_a_note_whose_line_ends_were_not_encoded),
		card_test(remarks_on_a_line_that_means_nothing),
		card_test(reads_a_card_that_is_indented_or_spaced),
		card_test(reads_text_in_base64),
		card_test(drops_empty_values_and_control_characters),
		card_test(refuses_what_is_no_card),
		card_test(leaves_out_a_card_past_a_limit_and_reads_the_next),
		card_test(stops_at_too_many_cards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
