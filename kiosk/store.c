#include "kiosk/store.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/entry/wire/chain.h"
#include "kiosk/store_private.h"

static const char sql_cache[] = "PRAGMA cache_size=-512; PRAGMA journal_size_limit=4194304";
static const char sql_quick_check[] = "PRAGMA quick_check";
static const char sql_stream_get[] =
	"SELECT store_id, event, prune_floor, floor_hash, cursor FROM stream";
static const char sql_stream_add[] =
	"INSERT INTO stream (one, store_id, event, prune_floor, floor_hash, cursor)"
	" VALUES (1, $1, $2, 0, $3, 0)";
static const char sql_stream_fork[] =
	"UPDATE stream SET store_id = $1, prune_floor = 0, floor_hash = $2, cursor = 0";
static const char sql_stream_cursor[] = "UPDATE stream SET cursor = $1";
static const char sql_stream_floor[] = "UPDATE stream SET prune_floor = $1, floor_hash = $2";
static const char sql_entry_add[] =
	"INSERT INTO entry (seq, id, kind, boot_id, boot_ms, wall_ms, quality, sealed,"
	" payload, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
#define ENTRY_COLUMNS "seq, id, kind, boot_id, boot_ms, wall_ms, quality, sealed, payload, hash"
static const char sql_entry_last[] = "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1";
static const char sql_entry_read[] = "SELECT " ENTRY_COLUMNS
				     " FROM entry WHERE seq >= $1 ORDER BY seq LIMIT $2";
static const char sql_entry_hash[] = "SELECT hash FROM entry WHERE seq = $1";
static const char sql_entry_renumber[] = "UPDATE entry SET seq = $2, hash = $3 WHERE seq = $1";
static const char sql_entry_prune[] = "DELETE FROM entry WHERE seq <= $1";
static const char sql_entry_checkins[] =
	"SELECT id, payload, wall_ms FROM entry WHERE seq <= $1 AND kind = $2";
static const char sql_checked_in[] =
	"UPDATE attendee SET checked_in_ms = $2 WHERE checked_in_ms IS NULL AND"
	" (id = $1 OR id IN (SELECT who FROM badge WHERE id = $1))";
static const char sql_undone_add[] =
	"INSERT INTO undone (id) VALUES ($1) ON CONFLICT (id) DO NOTHING";
static const char sql_undone_get[] = "SELECT 1 FROM undone WHERE id = $1";
static const char sql_badge_add[] =
	"INSERT INTO badge (id, who, revoked) VALUES ($1, $2, 0)"
	" ON CONFLICT (id) DO UPDATE SET who = excluded.who, revoked = 0";
static const char sql_wipe[] = "DELETE FROM attendee; DELETE FROM badge; DELETE FROM setting";

/* What SQLite says of a file that is no longer what it wrote. */
static bool damaged(struct db *db, struct err *e)
{
	struct db_query *q = db_query(db, sql_quick_check);
	enum db_row row = db_step(q, e);
	bool ok = row == DB_ROW && str_equal(db_text(q, 0), STR("ok"));

	if (row == DB_ROW && !ok)
		err_set(e, ERR_MALFORMED, "damaged: " STR_FMT,
			STR_ARG(utf8_cut(db_text(q, 0), 120)));
	db_reset(q);
	return !ok;
}

bool store_load_head(struct store *s, struct err *e)
{
	struct store_head h = { 0 };
	struct db_query *q = db_query(s->db, sql_stream_get);
	enum db_row row = db_step(q, e);
	struct bytes hash;

	if (row != DB_ROW)
		return row == DB_FAILED ? false
					: err_set(e, ERR_MALFORMED, "damaged: it has no stream");
	h.store_id = db_id(q, 0);
	h.event = (uint32_t)db_i64(q, 1);
	h.prune_floor = (uint64_t)db_i64(q, 2);
	hash = db_blob(q, 3);
	if (hash.len == ENTRY_HASH_LEN)
		memcpy(h.last_hash, hash.p, ENTRY_HASH_LEN);
	h.cursor = (uint64_t)db_i64(q, 4);
	db_reset(q);
	h.last_seq = h.prune_floor;
	q = db_query(s->db, sql_entry_last);
	row = db_step(q, e);
	if (row == DB_FAILED)
		return false;
	if (row == DB_ROW) {
		h.last_seq = (uint64_t)db_i64(q, 0);
		hash = db_blob(q, 1);
		if (hash.len == ENTRY_HASH_LEN)
			memcpy(h.last_hash, hash.p, ENTRY_HASH_LEN);
		db_reset(q);
	}
	/* written without a sync of its own, so it may be of any age */
	if (h.cursor > h.last_seq)
		h.cursor = h.last_seq;
	if (h.cursor < h.prune_floor)
		h.cursor = h.prune_floor;
	s->head = h;
	return true;
}

