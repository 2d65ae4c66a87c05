/*
 * Two slices, passed by value. struct bytes is what somebody sent and nobody has checked;
 * struct str is valid UTF-8. Neither ends in NUL, neither owns its memory.
 *
 * A take moves the front of the slice forward, or fails and leaves it alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/attr.h"

struct bytes {
	const uint8_t *p;
	size_t len;
};

struct str {
	const char *p;
	size_t len;
};

/* A string literal as a slice; a C string as a slice (NULL counts as empty). */
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_INIT(literal)                                                                          \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}
#define BYTES(literal) ((struct bytes){ (const uint8_t *)("" literal), sizeof(literal) - 1 })
/* For printf: log_info("id=" STR_FMT, STR_ARG(s)) */
#define STR_FMT	   "%.*s"
#define STR_ARG(s) (int)(s).len, (s).p ? (s).p : ""

static inline struct bytes bytes_of(const void *p, size_t len)
{
	return (struct bytes){ p, len };
}

static inline struct str str_of(const char *s)
{
	return (struct str){ s, s ? strlen(s) : 0 };
}

static inline struct bytes str_bytes(struct str s)
{
	return (struct bytes){ (const uint8_t *)s.p, s.len };
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool str_equal(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* ASCII case is ignored; everything else must be equal byte for byte. */
bool str_equal_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Byte order, shorter first on a tie: <0, 0, >0. */
int str_compare(struct str a, struct str b);
/* The offset of the first needle or byte at or after from; SIZE_MAX when there is none. */
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_char(struct str s, char c, size_t from);
/* Bytes from..to, both clamped to the slice. */
struct str str_sub(struct str s, size_t from, size_t to);
/* Without ASCII white space and control characters at both ends. */
struct str str_trim(struct str s);
/*
 * Split at the first c: *head is what stands before it, *s what follows.
 * Without a c the head is all of s, and s is left empty with p NULL. False once s.p is NULL.
 */
bool str_split(struct str *s, char c, struct str *head);
/* A decimal number that fills s, without sign for u64. False past the type's range. */
MUST_CHECK bool str_u64(struct str s, uint64_t *out);
MUST_CHECK bool str_i64(struct str s, int64_t *out);

MUST_CHECK bool bytes_take(struct bytes *from, size_t n, struct bytes *out);
MUST_CHECK bool bytes_take_u8(struct bytes *from, uint8_t *out);
MUST_CHECK bool bytes_take_u16be(struct bytes *from, uint16_t *out);
MUST_CHECK bool bytes_take_u32be(struct bytes *from, uint32_t *out);
MUST_CHECK bool bytes_take_u64be(struct bytes *from, uint64_t *out);
/* Copies exactly n bytes into out. */
MUST_CHECK bool bytes_take_copy(struct bytes *from, void *out, size_t n);
