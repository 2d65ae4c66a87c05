/* One item of a queue as JSON: ITEM of docs/api.md. */
#pragma once

#include "server/store/events.h"
#include "server/store/queue_facts.h"

struct queue_words {
	struct attendee owner;
	struct str event_name;
};

void queue_item_write(struct json_writer *w, const struct followup_item *item,
	const struct queue_facts *facts, const struct queue_words *words, struct arena *a);
