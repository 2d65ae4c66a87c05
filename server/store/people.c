#include "server/store/people.h"

#include "core/base/crypto.h"
#include "core/tag/badge_lists.h"
#include "core/tag/short_code.h"
#include "server/store/accounts.h"
#include "server/store/said.h"

enum { NAMES_DEPTH = 8 /* badge of a badge of a badge: more is a circle */ };

static const char sql_find[] =
	"SELECT ref, attendee, badge, revoked FROM ref WHERE event = $1 AND id = $2";
static const char sql_add[] =
	"INSERT INTO ref (event, ref, id, attendee, code)"
	" SELECT $1, COALESCE(MAX(ref), 0) + 1, $2, COALESCE(MAX(ref), 0) + 1, $3"
	" FROM ref WHERE event = $1 RETURNING ref";
/* Several would be two ids in 2^50: then it names nobody. A revoked badge names nobody either. */
static const char sql_code[] =
	"SELECT r.id, r.attendee FROM ref r JOIN attendee a ON a.event = r.event"
	" AND a.attendee = r.attendee WHERE r.event = $1 AND r.code = $2 AND r.revoked = 0"
	" AND a.gone = 0 LIMIT 2";
static const char sql_codeless[] = "SELECT event, ref, id FROM ref WHERE code IS NULL LIMIT 1000";
static const char sql_give_code[] = "UPDATE ref SET code = $3 WHERE event = $1 AND ref = $2";
static const char sql_root[] = "SELECT attendee FROM ref WHERE event = $1 AND ref = $2";
static const char sql_names[] = "SELECT names FROM ref WHERE event = $1 AND ref = $2";
static const char sql_assign[] = "UPDATE ref SET names = $3, badge = $4, assigned_by = $5"
				 " WHERE event = $1 AND ref = $2";
static const char sql_own[] = "UPDATE ref SET own = $3 WHERE event = $1 AND ref = $2"
			      " RETURNING assigned_by";
static const char sql_set_root[] = "UPDATE ref SET attendee = $3 WHERE event = $1 AND ref = $2";
static const char sql_children[] =
	"SELECT ref FROM ref WHERE event = $1 AND names = $2 ORDER BY ref";
static const char sql_revoke[] =
	"UPDATE ref SET revoked = revoked | 1 WHERE event = $1 AND id = $2 AND badge = 1"
	" RETURNING attendee";
static const char sql_revoked[] =
	"SELECT id FROM ref WHERE event = $1 AND badge = 1 AND revoked <> 0 ORDER BY id";
/* Of all badges of a person only the one that the desk gave last holds; 2 in the schema's words. */
static const char sql_replaced[] =
	"UPDATE ref SET revoked = (revoked & 1) | CASE WHEN badge = 1 AND EXISTS (SELECT 1"
	" FROM ref n WHERE n.event = ref.event AND n.attendee = ref.attendee AND n.badge = 1"
	" AND n.assigned_by IS NOT NULL"
	" AND (ref.assigned_by IS NULL OR n.assigned_by > ref.assigned_by)) THEN 2 ELSE 0 END"
	" WHERE event = $1 AND attendee = $2";

static const char sql_badge[] = "SELECT id FROM ref WHERE event = $1 AND attendee = $2"
				" AND badge = 1 AND revoked = 0 ORDER BY ref DESC LIMIT 1";
static const char sql_get[] =
	"SELECT attendee, id, name, organization, title, email, phone, url, lang, consent_card,"
	" consent_followups, consent_contact, in_ms, gone, ticket_hash, rev,"
	" zone_min, consent_coming"
	" FROM attendee WHERE event = $1 AND attendee = $2";
static const char sql_insert[] =
	"INSERT INTO attendee (event, attendee, id, name, organization, title, email, phone, url, "
	"lang,"
	" made_by, rev) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
	" (SELECT roster_rev FROM event WHERE event = $1))";
static const char sql_save[] = "UPDATE attendee SET name = $3, organization = $4, title = $5, "
			       "email = $6, phone = $7, url = $8,"
			       " lang = $9, gone = $10 WHERE event = $1 AND attendee = $2";
static const char sql_next_rev[] = "UPDATE event SET roster_rev = roster_rev + 1 WHERE event = $1";
static const char sql_touch[] =
	"UPDATE attendee SET rev = (SELECT roster_rev FROM event WHERE event = $1)"
	" WHERE event = $1 AND attendee = $2";
static const char sql_ticket[] =
	"UPDATE attendee SET ticket_hash = $3 WHERE event = $1 AND attendee = $2";
