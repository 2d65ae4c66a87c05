/*
 * ./kith bench sync: what it costs to bring a station's log to the server (docs/benchmarks.md).
 * (a) One kiosk after an evening offline. (b) 200 kiosks at once, one entry and 100 entries a
 * request. Each beside raw SQLite or the server's own route that stores nothing, in turns.
 */
#define _DEFAULT_SOURCE
#include <getopt.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/limits.h"
#include "server/store/events.h"
#include "server/store/people.h"
#include "server/store/store.h"
#include "tests/bench/kiosk.h"
#include "tests/bench/process.h"
#include "tests/bench/raw.h"
#include "tests/bench/stats.h"

enum { ROUNDS_MAX = 25, RAW_COMMIT = 1000, LARGE = 100, EVENING = 1000 };

struct options {
	const char *server; /* the program */
	const char *dir;    /* empty; for the stores */
	size_t rounds, kiosks, attendees;
	size_t large_requests, small_requests; /* of each kiosk in a round */
	bool evening_only;
};

enum side {
	SIDE_EVENING,
	SIDE_EVENING_RAW,
	SIDE_LARGE,
	SIDE_RAW,
	SIDE_SMALL,
	SIDE_SIGNED,
	SIDE_HELLO,
	SIDE__COUNT
};

/* What one side showed in one round. */
struct figure {
	double rate; /* units a second, until all was acknowledged and what follows from it stored
		      */
	double ack_rate;
	double cpu_us; /* the server's, of a unit */
	double p50_ms, p99_ms;
};

struct bench {
	struct options o;
	struct process server;
	struct raw *raw, *raw_evening;
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
	       raw_open(&b->raw_evening,
		       arena_cstr(&b->setup, arena_printf(&b->setup, "%s/evening.db", b->o.dir)),
		       e) &&
	       process_start(
		       &b->server, (char *const *)(uintptr_t)argv, arena_cstr(&b->setup, log), e);
}

