#include "tests/bench/year.h"

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/followup/language.h"

enum {
	DAY_MS = 86400000,
	PEOPLE = 120,
	INTRODUCED = 40, /* more people, by introductions */
	EVENTS = 4,
	DONE_A_DAY = 14,
};

static const int event_days[EVENTS] = { 12, 103, 194, 285 };
static const char *const topics[] = { "rust", "maps", "tea", "health", "batteries", "poetry",
	"databases", "bees" };
static const char *const first_names[] = { "Ben", "Chidi", "Dóra", "Emil", "Fatima", "Goran",
	"Hana", "Ines", "Jonas", "Kim", "Leila", "Mario", "Nadia", "Omar", "Pia", "Quinn", "Rosa",
	"Sven", "Tomás", "Uma" };
static const char *const last_names[] = { "Adams", "Berg", "Costa", "Diaz", "Eze", "Fuchs",
	"García", "Haddad" };

struct somebody {
	struct id id, tie; /* tie: the newest */
	bool known, ignored;
};

/* A key that must stay in the queue until somebody closes it. */
struct owed {
	struct id key;
	bool closed;
};

struct year {
	struct arena facts_memory, plan_memory;
	uint64_t random;
	int64_t first_day;
	int step_days, day;
	bool checked;
	struct fact *facts;
	size_t count, room;
	struct somebody people[PEOPLE + INTRODUCED];
	unsigned introduced; /* so many of INTRODUCED are known */
	struct owed *owed;
	size_t owed_count, owed_room;
	size_t ask; /* fact of an introduction that waits for the other side, or SIZE_MAX */
	size_t own; /* fact of an own one that waits */
	char name[64];
	struct followup_plan plan;
	const char *wrong; /* with it */
};

static unsigned roll(struct year *y, unsigned below)
{
	y->random ^= y->random << 13;
	y->random ^= y->random >> 7;
	y->random ^= y->random << 17;
	return (unsigned)(y->random >> 33) % below;
}

static bool chance(struct year *y, unsigned percent)
{
	return roll(y, 100) < percent;
}

static void *room_for(struct year *y, void *items, size_t count, size_t *room, size_t size)
{
	void *wider;

	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 256;
	wider = arena_array(&y->facts_memory, *room, size);
	if (count > 0)
		memcpy(wider, items, count * size);
	return wider;
}

static struct fact *add(struct year *y, enum entry_kind kind)
{
	uint8_t random[10] = { 0 };
	struct fact *f;

	y->facts = room_for(y, y->facts, y->count, &y->room, sizeof(*y->facts));
	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (uint8_t)roll(y, 256);
	f = &y->facts[y->count++];
	/* one entry a second, so that ids grow as time does */
	*f = (struct fact){ .kind = kind,
		.event = 1,
		.own = true,
		.at_ms = (y->first_day + y->day) * DAY_MS + 28800000 +
			 (int64_t)(y->count % 30000) * 1000 };
	f->id = id_uuid7((uint64_t)f->at_ms, random);
	return f;
}

static void owe(struct year *y, struct id entry, enum followup_kind kind)
{
	y->owed = room_for(y, y->owed, y->owed_count, &y->owed_room, sizeof(*y->owed));
	y->owed[y->owed_count++] = (struct owed){ followup_key(entry, kind), false };
}

static int64_t today(const struct year *y)
{
	return y->first_day + y->day;
}

static void promise(
	struct year *y, struct id tie, enum followup_kind kind, int days, struct str text)
{
	struct fact *f = add(y, ENTRY_FOLLOWUP);

	f->of = tie;
	f->what = kind;
	f->day = today(y) + days;
	f->text = text;
	if (kind != FOLLOWUP_HELLO)
		owe(y, f->id, kind);
}

static void favour(struct year *y, struct id tie, enum favour_way way, struct str text)
{
	struct fact *f = add(y, ENTRY_FAVOUR);

	f->of = tie;
	f->way = way;
	f->text = text;
	if (way == FAVOUR_RECEIVED)
		owe(y, f->id, FOLLOWUP_THANKS);
	if (way == FAVOUR_OFFERED)
		owe(y, f->id, FOLLOWUP_PROMISE);
}

static void note(struct year *y, struct id tie)
{
	struct str *said = ARENA_ARRAY(&y->facts_memory, 2, struct str);
	struct fact *f = add(y, ENTRY_NOTE);

	said[0] = str_of(topics[roll(y, ARRAY_LEN(topics))]);
	said[1] = str_of(topics[roll(y, ARRAY_LEN(topics))]);
	f->of = tie;
	f->topics = said;
	f->topic_count = 1 + roll(y, 2);
	if (chance(y, 30)) {
		f->prompt = chance(y, 50) ? PROMPT_WORKING : PROMPT_CARES;
		f->text = said[0];
	}
}

