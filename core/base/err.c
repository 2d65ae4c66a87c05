#include "core/base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int http, exit;
} codes[] = {
#define X(code, name, http, exit) [code] = { name, http, exit },
	ERR_CODES(X)
#undef X
};

void err_put(struct err *e, enum err_code code, const char *format, ...)
{
	va_list args;

	e->code = code;
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
}

void err_put_in(struct err *e, const char *format, ...)
{
	char before[sizeof(e->text)];
	size_t len;
	va_list args;

	memcpy(before, e->text, sizeof(before));
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	len = strlen(e->text);
	snprintf(e->text + len, sizeof(e->text) - len, ": %s", before);
}

void err_put_errno(struct err *e, const char *format, ...)
{
	int why = errno;
	size_t len;
	va_list args;

	e->code = why == ENOSPC || why == EDQUOT ? ERR_FULL : ERR_IO;
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	len = strlen(e->text);
	snprintf(e->text + len, sizeof(e->text) - len, ": %s", strerror(why));
}

const char *err_name(enum err_code code)
{
	return codes[code].name;
}

int err_http_status(enum err_code code)
{
	return codes[code].http;
}

int err_exit_status(enum err_code code)
{
	return codes[code].exit;
}
