#include "core/card/charset.h"

#include "core/base/text.h"

enum { CP1252, UTF8 }; /* what is converted here, without iconv */

struct charset {
	struct str name;
	const char *iconv_name; /* NULL: one of ours */
	int ours;
	bool many_bytes; /* a character may be several bytes, so UTF-8 by accident is possible */
};

/*
 * Sorted by name in upper case. The names are checked here, so no sender chooses what iconv opens.
 * Where a label stands for more in practice than its standard says, as Windows-1252 for
 * ISO-8859-1, it is what the WHATWG Encoding Standard makes of it: so do phones, which convert by
 * their browser.
 */
static const struct charset charsets[] = {
	{ STR_INIT("ASCII"), NULL, UTF8, false },
	{ STR_INIT("BIG5"), "BIG5-HKSCS", 0, true },
	{ STR_INIT("CP1250"), "CP1250", 0, false },
	{ STR_INIT("CP1251"), "CP1251", 0, false },
	{ STR_INIT("CP1252"), NULL, CP1252, false },
	{ STR_INIT("CP932"), "CP932", 0, true },
	{ STR_INIT("EUC-JP"), "EUC-JP-MS", 0, true },
	{ STR_INIT("EUC-KR"), "UHC", 0, true },
	{ STR_INIT("GB18030"), "GB18030", 0, true },
	{ STR_INIT("GB2312"), "GB18030", 0, true },
	{ STR_INIT("GBK"), "GB18030", 0, true },
	{ STR_INIT("ISO-2022-JP"), "ISO-2022-JP", 0, true },
	{ STR_INIT("ISO-8859-1"), NULL, CP1252, false },
	{ STR_INIT("ISO-8859-15"), "ISO-8859-15", 0, false },
	{ STR_INIT("ISO-8859-2"), "ISO-8859-2", 0, false },
	{ STR_INIT("ISO-8859-5"), "ISO-8859-5", 0, false },
	{ STR_INIT("ISO-8859-7"), "ISO-8859-7", 0, false },
	{ STR_INIT("ISO-8859-8"), "ISO-8859-8", 0, false },
	{ STR_INIT("ISO-8859-9"), "CP1254", 0, false },
	{ STR_INIT("KOI8-R"), "KOI8-R", 0, false },
	{ STR_INIT("KOI8-U"), "KOI8-U", 0, false },
	{ STR_INIT("LATIN1"), NULL, CP1252, false },
	{ STR_INIT("MACINTOSH"), "MACINTOSH", 0, false },
	{ STR_INIT("SHIFT-JIS"), "CP932", 0, true },
	{ STR_INIT("SHIFT_JIS"), "CP932", 0, true },
	{ STR_INIT("SJIS"), "CP932", 0, true },
	{ STR_INIT("US-ASCII"), NULL, UTF8, false },
	{ STR_INIT("UTF-8"), NULL, UTF8, false },
	{ STR_INIT("UTF8"), NULL, UTF8, false },
	{ STR_INIT("WINDOWS-1250"), "CP1250", 0, false },
	{ STR_INIT("WINDOWS-1251"), "CP1251", 0, false },
	{ STR_INIT("WINDOWS-1252"), NULL, CP1252, false },
	{ STR_INIT("WINDOWS-1253"), "CP1253", 0, false },
	{ STR_INIT("WINDOWS-1254"), "CP1254", 0, false },
	{ STR_INIT("WINDOWS-1255"), "CP1255", 0, false },
	{ STR_INIT("WINDOWS-1256"), "CP1256", 0, false },
	{ STR_INIT("WINDOWS-31J"), "CP932", 0, true },
	{ STR_INIT("WINDOWS-874"), "CP874", 0, false },
	{ STR_INIT("X-SJIS"), "CP932", 0, true },
};

static const struct charset *charset_find(struct str name)
{
	for (size_t i = 0; name.len > 0 && i < ARRAY_LEN(charsets); i++)
		if (str_equal_nocase(charsets[i].name, name))
			return &charsets[i];
	return NULL;
}

