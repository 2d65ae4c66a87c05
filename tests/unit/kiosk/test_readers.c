/*
 * The supervisor over real processes: this program starts itself as "test reader KIND ARGUMENT",
 * as the kiosk does, with kinds that work, crash, hang and babble.
 */
#include "tests/unit/test.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "kiosk/loop.h"
#include "kiosk/readers.h"

struct fake {
	unsigned waits;
};

static bool fake_open(void **reader, const char *argument, struct err *e)
{
	static struct fake fake;

	if (strcmp(argument, "absent") == 0)
		return err_set(e, ERR_IO, "no such device: plug it in");
	fake.waits = 0;
	*reader = &fake;
	return true;
}

static void say(struct scan *scan, enum scan_kind kind, const char *text, bool *found)
{
	*found = true;
	scan->kind = (uint8_t)kind;
	scan->len = (uint16_t)strlen(text);
	memcpy(scan->data, text, scan->len);
}

/* Ready at first, then what its name says. */
static bool works_wait(void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e)
{
	struct fake *f = reader;

	(void)e;
	if (f->waits++ == 0)
		say(scan, SCAN_READY, "fake", found);
	else if (f->waits == 2)
		say(scan, SCAN_CODE, "hello", found);
	else
		poll(NULL, 0, timeout_ms);
	return true;
}

static bool crashes_wait(
	void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e)
{
	struct fake *f = reader;

	if (f->waits >= 1)
		abort();
	return works_wait(reader, timeout_ms, scan, found, e);
}

static bool hangs_wait(void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e)
{
	struct fake *f = reader;

	if (f->waits >= 1)
		for (;;)
			pause();
	return works_wait(reader, timeout_ms, scan, found, e);
}

static bool loses_wait(void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e)
{
	struct fake *f = reader;

	if (f->waits >= 2)
		return err_set(e, ERR_IO, "the device was unplugged");
	return works_wait(reader, timeout_ms, scan, found, e);
}

static void fake_close(void *reader)
{
	(void)reader;
}

static const struct reader_type works = { "works", "", fake_open, works_wait, fake_close };
static const struct reader_type crashes = { "crashes", "", fake_open, crashes_wait, fake_close };
static const struct reader_type hangs = { "hangs", "", fake_open, hangs_wait, fake_close };
static const struct reader_type loses = { "loses", "", fake_open, loses_wait, fake_close };
static const struct reader_type *const types[] = { &crashes, &hangs, &loses, &works };

struct world {
	struct loop *loop;
	struct readers *readers;
	unsigned scans, readies, downs, faults;
	unsigned stop_scans, stop_downs, stop_faults, stop_readies; /* 0: never */
	uint64_t end_ns;
};

static void check_end(struct world *w)
{
	if ((w->stop_scans && w->scans >= w->stop_scans) ||
		(w->stop_downs && w->downs >= w->stop_downs) ||
		(w->stop_faults && w->faults >= w->stop_faults) ||
		(w->stop_readies && w->readies >= w->stop_readies))
		loop_stop(w->loop);
}

static void on_scan(void *context, size_t reader, const struct scan *scan)
{
	struct world *w = context;

	(void)reader;
	assert_int_equal(scan->kind, SCAN_CODE);
	assert_memory_equal(scan->data, "hello", 5);
	w->scans++;
	check_end(w);
}

static void on_changed(void *context)
{
	struct world *w = context;

	if (!w->readers)
		return;
	switch (readers_state(w->readers, 0)->status) {
	case READER_READY:
		w->readies++;
		break;
	case READER_DOWN:
		w->downs++;
		break;
	case READER_FAULT:
		w->faults++;
		break;
	case READER_STARTING:
		break;
	}
	check_end(w);
}

static int timeout(void *context)
{
	return readers_timeout_ms(((struct world *)context)->readers);
}

static void run(void *context)
{
	readers_run(((struct world *)context)->readers);
}

