/* The reading half of server/import.h: pure. */
#include "server/import.h"

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/tag/ticket.h"
#include "server/store/facts.h"

enum { CELLS_MAX = 200 };

/* Headers as people write them: lower case, without spaces, dashes, underscores and dots. */
static const struct {
	const char *header;
	enum import_column column;
} headers[] = {
	{ "id", COLUMN_ID },
	{ "attendeeid", COLUMN_ID },
	{ "name", COLUMN_NAME },
	{ "fullname", COLUMN_NAME },
	{ "attendeename", COLUMN_NAME },
	{ "firstname", COLUMN_FIRST_NAME },
	{ "givenname", COLUMN_FIRST_NAME },
	{ "vorname", COLUMN_FIRST_NAME },
	{ "lastname", COLUMN_LAST_NAME },
	{ "familyname", COLUMN_LAST_NAME },
	{ "surname", COLUMN_LAST_NAME },
	{ "nachname", COLUMN_LAST_NAME },
	{ "organization", COLUMN_ORGANIZATION },
	{ "organisation", COLUMN_ORGANIZATION },
	{ "company", COLUMN_ORGANIZATION },
	{ "firma", COLUMN_ORGANIZATION },
	{ "title", COLUMN_TITLE },
	{ "jobtitle", COLUMN_TITLE },
	{ "role", COLUMN_TITLE },
	{ "position", COLUMN_TITLE },
	{ "email", COLUMN_EMAIL },
	{ "mail", COLUMN_EMAIL },
	{ "emailaddress", COLUMN_EMAIL },
	{ "phone", COLUMN_PHONE },
	{ "telephone", COLUMN_PHONE },
	{ "tel", COLUMN_PHONE },
	{ "mobile", COLUMN_PHONE },
	{ "telefon", COLUMN_PHONE },
	{ "phonenumber", COLUMN_PHONE },
	{ "url", COLUMN_URL },
	{ "website", COLUMN_URL },
	{ "web", COLUMN_URL },
	{ "homepage", COLUMN_URL },
	{ "lang", COLUMN_LANG },
	{ "language", COLUMN_LANG },
	{ "sprache", COLUMN_LANG },
	{ "ticket", COLUMN_TICKET },
	{ "ticketcode", COLUMN_TICKET },
	{ "badge", COLUMN_BADGE },
	{ "badgeid", COLUMN_BADGE },
	{ "consentcard", COLUMN_CONSENT_CARD },
	{ "consentfollowups", COLUMN_CONSENT_FOLLOWUPS },
	{ "consentcontact", COLUMN_CONSENT_CONTACT },
};

/* Where the reader stands in the text. */
struct csv {
	struct str text;
	size_t at, line;
	char separator;
	struct arena *arena;
};

struct record {
	struct str cells[CELLS_MAX];
	size_t count, line;
	const char *trouble; /* of a quoted cell; NULL: none */
};

static void problem(
	struct import *out, struct arena *a, size_t line, struct str field, const char *text)
{
	if (out->problem_count < IMPORT_PROBLEMS_MAX)
		out->problems[out->problem_count] = (struct import_problem){ line,
			arena_str(a, utf8_cut(field, 60)), str_of(text) };
	out->problem_count++;
}

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

static void end_line(struct csv *c)
{
	if (c->at < c->text.len && c->text.p[c->at] == '\r')
		c->at++;
	if (c->at < c->text.len && c->text.p[c->at] == '\n')
		c->at++;
	c->line++;
}

