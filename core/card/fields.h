/* "TAG:KEY:value;KEY:value;;" of MECARD and BIZCARD, which differ only in their keys. */
#pragma once

#include "core/card/build.h"
#include "core/card/formats.h"

struct field {
	struct str key, value; /* the value as sent, with its escapes */
};

/*
 * The next field of *text, up to a ';' without a backslash in front. False at ";;" and at the end;
 * what follows is then left in *text.
 */
bool field_next(struct str *text, struct field *out);

struct field_key {
	struct str key;
	void (*take)(struct card *card, struct str value, struct arena *a);
	bool has_parts; /* take wants the value as sent, to split it; else without escapes */
};

/* Every card that begins with tag ("MECARD:"), by the keys; other fields are kept as properties. */
void fields_read(struct card_list *list, const struct card_input *in, struct str tag,
	enum card_format format, const struct field_key *keys, size_t n, struct arena *a);
/* Whether the input begins with tag, in any case and after any white space. */
bool fields_sniff(const struct card_input *in, struct str tag);
