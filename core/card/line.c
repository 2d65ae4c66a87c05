#include "core/card/line.h"

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/card/build.h"

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool is_control(char c)
{
	return ((uint8_t)c < ' ' && c != '\t') || c == 0x7F;
}

static bool is_blank(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.p[i] > ' ')
			return false;
	return true;
}

static struct bytes trim(struct bytes b)
{
	while (b.len > 0 && b.p[0] <= ' ')
		b.p++, b.len--;
	while (b.len > 0 && b.p[b.len - 1] <= ' ')
		b.len--;
	return b;
}

static bool starts_nocase(struct bytes b, struct str prefix)
{
	return str_starts_nocase((struct str){ (const char *)b.p, b.len }, prefix);
}

/* CR CR LF comes from a CRLF file that went through a text-mode copy (an iPhone export has it). */
static size_t end_len(struct bytes in, size_t at)
{
	if (in.p[at] == '\n')
		return 1;
	if (at + 1 < in.len && in.p[at + 1] == '\n')
		return 2;
	if (at + 2 < in.len && in.p[at + 1] == '\r' && in.p[at + 2] == '\n')
		return 3;
	return 1;
}

/* The next physical line, which stays where it is; most are looked at twice, so it is remembered.
 */
static bool peek_physical(struct line_reader *r, struct bytes *out)
{
	size_t from = r->at, to;

	if (from >= r->in.len)
		return false;
	if (r->peeked_end <= r->at) {
		for (to = from; to < r->in.len && r->in.p[to] != '\n' && r->in.p[to] != '\r';)
			to++;
		for (size_t i = 0; i < r->indent && from < to && is_space(r->in.p[from]); i++)
			from++;
		r->peeked = bytes_of(r->in.p + from, to - from);
		r->peeked_end = to < r->in.len ? to + end_len(r->in, to) : to;
	}
	*out = r->peeked;
	return true;
}

static bool take_physical(struct line_reader *r, struct bytes *out)
{
	if (!peek_physical(r, out))
		return false;
	r->at = r->peeked_end;
	r->number++;
	return true;
}

/* The line as it grows: a slice of the input until something is joined to it. */
struct joined {
	struct bytes text;
	struct buf buf;
	struct arena *a;
	bool copied;
	size_t scanned; /* bytes already searched for the ':' */
	bool in_quotes;
	bool has_header;
	size_t header_len; /* where the ':' stands */
};

static void join(struct joined *j, struct bytes piece)
{
	if (!j->copied) {
		j->buf = BUF_IN(j->a);
		buf_add(&j->buf, j->text);
		j->copied = true;
	}
	/* past the limit nothing is kept, but the length tells */
	if (j->buf.len <= LIMIT_CARD_LINE)
		buf_add(&j->buf, piece);
	j->text = buf_bytes(&j->buf);
}

/* Goes on where it stopped, so that a header folded into many lines is searched once. */
static bool find_header(struct joined *j)
{
	while (!j->has_header && j->scanned < j->text.len) {
		uint8_t c = j->text.p[j->scanned];

		if (c == '"')
			j->in_quotes = !j->in_quotes;
		if (c == ':' && !j->in_quotes) {
			j->has_header = true;
			j->header_len = j->scanned;
		}
		j->scanned++;
	}
	return j->has_header;
}

/* RFC 6868: ^n, ^' and ^^. */
static struct str undo_carets(struct arena *a, struct str s)
{
	struct buf out = BUF_IN(a);

	if (str_find_char(s, '^', 0) == SIZE_MAX)
		return s;
	for (size_t i = 0; i < s.len; i++) {
		char next = i + 1 < s.len ? s.p[i + 1] : 0;

		if (s.p[i] != '^' || (next != 'n' && next != '\'' && next != '^')) {
			buf_add_char(&out, s.p[i]);
			continue;
		}
		buf_add_char(&out, next == 'n' ? '\n' : next == '\'' ? '"' : '^');
		i++;
	}
	return buf_str(&out);
}

/* Like str_split, but what stands in double quotes is not searched. */
static bool split_unquoted(struct str *s, char c, struct str *head)
{
	bool in_quotes = false;

	if (!s->p)
		return false;
	for (size_t i = 0; i < s->len; i++) {
		if (s->p[i] == '"')
			in_quotes = !in_quotes;
		if (s->p[i] == c && !in_quotes) {
			*head = str_sub(*s, 0, i);
			*s = str_sub(*s, i + 1, s->len);
			return true;
		}
	}
	*head = *s;
	*s = (struct str){ NULL, 0 };
	return true;
}

