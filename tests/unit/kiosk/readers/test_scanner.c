#define _XOPEN_SOURCE 600
#define _DEFAULT_SOURCE
#include "tests/unit/test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <linux/input.h>

#include "core/base/arena.h"
#include "kiosk/readers/scan_line.h"
#include "kiosk/readers/scanner.h"

struct world {
	struct arena a;
	void *reader;
};

/* A keyboard behind the system calls. */
static struct fake {
	struct input_event events[8192];
	size_t count, at;
	bool open, grabbed;
	int grab_errno, read_errno;
	uint64_t now_ns;
} fake;

static int fake_open(const char *path)
{
	(void)path;
	fake.open = true;
	return 78;
}

static int fake_close(int fd)
{
	(void)fd;
	fake.open = fake.grabbed = false;
	return 0;
}

static int fake_ioctl(int fd, unsigned long request, void *argument)
{
	(void)fd;
	if (request == EVIOCGVERSION)
		return 0;
	assert_int_equal(request, EVIOCGRAB);
	assert_true(argument == (void *)1);
	errno = fake.grab_errno;
	fake.grabbed = fake.grab_errno == 0;
	return fake.grabbed ? 0 : -1;
}

static ssize_t fake_read(int fd, void *p, size_t n)
{
	size_t events = n / sizeof(struct input_event);

	(void)fd;
	if (fake.read_errno) {
		errno = fake.read_errno;
		return -1;
	}
	if (events > fake.count - fake.at)
		events = fake.count - fake.at;
	memcpy(p, fake.events + fake.at, events * sizeof(struct input_event));
	fake.at += events;
	return (ssize_t)(events * sizeof(struct input_event));
}

static int fake_poll(int fd, int timeout_ms)
{
	(void)fd;
	if (fake.at < fake.count || fake.read_errno)
		return POLLIN;
	fake.now_ns += (uint64_t)timeout_ms * 1000000;
	return 0;
}

static uint64_t fake_now(void)
{
	return fake.now_ns;
}

static const struct device_calls fake_calls = {
	.open = fake_open,
	.close = fake_close,
	.ioctl = fake_ioctl,
	.read = fake_read,
	.poll = fake_poll,
	.now_ns = fake_now,
};

static void event(uint16_t type, uint16_t code, int32_t value)
{
	assert_true(fake.count < ARRAY_LEN(fake.events));
	fake.events[fake.count++] = (struct input_event){
		.type = type, .code = code, .value = value
	};
}

static void stroke(uint16_t key)
{
	event(EV_KEY, key, 1);
	event(EV_SYN, SYN_REPORT, 0);
	event(EV_KEY, key, 0);
	event(EV_SYN, SYN_REPORT, 0);
}

static void stroke_with(uint16_t held, uint16_t key)
{
	event(EV_KEY, held, 1);
	stroke(key);
	event(EV_KEY, held, 0);
}

/* As a scanner types; only what the tests need. */
static void type(const char *text)
{
	static const char plain[] = "qwertyuiop[]\nasdfghjkl;'`\\zxcvbnm,./";
	static const char shifted[] = "QWERTYUIOP{}\nASDFGHJKL:\"~|ZXCVBNM<>?";
	static const uint16_t keys[] = { KEY_Q, KEY_W, KEY_E, KEY_R, KEY_T, KEY_Y, KEY_U, KEY_I,
		KEY_O, KEY_P, KEY_LEFTBRACE, KEY_RIGHTBRACE, KEY_ENTER, KEY_A, KEY_S, KEY_D, KEY_F,
		KEY_G, KEY_H, KEY_J, KEY_K, KEY_L, KEY_SEMICOLON, KEY_APOSTROPHE, KEY_GRAVE,
		KEY_BACKSLASH, KEY_Z, KEY_X, KEY_C, KEY_V, KEY_B, KEY_N, KEY_M, KEY_COMMA, KEY_DOT,
		KEY_SLASH };
	static const char digits[] = "1234567890", above[] = "!@#$%^&*()";

	for (const char *p = text; *p; p++) {
		const char *at;

		if ((at = strchr(plain, *p)))
			stroke(keys[at - plain]);
		else if ((at = strchr(shifted, *p)))
			stroke_with(KEY_RIGHTSHIFT, keys[at - shifted]);
		else if ((at = strchr(digits, *p)))
			stroke((uint16_t)(KEY_1 + (at - digits)));
		else if ((at = strchr(above, *p)))
			stroke_with(KEY_LEFTSHIFT, (uint16_t)(KEY_1 + (at - above)));
		else if (*p == ' ')
			stroke(KEY_SPACE);
		else if (*p == '-')
			stroke(KEY_MINUS);
		else
			fail_msg("no key for '%c'", *p);
	}
}

