#include "tests/unit/test.h"

#include "core/tag/badge_lists.h"
#include "core/tag/event_key.h"

#define KEY_1 "7.1.11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define KEY_2 "7.2.11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define KEY_8 "8.1.11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

static struct err read_keys(struct badge_keys *list, const char *text)
{
	struct err e = { 0 };
	bool ok;

	list->count = 0;
	ok = badge_keys_read(list, str_bytes(str_of(text)), &e);
	assert_int_equal(ok, e.code == ERR_NONE);
	return e;
}

static void reads_keys_with_their_times_and_writes_them_again(void **state)
{
	static const char text[] = "kith-event-keys-1\n" KEY_1 " until 2026-12-01T00:00:00Z\n" KEY_2
				   "\n" KEY_8 "\n";
	static struct badge_keys list;
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);

	(void)state;
	assert_int_equal(read_keys(&list, text).code, ERR_NONE);
	assert_int_equal(list.count, 3);
	assert_true(list.keys[0].until_ms == INT64_C(1796083200000));
	assert_true(list.keys[1].until_ms == 0);
	assert_ptr_equal(badge_keys_find(&list, 7, 2), &list.keys[1]);
	assert_null(badge_keys_find(&list, 8, 2));
	badge_keys_write(&out, &list);
	assert_str(buf_str(&out), text);
	arena_finish(&a);
}

static void names_the_line_of_a_list_that_is_wrong(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "", "line 1: not \"kith-event-keys-1\"" },
		{ "kith-revoked-1\n", "line 1: not \"kith-event-keys-1\"" },
		{ "kith-event-keys-1\n\n# " KEY_1 "\n7.1\n",
			"line 4: a public key reads EVENT.NUMBER.BASE64URL" },
		{ "kith-event-keys-1\n" KEY_1 "\n" KEY_1 "\n",
			"line 3: key 1 of event 7 is there twice" },
		{ "kith-event-keys-1\n" KEY_1 " until 2026-02-30T00:00:00Z\n",
			"line 2: behind a key stands nothing, or \"until\" and a time as in "
			"2026-12-01T00:00:00Z" },
		{ "kith-event-keys-1\n" KEY_1 " until 1970-01-01T00:00:00Z\n",
			"line 2: behind a key stands nothing, or \"until\" and a time as in "
			"2026-12-01T00:00:00Z" },
		{ "kith-event-keys-1\n" KEY_1 " for ever\n",
			"line 2: behind a key stands nothing, or \"until\" and a time as in "
			"2026-12-01T00:00:00Z" },
	};
	static struct badge_keys list;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(read_keys(&list, cases[i].text).text, cases[i].words);
}

static void refuses_more_keys_than_there_are_numbers(void **state)
{
	static struct badge_keys list;
	struct badge_key key = { .event = 7 };
	struct err e = { 0 };

	(void)state;
	for (unsigned i = 0; i < BADGE_KEYS_MAX; i++) {
		key.number = (uint8_t)i;
		assert_true(badge_keys_add(&list, key, &e));
	}
	key.event = 8;
	assert_false(badge_keys_add(&list, key, &e));
	assert_int_equal(e.code, ERR_TOO_LARGE);
}

static void finds_revoked_badges_however_they_are_ordered(void **state)
{
	struct badge_revoked list = { 0 };
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	struct err e = { 0 };
	struct id id, other;

	(void)state;
	assert_true(badge_revoked_read(&list,
		BYTES("kith-revoked-1\r\nzzzzzzzzzzzzzzzzzzzzzQ\r\n\r\n# AAECAwQFBgcICQoLDA0ODw\r\n"
		      "-9RCH1y2NzCkJrQBMM6C3g"),
		&a, &e));
	assert_int_equal(list.count, 2);
	assert_true(id_read(STR("-9RCH1y2NzCkJrQBMM6C3g"), &id));
	assert_true(id_read(STR("AAECAwQFBgcICQoLDA0ODw"), &other));
	assert_true(badge_revoked_has(&list, id));
	assert_false(badge_revoked_has(&list, other)); /* a remark revokes nobody */
	assert_false(badge_revoked_has(&(struct badge_revoked){ 0 }, id));
	badge_revoked_write_mark(&out);
	badge_revoked_write_id(&out, other);
	assert_str(buf_str(&out), "kith-revoked-1\nAAECAwQFBgcICQoLDA0ODw\n");
	assert_false(badge_revoked_read(&list, BYTES("kith-revoked-1\nhello\n"), &a, &e));
	assert_string_equal(e.text, "line 2: no badge's id");
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_keys_with_their_times_and_writes_them_again),
		cmocka_unit_test(names_the_line_of_a_list_that_is_wrong),
		cmocka_unit_test(refuses_more_keys_than_there_are_numbers),
		cmocka_unit_test(finds_revoked_badges_however_they_are_ordered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
