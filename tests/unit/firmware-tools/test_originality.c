#include "tests/unit/test.h"

#include "core/base/text.h"
#include "firmware-tools/originality.h"

static bool check(const char *uid_text, const char *signature_text, const uint8_t *key)
{
	uint8_t uid[7], signature[ORIGINALITY_LEN];
	struct buf u = BUF_ON(uid), s = BUF_ON(signature);
	struct err e = { 0 };
	bool genuine;

	assert_true(hex_read(&u, str_of(uid_text)) && u.len == sizeof(uid));
	assert_true(hex_read(&s, str_of(signature_text)) && s.len == sizeof(signature));
	assert_true(originality_check(&genuine, signature, bytes_of(uid, sizeof(uid)), key, &e));
	return genuine;
}

/* Samples of real chips, published in the self-test of the Proxmark's recover_pk.py. */
static const char first[] = "6048EFD9417CD10F6B7F1818D471A7FE5B46868D2EABDC6307A1E0AAE139D8D0";
static const char second[] = "8B76052EE42F5567BEB53238B3E3F9950707C0DCC956B5C5EFCFDB709B2D82B3";

static void accepts_signatures_of_real_chips(void **state)
{
	(void)state;
	assert_true(check("04DB0BDA993C80", first, originality_ntag21x));
	assert_true(check("04E10CDA993C80", second, originality_ntag21x));
}

static void refuses_them_for_another_uid_or_family(void **state)
{
	uint8_t ultralight_ev1[ORIGINALITY_KEY_LEN];
	struct err e = { 0 };

	(void)state;
	assert_false(check("04DB0BDA993C81", first, originality_ntag21x));
	assert_false(check("04DB0BDA993C80", second, originality_ntag21x));
	assert_true(originality_key_read(ultralight_ev1,
		"0490933BDCD6E99B4E255E3DA55389A827564E11718E017292FAF23226A96614B8", &e));
	assert_false(check("04DB0BDA993C80", first, ultralight_ev1));
	assert_true(check("04C1285A373080",
		"CEA2EB0B3C95D0844A95B824A7553703B3702378033BF0987899DB70151A19E7",
		ultralight_ev1));
}

static void names_a_key_that_is_no_point(void **state)
{
	uint8_t key[ORIGINALITY_KEY_LEN] = { 0x04 }, signature[ORIGINALITY_LEN] = { 0 };
	struct err e = { 0 };
	bool genuine;

	(void)state;
	assert_false(originality_check(&genuine, signature, BYTES("\x04"), key, &e));
	assert_int_equal(e.code, ERR_UNSUPPORTED);
	assert_false(originality_key_read(key, "0433", &e));
	assert_int_equal(e.code, ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_signatures_of_real_chips),
		cmocka_unit_test(refuses_them_for_another_uid_or_family),
		cmocka_unit_test(names_a_key_that_is_no_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
