#include "tests/unit/test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/tag/event_key.h"

static struct event_key new_key(void)
{
	struct event_key k = { .event = 4000000000u, .number = 255 };
	uint8_t public_key[SIGN_PUBLIC_LEN];
	struct err e;

	assert_true(crypto_init(&e));
	sign_keypair(public_key, k.secret);
	return k;
}

static void reads_back_the_file_it_wrote(void **state)
{
	char folder[] = "/tmp/kith-key-XXXXXX", path[64];
	struct event_key k = new_key(), back;
	struct arena a = { 0 };
	struct err e = { 0 };
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/event.key", folder);
	assert_true(event_key_write_file(path, &k, &e));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(event_key_read_file(&back, path, &a, &e));
	assert_int_equal(back.event, k.event);
	assert_int_equal(back.number, k.number);
	assert_memory_equal(back.secret, k.secret, SIGN_SECRET_LEN);

	assert_int_equal(chmod(path, 0640), 0);
	assert_false(event_key_read_file(&back, path, &a, &e));
	assert_int_equal(e.code, ERR_FORBIDDEN);
	assert_int_equal(unlink(path), 0);
	assert_false(event_key_read_file(&back, path, &a, &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	assert_int_equal(rmdir(folder), 0);
	arena_finish(&a);
}

static void names_the_line_that_is_wrong(void **state)
{
	static const char *const bad[][2] = {
		{ "", "line 1: not \"kith-event-key-1\": no event key" },
		{ "kith-event-key-1\nevent x\n", "line 2: expected \"event NUMBER\"" },
		{ "kith-event-key-1\nevent 4294967296\n", "line 2: expected \"event NUMBER\"" },
		{ "kith-event-key-1\nevent 7\nkey 256\n",
			"line 3: expected \"key NUMBER\", 0 to 255" },
		{ "kith-event-key-1\nevent 7\nkey 1\nsecret AAAA\n",
			"line 4: expected \"secret\" and 64 bytes of base64url" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct event_key k;
		struct err e = { 0 };

		assert_false(event_key_read(&k, str_bytes(str_of(bad[i][0])), &e));
		assert_string_equal(e.text, bad[i][1]);
	}
}

static void refuses_a_damaged_secret(void **state)
{
	struct event_key k = new_key(), back;
	char text[256];
	struct buf to = BUF_ON(text);
	struct err e = { 0 };

	(void)state;
	k.secret[40] ^= 1;
	event_key_write(&to, &k);
	assert_false(event_key_read(&back, buf_bytes(&to), &e));
	assert_string_equal(e.text, "line 4: the secret is damaged");
	k.secret[40] ^= 1;
	to.len = 0;
	event_key_write(&to, &k);
	assert_true(event_key_read(&back, buf_bytes(&to), &e));
	buf_lit(&to, "x");
	assert_false(event_key_read(&back, buf_bytes(&to), &e));
}

static void reads_a_public_key_as_one_word(void **state)
{
	struct event_key k = new_key();
	struct badge_key p = event_key_public(&k), back;
	char text[100];
	struct buf to = BUF_ON(text);
	struct err e = { 0 };

	(void)state;
	badge_key_write(&to, &p);
	assert_true(badge_key_read(&back, buf_str(&to), &e));
	assert_int_equal(back.event, p.event);
	assert_int_equal(back.number, p.number);
	assert_memory_equal(back.public_key, p.public_key, SIGN_PUBLIC_LEN);
	assert_false(badge_key_read(&back, STR("7.1."), &e));
	assert_false(badge_key_read(&back, STR("7"), &e));
	assert_false(badge_key_read(&back, str_sub(buf_str(&to), 0, to.len - 1), &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_back_the_file_it_wrote),
		cmocka_unit_test(names_the_line_that_is_wrong),
		cmocka_unit_test(refuses_a_damaged_secret),
		cmocka_unit_test(reads_a_public_key_as_one_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
