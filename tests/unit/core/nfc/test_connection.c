#include "tests/unit/test.h"

#include <unistd.h>

#include "core/nfc/connection.h"

static void takes_a_path_alone_as_a_serial_pn532(void **state)
{
	struct nfc_connection c;
	struct err e = { 0 };

	(void)state;
	assert_true(nfc_connection_read(&c, "/dev/ttyAMA0", &e));
	assert_string_equal(c.text, "pn532_uart:/dev/ttyAMA0");
	assert_true(nfc_connection_read(&c, "pn532_uart:/dev/ttyAMA0:115200", &e));
	assert_string_equal(c.text, "pn532_uart:/dev/ttyAMA0:115200");
	assert_true(nfc_connection_read(&c, "acr122_usb:001:004", &e));
	assert_string_equal(c.text, "acr122_usb:001:004");
}

static void refuses_what_libnfc_cannot_take(void **state)
{
	static const char *const bad[] = { "", ":",
		"pn532_uart:/dev/serial/by-path/usb-0:1.2:1.0-port0",
		"/dev/serial/by-path/usb-0:1.2:1.0-port0", "pn532_uart:/dev/tty:" };
	struct nfc_connection c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err e = { 0 };

		if (nfc_connection_read(&c, bad[i], &e))
			fail_msg("took %s", bad[i]);
		assert_int_equal(e.code, ERR_USAGE);
	}
}

static void locks_a_device_whatever_it_is_called(void **state)
{
	char folder[] = "/tmp/kith-lock-XXXXXX", link[64], locks[NFC_CONNECTION_MAX + 64];
	struct nfc_connection a, b, other;
	struct err e = { 0 };
	int one, two;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(setenv("KITH_LOCK_DIR", folder, 1), 0);
	snprintf(link, sizeof(link), "%s/reader", folder);
	assert_int_equal(symlink("/dev/null", link), 0);
	assert_true(nfc_connection_read(&a, link, &e));
	assert_true(nfc_connection_read(&b, "pn532_uart:/dev/null:9600", &e));
	assert_true(nfc_connection_read(&other, "pn532_uart:/dev/zero", &e));
	assert_string_equal(a.key, b.key);

	assert_true(nfc_connection_lock(&a, &one, &e));
	assert_false(nfc_connection_lock(&b, &two, &e));
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_true(nfc_connection_lock(&other, &two, &e));
	close(two);
	close(one);
	assert_true(nfc_connection_lock(&b, &two, &e));
	close(two);

	snprintf(locks, sizeof(locks), "%s/%s.lock", folder, a.key);
	assert_int_equal(unlink(locks), 0);
	snprintf(locks, sizeof(locks), "%s/%s.lock", folder, other.key);
	assert_int_equal(unlink(locks), 0);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_path_alone_as_a_serial_pn532),
		cmocka_unit_test(refuses_what_libnfc_cannot_take),
		cmocka_unit_test(locks_a_device_whatever_it_is_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
