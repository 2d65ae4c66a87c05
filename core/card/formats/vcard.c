/*
 * vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), in one reader: what differs between them is in
 * the content line, and cards in the wild mix them anyway.
 */
#include "core/base/limits.h"
#include "core/card/formats.h"
#include "core/card/kinds.h"
#include "core/card/photo.h"
#include "core/card/value.h"

enum kind_of_item { ITEM_EMAIL, ITEM_PHONE, ITEM_URL, ITEM_ADDRESS };

/* A value in a group, which waits for the X-ABLabel of the same group. */
struct grouped {
	struct str group;
	enum kind_of_item kind;
	size_t index;
};

struct label {
	struct str group, text;
	size_t property; /* where it stands among the kept properties */
};

struct reading {
	struct card_list *list;
	struct arena *a;
	struct line_reader lines;
	bool open, refused;
	bool full; /* LIMIT_CARDS is passed: the rest is left */
	struct card card;
	size_t from, properties;
	size_t agents;	  /* cards inside this one (2.1's AGENT) that are not closed yet */
	bool after_agent; /* the line before was an AGENT without value */
	struct buf note;  /* the last note, once more was added to it */
	bool after_note;  /* a line without ':' goes on with a note */
	struct grouped *grouped;
	size_t grouped_count;
	struct label *labels;
	size_t label_count;
};

static void refuse(struct reading *r, size_t line, int limit, const char *what)
{
	if (!r->refused)
		list_problem(r->list, line, ERR_TOO_LARGE, r->a, "more than %d %s: it was left out",
			limit, what);
	r->refused = true;
}

static struct str plain(struct reading *r, const struct line *l)
{
	return value_plain(value_text(l, r->a), r->a);
}

static void keep(struct reading *r, const struct line *l)
{
	bool is_base64 = l->encoding == LINE_BASE64;
	struct str value = is_base64 ? value_base64_text(l, r->a) : value_text(l, r->a);

	*ADD_TO(r->a, r->card.properties.items, r->card.properties.count) = (struct card_property){
		.group = l->group,
		.name = l->name,
		.params = is_base64 ? l->raw_params : line_params_decoded(l, r->a),
		.value = value_one_line(value, r->a),
	};
}

/* A second TITLE and the like has no place: it is kept as sent. */
static void set_text(struct reading *r, const struct line *l, struct str *field)
{
	if (!text_set(field, plain(r, l)))
		keep(r, l);
}

static void take_formatted(struct reading *r, const struct line *l)
{
	set_text(r, l, &r->card.formatted);
}

static void take_nickname(struct reading *r, const struct line *l)
{
	set_text(r, l, &r->card.nickname);
}

static void take_title(struct reading *r, const struct line *l)
{
	set_text(r, l, &r->card.title);
}

static void take_role(struct reading *r, const struct line *l)
{
	set_text(r, l, &r->card.role);
}

static void take_uid(struct reading *r, const struct line *l)
{
	set_text(r, l, &r->card.uid);
}

static void take_rev(struct reading *r, const struct line *l)
{
	set_text(r, l, &r->card.rev);
}

static void take_birthday(struct reading *r, const struct line *l)
{
	set_text(r, l, &r->card.birthday);
}

static void take_components(
	struct reading *r, const struct line *l, struct str *const *fields, size_t count)
{
	struct str rest = value_text(l, r->a), part;

	for (size_t i = 0; i < count && value_split(&rest, ';', &part); i++)
		*fields[i] = value_plain(part, r->a);
}

static void take_name(struct reading *r, const struct line *l)
{
	struct card_name name = { 0 }, *have = &r->card.name;
	struct str *const fields[] = { &name.family, &name.given, &name.additional, &name.prefix,
		&name.suffix };

	take_components(r, l, fields, ARRAY_LEN(fields));
	/* a second one is another spelling of it (ALTID) */
	if (!name_is_empty(have))
		keep(r, l);
	else
		*have = name;
}

