#include "server/store/about.h"

#include "core/base/json.h"
#include "server/store/log_time.h"
#include "server/store/people.h"
#include "server/store/private.h"
#include "server/store/said.h"

static const char sql_add[] = "INSERT INTO about (event, of_id, row, kind, ref, pair)"
			      " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
static const char sql_remove[] = "DELETE FROM about WHERE event = $1 AND of_id = $2 AND row = $3";
static const char sql_of[] =
	"SELECT t.kind, t.row, e.id, t.of_id, t.pair, r.attendee FROM about t"
	" JOIN ref r ON r.event = t.event AND r.ref = t.ref JOIN entry e ON e.row = t.row"
	" WHERE t.event = $1 AND t.of_id = $2 ORDER BY e.id";
/* With IN, not a join: SQLite would else read the mentions of the whole event. */
static const char sql_meetings[] =
	"SELECT t.kind, t.row, e.id, t.of_id, t.pair, r.attendee FROM mention mm"
	" CROSS JOIN entry me ON me.row = mm.row"
	" CROSS JOIN about t ON t.event = mm.event AND t.of_id = me.id"
	" CROSS JOIN ref r ON r.event = t.event AND r.ref = t.ref"
	" CROSS JOIN entry e ON e.row = t.row"
	" WHERE mm.event = $1 AND mm.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = "
	"$2)"
	" AND mm.kind = 4 AND mm.gone = 0 ORDER BY e.id";
static const char sql_hidden[] =
	"SELECT 1 FROM about WHERE event = $1 AND of_id = $2 AND kind = 13 AND ref IN"
	" (SELECT ref FROM ref WHERE event = $1 AND attendee IN ($3, $4)) LIMIT 1";
static const char sql_any[] = "SELECT 1 FROM about WHERE event = $1 LIMIT 1";
static const char sql_meeting[] =
	"SELECT row, payload FROM entry WHERE event = $1 AND id = $2 AND kind = 4 AND refused = 0";
static const char sql_there[] =
	"SELECT 1 FROM mention WHERE event = $1 AND ref = $2 AND row = $3 AND gone = 0";
static const char sql_introduce[] =
	"SELECT e.row, e.boot_id, e.boot_ms, e.wall_ms, e.quality, e.got_ms, s.station"
	" FROM entry e JOIN stream s ON s.stream = e.stream"
	" WHERE e.event = $1 AND e.id = $2 AND e.kind = 10 AND e.refused = 0";
static const char sql_payload[] = "SELECT payload FROM entry WHERE row = $1";

static bool add(struct db *db, uint32_t event, struct id of, int64_t row, enum entry_kind kind,
	uint32_t ref, const struct id *pair, struct err *e)
{
	struct db_query *q = db_query(db, sql_add);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &of);
	db_bind_i64(q, 3, row);
	db_bind_i64(q, 4, kind);
	db_bind_i64(q, 5, ref);
	if (pair)
		db_bind_id(q, 6, pair);
	return db_run(q, e);
}

/* The entries that one of these kinds speaks of: none, one, or an introduce's two. */
static unsigned spoken_of(struct id out[2], enum entry_kind kind, const struct facts *f)
{
	switch (kind) {
	case ENTRY_HIDE:
	case ENTRY_SHARE:
		out[0] = f->of;
		return 1;
	case ENTRY_CONSENT:
		out[0] = f->of;
		return f->purpose == PURPOSE_INTRODUCE;
	case ENTRY_INTRODUCE:
		memcpy(out, f->ties, sizeof(f->ties));
		return 2;
	default:
		return 0;
	}
}

bool about_add(struct db *db, uint32_t event, int64_t row, enum entry_kind kind,
	const struct facts *f, uint32_t ref, struct err *e)
{
	struct id of[2];
	unsigned n = spoken_of(of, kind, f);

	for (unsigned i = 0; i < n; i++)
		if (!add(db, event, of[i], row, kind, ref, n == 2 ? &of[1 - i] : NULL, e))
			return false;
	return true;
}

bool about_remove(struct db *db, uint32_t event, int64_t row, enum entry_kind kind,
	const struct facts *f, struct err *e)
{
	struct id of[2];
	unsigned n = spoken_of(of, kind, f);

	for (unsigned i = 0; i < n; i++) {
		struct db_query *q = db_query(db, sql_remove);

		db_bind_i64(q, 1, event);
		db_bind_id(q, 2, &of[i]);
		db_bind_i64(q, 3, row);
		if (!db_run(q, e))
			return false;
	}
	return true;
}

static bool read_all(
	struct about **out, size_t *n, struct db_query *q, struct arena *a, struct err *e)
{
	struct buf list = BUF_IN(a);
	enum db_row row;

