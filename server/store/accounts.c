#include "server/store/accounts.h"

#include "core/base/crypto.h"
#include "server/store/people.h"
#include "server/store/pairings.h"

static const char sql_all[] =
	"SELECT o.event, o.attendee, a.id FROM account m JOIN account o ON o.person = m.person"
	" JOIN attendee a ON a.event = o.event AND a.attendee = o.attendee"
	" WHERE m.event = $1 AND m.attendee = $2"
	" ORDER BY o.event <> $1, o.event";
static const char sql_id[] = "SELECT id FROM attendee WHERE event = $1 AND attendee = $2";
static const char sql_person[] = "SELECT person FROM account WHERE event = $1 AND attendee = $2";
static const char sql_add[] =
	"INSERT INTO account (event, attendee, person, at_ms) VALUES ($1, $2, $3, $4)"
	" ON CONFLICT (event, attendee) DO NOTHING";
static const char sql_both[] = "SELECT 1 FROM account x JOIN account y ON y.event = x.event"
			       " AND y.person = $2 WHERE x.person = $1 LIMIT 1";
static const char sql_move[] = "UPDATE account SET person = $2 WHERE person = $1";
static const char sql_part[] = "DELETE FROM account WHERE event = $1 AND attendee = $2";
/* Who is left alone needs no row. */
static const char sql_alone[] = "DELETE FROM account WHERE person = $1"
				" AND (SELECT COUNT(*) FROM account WHERE person = $1) = 1";
/*
 * An id is of one event only, and anybody may give an entry of theirs an id that stands elsewhere.
 * So with whose word it is: 0 one's own, 1 a kiosk's, 2 somebody else's.
 */
static const char sql_holds[] =
	"SELECT CASE WHEN st.owner = $3 THEN 0 WHEN st.owner IS NULL THEN 1 ELSE 2 END, x.row"
	" FROM entry x JOIN ref r ON r.event = x.event AND r.attendee = $3"
	" JOIN mention m ON m.event = r.event AND m.ref = r.ref AND m.row = x.row"
	" JOIN stream s ON s.stream = x.stream JOIN station st ON st.station = s.station"
	" WHERE x.event = $1 AND x.id = $2 LIMIT 1";

/* Planned of all events of theirs: it is not to be read at one until it is planned again. */
static const char *const sql_unplan[] = {
	"DELETE FROM queue_item WHERE event = $1 AND owner = $2",
	"DELETE FROM queue_text WHERE event = $1 AND owner = $2",
};
static const char sql_word[] =
	"UPDATE attendee SET word_ms = COALESCE(word_ms, $3) WHERE event = $1 AND attendee = $2";
static const char sql_unword[] =
	"UPDATE attendee SET word_ms = NULL WHERE event = $1 AND attendee = $2";
static const char sql_badge[] =
	"UPDATE attendee SET badge_ms = COALESCE(badge_ms, $3) WHERE event = $1 AND attendee = $2";
static const char sql_unbadge[] =
	"UPDATE attendee SET badge_ms = NULL WHERE event = $1 AND attendee = $2";
static const char sql_by_badge[] =
	"SELECT 1 FROM attendee WHERE event = $1 AND attendee = $2 AND badge_ms IS NOT NULL";
static const char sql_by_word[] =
	"SELECT 1 FROM session s JOIN attendee a ON a.event = s.event AND a.id = s.who"
	" WHERE s.event = $1 AND a.attendee = $2 AND s.id = $3 AND s.made_ms >= a.word_ms";
static const char sql_everybody[] =
	"SELECT x.event, x.attendee, a.id FROM account x JOIN attendee a ON a.event = x.event"
	" AND a.attendee = x.attendee ORDER BY x.event, x.attendee";
static const char sql_drop[] = "DELETE FROM account";
/* The two notices that name an event; each of another one is forgotten as a person is parted. */
#define ONE_LIST  "One list with your event "
#define OWN_AGAIN " is a list of its own again, since "
static const char sql_untell[] =
	"DELETE FROM notice WHERE event = $1 AND who = (SELECT id FROM attendee WHERE event = $1"
	" AND attendee = $2) AND (text LIKE '" ONE_LIST "%' OR (text LIKE '%" OWN_AGAIN
	"%' AND NOT EXISTS (SELECT 1 FROM event v WHERE v.event = $1"
	" AND substr(notice.text, 1, length(v.name || '" OWN_AGAIN "')) = v.name || '" OWN_AGAIN
	"')))";
