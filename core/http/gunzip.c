#include "core/http/wire.h"

#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16 /* zlib's way to ask for the gzip format only */, STEP = 64 << 10 };

static bool inflate_all(z_stream *z, uint8_t **out, size_t *len, size_t limit, struct err *e)
{
	size_t cap = 0;
	int code = Z_OK;

	*len = 0;
	while (code != Z_STREAM_END) {
		if (*len == cap) {
			uint8_t *p;

			/* one byte past the limit is enough to know that it is passed */
			if (cap > limit)
				return err_set(e, ERR_TOO_LARGE,
					"the body inflates to more than %zu bytes", limit);
			cap = cap ? cap * 2 : STEP;
			cap = cap > limit ? limit + 1 : cap;
			p = realloc(*out, cap);
			if (!p)
				return err_set(e, ERR_UNAVAILABLE, "no memory for the body");
			*out = p;
		}
		z->next_out = *out + *len;
		z->avail_out = (uInt)(cap - *len);
		code = inflate(z, Z_NO_FLUSH);
		*len = cap - z->avail_out;
		if (code != Z_OK && code != Z_STREAM_END)
			return err_set(e, ERR_MALFORMED, "the body is not well-formed gzip");
	}
	if (*len > limit)
		return err_set(e, ERR_TOO_LARGE, "the body inflates to more than %zu bytes", limit);
	if (z->avail_in > 0)
		return err_set(e, ERR_MALFORMED, "something follows the gzip body");
	return true;
}

bool gunzip(uint8_t **out, size_t *len, struct bytes in, size_t limit, struct err *e)
{
	z_stream z = { .next_in = (z_const Bytef *)in.p, .avail_in = (uInt)in.len };
	bool ok;

	*out = NULL;
	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return err_set(e, ERR_UNAVAILABLE, "no memory to inflate the body");
	ok = inflate_all(&z, out, len, limit, e);
	inflateEnd(&z);
	if (!ok) {
		free(*out);
		*out = NULL;
	}
	return ok;
}
