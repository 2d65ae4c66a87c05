/*
 * What the plan says, in one language. A new language is a file words_XX.c with one struct
 * language, and its line in languages.c.
 *
 * {them} {me} {event} {topic} {by} {date} {count} {nth} {given} {received} are filled in. In a
 * draft a line whose word is empty is left out; any other sentence is said without its last part,
 * from the last " |" before the missing word on.
 *
 * A page loads the languages that it speaks as packs: the texts of one, one after the other
 * (language.c). So that this is all that a language is, every member here is a text.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"
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
	const char *date; /* {day} {month} */
	/* {n}: "3."; after it by the last digit, 1 to 3 but for 11 to 13, where that makes a
	 * difference */
	const char *nth, *nth_last[3];
};

extern const struct language language_en, language_de, language_es, language_ar;

/* The language as a pack. */
void language_write(struct buf *out, const struct language *l);
/* ERR_MALFORMED: not as many texts as a language has. *out lives in a. */
MUST_CHECK bool language_read(
	struct language *out, struct str pack, struct arena *a, struct err *e);
