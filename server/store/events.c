#include "server/store/events.h"

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/tag/badge_lists.h"

static const char sql_add[] =
	"INSERT INTO event (event, name, host, topics, settings, seal_public, seal_secret,"
	" ticket_key, roster_rev, made_ms, starts, ends)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11)";
static const char sql_add_key[] =
	"INSERT INTO event_key (event, number, public_key, secret_key, from_ms)"
	" VALUES ($1, $2, $3, $4, $5)";
static const char sql_get[] =
	"SELECT name, host, topics, settings, seal_public, seal_secret, ticket_key,"
	" roster_rev, starts, ends FROM event WHERE event = $1";
static const char sql_save[] = "UPDATE event SET name = $2, host = $3, topics = $4, settings = $5,"
			       " starts = $6, ends = $7,"
			       " roster_rev = roster_rev + 1 WHERE event = $1";
static const char sql_list[] = "SELECT event FROM event ORDER BY event";
static const char sql_keys[] =
	"SELECT number, public_key, until_ms FROM event_key WHERE event = $1 ORDER BY number";
static const char sql_last_key[] = "SELECT MAX(number) FROM event_key WHERE event = $1";
static const char sql_end_keys[] =
	"UPDATE event_key SET until_ms = $2 WHERE event = $1 AND until_ms IS NULL";
static const char sql_touch[] = "UPDATE event SET roster_rev = roster_rev + 1 WHERE event = $1";
static const char sql_signing[] =
	"SELECT number, secret_key FROM event_key WHERE event = $1 AND until_ms IS NULL"
	" ORDER BY number DESC LIMIT 1";
static const char sql_seal[] = "SELECT seal_public, seal_secret FROM event WHERE event = $1";

static bool no_event(uint32_t event, struct err *e)
{
	return err_set(e, ERR_NOT_FOUND, "there is no event %lu", (unsigned long)event);
}

/* Exactly n bytes; the schema promises it, a damaged store may not keep it. */
static bool copy_key(void *out, size_t n, struct bytes from)
{
	if (from.len == n)
		memcpy(out, from.p, n);
	return from.len == n;
}

static bool add_key(struct db *db, uint32_t event, unsigned number, int64_t now_ms, struct err *e)
{
	uint8_t public_key[SIGN_PUBLIC_LEN], secret_key[SIGN_SECRET_LEN];
	struct db_query *q = db_query(db, sql_add_key);
	bool ok;

	sign_keypair(public_key, secret_key);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, number);
	db_bind_blob(q, 3, bytes_of(public_key, sizeof(public_key)));
	db_bind_blob(q, 4, bytes_of(secret_key, sizeof(secret_key)));
	db_bind_i64(q, 5, now_ms);
	ok = db_run(q, e);
	crypto_wipe(secret_key, sizeof(secret_key));
	return ok;
}

bool event_add(struct db *db, struct event *x, int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_add);
	uint32_t number = 0;

	/* random, so that badges of two servers' events are told apart; 31 bits fit every column */
	while (number == 0) {
		crypto_random(&number, sizeof(number));
		number &= INT32_MAX;
	}
	x->event = number;
	x->roster_rev = 1;
	seal_keypair(x->seal_public, x->seal_secret);
	crypto_random(x->ticket_key, sizeof(x->ticket_key));
	db_bind_i64(q, 1, x->event);
	db_bind_text(q, 2, x->name);
	db_bind_text(q, 3, x->host);
	db_bind_text(q, 4, x->topics);
	db_bind_text(q, 5, x->settings);
	db_bind_blob(q, 6, bytes_of(x->seal_public, sizeof(x->seal_public)));
	db_bind_blob(q, 7, bytes_of(x->seal_secret, sizeof(x->seal_secret)));
	db_bind_blob(q, 8, bytes_of(x->ticket_key, sizeof(x->ticket_key)));
	db_bind_i64(q, 9, now_ms);
	db_bind_text(q, 10, x->starts);
	db_bind_text(q, 11, x->ends);
	return db_run(q, e) && add_key(db, x->event, 1, now_ms, e);
}

