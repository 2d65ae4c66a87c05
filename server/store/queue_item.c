#include "server/store/queue_item.h"

static void text_if(struct json_writer *w, const char *key, struct str value)
{
	if (value.len > 0)
		json_str(w, key, value);
}

static void one_if(struct json_writer *w, const char *key, struct str value)
{
	json_open(w, key, '[');
	if (value.len > 0)
		json_str(w, NULL, value);
	json_close(w, ']');
}

static void write_values(
	struct json_writer *w, const char *key, const struct card_values *values, bool phone)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < values->count; i++)
		json_str(w, NULL,
			phone ? card_phone_number(&values->items[i]) : values->items[i].value);
	json_close(w, ']');
}

static struct str name_of(const struct queue_person *p, struct arena *a)
{
	if (!p)
		return STR("");
	return p->card ? card_display_name(p->card, a) : p->known.name;
}

/* A contact's card is the person's own; an attendee shares name and organization by meeting, the
 * rest by consent. */
static void write_person(
	struct json_writer *w, const struct queue_person *p, struct id id, struct arena *a)
{
	static const struct card nothing;
	bool shares = p && !p->card && p->known.consents[PURPOSE_CARD];

	json_open(w, "person", '{');
	json_id(w, "key", id);
	json_str(w, "name", name_of(p, a));
	if (p && p->card) {
		text_if(w, "organization", card_organization(p->card));
		text_if(w, "title", p->card->title);
		write_values(w, "emails", &p->card->emails, false);
		write_values(w, "phones", &p->card->phones, true);
		write_values(w, "urls", &p->card->urls, false);
	} else if (p) {
		text_if(w, "organization", p->known.organization);
		text_if(w, "title", shares ? p->known.title : nothing.title);
		one_if(w, "emails", shares ? p->known.email : nothing.title);
		one_if(w, "phones", shares ? p->known.phone : nothing.title);
		one_if(w, "urls", shares ? p->known.url : nothing.title);
	}
	json_bool(w, "claimed", p && p->card != NULL);
	json_close(w, '}');
}

/* What the owner wrote about that person, at any of their meetings. */
static void write_notes(struct json_writer *w, const struct followup_item *item, int64_t zone_ms)
{
	const struct followup_person *p = item->who;

	json_open(w, "notes", '[');
	for (size_t i = 0; p && i < p->note_count; i++) {
		const struct fact *n = p->notes[i];

		json_open(w, NULL, '{');
		json_uuid(w, "entry", n->id);
		json_str(w, "text", n->text);
		json_open(w, "topics", '[');
		for (size_t t = 0; t < n->topic_count; t++)
			json_str(w, NULL, n->topics[t]);
		json_close(w, ']');
		json_str(w, "at", str_of(followup_date_text(clock_day(n->at_ms + zone_ms)).s));
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* A badge says more than a vCard, and a name more than none. */
const struct queue_person *queue_person_of(
	const struct queue_facts *facts, const struct followup_person *p)
{
	const struct queue_person *best = NULL;

	for (size_t i = 0; p && i < p->id_count; i++) {
		const struct queue_person *x = queue_person_find(facts, p->ids[i]);

		if (x && (!best || id_equal(x->id, p->key)))
			best = x;
	}
	return best;
}

void queue_words(struct plan_words *out, const struct queue_facts *facts,
	const struct attendee *owner, const struct event *event, struct arena *a)
{
	*out = (struct plan_words){ .lang = owner->lang,
		.me = owner->name,
		.people = ARENA_ARRAY(a, facts->people_count, struct plan_name),
		.people_count = facts->people_count,
		.events = ARENA_NEW(a, struct plan_event),
		.event_count = 1 };
	out->events[0] = (struct plan_event){ event->event, event->name };
	for (size_t i = 0; i < facts->people_count; i++)
		out->people[i] = (struct plan_name){ facts->people[i].id,
			name_of(&facts->people[i], a), facts->people[i].known.lang };
	plan_words_sort(out);
}

void queue_item_write(struct json_writer *w, const struct followup_item *item,
	const struct followup_plan *plan, const struct queue_facts *facts,
	const struct plan_words *words, struct arena *a)
{
	json_open(w, NULL, '{');
	plan_write_item(w, item, false, words, plan, a);
	if (item->who)
		write_person(w, queue_person_of(facts, item->who), item->person, a);
	write_notes(w, item, plan->zone_ms);
	json_close(w, '}');
}
