#include "core/release/release.h"

#include "core/base/text.h"
#include "tests/unit/test.h"

struct world {
	struct arena a;
	uint8_t secret[SIGN_SECRET_LEN];
	struct release_keys keys;
	struct bytes file;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct buf out = BUF_IN(&w->a);
	struct release r = { .version = STR("1.2.0"),
		.architecture = STR("arm64"),
		.from = STR("1.0"),
		.package_count = 2 };
	struct err e;

	assert_true(crypto_init(&e));
	sign_keypair(w->keys.keys[0], w->secret);
	w->keys.count = 1;
	r.packages[0] = (struct release_package){
		.name = STR("kith-kiosk"), .version = STR("1.2.0"), .bytes = BYTES("a daemon")
	};
	r.packages[1] = (struct release_package){
		.name = STR("kith-screen"), .version = STR("1.1.0"), .bytes = BYTES("a screen")
	};
	if (!release_write(&out, &r, w->secret, &w->a, &e))
		fail_msg("%s", e.text);
	w->file = buf_bytes(&out);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	arena_finish(&w->a);
	free(w);
	return 0;
}

static void what_is_written_is_read_again(void **state)
{
	struct world *w = *state;
	struct release r;
	struct err e;

	assert_true(release_read(&r, w->file, &w->a, &e));
	assert_str(r.version, "1.2.0");
	assert_str(r.architecture, "arm64");
	assert_str(r.from, "1.0");
	assert_int_equal(r.package_count, 2);
	assert_str(r.packages[1].name, "kith-screen");
	assert_true(bytes_equal(r.packages[1].bytes, BYTES("a screen")));
	assert_int_equal(r.size, w->file.len);
	assert_true(release_is_signed(&r, &w->keys));
}

static bool is_good(struct world *w, struct bytes file)
{
	struct arena a = { 0 };
	struct release r;
	struct err e;
	bool ok = release_read(&r, file, &a, &e) && release_is_signed(&r, &w->keys);

	arena_finish(&a);
	return ok;
}

static void refuses_every_flipped_bit(void **state)
{
	struct world *w = *state;
	uint8_t *copy = malloc(w->file.len);

	assert_true(is_good(w, w->file));
	for (size_t i = 0; i < w->file.len * 8; i++) {
		memcpy(copy, w->file.p, w->file.len);
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
		if (is_good(w, bytes_of(copy, w->file.len)))
			fail_msg("bit %zu of byte %zu may be flipped", i % 8, i / 8);
	}
	free(copy);
}

static void refuses_every_cut_and_what_is_added(void **state)
{
	struct world *w = *state;
	uint8_t *copy = calloc(1, w->file.len + 1);

	for (size_t n = 0; n < w->file.len; n++)
		if (is_good(w, bytes_of(w->file.p, n)))
			fail_msg("%zu of %zu bytes are enough", n, w->file.len);
	memcpy(copy, w->file.p, w->file.len);
	assert_false(is_good(w, bytes_of(copy, w->file.len + 1)));
	free(copy);
}

static void the_head_alone_says_what_it_is(void **state)
{
	struct world *w = *state;
	struct release r;
	struct err e;

	assert_true(release_head_read(&r, bytes_of(w->file.p, w->file.len - 16), &w->a, &e));
	assert_true(release_is_signed(&r, &w->keys));
	assert_int_equal(r.size, w->file.len);
}

static void is_judged_by_key_machine_and_version(void **state)
{
	struct world *w = *state;
	struct release_keys other = { .count = 1 }, both;
	uint8_t secret[SIGN_SECRET_LEN];
	struct release r;
	struct err e;
	const struct {
		const char *architecture, *installed;
		enum release_verdict verdict;
	} cases[] = {
		{ "arm64", "1.1.9", RELEASE_FITS },
		{ "arm64", "1.0", RELEASE_FITS },
		{ "arm64", "1.2.0~rc1", RELEASE_FITS },
		{ "arm64", "1.2.0", RELEASE_OLDER },
		{ "arm64", "1.10", RELEASE_OLDER },
		{ "arm64", "0.9", RELEASE_TOO_FAR },
		{ "amd64", "1.1", RELEASE_ARCHITECTURE },
	};

	assert_true(release_read(&r, w->file, &w->a, &e));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(release_judge(&r, &w->keys, str_of(cases[i].architecture),
					 str_of(cases[i].installed)),
			cases[i].verdict);
	sign_keypair(other.keys[0], secret);
	assert_int_equal(release_judge(&r, &other, STR("arm64"), STR("1.1")), RELEASE_UNSIGNED);
	both = other;
	memcpy(both.keys[both.count++], w->keys.keys[0], SIGN_PUBLIC_LEN);
	assert_int_equal(release_judge(&r, &both, STR("arm64"), STR("1.1")), RELEASE_FITS);
	other.count = 0;
	assert_int_equal(release_judge(&r, &other, STR("arm64"), STR("1.1")), RELEASE_UNSIGNED);
}

