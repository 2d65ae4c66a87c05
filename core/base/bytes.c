#include "core/base/bytes.h"

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_equal_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_equal(str_sub(s, 0, prefix.len), prefix);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_equal_nocase(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_equal(str_sub(s, s.len - suffix.len, s.len), suffix);
}

int str_compare(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

size_t str_find_char(struct str s, char c, size_t from)
{
	const char *hit = from < s.len ? memchr(s.p + from, c, s.len - from) : NULL;

	return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

size_t str_find(struct str s, struct str needle, size_t from)
{
	if (needle.len == 0)
		return from <= s.len ? from : SIZE_MAX;
	while ((from = str_find_char(s, needle.p[0], from)) != SIZE_MAX) {
		if (s.len - from < needle.len)
			return SIZE_MAX;
		if (memcmp(s.p + from, needle.p, needle.len) == 0)
			return from;
		from++;
	}
	return SIZE_MAX;
}

struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from >= to)
		return (struct str){ s.p, 0 };
	return (struct str){ s.p + from, to - from };
}

struct str str_trim(struct str s)
{
	while (s.len > 0 && (uint8_t)s.p[0] <= ' ') {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && (uint8_t)s.p[s.len - 1] <= ' ')
		s.len--;
	return s;
}

bool str_split(struct str *s, char c, struct str *head)
{
	size_t at;

	if (!s->p)
		return false;
	at = str_find_char(*s, c, 0);
	if (at == SIZE_MAX) {
		*head = *s;
		*s = (struct str){ NULL, 0 };
	} else {
		*head = str_sub(*s, 0, at);
		*s = (struct str){ s->p + at + 1, s->len - at - 1 };
	}
	return true;
}

bool str_u64(struct str s, uint64_t *out)
{
	uint64_t n = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		uint64_t digit = (uint64_t)(s.p[i] - '0');

		if (s.p[i] < '0' || s.p[i] > '9' || n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return true;
}

bool str_i64(struct str s, int64_t *out)
{
	bool negative = s.len > 0 && s.p[0] == '-';
	uint64_t n;

	if (!str_u64(str_sub(s, negative, s.len), &n) || n > (uint64_t)INT64_MAX)
		return false;
	*out = negative ? -(int64_t)n : (int64_t)n;
	return true;
}

bool bytes_take(struct bytes *from, size_t n, struct bytes *out)
{
	if (from->len < n)
		return false;
	*out = (struct bytes){ from->p, n };
	from->p += n;
	from->len -= n;
	return true;
}

static bool take_be(struct bytes *from, size_t n, uint64_t *out)
{
	struct bytes b;

	if (!bytes_take(from, n, &b))
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = *out << 8 | b.p[i];
	return true;
}

bool bytes_take_u8(struct bytes *from, uint8_t *out)
{
	uint64_t n;

	if (!take_be(from, 1, &n))
		return false;
	*out = (uint8_t)n;
	return true;
}

bool bytes_take_u16be(struct bytes *from, uint16_t *out)
{
	uint64_t n;

	if (!take_be(from, 2, &n))
		return false;
	*out = (uint16_t)n;
	return true;
}

bool bytes_take_u32be(struct bytes *from, uint32_t *out)
{
	uint64_t n;

	if (!take_be(from, 4, &n))
		return false;
	*out = (uint32_t)n;
	return true;
}

bool bytes_take_u64be(struct bytes *from, uint64_t *out)
{
	return take_be(from, 8, out);
}

bool bytes_take_copy(struct bytes *from, void *out, size_t n)
{
	struct bytes b;

	if (!bytes_take(from, n, &b))
		return false;
	if (n > 0)
		memcpy(out, b.p, n);
	return true;
}
