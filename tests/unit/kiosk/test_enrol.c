#include "kiosk/enrol.h"

#include <unistd.h>

#include "tests/unit/test.h"

/* Nobody answers there: whoever asks has spent the code. */
#define SERVER "http://127.0.0.1:1"
#define CODE   "0123-4567-89AB-CDEF"

static void a_folder_that_takes_no_identity_is_told_before_the_code_is_spent(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_false(enrol("/proc/kith/identity.json", SERVER, CODE, &e));
	assert_int_not_equal(e.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(e.text, "/proc/kith/identity.json"));
}

static void a_folder_that_takes_one_is_left_as_it_was(void **state)
{
	char folder[] = "/tmp/kith-enrol-XXXXXX", path[64];
	struct err e = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/identity.json", folder);
	assert_false(enrol(path, SERVER, CODE, &e));
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_that_takes_no_identity_is_told_before_the_code_is_spent),
		cmocka_unit_test(a_folder_that_takes_one_is_left_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
