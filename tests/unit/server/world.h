/*
 * A server without sockets: a store in a temporary folder, kiosks and phones that write real
 * entries, and requests that go through the real route table to the real handlers.
 */
#pragma once

#include "tests/unit/test.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/entry/wire/batch.h"
#include "server/routes/routes.h"
#include "server/server.h"
#include "server/store/events.h"
#include "server/store/facts.h"
#include "server/store/log.h"
#include "server/store/organizers.h"
#include "server/store/people.h"
#include "server/writer.h"

static int64_t world_now = 1795300000000;

struct world {
	char dir[64];
	struct server *s;
	struct event event;
	struct arena arena;
};

enum { DIARY_MAX = 4000 };

/* A station with all that it ever wrote. */
struct diary {
	struct id station, store_id, boot_id;
	uint32_t event;
	enum role role;
	struct str used_as;   /* a kiosk's role, as said in each batch; empty: it does not */
	uint64_t refusal_seq; /* said in each batch */
	const struct batch_sign *signs; /* likewise; NULL: it tells none */
	size_t sign_count;
	int64_t booted_ms; /* world time at boot */
	struct entry entries[DIARY_MAX];
	size_t count;
};

static UNUSED int64_t world_clock(void)
{
	return world_now;
}

static UNUSED void world_reopen(struct world *w)
{
	const struct server_config config = { .store = w->dir, .use = STORE_CREATE };
	struct err e = { 0 };

	if (!server_open(&w->s, &config, &e))
		fail_msg("%s", e.text);
	w->s->now_ms = world_clock;
}

static UNUSED bool world_make_event(struct work *work, void *arg, struct err *e)
{
	return event_add(work->db, arg, world_now, e);
}

