#include "tests/unit/test.h"

#include "core/base/text.h"
#include "core/entry/wire/batch.h"

static struct entry sample(unsigned n)
{
	struct entry x = { .seq = n, .event = 7, .kind = ENTRY_MEETING };

	memset(x.id.b, (int)(0x10 + n), sizeof(x.id.b));
	memset(x.store_id.b, 0xA5, sizeof(x.store_id.b));
	memset(x.time.boot_id.b, 0xB0, sizeof(x.time.boot_id.b));
	x.time.boot_ms = 1000 * n;
	x.time.wall_ms = 1795305600000 + (int64_t)n;
	x.time.quality = CLOCK_NTP;
	x.payload = BYTES("{\"a\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"b\":\"AQEBAQEBAQEBAQEBAQEBAQ\"}");
	return x;
}

static struct batch sample_batch(struct entry *entries, size_t n)
{
	struct batch b = {
		.event = 7, .from_seq = 1, .entries = entries, .count = n, .pending = 3
	};

	for (size_t i = 0; i < n; i++) {
		entries[i] = sample((unsigned)i + 1);
		if (i > 0)
			memcpy(entries[i].prev_hash, entries[i - 1].hash, ENTRY_HASH_LEN);
		entry_seal_hash(&entries[i]);
	}
	b.store_id = sample(1).store_id;
	b.now = sample(9).time;
	return b;
}

static void hex_is(const uint8_t hash[ENTRY_HASH_LEN], const char *expected)
{
	char hex[65];
	struct buf b = BUF_ON(hex);

	hex_write(&b, bytes_of(hash, ENTRY_HASH_LEN));
	assert_str(buf_str(&b), expected);
}

/* The three vectors of docs/sync-protocol.md. */
static void hashes_the_documented_vectors(void **state)
{
	struct entry x[3];

	(void)state;
	sample_batch(x, 2);
	hex_is(x[0].hash, "1b4abe744125f8339af4d75838d810c8d2a9ab114f18883a97778e1aa8c5e82f");
	hex_is(x[1].hash, "921203b041f3dcd364f988d1f116e0c285ab58e84dc61324b1ad329da3cc0876");
	x[2] = sample(3);
	x[2].kind = ENTRY_NOTE;
	x[2].sealed = true;
	x[2].payload = BYTES("\x00\x01\x02\x03");
	x[2].time.wall_ms = -1;
	x[2].time.quality = CLOCK_UNSET;
	memcpy(x[2].prev_hash, x[1].hash, ENTRY_HASH_LEN);
	entry_seal_hash(&x[2]);
	hex_is(x[2].hash, "8e4c436a757bd365a8aa3d55203ac2696a1009ac8dd00dbf5b519b184cb70ee1");
}

static void canonical_bytes_fill_their_length(void **state)
{
	uint8_t bytes[ENTRY_CANONICAL_LEN];
	struct buf b = BUF_ON(bytes);
	struct entry x = sample(1);

	(void)state;
	entry_canonical(&b, &x, x.hash);
	assert_int_equal(b.len, ENTRY_CANONICAL_LEN);
}

static void reads_back_what_it_writes(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct entry entries[3];
	struct batch b = sample_batch(entries, 3), again;
	struct buf text = BUF_IN(&a), text2 = BUF_IN(&a);

	(void)state;
	batch_write(&text, &b);
	if (!batch_read(&again, buf_bytes(&text), &a, &e))
		fail_msg("%s", e.text);
	batch_write(&text2, &again);
	assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&text2)));
	arena_finish(&a);
}

static void signs_travel_or_are_not_spoken_of(void **state)
{
	static const char *const wrong[] = { "\"signs\":{}", "\"signs\":[7]",
		"\"signs\":[{\"sign\":\"disk\"}]", "\"signs\":[{\"sign\":\"a b\",\"for_ms\":1}]",
		"\"signs\":[{\"sign\":\"disk\",\"for_ms\":-1}]",
		"\"signs\":[{\"sign\":\"disk\",\"for_ms\":1,\"value\":\"x\"}]" };
	struct batch_sign signs[] = { { STR_INIT("disk"), 5000, true, 12 },
		{ STR_INIT("clock"), 0, false, 0 } };
	struct arena a = { 0 };
	struct err e = { 0 };
	struct batch b = sample_batch(NULL, 0), again;
	struct buf text = BUF_IN(&a), with = BUF_IN(&a);

	(void)state;
	batch_write(&text, &b);
	assert_true(batch_read(&again, buf_bytes(&text), &a, &e));
	assert_false(again.has_signs);
	b.has_signs = true;
	b.signs = signs;
	b.sign_count = 2;
	batch_write(&with, &b);
	assert_true(batch_read(&again, buf_bytes(&with), &a, &e));
	assert_true(again.has_signs);
	assert_int_equal(again.sign_count, 2);
	assert_str(again.signs[0].name, "disk");
	assert_int_equal(again.signs[0].for_ms, 5000);
	assert_int_equal(again.signs[0].value, 12);
	assert_false(again.signs[1].has_value);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct str bad = arena_printf(
			&a, "{%s,%.*s", wrong[i], (int)text.len - 1, (const char *)text.p + 1);

		assert_false(batch_read(&again, str_bytes(bad), &a, &e));
		assert_non_null(strstr(e.text, "signs"));
	}
	arena_finish(&a);
}

