/*
 * ./kith bench queue: what it costs to read one's queue over HTTP, with 1,000 and with 1,000,000
 * meetings in the store, beside the covering read of the same rows by SQLite alone
 * (docs/benchmarks.md).
 */
#define _DEFAULT_SOURCE
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/entry/wire/chain.h"
#include "server/server.h"
#include "server/store/events.h"
#include "server/store/log.h"
#include "server/store/people.h"
#include "server/store/sessions.h"
#include "server/writer.h"
#include "tests/bench/options.h"
#include "tests/bench/process.h"
#include "tests/bench/raw.h"
#include "tests/bench/stats.h"
#include "tests/bench/load.h"

enum {
	ROUNDS_MAX = 25,
	QUEUE_ROWS = 50,   /* meetings, and so items, of each owner */
	COMMIT = 20000,	   /* meetings a transaction while filling */
	READERS_MAX = 1000 /* owners who read, chosen all over the store */
};

struct options {
	const char *server, *dir;
	size_t rounds, large, small; /* meetings in each store */
	size_t lanes, requests;	     /* of each lane in a round */
};

/* A store, the server over it, and those of its people who read. */
struct house {
	const char *name, *folder;
	size_t meetings, owners;
	uint32_t event;
	struct process server;
	struct raw_reader *raw;
	uint32_t readers[READERS_MAX];
	struct bytes requests[READERS_MAX];
	size_t reader_count;
};

enum side { SIDE_SMALL, SIDE_LARGE, SIDE_MANY, SIDE_RAW, SIDE__COUNT };

struct figure {
	double rate, cpu_us, p50_ms, p99_ms;
};

struct bench {
	struct options o;
	struct house small, large;
	struct arena setup, round;
	struct figure figures[SIDE__COUNT][ROUNDS_MAX];
};

/* Filling a store, by the server's own functions */

struct filling {
	struct bench *b;
	struct house *h;
	struct id *people; /* owners, then as many guests */
	size_t guests;
	struct station station;
	struct stream stream;
	int64_t from_ms;
	size_t done;
	uint32_t first;
};

static const char sql_station[] =
	"INSERT INTO station (event, id, kind, name, role, made_ms) VALUES ($1, $2, 1, 'bench',"
	" 'mixed', $3)";

static bool add_people(struct work *w, void *arg, struct err *e)
{
	struct filling *f = arg;
	struct arena a = { 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < f->h->owners + f->guests; i++) {
		struct attendee x = { .id = crypto_random_id(),
			.name = arena_printf(&a, "Alexandra Beispielhuber %zu", i),
			.organization = STR("Institute of Examples") };

		ok = attendee_add(w->db, f->h->event, &x, NULL, e);
		f->people[i] = x.id;
		if (i == 0)
			f->first = x.attendee;
		arena_reset(&a);
	}
	arena_finish(&a);
	return ok;
}

static bool add_event(struct work *w, void *arg, struct err *e)
{
	struct filling *f = arg;
	struct event event = { .name = STR("Bench"),
		.host = STR("127.0.0.1"),
		.topics = STR("[]"),
		.settings = STR("{}") };
	struct id id = crypto_random_id();
	struct db_query *q;
	bool made;

	if (!event_add(w->db, &event, f->from_ms, e))
		return false;
	f->h->event = event.event;
	q = db_query(w->db, sql_station);
	db_bind_i64(q, 1, event.event);
	db_bind_id(q, 2, &id);
	db_bind_i64(q, 3, f->from_ms);
	return db_run(q, e) && station_find(&f->station, w->db, id, e) &&
	       stream_open(&f->stream, w->db, &f->station, id, &made, e);
}

