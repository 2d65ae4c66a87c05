/* vCard 3.0 (RFC 2426) and 4.0 (RFC 6350) from a card. */
#include "core/card/build.h"
#include "core/card/kinds.h"
#include "core/card/line_write.h"

struct writing {
	struct line_writer lines;
	const struct card *card;
	enum card_version version;
	struct arena names;
	unsigned labels; /* groups made so far */
};

static void write_if(struct writing *w, const char *name, struct str text)
{
	if (text.len > 0)
		line_write(&w->lines, str_of(name), text);
}

/* A URI takes no escapes, but a backslash is none of its characters and would be read as one. */
static void write_uri(struct line_writer *lines, struct str uri)
{
	size_t at;

	while ((at = str_find_char(uri, '\\', 0)) != SIZE_MAX) {
		line_write_raw(lines, str_sub(uri, 0, at));
		line_write_raw(lines, STR("\\\\"));
		uri = str_sub(uri, at + 1, uri.len);
	}
	line_write_raw(lines, uri);
}

static struct card_name name_of(const struct card *card)
{
	struct card_name name = card->name;
	size_t space = SIZE_MAX;

	if (!name_is_empty(&name) || card->is_organization ||
		str_equal(card->formatted, card->organization))
		return name;
	/* iOS shows N and not FN, so a card with FN alone would have no name there */
	for (size_t i = 0; i < card->formatted.len; i++)
		if (card->formatted.p[i] == ' ')
			space = i;
	if (space == SIZE_MAX) {
		name.given = card->formatted;
	} else {
		name.given = str_trim(str_sub(card->formatted, 0, space));
		name.family = str_sub(card->formatted, space + 1, card->formatted.len);
	}
	return name;
}

static void write_parts(struct line_writer *lines, const struct str *parts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			line_write_separator(lines, ';');
		line_write_text(lines, parts[i]);
	}
}

static void write_names(struct writing *w)
{
	struct card_name name = name_of(w->card);
	const struct str parts[] = { name.family, name.given, name.additional, name.prefix,
		name.suffix };

	line_write(&w->lines, STR("FN"), card_display_name(w->card, &w->names));
	line_write_begin(&w->lines, STR(""), STR("N"));
	write_parts(&w->lines, parts, ARRAY_LEN(parts));
	line_write_end(&w->lines);
	write_if(w, "NICKNAME", w->card->nickname);
}

static void write_organization(struct writing *w)
{
	const struct card *card = w->card;

	if (card->organization.len == 0 && card->units.count == 0)
		return;
	line_write_begin(&w->lines, STR(""), STR("ORG"));
	line_write_text(&w->lines, card->organization);
	for (size_t i = 0; i < card->units.count; i++) {
		line_write_separator(&w->lines, ';');
		line_write_text(&w->lines, card->units.items[i]);
	}
	line_write_end(&w->lines);
}

static void write_types(struct writing *w, unsigned kinds, unsigned pref, struct str other)
{
	struct str type;

	for (unsigned bit = 0; kinds_word(bit).len > 0; bit++)
		if (kinds & 1u << bit)
			line_write_param(&w->lines, STR("TYPE"), kinds_word(bit));
	while (other.len > 0 && str_split(&other, ',', &type))
		line_write_param(&w->lines, STR("TYPE"), type);
	if (w->version == CARD_VERSION_40 && pref > 0) {
		struct str number = arena_printf(&w->names, "%u", pref);

		line_write_param(&w->lines, STR("PREF"), number);
	} else if (pref == 1) {
		line_write_param(&w->lines, STR("TYPE"), STR("pref"));
	}
}

/* A kept property of the group would take the label for its own, or lend its own to the value. */
static bool is_kept_group(const struct card *card, struct str group)
{
	for (size_t i = 0; i < card->properties.count; i++)
		if (str_equal_nocase(card->properties.items[i].group, group))
			return true;
	return false;
}

/* The group's name; empty without a label. */
static struct str begin_labelled(struct writing *w, struct str label, const char *name)
{
	struct str group = STR("");

	if (label.len > 0) {
		do
			group = arena_printf(&w->names, "kith%u", ++w->labels);
		while (is_kept_group(w->card, group));
	}
	line_write_begin(&w->lines, group, str_of(name));
	return group;
}

static void end_labelled(struct writing *w, struct str group, struct str label)
{
	line_write_end(&w->lines);
	if (group.len == 0)
		return;
	line_write_begin(&w->lines, group, STR("X-ABLabel"));
	line_write_text(&w->lines, label);
	line_write_end(&w->lines);
}

static void write_value(struct writing *w, const char *name, const struct card_value *v,
	void (*write)(struct writing *w, const struct card_value *v))
{
	struct str group = begin_labelled(w, v->label, name);

	write(w, v);
	end_labelled(w, group, v->label);
}

static void write_email(struct writing *w, const struct card_value *v)
{
	if (w->version == CARD_VERSION_30)
		line_write_param(&w->lines, STR("TYPE"), STR("INTERNET"));
	write_types(w, v->kinds, v->pref, v->other_types);
	line_write_text(&w->lines, v->value);
}