static void a_role_is_written_only_when_there_is_one(void **state)
{
	static const char *const wrong[] = { "\"role\":\"\"", "\"role\":7", "\"role\":\"a b\"",
		"\"role\":\"abcdefghijklmnopq\"" };
	struct arena a = { 0 };
	struct err e = { 0 };
	struct batch b = sample_batch(NULL, 0), again;
	struct buf text = BUF_IN(&a), with = BUF_IN(&a);

	(void)state;
	batch_write(&text, &b);
	assert_int_equal(str_find(buf_str(&text), STR("role"), 0), SIZE_MAX);
	assert_true(batch_read(&again, buf_bytes(&text), &a, &e));
	assert_int_equal(again.role.len, 0);
	b.role = STR("door");
	batch_write(&with, &b);
	assert_true(batch_read(&again, buf_bytes(&with), &a, &e));
	assert_str(again.role, "door");
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct str bad = arena_printf(
			&a, "{%s,%.*s", wrong[i], (int)text.len - 1, (const char *)text.p + 1);

		assert_false(batch_read(&again, str_bytes(bad), &a, &e));
		assert_int_equal(e.code, ERR_MALFORMED);
		assert_non_null(strstr(e.text, "role"));
	}
	arena_finish(&a);
}

/* One rule for the report, and for the file that it comes from. */
static void what_became_of_a_release_is_told_in_words(void **state)
{
	static const struct {
		const char *state, *version, *reason;
		bool good;
	} cases[] = {
		{ "installed", "1.2", "", true },
		{ "refused", "", "signature", true },
		{ "rolled-back", "1.2~rc1", "abcdefghijklmnop", true },
		{ "", "1.2", "", false },
		{ "A", "1.2", "", false },
		{ "abcdefghijklmnopq", "1.2", "", false },
		{ "stuck", "no version", "", false },
		{ "stuck", "1.2", "7", false },
	};
	struct arena a = { 0 };
	struct hash digest = { { 1 } };
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str said[] = { str_of(cases[i].state), str_of(cases[i].version),
			str_of(cases[i].reason) };
		struct batch b = sample_batch(NULL, 0), again;
		struct buf batch = BUF_IN(&a), file = BUF_IN(&a);
		struct json_writer w = JSON_TO(&file);
		struct outcome x;

		b.program = (struct batch_program){ .version = STR("1.1"),
			.architecture = STR("arm64"),
			.update = said[0].len > 0 ? said[0] : STR(" "),
			.update_version = said[1],
			.update_reason = said[2] };
		batch_write(&batch, &b);
		json_open(&w, NULL, '{');
		json_str(&w, "state", said[0]);
		json_str(&w, "version", said[1]);
		json_str(&w, "reason", said[2]);
		json_blob(&w, "digest", hash_bytes(&digest));
		json_close(&w, '}');
		assert_int_equal(batch_read(&again, buf_bytes(&batch), &a, &e), cases[i].good);
		assert_int_equal(outcome_read(&x, buf_bytes(&file), &a, &e), cases[i].good);
		if (!cases[i].good)
			continue;
		assert_true(str_equal(again.program.update, said[0]));
		assert_true(str_equal(again.program.update_version, said[1]));
		assert_true(str_equal(again.program.update_reason, said[2]));
		assert_true(str_equal(x.reason, said[2]));
	}
	arena_finish(&a);
}

