#include "server/store/log.h"

#include "core/entry/wire/chain.h"
#include "server/store/events.h"
#include "server/store/people.h"
#include "server/store/private.h"
#include "server/store/refusals.h"

enum { BUCKET_MS = 600000 };

static const char sql_station[] =
	"SELECT station, event, kind, revoked_ms FROM station WHERE id = $1";
static const char sql_station_add[] =
	"INSERT INTO station (event, id, kind, owner, made_ms) VALUES ($1, $2, $3, $4, $5)";
static const char sql_stream[] = "SELECT stream, station, last_seq, last_hash, safe_seq FROM stream"
				 " WHERE event = $1 AND store_id = $2";
static const char sql_stream_add[] = "INSERT INTO stream (event, store_id, station, last_seq, "
				     "last_hash) VALUES ($1, $2, $3, 0, $4)"
				     " RETURNING stream";
static const char sql_stream_save[] =
	"UPDATE stream SET last_seq = $2, last_hash = $3 WHERE stream = $1";
static const char sql_add[] =
	"INSERT INTO entry (event, id, stream, seq, kind, boot_id, boot_ms, wall_ms, quality, "
	"got_ms,"
	" refused, hash, payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
	" ON CONFLICT DO NOTHING";
static const char sql_fold[] =
	"INSERT INTO folded (event, stream, seq, hash) VALUES ($1, $2, $3, $4)";
static const char sql_anchor[] = "INSERT INTO anchor (event, station, boot_id, bucket, offset_ms)"
				 " VALUES ($1, $2, $3, $4, $5)"
				 " ON CONFLICT (event, station, boot_id, bucket)"
				 " DO UPDATE SET offset_ms = excluded.offset_ms"
				 " WHERE excluded.offset_ms < anchor.offset_ms";

bool station_find(struct station *out, struct db *db, struct id id, struct err *e)
{
	struct db_query *q = db_query(db, sql_station);
	enum db_row row;

	db_bind_id(q, 1, &id);
	row = db_step(q, e);
	if (row == DB_ROW)
		*out = (struct station){
			.station = db_i64(q, 0),
			.event = (uint32_t)db_i64(q, 1),
			.id = id,
			.kind = (enum station_kind)db_i64(q, 2),
			.revoked = !db_is_null(q, 3),
		};
	else if (row == DB_DONE)
		err_set(e, ERR_NOT_FOUND, "no station %s", id_uuid_text(id).s);
	db_reset(q);
	return row == DB_ROW;
}

/* The start of a hash, as an id. */
static struct id id_of_parts(const struct bytes *parts, size_t n)
{
	struct hash h = hash_of_parts(parts, n);
	struct id out;

	memcpy(out.b, h.b, sizeof(out.b));
	return out;
}

/* Two events may have a person of the same id, by their organizers' lists: not one station. */
static struct id own_station(uint32_t event, struct id attendee)
{
	uint8_t number[4];
	struct buf b = BUF_ON(number);
	const struct bytes parts[] = { BYTES("kith-own-station-1"), bytes_of(number, 4),
		id_bytes(&attendee) };

	buf_add_u32be(&b, event);
	return id_of_parts(parts, ARRAY_LEN(parts));
}

bool station_own(
	struct station *out, struct work *w, uint32_t event, struct id attendee, struct err *e)
{
	struct id id = own_station(event, attendee);
	struct db_query *q;
	struct ref ref;

	if (station_find(out, w->db, id, e))
		return true;
	if (e->code != ERR_NOT_FOUND)
		return false;
	*e = (struct err){ 0 };
	if (!ref_find(w->db, event, attendee, &ref, e))
		return false;
	q = db_query(w->db, sql_station_add);
	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &id);
	db_bind_i64(q, 3, STATION_OWN);
	db_bind_i64(q, 4, ref.ref);
	db_bind_i64(q, 5, server_now(w->server));
	return db_run(q, e) && station_find(out, w->db, id, e);
}