/* The next record that is not an empty line. False at the end. */
static bool read_record(struct csv *c, struct record *r)
{
	while (c->at < c->text.len && at_line_end(c))
		end_line(c);
	if (c->at >= c->text.len)
		return false;
	r->count = 0;
	r->line = c->line;
	r->trouble = NULL;
	for (;;) {
		struct str cell = str_trim(read_cell(c, &r->trouble));

		if (r->count < CELLS_MAX)
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

static bool header_is(struct str text, const char *want)
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

/* columns[i] of cell i; COLUMN__COUNT for one that is left alone. */
static void read_headers(struct import *out, const struct record *r,
	enum import_column columns[CELLS_MAX], struct arena *a)
{
	bool seen[COLUMN__COUNT] = { false };

	out->ignored = ARENA_ARRAY(a, r->count, struct str);
	for (size_t i = 0; i < r->count; i++) {
		columns[i] = COLUMN__COUNT;
		for (size_t h = 0; h < ARRAY_LEN(headers); h++)
			if (header_is(r->cells[i], headers[h].header))
				columns[i] = headers[h].column;
		if (columns[i] == COLUMN__COUNT)
			out->ignored[out->ignored_count++] = arena_str(
				a, utf8_cut(r->cells[i], 60));
		else if (seen[columns[i]])
			problem(out, a, r->line, r->cells[i],
				"two columns mean the same: leave one out");
		else
			seen[columns[i]] = true;
	}
	if (!seen[COLUMN_NAME] && !seen[COLUMN_FIRST_NAME] && !seen[COLUMN_LAST_NAME])
		problem(out, a, r->line, STR("name"),
			"the first line must name the columns, and one must be \"name\"");
}

static bool read_consent(struct str s, bool *yes)
{
	static const char *const words[2][6] = {
		{ "no", "n", "false", "0", "nein", "off" },
		{ "yes", "y", "true", "1", "ja", "on" },
	};

	for (unsigned i = 0; i < 2; i++) {
		for (size_t w = 0; w < ARRAY_LEN(words[i]); w++) {
			if (str_equal_nocase(s, str_of(words[i][w]))) {
				*yes = i == 1;
				return true;
			}
		}
	}
	return false;
}

static bool looks_like_email(struct str s)
{
	size_t at = str_find_char(s, '@', 0);

	return at != SIZE_MAX && at > 0 && at + 1 < s.len &&
	       str_find_char(s, '@', at + 1) == SIZE_MAX && str_find_char(s, ' ', 0) == SIZE_MAX;
}

/* What is wrong with a cell that is not empty; NULL: nothing. */
static const char *check_cell(struct import_row *row, enum import_column column, struct str cell)
{
	struct ticket ticket;
	unsigned purpose;

	if (cell.len > LIMIT_NAME_BYTES)
		return "too long: at most 200 bytes";
	for (size_t i = 0; i < cell.len; i++)
		if ((unsigned char)cell.p[i] < ' ' && cell.p[i] != '\n' && cell.p[i] != '\r' &&
			cell.p[i] != '\t')
			return "holds a control character";
	switch (column) {
	case COLUMN_ID:
		return id_read(cell, &row->id) && !id_is_none(row->id)
			       ? NULL
			       : "no id: leave the column out and ids are made";
	case COLUMN_BADGE:
		return id_read(cell, &row->badge) && !id_is_none(row->badge) ? NULL : "no badge id";
	case COLUMN_EMAIL:
		return looks_like_email(cell) ? NULL : "no e-mail address";
	case COLUMN_TICKET:
		return ticket_read(cell, &ticket) ? NULL : "no ticket code: 16 letters and digits";
	case COLUMN_CONSENT_CARD:
	case COLUMN_CONSENT_FOLLOWUPS:
	case COLUMN_CONSENT_CONTACT:
		purpose = PURPOSE_CARD + (column - COLUMN_CONSENT_CARD);
		row->has_consent[purpose] = true;
		return read_consent(cell, &row->consents[purpose]) ? NULL : "neither yes nor no";
	default:
		return NULL;
	}
}

static void put_name_together(struct import_row *row, struct arena *a)
{
	const struct str *c = row->cells;

	row->name = c[COLUMN_NAME];
	if (row->name.len > 0)
		return;
	if (c[COLUMN_FIRST_NAME].len > 0 && c[COLUMN_LAST_NAME].len > 0)
		row->name = arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(c[COLUMN_FIRST_NAME]),
			STR_ARG(c[COLUMN_LAST_NAME]));
	else
		row->name = c[COLUMN_FIRST_NAME].len > 0 ? c[COLUMN_FIRST_NAME]
							 : c[COLUMN_LAST_NAME];
}

static void read_row(struct import *out, const struct record *r, const struct record *head,
	const enum import_column columns[CELLS_MAX], struct import_row *row, struct arena *a)
{
	const char *wrong;

	row->line = r->line;
	if (r->trouble)
		problem(out, a, r->line, STR(""), r->trouble);
	if (r->count > head->count)
		problem(out, a, r->line, STR(""),
			"more cells than the first line has: quote cells with a separator");
	for (size_t i = 0; i < r->count && i < head->count; i++) {
		if (columns[i] == COLUMN__COUNT || r->cells[i].len == 0)
			continue;
		row->cells[columns[i]] = r->cells[i];
		wrong = check_cell(row, columns[i], r->cells[i]);
		if (wrong)
			problem(out, a, r->line, head->cells[i], wrong);
	}
	put_name_together(row, a);
	if (row->name.len == 0)
		problem(out, a, r->line, STR("name"), "has no name");
	else if (row->name.len > LIMIT_NAME_BYTES)
		problem(out, a, r->line, STR("name"), "too long: at most 200 bytes");
}

static int by_key(const void *a, const void *b)
{
	const struct import_row *const *x = a, *const *y = b;

	return id_compare((*x)->id, (*y)->id);
}

/* The same id twice would make the second line overwrite the first. */
static void check_repeats(struct import *out, struct arena *a)
{
	struct import_row **rows = ARENA_ARRAY(a, out->row_count, struct import_row *);
	size_t n = 0;

	for (size_t i = 0; i < out->row_count; i++)
		if (!id_is_none(out->rows[i].id))
			rows[n++] = &out->rows[i];
	if (n > 0)
		qsort(rows, n, sizeof(struct import_row *), by_key);
	for (size_t i = 1; i < n; i++)
		if (id_equal(rows[i - 1]->id, rows[i]->id))
			problem(out, a, rows[i]->line, STR("id"),
				"the same id stands on another line");
}

bool import_read(struct import *out, struct bytes csv, struct arena *a, struct err *e)
{
	enum import_column columns[CELLS_MAX];
	struct record *head = ARENA_NEW(a, struct record), *r = ARENA_NEW(a, struct record);
	struct csv c = { .line = 1, .arena = a };
	size_t lines = 1;

	*out = (struct import){ 0 };
	if (csv.len > LIMIT_CSV_BYTES)
		return err_set(
			e, ERR_TOO_LARGE, "a list holds at most %d MiB", LIMIT_CSV_BYTES >> 20);
	c.text = text_from_bytes(a, csv);
	if (str_starts(c.text, STR("\xEF\xBB\xBF")))
		c.at = 3;
	c.separator = find_separator(str_sub(c.text, c.at, c.text.len));
	if (!read_record(&c, head)) {
		problem(out, a, 1, STR(""), "the list is empty");
		return true;
	}
	read_headers(out, head, columns, a);
	if (head->trouble)
		problem(out, a, head->line, STR(""), head->trouble);
	for (size_t i = c.at; i < c.text.len; i++)
		lines += c.text.p[i] == '\n' ||
			 (c.text.p[i] == '\r' && (i + 1 == c.text.len || c.text.p[i + 1] != '\n'));
	if (lines > LIMIT_CSV_ROWS)
		return err_set(e, ERR_TOO_LARGE, "a list holds at most %d lines", LIMIT_CSV_ROWS);
	out->rows = ARENA_ARRAY(a, lines, struct import_row);
	while (out->row_count < lines && read_record(&c, r)) {
		read_row(out, r, head, columns, &out->rows[out->row_count], a);
		out->row_count++;
	}
	if (out->row_count == 0)
		problem(out, a, 1, STR(""), "the list has no line below its header");
	check_repeats(out, a);
	return true;
}
