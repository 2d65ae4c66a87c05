#include "core/card/fields.h"

#include "core/base/limits.h"
#include "core/card/charset.h"
#include "core/card/value.h"

static struct str skip_space(struct str s)
{
	while (s.len > 0 && (uint8_t)s.p[0] <= ' ')
		s.p++, s.len--;
	return s;
}

bool field_next(struct str *text, struct field *out)
{
	struct str field, rest = skip_space(*text);
	size_t colon;

	if (rest.len == 0 || !value_split(&rest, ';', &field))
		return false;
	*text = rest;
	if (str_trim(field).len == 0)
		return false;
	colon = str_find_char(field, ':', 0);
	out->key = str_trim(str_sub(field, 0, colon));
	out->value = colon == SIZE_MAX ? STR("") : str_sub(field, colon + 1, field.len);
	return true;
}

bool fields_sniff(const struct card_input *in, struct str tag)
{
	struct str s = skip_space((struct str){ (const char *)in->text.p, in->text.len });

	return str_starts_nocase(s, tag);
}

/* As a vCard's own property: letters, digits and '-' behind "X-", so that it means nothing else. */
static void keep(struct card *card, const struct field *f, struct arena *a)
{
	struct str value = value_one_line(f->value, a);
	struct buf name = BUF_IN(a);

	if (value.len == 0)
		return;
	if (!str_starts_nocase(f->key, STR("X-")))
		buf_lit(&name, "X-");
	for (size_t i = 0; i < f->key.len; i++) {
		char c = f->key.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '-')
			buf_add_char(&name, c);
	}
	*ADD_TO(a, card->properties.items, card->properties.count) = (struct card_property){
		.name = buf_str(&name), .value = value
	};
}

static void take_field(struct card *card, const struct field *f, const struct field_key *keys,
	size_t n, struct arena *a)
{
	struct str plain = value_plain(f->value, a);

	for (size_t i = 0; i < n; i++) {
		if (!str_equal_nocase(f->key, keys[i].key))
			continue;
		keys[i].take(card, keys[i].has_parts ? f->value : plain, a);
		return;
	}
	keep(card, f, a);
}

/* One card; false when there was no field in it, or too many. */
static bool read_card(struct card *card, struct str *text, const struct field_key *keys, size_t n,
	struct arena *a, size_t *fields)
{
	struct field f;

	for (*fields = 0; *fields <= LIMIT_CARD_PROPERTIES && field_next(text, &f); ++*fields)
		take_field(card, &f, keys, n, a);
	return *fields > 0 && *fields <= LIMIT_CARD_PROPERTIES;
}

static size_t count_lines(struct str from, struct str to)
{
	size_t lines = 1;

	for (size_t i = 0; i < from.len - to.len; i++)
		lines += from.p[i] == '\n';
	return lines;
}

void fields_read(struct card_list *list, const struct card_input *in, struct str tag,
	enum card_format format, const struct field_key *keys, size_t n, struct arena *a)
{
	struct str all = charset_read(in->text, STR(""), a), text = skip_space(all), last = all;
	size_t line = 1;

	/* a code or a tag holds no more; nobody sends these in files */
	if (all.len > LIMIT_CARD_LINE) {
		list_problem(list, 1, ERR_TOO_LARGE, a, "the card is larger than %d bytes",
			LIMIT_CARD_LINE);
		return;
	}
	while (str_starts_nocase(text, tag) && list->count < LIMIT_CARDS) {
		struct card card = { .format = format };
		struct card *to;
		size_t fields;

		line += count_lines(last, text) - 1;
		card.line = line;
		last = text;
		text = str_sub(text, tag.len, text.len);
		if (!read_card(&card, &text, keys, n, a, &fields)) {
			list_problem(list, line, fields ? ERR_TOO_LARGE : ERR_MALFORMED, a,
				fields ? "more than %d fields in a card" : "no field in the card",
				LIMIT_CARD_PROPERTIES);
			return;
		}
		to = list_add(list, format, line, a);
		if (to)
			*to = card;
		text = skip_space(text);
	}
}
