#include "server/store/derive.h"

#include "core/base/log.h"
#include "server/store/about.h"
#include "server/store/accounts.h"
#include "server/store/erase.h"
#include "server/store/facts.h"
#include "server/store/people.h"
#include "server/store/private.h"
#include "server/store/said.h"

enum { FLUSH_ROWS = 5000, KNOWN_SLOTS = 4096, SETTLING_MAX = 256 };

static const char sql_last[] = "SELECT COALESCE(MAX(row), 0) FROM entry";
static const char sql_rows[] =
	"SELECT e.row, e.event, e.id, e.kind, e.payload, st.station, st.kind FROM entry e"
	" JOIN stream s ON s.stream = e.stream JOIN station st ON st.station = s.station"
	" WHERE e.row > $1 AND e.row <= $3 AND e.refused = 0 ORDER BY e.row LIMIT $2";
static const char sql_one[] =
	"SELECT e.row, e.event, e.id, e.kind, e.payload, st.station, st.kind FROM entry e"
	" JOIN stream s ON s.stream = e.stream JOIN station st ON st.station = s.station"
	" WHERE e.event = $1 AND e.id = $2 AND e.refused = 0";
static const char sql_mention[] = "INSERT INTO mention (event, ref, row, kind, other, gone)"
				  " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
static const char sql_gone[] =
	"UPDATE mention SET gone = 1 WHERE event = $1 AND ref = $2 AND row = $3 AND gone = 0";
static const char sql_retract[] =
	"INSERT INTO retract (event, of_id, row) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
/* A kiosk takes back what kiosks of the event wrote, a person's devices what they wrote. */
static const char sql_retracted[] =
	"SELECT 1 FROM retract t JOIN entry e ON e.row = t.row JOIN stream s ON s.stream = e.stream"
	" JOIN station st ON st.station = s.station WHERE t.event = $1 AND t.of_id = $2"
	" AND (st.station = $3 OR (st.kind = 1 AND $4 = 1)) LIMIT 1";
static const char sql_any_retract[] = "SELECT 1 FROM retract LIMIT 1";
static const char sql_any_erased[] = "SELECT 1 FROM erased LIMIT 1";
static const char sql_any_about[] = "SELECT 1 FROM about LIMIT 1";
static const char sql_tally[] = "INSERT INTO tally (event, kind, n) VALUES ($1, $2, $3)"
				" ON CONFLICT (event, kind) DO UPDATE SET n = tally.n + excluded.n";
static const char sql_assigns[] =
	"SELECT e.id, e.payload FROM mention m JOIN entry e ON e.row = m.row"
	" WHERE m.event = $1 AND m.ref = $2 AND m.kind = 3 AND m.gone = 0 ORDER BY e.id";
static const char sql_ref[] =
	"SELECT r.id, r.names, r.assigned_by, a.attendee, a.made_by, a.name, a.gone, r.own"
	" FROM ref r LEFT JOIN attendee a ON a.event = r.event AND a.attendee = r.ref"
	" WHERE r.event = $1 AND r.ref = $2";
static const char sql_walk_in[] = "UPDATE attendee SET name = $3, made_by = $4, gone = $5"
				  " WHERE event = $1 AND attendee = $2";

/* An entry as it is worked in. */
struct row {
	int64_t row;
	uint32_t event;
	struct id id;
	enum entry_kind kind;
	int64_t station;
	enum station_kind station_kind;
	struct facts facts;
	uint32_t refs[2]; /* of facts.who */
};

/*
 * The ref of an id, which never changes, and that its owner's queue is marked: who gets it later in
 * the same flush is marked by ref_assign.
 */
struct known {
	struct id id;
	uint32_t event, ref; /* ref 0: free */
};

/* A meeting: whoever was introduced by it to somebody else sees that another way. */
struct around {
	struct id meeting;
	uint32_t event;
};

struct flush {
	struct db *db;
	struct arena arena;
	uint32_t event; /* of the tally */
	int64_t tally[ENTRY_KIND_END];
	bool retracts; /* there are any */
	int64_t row;   /* that is worked in now */
	bool abouts;   /* rows of "about", of any event */
	bool erased;   /* somebody went: what is still theirs goes too */
	uint32_t settling[SETTLING_MAX]
			 [2]; /* event, ref: whose settings are worked in at the end */
	size_t settling_count;
	struct buf around;  /* of struct around: whose introductions are worked in at the end */
	struct arena later; /* where around grows */
	struct known known[KNOWN_SLOTS]; /* by the id's last bytes; the newest stays */
};

