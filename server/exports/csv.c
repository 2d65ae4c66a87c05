#include "server/exports.h"

#include "core/base/csv.h"

static struct str get(const struct json *o, const char *key)
{
	struct str s;

	return json_get_str(o, key, &s) ? s : STR("");
}

static struct str first_of(const struct json *o, const char *key)
{
	const struct json *list = json_get(o, key);

	return list && list->first && list->first->type == JSON_STRING ? list->first->text
								       : STR("");
}

static struct str notes_of(const struct json *item, struct arena *a)
{
	const struct json *notes = json_get(item, "notes");
	struct buf text = BUF_IN(a);

	for (const struct json *n = notes ? notes->first : NULL; n; n = n->next) {
		const struct json *topics = json_get(n, "topics");

		if (text.len > 0)
			buf_add_char(&text, '\n');
		buf_add_str(&text, get(n, "text"));
		for (const struct json *t = topics ? topics->first : NULL; t; t = t->next) {
			buf_add_str(&text, text.len > 0 ? STR(" #") : STR("#"));
			buf_add_str(&text, t->text);
		}
	}
	return buf_str(&text);
}

static void add_rows(struct buf *out, const struct json *list, struct arena *a)
{
	for (const struct json *item = list ? list->first : NULL; item; item = item->next) {
		const struct json *person = json_get(item, "person");
		const struct str cells[] = {
			get(item, "due"),
			get(item, "kind"),
			get(item, "state"),
			get(person, "name"),
			get(person, "organization"),
			get(person, "title"),
			first_of(person, "emails"),
			first_of(person, "phones"),
			first_of(person, "urls"),
			get(item, "why"),
			get(item, "text"),
			notes_of(item, a),
		};

		csv_row(out, cells, ARRAY_LEN(cells));
	}
}

static void write_csv(struct buf *out, const struct export_input *in, struct arena *a)
{
	static const struct str head[] = {
		STR_INIT("Due"),
		STR_INIT("Follow-up"),
		STR_INIT("State"),
		STR_INIT("Name"),
		STR_INIT("Organization"),
		STR_INIT("Title"),
		STR_INIT("E-mail"),
		STR_INIT("Phone"),
		STR_INIT("Web"),
		STR_INIT("Why"),
		STR_INIT("Promise"),
		STR_INIT("Notes"),
	};

	csv_begin(out);
	csv_row(out, head, ARRAY_LEN(head));
	add_rows(out, json_get(in->queue, "items"), a);
	add_rows(out, json_get(in->queue, "done"), a);
}

const struct export_format export_csv = {
	.name = "csv",
	.type = "text/csv; charset=utf-8; header=present",
	.write = write_csv,
};