/* 4.0 has URIs for numbers; 3.0 has not, and a phone that gets one there cannot dial it. */
static void write_phone(struct writing *w, const struct card_value *v)
{
	struct str number = card_phone_number(v);
	bool is_uri = number.len < v->value.len;

	write_types(w, v->kinds, v->pref, v->other_types);
	if (is_uri && w->version == CARD_VERSION_40) {
		line_write_param(&w->lines, STR("VALUE"), STR("uri"));
		write_uri(&w->lines, v->value);
	} else {
		line_write_text(&w->lines, number);
	}
}

static void write_url(struct writing *w, const struct card_value *v)
{
	write_types(w, v->kinds, v->pref, v->other_types);
	write_uri(&w->lines, v->value);
}

/* RFC 6350 6.3.1 writes \n in LABEL, so a backslash of the text itself must not look like it. */
static struct str double_backslashes(struct writing *w, struct str s)
{
	struct buf out = BUF_IN(&w->names);

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\')
			buf_add_char(&out, '\\');
		buf_add_char(&out, s.p[i]);
	}
	return buf_str(&out);
}

static void write_addresses(struct writing *w)
{
	for (size_t i = 0; i < w->card->addresses.count; i++) {
		const struct card_address *to = &w->card->addresses.items[i];
		const struct str parts[] = { to->po_box, to->extended, to->street, to->city,
			to->region, to->postcode, to->country };
		struct str group = begin_labelled(w, to->label, "ADR");

		write_types(w, to->kinds, to->pref, to->other_types);
		if (to->delivery.len > 0)
			line_write_param(
				&w->lines, STR("LABEL"), double_backslashes(w, to->delivery));
		write_parts(&w->lines, parts, ARRAY_LEN(parts));
		end_labelled(w, group, to->label);
	}
}

static void write_list(struct writing *w, const char *name, const struct card_texts *texts)
{
	if (texts->count == 0)
		return;
	line_write_begin(&w->lines, STR(""), str_of(name));
	for (size_t i = 0; i < texts->count; i++) {
		if (i > 0)
			line_write_separator(&w->lines, ',');
		line_write_text(&w->lines, texts->items[i]);
	}
	line_write_end(&w->lines);
}

/* "jpeg" of "image/jpeg": 3.0 takes the word alone. */
static struct str image_word(struct str type)
{
	return str_starts(type, STR("image/")) ? str_sub(type, 6, type.len) : type;
}

static void write_photo(struct writing *w)
{
	const struct card *card = w->card;
	struct line_writer *lines = &w->lines;

	if (card->photo.len == 0 && card->photo_uri.len == 0)
		return;
	line_write_begin(lines, STR(""), STR("PHOTO"));
	if (card->photo.len == 0) {
		line_write_param(lines, STR("VALUE"), STR("uri"));
		write_uri(lines, card->photo_uri);
	} else if (w->version == CARD_VERSION_30) {
		line_write_param(lines, STR("ENCODING"), STR("b"));
		if (card->photo_type.len > 0)
			line_write_param(lines, STR("TYPE"), image_word(card->photo_type));
		line_write_base64(lines, card->photo);
	} else {
		line_write_raw(lines, STR("data:"));
		line_write_raw(lines, card->photo_type);
		line_write_raw(lines, STR(";base64,"));
		line_write_base64(lines, card->photo);
	}
	line_write_end(lines);
}

static void write_kept(struct writing *w)
{
	for (size_t i = 0; i < w->card->properties.count; i++) {
		const struct card_property *p = &w->card->properties.items[i];

		line_write_begin(&w->lines, p->group, p->name);
		line_write_raw_params(&w->lines, p->params);
		line_write_raw(&w->lines, p->value);
		line_write_end(&w->lines);
	}
}

static void write_organization_mark(struct writing *w)
{
	if (!w->card->is_organization)
		return;
	if (w->version == CARD_VERSION_40)
		line_write(&w->lines, STR("KIND"), STR("org"));
	else
		line_write(&w->lines, STR("X-ABShowAs"), STR("COMPANY"));
}

void card_write_vcard(struct buf *out, const struct card *card, enum card_version version)
{
	struct writing w = { .lines = LINES_TO(out), .card = card, .version = version };

	buf_lit(out, "BEGIN:VCARD\r\nVERSION:");
	buf_add_str(out, version == CARD_VERSION_40 ? STR("4.0\r\n") : STR("3.0\r\n"));
	write_organization_mark(&w);
	write_names(&w);
	write_organization(&w);
	write_if(&w, "TITLE", card->title);
	write_if(&w, "ROLE", card->role);
	for (size_t i = 0; i < card->emails.count; i++)
		write_value(&w, "EMAIL", &card->emails.items[i], write_email);
	for (size_t i = 0; i < card->phones.count; i++)
		write_value(&w, "TEL", &card->phones.items[i], write_phone);
	for (size_t i = 0; i < card->urls.count; i++)
		write_value(&w, "URL", &card->urls.items[i], write_url);
	write_addresses(&w);
	write_if(&w, "BDAY", card->birthday);
	for (size_t i = 0; i < card->notes.count; i++)
		write_if(&w, "NOTE", card->notes.items[i]);
	write_list(&w, "CATEGORIES", &card->categories);
	for (size_t i = 0; i < card->languages.count; i++)
		write_if(&w, "LANG", card->languages.items[i]);
	write_photo(&w);
	write_if(&w, "UID", card->uid);
	write_if(&w, "REV", card->rev);
	/* last, for a second TITLE was kept because there was a first one */
	write_kept(&w);
	buf_lit(out, "END:VCARD\r\n");
	arena_finish(&w.names);
}
