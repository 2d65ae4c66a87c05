/* From log entries to the facts of the follow-up rules, and the people in them. */
#pragma once

#include "core/base/json.h"
#include "core/card/card.h"
#include "core/followup/followup.h"
#include "server/store/my_log.h"

/* Somebody in an owner's log. */
struct queue_person {
	struct id id;	       /* as in fact.person */
	uint32_t event;	       /* of the tie */
	uint32_t attendee;     /* there; 0: met by a vCard, without a badge */
	struct attendee known; /* as far as the owner may see (my_log.h) */
	bool vouched;	       /* a kiosk saw both, or the other one said so */
	struct card *card;     /* of a contact, as claimed; else NULL */
	struct card *shown;    /* the newest that this person showed at a meeting, or NULL */
	struct id shown_by;    /* that contact entry */
};

struct queue_facts {
	struct fact *facts;
	size_t count;
	struct fact **by_id;	     /* the same, sorted */
	struct queue_person *people; /* sorted by id */
	size_t people_count;
};

/* The members of a payload as the rules read them: see struct fact_source. In a, borrowing o. */
const struct fact_field *queue_fields(const struct json *o, size_t *n, struct arena *a);
/* Entries whose payload cannot be understood are left out, not failed: the log keeps them. */
MUST_CHECK bool queue_facts_read(
	struct queue_facts *out, const struct my_log *log, struct arena *a, struct err *e);
/* NULL when nobody has that id. */
const struct fact *queue_fact_find(const struct queue_facts *f, struct id id);
const struct queue_person *queue_person_find(const struct queue_facts *f, struct id id);
