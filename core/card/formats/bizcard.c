/* BIZCARD: "BIZCARD:N:Sean;X:Owen;C:Google;B:+1...;E:...;;", as ZXing's notes describe it. */
#include "core/card/fields.h"
#include "core/card/formats.h"

static void take_given(struct card *card, struct str value, struct arena *a)
{
	(void)a;
	(void)!text_set(&card->name.given, value);
}

static void take_family(struct card *card, struct str value, struct arena *a)
{
	(void)a;
	(void)!text_set(&card->name.family, value);
}

static void take_business_phone(struct card *card, struct str value, struct arena *a)
{
	card_add_phone(card, value, CARD_WORK, a);
}

static void take_mobile(struct card *card, struct str value, struct arena *a)
{
	card_add_phone(card, value, CARD_CELL, a);
}

static void take_fax(struct card *card, struct str value, struct arena *a)
{
	card_add_phone(card, value, CARD_FAX, a);
}

static void take_email(struct card *card, struct str value, struct arena *a)
{
	card_add_email(card, value, 0, a);
}

static const struct field_key keys[] = {
	{ STR_INIT("A"), card_add_address, false },
	{ STR_INIT("B"), take_business_phone, false },
	{ STR_INIT("C"), card_take_organization, false },
	{ STR_INIT("E"), take_email, false },
	{ STR_INIT("F"), take_fax, false },
	{ STR_INIT("M"), take_mobile, false },
	{ STR_INIT("N"), take_given, false },
	{ STR_INIT("T"), card_take_title, false },
	{ STR_INIT("X"), take_family, false },
};

static bool bizcard_sniff(const struct card_input *in)
{
	return fields_sniff(in, STR("BIZCARD:"));
}

static void bizcard_read(struct card_list *list, const struct card_input *in, struct arena *a)
{
	fields_read(list, in, STR("BIZCARD:"), CARD_BIZCARD, keys, ARRAY_LEN(keys), a);
}

const struct card_reader card_reader_bizcard = {
	.name = "bizcard",
	.sniff = bizcard_sniff,
	.read = bizcard_read,
};