static void take_organization(struct reading *r, const struct line *l)
{
	struct str rest = value_text(l, r->a), part;
	struct card *card = &r->card;

	if (card->organization.len > 0 || card->units.count > 0) {
		keep(r, l);
		return;
	}
	(void)!value_split(&rest, ';', &part);
	card->organization = value_plain(part, r->a);
	while (value_split(&rest, ';', &part)) {
		part = value_plain(part, r->a);
		if (part.len > 0)
			*ADD_TO(r->a, card->units.items, card->units.count) = part;
	}
}

static void add_grouped(
	struct reading *r, const struct line *l, enum kind_of_item kind, size_t count)
{
	if (l->group.len > 0)
		*ADD_TO(r->a, r->grouped, r->grouped_count) = (struct grouped){ l->group, kind,
			count - 1 };
}

static void take_value(
	struct reading *r, const struct line *l, struct card_values *values, enum kind_of_item kind)
{
	struct card_value v = { .value = plain(r, l) };

	if (v.value.len == 0)
		return;
	kinds_read(l, &v.kinds, &v.pref, &v.other_types, r->a);
	*ADD_TO(r->a, values->items, values->count) = v;
	add_grouped(r, l, kind, values->count);
}

static void take_email(struct reading *r, const struct line *l)
{
	take_value(r, l, &r->card.emails, ITEM_EMAIL);
}

static void take_phone(struct reading *r, const struct line *l)
{
	take_value(r, l, &r->card.phones, ITEM_PHONE);
}

static void take_url(struct reading *r, const struct line *l)
{
	take_value(r, l, &r->card.urls, ITEM_URL);
}

static void take_address(struct reading *r, const struct line *l)
{
	struct card_address to = { 0 };
	struct str *const fields[] = { &to.po_box, &to.extended, &to.street, &to.city, &to.region,
		&to.postcode, &to.country };
	bool says_something = false;

	take_components(r, l, fields, ARRAY_LEN(fields));
	if (line_param(l, STR("LABEL"), &to.delivery))
		to.delivery = value_plain(to.delivery, r->a);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		says_something |= fields[i]->len > 0;
	if (!says_something && to.delivery.len == 0)
		return;
	kinds_read(l, &to.kinds, &to.pref, &to.other_types, r->a);
	*ADD_TO(r->a, r->card.addresses.items, r->card.addresses.count) = to;
	add_grouped(r, l, ITEM_ADDRESS, r->card.addresses.count);
}

static void take_note(struct reading *r, const struct line *l)
{
	card_add_note(&r->card, value_unescape(value_text(l, r->a), r->a), r->a);
	r->after_note = r->card.notes.count > 0;
	r->note = BUF_IN(r->a);
}

static void take_list(struct reading *r, const struct line *l, struct card_texts *texts)
{
	struct str rest = value_text(l, r->a), part;

	while (value_split(&rest, ',', &part)) {
		part = value_plain(part, r->a);
		if (part.len > 0)
			*ADD_TO(r->a, texts->items, texts->count) = part;
	}
}

static void take_categories(struct reading *r, const struct line *l)
{
	take_list(r, l, &r->card.categories);
}

static void take_language(struct reading *r, const struct line *l)
{
	take_list(r, l, &r->card.languages);
}

static void take_photo(struct reading *r, const struct line *l)
{
	if (r->card.photo.len > 0 || r->card.photo_uri.len > 0 || !photo_read(&r->card, l, r->a))
		keep(r, l);
}

static void take_kind(struct reading *r, const struct line *l)
{
	if (line_says(l, STR("ORG")))
		r->card.is_organization = true;
	else
		keep(r, l);
}

static void take_show_as(struct reading *r, const struct line *l)
{
	if (line_says(l, STR("COMPANY")))
		r->card.is_organization = true;
	else
		keep(r, l);
}