static UNUSED struct world *world_open(void)
{
	struct world *w = calloc(1, sizeof(*w));
	struct err e = { 0 };

	assert_true(crypto_init(&e));
	snprintf(w->dir, sizeof(w->dir), "/tmp/kith-test-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	world_reopen(w);
	w->event = (struct event){ .name = STR("C Meetup"),
		.host = STR("kith.example"),
		.topics = STR("[\"C\"]"),
		.settings = STR("{}") };
	if (!writer_run(w->s, world_make_event, &w->event, &e))
		fail_msg("%s", e.text);
	return w;
}

static UNUSED void remove_folder(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	char sub[1024];

	while (d && (entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(sub, sizeof(sub), "%s/%s", path, entry->d_name);
		if (unlink(sub) != 0)
			remove_folder(sub);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static UNUSED void world_close(struct world *w)
{
	server_close(w->s);
	remove_folder(w->dir);
	arena_finish(&w->arena);
	free(w);
}

static UNUSED bool world_add_attendee(struct work *work, void *arg, struct err *e)
{
	return attendee_add(work->db, ((struct attendee *)arg)->attendee, arg, NULL, e);
}

/* An attendee of the organizer's list. */
static UNUSED struct attendee world_attendee(struct world *w, const char *name)
{
	/* attendee carries the event's number into the job, and comes back as its own */
	struct attendee x = { .name = str_of(name), .attendee = w->event.event };
	struct err e = { 0 };

	if (!writer_run(w->s, world_add_attendee, &x, &e))
		fail_msg("%s", e.text);
	return x;
}

static UNUSED void world_settle(struct world *w)
{
	struct err e = { 0 };

	if (!writer_settle(&w->s->write, &e))
		fail_msg("%s", e.text);
}

/* One number of the database. */
static UNUSED int64_t world_count(struct world *w, const char *sql)
{
	struct err e = { 0 };
	struct db_query *q = db_query(w->s->write.db, sql);
	int64_t n = -1;

	if (db_step(q, &e) == DB_ROW)
		n = db_i64(q, 0);
	else
		fail_msg("%s", e.text);
	db_reset(q);
	return n;
}

static UNUSED void world_exec(struct world *w, const char *sql)
{
	struct err e = { 0 };

	if (!db_exec(w->s->write.db, sql, &e))
		fail_msg("%s", e.text);
}

/* An organizer of every event. */
static UNUSED struct caller world_organizer(struct world *w)
{
	struct caller c = { .role = ROLE_ORGANIZER };
	struct err e = { 0 };

	if (!organizer_add(w->s->write.db, STR("org@example.org"), 0, "hash", world_now, &c.id, &e))
		fail_msg("%s", e.text);
	return c;
}

static UNUSED struct diary *diary_new(const struct world *w, enum role role, struct id station)
{
	struct diary *d = calloc(1, sizeof(*d));

	d->station = station;
	d->store_id = crypto_random_id();
	d->boot_id = crypto_random_id();
	d->booted_ms = world_now;
	d->event = w->event.event;
	d->role = role;
	return d;
}

static UNUSED struct diary *kiosk_new(struct world *w)
{
	static const char sql[] = "INSERT INTO station (event, id, kind, name, role, made_ms)"
				  " VALUES ($1, $2, 1, 'Door', 'mixed', $3)";
	struct diary *d = diary_new(w, ROLE_STATION, crypto_random_id());
	struct db_query *q = db_query(w->s->write.db, sql);
	struct err e = { 0 };

	db_bind_i64(q, 1, w->event.event);
	db_bind_id(q, 2, &d->station);
	db_bind_i64(q, 3, world_now);
	if (!db_run(q, &e))
		fail_msg("%s", e.text);
	return d;
}

static UNUSED void diary_free(struct diary *d)
{
	free(d);
}

/* Chain entries from the first on: after a change of what they hold, or of the stream. */
static UNUSED void diary_chain(struct diary *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct entry *x = &d->entries[i];

		x->seq = i + 1;
		x->store_id = d->store_id;
		if (i > 0)
			memcpy(x->prev_hash, d->entries[i - 1].hash, ENTRY_HASH_LEN);
		entry_seal_hash(x);
	}
}

static UNUSED struct clock_time diary_clock(const struct diary *d)
{
	return (struct clock_time){
		.boot_id = d->boot_id,
		.boot_ms = (uint64_t)(world_now - d->booted_ms + 1000),
		.wall_ms = 0, /* a Pi that never saw a time server */
		.quality = CLOCK_UNSET,
	};
}

/* payload lives as long as the diary is used. */
static UNUSED struct id diary_write(struct diary *d, enum entry_kind kind, struct str payload)
{
	struct entry *x = &d->entries[d->count];

	assert_true(d->count < DIARY_MAX);
	*x = (struct entry){
		.id = crypto_uuid7((uint64_t)world_now),
		.store_id = d->store_id,
		.event = d->event,
		.seq = d->count + 1,
		.kind = kind,
		.time = diary_clock(d),
		.payload = str_bytes(payload),
	};
	if (d->count > 0)
		memcpy(x->prev_hash, d->entries[d->count - 1].hash, ENTRY_HASH_LEN);
	entry_seal_hash(x);
	d->count++;
	return x->id;
}

static UNUSED struct id diary_seal(
	struct world *w, struct diary *d, enum entry_kind kind, struct str payload)
{
	struct buf sealed = BUF_IN(&w->arena);
	struct id id;

	seal_write(&sealed, str_bytes(payload), w->event.seal_public);
	id = diary_write(d, kind, buf_str(&sealed));
	d->entries[d->count - 1].sealed = true;
	entry_seal_hash(&d->entries[d->count - 1]);
	return id;
}

static UNUSED struct str say(struct world *w, const char *format, ...) PRINTF_LIKE(2, 3);
static UNUSED struct str say(struct world *w, const char *format, ...)
{
	struct buf b = BUF_IN(&w->arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&b, format, args);
	va_end(args);
	return buf_str(&b);
}

static UNUSED struct id write_meeting(struct world *w, struct diary *d, struct id a, struct id b)
{
	return diary_write(d, ENTRY_MEETING,
		say(w, "{\"a\":\"%s\",\"b\":\"%s\"}", id_text(a).s, id_text(b).s));
}

static UNUSED struct id write_checkin(struct world *w, struct diary *d, struct id who)
{
	return diary_write(
		d, ENTRY_CHECKIN, say(w, "{\"who\":\"%s\",\"how\":\"chip\"}", id_text(who).s));
}

struct answer {
	int status;
	struct batch_reply reply;
	struct str body;
};

/* The body of entries from..from+count-1, numbered from 1. */
static UNUSED struct bytes diary_batch(
	struct world *w, const struct diary *d, uint64_t from, size_t count)
{
	struct batch b = {
		.store_id = d->store_id,
		.event = d->event,
		.from_seq = from,
		.role = d->used_as,
		.refusal_seq = d->refusal_seq,
		.has_signs = d->signs != NULL,
		.signs = (struct batch_sign *)(uintptr_t)d->signs,
		.sign_count = d->sign_count,
		.now = diary_clock(d),
		.entries = (struct entry *)&d->entries[from - 1],
		.count = count,
	};
	struct buf text = BUF_IN(&w->arena);

	if (from > 1)
		memcpy(b.prev_hash, d->entries[from - 2].hash, ENTRY_HASH_LEN);
	batch_write(&text, &b);
	return buf_bytes(&text);
}

/* A request by that caller through the table's handlers, a write as the writer would run it. */
static UNUSED struct reply ask_with(struct world *w, const struct caller *caller,
	const char *method, struct str target, const char *const headers[], struct bytes body)
{
	struct request *q = ARENA_NEW(&w->arena, struct request);
	struct reply r = { 0 };
	struct err e = { 0 };
	bool ok;

	if (!request_make(q, &w->arena, method, target, headers, body, &e))
		fail_msg("%s", e.text);
	q->route = route_find(server_routes, server_route_count, q);
	assert_non_null(q->route);
	q->caller = *caller;
	ok = !q->route->prepare || q->route->prepare(w->s, q, &r, &e);
	if (ok && q->route->kind == ROUTE_WRITE) {
		assert_true(db_begin(w->s->write.db, &e));
		ok = q->route->handle(&w->s->write, q, &r, &e);
		if (!ok)
			db_rollback(w->s->write.db);
		else
			assert_true(db_commit(w->s->write.db, &e));
	} else if (ok) {
		ok = q->route->handle(server_reader(w->s, &e), q, &r, &e);
	}
	if (!ok)
		reply_err(&r, q, &e);
	if (r.status == 0)
		r.status = 200;
	return r;
}

static UNUSED struct reply ask(struct world *w, const struct caller *caller, const char *method,
	struct str target, struct bytes body)
{
	return ask_with(w, caller, method, target, NULL, body);
}

static UNUSED struct caller caller_of(const struct diary *d)
{
	return (struct caller){ .role = d->role, .event = d->event, .id = d->station };
}

static UNUSED struct answer send_body(struct world *w, const struct diary *d, struct bytes body)
{
	struct caller caller = caller_of(d);
	struct reply r = ask(
		w, &caller, "POST", say(w, "/v1/streams/%s", id_uuid_text(d->store_id).s), body);
	struct answer a = { .status = r.status };
	struct err e = { 0 };

	a.body = (struct str){ (const char *)r.body.p, r.body.len };
	if (r.status == 200 && !batch_reply_read(&a.reply, r.body, &w->arena, &e))
		fail_msg("%s", e.text);
	return a;
}

static UNUSED struct answer send_entries(
	struct world *w, const struct diary *d, uint64_t from, size_t count)
{
	return send_body(w, d, diary_batch(w, d, from, count));
}

static UNUSED struct answer send_all(struct world *w, const struct diary *d)
{
	struct answer a = send_entries(w, d, 1, 0);
	uint64_t from = 1;

	while (from <= d->count) {
		size_t n = d->count - (from - 1);

		a = send_entries(w, d, from, n > 100 ? 100 : n);
		from += n > 100 ? 100 : n;
	}
	return a;
}