	while ((row = db_step(q, e)) == DB_ROW) {
		struct about one = {
			.kind = (enum entry_kind)db_i64(q, 0),
			.row = db_i64(q, 1),
			.entry = db_id(q, 2),
			.of = db_id(q, 3),
			.pair = db_id(q, 4),
			.writer = (uint32_t)db_i64(q, 5),
		};

		buf_add(&list, bytes_of(&one, sizeof(one)));
	}
	*n = list.len / sizeof(**out);
	*out = ARENA_ARRAY(a, *n, struct about);
	if (*n > 0)
		memcpy(*out, list.p, list.len);
	return row == DB_DONE;
}

bool about_of(struct about **out, size_t *n, struct db *db, uint32_t event, struct id of,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_of);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &of);
	return read_all(out, n, q, a, e);
}

bool about_meetings_of(struct about **out, size_t *n, struct db *db, uint32_t event,
	uint32_t attendee, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_any);
	enum db_row any;

	*out = NULL;
	*n = 0;
	db_bind_i64(q, 1, event);
	any = db_step(q, e);
	db_reset(q);
	if (any != DB_ROW)
		return any == DB_DONE;
	q = db_query(db, sql_meetings);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return read_all(out, n, q, a, e);
}

bool about_fields(
	unsigned *out, struct db *db, const struct about *share, struct arena *a, struct err *e)
{
	static const char *const names[] = { "name", "organization", "title", "email", "phone",
		"url" };
	const struct json *list;
	struct bytes payload;
	struct json *o;
	struct err unread;

	*out = 0;
	if (!private_get(db, share->row, a, &payload, e)) {
		if (e->code != ERR_NOT_FOUND)
			return false;
		*e = (struct err){ 0 };
		return true;
	}
	if (!json_read(&o, payload, a, &unread))
		return true;
	list = json_get(o, "fields");
	for (const struct json *f = list ? list->first : NULL; f; f = f->next)
		for (unsigned i = 0; i < ARRAY_LEN(names); i++)
			if (str_equal(f->text, str_of(names[i])))
				*out |= 1u << i;
	return true;
}

/* Meetings */

static bool is_there(
	struct db *db, uint32_t event, uint32_t ref, int64_t row, bool *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_there);
	enum db_row found;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, ref);
	db_bind_i64(q, 3, row);
	found = db_step(q, e);
	*out = found == DB_ROW;
	db_reset(q);
	return found != DB_FAILED;
}

bool tie_read(struct tie *out, struct db *db, uint32_t event, struct id meeting, struct arena *a,
	struct err *e)
{
	struct db_query *q = db_query(db, sql_meeting);
	enum db_row row;
	struct facts f;
	bool there, ok;

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &meeting);
	row = db_step(q, e);
	*out = (struct tie){ .row = row == DB_ROW ? db_i64(q, 0) : 0 };
	ok = row == DB_ROW && facts_read(&f, ENTRY_MEETING, arena_copy(a, db_blob(q, 1)), a, e);
	db_reset(q);
	if (row == DB_FAILED)
		return false;
	for (unsigned i = 0; ok && i < 2; i++) {
		struct attendee x;
		struct ref ref;

		if (!ref_find(db, event, f.who[i], &ref, e) ||
			!is_there(db, event, ref.ref, out->row, &there, e))
			return false;
		ok = there;
		out->people[i] = ref.attendee;
		if (attendee_get(&x, db, event, ref.attendee, a, e))
			out->ids[i] = x.id;
		else if (e->code == ERR_NOT_FOUND)
			ok = false; /* a badge that nobody has yet */
		else
			return false;
	}
	*e = (struct err){ 0 };
	return ok || err_set(e, ERR_NOT_FOUND, "no meeting %s", id_uuid_text(meeting).s);
}

/* Introductions */

static bool read_payload(struct introduction *out, struct id ties[2], uint32_t *by, struct db *db,
	uint32_t event, int64_t row, struct arena *a, struct err *e)
{
	struct bytes payload;
	struct json *o;
	struct facts f;
	struct ref ref;
	bool there;

	if (!private_get(db, row, a, &payload, e) ||
		!facts_read(&f, ENTRY_INTRODUCE, payload, a, e) || !json_read(&o, payload, a, e) ||
		!ref_find(db, event, f.who[0], &ref, e) ||
		!is_there(db, event, ref.ref, row, &there, e))
		return false;
	if (!there)
		return err_set(e, ERR_NOT_FOUND, "taken back");
	memcpy(ties, f.ties, sizeof(f.ties));
	if (!json_get_str(o, "text", &out->text))
		out->text = STR("");
	*by = ref.attendee;
	return true;
}