/* Meeting n: owner n / 50 met the guest that is n % 50 further than the owner's place. */
static bool add_meeting(struct filling *f, struct work *w, size_t n, struct err *e)
{
	size_t owner = n / QUEUE_ROWS, guest = (owner * 7 + n % QUEUE_ROWS) % f->guests;
	char text[96];
	struct buf payload = BUF_ON(text);
	struct entry x = { .event = f->h->event,
		.kind = ENTRY_MEETING,
		.store_id = f->station.id,
		.seq = f->stream.last_seq + 1,
		.id = crypto_uuid7((uint64_t)f->from_ms + n) };
	bool held;

	buf_lit(&payload, "{\"a\":\"");
	id_write(&payload, f->people[owner]);
	buf_lit(&payload, "\",\"b\":\"");
	id_write(&payload, f->people[f->h->owners + guest]);
	buf_lit(&payload, "\"}");
	x.payload = buf_bytes(&payload);
	x.time = (struct clock_time){ .wall_ms = f->from_ms, .quality = CLOCK_SERVER };
	memcpy(x.prev_hash, f->stream.last_hash, sizeof(x.prev_hash));
	entry_seal_hash(&x);
	return log_add(w, &f->station, &f->stream, &x, NULL, &held, e);
}

static bool add_meetings(struct work *w, void *arg, struct err *e)
{
	struct filling *f = arg;
	size_t end = f->done + COMMIT;

	if (end > f->h->meetings)
		end = f->h->meetings;
	while (f->done < end)
		if (!add_meeting(f, w, f->done++, e))
			return false;
	return stream_save(w->db, &f->stream, e);
}

/* Sessions of those who read, all over the store. */
static bool add_readers(struct work *w, void *arg, struct err *e)
{
	struct filling *f = arg;
	struct house *h = f->h;

	h->reader_count = h->owners < READERS_MAX ? h->owners : READERS_MAX;
	for (size_t i = 0; i < h->reader_count; i++) {
		size_t who = i * 7919 % h->owners;
		struct cookie cookie;

		if (!session_make(w->db, SESSION_ATTENDEE, h->event, f->people[who], STR("bench"),
			    server_now(w->server), &cookie, e))
			return false;
		h->readers[i] = f->first + (uint32_t)who;
		h->requests[i] = str_bytes(arena_printf(&f->b->setup,
			"GET /v1/queue HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: "
			"__Host-kith=%s\r\n\r\n",
			cookie.text));
	}
	return true;
}

static bool fill(struct bench *b, struct house *h, struct err *e)
{
	struct server_config config = { .store = h->folder, .use = STORE_CREATE };
	struct filling f = { .b = b, .h = h, .from_ms = clock_wall_ms() };
	struct server *s = NULL;
	uint64_t from = clock_monotonic_ns();
	bool ok;

	h->owners = h->meetings / QUEUE_ROWS;
	f.guests = h->owners < QUEUE_ROWS ? QUEUE_ROWS : h->owners;
	f.people = ARENA_ARRAY(&b->round, h->owners + f.guests, struct id);
	ok = server_open(&s, &config, e) && writer_run(s, add_event, &f, e) &&
	     writer_run(s, add_people, &f, e);
	while (ok && f.done < h->meetings)
		ok = writer_run(s, add_meetings, &f, e);
	ok = ok && writer_settle(&s->write, e) && writer_run(s, add_readers, &f, e);
	server_close(s);
	arena_reset(&b->round);
	if (ok)
		printf("filled %s: %zu meetings, every queue planned, in %.0f s\n", h->name,
			h->meetings, (double)(clock_monotonic_ns() - from) / 1e9);
	return ok;
}

static bool open_house(struct bench *b, struct house *h, struct err *e)
{
	struct str database = arena_printf(&b->setup, "%s/kith.db", h->folder);
	struct str log = arena_printf(&b->setup, "%s.log", h->folder);
	const char *argv[] = { b->o.server, "--store", h->folder, "run", "--listen", "127.0.0.1:0",
		NULL };

	return fill(b, h, e) &&
	       process_start(
		       &h->server, (char *const *)(uintptr_t)argv, arena_cstr(&b->setup, log), e) &&
	       raw_reader_open(&h->raw, arena_cstr(&b->setup, database), e);
}

/* One reply, looked at: as many items as there should be. */
static bool check_reply(struct bench *b, const struct house *h, struct err *e)
{
	size_t at = 0, items = 0;
	struct bytes body;
	struct str text;

	if (!load_ask(&body, h->server.address, h->requests[0], &b->setup, e))
		return false;
	text = (struct str){ (const char *)body.p, body.len };
	while ((at = str_find(text, STR("\"kind\":\"hello\""), at)) != SIZE_MAX) {
		items++;
		at++;
	}
	printf("%s: a queue of %zu items, %zu bytes\n", h->name, items, body.len);
	return items == QUEUE_ROWS ||
	       err_set(e, ERR_INTERNAL, "%zu items, not %d", items, QUEUE_ROWS);
}

