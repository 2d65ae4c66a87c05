#include "tests/unit/test.h"

#include <unistd.h>

#include "core/base/crypto.h"
#include "firmware-tools/chipsim/control.h"

struct world {
	struct arena arena;
	struct sim sim;
	struct sim_wait wait;
	char reply[8192];
};

static struct world w;

static int start(void **state)
{
	struct err e;

	(void)state;
	memset(&w, 0, sizeof(w));
	w.sim.arena = &w.arena;
	sim_field_init(&w.sim.field, &w.arena);
	chip_init(&w.sim.chip, &w.sim.field, false, 0);
	return crypto_init(&e) ? 0 : -1;
}

static int finish(void **state)
{
	(void)state;
	arena_finish(&w.arena);
	return 0;
}

static const char *say(const char *line)
{
	struct buf reply = BUF_OVER(w.reply, sizeof(w.reply) - 1);

	sim_control_line(&w.sim, str_of(line), 0, &reply, &w.wait);
	assert_true(buf_ok(&reply));
	w.reply[reply.len] = '\0';
	return w.reply;
}

#define assert_says(line, answer) assert_string_equal(say(line), answer)
#define assert_refuses(line, part)                                                                 \
	do {                                                                                       \
		const char *said_ = say(line);                                                     \
		if (strncmp(said_, "err ", 4) != 0 || !strstr(said_, part))                        \
			fail_msg("got \"%s\"", said_);                                             \
	} while (0)

static void makes_puts_takes_and_lists_tags(void **state)
{
	(void)state;
	assert_says("list", "ok");
	assert_says("tag new a ntag213 04A1B2C3D4E5F6", "ok 04a1b2c3d4e5f6");
	assert_says("tag new b ntag216 04a1b2c3d4e5f7", "ok 04a1b2c3d4e5f7");
	assert_says("put a", "ok");
	assert_says("put a", "ok");
	assert_says("list", "ok a:ntag213:04a1b2c3d4e5f6:in b:ntag216:04a1b2c3d4e5f7:out");
	assert_says("take a", "ok");
	assert_says("  list  ", "ok a:ntag213:04a1b2c3d4e5f6:out b:ntag216:04a1b2c3d4e5f7:out");
	assert_says("tag info a", "ok ntag213 04a1b2c3d4e5f6 out reads=0 writes=0 counter=0");
}

static void makes_up_uids_of_nxp(void **state)
{
	char first[64];

	(void)state;
	snprintf(first, sizeof(first), "%.63s", say("tag new a ntag213"));
	assert_int_equal(strlen(first), 3 + 14);
	assert_memory_equal(first, "ok 04", 5);
	assert_string_not_equal(first, say("tag new b ntag213"));
}

static void refuses_what_makes_no_sense(void **state)
{
	(void)state;
	assert_refuses("", "no such command");
	assert_refuses("tag", "no such command");
	assert_refuses("putt a", "no such command");
	assert_refuses("put", "usage: put NAME");
	assert_refuses("put nobody", "no tag nobody");
	assert_refuses("list all", "usage");
	assert_refuses("tag new a", "usage");
	assert_refuses("tag new a ntag214", "ntag213, ntag215, ntag216");
	assert_refuses("tag new a ntag213 0102", "14 hexadecimal digits");
	assert_refuses("tag new a ntag213 04a1b288d4e5f6", "cascade");
	assert_refuses("tag new a/b ntag213", "name");
	assert_refuses("tag new 0123456789012345678901234567890123456789 ntag213", "name");
	assert_says("tag new a ntag213 04a1b2c3d4e5f6", "ok 04a1b2c3d4e5f6");
	assert_refuses("tag new a ntag213", "already");
	assert_refuses("fault", "usage");
	assert_refuses("fault rain", "a fault is");
	assert_refuses("fault pull", "pull N");
	assert_refuses("fault pull -1", "pull N");
	assert_refuses("wait a reads", "wait NAME reads N");
	assert_refuses("wait a thoughts 3", "wait NAME reads N");
	assert_refuses("wait b reads 3", "no tag b");
	assert_refuses("tag save a /nowhere/at/all", "/nowhere");
	assert_refuses("tag load c /nowhere/at/all", "/nowhere");
	assert_refuses("put a\x1b[2J", "no tag a\\x1B[2J");
}