static bool add_tally(
	struct flush *f, uint32_t event, enum entry_kind kind, int64_t n, struct err *e)
{
	if (event != f->event) {
		for (int i = 0; i < ENTRY_KIND_END; i++) {
			struct db_query *q;

			if (f->tally[i] == 0)
				continue;
			q = db_query(f->db, sql_tally);
			db_bind_i64(q, 1, f->event);
			db_bind_i64(q, 2, i);
			db_bind_i64(q, 3, f->tally[i]);
			if (!db_run(q, e))
				return false;
			f->tally[i] = 0;
		}
		f->event = event;
	}
	f->tally[kind] += n;
	return true;
}

/*
 * False with e->code 0 for a payload that cannot be read though it was accepted: then the entry
 * has no effect, and the log says so, but nothing stops.
 */
static bool load_row(struct flush *f, struct db_query *q, struct row *x, struct err *e)
{
	struct bytes payload;

	*x = (struct row){
		.row = db_i64(q, 0),
		.event = (uint32_t)db_i64(q, 1),
		.id = db_id(q, 2),
		.kind = (enum entry_kind)db_i64(q, 3),
		.station = db_i64(q, 5),
		.station_kind = (enum station_kind)db_i64(q, 6),
	};
	payload = db_blob(q, 4);
	if (db_is_null(q, 4) && !private_get(f->db, x->row, &f->arena, &payload, e) &&
		e->code != ERR_NOT_FOUND)
		return false;
	if (facts_read(&x->facts, x->kind, payload, &f->arena, e))
		return true;
	log_warn("entry without effect row=%lld id=%s why=\"%s\"", (long long)x->row,
		id_uuid_text(x->id).s, e->text);
	*e = (struct err){ 0 };
	return false;
}

static bool is_retracted(struct flush *f, const struct row *x, bool *out, struct err *e)
{
	struct db_query *q = db_query(f->db, sql_retracted);

	*out = false;
	if (!f->retracts)
		return true;
	db_bind_i64(q, 1, x->event);
	db_bind_id(q, 2, &x->id);
	db_bind_i64(q, 3, x->station);
	db_bind_i64(q, 4, x->station_kind);
	return db_any(q, out, e);
}

static bool mention(struct flush *f, const struct row *x, uint32_t ref, uint32_t other, bool gone,
	struct err *e)
{
	struct db_query *q = db_query(f->db, sql_mention);

	db_bind_i64(q, 1, x->event);
	db_bind_i64(q, 2, ref);
	db_bind_i64(q, 3, x->row);
	db_bind_i64(q, 4, x->kind);
	if (other)
		db_bind_i64(q, 5, other);
	db_bind_i64(q, 6, gone);
	return db_run(q, e);
}

/* The ref of an id, and its owner's queue marked: once for each person of a flush. */
static bool recall(struct flush *f, uint32_t event, struct id id, uint32_t *ref, struct err *e)
{
	struct known *k = &f->known[(id.b[14] << 8 | id.b[15]) & (KNOWN_SLOTS - 1)];
	struct ref found;

	if (k->ref == 0 || k->event != event || !id_equal(k->id, id)) {
		if (!ref_intern(f->db, event, id, &found, e) ||
			!dirty_add(f->db, event, found.attendee, e))
			return false;
		*k = (struct known){ id, event, found.ref };
	}
	*ref = k->ref;
	return true;
}

/* The refs that an entry names: two persons, or a person and the badge of theirs. */
static bool intern(struct flush *f, struct row *x, unsigned *n, struct err *e)
{
	struct id ids[2] = { x->facts.who[0], x->facts.who[1] };

	*n = x->facts.who_count;
	if (x->kind == ENTRY_BADGE_ASSIGN) {
		ids[1] = x->facts.badge;
		*n = 2;
	}
	for (unsigned i = 0; i < *n; i++)
		if (!recall(f, x->event, ids[i], &x->refs[i], e))
			return false;
	return true;
}

