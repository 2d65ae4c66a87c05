#include "tests/unit/test.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/base/config.h"
#include "kiosk/setup_system.h"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/kith-setup-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static void put(const char *name, const char *text)
{
	char path[120];
	struct err e;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (!file_replace(path, str_bytes(str_of(text)), 0600, &e))
		fail_msg("%s", e.text);
}

static void a_status_is_read_or_nobody_is_there(void **state)
{
	struct setup_status s;

	(void)state;
	setup_status_read(&s, folder);
	assert_false(s.there);
	put("status", "state = failed\nproblem = wifi_password_length\ntext = it has = 8\n");
	setup_status_read(&s, folder);
	assert_true(s.there);
	assert_string_equal(s.state, "failed");
	assert_string_equal(s.problem, "wifi_password_length");
	assert_string_equal(s.text, "it has = 8");
	put("status", "state = \xff\n");
	setup_status_read(&s, folder);
	assert_false(s.there);
}

static void networks_are_lines(void **state)
{
	struct arena a = { 0 };
	struct str list[2];

	(void)state;
	assert_int_equal(setup_networks_read(list, 2, folder, &a), 0);
	put("networks", "\nVenue\n  Caf\xc3\xa9 2 \nthird\n");
	assert_int_equal(setup_networks_read(list, 2, folder, &a), 2);
	assert_str(list[1], "Caf\xc3\xa9 2");
	arena_finish(&a);
}

static struct str written(struct arena *a)
{
	struct bytes b;
	struct err e;

	if (!file_read(&b, arena_printf(a, "%s/setup", folder).p, 4096, a, &e))
		fail_msg("%s", e.text);
	return (struct str){ (const char *)b.p, b.len };
}

static void a_request_says_only_what_was_asked_for(void **state)
{
	struct setup_request r = { .time_zone = STR("Europe/Berlin") };
	struct arena a = { 0 };
	struct err e;

	(void)state;
	assert_true(setup_request_write(&r, folder, &e));
	assert_str(written(&a), "time_zone = Europe/Berlin\n");
	r.wifi_name = STR("Venue = 1");
	r.wifi_password = STR("pass word");
	assert_true(setup_request_write(&r, folder, &e));
	assert_str(written(&a), "wifi_name = Venue = 1\nwifi_password = pass word\n"
				"time_zone = Europe/Berlin\n");
	arena_finish(&a);
}

static void a_line_cannot_be_smuggled_in(void **state)
{
	struct setup_request r = { .wifi_name = STR("x\ncode = 1") };
	struct err e;

	(void)state;
	assert_false(setup_request_write(&r, folder, &e));
	assert_int_equal(e.code, ERR_MALFORMED);
}

static void a_codes_picture_has_server_and_code(void **state)
{
	static const char *const wrong[] = { "", "https://h/enrol#", "https://h/enrol#AB12",
		"https://h/enrol#AB12CD34EF56GH789", "https://h/enrol#AB12CD34EF56GH7/",
		"ftp://h/enrol#AB12CD34EF56GH78", "https://h\n/enrol#AB12CD34EF56GH78",
		"https://h/t#AB12CD34EF56GH78" };
	struct str server, code;

	(void)state;
	assert_true(setup_code_read(
		STR(" https://meet.example.org:8443/enrol#ab12-CD34-EF56-GH78\n"), &server, &code));
	assert_str(server, "https://meet.example.org:8443");
	assert_str(code, "ab12-CD34-EF56-GH78");
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(setup_code_read(str_of(wrong[i]), &server, &code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_status_is_read_or_nobody_is_there, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(networks_are_lines, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			a_request_says_only_what_was_asked_for, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			a_line_cannot_be_smuggled_in, make_folder, remove_folder),
		cmocka_unit_test(a_codes_picture_has_server_and_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
