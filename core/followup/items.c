/* What is owed to people by what happened: greetings, promises, thanks, introductions, referrals
 * and the reports on them. */
#include "core/followup/world.h"

struct followup_item item_about(struct world *w, enum followup_kind kind, uint32_t who,
	const struct fact *tie, const struct fact *source)
{
	const struct followup_person *p = who == NOBODY ? NULL : &w->plan->persons[who];

	return (struct followup_item){
		.kind = kind,
		.key = followup_key(source->id, kind),
		.person = p ? p->key : (struct id){ { 0 } },
		.who = p,
		.of = tie ? tie->id : (struct id){ { 0 } },
		.source = source->id,
		.event = tie ? tie->event : source->event,
		.text = source->text,
		.met = p ? p->met : (struct followup_met){ 0 },
		.since = NEVER,
	};
}

void item_settle(struct world *w, struct followup_item *item, const struct verdict *v)
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

void item_add(struct world *w, const struct followup_item *item)
{
	bool finished = item_is_finished(item);

	if (finished && world_day(w, item->changed_ms) + w->playbook->keep_done_days < w->today)
		return;
	w->items = world_grow(w->arena, w->items, w->item_count, &w->item_room, sizeof(*w->items));
	w->items[w->item_count++] = *item;
	if (!finished && item->who)
		w->hard[item->who - w->plan->persons]++;
}

static struct verdict judge_item(struct world *w, const struct followup_item *item)
{
	return world_judge(
		w, &item->key, 1, item->who ? (uint32_t)(item->who - w->plan->persons) : NOBODY);
}

static struct verdict settle_and_add(struct world *w, struct followup_item *item)
{
	struct verdict v = judge_item(w, item);

	item_settle(w, item, &v);
	item_add(w, item);
	return v;
}

static void succeed(struct world *w, const struct success *s)
{
	w->successes = world_grow(
		w->arena, w->successes, w->success_count, &w->success_room, sizeof(*w->successes));
	w->successes[w->success_count++] = *s;
}

/* If it worked out, whoever led to it is thanked; root names the success, once however told. */
static bool note_success(struct world *w, const struct verdict *v, const struct followup_item *item,
	struct id root, uint32_t also, bool helpers_only)
{
	if (!v->decides || v->decides->state != FOLLOWUP_DONE || !v->decides->worked || !item->who)
		return false;
	succeed(w, &(struct success){ .root = root,
			   .person = (uint32_t)(item->who - w->plan->persons),
			   .also = also,
			   .helpers_only = helpers_only,
			   .day = world_day(w, v->decides->at_ms),
			   .text = item->text,
			   .of = item->of,
			   .source = item->source,
			   .event = item->event });
	return true;
}

/* The person to whom a referral leads; NOBODY: it does not say. */
static uint32_t find_about(const struct world *w, const struct fact *f)
{
	const struct node *tie = world_find(w, f->about);

	return tie ? tie->who : NOBODY;
}

/* A tie to speak of, for an item that has none of its own. */
static const struct fact *item_tie(const struct followup_person *p)
{
	return p->tie_count > 0 ? p->ties[0] : NULL;
}

static struct followup_loop *add_loop(struct world *w, enum loop_kind kind, const struct fact *f,
	struct id person, struct id about)
{
	w->loops = world_grow(w->arena, w->loops, w->loop_count, &w->loop_room, sizeof(*w->loops));
	w->loops[w->loop_count] = (struct followup_loop){ .kind = kind,
		.entry = f->id,
		.person = person,
		.about = about,
		.text = f->text,
		.asked = world_day(w, f->at_ms),
		.acted = NEVER,
		.declined = NEVER,
		.reported = NEVER,
		.thanked = NEVER,
		.open = true };
	return &w->loops[w->loop_count++];
}

static bool is_state(const struct verdict *v, enum followup_state state)
{
	return v->decides && v->decides->state == state;
}

static int64_t state_day(const struct world *w, const struct verdict *v, enum followup_state state)
{
	return is_state(v, state) ? world_day(w, v->decides->at_ms) : NEVER;
}

