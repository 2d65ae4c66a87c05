/*
 * POST /v1/streams/{store_id}: the log of stations (docs/sync-protocol.md, "The request").
 * prepare reads, opens and judges on a thread of the pool; the writer only compares and adds.
 */
#include "core/base/json.h"
#include "core/entry/wire/batch.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/events.h"
#include "server/store/log.h"
#include "server/unseal.h"

static const char sql_held[] =
	"SELECT hash FROM entry WHERE event = $1 AND id = $2 AND stream = $3 AND seq = $4";
static const char sql_folded[] =
	"SELECT hash FROM folded WHERE event = $1 AND stream = $2 AND seq = $3";
static const char sql_refusals[] = "SELECT id, reason FROM refusal WHERE event = $1 AND stream = $2"
				   " AND seq BETWEEN $3 AND $4 ORDER BY seq";
static const char sql_seen[] =
	"UPDATE station SET seen_ms = $2, pending = $3,"
	" role = CASE WHEN $4 = '' OR kind <> 1 THEN role ELSE $4 END WHERE station = $1";
static const char sql_rev[] = "SELECT roster_rev FROM event WHERE event = $1";

/* What prepare leaves for the writer. */
struct sending {
	struct batch batch;
	struct judged *judged; /* one for each entry */
	int64_t got_ms;
};

/* What the sealed payloads say, in their order. */
static bool open_sealed(struct unseal **out, struct work *w, const struct request *q,
	const struct batch *b, struct err *e)
{
	uint8_t public_key[SEAL_PUBLIC_LEN], secret_key[SEAL_SECRET_LEN];
	size_t n = 0;

	*out = ARENA_ARRAY(q->arena, b->count, struct unseal);
	for (size_t i = 0; i < b->count && b->event == q->caller.event; i++)
		if (b->entries[i].sealed)
			(*out)[n++].sealed = b->entries[i].payload;
	if (n == 0)
		return true;
	if (!event_seal_keys(w->db, b->event, public_key, secret_key, e))
		return false;
	unseal_all(*out, n, public_key, secret_key, q->arena);
	crypto_wipe(secret_key, sizeof(secret_key));
	return true;
}

/* opened is NULL for a payload in the clear. */
static void judge(struct judged *j, const struct request *q, const struct batch *b,
	const struct entry *x, const struct unseal *opened)
{
	bool own = q->caller.role == ROLE_ATTENDEE;
	struct facts facts;
	struct err e = { 0 };

	*j = (struct judged){ .payload = x->payload };
	if (b->event != q->caller.event) {
		j->refusal = "not-your-event";
		return;
	}
	if (opened && !opened->ok) {
		j->refusal = "cannot-be-opened";
		return;
	}
	if (opened)
		j->payload = opened->plain;
	if (!facts_read(&facts, x->kind, j->payload, q->arena, &e))
		j->refusal = "malformed-payload";
	else
		j->refusal = facts_refuse(
			&facts, x->kind, own ? STATION_OWN : STATION_KIOSK, &q->caller.id);
}

bool streams_prepare(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct server *s = context;
	struct sending *n = ARENA_NEW(q->arena, struct sending);
	struct work *w = server_reader(s, e);
	struct unseal *opened;
	struct id store_id;

	(void)r;
	if (!w || !route_id(q, 0, &store_id, e) || !batch_read(&n->batch, q->body, q->arena, e))
		return false;
	if (!id_equal(store_id, n->batch.store_id))
		return err_set(e, ERR_MALFORMED, "batch: store_id is not the one in the address");
	n->got_ms = server_now(s);
	if (!open_sealed(&opened, w, q, &n->batch, e))
		return false;
	n->judged = ARENA_ARRAY(q->arena, n->batch.count, struct judged);
	for (size_t i = 0; i < n->batch.count; i++) {
		const struct entry *x = &n->batch.entries[i];

		judge(&n->judged[i], q, &n->batch, x, x->sealed ? opened++ : NULL);
	}
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

static bool add_entries(struct work *w, const struct station *st, struct stream *s,
	const struct sending *n, size_t skip, struct err *e)
{
	atomic_fetch_add(&w->server->counts.repeats, skip);
	for (size_t i = skip; i < n->batch.count; i++) {
		bool held;

		if (!log_add(w, st, s, &n->batch.entries[i], &n->judged[i], &held, e))
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
	return db_run(q, e) && anchor_add(w->db, st, &n->batch.now, n->got_ms, e);
}

static bool read_refusals(struct db *db, const struct station *st, const struct stream *s,
	const struct batch *b, struct arena *a, struct batch_reply *out, struct err *e)
{
	struct db_query *q;
	enum db_row row;

	if (b->count == 0)
		return true;
	out->refusals = ARENA_ARRAY(a, b->count, struct batch_refusal);
	q = db_query(db, sql_refusals);
	db_bind_i64(q, 1, st->event);
	db_bind_i64(q, 2, s->stream);
	db_bind_i64(q, 3, (int64_t)b->from_seq);
	db_bind_i64(q, 4, (int64_t)(b->from_seq + b->count - 1));
	while ((row = db_step(q, e)) == DB_ROW && out->refusal_count < b->count)
		out->refusals[out->refusal_count++] = (struct batch_refusal){ db_id(q, 0),
			arena_str(a, db_text(q, 1)) };
	db_reset(q);
	return row != DB_FAILED;
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
	};
	struct station st;
	struct stream s;
	size_t skip;

	if (!caller_station(w, q, &st, e))
		return false;
	if (st.revoked) {
		reply.wipe = true;
		send_reply(r, q, &reply, 403);
		return true;
	}
	if (!stream_open(&s, w->db, &st, b->store_id, e) ||
		!place(w->db, &st, &s, b, &reply.status, &skip, e) || !note_station(w, &st, n, e))
		return false;
	if (reply.status == BATCH_OK && !add_entries(w, &st, &s, n, skip, e))
		return false;
	reply.durable_seq = s.last_seq;
	memcpy(reply.durable_hash, s.last_hash, sizeof(reply.durable_hash));
	reply.safe_seq = s.safe_seq;
	if (!roster_rev(w->db, st.event, &reply.roster_rev, e))
		return false;
	/* in a stream that forked, those places are another history's */
	if (reply.status == BATCH_OK && !read_refusals(w->db, &st, &s, b, q->arena, &reply, e))
		return false;
	atomic_fetch_add(&w->server->counts.batches, 1);
	send_reply(r, q, &reply, 200);
	return true;
}
