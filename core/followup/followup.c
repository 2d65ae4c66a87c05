#include "core/followup/followup.h"

static const char *const kind_names[] = {
#define X(kind, name, days, loop) [kind] = name,
	FOLLOWUP_KINDS(X)
#undef X
};
static const bool is_loop[] = {
#define X(kind, name, days, loop) [kind] = loop,
	FOLLOWUP_KINDS(X)
#undef X
};
static const char *const state_names[] = { "open", "snooze", "drop", "done" };
static const char *const way_names[] = { "offered", "given", "asked", "received" };

enum { DAY_MS = 86400000 };

static bool find_name(const char *const *names, size_t n, struct str name, unsigned *out)
{
	for (size_t i = 0; i < n; i++) {
		if (str_equal(str_of(names[i]), name)) {
			*out = (unsigned)i;
			return true;
		}
	}
	return false;
}

const char *followup_kind_name(enum followup_kind kind)
{
	return kind_names[kind];
}

bool followup_kind_read(struct str name, enum followup_kind *out)
{
	unsigned n;

	if (!find_name(kind_names, ARRAY_LEN(kind_names), name, &n))
		return false;
	*out = (enum followup_kind)n;
	return true;
}

const char *followup_state_name(enum followup_state state)
{
	return state_names[state];
}

bool followup_state_read(struct str name, enum followup_state *out)
{
	unsigned n;

	if (!find_name(state_names, ARRAY_LEN(state_names), name, &n))
		return false;
	*out = (enum followup_state)n;
	return true;
}

bool favour_way_read(struct str name, enum favour_way *out)
{
	unsigned n;

	if (!find_name(way_names, ARRAY_LEN(way_names), name, &n))
		return false;
	*out = (enum favour_way)n;
	return true;
}

bool followup_date_read(struct str s, int64_t *day)
{
	uint64_t y, m, d;
	int year, month, day_of_month;

	if (s.len != 10 || s.p[4] != '-' || s.p[7] != '-' || !str_u64(str_sub(s, 0, 4), &y) ||
		!str_u64(str_sub(s, 5, 7), &m) || !str_u64(str_sub(s, 8, 10), &d) || m < 1 ||
		m > 12 || d < 1)
		return false;
	*day = clock_day_of((int)y, (int)m, (int)d);
	/* 31 April turns into 1 May and is so found out */
	clock_civil(*day, &year, &month, &day_of_month);
	return year == (int)y && month == (int)m && day_of_month == (int)d;
}

struct followup_date followup_date_text(int64_t day)
{
	struct followup_date t = { { 0 } };
	int year, month, day_of_month;

	clock_civil(day, &year, &month, &day_of_month);
	snprintf(t.s, sizeof(t.s), "%04d-%02d-%02d", year % 10000, month, day_of_month);
	return t;
}

struct id followup_key(struct id entry, enum followup_kind kind)
{
	entry.b[15] ^= (uint8_t)(kind + 1);
	return entry;
}

/* Facts that count, sorted by id, and what the rules look up in them. */
struct world {
	const struct fact **facts;
	size_t count;
	const struct id **replaced; /* named in some after; sorted */
	size_t replaced_count;
	const struct fact **states; /* followup-states, sorted by item, then id */
	size_t state_count;
	const struct fact **ties; /* meetings and contacts, sorted by person, event, id */
	size_t tie_count;
	const struct fact **hellos; /* dates set for a first greeting, sorted by of, then id */
	size_t hello_count;
	const struct playbook *playbook;
	int64_t zone_ms, today;
	struct arena *arena;
	struct followup_plan *plan;
};

static int by_id(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;

	return id_compare((*x)->id, (*y)->id);
}

static int by_item(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;
	int order = id_compare((*x)->item, (*y)->item);

	return order ? order : id_compare((*x)->id, (*y)->id);
}

static int by_of(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;
	int order = id_compare((*x)->of, (*y)->of);

	return order ? order : id_compare((*x)->id, (*y)->id);
}

static int by_tie(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;
	int order = id_compare((*x)->person, (*y)->person);

	if (order == 0)
		order = ((*x)->event > (*y)->event) - ((*x)->event < (*y)->event);
	return order ? order : id_compare((*x)->id, (*y)->id);
}

static int by_id_pointer(const void *a, const void *b)
{
	const struct id *const *x = a, *const *y = b;

	return id_compare(**x, **y);
}

static bool has_id(const struct id **sorted, size_t n, const struct id *id)
{
	return n > 0 && bsearch(&id, sorted, n, sizeof(*sorted), by_id_pointer) != NULL;
}

static const struct fact *find_fact(const struct world *w, const struct id *id)
{
	struct fact wanted = { .id = *id };
	const struct fact *key = &wanted;
	const struct fact **hit = w->count ? bsearch(&key, w->facts, w->count, sizeof(*w->facts),
						     by_id)
					   : NULL;

	return hit ? *hit : NULL;
}

