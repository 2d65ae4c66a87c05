/* The NFC reader over the real libnfc and the simulated chip. */
#include "tests/unit/kiosk/readers/chip.h"

#include "core/tag/event_key.h"
#include "core/tag/ntag.h"
#include "kiosk/readers/nfc.h"

enum { WAIT_MS = 250, PATIENCE = 400 };

struct world {
	struct chip_process chip;
	void *reader;
	struct scan scan;
	uint8_t ndef[900];
	size_t ndef_len;
};

static const char uid_text[] = "04a1b2c3d4e580";

static bool reader_open(struct world *w, struct err *e)
{
	return reader_nfc.open(&w->reader, w->chip.link, e);
}

/* The next report of that kind; others that are no fault are passed over. */
static struct scan *next(struct world *w, enum scan_kind kind)
{
	struct err e = { 0 };

	for (int i = 0; i < PATIENCE; i++) {
		bool found = false;

		if (!reader_nfc.wait(w->reader, WAIT_MS, &w->scan, &found, &e))
			fail_msg("the reader was lost: %s", e.text);
		if (found && w->scan.kind == kind)
			return &w->scan;
	}
	fail_msg("no report of kind %d", kind);
	return NULL;
}

/* Nothing is reported while the reader polls the field n times. */
static void expect_nothing(struct world *w, int waits)
{
	struct err e = { 0 };

	for (int i = 0; i < waits; i++) {
		bool found = false;

		assert_true(reader_nfc.wait(w->reader, 60, &w->scan, &found, &e));
		assert_false(found);
	}
}

/* A dump of a chip with that message on it, for "tag load". */
static void load(
	struct world *w, const char *name, enum ntag_type type, const char *uid, size_t ndef_len)
{
	const struct ntag_layout *l = ntag_layout(type);
	static struct ntag_plan plan;
	uint8_t mem[924] = { 0 };
	char line[256];
	struct err e = { 0 };
	FILE *f;

	snprintf(line, sizeof(line), "tag new %s-blank ntag%s %s", name, l->name + 4, uid);
	chip_send(&w->chip, line);
	snprintf(line, sizeof(line), "tag save %s-blank %s/dump", name, w->chip.folder);
	chip_send(&w->chip, line);
	f = fopen(strchr(strchr(strchr(line, ' ') + 1, ' ') + 1, ' ') + 1, "r+b");
	assert_non_null(f);
	assert_int_equal(fread(mem, 1, sizeof(mem), f), (size_t)l->pages * 4);
	for (size_t i = 0; i < sizeof(w->ndef); i++)
		w->ndef[i] = (uint8_t)(i * 11);
	w->ndef_len = ndef_len;
	assert_true(ntag_write_ndef(
		&plan, type, bytes_of(mem, (size_t)l->pages * 4), bytes_of(w->ndef, ndef_len), &e));
	for (size_t i = 0; i < plan.count; i++)
		memcpy(mem + (size_t)plan.pages[i].number * 4, plan.pages[i].data, 4);
	rewind(f);
	assert_int_equal(fwrite(mem, 4, l->pages, f), l->pages);
	fclose(f);
	snprintf(line, sizeof(line), "tag load %s %s/dump", name, w->chip.folder);
	chip_send(&w->chip, line);
}

static void expect_message(struct world *w, const struct scan *s, enum scan_tag tag)
{
	assert_int_equal(s->tag, tag);
	assert_int_equal(s->uid_len, 7);
	assert_int_equal(s->len, w->ndef_len);
	assert_memory_equal(s->data, w->ndef, w->ndef_len);
	assert_true(s->seen_ns > 0);
}

static int set_up(void **state)
{
	static struct world w;
	struct err e = { 0 };

	w = (struct world){ 0 };
	chip_start(&w.chip);
	if (!reader_open(&w, &e))
		fail_msg("%s", e.text);
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	reader_nfc.close(w->reader);
	chip_stop(&w->chip);
	return 0;
}

static void names_its_chip_when_it_is_ready(void **state)
{
	struct world *w = *state;
	struct scan *s = next(w, SCAN_READY);

	assert_int_not_equal(
		str_find((struct str){ (char *)s->data, s->len }, STR("PN532"), 0), SIZE_MAX);
}