static bool begin_stream(struct store *s, struct err *e)
{
	static const uint8_t zeros[ENTRY_HASH_LEN];
	struct id id = crypto_random_id();
	struct db_query *q = db_query(s->db, sql_stream_add);

	db_bind_id(q, 1, &id);
	db_bind_i64(q, 2, s->config.event);
	db_bind_blob(q, 3, bytes_of(zeros, sizeof(zeros)));
	/* the file itself must be on the disk before its first entry (facts: 3.2) */
	return db_run(q, e) && db_checkpoint(s->db, e);
}

/* False with ERR_MALFORMED for a file that must be moved aside. */
static bool open_file(struct store *s, struct err *e)
{
	struct db_query *q;
	enum db_row row;

	if (!db_open(&s->db, s->config.path, DB_WRITER, e)) {
		/* not a database, or its header is damaged: SQLite opens neither */
		if (e->code == ERR_IO && access(s->config.path, R_OK | W_OK) == 0)
			e->code = ERR_MALFORMED;
		return false;
	}
	if (!db_exec(s->db, sql_cache, e))
		return false;
	if (damaged(s->db, e)) {
		e->code = ERR_MALFORMED;
		return false;
	}
	if (!db_migrate(s->db, store_schema, store_schema_count, e))
		return false;
	q = db_query(s->db, sql_stream_get);
	row = db_step(q, e);
	db_reset(q);
	if (row == DB_FAILED || (row == DB_DONE && !begin_stream(s, e)))
		return false;
	return store_load_head(s, e);
}

static bool quarantine(struct store *s, struct err *e)
{
	struct arena a = { 0 };
	struct str to;
	bool ok;

	log_error("store damaged path=%s why=\"%s\"", s->config.path, e->text);
	db_close(s->db);
	s->db = NULL;
	ok = store_move_aside(s, "damaged", &to, &a, e);
	if (ok) {
		snprintf(s->alert, sizeof(s->alert),
			"the local store was damaged and is kept as %s", to.p);
		ok = open_file(s, e);
	}
	arena_finish(&a);
	return ok;
}

static bool leave_old_event(struct store *s, struct err *e)
{
	struct arena a = { 0 };
	struct str to;
	char why[32];
	bool ok;

	if (store_pending(s) > 0)
		return err_set(e, ERR_CONFLICT,
			"%s holds %llu entries of event %u that the server has not: run the kiosk "
			"for that event until"
			" its pending count is 0",
			s->config.path, (unsigned long long)store_pending(s), s->head.event);
	snprintf(why, sizeof(why), "event-%u", s->head.event);
	db_close(s->db);
	s->db = NULL;
	ok = store_move_aside(s, why, &to, &a, e) && open_file(s, e);
	if (ok)
		log_info("store of another event kept path=" STR_FMT, STR_ARG(to));
	arena_finish(&a);
	return ok;
}

bool store_open(struct store **out, const struct store_config *config, struct err *e)
{
	struct store *s = calloc(1, sizeof(*s));
	size_t len = strlen(config->path) + 1;

	if (!s || !(s->path = malloc(len))) {
		free(s);
		return err_set(e, ERR_INTERNAL, "no memory for the store");
	}
	memcpy(s->path, config->path, len);
	s->config = *config;
	s->config.path = s->path;
	if (!older_finish(s->path, e))
		goto fail;
	if (!open_file(s, e) && !(e->code == ERR_MALFORMED && quarantine(s, e)) &&
		!(e->code == ERR_CONFLICT && older_make(s, e) && open_file(s, e)))
		goto fail;
	if (s->head.event != config->event && !leave_old_event(s, e))
		goto fail;
	*out = s;
	return true;
fail:
	store_close(s);
	return err_in(e, "store");
}

