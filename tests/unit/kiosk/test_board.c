#include "tests/unit/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/config.h"
#include "kiosk/board.h"

static char root[64];

static int make_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/kith-board-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

/* A file below the root, with its folders. */
static void put(const char *path, const char *text)
{
	char whole[256];
	struct err e;

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		(void)mkdir(whole, 0755);
		*slash = '/';
	}
	if (!file_replace(whole, str_bytes(str_of(text)), 0644, &e))
		fail_msg("%s", e.text);
}

static struct board look(void)
{
	struct board b;

	board_read(&b, root);
	return b;
}

static void a_board_without_senses_says_nothing(void **state)
{
	struct board b = look();

	(void)state;
	assert_false(b.power_known);
	assert_false(b.heat_known);
}

static void voltage_is_the_alarm_of_rpi_volt(void **state)
{
	(void)state;
	put("/sys/class/hwmon/hwmon0/name", "acpitz\n");
	put("/sys/class/hwmon/hwmon0/in0_lcrit_alarm", "1\n");
	assert_false(look().power_known);
	put("/sys/class/hwmon/hwmon1/name", "rpi_volt\n");
	put("/sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n");
	assert_true(look().power_known);
	assert_false(look().power_low);
	put("/sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
	assert_true(look().power_low);
}

static void heat_is_that_of_the_processor(void **state)
{
	(void)state;
	put("/sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n");
	put("/sys/class/thermal/thermal_zone0/temp", "99000\n");
	assert_false(look().heat_known);
	put("/sys/class/thermal/thermal_zone1/type", "cpu-thermal\n");
	put("/sys/class/thermal/thermal_zone1/temp", "48312\n");
	assert_true(look().heat_known);
	assert_int_equal(look().heat_mc, 48312);
	put("/sys/class/thermal/thermal_zone1/temp", "no number\n");
	assert_false(look().heat_known);
}

static void the_firmwares_bits_are_read_too(void **state)
{
	static const char path[] = "/sys/devices/platform/soc/soc:firmware/get_throttled";

	(void)state;
	put(path, "0\n");
	assert_true(look().power_known);
	assert_false(look().power_low);
	/* it has happened, it is over */
	put(path, "50000\n");
	assert_false(look().power_low);
	put(path, "0x50005\n");
	assert_true(look().power_low);
	assert_false(look().heat_known);
	put(path, "8\n");
	assert_false(look().power_low);
	assert_int_equal(look().heat_mc, 80000);
	put(path, "nonsense\n");
	assert_false(look().power_known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_board_without_senses_says_nothing, make_root, remove_root),
		cmocka_unit_test_setup_teardown(
			voltage_is_the_alarm_of_rpi_volt, make_root, remove_root),
		cmocka_unit_test_setup_teardown(
			heat_is_that_of_the_processor, make_root, remove_root),
		cmocka_unit_test_setup_teardown(
			the_firmwares_bits_are_read_too, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
