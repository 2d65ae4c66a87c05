#include "server/store/queue.h"

#include "core/base/log.h"
#include "server/store/erase.h"
#include "server/store/my_log.h"
#include "server/store/queue_item.h"

enum { OWNERS_A_STEP = 256 };

static const char sql_last[] = "SELECT COALESCE(MAX(row), 0) FROM entry";
static const char sql_stale[] =
	"INSERT INTO queue_dirty (event, owner) SELECT event, owner FROM queue_owner"
	" WHERE good_until_ms <= $1 ORDER BY good_until_ms LIMIT 256 ON CONFLICT DO NOTHING";
static const char sql_dirty[] = "SELECT event, owner FROM queue_dirty LIMIT 256";
static const char sql_is_dirty[] = "SELECT 1 FROM queue_dirty WHERE event = $1 AND owner = $2";
static const char sql_clean[] = "DELETE FROM queue_dirty WHERE event = $1 AND owner = $2";
static const char sql_forget_items[] =
	"DELETE FROM queue_item WHERE event = $1 AND owner = $2 AND pos >= $3";
static const char sql_forget_texts[] =
	"DELETE FROM queue_text WHERE event = $1 AND owner = $2 AND pos >= $3";
static const char sql_planned[] =
	"INSERT INTO queue_owner (event, owner, planned_ms, good_until_ms, goals)"
	" VALUES ($1, $2, $3, $4, $5)"
	" ON CONFLICT (event, owner) DO UPDATE SET planned_ms = excluded.planned_ms,"
	" good_until_ms = excluded.good_until_ms, goals = excluded.goals,"
	" rev = queue_owner.rev + 1";
static const char sql_rows[] =
	"SELECT i.key, i.kind, i.state, i.due, i.other, i.met_ms, t.item, i.at"
	" FROM queue_item i LEFT JOIN queue_text t ON t.event = i.event AND t.owner = i.owner"
	" AND t.pos = i.pos WHERE i.event = $1 AND i.owner = $2 ORDER BY i.pos";
static const char sql_set_item[] =
	"INSERT INTO queue_item (event, owner, pos, key, kind, state, due, other, met_ms, at)"
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
	" ON CONFLICT (event, owner, pos) DO UPDATE SET key = excluded.key, kind = excluded.kind,"
	" state = excluded.state, due = excluded.due, other = excluded.other,"
	" met_ms = excluded.met_ms, at = excluded.at";
static const char sql_set_text[] =
	"INSERT INTO queue_text (event, owner, pos, finished, item) VALUES ($1, $2, $3, $4, $5)"
	" ON CONFLICT (event, owner, pos) DO UPDATE SET finished = excluded.finished,"
	" item = excluded.item";
static const char sql_texts[] =
	"SELECT item FROM queue_text WHERE event = $1 AND owner = $2 AND finished = $3"
	" ORDER BY pos";
static const char sql_text_of[] =
	"SELECT t.item FROM queue_item i JOIN queue_text t ON t.event = i.event AND t.owner = "
	"i.owner"
	" AND t.pos = i.pos WHERE i.event = $1 AND i.owner = $2 AND i.key = $3";
static const char sql_goals[] = "SELECT goals FROM queue_owner WHERE event = $1 AND owner = $2";
static const char sql_feed_end[] = "DELETE FROM feed WHERE event = $1 AND attendee = $2";
static const char sql_feed_add[] =
	"INSERT INTO feed (hash, event, attendee, made_ms) VALUES ($1, $2, $3, $4)";
static const char sql_feed_find[] = "SELECT event, attendee FROM feed WHERE hash = $1";

static bool run_for(struct db *db, const char *sql, uint32_t event, uint32_t owner, struct err *e)
{
	struct db_query *q = db_query(db, sql);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	return db_run(q, e);
}

/* A row of queue_item, with its text of queue_text. */
struct row {
	struct id key;
	int64_t kind, state, due, other, met_ms, at;
	struct str text;
};

