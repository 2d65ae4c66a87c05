#include "server/store/said.h"

#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "server/store/people.h"
#include "server/store/private.h"

enum { ZONE_MAX_MIN = 14 * 60 /* the easternmost islands; the west ends at -12 h */ };

/* With IN, not a join: SQLite would else read the mentions of the whole event. */
static const char sql_settings[] =
	"SELECT e.row, e.id FROM mention m JOIN entry e ON e.row = m.row"
	" WHERE m.event = $1 AND m.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2)"
	" AND m.gone = 0 AND m.kind = 16 ORDER BY e.id";
static const char sql_said[] =
	"SELECT field, value, listed FROM said WHERE event = $1 AND attendee = $2";
static const char sql_say[] =
	"INSERT INTO said (event, attendee, field, value, listed) VALUES ($1, $2, $3, $4, $5)"
	" ON CONFLICT (event, attendee, field) DO UPDATE SET value = excluded.value,"
	" listed = excluded.listed";
static const char sql_unsay[] =
	"DELETE FROM said WHERE event = $1 AND attendee = $2 AND field = $3";
static const char sql_write[] =
	"UPDATE attendee SET name = $3, organization = $4, title = $5, email = $6, phone = $7,"
	" url = $8, lang = $9 WHERE event = $1 AND attendee = $2";
static const char sql_zone[] = "UPDATE attendee SET zone_min = $3 WHERE event = $1 AND"
			       " attendee = $2 AND zone_min <> $3";
static const char sql_apart_end[] = "DELETE FROM apart WHERE event = $1 AND attendee = $2";
static const char sql_apart_add[] =
	"INSERT INTO apart (event, attendee, kind, who, entry) VALUES ($1, $2, $3, $4, $5)"
	" ON CONFLICT DO NOTHING";
static const char sql_apart_mine[] =
	"SELECT a.kind, a.attendee, r.attendee, a.entry FROM apart a"
	" JOIN ref r ON r.event = a.event AND r.id = a.who WHERE a.event = $1 AND a.attendee = $2";
static const char sql_apart_others[] = "SELECT a.kind, a.attendee, r.attendee, a.entry FROM ref r"
				       " JOIN apart a ON a.event = r.event AND a.who = r.id WHERE "
				       "r.event = $1 AND r.attendee = $2";
/* Both may have blocked any number of others. */
static const char sql_blocked[] =
	"SELECT 1 FROM apart WHERE event = $1 AND attendee = $2 AND kind = 1 AND who IN"
	" (SELECT id FROM ref WHERE event = $1 AND attendee = $3) LIMIT 1";

struct setting {
	struct id id;
	struct str name, value;
	const struct json *after;
	bool replaced, holds;
};

static const struct {
	const char *setting, *field;
	size_t at; /* in struct attendee */
} fields[] = {
	{ "my/name", "name", offsetof(struct attendee, name) },
	{ "my/organization", "organization", offsetof(struct attendee, organization) },
	{ "my/title", "title", offsetof(struct attendee, title) },
	{ "my/email", "email", offsetof(struct attendee, email) },
	{ "my/phone", "phone", offsetof(struct attendee, phone) },
	{ "my/url", "url", offsetof(struct attendee, url) },
	{ "lang", "lang", offsetof(struct attendee, lang) },
};

enum { FIELD_COUNT = ARRAY_LEN(fields) };

static struct str *text_at(struct attendee *x, size_t i)
{
	return (struct str *)(void *)((char *)x + fields[i].at);
}

static bool run_for(
	struct db *db, const char *sql, uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	return db_run(q, e);
}

/* Reading the settings */

static bool read_setting(
	struct setting *out, struct db *db, int64_t row, struct arena *a, struct err *e)
{
	struct bytes payload;
	struct json *o;
	struct err unread;

