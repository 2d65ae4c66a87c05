#include "server/store/sessions.h"

#include "core/base/crypto.h"
#include "core/base/text.h"

enum { NOTICES_MAX = 20 };

static const char sql_add[] =
	"INSERT INTO session (event, hash, id, kind, who, label, made_ms, seen_ms)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
/* the oldest of those that live, past the first $4 */
static const char sql_crowd[] =
	"UPDATE session SET ended_ms = $3 WHERE event = $1 AND ended_ms IS NULL AND id IN"
	" (SELECT id FROM session WHERE event = $1 AND who = $2 AND ended_ms IS NULL"
	" ORDER BY seen_ms DESC, made_ms DESC, id LIMIT 1000 OFFSET $4)";
static const char sql_forget[] = "DELETE FROM session WHERE event = $1 AND who = $2"
				 " AND (ended_ms IS NOT NULL OR seen_ms <= $3 OR made_ms <= $4)";
/* An attendee's, while that id is theirs: led to somebody else's, it opens nobody. */
static const char sql_find[] =
	"SELECT id, who, made_ms, seen_ms FROM session"
	" WHERE event = $1 AND hash = $2 AND kind = $3 AND ended_ms IS NULL"
	" AND seen_ms > $4 AND made_ms > $5 AND (kind <> 1 OR EXISTS (SELECT 1 FROM ref r"
	" WHERE r.event = session.event AND r.id = session.who AND r.attendee = r.ref))";
static const char sql_seen[] = "UPDATE session SET seen_ms = $3 WHERE event = $1 AND id = $2";
static const char sql_list[] = "SELECT id, kind, label, made_ms, seen_ms FROM session"
			       " WHERE event = $1 AND who = $2 AND ended_ms IS NULL"
			       " AND seen_ms > $3 AND made_ms > $4 ORDER BY made_ms DESC, id";
static const char sql_end[] = "UPDATE session SET ended_ms = $4"
			      " WHERE event = $1 AND who = $2 AND id = $3 AND ended_ms IS NULL";
static const char sql_ever[] = "SELECT 1 FROM session WHERE event = $1 AND who = $2 LIMIT 1";
static const char sql_notice[] = "INSERT INTO notice (event, who, at_ms, number, text)"
				 " SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4"
				 " FROM notice WHERE event = $1 AND who = $2";
static const char sql_notices[] = "SELECT text, at_ms FROM notice WHERE event = $1 AND who = $2"
				  " AND at_ms > $3 ORDER BY number DESC LIMIT $4";

struct cookie cookie_make(uint32_t event, uint8_t hash[32])
{
	uint8_t bytes[COOKIE_LEN];
	struct cookie out = { "" };
	struct buf b = BUF_ON(bytes), text = BUF_OVER(out.text, COOKIE_TEXT_LEN);
	uint8_t secret[COOKIE_LEN - 4];
	struct hash h;

	crypto_random(secret, sizeof(secret));
	buf_add_u32be(&b, event);
	buf_add(&b, bytes_of(secret, sizeof(secret)));
	base64url_write(&text, buf_bytes(&b));
	h = hash_of(buf_bytes(&b));
	memcpy(hash, h.b, sizeof(h.b));
	crypto_wipe(secret, sizeof(secret));
	return out;
}

bool cookie_read(struct str s, uint32_t *event, uint8_t hash[32])
{
	uint8_t bytes[COOKIE_LEN];
	struct buf b = BUF_ON(bytes);
	struct bytes in;
	struct hash h;

	if (s.len != COOKIE_TEXT_LEN || !base64_read(&b, s) || b.len != COOKIE_LEN)
		return false;
	in = buf_bytes(&b);
	h = hash_of(in);
	memcpy(hash, h.b, sizeof(h.b));
	return bytes_take_u32be(&in, event);
}

static bool end_the_crowd(
	struct db *db, uint32_t event, struct id who, int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_crowd);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &who);
	db_bind_i64(q, 3, now_ms);
	db_bind_i64(q, 4, SESSIONS_MAX);
	return db_run(q, e);
}

/* Those that are over. The one that is being made still says that this person was here. */
static bool forget_old(struct db *db, uint32_t event, struct id who, int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_forget);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &who);
	db_bind_i64(q, 3, now_ms - SESSION_IDLE_MS);
	db_bind_i64(q, 4, now_ms - SESSION_LIFE_MS);
	return db_run(q, e);
}

bool session_make(struct db *db, enum session_kind kind, uint32_t event, struct id who,
	struct str label, int64_t now_ms, struct cookie *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_add);
	struct id id = crypto_random_id();
	uint8_t hash[32];

	*out = cookie_make(event, hash);
	db_bind_i64(q, 1, event);
	db_bind_blob(q, 2, bytes_of(hash, sizeof(hash)));
	db_bind_id(q, 3, &id);
	db_bind_i64(q, 4, kind);
	db_bind_id(q, 5, &who);
	db_bind_text(q, 6, label);
	db_bind_i64(q, 7, now_ms);
	return forget_old(db, event, who, now_ms, e) && db_run(q, e) &&
	       end_the_crowd(db, event, who, now_ms, e);
}

