#include "server/store/my_log.h"

#include "core/base/json.h"
#include "core/followup/followup.h"
#include "server/store/about.h"
#include "server/store/said.h"

/* With IN, not a join: SQLite would else read the mentions of the whole event. */
static const char sql_gone[] =
	"SELECT DISTINCT e.id FROM mention m JOIN entry e ON e.row = m.row"
	" WHERE m.event = $1 AND m.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2)"
	" AND m.gone = 1 ORDER BY e.id";
static const char sql_rev[] =
	"SELECT COALESCE((SELECT rev FROM queue_owner WHERE event = $1 AND owner = $2), 0),"
	" EXISTS (SELECT 1 FROM queue_dirty WHERE event = $1 AND owner = $2)"
	" OR EXISTS (SELECT 1 FROM account m JOIN account o ON o.person = m.person"
	" JOIN queue_dirty d ON d.event = o.event AND d.owner = o.attendee"
	" WHERE m.event = $1 AND m.attendee = $2)";

/* What is gathered about a person while the log is read. */
struct seen {
	uint32_t attendee;
	struct id id;
	bool met;	   /* in a meeting that this person did not hide, or an introduction */
	bool vouched;	   /* and was there, or agreed */
	bool has_share;	   /* said for this owner what to show: */
	unsigned fields;   /* of the share */
	unsigned released; /* by an introduction that both agreed to */
};

/* Who hid which meeting. */
struct hide {
	struct id of;
	uint32_t by;
};

struct reading {
	struct db *db;
	uint32_t event, owner;
	struct arena *a;
	struct my_log *out;
	struct about *words; /* about the owner's meetings */
	size_t word_count;
	struct apart *apart;
	size_t apart_count;
	struct buf entries, gone, seen; /* of struct log_entry, id, seen */
	struct buf hides;		/* of struct hide, sorted */
	struct buf kept;		/* of id: taken back by the other one, and not gone */
	struct buf acts;		/* of id: what the owner's own entries speak of, sorted */
	uint32_t *slots;		/* by attendee: 1 + the place in seen; 0: free */
	size_t slot_count;		/* a power of two, or 0 */
	struct err *e;
};

/* What nobody plans from: who gave out which badge, and what the desk turned away. */
static bool is_wanted(enum entry_kind kind)
{
	return kind != ENTRY_BADGE_ASSIGN && kind != ENTRY_REFUSED && kind != ENTRY_RETRACT;
}

static size_t slot_of(const struct reading *r, uint32_t attendee)
{
	const struct seen *all = (const struct seen *)(const void *)r->seen.p;
	/* Knuth's multiplier: numbers of people follow each other */
	size_t at = attendee * UINT32_C(2654435769) & (r->slot_count - 1);

	while (r->slots[at] && all[r->slots[at] - 1].attendee != attendee)
		at = (at + 1) & (r->slot_count - 1);
	return at;
}

static void make_slots(struct reading *r, size_t n)
{
	const struct seen *all = (const struct seen *)(const void *)r->seen.p;

	r->slot_count = r->slot_count ? r->slot_count * 2 : 64;
	r->slots = ARENA_ARRAY(r->a, r->slot_count, uint32_t);
	for (size_t i = 0; i < n; i++)
		r->slots[slot_of(r, all[i].attendee)] = (uint32_t)i + 1;
}

/* Borrowed until the next call. */
static struct seen *see(struct reading *r, uint32_t attendee, struct id id)
{
	const struct seen one = { attendee, id, 0, 0, 0, 0, 0 };
	size_t n = r->seen.len / sizeof(one), at;

	if (n * 2 >= r->slot_count)
		make_slots(r, n);
	at = slot_of(r, attendee);
	if (!r->slots[at]) {
		buf_add(&r->seen, bytes_of(&one, sizeof(one)));
		r->slots[at] = (uint32_t)n + 1;
	}
	return (struct seen *)(void *)r->seen.p + (r->slots[at] - 1);
}