static void refuses_manifests_that_say_too_much_or_too_little(void **state)
{
#define PACKAGE(name, version, size)                                                               \
	"{\"name\":\"" name "\",\"version\":\"" version "\",\"size\":" size ",\"sha256\":"         \
	"\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"
#define KIOSK PACKAGE("kith-kiosk", "1.0", "1")
	static const char *const wrong[] = {
		"",
		"[]",
		"{}",
		"{\"version\":\"1.0\",\"packages\":[" KIOSK "]}",
		"{\"version\":\"1.0\",\"architecture\":\"../x\",\"packages\":[" KIOSK "]}",
		"{\"version\":\"../1\",\"architecture\":\"arm64\",\"packages\":[" KIOSK "]}",
		"{\"version\":\"2.0\",\"architecture\":\"arm64\",\"packages\":[" KIOSK "]}",
		"{\"version\":\"1.0\",\"architecture\":\"arm64\",\"packages\":[]}",
		"{\"version\":\"1.0\",\"architecture\":\"arm64\",\"from\":1,\"packages\":[" KIOSK
		"]}",
		"{\"version\":\"1.0\",\"architecture\":\"arm64\",\"packages\":[" KIOSK "," KIOSK
		"]}",
		"{\"version\":\"1.0\",\"architecture\":\"arm64\",\"packages\":[" PACKAGE(
			"kith-screen", "1.0", "1") "]}",
		"{\"version\":\"1.0\",\"architecture\":\"arm64\",\"packages\":[" PACKAGE(
			"kith-kiosk", "1.0", "0") "]}",
		"{\"version\":\"1.0\",\"architecture\":\"arm64\",\"packages\":[" PACKAGE(
			"kith-kiosk", "1.0", "33554433") "]}",
		"{\"version\":\"1.0\",\"architecture\":\"arm64\",\"packages\":[" PACKAGE(
			"kith-kiosk", "1.0", "33554000") "," PACKAGE("a", "1.0", "33554000") "]}",
		"{\"version\":\"1.0\",\"architecture\":\"arm64\",\"packages\":[" PACKAGE(
			"kith-kiosk", "1.0", "1") "," PACKAGE("-rf", "1.0", "1") "]}",
		"{\"version\":\"1.0\",\"architecture\":\"arm64\",\"packages\":[" PACKAGE(
			"kith-kiosk", "1.0", "1") "," PACKAGE("a/b", "1.0", "1") "]}",
	};
	struct world *w = *state;
	struct release r;
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		if (release_manifest_read(&r, str_bytes(str_of(wrong[i])), &w->a, &e))
			fail_msg("%s was taken", wrong[i]);
	assert_true(release_manifest_read(&r,
		BYTES("{\"version\":\"1.0\",\"architecture\":\"arm64\",\"later\":1,\"packages\":"
		      "[" KIOSK "]}"),
		&w->a, &e));
}

static void keys_are_lines_with_remarks(void **state)
{
	struct release_keys keys;
	struct err e;

	(void)state;
	assert_true(release_keys_read(&keys,
		BYTES("# of the organizer\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA this "
		      "year's\n"
		      "\nBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
		&e));
	assert_int_equal(keys.count, 2);
	assert_int_equal(keys.keys[1][0], 4);
	assert_true(release_keys_read(&keys, BYTES("# none\n"), &e));
	assert_int_equal(keys.count, 0);
	assert_false(release_keys_read(&keys, BYTES("AAAA\n"), &e));
	assert_non_null(strstr(e.text, "line 1"));
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read_again),
		CASE(refuses_every_flipped_bit),
		CASE(refuses_every_cut_and_what_is_added),
		CASE(the_head_alone_says_what_it_is),
		CASE(is_judged_by_key_machine_and_version),
		CASE(refuses_manifests_that_say_too_much_or_too_little),
		CASE(keys_are_lines_with_remarks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
