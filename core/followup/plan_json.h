/* A plan as JSON: "The plan" in docs/api.md. Pure: on the phone it is the answer of kith_plan. */
#pragma once

#include "core/base/json.h"
#include "core/followup/words.h"

struct plan_name {
	struct id id;	       /* as in fact.person */
	struct str name, lang; /* lang: that person's, for drafts; may be empty */
};

struct plan_event {
	uint32_t event;
	struct str name;
};

/* The words that a plan does not know by itself. */
struct plan_words {
	const struct languages *languages; /* that can be said */
	struct str lang, me;		   /* the owner's */
	struct plan_name *people;
	size_t people_count;
	struct plan_event *events;
	size_t event_count;
	const struct id *expected; /* write "brief" for these; NULL: no brief */
	size_t expected_count;
};

/* Once, before use: sorts people and events in place. */
void plan_words_sort(struct plan_words *w);
/* The whole plan, as one object. Scratch memory from a. */
void plan_write_json(struct json_writer *w, const struct followup_plan *plan,
	const struct plan_words *words, struct arena *a);
/*
 * The members of one ITEM, without its braces and without what only the server knows (the rest of
 * person). person_too: write "person":{"key","name"}.
 */
void plan_write_item(struct json_writer *w, const struct followup_item *item, bool person_too,
	const struct plan_words *words, const struct followup_plan *plan, struct arena *a);
/* Of the member "goals" this week's counts alone: {"people","leads","followed_up"}. */
void plan_write_counts(struct json_writer *w, const char *key, const struct followup_goals *g);
/* Like plan->good_until_ms, of the whole plan: a new week begins new counts. */
int64_t plan_good_until(const struct followup_plan *plan);
