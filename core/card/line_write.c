#include "core/card/line_write.h"

#include "core/base/arena.h"
#include "core/base/text.h"

enum { LINE_MAX_BYTES = 75 };

/* What must stay on one line. */
static void put(struct line_writer *w, struct str unit)
{
	if (w->column + unit.len > LINE_MAX_BYTES) {
		buf_lit(w->out, "\r\n ");
		w->column = 1;
	}
	buf_add_str(w->out, unit);
	w->column += unit.len;
}

static bool is_ascii_print(char c)
{
	return c >= ' ' && c <= '~';
}

/* Many at once, for photos: a run of printable ASCII may be cut anywhere. */
static void put_run(struct line_writer *w, struct str run)
{
	while (run.len > 0) {
		size_t room = w->column < LINE_MAX_BYTES ? LINE_MAX_BYTES - w->column : 0;

		if (room == 0) {
			put(w, str_sub(run, 0, 1));
			run = str_sub(run, 1, run.len);
			continue;
		}
		put(w, str_sub(run, 0, room));
		run = str_sub(run, room, run.len);
	}
}

/* The front character of *s. */
static struct str take_character(struct str *s)
{
	struct str rest = *s;
	struct str character;
	uint32_t c;

	(void)utf8_next(&rest, &c);
	character = str_sub(*s, 0, s->len - rest.len);
	*s = rest;
	return character;
}

static bool is_line_end(struct str *s, struct str character)
{
	if (character.p[0] == '\r' && s->len > 0 && s->p[0] == '\n')
		*s = str_sub(*s, 1, s->len);
	return character.p[0] == '\r' || character.p[0] == '\n';
}

static bool is_control(struct str character)
{
	uint8_t c = (uint8_t)character.p[0];

	return (c < ' ' && c != '\t') || c == 0x7F;
}

/* escaped: characters that get a backslash in front. */
static void put_value(struct line_writer *w, struct str s, const char *escaped)
{
	while (s.len > 0) {
		size_t run = 0;

		while (run < s.len && is_ascii_print(s.p[run]) && !strchr(escaped, s.p[run]))
			run++;
		put_run(w, str_sub(s, 0, run));
		s = str_sub(s, run, s.len);
		if (s.len > 0) {
			struct str c = take_character(&s);
			char pair[2] = { '\\', c.p[0] };

			if (is_line_end(&s, c))
				put(w, STR("\\n"));
			else if (c.len == 1 && is_ascii_print(c.p[0]))
				put(w, (struct str){ pair, 2 });
			else if (!is_control(c))
				put(w, c);
		}
	}
}

/*
 * Names and parameter names: what would end them is left out. They are not folded, nor what stands
 * behind them: a line with neither ':' nor ';' would be taken for base64 behind base64.
 */
static void put_name(struct line_writer *w, struct str name)
{
	while (name.len > 0) {
		struct str c = take_character(&name);

		if (is_control(c) || strchr(":;\"\t", c.p[0]))
			continue;
		buf_add_str(w->out, c);
		w->column += c.len;
	}
	if (w->column >= LINE_MAX_BYTES)
		w->column = LINE_MAX_BYTES - 1;
}

void line_write_begin(struct line_writer *w, struct str group, struct str name)
{
	w->column = 0;
	w->in_value = false;
	if (group.len > 0) {
		put_name(w, group);
		put(w, STR("."));
	}
	put_name(w, name);
}

void line_write_param(struct line_writer *w, struct str name, struct str value)
{
	bool quoted = false;

	for (size_t i = 0; i < value.len; i++)
		quoted |= strchr(":;,", value.p[i]) && value.p[i];
	put(w, STR(";"));
	put_name(w, name);
	put(w, quoted ? STR("=\"") : STR("="));
	while (value.len > 0) {
		struct str c = take_character(&value);

		if (is_line_end(&value, c))
			put(w, STR("^n"));
		else if (c.p[0] == '"')
			put(w, STR("^'"));
		else if (c.p[0] == '^')
			put(w, STR("^^"));
		else if (!is_control(c))
			put(w, c);
	}
	if (quoted)
		put(w, STR("\""));
}

void line_write_raw_params(struct line_writer *w, struct str params)
{
	if (params.len == 0)
		return;
	put(w, STR(";"));
	put_value(w, params, "");
}

static void begin_value(struct line_writer *w)
{
	if (!w->in_value)
		put(w, STR(":"));
	w->in_value = true;
}

void line_write_text(struct line_writer *w, struct str value)
{
	begin_value(w);
	put_value(w, value, "\\;,");
}

void line_write_raw(struct line_writer *w, struct str value)
{
	begin_value(w);
	put_value(w, value, "");
}

void line_write_separator(struct line_writer *w, char c)
{
	begin_value(w);
	put(w, (struct str){ &c, 1 });
}

void line_write_base64(struct line_writer *w, struct bytes b)
{
	enum { PIECE = 3 << 10 };
	char text[PIECE / 3 * 4] = { 0 };

	begin_value(w);
	for (size_t i = 0; i < b.len; i += PIECE) {
		struct buf piece = BUF_ON(text);

		base64_write(&piece, bytes_of(b.p + i, b.len - i < PIECE ? b.len - i : PIECE));
		put_run(w, buf_str(&piece));
	}
}

void line_write_end(struct line_writer *w)
{
	begin_value(w);
	buf_lit(w->out, "\r\n");
	w->column = 0;
	w->in_value = false;
}

void line_write(struct line_writer *w, struct str name, struct str text)
{
	line_write_begin(w, STR(""), name);
	line_write_text(w, text);
	line_write_end(w);
}

void line_write_plain(struct line_writer *w, struct str name, struct str raw)
{
	line_write_begin(w, STR(""), name);
	line_write_raw(w, raw);
	line_write_end(w);
}
