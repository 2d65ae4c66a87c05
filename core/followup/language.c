#include "core/followup/language.h"

enum {
	TEXTS = sizeof(struct language) / sizeof(const char *),
	BETWEEN = '\t', /* stands in no text */
};

union texts {
	struct language language;
	const char *all[TEXTS];
};

void language_write(struct buf *out, const struct language *l)
{
	const union texts t = { .language = *l };

	for (size_t i = 0; i < TEXTS; i++) {
		if (i > 0)
			buf_add_char(out, BETWEEN);
		if (t.all[i])
			buf_add_str(out, str_of(t.all[i]));
	}
}

bool language_read(struct language *out, struct str pack, struct arena *a, struct err *e)
{
	union texts t = { .all = { NULL } };
	size_t n = 0;
	struct str text;

	for (; str_split(&pack, BETWEEN, &text); n++)
		if (n < TEXTS && text.len > 0)
			t.all[n] = arena_cstr(a, text);
	if (n != TEXTS || !t.language.lang)
		return err_set(e, ERR_MALFORMED, "a language of %zu texts", n);
	*out = t.language;
	return true;
}