/* A ref and the attendee that it may be. */
struct whom {
	struct id id;
	uint32_t names, own;
	bool by_entry, is_attendee, walk_in, gone;
	struct id assigned_by, made_by;
	struct str name;
};

static bool load_whom(struct db *db, uint32_t event, uint32_t ref, struct arena *a,
	struct whom *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_ref);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, ref);
	row = db_step(q, e);
	if (row == DB_ROW)
		*out = (struct whom){
			.id = db_id(q, 0),
			.names = (uint32_t)db_i64(q, 1),
			.by_entry = !db_is_null(q, 2),
			.assigned_by = db_id(q, 2),
			.is_attendee = !db_is_null(q, 3),
			.walk_in = !db_is_null(q, 4),
			.made_by = db_id(q, 4),
			.name = arena_str(a, db_text(q, 5)),
			.gone = db_i64(q, 6) != 0,
			.own = (uint32_t)db_i64(q, 7),
		};
	else if (row == DB_DONE)
		err_set(e, ERR_INTERNAL, "ref %u of event %u is missing", ref, event);
	db_reset(q);
	return row == DB_ROW;
}

/*
 * The badge-assign that holds, of all that name a ref: the one with the highest id. As a badge it
 * is the one that gives it away; as a person, the one that gives that person a name.
 */
static bool best_assign(struct db *db, uint32_t event, uint32_t ref, struct id self, bool as_badge,
	struct arena *a, struct id *by, struct facts *out, bool *found, struct err *e)
{
	struct db_query *q = db_query(db, sql_assigns);
	enum db_row row;

	*found = false;
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, ref);
	while ((row = db_step(q, e)) == DB_ROW) {
		struct facts f;

		if (!facts_read(&f, ENTRY_BADGE_ASSIGN, arena_copy(a, db_blob(q, 1)), a, e))
			continue;
		if (as_badge ? !id_equal(f.badge, self)
			     : !id_equal(f.who[0], self) || f.name.len == 0)
			continue;
		*found = true;
		*by = db_id(q, 0);
		*out = f;
	}
	return row == DB_DONE;
}

/* Let a ref lead to another one, or to itself (0), and move what is derived with it. */
static bool lead(struct flush *f, uint32_t event, uint32_t ref, const struct whom *now, uint32_t to,
	const struct id *by, struct err *e)
{
	uint32_t before, after;

	if (now->names == to && now->by_entry == (by != NULL) &&
		(!by || id_equal(*by, now->assigned_by)))
		return true;
	return ref_root(f->db, event, ref, &before, e) &&
	       ref_assign(f->db, event, ref, to, by, e) && ref_root(f->db, event, ref, &after, e) &&
	       derive_person(f->db, event, before, e) &&
	       (after == before || derive_person(f->db, event, after, e));
}

static bool save_walk_in(struct flush *f, uint32_t event, uint32_t who, struct str name,
	struct id by, bool gone, struct err *e)
{
	struct db_query *q = db_query(f->db, sql_walk_in);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, who);
	db_bind_text(q, 3, name);
	db_bind_id(q, 4, &by);
	db_bind_i64(q, 5, gone);
	return db_run(q, e) && said_keep(f->db, event, who, e) &&
	       attendee_touch(f->db, event, who, e) && dirty_around_person(f->db, event, who, e);
}

/* name NULL: nobody names this person (any more). */
static bool walk_in(struct flush *f, uint32_t event, uint32_t who, const struct whom *now,
	const struct str *name, struct id by, struct err *e)
{
	struct attendee x = { .id = now->id };
	bool erased = false;

	if (f->erased && now->is_attendee && !erase_done(&erased, f->db, event, who, e))
		return false;
	if (erased)
		return true;
	if (!name)
		return !now->is_attendee || now->gone ||
		       save_walk_in(f, event, who, now->name, now->made_by, true, e);
	if (now->is_attendee)
		return (!now->gone && id_equal(now->made_by, by)) ||
		       save_walk_in(f, event, who, *name, by, false, e);
	x.name = *name;
	return attendee_add(f->db, event, &x, &by, e) && derive_person(f->db, event, who, e);
}

/*
 * What all badge-assigns together make of a ref: a person of its own, when one gives it a name;
 * else somebody's badge; else what the organizer's list says, or nobody. People of that list stay.
 */