/* How far a loop has come: acted is of what was to be done, report of telling about it. */
static void follow_loop(struct world *w, struct followup_loop *loop, const struct verdict *acted,
	const struct verdict *report)
{
	struct id key = thanks_key(loop->entry, loop->entry);
	struct verdict thanks = world_judge(w, &key, 1, NOBODY);

	loop->acted = state_day(w, acted, FOLLOWUP_DONE);
	loop->declined = state_day(w, acted, FOLLOWUP_DROP);
	loop->reported = state_day(w, report, FOLLOWUP_DONE);
	loop->thanked = state_day(w, &thanks, FOLLOWUP_DONE);
	loop->worked = (is_state(acted, FOLLOWUP_DONE) && acted->decides->worked) ||
		       (is_state(report, FOLLOWUP_DONE) && report->decides->worked);
	/* thanks for what worked out tell it, too */
	if (loop->worked && loop->reported == NEVER)
		loop->reported = loop->thanked;
	if (loop->declined != NEVER)
		loop->open = false;
	else if (loop->worked)
		loop->open = loop->thanked == NEVER && !is_state(&thanks, FOLLOWUP_DROP);
	else
		loop->open = loop->acted == NEVER ||
			     (loop->reported == NEVER && !is_state(report, FOLLOWUP_DROP));
}

/* After acting on a referral, who gave it hears what became of it, unless they are thanked. */
static void report_referral(struct world *w, const struct fact *f, uint32_t who,
	const struct fact *tie, const struct verdict *acted, uint32_t about)
{
	struct followup_item item = item_about(w, FOLLOWUP_REPORT_BACK, who, tie, f);
	struct verdict v = judge_item(w, &item);
	struct id to = { { 0 } };

	if (about != NOBODY)
		to = w->plan->persons[about].key;
	follow_loop(w, add_loop(w, LOOP_REFERRAL, f, item.person, to), acted, &v);
	if (!is_state(acted, FOLLOWUP_DONE) || acted->decides->worked)
		return;
	item.why = WHY_ACTED;
	item.since = world_day(w, acted->decides->at_ms);
	item.due = item.since + w->playbook->days[FOLLOWUP_REPORT_BACK];
	item.offers = OFFER_DRAFT | OFFER_WORKED;
	item_settle(w, &item, &v);
	item_add(w, &item);
	(void)note_success(w, &v, &item, f->id, about, false);
}

/* Did the owner ask for something at that tie? Then an introduction there is one that was asked
 * for. */
static bool asked_at(const struct world *w, uint32_t who, struct id tie)
{
	for (size_t i = w->favours.start[who]; i < w->favours.start[who + 1]; i++)
		if (w->favours.items[i]->way == FAVOUR_ASKED &&
			id_equal(w->favours.items[i]->of, tie))
			return true;
	return false;
}

static const struct {
	enum followup_why why;
	unsigned offers;
} of_kind[FOLLOWUP_KIND_COUNT] = {
	[FOLLOWUP_HELLO] = { WHY_MET, OFFER_DRAFT | OFFER_VCARD | OFFER_ICS },
	[FOLLOWUP_PROMISE] = { WHY_SAID, OFFER_DRAFT | OFFER_WORKED },
	[FOLLOWUP_THANKS] = { WHY_HELPED, OFFER_DRAFT },
	[FOLLOWUP_INTRODUCE] = { WHY_PLANNED, OFFER_DRAFT | OFFER_DECLINE | OFFER_WORKED },
	[FOLLOWUP_REFERRAL] = { WHY_REFERRED, OFFER_DRAFT | OFFER_DECLINE | OFFER_WORKED },
	[FOLLOWUP_REPORT_BACK] = { WHY_PLANNED, OFFER_DRAFT | OFFER_WORKED },
	[FOLLOWUP_SHARE] = { WHY_PLANNED, OFFER_DRAFT | OFFER_GIVE },
	[FOLLOWUP_CONGRATULATE] = { WHY_NEWS, OFFER_DRAFT },
	[FOLLOWUP_KEEP_IN_TOUCH] = { WHY_PLANNED, OFFER_DRAFT | OFFER_ICS },
	[FOLLOWUP_FACE_TIME] = { WHY_PLANNED, OFFER_DRAFT | OFFER_ICS },
};

/* Done, these are something given. */
static bool is_give(enum followup_kind kind)
{
	return kind == FOLLOWUP_PROMISE || kind == FOLLOWUP_INTRODUCE ||
	       kind == FOLLOWUP_CONGRATULATE;
}