/* Those of the last plan, by pos; pos counts from 0 without gaps. */
static bool read_rows(struct row **out, size_t *n, struct db *db, uint32_t event, uint32_t owner,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_rows);
	struct buf rows = BUF_IN(a);
	enum db_row step;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	while ((step = db_step(q, e)) == DB_ROW) {
		struct row x = { .key = db_id(q, 0),
			.kind = db_i64(q, 1),
			.state = db_i64(q, 2),
			.due = db_i64(q, 3),
			.other = db_i64(q, 4),
			.met_ms = db_i64(q, 5),
			.text = arena_str(a, db_text(q, 6)),
			.at = db_i64(q, 7) };

		buf_add(&rows, bytes_of(&x, sizeof(x)));
	}
	*n = rows.len / sizeof(**out);
	*out = (struct row *)(void *)rows.p;
	return step == DB_DONE;
}

static bool same_row(const struct row *x, const struct row *y)
{
	return id_equal(x->key, y->key) && x->kind == y->kind && x->state == y->state &&
	       x->due == y->due && x->other == y->other && x->met_ms == y->met_ms && x->at == y->at;
}

static bool write_row(struct db *db, uint32_t event, uint32_t owner, int64_t pos,
	const struct row *x, const struct row *old, struct err *e)
{
	struct db_query *q;

	if (!old || !same_row(x, old)) {
		q = db_query(db, sql_set_item);
		db_bind_i64(q, 1, event);
		db_bind_i64(q, 2, owner);
		db_bind_i64(q, 3, pos);
		db_bind_id(q, 4, &x->key);
		db_bind_i64(q, 5, x->kind);
		db_bind_i64(q, 6, x->state);
		db_bind_i64(q, 7, x->due);
		db_bind_i64(q, 8, x->other);
		db_bind_i64(q, 9, x->met_ms);
		db_bind_i64(q, 10, x->at);
		if (!db_run(q, e))
			return false;
	}
	if (old && str_equal(x->text, old->text))
		return true;
	q = db_query(db, sql_set_text);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	db_bind_i64(q, 3, pos);
	db_bind_i64(q, 4, x->state >= FOLLOWUP_DROP);
	db_bind_text(q, 5, x->text);
	return db_run(q, e);
}

/* A plan that is to be kept, and for whom. */
struct keeping {
	struct db *db;
	uint32_t event, owner;
	const struct followup_plan *plan;
	const struct queue_facts *facts;
	const struct plan_words *words;
	struct arena *a;
};

static struct row row_of(const struct keeping *k, const struct followup_item *item)
{
	const struct queue_person *p = queue_person_of(k->facts, item->who, item->event);
	const struct fact *met = queue_fact_find(k->facts, item->of);
	struct buf text = BUF_IN(k->a);
	struct json_writer w = JSON_TO(&text);

	queue_item_write(&w, item, k->plan, k->facts, k->words, k->a);
	return (struct row){ .key = item->key,
		.kind = item->kind,
		.state = item->state,
		.due = item->due,
		.other = p ? p->attendee : 0,
		.met_ms = met ? met->at_ms : 0,
		.at = item->event == k->event ? 0 : item->event,
		.text = buf_str(&text) };
}

static bool forget_after(const struct keeping *k, const char *sql, struct err *e)
{
	struct db_query *q = db_query(k->db, sql);

	db_bind_i64(q, 1, k->event);
	db_bind_i64(q, 2, k->owner);
	db_bind_i64(q, 3, (int64_t)k->plan->count);
	return db_run(q, e);
}

/* Only what has changed since the last plan is written: one entry seldom changes many rows. */
static bool write_rows(const struct keeping *k, struct err *e)
{
	struct row *old;
	size_t n;

	if (!read_rows(&old, &n, k->db, k->event, k->owner, k->a, e))
		return false;
	for (size_t i = 0; i < k->plan->count; i++) {
		struct row x = row_of(k, &k->plan->items[i]);

		if (!write_row(
			    k->db, k->event, k->owner, (int64_t)i, &x, i < n ? &old[i] : NULL, e))
			return false;
	}
	return n <= k->plan->count ||
	       (forget_after(k, sql_forget_items, e) && forget_after(k, sql_forget_texts, e));
}

static bool write_planned(const struct keeping *k, int64_t now_ms, struct err *e)
{
	struct db_query *q = db_query(k->db, sql_planned);
	struct buf goals = BUF_IN(k->a);
	struct json_writer w = JSON_TO(&goals);
	/* the counts of the week are for buddies alone */
	int64_t until = k->plan->buddy_count > 0 ? plan_good_until(k->plan)
						 : k->plan->good_until_ms;

	plan_write_counts(&w, NULL, &k->plan->goals);
	db_bind_i64(q, 1, k->event);
	db_bind_i64(q, 2, k->owner);
	db_bind_i64(q, 3, now_ms);
	db_bind_i64(q, 4, until);
	db_bind_text(q, 5, buf_str(&goals));
	return db_run(q, e);
}