static const char sql_has_ticket[] = "SELECT 1 FROM attendee WHERE event = $1 AND attendee = $2"
				     " AND ticket_hash IS NOT NULL";
static const char sql_consent[] =
	"INSERT INTO consent (event, attendee, purpose, said, given, version, at_ms, said_by)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (event, attendee, purpose, said)"
	" DO UPDATE SET given = excluded.given, version = excluded.version, at_ms = excluded.at_ms,"
	" said_by = excluded.said_by"
	" WHERE consent.given <> excluded.given OR consent.said_by IS DISTINCT FROM "
	"excluded.said_by";
static const char sql_unsaid[] =
	"DELETE FROM consent WHERE event = $1 AND attendee = $2 AND purpose = $3 AND said = 1";
#define NEWEST(n)                                                                                  \
	"COALESCE((SELECT given FROM consent c WHERE c.event = $1 AND c.attendee = $2"             \
	" AND c.purpose = " #n " ORDER BY said DESC LIMIT 1), 0)"
static const char sql_consents[] =
	"UPDATE attendee SET consent_card = " NEWEST(1) ", consent_followups = " NEWEST(
		2) ", consent_contact = " NEWEST(3) ", consent_coming = " NEWEST(5) " WHERE event "
										    "= $1 AND "
										    "attendee = $2";
static const char sql_dirty[] =
	"INSERT INTO queue_dirty (event, owner) VALUES ($1, $2) ON CONFLICT DO NOTHING";
/* With IN, not a join: SQLite would else read the mentions of the whole event. */
static const char sql_around[] =
	"INSERT INTO queue_dirty (event, owner)"
	" SELECT DISTINCT o.event, o.attendee FROM mention m"
	" JOIN ref o ON o.event = m.event AND o.ref = m.other"
	" WHERE m.event = $1 AND m.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2)"
	" AND m.other IS NOT NULL ON CONFLICT DO NOTHING";

/*
 * Who knows this person by an introduction: from a meeting of theirs to the entry that introduces
 * by it, to the other of its two meetings, which the introducer had with whom.
 */
static const char sql_around_introduced[] =
	"INSERT INTO queue_dirty (event, owner)"
	" SELECT DISTINCT o.event, o.attendee FROM mention m"
	" CROSS JOIN entry me ON me.row = m.row"
	" CROSS JOIN about t ON t.event = m.event AND t.of_id = me.id AND t.kind = 10"
	" CROSS JOIN entry pe ON pe.event = t.event AND pe.id = t.pair"
	" CROSS JOIN ref i ON i.event = t.event AND i.ref = t.ref"
	" CROSS JOIN ref ir ON ir.event = i.event AND ir.attendee = i.attendee"
	" CROSS JOIN mention pm ON pm.event = t.event AND pm.ref = ir.ref AND pm.row = pe.row"
	" CROSS JOIN ref o ON o.event = pm.event AND o.ref = pm.other"
	" WHERE m.event = $1 AND m.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2)"
	" AND m.kind = 4 AND EXISTS (SELECT 1 FROM about WHERE event = $1) ON CONFLICT DO NOTHING";

bool ref_find(struct db *db, uint32_t event, struct id id, struct ref *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_find);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &id);
	row = db_step(q, e);
	if (row == DB_ROW)
		*out = (struct ref){ (uint32_t)db_i64(q, 0), (uint32_t)db_i64(q, 1),
			db_i64(q, 2) != 0, db_i64(q, 3) != 0 };
	else if (row == DB_DONE)
		err_set(e, ERR_NOT_FOUND, "nobody here is named %s", id_text(id).s);
	db_reset(q);
	return row == DB_ROW;
}

bool ref_intern(struct db *db, uint32_t event, struct id id, struct ref *out, struct err *e)
{
	struct short_code code;
	struct db_query *q;

	if (ref_find(db, event, id, out, e))
		return true;
	if (e->code != ERR_NOT_FOUND)
		return false;
	*e = (struct err){ 0 };
	code = short_code_of(id);
	q = db_query(db, sql_add);
	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &id);
	db_bind_text(q, 3, str_of(code.s));
	if (db_step(q, e) != DB_ROW)
		return false;
	*out = (struct ref){ (uint32_t)db_i64(q, 0), (uint32_t)db_i64(q, 0), false, false };
	db_reset(q);
	return true;
}

