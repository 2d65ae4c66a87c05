/* The people of a queue as vCards, one each, with how they were met as the note. */
#include "server/exports.h"

#include "core/card/card.h"

static struct str get(const struct json *o, const char *key)
{
	struct str s;

	return json_get_str(o, key, &s) ? s : STR("");
}

static struct card_values values_of(const struct json *o, const char *key, struct arena *a)
{
	const struct json *list = json_get(o, key);
	struct card_values v = { ARENA_ARRAY(a, list ? list->count : 0, struct card_value), 0 };

	for (const struct json *n = list ? list->first : NULL; n; n = n->next)
		if (n->type == JSON_STRING)
			v.items[v.count++].value = n->text;
	return v;
}

static bool seen(const struct json *from, const struct json *until, struct str key)
{
	for (const struct json *i = from; i && i != until; i = i->next)
		if (str_equal(get(json_get(i, "person"), "key"), key))
			return true;
	return false;
}

static void write_person(struct buf *out, const struct json *item, struct arena *a)
{
	const struct json *person = json_get(item, "person"), *notes = json_get(item, "notes");
	struct card card = { .format = CARD_VCARD_30 };
	struct str *lines = ARENA_ARRAY(a, (notes ? notes->count : 0) + 1, struct str);

	/* a lead for nobody yet */
	if (!person)
		return;
	card.formatted = get(person, "name");
	card.organization = get(person, "organization");
	card.title = get(person, "title");
	card.uid = arena_printf(a, "urn:kith:" STR_FMT, STR_ARG(get(person, "key")));
	card.emails = values_of(person, "emails", a);
	card.phones = values_of(person, "phones", a);
	card.urls = values_of(person, "urls", a);
	card.notes.items = lines;
	lines[card.notes.count++] = get(item, "why");
	for (const struct json *n = notes ? notes->first : NULL; n; n = n->next)
		if (get(n, "text").len > 0)
			lines[card.notes.count++] = get(n, "text");
	card_write_vcard(out, &card, CARD_VERSION_30);
}

static void write_vcf(struct buf *out, const struct export_input *in, struct arena *a)
{
	const struct json *items = json_get(in->queue, "items"),
			  *done = json_get(in->queue, "done");
	const struct json *first = items ? items->first : NULL, *later = done ? done->first : NULL;

	for (const struct json *i = first; i; i = i->next)
		if (!seen(first, i, get(json_get(i, "person"), "key")))
			write_person(out, i, a);
	for (const struct json *i = later; i; i = i->next)
		if (!seen(first, NULL, get(json_get(i, "person"), "key")) &&
			!seen(later, i, get(json_get(i, "person"), "key")))
			write_person(out, i, a);
}

const struct export_format export_vcf = {
	.name = "vcf",
	.type = "text/vcard; charset=utf-8",
	.write = write_vcf,
};