static bool stream_add(struct stream *out, struct db *db, const struct station *st,
	struct id store_id, struct err *e)
{
	struct db_query *q = db_query(db, sql_stream_add);

	*out = (struct stream){ .station = st->station };
	db_bind_i64(q, 1, st->event);
	db_bind_id(q, 2, &store_id);
	db_bind_i64(q, 3, st->station);
	db_bind_blob(q, 4, bytes_of(out->last_hash, sizeof(out->last_hash)));
	if (db_step(q, e) != DB_ROW)
		return false;
	out->stream = db_i64(q, 0);
	db_reset(q);
	return true;
}

bool stream_open(struct stream *out, struct db *db, const struct station *st, struct id store_id,
	bool *made, struct err *e)
{
	struct db_query *q = db_query(db, sql_stream);
	enum db_row row;

	db_bind_i64(q, 1, st->event);
	db_bind_id(q, 2, &store_id);
	row = db_step(q, e);
	*made = row == DB_DONE;
	if (row == DB_DONE)
		return stream_add(out, db, st, store_id, e);
	if (row == DB_FAILED)
		return false;
	*out = (struct stream){
		.stream = db_i64(q, 0),
		.station = db_i64(q, 1),
		.last_seq = (uint64_t)db_i64(q, 2),
		.safe_seq = (uint64_t)db_i64(q, 4),
	};
	if (db_blob(q, 3).len == sizeof(out->last_hash))
		memcpy(out->last_hash, db_blob(q, 3).p, sizeof(out->last_hash));
	db_reset(q);
	if (out->station != st->station)
		return err_set(e, ERR_FORBIDDEN, "stream %s belongs to another station",
			id_uuid_text(store_id).s);
	return true;
}

bool stream_save(struct db *db, const struct stream *s, struct err *e)
{
	struct db_query *q = db_query(db, sql_stream_save);

	db_bind_i64(q, 1, s->stream);
	db_bind_i64(q, 2, (int64_t)s->last_seq);
	db_bind_blob(q, 3, bytes_of(s->last_hash, sizeof(s->last_hash)));
	return db_run(q, e);
}

static bool insert(struct work *w, const struct station *st, const struct stream *s,
	const struct entry *x, bool refused, bool in_the_open, int64_t *row, bool *held,
	struct err *e)
{
	struct db_query *q = db_query(w->db, sql_add);
	bool added;

	db_bind_i64(q, 1, st->event);
	db_bind_id(q, 2, &x->id);
	db_bind_i64(q, 3, s->stream);
	db_bind_i64(q, 4, (int64_t)x->seq);
	db_bind_i64(q, 5, x->kind);
	db_bind_id(q, 6, &x->time.boot_id);
	db_bind_i64(q, 7, (int64_t)x->time.boot_ms);
	db_bind_i64(q, 8, x->time.wall_ms);
	db_bind_i64(q, 9, x->time.quality);
	db_bind_i64(q, 10, server_now(w->server));
	db_bind_i64(q, 11, refused);
	db_bind_blob(q, 12, bytes_of(x->hash, sizeof(x->hash)));
	if (in_the_open)
		db_bind_blob(q, 13, x->payload);
	if (!db_insert(q, row, &added, e))
		return false;
	*held = !added;
	return true;
}

static bool fold(struct work *w, const struct station *st, const struct stream *s,
	const struct entry *x, struct err *e)
{
	struct db_query *q = db_query(w->db, sql_fold);

	db_bind_i64(q, 1, st->event);
	db_bind_i64(q, 2, s->stream);
	db_bind_i64(q, 3, (int64_t)x->seq);
	db_bind_blob(q, 4, bytes_of(x->hash, sizeof(x->hash)));
	atomic_fetch_add(&w->server->counts.repeats, 1);
	return db_run(q, e);
}

