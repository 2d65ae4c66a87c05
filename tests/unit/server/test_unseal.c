#include "tests/unit/test.h"

#include "server/unseal.h"

enum { MANY = 41 };

static void opens_each_payload_and_says_which_it_could_not(void **state)
{
	uint8_t public_key[SEAL_PUBLIC_LEN], secret_key[SEAL_SECRET_LEN];
	static const char text[] = "forty characters of a note, and one more.";
	struct unseal list[MANY] = { 0 };
	struct arena a = { 0 };

	(void)state;
	seal_keypair(public_key, secret_key);
	for (size_t i = 0; i < MANY; i++) {
		struct buf sealed = BUF_IN(&a);

		seal_write(&sealed, bytes_of(text, i), public_key);
		if (i % 5 == 4)
			sealed.p[sealed.len - 1] ^= 1;
		list[i].sealed = buf_bytes(&sealed);
	}
	list[7].sealed.len = SEAL_EXTRA - 1;
	for (size_t n = 0; n <= MANY; n += n < 10 ? 1 : 31) {
		unseal_all(list, n, public_key, secret_key, &a);
		for (size_t i = 0; i < n; i++) {
			bool whole = i % 5 != 4 && i != 7;

			assert_int_equal(list[i].ok, whole);
			if (whole)
				assert_true(bytes_equal(list[i].plain, bytes_of(text, i)));
		}
	}
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_each_payload_and_says_which_it_could_not),
	};
	struct err e;

	if (!crypto_init(&e))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