	out->name = out->value = (struct str){ "", 0 };
	if (!private_get(db, row, a, &payload, e)) {
		if (e->code != ERR_NOT_FOUND)
			return false;
		*e = (struct err){ 0 }; /* erased: it says nothing any more */
		return true;
	}
	if (!json_read(&o, payload, a, &unread) || !json_get_str(o, "name", &out->name) ||
		!json_get_str(o, "value", &out->value))
		return true;
	out->after = json_get(o, "after");
	return true;
}

static int by_id(const void *a, const void *b)
{
	const struct setting *x = a, *y = b;

	return id_compare(x->id, y->id);
}

/* all is in order of id. */
static void replace(struct setting *all, size_t n, const struct setting *by)
{
	for (const struct json *o = by->after ? by->after->first : NULL; o; o = o->next) {
		struct setting key = { 0 }, *hit;

		if (o->type != JSON_STRING || !id_read(o->text, &key.id))
			continue;
		hit = bsearch(&key, all, n, sizeof(key), by_id);
		if (hit && str_equal(hit->name, by->name))
			hit->replaced = true;
	}
}

/* By name; of one name those that are replaced come first, then by id. */
static int by_strength(const void *a, const void *b)
{
	const struct setting *x = *(const struct setting *const *)a;
	const struct setting *y = *(const struct setting *const *)b;
	int order = str_compare(x->name, y->name);

	if (order == 0)
		order = (int)y->replaced - (int)x->replaced;
	return order ? order : id_compare(x->id, y->id);
}

/* The last of each name that is not replaced holds. A person may have thousands of names. */
static void choose(struct setting *all, size_t n, struct arena *a)
{
	struct setting **by_name = ARENA_ARRAY(a, n, struct setting *);

	for (size_t i = 0; i < n; i++)
		by_name[i] = &all[i];
	qsort(by_name, n, sizeof(*by_name), by_strength);
	for (size_t i = 0; i < n; i++)
		by_name[i]->holds = !by_name[i]->replaced &&
				    (i + 1 == n ||
					    !str_equal(by_name[i]->name, by_name[i + 1]->name));
}

/* In order of id. */
static bool read_settings(struct setting **out, size_t *n, struct db *db, uint32_t event,
	uint32_t attendee, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_settings);
	struct buf rows = BUF_IN(a);
	struct at {
		int64_t row;
		struct id id;
	} one;
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	while ((row = db_step(q, e)) == DB_ROW) {
		one = (struct at){ db_i64(q, 0), db_id(q, 1) };
		buf_add(&rows, bytes_of(&one, sizeof(one)));
	}
	if (row == DB_FAILED)
		return false;
	*n = rows.len / sizeof(one);
	*out = ARENA_ARRAY(a, *n, struct setting);
	for (size_t i = 0; i < *n; i++) {
		memcpy(&one, rows.p + i * sizeof(one), sizeof(one));
		(*out)[i] = (struct setting){ .id = one.id };
		if (!read_setting(&(*out)[i], db, one.row, a, e))
			return false;
	}
	for (size_t i = 0; i < *n; i++)
		replace(*out, *n, &(*out)[i]);
	choose(*out, *n, a);
	return true;
}

static const struct setting *find(const struct setting *all, size_t n, struct str name)
{
	while (n-- > 0)
		if (all[n].holds && str_equal(all[n].name, name))
			return &all[n];
	return NULL;
}

/* The card */

struct card_words {
	bool said[FIELD_COUNT];
	struct str value[FIELD_COUNT], listed[FIELD_COUNT];
};

static bool read_said(struct card_words *out, struct db *db, uint32_t event, uint32_t attendee,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_said);
	enum db_row row;

	*out = (struct card_words){ 0 };
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	while ((row = db_step(q, e)) == DB_ROW)
		for (size_t i = 0; i < FIELD_COUNT; i++)
			if (str_equal(db_text(q, 0), str_of(fields[i].field))) {
				out->said[i] = true;
				out->value[i] = arena_str(a, db_text(q, 1));
				out->listed[i] = arena_str(a, db_text(q, 2));
			}
	return row == DB_DONE;
}