static const char sql_event[] = "SELECT name FROM event WHERE event = $1";
#define SINCE(mark)                                                                                \
	"made_ms >= (SELECT " mark " FROM attendee a WHERE a.event = $1 AND a.attendee = $2)"
#define SINCE_ANY "(" SINCE("word_ms") " OR " SINCE("badge_ms") ")"
static const char sql_end_feeds[] =
	"DELETE FROM feed WHERE event = $1 AND attendee = $2 AND " SINCE_ANY;
static const char sql_end_sessions[] =
	"UPDATE session SET ended_ms = $3 WHERE event = $1 AND who = $4 AND id <> $5"
	" AND ended_ms IS NULL AND " SINCE_ANY;
static const char sql_end_pairings[] =
	"UPDATE pairing SET state = $3 WHERE event = $1 AND who = $2 AND state < $4";

static struct db_query *query_for(struct db *db, const char *sql, uint32_t event, uint32_t attendee)
{
	struct db_query *q = db_query(db, sql);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return q;
}

/* One column of the first row, if there is one. */
static bool read_id(struct id *out, bool *any, struct db_query *q, struct err *e)
{
	enum db_row row = db_step(q, e);

	*any = row == DB_ROW;
	if (*any)
		*out = db_id(q, 0);
	db_reset(q);
	return row != DB_FAILED;
}

/* Every row of a query of sql_all's columns, onto list. */
static bool read_all(struct buf *list, struct db_query *q, struct err *e)
{
	enum db_row row;

	while ((row = db_step(q, e)) == DB_ROW) {
		const struct account one = { (uint32_t)db_i64(q, 0), (uint32_t)db_i64(q, 1),
			db_id(q, 2) };

		buf_add(list, bytes_of(&one, sizeof(one)));
	}
	return row == DB_DONE;
}

bool accounts_of(struct account **out, size_t *n, struct db *db, uint32_t event, uint32_t attendee,
	struct arena *a, struct err *e)
{
	struct account one = { event, attendee, { { 0 } } };
	struct buf list = BUF_IN(a);
	bool any;

	if (!read_all(&list, query_for(db, sql_all, event, attendee), e))
		return false;
	if (list.len == 0) {
		if (!read_id(&one.id, &any, query_for(db, sql_id, event, attendee), e))
			return false;
		buf_add(&list, bytes_of(&one, sizeof(one)));
	}
	*out = (struct account *)(void *)list.p;
	*n = list.len / sizeof(one);
	return true;
}

bool accounts_of_id(struct account **out, size_t *n, struct db *db, uint32_t event, struct id id,
	struct arena *a, struct err *e)
{
	struct ref ref;

	return ref_find(db, event, id, &ref, e) &&
	       accounts_of(out, n, db, event, ref.attendee, a, e);
}

const struct account *account_at(const struct account *all, size_t n, uint32_t event)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].event == event)
			return &all[i];
	return NULL;
}

struct telling {
	const struct account *at;
	int64_t word, row;
};