/* Was the other one there, by their own chip, or did a kiosk see no more than their code? */
static bool was_there(const struct reading *r, const struct log_entry *x)
{
	struct json *o;
	struct err unread;
	struct str by;
	struct ref ref;
	struct id b;

	if (x->own)
		return false;
	if (!json_read(&o, x->payload, r->a, &unread) || !json_get_str(o, "by", &by) ||
		!str_equal(by, STR("badge")))
		return true;
	return !json_get_id(o, "b", &b) || !ref_find(r->db, r->event, b, &ref, &unread) ||
	       ref.attendee != x->other;
}

/*
 * A meeting after one of the two blocked the other is not there for either; what the blocked one
 * scanned never is for who blocked.
 */
static bool is_blocked(const struct reading *r, const struct log_entry *x)
{
	for (size_t i = 0; i < r->apart_count; i++) {
		const struct apart *p = &r->apart[i];

		if (p->kind != APART_BLOCK || (p->by != x->other && p->other != x->other))
			continue;
		/* whoever is blocked makes the ids of their own scans, so no time clears one */
		if (id_compare(x->id, p->entry) > 0 ||
			(p->by == r->owner && !x->own && !x->by_kiosk))
			return true;
	}
	return false;
}

static bool blocks(const struct reading *r, uint32_t by)
{
	for (size_t i = 0; i < r->apart_count; i++)
		if (r->apart[i].kind == APART_BLOCK && r->apart[i].by == by &&
			r->apart[i].other == r->owner)
			return true;
	return false;
}

static int by_meeting(const void *a, const void *b)
{
	const struct hide *x = a, *y = b;
	int order = id_compare(x->of, y->of);

	return order ? order : (x->by > y->by) - (x->by < y->by);
}

static void take_hides(struct reading *r)
{
	for (size_t i = 0; i < r->word_count; i++) {
		const struct hide one = { r->words[i].of, r->words[i].writer };

		if (r->words[i].kind == ENTRY_HIDE)
			buf_add(&r->hides, bytes_of(&one, sizeof(one)));
	}
	if (r->hides.len > 0)
		qsort(r->hides.p, r->hides.len / sizeof(struct hide), sizeof(struct hide),
			by_meeting);
}

static bool is_hidden_by(const struct reading *r, struct id meeting, uint32_t who)
{
	const struct hide key = { meeting, who };

	return r->hides.len > 0 && bsearch(&key, r->hides.p, r->hides.len / sizeof(key),
					   sizeof(key), by_meeting) != NULL;
}

static void take_meeting(struct reading *r, const struct log_entry *x)
{
	struct seen *s;

	if (is_blocked(r, x)) {
		buf_add(&r->gone, id_bytes(&x->id));
		return;
	}
	buf_add(&r->entries, bytes_of(x, sizeof(*x)));
	s = see(r, x->other, x->other_id);
	if (is_hidden_by(r, x->id, x->other))
		return;
	s->met = true;
	s->vouched |= was_there(r, x);
}

/* The latest share of each, in order of id. */
static bool take_shares(struct reading *r)
{
	struct seen *all = (struct seen *)(void *)r->seen.p;

	for (size_t i = 0; i < r->word_count && r->slot_count > 0; i++) {
		const struct about *word = &r->words[i];
		uint32_t place = r->slots[slot_of(r, word->writer)];

		if (word->kind != ENTRY_SHARE || word->writer == r->owner || place == 0)
			continue;
		all[place - 1].has_share = true;
		if (!about_fields(&all[place - 1].fields, r->db, word, r->a, r->e))
			return false;
	}
	return true;
}

static const char *answer_name(enum answer said)
{
	return said == ANSWER_YES ? "yes" : "no";
}