static void meet(struct year *y, struct somebody *who, unsigned event)
{
	struct fact *f = add(y, ENTRY_MEETING);
	struct id tie = f->id;

	f->person = who->id;
	f->event = event;
	f->own = false;
	who->tie = tie;
	who->known = true;
	if (chance(y, 70))
		note(y, tie);
	if (chance(y, 15))
		promise(y, tie, FOLLOWUP_HELLO, 1 + (int)roll(y, 30), STR(""));
	if (chance(y, 30))
		promise(y, tie, FOLLOWUP_PROMISE, 2 + (int)roll(y, 6), STR("the slides"));
	if (chance(y, 10))
		favour(y, tie, FAVOUR_OFFERED, STR("a look at the draft"));
	if (chance(y, 10))
		favour(y, tie, FAVOUR_ASKED, STR("a word with their colleague"));
}

/* 30 new people, and of those known a quarter again. */
static void hold_event(struct year *y, unsigned event)
{
	for (unsigned i = 0; i < PEOPLE; i++) {
		bool fresh = i / (PEOPLE / EVENTS) == event;

		if (fresh || (y->people[i].known && chance(y, 25)))
			meet(y, &y->people[i], event + 1);
	}
}

static struct somebody *somebody_known(struct year *y)
{
	unsigned from = roll(y, PEOPLE);

	for (unsigned i = 0; i < PEOPLE; i++) {
		struct somebody *s = &y->people[(from + i) % PEOPLE];

		if (s->known && !s->ignored)
			return s;
	}
	return NULL;
}

static void share_lead(struct year *y)
{
	struct str *words = ARENA_NEW(&y->facts_memory, struct str);
	struct fact *f = add(y, ENTRY_FOLLOWUP);

	*words = str_of(topics[roll(y, ARRAY_LEN(topics))]);
	f->what = FOLLOWUP_SHARE;
	f->day = today(y) + 3;
	f->text = STR("https://example.org/a-lead");
	f->topics = words;
	f->topic_count = 1;
	owe(y, f->id, FOLLOWUP_SHARE);
}

/* Somebody asks to introduce the owner; later both have agreed. */
static void introductions(struct year *y, struct somebody *who)
{
	struct somebody *other = somebody_known(y);
	struct fact *f;

	if (y->ask != SIZE_MAX && chance(y, 20)) {
		struct somebody *s = &y->people[PEOPLE + y->introduced % INTRODUCED];

		f = &y->facts[y->ask];
		if (f->said[0] == SAID_YES) {
			f->person = s->id;
			s->known = true;
			s->tie = f->id;
			y->introduced++;
		}
		y->ask = SIZE_MAX;
	} else if (y->ask == SIZE_MAX && y->introduced < INTRODUCED && chance(y, 6)) {
		y->ask = y->count;
		f = add(y, ENTRY_INTRODUCE);
		f->asks = true;
		f->other = who->id;
		f->text = STR("you both keep bees");
		owe(y, f->id, FOLLOWUP_INTRODUCE);
	}
	if (y->own != SIZE_MAX && chance(y, 20)) {
		f = &y->facts[y->own];
		f->said[0] = f->said[1] = SAID_YES;
		y->own = SIZE_MAX;
	} else if (y->own == SIZE_MAX && other && other != who && chance(y, 4)) {
		y->own = y->count;
		f = add(y, ENTRY_INTRODUCE);
		f->a = who->tie;
		f->b = other->tie;
		f->text = STR("both work on maps");
	}
}

/* What an ordinary day brings between the events. */
static void live(struct year *y)
{
	struct somebody *who = somebody_known(y);

	if (!who)
		return;
	introductions(y, who);
	if (chance(y, 6))
		promise(y, who->tie, FOLLOWUP_REFERRAL, 3, STR("call the people at Example Ltd"));
	if (chance(y, 5))
		favour(y, who->tie, FAVOUR_RECEIVED, STR("an answer within the hour"));
	if (chance(y, 4))
		promise(y, who->tie, FOLLOWUP_CONGRATULATE, 1, STR("a new job"));
	if (chance(y, 14))
		share_lead(y);
	if (chance(y, 2)) {
		struct str name = arena_printf(
			&y->facts_memory, "rhythm/%s", id_uuid_text(who->tie).s);
		struct fact *f = add(y, ENTRY_SETTING);

		f->name = name;
		f->text = chance(y, 30) ? STR("0") : STR("30");
	}
}

static void close_owed(struct year *y, struct id key, bool closed)
{
	for (size_t i = 0; i < y->owed_count; i++)
		if (id_equal(y->owed[i].key, key))
			y->owed[i].closed = closed;
}

