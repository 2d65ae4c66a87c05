/*
 * A buffer that is written from front to back. Two kinds, one interface:
 * over memory of the caller's (BUF_ON), where it keeps counting after it is full, so that the
 * caller asks buf_ok() once, at the end; or in an arena (BUF_IN), where it grows and is always ok.
 */
#pragma once

#include <stdarg.h>

#include "core/base/arena.h"
#include "core/base/bytes.h"

struct buf {
	uint8_t *p;
	size_t cap;
	size_t len;	     /* may pass cap in the fixed kind: what would have been written */
	struct arena *arena; /* NULL: fixed */
};

#define BUF_ON(memory)	  ((struct buf){ (uint8_t *)(memory), sizeof(memory), 0, NULL })
#define BUF_OVER(ptr, n)  ((struct buf){ (uint8_t *)(ptr), (n), 0, NULL })
#define BUF_IN(arena_ptr) ((struct buf){ NULL, 0, 0, (arena_ptr) })

static inline bool buf_ok(const struct buf *b)
{
	return b->len <= b->cap;
}

/* What stands in it, at most cap bytes. Borrowed: the next add to a growing buffer may move it. */
struct bytes buf_bytes(const struct buf *b);
/* The same as text; what was added must have been UTF-8. */
struct str buf_str(const struct buf *b);

void buf_add(struct buf *b, struct bytes what);
void buf_add_str(struct buf *b, struct str s);
void buf_add_char(struct buf *b, char c);
void buf_add_u8(struct buf *b, uint8_t n);
void buf_add_u16be(struct buf *b, uint16_t n);
void buf_add_u32be(struct buf *b, uint32_t n);
void buf_add_u64be(struct buf *b, uint64_t n);
/* Decimal digits. */
void buf_add_u64(struct buf *b, uint64_t n);
void buf_add_i64(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *b, const char *format, va_list args) PRINTF_LIKE(2, 0);
#define buf_lit(b, literal) buf_add_str((b), STR(literal))