bool event_get(struct event *out, struct db *db, uint32_t event, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_get);
	enum db_row row;
	bool ok;

	db_bind_i64(q, 1, event);
	row = db_step(q, e);
	if (row == DB_DONE)
		return no_event(event, e);
	if (row == DB_FAILED)
		return false;
	*out = (struct event){
		.event = event,
		.name = arena_str(a, db_text(q, 0)),
		.host = arena_str(a, db_text(q, 1)),
		.topics = arena_str(a, db_text(q, 2)),
		.settings = arena_str(a, db_text(q, 3)),
		.roster_rev = (uint64_t)db_i64(q, 7),
		.starts = arena_str(a, db_text(q, 8)),
		.ends = arena_str(a, db_text(q, 9)),
	};
	ok = copy_key(out->seal_public, sizeof(out->seal_public), db_blob(q, 4)) &&
	     copy_key(out->seal_secret, sizeof(out->seal_secret), db_blob(q, 5)) &&
	     copy_key(out->ticket_key, sizeof(out->ticket_key), db_blob(q, 6));
	db_reset(q);
	return ok || err_set(e, ERR_INTERNAL, "event %lu: a key has the wrong length",
			     (unsigned long)event);
}

bool event_save(struct db *db, const struct event *x, struct err *e)
{
	struct db_query *q = db_query(db, sql_save);

	db_bind_i64(q, 1, x->event);
	db_bind_text(q, 2, x->name);
	db_bind_text(q, 3, x->host);
	db_bind_text(q, 4, x->topics);
	db_bind_text(q, 5, x->settings);
	db_bind_text(q, 6, x->starts);
	db_bind_text(q, 7, x->ends);
	return db_run(q, e) && (db_changes(db) == 1 || no_event(x->event, e));
}

bool event_list(struct db *db, struct arena *a, uint32_t **out, size_t *n, struct err *e)
{
	struct db_query *q = db_query(db, sql_list);
	struct buf list = BUF_IN(a);
	enum db_row row;

	while ((row = db_step(q, e)) == DB_ROW) {
		uint32_t number = (uint32_t)db_i64(q, 0);

		buf_add(&list, bytes_of(&number, sizeof(number)));
	}
	*n = list.len / sizeof(uint32_t);
	*out = ARENA_ARRAY(a, *n, uint32_t);
	if (*n > 0)
		memcpy(*out, list.p, list.len);
	return row == DB_DONE;
}

bool event_signing_key(struct db *db, uint32_t event, uint8_t *number,
	uint8_t secret[SIGN_SECRET_LEN], struct err *e)
{
	struct db_query *q = db_query(db, sql_signing);
	enum db_row row;
	bool ok;

	db_bind_i64(q, 1, event);
	row = db_step(q, e);
	if (row == DB_DONE)
		return no_event(event, e);
	*number = (uint8_t)db_i64(q, 0);
	ok = row == DB_ROW && copy_key(secret, SIGN_SECRET_LEN, db_blob(q, 1));
	db_reset(q);
	return ok;
}

bool event_rotate_key(struct db *db, uint32_t event, int64_t until_ms, int64_t now_ms,
	uint8_t *number, struct err *e)
{
	struct db_query *q = db_query(db, sql_last_key);
	enum db_row row;
	int64_t last;

	db_bind_i64(q, 1, event);
	row = db_step(q, e);
	if (row == DB_FAILED)
		return false;
	if (row == DB_DONE || db_is_null(q, 0)) {
		db_reset(q);
		return no_event(event, e);
	}
	last = db_i64(q, 0);
	db_reset(q);
	if (last >= UINT8_MAX)
		return err_set(e, ERR_FULL, "event %lu has used all of its key numbers",
			(unsigned long)event);
	*number = (uint8_t)(last + 1);
	q = db_query(db, sql_end_keys);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, until_ms);
	if (!db_run(q, e) || !add_key(db, event, *number, now_ms, e))
		return false;
	q = db_query(db, sql_touch); /* kiosks learn of it with the roster */
	db_bind_i64(q, 1, event);
	return db_run(q, e);
}

