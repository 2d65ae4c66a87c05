/* What we write we read back equal, in 3.0 and 4.0, whatever stands in the fields. */
#include "tests/unit/core/card/card_test.h"

#include "core/base/text.h"

struct dice {
	uint32_t state;
	struct arena *a;
};

static uint32_t roll(struct dice *d, uint32_t sides)
{
	d->state = d->state * 1664525 + 1013904223;
	return (d->state >> 8) % sides;
}

static const char *const letters[] = { "a", "b", "Z", "0", " ", "\t", ";", ",", ":", "\\", "\"",
	"^", "=", "n", "\n", "ü", "李", "\xF0\x9F\x98\x80", "\\n", "^n", "https://", "BEGIN:VCARD",
	"\nEND:VCARD\n", "'", "." };

static struct str any_text(struct dice *d, uint32_t max)
{
	struct buf out = BUF_IN(d->a);
	uint32_t n = roll(d, max + 1);

	for (uint32_t i = 0; i < n; i++)
		buf_add_str(&out, str_of(letters[roll(d, ARRAY_LEN(letters))]));
	return str_trim(buf_str(&out));
}

static struct str some_text(struct dice *d, uint32_t max)
{
	struct str s = any_text(d, max);

	return s.len > 0 ? s : STR("x");
}

/* One line, for what is written without escapes. */
static struct str some_raw(struct dice *d)
{
	struct str s = some_text(d, 30), line;

	(void)!str_split(&s, '\n', &line);
	line = str_trim(line);
	return line.len > 0 ? line : STR("x");
}

static struct card_values any_values(struct dice *d, bool v30)
{
	struct card_values v = { .count = roll(d, 4) };

	v.items = ARENA_ARRAY(d->a, 4, struct card_value);
	for (size_t i = 0; i < v.count; i++)
		v.items[i] = (struct card_value){
			.value = some_text(d, 40),
			.label = any_text(d, 5),
			.other_types = roll(d, 2) ? STR("x-boat,x-car") : STR(""),
			.kinds = roll(d, CARD_OTHER << 1),
			.pref = roll(d, v30 ? 2 : 101),
		};
	return v;
}

static struct card_texts any_texts(struct dice *d)
{
	struct card_texts t = { .count = roll(d, 4) };

	t.items = ARENA_ARRAY(d->a, 4, struct str);
	for (size_t i = 0; i < t.count; i++)
		t.items[i] = some_text(d, 60);
	return t;
}

static struct card any_card(struct dice *d, bool v30)
{
	struct card c = {
		.formatted = some_text(d, 20),
		.name = { any_text(d, 9), some_text(d, 9), any_text(d, 9), any_text(d, 9),
			any_text(d, 9) },
		.nickname = any_text(d, 5),
		.organization = some_text(d, 20),
		.units = any_texts(d),
		.title = any_text(d, 50),
		.role = any_text(d, 5),
		.uid = any_text(d, 20),
		.rev = any_text(d, 5),
		.birthday = any_text(d, 5),
		.is_organization = roll(d, 2),
		.emails = any_values(d, v30),
		.phones = any_values(d, v30),
		.urls = any_values(d, v30),
		.notes = any_texts(d),
		.categories = any_texts(d),
		.languages = any_texts(d),
	};

	c.addresses.count = roll(d, 3);
	c.addresses.items = ARENA_ARRAY(d->a, 3, struct card_address);
	for (size_t i = 0; i < c.addresses.count; i++)
		c.addresses.items[i] = (struct card_address){ any_text(d, 3), any_text(d, 3),
			any_text(d, 30), some_text(d, 9), any_text(d, 9), any_text(d, 9),
			any_text(d, 9), any_text(d, 30), any_text(d, 9), STR(""), roll(d, 4),
			roll(d, v30 ? 2 : 101) };
	c.properties.count = roll(d, 3);
	c.properties.items = ARENA_ARRAY(d->a, 3, struct card_property);
	for (size_t i = 0; i < c.properties.count; i++)
		c.properties.items[i] = (struct card_property){ roll(d, 2) ? STR("item1") : STR(""),
			STR("X-FOO"), roll(d, 2) ? STR("A=b,c;D=\"e;f:g\"") : STR(""),
			some_raw(d) };
	if (roll(d, 3) == 0) {
		c.photo_uri = STR("https://example.org/a,b;c.png");
	} else {
		uint32_t len = 1 + roll(d, 3000);
		uint8_t *image = arena_alloc(d->a, len);

		for (uint32_t i = 0; i < len; i++)
			image[i] = (uint8_t)roll(d, 256);
		image[0] = 0;
		c.photo = bytes_of(image, len);
		c.photo_type = roll(d, 2) ? STR("image/heic") : STR("");
	}
	return c;
}

