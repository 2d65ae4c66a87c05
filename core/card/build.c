#include "core/card/build.h"

#include "core/base/limits.h"

void *array_grow(struct arena *a, void *items, size_t count, size_t size)
{
	uint8_t *bigger;

	/* full exactly when count is 0 or a power of two from 4 on */
	if (count != 0 && (count < 4 || (count & (count - 1)) != 0))
		return items;
	bigger = arena_array(a, count ? count * 2 : 4, size);
	if (count)
		memcpy(bigger, items, count * size);
	return bigger;
}

struct card *list_add(struct card_list *list, enum card_format format, size_t line, struct arena *a)
{
	struct card *card;

	if (list->count >= LIMIT_CARDS) {
		list_problem(list, line, ERR_TOO_LARGE, a, "more than %d cards: split the file",
			LIMIT_CARDS);
		return NULL;
	}
	card = ADD_TO(a, list->cards, list->count);
	*card = (struct card){ .format = format, .line = line };
	return card;
}

void list_problem(struct card_list *list, size_t line, enum err_code code, struct arena *a,
	const char *format, ...)
{
	struct card_problem *problem = ADD_TO(a, list->problems, list->problem_count);
	struct buf text = BUF_IN(a);
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	*problem = (struct card_problem){ line, code, buf_str(&text) };
}

static void add_value(struct card_values *values, struct str value, unsigned kinds, struct arena *a)
{
	value = str_trim(value);
	if (value.len > 0)
		*ADD_TO(a, values->items, values->count) = (struct card_value){ .value = value,
			.kinds = kinds };
}

void card_add_email(struct card *card, struct str value, unsigned kinds, struct arena *a)
{
	add_value(&card->emails, value, kinds, a);
}

void card_add_phone(struct card *card, struct str value, unsigned kinds, struct arena *a)
{
	add_value(&card->phones, value, kinds, a);
}

void card_add_url(struct card *card, struct str value, struct arena *a)
{
	add_value(&card->urls, value, 0, a);
}

void card_add_note(struct card *card, struct str value, struct arena *a)
{
	if (str_trim(value).len > 0)
		*ADD_TO(a, card->notes.items, card->notes.count) = value;
}

void card_add_address(struct card *card, struct str street, struct arena *a)
{
	street = str_trim(street);
	if (street.len > 0)
		*ADD_TO(a, card->addresses.items,
			card->addresses.count) = (struct card_address){ .street = street };
}

bool text_set(struct str *field, struct str value)
{
	if (value.len == 0)
		return true;
	if (field->len > 0)
		return false;
	*field = value;
	return true;
}

void card_take_organization(struct card *card, struct str value, struct arena *a)
{
	(void)a;
	(void)!text_set(&card->organization, value);
}

void card_take_title(struct card *card, struct str value, struct arena *a)
{
	(void)a;
	(void)!text_set(&card->title, value);
}

void card_take_nickname(struct card *card, struct str value, struct arena *a)
{
	(void)a;
	(void)!text_set(&card->nickname, value);
}

void card_take_birthday(struct card *card, struct str value, struct arena *a)
{
	(void)a;
	(void)!text_set(&card->birthday, value);
}

bool name_is_empty(const struct card_name *name)
{
	return name->family.len + name->given.len + name->additional.len + name->prefix.len +
		       name->suffix.len ==
	       0;
}

struct str name_join(const struct card_name *name, struct arena *a)
{
	const struct str parts[] = { name->prefix, name->given, name->additional, name->family,
		name->suffix };
	struct buf out = BUF_IN(a);

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (parts[i].len == 0)
			continue;
		if (out.len > 0)
			buf_add_char(&out, ' ');
		buf_add_str(&out, parts[i]);
	}
	return buf_str(&out);
}