/* What the owner wrote down. Greetings are planned by their meeting, leads by their topics. */
static void plan_said(struct world *w, const struct fact *f, uint32_t who)
{
	const struct node *tie = world_find(w, f->of);
	struct followup_item item;
	struct verdict v;
	uint32_t about;
	size_t kept;

	if (who == NOBODY || !tie || f->what == FOLLOWUP_HELLO || f->what == FOLLOWUP_SHARE ||
		world_replaced(w, f))
		return;
	item = item_about(w, f->what, who, tie->fact, f);
	item.why = of_kind[f->what].why;
	item.offers = of_kind[f->what].offers;
	item.due = f->day;
	item.since = world_day(w, f->at_ms);
	if (f->what == FOLLOWUP_INTRODUCE && asked_at(w, who, f->of)) {
		item.why = WHY_ASKED_FOR;
		item.offers &= ~(unsigned)OFFER_DECLINE;
	}
	v = settle_and_add(w, &item);
	about = find_about(w, f);
	if (f->what == FOLLOWUP_REFERRAL) {
		report_referral(w, f, who, tie->fact, &v, about);
		w->plan->persons[who].balance.received++;
	}
	(void)index_find(&w->kept, f->id, &kept);
	if (is_give(f->what) && item.why != WHY_ASKED_FOR && is_state(&v, FOLLOWUP_DONE) &&
		kept == 0)
		person_gave(w, who);
	if (item.offers & OFFER_WORKED)
		(void)note_success(w, &v, &item, f->id, about, false);
}

/* A promise of the same words at the same tie already says when the offer will be kept. */
static bool is_covered(const struct world *w, const struct fact *f)
{
	size_t n;
	const struct named *x = index_find(&w->said, f->of, &n);

	for (; n > 0; n--, x++)
		if (x->fact->what == FOLLOWUP_PROMISE &&
			(f->text.len == 0 || str_equal(f->text, x->fact->text)))
			return true;
	return false;
}

/* An offer made in passing is a promise; a favour given that names it keeps it. */
static void plan_offer(struct world *w, const struct fact *f, uint32_t who, const struct fact *tie)
{
	struct followup_item item = item_about(w, FOLLOWUP_PROMISE, who, tie, f);
	struct verdict v;
	size_t kept;
	const struct named *by = index_find(&w->kept, f->id, &kept);

	if (is_covered(w, f))
		return;
	item.why = WHY_OFFERED;
	item.offers = of_kind[FOLLOWUP_PROMISE].offers;
	item.since = world_day(w, f->at_ms);
	item.due = item.since + w->playbook->offer_days;
	v = judge_item(w, &item);
	item_settle(w, &item, &v);
	if (kept == 0 && is_state(&v, FOLLOWUP_DONE))
		person_gave(w, who);
	if (kept > 0 && item.state != FOLLOWUP_DONE) {
		item.state = FOLLOWUP_DONE;
		item.overdue = false;
		item.changed_ms = by->fact->at_ms;
	}
	item_add(w, &item);
	(void)note_success(w, &v, &item, f->id, NOBODY, false);
}

static void plan_favour(struct world *w, const struct fact *f, uint32_t who)
{
	const struct node *tie = world_find(w, f->of);
	struct followup_item item;

	if (who == NOBODY || !tie)
		return;
	if (f->way == FAVOUR_GIVEN)
		finish_with(w, world_day(w, f->at_ms), who);
	if (f->way == FAVOUR_OFFERED)
		plan_offer(w, f, who, tie->fact);
	if (f->way != FAVOUR_RECEIVED)
		return;
	item = item_about(w, FOLLOWUP_THANKS, who, tie->fact, f);
	item.why = WHY_HELPED;
	item.offers = OFFER_DRAFT;
	item.since = world_day(w, f->at_ms);
	item.due = item.since + w->playbook->days[FOLLOWUP_THANKS];
	(void)settle_and_add(w, &item);
}

/* What the owner answered when asked; the highest id that nothing replaces. */
static const struct fact *answer_to(const struct world *w, struct id introduction)
{
	size_t n;
	const struct named *x = index_find(&w->answers, introduction, &n);
	const struct fact *best = NULL;

	for (; n > 0; n--, x++)
		if (x->fact->said[0] != SAID_NOTHING)
			best = x->fact;
	return best;
}