/* A thousand at a time; *left: there may be more. */
static bool fill_some(struct db *db, struct arena *a, bool *left, struct err *e)
{
	struct one {
		uint32_t event, ref;
		struct id id;
	} one;
	struct db_query *q = db_query(db, sql_codeless);
	struct buf list = BUF_IN(a);
	enum db_row row;

	while ((row = db_step(q, e)) == DB_ROW) {
		one = (struct one){ (uint32_t)db_i64(q, 0), (uint32_t)db_i64(q, 1), db_id(q, 2) };
		buf_add(&list, bytes_of(&one, sizeof(one)));
	}
	*left = list.len > 0;
	for (size_t i = 0; row == DB_DONE && i + sizeof(one) <= list.len; i += sizeof(one)) {
		struct short_code code;

		memcpy(&one, list.p + i, sizeof(one));
		code = short_code_of(one.id);
		q = db_query(db, sql_give_code);
		db_bind_i64(q, 1, one.event);
		db_bind_i64(q, 2, one.ref);
		db_bind_text(q, 3, str_of(code.s));
		if (!db_run(q, e))
			return false;
	}
	return row == DB_DONE;
}

bool ref_fill_codes(struct db *db, struct err *e)
{
	struct arena a = { 0 };
	bool left = true, ok = true;

	while (ok && left) {
		ok = db_begin(db, e) && fill_some(db, &a, &left, e) && db_commit(db, e);
		arena_reset(&a);
	}
	if (!ok)
		db_rollback(db);
	arena_finish(&a);
	return ok;
}

bool ref_find_code(struct db *db, uint32_t event, struct str code, struct id *out,
	uint32_t *attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_code);
	enum db_row row;
	int n = 0;

	db_bind_i64(q, 1, event);
	db_bind_text(q, 2, code);
	while ((row = db_step(q, e)) == DB_ROW) {
		*out = db_id(q, 0);
		*attendee = (uint32_t)db_i64(q, 1);
		n++;
	}
	if (row == DB_FAILED)
		return false;
	return n == 1 || err_set(e, ERR_NOT_FOUND,
				 "nobody at this event has that code: compare it once more");
}

bool ref_root(struct db *db, uint32_t event, uint32_t ref, uint32_t *attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_root);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, ref);
	row = db_step(q, e);
	if (row == DB_ROW)
		*attendee = (uint32_t)db_i64(q, 0);
	else if (row == DB_DONE)
		err_set(e, ERR_NOT_FOUND, "no person %u", ref);
	db_reset(q);
	return row == DB_ROW;
}

/* Follow names from ref to its end; a circle leads each of its members to itself. */
static bool follow(struct db *db, uint32_t event, uint32_t ref, uint32_t *end, struct err *e)
{
	uint32_t at = ref;

	for (int depth = 0; depth < NAMES_DEPTH; depth++) {
		struct db_query *q = db_query(db, sql_names);
		enum db_row row;
		uint32_t next;

		db_bind_i64(q, 1, event);
		db_bind_i64(q, 2, at);
		row = db_step(q, e);
		next = row == DB_ROW ? (uint32_t)db_i64(q, 0) : 0;
		db_reset(q);
		if (row == DB_FAILED)
			return false;
		if (next == 0) {
			*end = at;
			return true;
		}
		at = next;
	}
	*end = ref;
	return true;
}

/* The refs that name ref, at most n of them. */
static bool children_of(struct db *db, uint32_t event, uint32_t ref, struct arena *a,
	uint32_t **out, size_t *n, struct err *e)
{
	struct db_query *q = db_query(db, sql_children);
	struct buf list = BUF_IN(a);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, ref);
	while ((row = db_step(q, e)) == DB_ROW) {
		uint32_t child = (uint32_t)db_i64(q, 0);

		buf_add(&list, bytes_of(&child, sizeof(child)));
	}
	*n = list.len / sizeof(uint32_t);
	*out = ARENA_ARRAY(a, *n, uint32_t);
	if (*n > 0)
		memcpy(*out, list.p, list.len);
	return row == DB_DONE;
}

static bool settle_badges(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_replaced);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return db_run(q, e);
}

static bool settle_root(
	struct db *db, uint32_t event, uint32_t ref, int depth, struct arena *a, struct err *e)
{
	struct db_query *q;
	uint32_t *children = NULL, before, root;
	size_t n = 0;

	if (depth > NAMES_DEPTH)
		return true;
	if (!ref_root(db, event, ref, &before, e) || !follow(db, event, ref, &root, e))
		return false;
	q = db_query(db, sql_set_root);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, ref);
	db_bind_i64(q, 3, root);
	if (!db_run(q, e) || !settle_badges(db, event, root, e) ||
		(before != root && !settle_badges(db, event, before, e)) ||
		!children_of(db, event, ref, a, &children, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!settle_root(db, event, children[i], depth + 1, a, e))
			return false;
	return true;
}

