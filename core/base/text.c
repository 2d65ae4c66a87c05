#include "core/base/text.h"

/* Length of the well-formed sequence at p, 0 when there is none (Unicode 15, table 3-7). */
static size_t sequence_len(const uint8_t *p, size_t left)
{
	uint8_t low = 0x80, high = 0xBF;
	size_t len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		len = 2;
	else if (p[0] >= 0xE0 && p[0] <= 0xEF)
		len = 3;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		len = 4;
	else
		return 0;
	if (left < len)
		return 0;
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return len;
}

bool utf8_check(struct bytes b, struct str *out)
{
	for (size_t i = 0; i < b.len;) {
		size_t len = sequence_len(b.p + i, b.len - i);

		if (len == 0)
			return false;
		i += len;
	}
	*out = (struct str){ (const char *)b.p, b.len };
	return true;
}

bool utf8_next(struct str *s, uint32_t *scalar)
{
	const uint8_t *p = (const uint8_t *)s->p;
	size_t len;

	if (s->len == 0)
		return false;
	len = sequence_len(p, s->len);
	if (len <= 1)
		*scalar = len ? p[0] : 0xFFFD;
	else
		*scalar = p[0] & (0x7Fu >> len);
	for (size_t i = 1; i < len; i++)
		*scalar = *scalar << 6 | (p[i] & 0x3F);
	s->p += len ? len : 1;
	s->len -= len ? len : 1;
	return true;
}

void utf8_add(struct buf *out, uint32_t c)
{
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = 0xFFFD;
	if (c < 0x80) {
		buf_add_u8(out, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		buf_add_u8(out, (uint8_t)(0xC0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_add_u8(out, (uint8_t)(0xE0 | c >> 12));
		} else {
			buf_add_u8(out, (uint8_t)(0xF0 | c >> 18));
			buf_add_u8(out, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
		}
		buf_add_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
	}
	buf_add_u8(out, (uint8_t)(0x80 | (c & 0x3F)));
}

struct str utf8_cut(struct str s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && ((uint8_t)s.p[max] & 0xC0) == 0x80)
		max--;
	return str_sub(s, 0, max);
}

size_t utf8_count(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += ((uint8_t)s.p[i] & 0xC0) != 0x80;
	return n;
}

void cp1252_to_utf8(struct buf *out, struct bytes b)
{
	static const uint16_t c1[32] = {
		0x20AC,
		0x81,
		0x201A,
		0x0192,
		0x201E,
		0x2026,
		0x2020,
		0x2021,
		0x02C6,
		0x2030,
		0x0160,
		0x2039,
		0x0152,
		0x8D,
		0x017D,
		0x8F,
		0x90,
		0x2018,
		0x2019,
		0x201C,
		0x201D,
		0x2022,
		0x2013,
		0x2014,
		0x02DC,
		0x2122,
		0x0161,
		0x203A,
		0x0153,
		0x9D,
		0x017E,
		0x0178,
	};

	for (size_t i = 0; i < b.len; i++)
		utf8_add(out, b.p[i] >= 0x80 && b.p[i] < 0xA0 ? c1[b.p[i] - 0x80] : b.p[i]);
}

struct str text_from_bytes(struct arena *a, struct bytes b)
{
	struct buf out = BUF_IN(a);
	struct str s;

	if (utf8_check(b, &s))
		return s;
	cp1252_to_utf8(&out, b);
	return buf_str(&out);
}

void hex_write(struct buf *out, struct bytes b)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < b.len; i++) {
		buf_add_char(out, digits[b.p[i] >> 4]);
		buf_add_char(out, digits[b.p[i] & 15]);
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_read(struct buf *out, struct str s)
{
	if (s.len % 2 != 0)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (hex_digit(s.p[i]) < 0)
			return false;
	for (size_t i = 0; i < s.len;) {
		uint8_t some[64];
		size_t n = 0;

		for (; i < s.len && n < sizeof(some); i += 2)
			some[n++] = (uint8_t)(hex_digit(s.p[i]) << 4 | hex_digit(s.p[i + 1]));
		buf_add(out, bytes_of(some, n));
	}
	return true;
}

static void base64_any(struct buf *out, struct bytes b, const char *alphabet, bool pad)
{
	for (size_t i = 0; i < b.len; i += 3) {
		size_t n = b.len - i < 3 ? b.len - i : 3;
		uint32_t word = (uint32_t)b.p[i] << 16;

		if (n > 1)
			word |= (uint32_t)b.p[i + 1] << 8;
		if (n > 2)
			word |= b.p[i + 2];
		for (size_t k = 0; k <= n; k++)
			buf_add_char(out, alphabet[word >> (18 - 6 * k) & 63]);
		for (size_t k = n; pad && k < 3; k++)
			buf_add_char(out, '=');
	}
}

void base64_write(struct buf *out, struct bytes b)
{
	base64_any(
		out, b, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", true);
}

void base64url_write(struct buf *out, struct bytes b)
{
	base64_any(
		out, b, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", false);
}

/* A digit's value plus one, in either alphabet; 0: no digit. */
static const uint8_t base64_values[256] = {
	['A'] = 1,
	['B'] = 2,
	['C'] = 3,
	['D'] = 4,
	['E'] = 5,
	['F'] = 6,
	['G'] = 7,
	['H'] = 8,
	['I'] = 9,
	['J'] = 10,
	['K'] = 11,
	['L'] = 12,
	['M'] = 13,
	['N'] = 14,
	['O'] = 15,
	['P'] = 16,
	['Q'] = 17,
	['R'] = 18,
	['S'] = 19,
	['T'] = 20,
	['U'] = 21,
	['V'] = 22,
	['W'] = 23,
	['X'] = 24,
	['Y'] = 25,
	['Z'] = 26,
	['a'] = 27,
	['b'] = 28,
	['c'] = 29,
	['d'] = 30,
	['e'] = 31,
	['f'] = 32,
	['g'] = 33,
	['h'] = 34,
	['i'] = 35,
	['j'] = 36,
	['k'] = 37,
	['l'] = 38,
	['m'] = 39,
	['n'] = 40,
	['o'] = 41,
	['p'] = 42,
	['q'] = 43,
	['r'] = 44,
	['s'] = 45,
	['t'] = 46,
	['u'] = 47,
	['v'] = 48,
	['w'] = 49,
	['x'] = 50,
	['y'] = 51,
	['z'] = 52,
	['0'] = 53,
	['1'] = 54,
	['2'] = 55,
	['3'] = 56,
	['4'] = 57,
	['5'] = 58,
	['6'] = 59,
	['7'] = 60,
	['8'] = 61,
	['9'] = 62,
	['+'] = 63,
	['-'] = 63,
	['/'] = 64,
	['_'] = 64,
};

static uint32_t base64_value(char c)
{
	return base64_values[(uint8_t)c] - 1u;
}

bool base64_read(struct buf *out, struct str s)
{
	size_t i = 0;

	for (int pad = 0; pad < 2 && s.len > 0 && s.p[s.len - 1] == '='; pad++)
		s.len--;
	if (s.len % 4 == 1)
		return false;
	for (size_t k = 0; k < s.len; k++)
		if (!base64_values[(uint8_t)s.p[k]])
			return false;
	/* the unused low bits of the last digit must be zero, else two texts name the same bytes */
	if (s.len % 4 == 2 && (base64_value(s.p[s.len - 1]) & 15) != 0)
		return false;
	if (s.len % 4 == 3 && (base64_value(s.p[s.len - 1]) & 3) != 0)
		return false;
	while (i < s.len) {
		uint8_t some[96];
		size_t n = 0;

		for (; i < s.len && n < sizeof(some); i += 4) {
			size_t digits = s.len - i < 4 ? s.len - i : 4;
			uint32_t word = 0;

			for (size_t k = 0; k < digits; k++)
				word |= base64_value(s.p[i + k]) << (18 - 6 * k);
			some[n] = (uint8_t)(word >> 16);
			some[n + 1] = (uint8_t)(word >> 8);
			some[n + 2] = (uint8_t)word;
			n += digits - 1;
		}
		buf_add(out, bytes_of(some, n));
	}
	return true;
}

static const char base32_alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void base32_write(struct buf *out, struct bytes b)
{
	uint32_t word = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < b.len; i++) {
		word = word << 8 | b.p[i];
		for (bits += 8; bits >= 5; bits -= 5)
			buf_add_char(out, base32_alphabet[word >> (bits - 5) & 31]);
	}
	if (bits > 0)
		buf_add_char(out, base32_alphabet[word << (5 - bits) & 31]);
}

static int base32_digit(char c)
{
	const char *hit;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'I' || c == 'L')
		c = '1';
	if (c == 'O')
		c = '0';
	hit = c ? strchr(base32_alphabet, c) : NULL;
	return hit ? (int)(hit - base32_alphabet) : -1;
}

bool base32_read(struct buf *out, struct str s)
{
	uint32_t word = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != ' ' && s.p[i] != '-' && base32_digit(s.p[i]) < 0)
			return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == ' ' || s.p[i] == '-')
			continue;
		word = word << 5 | (uint32_t)base32_digit(s.p[i]);
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			buf_add_u8(out, (uint8_t)(word >> bits));
		}
	}
	return true;
}

