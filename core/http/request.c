/* Looking things up in a request, and making one without a socket. */
#include "core/http/wire.h"

static bool field_find(
	const struct field *fields, size_t n, const char *name, bool nocase, struct str *out)
{
	for (size_t i = n; i-- > 0;) {
		struct str key = str_of(name);

		if (nocase ? str_equal_nocase(fields[i].name, key)
			   : str_equal(fields[i].name, key)) {
			*out = fields[i].value;
			return true;
		}
	}
	return false;
}

bool request_query(const struct request *r, const char *name, struct str *out)
{
	return field_find(r->wire->query, r->wire->query_count, name, false, out);
}

bool request_header(const struct request *r, const char *name, struct str *out)
{
	return field_find(r->wire->headers, r->wire->header_count, name, true, out);
}

/* RFC 6265 5.4: pairs split by "; ". Values of ours are base64url, so quotes are not undone. */
bool request_cookie(const struct request *r, const char *name, struct str *out)
{
	struct str all, pair, key;
	size_t seen = 0;

	if (!request_header(r, "cookie", &all))
		return false;
	while (str_split(&all, ';', &pair)) {
		if (!str_split(&pair, '=', &key) || !str_equal(str_trim(key), str_of(name)))
			continue;
		*out = str_trim(pair);
		seen++;
	}
	return seen == 1;
}

bool request_make(struct request *q, struct arena *a, const char *method, struct str target,
	const char *const headers[], struct bytes body, struct err *e)
{
	struct http_wire *w = ARENA_NEW(a, struct http_wire);

	*q = (struct request){ .method = str_of(method),
		.target = target,
		.body = body,
		.arena = a,
		.wire = w,
		.remote = STR("127.0.0.1"),
		.caller.role = ROLE_ANYONE };
	w->headers = ARENA_ARRAY(a, HEADERS_MAX, struct field);
	for (size_t i = 0; headers && headers[i]; i += 2) {
		if (w->header_count == HEADERS_MAX)
			return err_set(e, ERR_TOO_LARGE, "more than %d headers", HEADERS_MAX);
		w->headers[w->header_count++] = (struct field){ str_of(headers[i]),
			str_of(headers[i + 1]) };
	}
	return guard_target(q, e) && guard_head(q, false, e);
}
