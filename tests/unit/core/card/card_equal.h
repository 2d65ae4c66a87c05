/* Whether two cards say the same; for unit tests and the fuzz target. */
#pragma once

#include "core/card/card.h"

#define same(x, y) (str_equal((x), (y)))

static inline bool values_equal(const struct card_values *x, const struct card_values *y, bool v30)
{
	if (x->count != y->count)
		return false;
	for (size_t i = 0; i < x->count; i++) {
		const struct card_value *v = &x->items[i], *u = &y->items[i];
		unsigned vp = v30 && v->pref > 1 ? 0 : v->pref;

		if (!(v30 ? same(card_phone_number(v), card_phone_number(u))
			  : same(v->value, u->value)) ||
			!same(v->label, u->label) || !same(v->other_types, u->other_types) ||
			v->kinds != u->kinds || vp != u->pref)
			return false;
	}
	return true;
}

static inline bool addresses_equal(const struct card *x, const struct card *y, bool v30)
{
	if (x->addresses.count != y->addresses.count)
		return false;
	for (size_t i = 0; i < x->addresses.count; i++) {
		const struct card_address *v = &x->addresses.items[i], *u = &y->addresses.items[i];
		unsigned vp = v30 && v->pref > 1 ? 0 : v->pref;

		if (!same(v->po_box, u->po_box) || !same(v->extended, u->extended) ||
			!same(v->street, u->street) || !same(v->city, u->city) ||
			!same(v->region, u->region) || !same(v->postcode, u->postcode) ||
			!same(v->country, u->country) || !same(v->delivery, u->delivery) ||
			!same(v->label, u->label) || !same(v->other_types, u->other_types) ||
			v->kinds != u->kinds || vp != u->pref)
			return false;
	}
	return true;
}

static inline bool texts_equal(const struct card_texts *x, const struct card_texts *y)
{
	for (size_t i = 0; i < x->count && i < y->count; i++)
		if (!same(x->items[i], y->items[i]))
			return false;
	return x->count == y->count;
}

static inline bool properties_equal(const struct card *x, const struct card *y)
{
	for (size_t i = 0; i < x->properties.count && i < y->properties.count; i++) {
		const struct card_property *p = &x->properties.items[i];
		const struct card_property *q = &y->properties.items[i];

		if (!same(p->group, q->group) || !same(p->name, q->name) ||
			!same(p->params, q->params) || !same(p->value, q->value))
			return false;
	}
	return x->properties.count == y->properties.count;
}

/* The first field in which two cards differ; NULL for equal ones. Where they came from is no field.
 */
static inline const char *card_difference(const struct card *x, const struct card *y, bool v30)
{
	const struct {
		const char *name;
		bool equal;
	} fields[] = {
		{ "formatted", same(x->formatted, y->formatted) },
		{ "name.family", same(x->name.family, y->name.family) },
		{ "name.given", same(x->name.given, y->name.given) },
		{ "name.additional", same(x->name.additional, y->name.additional) },
		{ "name.prefix", same(x->name.prefix, y->name.prefix) },
		{ "name.suffix", same(x->name.suffix, y->name.suffix) },
		{ "nickname", same(x->nickname, y->nickname) },
		{ "organization", same(x->organization, y->organization) },
		{ "units", texts_equal(&x->units, &y->units) },
		{ "title", same(x->title, y->title) },
		{ "role", same(x->role, y->role) },
		{ "uid", same(x->uid, y->uid) },
		{ "rev", same(x->rev, y->rev) },
		{ "birthday", same(x->birthday, y->birthday) },
		{ "is_organization", x->is_organization == y->is_organization },
		{ "emails", values_equal(&x->emails, &y->emails, v30) },
		{ "phones", values_equal(&x->phones, &y->phones, v30) },
		{ "urls", values_equal(&x->urls, &y->urls, v30) },
		{ "addresses", addresses_equal(x, y, v30) },
		{ "notes", texts_equal(&x->notes, &y->notes) },
		{ "categories", texts_equal(&x->categories, &y->categories) },
		{ "languages", texts_equal(&x->languages, &y->languages) },
		{ "photo", bytes_equal(x->photo, y->photo) },
		{ "photo_type", same(x->photo_type, y->photo_type) },
		{ "photo_uri", same(x->photo_uri, y->photo_uri) },
		{ "properties", properties_equal(x, y) },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (!fields[i].equal)
			return fields[i].name;
	return NULL;
}

/*
 * What the writer makes up where the card has nothing, so that `back`, which was read from what it
 * wrote, can be compared: an FN, and an N out of it.
 */
static inline struct card card_as_written(
	const struct card *card, const struct card *back, struct arena *a)
{
	struct card wanted = *card;

	wanted.formatted = card_display_name(card, a);
	if (!card->name.family.len && !card->name.given.len && !card->name.additional.len &&
		!card->name.prefix.len && !card->name.suffix.len)
		wanted.name = back->name;
	return wanted;
}
