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

/* Both return false. The text is cut at the end when it is too long. */
bool err_set(struct err *e, enum err_code code, const char *format, ...) PRINTF_LIKE(3, 4);
/* "FORMAT: what e said before", with e's code kept. */
bool err_in(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);
/* err_set with ": strerror(errno)" at the end; ENOSPC gives ERR_FULL, else ERR_IO. */
bool err_errno(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);
const char *err_name(enum err_code code);
int err_http_status(enum err_code code);
/* One of sysexits.h, so that scripts can tell bad input (65) from a full disk (74). */
int err_exit_status(enum err_code code);