static struct str unquote(struct str s)
{
	s = str_trim(s);
	if (s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"')
		return str_sub(s, 1, s.len - 1);
	return s;
}

static const struct {
	struct str word;
	enum line_encoding encoding;
} encodings[] = {
	{ STR_INIT("B"), LINE_BASE64 },
	{ STR_INIT("BASE64"), LINE_BASE64 },
	{ STR_INIT("QUOTED-PRINTABLE"), LINE_QUOTED_PRINTABLE },
	{ STR_INIT("7BIT"), LINE_PLAIN },
	{ STR_INIT("8BIT"), LINE_PLAIN },
};

static bool encoding_find(struct str word, enum line_encoding *out)
{
	for (size_t i = 0; i < ARRAY_LEN(encodings); i++) {
		if (!str_equal_nocase(word, encodings[i].word))
			continue;
		*out = encodings[i].encoding;
		return true;
	}
	return false;
}

static void add_param(struct line *l, struct str name, struct str value, struct arena *a)
{
	if (l->param_count >= LINE_PARAMS) {
		l->too_long = true;
		return;
	}
	if (str_equal_nocase(name, STR("ENCODING")))
		(void)!encoding_find(value, &l->encoding);
	*ADD_TO(a, l->params, l->param_count) = (struct line_param){ name, undo_carets(a, value) };
}

/* The name of a parameter; *values is what it says. */
static struct str param_name(struct str text, struct str *values)
{
	size_t equals = str_find_char(text, '=', 0);
	enum line_encoding encoding;

	*values = text;
	if (equals != SIZE_MAX) {
		*values = str_sub(text, equals + 1, text.len);
		return str_trim(str_sub(text, 0, equals));
	}
	return encoding_find(str_trim(text), &encoding) ? STR("ENCODING") : STR("TYPE");
}

static void read_param(struct line *l, struct str text, struct arena *a)
{
	struct str values, value, name = param_name(text, &values);

	/* TYPE="cell,home" of 4.0 is a list all the same (RFC 6350 6.4.1) */
	if (str_equal_nocase(name, STR("TYPE")))
		values = unquote(values);
	while (split_unquoted(&values, ',', &value))
		add_param(l, name, unquote(value), a);
}

static bool is_among(char c, const char *set)
{
	return c && strchr(set, c);
}

/* Without control characters and without those of left_out. */
static struct str clean(struct str s, const char *left_out, struct arena *a)
{
	char *out;
	size_t dirty = 0, len = 0;

	for (size_t i = 0; i < s.len; i++)
		dirty += is_control(s.p[i]) || is_among(s.p[i], left_out);
	if (dirty == 0)
		return s;
	out = arena_alloc(a, s.len);
	for (size_t i = 0; i < s.len; i++)
		if (!is_control(s.p[i]) && !is_among(s.p[i], left_out))
			out[len++] = s.p[i];
	return (struct str){ out, len };
}

/*
 * White space before a line that has nothing to continue, and the byte order marks of files that
 * were put one behind the other.
 */
static struct bytes skip_start(struct bytes line)
{
	for (;;) {
		size_t skip = line.len > 0 && is_space(line.p[0]);

		if (line.len >= 3 && memcmp(line.p, "\xEF\xBB\xBF", 3) == 0)
			skip = 3;
		if (skip == 0)
			return line;
		line = bytes_of(line.p + skip, line.len - skip);
	}
}

/* What the writer puts at the start of a line begins with nothing that is skipped there. */
static struct str trim_name(struct str s)
{
	struct bytes rest = skip_start(str_bytes(s));

	return str_trim((struct str){ (const char *)rest.p, rest.len });
}

static void read_header(struct line *l, struct bytes header, struct arena *a)
{
	struct str text = text_from_bytes(a, header);
	struct str rest = clean(text, "", a), name, param;
	size_t dot = SIZE_MAX;

	(void)!split_unquoted(&rest, ';', &name);
	/* the writer leaves these out, and what is left may be BEGIN */
	name = clean(name, "\":;\t", a);
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] == '.')
			dot = i;
	if (dot != SIZE_MAX) {
		l->group = trim_name(str_sub(name, 0, dot));
		name = str_sub(name, dot + 1, name.len);
	}
	l->name = trim_name(name);
	l->raw_params = rest.p ? rest : STR("");
	while (split_unquoted(&rest, ';', &param))
		if (str_trim(param).len > 0)
			read_param(l, param, a);
}

static bool has_soft_break(struct bytes *text)
{
	size_t len = text->len;

	/* a line holds 76 characters (RFC 2045 6.7); looking back further would cost n per line */
	while (len > 0 && text->len - len < 76 && is_space(text->p[len - 1]))
		len--;
	if (len == 0 || text->p[len - 1] != '=')
		return false;
	text->len = len - 1;
	return true;
}

