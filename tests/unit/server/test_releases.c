/* What a server offers to kiosks, from the command's file to the piece that a kiosk asks for. */
#include "server/releases.h"

#include "tests/unit/server/gate.h"

static struct bytes make(struct gate *g, const char *version, const char *architecture,
	const char *from, const char *content)
{
	uint8_t public_key[SIGN_PUBLIC_LEN], secret[SIGN_SECRET_LEN];
	struct buf out = BUF_IN(&g->a);
	struct release r = { .version = str_of(version),
		.architecture = str_of(architecture),
		.from = str_of(from),
		.package_count = 1 };

	sign_keypair(public_key, secret);
	r.packages[0] = (struct release_package){ .name = STR("kith-kiosk"),
		.version = str_of(version),
		.bytes = str_bytes(str_of(content)) };
	MUST(release_write(&out, &r, secret, &g->a, &e));
	return buf_bytes(&out);
}

static struct hash offer(struct gate *g, struct bytes file)
{
	struct release r;
	struct hash digest;

	MUST(releases_add(g->s->releases, file, &r, &digest, &g->a, &e));
	return digest;
}

static void each_machine_gets_the_newest_that_may_follow(void **state)
{
	struct gate *g = gate_open();
	struct hash second, third, other, got;

	(void)state;
	assert_false(releases_next(g->s->releases, STR("arm64"), STR("0.1"), &got));
	second = offer(g, make(g, "0.2", "arm64", "", "two"));
	third = offer(g, make(g, "0.10", "arm64", "0.2", "ten"));
	other = offer(g, make(g, "0.3", "amd64", "", "three"));
	assert_true(releases_next(g->s->releases, STR("arm64"), STR("0.1"), &got));
	assert_true(hash_equal(&got, &second));
	assert_true(releases_next(g->s->releases, STR("arm64"), STR("0.2"), &got));
	assert_true(hash_equal(&got, &third));
	assert_false(releases_next(g->s->releases, STR("arm64"), STR("0.10"), &got));
	assert_false(releases_next(g->s->releases, STR("armhf"), STR("0.1"), &got));
	assert_true(releases_next(g->s->releases, STR("amd64"), STR("0.1"), &got));
	assert_true(hash_equal(&got, &other));
	MUST(releases_remove(g->s->releases, &other, &e));
	assert_false(releases_next(g->s->releases, STR("amd64"), STR("0.1"), &got));
	gate_close(g);
}

static void what_is_damaged_or_a_twin_is_not_offered(void **state)
{
	struct gate *g = gate_open();
	struct bytes file = make(g, "0.2", "arm64", "", "two");
	struct release r;
	struct hash digest;
	struct err e;

	(void)state;
	assert_false(releases_add(
		g->s->releases, bytes_of(file.p, file.len - 1), &r, &digest, &g->a, &e));
	assert_int_equal(e.code, ERR_MALFORMED);
	offer(g, file);
	offer(g, file); /* the same again is no harm */
	assert_false(releases_add(
		g->s->releases, make(g, "0.2", "arm64", "", "other"), &r, &digest, &g->a, &e));
	assert_int_equal(e.code, ERR_CONFLICT);
	gate_close(g);
}

static void no_more_are_taken_than_are_offered(void **state)
{
	struct gate *g = gate_open();
	struct bytes last = { 0 };
	struct hash digest, got;
	struct release r;
	struct err why;

	(void)state;
	for (int i = 1; i <= RELEASES_MAX; i++) {
		last = make(g, print(g, "0.%d", i), "arm64", "", "x");
		digest = offer(g, last);
	}
	assert_true(releases_next(g->s->releases, STR("arm64"), STR("0.1"), &got));
	assert_true(hash_equal(&got, &digest));
	assert_false(releases_add(
		g->s->releases, make(g, "1.0", "arm64", "", "x"), &r, &got, &g->a, &why));
	assert_int_equal(why.code, ERR_FULL);
	offer(g, last); /* which is there */
	MUST(releases_remove(g->s->releases, &digest, &e));
	assert_false(releases_remove(g->s->releases, &digest, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	digest = offer(g, make(g, "1.0", "arm64", "", "x"));
	assert_true(releases_next(g->s->releases, STR("arm64"), STR("0.1"), &got));
	assert_true(hash_equal(&got, &digest));
	gate_close(g);
}

static void a_kiosk_fetches_it_in_pieces(void **state)
{
	struct gate *g = gate_open();
	struct bytes file = make(g, "0.2", "arm64", "", "the bytes of a package, of some length");
	struct who kiosk = { .kiosk = &g->kiosk };
	struct buf got = BUF_IN(&g->a);
	struct str digest;
	struct release r;
	struct answer a;
	uint64_t size;
	struct err e;

	(void)state;
	offer(g, file);
	a = ask(g, kiosk, "GET", "/v1/release?architecture=arm64&version=0.1", "");
	assert_int_equal(a.status, 200);
	assert_true(json_get_str(a.json, "digest", &digest));
	assert_true(json_get_u64(a.json, "size", &size));
	assert_int_equal(size, file.len);
	while (got.len < size) {
		a = ask(g, kiosk, "GET",
			print(g, "/v1/release/" STR_FMT "?from=%zu&bytes=100", STR_ARG(digest),
				got.len),
			"");
		assert_int_equal(a.status, 200);
		assert_true(a.reply.body.len > 0 && a.reply.body.len <= 100);
		buf_add(&got, a.reply.body);
	}
	assert_true(bytes_equal(buf_bytes(&got), file));
	assert_true(release_read(&r, buf_bytes(&got), &g->a, &e));
	a = ask(g, kiosk, "GET",
		print(g, "/v1/release/" STR_FMT "?from=%zu&bytes=100", STR_ARG(digest), file.len),
		"");
	assert_int_equal(a.status, 200);
	assert_int_equal(a.reply.body.len, 0);
	gate_close(g);
}

static void names_what_is_asked_wrongly(void **state)
{
	static const struct {
		const char *target;
		int status;
	} cases[] = {
		{ "/v1/release", 400 },
		{ "/v1/release?architecture=arm64", 400 },
		{ "/v1/release?architecture=arm64&version=x", 400 },
		{ "/v1/release?architecture=../x&version=1", 400 },
		{ "/v1/release?architecture=arm64&version=9", 404 },
		{ "/v1/release/..%2f..%2fkith.db?from=0&bytes=9", 404 },
		{ "/v1/release/x?from=0&bytes=9", 404 },
		{ "/v1/release/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA?from=0&bytes=9", 404 },
		{ "/v1/release/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA?from=0", 400 },
		{ "/v1/release/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA?from=-1&bytes=1", 400 },
		{ "/v1/release/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA?from=0&bytes=262145",
			400 },
	};
	struct gate *g = gate_open();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answer a = ask(
			g, (struct who){ .kiosk = &g->kiosk }, "GET", cases[i].target, "");

		if (a.status != cases[i].status)
			fail_msg("%s: %d", cases[i].target, a.status);
	}
	gate_close(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_machine_gets_the_newest_that_may_follow),
		cmocka_unit_test(what_is_damaged_or_a_twin_is_not_offered),
		cmocka_unit_test(no_more_are_taken_than_are_offered),
		cmocka_unit_test(a_kiosk_fetches_it_in_pieces),
		cmocka_unit_test(names_what_is_asked_wrongly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