static int open_world(void **state)
{
	static struct world w;

	w = (struct world){ 0 };
	fake = (struct fake){ .now_ns = 1 };
	*state = &w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;

	reader_scanner.close(w->reader);
	arena_finish(&w->a);
	return fake.open ? -1 : 0;
}

static void start(
	struct world *w, const char *path, const struct device_calls *calls, const char *what)
{
	struct err e = { 0 };
	struct scan scan;
	bool found;

	if (!scanner_open(&w->reader, path, calls, &e))
		fail_msg("%s", e.text);
	assert_true(reader_scanner.wait(w->reader, 0, &scan, &found, &e));
	assert_true(found && scan.kind == SCAN_READY);
	assert_true(str_ends((struct str){ (const char *)scan.data, scan.len }, str_of(what)));
}

static const char *next(struct world *w, int timeout_ms)
{
	struct err e = { 0 };
	struct scan scan;
	bool found;

	if (!reader_scanner.wait(w->reader, timeout_ms, &scan, &found, &e))
		return arena_printf(&w->a, "lost: %s", e.text).p;
	if (!found)
		return NULL;
	assert_int_equal(scan.kind, SCAN_CODE);
	return arena_cstr(&w->a, (struct str){ (const char *)scan.data, scan.len });
}

/* The next report within some reads, since a long code comes in many. */
static void expect(struct world *w, const char *text)
{
	const char *got = NULL;

	for (int i = 0; i < 200 && !got; i++)
		got = next(w, 0);
	if (!text)
		assert_null(got);
	else if (!got || strcmp(got, text) != 0)
		fail_msg("got \"%s\", wanted \"%s\"", got ? got : "nothing", text);
}

static void types_every_character_of_the_us_layout(void **state)
{
	static const char text[] =
		"https://badge.example/b#AZaz09-_ !\"#$%&'()*,./:;<>?@[\\]^`{|}~";

	start(*state, "/dev/input/event3", &fake_calls, "as a keyboard");
	assert_true(fake.grabbed);
	/* '_' and '"' come by their own keys */
	for (const char *p = text; *p; p++) {
		char one[2] = { *p, '\0' };

		if (*p == '_')
			stroke_with(KEY_LEFTSHIFT, KEY_MINUS);
		else
			type(one);
	}
	type("\n");
	expect(*state, text);
	expect(*state, NULL);
}

static void takes_control_and_alt_codes_and_caps(void **state)
{
	start(*state, "/dev/input/event3", &fake_calls, "as a keyboard");
	stroke_with(KEY_LEFTCTRL, KEY_RIGHTBRACE); /* GS, as in GS1 codes */
	event(EV_KEY, KEY_LEFTALT, 1);
	stroke(KEY_KP0);
	stroke(KEY_KP2);
	stroke(KEY_KP5);
	stroke(KEY_KP2);
	event(EV_KEY, KEY_LEFTALT, 0);
	stroke(KEY_CAPSLOCK);
	type("aB1");
	stroke(KEY_CAPSLOCK);
	event(EV_KEY, KEY_C, 1);
	event(EV_KEY, KEY_C, 2); /* a repeat is no second key */
	event(EV_KEY, KEY_C, 0);
	type("\n");
	expect(*state, "\x1D\xFC"
		       "Ab1c");
}

static void drops_a_code_whose_keys_were_lost(void **state)
{
	start(*state, "/dev/input/event3", &fake_calls, "as a keyboard");
	type("first ha");
	event(EV_KEY, KEY_LEFTSHIFT, 1);
	event(EV_SYN, SYN_DROPPED, 0);
	type("lf\nsecond\n");
	expect(*state, "second");
}

static void joins_the_lines_of_a_vcard(void **state)
{
	start(*state, "/dev/input/event3", &fake_calls, "as a keyboard");
	type("BEGIN:VCARD\nVERSION:3.0\n\nFN:Ada\nEND:VCARD\nplain\n");
	expect(*state, "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEND:VCARD\r\n");
	expect(*state, "plain");
}