/* One's own introduction, with how the two answered. */
static bool take_own_introduction(struct reading *r, const struct log_entry *x)
{
	static const char *const names[] = { "a_said", "b_said" };
	struct introduction in;
	struct log_entry copy = *x;
	struct buf text = BUF_IN(r->a);
	struct json_writer w = JSON_TO(&text);
	struct json *o;

	if (!introduction_read(&in, r->db, r->event, x->id, r->a, r->e)) {
		if (r->e->code != ERR_NOT_FOUND && r->e->code != ERR_MALFORMED)
			return false;
		*r->e = (struct err){ 0 };
		in.holds = false;
	}
	if (in.holds && json_read(&o, x->payload, r->a, r->e)) {
		json_open(&w, NULL, '{');
		for (const struct json *m = o->first; m; m = m->next) {
			struct buf value = BUF_IN(r->a);

			if (str_equal(m->key, str_of(names[0])) ||
				str_equal(m->key, str_of(names[1])))
				continue;
			json_copy(&value, m);
			json_raw(&w, arena_cstr(r->a, m->key), buf_str(&value));
		}
		for (unsigned i = 0; i < 2; i++)
			if (in.people[i].said)
				json_str(&w, names[i], str_of(answer_name(in.people[i].said)));
		json_close(&w, '}');
		copy.payload = buf_bytes(&text);
	}
	buf_add(&r->entries, bytes_of(&copy, sizeof(copy)));
	return true;
}

/* Somebody introduces the owner to somebody: a question, and, answered by both, an acquaintance. */
static bool take_asked(struct reading *r, const struct about *word)
{
	struct log_entry x = {
		.row = word->row, .event = r->event, .id = word->entry, .kind = ENTRY_INTRODUCE
	};
	struct buf text = BUF_IN(r->a);
	struct json_writer w = JSON_TO(&text);
	struct introduction in;
	unsigned me;

	if (!introduction_read(&in, r->db, r->event, word->entry, r->a, r->e)) {
		bool absent = r->e->code == ERR_NOT_FOUND || r->e->code == ERR_MALFORMED;

		if (absent)
			*r->e = (struct err){ 0 };
		return absent;
	}
	me = in.people[1].attendee == r->owner;
	if (!in.holds || in.people[me].attendee != r->owner)
		return true;
	x.at_ms = in.at_ms;
	x.other = in.introducer;
	x.other_id = in.introducer_id;
	json_open(&w, NULL, '{');
	json_id(&w, "owner", in.introducer_id);
	json_bool(&w, "asked", true);
	if (in.text.len > 0)
		json_str(&w, "text", in.text);
	if (in.people[me].said)
		json_str(&w, "said", str_of(answer_name(in.people[me].said)));
	if (in.people[0].said == ANSWER_YES && in.people[1].said == ANSWER_YES) {
		struct seen *s = see(r, in.people[1 - me].attendee, in.people[1 - me].id);

		json_id(&w, "with", in.people[1 - me].id);
		s->met = s->vouched = true;
		s->released |= in.people[1 - me].fields;
	}
	json_close(&w, '}');
	x.payload = buf_bytes(&text);
	buf_add(&r->entries, bytes_of(&x, sizeof(x)));
	return true;
}

static int by_bytes(const void *a, const void *b)
{
	return id_compare(*(const struct id *)a, *(const struct id *)b);
}

/* ids holds struct id. */
static void sort_ids(struct buf *ids)
{
	if (ids->len > sizeof(struct id))
		qsort(ids->p, ids->len / sizeof(struct id), sizeof(struct id), by_bytes);
}

static bool is_among(const struct buf *sorted, struct id id)
{
	return sorted->len > 0 &&
	       bsearch(&id, sorted->p, sorted->len / sizeof(id), sizeof(id), by_bytes) != NULL;
}

/* A meeting that somebody else's phone wrote and took back. */
static bool is_taken_back(const struct log_entry *x)
{
	return x->gone && x->kind == ENTRY_MEETING && x->payload.len > 0 && !x->own && !x->by_kiosk;
}

static bool any_taken_back(const struct log_entry *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_taken_back(&all[i]))
			return true;
	return false;
}

/* What one says about a meeting, or does about it. */
static bool is_act(enum entry_kind kind)
{
	static const bool acts[ENTRY_KIND_END] = {
		[ENTRY_CONTACT] = true,
		[ENTRY_NOTE] = true,
		[ENTRY_FOLLOWUP] = true,
		[ENTRY_FOLLOWUP_STATE] = true,
		[ENTRY_FAVOUR] = true,
		[ENTRY_INTRODUCE] = true,
	};

	return acts[kind];
}

