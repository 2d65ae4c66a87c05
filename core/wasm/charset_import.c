/*
 * charset_convert by the page: browsers carry every character set of core/card/charset.c
 * (TextDecoder, WHATWG Encoding), so the module carries none.
 *
 * kith.charset(name, name length, bytes, length) gives a pointer to {u32 length, UTF-8} in memory
 * that it took from kith_alloc, or 0: no such set, or bytes that are not in it.
 */
#include "core/card/charset.h"

struct converted {
	uint32_t length;
	uint8_t bytes[];
};

__attribute__((import_module("kith"), import_name("charset"))) const struct converted *page_charset(
	const char *name, size_t name_len, const uint8_t *p, size_t n);

bool charset_convert(struct buf *out, struct bytes value, const char *iconv_name)
{
	const struct converted *c = page_charset(
		iconv_name, strlen(iconv_name), value.p, value.len);

	if (c)
		buf_add(out, bytes_of(c->bytes, c->length));
	return c != NULL;
}