static void drops_what_has_no_enter_after_a_silence(void **state)
{
	start(*state, "/dev/input/event3", &fake_calls, "as a keyboard");
	type("BEGIN:VCARD\nFN:To");
	expect(*state, NULL);
	for (int i = 0; i < 9; i++)
		assert_null(next(*state, 250));
	type("next\n");
	expect(*state, "next");
}

static void tells_unplugging_and_who_holds_it(void **state)
{
	struct world *w = *state;
	struct err e = { 0 };

	fake.grab_errno = EBUSY;
	assert_false(scanner_open(&w->reader, "/dev/input/event3", &fake_calls, &e));
	assert_non_null(strstr(e.text, "another program uses it"));
	assert_false(fake.open);
	fake.grab_errno = EACCES;
	assert_false(scanner_open(&w->reader, "/dev/input/event3", &fake_calls, &e));
	assert_int_equal(e.code, ERR_FORBIDDEN);
	assert_non_null(strstr(e.text, "the groups \"dialout\" and \"input\" (taking"));
	assert_false(reader_scanner.open(&w->reader, "/nowhere", &e));
	assert_non_null(strstr(e.text, "plug it in"));
	assert_false(reader_scanner.open(&w->reader, "/dev/null", &e));
	assert_non_null(strstr(e.text, "neither a serial port nor a keyboard"));
	fake.grab_errno = 0;
	start(w, "/dev/input/event3", &fake_calls, "as a keyboard");
	fake.read_errno = ENODEV;
	expect(w, "lost: scanner /dev/input/event3: it was unplugged: plug it in again (reading a "
		  "code)");
}

static void reads_a_serial_port_as_it_is(void **state)
{
	struct world *w = *state;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	static const char typed[] = "a\x03\x04\x1A"
				    "b\xFF\r\nsecond\rth";
	const char *got = NULL;

	assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	start(w, ptsname(master), &device_system, "as a serial port");
	/* control characters that a terminal would act on, two codes at once, then a torn one */
	assert_int_equal(write(master, typed, sizeof(typed) - 1), sizeof(typed) - 1);
	expect(w, "a\x03\x04\x1A"
		  "b\xFF");
	expect(w, "second");
	assert_int_equal(write(master, "ird\n", 4), 4);
	expect(w, "third");
	close(master);
	for (int i = 0; i < 200 && !got; i++)
		got = next(w, 10);
	assert_non_null(got);
	assert_true(str_starts(str_of(got), STR("lost: ")));
}

static void bounds_a_line(void **state)
{
	static struct scan_line l;
	struct bytes code = { NULL, 0 };

	(void)state;
	for (size_t i = 0; i < LIMIT_CODE_BYTES; i++)
		assert_false(scan_line_add(&l, 'x', &code));
	assert_true(scan_line_add(&l, '\n', &code));
	assert_int_equal(code.len, LIMIT_CODE_BYTES);
	for (size_t i = 0; i < 3 * LIMIT_CODE_BYTES; i++)
		assert_false(scan_line_add(&l, 'y', &code));
	assert_false(scan_line_add(&l, '\n', &code));
	assert_false(scan_line_add(&l, 'z', &code));
	assert_true(scan_line_add(&l, '\r', &code));
	assert_true(bytes_equal(code, BYTES("z")));
	/* a card too long is dropped to its end, not to its line's */
	for (const char *p = "BEGIN:VCARD\n"; *p; p++)
		assert_false(scan_line_add(&l, (uint8_t)*p, &code));
	for (size_t i = 0; i < 3 * LIMIT_CODE_BYTES; i++)
		assert_false(scan_line_add(&l, i % 70 ? 'x' : '\n', &code));
	for (const char *p = "\nend:vcard\n"; *p; p++)
		assert_false(scan_line_add(&l, (uint8_t)*p, &code));
	assert_false(scan_line_add(&l, 'z', &code));
	assert_true(scan_line_drop(&l));
	assert_false(scan_line_drop(&l));
}

int main(void)
{
#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
		WORLD_TEST(types_every_character_of_the_us_layout),
		WORLD_TEST(takes_control_and_alt_codes_and_caps),
		WORLD_TEST(drops_a_code_whose_keys_were_lost),
		WORLD_TEST(joins_the_lines_of_a_vcard),
		WORLD_TEST(drops_what_has_no_enter_after_a_silence),
		WORLD_TEST(tells_unplugging_and_who_holds_it),
		WORLD_TEST(reads_a_serial_port_as_it_is),
		cmocka_unit_test(bounds_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
