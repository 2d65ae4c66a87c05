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

static int by_person_then_id(const void *a, const void *b)
{
	const struct queue_note *x = a, *y = b;
	int order = id_compare(x->person, y->person);

	return order ? order : id_compare(x->id, y->id);
}

static int by_bytes(const void *a, const void *b)
{
	const struct id *x = a, *y = b;

	return id_compare(*x, *y);
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

static void add_note(struct queue_facts *out, const struct fact *f)
{
	if (f->text.len > 0 || f->topic_count > 0)
		out->notes[out->note_count++] = (struct queue_note){ .id = f->id,
			.of = f->of,
			.at_ms = f->at_ms,
			.text = f->text,
			.topics = f->topics,
			.topic_count = f->topic_count };
}

/* Notes that another one names in after are gone; the others find their person. */
static void settle_notes(struct queue_facts *out, struct arena *a)
{
	size_t replaced_count = 0, kept = 0;
	struct id *replaced;

	for (size_t i = 0; i < out->count; i++)
		replaced_count += out->facts[i].after_count;
	replaced = ARENA_ARRAY(a, replaced_count, struct id);
	replaced_count = 0;
	for (size_t i = 0; i < out->count; i++)
		for (size_t k = 0;
			k < out->facts[i].after_count && out->facts[i].kind == ENTRY_NOTE; k++)
			replaced[replaced_count++] = out->facts[i].after[k];
	sort(replaced, replaced_count, sizeof(*replaced), by_bytes);
	for (size_t i = 0; i < out->note_count; i++) {
		struct queue_note note = out->notes[i];
		const struct fact *of = queue_fact_find(out, note.of);

		if (!of || (replaced_count > 0 && bsearch(&note.id, replaced, replaced_count,
							  sizeof(*replaced), by_bytes)))
			continue;
		note.person = of->person;
		out->notes[kept++] = note;
	}
	out->note_count = kept;
	sort(out->notes, kept, sizeof(*out->notes), by_person_then_id);
}

bool queue_facts_read(struct queue_facts *out, uint32_t event, const struct my_log *log,
	struct arena *a, struct err *e)
{
	const struct log_entry *entries = log->entries;
	size_t n = log->count;

	(void)e;
	*out = (struct queue_facts){
		.facts = ARENA_ARRAY(a, n, struct fact),
		.by_id = ARENA_ARRAY(a, n, struct fact *),
		.people = ARENA_ARRAY(a, n, struct queue_person),
		.notes = ARENA_ARRAY(a, n, struct queue_note),
	};
	for (size_t i = 0; i < n; i++) {
		const struct log_entry *x = &entries[i];
		struct fact *f = &out->facts[out->count];
		struct fact_source from = { .kind = x->kind,
			.id = x->id,
			.event = event,
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
		if (f->kind == ENTRY_NOTE)
			add_note(out, f);
		out->by_id[out->count++] = f;
	}
	sort(out->by_id, out->count, sizeof(*out->by_id), by_fact_id);
	settle_notes(out, a);
	fold_people(out);
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
	struct queue_person key = { .id = id };

	return f->people_count
		       ? bsearch(&key, f->people, f->people_count, sizeof(key), by_person_id)
		       : NULL;
}

const struct queue_note *queue_notes_find(const struct queue_facts *f, struct id person, size_t *n)
{
	size_t low = 0, high = f->note_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (id_compare(f->notes[mid].person, person) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < f->note_count && id_equal(f->notes[low + *n].person, person);)
		(*n)++;
	return f->notes + low;
}
