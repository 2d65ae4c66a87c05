/*
 * A list of attendees as CSV (kith-attendees(5)), as far as the bench needs it. Columns are found
 * by their header: badge, else id; name, else first_name and last_name; organization, title; link,
 * a printed badge link that was signed elsewhere; line, what breaks the ice; vcard, for the chip.
 * Others are left alone.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/bytes.h"
#include "core/base/err.h"
#include "core/base/id.h"

struct attendee_row {
	size_t line; /* of the file, from 1 */
	struct id badge;
	struct str name, surname;
	struct str organization, title, link, talk; /* empty where the list has none */
	struct str vcard; /* the text itself, or the name of a file; empty: none */
};

struct attendee_list {
	struct attendee_row *rows;
	size_t count;
};

/*
 * Texts live in a. ERR_MALFORMED names line and column, never the content: a row without id or
 * name, an id twice, a quote that is not closed; nothing of the list is taken then.
 */
MUST_CHECK bool attendees_read(
	struct attendee_list *out, struct bytes csv, struct arena *a, struct err *e);