/* An empty note changes nothing. */
static bool is_empty_note(enum entry_kind kind, const struct json *o)
{
	const struct json *topics = json_get(o, "topics");
	struct str text;

	return kind == ENTRY_NOTE && !(json_get_str(o, "text", &text) && text.len > 0) &&
	       !(topics && topics->count > 0);
}

/*
 * What the owner's own entries speak of. Each is read once, however many meetings others take
 * back: how many that are is for others to say.
 */
static void take_acts(struct reading *r, const struct log_entry *all, size_t n)
{
	static const char *const naming[] = { "of", "a", "b", "about", "item" };
	struct arena a = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct err unread;
		struct json *o;
		struct id id;

		if (!all[i].own || all[i].gone || !is_act(all[i].kind))
			continue;
		if (json_read(&o, all[i].payload, &a, &unread) && !is_empty_note(all[i].kind, o))
			for (size_t k = 0; k < ARRAY_LEN(naming); k++)
				if (json_get_id(o, naming[k], &id))
					buf_add(&r->acts, id_bytes(&id));
		arena_reset(&a);
	}
	arena_finish(&a);
	sort_ids(&r->acts);
}

/* What became of a follow-up names the item's key, not the meeting. */
static bool is_acted_on(const struct reading *r, struct id meeting)
{
	if (is_among(&r->acts, meeting))
		return true;
	for (int k = 0; r->acts.len > 0 && k < FOLLOWUP_KIND_COUNT; k++)
		if (is_among(&r->acts, followup_key(meeting, (enum followup_kind)k)))
			return true;
	return false;
}

/*
 * A meeting that the other one's phone wrote and took back. What the owner wrote about it is the
 * owner's: then it stays, as one from which the other withdrew, who is not named by it any more.
 */
static void keep_taken_back(struct reading *r, const struct log_entry *x)
{
	if (!is_taken_back(x) || is_blocked(r, x) || !is_acted_on(r, x->id))
		return;
	buf_add(&r->entries, bytes_of(x, sizeof(*x)));
	buf_add(&r->kept, id_bytes(&x->id));
	(void)see(r, x->other, x->other_id);
}

static bool take_entries(struct reading *r)
{
	struct log_entry *all;
	size_t n;

	if (!log_of_person(&all, &n, r->db, r->event, r->owner, r->a, r->e))
		return false;
	take_hides(r);
	if (any_taken_back(all, n))
		take_acts(r, all, n);
	for (size_t i = 0; i < n; i++) {
		const struct log_entry *x = &all[i];

		/* without a payload: of somebody who went */
		if (!is_wanted(x->kind) || x->payload.len == 0)
			continue;
		if (x->gone)
			keep_taken_back(r, x);
		else if (x->kind == ENTRY_MEETING)
			take_meeting(r, x);
		else if (x->kind == ENTRY_INTRODUCE && !take_own_introduction(r, x))
			return false;
		else if (x->kind != ENTRY_INTRODUCE)
			buf_add(&r->entries, bytes_of(x, sizeof(*x)));
	}
	for (size_t i = 0; i < r->word_count; i++)
		if (r->words[i].kind == ENTRY_INTRODUCE && r->words[i].writer != r->owner &&
			!take_asked(r, &r->words[i]))
			return false;
	return take_shares(r);
}

/* People */

/* What the owner may see of somebody, as bits of enum card_field. */
static unsigned shown(const struct reading *r, const struct seen *s, const struct attendee *x)
{
	unsigned fields = s->released;

	if (!s->met || blocks(r, s->attendee))
		return 0;
	if (s->vouched)
		fields |= FIELD_NAME | FIELD_ORGANIZATION;
	if (s->has_share)
		return fields | s->fields;
	return x->consents[PURPOSE_CARD] ? FIELD_ALL : fields;
}