/* The owner's log, with the entry that the derived tables do not know yet. */
static bool read_log(struct my_log *out, struct db *db, uint32_t event, uint32_t owner,
	const struct log_entry *extra, struct arena *a, struct err *e)
{
	struct log_entry *all;

	if (!my_log_read(out, db, event, owner, a, e))
		return false;
	if (!extra)
		return true;
	all = ARENA_ARRAY(a, out->count + 1, struct log_entry);
	if (out->count > 0)
		memcpy(all, out->entries, out->count * sizeof(*all));
	all[out->count++] = *extra;
	out->entries = all;
	return true;
}

/* Those of the owner's accounts. */
static bool read_events(
	struct event **out, struct db *db, const struct my_log *log, struct arena *a, struct err *e)
{
	*out = ARENA_ARRAY(a, log->account_count, struct event);
	for (size_t i = 0; i < log->account_count; i++) {
		if (!event_get(&(*out)[i], db, log->accounts[i].event, a, e))
			return false;
		crypto_wipe((*out)[i].seal_secret, sizeof((*out)[i].seal_secret));
	}
	return true;
}

bool queue_plan(struct db *db, uint32_t event, uint32_t owner, const struct log_entry *extra,
	int64_t now_ms, struct arena *a, struct err *e)
{
	struct attendee owner_is;
	struct plan_words words;
	struct followup_plan plan;
	struct queue_facts facts;
	struct event *events;
	struct my_log log;
	struct keeping keeping = { db, event, owner, &plan, &facts, &words, a };
	bool erased = false;

	if (!attendee_get(&owner_is, db, event, owner, a, e)) {
		/* an id that nobody has been given: it has no queue until somebody is */
		if (e->code != ERR_NOT_FOUND)
			return false;
		*e = (struct err){ 0 };
		return run_for(db, sql_clean, event, owner, e);
	}
	if (owner_is.gone && !erase_done(&erased, db, event, owner, e))
		return false;
	if (erased)
		return run_for(db, sql_clean, event, owner, e);
	if (!read_log(&log, db, event, owner, extra, a, e) ||
		!read_events(&events, db, &log, a, e) || !queue_facts_read(&facts, &log, a, e))
		return false;
	queue_words(&words, &facts, &owner_is, events, log.account_count, a);
	followup_plan(&plan, facts.facts, facts.count, &playbook_default, now_ms,
		owner_is.zone_min * INT64_C(60000), a);
	return write_rows(&keeping, e) && write_planned(&keeping, now_ms, e) &&
	       run_for(db, sql_clean, event, owner, e);
}

static bool take_dirty(
	struct db *db, int64_t now_ms, uint32_t (*owners)[2], size_t *n, struct err *e)
{
	struct db_query *q = db_query(db, sql_stale);
	enum db_row row;

	db_bind_i64(q, 1, now_ms);
	if (!db_run(q, e))
		return false;
	q = db_query(db, sql_dirty);
	while ((row = db_step(q, e)) == DB_ROW && *n < OWNERS_A_STEP) {
		owners[*n][0] = (uint32_t)db_i64(q, 0);
		owners[(*n)++][1] = (uint32_t)db_i64(q, 1);
	}
	db_reset(q);
	return row != DB_FAILED;
}

/* Rows that are not derived yet could be known to a plan (queue_plan's extra) and would drop out of
 * it. */
static bool is_derived(struct db *db)
{
	struct db_query *q = db_query(db, sql_last);
	struct err ignored;
	int64_t done = 0, last;

	if (db_step(q, &ignored) != DB_ROW)
		return false;
	last = db_i64(q, 0);
	db_reset(q);
	return last == 0 ||
	       (meta_get(db, "derived", &done, sizeof(done), &ignored) && done >= last);
}

static bool is_dirty(struct db *db, uint32_t event, uint32_t owner, bool *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_is_dirty);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	return db_any(q, out, e);
}

/*
 * News of one event is news to the queue that is read at the others. At midnight all of a person's
 * are due: the first of them plans them all, and the others find themselves clean.
 */
