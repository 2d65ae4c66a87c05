/*
 * POST /v1/streams/{store_id}: the log of stations (docs/sync-protocol.md, "The request").
 * prepare reads and judges on a thread of the pool; the writer only compares and adds. What is
 * sealed is opened and judged after the reply (server/store/opening.h).
 */
#include "core/base/json.h"
#include "core/entry/wire/batch.h"
#include "server/access.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/log.h"
#include "server/store/refusals.h"
#include "server/store/signs.h"
#include "server/releases.h"

static const char sql_held[] =
	"SELECT hash FROM entry WHERE event = $1 AND id = $2 AND stream = $3 AND seq = $4";
static const char sql_folded[] =
	"SELECT hash FROM folded WHERE event = $1 AND stream = $2 AND seq = $3";
static const char sql_seen[] =
	"UPDATE station SET seen_ms = $2, pending = $3,"
	" role = CASE WHEN $4 = '' OR kind <> 1 THEN role ELSE $4 END,"
	" version = $5, update_state = $6, update_version = $7, update_reason = $8"
	" WHERE station = $1";
static const char sql_rev[] = "SELECT roster_rev FROM event WHERE event = $1";

/* What prepare leaves for the writer. */
struct sending {
	struct batch batch;
	const char **refusals; /* for each entry why it has no effect, or NULL */
	int64_t got_ms;
};

/* What can be said before the reply: of a sealed entry, what its kind and its event say. */
static const char *judge(const struct request *q, const struct batch *b, const struct entry *x)
{
	enum station_kind station = q->caller.role == ROLE_ATTENDEE ? STATION_OWN : STATION_KIOSK;
	const char *refusal = facts_refuse_kind(x->kind, station);
	struct facts facts;
	struct err e = { 0 };

	if (b->event != q->caller.event)
		return "not-your-event";
	if (!entry_kind_is_known(x->kind))
		return arena_printf(q->arena,
			"kind " STR_FMT " is not known to this server: update it",
			STR_ARG(x->kind_name))
			.p;
	if (refusal || x->sealed)
		return refusal;
	if (!facts_read(&facts, x->kind, x->payload, q->arena, &e))
		return "malformed-payload";
	return facts_refuse(&facts, x->kind, station, &q->caller.id);
}

/* A phone says whose entries it sends: perhaps somebody else has signed in there by now. */
static bool says_its_owner(const struct request *q)
{
	struct str text;
	struct id owner;

	if (q->caller.role != ROLE_ATTENDEE || !request_header(q, "Kith-Owner", &text))
		return true;
	return id_read(text, &owner) && id_equal(owner, q->caller.id);
}

bool streams_prepare(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct server *s = context;
	struct sending *n = ARENA_NEW(q->arena, struct sending);
	struct id store_id;

	(void)r;
	if (!says_its_owner(q))
		return err_set(e, ERR_FORBIDDEN,
			"these entries are of somebody who is not signed in here any more");
	if (!route_id(q, 0, &store_id, e) || !batch_read(&n->batch, q->body, q->arena, e))
		return false;
	if (!id_equal(store_id, n->batch.store_id))
		return err_set(e, ERR_MALFORMED, "batch: store_id is not the one in the address");
	n->got_ms = server_now(s);
	n->refusals = ARENA_ARRAY(q->arena, n->batch.count, const char *);
	for (size_t i = 0; i < n->batch.count; i++)
		n->refusals[i] = judge(q, &n->batch, &n->batch.entries[i]);
	q->note = n;
	return true;
}

/* The hash that is held at an earlier place of the stream, where this entry says that it stands. */
static bool held_hash(struct db *db, const struct station *st, const struct stream *s,
	const struct entry *x, uint8_t out[ENTRY_HASH_LEN], struct err *e)
{
	struct db_query *q = db_query(db, sql_held);
	enum db_row row;
	bool ok;

	db_bind_i64(q, 1, st->event);
	db_bind_id(q, 2, &x->id);
	db_bind_i64(q, 3, s->stream);
	db_bind_i64(q, 4, (int64_t)x->seq);
	row = db_step(q, e);
	if (row == DB_DONE) {
		q = db_query(db, sql_folded);
		db_bind_i64(q, 1, st->event);
		db_bind_i64(q, 2, s->stream);
		db_bind_i64(q, 3, (int64_t)x->seq);
		row = db_step(q, e);
	}
	ok = row == DB_ROW && db_blob(q, 0).len == ENTRY_HASH_LEN;
	memset(out, 0, ENTRY_HASH_LEN); /* no entry's hash: held by another id, so a fork */
	if (ok)
		memcpy(out, db_blob(q, 0).p, ENTRY_HASH_LEN);
	db_reset(q);
	return row != DB_FAILED;
}

/*
 * Where the batch stands against what is held: BATCH_OK and how many of its entries are held
 * already, or why it does not fit. The chain inside the batch was verified, so one hash in common
 * says that all before it is the same.
 */
static bool place(struct db *db, const struct station *st, const struct stream *s,
	const struct batch *b, enum batch_status *status, size_t *skip, struct err *e)
{
	uint64_t before = b->from_seq - 1;
	uint8_t hash[ENTRY_HASH_LEN];
	const uint8_t *theirs, *ours = s->last_hash;

	*skip = b->count;
	if (before > s->last_seq) {
		*status = BATCH_GAP;
		return true;
	}
	if (before + b->count >= s->last_seq) {
		*skip = (size_t)(s->last_seq - before);
		theirs = *skip ? b->entries[*skip - 1].hash : b->prev_hash;
	} else if (b->count == 0) {
		*status = BATCH_FORK; /* more is held than the station ever made */
		return true;
	} else {
		const struct entry *x = &b->entries[b->count - 1];

		if (!held_hash(db, st, s, x, hash, e))
			return false;
		theirs = x->hash;
		ours = hash;
	}
	*status = memcmp(theirs, ours, ENTRY_HASH_LEN) == 0 ? BATCH_OK : BATCH_FORK;
	return true;
}

