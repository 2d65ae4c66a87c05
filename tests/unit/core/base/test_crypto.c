#include "tests/unit/test.h"

#include "core/base/crypto.h"
#include "core/base/text.h"

static void hash_is(struct hash h, const char *expected)
{
	char hex[HASH_LEN * 2 + 1];
	struct buf b = BUF_ON(hex);

	hex_write(&b, hash_bytes(&h));
	assert_str(buf_str(&b), expected);
}

/* NIST's examples for FIPS 180-4, and the million of "a". */
static void hashes_are_sha_256(void **state)
{
	struct bytes ten = BYTES("aaaaaaaaaa"), million[100000];

	(void)state;
	hash_is(hash_of(BYTES("")),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash_is(hash_of((struct bytes){ NULL, 0 }),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash_is(hash_of(BYTES("abc")),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	hash_is(hash_of(BYTES("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	for (size_t i = 0; i < ARRAY_LEN(million); i++)
		million[i] = ten;
	hash_is(hash_of_parts(million, ARRAY_LEN(million)),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void parts_hash_as_if_they_were_one(void **state)
{
	uint8_t text[200];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7);
	for (size_t cut = 0; cut <= sizeof(text); cut++) {
		struct bytes parts[] = { bytes_of(text, cut), { NULL, 0 },
			bytes_of(text + cut, sizeof(text) - cut) };
		struct hash whole = hash_of(bytes_of(text, sizeof(text)));
		struct hash pieces = hash_of_parts(parts, ARRAY_LEN(parts));

		assert_true(hash_equal(&whole, &pieces));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_sha_256),
		cmocka_unit_test(parts_hash_as_if_they_were_one),
	};
	struct err e;

	if (!crypto_init(&e))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