static bool write_said(struct db *db, uint32_t event, uint32_t attendee,
	const struct card_words *before, const struct card_words *now, struct err *e)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		struct db_query *q;

		if (!now->said[i] && !before->said[i])
			continue;
		q = db_query(db, now->said[i] ? sql_say : sql_unsay);
		db_bind_i64(q, 1, event);
		db_bind_i64(q, 2, attendee);
		db_bind_text(q, 3, str_of(fields[i].field));
		if (now->said[i]) {
			db_bind_text(q, 4, now->value[i]);
			db_bind_text(q, 5, now->listed[i]);
		}
		if (!db_run(q, e))
			return false;
	}
	return true;
}

static bool write_card(struct db *db, uint32_t event, struct attendee *x, struct err *e)
{
	struct db_query *q = db_query(db, sql_write);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, x->attendee);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		db_bind_text(q, 3 + (int)i, *text_at(x, i));
	return db_run(q, e);
}

/* Nobody is left without a name by a correction; what is too long is no correction. */
static bool may_say(size_t i, struct str value)
{
	return value.len <= LIMIT_NAME_BYTES && (i > 0 || str_trim(value).len > 0);
}

static bool derive_card(struct db *db, uint32_t event, struct attendee *x,
	const struct setting *all, size_t n, struct arena *a, struct err *e)
{
	struct card_words before, now = { 0 };
	bool changed = false;

	if (!read_said(&before, db, event, x->attendee, a, e))
		return false;
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const struct setting *s = find(all, n, str_of(fields[i].setting));
		struct str *text = text_at(x, i), want;

		now.listed[i] = before.said[i] ? before.listed[i] : *text;
		now.said[i] = s && may_say(i, s->value);
		now.value[i] = now.said[i] ? str_trim(s->value) : STR("");
		want = now.said[i] ? now.value[i] : now.listed[i];
		changed |= !str_equal(*text, want);
		*text = want;
	}
	if (!write_said(db, event, x->attendee, &before, &now, e))
		return false;
	return !changed ||
	       (write_card(db, event, x, e) && attendee_touch(db, event, x->attendee, e) &&
		       dirty_around(db, event, x->attendee, e));
}

bool said_listed(struct attendee *x, struct db *db, uint32_t event, struct arena *a, struct err *e)
{
	struct card_words said;

	if (!read_said(&said, db, event, x->attendee, a, e))
		return false;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (said.said[i])
			*text_at(x, i) = said.listed[i];
	return true;
}

bool said_keep(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct arena a = { 0 };
	struct card_words said, now;
	struct attendee x;
	bool any = false;
	bool ok = read_said(&said, db, event, attendee, &a, e);

	for (size_t i = 0; i < FIELD_COUNT; i++)
		any |= said.said[i];
	if (ok && any && (ok = attendee_get(&x, db, event, attendee, &a, e))) {
		now = said;
		for (size_t i = 0; i < FIELD_COUNT; i++) {
			now.listed[i] = *text_at(&x, i);
			if (now.said[i])
				*text_at(&x, i) = now.value[i];
		}
		ok = write_said(db, event, attendee, &said, &now, e) &&
		     write_card(db, event, &x, e);
	}
	arena_finish(&a);
	return ok;
}

/* The clock, and who is kept apart */

/* Decimal minutes, with a sign or without; 0 for anything else. */
static int64_t zone_of(const struct setting *s)
{
	struct str digits = s ? str_trim(s->value) : STR("");
	bool west = str_starts(digits, STR("-"));
	uint64_t n;

	if (west || str_starts(digits, STR("+")))
		digits = str_sub(digits, 1, digits.len);
	if (!str_u64(digits, &n) || n > ZONE_MAX_MIN)
		return 0;
	return west ? -(int64_t)n : (int64_t)n;
}

static bool derive_zone(
	struct db *db, uint32_t event, uint32_t attendee, const struct setting *s, struct err *e)
{
	struct db_query *q = db_query(db, sql_zone);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	db_bind_i64(q, 3, zone_of(s));
	return db_run(q, e) && (db_changes(db) == 0 || dirty_add(db, event, attendee, e));
}