/* Wait until everything acknowledged is worked into what follows from it. */
static bool settle(struct bench *b, struct err *e)
{
	static const char name[] = "\nkith_log_lag_rows ";
	const struct timespec pause = { 0, 5000000 };

	for (;;) {
		struct bytes body;
		struct str text;
		size_t at;

		if (!load_ask(&body, b->server.address,
			    BYTES("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), &b->round,
			    e))
			return false;
		text = (struct str){ (const char *)body.p, body.len };
		at = str_find(text, str_of(name), 0);
		if (at == SIZE_MAX)
			return err_set(e, ERR_INTERNAL, "/metrics does not say %s", name + 1);
		if (str_starts(str_sub(text, at + sizeof(name) - 1, text.len), STR("0\n")))
			return true;
		nanosleep(&pause, NULL);
	}
}

/* Run the lanes; units is what they bring together. */
static bool measure(struct bench *b, struct figure *f, const struct lane *lanes, size_t n,
	size_t units, struct err *e)
{
	double cpu = process_cpu(&b->server);
	uint64_t from = clock_monotonic_ns();
	struct load_result r;
	double all;

	if (!load_run(&r, b->server.address, lanes, n, &b->round, e) || !settle(b, e))
		return false;
	all = (double)(clock_monotonic_ns() - from) / 1e9;
	*f = (struct figure){
		.rate = (double)units / all,
		.ack_rate = (double)units / r.seconds,
		.cpu_us = (process_cpu(&b->server) - cpu) * 1e6 / (double)units,
		.p50_ms = (double)stats_percentile(r.latency_ns, r.count, 0.5) / 1e6,
		.p99_ms = (double)stats_percentile(r.latency_ns, r.count, 0.99) / 1e6,
	};
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
		.payload = payload,
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

/* The same rows as side_large, 1000 a commit, with what is derived of them. */
static bool side_raw(struct bench *b, size_t round, struct figure *f, struct err *e)
{
	size_t n = b->o.kiosks * b->o.large_requests * LARGE / RAW_COMMIT * RAW_COMMIT;
	struct raw_row *rows = ARENA_ARRAY(&b->round, n, struct raw_row);
	struct bench_kiosk k;
	struct timespec cpu[2];
	uint64_t from;
	double seconds;

	(void)round;
	bench_kiosk_init(&k);
	for (size_t i = 0; i < n; i++)
		rows[i] = write_meeting(b, &k);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu[0]);
	from = clock_monotonic_ns();
	for (size_t i = 0; i < n; i += RAW_COMMIT)
		if (!raw_add(b->raw, rows + i, RAW_COMMIT, true, e))
			return false;
	seconds = (double)(clock_monotonic_ns() - from) / 1e9;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu[1]);
	f->rate = f->ack_rate = (double)n / seconds;
	f->cpu_us = ((double)(cpu[1].tv_sec - cpu[0].tv_sec) * 1e9 +
			    (double)(cpu[1].tv_nsec - cpu[0].tv_nsec)) /
		    1e3 / (double)n;
	return true;
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
		struct raw_row *row = &rows[i];

		if (i % 10 < 4) {
			*row = write_meeting(b, k);
			continue;
		}
		if (i % 10 < 7) {
			row->payload = arena_printf(
				&b->round, "{\"who\":\"%s\",\"how\":\"chip\"}", id);
		} else if (i % 10 < 9) {
			kind = ENTRY_NOTE;
			row->payload = arena_printf(&b->round,
				"{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"Wants the slides, and "
				"knows "
				"somebody who writes drivers\",\"topics\":[\"SQLite\"]}",
				id, id_uuid_text(rows[i / 10 * 10].entry.id).s);
		} else {
			kind = ENTRY_FOLLOWUP;
			row->payload = arena_printf(&b->round,
				"{\"owner\":\"%s\",\"of\":\"%s\",\"kind\":\"promise\","
				"\"due\":\"2026-11-24\",\"text\":\"send\"}",
				id, id_uuid_text(rows[i / 10 * 10].entry.id).s);
		}
		row->is_private = kind != ENTRY_CHECKIN;
		row->entry = bench_kiosk_write(k, b->event, kind, row->payload,
			row->is_private ? b->seal_public : NULL, &b->round);
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
		if (!raw_add(b->raw_evening, rows + i, LIMIT_BATCH_ENTRIES, false, e))
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
	[SIDE_RAW] = { "  raw SQLite, 1000 rows a commit", side_raw },
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
		printf("round %zu  %-36s %9.0f/s  acknowledged %9.0f/s  cpu %7.1f us  p50 %7.2f ms "
		       " p99 %7.2f ms\n",
			round + 1, sides[side].name, f->rate, f->ack_rate, f->cpu_us, f->p50_ms,
			f->p99_ms);
	}
	return true;
}

/* The median over the rounds of one side's field, or of one side's over another's. */
enum field { FIELD_RATE, FIELD_ACK_RATE, FIELD_CPU, FIELD_P50, FIELD_P99 };

