/* Guards on the head of a request, as pure functions: the fuzz target and the tests call them too.
 */
#include "core/http/wire.h"

#include "core/base/limits.h"
#include "core/base/text.h"

/* Headers that change what a request means, and so may stand only once. Sorted. */
static const char *const singles[] = {
	"authorization",
	"content-encoding",
	"content-length",
	"content-type",
	"cookie",
	"host",
	"if-match",
	"if-none-match",
	"kith-nonce",
	"kith-owner",
	"kith-signature",
	"kith-station",
	"origin",
	"transfer-encoding",
};

static bool is_token(struct str s)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
			(c == '\0' || !strchr(others, c)))
			return false;
	}
	return s.len > 0;
}

/* RFC 9110 5.5: no control characters but the tab. What is above ASCII is left to the handler. */
static bool is_value(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7F)
			return false;
	return true;
}

static bool check_fields(const struct http_wire *w, struct err *e)
{
	for (size_t i = 0; i < w->header_count; i++) {
		if (!is_token(w->headers[i].name))
			return err_set(e, ERR_MALFORMED, "header %zu has a bad name", i + 1);
		if (!is_value(w->headers[i].value))
			return err_set(
				e, ERR_MALFORMED, "header %zu has a control character", i + 1);
	}
	for (size_t k = 0; k < ARRAY_LEN(singles); k++) {
		size_t seen = 0;

		for (size_t i = 0; i < w->header_count; i++)
			if (str_equal_nocase(w->headers[i].name, str_of(singles[k])))
				seen++;
		if (seen > 1)
			return err_set(e, ERR_MALFORMED, "the header %s is given %zu times",
				singles[k], seen);
	}
	return true;
}

bool guard_head(struct request *q, bool http11, struct err *e)
{
	struct http_wire *w = q->wire;
	struct str value;

	if (!is_token(q->method))
		return err_set(e, ERR_MALFORMED, "not an HTTP method");
	if (!check_fields(w, e))
		return false;
	if (!request_header(q, "host", &value) && http11)
		return err_set(e, ERR_MALFORMED, "the header host is missing");
	if (request_header(q, "content-length", &value)) {
		if (value.len == 0 || value.len > 15 || value.p[0] < '0' || value.p[0] > '9' ||
			!str_u64(value, &w->length))
			return err_set(e, ERR_MALFORMED, "content-length is no number");
		w->has_length = true;
	}
	if (request_header(q, "transfer-encoding", &value)) {
		if (w->has_length)
			return err_set(e, ERR_MALFORMED,
				"content-length and transfer-encoding contradict");
		if (!http11 || !str_equal_nocase(value, STR("chunked")))
			return err_set(e, ERR_MALFORMED, "transfer-encoding must be chunked");
		w->chunked = true;
	}
	return true;
}

/* Percent-decoded text; a NUL in it is refused, for it would end a C string early somewhere. */
static bool decode(struct request *q, struct str raw, bool form, struct str *out)
{
	struct buf b = BUF_IN(q->arena);

	return percent_read(&b, raw, form) && utf8_check(buf_bytes(&b), out) &&
	       str_find_char(*out, '\0', 0) == SIZE_MAX;
}

static bool read_query(struct request *q, struct str text, struct err *e)
{
	struct http_wire *w = q->wire;
	struct str part;

	w->query = ARENA_ARRAY(q->arena, QUERY_MAX, struct field);
	w->query_count = 0;
	while (str_split(&text, '&', &part)) {
		struct field *f = &w->query[w->query_count];
		struct str name;

		if (part.len == 0)
			continue;
		if (w->query_count == QUERY_MAX)
			return err_set(
				e, ERR_MALFORMED, "more than %d query parameters", QUERY_MAX);
		(void)str_split(&part, '=', &name);
		if (!decode(q, name, true, &f->name) || !decode(q, part, true, &f->value))
			return err_set(e, ERR_MALFORMED, "query parameter %zu is not well encoded",
				w->query_count + 1);
		for (size_t i = 0; i < w->query_count; i++)
			if (str_equal(w->query[i].name, f->name))
				return err_set(
					e, ERR_MALFORMED, "a query parameter is given twice");
		w->query_count++;
	}
	return true;
}

bool guard_target(struct request *q, struct err *e)
{
	struct str rest = q->target, decoded;

	if (q->target.len > TARGET_MAX)
		return err_set(e, ERR_MALFORMED, "the address is longer than %d bytes", TARGET_MAX);
	if (q->target.len == 0 || (q->target.p[0] != '/' && !str_equal(q->target, STR("*"))))
		return err_set(e, ERR_MALFORMED, "the address must begin with /");
	for (size_t i = 0; i < q->target.len; i++)
		if (q->target.p[i] <= 0x20 || q->target.p[i] >= 0x7F || q->target.p[i] == '#')
			return err_set(
				e, ERR_MALFORMED, "byte %zu of the address is not allowed", i + 1);
	(void)str_split(&rest, '?', &q->path);
	if (!decode(q, q->path, false, &decoded))
		return err_set(e, ERR_MALFORMED, "the path is not well encoded");
	return read_query(q, rest, e);
}
