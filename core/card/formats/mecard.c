/* MECARD (NTT docomo): "MECARD:N:Owen,Sean;TEL:+1...;EMAIL:...;;". */
#include "core/card/fields.h"
#include "core/card/formats.h"
#include "core/card/value.h"

/* "family,given"; without a comma it is the name as its owner writes it. */
static void take_name(struct card *card, struct str value, struct arena *a)
{
	size_t comma = str_find_char(value, ',', 0);

	(void)a;
	if (comma == SIZE_MAX) {
		(void)!text_set(&card->formatted, value);
		return;
	}
	card->name.family = str_trim(str_sub(value, 0, comma));
	card->name.given = str_trim(str_sub(value, comma + 1, value.len));
}

static void take_phone(struct card *card, struct str value, struct arena *a)
{
	card_add_phone(card, value, 0, a);
}

static void take_video_phone(struct card *card, struct str value, struct arena *a)
{
	card_add_phone(card, value, CARD_VIDEO, a);
}

static void take_email(struct card *card, struct str value, struct arena *a)
{
	card_add_email(card, value, 0, a);
}

/* docomo has seven parts; everybody else writes the address as one. */
static void take_address(struct card *card, struct str value, struct arena *a)
{
	struct card_address to = { 0 };
	struct str *const parts[] = { &to.po_box, &to.extended, &to.street, &to.city, &to.region,
		&to.postcode, &to.country };
	struct str rest = value, part;
	size_t commas = 0, n = 0;

	for (size_t i = 0; i < value.len; i++)
		commas += value.p[i] == ',';
	if (commas != ARRAY_LEN(parts) - 1) {
		card_add_address(card, value, a);
		return;
	}
	while (str_split(&rest, ',', &part))
		*parts[n++] = str_trim(part);
	*ADD_TO(a, card->addresses.items, card->addresses.count) = to;
}

static const struct field_key keys[] = {
	{ STR_INIT("ADR"), take_address },
	{ STR_INIT("BDAY"), card_take_birthday },
	{ STR_INIT("EMAIL"), take_email },
	{ STR_INIT("N"), take_name },
	{ STR_INIT("NICKNAME"), card_take_nickname },
	{ STR_INIT("NOTE"), card_add_note },
	{ STR_INIT("ORG"), card_take_organization },
	{ STR_INIT("TEL"), take_phone },
	{ STR_INIT("TEL-AV"), take_video_phone },
	{ STR_INIT("TITLE"), card_take_title },
	{ STR_INIT("URL"), card_add_url },
};

static bool mecard_sniff(const struct card_input *in)
{
	return fields_sniff(in, STR("MECARD:"));
}

static void mecard_read(struct card_list *list, const struct card_input *in, struct arena *a)
{
	fields_read(list, in, STR("MECARD:"), CARD_MECARD, keys, ARRAY_LEN(keys), a);
}

const struct card_reader reader_mecard = {
	.name = "mecard",
	.sniff = mecard_sniff,
	.read = mecard_read,
};
