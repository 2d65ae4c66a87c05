#include "server/store/queue_facts.h"

#include "core/base/json.h"

static struct str get(const struct json *o, const char *key)
{
	struct str s;

	return json_get_str(o, key, &s) ? s : STR("");
}

static struct str value_of(const struct json *v)
{
	switch (v->type) {
	case JSON_BOOL:
		return v->truth ? STR("true") : STR("false");
	case JSON_NUMBER:
	case JSON_STRING:
		return v->text;
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return (struct str){ NULL, 0 };
}

const struct fact_field *queue_fields(const struct json *o, size_t *n, struct arena *a)
{
	struct fact_field *fields;
	size_t most = 0;

	*n = 0;
	if (!o || o->type != JSON_OBJECT)
		return NULL;
	for (const struct json *m = o->first; m; m = m->next)
		most += m->type == JSON_ARRAY ? m->count : 1;
	fields = ARENA_ARRAY(a, most, struct fact_field);
	for (const struct json *m = o->first; m; m = m->next) {
		bool list = m->type == JSON_ARRAY;

		for (const struct json *v = list ? m->first : m; v; v = list ? v->next : NULL) {
			struct str value = value_of(v);

			if (value.p)
				fields[(*n)++] = (struct fact_field){ m->key, value };
		}
	}
	return fields;
}

static int by_fact_id(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;

	return id_compare((*x)->id, (*y)->id);
}

static int by_person_id(const void *a, const void *b)
{
	const struct queue_person *x = a, *y = b;

	return id_compare(x->id, y->id);
}

static void sort(void *items, size_t n, size_t size, int (*order)(const void *, const void *))
{
	if (n > 1)
		qsort(items, n, size, order);
}

/* A row of people for each meeting and contact; folded to one a person later. */
static void add_person(struct queue_facts *out, struct fact *f, const struct log_entry *x,
	const struct json *o, const struct my_log *log, struct arena *a)
{
	const struct my_person *known = my_person_find(log, f->person);
	struct queue_person *p = &out->people[out->people_count++];
	struct card_list cards;
	struct err unread;

	p->id = f->person;
	p->event = x->event;
	p->vouched = f->kind == ENTRY_CONTACT || (known && known->vouched);
	if (f->kind != ENTRY_CONTACT && known) {
		p->attendee = known->known.attendee;
		p->known = known->known;
	} else if (f->kind == ENTRY_MEETING) {
		p->attendee = x->other;
	}
	if (f->kind == ENTRY_CONTACT && card_read(&cards, str_bytes(get(o, "card")), a, &unread))
		p->card = &cards.cards[0];
}

static void fold_people(struct queue_facts *out)
{
	size_t kept = 0;

	sort(out->people, out->people_count, sizeof(*out->people), by_person_id);
	for (size_t i = 0; i < out->people_count; i++)
		if (kept == 0 || !id_equal(out->people[kept - 1].id, out->people[i].id))
			out->people[kept++] = out->people[i];
	out->people_count = kept;
}

static struct queue_person *find_person(const struct queue_facts *f, struct id id)
{
	struct queue_person key = { .id = id };

	return f->people_count
		       ? bsearch(&key, f->people, f->people_count, sizeof(key), by_person_id)
		       : NULL;
}

/* The cards that people showed at meetings; the newest of each. */
static void add_shown(struct queue_facts *out, const struct id *contacts, const struct str *texts,
	size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		const struct fact *contact = queue_fact_find(out, contacts[i]);
		const struct fact *tie = contact ? queue_fact_find(out, contact->of) : NULL;
		struct queue_person *p = tie ? find_person(out, tie->person) : NULL;
		struct card_list cards;
		struct err unread;

		if (!p || (!id_is_none(p->shown_by) && id_compare(p->shown_by, contacts[i]) > 0) ||
			!card_read(&cards, str_bytes(texts[i]), a, &unread))
			continue;
		p->shown = &cards.cards[0];
		p->shown_by = contacts[i];
	}
}

bool queue_facts_read(
	struct queue_facts *out, const struct my_log *log, struct arena *a, struct err *e)
{
	const struct log_entry *entries = log->entries;
	size_t n = log->count, shown = 0;
	struct id *contacts = ARENA_ARRAY(a, n, struct id);
	struct str *texts = ARENA_ARRAY(a, n, struct str);

	(void)e;
	*out = (struct queue_facts){
		.facts = ARENA_ARRAY(a, n, struct fact),
		.by_id = ARENA_ARRAY(a, n, struct fact *),
		.people = ARENA_ARRAY(a, n, struct queue_person),
	};
	for (size_t i = 0; i < n; i++) {
		const struct log_entry *x = &entries[i];
		struct fact *f = &out->facts[out->count];
		struct fact_source from = { .kind = x->kind,
			.id = x->id,
			.event = x->event,
			.at_ms = x->at_ms,
			.other = x->other_id,
			.own = x->own };
		struct json *o;
		struct err unread;

		if (!json_read(&o, x->payload, a, &unread))
			continue;
		from.fields = queue_fields(o, &from.count, a);
		if (!fact_read(f, &from, a))
			continue;
		if (fact_is_tie(f))
			add_person(out, f, x, o, log, a);
		else if (f->kind == ENTRY_CONTACT) {
			contacts[shown] = f->id;
			texts[shown++] = get(o, "card");
		}
		out->by_id[out->count++] = f;
	}
	sort(out->by_id, out->count, sizeof(*out->by_id), by_fact_id);
	fold_people(out);
	add_shown(out, contacts, texts, shown, a);
	return true;
}

const struct fact *queue_fact_find(const struct queue_facts *f, struct id id)
{
	struct fact wanted = { .id = id };
	const struct fact *key = &wanted;
	struct fact **hit = f->count ? bsearch(&key, f->by_id, f->count, sizeof(*f->by_id),
					       by_fact_id)
				     : NULL;

	return hit ? *hit : NULL;
}

const struct queue_person *queue_person_find(const struct queue_facts *f, struct id id)
{
	return find_person(f, id);
}
