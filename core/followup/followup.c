#include "core/followup/world.h"

static const bool is_loop[] = {
#define X(kind, name, days, loop, soft) [kind] = loop,
	FOLLOWUP_KINDS(X)
#undef X
};

struct id followup_key(struct id entry, enum followup_kind kind)
{
	entry.b[15] ^= (uint8_t)(kind + 1);
	return entry;
}

static enum followup_place place_of(const struct followup_item *i)
{
	if (item_is_finished(i))
		return PLACE_FINISHED;
	if (i->state == FOLLOWUP_SNOOZE)
		return PLACE_SNOOZED;
	if (!i->overdue)
		return PLACE_DUE;
	return is_loop[i->kind] ? PLACE_WAITING : PLACE_LATE;
}

/* What is late and waited for; then all that is dated, late or not; then the rest. */
static int rank(const struct followup_item *i)
{
	return i->place == PLACE_LATE ? PLACE_DUE : (int)i->place;
}

static bool has_offers(const struct followup_item *i)
{
	return i->who && i->who->offer_count > 0;
}

static int by_order(const void *a, const void *b)
{
	const struct followup_item *x = a, *y = b;
	int rx = rank(x), ry = rank(y);
	int64_t dx = x->due, dy = y->due;

	if (rx != ry)
		return rx - ry;
	if (rx == PLACE_FINISHED) {
		dx = y->changed_ms;
		dy = x->changed_ms;
	} else if (rx == PLACE_SNOOZED) {
		dx = x->until;
		dy = y->until;
	}
	if (dx != dy)
		return dx < dy ? -1 : 1;
	if (has_offers(x) != has_offers(y))
		return has_offers(x) ? -1 : 1;
	if (is_loop[x->kind] != is_loop[y->kind])
		return is_loop[x->kind] ? -1 : 1;
	return id_compare(x->key, y->key);
}

/* The day from which a promise that stays untouched asks to be let go; NEVER: it will not. */
static int64_t stale_day(const struct world *w, const struct followup_item *i)
{
	int64_t since = i->until > i->due ? i->until : i->due;

	if (i->kind != FOLLOWUP_PROMISE || i->state != FOLLOWUP_OPEN)
		return NEVER;
	return since + w->playbook->let_go_days;
}

/* The next midnight of the owner's at which some item becomes late, wakes up, moves or is
 * forgotten. */
static int64_t good_until(const struct world *w)
{
	int64_t day = INT64_MAX;

	for (size_t i = 0; i < w->plan->count; i++) {
		const struct followup_item *item = &w->plan->items[i];
		int64_t change = INT64_MAX;

		if (item->place == PLACE_FINISHED)
			change = world_day(w, item->changed_ms) + w->playbook->keep_done_days + 1;
		else if (item->place == PLACE_SNOOZED)
			change = item->until;
		else if (item->place == PLACE_DUE && item->due >= w->today)
			change = item->due + 1;
		else if (stale_day(w, item) > w->today)
			change = stale_day(w, item);
		day = change < day ? change : day;
	}
	if (w->moves && day > w->today + 1)
		day = w->today + 1;
	return day == INT64_MAX ? INT64_MAX : day * DAY_MS - w->zone_ms;
}

static bool is_open_promise(const struct followup_item *i)
{
	return i->kind == FOLLOWUP_PROMISE && i->why == WHY_SAID && i->who && !item_is_finished(i);
}

/* The promises that are open, for what is said beside other items. */
static void note_promises(struct world *w)
{
	struct followup_plan *plan = w->plan;

	for (size_t i = 0; i < plan->count; i++)
		if (is_open_promise(&plan->items[i]))
			plan->persons[plan->items[i].who - plan->persons].promise_count++;
	for (size_t p = 0; p < plan->person_count; p++) {
		plan->persons[p].promises = ARENA_ARRAY(
			w->arena, plan->persons[p].promise_count, const struct fact *);
		plan->persons[p].promise_count = 0;
	}
	for (size_t i = 0; i < plan->count; i++) {
		const struct followup_item *item = &plan->items[i];
		struct followup_person *p;

		if (!is_open_promise(item))
			continue;
		p = &plan->persons[item->who - plan->persons];
		p->promises[p->promise_count++] = world_find(w, item->source)->fact;
	}
}

/* Places, order, and the hints: one about asking a person, one on each forgotten promise. */
static void order_items(struct world *w)
{
	struct followup_plan *plan = w->plan;
	bool *hinted = ARENA_ARRAY(w->arena, plan->person_count, bool);

	plan->items = w->items;
	plan->count = w->item_count;
	for (size_t i = 0; i < plan->count; i++)
		plan->items[i].place = place_of(&plan->items[i]);
	world_sort(plan->items, plan->count, sizeof(*plan->items), by_order);
	for (size_t i = 0; i < plan->count; i++) {
		struct followup_item *item = &plan->items[i];
		struct followup_person *p;

		if (item_is_finished(item))
			continue;
		plan->open++;
		if (!item->who)
			continue;
		p = &plan->persons[item->who - plan->persons];
		p->open++;
		p->promised += item->kind == FOLLOWUP_PROMISE;
		item->stale = stale_day(w, item) != NEVER && stale_day(w, item) <= w->today;
		if (item->stale)
			continue;
		item->hint = p->hint && !hinted[item->who - plan->persons];
		hinted[item->who - plan->persons] = true;
	}
}