/* Apple's own words stand between _$!< and >!$_ */
static void take_label(struct reading *r, const struct line *l)
{
	struct str text = plain(r, l);

	if (str_starts(text, STR("_$!<")) && str_ends(text, STR(">!$_")) && text.len >= 8)
		text = str_sub(text, 4, text.len - 4);
	keep(r, l);
	*ADD_TO(r->a, r->labels, r->label_count) = (struct label){ l->group, text,
		r->card.properties.count - 1 };
}

static void take_agent(struct reading *r, const struct line *l)
{
	r->after_agent = line_says(l, STR(""));
	if (line_says(l, STR("BEGIN:VCARD")))
		r->agents++;
	else if (!r->after_agent)
		keep(r, l);
}

static void take_version(struct reading *r, const struct line *l)
{
	if (line_says(l, STR("2.1")))
		r->card.format = CARD_VCARD_21;
	else if (line_says(l, STR("4.0")))
		r->card.format = CARD_VCARD_40;
}

/* Sorted by name in upper case; what is not here is kept as sent. */
static const struct {
	struct str name;
	void (*take)(struct reading *r, const struct line *l);
} takers[] = {
	{ STR_INIT("ADR"), take_address },
	{ STR_INIT("AGENT"), take_agent },
	{ STR_INIT("BDAY"), take_birthday },
	{ STR_INIT("CATEGORIES"), take_categories },
	{ STR_INIT("EMAIL"), take_email },
	{ STR_INIT("FN"), take_formatted },
	{ STR_INIT("KIND"), take_kind },
	{ STR_INIT("LANG"), take_language },
	{ STR_INIT("N"), take_name },
	{ STR_INIT("NICKNAME"), take_nickname },
	{ STR_INIT("NOTE"), take_note },
	{ STR_INIT("ORG"), take_organization },
	{ STR_INIT("PHOTO"), take_photo },
	{ STR_INIT("REV"), take_rev },
	{ STR_INIT("ROLE"), take_role },
	{ STR_INIT("TEL"), take_phone },
	{ STR_INIT("TITLE"), take_title },
	{ STR_INIT("UID"), take_uid },
	{ STR_INIT("URL"), take_url },
	{ STR_INIT("VERSION"), take_version },
	{ STR_INIT("X-ABLABEL"), take_label },
	{ STR_INIT("X-ABSHOWAS"), take_show_as },
};

static void take_property(struct reading *r, const struct line *l)
{
	r->after_agent = r->after_note = false;
	for (size_t i = 0; i < ARRAY_LEN(takers); i++) {
		if (takers[i].name.len != l->name.len || !line_is(l, takers[i].name))
			continue;
		takers[i].take(r, l);
		return;
	}
	keep(r, l);
}

/* A line without ':' is what is left of a note whose line ends were not encoded; else it is lost.
 */
static void take_loose(struct reading *r, const struct line *l)
{
	struct card_texts *notes = &r->card.notes;

	if (!r->after_note) {
		list_problem(
			r->list, l->number, ERR_NONE, r->a, "no ':' in the line; it was left out");
		return;
	}
	if (r->note.len == 0)
		buf_add_str(&r->note, notes->items[notes->count - 1]);
	buf_add_char(&r->note, '\n');
	buf_add_str(&r->note, plain(r, l));
	notes->items[notes->count - 1] = buf_str(&r->note);
}

static struct str *label_of(struct card *card, const struct grouped *g)
{
	switch (g->kind) {
	case ITEM_EMAIL:
		return &card->emails.items[g->index].label;
	case ITEM_PHONE:
		return &card->phones.items[g->index].label;
	case ITEM_URL:
		return &card->urls.items[g->index].label;
	default:
		return &card->addresses.items[g->index].label;
	}
}

/* Labels find their values; those that found one go from the kept properties. */
static void give_labels(struct reading *r)
{
	struct card_property *items = r->card.properties.items;
	size_t left = 0;

	for (size_t i = 0; i < r->label_count; i++) {
		for (size_t k = 0; k < r->grouped_count; k++) {
			if (!str_equal_nocase(r->labels[i].group, r->grouped[k].group))
				continue;
			*label_of(&r->card, &r->grouped[k]) = r->labels[i].text;
			items[r->labels[i].property].name = STR("");
		}
	}
	for (size_t i = 0; i < r->card.properties.count; i++)
		if (items[i].name.len > 0)
			items[left++] = items[i];
	r->card.properties.count = left;
}