static void set_state(struct year *y, const struct followup_item *item, enum followup_state state)
{
	struct id *after = ARENA_ARRAY(&y->facts_memory, item->after_count, struct id);
	struct fact *f;

	if (item->after_count > 0)
		memcpy(after, item->after, item->after_count * sizeof(*after));
	f = add(y, ENTRY_FOLLOWUP_STATE);
	f->item = item->key;
	f->state = state;
	f->after = after;
	f->after_count = item->after_count;
	f->day = today(y) + 1 + roll(y, 14);
	f->worked = state == FOLLOWUP_DONE && item->offers & OFFER_WORKED && chance(y, 15);
	if (state >= FOLLOWUP_DROP)
		close_owed(y, item->key, true);
}

static void answer(struct year *y, const struct followup_item *item)
{
	struct fact *f = add(y, ENTRY_CONSENT);

	f->of = item->source;
	f->said[0] = chance(y, 80) ? SAID_YES : SAID_NO;
	if (y->ask != SIZE_MAX && id_equal(y->facts[y->ask].id, item->source))
		y->facts[y->ask].said[0] = f->said[0];
	close_owed(y, item->key, true);
}

static bool is_ignored(const struct year *y, const struct followup_item *item)
{
	for (size_t i = 0; item->who && i < PEOPLE; i++)
		if (y->people[i].ignored && id_equal(y->people[i].id, item->person))
			return true;
	return false;
}

/* The owner's morning: from the top of the queue, as far as the coffee lasts. */
static void work(struct year *y)
{
	int done = 0;

	for (size_t i = 0; i < y->plan.open && done < DONE_A_DAY; i++) {
		const struct followup_item *item = &y->plan.items[i];
		unsigned r = roll(y, 100);

		if (item->due > y->plan.today || item->state != FOLLOWUP_OPEN ||
			is_ignored(y, item))
			continue;
		done++;
		if (item->offers & OFFER_ANSWER)
			answer(y, item);
		else if (r < 75)
			set_state(y, item, FOLLOWUP_DONE);
		else if (r < 88)
			set_state(y, item, FOLLOWUP_SNOOZE);
		else if (r < 93)
			set_state(y, item, FOLLOWUP_DROP);
	}
}

struct year *year_new(unsigned seed, int64_t first_day, int step_days, bool checked)
{
	struct year *y = calloc(1, sizeof(*y));

	if (!y)
		abort();
	y->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 0x1234567;
	y->first_day = first_day;
	y->step_days = step_days;
	y->checked = checked;
	y->day = -1;
	y->ask = y->own = SIZE_MAX;
	for (unsigned i = 0; i < PEOPLE + INTRODUCED; i++) {
		for (size_t b = 0; b < sizeof(y->people[i].id.b); b++)
			y->people[i].id.b[b] = (uint8_t)roll(y, 256);
		y->people[i].id.b[0] = (uint8_t)i;
		y->people[i].ignored = i < PEOPLE && i % 15 == 7;
	}
	return y;
}

void year_free(struct year *y)
{
	if (!y)
		return;
	arena_finish(&y->facts_memory);
	arena_finish(&y->plan_memory);
	free(y);
}

const struct fact *year_facts(const struct year *y, size_t *n)
{
	*n = y->count;
	return y->facts;
}

struct str year_name(const struct year *y, struct id key)
{
	struct year *mutable_name = (struct year *)(uintptr_t)y;
	struct buf b = BUF_ON(mutable_name->name);
	unsigned i = key.b[0];

	buf_add_str(&b, str_of(first_names[i % ARRAY_LEN(first_names)]));
	buf_add_char(&b, ' ');
	buf_add_str(&b, str_of(last_names[i / ARRAY_LEN(first_names) % ARRAY_LEN(last_names)]));
	return buf_str(&b);
}

static bool is_soft(const struct followup_item *i)
{
	return i->why == WHY_RHYTHM || i->why == WHY_FACE || i->why == WHY_LEAD ||
	       i->why == WHY_NOBODY;
}

/* What is said of an item: why it is there, and why it stands where it stands. */
static bool is_explained(const struct followup_item *item)
{
	char text[400];
	struct buf b = BUF_ON(text);
	struct draft_words w = { .language = &language_en,
		.them = STR_INIT("Ben"),
		.by = STR_INIT("Kim"),
		.event = STR_INIT("C Meetup"),
		.topic = item->text };
	size_t before;

	followup_title(&b, item, &w);
	before = b.len;
	followup_why(&b, item, &w);
	if (before == 0 || b.len == before)
		return false;
	before = b.len;
	followup_place_says(&b, item->place, &language_en);
	return b.len > before && buf_ok(&b);
}

