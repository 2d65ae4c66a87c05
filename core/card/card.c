/* What the rest of Kith asks of a card. */
#include "core/card/card.h"

#include "core/base/text.h"
#include "core/card/build.h"

struct str card_person_name(const struct card *card, struct arena *a)
{
	return card->formatted.len > 0 ? card->formatted : name_join(&card->name, a);
}

struct str card_organization(const struct card *card)
{
	if (card->organization.len > 0 || card->units.count == 0)
		return card->organization;
	return card->units.items[0];
}

struct str card_display_name(const struct card *card, struct arena *a)
{
	struct str name = card_person_name(card, a);

	if (name.len == 0)
		name = card_organization(card);
	if (name.len == 0 && card->emails.count > 0)
		name = card_preferred(&card->emails)->value;
	return name.len > 0 ? name : card->nickname;
}

/* The first character with the accents that stand behind it as characters of their own. */
static struct str first_letter(struct str s)
{
	struct str rest = s, before;
	uint32_t c;

	if (!utf8_next(&rest, &c))
		return STR("");
	for (before = rest; utf8_next(&rest, &c); before = rest)
		if (c < 0x300 || c > 0x36F)
			break;
	return str_sub(s, 0, s.len - before.len);
}

static struct str first_word(struct str s)
{
	struct str word;

	s = str_trim(s);
	return str_split(&s, ' ', &word) ? word : STR("");
}

static struct str shorten(struct str given, struct str family, struct arena *a)
{
	struct str initial = first_letter(str_trim(family));

	if (given.len == 0)
		return str_trim(family);
	if (initial.len == 0)
		return given;
	return arena_printf(a, STR_FMT " " STR_FMT ".", STR_ARG(given), STR_ARG(initial));
}

/* "Dr." and "Prof." are no first names, but "J." of "J. Smith" is one. */
static bool is_honorific(struct str word)
{
	return word.len > 2 && word.p[word.len - 1] == '.';
}

struct str card_short_name_of(struct str formatted, struct arena *a)
{
	struct str rest = str_sub(formatted, 0, str_find_char(formatted, ',', 0));
	struct str given = STR(""), family = STR(""), word;

	rest = str_trim(rest);
	while (str_split(&rest, ' ', &word)) {
		if (word.len == 0 || is_honorific(word))
			continue;
		if (given.len == 0)
			given = word;
		else
			family = word;
	}
	if (given.len == 0)
		return str_trim(formatted);
	return shorten(given, family, a);
}

struct str card_short_name(const struct card *card, struct arena *a)
{
	if (card->name.given.len > 0)
		return shorten(first_word(card->name.given), card->name.family, a);
	if (card->formatted.len > 0 && !card->is_organization)
		return card_short_name_of(card->formatted, a);
	if (card->name.family.len > 0)
		return card->name.family;
	return card->formatted.len > 0 ? card->formatted : card_organization(card);
}

struct str card_phone_number(const struct card_value *phone)
{
	return str_starts_nocase(phone->value, STR("tel:"))
		       ? str_sub(phone->value, 4, phone->value.len)
		       : phone->value;
}

const struct card_value *card_preferred(const struct card_values *values)
{
	const struct card_value *best = NULL;

	for (size_t i = 0; i < values->count; i++) {
		const struct card_value *v = &values->items[i];

		if (!best || (v->pref > 0 && (best->pref == 0 || v->pref < best->pref)))
			best = v;
	}
	return best;
}
