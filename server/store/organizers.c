#include "server/store/organizers.h"

#include "core/base/text.h"

static const char sql_find[] = "SELECT organizer, password FROM organizer WHERE email = $1";
static const char sql_email[] = "SELECT email FROM organizer WHERE organizer = $1";
static const char sql_add[] =
	"INSERT INTO organizer (organizer, email, password, every_event, made_ms)"
	" VALUES ($1, $2, $3, $4, $5)";
static const char sql_password[] = "UPDATE organizer SET password = $2 WHERE organizer = $1";
static const char sql_sessions[] =
	"UPDATE session SET ended_ms = $2 WHERE event = 0 AND who = $1 AND ended_ms IS NULL";
static const char sql_every[] = "UPDATE organizer SET every_event = 1 WHERE organizer = $1";
static const char sql_event[] = "SELECT 1 FROM event WHERE event = $1";
static const char sql_link[] =
	"INSERT INTO organizer_event (event, organizer) VALUES ($1, $2) ON CONFLICT DO NOTHING";
static const char sql_may[] =
	"SELECT 1 FROM event v WHERE v.event = $1 AND"
	" (EXISTS (SELECT 1 FROM organizer WHERE organizer = $2 AND every_event = 1)"
	" OR EXISTS (SELECT 1 FROM organizer_event x WHERE x.event = v.event AND x.organizer = "
	"$2))";
static const char sql_events[] =
	"SELECT v.event FROM event v WHERE"
	" EXISTS (SELECT 1 FROM organizer WHERE organizer = $1 AND every_event = 1)"
	" OR EXISTS (SELECT 1 FROM organizer_event x WHERE x.event = v.event AND x.organizer = $1)"
	" ORDER BY v.event";

static bool normalize(struct str email, char out[EMAIL_MAX + 1], struct err *e)
{
	struct str s = str_trim(email);
	size_t at = str_find_char(s, '@', 0);

	if (s.len > EMAIL_MAX || at == SIZE_MAX || at == 0 || at + 1 == s.len ||
		str_find_char(s, ' ', 0) != SIZE_MAX)
		return err_set(e, ERR_USAGE, "this is no e-mail address");
	for (size_t i = 0; i < s.len; i++)
		out[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] - 'A' + 'a') : s.p[i];
	out[s.len] = '\0';
	return true;
}

bool organizer_find(struct organizer *out, struct db *db, struct str email, struct err *e)
{
	struct db_query *q = db_query(db, sql_find);
	char address[EMAIL_MAX + 1];
	enum db_row row;

	if (!normalize(email, address, e))
		return err_set(e, ERR_NOT_FOUND, "no such organizer");
	db_bind_text(q, 1, str_of(address));
	row = db_step(q, e);
	if (row == DB_ROW) {
		out->id = db_id(q, 0);
		snprintf(out->password, sizeof(out->password), STR_FMT, STR_ARG(db_text(q, 1)));
	}
	db_reset(q);
	return row == DB_ROW || (row == DB_DONE && err_set(e, ERR_NOT_FOUND, "no such organizer"));
}

/* One statement with $1 an organizer and $2, where given, a text. */
static bool change(
	struct db *db, const char *sql, struct id organizer, const char *text, struct err *e)
{
	struct db_query *q = db_query(db, sql);

	db_bind_id(q, 1, &organizer);
	if (text)
		db_bind_text(q, 2, str_of(text));
	return db_run(q, e);
}

static bool ask(struct db *db, const char *sql, uint32_t event, const struct id *organizer,
	bool *yes, struct err *e)
{
	struct db_query *q = db_query(db, sql);

	db_bind_i64(q, 1, event);
	if (organizer)
		db_bind_id(q, 2, organizer);
	return db_any(q, yes, e);
}

