/*
 * ./kith bench sync: what it costs to bring a station's log to the server (docs/benchmarks.md).
 * (a) One kiosk after an evening offline. (b) 200 kiosks at once, one entry and 100 entries a
 * request. Each beside raw SQLite or the server's own route that stores nothing, in turns.
 */
#define _DEFAULT_SOURCE
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/limits.h"
#include "server/store/events.h"
#include "server/store/people.h"
#include "server/store/store.h"
#include "tests/bench/kiosk.h"
#include "tests/bench/options.h"
#include "tests/bench/process.h"
#include "tests/bench/raw.h"
#include "tests/bench/stats.h"

enum {
	ROUNDS_MAX = 25,
	RAW_COMMIT = 1000,
	LARGE = 100,
	EVENING = 1000,
	MEMORY_MEETINGS = 100000,
	RAW_PLANNED_ROWS = 10000
};

struct options {
	const char *server; /* the program */
	const char *dir;    /* empty; for the stores */
	size_t rounds, kiosks, attendees;
	size_t large_requests, small_requests; /* of each kiosk in a round */
	bool evening_only, memory_only;
};

enum side {
	SIDE_EVENING,
	SIDE_EVENING_RAW,
	SIDE_LARGE,
	SIDE_RAW,
	SIDE_RAW_PLANNED,
	SIDE_SMALL,
	SIDE_SIGNED,
	SIDE_HELLO,
	SIDE__COUNT
};

/* What one side showed in one round; units are entries or requests. */
struct figure {
	double ack_rate;		 /* units a second, until all was acknowledged */
	double rate, cpu_us;		 /* until it was derived too; the server's CPU for a unit */
	double planned_rate, planned_us; /* until the queues were planned as well */
	double p50_ms, p99_ms;		 /* of a request */
};

struct bench {
	struct options o;
	struct process server;
	struct raw *raw, *raw_planned, *raw_evening;
	uint32_t event;
	uint8_t seal_public[SEAL_PUBLIC_LEN];
	struct id *people; /* attendee i has the number people_first + i */
	uint32_t people_first;
	struct bench_kiosk *kiosks; /* first those of the crowd, then one for each evening */
	struct str roster; /* the target that asks for what is new in the roster: nothing */
	struct arena setup, round;
	struct figure figures[SIDE__COUNT][ROUNDS_MAX];
};

static const char sql_station[] =
	"INSERT INTO station (event, id, kind, name, role, public_key, made_ms)"
	" VALUES ($1, $2, 1, 'bench', 'mixed', $3, $4)";

static bool add_people(struct bench *b, struct db *db, struct err *e)
{
	b->people = ARENA_ARRAY(&b->setup, b->o.attendees, struct id);
	for (size_t i = 0; i < b->o.attendees; i++) {
		struct attendee x = { .id = crypto_random_id(), .name = STR("Somebody") };

		if (!attendee_add(db, b->event, &x, NULL, e))
			return false;
		b->people[i] = x.id;
		if (i == 0)
			b->people_first = x.attendee;
	}
	return true;
}

static bool add_kiosk(struct bench *b, struct db *db, struct bench_kiosk *k, struct err *e)
{
	struct db_query *q = db_query(db, sql_station);

	bench_kiosk_init(k);
	db_bind_i64(q, 1, b->event);
	db_bind_id(q, 2, &k->id);
	db_bind_blob(q, 3, bytes_of(k->public_key, sizeof(k->public_key)));
	db_bind_i64(q, 4, clock_wall_ms());
	return db_run(q, e);
}

/* A cursor past everything, since each check-in makes the roster newer: no row is ever sent. */
static bool read_roster_cursor(struct bench *b, struct db *db, struct err *e)
{
	struct id timeline;

	if (!meta_get(db, "timeline", timeline.b, sizeof(timeline.b), e))
		return false;
	b->roster = arena_printf(
		&b->setup, "/v1/roster?after=%s.4000000000000", id_uuid_text(timeline).s);
	return true;
}