/* The sides */

/* readers: so many of the house's take turns. */
static bool run_http(
	struct bench *b, struct house *h, size_t readers, struct figure *f, struct err *e)
{
	struct lane *lanes = ARENA_ARRAY(&b->round, b->o.lanes, struct lane);
	size_t next = 0, all = b->o.lanes * b->o.requests;
	double cpu = process_cpu(&h->server);
	struct load_result r;

	for (size_t i = 0; i < b->o.lanes; i++) {
		struct load_request *list = ARENA_ARRAY(
			&b->round, b->o.requests, struct load_request);

		for (size_t k = 0; k < b->o.requests; k++)
			list[k] = (struct load_request){ h->requests[next++ % readers],
				UINT64_MAX };
		lanes[i] = (struct lane){ list, b->o.requests };
	}
	if (!load_run(&r, h->server.address, lanes, b->o.lanes, &b->round, e))
		return false;
	*f = (struct figure){
		.rate = (double)all / r.seconds,
		.cpu_us = (process_cpu(&h->server) - cpu) * 1e6 / (double)all,
		.p50_ms = (double)stats_percentile(r.latency_ns, r.count, 0.5) / 1e6,
		.p99_ms = (double)stats_percentile(r.latency_ns, r.count, 0.99) / 1e6,
	};
	return true;
}

static bool side_small(struct bench *b, struct figure *f, struct err *e)
{
	return run_http(b, &b->small, b->small.reader_count, f, e);
}

static bool side_large(struct bench *b, struct figure *f, struct err *e)
{
	return run_http(b, &b->large, b->small.reader_count, f, e);
}

static bool side_many(struct bench *b, struct figure *f, struct err *e)
{
	return run_http(b, &b->large, b->large.reader_count, f, e);
}

/* The same owners' rows of the large store, in the same order, by SQLite alone. */
static bool side_raw(struct bench *b, struct figure *f, struct err *e)
{
	size_t all = b->o.lanes * b->o.requests;
	struct house *h = &b->large;
	struct timespec cpu[2];
	uint64_t from;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu[0]);
	from = clock_monotonic_ns();
	for (size_t i = 0; i < all; i++) {
		size_t rows;

		if (!raw_reader_queue(h->raw, h->event, h->readers[i % h->reader_count], &rows, e))
			return false;
		if (rows != QUEUE_ROWS)
			return err_set(e, ERR_INTERNAL, "%zu rows", rows);
	}
	f->rate = (double)all * 1e9 / (double)(clock_monotonic_ns() - from);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu[1]);
	f->cpu_us = ((double)(cpu[1].tv_sec - cpu[0].tv_sec) * 1e9 +
			    (double)(cpu[1].tv_nsec - cpu[0].tv_nsec)) /
		    1e3 / (double)all;
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct bench *b, struct figure *f, struct err *e);
} sides[SIDE__COUNT] = {
	[SIDE_SMALL] = { "GET /v1/queue, small store", side_small },
	[SIDE_LARGE] = { "GET /v1/queue, large store", side_large },
	[SIDE_MANY] = { "  by 1,000 people in turn", side_many },
	[SIDE_RAW] = { "  raw SQLite, the same 1,000", side_raw },
};

static bool run_round(struct bench *b, size_t round, struct err *e)
{
	for (size_t i = 0; i < SIDE__COUNT; i++) {
		size_t side = round % 2 ? SIDE__COUNT - 1 - i : i;
		struct figure *f = &b->figures[side][round];
		bool ok = sides[side].run(b, f, e);

		arena_reset(&b->round);
		if (!ok)
			return err_in(e, "%s", sides[side].name);
		printf("round %zu  %-28s %8.0f/s %7.1f us  p50 %6.2f ms  p99 %6.2f ms\n", round + 1,
			sides[side].name, f->rate, f->cpu_us, f->p50_ms, f->p99_ms);
	}
	return true;
}

