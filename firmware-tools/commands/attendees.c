#include "firmware-tools/commands/attendees.h"

#include <stdlib.h>

#include "core/base/csv.h"
#include "core/base/limits.h"

enum column {
	COLUMN_BADGE,
	COLUMN_ID,
	COLUMN_NAME,
	COLUMN_FIRST,
	COLUMN_LAST,
	COLUMN_ORGANIZATION,
	COLUMN_TITLE,
	COLUMN_LINK,
	COLUMN_TALK,
	COLUMN_VCARD,
	COLUMNS,
};

static const struct {
	const char *header; /* as csv_header_is takes it */
	enum column column;
} headers[] = {
	{ "badge", COLUMN_BADGE },
	{ "badgeid", COLUMN_BADGE },
	{ "id", COLUMN_ID },
	{ "attendeeid", COLUMN_ID },
	{ "name", COLUMN_NAME },
	{ "fullname", COLUMN_NAME },
	{ "firstname", COLUMN_FIRST },
	{ "givenname", COLUMN_FIRST },
	{ "lastname", COLUMN_LAST },
	{ "familyname", COLUMN_LAST },
	{ "surname", COLUMN_LAST },
	{ "organization", COLUMN_ORGANIZATION },
	{ "organisation", COLUMN_ORGANIZATION },
	{ "company", COLUMN_ORGANIZATION },
	{ "title", COLUMN_TITLE },
	{ "jobtitle", COLUMN_TITLE },
	{ "role", COLUMN_TITLE },
	{ "link", COLUMN_LINK },
	{ "line", COLUMN_TALK },
	{ "icebreaker", COLUMN_TALK },
	{ "vcard", COLUMN_VCARD },
};

static enum column column_of(struct str header)
{
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		if (csv_header_is(header, headers[i].header))
			return headers[i].column;
	return COLUMNS;
}

static bool find_columns(size_t at[COLUMNS], const struct csv_record *head, struct err *e)
{
	for (size_t i = 0; i < COLUMNS; i++)
		at[i] = SIZE_MAX;
	for (size_t i = 0; i < head->count; i++) {
		enum column c = column_of(head->cells[i]);

		if (c < COLUMNS && at[c] == SIZE_MAX)
			at[c] = i;
	}
	if (at[COLUMN_BADGE] == SIZE_MAX)
		at[COLUMN_BADGE] = at[COLUMN_ID];
	if (at[COLUMN_BADGE] == SIZE_MAX)
		return err_set(e, ERR_MALFORMED,
			"line 1: no column \"badge\" or \"id\"; kith-server export EVENT attendees "
			"writes such a list");
	if (at[COLUMN_NAME] == SIZE_MAX && at[COLUMN_FIRST] == SIZE_MAX &&
		at[COLUMN_LAST] == SIZE_MAX)
		return err_set(e, ERR_MALFORMED, "line 1: no column \"name\"");
	return true;
}

static struct str cell_at(const struct csv_record *r, size_t at)
{
	return at < r->count ? r->cells[at] : STR("");
}

/* The last word of a name is where it is filed. */
static struct str last_word(struct str name)
{
	struct str word, last = { "", 0 };

	while (str_split(&name, ' ', &word))
		if (word.len > 0)
			last = word;
	return last;
}

static bool read_row(struct attendee_row *row, const struct csv_record *r, const size_t at[COLUMNS],
	struct arena *a, struct err *e)
{
	if (r->trouble)
		return err_set(e, ERR_MALFORMED, "line %zu: %s", r->line, r->trouble);
	*row = (struct attendee_row){
		.line = r->line,
		.name = cell_at(r, at[COLUMN_NAME]),
		.surname = cell_at(r, at[COLUMN_LAST]),
		.organization = cell_at(r, at[COLUMN_ORGANIZATION]),
		.title = cell_at(r, at[COLUMN_TITLE]),
		.link = cell_at(r, at[COLUMN_LINK]),
		.talk = cell_at(r, at[COLUMN_TALK]),
		.vcard = cell_at(r, at[COLUMN_VCARD]),
	};
	if (row->name.len == 0)
		row->name = str_trim(arena_printf(a, STR_FMT " " STR_FMT,
			STR_ARG(cell_at(r, at[COLUMN_FIRST])), STR_ARG(row->surname)));
	if (row->name.len == 0)
		return err_set(e, ERR_MALFORMED, "line %zu: column name: empty", r->line);
	if (row->name.len > LIMIT_NAME_BYTES)
		return err_set(e, ERR_TOO_LARGE, "line %zu: column name: more than %d bytes",
			r->line, LIMIT_NAME_BYTES);
	if (row->surname.len == 0)
		row->surname = last_word(row->name);
	if (!id_read(cell_at(r, at[COLUMN_BADGE]), &row->badge) || id_is_none(row->badge))
		return err_set(e, ERR_MALFORMED,
			"line %zu: column %s: no badge's id (22 characters of base64url or a UUID)",
			r->line, at[COLUMN_BADGE] == at[COLUMN_ID] ? "id" : "badge");
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct attendee_row *const *x = a, *const *y = b;
	int by_id = id_compare((*x)->badge, (*y)->badge);

	return by_id ? by_id : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static bool check_twice(const struct attendee_list *list, struct arena *a, struct err *e)
{
	const struct attendee_row **sorted = ARENA_ARRAY(
		a, list->count, const struct attendee_row *);

	for (size_t i = 0; i < list->count; i++)
		sorted[i] = &list->rows[i];
	qsort(sorted, list->count, sizeof(*sorted), compare);
	for (size_t i = 1; i < list->count; i++)
		if (id_equal(sorted[i - 1]->badge, sorted[i]->badge))
			return err_set(e, ERR_MALFORMED,
				"line %zu: the badge %s stands in line %zu too", sorted[i]->line,
				id_text(sorted[i]->badge).s, sorted[i - 1]->line);
	return true;
}

bool attendees_read(struct attendee_list *out, struct bytes bytes, struct arena *a, struct err *e)
{
	struct csv_record *r = ARENA_NEW(a, struct csv_record);
	size_t at[COLUMNS], lines;
	struct csv c;

	*out = (struct attendee_list){ 0 };
	if (!csv_open(&c, bytes, &lines, a, e))
		return false;
	if (!csv_next(&c, r))
		return err_set(e, ERR_MALFORMED, "the list is empty");
	if (!find_columns(at, r, e))
		return false;
	out->rows = ARENA_ARRAY(a, lines, struct attendee_row);
	while (out->count < lines && csv_next(&c, r)) {
		if (!read_row(&out->rows[out->count], r, at, a, e))
			return false;
		out->count++;
	}
	return out->count == 0 ? err_set(e, ERR_MALFORMED, "the list names nobody")
			       : check_twice(out, a, e);
}