static int give_up_timeout(void *context)
{
	struct world *w = context;
	uint64_t now = clock_monotonic_ns();

	return now >= w->end_ns ? 0 : (int)((w->end_ns - now) / 1000000) + 1;
}

static void give_up(void *context)
{
	struct world *w = context;

	if (clock_monotonic_ns() >= w->end_ns)
		fail_msg("waited a minute in vain: scans=%u readies=%u downs=%u faults=%u",
			w->scans, w->readies, w->downs, w->faults);
}

static void play(struct world *w, const char *line)
{
	struct config_list lines = { .items = { { line, strlen(line) } }, .count = 1 };
	struct readers_config config = { .lines = &lines,
		.types = types,
		.type_count = ARRAY_LEN(types),
		.program = "/proc/self/exe",
		.context = w,
		.scan = on_scan,
		.changed = on_changed };
	struct err e = { 0 };

	w->end_ns = clock_monotonic_ns() + (uint64_t)60 * 1000000000;
	assert_true(loop_open(&w->loop, &e));
	if (!readers_open(&w->readers, &config, &e))
		fail_msg("%s", e.text);
	assert_true(loop_add(w->loop,
		(struct loop_source){ .context = w,
			.fd = readers_fd(w->readers),
			.timeout_ms = timeout,
			.run = run },
		&e));
	assert_true(loop_add(w->loop,
		(struct loop_source){
			.context = w, .fd = -1, .timeout_ms = give_up_timeout, .run = give_up },
		&e));
	assert_true(loop_run(w->loop, &e));
	readers_close(w->readers);
	loop_close(w->loop);
}

static void a_scan_arrives_whole(void **state)
{
	struct world w = { .stop_scans = 1 };

	(void)state;
	play(&w, "works here");
	assert_int_equal(w.readies, 1);
}

static void a_crashed_reader_comes_back(void **state)
{
	struct world w = { .stop_readies = 3 };

	(void)state;
	play(&w, "crashes here");
	assert_true(w.downs >= 2);
}

static void a_hung_reader_is_killed_and_comes_back(void **state)
{
	struct world w = { .stop_readies = 2 };

	(void)state;
	play(&w, "hangs here");
	assert_true(w.downs >= 1);
}

static void a_lost_device_is_said_and_opened_again(void **state)
{
	struct world w = { .stop_scans = 2 };

	(void)state;
	play(&w, "loses here");
	assert_true(w.faults >= 1);
	assert_int_equal(w.downs, 0);
}

static void an_absent_device_is_a_fault_in_words(void **state)
{
	struct world w = { .stop_faults = 1 };

	(void)state;
	play(&w, "works absent");
	assert_int_equal(w.scans, 0);
}

static void refuses_unknown_kinds_and_missing_devices(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_false(readers_check(STR("laser /dev/x"), types, ARRAY_LEN(types), &e));
	assert_string_equal(e.text, "reader \"laser\": the kinds are crashes, hangs, loses, works");
	assert_false(readers_check(STR("works"), types, ARRAY_LEN(types), &e));
	assert_true(readers_check(STR("works  /dev/x"), types, ARRAY_LEN(types), &e));
}

static void the_products_own_kinds_are_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < reader_type_count; i++)
		assert_true(strcmp(reader_types[i - 1]->name, reader_types[i]->name) < 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scan_arrives_whole),
		cmocka_unit_test(a_crashed_reader_comes_back),
		cmocka_unit_test(a_hung_reader_is_killed_and_comes_back),
		cmocka_unit_test(a_lost_device_is_said_and_opened_again),
		cmocka_unit_test(an_absent_device_is_a_fault_in_words),
		cmocka_unit_test(refuses_unknown_kinds_and_missing_devices),
		cmocka_unit_test(the_products_own_kinds_are_sorted),
	};

	if (argc == 4 && strcmp(argv[1], "reader") == 0)
		return reader_main(types, ARRAY_LEN(types), argv[2], argv[3]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