static void holds_eight_tags_at_once_and_no_more(void **state)
{
	char line[64];

	(void)state;
	for (int i = 0; i <= SIM_PRESENT_MAX; i++) {
		snprintf(line, sizeof(line), "tag new t%d ntag213", i);
		say(line);
		snprintf(line, sizeof(line), "put t%d", i);
		if (i < SIM_PRESENT_MAX)
			assert_says(line, "ok");
		else
			assert_refuses(line, "no more than 8");
	}
}

static void saves_and_loads_raw_pages(void **state)
{
	char file[] = "/tmp/kith-chipsim-XXXXXX", line[128];
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	say("tag new a ntag215 04a1b2c3d4e5f6");
	memcpy(w.sim.field.tags[0]->tag.mem[4], "\x03\x01\x02\xFE", 4);
	snprintf(line, sizeof(line), "tag save a %s", file);
	assert_says(line, "ok 540");
	snprintf(line, sizeof(line), "tag load b %s", file);
	assert_says(line, "ok ntag215 04a1b2c3d4e5f6");
	assert_memory_equal(w.sim.field.tags[1]->tag.mem, w.sim.field.tags[0]->tag.mem, 540);
	say("put b");
	assert_refuses(line, "take it first");
	assert_int_equal(truncate(file, 539), 0);
	snprintf(line, sizeof(line), "tag load a %s", file);
	assert_refuses(line, "539 bytes are no dump");
	unlink(file);
}

static void sets_and_ends_faults(void **state)
{
	static const char *const names[] = { "dead", "hang", "drop", "corrupt", "nad", "noise",
		"hangup", "unplug", "pull 3" };
	char line[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(line, sizeof(line), "fault %s", names[i]);
		assert_says(line, "ok");
	}
	assert_true(w.sim.chip.faults.dead && w.sim.chip.faults.hang && w.sim.chip.faults.drop);
	assert_true(w.sim.chip.faults.corrupt && w.sim.chip.faults.nad && w.sim.chip.faults.noise);
	assert_true(w.sim.unplugged && w.sim.field.pull == 3);
	assert_says("fault off", "ok");
	assert_false(w.sim.chip.faults.dead || w.sim.chip.faults.hang || w.sim.chip.faults.drop);
	assert_false(w.sim.chip.faults.corrupt || w.sim.chip.faults.nad ||
		     w.sim.chip.faults.noise || w.sim.unplugged);
	assert_true(w.sim.field.pull == -1);
}

static void waits_for_readings(void **state)
{
	struct buf reply = BUF_ON(w.reply);
	struct sim_tag *tag;
	uint8_t memory[64];
	uint64_t ns;

	(void)state;
	say("tag new a ntag213");
	tag = &w.sim.field.tags[0]->tag;
	assert_says("wait a reads 2", "");
	assert_int_equal(w.wait.kind, WAIT_READS);
	for (int i = 0; i < 2; i++) {
		struct buf out = BUF_ON(memory);

		assert_false(sim_wait_over(&w.sim, &w.wait));
		assert_int_equal(sim_tag_command(tag, BYTES("\x30\x04"), &out, &ns), SIM_DATA);
	}
	assert_true(sim_wait_over(&w.sim, &w.wait));
	sim_wait_answer(&w.sim, &w.wait, &reply);
	assert_str(buf_str(&reply), "ok 2");
	say("wait polls 1");
	assert_false(sim_wait_over(&w.sim, &w.wait));
	w.sim.chip.polls++;
	assert_true(sim_wait_over(&w.sim, &w.wait));
}

static void tells_its_clock_in_microseconds(void **state)
{
	(void)state;
	assert_says("clock", "ok 0");
	w.sim.chip.clock.now_ns = 1234567;
	assert_says("clock", "ok 1234");
	w.sim.sent_ns = 77;
	w.sim.sent_read_ns = 55;
	assert_says("sent", "ok 77");
	assert_says("sent read", "ok 55");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, start, finish)
		T(makes_puts_takes_and_lists_tags),
		T(makes_up_uids_of_nxp),
		T(refuses_what_makes_no_sense),
		T(holds_eight_tags_at_once_and_no_more),
		T(saves_and_loads_raw_pages),
		T(sets_and_ends_faults),
		T(waits_for_readings),
		T(tells_its_clock_in_microseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
