/* How the formats fill a card. Private to core/card. */
#pragma once

#include "core/card/card.h"

/*
 * Room for one more item at the end, zeroed: *ADD_TO(a, list.items, list.count) = item. The array
 * doubles, so n additions cost n.
 */
#define ADD_TO(a, items, count)                                                                    \
	((items) = array_grow((a), (items), (count), sizeof(*(items))), &(items)[(count)++])
void *array_grow(struct arena *a, void *items, size_t count, size_t size);

/* A new card at the end of the list; NULL, and a problem at line, past LIMIT_CARDS. */
struct card *list_add(
	struct card_list *list, enum card_format format, size_t line, struct arena *a);
void list_problem(struct card_list *list, size_t line, enum err_code code, struct arena *a,
	const char *format, ...) PRINTF_LIKE(5, 6);

/* Each ignores an empty value. */
void card_add_email(struct card *card, struct str value, unsigned kinds, struct arena *a);
void card_add_phone(struct card *card, struct str value, unsigned kinds, struct arena *a);
void card_add_url(struct card *card, struct str value, struct arena *a);
void card_add_note(struct card *card, struct str value, struct arena *a);
void card_add_address(struct card *card, struct str street, struct arena *a);
/* The first one counts. */
void card_take_organization(struct card *card, struct str value, struct arena *a);
void card_take_title(struct card *card, struct str value, struct arena *a);
void card_take_nickname(struct card *card, struct str value, struct arena *a);
void card_take_birthday(struct card *card, struct str value, struct arena *a);
/* Sets *field unless it is set already or value is empty. False: the value found no place. */
bool text_set(struct str *field, struct str value);
bool name_is_empty(const struct card_name *name);
/* "given additional family" with single spaces, prefix in front, suffix behind. */
struct str name_join(const struct card_name *name, struct arena *a);
