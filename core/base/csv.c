#include "core/base/csv.h"

#include "core/base/limits.h"
#include "core/base/text.h"

/* Of the first line outside quotes, whichever stands there most; a comma when none does. */
static char find_separator(struct str text)
{
	static const char candidates[] = { ',', ';', '\t' };
	size_t counts[sizeof(candidates)] = { 0 }, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.len && (quoted || (text.p[i] != '\n' && text.p[i] != '\r'));
		i++) {
		if (text.p[i] == '"')
			quoted = !quoted;
		for (size_t c = 0; !quoted && c < sizeof(candidates); c++)
			counts[c] += text.p[i] == candidates[c];
	}
	for (size_t c = 1; c < sizeof(candidates); c++)
		if (counts[c] > counts[best])
			best = c;
	return candidates[best];
}

static bool at_line_end(const struct csv *c)
{
	return c->at >= c->text.len || c->text.p[c->at] == '\n' || c->text.p[c->at] == '\r';
}

/* RFC 4180 2.5-2.7; text after the closing quote is kept, and complained about. */
static struct str read_quoted(struct csv *c, const char **trouble)
{
	struct buf out = BUF_IN(c->arena);

	c->at++;
	for (;;) {
		size_t quote = str_find_char(c->text, '"', c->at);
		size_t end = quote == SIZE_MAX ? c->text.len : quote;

		for (size_t i = c->at; i < end; i++)
			c->line += c->text.p[i] == '\n';
		buf_add_str(&out, str_sub(c->text, c->at, end));
		c->at = end;
		if (quote == SIZE_MAX) {
			*trouble = "a quote is opened and never closed";
			return buf_str(&out);
		}
		c->at++;
		if (c->at >= c->text.len || c->text.p[c->at] != '"')
			break;
		buf_add_char(&out, '"');
		c->at++;
	}
	if (!at_line_end(c) && c->text.p[c->at] != c->separator)
		*trouble = "text follows a closing quote: write a quote inside a cell twice";
	while (!at_line_end(c) && c->text.p[c->at] != c->separator)
		c->at++;
	return buf_str(&out);
}

static struct str read_cell(struct csv *c, const char **trouble)
{
	size_t from = c->at;

	if (c->at < c->text.len && c->text.p[c->at] == '"')
		return read_quoted(c, trouble);
	while (!at_line_end(c) && c->text.p[c->at] != c->separator)
		c->at++;
	return str_sub(c->text, from, c->at);
}

/*
 * What a spreadsheet would run: it skips white space before it looks for the sign of a formula. An
 * apostrophe in front is skipped too, so that the one we add is told from one that was there.
 */
static bool is_formula(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		switch (text.p[i]) {
		case ' ':
		case '\'':
		case '\0':
			continue;
		case '=':
		case '+':
		case '-':
		case '@':
		case '\t':
		case '\r':
		case '\n':
			return true;
		default:
			return false;
		}
	}
	return false;
}

/* Trimmed, and without the guard that csv_cell put in front of a formula. */
static struct str plain_cell(struct str cell)
{
	cell = str_trim(cell);
	if (cell.len > 0 && cell.p[0] == '\'' && is_formula(cell))
		return str_trim(str_sub(cell, 1, cell.len));
	return cell;
}

static void end_line(struct csv *c)
{
	if (c->at < c->text.len && c->text.p[c->at] == '\r')
		c->at++;
	if (c->at < c->text.len && c->text.p[c->at] == '\n')
		c->at++;
	c->line++;
}

bool csv_next(struct csv *c, struct csv_record *r)
{
	while (c->at < c->text.len && at_line_end(c))
		end_line(c);
	if (c->at >= c->text.len)
		return false;
	r->count = 0;
	r->line = c->line;
	r->trouble = NULL;
	for (;;) {
		struct str cell = plain_cell(read_cell(c, &r->trouble));

		if (r->count < CSV_CELLS_MAX)
			r->cells[r->count++] = cell;
		else
			r->trouble = "more cells than a list may have";
		if (at_line_end(c))
			break;
		c->at++;
	}
	end_line(c);
	return true;
}

bool csv_header_is(struct str text, const char *want)
{
	for (size_t i = 0; i < text.len; i++) {
		char ch = text.p[i];

		if (ch == ' ' || ch == '-' || ch == '_' || ch == '.')
			continue;
		if (ch >= 'A' && ch <= 'Z')
			ch = (char)(ch + 'a' - 'A');
		/* the list may hold a NUL, which is not the end of what is wanted */
		if (*want == '\0' || ch != *want++)
			return false;
	}
	return *want == '\0';
}

bool csv_open(struct csv *out, struct bytes text, size_t *lines, struct arena *a, struct err *e)
{
	struct csv c = { .line = 1, .arena = a };

	if (text.len > LIMIT_CSV_BYTES)
		return err_set(
			e, ERR_TOO_LARGE, "a list holds at most %d MiB", LIMIT_CSV_BYTES >> 20);
	c.text = text_from_bytes(a, text);
	if (str_starts(c.text, STR("\xEF\xBB\xBF")))
		c.at = 3;
	c.separator = find_separator(str_sub(c.text, c.at, c.text.len));
	*lines = 1;
	for (size_t i = c.at; i < c.text.len; i++)
		*lines += c.text.p[i] == '\n' ||
			  (c.text.p[i] == '\r' && (i + 1 == c.text.len || c.text.p[i + 1] != '\n'));
	if (*lines > LIMIT_CSV_ROWS)
		return err_set(e, ERR_TOO_LARGE, "a list holds at most %d lines", LIMIT_CSV_ROWS);
	*out = c;
	return true;
}

void csv_begin(struct buf *out)
{
	buf_lit(out, "\xEF\xBB\xBF");
}

void csv_cell(struct buf *out, struct str text)
{
	buf_add_char(out, '"');
	if (is_formula(text))
		buf_add_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '"')
			buf_add_char(out, '"');
		/* a NUL would end the cell in many a program */
		if (text.p[i] != '\0')
			buf_add_char(out, text.p[i]);
	}
	buf_add_char(out, '"');
}

void csv_row(struct buf *out, const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		csv_cell(out, cells[i]);
	}
	buf_lit(out, "\r\n");
}
