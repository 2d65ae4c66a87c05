#include "core/card/value.h"

#include "core/base/text.h"
#include "core/card/charset.h"

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* RFC 2045 6.7; what is no code stays as it is, and a '=' that nothing follows goes. */
static struct bytes undo_quoted_printable(struct bytes in, struct arena *a)
{
	uint8_t *out = arena_alloc(a, in.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < in.len; i++) {
		int high = i + 1 < in.len ? hex_digit(in.p[i + 1]) : -1;
		int low = i + 2 < in.len ? hex_digit(in.p[i + 2]) : -1;

		if (in.p[i] != '=' || (i + 1 < in.len && (high < 0 || low < 0))) {
			out[len++] = in.p[i];
		} else if (i + 1 < in.len) {
			out[len++] = (uint8_t)(high << 4 | low);
			i += 2;
		}
	}
	return bytes_of(out, len);
}

struct str value_text(const struct line *l, struct arena *a)
{
	struct bytes value = l->value;
	struct str charset = STR("");

	if (l->encoding == LINE_QUOTED_PRINTABLE)
		value = undo_quoted_printable(value, a);
	/* text may come in base64 too; when it is none, what was sent says more than nothing */
	if (l->encoding == LINE_BASE64)
		(void)!value_base64(value, a, &value);
	/* an encoded value may hold any bytes, even in a file that is UTF-8 throughout */
	if (!l->is_utf8 || l->encoding != LINE_PLAIN)
		(void)!line_param(l, STR("CHARSET"), &charset);
	return charset_read(value, charset, a);
}

struct str value_base64_text(const struct line *l, struct arena *a)
{
	struct str s = text_from_bytes(a, l->value);
	char *out = arena_alloc(a, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++)
		if ((uint8_t)s.p[i] > ' ')
			out[len++] = s.p[i];
	return (struct str){ out, len };
}

/* Whether s must change: an escape, or a control character other than tab and line feed. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (c == '\\' || c == 0x7F || (c < ' ' && c != '\n' && c != '\t'))
			return false;
	}
	return true;
}

/* The characters that a backslash takes the meaning from; \: and \" are met in the wild. */
static bool is_escapable(char c)
{
	return c == '\\' || c == ';' || c == ',' || c == ':' || c == '"';
}

struct str value_unescape(struct str s, struct arena *a)
{
	char *out;
	size_t len = 0;

	if (is_plain(s))
		return s;
	out = arena_alloc(a, s.len);
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.p[i];
		char next = i + 1 < s.len ? s.p[i + 1] : 0;

		if (c == '\\' && (next == 'n' || next == 'N')) {
			out[len++] = '\n';
			i++;
		} else if (c == '\\' && is_escapable(next)) {
			out[len++] = next;
			i++;
		} else if (c == '\r') {
			if (next != '\n')
				out[len++] = '\n';
		} else if ((c >= ' ' && c != 0x7F) || c == '\n' || c == '\t') {
			out[len++] = (char)c;
		}
	}
	return (struct str){ out, len };
}

struct str value_plain(struct str s, struct arena *a)
{
	return str_trim(value_unescape(s, a));
}

struct str value_one_line(struct str s, struct arena *a)
{
	struct buf out = BUF_IN(a);
	size_t from = 0;

	s = str_trim(s);
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if ((c >= ' ' && c != 0x7F) || c == '\t')
			continue;
		buf_add_str(&out, str_sub(s, from, i));
		if (c == '\n' || (c == '\r' && (i + 1 == s.len || s.p[i + 1] != '\n')))
			buf_lit(&out, "\\n");
		from = i + 1;
	}
	if (from == 0)
		return s;
	buf_add_str(&out, str_sub(s, from, s.len));
	return buf_str(&out);
}

bool value_split(struct str *s, char c, struct str *head)
{
	if (!s->p)
		return false;
	for (size_t i = 0; i < s->len; i++) {
		if (s->p[i] == '\\') {
			i++;
		} else if (s->p[i] == c) {
			*head = str_sub(*s, 0, i);
			*s = (struct str){ s->p + i + 1, s->len - i - 1 };
			return true;
		}
	}
	*head = *s;
	*s = (struct str){ NULL, 0 };
	return true;
}

enum { NO_DIGIT = 64, SKIP = 65, END = 66 };

static void fill_digits(uint8_t digits[256])
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	memset(digits, NO_DIGIT, 256);
	memset(digits, SKIP, ' ' + 1);
	for (uint8_t i = 0; i < 64; i++)
		digits[(uint8_t)alphabet[i]] = i;
	digits['-'] = 62;
	digits['_'] = 63;
	digits['='] = END;
}

/*
 * Not base64_read: that one is strict, as it must be for signatures, and a photo of a megabyte
 * has to be through here within a few milliseconds.
 */
bool value_base64(struct bytes in, struct arena *a, struct bytes *out)
{
	uint8_t digits[256], *to = arena_alloc(a, in.len / 4 * 3 + 3);
	uint32_t word = 0;
	unsigned bits = 0;
	size_t len = 0;

	fill_digits(digits);
	for (size_t i = 0; i < in.len; i++) {
		uint8_t digit = digits[in.p[i]];

		if (digit == SKIP)
			continue;
		if (digit == END)
			break;
		if (digit == NO_DIGIT)
			return false;
		word = word << 6 | digit;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			to[len++] = (uint8_t)(word >> bits);
		}
	}
	*out = bytes_of(to, len);
	return len > 0;
}
