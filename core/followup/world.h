/* Private to core/followup: the facts that count, sorted for looking up, and what is being made. */
#pragma once

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/followup/followup.h"

enum { DAY_MS = 86400000 };
#define NOBODY UINT32_MAX
#define NEVER  INT64_MIN

/*
 * id_compare, in place: looking up is most of what planning does. The two halves as numbers, the
 * first byte the highest.
 */
static inline uint64_t id_half(const uint8_t *b)
{
	return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 |
	       (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 |
	       (uint64_t)b[6] << 8 | (uint64_t)b[7];
}

static inline int id_order(const struct id *a, const struct id *b)
{
	uint64_t x = id_half(a->b), y = id_half(b->b);

	if (x == y) {
		x = id_half(a->b + 8);
		y = id_half(b->b + 8);
	}
	return (x > y) - (x < y);
}

/* A fact and whom it is about: an index of w->plan->persons, or NOBODY. */
struct node {
	struct id id; /* the fact's */
	const struct fact *fact;
	uint32_t who;
	bool replaced; /* by another of its kind */
	bool undone;   /* a state: by a state "open" */
};

/* An id of a person's, and the person. */
struct alias {
	struct id id;
	uint32_t who;
	bool badge; /* an attendee's id, no vCard's */
};

/* A fact under an id that it names. */
struct named {
	struct id id;
	const struct fact *fact;
	bool replaced, undone; /* the fact: as in its node */
};

/* Sorted by id, then by the fact's own. */
struct index {
	struct named *items;
	size_t count;
};

/* Facts grouped by person: those of person p are items[start[p]] .. items[start[p + 1]]. */
struct grouped {
	const struct fact **items;
	size_t *start;
};

/* helper led the owner to person, by link. */
struct edge {
	uint32_t person, helper;
	struct id link;
};

/* Something worked out: the person's helpers are thanked, the person too unless only is set. */
struct success {
	struct id root;
	uint32_t person, also; /* also: another whose helpers are thanked, or NOBODY */
	bool helpers_only;
	int64_t day;
	struct str text;
	struct id of, source;
	uint32_t event;
};

/* Somebody is thanked, or has been, for having led on by link. */
struct thanked {
	struct id link;
	int64_t day; /* NEVER: not yet */
	bool closed; /* done or dropped */
};

/* Something was finished with a person. */
struct finish {
	int64_t day;
	uint32_t who;
};

struct world {
	struct arena *arena;
	struct followup_plan *plan;
	const struct playbook *playbook;
	int64_t zone_ms, today;

	struct node *nodes; /* sorted by id */
	size_t count;
	struct index states;   /* by item */
	struct index said;     /* followups not replaced, by of */
	struct index answers;  /* consents not replaced, by of */
	struct index kept;     /* favours, by each of their after */
	struct alias *aliases; /* sorted by id */
	size_t alias_count;
	struct grouped ties, favours, notes;

	struct followup_item *items;
	size_t item_count, item_room;
	struct edge *edges; /* sorted by person, then link */
	size_t edge_count;
	struct success *successes;
	size_t success_count, success_room;
	struct finish *finishes;
	size_t finish_count, finish_room;
	struct thanked *thanked;
	size_t thanked_count, thanked_room;
	int soft_done;	    /* today */
	int64_t *lead_days; /* when a lead was shared */
	size_t lead_count, lead_room;
	struct followup_loop *loops;
	size_t loop_count, loop_room;
	bool moves;	/* soft items wait for room: tomorrow the plan is another */
	unsigned *hard; /* by person: items not finished that are not soft */
};

/* Room for one more: items or, when they are full, twice as much with them in it. */
void *world_grow(struct arena *a, void *items, size_t count, size_t *room, size_t size);
int world_by_alias(const void *a, const void *b); /* by id */
/* Like qsort, but takes one look when the items are in order already, as logs mostly are. */
void world_sort(void *items, size_t n, size_t size, int (*order)(const void *, const void *));
/* The first that names id; *n: how many from there do. */
const struct named *index_find(const struct index *x, struct id id, size_t *n);

/* Sort and index facts, and make plan->persons with their ids and ties. */
void world_read(struct world *w, const struct fact *facts, size_t count);
/* NULL: not there, or it does not count. */
const struct node *world_find(const struct world *w, struct id id);
/* NOBODY: not known. */
uint32_t world_person(const struct world *w, struct id id);
bool world_replaced(const struct world *w, const struct fact *f);
int64_t world_day(const struct world *w, int64_t ms);
/* All facts of one kind, by the person they are about. */
struct grouped world_group(const struct world *w, bool (*wanted)(const struct fact *));

/* What the states of any of these keys say together; heads are what the next change must name. */
struct verdict {
	const struct fact *decides;
	struct id *heads;
	size_t head_count;
	int64_t done_day; /* of the newest done that nobody undid, also a replaced one; NEVER */
};
/* who: with whom something is finished by these states; NOBODY: with none to be counted. */
struct verdict world_judge(struct world *w, const struct id *keys, size_t n, uint32_t who);

/* core/followup/people.c: what is known of each person, before and after their items. */
void plan_settings(struct world *w);
void plan_people(struct world *w);
void plan_contacts(struct world *w); /* contact_day, by what was finished so far */
void plan_balance(struct world *w);
void plan_goals(struct world *w);
/* core/followup/items.c: everything but what is soft, with the loops. */
void plan_hard(struct world *w);
/* core/followup/thanks.c: for what worked out. */
void plan_edges(struct world *w);
void plan_thanks(struct world *w);
/* The key of the thanks to who led to the success root by link. */
struct id thanks_key(struct id root, struct id link);
/* core/followup/soft.c: leads and rhythms. */
void plan_leads(struct world *w);
void plan_rhythms(struct world *w);
void plan_spread(struct world *w);

/* A soft item finished today takes the room of one that is shown today. */
void count_soft(struct world *w, const struct verdict *v);
/* Something was done with that person. */
void finish_with(struct world *w, int64_t day, uint32_t who);
/* The owner did something for that person. */
void person_gave(struct world *w, uint32_t who);
/* An item about a person by a tie or other fact of theirs, with what all items have. */
struct followup_item item_about(struct world *w, enum followup_kind kind, uint32_t who,
	const struct fact *tie, const struct fact *source);
void item_settle(struct world *w, struct followup_item *item, const struct verdict *v);
void item_add(struct world *w, const struct followup_item *item);