static bool settle_ref(struct flush *f, uint32_t event, uint32_t ref, struct err *e)
{
	struct facts naming, giving;
	struct id named_by, given_by;
	struct ref who = { 0 };
	bool named, given;
	struct whom now;

	if (!load_whom(f->db, event, ref, &f->arena, &now, e))
		return false;
	if (now.is_attendee && !now.walk_in)
		return true;
	if (!best_assign(
		    f->db, event, ref, now.id, false, &f->arena, &named_by, &naming, &named, e) ||
		!best_assign(
			f->db, event, ref, now.id, true, &f->arena, &given_by, &giving, &given, e))
		return false;
	if (named && now.own == 0)
		return lead(f, event, ref, &now, 0, NULL, e) &&
		       walk_in(f, event, ref, &now, &naming.name, named_by, e);
	if (given && !ref_intern(f->db, event, giving.who[0], &who, e))
		return false;
	return walk_in(f, event, ref, &now, NULL, now.made_by, e) &&
	       lead(f, event, ref, &now, given ? who.ref : now.own, given ? &given_by : NULL, e);
}

/*
 * An entry that was worked in before, by its id: x is zero where there is none, or none that can be
 * read. A later one, which may still be sealed, finds what was said about it when its turn comes.
 */
static bool load_entry(struct flush *f, uint32_t event, struct id id, struct row *x, struct err *e)
{
	struct db_query *q = db_query(f->db, sql_one);
	enum db_row found;
	bool loaded;

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &id);
	found = db_step(q, e);
	loaded = found == DB_ROW && db_i64(q, 0) < f->row && load_row(f, q, x, e);
	db_reset(q);
	if (!loaded)
		*x = (struct row){ 0 };
	return found != DB_FAILED && e->code == ERR_NONE;
}

/* Something was said about an entry: those whom it names see it another way. */
static bool tell_of(struct flush *f, uint32_t event, struct id id, struct row *x, struct err *e)
{
	unsigned n;

	return load_entry(f, event, id, x, e) && (x->row == 0 || intern(f, x, &n, e));
}

static bool tell_introduced(
	struct flush *f, uint32_t event, const struct facts *introduce, struct err *e)
{
	struct row tie;

	return tell_of(f, event, introduce->ties[0], &tie, e) &&
	       tell_of(f, event, introduce->ties[1], &tie, e);
}

/* Worked in once a flush, since each time reads all that is said about the meeting. */
static void note_around(struct flush *f, uint32_t event, struct id meeting)
{
	const struct around one = { meeting, event };

	if (f->abouts)
		buf_add(&f->around, bytes_of(&one, sizeof(one)));
}

static int by_meeting(const void *a, const void *b)
{
	const struct around *x = a, *y = b;
	int order = id_compare(x->meeting, y->meeting);

	return order ? order : (x->event > y->event) - (x->event < y->event);
}

static bool tell_around(struct flush *f, uint32_t event, struct id meeting, struct err *e)
{
	struct about *all;
	size_t n;

	if (!about_of(&all, &n, f->db, event, meeting, &f->arena, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct row tie;

		if (all[i].kind == ENTRY_INTRODUCE && !tell_of(f, event, all[i].pair, &tie, e))
			return false;
	}
	return true;
}

static bool settle_around(struct flush *f, struct err *e)
{
	struct around *all = (struct around *)(void *)f->around.p;
	size_t n = f->around.len / sizeof(*all);

	if (n > 1)
		qsort(all, n, sizeof(*all), by_meeting);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && by_meeting(&all[i], &all[i - 1]) == 0)
			continue;
		if (!tell_around(f, all[i].event, all[i].meeting, e))
			return false;
		arena_reset(&f->arena);
	}
	return true;
}

/* What an entry about another one, or about two, changes for others than its writer. */
static bool tell_others(struct flush *f, const struct row *x, struct err *e)
{
	struct row of;

	if (x->kind == ENTRY_INTRODUCE)
		return tell_introduced(f, x->event, &x->facts, e);
	if (!tell_of(f, x->event, x->facts.of, &of, e))
		return false;
	if (of.kind == ENTRY_INTRODUCE)
		return tell_introduced(f, x->event, &of.facts, e);
	if (x->kind == ENTRY_HIDE)
		note_around(f, x->event, x->facts.of);
	return true;
}

