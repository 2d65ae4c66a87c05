/* One item of a queue as JSON: ITEM of docs/api.md. */
#pragma once

#include "core/followup/plan_json.h"
#include "server/store/events.h"
#include "server/store/queue_facts.h"

/* The words of a plan, from what the server knows; in a, borrowing all. */
void queue_words(struct plan_words *out, const struct queue_facts *facts,
	const struct attendee *owner, const struct event *events, size_t event_count,
	struct arena *a);
void queue_item_write(struct json_writer *w, const struct followup_item *item,
	const struct followup_plan *plan, const struct queue_facts *facts,
	const struct plan_words *words, struct arena *a);
/* What stands for somebody at an event; NULL: nobody there is known by any id of theirs. */
const struct queue_person *queue_person_of(
	const struct queue_facts *facts, const struct followup_person *p, uint32_t event);
