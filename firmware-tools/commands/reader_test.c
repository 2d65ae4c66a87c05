/*
 * kith-badge reader test: the chip's self tests, its field and antenna, and the time of each
 * command against what bus, air and firmware need by themselves (docs/chipsim.md, "Time").
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "firmware-tools/chipsim/clock.h"
#include "firmware-tools/commands/reader.h"
#include "firmware-tools/commands/wire.h"
#include "firmware-tools/options.h"

struct job {
	const char *reader, *rounds, *chip_ms;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader, on a serial line", offsetof(struct job, reader), true },
	{ "rounds", "N", "how often each command is timed (20)", offsetof(struct job, rounds),
		false },
	{ "chip-ms", "MS", "the chip's own time for a command, in the floor (4)",
		offsetof(struct job, chip_ms), false },
};

enum { ROUNDS = 20, ROUNDS_MAX = 1000, CHIP_MS = 4, SLOW_MS = 8 };

/* ---- self tests: Diagnose, UM0701-02 7.2.1 ---- */

static const struct self_test {
	const char *name, *bad;
	uint8_t command[8];
	uint8_t len;
	int good; /* byte 0 of the answer; -1: what was sent comes back */
} self_tests[] = {
	{ "line", "bytes are changed on the way: a bad ground, or a cable that is too long",
		{ 0x00, 0x00, 'k', 'i', 't', 'h' }, 6, -1 },
	{ "ROM", "the chip is damaged", { 0x00, 0x01 }, 2, 0 },
	{ "RAM", "the chip is damaged", { 0x00, 0x02 }, 2, 0 },
	{ "field on", "the field does not come on", { 0x32, 0x01, 0x01 }, 3, -2 },
	{ "antenna",
		"the antenna draws too much or too little: a broken coil, metal behind it, or too "
		"weak a supply",
		{ 0x00, 0x07, 0x20 }, 3, 0 },
	{ "field off", "the field does not go off", { 0x32, 0x01, 0x00 }, 3, -2 },
};

static bool is_good(const struct self_test *t, const struct wire_answer *a)
{
	if (a->outcome != WIRE_ANSWER)
		return false;
	if (t->good == -2)
		return true;
	if (t->good == -1)
		return a->len == t->len - 1U && memcmp(a->data, t->command + 1, a->len) == 0;
	return a->len > 0 && a->data[0] == t->good;
}

static size_t run_self_tests(struct wire *w)
{
	size_t bad = 0;

	for (size_t i = 0; i < ARRAY_LEN(self_tests); i++) {
		const struct self_test *t = &self_tests[i];
		struct wire_answer a;
		bool good;

		wire_command(w, bytes_of(t->command, t->len), 2 * WIRE_TIMEOUT_MS, &a);
		good = is_good(t, &a);
		printf("%-10s %s%s\n", t->name, good ? "good" : "BAD: ", good ? "" : t->bad);
		bad += !good;
	}
	return bad;
}

/* ---- time ---- */

struct timed {
	const char *name;
	uint8_t command[8];
	uint8_t len;
	size_t air_sent, air_answer; /* bits at 106 kbit/s; 0: the chip alone */
	bool needs_tag;
};

/* Activation of a 7-byte UID: REQA, and anticollision and SELECT of two levels. */
static uint64_t activation_ns(void)
{
	return sim_air_ns(7, 16) + 2 * (sim_air_ns(16, 40) + sim_air_ns(72, 24));
}

static const struct timed list = { "find a tag", { 0x4A, 0x01, 0x00 }, 3, 0, 0, true };
static const struct timed timed[] = {
	{ "version", { 0x02 }, 1, 0, 0, false },
	{ "register", { 0x06, 0x63, 0x02 }, 3, 0, 0, false },
	{ "READ", { 0x40, 0x01, 0x30, 0x03 }, 4, 32, 144, true },
	{ "FAST_READ", { 0x42, 0x3A, 0x03, 0x27 }, 4, 40, 1200, true },
};

static int by_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

struct floor {
	uint64_t chip_ns;
	uint32_t baud;
};

static uint64_t floor_ns(const struct floor *f, const struct timed *t, size_t line_bytes)
{
	uint64_t air = t->air_sent ? sim_air_ns(t->air_sent, t->air_answer) : 0;

	if (t == &list)
		air = activation_ns();
	return line_bytes * UINT64_C(10000000000) / f->baud + air + f->chip_ns;
}

/* A tag that was left is silent until the field was gone, so that it can be found anew. */
static void forget_tags(struct wire *w)
{
	struct wire_answer a;

	wire_command(w, BYTES("\x32\x01\x00"), WIRE_TIMEOUT_MS, &a);
	wire_command(w, BYTES("\x32\x01\x01"), WIRE_TIMEOUT_MS, &a);
}

