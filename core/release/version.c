#include "core/release/version.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool version_ok(struct str s)
{
	if (s.len == 0 || s.len > VERSION_MAX || !is_digit(s.p[0]))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_digit(s.p[i]) && !is_letter(s.p[i]) &&
			str_find_char(STR(".+-~:"), s.p[i], 0) == SIZE_MAX)
			return false;
	return true;
}

/* What a character outside of a number counts: the end of a part before letters, "~" before it. */
static int weight(struct str s, size_t at)
{
	unsigned char c;

	if (at >= s.len || is_digit(s.p[at]))
		return 0;
	c = (unsigned char)s.p[at];
	if (c == '~')
		return -1;
	return is_letter(s.p[at]) ? c : c + 256;
}

/* The digits at *at as one slice without leading zeros. */
static struct str take_number(struct str s, size_t *at)
{
	size_t from;

	while (*at < s.len && s.p[*at] == '0')
		(*at)++;
	from = *at;
	while (*at < s.len && is_digit(s.p[*at]))
		(*at)++;
	return str_sub(s, from, *at);
}

static int compare_numbers(struct str a, struct str b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return str_compare(a, b);
}

static int compare_part(struct str a, struct str b)
{
	size_t i = 0, j = 0;

	while (i < a.len || j < b.len) {
		int order;

		while ((i < a.len && !is_digit(a.p[i])) || (j < b.len && !is_digit(b.p[j]))) {
			order = weight(a, i) - weight(b, j);
			if (order != 0)
				return order;
			i++;
			j++;
		}
		order = compare_numbers(take_number(a, &i), take_number(b, &j));
		if (order != 0)
			return order;
	}
	return 0;
}

struct parts {
	struct str epoch, upstream, revision;
};

static struct parts split(struct str s)
{
	struct parts p = { .epoch = STR(""), .revision = STR("") };
	size_t colon = str_find_char(s, ':', 0), dash = SIZE_MAX;

	if (colon != SIZE_MAX) {
		p.epoch = str_sub(s, 0, colon);
		s = str_sub(s, colon + 1, s.len);
	}
	for (size_t at = 0; (at = str_find_char(s, '-', at)) != SIZE_MAX; at++)
		dash = at;
	p.upstream = str_sub(s, 0, dash);
	if (dash != SIZE_MAX)
		p.revision = str_sub(s, dash + 1, s.len);
	return p;
}

int version_compare(struct str a, struct str b)
{
	struct parts x = split(a), y = split(b);
	int order = compare_part(x.epoch, y.epoch);

	if (order == 0)
		order = compare_part(x.upstream, y.upstream);
	if (order == 0)
		order = compare_part(x.revision, y.revision);
	return order;
}
