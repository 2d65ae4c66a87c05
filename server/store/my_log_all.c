/* my_log_read of my_log.h: the logs of a person's events as one. */
#include "core/base/json.h"
#include "server/store/my_log.h"
#include "server/store/said.h"

/* What stands between one of the owner's attendees and others. */
struct between {
	struct apart *all;
	size_t count;
};

struct joining {
	struct db *db;
	struct arena *a;
	struct my_log *out;
	struct my_log *parts;	 /* one for each of out->accounts */
	struct between *between; /* likewise, where they are several */
	struct err *e;
};

static int by_id(const void *a, const void *b)
{
	const struct my_person *x = a, *y = b;

	return id_compare(x->id, y->id);
}

/* Of one id: whose own it is, then what a kiosk saw, then what came first. */
static int by_telling(const void *a, const void *b)
{
	const struct log_entry *x = *(const struct log_entry *const *)a;
	const struct log_entry *y = *(const struct log_entry *const *)b;
	int order = id_compare(x->id, y->id);

	if (order != 0)
		return order;
	if (x->own != y->own)
		return x->own ? -1 : 1;
	if (x->by_kiosk != y->by_kiosk)
		return x->by_kiosk ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static int by_entry(const void *a, const void *b)
{
	const struct id *x = a;
	const struct log_entry *const *y = b;

	return id_compare(*x, (*y)->id);
}

/*
 * An id is one entry's within its event only: whoever knows it may use it again at another one, and
 * take that back. So of several tellings one stands, and none is gone while one of them stands.
 */
static void keep_one_telling(struct joining *j)
{
	struct my_log *out = j->out;
	const struct log_entry **sorted = ARENA_ARRAY(j->a, out->count, const struct log_entry *);
	bool *again = ARENA_ARRAY(j->a, out->count, bool);
	size_t kept = 0;

	if (out->count == 0)
		return;
	for (size_t i = 0; i < out->count; i++)
		sorted[i] = &out->entries[i];
	qsort(sorted, out->count, sizeof(*sorted), by_telling);
	for (size_t i = 1; i < out->count; i++)
		again[sorted[i] - out->entries] = id_equal(sorted[i]->id, sorted[i - 1]->id);
	for (size_t i = 0; i < out->gone_count; i++)
		if (!bsearch(&out->gone[i], sorted, out->count, sizeof(*sorted), by_entry))
			out->gone[kept++] = out->gone[i];
	out->gone_count = kept;
	kept = 0;
	for (size_t i = 0; i < out->count; i++)
		if (!again[i])
			out->entries[kept++] = out->entries[i];
	out->count = kept;
}

/* The lists of all parts, one after the other. */
static void concatenate(struct joining *j)
{
	struct my_log *out = j->out;
	size_t n = out->account_count;
	struct buf entries = BUF_IN(j->a), gone = BUF_IN(j->a), people = BUF_IN(j->a);

	for (size_t i = 0; i < n; i++) {
		const struct my_log *p = &j->parts[i];

		buf_add(&entries, bytes_of(p->entries, p->count * sizeof(*p->entries)));
		buf_add(&gone, bytes_of(p->gone, p->gone_count * sizeof(*p->gone)));
		buf_add(&people, bytes_of(p->people, p->people_count * sizeof(*p->people)));
	}
	out->entries = (struct log_entry *)(void *)entries.p;
	out->count = entries.len / sizeof(*out->entries);
	out->gone = (struct id *)(void *)gone.p;
	out->gone_count = gone.len / sizeof(*out->gone);
	out->people = (struct my_person *)(void *)people.p;
	out->people_count = people.len / sizeof(*out->people);
	if (out->people_count > 1)
		qsort(out->people, out->people_count, sizeof(*out->people), by_id);
}

/* Whether either of the two, at that event, blocks the other. */
static bool are_apart(const struct joining *j, const struct account *me, uint32_t other)
{
	const struct between *b = &j->between[me - j->out->accounts];

	for (size_t i = 0; i < b->count; i++)
		if (b->all[i].kind == APART_BLOCK &&
			(b->all[i].by == other || b->all[i].other == other))
			return true;
	return false;
}

static bool read_between(struct joining *j)
{
	const struct my_log *out = j->out;

	j->between = ARENA_ARRAY(j->a, out->account_count, struct between);
	for (size_t i = 0; i < out->account_count; i++)
		if (!apart_read(&j->between[i].all, &j->between[i].count, j->db,
			    out->accounts[i].event, out->accounts[i].attendee, j->a, j->e))
			return false;
	return true;
}

/* Does that person let those who know them see that they come? */
static bool says_so(struct joining *j, const struct account *theirs, const struct account *me,
	bool *out, struct err *e)
{
	struct attendee x;

	if (!attendee_get(&x, j->db, theirs->event, theirs->attendee, j->a, e))
		return false;
	*out = !x.gone && x.consents[PURPOSE_COMING] && !are_apart(j, me, theirs->attendee);
	return true;
}

/* Where else the owner's people are expected. */
static bool take_coming(struct joining *j, struct my_person *p)
{
	const struct account *mine = j->out->accounts;
	size_t mine_count = j->out->account_count, n = 0;
	struct account *theirs;
	uint32_t *events;
	bool comes;

	if (p->withheld || p->known.attendee == 0)
		return true;
	events = ARENA_ARRAY(j->a, mine_count, uint32_t);
	p->coming = events;
	if (!accounts_of(&theirs, &n, j->db, p->event, p->known.attendee, j->a, j->e))
		return false;
	for (size_t i = 1; i < n; i++) {
		const struct account *me = account_at(mine, mine_count, theirs[i].event);

		if (!me)
			continue;
		if (!says_so(j, &theirs[i], me, &comes, j->e))
			return false;
		if (comes)
			events[p->coming_count++] = theirs[i].event;
	}
	return true;
}

/* Somebody in the owner's list, and what their attendees have in common. */
struct same {
	struct id person;
	const struct my_person *who;
};

static int by_person(const void *a, const void *b)
{
	const struct same *x = a, *y = b;
	int order = id_compare(x->person, y->person);

	return order ? order : id_compare(x->who->id, y->who->id);
}

/* To whom an entry of the owner's log ties; none: it is no tie to a badge. */
static struct id tied(const struct log_entry *x, struct arena *scratch)
{
	struct id with = { { 0 } };
	struct err unread;
	struct json *o;

	if (x->kind == ENTRY_MEETING)
		return x->other_id;
	if (x->kind != ENTRY_INTRODUCE || x->own || !json_read(&o, x->payload, scratch, &unread) ||
		!json_get_id(o, "with", &with))
		return (struct id){ { 0 } };
	return with;
}

/* An entry of the owner's log that ties to somebody at its event. */
struct tying {
	struct id with;
	const struct log_entry *entry;
};

/* By whom and where, of those the first in the log. */
static int by_tie(const void *a, const void *b)
{
	const struct tying *x = a, *y = b;
	int order = id_compare(x->with, y->with);

	if (order == 0)
		order = (x->entry->event > y->entry->event) - (x->entry->event < y->entry->event);
	return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

/* All ties of the log: each entry is read once, whoever may have written how many of them. */
struct ties {
	struct tying *all;
	size_t count;
};

static void read_ties(struct ties *out, const struct my_log *log, struct arena *a)
{
	struct arena scratch = { 0 };

	*out = (struct ties){ ARENA_ARRAY(a, log->count, struct tying), 0 };
	for (size_t i = 0; i < log->count; i++) {
		const struct tying one = { tied(&log->entries[i], &scratch), &log->entries[i] };

		if (!id_is_none(one.with))
			out->all[out->count++] = one;
		arena_reset(&scratch);
	}
	arena_finish(&scratch);
	if (out->count > 1)
		qsort(out->all, out->count, sizeof(*out->all), by_tie);
}

/* The first tie of the owner's to that person. */
static const struct log_entry *tie_to(const struct ties *ties, const struct my_person *who)
{
	size_t from = 0, to = ties->count;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		const struct tying *x = &ties->all[mid];
		int order = id_compare(x->with, who->id);

		if (order < 0 || (order == 0 && x->entry->event < who->event))
			from = mid + 1;
		else
			to = mid;
	}
	return from < ties->count && id_equal(ties->all[from].with, who->id) &&
			       ties->all[from].entry->event == who->event
		       ? ties->all[from].entry
		       : NULL;
}

/* Nobody's own entry, so its id says nothing but itself: the same at each reading. */
static void add_merge(
	struct joining *j, struct buf *entries, const struct log_entry *const *ties, size_t n)
{
	struct log_entry x = {
		.event = ties[0]->event, .kind = ENTRY_MERGE, .at_ms = ties[0]->at_ms
	};
	struct buf text = BUF_IN(j->a), ids = BUF_IN(j->a);
	struct json_writer w = JSON_TO(&text);
	struct hash h;

	buf_lit(&ids, "kith-same-1");
	json_open(&w, NULL, '{');
	json_id(&w, "owner", j->out->accounts[0].id);
	json_open(&w, "of", '[');
	for (size_t i = 0; i < n; i++) {
		json_uuid(&w, NULL, ties[i]->id);
		buf_add(&ids, id_bytes(&ties[i]->id));
	}
	json_close(&w, ']');
	json_close(&w, '}');
	h = hash_of(buf_bytes(&ids));
	memcpy(x.id.b, h.b, sizeof(x.id.b));
	x.payload = buf_bytes(&text);
	buf_add(entries, bytes_of(&x, sizeof(x)));
}

/* Shown by name: who lets only a web address be seen is not to be named by another event. */
static bool is_named(const struct my_person *p)
{
	return !p->withheld && p->known.attendee && p->known.name.len > 0;
}

/*
 * Whom the owner met at several events, and who joined them, is one person: only where both show
 * their name, since the tie of one event must not name whom the other does not.
 */
static bool merge_same(struct joining *j)
{
	struct my_log *out = j->out;
	struct same *all = ARENA_ARRAY(j->a, out->people_count, struct same);
	const struct log_entry **same = ARENA_ARRAY(
		j->a, out->account_count, const struct log_entry *);
	struct ties ties = { 0 };
	bool read = false;
	struct buf entries = BUF_IN(j->a);
	size_t n = 0;

	for (size_t i = 0; i < out->people_count; i++) {
		const struct my_person *p = &out->people[i];
		bool any = false;

		if (is_named(p) && !account_person(&all[n].person, &any, j->db, p->event,
					   p->known.attendee, j->e))
			return false;
		if (any)
			all[n++].who = p;
	}
	if (n < 2)
		return true;
	qsort(all, n, sizeof(*all), by_person);
	buf_add(&entries, bytes_of(out->entries, out->count * sizeof(*out->entries)));
	for (size_t i = 0, next; i < n; i = next) {
		size_t count = 0;

		for (next = i + 1; next < n && id_equal(all[next].person, all[i].person);)
			next++;
		if (next - i < 2)
			continue;
		if (!read)
			read_ties(&ties, out, j->a);
		read = true;
		for (size_t k = i; k < next; k++) {
			same[count] = tie_to(&ties, all[k].who);
			count += same[count] != NULL;
		}
		if (count > 1)
			add_merge(j, &entries, same, count);
	}
	out->entries = (struct log_entry *)(void *)entries.p;
	out->count = entries.len / sizeof(*out->entries);
	return true;
}

bool my_log_read(struct my_log *out, struct db *db, uint32_t event, uint32_t owner, struct arena *a,
	struct err *e)
{
	struct joining j = { .db = db, .a = a, .out = out, .e = e };
	struct account *accounts;
	size_t n;

	*out = (struct my_log){ 0 };
	if (!accounts_of(&accounts, &n, db, event, owner, a, e))
		return false;
	out->accounts = accounts;
	out->account_count = n;
	j.parts = ARENA_ARRAY(a, n, struct my_log);
	for (size_t i = 0; i < n; i++)
		if (!my_log_of_event(
			    &j.parts[i], db, accounts[i].event, accounts[i].attendee, a, e))
			return false;
	concatenate(&j);
	if (n == 1)
		return true;
	keep_one_telling(&j);
	if (!read_between(&j))
		return false;
	for (size_t i = 0; i < out->people_count; i++)
		if (!take_coming(&j, &out->people[i]))
			return false;
	return merge_same(&j);
}