static void a_station_says_up_to_which_refusal_it_heard(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct batch b = sample_batch(NULL, 0), again;
	struct buf text = BUF_IN(&a), with = BUF_IN(&a);
	struct str bad;

	(void)state;
	batch_write(&text, &b);
	assert_int_equal(str_find(buf_str(&text), STR("refusal_seq"), 0), SIZE_MAX);
	assert_true(batch_read(&again, buf_bytes(&text), &a, &e));
	assert_int_equal(again.refusal_seq, 0);
	b.refusal_seq = 41;
	batch_write(&with, &b);
	assert_true(batch_read(&again, buf_bytes(&with), &a, &e));
	assert_int_equal(again.refusal_seq, 41);
	bad = arena_printf(
		&a, "{\"refusal_seq\":-1,%.*s", (int)text.len - 1, (const char *)text.p + 1);
	assert_false(batch_read(&again, str_bytes(bad), &a, &e));
	assert_non_null(strstr(e.text, "refusal_seq"));
	arena_finish(&a);
}

/* Written as text, with one thing replaced by another, and read. */
static bool read_with(const struct batch *b, const char *was, const char *now, struct batch *out,
	struct arena *a, struct err *e)
{
	struct buf text = BUF_IN(a);
	struct str s, changed;
	size_t at;

	batch_write(&text, b);
	s = buf_str(&text);
	at = str_find(s, str_of(was), 0);
	if (at == SIZE_MAX)
		fail_msg("no %s in " STR_FMT, was, STR_ARG(s));
	changed = arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(s, 0, at)), now,
		STR_ARG(str_sub(s, at + strlen(was), s.len)));
	*e = (struct err){ 0 };
	return batch_read(out, str_bytes(changed), a, e);
}

static void a_kind_that_is_not_known_is_read_by_its_number(void **state)
{
	static const char sent[] = "\"kind\":\"wave-2\",\"number\":19";
	static const char *const wrong[] = { "\"kind\":\"wave-2\"",
		"\"kind\":\"wave-2\",\"number\":20", "\"kind\":\"wave-2\",\"number\":18",
		"\"kind\":\"wave-2\",\"number\":0", "\"kind\":\"wave-2\",\"number\":65555",
		"\"kind\":\"wave-2\",\"number\":\"19\"", "\"kind\":\"Wave 2\",\"number\":19",
		"\"kind\":\"\",\"number\":19", "\"number\":19",
		"\"kind\":\"a-name-of-more-than-32-characters\",\"number\":19" };
	struct arena a = { 0 };
	struct err e;
	struct entry entries[2];
	struct batch b = sample_batch(entries, 2), again;
	struct buf text = BUF_IN(&a), text2 = BUF_IN(&a);

	(void)state;
	batch_write(&text, &b);
	assert_int_equal(str_find(buf_str(&text), STR("\"number\""), 0), SIZE_MAX);
	entries[1].kind = (enum entry_kind)19;
	entries[1].kind_name = STR("wave-2");
	entry_seal_hash(&entries[1]);
	assert_true(read_with(&b, sent, sent, &again, &a, &e));
	assert_int_equal(again.entries[1].kind, 19);
	assert_str(again.entries[1].kind_name, "wave-2");
	assert_false(entry_kind_is_known(again.entries[1].kind));
	text = BUF_IN(&a);
	batch_write(&text, &b);
	batch_write(&text2, &again);
	assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&text2)));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		if (read_with(&b, sent, wrong[i], &again, &a, &e))
			fail_msg("read %s", wrong[i]);
		assert_int_equal(e.code, ERR_MALFORMED);
		assert_non_null(strstr(e.text, "entry 2"));
	}
	/* of a kind that is known the name says it all */
	assert_true(read_with(
		&b, "\"kind\":\"meeting\"", "\"kind\":\"meeting\",\"number\":99", &again, &a, &e));
	assert_int_equal(again.entries[0].kind, ENTRY_MEETING);
	arena_finish(&a);
}

static void every_changed_byte_of_an_entry_is_found(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct entry entries[2];
	struct batch b = sample_batch(entries, 2), again;
	struct buf text = BUF_IN(&a);
	size_t from, changed = 0;

	(void)state;
	batch_write(&text, &b);
	from = str_find(buf_str(&text), STR("\"entries\""), 0);
	for (size_t i = from + 12; i < text.len - 3; i++) {
		uint8_t was = text.p[i];

		text.p[i] = was == '1' ? '2' : '1';
		changed += !batch_read(&again, buf_bytes(&text), &a, &e);
		text.p[i] = was;
	}
	assert_int_equal(changed, text.len - 3 - (from + 12));
	arena_finish(&a);
}

