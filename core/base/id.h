/*
 * 16-byte ids. Two text forms, by what is named: things (entries, streams, stations) are written
 * as UUIDs (RFC 9562 4); people (attendees, badges) as 22 characters of base64url, the form that
 * stands in a badge link. id_read takes both, and 32 hexadecimal digits.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/bytes.h"

enum { ID_TEXT_LEN = 22, ID_UUID_LEN = 36 };

struct id {
	uint8_t b[16];
};

static inline bool id_equal(struct id a, struct id b)
{
	return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}

static inline struct bytes id_bytes(const struct id *id)
{
	return (struct bytes){ id->b, sizeof(id->b) };
}

/* All zero: names nobody. */
bool id_is_none(struct id id);
/* Byte order; for UUIDv7 that is the order of making, within a millisecond by chance. */
int id_compare(struct id a, struct id b);
/* A version 7 UUID (RFC 9562 5.7) of unix_ms and the first 10 bytes of random. */
struct id id_uuid7(uint64_t unix_ms, const uint8_t random[10]);
/* Exactly 16 bytes. */
MUST_CHECK bool id_from_bytes(struct bytes b, struct id *out);
MUST_CHECK bool id_read(struct str s, struct id *out);
void id_write(struct buf *out, struct id id);	   /* 22 characters */
void id_write_uuid(struct buf *out, struct id id); /* 36 characters */
/* NUL-terminated, for logs and messages: id_text(id).s */
struct id_text {
	char s[ID_UUID_LEN + 1];
};
struct id_text id_text(struct id id);
struct id_text id_uuid_text(struct id id);