static double field_of(const struct figure *f, enum field field)
{
	const double all[] = { f->rate, f->ack_rate, f->cpu_us, f->p50_ms, f->p99_ms };

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

static void report(const struct bench *b)
{
	stats_result("sync.evening_time_over_raw",
		ratio_of(b, SIDE_EVENING_RAW, SIDE_EVENING, FIELD_ACK_RATE), GOAL_AT_MOST, 3);
	stats_result("sync.evening_ms", EVENING * 1e3 / median_of(b, SIDE_EVENING, FIELD_ACK_RATE),
		GOAL_NONE, 0);
	if (b->o.evening_only)
		return;
	stats_result("sync.batch100_share_of_raw", ratio_of(b, SIDE_LARGE, SIDE_RAW, FIELD_RATE),
		GOAL_AT_LEAST, 0.30);
	stats_result("sync.batch100_cpu_over_raw", ratio_of(b, SIDE_LARGE, SIDE_RAW, FIELD_CPU),
		GOAL_AT_MOST, 3.5);
	stats_result("sync.batch100_acknowledged_share_of_raw",
		ratio_of(b, SIDE_LARGE, SIDE_RAW, FIELD_ACK_RATE), GOAL_NONE, 0);
	stats_result("sync.batch1_share_of_signed_read",
		ratio_of(b, SIDE_SMALL, SIDE_SIGNED, FIELD_RATE), GOAL_AT_LEAST, 0.20);
	stats_result(
		"sync.batch100_entries_per_s", median_of(b, SIDE_LARGE, FIELD_RATE), GOAL_NONE, 0);
	stats_result("sync.batch100_cpu_us", median_of(b, SIDE_LARGE, FIELD_CPU), GOAL_NONE, 0);
	stats_result("sync.batch100_p50_ms", median_of(b, SIDE_LARGE, FIELD_P50), GOAL_NONE, 0);
	stats_result("sync.batch100_p99_ms", median_of(b, SIDE_LARGE, FIELD_P99), GOAL_NONE, 0);
	stats_result(
		"sync.batch1_entries_per_s", median_of(b, SIDE_SMALL, FIELD_RATE), GOAL_NONE, 0);
	stats_result("sync.batch1_cpu_us", median_of(b, SIDE_SMALL, FIELD_CPU), GOAL_NONE, 0);
	stats_result("sync.batch1_p50_ms", median_of(b, SIDE_SMALL, FIELD_P50), GOAL_NONE, 0);
	stats_result("sync.batch1_p99_ms", median_of(b, SIDE_SMALL, FIELD_P99), GOAL_NONE, 0);
	stats_result("sync.raw_rows_per_s", median_of(b, SIDE_RAW, FIELD_RATE), GOAL_NONE, 0);
	stats_result("sync.raw_cpu_us", median_of(b, SIDE_RAW, FIELD_CPU), GOAL_NONE, 0);
	stats_result("sync.signed_read_per_s", median_of(b, SIDE_SIGNED, FIELD_RATE), GOAL_NONE, 0);
	stats_result("sync.healthz_per_s", median_of(b, SIDE_HELLO, FIELD_RATE), GOAL_NONE, 0);
}

static bool size_option(const char *text, size_t max, size_t *out)
{
	uint64_t n;

	if (!str_u64(str_of(text), &n) || n == 0 || n > max)
		return false;
	*out = (size_t)n;
	return true;
}

static bool read_options(struct options *o, int argc, char **argv)
{
	bool ok = true;
	int c;

	*o = (struct options){ .rounds = 5,
		.kiosks = 200,
		.attendees = 20000,
		.large_requests = 2,
		.small_requests = 20 };
	while (ok && (c = getopt(argc, argv, "s:d:r:k:a:l:n:e")) != -1) {
		switch (c) {
		case 's':
			o->server = optarg;
			break;
		case 'd':
			o->dir = optarg;
			break;
		case 'r':
			ok = size_option(optarg, ROUNDS_MAX, &o->rounds);
			break;
		case 'k':
			ok = size_option(optarg, 1000, &o->kiosks);
			break;
		case 'a':
			ok = size_option(optarg, 1000000, &o->attendees) && o->attendees > 1;
			break;
		case 'l':
			ok = size_option(optarg, 1000, &o->large_requests);
			break;
		case 'n':
			ok = size_option(optarg, 1000, &o->small_requests);
			break;
		case 'e':
			o->evening_only = true;
			break;
		default:
			ok = false;
		}
	}
	if (ok && optind == argc && o->server && o->dir)
		return true;
	fprintf(stderr, "usage: bench-sync -s SERVER -d DIR [-r ROUNDS] [-k KIOSKS] [-a ATTENDEES]"
			" [-l REQUESTS_OF_100] [-n REQUESTS_OF_1] [-e]\n");
	return false;
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
	for (size_t i = 0; ok && i < b.o.rounds; i++)
		ok = run_round(&b, i, &e);
	process_stop(&b.server);
	if (ok)
		report(&b);
	else
		fprintf(stderr, "bench sync: %s\n", e.text);
	raw_close(b.raw);
	raw_close(b.raw_evening);
	arena_finish(&b.round);
	arena_finish(&b.setup);
	return ok ? 0 : err_exit_status(e.code);
}