static bool add_new(struct db *db, const char *address, const char *password, int64_t now_ms,
	struct id *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_add);

	if (!password)
		return err_set(e, ERR_USAGE, "a new organizer needs a password");
	*out = crypto_random_id();
	db_bind_id(q, 1, out);
	db_bind_text(q, 2, str_of(address));
	db_bind_text(q, 3, str_of(password));
	db_bind_i64(q, 4, 0);
	db_bind_i64(q, 5, now_ms);
	return db_run(q, e);
}

/* Whoever was signed in by the old password is so no longer. */
static bool change_password(
	struct db *db, struct id organizer, const char *password, int64_t now_ms, struct err *e)
{
	struct db_query *q;

	if (!change(db, sql_password, organizer, password, e))
		return false;
	q = db_query(db, sql_sessions);
	db_bind_id(q, 1, &organizer);
	db_bind_i64(q, 2, now_ms);
	return db_run(q, e);
}

static bool add_event(struct db *db, struct id organizer, uint32_t event, struct err *e)
{
	struct db_query *q;
	bool there;

	if (event == 0)
		return change(db, sql_every, organizer, NULL, e);
	if (!ask(db, sql_event, event, NULL, &there, e))
		return false;
	if (!there)
		return err_set(e, ERR_NOT_FOUND, "no event %u", event);
	q = db_query(db, sql_link);
	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &organizer);
	return db_run(q, e);
}

bool organizer_add(struct db *db, struct str email, uint32_t event, const char *password,
	int64_t now_ms, struct id *out, struct err *e)
{
	char address[EMAIL_MAX + 1];
	struct organizer held;
	bool ok;

	if (!normalize(email, address, e))
		return false;
	ok = organizer_find(&held, db, str_of(address), e);
	if (ok) {
		*out = held.id;
		ok = !password || change_password(db, held.id, password, now_ms, e);
	} else if (e->code == ERR_NOT_FOUND) {
		ok = add_new(db, address, password, now_ms, out, e);
	}
	return ok && add_event(db, *out, event, e);
}

bool password_check(struct str password, struct err *e)
{
	if (utf8_count(password) < PASSWORD_MIN)
		return err_set(e, ERR_USAGE, "a password has at least %d characters", PASSWORD_MIN);
	if (password.len > PASSWORD_MAX)
		return err_set(e, ERR_USAGE, "a password has at most %d bytes", PASSWORD_MAX);
	return true;
}

struct str password_random(struct arena *a)
{
	uint8_t random[13];
	char text[24];
	struct buf b = BUF_ON(text);

	crypto_random(random, sizeof(random));
	base32_write(&b, bytes_of(random, sizeof(random)));
	return arena_printf(a, "%.5s-%.5s-%.5s-%.5s", text, text + 5, text + 10, text + 15);
}

bool organizer_may(struct db *db, struct id organizer, uint32_t event, struct err *e)
{
	bool yes;

	return ask(db, sql_may, event, &organizer, &yes, e) &&
	       (yes || err_set(e, ERR_NOT_FOUND, "there is no such event"));
}

bool organizer_events(uint32_t **out, size_t *n, struct db *db, struct id organizer,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_events);
	struct buf list = BUF_IN(a);
	enum db_row row;

	db_bind_id(q, 1, &organizer);
	while ((row = db_step(q, e)) == DB_ROW) {
		uint32_t event = (uint32_t)db_i64(q, 0);

		buf_add(&list, bytes_of(&event, sizeof(event)));
	}
	*n = list.len / sizeof(uint32_t);
	*out = ARENA_ARRAY(a, *n, uint32_t);
	if (*n > 0)
		memcpy(*out, list.p, list.len);
	return row == DB_DONE;
}

bool organizer_email(
	struct str *out, struct db *db, struct id organizer, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_email);
	enum db_row row;

	db_bind_id(q, 1, &organizer);
	row = db_step(q, e);
	*out = row == DB_ROW ? arena_str(a, db_text(q, 0)) : STR("");
	db_reset(q);
	return row != DB_FAILED;
}