static bool plan_person(
	struct work *w, uint32_t event, uint32_t owner, struct arena *a, struct err *e)
{
	struct account *all;
	size_t n;
	bool ok, due;

	if (!is_dirty(w->db, event, owner, &due, e))
		return false;
	if (!due)
		return true;
	ok = accounts_of(&all, &n, w->db, event, owner, a, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = queue_plan(
			w->db, all[i].event, all[i].attendee, NULL, server_now(w->server), a, e);
	return ok;
}

static bool plan_dirty(struct work *w, bool *more, struct err *e)
{
	uint32_t owners[OWNERS_A_STEP][2];
	struct arena a = { 0 };
	size_t n = 0;
	bool ok = take_dirty(w->db, server_now(w->server), owners, &n, e);

	for (size_t i = 0; i < n && ok; i++) {
		ok = plan_person(w, owners[i][0], owners[i][1], &a, e);
		arena_reset(&a);
	}
	*more = n == OWNERS_A_STEP;
	arena_finish(&a);
	return ok;
}

bool queue_step(struct work *w, bool *more, struct err *e)
{
	*more = false;
	if (!is_derived(w->db))
		return true; /* the step before this one asks for another turn itself */
	if (db_begin(w->db, e) && plan_dirty(w, more, e) && db_commit(w->db, e))
		return true;
	db_rollback(w->db);
	return false;
}

static bool write_list(struct json_writer *w, const char *name, struct db *db, uint32_t event,
	uint32_t owner, bool finished, struct err *e)
{
	struct db_query *q = db_query(db, sql_texts);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	db_bind_i64(q, 3, finished);
	json_open(w, name, '[');
	while ((row = db_step(q, e)) == DB_ROW)
		json_raw(w, NULL, db_text(q, 0));
	json_close(w, ']');
	return row == DB_DONE;
}

bool queue_write_json(
	struct json_writer *w, struct db *db, uint32_t event, uint32_t owner, struct err *e)
{
	return write_list(w, "items", db, event, owner, false, e) &&
	       write_list(w, "done", db, event, owner, true, e);
}

bool queue_item_json(struct str *out, struct db *db, uint32_t event, uint32_t owner, struct id key,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_text_of);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	db_bind_id(q, 3, &key);
	row = db_step(q, e);
	if (row == DB_ROW)
		*out = arena_str(a, db_text(q, 0));
	else if (row == DB_DONE)
		err_set(e, ERR_NOT_FOUND, "there is no such follow-up in this queue");
	db_reset(q);
	return row == DB_ROW;
}

bool queue_goals(struct str *out, struct db *db, uint32_t event, uint32_t owner, struct arena *a,
	struct err *e)
{
	struct db_query *q = db_query(db, sql_goals);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	row = db_step(q, e);
	*out = row == DB_ROW ? arena_str(a, db_text(q, 0)) : STR("{}");
	db_reset(q);
	return row != DB_FAILED;
}

bool feed_renew(struct db *db, uint32_t event, uint32_t attendee, uint8_t secret[32],
	int64_t now_ms, struct err *e)
{
	struct db_query *q;
	struct hash hash;

	crypto_random(secret, 32);
	hash = hash_of(bytes_of(secret, 32));
	if (!run_for(db, sql_feed_end, event, attendee, e))
		return false;
	q = db_query(db, sql_feed_add);
	db_bind_blob(q, 1, hash_bytes(&hash));
	db_bind_i64(q, 2, event);
	db_bind_i64(q, 3, attendee);
	db_bind_i64(q, 4, now_ms);
	return db_run(q, e);
}

bool feed_find(
	struct db *db, struct bytes secret, uint32_t *event, uint32_t *attendee, struct err *e)
{
	struct hash hash = hash_of(secret);
	struct db_query *q = db_query(db, sql_feed_find);
	enum db_row row;

	db_bind_blob(q, 1, hash_bytes(&hash));
	row = db_step(q, e);
	if (row == DB_ROW) {
		*event = (uint32_t)db_i64(q, 0);
		*attendee = (uint32_t)db_i64(q, 1);
	} else if (row == DB_DONE) {
		err_set(e, ERR_NOT_FOUND, "this address has ended: make a new one under Me");
	}
	db_reset(q);
	return row == DB_ROW;
}
