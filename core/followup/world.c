#include "core/followup/world.h"

void *world_grow(struct arena *a, void *items, size_t count, size_t *room, size_t size)
{
	void *wider;

	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 16;
	wider = arena_array(a, *room, size);
	if (count > 0)
		memcpy(wider, items, count * size);
	return wider;
}

void world_sort(void *items, size_t n, size_t size, int (*order)(const void *, const void *))
{
	const uint8_t *at = items;
	size_t sorted = 1;

	while (sorted < n && order(at, at + size) <= 0) {
		at += size;
		sorted++;
	}
	if (sorted < n)
		qsort(items, n, size, order);
}

static int by_id(const void *a, const void *b)
{
	return id_order(a, b);
}

static int by_node(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return id_order(&x->id, &y->id);
}

static int by_alias(const void *a, const void *b)
{
	const struct alias *x = a, *y = b;
	int order = id_order(&x->id, &y->id);

	/* of the same id the badge's first: it is the one that stays */
	return order ? order : y->badge - x->badge;
}

static int by_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = id_order(&x->id, &y->id);

	return order ? order : id_order(&x->fact->id, &y->fact->id);
}

static bool has_id(const struct id *sorted, size_t n, struct id id)
{
	return n > 0 && bsearch(&id, sorted, n, sizeof(id), by_id) != NULL;
}

int world_by_alias(const void *a, const void *b)
{
	const struct alias *x = a, *y = b;

	return id_order(&x->id, &y->id);
}

