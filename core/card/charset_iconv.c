#include <iconv.h>

#include "core/card/charset.h"

bool charset_convert(struct buf *out, struct bytes value, const char *iconv_name)
{
	iconv_t cd = iconv_open("UTF-8", iconv_name);
	size_t before = out->len, in_left = value.len, stuck = 0;
	char *in = (char *)(uintptr_t)value.p; /* iconv takes no const, and writes nothing there */
	char piece[512];

	if (cd == (iconv_t)-1)
		return false;
	/* a full piece is an ordinary stop (E2BIG); one that stayed empty is bad input */
	while (in_left > 0 && !stuck) {
		char *to = piece;
		size_t room = sizeof(piece);

		(void)iconv(cd, &in, &in_left, &to, &room);
		stuck = room == sizeof(piece);
		buf_add(out, bytes_of(piece, sizeof(piece) - room));
	}
	iconv_close(cd);
	if (in_left > 0)
		out->len = before;
	return in_left == 0;
}