static const struct fact *find_setting(const struct followup_plan *plan, struct str name)
{
	size_t low = 0, high = plan->setting_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_compare(plan->settings[mid]->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < plan->setting_count && str_equal(plan->settings[low]->name, name)
		       ? plan->settings[low]
		       : NULL;
}

static int by_person_id(const void *a, const void *b)
{
	return id_compare(*(const struct id *)a, *(const struct id *)b);
}

/* Those that no newer setting "buddy-off/ID" ended. */
static void find_buddies(struct world *w)
{
	static const char off[] = "buddy-off/";
	struct followup_plan *plan = w->plan;
	size_t kept = 0;

	plan->buddies = ARENA_ARRAY(w->arena, w->count, struct id);
	for (size_t i = 0; i < w->count; i++) {
		const struct fact *f = w->nodes[i].fact;
		char name[sizeof(off) + ID_TEXT_LEN];
		struct buf b = BUF_ON(name);
		const struct fact *ended;

		if (f->kind != ENTRY_BUDDY)
			continue;
		buf_add_str(&b, STR("buddy-off/"));
		id_write(&b, f->person);
		ended = find_setting(plan, buf_str(&b));
		if (ended && id_compare(ended->id, f->id) > 0)
			continue;
		plan->buddies[plan->buddy_count++] = f->person;
	}
	world_sort(plan->buddies, plan->buddy_count, sizeof(*plan->buddies), by_person_id);
	for (size_t i = 0; i < plan->buddy_count; i++)
		if (kept == 0 || !id_equal(plan->buddies[kept - 1], plan->buddies[i]))
			plan->buddies[kept++] = plan->buddies[i];
	plan->buddy_count = kept;
}

void followup_plan(struct followup_plan *out, const struct fact *facts, size_t count,
	const struct playbook *playbook, int64_t now_ms, int64_t zone_ms, struct arena *a)
{
	struct world w = { .playbook = playbook, .zone_ms = zone_ms, .arena = a, .plan = out };

	*out = (struct followup_plan){ .playbook = playbook, .zone_ms = zone_ms };
	w.today = world_day(&w, now_ms);
	out->today = w.today;
	world_read(&w, facts, count);
	plan_settings(&w);
	plan_people(&w);
	plan_edges(&w);
	plan_hard(&w);
	plan_thanks(&w);
	plan_leads(&w);
	plan_rhythms(&w);
	plan_spread(&w);
	plan_balance(&w);
	plan_goals(&w);
	order_items(&w);
	note_promises(&w);
	find_buddies(&w);
	out->loops = w.loops;
	out->loop_count = w.loop_count;
	out->good_until_ms = good_until(&w);
}

const struct followup_person *followup_person_find(const struct followup_plan *plan, struct id id)
{
	struct alias key = { .id = id };
	const struct alias *hit = plan->alias_count
					  ? bsearch(&key, plan->aliases, plan->alias_count,
						    sizeof(key), world_by_alias)
					  : NULL;

	return hit ? &plan->persons[hit->who] : NULL;
}

bool followup_setting(const struct followup_plan *plan, struct str name, struct str *value)
{
	const struct fact *f = find_setting(plan, name);

	if (f)
		*value = f->text;
	return f != NULL;
}

static int by_debt(const void *a, const void *b)
{
	const struct followup_person *const *x = a, *const *y = b;
	bool owes_x = (*x)->promised > 0 || (*x)->offer_count > 0;
	bool owes_y = (*y)->promised > 0 || (*y)->offer_count > 0;

	if (owes_x != owes_y)
		return owes_x ? -1 : 1;
	if (((*x)->open > 0) != ((*y)->open > 0))
		return (*x)->open > 0 ? -1 : 1;
	if ((*x)->contact_day != (*y)->contact_day)
		return (*x)->contact_day < (*y)->contact_day ? -1 : 1;
	return id_compare((*x)->key, (*y)->key);
}

void followup_brief(struct followup_brief *out, const struct followup_plan *plan,
	const struct id *expected, size_t count, struct arena *a)
{
	bool *known = ARENA_ARRAY(a, plan->person_count, bool);

	*out = (struct followup_brief){
		.persons = ARENA_ARRAY(a, count, const struct followup_person *),
	};
	for (size_t i = 0; i < count; i++) {
		const struct followup_person *p = followup_person_find(plan, expected[i]);

		if (!p || p->tie_count == 0 || known[p - plan->persons])
			continue;
		known[p - plan->persons] = true;
		out->persons[out->count++] = p;
	}
	world_sort(out->persons, out->count, sizeof(*out->persons), by_debt);
}