bool event_write_keys(
	struct buf *out, struct db *db, uint32_t event, struct arena *a, struct err *e)
{
	struct badge_keys *list = ARENA_NEW(a, struct badge_keys);
	struct db_query *q = db_query(db, sql_keys);
	enum db_row row;

	db_bind_i64(q, 1, event);
	while ((row = db_step(q, e)) == DB_ROW) {
		struct badge_key key = { .event = event, .number = (uint8_t)db_i64(q, 0) };

		if (!db_is_null(q, 2))
			key.until_ms = db_i64(q, 2);
		if (!copy_key(key.public_key, sizeof(key.public_key), db_blob(q, 1)) ||
			!badge_keys_add(list, key, e)) {
			db_reset(q);
			return err_set(e, ERR_INTERNAL, "event %lu: key %u is damaged",
				(unsigned long)event, key.number);
		}
	}
	badge_keys_write(out, list);
	return row == DB_DONE;
}

bool event_seal_keys(struct db *db, uint32_t event, uint8_t public_key[SEAL_PUBLIC_LEN],
	uint8_t secret_key[SEAL_SECRET_LEN], struct err *e)
{
	struct db_query *q = db_query(db, sql_seal);
	enum db_row row;
	bool ok;

	db_bind_i64(q, 1, event);
	row = db_step(q, e);
	if (row == DB_DONE)
		return no_event(event, e);
	ok = row == DB_ROW && copy_key(public_key, SEAL_PUBLIC_LEN, db_blob(q, 0)) &&
	     copy_key(secret_key, SEAL_SECRET_LEN, db_blob(q, 1));
	db_reset(q);
	return ok;
}

static bool write_keys(struct json_writer *w, struct db *db, uint32_t event, struct err *e)
{
	struct db_query *q = db_query(db, sql_keys);
	enum db_row row;

	db_bind_i64(q, 1, event);
	json_open(w, "keys", '[');
	while ((row = db_step(q, e)) == DB_ROW) {
		json_open(w, NULL, '{');
		json_i64(w, "number", db_i64(q, 0));
		json_blob(w, "public", db_blob(q, 1));
		if (!db_is_null(q, 2))
			json_i64(w, "until_ms", db_i64(q, 2));
		json_close(w, '}');
	}
	json_close(w, ']');
	return row == DB_DONE;
}

static void write_dates(struct json_writer *w, const struct event *x)
{
	if (x->starts.len > 0)
		json_str(w, "starts", x->starts);
	if (x->ends.len > 0)
		json_str(w, "ends", x->ends);
}

void event_write_short(struct json_writer *w, const char *key, const struct event *x)
{
	json_open(w, key, '{');
	json_u64(w, "event", x->event);
	json_str(w, "name", x->name);
	json_raw(w, "topics", x->topics);
	json_str(w, "host", x->host);
	write_dates(w, x);
	json_close(w, '}');
}

bool event_write_json(struct json_writer *w, const char *key, struct db *db, uint32_t event,
	struct arena *a, struct err *e)
{
	struct event x;
	bool ok;

	if (!event_get(&x, db, event, a, e))
		return false;
	json_open(w, key, '{');
	json_u64(w, "event", x.event);
	json_str(w, "name", x.name);
	json_str(w, "host", x.host);
	json_raw(w, "topics", x.topics);
	ok = write_keys(w, db, event, e);
	json_raw(w, "settings", x.settings);
	write_dates(w, &x);
	json_close(w, '}');
	crypto_wipe(&x, sizeof(x));
	return ok;
}

bool event_number(struct str s, uint32_t *out, struct err *e)
{
	uint64_t n;

	if (!str_u64(s, &n) || n == 0 || n > INT32_MAX)
		return err_set(e, ERR_NOT_FOUND, "\"%.*s\" is no event number",
			(int)(s.len < 40 ? s.len : 40), s.p);
	*out = (uint32_t)n;
	return true;
}