static bool refuse(struct work *w, const struct station *st, const struct stream *s,
	const struct entry *x, const char *reason, struct err *e)
{
	const struct refused place = {
		.event = st->event,
		.station = st->station,
		.stream = s->stream,
		.seq = x->seq,
		.id = x->id,
	};

	return refusal_add(w, &place, reason, e);
}

bool log_add(struct work *w, const struct station *st, struct stream *s, const struct entry *x,
	const char *refusal, bool *held, struct err *e)
{
	/* what nobody could judge may hold anything, so it is private */
	bool in_the_open = !refusal && !x->sealed && facts_are_open(x->kind);
	int64_t row = 0;

	if (!insert(w, st, s, x, refusal != NULL, in_the_open, &row, held, e))
		return false;
	s->last_seq = x->seq;
	memcpy(s->last_hash, x->hash, sizeof(s->last_hash));
	if (*held)
		return fold(w, st, s, x, e);
	atomic_fetch_add(&w->server->counts.entries, 1);
	if (x->sealed && !refusal)
		return sealed_add(w->db, row, x->payload, e);
	if (!in_the_open && !private_add(w->db, row, x->payload, e))
		return false;
	return !refusal || refuse(w, st, s, x, refusal, e);
}

/*
 * The stream of what the server writes for a person: one for each. A stream belongs to who uses it
 * first, and ids of people are no secret, so the event's secret makes the name nobody's to guess.
 */
static bool own_store(
	struct id *out, struct db *db, uint32_t event, struct id attendee, struct err *e)
{
	uint8_t public_key[SEAL_PUBLIC_LEN], secret_key[SEAL_SECRET_LEN];
	const struct bytes parts[] = { BYTES("kith-own-2"),
		bytes_of(secret_key, sizeof(secret_key)), id_bytes(&attendee) };

	if (!event_seal_keys(db, event, public_key, secret_key, e))
		return false;
	*out = id_of_parts(parts, ARRAY_LEN(parts));
	crypto_wipe(secret_key, sizeof(secret_key));
	return true;
}

bool log_append(struct work *w, uint32_t event, struct id attendee, enum entry_kind kind,
	struct bytes payload, struct id *id, struct err *e)
{
	int64_t now = server_now(w->server);
	struct entry x = { .kind = kind, .event = event, .payload = payload };
	const char *refusal;
	struct arena a = { 0 };
	struct station st;
	struct stream s;
	struct facts facts;
	bool held, made, ok;

	ok = facts_read(&facts, kind, payload, &a, e) && station_own(&st, w, event, attendee, e);
	refusal = ok ? facts_refuse(&facts, kind, st.kind, &attendee) : NULL;
	arena_finish(&a);
	if (!ok)
		return false;
	if (refusal)
		return err_set(e, ERR_FORBIDDEN, "%s", refusal);
	if (!own_store(&x.store_id, w->db, event, attendee, e) ||
		!stream_open(&s, w->db, &st, x.store_id, &made, e))
		return false;
	x.id = crypto_uuid7((uint64_t)now);
	x.seq = s.last_seq + 1;
	x.time = (struct clock_time){ .wall_ms = now, .quality = CLOCK_SERVER };
	memcpy(x.prev_hash, s.last_hash, sizeof(x.prev_hash));
	entry_seal_hash(&x);
	*id = x.id;
	return log_add(w, &st, &s, &x, NULL, &held, e) && stream_save(w->db, &s, e);
}

bool anchor_add(struct db *db, const struct station *st, const struct clock_time *station_now,
	int64_t server_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_anchor);

	if (station_now->boot_ms > INT64_MAX / 2)
		return true;
	db_bind_i64(q, 1, st->event);
	db_bind_i64(q, 2, st->station);
	db_bind_id(q, 3, &station_now->boot_id);
	db_bind_i64(q, 4, (int64_t)(station_now->boot_ms / BUCKET_MS));
	db_bind_i64(q, 5, server_ms - (int64_t)station_now->boot_ms);
	return db_run(q, e);
}