/* Somebody asks whether the owner wants to be introduced: a yes or no closes it. */
static void plan_ask(struct world *w, const struct fact *f)
{
	struct followup_item item = item_about(
		w, FOLLOWUP_INTRODUCE, world_person(w, f->other), NULL, f);
	const struct fact *answer = answer_to(w, f->id);
	enum fact_said said = answer ? answer->said[0] : fact_is_tie(f) ? SAID_YES : f->said[0];
	struct verdict v = judge_item(w, &item);

	item.why = WHY_ASKED;
	item.of = f->id;
	item.since = world_day(w, f->at_ms);
	item.due = item.since + w->playbook->days[FOLLOWUP_INTRODUCE];
	item.offers = OFFER_ANSWER;
	item_settle(w, &item, &v);
	if (said != SAID_NOTHING) {
		item.state = said == SAID_YES ? FOLLOWUP_DONE : FOLLOWUP_DROP;
		item.overdue = false;
		item.changed_ms = answer ? answer->at_ms : f->at_ms;
	}
	item_add(w, &item);
}

/* The owner introduces two people: see that both answer, then ask them how it went. */
static void plan_introduction(struct world *w, const struct fact *f)
{
	const struct node *a = world_find(w, f->a), *b = world_find(w, f->b);
	bool agreed = f->said[0] == SAID_YES && f->said[1] == SAID_YES;
	struct followup_item item;
	struct followup_loop *loop;
	struct verdict v;
	struct id *also;
	bool by_mail;

	if (!a || !b || a->who == NOBODY || b->who == NOBODY || a->who == b->who)
		return;
	loop = add_loop(
		w, LOOP_INTRODUCE, f, w->plan->persons[a->who].key, w->plan->persons[b->who].key);
	if (f->said[0] == SAID_NO || f->said[1] == SAID_NO) {
		loop->declined = loop->asked;
		loop->open = false;
		return;
	}
	/* the server asks whoever has a badge; whoever has only a card is asked by the owner */
	by_mail = a->fact->kind == ENTRY_CONTACT || b->fact->kind == ENTRY_CONTACT;
	item = item_about(
		w, agreed ? FOLLOWUP_REPORT_BACK : FOLLOWUP_INTRODUCE, a->who, a->fact, f);
	also = ARENA_NEW(w->arena, struct id);
	*also = w->plan->persons[b->who].key;
	item.by = *also;
	item.also = also;
	item.also_count = 1;
	item.why = agreed ? WHY_AGREED : WHY_WAITS;
	item.since = world_day(w, f->at_ms);
	item.due = item.since + (agreed		  ? w->playbook->agreed_days
					: by_mail ? w->playbook->days[FOLLOWUP_INTRODUCE]
						  : w->playbook->answer_days);
	item.offers = OFFER_DRAFT | OFFER_WORKED;
	v = settle_and_add(w, &item);
	if (v.done_day != NEVER)
		(void)world_judge(w, &item.key, 1, b->who);
	if (agreed) {
		loop->acted = loop->asked;
		person_gave(w, a->who);
		person_gave(w, b->who);
	}
	loop->reported = state_day(w, &v, FOLLOWUP_DONE);
	loop->worked = is_state(&v, FOLLOWUP_DONE) && v.decides->worked;
	loop->open = !item_is_finished(&item);
	(void)note_success(w, &v, &item, f->id, b->who, true);
}

/* The date that was set for greeting after one of these ties; the highest id wins. */
static const struct fact *explicit_hello(const struct world *w, const struct fact **ties, size_t n)
{
	const struct fact *best = NULL;

	for (size_t k = 0; k < n; k++) {
		size_t count;
		const struct named *x = index_find(&w->said, ties[k]->id, &count);

		for (; count > 0; count--, x++)
			if (x->fact->what == FOLLOWUP_HELLO &&
				(!best || id_order(&x->fact->id, &best->id) > 0))
				best = x->fact;
	}
	return best;
}