static void reports_a_tag_once_until_it_leaves(void **state)
{
	static const uint8_t uid[] = { 0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0x80 };
	struct world *w = *state;
	struct scan *s;

	load(w, "a", NTAG_213, uid_text, 126);
	for (int taps = 0; taps < 2; taps++) {
		chip_send(&w->chip, "put a");
		s = next(w, SCAN_TOUCH);
		assert_memory_equal(s->uid, uid, 7);
		s = next(w, SCAN_CHIP);
		assert_memory_equal(s->uid, uid, 7);
		expect_message(w, s, SCAN_TAG_NTAG213);
		expect_nothing(w, 5);
		chip_send(&w->chip, "take a");
		expect_nothing(w, 3);
	}
}

static void reads_the_longest_message_of_each_chip(void **state)
{
	static const struct {
		enum ntag_type type;
		enum scan_tag tag;
	} cases[] = { { NTAG_213, SCAN_TAG_NTAG213 }, { NTAG_215, SCAN_TAG_NTAG215 },
		{ NTAG_216, SCAN_TAG_NTAG216 } };
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char line[64], name[8];

		snprintf(name, sizeof(name), "t%zu", i);
		load(w, name, cases[i].type, uid_text, ntag_layout(cases[i].type)->ndef_max);
		snprintf(line, sizeof(line), "put %s", name);
		chip_send(&w->chip, line);
		expect_message(w, next(w, SCAN_CHIP), cases[i].tag);
		snprintf(line, sizeof(line), "take %s", name);
		chip_send(&w->chip, line);
		expect_nothing(w, 3);
	}
}

static void reports_a_blank_chip_without_a_message(void **state)
{
	struct world *w = *state;
	struct scan *s;

	chip_send(&w->chip, "tag new blank ntag215");
	chip_send(&w->chip, "put blank");
	s = next(w, SCAN_CHIP);
	assert_int_equal(s->tag, SCAN_TAG_NTAG215);
	assert_int_equal(s->len, 0);
	assert_int_equal(s->uid_len, 7);
}

static void names_a_torn_tap_and_reads_it_when_it_is_back(void **state)
{
	struct world *w = *state;

	load(w, "a", NTAG_215, uid_text, 300);
	chip_send(&w->chip, "fault pull 20");
	chip_send(&w->chip, "put a");
	assert_int_equal(next(w, SCAN_CHIP)->tag, SCAN_TAG_TORN);
	expect_nothing(w, 2);
	chip_send(&w->chip, "put a");
	expect_message(w, next(w, SCAN_CHIP), SCAN_TAG_NTAG215);
}

static void reads_through_a_lost_and_a_corrupted_reply(void **state)
{
	static const char *const faults[] = { "fault drop", "fault corrupt" };
	struct world *w = *state;

	load(w, "a", NTAG_213, uid_text, 120);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		chip_send(&w->chip, "put a");
		next(w, SCAN_TOUCH);
		chip_send(&w->chip, faults[i]);
		expect_message(w, next(w, SCAN_CHIP), SCAN_TAG_NTAG213);
		chip_send(&w->chip, "take a");
		expect_nothing(w, 3);
	}
}

static void names_two_tags_that_lie_there_at_once(void **state)
{
	struct world *w = *state;

	load(w, "a", NTAG_213, uid_text, 120);
	load(w, "b", NTAG_213, "04a1b2c3d4e581", 120);
	chip_send(&w->chip, "put a");
	expect_message(w, next(w, SCAN_CHIP), SCAN_TAG_NTAG213);
	chip_send(&w->chip, "put b");
	assert_int_equal(next(w, SCAN_CHIP)->tag, SCAN_TAG_SEVERAL);
	/* said once, and neither counts until both are gone */
	expect_nothing(w, 4);
	chip_send(&w->chip, "take a");
	expect_nothing(w, 4);
	chip_send(&w->chip, "take b");
	expect_nothing(w, 4);
	chip_send(&w->chip, "put b");
	expect_message(w, next(w, SCAN_CHIP), SCAN_TAG_NTAG213);
}

static void takes_the_next_badge_that_follows_at_once(void **state)
{
	struct world *w = *state;
	struct scan *s;

	load(w, "a", NTAG_213, uid_text, 120);
	load(w, "b", NTAG_213, "04a1b2c3d4e581", 120);
	chip_send(&w->chip, "put a");
	next(w, SCAN_CHIP);
	chip_send(&w->chip, "take a");
	chip_send(&w->chip, "put b");
	s = next(w, SCAN_CHIP);
	expect_message(w, s, SCAN_TAG_NTAG213);
	assert_int_equal(s->uid[6], 0x81);
}