/* As my_log_all.c picks one of several. */
static int by_telling(const void *a, const void *b)
{
	const struct telling *x = a, *y = b;

	if (x->word != y->word)
		return x->word < y->word ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

bool accounts_with(struct account **out, size_t *n, struct db *db, const struct account *all,
	size_t count, struct id entry, struct arena *a, struct err *e)
{
	struct telling *found = ARENA_ARRAY(a, count, struct telling);

	*n = 0;
	*out = ARENA_ARRAY(a, count, struct account);
	for (size_t i = 0; i < count; i++) {
		struct db_query *q = db_query(db, sql_holds);
		enum db_row row;

		db_bind_i64(q, 1, all[i].event);
		db_bind_id(q, 2, &entry);
		db_bind_i64(q, 3, all[i].attendee);
		row = db_step(q, e);
		if (row == DB_ROW)
			found[(*n)++] = (struct telling){ &all[i], db_i64(q, 0), db_i64(q, 1) };
		db_reset(q);
		if (row == DB_FAILED)
			return false;
	}
	if (*n > 1)
		qsort(found, *n, sizeof(*found), by_telling);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = *found[i].at;
	return true;
}

bool account_person(
	struct id *out, bool *any, struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	return read_id(out, any, query_for(db, sql_person, event, attendee), e);
}

static bool add(
	struct db *db, const struct account *x, struct id person, int64_t now_ms, struct err *e)
{
	struct db_query *q = query_for(db, sql_add, x->event, x->attendee);

	db_bind_id(q, 3, &person);
	db_bind_i64(q, 4, now_ms);
	return db_run(q, e);
}

static struct db_query *query_pair(
	struct db *db, const char *sql, const struct id *x, const struct id *y)
{
	struct db_query *q = db_query(db, sql);

	db_bind_id(q, 1, x);
	db_bind_id(q, 2, y);
	return q;
}

static bool person_made(
	struct id *out, struct db *db, const struct account *x, int64_t now_ms, struct err *e)
{
	bool any;

	if (!account_person(out, &any, db, x->event, x->attendee, e))
		return false;
	if (any)
		return true;
	*out = crypto_random_id();
	return add(db, x, *out, now_ms, e);
}

static bool tell(struct db *db, const struct account *x, struct err *e)
{
	return dirty_around_person(db, x->event, x->attendee, e);
}

bool account_join(struct db *db, const struct account *x, const struct account *y, int64_t now_ms,
	struct err *e)
{
	struct id one, other;
	bool both;

	if (!person_made(&one, db, x, now_ms, e) || !person_made(&other, db, y, now_ms, e))
		return false;
	if (id_equal(one, other))
		return true;
	if (!db_any(query_pair(db, sql_both, &one, &other), &both, e))
		return false;
	if (both)
		return err_set(e, ERR_CONFLICT,
			"you are somebody else at that event already: nothing was changed");
	return db_run(query_pair(db, sql_move, &other, &one), e) && tell(db, x, e);
}

static bool unplan(struct db *db, const struct account *x, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(sql_unplan); i++)
		if (!db_run(query_for(db, sql_unplan[i], x->event, x->attendee), e))
			return false;
	return true;
}

bool account_part(struct db *db, const struct account *x, struct err *e)
{
	struct db_query *q;
	struct id person;
	bool any;

	/* while it can be found out who that is */
	if (!account_person(&person, &any, db, x->event, x->attendee, e) || !tell(db, x, e))
		return false;
	if (!any)
		return true;
	if (!unplan(db, x, e) || !db_run(query_for(db, sql_part, x->event, x->attendee), e))
		return false;
	q = db_query(db, sql_alone);
	db_bind_id(q, 1, &person);
	return db_run(q, e);
}

bool account_tell_joined(struct db *db, const struct account *x, struct str other, int64_t now_ms,
	struct arena *a, struct err *e)
{
	return notice_add(db, x->event, x->id, now_ms,
		arena_printf(a, ONE_LIST STR_FMT " from now on", STR_ARG(other)), e);
}

static bool tell_all(struct db *db, const struct account *all, size_t n, const char *why,
	int64_t now_ms, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_event);
	struct str name;
	bool ok;

	db_bind_i64(q, 1, all[0].event);
	ok = db_step(q, e) == DB_ROW;
	name = ok ? arena_str(a, db_text(q, 0)) : STR("");
	db_reset(q);
	for (size_t i = 0; ok && i < n; i++)
		ok = notice_add(db, all[i].event, all[i].id, now_ms,
			arena_printf(a,
				STR_FMT OWN_AGAIN
				"%s there. To join it again, open Me, Settings, My events at one of"
				" the two and type the ticket code of the other",
				STR_ARG(name), why),
			e);
	return ok;
}

bool account_set_apart(struct db *db, uint32_t event, uint32_t attendee, const char *why,
	int64_t now_ms, struct err *e)
{
	struct db_query *q = query_for(db, sql_word, event, attendee);
	struct arena a = { 0 };
	struct account *all;
	size_t n = 0;
	bool ok;

	db_bind_i64(q, 3, now_ms);
	ok = db_run(q, e) && db_run(query_for(db, sql_untell, event, attendee), e) &&
	     accounts_of(&all, &n, db, event, attendee, &a, e);
	if (ok && n > 1)
		ok = account_part(db, &all[0], e) && tell_all(db, all, n, why, now_ms, &a, e);
	arena_finish(&a);
	return ok;
}