const struct node *world_find(const struct world *w, struct id id)
{
	size_t low = 0, high = w->count;

	if (id_is_none(id))
		return NULL;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (id_order(&w->nodes[mid].id, &id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < w->count && id_equal(w->nodes[low].id, id) ? &w->nodes[low] : NULL;
}

uint32_t world_person(const struct world *w, struct id id)
{
	struct alias key = { .id = id };
	const struct alias *hit = w->alias_count ? bsearch(&key, w->aliases, w->alias_count,
							   sizeof(key), world_by_alias)
						 : NULL;

	return hit ? hit->who : NOBODY;
}

const struct named *index_find(const struct index *x, struct id id, size_t *n)
{
	size_t low = 0, high = x->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (id_order(&x->items[mid].id, &id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < x->count && id_equal(x->items[low + *n].id, id);)
		(*n)++;
	return x->items + low;
}

bool world_replaced(const struct world *w, const struct fact *f)
{
	const struct node *node = world_find(w, f->id);

	return node && node->replaced;
}

int64_t world_day(const struct world *w, int64_t ms)
{
	return clock_day(ms + w->zone_ms);
}

/*
 * The ids that are gone, with all that hangs on them. A retract holds for ever, as at the server;
 * a hide ends when it is itself retracted.
 */
static struct id *find_dead(
	const struct world *w, const struct fact *facts, size_t count, size_t *n)
{
	struct id *dead = ARENA_ARRAY(w->arena, count, struct id);
	size_t retracted;

	*n = 0;
	for (size_t i = 0; i < count; i++)
		if (facts[i].kind == ENTRY_RETRACT)
			dead[(*n)++] = facts[i].of;
	retracted = *n;
	world_sort(dead, retracted, sizeof(*dead), by_id);
	for (size_t i = 0; i < count; i++)
		if (facts[i].kind == ENTRY_HIDE && !has_id(dead, retracted, facts[i].id))
			dead[(*n)++] = facts[i].of;
	world_sort(dead, *n, sizeof(*dead), by_id);
	return dead;
}

/* Sort, fold repeats, leave out what is gone. */
static void collect(struct world *w, const struct fact *facts, size_t count)
{
	size_t dead_count, kept = 0;
	struct id *dead = find_dead(w, facts, count, &dead_count);

	w->nodes = ARENA_ARRAY(w->arena, count, struct node);
	for (size_t i = 0; i < count; i++)
		w->nodes[i] = (struct node){ .id = facts[i].id, .fact = &facts[i], .who = NOBODY };
	world_sort(w->nodes, count, sizeof(*w->nodes), by_node);
	for (size_t i = 0; i < count; i++) {
		const struct fact *f = w->nodes[i].fact;

		if (kept > 0 && id_equal(w->nodes[kept - 1].fact->id, f->id))
			continue;
		if (has_id(dead, dead_count, f->id) ||
			(!id_is_none(f->of) && has_id(dead, dead_count, f->of)))
			continue;
		w->nodes[kept++] = w->nodes[i];
	}
	w->count = kept;
}

static void index_add(struct index *x, struct id id, const struct node *node)
{
	x->items[x->count++] = (struct named){ id, node->fact, node->replaced, node->undone };
}

static void index_sort(struct index *x)
{
	world_sort(x->items, x->count, sizeof(*x->items), by_named);
}

/* Mark what others of its kind replace; a favour replaces nothing, but keeps what it names. */
static void mark_replaced(struct world *w)
{
	size_t total = 0, at = 0;
	struct index after = { 0 };

	for (size_t i = 0; i < w->count; i++)
		total += w->nodes[i].fact->after_count;
	after.items = ARENA_ARRAY(w->arena, total, struct named);
	w->kept.items = ARENA_ARRAY(w->arena, total, struct named);
	for (size_t i = 0; i < w->count; i++) {
		const struct fact *f = w->nodes[i].fact;

		for (size_t k = 0; k < f->after_count; k++)
			index_add(f->kind == ENTRY_FAVOUR ? &w->kept : &after, f->after[k],
				&w->nodes[i]);
	}
	index_sort(&after);
	index_sort(&w->kept);
	/* both are in the order of ids */
	for (size_t i = 0; i < w->count; i++) {
		struct node *node = &w->nodes[i];

		while (at < after.count && id_order(&after.items[at].id, &node->id) < 0)
			at++;
		for (size_t k = at; k < after.count && id_equal(after.items[k].id, node->id); k++) {
			const struct fact *by = after.items[k].fact;

			node->replaced = node->replaced || by->kind == node->fact->kind;
			node->undone = node->undone || (by->kind == ENTRY_FOLLOWUP_STATE &&
							       by->state == FOLLOWUP_OPEN);
		}
	}
}

static void index_kinds(struct world *w)
{
	w->states.items = ARENA_ARRAY(w->arena, w->count, struct named);
	w->answers.items = ARENA_ARRAY(w->arena, w->count, struct named);
	w->said.items = ARENA_ARRAY(w->arena, w->count, struct named);
	for (size_t i = 0; i < w->count; i++) {
		const struct node *node = &w->nodes[i];

		if (node->fact->kind == ENTRY_FOLLOWUP_STATE)
			index_add(&w->states, node->fact->item, node);
		else if (node->fact->kind == ENTRY_CONSENT && !node->replaced)
			index_add(&w->answers, node->fact->of, node);
		else if (node->fact->kind == ENTRY_FOLLOWUP && !node->replaced)
			index_add(&w->said, node->fact->of, node);
	}
	index_sort(&w->states);
	index_sort(&w->answers);
	index_sort(&w->said);
}

static uint32_t find_root(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

/* Every id of a person that a fact names, once. */
static void index_aliases(struct world *w)
{
	size_t kept = 0;

	w->aliases = ARENA_ARRAY(w->arena, 2 * w->count, struct alias);
	for (size_t i = 0; i < w->count; i++) {
		const struct fact *f = w->nodes[i].fact;

		if (fact_is_tie(f))
			w->aliases[w->alias_count++] = (struct alias){ f->person, 0,
				f->kind != ENTRY_CONTACT };
		if (f->kind == ENTRY_INTRODUCE && f->asks)
			w->aliases[w->alias_count++] = (struct alias){ f->other, 0, true };
	}
	world_sort(w->aliases, w->alias_count, sizeof(*w->aliases), by_alias);
	for (size_t i = 0; i < w->alias_count; i++)
		if (kept == 0 || !id_equal(w->aliases[kept - 1].id, w->aliases[i].id))
			w->aliases[kept++] = w->aliases[i];
	w->alias_count = kept;
	for (uint32_t i = 0; i < kept; i++)
		w->aliases[i].who = i;
}

/* The persons that a merge names become one; the lowest badge's id, else the lowest, stands for
 * all. */
static void merge_people(struct world *w)
{
	uint32_t n = (uint32_t)w->alias_count;
	uint32_t *parent = ARENA_ARRAY(w->arena, n, uint32_t);
	uint32_t *best = ARENA_ARRAY(w->arena, n, uint32_t);

	for (uint32_t i = 0; i < n; i++)
		parent[i] = i;
	for (size_t i = 0; i < w->count; i++) {
		const struct fact *f = w->nodes[i].fact;
		uint32_t first = NOBODY;

		for (size_t k = 0; f->kind == ENTRY_MERGE && k < f->list_count; k++) {
			const struct node *tie = world_find(w, f->list[k]);
			uint32_t who;

			if (!tie || !fact_is_tie(tie->fact))
				continue;
			who = find_root(parent, world_person(w, tie->fact->person));
			if (first == NOBODY)
				first = who;
			parent[who] = find_root(parent, first);
		}
	}
	for (uint32_t i = 0; i < n; i++)
		best[i] = NOBODY;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t root = find_root(parent, i);

		if (best[root] == NOBODY || (w->aliases[i].badge && !w->aliases[best[root]].badge))
			best[root] = i;
	}
	/* persons in the order of their keys, which is the order of aliases */
	uint32_t *number = ARENA_ARRAY(w->arena, n, uint32_t);

	w->plan->persons = ARENA_ARRAY(w->arena, n, struct followup_person);
	for (uint32_t i = 0; i < n; i++)
		if (best[find_root(parent, i)] == i) {
			number[i] = (uint32_t)w->plan->person_count;
			w->plan->persons[w->plan->person_count++].key = w->aliases[i].id;
		}
	for (uint32_t i = 0; i < n; i++)
		w->aliases[i].who = number[best[find_root(parent, i)]];
	w->plan->aliases = w->aliases;
	w->plan->alias_count = n;
}

/* Whom a fact is about; what speaks of a card shown at a meeting speaks of that meeting's person.
 */
static uint32_t find_who(const struct world *w, const struct fact *f)
{
	for (int steps = 0; f && steps < 3; steps++) {
		const struct node *next;

		if (fact_is_tie(f))
			return world_person(w, f->person);
		if (f->kind == ENTRY_MERGE)
			next = f->list_count > 0 ? world_find(w, f->list[0]) : NULL;
		else
			next = world_find(w, f->of);
		f = next ? next->fact : NULL;
	}
	return NOBODY;
}

struct grouped world_group(const struct world *w, bool (*wanted)(const struct fact *))
{
	size_t n = w->plan->person_count;
	struct grouped g = { .start = ARENA_ARRAY(w->arena, n + 2, size_t) };

	for (size_t i = 0; i < w->count; i++)
		if (w->nodes[i].who != NOBODY && wanted(w->nodes[i].fact))
			g.start[w->nodes[i].who + 2]++;
	for (size_t p = 2; p < n + 2; p++)
		g.start[p] += g.start[p - 1];
	g.items = ARENA_ARRAY(w->arena, g.start[n + 1], const struct fact *);
	/* in the order of ids, as the nodes are */
	for (size_t i = 0; i < w->count; i++)
		if (w->nodes[i].who != NOBODY && wanted(w->nodes[i].fact))
			g.items[g.start[w->nodes[i].who + 1]++] = w->nodes[i].fact;
	return g;
}

static bool is_favour(const struct fact *f)
{
	return f->kind == ENTRY_FAVOUR;
}

static bool is_note(const struct fact *f)
{
	return f->kind == ENTRY_NOTE && (f->text.len > 0 || f->topic_count > 0);
}

/* By the owner, who may part them again. */
static bool is_merge(const struct fact *f)
{
	return f->kind == ENTRY_MERGE && f->own;
}

static void share_ids(struct world *w)
{
	size_t n = w->plan->person_count;
	size_t *start = ARENA_ARRAY(w->arena, n + 2, size_t);
	struct id *ids = ARENA_ARRAY(w->arena, w->alias_count, struct id);

	for (size_t i = 0; i < w->alias_count; i++)
		start[w->aliases[i].who + 2]++;
	for (size_t p = 2; p < n + 2; p++)
		start[p] += start[p - 1];
	for (size_t i = 0; i < w->alias_count; i++)
		ids[start[w->aliases[i].who + 1]++] = w->aliases[i].id;
	for (size_t p = 0; p < n; p++) {
		w->plan->persons[p].ids = ids + start[p];
		w->plan->persons[p].id_count = start[p + 1] - start[p];
	}
}

/* Those of a group that another of their kind does not replace, in place. */
static size_t keep_newest(const struct world *w, const struct fact **items, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!world_replaced(w, items[i]))
			items[kept++] = items[i];
	return kept;
}

void world_read(struct world *w, const struct fact *facts, size_t count)
{
	struct grouped merges;

	collect(w, facts, count);
	mark_replaced(w);
	index_kinds(w);
	index_aliases(w);
	merge_people(w);
	for (size_t i = 0; i < w->count; i++)
		w->nodes[i].who = find_who(w, w->nodes[i].fact);
	share_ids(w);
	w->ties = world_group(w, fact_is_tie);
	w->favours = world_group(w, is_favour);
	w->notes = world_group(w, is_note);
	merges = world_group(w, is_merge);
	for (size_t p = 0; p < w->plan->person_count; p++) {
		struct followup_person *x = &w->plan->persons[p];

		x->ties = w->ties.items + w->ties.start[p];
		x->tie_count = w->ties.start[p + 1] - w->ties.start[p];
		x->merges = merges.items + merges.start[p];
		x->merge_count = merges.start[p + 1] - merges.start[p];
		x->notes = w->notes.items + w->notes.start[p];
		x->note_count = keep_newest(w, x->notes, w->notes.start[p + 1] - w->notes.start[p]);
	}
}

void finish_with(struct world *w, int64_t day, uint32_t who)
{
	w->finishes = world_grow(
		w->arena, w->finishes, w->finish_count, &w->finish_room, sizeof(*w->finishes));
	w->finishes[w->finish_count++] = (struct finish){ day, who };
}

/* One state of a key's. */
static void judge_state(struct world *w, struct verdict *v, const struct named *x, uint32_t who)
{
	const struct fact *s = x->fact;
	int64_t day = world_day(w, s->at_ms);

	if (s->state == FOLLOWUP_DONE && !x->undone) {
		v->done_day = day > v->done_day ? day : v->done_day;
		if (who != NOBODY)
			finish_with(w, day, who);
	}
	if (x->replaced)
		return;
	v->heads[v->head_count++] = s->id;
	if (!v->decides || s->state > v->decides->state ||
		(s->state == v->decides->state && id_order(&s->id, &v->decides->id) > 0))
		v->decides = s;
}

struct verdict world_judge(struct world *w, const struct id *keys, size_t n, uint32_t who)
{
	struct verdict v = { .done_day = NEVER };
	size_t room = 0;

	for (size_t k = 0; k < n; k++) {
		size_t count;
		const struct named *x = index_find(&w->states, keys[k], &count);

		if (v.head_count + count > room) {
			struct id *heads = ARENA_ARRAY(
				w->arena, 2 * (v.head_count + count), struct id);

			if (v.head_count > 0)
				memcpy(heads, v.heads, v.head_count * sizeof(*heads));
			v.heads = heads;
			room = 2 * (v.head_count + count);
		}
		for (size_t i = 0; i < count; i++)
			judge_state(w, &v, &x[i], who);
	}
	return v;
}
