#include "core/base/buf.h"

#include <stdio.h>

struct bytes buf_bytes(const struct buf *b)
{
	return (struct bytes){ b->p, buf_ok(b) ? b->len : b->cap };
}

struct str buf_str(const struct buf *b)
{
	struct bytes all = buf_bytes(b);

	return (struct str){ (const char *)all.p, all.len };
}

static void make_room(struct buf *b, size_t n)
{
	size_t want = b->cap ? b->cap : 256;
	uint8_t *p;

	if (!b->arena || (b->len <= b->cap && b->cap - b->len >= n))
		return;
	while (want - b->len < n)
		want *= 2;
	p = arena_alloc(b->arena, want);
	if (b->len > 0)
		memcpy(p, b->p, b->len);
	b->p = p;
	b->cap = want;
}

void buf_add(struct buf *b, struct bytes what)
{
	make_room(b, what.len);
	if (what.len > 0 && b->len < b->cap) {
		size_t room = b->cap - b->len;

		memcpy(b->p + b->len, what.p, what.len < room ? what.len : room);
	}
	b->len += what.len;
}

void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, str_bytes(s));
}

void buf_add_char(struct buf *b, char c)
{
	buf_add_u8(b, (uint8_t)c);
}

void buf_add_u8(struct buf *b, uint8_t n)
{
	buf_add(b, bytes_of(&n, 1));
}

static void add_be(struct buf *b, uint64_t n, size_t size)
{
	uint8_t be[8];

	for (size_t i = 0; i < size; i++)
		be[i] = (uint8_t)(n >> 8 * (size - 1 - i));
	buf_add(b, bytes_of(be, size));
}

void buf_add_u16be(struct buf *b, uint16_t n)
{
	add_be(b, n, 2);
}

void buf_add_u32be(struct buf *b, uint32_t n)
{
	add_be(b, n, 4);
}

void buf_add_u64be(struct buf *b, uint64_t n)
{
	add_be(b, n, 8);
}

void buf_add_u64(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	buf_add(b, bytes_of(digits + at, sizeof(digits) - at));
}

void buf_add_i64(struct buf *b, int64_t n)
{
	if (n < 0)
		buf_add_char(b, '-');
	buf_add_u64(b, n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n);
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
	char small[256];
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(small, sizeof(small), format, args);
	if (len >= 0 && (size_t)len < sizeof(small)) {
		buf_add(b, bytes_of(small, (size_t)len));
	} else if (len >= 0) {
		struct arena a = { 0 };
		char *large = arena_alloc(&a, (size_t)len + 1);

		vsnprintf(large, (size_t)len + 1, format, again);
		buf_add(b, bytes_of(large, (size_t)len));
		arena_finish(&a);
	}
	va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}