static bool opens_or_closes(struct bytes line)
{
	return starts_nocase(line, STR("BEGIN:")) || starts_nocase(line, STR("END:"));
}

/*
 * The white space around a line of base64 is not part of it. A ';' shows the next header where that
 * one is folded before its ':' (an iPhone writes so behind the photo).
 */
static bool continues_base64(struct bytes next)
{
	return !is_blank(next) && !memchr(next.p, ':', next.len) && !memchr(next.p, ';', next.len);
}

/* Whether next belongs to the line; *piece is what it adds. */
static bool continues(
	struct joined *j, const struct line *l, struct bytes next, struct bytes *piece)
{
	struct bytes cut = j->text;

	*piece = next;
	if (j->has_header && l->encoding == LINE_QUOTED_PRINTABLE && has_soft_break(&cut) &&
		!opens_or_closes(next)) {
		/* the rest of an encoded text keeps its own leading spaces */
		j->text = cut;
		if (j->copied)
			j->buf.len = cut.len;
		return true;
	}
	if (j->has_header && l->encoding == LINE_BASE64 && continues_base64(next)) {
		*piece = trim(next);
		return true;
	}
	if (next.len == 0 || !is_space(next.p[0]))
		return false;
	*piece = bytes_of(next.p + 1, next.len - 1);
	return true;
}

/* A quote that never closes hides the ':'; then the first one counts. */
static void find_header_anyway(struct joined *j)
{
	const uint8_t *colon = j->text.len ? memchr(j->text.p, ':', j->text.len) : NULL;

	if (!j->has_header && colon) {
		j->has_header = true;
		j->header_len = (size_t)(colon - j->text.p);
	}
}

bool line_next(struct line_reader *r, struct line *out, struct arena *a)
{
	struct joined j = { .a = a };
	struct bytes next, piece;
	bool parsed = false;

	*out = (struct line){ .is_utf8 = r->is_utf8 };
	do {
		if (!take_physical(r, &next))
			return false;
	} while (is_blank(next));
	out->number = r->number;
	next = skip_start(next);
	j.text = next;
	for (;;) {
		if (!parsed && find_header(&j)) {
			read_header(out, bytes_of(j.text.p, j.header_len), a);
			parsed = true;
		}
		if (!peek_physical(r, &next) || !continues(&j, out, next, &piece))
			break;
		(void)!take_physical(r, &next);
		join(&j, piece);
	}
	find_header_anyway(&j);
	if (!parsed && j.has_header)
		read_header(out, bytes_of(j.text.p, j.header_len), a);
	out->value = j.text;
	if (j.has_header)
		out->value = bytes_of(j.text.p + j.header_len + 1, j.text.len - j.header_len - 1);
	out->too_long |= j.text.len > LIMIT_CARD_LINE;
	if (out->too_long)
		out->value.len = 0;
	return true;
}

bool line_is(const struct line *l, struct str name)
{
	return str_equal_nocase(l->name, name);
}

bool line_param(const struct line *l, struct str name, struct str *out)
{
	for (size_t i = 0; i < l->param_count; i++) {
		if (!str_equal_nocase(l->params[i].name, name))
			continue;
		*out = l->params[i].value;
		return true;
	}
	return false;
}

struct str line_params_decoded(const struct line *l, struct arena *a)
{
	struct buf out = BUF_IN(a);
	struct str rest = l->raw_params, param, values;

	while (split_unquoted(&rest, ';', &param)) {
		struct str name = param_name(param, &values);

		if (str_equal_nocase(name, STR("ENCODING")) ||
			str_equal_nocase(name, STR("CHARSET")))
			continue;
		if (out.len > 0)
			buf_add_char(&out, ';');
		buf_add_str(&out, param);
	}
	return buf_str(&out);
}

bool line_says(const struct line *l, struct str word)
{
	struct bytes value = trim(l->value);

	return value.len == word.len && starts_nocase(value, word);
}

bool line_find(struct bytes in, struct str prefix, size_t *at, size_t *indent)
{
	struct line_reader r = { .in = in };
	struct bytes line;

	for (*at = 0; take_physical(&r, &line); *at = r.at) {
		size_t space = 0;

		while (space < line.len && line.p[space] <= ' ')
			space++;
		if (!starts_nocase(bytes_of(line.p + space, line.len - space), prefix))
			continue;
		*indent = space;
		return true;
	}
	return false;
}

size_t line_indent_after(struct bytes in)
{
	struct line_reader r = { .in = in };
	struct bytes line;
	size_t space = 0, seen = 0;

	while (seen < 2 && take_physical(&r, &line))
		seen += !is_blank(line);
	while (seen == 2 && space < line.len && is_space(line.p[space]))
		space++;
	return space;
}
