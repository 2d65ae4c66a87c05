#include "server/store/queue_item.h"

static void text_if(struct json_writer *w, const char *key, struct str value)
{
	if (value.len > 0)
		json_str(w, key, value);
}

static struct str name_of(const struct queue_person *p, struct arena *a)
{
	if (p->card)
		return card_display_name(p->card, a);
	if (p->known.name.len > 0 || !p->shown)
		return p->known.name;
	return card_display_name(p->shown, a);
}

enum { VALUES_MAX = 32, SOURCES_MAX = 16 };

/* Addresses of one sort, each once. */
struct values {
	struct str items[VALUES_MAX];
	size_t count;
};

static void add_value(struct values *v, struct str s)
{
	for (size_t i = 0; i < v->count; i++)
		if (str_equal_nocase(v->items[i], s))
			return;
	if (s.len > 0 && v->count < VALUES_MAX)
		v->items[v->count++] = s;
}

static void write_values(struct json_writer *w, const char *key, const struct values *v)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < v->count; i++)
		json_str(w, NULL, v->items[i]);
	json_close(w, ']');
}

/* All that is known of somebody, put together; what is first found stands. */
struct details {
	struct str name, organization, title;
	struct values emails, phones, urls;
	bool claimed; /* by cards alone */
};

static void first_of(struct str *have, struct str more)
{
	if (have->len == 0)
		*have = more;
}

static void add_card(struct details *d, const struct card *card)
{
	if (!card)
		return;
	first_of(&d->organization, card_organization(card));
	first_of(&d->title, card->title);
	for (size_t i = 0; i < card->emails.count; i++)
		add_value(&d->emails, card->emails.items[i].value);
	for (size_t i = 0; i < card->phones.count; i++)
		add_value(&d->phones, card_phone_number(&card->phones.items[i]));
	for (size_t i = 0; i < card->urls.count; i++)
		add_value(&d->urls, card->urls.items[i].value);
}

/* An attendee shares name and organization by meeting, the rest by consent (my_log.h). */
static void add_known(struct details *d, const struct queue_person *p)
{
	bool shares = p->known.consents[PURPOSE_CARD];

	first_of(&d->organization, p->known.organization);
	if (!shares)
		return;
	first_of(&d->title, p->known.title);
	add_value(&d->emails, p->known.email);
	add_value(&d->phones, p->known.phone);
	add_value(&d->urls, p->known.url);
}

/* Of all whom the owner merged into one: badges before cards, and among them the key's first. */
static struct details details_of(
	const struct queue_facts *facts, const struct followup_person *who, struct arena *a)
{
	struct details d = { .claimed = true };
	const struct queue_person *all[SOURCES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < who->id_count && n < SOURCES_MAX; i++) {
		all[n] = queue_person_find(facts, who->ids[i]);
		if (all[n] && id_equal(all[n]->id, who->key) && n > 0) {
			all[n] = all[0];
			all[0] = queue_person_find(facts, who->key);
		}
		n += all[n] != NULL;
	}
	for (size_t i = 0; i < n; i++) {
		first_of(&d.name, name_of(all[i], a));
		d.claimed = d.claimed && all[i]->card;
		if (!all[i]->card)
			add_known(&d, all[i]);
	}
	for (size_t i = 0; i < n; i++) {
		add_card(&d, all[i]->shown);
		add_card(&d, all[i]->card);
	}
	d.claimed = d.claimed && n > 0;
	return d;
}

static void write_person(struct json_writer *w, const struct queue_facts *facts,
	const struct followup_person *who, struct arena *a)
{
	struct details d = details_of(facts, who, a);

	json_open(w, "person", '{');
	json_id(w, "key", who->key);
	json_str(w, "name", d.name);
	text_if(w, "organization", d.organization);
	text_if(w, "title", d.title);
	write_values(w, "emails", &d.emails);
	write_values(w, "phones", &d.phones);
	write_values(w, "urls", &d.urls);
	json_bool(w, "claimed", d.claimed);
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
	const struct queue_facts *facts, const struct followup_person *p, uint32_t event)
{
	const struct queue_person *best = NULL;

	for (size_t i = 0; p && i < p->id_count; i++) {
		const struct queue_person *x = queue_person_find(facts, p->ids[i]);

		if (x && x->event == event && (!best || id_equal(x->id, p->key)))
			best = x;
	}
	return best;
}

void queue_words(struct plan_words *out, const struct queue_facts *facts,
	const struct attendee *owner, const struct event *events, size_t event_count,
	struct arena *a)
{
	*out = (struct plan_words){ .languages = &languages_all,
		.lang = owner->lang,
		.me = owner->name,
		.people = ARENA_ARRAY(a, facts->people_count, struct plan_name),
		.people_count = facts->people_count,
		.events = ARENA_ARRAY(a, event_count, struct plan_event),
		.event_count = event_count };
	for (size_t i = 0; i < event_count; i++)
		out->events[i] = (struct plan_event){ events[i].event, events[i].name };
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
		write_person(w, facts, item->who, a);
	write_notes(w, item, plan->zone_ms);
	json_close(w, '}');
}