static bool tell(struct db *db, uint32_t event, struct id who, struct err *e)
{
	struct ref ref;

	return ref_find(db, event, who, &ref, e) ? dirty_add(db, event, ref.attendee, e)
						 : e->code == ERR_NOT_FOUND;
}

static bool derive_apart(struct db *db, uint32_t event, uint32_t attendee,
	const struct setting *all, size_t n, struct err *e)
{
	static const struct {
		struct str prefix;
		enum apart_kind kind;
	} kinds[] = { { STR_INIT("block/"), APART_BLOCK },
		{ STR_INIT("buddy-off/"), APART_BUDDY_OFF } };

	if (!run_for(db, sql_apart_end, event, attendee, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
			const struct setting *s = &all[i];
			struct db_query *q;
			struct id who;

			if (!str_starts(s->name, kinds[k].prefix) ||
				!id_read(str_sub(s->name, kinds[k].prefix.len, s->name.len), &who))
				continue;
			/* told also when it ended */
			if (!tell(db, event, who, e))
				return false;
			*e = (struct err){ 0 };
			if (!s->holds || !str_equal(s->value, STR("1")))
				continue;
			q = db_query(db, sql_apart_add);
			db_bind_i64(q, 1, event);
			db_bind_i64(q, 2, attendee);
			db_bind_i64(q, 3, kinds[k].kind);
			db_bind_id(q, 4, &who);
			db_bind_id(q, 5, &s->id);
			if (!db_run(q, e))
				return false;
		}
	}
	return true;
}

bool said_derive(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct arena a = { 0 };
	struct setting *all;
	struct attendee x;
	size_t n;
	bool ok = read_settings(&all, &n, db, event, attendee, &a, e) &&
		  derive_apart(db, event, attendee, all, n, e);

	if (ok && attendee_get(&x, db, event, attendee, &a, e)) {
		ok = derive_card(db, event, &x, all, n, &a, e) &&
		     derive_zone(db, event, attendee, find(all, n, STR("zone")), e);
	} else if (ok && e->code == ERR_NOT_FOUND) {
		*e = (struct err){ 0 }; /* an id that nobody has been given yet */
	} else {
		ok = false;
	}
	arena_finish(&a);
	return ok;
}

bool apart_read(struct apart **out, size_t *n, struct db *db, uint32_t event, uint32_t attendee,
	struct arena *a, struct err *e)
{
	const char *const both[] = { sql_apart_mine, sql_apart_others };
	struct buf list = BUF_IN(a);

	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct db_query *q = db_query(db, both[i]);
		enum db_row row;

		db_bind_i64(q, 1, event);
		db_bind_i64(q, 2, attendee);
		while ((row = db_step(q, e)) == DB_ROW) {
			struct apart one = {
				.kind = (enum apart_kind)db_i64(q, 0),
				.by = (uint32_t)db_i64(q, 1),
				.other = (uint32_t)db_i64(q, 2),
				.entry = db_id(q, 3),
			};

			buf_add(&list, bytes_of(&one, sizeof(one)));
		}
		if (row == DB_FAILED)
			return false;
	}
	*n = list.len / sizeof(**out);
	*out = ARENA_ARRAY(a, *n, struct apart);
	if (*n > 0)
		memcpy(*out, list.p, list.len);
	return true;
}

bool apart_is_blocked(
	bool *out, struct db *db, uint32_t event, uint32_t a, uint32_t b, struct err *e)
{
	const uint32_t both[2] = { a, b };

	*out = false;
	for (unsigned i = 0; i < 2 && !*out; i++) {
		struct db_query *q = db_query(db, sql_blocked);

		db_bind_i64(q, 1, event);
		db_bind_i64(q, 2, both[i]);
		db_bind_i64(q, 3, both[1 - i]);
		if (!db_any(q, out, e))
			return false;
	}
	return true;
}
