#include "tests/unit/test.h"

#include <limits.h>

#include "core/wasm/format.h"

static void write_one(struct buf *out, const char *format, ...) PRINTF_LIKE(2, 3);

static void write_one(struct buf *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	format_write(out, format, args);
	va_end(args);
}

/* What libc makes of it, and what we make of it. */
#define same(...)                                                                                  \
	do {                                                                                       \
		char ours_[256], theirs_[256];                                                     \
		struct buf b_ = BUF_ON(ours_);                                                     \
		write_one(&b_, __VA_ARGS__);                                                       \
		snprintf(theirs_, sizeof(theirs_), __VA_ARGS__);                                   \
		assert_str(buf_str(&b_), theirs_);                                                 \
	} while (0)

static void writes_what_libc_writes(void **state)
{
	(void)state;
	same("no directive, and a percent sign: 100%%");
	same("%s and %s", "one", "");
	same("[%.*s][%.*s][%.*s]", 2, "abc", 9, "abc", 0, "abc");
	same("[%5s][%c]", "ab", 'x');
	same("%d %d %d", 0, INT_MAX, INT_MIN);
	same("%u %u", 0u, UINT_MAX);
	same("%x %X %04x %02X", 0xabcu, 0xABCu, 0x1fu, 5u);
	same("%04d-%02d-%02d", 2026, 11, 22);
	same("%04d|%4d|%04d", -7, -7, 12345);
	same("%zu %zu", (size_t)0, SIZE_MAX);
	same("%ld %lu", LONG_MIN, ULONG_MAX);
	same("%lld %llu %llx", LLONG_MIN, ULLONG_MAX, ULLONG_MAX);
}

static void cuts_what_has_no_end(void **state)
{
	static const char open[3] = { 'a', 'b', 'c' };
	char text[8];
	struct buf b = BUF_ON(text);

	(void)state;
	write_one(&b, "%.*s", 3, open);
	assert_str(buf_str(&b), "abc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_what_libc_writes),
		cmocka_unit_test(cuts_what_has_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