void store_close(struct store *s)
{
	if (!s)
		return;
	db_close(s->db);
	free(s->path);
	free(s);
}

const char *store_alert(const struct store *s)
{
	return s->alert;
}

bool store_ready(struct store *s, struct err *e)
{
	if (s->db)
		return true;
	if (db_open(&s->db, s->config.path, DB_WRITER, e) && db_exec(s->db, sql_cache, e) &&
		store_load_head(s, e))
		return true;
	db_close(s->db);
	s->db = NULL;
	return err_in(e, "store");
}

bool store_failed(struct store *s, const struct err *e)
{
	if (!s->db)
		return false;
	db_rollback(s->db);
	if (e->code == ERR_IO || e->code == ERR_FULL) {
		/* what stands in the file now is for the file to say, at the next call */
		db_close(s->db);
		s->db = NULL;
	}
	return false;
}

struct store_head store_head(const struct store *s)
{
	return s->head;
}

uint64_t store_pending(const struct store *s)
{
	return s->head.last_seq - s->head.cursor;
}

bool store_insert(struct store *s, const struct entry *x, struct err *e)
{
	struct db_query *q = db_query(s->db, sql_entry_add);

	db_bind_i64(q, 1, (int64_t)x->seq);
	db_bind_id(q, 2, &x->id);
	db_bind_i64(q, 3, x->kind);
	db_bind_id(q, 4, &x->time.boot_id);
	db_bind_i64(q, 5, (int64_t)x->time.boot_ms);
	db_bind_i64(q, 6, x->time.wall_ms);
	db_bind_i64(q, 7, x->time.quality);
	db_bind_i64(q, 8, x->sealed);
	db_bind_blob(q, 9, x->payload);
	db_bind_blob(q, 10, bytes_of(x->hash, ENTRY_HASH_LEN));
	return db_run(q, e);
}

static bool note_effects(struct store *s, const struct store_fact *f, struct err *e)
{
	struct db_query *q;

	if (!id_is_none(f->undoes)) {
		q = db_query(s->db, sql_undone_add);
		db_bind_id(q, 1, &f->undoes);
		if (!db_run(q, e))
			return false;
	}
	if (!id_is_none(f->badge)) {
		q = db_query(s->db, sql_badge_add);
		db_bind_id(q, 1, &f->badge);
		db_bind_id(q, 2, &f->who);
		if (!db_run(q, e))
			return false;
	}
	return true;
}

static bool append_one(struct store *s, struct store_head *h, const struct store_fact *f,
	const struct clock_time *now, struct arena *a, struct err *e)
{
	struct entry x = { .id = f->id,
		.store_id = h->store_id,
		.seq = h->last_seq + 1,
		.event = h->event,
		.kind = f->kind,
		.time = *now,
		.payload = str_bytes(f->payload) };

	if (!entry_kind_is_plain(f->kind)) {
		struct buf sealed = BUF_IN(a);

		seal_write(&sealed, x.payload, s->config.seal_public);
		x.payload = buf_bytes(&sealed);
		x.sealed = true;
		if (x.payload.len == 0)
			return err_set(e, ERR_INTERNAL,
				"the event's sealing key is unusable: enrol this kiosk again");
	}
	if (x.payload.len > LIMIT_PAYLOAD_BYTES)
		return err_set(
			e, ERR_TOO_LARGE, "an entry holds at most %d bytes", LIMIT_PAYLOAD_BYTES);
	memcpy(x.prev_hash, h->last_hash, ENTRY_HASH_LEN);
	entry_seal_hash(&x);
	if (!store_insert(s, &x, e) || !note_effects(s, f, e))
		return false;
	h->last_seq = x.seq;
	memcpy(h->last_hash, x.hash, ENTRY_HASH_LEN);
	return true;
}