/* Whoever introduced the two hears how it went, when the greeting is done. */
static void report_introductions(struct world *w, const struct fact **ties, size_t n, uint32_t who,
	const struct verdict *greeted)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t by = ties[i]->kind == ENTRY_INTRODUCE ? world_person(w, ties[i]->other)
							       : NOBODY;
		struct followup_item item;
		struct verdict v;

		if (by == NOBODY || by == who)
			continue;
		w->plan->persons[by].balance.received++;
		item = item_about(
			w, FOLLOWUP_REPORT_BACK, by, item_tie(&w->plan->persons[by]), ties[i]);
		v = judge_item(w, &item);
		follow_loop(w,
			add_loop(w, LOOP_INTRODUCED, ties[i], item.person,
				w->plan->persons[who].key),
			greeted, &v);
		if (!is_state(greeted, FOLLOWUP_DONE))
			continue;
		item.why = WHY_TOLD;
		item.by = w->plan->persons[who].key;
		item.since = world_day(w, greeted->decides->at_ms);
		item.due = item.since + w->playbook->days[FOLLOWUP_REPORT_BACK];
		item.offers = OFFER_DRAFT | OFFER_WORKED;
		item_settle(w, &item, &v);
		item_add(w, &item);
		(void)note_success(w, &v, &item, ties[i]->id, who, false);
	}
}

/* The greeting after what ties[0..n), of one event, brought together. */
static void plan_hello(struct world *w, const struct fact **ties, size_t n, uint32_t who, bool last)
{
	const struct fact *said = explicit_hello(w, ties, n);
	struct followup_item item = item_about(w, FOLLOWUP_HELLO, who, ties[0], ties[0]);
	struct id *keys = ARENA_ARRAY(w->arena, n, struct id);
	struct verdict v;
	bool met = false;

	for (size_t i = 0; i < n; i++) {
		keys[i] = followup_key(ties[i]->id, FOLLOWUP_HELLO);
		met = met || ties[i]->kind != ENTRY_INTRODUCE;
	}
	item.why = !met ? WHY_INTRODUCED : item.met.count > 1 ? WHY_MET_AGAIN : WHY_MET;
	if (!met)
		item.by = w->plan->persons[world_person(w, ties[0]->other)].key;
	item.since = world_day(w, ties[0]->at_ms);
	item.due = said ? said->day : item.since + w->playbook->days[FOLLOWUP_HELLO];
	item.text = said ? said->text : STR("");
	item.offers = of_kind[FOLLOWUP_HELLO].offers;
	v = world_judge(w, keys, n, who);
	item_settle(w, &item, &v);
	/* met again at a later event: that greeting is for both */
	if (last || item_is_finished(&item))
		item_add(w, &item);
	report_introductions(w, ties, n, who, &v);
}

static int by_event(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;
	int order = ((*x)->event > (*y)->event) - ((*x)->event < (*y)->event);

	return order ? order : id_compare((*x)->id, (*y)->id);
}

static void plan_hellos(struct world *w, uint32_t who)
{
	const struct followup_person *p = &w->plan->persons[who];
	const struct fact **ties = ARENA_ARRAY(w->arena, p->tie_count, const struct fact *);
	uint32_t newest;

	if (p->tie_count == 0)
		return;
	memcpy(ties, p->ties, p->tie_count * sizeof(*ties));
	newest = ties[p->tie_count - 1]->event;
	world_sort(ties, p->tie_count, sizeof(*ties), by_event);
	for (size_t from = 0, to; from < p->tie_count; from = to) {
		for (to = from; to < p->tie_count && ties[to]->event == ties[from]->event;)
			to++;
		plan_hello(w, ties + from, to - from, who, ties[from]->event == newest);
	}
}

static int by_entry(const void *a, const void *b)
{
	const struct followup_loop *x = a, *y = b;

	return id_compare(x->entry, y->entry);
}

void plan_hard(struct world *w)
{
	w->hard = ARENA_ARRAY(w->arena, w->plan->person_count, unsigned);
	for (uint32_t p = 0; p < w->plan->person_count; p++)
		plan_hellos(w, p);
	for (size_t i = 0; i < w->count; i++) {
		const struct fact *f = w->nodes[i].fact;

		if (f->kind == ENTRY_FOLLOWUP)
			plan_said(w, f, w->nodes[i].who);
		else if (f->kind == ENTRY_FAVOUR)
			plan_favour(w, f, w->nodes[i].who);
		else if (f->kind == ENTRY_INTRODUCE && f->asks)
			plan_ask(w, f);
		else if (f->kind == ENTRY_INTRODUCE)
			plan_introduction(w, f);
	}
	world_sort(w->loops, w->loop_count, sizeof(*w->loops), by_entry);
}
