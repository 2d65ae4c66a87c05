#include "core/base/log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/text.h"

static void log_line(int level, const char *format, va_list args) PRINTF_LIKE(2, 0);

/* One write(2) a line, so that lines of several processes and threads do not mix. */
static void log_line(int level, const char *format, va_list args)
{
	char text[1024], line[2048];
	struct buf t = BUF_ON(text), l = BUF_OVER(line, sizeof(line) - 1);

	buf_vprintf(&t, format, args);
	if (getenv("JOURNAL_STREAM"))
		buf_printf(&l, "<%d>", level);
	else if (level <= 4)
		buf_printf(&l, "%s: ", level <= 3 ? "error" : "warning");
	escape_write(&l, buf_bytes(&t));
	l.len = buf_bytes(&l).len;
	line[l.len++] = '\n';
	/* nothing to be done about a log that cannot be written */
	if (write(STDERR_FILENO, line, l.len) < 0)
		return;
}

#define LOG_AT(level)                                                                              \
	va_list args;                                                                              \
	va_start(args, format);                                                                    \
	log_line(level, format, args);                                                             \
	va_end(args)

void log_error(const char *format, ...)
{
	LOG_AT(3);
}

void log_warn(const char *format, ...)
{
	LOG_AT(4);
}

void log_info(const char *format, ...)
{
	LOG_AT(6);
}

void log_debug(const char *format, ...)
{
	if (getenv("KITH_DEBUG")) {
		LOG_AT(7);
	}
}