/* The median beside its floor; false when the chip stops answering. */
static bool time_command(struct wire *w, const struct timed *t, const struct floor *f,
	uint64_t *times, size_t rounds, uint64_t *over_ns)
{
	struct wire_answer a = { 0 };
	const size_t middle = rounds / 2;
	uint64_t floor;

	for (size_t i = 0; i < rounds; i++) {
		if (t == &list)
			forget_tags(w);
		wire_command(w, bytes_of(t->command, t->len), 2 * WIRE_TIMEOUT_MS, &a);
		if (a.outcome != WIRE_ANSWER)
			return false;
		times[i] = a.took_ns;
	}
	qsort(times, rounds, sizeof(*times), by_time);
	floor = floor_ns(f, t, a.line_bytes);
	*over_ns = times[middle] > floor ? times[middle] - floor : 0;
	printf("%-10s %5zu %9.2f %9.2f %9.2f %7.2f\n", t->name, a.line_bytes, (double)floor / 1e6,
		(double)times[middle] / 1e6, (double)times[rounds - 1] / 1e6,
		(double)times[middle] / (double)floor);
	return true;
}

static bool find_tag(struct wire *w)
{
	struct wire_answer a;

	forget_tags(w);
	/* one try: answer at once when there is none */
	wire_command(w, BYTES("\x32\x05\x00\x01\x02"), WIRE_TIMEOUT_MS, &a);
	wire_command(w, BYTES("\x4A\x01\x00"), 2 * WIRE_TIMEOUT_MS, &a);
	return a.outcome == WIRE_ANSWER && a.len > 0 && a.data[0] > 0;
}

static bool run_times(
	struct wire *w, const struct floor *f, size_t rounds, struct arena *a, struct err *e)
{
	uint64_t *times = ARENA_ARRAY(a, rounds, uint64_t), over = 0, worst = 0;
	bool tag = find_tag(w);

	printf("%-10s %5s %9s %9s %9s %7s\n", "command", "bytes", "floor ms", "median", "worst",
		"ratio");
	if (tag && !time_command(w, &list, f, times, rounds, &worst))
		tag = false;
	for (size_t i = 0; i < ARRAY_LEN(timed); i++) {
		if (timed[i].needs_tag && (!tag || !find_tag(w)))
			continue;
		if (!time_command(w, &timed[i], f, times, rounds, &over) && !timed[i].needs_tag)
			return err_set(e, ERR_UNAVAILABLE, "the reader stopped answering");
		worst = over > worst ? over : worst;
	}
	if (!tag)
		printf("put a badge on the reader to time its commands too\n");
	if (worst > SLOW_MS * UINT64_C(1000000))
		printf("slow: %.0f ms are lost at each command. On a USB adapter that is its "
		       "latency "
		       "timer (kith-badge reader list says how to set it); on a Raspberry Pi, look "
		       "whether something else keeps the processor busy.\n",
			(double)worst / 1e6);
	return true;
}

static bool read_number(const char *text, uint64_t most, uint64_t *out, struct err *e)
{
	return !text || (str_u64(str_of(text), out) && *out <= most) ||
	       err_set(e, ERR_USAGE, "\"%.40s\" is no number up to %llu", text,
		       (unsigned long long)most);
}

static bool test(
	struct wire *w, const struct floor *f, size_t rounds, struct arena *a, struct err *e)
{
	struct wire_answer answer;
	size_t bad;

	wire_wake(w, &answer);
	if (answer.outcome != WIRE_ANSWER)
		return err_set(
			e, ERR_UNAVAILABLE, "no PN532 answers; kith-badge reader probe says more");
	bad = run_self_tests(w);
	if (!run_times(w, f, rounds, a, e))
		return false;
	wire_command(w, BYTES("\x32\x01\x00"), WIRE_TIMEOUT_MS, &answer);
	return bad == 0 || err_set(e, ERR_IO, "%zu of the self tests failed", bad);
}

static bool run(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("reader test", rows, "", 0, 0);
	uint64_t rounds = ROUNDS, chip_ms = CHIP_MS;
	struct job j = { 0 };
	struct wire w;
	char path[256];
	bool helped, ok;

	if (!options_read(&j, &table, argc, argv, &helped, e) || helped)
		return helped;
	if (!read_number(j.rounds, ROUNDS_MAX, &rounds, e) ||
		!read_number(j.chip_ms, 1000, &chip_ms, e))
		return false;
	if (!wire_path(j.reader, path))
		return err_set(e, ERR_UNSUPPORTED,
			"only readers on a serial line are timed; kith-badge reader watch shows "
			"whether another one works");
	if (!wire_open(&w, path, WIRE_BAUD, e))
		return false;
	ok = test(&w, &(struct floor){ chip_ms * 1000000, w.baud }, rounds ? rounds : 1, a, e);
	wire_close(&w);
	return ok;
}

const struct reader_command reader_test = {
	.name = "test",
	.help = "self tests, field and antenna, and each command's time against its floor",
	.run = run,
};
