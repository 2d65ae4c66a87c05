#include "core/tag/link.h"

#include "core/base/text.h"

enum { SIGNATURE_TEXT_LEN = 86 };

static bool is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
}

bool link_host_check(struct str host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!is_host_char(host.p[i]))
			return false;
	return host.len > 0 && host.len <= LINK_HOST_MAX;
}

/* base64url without padding of exactly n bytes: one text for one value. */
static bool read_canonical(struct str s, void *out, size_t n)
{
	struct buf b = BUF_OVER(out, n);

	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '+' || s.p[i] == '/' || s.p[i] == '=')
			return false;
	return base64_read(&b, s) && b.len == n;
}

static bool read_badge(struct str s, struct link *out)
{
	struct str id = str_sub(s, 0, ID_TEXT_LEN), signature;

	if (!read_canonical(id, out->id.b, sizeof(out->id.b)))
		return false;
	if (s.len == ID_TEXT_LEN)
		return true;
	signature = str_sub(s, ID_TEXT_LEN + 1, s.len);
	out->has_signature = s.p[ID_TEXT_LEN] == '.' && signature.len == SIGNATURE_TEXT_LEN &&
			     read_canonical(signature, out->signature, LINK_SIGNATURE_LEN);
	return out->has_signature;
}

static bool read_ticket(struct str s, struct link *out)
{
	return ticket_read(s, &out->ticket);
}

static bool read_pair(struct str s, struct link *out)
{
	return read_canonical(s, out->id.b, sizeof(out->id.b));
}

static const struct {
	struct str path;
	enum link_kind kind;
	bool (*read)(struct str fragment, struct link *out);
} links[] = {
	{ STR_INIT("/b#"), LINK_BADGE, read_badge },
	{ STR_INIT("/t#"), LINK_TICKET, read_ticket },
	{ STR_INIT("/p#"), LINK_PAIR, read_pair },
};

/* The scheme of a URI (RFC 3986 3.1) with its ':'; 0 when there is none. */
static size_t scheme_len(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (c == ':')
			return i > 1 ? i + 1 : 0;
		if (!letter &&
			(i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
			return 0;
	}
	return 0;
}

/* Web links only: "MECARD:", "BEGIN:VCARD" and "mailto:" have schemes too, and are not links. */
static bool take_web(struct str *s)
{
	struct str scheme = str_sub(*s, 0, scheme_len(*s));
	struct str rest = str_sub(*s, scheme.len, s->len);

	if (!str_equal_nocase(scheme, STR("https:")) && !str_equal_nocase(scheme, STR("http:")))
		return false;
	if (!str_starts(rest, STR("//")))
		return false;
	*s = str_sub(rest, 2, rest.len);
	return true;
}

enum link_kind link_read(struct str text, struct link *out)
{
	struct str rest = str_trim(text);
	size_t end = 0;

	*out = (struct link){ .kind = LINK_NONE };
	if (!take_web(&rest))
		return LINK_NONE;
	while (end < rest.len && is_host_char(rest.p[end]))
		end++;
	if (!link_host_check(str_sub(rest, 0, end)))
		return LINK_NONE;
	out->host = str_sub(rest, 0, end);
	rest = str_sub(rest, end, rest.len);
	out->kind = LINK_OTHER;
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct str path = links[i].path;

		if (!str_starts(rest, path))
			continue;
		if (links[i].read(str_sub(rest, path.len, rest.len), out))
			out->kind = links[i].kind;
	}
	return out->kind;
}

const char *link_kind_name(enum link_kind kind)
{
	static const char *const names[] = {
		[LINK_NONE] = "none",
		[LINK_OTHER] = "other",
		[LINK_BADGE] = "badge",
		[LINK_TICKET] = "ticket",
		[LINK_PAIR] = "pair",
	};

	return names[kind];
}

static void write_start(struct buf *out, struct str host, char what)
{
	buf_lit(out, "https://");
	buf_add_str(out, host);
	buf_add_char(out, '/');
	buf_add_char(out, what);
	buf_add_char(out, '#');
}

void link_badge_write(struct buf *out, struct str host, struct id badge,
	const uint8_t signature[LINK_SIGNATURE_LEN])
{
	write_start(out, host, 'b');
	id_write(out, badge);
	if (!signature)
		return;
	buf_add_char(out, '.');
	base64url_write(out, bytes_of(signature, LINK_SIGNATURE_LEN));
}

void link_ticket_write(struct buf *out, struct str host, struct ticket ticket)
{
	write_start(out, host, 't');
	ticket_write(out, ticket);
}

void link_pair_write(struct buf *out, struct str host, struct id token)
{
	write_start(out, host, 'p');
	id_write(out, token);
}