static void refuses_what_is_no_batch(void **state)
{
	static const char *const bad[] = { "", "[]", "{}", "{\"store_id\":1}", "nonsense",
		"{\"store_id\":\"x\",\"store_id\":\"y\"}",
		"[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]" };
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct batch b;
		struct err e = { 0 };

		assert_false(batch_read(&b, str_bytes(str_of(bad[i])), &a, &e));
		assert_true(e.text[0] != '\0');
	}
	arena_finish(&a);
}

static void a_batch_past_its_limits_is_too_large(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct entry entries[LIMIT_BATCH_ENTRIES + 1];
	struct batch b = sample_batch(entries, ARRAY_LEN(entries)), again;
	struct buf text = BUF_IN(&a);

	(void)state;
	batch_write(&text, &b);
	assert_false(batch_read(&again, buf_bytes(&text), &a, &e));
	assert_int_equal(e.code, ERR_TOO_LARGE);
	arena_finish(&a);
}

static void replies_read_back(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct batch_refusal refusal = { .reason = STR_INIT("not-your-event") };
	struct batch_reply r = { .status = BATCH_FORK,
		.durable_seq = 9,
		.safe_seq = 4,
		.server_ms = 12,
		.roster_rev = 3,
		.refusals = &refusal,
		.refusal_count = 1,
		.refusal_seq = 12,
		.wipe = true },
			   again;
	static const char older[] =
		"{\"store_id\":\"a5a5a5a5-a5a5-a5a5-a5a5-a5a5a5a5a5a5\",\"status\":\"ok\","
		"\"durable_seq\":0,\"durable_hash\":"
		"\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
		"\"safe_seq\":0,\"timeline\":\"a5a5a5a5-a5a5-a5a5-a5a5-a5a5a5a5a5a5\","
		"\"server_ms\":1,\"roster_rev\":0,\"wipe\":false,\"refusals\":[]}";
	struct buf text = BUF_IN(&a);

	(void)state;
	batch_reply_write(&text, &r);
	assert_true(batch_reply_read(&again, buf_bytes(&text), &a, &e));
	assert_int_equal(again.status, BATCH_FORK);
	assert_int_equal(again.durable_seq, 9);
	assert_true(again.wipe);
	assert_str(again.refusals[0].reason, "not-your-event");
	assert_int_equal(again.refusal_seq, 12);
	if (!batch_reply_read(&again, str_bytes(str_of(older)), &a, &e))
		fail_msg("%s", e.text);
	assert_int_equal(again.refusal_seq, 0);
	arena_finish(&a);
}

static void signatures_cover_method_target_body_and_nonce(void **state)
{
	uint8_t nonce[NONCE_LEN] = { 1 }, other[NONCE_LEN] = { 2 };
	struct hash h = request_hash(STR("POST"), STR("/v1/a?b=1"), BYTES("x"), nonce);
	struct hash g;

	(void)state;
	g = request_hash(STR("GET"), STR("/v1/a?b=1"), BYTES("x"), nonce);
	assert_false(hash_equal(&h, &g));
	g = request_hash(STR("POST"), STR("/v1/a?b=2"), BYTES("x"), nonce);
	assert_false(hash_equal(&h, &g));
	g = request_hash(STR("POST"), STR("/v1/a?b=1"), BYTES("y"), nonce);
	assert_false(hash_equal(&h, &g));
	g = request_hash(STR("POST"), STR("/v1/a?b=1"), BYTES("x"), other);
	assert_false(hash_equal(&h, &g));
	g = reply_hash(&h, 200, BYTES("x"));
	h = reply_hash(&h, 201, BYTES("x"));
	assert_false(hash_equal(&h, &g));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_the_documented_vectors),
		cmocka_unit_test(canonical_bytes_fill_their_length),
		cmocka_unit_test(reads_back_what_it_writes),
		cmocka_unit_test(a_role_is_written_only_when_there_is_one),
		cmocka_unit_test(what_became_of_a_release_is_told_in_words),
		cmocka_unit_test(signs_travel_or_are_not_spoken_of),
		cmocka_unit_test(a_station_says_up_to_which_refusal_it_heard),
		cmocka_unit_test(a_kind_that_is_not_known_is_read_by_its_number),
		cmocka_unit_test(every_changed_byte_of_an_entry_is_found),
		cmocka_unit_test(refuses_what_is_no_batch),
		cmocka_unit_test(a_batch_past_its_limits_is_too_large),
		cmocka_unit_test(replies_read_back),
		cmocka_unit_test(signatures_cover_method_target_body_and_nonce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