bool ref_assign(struct db *db, uint32_t event, uint32_t badge, uint32_t names, const struct id *by,
	struct err *e)
{
	struct db_query *q = db_query(db, sql_assign);
	uint32_t before, after;
	struct arena a = { 0 };
	bool ok;

	/* an attendee's own id always names that attendee */
	if (names == badge)
		names = 0;
	if (!ref_root(db, event, badge, &before, e))
		return false;
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, badge);
	if (names)
		db_bind_i64(q, 3, names);
	db_bind_i64(q, 4, names != 0);
	if (by)
		db_bind_id(q, 5, by);
	/* those who met it are told before and after, since what they know has another name now */
	ok = dirty_around(db, event, before, e) && db_run(q, e) &&
	     settle_root(db, event, badge, 0, &a, e) && ref_root(db, event, badge, &after, e) &&
	     dirty_around(db, event, after, e) && attendee_touch(db, event, before, e) &&
	     (after == before || attendee_touch(db, event, after, e));
	arena_finish(&a);
	return ok;
}

bool badge_give(struct db *db, uint32_t event, uint32_t badge, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_own);
	enum db_row row;
	bool by_entry;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, badge);
	db_bind_i64(q, 3, attendee);
	row = db_step(q, e);
	by_entry = row == DB_ROW && !db_is_null(q, 0);
	db_reset(q);
	return row != DB_FAILED && (by_entry || ref_assign(db, event, badge, attendee, NULL, e));
}

bool badge_write_revoked(struct buf *out, struct db *db, uint32_t event, struct err *e)
{
	struct db_query *q = db_query(db, sql_revoked);
	enum db_row row;

	badge_revoked_write_mark(out);
	db_bind_i64(q, 1, event);
	while ((row = db_step(q, e)) == DB_ROW) {
		badge_revoked_write_id(out, db_id(q, 0));
	}
	return row == DB_DONE;
}

bool badge_revoke(struct db *db, uint32_t event, struct id badge, struct err *e)
{
	struct db_query *q = db_query(db, sql_revoke);
	enum db_row row;
	uint32_t owner;

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &badge);
	row = db_step(q, e);
	owner = row == DB_ROW ? (uint32_t)db_i64(q, 0) : 0;
	db_reset(q);
	if (row == DB_DONE)
		return err_set(e, ERR_NOT_FOUND, "no badge %s", id_text(badge).s);
	return row == DB_ROW && attendee_touch(db, event, owner, e);
}

bool badge_of(
	struct db *db, uint32_t event, const struct attendee *x, struct id *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_badge);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, x->attendee);
	row = db_step(q, e);
	*out = row == DB_ROW ? db_id(q, 0) : x->id;
	db_reset(q);
	return row != DB_FAILED;
}

static struct str column(struct db_query *q, int n, struct arena *a)
{
	return arena_str(a, db_text(q, n));
}

bool attendee_get(struct attendee *out, struct db *db, uint32_t event, uint32_t attendee,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_get);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	row = db_step(q, e);
	if (row == DB_DONE)
		return err_set(e, ERR_NOT_FOUND, "no such attendee");
	if (row == DB_FAILED)
		return false;
	*out = (struct attendee){
		.attendee = (uint32_t)db_i64(q, 0),
		.id = db_id(q, 1),
		.name = column(q, 2, a),
		.organization = column(q, 3, a),
		.title = column(q, 4, a),
		.email = column(q, 5, a),
		.phone = column(q, 6, a),
		.url = column(q, 7, a),
		.lang = column(q, 8, a),
		.consents = { false, db_i64(q, 9) != 0, db_i64(q, 10) != 0, db_i64(q, 11) != 0,
			false, db_i64(q, 17) != 0 },
		.in = !db_is_null(q, 12),
		.in_ms = db_i64(q, 12),
		.gone = db_i64(q, 13) != 0,
		.has_ticket = db_blob(q, 14).len == sizeof(out->ticket_hash),
		.rev = (uint64_t)db_i64(q, 15),
		.zone_min = (int)db_i64(q, 16),
	};
	if (out->has_ticket)
		memcpy(out->ticket_hash, db_blob(q, 14).p, sizeof(out->ticket_hash));
	db_reset(q);
	return true;
}

bool attendee_find(struct attendee *out, struct db *db, uint32_t event, struct id id,
	struct arena *a, struct err *e)
{
	struct ref ref;

	return ref_find(db, event, id, &ref, e) && attendee_get(out, db, event, ref.attendee, a, e);
}