bool store_append(struct store *s, const struct store_fact *facts, size_t n,
	const struct clock_time *now, uint64_t *last, struct err *e)
{
	struct arena a = { 0 };
	struct store_head h;
	bool ok;

	if (!store_ready(s, e))
		return false;
	h = s->head;
	ok = db_begin(s->db, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = append_one(s, &h, &facts[i], now, &a, e);
	ok = ok && db_commit(s->db, e);
	arena_finish(&a);
	if (!ok)
		return store_failed(s, e);
	s->head = h;
	if (last)
		*last = h.last_seq;
	return true;
}

/* The row that q stands on; its blobs are copied into a. */
static struct entry read_row(
	struct db_query *q, const struct id *store_id, uint32_t event, struct arena *a)
{
	struct bytes hash = db_blob(q, 9);
	struct entry x = {
		.seq = (uint64_t)db_i64(q, 0),
		.id = db_id(q, 1),
		.store_id = *store_id,
		.event = event,
		.kind = (enum entry_kind)db_i64(q, 2),
		.time = { .boot_id = db_id(q, 3),
			.boot_ms = (uint64_t)db_i64(q, 4),
			.wall_ms = db_i64(q, 5),
			.quality = (enum clock_quality)db_i64(q, 6) },
		.sealed = db_i64(q, 7) != 0,
		.payload = arena_copy(a, db_blob(q, 8)),
	};

	if (hash.len == ENTRY_HASH_LEN)
		memcpy(x.hash, hash.p, ENTRY_HASH_LEN);
	return x;
}

bool store_hash_at(struct store *s, uint64_t seq, uint8_t hash[ENTRY_HASH_LEN], struct err *e)
{
	struct db_query *q;
	enum db_row row;
	struct bytes b;

	memset(hash, 0, ENTRY_HASH_LEN);
	if (!store_ready(s, e))
		return false;
	if (seq == 0)
		return true;
	if (seq < s->head.prune_floor)
		return err_set(e, ERR_GONE, "entry %llu is pruned", (unsigned long long)seq);
	if (seq > s->head.last_seq)
		return err_set(
			e, ERR_NOT_FOUND, "entry %llu is not made yet", (unsigned long long)seq);
	q = db_query(s->db, seq == s->head.prune_floor ? sql_stream_get : sql_entry_hash);
	if (seq != s->head.prune_floor)
		db_bind_i64(q, 1, (int64_t)seq);
	row = db_step(q, e);
	if (row != DB_ROW) {
		if (row == DB_DONE)
			err_set(e, ERR_MALFORMED, "entry %llu is missing", (unsigned long long)seq);
		return store_failed(s, e);
	}
	b = db_blob(q, seq == s->head.prune_floor ? 3 : 0);
	if (b.len == ENTRY_HASH_LEN)
		memcpy(hash, b.p, ENTRY_HASH_LEN);
	db_reset(q);
	return true;
}

bool store_read(struct store *s, uint64_t from_seq, size_t max_count, size_t max_bytes,
	struct arena *a, struct entry **out, size_t *count, uint8_t prev_hash[ENTRY_HASH_LEN],
	struct err *e)
{
	struct entry *list = ARENA_ARRAY(a, max_count, struct entry);
	size_t bytes = 0;
	struct db_query *q;
	enum db_row row;

	*out = list;
	*count = 0;
	if (!store_ready(s, e))
		return false;
	if (from_seq <= s->head.prune_floor)
		return err_set(e, ERR_GONE, "entry %llu is pruned", (unsigned long long)from_seq);
	if (!store_hash_at(s, from_seq - 1, prev_hash, e))
		return false;
	q = db_query(s->db, sql_entry_read);
	db_bind_i64(q, 1, (int64_t)from_seq);
	db_bind_i64(q, 2, (int64_t)max_count);
	while ((row = db_step(q, e)) == DB_ROW) {
		struct entry *x = &list[*count];
		size_t size = db_blob(q, 8).len;

		if (*count > 0 && bytes + size > max_bytes)
			break;
		*x = read_row(q, &s->head.store_id, s->head.event, a);
		memcpy(x->prev_hash, *count > 0 ? x[-1].hash : prev_hash, ENTRY_HASH_LEN);
		bytes += size;
		++*count;
	}
	db_reset(q);
	return row == DB_FAILED ? store_failed(s, e) : true;
}

bool store_set_cursor(struct store *s, uint64_t seq, struct err *e)
{
	struct db_query *q;

	if (!store_ready(s, e))
		return false;
	if (seq < s->head.prune_floor || seq > s->head.last_seq)
		return err_set(e, ERR_CONFLICT, "cursor %llu is outside %llu..%llu",
			(unsigned long long)seq, (unsigned long long)s->head.prune_floor,
			(unsigned long long)s->head.last_seq);
	if (seq == s->head.cursor)
		return true;
	if (!db_exec(s->db, "PRAGMA synchronous=NORMAL", e))
		return store_failed(s, e);
	q = db_query(s->db, sql_stream_cursor);
	db_bind_i64(q, 1, (int64_t)seq);
	if (!db_run(q, e) || !db_exec(s->db, "PRAGMA synchronous=FULL", e)) {
		/* never append on a connection that may not sync */
		db_close(s->db);
		s->db = NULL;
		return false;
	}
	s->head.cursor = seq;
	return true;
}

/* Check-ins that are about to be pruned stay known to the roster's cache. */
static bool keep_checkins(struct store *s, uint64_t up_to, struct err *e)
{
	struct db_query *q = db_query(s->db, sql_entry_checkins);
	struct arena a = { 0 };
	enum db_row row;
	bool ok = true;

	db_bind_i64(q, 1, (int64_t)up_to);
	db_bind_i64(q, 2, ENTRY_CHECKIN);
	while (ok && (row = db_step(q, e)) == DB_ROW) {
		struct id id = db_id(q, 0), who;
		struct json *payload;
		struct db_query *set;
		struct err ignored;

		arena_reset(&a);
		if (store_is_undone(s, id) || !json_read(&payload, db_blob(q, 1), &a, &ignored) ||
			!json_get_id(payload, "who", &who))
			continue;
		set = db_query(s->db, sql_checked_in);
		db_bind_id(set, 1, &who);
		db_bind_i64(set, 2, db_i64(q, 2));
		ok = db_run(set, e);
	}
	db_reset(q);
	arena_finish(&a);
	return ok && row != DB_FAILED;
}

static bool delete_up_to(
	struct store *s, uint64_t seq, const uint8_t hash[ENTRY_HASH_LEN], struct err *e)
{
	struct db_query *q = db_query(s->db, sql_entry_prune);

	db_bind_i64(q, 1, (int64_t)seq);
	if (!db_run(q, e))
		return false;
	q = db_query(s->db, sql_stream_floor);
	db_bind_i64(q, 1, (int64_t)seq);
	db_bind_blob(q, 2, bytes_of(hash, ENTRY_HASH_LEN));
	return db_run(q, e);
}

bool store_prune(struct store *s, uint64_t safe_seq, struct err *e)
{
	uint8_t hash[ENTRY_HASH_LEN];

	if (!store_ready(s, e))
		return false;
	if (safe_seq > s->head.cursor)
		safe_seq = s->head.cursor;
	if (safe_seq <= s->head.prune_floor)
		return true;
	if (!store_hash_at(s, safe_seq, hash, e))
		return false;
	if (!db_begin(s->db, e) || !keep_checkins(s, safe_seq, e) ||
		!delete_up_to(s, safe_seq, hash, e) || !db_commit(s->db, e))
		return store_failed(s, e);
	s->head.prune_floor = safe_seq;
	return true;
}

/*
 * Entries move down to 1.. in order, so a new number is always free: it is at most the old one,
 * and those below were moved before.
 */
static bool rechain(struct store *s, struct store_head *h, struct arena *a, struct err *e)
{
	uint64_t at = s->head.prune_floor + 1;

	while (at <= s->head.last_seq) {
		struct db_query *q = db_query(s->db, sql_entry_read);
		struct entry x;
		enum db_row row;

		arena_reset(a);
		db_bind_i64(q, 1, (int64_t)at);
		db_bind_i64(q, 2, 1);
		row = db_step(q, e);
		if (row != DB_ROW)
			return row == DB_DONE ? err_set(e, ERR_MALFORMED, "entries are missing")
					      : false;
		x = read_row(q, &h->store_id, h->event, a);
		db_reset(q);
		at = x.seq + 1;
		q = db_query(s->db, sql_entry_renumber);
		db_bind_i64(q, 1, (int64_t)x.seq);
		x.seq = h->last_seq + 1;
		memcpy(x.prev_hash, h->last_hash, ENTRY_HASH_LEN);
		entry_seal_hash(&x);
		db_bind_i64(q, 2, (int64_t)x.seq);
		db_bind_blob(q, 3, bytes_of(x.hash, ENTRY_HASH_LEN));
		if (!db_run(q, e))
			return false;
		h->last_seq = x.seq;
		memcpy(h->last_hash, x.hash, ENTRY_HASH_LEN);
	}
	return true;
}

bool store_fork(struct store *s, struct err *e)
{
	static const uint8_t zeros[ENTRY_HASH_LEN];
	struct store_head h = { 0 };
	struct arena a = { 0 };
	struct db_query *q;
	bool ok;

	if (!store_ready(s, e))
		return false;
	h.store_id = crypto_random_id();
	h.event = s->head.event;
	ok = db_begin(s->db, e) && rechain(s, &h, &a, e);
	arena_finish(&a);
	if (!ok)
		return store_failed(s, e);
	q = db_query(s->db, sql_stream_fork);
	db_bind_id(q, 1, &h.store_id);
	db_bind_blob(q, 2, bytes_of(zeros, sizeof(zeros)));
	if (!db_run(q, e) || !db_commit(s->db, e))
		return store_failed(s, e);
	log_warn("stream forked old=%s new=%s entries=%llu", id_uuid_text(s->head.store_id).s,
		id_uuid_text(h.store_id).s, (unsigned long long)h.last_seq);
	snprintf(s->alert, sizeof(s->alert),
		"the server knows another history of this kiosk: a new stream was begun (was its "
		"card copied?)");
	s->head = h;
	return true;
}

bool store_wipe(struct store *s, struct err *e)
{
	uint8_t hash[ENTRY_HASH_LEN];

	if (!store_ready(s, e) || !store_hash_at(s, s->head.cursor, hash, e))
		return false;
	if (!db_begin(s->db, e) || !delete_up_to(s, s->head.cursor, hash, e) ||
		!db_exec(s->db, sql_wipe, e) || !db_commit(s->db, e) || !db_checkpoint(s->db, e))
		return store_failed(s, e);
	s->head.prune_floor = s->head.cursor;
	return store_drop_aside(s, e);
}

bool store_is_undone(struct store *s, struct id id)
{
	struct db_query *q;
	struct err e;
	enum db_row row;

	if (!store_ready(s, &e))
		return false;
	q = db_query(s->db, sql_undone_get);
	db_bind_id(q, 1, &id);
	row = db_step(q, &e);
	db_reset(q);
	return row == DB_ROW;
}

bool store_log(const char *path, bool (*each)(void *context, const struct entry *x), void *context,
	struct err *e)
{
	struct arena a = { 0 };
	struct db *db = NULL;
	struct db_query *q;
	enum db_row row = DB_FAILED;
	uint8_t prev[ENTRY_HASH_LEN] = { 0 };
	struct id store_id;
	uint32_t event;

	if (!db_open(&db, path, DB_READER, e))
		return false;
	q = db_query(db, sql_stream_get);
	row = db_step(q, e);
	if (row != DB_ROW)
		goto out;
	store_id = db_id(q, 0);
	event = (uint32_t)db_i64(q, 1);
	if (db_blob(q, 3).len == sizeof(prev))
		memcpy(prev, db_blob(q, 3).p, sizeof(prev));
	db_reset(q);
	q = db_query(db, sql_entry_read);
	db_bind_i64(q, 1, 0);
	db_bind_i64(q, 2, INT64_MAX);
	while ((row = db_step(q, e)) == DB_ROW) {
		struct entry x;

		arena_reset(&a);
		x = read_row(q, &store_id, event, &a);
		memcpy(x.prev_hash, prev, sizeof(prev));
		memcpy(prev, x.hash, sizeof(prev));
		if (!each(context, &x))
			break;
	}
	db_reset(q);
out:
	db_close(db);
	arena_finish(&a);
	return row != DB_FAILED;
}