static bool is_tie(const struct fact *f)
{
	return f->kind == ENTRY_MEETING || f->kind == ENTRY_CONTACT;
}

static int64_t day_of(const struct world *w, int64_t ms)
{
	return clock_day(ms + w->zone_ms);
}

/* Sort, fold repeats, and leave out what was retracted or hidden with all that hangs on it. */
static void collect(struct world *w, const struct fact *facts, size_t count)
{
	const struct id **dead = ARENA_ARRAY(w->arena, count, const struct id *);
	size_t dead_count = 0, kept = 0, after = 0;

	w->facts = ARENA_ARRAY(w->arena, count, const struct fact *);
	for (size_t i = 0; i < count; i++) {
		w->facts[i] = &facts[i];
		if (facts[i].kind == ENTRY_RETRACT || facts[i].kind == ENTRY_HIDE)
			dead[dead_count++] = &facts[i].of;
		after += facts[i].after_count;
	}
	if (count > 0)
		qsort(w->facts, count, sizeof(*w->facts), by_id);
	if (dead_count > 0)
		qsort(dead, dead_count, sizeof(*dead), by_id_pointer);
	for (size_t i = 0; i < count; i++) {
		const struct fact *f = w->facts[i];

		if (kept > 0 && id_equal(w->facts[kept - 1]->id, f->id))
			continue;
		if (has_id(dead, dead_count, &f->id) || has_id(dead, dead_count, &f->of))
			continue;
		w->facts[kept++] = f;
	}
	w->count = kept;
	w->replaced = ARENA_ARRAY(w->arena, after, const struct id *);
	for (size_t i = 0; i < kept; i++)
		for (size_t k = 0; k < w->facts[i]->after_count; k++)
			w->replaced[w->replaced_count++] = &w->facts[i]->after[k];
	if (w->replaced_count > 0)
		qsort(w->replaced, w->replaced_count, sizeof(*w->replaced), by_id_pointer);
}

static void index_facts(struct world *w)
{
	w->states = ARENA_ARRAY(w->arena, w->count, const struct fact *);
	w->ties = ARENA_ARRAY(w->arena, w->count, const struct fact *);
	w->hellos = ARENA_ARRAY(w->arena, w->count, const struct fact *);
	for (size_t i = 0; i < w->count; i++) {
		if (w->facts[i]->kind == ENTRY_FOLLOWUP_STATE)
			w->states[w->state_count++] = w->facts[i];
		else if (is_tie(w->facts[i]))
			w->ties[w->tie_count++] = w->facts[i];
		else if (w->facts[i]->kind == ENTRY_FOLLOWUP &&
			 w->facts[i]->what == FOLLOWUP_HELLO &&
			 !has_id(w->replaced, w->replaced_count, &w->facts[i]->id))
			w->hellos[w->hello_count++] = w->facts[i];
	}
	if (w->state_count > 0)
		qsort(w->states, w->state_count, sizeof(*w->states), by_item);
	if (w->tie_count > 0)
		qsort(w->ties, w->tie_count, sizeof(*w->ties), by_tie);
	if (w->hello_count > 0)
		qsort(w->hellos, w->hello_count, sizeof(*w->hellos), by_of);
}

static struct id item_of(const struct fact *f)
{
	return f->item;
}

static struct id person_of(const struct fact *f)
{
	return f->person;
}

static struct id of_of(const struct fact *f)
{
	return f->of;
}

