/* MECARD (NTT docomo): "MECARD:N:Owen,Sean;TEL:+1...;EMAIL:...;;". */
#include "core/card/fields.h"
#include "core/card/formats.h"
#include "core/card/value.h"

/* "family,given"; without a comma it is the name as its owner writes it. */
static void take_name(struct card *card, struct str value, struct arena *a)
{
	struct str rest = value, family;

	if (!value_split(&rest, ',', &family))
		return;
	if (!rest.p) {
		(void)!text_set(&card->formatted, value_plain(value, a));
		return;
	}
	card->name.family = value_plain(family, a);
	card->name.given = value_plain(rest, a);
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
	size_t n = 0;

	while (n < ARRAY_LEN(parts) && value_split(&rest, ',', &part))
		*parts[n++] = value_plain(part, a);
	if (n < ARRAY_LEN(parts) || rest.p)
		card_add_address(card, value_plain(value, a), a);
	else
		*ADD_TO(a, card->addresses.items, card->addresses.count) = to;
}

static const struct field_key keys[] = {
	{ STR_INIT("ADR"), take_address, true },
	{ STR_INIT("BDAY"), card_take_birthday, false },
	{ STR_INIT("EMAIL"), take_email, false },
	{ STR_INIT("N"), take_name, true },
	{ STR_INIT("NICKNAME"), card_take_nickname, false },
	{ STR_INIT("NOTE"), card_add_note, false },
	{ STR_INIT("ORG"), card_take_organization, false },
	{ STR_INIT("TEL"), take_phone, false },
	{ STR_INIT("TEL-AV"), take_video_phone, false },
	{ STR_INIT("TITLE"), card_take_title, false },
	{ STR_INIT("URL"), card_add_url, false },
};

static bool mecard_sniff(const struct card_input *in)
{
	return fields_sniff(in, STR("MECARD:"));
}

static void mecard_read(struct card_list *list, const struct card_input *in, struct arena *a)
{
	fields_read(list, in, STR("MECARD:"), CARD_MECARD, keys, ARRAY_LEN(keys), a);
}

const struct card_reader card_reader_mecard = {
	.name = "mecard",
	.sniff = mecard_sniff,
	.read = mecard_read,
};