static bool next_rev(struct db *db, uint32_t event, struct err *e)
{
	struct db_query *q = db_query(db, sql_next_rev);

	db_bind_i64(q, 1, event);
	return db_run(q, e);
}

static void bind_texts(struct db_query *q, int n, const struct attendee *x)
{
	const struct str texts[] = { x->name, x->organization, x->title, x->email, x->phone, x->url,
		x->lang };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		db_bind_text(q, n + (int)i, texts[i]);
}

bool attendee_add(
	struct db *db, uint32_t event, struct attendee *x, const struct id *made_by, struct err *e)
{
	struct db_query *q;
	struct ref ref;

	if (id_is_none(x->id))
		x->id = crypto_random_id();
	if (!ref_intern(db, event, x->id, &ref, e))
		return false;
	if (ref.attendee != ref.ref)
		return err_set(e, ERR_CONFLICT, "%s is somebody's badge already", id_text(x->id).s);
	x->attendee = ref.ref;
	if (!next_rev(db, event, e))
		return false;
	q = db_query(db, sql_insert);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, x->attendee);
	db_bind_id(q, 3, &x->id);
	bind_texts(q, 4, x);
	if (made_by)
		db_bind_id(q, 11, made_by);
	/* entries that named this id before are about somebody now */
	return db_run(q, e) && dirty_add(db, event, x->attendee, e) &&
	       dirty_around_person(db, event, x->attendee, e);
}

bool attendee_save(struct db *db, uint32_t event, const struct attendee *x, struct err *e)
{
	struct db_query *q = db_query(db, sql_save);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, x->attendee);
	bind_texts(q, 3, x);
	db_bind_i64(q, 10, x->gone);
	return db_run(q, e) && said_keep(db, event, x->attendee, e) &&
	       attendee_touch(db, event, x->attendee, e) && dirty_add(db, event, x->attendee, e) &&
	       dirty_around_person(db, event, x->attendee, e);
}

bool attendee_touch(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q;

	if (!next_rev(db, event, e))
		return false;
	q = db_query(db, sql_touch);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return db_run(q, e);
}

/* Whether somebody is there already whom a code newly given out would let others in as. */
static bool is_account(bool *out, struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_has_ticket);
	struct id unused;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return db_any(q, out, e) && (*out || account_person(&unused, out, db, event, attendee, e));
}

bool attendee_set_ticket(struct db *db, uint32_t event, uint32_t attendee, const uint8_t hash[16],
	int64_t now_ms, struct err *e)
{
	struct db_query *q;
	bool apart;

	if (!is_account(&apart, db, event, attendee, e))
		return false;
	q = db_query(db, sql_ticket);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	if (hash)
		db_bind_blob(q, 3, bytes_of(hash, 16));
	if (!db_run(q, e))
		return false;
	if (db_changes(db) == 0)
		return err_set(e, ERR_NOT_FOUND, "no such attendee");
	if (hash && apart &&
		!account_set_apart(
			db, event, attendee, "a new ticket code was given out", now_ms, e))
		return false;
	return attendee_touch(db, event, attendee, e);
}

static bool show_consents(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_consents);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return db_run(q, e) && dirty_around_person(db, event, attendee, e);
}

bool consent_set(struct db *db, uint32_t event, uint32_t attendee, enum purpose purpose, bool given,
	int64_t version, int64_t at_ms, const struct id *said_by, struct err *e)
{
	struct db_query *q = db_query(db, sql_consent);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	db_bind_i64(q, 3, purpose);
	db_bind_i64(q, 4, said_by != NULL);
	db_bind_i64(q, 5, given);
	db_bind_i64(q, 6, version);
	db_bind_i64(q, 7, at_ms);
	if (said_by)
		db_bind_id(q, 8, said_by);
	/* said again is not news, and nobody's queue is planned again for it */
	return db_run(q, e) && (db_changes(db) == 0 || show_consents(db, event, attendee, e));
}

bool consent_unsay(
	struct db *db, uint32_t event, uint32_t attendee, enum purpose purpose, struct err *e)
{
	struct db_query *q = db_query(db, sql_unsaid);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	db_bind_i64(q, 3, purpose);
	return db_run(q, e) && (db_changes(db) == 0 || show_consents(db, event, attendee, e));
}

bool dirty_add(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_dirty);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return db_run(q, e);
}

bool dirty_around(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_around);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	if (!db_run(q, e))
		return false;
	q = db_query(db, sql_around_introduced);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return db_run(q, e) && dirty_add(db, event, attendee, e);
}
