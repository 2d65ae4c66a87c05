/* Replies compressed for who takes it: the way out, as gunzip.c is the way in. */
#include "core/http/wire.h"

#include <zlib.h>

enum {
	GZIP_WINDOW = 15 + 16, /* zlib's way to ask for the gzip format */
	GZIP_MEMORY = 8,
	GZIP_LEVEL = 4,	  /* JSON: within 5 % of level 6, at half its time */
	GZIP_FROM = 1024, /* less is sent in one packet either way */
};

/* "gzip" or "gzip;q=0.5" in a list; "gzip;q=0" says no (RFC 9110 12.5.3). */
static bool takes_gzip(const struct request *q)
{
	struct str list, one, name;

	if (!request_header(q, "accept-encoding", &list))
		return false;
	while (str_split(&list, ',', &one)) {
		if (!str_split(&one, ';', &name) || !str_equal_nocase(str_trim(name), STR("gzip")))
			continue;
		one = str_trim(one);
		return !str_equal(one, STR("q=0")) && !str_starts(one, STR("q=0.0"));
	}
	return false;
}

void reply_gzip(struct reply *r, struct request *q)
{
	z_stream z = { .next_in = (z_const Bytef *)r->body.p, .avail_in = (uInt)r->body.len };
	uint8_t *out;
	size_t cap;

	reply_header(r, "Vary", STR("Accept-Encoding"));
	if (r->body.len < GZIP_FROM || r->body.len > UINT32_MAX || !takes_gzip(q))
		return;
	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
		    Z_DEFAULT_STRATEGY) != Z_OK)
		return; /* no memory: as it is, then */
	cap = deflateBound(&z, (uLong)r->body.len);
	out = ARENA_ARRAY(q->arena, cap, uint8_t);
	z.next_out = out;
	z.avail_out = (uInt)cap;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
		r->body = bytes_of(out, cap - z.avail_out);
		reply_header(r, "Content-Encoding", STR("gzip"));
	}
	deflateEnd(&z);
}
