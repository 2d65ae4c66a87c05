/*
 * What went wrong, by value on the caller's stack: nothing to allocate, nothing to free.
 *
 * Functions that can fail return bool and take a struct err * last. err_set fills it and returns
 * false, so that a failing path is one return; err_in puts what was being done in front. The
 * text tells the person at the desk what to do next where it can. It names ids and positions,
 * never the content of a card.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

#include "core/base/attr.h"

/* code, name for logs and JSON, HTTP status, exit status */
#define ERR_CODES(X)                                                                               \
	X(ERR_NONE, "none", 200, 0)                                                                \
	X(ERR_MALFORMED, "malformed", 400, 65)                                                     \
	X(ERR_USAGE, "usage", 400, 64)                                                             \
	X(ERR_UNAUTHENTICATED, "unauthenticated", 401, 77)                                         \
	X(ERR_FORBIDDEN, "forbidden", 403, 77)                                                     \
	X(ERR_NOT_FOUND, "not-found", 404, 66)                                                     \
	X(ERR_CONFLICT, "conflict", 409, 73)                                                       \
	X(ERR_GONE, "gone", 410, 66)                                                               \
	X(ERR_TOO_LARGE, "too-large", 413, 65)                                                     \
	X(ERR_UNSUPPORTED, "unsupported", 415, 65)                                                 \
	X(ERR_TOO_MANY, "too-many", 429, 75)                                                       \
	X(ERR_UNAVAILABLE, "unavailable", 503, 69)                                                 \
	X(ERR_TIMEOUT, "timeout", 504, 75)                                                         \
	X(ERR_FULL, "full", 507, 74)                                                               \
	X(ERR_IO, "io", 500, 74)                                                                   \
	X(ERR_INTERNAL, "internal", 500, 70)

enum err_code {
#define X(code, name, http, exit) code,
	ERR_CODES(X)
#undef X
};

struct err {
	enum err_code code;
	char text[240];
};

/*
 * All three give false, and compilers and analyzers can see that they do. The text is cut at the
 * end when it is too long.
 *
 *	err_set(e, code, format, ...)	fill it
 *	err_in(e, format, ...)		"FORMAT: what e said before", with e's code kept
 *	err_errno(e, format, ...)	err_set with ": strerror(errno)" at the end; ENOSPC gives
 *					ERR_FULL, else ERR_IO
 */
#define err_set(e, ...)	  (err_put((e), __VA_ARGS__), err_false())
#define err_in(e, ...)	  (err_put_in((e), __VA_ARGS__), err_false())
#define err_errno(e, ...) (err_put_errno((e), __VA_ARGS__), err_false())

static inline bool err_false(void)
{
	return false;
}

void err_put(struct err *e, enum err_code code, const char *format, ...) PRINTF_LIKE(3, 4);
void err_put_in(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);
void err_put_errno(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);
const char *err_name(enum err_code code);
int err_http_status(enum err_code code);
/* One of sysexits.h, so that scripts can tell bad input (65) from a full disk (74). */
int err_exit_status(enum err_code code);