/* An event, its people and the stations, as if they had been imported and enrolled. */
static bool fill_store(struct bench *b, const char *folder, struct err *e)
{
	struct event event = { .name = STR("Bench"),
		.host = STR("127.0.0.1"),
		.topics = STR("[]"),
		.settings = STR("{}") };
	struct store *st = NULL;
	struct db *db;
	bool ok;

	if (!store_open(&st, folder, STORE_CREATE, e))
		return false;
	db = store_db(st);
	/* each makes a transaction of its own where it needs one */
	ok = event_add(db, &event, clock_wall_ms(), e) && db_begin(db, e);
	b->event = event.event;
	memcpy(b->seal_public, event.seal_public, sizeof(b->seal_public));
	ok = ok && add_people(b, db, e);
	b->kiosks = ARENA_ARRAY(&b->setup, b->o.kiosks + b->o.rounds, struct bench_kiosk);
	for (size_t i = 0; ok && i < b->o.kiosks + b->o.rounds; i++)
		ok = add_kiosk(b, db, &b->kiosks[i], e);
	ok = ok && db_commit(db, e) && read_roster_cursor(b, db, e);
	store_close(st);
	return ok;
}

static bool start(struct bench *b, struct err *e)
{
	struct str folder = arena_printf(&b->setup, "%s/store", b->o.dir);
	struct str log = arena_printf(&b->setup, "%s/server.log", b->o.dir);
	const char *store = arena_cstr(&b->setup, folder);
	const char *argv[] = { b->o.server, "--store", store, "run", "--listen", "127.0.0.1:0",
		NULL };

	return fill_store(b, store, e) &&
	       raw_open(&b->raw,
		       arena_cstr(&b->setup, arena_printf(&b->setup, "%s/raw.db", b->o.dir)), e) &&
	       raw_open(&b->raw_planned,
		       arena_cstr(&b->setup, arena_printf(&b->setup, "%s/planned.db", b->o.dir)),
		       e) &&
	       raw_open(&b->raw_evening,
		       arena_cstr(&b->setup, arena_printf(&b->setup, "%s/evening.db", b->o.dir)),
		       e) &&
	       process_start(
		       &b->server, (char *const *)(uintptr_t)argv, arena_cstr(&b->setup, log), e);
}

static bool is_zero(struct str text, const char *name)
{
	size_t at = str_find(text, str_of(name), 0);

	return at != SIZE_MAX &&
	       str_starts(str_sub(text, at + strlen(name), text.len), STR(" 0\n"));
}

/* Wait until the server counts none of these left. */
static bool settle(struct bench *b, const char *gauge, struct err *e)
{
	const struct timespec pause = { 0, 5000000 };

	for (;;) {
		struct bytes body;

		if (!load_ask(&body, b->server.address,
			    BYTES("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), &b->round,
			    e))
			return false;
		if (is_zero((struct str){ (const char *)body.p, body.len }, gauge))
			return true;
		nanosleep(&pause, NULL);
	}
}

/* Run the lanes; units is what they bring together. */
static bool measure(struct bench *b, struct figure *f, const struct lane *lanes, size_t n,
	size_t units, struct err *e)
{
	double cpu = process_cpu(&b->server), all = (double)units;
	uint64_t from = clock_monotonic_ns();
	struct load_result r;

	if (!load_run(&r, b->server.address, lanes, n, &b->round, e) ||
		!settle(b, "\nkith_log_lag_rows", e))
		return false;
	*f = (struct figure){
		.ack_rate = all / r.seconds,
		.rate = all * 1e9 / (double)(clock_monotonic_ns() - from),
		.cpu_us = (process_cpu(&b->server) - cpu) * 1e6 / all,
		.p50_ms = (double)stats_percentile(r.latency_ns, r.count, 0.5) / 1e6,
		.p99_ms = (double)stats_percentile(r.latency_ns, r.count, 0.99) / 1e6,
	};
	if (!settle(b, "\nkith_queue_lag_owners", e))
		return false;
	f->planned_rate = all * 1e9 / (double)(clock_monotonic_ns() - from);
	f->planned_us = (process_cpu(&b->server) - cpu) * 1e6 / all;
	return true;
}

static uint32_t below(uint32_t n)
{
	uint32_t r;

	crypto_random(&r, sizeof(r));
	return r % n;
}

static struct str pair_payload(struct bench *b, uint32_t a, uint32_t c)
{
	struct buf out = BUF_IN(&b->round);

	buf_lit(&out, "{\"a\":\"");
	id_write(&out, b->people[a]);
	buf_lit(&out, "\",\"b\":\"");
	id_write(&out, b->people[c]);
	buf_lit(&out, "\"}");
	return buf_str(&out);
}

static struct raw_row write_meeting(struct bench *b, struct bench_kiosk *k)
{
	uint32_t a = below((uint32_t)b->o.attendees);
	uint32_t c = (a + 1 + below((uint32_t)b->o.attendees - 1)) % (uint32_t)b->o.attendees;
	struct str payload = pair_payload(b, a, c);

	return (struct raw_row){
		.entry = bench_kiosk_write(k, b->event, ENTRY_MEETING, payload, NULL, &b->round),
		.persons = { b->people_first + a, b->people_first + c },
	};
}

/* All kiosks, each with so many requests of so many meetings. */
static bool run_batches(
	struct bench *b, struct figure *f, size_t requests, size_t batch, struct err *e)
{
	struct lane *lanes = ARENA_ARRAY(&b->round, b->o.kiosks, struct lane);
	struct entry *entries = ARENA_ARRAY(&b->round, batch, struct entry);

	for (size_t i = 0; i < b->o.kiosks; i++) {
		struct load_request *list = ARENA_ARRAY(&b->round, requests, struct load_request);

		for (size_t r = 0; r < requests; r++) {
			for (size_t j = 0; j < batch; j++)
				entries[j] = write_meeting(b, &b->kiosks[i]).entry;
			list[r] = bench_kiosk_batch(
				&b->kiosks[i], b->event, entries, batch, &b->round);
		}
		lanes[i] = (struct lane){ list, requests };
	}
	return measure(b, f, lanes, b->o.kiosks, b->o.kiosks * requests * batch, e);
}

/* PSS of the server in MiB, as /proc says; 0 when it does not. */
static double server_mib(const struct bench *b)
{
	char path[64], line[128];
	unsigned long kib = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)b->server.pid);
	f = fopen(path, "r");
	while (f && kib == 0 && fgets(line, sizeof(line), f))
		if (sscanf(line, "Pss: %lu", &kib) != 1)
			kib = 0;
	if (f)
		fclose(f);
	return (double)kib / 1024;
}

