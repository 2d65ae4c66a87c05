#include "core/card/kinds.h"

/* In the order of the bits. */
static const struct str words[] = {
	STR_INIT("home"),
	STR_INIT("work"),
	STR_INIT("cell"),
	STR_INIT("voice"),
	STR_INIT("fax"),
	STR_INIT("pager"),
	STR_INIT("video"),
	STR_INIT("text"),
	STR_INIT("main"),
	STR_INIT("other"),
};

struct str kinds_word(unsigned bit)
{
	return bit < ARRAY_LEN(words) ? words[bit] : STR("");
}

static bool read_kind(struct str type, unsigned *kinds)
{
	for (unsigned bit = 0; bit < ARRAY_LEN(words); bit++) {
		if (!str_equal_nocase(type, words[bit]))
			continue;
		*kinds |= 1u << bit;
		return true;
	}
	return false;
}

static unsigned read_pref(struct str number)
{
	uint64_t n;

	return str_u64(number, &n) && n >= 1 && n <= 100 ? (unsigned)n : 0;
}

void kinds_read(
	const struct line *l, unsigned *kinds, unsigned *pref, struct str *other, struct arena *a)
{
	struct buf rest = BUF_IN(a);

	for (size_t i = 0; i < l->param_count; i++) {
		struct str name = l->params[i].name, value = l->params[i].value;

		if (str_equal_nocase(name, STR("PREF")))
			*pref = read_pref(value);
		if (!str_equal_nocase(name, STR("TYPE")) || read_kind(value, kinds))
			continue;
		if (str_equal_nocase(value, STR("PREF"))) {
			*pref = *pref ? *pref : 1;
			continue;
		}
		/* every e-mail address is one of the internet's now */
		if (value.len == 0 || str_equal_nocase(value, STR("INTERNET")))
			continue;
		if (rest.len > 0)
			buf_add_char(&rest, ',');
		buf_add_str(&rest, value);
	}
	*other = buf_str(&rest);
}