bool account_by_badge(
	struct db *db, uint32_t event, uint32_t attendee, int64_t now_ms, struct err *e)
{
	struct db_query *q = query_for(db, sql_badge, event, attendee);

	db_bind_i64(q, 3, now_ms);
	return db_run(q, e);
}

bool account_may_join(
	struct db *db, const struct account *all, size_t n, struct id session, struct err *e)
{
	bool by_word;

	for (size_t i = 0; i < n; i++) {
		struct db_query *q = query_for(db, sql_by_word, all[i].event, all[i].attendee);

		db_bind_id(q, 3, &session);
		if (!db_any(q, &by_word, e))
			return false;
		if (by_word)
			return err_set(e, ERR_FORBIDDEN,
				"this phone came in here since a new ticket code was given out, or"
				" by the desk, so it adds no event: sign in with the other event's"
				" ticket code, and type this event's there");
	}
	return true;
}

static bool take_back_feed(struct db *db, const struct account *x, int64_t now_ms, struct err *e)
{
	if (!db_run(query_for(db, sql_end_feeds, x->event, x->attendee), e))
		return false;
	return db_changes(db) == 0 ||
	       notice_add(db, x->event, x->id, now_ms,
		       STR("Your calendar's address has ended, since other phones could have made "
			   "it: make a new one in Me"),
		       e);
}

bool account_take_back(
	struct db *db, const struct account *x, struct id keep, int64_t now_ms, struct err *e)
{
	struct db_query *q = query_for(db, sql_end_sessions, x->event, x->attendee);

	db_bind_i64(q, 3, now_ms);
	db_bind_id(q, 4, &x->id);
	db_bind_id(q, 5, &keep);
	if (!db_run(q, e))
		return false;
	if (db_changes(db) > 0 &&
		!notice_add(db, x->event, x->id, now_ms,
			STR("Other phones that came in here since a new ticket code was given out,"
			    " or by the desk or the badge alone, are signed out"),
			e))
		return false;
	q = db_query(db, sql_end_pairings);
	db_bind_i64(q, 1, x->event);
	db_bind_id(q, 2, &x->id);
	db_bind_i64(q, 3, PAIRING_REFUSED);
	db_bind_i64(q, 4, PAIRING_PAIRED);
	return db_run(q, e) && take_back_feed(db, x, now_ms, e) &&
	       db_run(query_for(db, sql_unword, x->event, x->attendee), e);
}

bool account_prove(struct db *db, const struct account *x, int64_t now_ms, struct err *e)
{
	static const struct id none;
	bool by_badge;

	if (!db_any(query_for(db, sql_by_badge, x->event, x->attendee), &by_badge, e))
		return false;
	if (by_badge && !account_set_apart(db, x->event, x->attendee,
				"a phone let in by the badge alone had joined it", now_ms, e))
		return false;
	return account_take_back(db, x, none, now_ms, e) &&
	       (!by_badge || db_run(query_for(db, sql_unbadge, x->event, x->attendee), e));
}

#define RESTORED                                                                                   \
	"The server was restored from a backup, so each of your events is a list of its own "      \
	"again."                                                                                   \
	" To join them, open Me, Settings, My events and type the ticket code of the other"

bool account_drop_all(struct db *db, int64_t now_ms, struct err *e)
{
	struct arena a = { 0 };
	struct buf list = BUF_IN(&a);
	bool ok = read_all(&list, db_query(db, sql_everybody), e);
	const struct account *all = (struct account *)(void *)list.p;

	for (size_t i = 0; ok && i < list.len / sizeof(*all); i++)
		ok = tell(db, &all[i], e) && unplan(db, &all[i], e) &&
		     notice_add(db, all[i].event, all[i].id, now_ms, STR(RESTORED), e);
	ok = ok && db_run(db_query(db, sql_drop), e);
	arena_finish(&a);
	return ok;
}

bool dirty_around_person(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct arena a = { 0 };
	struct account *all;
	size_t n;
	bool ok = accounts_of(&all, &n, db, event, attendee, &a, e);

	for (size_t i = 0; ok && i < n; i++)
		ok = dirty_around(db, all[i].event, all[i].attendee, e);
	arena_finish(&a);
	return ok;
}
