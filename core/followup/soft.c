/* What nobody waits for: keeping in touch, seeing each other, passing leads on. So much a day. */
#include "core/followup/world.h"

/* A word that somebody cares for. */
struct interest {
	struct str word;
	uint32_t who;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static int compare_nocase(struct str a, struct str b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		unsigned char x = (unsigned char)lower(a.p[i]), y = (unsigned char)lower(b.p[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.len > b.len) - (a.len < b.len);
}

static int by_word(const void *a, const void *b)
{
	const struct interest *x = a, *y = b;
	int order = compare_nocase(x->word, y->word);

	return order ? order : (x->who > y->who) - (x->who < y->who);
}

static bool is_letter(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 0x80 || (u >= '0' && u <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

struct interests {
	struct interest *items;
	size_t count, room;
};

static void add_interest(struct world *w, struct interests *all, struct str word, uint32_t who)
{
	all->items = world_grow(w->arena, all->items, all->count, &all->room, sizeof(*all->items));
	all->items[all->count++] = (struct interest){ word, who };
}

/* What they work on and care for: the line, and each of its words. */
static void add_line(struct world *w, struct interests *all, struct str line, uint32_t who)
{
	size_t from = 0, at = 0;

	add_interest(w, all, str_trim(line), who);
	for (; at <= line.len; at++) {
		if (at < line.len && is_letter(line.p[at]))
			continue;
		if (at - from > 2)
			add_interest(w, all, str_sub(line, from, at), who);
		from = at + 1;
	}
}

static struct interests read_interests(struct world *w)
{
	struct interests all = { 0 };

	for (uint32_t p = 0; p < w->plan->person_count; p++) {
		const struct followup_person *x = &w->plan->persons[p];

		for (size_t i = 0; i < x->topic_count; i++)
			add_interest(w, &all, str_trim(x->topics[i]), p);
		for (size_t i = 0; i < x->note_count; i++)
			if (x->notes[i]->prompt != PROMPT_NONE)
				add_line(w, &all, x->notes[i]->text, p);
	}
	world_sort(all.items, all.count, sizeof(*all.items), by_word);
	return all;
}

enum { FITS_MAX = 64 };

struct fit {
	uint32_t who;
	unsigned words;
	struct str topic; /* the first of the lead's that fits */
	int64_t contact;
};

/* The most words first, then who was not heard of longest. */
static int by_fit(const void *a, const void *b)
{
	const struct fit *x = a, *y = b;

	if (x->words != y->words)
		return x->words > y->words ? -1 : 1;
	if (x->contact != y->contact)
		return x->contact < y->contact ? -1 : 1;
	return (x->who > y->who) - (x->who < y->who);
}

static bool was_given(const struct world *w, const struct fact *lead, uint32_t who)
{
	size_t n;
	const struct named *by = index_find(&w->kept, lead->id, &n);

	for (; n > 0; n--, by++)
		if (by->fact->way == FAVOUR_GIVEN && world_find(w, by->fact->id) &&
			world_find(w, by->fact->id)->who == who)
			return true;
	return false;
}

static void add_fit(const struct world *w, const struct fact *lead, struct fit *fits, size_t *n,
	uint32_t who, struct str topic)
{
	for (size_t i = 0; i < *n; i++) {
		if (fits[i].who == who) {
			fits[i].words++;
			return;
		}
	}
	if (*n < FITS_MAX && !was_given(w, lead, who))
		fits[(*n)++] = (struct fit){ who, 1, topic, w->plan->persons[who].contact_day };
}

static size_t find_fits(const struct world *w, const struct interests *all, const struct fact *lead,
	struct fit *fits)
{
	size_t n = 0;

	for (size_t t = 0; t < lead->topic_count; t++) {
		struct str topic = str_trim(lead->topics[t]);
		size_t low = 0, high = all->count;
		uint32_t last = NOBODY;

		while (low < high) {
			size_t mid = low + (high - low) / 2;

			if (compare_nocase(all->items[mid].word, topic) < 0)
				low = mid + 1;
			else
				high = mid;
		}
		for (size_t i = low, seen = 0; i < all->count && seen < FITS_MAX; i++) {
			if (compare_nocase(all->items[i].word, topic) != 0)
				break;
			if (all->items[i].who == last)
				continue;
			last = all->items[i].who;
			seen++;
			add_fit(w, lead, fits, &n, last, topic);
		}
	}
	world_sort(fits, n, sizeof(*fits), by_fit);
	return n;
}

static void lead_shared(struct world *w, int64_t day)
{
	w->lead_days = world_grow(
		w->arena, w->lead_days, w->lead_count, &w->lead_room, sizeof(*w->lead_days));
	w->lead_days[w->lead_count++] = day;
}

/* A lead, with whom it would interest. For somebody (tie), or for whoever fits. */
static void plan_lead(
	struct world *w, const struct interests *all, const struct fact *f, const struct node *tie)
{
	struct fit fits[FITS_MAX];
	size_t n = find_fits(w, all, f, fits), given, first = 0, most;
	const struct named *by = index_find(&w->kept, f->id, &given);
	uint32_t who = tie	   ? tie->who
		       : n > 0	   ? fits[0].who
		       : given > 0 ? world_find(w, by[given - 1].fact->id)->who
				   : NOBODY;
	struct followup_item item = item_about(w, FOLLOWUP_SHARE, who, tie ? tie->fact : NULL, f);
	struct verdict v = world_judge(w, &item.key, 1, tie ? who : NOBODY);
	struct id *also;

	item.why = tie || (n == 0 && who != NOBODY) ? WHY_PLANNED : n > 0 ? WHY_LEAD : WHY_NOBODY;
	item.since = world_day(w, f->at_ms);
	item.due = f->day;
	item.topics = f->topics;
	item.topic_count = f->topic_count;
	item.offers = OFFER_GIVE | (who == NOBODY ? 0u : (unsigned)OFFER_DRAFT);
	if (!tie && n > 0) {
		item.topic = fits[0].topic;
		item.of = item.who->tie_count > 0 ? item.who->ties[0]->id : item.of;
		first = 1;
	}
	most = (size_t)w->playbook->lead_people;
	also = ARENA_ARRAY(w->arena, n, struct id);
	item.also = also;
	for (size_t i = first; i < n && item.also_count < most; i++)
		if (fits[i].who != who)
			also[item.also_count++] = w->plan->persons[fits[i].who].key;
	item_settle(w, &item, &v);
	/* given to all whom it interests */
	if (given > 0 && (tie || n == 0) && !item_is_finished(&item)) {
		item.state = FOLLOWUP_DONE;
		item.overdue = false;
		item.changed_ms = by[given - 1].fact->at_ms;
	}
	count_soft(w, &v);
	if (item.state == FOLLOWUP_DONE || given > 0)
		lead_shared(w, item.state == FOLLOWUP_DONE ? world_day(w, item.changed_ms)
							   : world_day(w, by->fact->at_ms));
	if (tie && v.done_day != NEVER && given == 0)
		person_gave(w, who);
	item_add(w, &item);
	/* a lead for nobody in particular is no reason not to write to the one who comes first */
	if (!tie && item.who && !item_is_finished(&item))
		w->hard[who]--;
}

void plan_leads(struct world *w)
{
	struct interests all;

	plan_contacts(w);
	all = read_interests(w);
	for (size_t i = 0; i < w->count; i++) {
		const struct fact *f = w->nodes[i].fact;
		const struct node *tie = world_find(w, f->of);

		if (f->kind != ENTRY_FOLLOWUP || f->what != FOLLOWUP_SHARE || world_replaced(w, f))
			continue;
		if (id_is_none(f->of) || (tie && tie->who != NOBODY))
			plan_lead(w, &all, f, id_is_none(f->of) ? NULL : tie);
	}
}

/* One of the two soft kinds about a person: all its ties' keys speak for it. */
static struct verdict judge_soft(struct world *w, const struct followup_person *p,
	enum followup_kind kind, struct followup_item *item)
{
	const struct fact *last = p->ties[p->tie_count - 1];
	struct id *keys = ARENA_ARRAY(w->arena, p->tie_count, struct id);

	for (size_t i = 0; i < p->tie_count; i++)
		keys[i] = followup_key(p->ties[i]->id, kind);
	*item = item_about(w, kind, (uint32_t)(p - w->plan->persons), last, last);
	item->key = keys[0];
	item->source = p->ties[0]->id;
	item->text = STR("");
	return world_judge(w, keys, p->tie_count, (uint32_t)(p - w->plan->persons));
}

/* done and drop only begin the next round; a snooze ends with the next contact. */
static void settle_soft(
	struct world *w, struct followup_item *item, const struct verdict *v, int64_t contact)
{
	item_settle(w, item, v);
	if (item_is_finished(item) ||
		(item->state == FOLLOWUP_SNOOZE && contact > world_day(w, item->changed_ms)))
		item->state = FOLLOWUP_OPEN;
	item->overdue = false;
}

static int64_t dropped_day(const struct world *w, const struct verdict *v)
{
	return v->decides && v->decides->state == FOLLOWUP_DROP ? world_day(w, v->decides->at_ms)
								: NEVER;
}

static int64_t latest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void plan_rhythm(struct world *w, struct followup_person *p, bool begun)
{
	struct followup_item keep, face;
	struct verdict k = judge_soft(w, p, FOLLOWUP_KEEP_IN_TOUCH, &keep);
	struct verdict f = judge_soft(w, p, FOLLOWUP_FACE_TIME, &face);
	bool faces;

	count_soft(w, &k);
	count_soft(w, &f);
	p->contact_day = latest(p->contact_day, latest(k.done_day, f.done_day));
	p->face_day = latest(p->face_day, f.done_day);
	begun = begun || k.done_day != NEVER || f.done_day != NEVER;
	if (p->rhythm_days == 0 || !(begun || p->own_rhythm) || w->hard[p - w->plan->persons] > 0)
		return;
	keep.why = WHY_RHYTHM;
	keep.since = p->contact_day;
	keep.due = latest(p->contact_day, dropped_day(w, &k)) + p->rhythm_days;
	keep.offers = OFFER_DRAFT | OFFER_ICS;
	settle_soft(w, &keep, &k, p->contact_day);
	face.why = WHY_FACE;
	face.since = p->face_day;
	face.due = p->face_day == NEVER ? INT64_MAX
					: latest(p->face_day, dropped_day(w, &f)) +
						  w->playbook->days[FOLLOWUP_FACE_TIME];
	face.offers = OFFER_DRAFT | OFFER_ICS;
	settle_soft(w, &face, &f, p->face_day);
	faces = p->face_day != NEVER && p->contact_day > p->face_day && face.due <= keep.due;
	if (faces)
		item_add(w, &face);
	/* one of the two is enough, unless the coffee was put off for long */
	if (!faces || (face.state == FOLLOWUP_SNOOZE && keep.due < face.until))
		item_add(w, &keep);
}

void plan_rhythms(struct world *w)
{
	bool *begun = ARENA_ARRAY(w->arena, w->plan->person_count, bool);

	plan_contacts(w);
	for (size_t i = 0; i < w->finish_count; i++)
		begun[w->finishes[i].who] = true;
	for (uint32_t p = 0; p < w->plan->person_count; p++) {
		if (w->favours.start[p + 1] > w->favours.start[p])
			begun[p] = true;
		if (w->plan->persons[p].tie_count > 0)
			plan_rhythm(w, &w->plan->persons[p], begun[p]);
	}
}

void count_soft(struct world *w, const struct verdict *v)
{
	if (v->decides && v->decides->state >= FOLLOWUP_DROP &&
		world_day(w, v->decides->at_ms) == w->today)
		w->soft_done++;
}

static bool is_spread(const struct followup_item *item)
{
	return item->state == FOLLOWUP_OPEN &&
	       (item->why == WHY_RHYTHM || item->why == WHY_FACE || item->why == WHY_LEAD ||
		       item->why == WHY_NOBODY);
}

/* By date; of one date last what is taken first: leads for nobody, then the higher key. */
static int by_due(const void *a, const void *b)
{
	const struct followup_item *const *x = a, *const *y = b;

	if ((*x)->due != (*y)->due)
		return (*x)->due < (*y)->due ? -1 : 1;
	if (((*x)->why == WHY_NOBODY) != ((*y)->why == WHY_NOBODY))
		return (*x)->why == WHY_NOBODY ? -1 : 1;
	return id_compare((*y)->key, (*x)->key);
}

/*
 * Soft items fall on the first day from their own on that has room, so that forty people met on
 * one evening do not all come back on one morning. What was finished today has taken its part of
 * today's room. The newest go first: who is passed over for long must not stand in the way of all
 * others, and comes again on the first day with room.
 */
void plan_spread(struct world *w)
{
	struct followup_item **soft = ARENA_ARRAY(w->arena, w->item_count, struct followup_item *);
	struct followup_item **wait = ARENA_ARRAY(w->arena, w->item_count, struct followup_item *);
	size_t n = 0, next = 0, waiting = 0;
	int64_t day = w->today;
	int used = w->soft_done;

	for (size_t i = 0; i < w->item_count; i++)
		if (is_spread(&w->items[i]))
			soft[n++] = &w->items[i];
	world_sort(soft, n, sizeof(*soft), by_due);
	while (next < n || waiting > 0) {
		if (waiting == 0 && soft[next]->due > day) {
			day = soft[next]->due;
			used = 0;
		}
		while (next < n && soft[next]->due <= day)
			wait[waiting++] = soft[next++];
		while (waiting > 0 && used < w->playbook->soft_a_day) {
			struct followup_item *item = wait[--waiting];

			used++;
			item->overdue = false;
			if (day > w->today) {
				w->moves = w->moves || item->due <= w->today;
				item->due = day;
			}
		}
		day++;
		used = 0;
	}
}
