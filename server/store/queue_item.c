#include "server/store/queue_item.h"

/* "Ana Maria Müller" is greeted as "Ana". */
static struct str first_word(struct str name)
{
	return str_sub(name, 0, str_find_char(name, ' ', 0));
}

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
static void write_notes(struct json_writer *w, const struct queue_facts *facts, struct id person)
{
	size_t count;
	const struct queue_note *n = queue_notes_find(facts, person, &count);

	json_open(w, "notes", '[');
	for (; count > 0; count--, n++) {
		json_open(w, NULL, '{');
		json_uuid(w, "entry", n->id);
		json_str(w, "text", n->text);
		json_open(w, "topics", '[');
		for (const struct json *t = n->topics ? n->topics->first : NULL; t; t = t->next)
			json_str(w, NULL, t->text);
		json_close(w, ']');
		json_str(w, "at", str_of(followup_date_text(clock_day(n->at_ms)).s));
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* What a draft speaks of: the promise, else the topics noted. */
static struct str topic_of(
	const struct followup_item *item, const struct queue_facts *facts, struct arena *a)
{
	struct buf text = BUF_IN(a);
	size_t count;
	const struct queue_note *n = queue_notes_find(facts, item->person, &count);

	if (item->text.len > 0)
		return item->text;
	for (; count > 0; count--, n++) {
		for (const struct json *t = n->topics ? n->topics->first : NULL; t; t = t->next) {
			buf_add_str(&text, text.len > 0 ? STR(", ") : STR(""));
			buf_add_str(&text, t->text);
		}
	}
	return buf_str(&text);
}

void queue_item_write(struct json_writer *w, const struct followup_item *item,
	const struct queue_facts *facts, const struct queue_words *words, struct arena *a)
{
	const struct queue_person *p = queue_person_find(facts, item->person);
	struct str name = name_of(p, a);
	struct draft_words d = { .lang = words->owner.lang,
		.me = first_word(words->owner.name),
		.them = name,
		.event = words->event_name };
	struct buf title = BUF_IN(a), why = BUF_IN(a), subject = BUF_IN(a), body = BUF_IN(a);

	followup_title(&title, item->kind, &d);
	d.topic = item->text; /* why an item is there is what was written down then, not what was
				 noted */
	followup_why(&why, item, &d);
	d.topic = topic_of(item, facts, a);
	d.them = first_word(name);
	if (p && p->known.lang.len > 0)
		d.lang = p->known.lang;
	followup_draft(&subject, &body, item->kind, &d);
	json_open(w, NULL, '{');
	json_id(w, "key", item->key);
	json_str(w, "kind", str_of(followup_kind_name(item->kind)));
	json_str(w, "state", str_of(followup_state_name(item->state)));
	json_str(w, "title", buf_str(&title));
	json_str(w, "due", str_of(followup_date_text(item->due).s));
	if (item->state == FOLLOWUP_SNOOZE)
		json_str(w, "until", str_of(followup_date_text(item->until).s));
	json_bool(w, "overdue", item->overdue);
	json_str(w, "why", buf_str(&why));
	text_if(w, "text", item->text);
	json_uuid(w, "of", item->of);
	json_open(w, "after", '[');
	for (size_t i = 0; i < item->after_count; i++)
		json_uuid(w, NULL, item->after[i]);
	json_close(w, ']');
	write_person(w, p, item->person, a);
	write_notes(w, facts, item->person);
	json_open(w, "met", '{');
	json_u64(w, "count", item->met.count);
	json_str(w, "first", str_of(followup_date_text(item->met.first).s));
	json_str(w, "last", str_of(followup_date_text(item->met.last).s));
	json_close(w, '}');
	json_open(w, "draft", '{');
	json_str(w, "subject", buf_str(&subject));
	json_str(w, "body", buf_str(&body));
	json_close(w, '}');
	json_close(w, '}');
}