bool session_find(struct session *out, struct db *db, enum session_kind kind, struct str cookie,
	int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_find);
	uint32_t event;
	uint8_t hash[32];
	enum db_row row;

	if (!cookie_read(cookie, &event, hash))
		return err_set(e, ERR_UNAUTHENTICATED, "this is no session");
	db_bind_i64(q, 1, event);
	db_bind_blob(q, 2, bytes_of(hash, sizeof(hash)));
	db_bind_i64(q, 3, kind);
	db_bind_i64(q, 4, now_ms - SESSION_IDLE_MS);
	db_bind_i64(q, 5, now_ms - SESSION_LIFE_MS);
	row = db_step(q, e);
	if (row == DB_ROW)
		*out = (struct session){ .event = event,
			.id = db_id(q, 0),
			.kind = kind,
			.who = db_id(q, 1),
			.made_ms = db_i64(q, 2),
			.seen_ms = db_i64(q, 3) };
	else if (row == DB_DONE)
		err_set(e, ERR_UNAUTHENTICATED, "this session is over");
	db_reset(q);
	return row == DB_ROW;
}

bool session_seen(struct db *db, const struct session *s, int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_seen);

	db_bind_i64(q, 1, s->event);
	db_bind_id(q, 2, &s->id);
	db_bind_i64(q, 3, now_ms);
	return db_run(q, e);
}

bool session_list(struct session **out, size_t *n, struct db *db, uint32_t event, struct id who,
	int64_t now_ms, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_list);
	enum db_row row;

	*n = 0;
	*out = ARENA_ARRAY(a, SESSIONS_MAX, struct session);
	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &who);
	db_bind_i64(q, 3, now_ms - SESSION_IDLE_MS);
	db_bind_i64(q, 4, now_ms - SESSION_LIFE_MS);
	while ((row = db_step(q, e)) == DB_ROW && *n < SESSIONS_MAX)
		(*out)[(*n)++] = (struct session){ .event = event,
			.id = db_id(q, 0),
			.who = who,
			.kind = (enum session_kind)db_i64(q, 1),
			.label = arena_str(a, db_text(q, 2)),
			.made_ms = db_i64(q, 3),
			.seen_ms = db_i64(q, 4) };
	db_reset(q);
	return row != DB_FAILED;
}

bool session_end(struct db *db, uint32_t event, struct id who, struct id session, int64_t now_ms,
	struct err *e)
{
	struct db_query *q = db_query(db, sql_end);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &who);
	db_bind_id(q, 3, &session);
	db_bind_i64(q, 4, now_ms);
	if (!db_run(q, e))
		return false;
	return db_changes(db) > 0 || err_set(e, ERR_NOT_FOUND, "there is no such device");
}

bool session_ever(bool *out, struct db *db, uint32_t event, struct id who, struct err *e)
{
	struct db_query *q = db_query(db, sql_ever);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &who);
	return db_any(q, out, e);
}

bool notice_add(struct db *db, uint32_t event, struct id who, int64_t now_ms, struct str text,
	struct err *e)
{
	struct db_query *q = db_query(db, sql_notice);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &who);
	db_bind_i64(q, 3, now_ms);
	db_bind_text(q, 4, text);
	return db_run(q, e);
}

bool notice_list(struct notice **out, size_t *n, struct db *db, uint32_t event, struct id who,
	int64_t now_ms, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_notices);
	enum db_row row;

	*n = 0;
	*out = ARENA_ARRAY(a, NOTICES_MAX, struct notice);
	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &who);
	db_bind_i64(q, 3, now_ms - SESSION_IDLE_MS);
	db_bind_i64(q, 4, NOTICES_MAX);
	while ((row = db_step(q, e)) == DB_ROW)
		(*out)[(*n)++] = (struct notice){ arena_str(a, db_text(q, 0)), db_i64(q, 1) };
	return row == DB_DONE;
}

/* The first that is found names it: Edge also says Chrome, and Chrome also says Safari. */
static const struct {
	const char *mark, *name;
} browsers[] = {
	{ "Firefox/", "Firefox" },
	{ "FxiOS/", "Firefox" },
	{ "Edg", "Edge" },
	{ "SamsungBrowser/", "Samsung Internet" },
	{ "CriOS/", "Chrome" },
	{ "Chrome/", "Chrome" },
	{ "Safari/", "Safari" },
}, systems[] = {
	{ "iPhone", "iPhone" },
	{ "iPad", "iPad" },
	{ "Android", "Android" },
	{ "Windows", "Windows" },
	{ "Mac OS X", "Mac" },
	{ "Linux", "Linux" },
};

struct str browser_label(struct str user_agent, struct arena *a)
{
	const char *browser = "a browser", *system = NULL;

	for (size_t i = ARRAY_LEN(browsers); i-- > 0;)
		if (str_find(user_agent, str_of(browsers[i].mark), 0) != SIZE_MAX)
			browser = browsers[i].name;
	for (size_t i = ARRAY_LEN(systems); i-- > 0;)
		if (str_find(user_agent, str_of(systems[i].mark), 0) != SIZE_MAX)
			system = systems[i].name;
	return arena_printf(a, "%s%s%s", browser, system ? " on " : "", system ? system : "");
}
