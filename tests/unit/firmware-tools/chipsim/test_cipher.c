#include "tests/unit/test.h"

#include "firmware-tools/chipsim/cipher.h"

/* RFC 4493, section 4: the empty message and one of 16 bytes. */
static void computes_the_cmacs_of_the_standard(void **state)
{
	static const uint8_t key[] = { 0x2B, 0x7E, 0x15, 0x16, 0x28, 0xAE, 0xD2, 0xA6, 0xAB, 0xF7,
		0x15, 0x88, 0x09, 0xCF, 0x4F, 0x3C };
	static const uint8_t message[] = { 0x6B, 0xC1, 0xBE, 0xE2, 0x2E, 0x40, 0x9F, 0x96, 0xE9,
		0x3D, 0x7E, 0x11, 0x73, 0x93, 0x17, 0x2A };
	static const uint8_t of_nothing[] = { 0xBB, 0x1D, 0x69, 0x29, 0xE9, 0x59, 0x37, 0x28, 0x7F,
		0xA3, 0x7D, 0x12, 0x9B, 0x75, 0x67, 0x46 };
	static const uint8_t of_message[] = { 0x07, 0x0A, 0x16, 0xB4, 0x6B, 0x4D, 0x41, 0x44, 0xF7,
		0x9B, 0xDD, 0x9D, 0xD0, 0x4A, 0x28, 0x7C };
	uint8_t mac[AES_LEN];

	(void)state;
	assert_true(cipher_cmac(mac, bytes_of(message, 0), key));
	assert_memory_equal(mac, of_nothing, sizeof(mac));
	assert_true(cipher_cmac(mac, bytes_of(message, sizeof(message)), key));
	assert_memory_equal(mac, of_message, sizeof(mac));
}

/* NXP AN12196, the worked example of the plain mirror. */
static void computes_the_sun_mac_of_the_application_note(void **state)
{
	static const uint8_t uid[] = { 0x04, 0xDE, 0x5F, 0x1E, 0xAC, 0xC0, 0x40 }, key[AES_LEN];
	static const uint8_t expected[] = { 0x94, 0xEE, 0xD9, 0xEE, 0x65, 0x33, 0x70, 0x86 };
	uint8_t mac[8];

	(void)state;
	assert_true(cipher_sun(mac, uid, 0x3D, key));
	assert_memory_equal(mac, expected, sizeof(mac));
}

/* The vector for variable plaintext of NIST SP 800-17, first row, and the zero block. */
static void enciphers_by_des(void **state)
{
	static const uint8_t odd[] = { 1, 1, 1, 1, 1, 1, 1, 1 },
			     plain[] = { 0x80, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t expected[] = { 0x95, 0xF8, 0xA5, 0xE5, 0xDD, 0x31, 0xD9, 0x00 };
	uint8_t out[DES_LEN];

	(void)state;
	assert_true(cipher_des(out, plain, odd));
	assert_memory_equal(out, expected, sizeof(out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(computes_the_cmacs_of_the_standard),
		cmocka_unit_test(computes_the_sun_mac_of_the_application_note),
		cmocka_unit_test(enciphers_by_des),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