static const char *check_item(const struct followup_plan *plan, const struct followup_item *item)
{
	if (item->due < plan->today - YEAR_DAYS || item->due > plan->today + 800)
		return "an item has no date to speak of";
	if (item->state == FOLLOWUP_SNOOZE && item->until <= plan->today)
		return "a snooze is over and still hides its item";
	if (!is_explained(item))
		return "an item does not explain itself";
	return NULL;
}

/* In the queue's order: what waits, by date; then all by date; then the snoozed. */
static bool in_order(const struct followup_item *x, const struct followup_item *y)
{
	static const int ranks[PLACE_COUNT] = { 0, 1, 1, 2, 3 };

	if (ranks[x->place] != ranks[y->place])
		return ranks[x->place] < ranks[y->place];
	if (x->place == PLACE_SNOOZED)
		return x->until <= y->until;
	return x->place == PLACE_FINISHED ? x->changed_ms >= y->changed_ms : x->due <= y->due;
}

/* What one person may be shown for: one greeting, no rhythm beside what is owed, one hint. */
static const char *check_people(const struct followup_plan *plan, struct arena *a)
{
	struct {
		unsigned hellos, hard, rhythms, hints;
	} *seen = arena_array(a, plan->person_count, sizeof(*seen));

	for (size_t i = 0; i < plan->open; i++) {
		const struct followup_item *item = &plan->items[i];
		size_t p = item->who ? (size_t)(item->who - plan->persons) : 0;

		if (!item->who)
			continue;
		seen[p].hellos += item->kind == FOLLOWUP_HELLO;
		seen[p].hard += !is_soft(item);
		seen[p].rhythms += item->why == WHY_RHYTHM;
		seen[p].hints += item->hint;
		if (seen[p].hellos > 1)
			return "somebody is to be greeted twice";
		if (seen[p].rhythms > 0 && seen[p].hard > 0)
			return "a rhythm stands beside something owed";
		if (seen[p].rhythms > 1 || seen[p].hints > 1)
			return "something is said twice of one person";
	}
	return NULL;
}

/* Nothing that was owed got lost; nothing that was closed came back. */
static const char *check_owed(const struct year *y, const struct followup_plan *plan)
{
	for (size_t i = 0; i < y->owed_count; i++) {
		const struct followup_item *found = NULL;

		for (size_t k = 0; k < plan->count && !found; k++)
			if (id_equal(plan->items[k].key, y->owed[i].key))
				found = &plan->items[k];
		if (!found && !y->owed[i].closed)
			return "something owed is not in the queue";
		if (found && y->owed[i].closed != item_is_finished(found))
			return "an item is open that was closed, or closed that was open";
	}
	return NULL;
}

static const char *check_all(const struct year *y, const struct followup_plan *plan)
{
	struct arena a = { 0 };
	const char *wrong = NULL;
	int soft = 0;

	for (size_t i = 0; i < plan->count && !wrong; i++) {
		const struct followup_item *item = &plan->items[i];

		wrong = check_item(plan, item);
		soft += is_soft(item) && item->state == FOLLOWUP_OPEN && item->due <= plan->today;
		if (i > 0 && !in_order(item - 1, item))
			wrong = "the queue is out of order";
	}
	if (!wrong && soft > playbook_default.soft_a_day)
		wrong = "more than a day's worth of what nobody waits for";
	if (!wrong)
		wrong = check_people(plan, &a);
	if (!wrong)
		wrong = check_owed(y, plan);
	arena_finish(&a);
	return wrong;
}

bool year_day(struct year *y, const struct followup_plan **plan, int64_t *day)
{
	bool holiday, looks;

	*plan = NULL;
	if (++y->day >= YEAR_DAYS)
		return false;
	*day = today(y);
	/* two weeks in summer; and no weekends but one in four */
	holiday = y->day >= 215 && y->day < 229;
	looks = y->day % y->step_days == 0 &&
		((y->day + 3) % 7 < 5 || chance(y, 25) || y->step_days >= 7);
	if (looks) {
		arena_reset(&y->plan_memory);
		followup_plan(&y->plan, y->facts, y->count, &playbook_default,
			today(y) * DAY_MS + 28000000, 0, &y->plan_memory);
		y->wrong = y->checked ? check_all(y, &y->plan) : NULL;
		*plan = &y->plan;
		if (!holiday)
			work(y);
	}
	for (unsigned e = 0; e < EVENTS; e++)
		if (event_days[e] == y->day)
			hold_event(y, e);
	live(y);
	return true;
}

const char *year_wrong(const struct year *y)
{
	return y->wrong;
}
