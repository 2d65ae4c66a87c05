#include "core/followup/language.h"

#include "tests/unit/test.h"

/* Everything that a plan may say of an item, in one language. */
static struct str say_all(const struct language *l, struct arena *a)
{
	struct buf out = BUF_IN(a), subject = BUF_IN(a), body = BUF_IN(a);
	const struct draft_words w = { .language = l,
		.me = STR_INIT("Ana"),
		.them = STR_INIT("Ben"),
		.by = STR_INIT("Kim"),
		.event = STR_INIT("C Meetup"),
		.topic = STR_INIT("maps") };

	for (unsigned i = 0; i < FOLLOWUP_KIND_COUNT * WHY_COUNT; i++) {
		struct followup_item item = { .kind = (enum followup_kind)(i / WHY_COUNT),
			.why = (enum followup_why)(i % WHY_COUNT),
			.met = { .count = i, .before = i },
			.since = 31 * (int)i };

		followup_title(&out, &item, &w);
		followup_why(&out, &item, &w);
		followup_draft(&subject, &body, &item, &w);
		followup_decline(&subject, &body, &item, &w);
	}
	for (unsigned i = 0; i < PLACE_COUNT; i++)
		followup_place_says(&out, (enum followup_place)i, l);
	for (unsigned i = 0; i < LINE_COUNT; i++)
		(void)followup_line(&out, (enum followup_line)i, &w, 20000, 1, 2);
	buf_add_str(&out, buf_str(&subject));
	buf_add_str(&out, buf_str(&body));
	return buf_str(&out);
}

static void a_pack_says_what_its_language_says(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < languages_all.count; i++) {
		struct buf pack = BUF_IN(&a);
		struct language read;
		struct err e = { 0 };

		language_write(&pack, languages_all.items[i]);
		assert_true(language_read(&read, buf_str(&pack), &a, &e));
		assert_string_equal(read.lang, languages_all.items[i]->lang);
		assert_true(str_equal(say_all(&read, &a), say_all(languages_all.items[i], &a)));
	}
	arena_finish(&a);
}

static void refuses_a_pack_with_a_text_too_many_or_too_few(void **state)
{
	struct arena a = { 0 };
	struct buf pack = BUF_IN(&a);
	struct language read;
	struct err e = { 0 };

	(void)state;
	language_write(&pack, &language_de);
	buf_add_char(&pack, '\t');
	assert_false(language_read(&read, buf_str(&pack), &a, &e));
	assert_int_equal(e.code, ERR_MALFORMED);
	pack.len -= 2;
	while (pack.p[pack.len - 1] != '\t')
		pack.len--;
	pack.len--;
	assert_false(language_read(&read, buf_str(&pack), &a, &e));
	assert_false(language_read(&read, STR(""), &a, &e));
	assert_false(language_read(&read, (struct str){ NULL, 0 }, &a, &e));
	arena_finish(&a);
}

static void a_language_that_is_not_there_is_english_wherever_that_stands(void **state)
{
	static const struct language *const items[] = { &language_de, &language_en };
	const struct languages two = { items, ARRAY_LEN(items) }, one = { items, 1 };

	(void)state;
	assert_ptr_equal(language_find(&two, STR("fr")), &language_en);
	assert_ptr_equal(language_find(&two, STR("DE-at")), &language_de);
	assert_ptr_equal(language_find(&two, STR("")), &language_en);
	assert_ptr_equal(language_find(&one, STR("fr")), &language_de);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pack_says_what_its_language_says),
		cmocka_unit_test(refuses_a_pack_with_a_text_too_many_or_too_few),
		cmocka_unit_test(a_language_that_is_not_there_is_english_wherever_that_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