/* Whose settings changed is worked in once a flush, since each time reads all of theirs. */
static bool settle_settings(struct flush *f, struct err *e)
{
	for (size_t i = 0; i < f->settling_count; i++) {
		uint32_t event = f->settling[i][0], root;

		if (!ref_root(f->db, event, f->settling[i][1], &root, e) ||
			!said_derive(f->db, event, root, e))
			return false;
	}
	f->settling_count = 0;
	return true;
}

static bool note_setting(struct flush *f, const struct row *x, struct err *e)
{
	for (size_t i = 0; i < f->settling_count; i++)
		if (f->settling[i][0] == x->event && f->settling[i][1] == x->refs[0])
			return true;
	if (f->settling_count == SETTLING_MAX && !settle_settings(f, e))
		return false;
	f->settling[f->settling_count][0] = x->event;
	f->settling[f->settling_count++][1] = x->refs[0];
	return true;
}

/* What follows from an entry beside its being mentioned. */
static bool take_effect(struct flush *f, const struct row *x, struct err *e)
{
	uint32_t root;

	switch (x->kind) {
	case ENTRY_CHECKIN:
	case ENTRY_CHECKOUT:
	case ENTRY_CONSENT:
		if (x->facts.purpose == PURPOSE_INTRODUCE)
			return tell_others(f, x, e);
		return ref_root(f->db, x->event, x->refs[0], &root, e) &&
		       derive_said(f->db, x->event, root, e);
	case ENTRY_MEETING:
		note_around(f, x->event, x->id);
		return true;
	case ENTRY_HIDE:
	case ENTRY_SHARE:
	case ENTRY_INTRODUCE:
		return tell_others(f, x, e);
	case ENTRY_SETTING:
		return note_setting(f, x, e);
	case ENTRY_BADGE_ASSIGN:
		return settle_ref(f, x->event, x->refs[0], e) &&
		       settle_ref(f, x->event, x->refs[1], e);
	default:
		return true;
	}
}

/* Take back what came before; what comes later finds the retract there. */
static bool take_back(struct flush *f, const struct row *r, struct err *e)
{
	struct db_query *q = db_query(f->db, sql_retract);
	struct row x = { 0 };
	bool retracted = false;
	int64_t changed = 0;
	unsigned n;

	db_bind_i64(q, 1, r->event);
	db_bind_id(q, 2, &r->facts.of);
	db_bind_i64(q, 3, r->row);
	if (!db_run(q, e))
		return false;
	f->retracts = true;
	if (!load_entry(f, r->event, r->facts.of, &x, e))
		return false;
	if (x.row == 0)
		return true;
	if (!is_retracted(f, &x, &retracted, e) || !intern(f, &x, &n, e))
		return false;
	for (unsigned i = 0; retracted && i < n; i++) {
		q = db_query(f->db, sql_gone);
		db_bind_i64(q, 1, x.event);
		db_bind_i64(q, 2, x.refs[i]);
		db_bind_i64(q, 3, x.row);
		if (!db_run(q, e))
			return false;
		changed += db_changes(f->db);
	}
	return changed == 0 ||
	       (about_remove(f->db, x.event, x.row, x.kind, &x.facts, e) &&
		       add_tally(f, x.event, x.kind, -1, e) && take_effect(f, &x, e));
}

static bool is_about(const struct row *x)
{
	return x->kind == ENTRY_HIDE || x->kind == ENTRY_SHARE || x->kind == ENTRY_INTRODUCE ||
	       (x->kind == ENTRY_CONSENT && x->facts.purpose == PURPOSE_INTRODUCE);
}

/* What comes late of somebody who went is dropped as it comes. */
static bool drop_erased(struct flush *f, const struct row *x, struct err *e)
{
	uint32_t root;
	bool gone, names = x->kind == ENTRY_BADGE_ASSIGN;

	if (!f->erased || x->facts.who_count == 0 || (facts_are_open(x->kind) && !names) ||
		x->kind == ENTRY_BUDDY)
		return true;
	if (!ref_root(f->db, x->event, x->refs[0], &root, e) ||
		!erase_done(&gone, f->db, x->event, root, e))
		return false;
	if (gone && names)
		return erase_names(f->db, x->event, root, &f->arena, e);
	return !gone || private_drop(f->db, x->row, e);
}

