/* The cards of KDDI au's phones: lines "MEMORY:note", "NAME1:name", "TEL1:...", "MAIL1:...". */
#include "core/card/fields.h"
#include "core/card/formats.h"
#include "core/card/line.h"
#include "core/card/value.h"

static void take_name(struct card *card, struct str value, struct arena *a)
{
	(void)a;
	(void)!text_set(&card->formatted, value);
}

/* NAME2 is how the name is read: what X-PHONETIC says elsewhere. */
static void take_reading(struct card *card, struct str value, struct arena *a)
{
	if (value.len > 0)
		*ADD_TO(a, card->properties.items, card->properties.count) = (struct card_property){
			.name = STR("X-PHONETIC-NAME"), .value = value_one_line(value, a)
		};
}

static void take_phone(struct card *card, struct str value, struct arena *a)
{
	card_add_phone(card, value, 0, a);
}

static void take_email(struct card *card, struct str value, struct arena *a)
{
	card_add_email(card, value, 0, a);
}

static const struct field_key keys[] = {
	{ STR_INIT("ADD"), card_add_address, false },
	{ STR_INIT("MAIL1"), take_email, false },
	{ STR_INIT("MAIL2"), take_email, false },
	{ STR_INIT("MAIL3"), take_email, false },
	{ STR_INIT("MEMORY"), card_add_note, false },
	{ STR_INIT("NAME1"), take_name, false },
	{ STR_INIT("NAME2"), take_reading, false },
	{ STR_INIT("TEL1"), take_phone, false },
	{ STR_INIT("TEL2"), take_phone, false },
	{ STR_INIT("TEL3"), take_phone, false },
	{ STR_INIT("URL"), card_add_url, false },
};

static bool memory_sniff(const struct card_input *in)
{
	size_t at, indent;

	return fields_sniff(in, STR("MEMORY:")) ||
	       (line_find(in->text, STR("NAME1:"), &at, &indent) &&
		       line_find(in->text, STR("MEMORY:"), &at, &indent));
}

static void memory_read(struct card_list *list, const struct card_input *in, struct arena *a)
{
	struct line_reader lines = { .in = in->text, .is_utf8 = in->is_utf8 };
	struct card card = { .format = CARD_MEMORY, .line = 1 };
	struct line l;
	struct card *to;
	size_t known = 0;

	while (line_next(&lines, &l, a)) {
		for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
			if (!line_is(&l, keys[i].key))
				continue;
			keys[i].take(&card, value_plain(value_text(&l, a), a), a);
			known++;
		}
		if (known > 100)
			break;
	}
	to = list_add(list, CARD_MEMORY, 1, a);
	if (to)
		*to = card;
}

const struct card_reader card_reader_memory = {
	.name = "memory",
	.sniff = memory_sniff,
	.read = memory_read,
};