static void check(
	struct arena *a, const struct card *card, enum card_version version, const char *what)
{
	struct buf out = BUF_IN(a);
	struct card_list list;
	struct err e = { 0 };
	const char *difference;

	card_write_vcard(&out, card, version);
	if (!card_read(&list, buf_bytes(&out), a, &e))
		fail_msg("%s: %s", what, e.text);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.problem_count, 0);
	difference = card_difference(card, &list.cards[0], version == CARD_VERSION_30);
	if (difference)
		fail_msg(
			"%s: %s differs after\n" STR_FMT, what, difference, STR_ARG(buf_str(&out)));
}

static void reads_back_what_it_writes(enum card_version version)
{
	for (uint32_t seed = 1; seed <= 400; seed++) {
		struct arena a = { 0 };
		struct dice d = { seed, &a };
		struct card card = any_card(&d, version == CARD_VERSION_30);

		check(&a, &card, version, arena_printf(&a, "seed %u", seed).p);
		arena_finish(&a);
	}
}

static void reads_back_what_it_writes_in_30(void **state)
{
	(void)state;
	reads_back_what_it_writes(CARD_VERSION_30);
}

static void reads_back_what_it_writes_in_40(void **state)
{
	(void)state;
	reads_back_what_it_writes(CARD_VERSION_40);
}

/* White space is where a line is folded, so what stands there would be another text each time. */
static void keeps_base64_without_its_white_space(void **state)
{
	struct buf lines = BUF_IN(*state), out = BUF_IN(*state);
	const struct card *card, *back;

	buf_lit(&lines, "FN:A\r\nN:A;;;;\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9;");
	for (int i = 0; i < 200; i++)
		buf_lit(&lines, "a \t");
	buf_lit(&lines, "\r\n");
	buf_add_char(&lines, 0);
	card = read_lines(state, buf_str(&lines).p);
	assert_int_equal(card->properties.count, 1);
	assert_int_equal(card->properties.items[0].value.len, STR("/9;").len + 200);
	card_write_vcard(&out, card, CARD_VERSION_30);
	buf_add_char(&out, 0);
	back = read_card(state, buf_str(&out).p);
	assert_null(card_difference(card, back, true));
}

static void keeps_the_photo_before_a_name_of_any_length(void **state)
{
	struct card_property kept = { .name = arena_printf(*state, "X-%0200d", 1),
		.value = STR("x") };
	struct card card = { .formatted = STR("A"),
		.name.given = STR("A"),
		.photo = BYTES("\xFF\xD8\xFF"),
		.photo_type = STR("image/jpeg"),
		.properties = { &kept, 1 } };

	check(*state, &card, CARD_VERSION_30, "3.0");
	check(*state, &card, CARD_VERSION_40, "4.0");
}

static void gives_a_label_a_group_that_nothing_kept_is_in(void **state)
{
	struct card_value phone = { STR("+1"), STR("Boat"), STR(""), 0, 0 };
	struct card_property kept[] = {
		{ .group = STR("kith1"), .name = STR("X-ABLabel"), .value = STR("Car") },
		{ .group = STR("KITH2"), .name = STR("X-FOO"), .value = STR("x") },
	};
	struct card card = { .formatted = STR("A"),
		.name.given = STR("A"),
		.phones = { &phone, 1 },
		.properties = { kept, 2 } };

	check(*state, &card, CARD_VERSION_30, "3.0");
	check(*state, &card, CARD_VERSION_40, "4.0");
}