/* The server at rest after 100,000 meetings. */
static bool run_memory(struct bench *b, struct err *e)
{
	const struct timespec rest = { 3, 0 };
	struct figure f;

	if (!run_batches(b, &f, MEMORY_MEETINGS / LARGE / b->o.kiosks, LARGE, e))
		return false;
	nanosleep(&rest, NULL);
	stats_result("sync.server_mib", server_mib(b), GOAL_AT_MOST, 64);
	return true;
}

static bool side_large(struct bench *b, size_t round, struct figure *f, struct err *e)
{
	(void)round;
	return run_batches(b, f, b->o.large_requests, LARGE, e);
}

static bool side_small(struct bench *b, size_t round, struct figure *f, struct err *e)
{
	(void)round;
	return run_batches(b, f, b->o.small_requests, 1, e);
}

/* Rows as side_large brings them, 1000 a commit, by SQLite alone. */
static bool run_raw(struct bench *b, struct raw *raw, enum raw_rows which, size_t n,
	struct figure *f, struct err *e)
{
	struct raw_row *rows = ARENA_ARRAY(&b->round, n, struct raw_row);
	struct bench_kiosk k;
	struct timespec cpu[2];
	uint64_t from;

	bench_kiosk_init(&k);
	for (size_t i = 0; i < n; i++)
		rows[i] = write_meeting(b, &k);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu[0]);
	from = clock_monotonic_ns();
	for (size_t i = 0; i < n; i += RAW_COMMIT)
		if (!raw_add(raw, rows + i, RAW_COMMIT, which, e))
			return false;
	f->rate = (double)n * 1e9 / (double)(clock_monotonic_ns() - from);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu[1]);
	f->cpu_us = ((double)(cpu[1].tv_sec - cpu[0].tv_sec) * 1e9 +
			    (double)(cpu[1].tv_nsec - cpu[0].tv_nsec)) /
		    1e3 / (double)n;
	f->ack_rate = f->planned_rate = f->rate;
	f->planned_us = f->cpu_us;
	return true;
}

static bool side_raw(struct bench *b, size_t round, struct figure *f, struct err *e)
{
	size_t n = b->o.kiosks * b->o.large_requests * LARGE;

	(void)round;
	return run_raw(
		b, b->raw, RAW_DERIVED, (n + RAW_COMMIT - 1) / RAW_COMMIT * RAW_COMMIT, f, e);
}

static bool side_raw_planned(struct bench *b, size_t round, struct figure *f, struct err *e)
{
	(void)round;
	return run_raw(b, b->raw_planned, RAW_PLANNED, RAW_PLANNED_ROWS, f, e);
}

/* The same request again and again: of every kiosk its own signed one, or one for all. */
static bool run_reads(
	struct bench *b, struct figure *f, struct str target, bool is_signed, struct err *e)
{
	struct lane *lanes = ARENA_ARRAY(&b->round, b->o.kiosks, struct lane);
	size_t requests = b->o.small_requests;
	struct str plain = arena_printf(
		&b->round, "GET " STR_FMT " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", STR_ARG(target));

