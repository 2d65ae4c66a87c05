/*
 * A fact: one entry of the owner's log, with what the follow-up rules need of its payload. There
 * is one mapping from payloads to facts, fact_read, and server and phone both go through it: a
 * payload comes flattened, as names and values, from whatever read the JSON.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/id.h"
#include "core/entry/entry.h"
#include "core/followup/kinds.h"

/*
 * One member of a payload. An array repeats its name, once for each of its texts; booleans are
 * "true" and "false"; numbers their decimal digits. Null and nested objects are left out.
 */
struct fact_field {
	struct str name, value;
};

/* An entry as somebody's log shows it to them. All is borrowed. */
struct fact_source {
	enum entry_kind kind;
	struct id id;
	uint32_t event;
	int64_t at_ms;	 /* corrected time */
	struct id other; /* the other one of two persons: of a meeting, a buddy, an introduction; or
			    none */
	bool own;	 /* written by the owner's devices or pages, by no kiosk and nobody else */
	const struct fact_field *fields;
	size_t count;
};

enum fact_said { SAID_NOTHING, SAID_YES, SAID_NO };
enum note_prompt { PROMPT_NONE, PROMPT_WORKING, PROMPT_CARES };

/* What a kind has not is zero. */
struct fact {
	enum entry_kind kind;
	struct id id;
	uint32_t event;
	int64_t at_ms;
	bool own;
	struct id of;	  /* the entry that it speaks of */
	struct id person; /* of a tie (a meeting, a contact of no meeting, an introduction that
			   * both agreed to): who it is to. Of a buddy: the other one. */
	struct id other;  /* of an introduction that asks the owner: who introduces */
	bool asks;	  /* of an introduction: the owner is asked */
	struct id a, b;	  /* of an introduction by the owner: two ties */
	enum fact_said said[2];	   /* and what those two answered; of one that asks, and
				    * of a consent: said[0] by the owner */
	struct id item;		   /* of a followup-state */
	enum followup_kind what;   /* of a followup */
	enum followup_state state; /* of a followup-state */
	bool worked;		   /* of a followup-state: it worked out */
	enum favour_way way;	   /* of a favour */
	enum note_prompt prompt;   /* of a note */
	struct id about;	   /* of a referral: the tie that it leads to */
	int64_t day;		   /* due of a followup, until of a snooze; days since 1970 */
	struct str text;	   /* of a setting: its value */
	struct str name;	   /* of a setting */
	const struct str *topics;  /* of a note, or a share */
	size_t topic_count;
	const struct id *after; /* the entries that it replaces, or (a favour given) keeps */
	size_t after_count;
	const struct id *list; /* of a merge: ties that are one person */
	size_t list_count;
};

/*
 * False: the rules have no use for it (a check-in, or a payload that makes no sense). Texts stay
 * borrowed from the source; lists are in a.
 */
MUST_CHECK bool fact_read(struct fact *out, const struct fact_source *from, struct arena *a);
/* A meeting, a contact or an introduction that both agreed to: the owner knows fact.person by it.
 */
bool fact_is_tie(const struct fact *f);