static void begin_card(struct reading *r, size_t line)
{
	r->card = (struct card){ .format = CARD_VCARD_30, .line = line };
	r->open = true;
	r->refused = r->after_agent = r->after_note = false;
	r->from = r->lines.at;
	r->properties = r->agents = r->grouped_count = r->label_count = 0;
}

/* Also at a new BEGIN and at the end of the input, when END is missing. */
static void end_card(struct reading *r)
{
	struct card *to;

	if (r->open && !r->refused) {
		give_labels(r);
		to = list_add(r->list, r->card.format, r->card.line, r->a);
		r->full = !to;
		if (to)
			*to = r->card;
	}
	r->open = false;
}

static void take_begin(struct reading *r, const struct line *l)
{
	if (r->open && r->after_agent) {
		r->agents++;
		r->after_agent = false;
		return;
	}
	end_card(r);
	if (!r->full)
		begin_card(r, l->number);
}

static void take_end(struct reading *r)
{
	if (r->agents > 0)
		r->agents--;
	else
		end_card(r);
}

static void take_content(struct reading *r, const struct line *l)
{
	if (++r->properties > LIMIT_CARD_PROPERTIES)
		refuse(r, l->number, LIMIT_CARD_PROPERTIES, "properties in the card");
	else if (l->too_long)
		refuse(r, l->number, LIMIT_CARD_LINE, "bytes in a line of the card");
	else if (r->lines.at - r->from > LIMIT_CARD_BYTES)
		refuse(r, l->number, LIMIT_CARD_BYTES, "bytes in the card");
	else if (l->name.len > 0)
		take_property(r, l);
	else
		take_loose(r, l);
}

/* BEGIN and END of anything else; kept, they would be written into the middle of a card. */
static bool frames(const struct line *l)
{
	return line_is(l, STR("BEGIN")) || line_is(l, STR("END"));
}

static void take_line(struct reading *r, const struct line *l)
{
	if (l->name.len > 0 && l->name.p[0] == '#')
		return;
	if (line_is(l, STR("BEGIN")) && line_says(l, STR("VCARD")))
		take_begin(r, l);
	else if (line_is(l, STR("END")) && line_says(l, STR("VCARD")))
		take_end(r);
	else if (r->open && !r->refused && r->agents == 0 && !frames(l))
		take_content(r, l);
}

/*
 * The first BEGIN; *indent is its own white space or that of the line after it, for a card that is
 * indented as a whole must not be taken for one folded line. BEGIN itself is never folded.
 */
static bool find_begin(struct bytes text, size_t *indent)
{
	size_t at, next;

	if (!line_find(text, STR("BEGIN:VCARD"), &at, indent) &&
		!line_find(text, STR("BEGIN: VCARD"), &at, indent))
		return false;
	text = bytes_of(text.p + at, text.len - at);
	next = line_indent_after(text);
	if (next > *indent)
		*indent = next;
	return true;
}

static bool vcard_sniff(const struct card_input *in)
{
	size_t indent;

	return find_begin(in->text, &indent);
}

static void vcard_read(struct card_list *list, const struct card_input *in, struct arena *a)
{
	struct reading r = { .list = list, .a = a };
	struct line line;

	r.lines = (struct line_reader){ .in = in->text, .is_utf8 = in->is_utf8 };
	(void)!find_begin(in->text, &r.lines.indent);
	while (!r.full && line_next(&r.lines, &line, a))
		take_line(&r, &line);
	end_card(&r);
}

const struct card_reader card_reader_vcard = {
	.name = "vcard",
	.sniff = vcard_sniff,
	.read = vcard_read,
};