/* Most values are, and need no more than this. */
static bool is_ascii(struct bytes b)
{
	uint64_t word, high = 0;
	size_t i = 0;

	for (; i + sizeof(word) <= b.len; i += sizeof(word)) {
		memcpy(&word, b.p + i, sizeof(word));
		high |= word;
	}
	for (; i < b.len; i++)
		high |= b.p[i];
	return (high & 0x8080808080808080) == 0;
}

struct str charset_read(struct bytes value, struct str declared, struct arena *a)
{
	const struct charset *set;
	struct buf out = BUF_IN(a);
	struct str s;

	if (declared.len == 0 && is_ascii(value))
		return (struct str){ (const char *)value.p, value.len };
	set = charset_find(str_trim(declared));
	if (!(set && set->many_bytes) && utf8_check(value, &s))
		return s;
	if (set && set->iconv_name && charset_convert(&out, value, set->iconv_name))
		return buf_str(&out);
	return text_from_bytes(a, value);
}

static uint32_t unit_at(struct bytes in, size_t i, bool big_endian)
{
	uint32_t first = in.p[i], second = in.p[i + 1];

	return big_endian ? first << 8 | second : second << 8 | first;
}

/* RFC 2781; a half of a pair alone becomes U+FFFD. */
static struct bytes from_utf16(struct bytes in, bool big_endian, struct arena *a)
{
	struct buf out = BUF_IN(a);

	for (size_t i = 0; i + 1 < in.len; i += 2) {
		uint32_t c = unit_at(in, i, big_endian);
		uint32_t low = i + 3 < in.len ? unit_at(in, i + 2, big_endian) : 0;

		if (c >= 0xD800 && c < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
			c = 0x10000 + ((c - 0xD800) << 10 | (low - 0xDC00));
			i += 2;
		}
		utf8_add(&out, c);
	}
	return buf_bytes(&out);
}

struct bytes charset_open(struct bytes in, bool *is_utf8, struct arena *a)
{
	*is_utf8 = true;
	if (in.len >= 3 && memcmp(in.p, "\xEF\xBB\xBF", 3) == 0)
		return bytes_of(in.p + 3, in.len - 3);
	if (in.len >= 2 && memcmp(in.p, "\xFE\xFF", 2) == 0)
		return from_utf16(bytes_of(in.p + 2, in.len - 2), true, a);
	if (in.len >= 2 && memcmp(in.p, "\xFF\xFE", 2) == 0)
		return from_utf16(bytes_of(in.p + 2, in.len - 2), false, a);
	/* "BE" of BEGIN, "ME" of MECARD: two ASCII letters, each with a NUL on the same side */
	if (in.len >= 4 && !in.p[0] && in.p[1] && !in.p[2] && in.p[3])
		return from_utf16(in, true, a);
	if (in.len >= 4 && in.p[0] && !in.p[1] && in.p[2] && !in.p[3])
		return from_utf16(in, false, a);
	*is_utf8 = false;
	return in;
}

/* JIS X 0208 in Shift-JIS: whether two bytes are one character, and half-width kana one. */
static bool looks_japanese(struct bytes b)
{
	size_t everyday = 0, rare = 0;

	for (size_t i = 0; i < b.len; i++) {
		uint8_t lead = b.p[i], trail = i + 1 < b.len ? b.p[i + 1] : 0;

		if (lead < 0x80 || (lead >= 0xA1 && lead <= 0xDF))
			continue;
		if (!(lead >= 0x81 && lead <= 0x9F) && !(lead >= 0xE0 && lead <= 0xEA))
			return false;
		/* rows 85 to 87 are empty, or of one maker's */
		if ((lead >= 0x85 && lead <= 0x87) || trail < 0x40 || trail == 0x7F || trail > 0xFC)
			return false;
		everyday += lead < 0xA0;
		rare += lead >= 0xE0;
		i++;
	}
	return everyday > 0 && everyday >= rare;
}

struct str charset_code_text(struct bytes code, struct arena *a)
{
	struct buf out = BUF_IN(a);
	struct str s;

	if (utf8_check(code, &s))
		return s;
	if (looks_japanese(code) && charset_convert(&out, code, "CP932"))
		return buf_str(&out);
	return text_from_bytes(a, code);
}
