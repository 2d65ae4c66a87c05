/* What would pull libc's stdio into the module, on our own formatter. */
#include "core/wasm/format.h"

int vsnprintf(char *restrict text, size_t size, const char *restrict format, va_list args)
{
	struct buf out = BUF_OVER(text, size ? size - 1 : 0);

	format_write(&out, format, args);
	if (size > 0)
		text[buf_bytes(&out).len] = '\0';
	return (int)out.len;
}

int snprintf(char *restrict text, size_t size, const char *restrict format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, size, format, args);
	va_end(args);
	return n;
}