static void writes_names_that_every_phone_shows(void **state)
{
	struct buf out = BUF_IN(*state);
	struct card card = { .formatted = STR("Ana Maria Müller") },
		    only_n = { .name.given = STR("Bo") };

	card_write_vcard(&out, &card, CARD_VERSION_30);
	assert_str(buf_str(&out), "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Maria "
				  "Müller\r\nN:Müller;Ana Maria;;;\r\nEND:VCARD\r\n");
	out = BUF_IN(*state);
	card_write_vcard(&out, &only_n, CARD_VERSION_40);
	assert_str(
		buf_str(&out), "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Bo\r\nN:;Bo;;;\r\nEND:VCARD\r\n");
}

static void writes_a_number_as_a_uri_only_where_it_may_be_one(void **state)
{
	struct buf v30 = BUF_IN(*state), v40 = BUF_IN(*state);
	struct card_value phone = { .value = STR("tel:+31-6;ext=1") };
	struct card card = {
		.formatted = STR("A"), .name.given = STR("A"), .phones = { &phone, 1 }
	};

	card_write_vcard(&v30, &card, CARD_VERSION_30);
	card_write_vcard(&v40, &card, CARD_VERSION_40);
	assert_int_not_equal(str_find(buf_str(&v30), STR("\nTEL:+31-6\\;ext=1\r"), 0), SIZE_MAX);
	assert_int_not_equal(
		str_find(buf_str(&v40), STR("\nTEL;VALUE=uri:tel:+31-6;ext=1\r"), 0), SIZE_MAX);
}

static void writes_each_version_in_its_own_words(void **state)
{
	struct buf out = BUF_IN(*state);
	struct card_value phone = { STR("+1"), STR("Boat"), STR(""), CARD_CELL | CARD_WORK, 1 };
	struct card_value email = { STR("a@b"), STR(""), STR(""), 0, 0 };
	struct card card = { .formatted = STR("A"),
		.name.given = STR("A"),
		.is_organization = true,
		.phones = { &phone, 1 },
		.emails = { &email, 1 },
		.photo = BYTES("\xFF\xD8\xFF"),
		.photo_type = STR("image/jpeg"),
		.uid = STR("u"),
		.rev = STR("r") };

	card_write_vcard(&out, &card, CARD_VERSION_30);
	assert_str(buf_str(&out),
		"BEGIN:VCARD\r\nVERSION:3.0\r\nX-ABShowAs:COMPANY\r\nFN:A\r\nN:;A;;;\r\n"
		"EMAIL;TYPE=INTERNET:a@b\r\n"
		"kith1.TEL;TYPE=work;TYPE=cell;TYPE=pref:+1\r\nkith1.X-ABLabel:Boat\r\n"
		"PHOTO;ENCODING=b;TYPE=jpeg:/9j/\r\nUID:u\r\nREV:r\r\nEND:VCARD\r\n");
	out = BUF_IN(*state);
	card_write_vcard(&out, &card, CARD_VERSION_40);
	assert_str(buf_str(&out),
		"BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:org\r\nFN:A\r\nN:;A;;;\r\n"
		"EMAIL:a@b\r\n"
		"kith1.TEL;TYPE=work;TYPE=cell;PREF=1:+1\r\nkith1.X-ABLabel:Boat\r\n"
		"PHOTO:data:image/jpeg;base64,/9j/\r\nUID:u\r\nREV:r\r\nEND:VCARD\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_back_what_it_writes_in_30),
		cmocka_unit_test(reads_back_what_it_writes_in_40),
		card_test(keeps_base64_without_its_white_space),
		card_test(keeps_the_photo_before_a_name_of_any_length),
		card_test(gives_a_label_a_group_that_nothing_kept_is_in),
		card_test(writes_names_that_every_phone_shows),
		card_test(writes_a_number_as_a_uri_only_where_it_may_be_one),
		card_test(writes_each_version_in_its_own_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