bool percent_read(struct buf *out, struct str s, bool form)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '%' &&
			(i + 2 >= s.len || hex_digit(s.p[i + 1]) < 0 || hex_digit(s.p[i + 2]) < 0))
			return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '%') {
			buf_add_u8(
				out, (uint8_t)(hex_digit(s.p[i + 1]) << 4 | hex_digit(s.p[i + 2])));
			i += 2;
		} else {
			buf_add_char(out, form && s.p[i] == '+' ? ' ' : s.p[i]);
		}
	}
	return true;
}

void percent_write(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';

		if (plain)
			buf_add_char(out, c);
		else
			buf_printf(out, "%%%02X", (unsigned)(uint8_t)c);
	}
}

void json_write_str(struct buf *out, struct str s)
{
	size_t from = 0;

	buf_add_char(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add_str(out, str_sub(s, from, i));
		from = i + 1;
		if (c == '"' || c == '\\') {
			buf_add_char(out, '\\');
			buf_add_u8(out, c);
		} else if (c == '\n') {
			buf_lit(out, "\\n");
		} else if (c == '\r') {
			buf_lit(out, "\\r");
		} else if (c == '\t') {
			buf_lit(out, "\\t");
		} else {
			buf_printf(out, "\\u%04x", (unsigned)c);
		}
	}
	buf_add_str(out, str_sub(s, from, s.len));
	buf_add_char(out, '"');
}

void escape_write(struct buf *out, struct bytes b)
{
	for (size_t i = 0; i < b.len;) {
		size_t len = sequence_len(b.p + i, b.len - i);

		if (b.p[i] == '\\')
			buf_lit(out, "\\\\");
		else if (b.p[i] == '\n')
			buf_lit(out, "\\n");
		else if (b.p[i] == '\r')
			buf_lit(out, "\\r");
		else if (b.p[i] == '\t')
			buf_lit(out, "\\t");
		else if (len == 0 || b.p[i] < 0x20 || b.p[i] == 0x7F)
			buf_printf(out, "\\x%02X", b.p[i]);
		else
			buf_add(out, bytes_of(b.p + i, len));
		i += len ? len : 1;
	}
}
