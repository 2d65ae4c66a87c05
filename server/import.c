/* The reading half of server/import.h: pure. */
#include "server/import.h"

#include "core/base/csv.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/tag/ticket.h"
#include "server/store/facts.h"

/* Headers as csv_header_is takes them. */
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

static void problem(
	struct import *out, struct arena *a, size_t line, struct str field, const char *text)
{
	if (out->problem_count < IMPORT_PROBLEMS_MAX)
		out->problems[out->problem_count] = (struct import_problem){ line,
			arena_str(a, utf8_cut(field, 60)), str_of(text) };
	out->problem_count++;
}

/* columns[i] of cell i; COLUMN__COUNT for one that is left alone. */
static void read_headers(struct import *out, const struct csv_record *r,
	enum import_column columns[CSV_CELLS_MAX], struct arena *a)
{
	bool seen[COLUMN__COUNT] = { false };

	out->ignored = ARENA_ARRAY(a, r->count, struct str);
	for (size_t i = 0; i < r->count; i++) {
		columns[i] = COLUMN__COUNT;
		for (size_t h = 0; h < ARRAY_LEN(headers); h++)
			if (csv_header_is(r->cells[i], headers[h].header))
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

static void read_row(struct import *out, const struct csv_record *r, const struct csv_record *head,
	const enum import_column columns[CSV_CELLS_MAX], struct import_row *row, struct arena *a)
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
	enum import_column columns[CSV_CELLS_MAX];
	struct csv_record *head = ARENA_NEW(a, struct csv_record),
			  *r = ARENA_NEW(a, struct csv_record);
	struct csv c;
	size_t lines;

	*out = (struct import){ 0 };
	if (!csv_open(&c, csv, &lines, a, e))
		return false;
	if (!csv_next(&c, head)) {
		problem(out, a, 1, STR(""), "the list is empty");
		return true;
	}
	read_headers(out, head, columns, a);
	if (head->trouble)
		problem(out, a, head->line, STR(""), head->trouble);
	out->rows = ARENA_ARRAY(a, lines, struct import_row);
	while (out->row_count < lines && csv_next(&c, r)) {
		read_row(out, r, head, columns, &out->rows[out->row_count], a);
		out->row_count++;
	}
	if (out->row_count == 0)
		problem(out, a, 1, STR(""), "the list has no line below its header");
	check_repeats(out, a);
	return true;
}
