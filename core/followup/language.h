/*
 * Private to core/followup: what the plan says, in one language. A new language is a file
 * words_XX.c with one struct language, and its line in words.c.
 *
 * {them} {me} {event} {topic} {by} {date} {count} {nth} {given} {received} are filled in. In a
 * draft a line whose word is empty is left out; any other sentence is said without its last part,
 * from the last " |" before the missing word on.
 */
#pragma once

#include "core/followup/words.h"

struct draft_text {
	const char *subject, *body;
};

struct language {
	const char *lang;
	const char *titles[FOLLOWUP_KIND_COUNT];
	const char *titles_why[WHY_COUNT]; /* NULL: that of the kind */
	const char *whys[WHY_COUNT];
	const char *places[PLACE_COUNT];
	const char *lines[LINE_COUNT];
	struct draft_text drafts[FOLLOWUP_KIND_COUNT];
	struct draft_text drafts_why[WHY_COUNT]; /* subject NULL: that of the kind */
	struct draft_text decline[2];		 /* a referral; an introduction and all else */
	const char *months[12];
	const char *date;			      /* {day} {month} */
	const char *nth;			      /* {n}: "3." */
	void (*add_nth)(struct buf *out, unsigned n); /* instead of nth, where it needs a rule */
};

extern const struct language language_en, language_de, language_es, language_ar;