static double median(const struct bench *b, enum side side, bool cpu)
{
	double values[ROUNDS_MAX];

	for (size_t i = 0; i < b->o.rounds; i++)
		values[i] = cpu ? b->figures[side][i].cpu_us : b->figures[side][i].rate;
	return stats_median(values, b->o.rounds);
}

static double ratio(const struct bench *b, enum side side, enum side to, bool cpu)
{
	double values[ROUNDS_MAX];

	for (size_t i = 0; i < b->o.rounds; i++) {
		const struct figure *x = &b->figures[side][i], *y = &b->figures[to][i];

		values[i] = cpu ? x->cpu_us / y->cpu_us : x->rate / y->rate;
	}
	return stats_median(values, b->o.rounds);
}

static void report(const struct bench *b)
{
	stats_result("queue.cpu_large_over_small", ratio(b, SIDE_LARGE, SIDE_SMALL, true),
		GOAL_AT_MOST, 1.2);
	stats_result("queue.rate_share_of_raw", ratio(b, SIDE_MANY, SIDE_RAW, false), GOAL_AT_LEAST,
		0.333);
	stats_result(
		"queue.cpu_many_over_small", ratio(b, SIDE_MANY, SIDE_SMALL, true), GOAL_NONE, 0);
	stats_result("queue.small_cpu_us", median(b, SIDE_SMALL, true), GOAL_NONE, 0);
	stats_result("queue.large_cpu_us", median(b, SIDE_LARGE, true), GOAL_NONE, 0);
	stats_result("queue.many_cpu_us", median(b, SIDE_MANY, true), GOAL_NONE, 0);
	stats_result("queue.raw_cpu_us", median(b, SIDE_RAW, true), GOAL_NONE, 0);
	stats_result("queue.large_per_s", median(b, SIDE_LARGE, false), GOAL_NONE, 0);
	stats_result("queue.many_per_s", median(b, SIDE_MANY, false), GOAL_NONE, 0);
	stats_result("queue.raw_per_s", median(b, SIDE_RAW, false), GOAL_NONE, 0);
}

static bool read_options(struct options *o, int argc, char **argv)
{
	const struct bench_option rows[] = {
		{ .letter = 's', .name = "SERVER", .text = &o->server },
		{ .letter = 'd', .name = "DIR", .text = &o->dir },
		{ 'r', "ROUNDS", .number = &o->rounds, .min = 1, .max = ROUNDS_MAX },
		{ 'm', "MEETINGS", .number = &o->large, .min = 1000, .max = 10000000 },
		{ 'l', "CONNECTIONS", .number = &o->lanes, .min = 1, .max = 1000 },
		{ 'n', "REQUESTS_OF_EACH", .number = &o->requests, .min = 1, .max = 100000 },
	};

	*o = (struct options){
		.rounds = 5, .large = 1000000, .small = 1000, .lanes = 16, .requests = 250
	};
	return bench_options_read("bench-queue", rows, ARRAY_LEN(rows), argc, argv);
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct err e = { 0 };
	bool ok;

	if (!read_options(&b.o, argc, argv))
		return 64;
	setvbuf(stdout, NULL, _IOLBF, 0);
	b.small = (struct house){ .name = "the small store", .meetings = b.o.small };
	b.large = (struct house){ .name = "the large store", .meetings = b.o.large };
	b.small.folder = arena_cstr(&b.setup, arena_printf(&b.setup, "%s/small", b.o.dir));
	b.large.folder = arena_cstr(&b.setup, arena_printf(&b.setup, "%s/large", b.o.dir));
	ok = crypto_init(&e) && open_house(&b, &b.small, &e) && open_house(&b, &b.large, &e) &&
	     check_reply(&b, &b.small, &e) && check_reply(&b, &b.large, &e);
	for (size_t i = 0; ok && i < b.o.rounds; i++)
		ok = run_round(&b, i, &e);
	process_stop(&b.small.server);
	process_stop(&b.large.server);
	if (ok)
		report(&b);
	else
		fprintf(stderr, "bench queue: %s\n", e.text);
	raw_reader_close(b.small.raw);
	raw_reader_close(b.large.raw);
	arena_finish(&b.round);
	arena_finish(&b.setup);
	return ok ? 0 : err_exit_status(e.code);
}