/*
 * What a person writes, by phones and by the pages (server/routes/queue.c, me.c), is read again and
 * again, also for those whom that person met: nobody honest comes near the bound of a day. Of
 * kiosks the organizer knows which ones there are.
 */
static bool may_add(struct work *w, struct request *q, struct reply *r, size_t count, struct err *e)
{
	return q->caller.role != ROLE_ATTENDEE ||
	       access_limit_many(w->server, r, q, LIMIT_ENTRY, id_bytes(&q->caller.id), count, e);
}

static bool add_entries(struct work *w, const struct station *st, struct stream *s,
	const struct sending *n, size_t skip, struct err *e)
{
	atomic_fetch_add(&w->server->counts.repeats, skip);
	for (size_t i = skip; i < n->batch.count; i++) {
		bool held;

		if (!log_add(w, st, s, &n->batch.entries[i], n->refusals[i], &held, e))
			return false;
	}
	return skip == n->batch.count || stream_save(w->db, s, e);
}

static bool note_station(
	struct work *w, const struct station *st, const struct sending *n, struct err *e)
{
	struct db_query *q = db_query(w->db, sql_seen);
	uint64_t pending = n->batch.pending;

	db_bind_i64(q, 1, st->station);
	db_bind_i64(q, 2, n->got_ms);
	db_bind_i64(q, 3, pending > INT32_MAX ? INT32_MAX : (int64_t)pending);
	db_bind_text(q, 4, n->batch.role);
	db_bind_text(q, 5, n->batch.program.version);
	db_bind_text(q, 6, n->batch.program.update);
	db_bind_text(q, 7, n->batch.program.update_version);
	db_bind_text(q, 8, n->batch.program.update_reason);
	return db_run(q, e) && anchor_add(w->db, st, &n->batch.now, n->got_ms, e) &&
	       (st->kind != STATION_KIOSK || signs_save(w->db, st, &n->batch, n->got_ms, e));
}

static bool roster_rev(struct db *db, uint32_t event, uint64_t *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_rev);
	enum db_row row;

	db_bind_i64(q, 1, event);
	row = db_step(q, e);
	*out = row == DB_ROW ? (uint64_t)db_i64(q, 0) : 0;
	db_reset(q);
	return row != DB_FAILED;
}

static void send_reply(
	struct reply *r, struct request *q, const struct batch_reply *reply, int status)
{
	struct buf out = BUF_IN(q->arena);

	batch_reply_write(&out, reply);
	reply_json(r, &out);
	r->status = status;
}

/*
 * A fork makes a new stream, a phone that lost its storage or signs in again too: nobody honest
 * comes near the bound of a day, and whoever did goes on when one is given back. It is counted once
 * nothing else refuses the batch, which would come again and count again.
 */
static bool open_stream(struct work *w, const struct station *st, struct stream *s, bool *made,
	struct request *q, struct reply *r, struct err *e)
{
	const struct sending *n = q->note;

	return stream_open(s, w->db, st, n->batch.store_id, made, e) &&
	       (!*made || access_limit_ask(w->server, r, q, LIMIT_STREAM, id_bytes(&st->id), e));
}

static bool count_stream(struct work *w, const struct station *st, bool made, struct request *q,
	struct reply *r, struct err *e)
{
	return !made || access_limit(w->server, r, q, LIMIT_STREAM, id_bytes(&st->id), e);
}

/* A kiosk is there since its enrolment; a person's devices since their first request. */
static bool caller_station(
	struct work *w, const struct request *q, struct station *st, struct err *e)
{
	if (q->caller.role == ROLE_ATTENDEE)
		return station_own(st, w, q->caller.event, q->caller.id, e);
	return station_find(st, w->db, q->caller.id, e);
}

bool streams_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	const struct sending *n = q->note;
	const struct batch *b = &n->batch;
	struct batch_reply reply = {
		.store_id = b->store_id,
		.timeline = w->server->timeline,
		.server_ms = n->got_ms,
		.refusal_seq = b->refusal_seq,
	};
	struct station st;
	struct stream s;
	size_t skip;
	bool made, fits;

	if (!caller_station(w, q, &st, e))
		return false;
	if (st.revoked) {
		reply.wipe = true;
		send_reply(r, q, &reply, 403);
		return true;
	}
	if (!open_stream(w, &st, &s, &made, q, r, e) ||
		!place(w->db, &st, &s, b, &reply.status, &skip, e) || !note_station(w, &st, n, e))
		return false;
	fits = reply.status == BATCH_OK;
	if ((fits && !may_add(w, q, r, b->count - skip, e)) ||
		!count_stream(w, &st, made, q, r, e) ||
		(fits && !add_entries(w, &st, &s, n, skip, e)))
		return false;
	reply.durable_seq = s.last_seq;
	memcpy(reply.durable_hash, s.last_hash, sizeof(reply.durable_hash));
	reply.safe_seq = s.safe_seq;
	if (!roster_rev(w->db, st.event, &reply.roster_rev, e) ||
		!refusals_past(&reply.refusals, &reply.refusal_count, &reply.refusal_seq, w->db,
			st.event, st.station, q->arena, e))
		return false;
	if (st.kind == STATION_KIOSK && b->program.version.len > 0)
		reply.has_release = releases_next(w->server->releases, b->program.architecture,
			b->program.version, &reply.release);
	atomic_fetch_add(&w->server->counts.batches, 1);
	send_reply(r, q, &reply, 200);
	return true;
}