static void blank(struct attendee *x, unsigned fields)
{
	struct str *const texts[] = { &x->name, &x->organization, &x->title, &x->email, &x->phone,
		&x->url };

	for (unsigned i = 0; i < ARRAY_LEN(texts); i++)
		if (!(fields & 1u << i))
			*texts[i] = STR("");
	if (fields == 0) {
		x->lang = STR("");
		x->in = false;
	}
	/* what is left may be seen: the consent is in it already */
	memset(x->consents, 0, sizeof(x->consents));
	x->consents[PURPOSE_CARD] = fields != 0;
	x->has_ticket = false;
	crypto_wipe(x->ticket_hash, sizeof(x->ticket_hash));
}

static int by_id(const void *a, const void *b)
{
	const struct my_person *x = a, *y = b;

	return id_compare(x->id, y->id);
}

static bool take_people(struct reading *r)
{
	const struct seen *all = (const struct seen *)(const void *)r->seen.p;
	size_t n = r->seen.len / sizeof(*all);
	struct my_person *people = ARENA_ARRAY(r->a, n, struct my_person);

	for (size_t i = 0; i < n; i++) {
		struct my_person *p = &people[i];
		unsigned fields;

		/* a badge that nobody has yet is met all the same */
		if (!attendee_get(&p->known, r->db, r->event, all[i].attendee, r->a, r->e)) {
			if (r->e->code != ERR_NOT_FOUND)
				return false;
			*r->e = (struct err){ 0 };
			p->known = (struct attendee){ .attendee = all[i].attendee };
		}
		fields = shown(r, &all[i], &p->known);
		p->id = all[i].id;
		p->event = r->event;
		p->vouched = all[i].vouched;
		p->withheld = fields == 0;
		blank(&p->known, fields);
	}
	if (n > 1)
		qsort(people, n, sizeof(*people), by_id);
	r->out->people = people;
	r->out->people_count = n;
	return true;
}

const struct my_person *my_person_find(const struct my_log *log, struct id id)
{
	struct my_person key = { .id = id };

	return log->people_count ? bsearch(&key, log->people, log->people_count, sizeof(key), by_id)
				 : NULL;
}

static bool take_gone(struct reading *r)
{
	struct db_query *q = db_query(r->db, sql_gone);
	enum db_row row;

	sort_ids(&r->kept);
	db_bind_i64(q, 1, r->event);
	db_bind_i64(q, 2, r->owner);
	while ((row = db_step(q, r->e)) == DB_ROW) {
		struct id id = db_id(q, 0);

		if (!is_among(&r->kept, id))
			buf_add(&r->gone, id_bytes(&id));
	}
	return row == DB_DONE;
}

bool my_log_of_event(struct my_log *out, struct db *db, uint32_t event, uint32_t owner,
	struct arena *a, struct err *e)
{
	struct reading r = { .db = db,
		.event = event,
		.owner = owner,
		.a = a,
		.out = out,
		.entries = BUF_IN(a),
		.gone = BUF_IN(a),
		.seen = BUF_IN(a),
		.hides = BUF_IN(a),
		.kept = BUF_IN(a),
		.acts = BUF_IN(a),
		.e = e };

	*out = (struct my_log){ 0 };
	if (!about_meetings_of(&r.words, &r.word_count, db, event, owner, a, e) ||
		!apart_read(&r.apart, &r.apart_count, db, event, owner, a, e) ||
		!take_entries(&r) || !take_people(&r) || !take_gone(&r))
		return false;
	out->entries = (struct log_entry *)(void *)r.entries.p;
	out->count = r.entries.len / sizeof(*out->entries);
	out->gone = (struct id *)(void *)r.gone.p;
	out->gone_count = r.gone.len / sizeof(*out->gone);
	return true;
}

bool my_log_rev(
	struct db *db, uint32_t event, uint32_t owner, int64_t *rev, bool *settled, struct err *e)
{
	struct db_query *q = db_query(db, sql_rev);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	row = db_step(q, e);
	if (row == DB_ROW) {
		*rev = db_i64(q, 0);
		*settled = db_i64(q, 1) == 0;
	}
	db_reset(q);
	return row == DB_ROW;
}