	for (size_t i = 0; i < b->o.kiosks; i++) {
		struct load_request *list = ARENA_ARRAY(&b->round, requests, struct load_request);

		for (size_t r = 0; r < requests; r++) {
			list[r] = (struct load_request){ str_bytes(plain), UINT64_MAX };
			if (is_signed)
				list[r] = bench_kiosk_get(&b->kiosks[i], target, &b->round);
		}
		lanes[i] = (struct lane){ list, requests };
	}
	return measure(b, f, lanes, b->o.kiosks, b->o.kiosks * requests, e);
}

static bool side_signed(struct bench *b, size_t round, struct figure *f, struct err *e)
{
	(void)round;
	return run_reads(b, f, b->roster, true, e);
}

static bool side_hello(struct bench *b, size_t round, struct figure *f, struct err *e)
{
	(void)round;
	return run_reads(b, f, STR("/healthz"), false, e);
}

/*
 * What a kiosk at the door of a meetup holds after an evening offline: check-ins and meetings in
 * the clear, notes and follow-ups sealed. Of ten entries three, four, two and one.
 */
static void write_evening(struct bench *b, struct bench_kiosk *k, struct raw_row *rows)
{
	for (size_t i = 0; i < EVENING; i++) {
		uint32_t who = below((uint32_t)b->o.attendees);
		const char *id = id_text(b->people[who]).s;
		enum entry_kind kind = ENTRY_CHECKIN;
		struct str payload;

		if (i % 10 < 4) {
			rows[i] = write_meeting(b, k);
			continue;
		}
		if (i % 10 < 7) {
			payload = arena_printf(&b->round, "{\"who\":\"%s\",\"how\":\"chip\"}", id);
		} else if (i % 10 < 9) {
			kind = ENTRY_NOTE;
			payload = arena_printf(&b->round,
				"{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"Wants the slides, and "
				"knows somebody who writes drivers\",\"topics\":[\"SQLite\"]}",
				id, id_uuid_text(rows[i / 10 * 10].entry.id).s);
		} else {
			kind = ENTRY_FOLLOWUP;
			payload = arena_printf(&b->round,
				"{\"owner\":\"%s\",\"of\":\"%s\",\"kind\":\"promise\","
				"\"due\":\"2026-11-24\",\"text\":\"send\"}",
				id, id_uuid_text(rows[i / 10 * 10].entry.id).s);
		}
		rows[i] = (struct raw_row){ .entry = bench_kiosk_write(k, b->event, kind, payload,
						    kind == ENTRY_CHECKIN ? NULL : b->seal_public,
						    &b->round) };
	}
}

static bool side_evening(struct bench *b, size_t round, struct figure *f, struct err *e)
{
	struct bench_kiosk *k = &b->kiosks[b->o.kiosks + round];
	struct raw_row *rows = ARENA_ARRAY(&b->round, EVENING, struct raw_row);
	struct entry *entries = ARENA_ARRAY(&b->round, EVENING, struct entry);
	struct load_request list[EVENING / LIMIT_BATCH_ENTRIES];
	struct lane lane = { list, ARRAY_LEN(list) };

	write_evening(b, k, rows);
	for (size_t i = 0; i < EVENING; i++)
		entries[i] = rows[i].entry;
	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		list[i] = bench_kiosk_batch(k, b->event, entries + i * LIMIT_BATCH_ENTRIES,
			LIMIT_BATCH_ENTRIES, &b->round);
	return measure(b, f, &lane, 1, EVENING, e);
}

static bool side_evening_raw(struct bench *b, size_t round, struct figure *f, struct err *e)
{
	struct raw_row *rows = ARENA_ARRAY(&b->round, EVENING, struct raw_row);
	struct bench_kiosk k;
	uint64_t from;

	(void)round;
	bench_kiosk_init(&k);
	write_evening(b, &k, rows);
	from = clock_monotonic_ns();
	for (size_t i = 0; i < EVENING; i += LIMIT_BATCH_ENTRIES)
		if (!raw_add(b->raw_evening, rows + i, LIMIT_BATCH_ENTRIES, RAW_LOG, e))
			return false;
	f->rate = f->ack_rate = EVENING * 1e9 / (double)(clock_monotonic_ns() - from);
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct bench *b, size_t round, struct figure *f, struct err *e);
} sides[SIDE__COUNT] = {
	[SIDE_EVENING] = { "evening of one kiosk, 1000 entries", side_evening },
	[SIDE_EVENING_RAW] = { "  raw SQLite, the same rows", side_evening_raw },
	[SIDE_LARGE] = { "100 entries a request", side_large },
	[SIDE_RAW] = { "  raw SQLite, log and mentions", side_raw },
	[SIDE_RAW_PLANNED] = { "  raw SQLite, and queues", side_raw_planned },
	[SIDE_SMALL] = { "1 entry a request", side_small },
	[SIDE_SIGNED] = { "  signed read, nothing stored", side_signed },
	[SIDE_HELLO] = { "  /healthz", side_hello },
};

