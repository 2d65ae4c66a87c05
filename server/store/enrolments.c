#include "server/store/enrolments.h"

#include "core/base/text.h"

static const char sql_event[] = "SELECT 1 FROM event WHERE event = $1";
static const char sql_sweep[] = "DELETE FROM enrolment WHERE made_ms <= $1";
static const char sql_add[] = "INSERT INTO enrolment (code_id, event, secret, name, made_ms)"
			      " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (code_id) DO NOTHING";
static const char sql_find[] = "SELECT code_id, event, secret, name FROM enrolment"
			       " WHERE code_id = $1 AND made_ms > $2 AND tries < $3";
static const char sql_tried[] = "UPDATE enrolment SET tries = tries + 1 WHERE code_id = $1";
static const char sql_spend[] = "DELETE FROM enrolment WHERE code_id = $1";
static const char sql_station[] = "INSERT INTO station (event, id, kind, name, public_key, made_ms)"
				  " VALUES ($1, $2, 1, $3, $4, $5)";

static bool event_exists(struct db *db, uint32_t event, struct err *e)
{
	struct db_query *q = db_query(db, sql_event);
	enum db_row row;

	db_bind_i64(q, 1, event);
	row = db_step(q, e);
	db_reset(q);
	return row == DB_ROW || (row == DB_DONE && err_set(e, ERR_NOT_FOUND, "no event %u", event));
}

/*
 * 80 random bits are 16 characters. 60 of them are secret, so that whoever sees a proof made with
 * them cannot try them all out while the code lives.
 */
static void random_code(char code[CODE_ID_LEN + CODE_SECRET_LEN])
{
	uint8_t random[10];
	struct buf b = BUF_OVER(code, CODE_ID_LEN + CODE_SECRET_LEN);

	crypto_random(random, sizeof(random));
	base32_write(&b, bytes_of(random, sizeof(random)));
}

static bool sweep(struct db *db, int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_sweep);

	db_bind_i64(q, 1, now_ms - CODE_LIFE_MS);
	return db_run(q, e);
}

bool enrolment_add(struct db *db, uint32_t event, struct str name, int64_t now_ms,
	struct enrolment_code *out, struct err *e)
{
	char code[CODE_ID_LEN + CODE_SECRET_LEN];
	bool added = false;

	if (!event_exists(db, event, e) || !sweep(db, now_ms, e))
		return false;
	while (!added) {
		struct db_query *q = db_query(db, sql_add);

		random_code(code);
		db_bind_text(q, 1, (struct str){ code, CODE_ID_LEN });
		db_bind_i64(q, 2, event);
		db_bind_text(q, 3, (struct str){ code + CODE_ID_LEN, CODE_SECRET_LEN });
		db_bind_text(q, 4, name);
		db_bind_i64(q, 5, now_ms);
		if (!db_run(q, e))
			return false;
		added = db_changes(db) > 0;
	}
	snprintf(out->text, sizeof(out->text), "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8,
		code + 12);
	return true;
}

bool enrolment_refuse(struct err *e)
{
	return err_set(e, ERR_FORBIDDEN,
		"this code is wrong, used or over, or somebody stands between: ask for a new one");
}

bool enrolment_find(struct enrolment *out, struct db *db, struct str code_id, int64_t now_ms,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_find);
	enum db_row row;

	*out = (struct enrolment){ 0 };
	db_bind_text(q, 1, code_id);
	db_bind_i64(q, 2, now_ms - CODE_LIFE_MS);
	db_bind_i64(q, 3, CODE_TRIES);
	row = db_step(q, e);
	if (row == DB_ROW && db_text(q, 0).len == CODE_ID_LEN &&
		db_text(q, 2).len == CODE_SECRET_LEN) {
		memcpy(out->code_id, db_text(q, 0).p, CODE_ID_LEN);
		memcpy(out->secret, db_text(q, 2).p, CODE_SECRET_LEN);
		out->event = (uint32_t)db_i64(q, 1);
		out->name = arena_str(a, db_text(q, 3));
	}
	db_reset(q);
	return row == DB_ROW || (row == DB_DONE && enrolment_refuse(e));
}

bool enrolment_tried(struct db *db, const struct enrolment *x, struct err *e)
{
	struct db_query *q = db_query(db, sql_tried);

	db_bind_text(q, 1, str_of(x->code_id));
	return db_run(q, e);
}

struct hash enrolment_proof(
	const char *secret, struct str tag, struct bytes what, struct str pin, struct arena *a)
{
	struct buf message = BUF_IN(a);

	buf_add_str(&message, tag);
	buf_add(&message, what);
	buf_add_str(&message, pin);
	return hmac_of(str_bytes(str_of(secret)), buf_bytes(&message));
}

bool enrolment_spend(struct db *db, const struct enrolment *x, struct str name,
	const uint8_t public_key[SIGN_PUBLIC_LEN], int64_t now_ms, struct id *station,
	struct err *e)
{
	struct db_query *q = db_query(db, sql_spend);

	db_bind_text(q, 1, str_of(x->code_id));
	if (!db_run(q, e))
		return false;
	if (db_changes(db) == 0)
		return enrolment_refuse(e);
	*station = crypto_uuid7((uint64_t)now_ms);
	q = db_query(db, sql_station);
	db_bind_i64(q, 1, x->event);
	db_bind_id(q, 2, station);
	db_bind_text(q, 3, name);
	db_bind_blob(q, 4, bytes_of(public_key, SIGN_PUBLIC_LEN));
	db_bind_i64(q, 5, now_ms);
	return db_run(q, e);
}