/* Whoever took a meeting back is not introduced by it, nor is the other one. */
static bool is_hidden(bool *out, const struct tie *tie, struct id meeting, struct db *db,
	uint32_t event, struct err *e)
{
	struct db_query *q = db_query(db, sql_hidden);

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &meeting);
	db_bind_i64(q, 3, tie->people[0]);
	db_bind_i64(q, 4, tie->people[1]);
	return db_any(q, out, e);
}

/* The other one of the introducer's meeting; nobody when that is no meeting of theirs. */
static bool find_person(struct introduction *out, unsigned i, struct id of, struct db *db,
	uint32_t event, struct arena *a, struct err *e)
{
	struct tie tie;
	bool hidden;

	if (!tie_read(&tie, db, event, of, a, e)) {
		bool absent = e->code == ERR_NOT_FOUND;

		if (absent)
			*e = (struct err){ 0 };
		return absent;
	}
	if (!is_hidden(&hidden, &tie, of, db, event, e))
		return false;
	for (unsigned k = 0; k < 2; k++)
		if (tie.people[k] == out->introducer && tie.people[1 - k] != out->introducer) {
			out->introducer_id = tie.ids[k];
			out->people[i].attendee = hidden ? 0 : tie.people[1 - k];
			out->people[i].id = tie.ids[1 - k];
		}
	return true;
}

static bool read_answer(enum answer *out, struct db *db, const struct about *consent,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_payload);
	enum db_row row;
	struct facts f;

	db_bind_i64(q, 1, consent->row);
	row = db_step(q, e);
	if (row == DB_ROW && facts_read(&f, ENTRY_CONSENT, arena_copy(a, db_blob(q, 0)), a, e))
		*out = f.given ? ANSWER_YES : ANSWER_NO;
	db_reset(q);
	return row != DB_FAILED;
}

/* The answers, and what each shows the other: everything, unless a share says less. */
static bool read_answers(
	struct introduction *out, struct db *db, uint32_t event, struct arena *a, struct err *e)
{
	struct about *words;
	size_t n;

	if (!about_of(&words, &n, db, event, out->entry, a, e))
		return false;
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < 2; k++) {
			if (words[i].writer != out->people[k].attendee)
				continue;
			if (words[i].kind == ENTRY_CONSENT &&
				!read_answer(&out->people[k].said, db, &words[i], a, e))
				return false;
			if (words[i].kind == ENTRY_SHARE &&
				!about_fields(&out->people[k].fields, db, &words[i], a, e))
				return false;
		}
	return true;
}

static bool keep_apart(struct introduction *out, struct db *db, uint32_t event, struct err *e)
{
	const uint32_t people[] = { out->people[0].attendee, out->people[1].attendee,
		out->introducer };

	for (unsigned i = 0; i < 3 && out->holds; i++) {
		bool blocked;

		if (!apart_is_blocked(&blocked, db, event, people[i], people[(i + 1) % 3], e))
			return false;
		out->holds = !blocked;
	}
	return true;
}

static bool read_introduction(
	struct introduction *out, struct db *db, uint32_t event, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_introduce);
	struct log_clock clock = { .db = db, .event = event };
	struct log_stamp stamp;
	struct id ties[2];
	enum db_row row;
	int64_t at;
	bool about;

	db_bind_i64(q, 1, event);
	db_bind_id(q, 2, &out->entry);
	row = db_step(q, e);
	if (row == DB_DONE)
		return err_set(e, ERR_NOT_FOUND, "no introduction %s", id_uuid_text(out->entry).s);
	if (row == DB_FAILED)
		return false;
	at = db_i64(q, 0);
	stamp = (struct log_stamp){
		.station = db_i64(q, 6),
		.time = { db_id(q, 1), (uint64_t)db_i64(q, 2), db_i64(q, 3),
			(enum clock_quality)db_i64(q, 4) },
		.got_ms = db_i64(q, 5),
	};
	db_reset(q);
	if (!log_correct(&clock, &stamp, &out->at_ms, &about, e) ||
		!read_payload(out, ties, &out->introducer, db, event, at, a, e))
		return false;
	for (unsigned i = 0; i < 2; i++) {
		out->people[i].fields = FIELD_ALL;
		if (!find_person(out, i, ties[i], db, event, a, e))
			return false;
	}
	out->holds = out->people[0].attendee && out->people[1].attendee &&
		     out->people[0].attendee != out->people[1].attendee;
	return !out->holds || (read_answers(out, db, event, a, e) && keep_apart(out, db, event, e));
}

bool introduction_read(struct introduction *out, struct db *db, uint32_t event, struct id entry,
	struct arena *a, struct err *e)
{
	struct arena scratch = { 0 };
	bool ok;

	*out = (struct introduction){ .entry = entry };
	ok = read_introduction(out, db, event, &scratch, e);
	out->text = ok ? arena_str(a, out->text) : STR("");
	arena_finish(&scratch);
	return ok;
}
