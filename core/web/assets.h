/*
 * The pages, as they leave the build: embedded in the program, found by the path of their URL.
 *
 * A set is constant data: nothing to open or free. Pages ("/", "/p", ...) are revalidated by
 * their ETag on every load; files under /assets/ carry a hash of their content in the name and may
 * be kept for ever. Each asset is there plain and compressed, with gzip and with Brotli, which
 * browsers take over TLS (len 0: not worth it).
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/err.h"

struct asset {
	struct str path; /* "/assets/screen-3F2A91BC.js" */
	struct str type; /* Content-Type */
	struct str etag; /* weak: one for all encodings (RFC 9110 8.8.3) */
	struct bytes plain;
	struct bytes gzip, brotli;
	bool hashed; /* the name changes with the content */
};

struct asset_set {
	const struct asset *assets; /* sorted by path */
	size_t count;
};

/* A program names one; the linker leaves the other one out. */
extern const struct asset_set assets_kiosk;
extern const struct asset_set assets_server;

/* NULL when there is none. Linear in the length of the path, logarithmic in the set. */
const struct asset *asset_find(const struct asset_set *set, struct str path);

struct request;
struct reply;

/*
 * Answer GET of q->path: 200, or 304 when If-None-Match has its ETag. ERR_NOT_FOUND otherwise.
 * root is NULL, or a folder laid out like build/core/web/dist/NAME whose files go before the
 * embedded ones: for work on the pages without a new build of the program, and to exchange a
 * library that they load. A file there is read on each request and never cached.
 */
MUST_CHECK bool assets_get(const struct asset_set *set, const char *root, struct request *q,
	struct reply *r, struct err *e);
