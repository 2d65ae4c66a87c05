/* Who helped: when something worked out, everybody who led to it is thanked, direct or not. */
#include "core/followup/world.h"

static int by_person(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	return id_compare(x->link, y->link);
}

static void add_edge(struct world *w, uint32_t person, uint32_t helper, struct id link)
{
	if (person != NOBODY && helper != NOBODY && person != helper)
		w->edges[w->edge_count++] = (struct edge){ person, helper, link };
}

/* Who introduced whom, and whose referral led to whom. */
void plan_edges(struct world *w)
{
	w->edges = ARENA_ARRAY(w->arena, w->count, struct edge);
	for (size_t i = 0; i < w->count; i++) {
		const struct fact *f = w->nodes[i].fact;
		const struct node *about;

		if (f->kind == ENTRY_INTRODUCE && fact_is_tie(f))
			add_edge(w, w->nodes[i].who, world_person(w, f->other), f->id);
		if (f->kind != ENTRY_FOLLOWUP || f->what != FOLLOWUP_REFERRAL ||
			world_replaced(w, f))
			continue;
		about = world_find(w, f->about);
		if (about)
			add_edge(w, about->who, w->nodes[i].who, f->id);
	}
	world_sort(w->edges, w->edge_count, sizeof(*w->edges), by_person);
}

static size_t first_edge(const struct world *w, uint32_t person)
{
	size_t low = 0, high = w->edge_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (w->edges[mid].person < person)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* One id of two, so that the same helper is thanked once for each success. */
static struct id mix(struct id root, struct id link)
{
	struct id out;

	for (size_t i = 0; i < sizeof(out.b); i++)
		out.b[i] = (uint8_t)(root.b[i] ^ link.b[(i + 5) % sizeof(link.b)]);
	return out;
}

struct id thanks_key(struct id root, struct id link)
{
	return followup_key(mix(root, link), FOLLOWUP_THANKS);
}

enum { CHAIN_MAX = 32 };

/* Those found so far; the first of them may be there only to be asked for their helpers. */
struct chain {
	struct {
		uint32_t who, via;
		struct id link;
		int step;
		bool thank;
	} found[CHAIN_MAX];
	size_t count;
};

static void find_helper(
	struct chain *c, uint32_t who, uint32_t via, struct id link, int step, bool thank)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->found[i].who == who)
			return;
	if (c->count == CHAIN_MAX || who == NOBODY)
		return;
	c->found[c->count].who = who;
	c->found[c->count].via = via;
	c->found[c->count].link = link;
	c->found[c->count].step = step;
	c->found[c->count++].thank = thank;
}

static void thank(
	struct world *w, const struct success *s, uint32_t who, uint32_t via, struct id link)
{
	const struct followup_person *p = &w->plan->persons[who];
	const struct fact source = { .id = mix(s->root, link), .event = s->event, .text = s->text };
	struct followup_item item = item_about(
		w, FOLLOWUP_THANKS, who, p->tie_count > 0 ? p->ties[0] : NULL, &source);
	struct verdict v = world_judge(w, &item.key, 1, who);

	item.source = s->source;
	item.why = WHY_WORKED;
	item.since = s->day;
	item.due = s->day + w->playbook->days[FOLLOWUP_THANKS];
	item.offers = OFFER_DRAFT;
	if (via != NOBODY)
		item.by = w->plan->persons[via].key;
	item_settle(w, &item, &v);
	item_add(w, &item);
	w->thanked = world_grow(
		w->arena, w->thanked, w->thanked_count, &w->thanked_room, sizeof(*w->thanked));
	w->thanked[w->thanked_count++] = (struct thanked){ link,
		item.state == FOLLOWUP_DONE ? world_day(w, item.changed_ms) : NEVER,
		item_is_finished(&item) };
}

/* Breadth first, so that the nearest are among those thanked when there are very many. */
static void thank_chain(struct world *w, const struct success *s)
{
	struct chain c = { .count = 0 };
	int thanked = 0;

	find_helper(&c, s->person, NOBODY, s->root, 0, !s->helpers_only);
	find_helper(&c, s->also, NOBODY, s->root, 0, false);
	for (size_t at = 0; at < c.count; at++) {
		uint32_t who = c.found[at].who;
		int step = c.found[at].step;

		if (c.found[at].thank && thanked++ < w->playbook->chain_people)
			thank(w, s, who, c.found[at].via, c.found[at].link);
		for (size_t i = first_edge(w, who);
			step < w->playbook->chain_steps && i < w->edge_count &&
			w->edges[i].person == who && c.count < CHAIN_MAX;
			i++)
			find_helper(&c, w->edges[i].helper, who, w->edges[i].link, step + 1, true);
	}
}

static int by_root(const void *a, const void *b)
{
	const struct success *x = a, *y = b;
	int order = id_compare(x->root, y->root);

	if (order == 0)
		order = (x->day > y->day) - (x->day < y->day);
	if (order == 0)
		order = (x->person > y->person) - (x->person < y->person);
	return order ? order : id_compare(x->source, y->source);
}

/* By link; of one link the thanks that are done first. */
static int by_link(const void *a, const void *b)
{
	const struct thanked *x = a, *y = b;
	int order = id_compare(x->link, y->link);

	if (order == 0)
		order = y->closed - x->closed;
	return order ? order : (x->day < y->day) - (x->day > y->day);
}

static const struct thanked *find_thanked(const struct world *w, struct id link)
{
	size_t low = 0, high = w->thanked_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (id_compare(w->thanked[mid].link, link) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < w->thanked_count && id_equal(w->thanked[low].link, link) ? &w->thanked[low]
									      : NULL;
}

/* Who is thanked for where it led needs no report of it besides. */
static void fold_reports(struct world *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->item_count; i++) {
		const struct followup_item *item = &w->items[i];

		if ((item->why == WHY_ACTED || item->why == WHY_TOLD) && !item_is_finished(item) &&
			find_thanked(w, item->source)) {
			w->hard[item->who - w->plan->persons]--;
			continue;
		}
		w->items[kept++] = *item;
	}
	w->item_count = kept;
	for (size_t i = 0; i < w->loop_count; i++) {
		struct followup_loop *loop = &w->loops[i];
		const struct thanked *t = find_thanked(w, loop->entry);

		if (!t || loop->kind == LOOP_INTRODUCE)
			continue;
		loop->worked = true;
		if (loop->thanked == NEVER)
			loop->thanked = t->day;
		if (loop->reported == NEVER)
			loop->reported = t->day;
		loop->open = !t->closed;
	}
}

void plan_thanks(struct world *w)
{
	world_sort(w->successes, w->success_count, sizeof(*w->successes), by_root);
	for (size_t i = 0; i < w->success_count; i++)
		if (i == 0 || !id_equal(w->successes[i].root, w->successes[i - 1].root))
			thank_chain(w, &w->successes[i]);
	world_sort(w->thanked, w->thanked_count, sizeof(*w->thanked), by_link);
	if (w->thanked_count > 0)
		fold_reports(w);
}