static bool run_round(struct bench *b, size_t round, struct err *e)
{
	size_t n = b->o.evening_only ? SIDE_EVENING_RAW + 1 : SIDE__COUNT;

	for (size_t i = 0; i < n; i++) {
		size_t side = round % 2 ? n - 1 - i : i;
		struct figure *f = &b->figures[side][round];
		bool ok = sides[side].run(b, round, f, e);

		arena_reset(&b->round);
		if (!ok)
			return err_in(e, "%s", sides[side].name);
		printf("round %zu  %-36s acknowledged %8.0f/s  derived %8.0f/s %7.1f us"
		       "  planned %8.0f/s %7.1f us  p50 %7.2f ms  p99 %7.2f ms\n",
			round + 1, sides[side].name, f->ack_rate, f->rate, f->cpu_us,
			f->planned_rate, f->planned_us, f->p50_ms, f->p99_ms);
	}
	return true;
}

/* The median over the rounds of one side's field, or of one side's over another's. */
enum field {
	FIELD_RATE,
	FIELD_ACK,
	FIELD_CPU,
	FIELD_PLANNED,
	FIELD_PLANNED_CPU,
	FIELD_P50,
	FIELD_P99
};

static double field_of(const struct figure *f, enum field field)
{
	const double all[] = { f->rate, f->ack_rate, f->cpu_us, f->planned_rate, f->planned_us,
		f->p50_ms, f->p99_ms };

	return all[field];
}

static double median_of(const struct bench *b, enum side side, enum field field)
{
	double values[ROUNDS_MAX];

	for (size_t i = 0; i < b->o.rounds; i++)
		values[i] = field_of(&b->figures[side][i], field);
	return stats_median(values, b->o.rounds);
}

static double ratio_of(const struct bench *b, enum side side, enum side to, enum field field)
{
	double values[ROUNDS_MAX];

	for (size_t i = 0; i < b->o.rounds; i++)
		values[i] = field_of(&b->figures[side][i], field) /
			    field_of(&b->figures[to][i], field);
	return stats_median(values, b->o.rounds);
}

/* A figure of the report: a median, or a median of ratios when over is a side. */
struct line {
	const char *name;
	enum side side, over; /* SIDE__COUNT: over nothing */
	enum field field;
	enum stats_goal goal;
	double bound;
};

static const struct line report_lines[] = {
	{ "batch100_share_of_raw", SIDE_LARGE, SIDE_RAW, FIELD_RATE, GOAL_AT_LEAST, 0.30 },
	{ "batch100_cpu_over_raw", SIDE_LARGE, SIDE_RAW, FIELD_CPU, GOAL_AT_MOST, 3.5 },
	{ "batch1_share_of_signed_read", SIDE_SMALL, SIDE_SIGNED, FIELD_ACK, GOAL_AT_LEAST, 0.20 },
	{ "batch100_acknowledged_share_of_raw", SIDE_LARGE, SIDE_RAW, FIELD_ACK, GOAL_NONE, 0 },
	{ "batch100_planned_share_of_raw", SIDE_LARGE, SIDE_RAW_PLANNED, FIELD_PLANNED, GOAL_NONE,
		0 },
	{ "batch100_planned_cpu_over_raw", SIDE_LARGE, SIDE_RAW_PLANNED, FIELD_PLANNED_CPU,
		GOAL_NONE, 0 },
	{ "batch100_entries_per_s", SIDE_LARGE, SIDE__COUNT, FIELD_RATE, GOAL_NONE, 0 },
	{ "batch100_cpu_us", SIDE_LARGE, SIDE__COUNT, FIELD_CPU, GOAL_NONE, 0 },
	{ "batch100_planned_cpu_us", SIDE_LARGE, SIDE__COUNT, FIELD_PLANNED_CPU, GOAL_NONE, 0 },
	{ "batch100_p50_ms", SIDE_LARGE, SIDE__COUNT, FIELD_P50, GOAL_NONE, 0 },
	{ "batch100_p99_ms", SIDE_LARGE, SIDE__COUNT, FIELD_P99, GOAL_NONE, 0 },
	{ "batch1_entries_per_s", SIDE_SMALL, SIDE__COUNT, FIELD_ACK, GOAL_NONE, 0 },
	{ "batch1_cpu_us", SIDE_SMALL, SIDE__COUNT, FIELD_CPU, GOAL_NONE, 0 },
	{ "batch1_p50_ms", SIDE_SMALL, SIDE__COUNT, FIELD_P50, GOAL_NONE, 0 },
	{ "batch1_p99_ms", SIDE_SMALL, SIDE__COUNT, FIELD_P99, GOAL_NONE, 0 },
	{ "raw_rows_per_s", SIDE_RAW, SIDE__COUNT, FIELD_RATE, GOAL_NONE, 0 },
	{ "raw_cpu_us", SIDE_RAW, SIDE__COUNT, FIELD_CPU, GOAL_NONE, 0 },
	{ "signed_read_per_s", SIDE_SIGNED, SIDE__COUNT, FIELD_ACK, GOAL_NONE, 0 },
	{ "healthz_per_s", SIDE_HELLO, SIDE__COUNT, FIELD_ACK, GOAL_NONE, 0 },
};

