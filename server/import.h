/*
 * Attendee lists as CSV: RFC 4180, with what spreadsheets make of it (a byte order mark; comma,
 * semicolon or tab; CR, LF or both; UTF-8, else Windows-1252). Reading is pure: bytes in, rows and
 * problems out. Importing takes a list without problems, all of it or nothing.
 *
 * Columns are found by their header, in any order and spelling of the table in import.c: id, name
 * (or first and last name), organization, title, email, phone, url, language, ticket, badge,
 * consent_card, consent_followups, consent_contact. Others are left alone, and named.
 */
#pragma once

#include "core/base/json.h"
#include "server/server.h"

enum import_column {
	COLUMN_ID,
	COLUMN_NAME,
	COLUMN_FIRST_NAME,
	COLUMN_LAST_NAME,
	COLUMN_ORGANIZATION,
	COLUMN_TITLE,
	COLUMN_EMAIL,
	COLUMN_PHONE,
	COLUMN_URL,
	COLUMN_LANG,
	COLUMN_TICKET,
	COLUMN_BADGE,
	COLUMN_CONSENT_CARD, /* these three in the order of enum purpose */
	COLUMN_CONSENT_FOLLOWUPS,
	COLUMN_CONSENT_CONTACT,
	COLUMN__COUNT,
};

enum { IMPORT_PROBLEMS_MAX = 100 };

struct import_row {
	size_t line;	 /* where it begins, from 1 */
	struct str name; /* put together from first and last where there is no name */
	struct str cells[COLUMN__COUNT]; /* trimmed; empty where there is none */
	bool has_consent[4],
		consents[4]; /* by enum purpose: the cell was not empty, and says yes */
	struct id id, badge; /* zero: none given */
};

struct import_problem {
	size_t line;
	struct str field; /* the header as it stands in the file; empty: the line */
	struct str text;  /* what is wrong and what to do; holds no content of the cell */
};

struct import {
	struct import_row *rows;
	size_t row_count;
	struct import_problem problems[IMPORT_PROBLEMS_MAX];
	size_t problem_count; /* may pass IMPORT_PROBLEMS_MAX: how many there are */
	struct str *ignored;  /* headers that no column is known for */
	size_t ignored_count;
};

/* ERR_TOO_LARGE past LIMIT_CSV_*; all else that is wrong is a problem in out. All lives in a. */
MUST_CHECK bool import_read(struct import *out, struct bytes csv, struct arena *a, struct err *e);

struct import_result {
	size_t rows, added, changed, same;
};
/*
 * In the caller's transaction. A row is the attendee of the same id, else of the same email when
 * exactly one has it; else somebody new. An empty cell leaves what is there. ERR_MALFORMED with
 * the first problem when there are any. What a person said about consent stands above the list.
 * preview: count only; nothing is written.
 */
MUST_CHECK bool import_run(struct work *w, uint32_t event, struct import *in, bool preview,
	struct import_result *out, struct err *e);
/* {"rows":N,"new":N,"changed":N,"problems":[...],"ignored":[...],"sample":[...]} */
void import_write_json(
	struct json_writer *w, const struct import *in, const struct import_result *result);
