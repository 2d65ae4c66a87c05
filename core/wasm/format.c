#include "core/wasm/format.h"

/* One directive: %[0][width][.*][l|ll|z]conversion */
struct directive {
	bool zeros;
	size_t width, precision; /* SIZE_MAX: none */
	unsigned longs;		 /* ll: 2, l and z: 1, as they are on 32 bits and 64 */
	char conversion;
};

static const char *read_directive(const char *p, struct directive *d, int star)
{
	*d = (struct directive){ .precision = SIZE_MAX };
	d->zeros = *p == '0';
	for (; *p >= '0' && *p <= '9'; p++)
		d->width = d->width * 10 + (size_t)(*p - '0');
	if (p[0] == '.' && p[1] == '*') {
		d->precision = star < 0 ? SIZE_MAX : (size_t)star;
		p += 2;
	}
	for (; *p == 'l' || *p == 'z'; p++)
		d->longs++;
	d->conversion = *p;
	return p + 1;
}

static void add_padded(struct buf *out, const struct directive *d, bool minus, struct str s)
{
	size_t len = s.len + minus;

	if (minus && d->zeros)
		buf_add_char(out, '-');
	for (; len < d->width; len++)
		buf_add_char(out, d->zeros ? '0' : ' ');
	if (minus && !d->zeros)
		buf_add_char(out, '-');
	buf_add_str(out, s);
}

static void add_number(struct buf *out, const struct directive *d, bool minus, uint64_t n)
{
	const char *digits = d->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned base = d->conversion == 'd' || d->conversion == 'u' ? 10 : 16;
	char text[20];
	size_t at = sizeof(text);

	do {
		text[--at] = digits[n % base];
		n /= base;
	} while (n > 0);
	add_padded(out, d, minus, (struct str){ text + at, sizeof(text) - at });
}

static struct str cut(const char *s, size_t precision)
{
	const char *end = precision == SIZE_MAX ? NULL : memchr(s, '\0', precision);

	if (precision == SIZE_MAX)
		return str_of(s);
	return (struct str){ s, end ? (size_t)(end - s) : precision };
}

void format_write(struct buf *out, const char *format, va_list args)
{
	while (*format) {
		const char *p = strchr(format, '%');
		struct directive d;
		int64_t n;
		char c;

		buf_add_str(out, p ? (struct str){ format, (size_t)(p - format) } : str_of(format));
		if (!p)
			return;
		p++;
		/* an asterisk takes its argument before the conversion does */
		format = read_directive(p, &d, p[0] == '.' && p[1] == '*' ? va_arg(args, int) : -1);
		switch (d.conversion) {
		case 's':
			add_padded(out, &d, false, cut(va_arg(args, const char *), d.precision));
			break;
		case 'c':
			c = (char)va_arg(args, int);
			add_padded(out, &d, false, (struct str){ &c, 1 });
			break;
		case 'd':
			n = d.longs == 2   ? va_arg(args, long long)
			    : d.longs == 1 ? va_arg(args, long)
					   : va_arg(args, int);
			add_number(out, &d, n < 0, n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n);
			break;
		case 'u':
		case 'x':
		case 'X':
			add_number(out, &d, false,
				d.longs == 2   ? va_arg(args, unsigned long long)
				: d.longs == 1 ? va_arg(args, unsigned long)
					       : va_arg(args, unsigned));
			break;
		case '%':
			buf_add_char(out, '%');
			break;
		default:
			abort();
		}
	}
}
