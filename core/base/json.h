/*
 * JSON (RFC 8259): a document read into an arena, and a writer that appends to a buffer.
 *
 * Reading is strict: UTF-8 only, no comments, no duplicate keys, LIMIT_JSON_DEPTH deep and
 * LIMIT_JSON_NODES long. Values borrow from the arena. Lookups on NULL or on another type give
 * NULL or false, so that chains need no checks in between.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/bytes.h"
#include "core/base/err.h"
#include "core/base/id.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_type type;
	bool truth;
	struct str text;	   /* a string's value, a number's digits */
	struct str key;		   /* inside an object */
	struct json *first, *next; /* children in order; the next sibling */
	size_t count;		   /* children */
};

/* ERR_MALFORMED names the byte; ERR_TOO_LARGE the limit. */
MUST_CHECK bool json_read(struct json **out, struct bytes text, struct arena *a, struct err *e);

const struct json *json_get(const struct json *object, const char *key);
/* The value of a key, when it is there and of that type. */
MUST_CHECK bool json_get_str(const struct json *object, const char *key, struct str *out);
MUST_CHECK bool json_get_i64(const struct json *object, const char *key, int64_t *out);
MUST_CHECK bool json_get_u64(const struct json *object, const char *key, uint64_t *out);
MUST_CHECK bool json_get_bool(const struct json *object, const char *key, bool *out);
MUST_CHECK bool json_get_id(const struct json *object, const char *key, struct id *out);
/* Base64 (either alphabet) of exactly n bytes into out. */
MUST_CHECK bool json_get_blob(const struct json *object, const char *key, void *out, size_t n);

/* The writer places commas itself. Keys are literals of ours; depth is at most LIMIT_JSON_DEPTH. */
struct json_writer {
	struct buf *out;
	uint64_t has_member; /* one bit a level: a member stands before the next one */
	unsigned depth;
};

#define JSON_TO(buf_ptr) ((struct json_writer){ (buf_ptr), 0, 0 })
/* key is NULL inside an array and at the top. */
void json_open(struct json_writer *w, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json_writer *w, char bracket);		      /* '}' or ']' */
void json_str(struct json_writer *w, const char *key, struct str value);
void json_i64(struct json_writer *w, const char *key, int64_t value);
void json_u64(struct json_writer *w, const char *key, uint64_t value);
void json_bool(struct json_writer *w, const char *key, bool value);
void json_null(struct json_writer *w, const char *key);
void json_id(struct json_writer *w, const char *key, struct id id);   /* a person: 22 characters */
void json_uuid(struct json_writer *w, const char *key, struct id id); /* a thing: 36 characters */
void json_blob(struct json_writer *w, const char *key, struct bytes b); /* base64url */
/* text is a complete JSON value already. */
void json_raw(struct json_writer *w, const char *key, struct str text);
/* Append a value that was read, as compact JSON; numbers keep their digits. */
void json_copy(struct buf *out, const struct json *value);