static void report(const struct bench *b)
{
	stats_result("sync.evening_time_over_raw",
		ratio_of(b, SIDE_EVENING_RAW, SIDE_EVENING, FIELD_ACK), GOAL_AT_MOST, 3);
	stats_result("sync.evening_ms", EVENING * 1e3 / median_of(b, SIDE_EVENING, FIELD_ACK),
		GOAL_NONE, 0);
	stats_result("sync.evening_derived_ms",
		EVENING * 1e3 / median_of(b, SIDE_EVENING, FIELD_RATE), GOAL_NONE, 0);
	for (size_t i = 0; i < ARRAY_LEN(report_lines) && !b->o.evening_only; i++) {
		const struct line *l = &report_lines[i];
		char name[64];

		snprintf(name, sizeof(name), "sync.%s", l->name);
		stats_result(name,
			l->over == SIDE__COUNT ? median_of(b, l->side, l->field)
					       : ratio_of(b, l->side, l->over, l->field),
			l->goal, l->bound);
	}
}

static bool read_options(struct options *o, int argc, char **argv)
{
	const struct bench_option rows[] = {
		{ .letter = 's', .name = "SERVER", .text = &o->server },
		{ .letter = 'd', .name = "DIR", .text = &o->dir },
		{ 'r', "ROUNDS", .number = &o->rounds, .min = 1, .max = ROUNDS_MAX },
		{ 'k', "KIOSKS", .number = &o->kiosks, .min = 1, .max = 1000 },
		{ 'a', "ATTENDEES", .number = &o->attendees, .min = 2, .max = 1000000 },
		{ 'l', "REQUESTS_OF_100", .number = &o->large_requests, .min = 1, .max = 1000 },
		{ 'n', "REQUESTS_OF_1", .number = &o->small_requests, .min = 1, .max = 1000 },
		{ .letter = 'e', .flag = &o->evening_only },
		{ .letter = 'm', .flag = &o->memory_only },
	};

	*o = (struct options){ .rounds = 5,
		.kiosks = 200,
		.attendees = 20000,
		.large_requests = 2,
		.small_requests = 20 };
	return bench_options_read("bench-sync", rows, ARRAY_LEN(rows), argc, argv);
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct err e = { 0 };
	bool ok;

	if (!read_options(&b.o, argc, argv))
		return 64;
	setvbuf(stdout, NULL, _IOLBF, 0);
	ok = crypto_init(&e) && start(&b, &e);
	if (ok && b.o.memory_only)
		ok = run_memory(&b, &e);
	for (size_t i = 0; ok && i < b.o.rounds && !b.o.memory_only; i++)
		ok = run_round(&b, i, &e);
	process_stop(&b.server);
	if (ok && !b.o.memory_only)
		report(&b);
	if (!ok)
		fprintf(stderr, "bench sync: %s\n", e.text);
	raw_close(b.raw);
	raw_close(b.raw_planned);
	raw_close(b.raw_evening);
	arena_finish(&b.round);
	arena_finish(&b.setup);
	return ok ? 0 : err_exit_status(e.code);
}
