/* From log entries to the facts of the follow-up rules, and the people and notes in them. */
#pragma once

#include "core/base/json.h"
#include "core/card/card.h"
#include "core/followup/followup.h"
#include "server/store/my_log.h"

/* Somebody in an owner's log. */
struct queue_person {
	struct id id;	       /* as in fact.person */
	uint32_t attendee;     /* 0: met by a vCard, without a badge */
	struct attendee known; /* as far as the owner may see (my_log.h) */
	bool vouched;	       /* a kiosk saw both, or the other one said so */
	struct card *card;     /* of a contact, as claimed; else NULL */
};

struct queue_note {
	struct id id, of, person;
	int64_t at_ms;
	struct str text;
	const struct str *topics;
	size_t topic_count;
};

struct queue_facts {
	struct fact *facts;
	size_t count;
	struct fact **by_id;	     /* the same, sorted */
	struct queue_person *people; /* sorted by id */
	size_t people_count;
	struct queue_note *notes; /* not replaced, not empty; sorted by person, then oldest first */
	size_t note_count;
};

/* The members of a payload as the rules read them: see struct fact_source. In a, borrowing o. */
const struct fact_field *queue_fields(const struct json *o, size_t *n, struct arena *a);
/* Entries whose payload cannot be understood are left out, not failed: the log keeps them. */
MUST_CHECK bool queue_facts_read(struct queue_facts *out, uint32_t event, const struct my_log *log,
	struct arena *a, struct err *e);
/* NULL when nobody has that id. */
const struct fact *queue_fact_find(const struct queue_facts *f, struct id id);
const struct queue_person *queue_person_find(const struct queue_facts *f, struct id id);
/* The notes about one person: a part of f->notes. */
const struct queue_note *queue_notes_find(const struct queue_facts *f, struct id person, size_t *n);
