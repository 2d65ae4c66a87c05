/*
 * What leaves a queue for other programs. To add a format: server/exports/NAME.c, a line in
 * server/exports.c, pairs in tests/data/export-NAME/, a line in docs/api.md.
 *
 * Input is the queue as GET /v1/queue gives it, so that a format shows what the page shows.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/json.h"

struct export_input {
	const struct json *queue; /* the object with "items" and "done" */
	struct str name;	  /* of the event, for titles */
	struct str page;	  /* "https://HOST/", where an item is closed */
	int64_t now_ms;
	bool as_todo; /* iCalendar: VTODO for task programs instead of VEVENT */
};

struct export_format {
	const char *name; /* "ics": the end of the route */
	const char *type; /* Content-Type */
	void (*write)(struct buf *out, const struct export_input *in, struct arena *a);
};

/* NULL when there is none of that name. */
const struct export_format *export_find(const char *name);

extern const struct export_format export_csv, export_ics, export_vcf;