/* The first fact whose id, by field, is not below wanted. */
static size_t lower_bound(const struct fact **sorted, size_t n,
	struct id (*field)(const struct fact *), const struct id *wanted)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (id_compare(field(sorted[mid]), *wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static size_t first_state(const struct world *w, const struct id *item)
{
	return lower_bound(w->states, w->state_count, item_of, item);
}

/* What the states of any of these keys say together; heads are what the next change must name. */
struct verdict {
	const struct fact *decides;
	struct id *heads;
	size_t head_count;
	int64_t done_day; /* newest done state, also a replaced one: a contact was made then */
};

static struct verdict judge(struct world *w, const struct id *keys, size_t n)
{
	struct verdict v = { .done_day = INT64_MIN };
	size_t total = 0;

	for (size_t k = 0; k < n; k++)
		for (size_t i = first_state(w, &keys[k]);
			i < w->state_count && id_equal(w->states[i]->item, keys[k]); i++)
			total++;
	v.heads = ARENA_ARRAY(w->arena, total, struct id);
	for (size_t k = 0; k < n; k++) {
		for (size_t i = first_state(w, &keys[k]);
			i < w->state_count && id_equal(w->states[i]->item, keys[k]); i++) {
			const struct fact *s = w->states[i];
			int64_t day = day_of(w, s->at_ms);

			if (s->state == FOLLOWUP_DONE && day > v.done_day)
				v.done_day = day;
			if (has_id(w->replaced, w->replaced_count, &s->id))
				continue;
			v.heads[v.head_count++] = s->id;
			if (!v.decides || s->state > v.decides->state ||
				(s->state == v.decides->state &&
					id_compare(s->id, v.decides->id) > 0))
				v.decides = s;
		}
	}
	return v;
}

static void apply_state(struct world *w, struct followup_item *item, const struct verdict *v)
{
	item->after = v->heads;
	item->after_count = v->head_count;
	if (v->decides) {
		item->state = v->decides->state;
		item->changed_ms = v->decides->at_ms;
		if (item->state == FOLLOWUP_SNOOZE)
			item->until = v->decides->day;
	}
	/* a snooze that is over is an open item again, due as before */
	if (item->state == FOLLOWUP_SNOOZE && item->until <= w->today)
		item->state = FOLLOWUP_OPEN;
	item->overdue = item->state == FOLLOWUP_OPEN && item->due < w->today;
}

static void add_item(struct world *w, const struct followup_item *item)
{
	bool finished = item->state == FOLLOWUP_DONE || item->state == FOLLOWUP_DROP;

	if (finished && day_of(w, item->changed_ms) + w->playbook->keep_done_days < w->today)
		return;
	w->plan->items[w->plan->count++] = *item;
	w->plan->open += !finished;
}

/* The date that was set for greeting after one of these meetings; the highest id wins. */
static const struct fact *explicit_hello(const struct world *w, const struct fact **ties, size_t n)
{
	const struct fact *best = NULL;

	for (size_t k = 0; k < n; k++) {
		size_t i = lower_bound(w->hellos, w->hello_count, of_of, &ties[k]->id);

		for (; i < w->hello_count && id_equal(w->hellos[i]->of, ties[k]->id); i++)
			if (!best || id_compare(w->hellos[i]->id, best->id) > 0)
				best = w->hellos[i];
	}
	return best;
}

/* Fill item->met from this person's ties. */
static void count_meetings(const struct world *w, struct followup_item *item)
{
	size_t i = lower_bound(w->ties, w->tie_count, person_of, &item->person);

	item->met.first = INT64_MAX;
	item->met.last = INT64_MIN;
	for (; i < w->tie_count && id_equal(w->ties[i]->person, item->person); i++) {
		int64_t day = day_of(w, w->ties[i]->at_ms);

		item->met.count++;
		item->met.first = day < item->met.first ? day : item->met.first;
		item->met.last = day > item->met.last ? day : item->met.last;
	}
}

/* Once greeted, a person is written to again when the last contact was long ago. */
static void plan_rhythm(struct world *w, const struct fact **ties, size_t n,
	struct followup_item item, int64_t contact)
{
	struct id *keys = ARENA_ARRAY(w->arena, n, struct id);
	struct verdict v;

	for (size_t i = 0; i < n; i++)
		keys[i] = followup_key(ties[i]->id, FOLLOWUP_KEEP_IN_TOUCH);
	v = judge(w, keys, n);
	contact = v.done_day > contact ? v.done_day : contact;
	item.kind = FOLLOWUP_KEEP_IN_TOUCH;
	item.key = keys[0];
	item.of = ties[n - 1]->id;
	item.event = ties[n - 1]->event;
	item.why = WHY_RHYTHM;
	item.due = contact + w->playbook->days[FOLLOWUP_KEEP_IN_TOUCH];
	apply_state(w, &item, &v);
	/* a greeting sent is a contact, after which the rhythm begins anew */
	if (item.state == FOLLOWUP_DONE) {
		item.state = FOLLOWUP_OPEN;
		item.overdue = item.due < w->today;
	}
	add_item(w, &item);
}

/* One person, all that was between the two: ties[0..n) of w->ties, sorted by event. */
static void plan_person(struct world *w, const struct fact **ties, size_t n)
{
	struct followup_item base = { .person = ties[0]->person };
	struct id *keys = ARENA_ARRAY(w->arena, n, struct id);
	int64_t contact = INT64_MIN;
	bool greeted = false;

	count_meetings(w, &base);
	contact = base.met.last;
	for (size_t from = 0, to; from < n; from = to) {
		struct followup_item item = base;
		const struct fact *said;
		struct verdict v;

		for (to = from; to < n && ties[to]->event == ties[from]->event; to++)
			keys[to] = followup_key(ties[to]->id, FOLLOWUP_HELLO);
		said = explicit_hello(w, ties + from, to - from);
		item.kind = FOLLOWUP_HELLO;
		item.key = keys[from];
		item.of = ties[from]->id;
		item.event = ties[from]->event;
		item.why = n > 1 ? WHY_MET_AGAIN : WHY_MET;
		item.due = said ? said->day
				: day_of(w, ties[from]->at_ms) + w->playbook->days[FOLLOWUP_HELLO];
		item.text = said ? said->text : (struct str){ NULL, 0 };
		v = judge(w, keys + from, to - from);
		apply_state(w, &item, &v);
		add_item(w, &item);
		greeted = greeted || v.done_day != INT64_MIN;
		contact = v.done_day > contact ? v.done_day : contact;
	}
	if (greeted)
		plan_rhythm(w, ties, n, base, contact);
}

/* What the owner wrote down, and thanks for favours received. */
static void plan_said(struct world *w, const struct fact *f)
{
	const struct fact *tie = find_fact(w, &f->of);
	struct followup_item item = { 0 };
	struct verdict v;

	if (!tie || !is_tie(tie) || has_id(w->replaced, w->replaced_count, &f->id))
		return;
	item.kind = f->kind == ENTRY_FAVOUR ? FOLLOWUP_THANKS : f->what;
	item.key = followup_key(f->id, item.kind);
	item.why = f->kind == ENTRY_FAVOUR ? WHY_HELPED : WHY_SAID;
	item.due = f->kind == ENTRY_FAVOUR
			   ? day_of(w, f->at_ms) + w->playbook->days[FOLLOWUP_THANKS]
			   : f->day;
	item.person = tie->person;
	item.of = tie->id;
	item.event = tie->event;
	item.text = f->text;
	count_meetings(w, &item);
	v = judge(w, &item.key, 1);
	apply_state(w, &item, &v);
	add_item(w, &item);
}

/* 0: a loop left open past its date. 1: everything else. 2: snoozed. 3: finished. */
static int rank(const struct followup_item *i)
{
	if (i->state == FOLLOWUP_DONE || i->state == FOLLOWUP_DROP)
		return 3;
	if (i->state == FOLLOWUP_SNOOZE)
		return 2;
	return i->overdue && is_loop[i->kind] ? 0 : 1;
}

static int by_order(const void *a, const void *b)
{
	const struct followup_item *x = a, *y = b;
	int rx = rank(x), ry = rank(y);
	int64_t dx = x->due, dy = y->due;

	if (rx != ry)
		return rx - ry;
	if (rx == 3) {
		dx = y->changed_ms;
		dy = x->changed_ms;
	} else if (rx == 2) {
		dx = x->until;
		dy = y->until;
	}
	if (dx != dy)
		return dx < dy ? -1 : 1;
	return id_compare(x->key, y->key);
}

/* The next midnight of the owner's at which some item becomes late, wakes up or is forgotten. */
static int64_t good_until(const struct world *w)
{
	int64_t day = INT64_MAX;

	for (size_t i = 0; i < w->plan->count; i++) {
		const struct followup_item *item = &w->plan->items[i];
		int64_t change = INT64_MAX;

		if (item->state == FOLLOWUP_OPEN && !item->overdue)
			change = item->due + 1;
		else if (item->state == FOLLOWUP_SNOOZE)
			change = item->until;
		else if (item->state == FOLLOWUP_DONE || item->state == FOLLOWUP_DROP)
			change = day_of(w, item->changed_ms) + w->playbook->keep_done_days + 1;
		day = change < day ? change : day;
	}
	return day == INT64_MAX ? INT64_MAX : day * DAY_MS - w->zone_ms;
}

void followup_plan(struct followup_plan *out, const struct fact *facts, size_t count,
	const struct playbook *playbook, int64_t now_ms, int64_t zone_ms, struct arena *a)
{
	struct world w = { .playbook = playbook, .zone_ms = zone_ms, .arena = a, .plan = out };

	*out = (struct followup_plan){ 0 };
	w.today = day_of(&w, now_ms);
	collect(&w, facts, count);
	index_facts(&w);
	/* at most two items a meeting and one a written fact */
	out->items = ARENA_ARRAY(a, 2 * w.tie_count + w.count, struct followup_item);
	for (size_t from = 0, to; from < w.tie_count; from = to) {
		for (to = from;
			to < w.tie_count && id_equal(w.ties[to]->person, w.ties[from]->person);
			to++)
			;
		plan_person(&w, w.ties + from, to - from);
	}
	for (size_t i = 0; i < w.count; i++) {
		const struct fact *f = w.facts[i];

		if ((f->kind == ENTRY_FOLLOWUP && f->what != FOLLOWUP_HELLO) ||
			(f->kind == ENTRY_FAVOUR && f->way == FAVOUR_RECEIVED))
			plan_said(&w, f);
	}
	if (out->count > 0)
		qsort(out->items, out->count, sizeof(*out->items), by_order);
	out->good_until_ms = good_until(&w);
}