static void sees_two_badges_that_follow_one_at_once(void **state)
{
	struct world *w = *state;

	load(w, "a", NTAG_213, uid_text, 120);
	load(w, "b", NTAG_213, "04a1b2c3d4e581", 120);
	load(w, "c", NTAG_213, "04a1b2c3d4e582", 120);
	chip_send(&w->chip, "put a");
	next(w, SCAN_CHIP);
	chip_send(&w->chip, "take a");
	chip_send(&w->chip, "put b");
	chip_send(&w->chip, "put c");
	expect_message(w, next(w, SCAN_CHIP), SCAN_TAG_NTAG213);
	assert_int_equal(next(w, SCAN_CHIP)->tag, SCAN_TAG_SEVERAL);
}

/* Every wait returns soon; after a few the loss is an error. */
static void expect_lost(struct world *w)
{
	struct err e = { 0 };

	for (int i = 0; i < 20; i++) {
		bool found = false;

		if (!reader_nfc.wait(w->reader, WAIT_MS, &w->scan, &found, &e)) {
			assert_int_equal(e.code, ERR_UNAVAILABLE);
			return;
		}
	}
	fail_msg("the loss went unseen");
}

/* The line comes back when the chip's loop gets round to it. */
static void open_again(struct world *w)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	struct err e = { 0 };

	for (int tries = 0; !reader_open(w, &e); tries++) {
		if (tries == 1000)
			fail_msg("%s", e.text);
		nanosleep(&pause, NULL);
	}
}

static void notices_a_reader_that_is_lost_and_comes_back(void **state)
{
	static const char *const faults[] = { "fault dead", "fault hang", "fault unplug" };
	struct world *w = *state;
	struct err e = { 0 };

	load(w, "a", NTAG_213, uid_text, 120);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		next(w, SCAN_READY);
		chip_send(&w->chip, faults[i]);
		expect_lost(w);
		reader_nfc.close(w->reader);
		assert_false(reader_open(w, &e));
		assert_int_equal(e.code, ERR_UNAVAILABLE);
		chip_send(&w->chip, "fault off");
		open_again(w);
		chip_send(&w->chip, "put a");
		expect_message(w, next(w, SCAN_CHIP), SCAN_TAG_NTAG213);
		chip_send(&w->chip, "take a");
		reader_nfc.close(w->reader);
		assert_true(reader_open(w, &e));
	}
}

static void takes_only_its_own_process_along_when_libnfc_aborts(void **state)
{
	struct world *w = *state;
	struct err e = { 0 };
	int status;
	pid_t pid;

	load(w, "a", NTAG_213, uid_text, 120);
	chip_send(&w->chip, "put a");
	chip_send(&w->chip, "fault nad");
	pid = fork();
	if (pid == 0) {
		/* the alarm only bounds a failure: without an abort this loop never ends */
		alarm(60);
		signal(SIGABRT, SIG_DFL);
		for (;;) {
			bool found;

			if (!reader_nfc.wait(w->reader, WAIT_MS, &w->scan, &found, &e))
				_exit(1);
		}
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	/* the next process takes over, after the lock is free */
	reader_nfc.close(w->reader);
	chip_send(&w->chip, "fault off");
	assert_true(reader_open(w, &e));
	expect_message(w, next(w, SCAN_CHIP), SCAN_TAG_NTAG213);
}

static void refuses_a_reader_that_another_program_holds(void **state)
{
	struct world *w = *state;
	struct err e = { 0 };
	void *second;

	assert_false(reader_nfc.open(&second, w->chip.link, &e));
	assert_int_equal(e.code, ERR_CONFLICT);
	assert_null(second);
	reader_nfc.close(second);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(names_its_chip_when_it_is_ready),
		CASE(reports_a_tag_once_until_it_leaves),
		CASE(reads_the_longest_message_of_each_chip),
		CASE(reports_a_blank_chip_without_a_message),
		CASE(names_a_torn_tap_and_reads_it_when_it_is_back),
		CASE(reads_through_a_lost_and_a_corrupted_reply),
		CASE(names_two_tags_that_lie_there_at_once),
		CASE(takes_the_next_badge_that_follows_at_once),
		CASE(sees_two_badges_that_follow_one_at_once),
		CASE(notices_a_reader_that_is_lost_and_comes_back),
		CASE(takes_only_its_own_process_along_when_libnfc_aborts),
		CASE(refuses_a_reader_that_another_program_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
