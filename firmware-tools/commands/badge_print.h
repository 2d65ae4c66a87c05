/* What sheet and label share: from a list of attendees to drawn badges. */
#pragma once

#include "core/print/badge_art.h"
#include "core/print/queues.h"
#include "core/tag/event_key.h"
#include "firmware-tools/commands/attendees.h"

struct badge_print {
	/* as the options give them; NULL where they are left out */
	const char *list_file, *key_file, *host, *title, *size, *distance;
	double w_mm, h_mm, distance_mm;
	struct event_key key;
	bool has_key;
	struct attendee_list list;
	struct queue_range queues[QUEUES_MAX];
	size_t *queue_of; /* NULL: badges name no desk */
	size_t poor;	  /* badges with something to say about them */
	double reads_mm;  /* the least of all */
};

/* "90x55" in millimetres; ERR_USAGE. */
MUST_CHECK bool badge_print_size(const char *text, double *w_mm, double *h_mm, struct err *e);
/* Read options, key and list. Wipe p->key with crypto_wipe when done. */
MUST_CHECK bool badge_print_open(
	struct badge_print *p, const char *default_size, struct arena *a, struct err *e);
/* The badge of a row into box; what is not as it should be goes to stderr, by line. */
MUST_CHECK bool badge_print_draw(struct badge_print *p, struct page *page, struct box box,
	const struct attendee_row *row, struct arena *a, struct err *e);
/* One line to stderr about the whole. */
void badge_print_summary(const struct badge_print *p, size_t badges, size_t pages);

/* The options of badges on paper, for a table of struct type whose field is the badge_print. */
#define BADGE_PRINT_ROWS(type, field, size_help)                                                   \
	{ "list", "FILE", "the attendees, CSV with badge (or id) and name",                        \
		offsetof(type, field.list_file), true },                                           \
		{ "key", "FILE", "the event key that signs the links",                             \
			offsetof(type, field.key_file), false },                                   \
		{ "host", "HOST", "the host of the links", offsetof(type, field.host), false },    \
		{ "title", "TEXT", "the event's name, on each badge", offsetof(type, field.title), \
			false },                                                                   \
		{ "size", "WxH", size_help, offsetof(type, field.size), false },                   \
	{                                                                                          \
		"distance", "MM", "from which a camera shall read it (200)",                       \
			offsetof(type, field.distance), false                                      \
	}
