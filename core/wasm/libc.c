/*
 * The libc of the module: what the pure sources call, each as small as can be. Debian's wasi-libc
 * lends its headers only. Compiled without link-time optimization and with -fno-builtin, so that no
 * loop here is turned into a call of itself.
 */
#include "core/wasm/format.h"

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	return __builtin_memcpy(to, from, n); /* one instruction */
}

void *memmove(void *to, const void *from, size_t n)
{
	return __builtin_memmove(to, from, n);
}

void *memset(void *p, int c, size_t n)
{
	return __builtin_memset(p, c, n);
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	for (; n > 0; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *p, int c, size_t n)
{
	for (const uint8_t *x = p; n > 0; n--, x++)
		if (*x == (uint8_t)c)
			return (void *)(uintptr_t)x;
	return NULL;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)(uintptr_t)s;
		if (!*s)
			return NULL;
	}
}

void *bsearch(const void *key, const void *items, size_t n, size_t size,
	int (*order)(const void *, const void *))
{
	const uint8_t *p = items;

	while (n > 0) {
		const uint8_t *mid = p + n / 2 * size;
		int side = order(key, mid);

		if (side == 0)
			return (void *)(uintptr_t)mid;
		if (side > 0) {
			p = mid + size;
			n--;
		}
		n /= 2;
	}
	return NULL;
}

/* Merge sort, stable as glibc's is: where two are equal by order, both programs answer alike. */
void qsort(void *items, size_t n, size_t size, int (*order)(const void *, const void *))
{
	uint8_t *from = items, *to = n > 1 ? malloc(n * size) : NULL, *mine = to;

	if (n > 1 && !to)
		abort();
	for (size_t run = 1; run < n; run *= 2) {
		uint8_t *last = from;

		for (size_t begin = 0; begin < n; begin += 2 * run) {
			size_t a = begin, b = begin + run;
			size_t a_end = b < n ? b : n,
			       b_end = n - begin < 2 * run ? n : begin + 2 * run;

			for (size_t k = begin; k < b_end; k++) {
				bool left = a < a_end &&
					    (b >= b_end ||
						    order(from + a * size, from + b * size) <= 0);

				memcpy(to + k * size, from + (left ? a++ : b++) * size, size);
			}
		}
		from = to;
		to = last;
	}
	if (from != items && n > 1)
		memcpy(items, from, n * size);
	free(mine);
}

/* said again, so that the compiler knows that format is one */
int vsnprintf(char *restrict text, size_t size, const char *restrict format, va_list args)
	PRINTF_LIKE(3, 0);
int snprintf(char *restrict text, size_t size, const char *restrict format, ...) PRINTF_LIKE(3, 4);

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