static bool derive_row(struct flush *f, struct row *x, struct err *e)
{
	bool gone;
	unsigned n;

	if (x->kind == ENTRY_RETRACT)
		return add_tally(f, x->event, x->kind, 1, e) && take_back(f, x, e);
	if (!is_retracted(f, x, &gone, e) || !intern(f, x, &n, e))
		return false;
	for (unsigned i = 0; i < n; i++)
		if (!mention(f, x, x->refs[i], n == 2 ? x->refs[1 - i] : 0, gone, e))
			return false;
	if (!drop_erased(f, x, e))
		return false;
	if (n > 0 && is_about(x) && !gone &&
		!about_add(f->db, x->event, x->row, x->kind, &x->facts, x->refs[0], e))
		return false;
	f->abouts |= is_about(x);
	return gone || (add_tally(f, x->event, x->kind, 1, e) && take_effect(f, x, e));
}

static bool derive_rows(struct flush *f, int64_t last, int64_t *done, int64_t *count, struct err *e)
{
	struct db_query *q = db_query(f->db, sql_rows);
	enum db_row row;
	bool ok = true;

	db_bind_i64(q, 1, *done);
	db_bind_i64(q, 2, FLUSH_ROWS);
	db_bind_i64(q, 3, last);
	while (ok && (row = db_step(q, e)) == DB_ROW) {
		struct row x;

		f->row = db_i64(q, 0);
		if (load_row(f, q, &x, e))
			ok = derive_row(f, &x, e);
		else
			ok = e->code == ERR_NONE;
		*done = x.row;
		++*count;
		arena_reset(&f->arena);
	}
	db_reset(q);
	return ok && row == DB_DONE && settle_settings(f, e) && settle_around(f, e) &&
	       add_tally(f, 0, (enum entry_kind)0, 0, e);
}

static bool is_any(struct db *db, const char *sql, bool *out, struct err *e)
{
	return db_any(db_query(db, sql), out, e);
}

/* The last row of the log before the first that is sealed: up to there everything can be read. */
static bool last_row(struct db *db, int64_t *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_last);
	enum db_row row = db_step(q, e);
	int64_t sealed;

	*out = row == DB_ROW ? db_i64(q, 0) : 0;
	db_reset(q);
	if (row != DB_ROW || !sealed_first(db, &sealed, e))
		return false;
	if (*out >= sealed)
		*out = sealed - 1;
	return true;
}

/* In a transaction: a command beside a running server may have been quicker. */
static bool derive_some(struct flush *f, int64_t *moved, bool *more, struct err *e)
{
	int64_t done, from, last, count = 0;
	struct err absent;

	if (!meta_get(f->db, "derived", &done, sizeof(done), &absent))
		done = 0;
	from = done;
	if (!last_row(f->db, &last, e) || !is_any(f->db, sql_any_retract, &f->retracts, e) ||
		!is_any(f->db, sql_any_about, &f->abouts, e) ||
		!is_any(f->db, sql_any_erased, &f->erased, e) ||
		!derive_rows(f, last, &done, &count, e))
		return false;
	if (count < FLUSH_ROWS)
		done = last; /* the rest is refused */
	*moved = done - from;
	*more = done < last;
	return meta_set(f->db, "derived", bytes_of(&done, sizeof(done)), e);
}

bool derive_step(struct work *w, bool *more, struct err *e)
{
	int64_t done, last, moved = 0;
	struct err absent;
	struct flush *f;
	bool ok;

	if (!meta_get(w->db, "derived", &done, sizeof(done), &absent))
		done = 0;
	if (!last_row(w->db, &last, e))
		return false;
	if (done >= last)
		return true;
	f = calloc(1, sizeof(*f));
	if (!f)
		return err_set(e, ERR_INTERNAL, "no memory to work the log in");
	f->db = w->db;
	f->around = BUF_IN(&f->later);
	ok = db_begin(w->db, e) && derive_some(f, &moved, more, e) && db_commit(w->db, e);
	if (!ok) {
		db_rollback(w->db);
		*more = false;
	}
	arena_finish(&f->arena);
	arena_finish(&f->later);
	free(f);
	if (ok)
		atomic_fetch_add(&w->server->counts.derived, (unsigned long long)moved);
	return ok;
}
