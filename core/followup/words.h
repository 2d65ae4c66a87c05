/*
 * What the plan says to people: titles, reasons and drafts. The texts are in
 * core/followup/words_*.c, one file a language.
 */
#pragma once

#include "core/followup/followup.h"

struct language; /* core/followup/language.h */
struct languages {
	const struct language *const *items; /* at least one */
	size_t count;
};

/* en, de, es and ar. */
extern const struct languages languages_all;
/* "de-AT" is German; what is not among them is English, or else the first. */
const struct language *language_find(const struct languages *all, struct str lang);

/* Names for a sentence; all may be empty, and what needs an empty one is left out. */
struct draft_words {
	const struct language *language;
	struct str me, them, event, topic;
	struct str by; /* the other one that a reason speaks of */
};

/* One line for lists and calendars: "Say hello to Ben Kim". */
void followup_title(struct buf *out, const struct followup_item *item, const struct draft_words *w);
/* Why an item is there, as a sentence: "You met at C Meetup on 22 November." */
void followup_why(struct buf *out, const struct followup_item *item, const struct draft_words *w);
/* Why it stands where it stands: "Late, and somebody is waiting for it." */
void followup_place_says(struct buf *out, enum followup_place place, const struct language *l);
/* A short mail for an item, in plain text, to be changed by the sender. */
void followup_draft(struct buf *subject, struct buf *body, const struct followup_item *item,
	const struct draft_words *w);
/* The same, to decline what the item asks. */
void followup_decline(struct buf *subject, struct buf *body, const struct followup_item *item,
	const struct draft_words *w);

/* Other sentences of the plan. */
enum followup_line {
	LINE_OFFERED,	       /* "You offered: {topic}" */
	LINE_PROMISED,	       /* "You promised by {date}: {topic}" */
	LINE_ASKED,	       /* "You asked for: {topic}" */
	LINE_BALANCE,	       /* "You gave {given} and received {received}." */
	LINE_HINT,	       /* "You have asked and not given yet: …" */
	LINE_LET_GO,	       /* "This has waited for weeks: keep it, or let it go?" */
	LINE_WORKING,	       /* "Works on: {topic}" */
	LINE_CARES,	       /* "Cares about: {topic}" */
	LINE_INTRODUCED,       /* "{by} introduced you." */
	LINE_QUESTION_WORKING, /* "How is {topic} coming along?" */
	LINE_QUESTION_CARES,
	LINE_QUESTION_OPEN, /* "What are you working on these days?" */
	LINE_QUESTION_HELP, /* "Is there anything that I can help with?" */
	LINE_COUNT,
};
/* day: for {date}; n, m: for {given} and {received}. False, and nothing written: a word is missing.
 */
bool followup_line(struct buf *out, enum followup_line line, const struct draft_words *w,
	int64_t day, unsigned n, unsigned m);
