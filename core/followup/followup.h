/*
 * The follow-up rules: from one person's facts, a playbook and the time to what that person owes
 * whom, until when. Pure: no I/O, no clock, no foreign header; server and phone run this code.
 *
 * The answer depends on the set of facts alone, never on their order. Facts that were retracted
 * or hidden, and what hangs on them, count for nothing. Of concurrent changes done beats drop
 * beats snooze beats open, then the higher id wins; wall time never decides.
 */
#pragma once

#include "core/followup/fact.h"

/* How much a person gives themselves to do. The defaults are in core/followup/playbook.c. */
struct playbook {
	int days[FOLLOWUP_KIND_COUNT]; /* from a cause to its date; of keep-in-touch: the rhythm */
	int offer_days;		       /* to keep an offer that was made in passing */
	int agreed_days;	       /* after both said yes the introducer asks how it went */
	int answer_days;    /* the introducer looks after an introduction that nobody answered */
	int soft_a_day;	    /* so many of keep-in-touch, face-time and leads fall on one day */
	int keep_done_days; /* a finished item stays in the answer so long */
	int let_go_days;    /* a promise so long overdue and untouched: is it still to be kept? */
	int goal_people, goal_leads; /* a week */
	int chain_steps;  /* thanks go so far back: 1 is who introduced, 2 who introduced them */
	int chain_people; /* and to so many for one success */
	int lead_people;  /* a lead is offered for so many people at most */
};
extern const struct playbook playbook_default;

/* Why an item is there, for the sentences in front of it. */
enum followup_why {
	WHY_MET,	/* met on met.last */
	WHY_MET_AGAIN,	/* the same, and met.count > 1 */
	WHY_INTRODUCED, /* somebody introduced the two: by */
	WHY_SAID,	/* the owner promised it: text */
	WHY_PLANNED,	/* the owner wrote it down: text */
	WHY_OFFERED,	/* the owner offered it: text */
	WHY_ASKED_FOR,	/* the owner asked the person for it: text */
	WHY_HELPED,	/* the person did the owner a favour: text */
	WHY_WORKED,	/* something worked out, to which the person led: text, by */
	WHY_REFERRED,	/* the person gave the owner a referral: text */
	WHY_ACTED,	/* the owner acted on the person's referral on since: text */
	WHY_TOLD,	/* the person introduced the owner to by, who was greeted on since */
	WHY_ASKED,	/* the person asks whether the owner wants to be introduced: text */
	WHY_WAITS,	/* the owner introduced the person and by: an answer is still missing */
	WHY_AGREED,	/* the same, and both said yes */
	WHY_LEAD,	/* the person cares for a topic of a lead of the owner's: text, topic */
	WHY_NOBODY,	/* a lead that nobody is known to care for: text */
	WHY_NEWS,	/* the person has news: text */
	WHY_RHYTHM,	/* the last contact was on since */
	WHY_FACE,	/* the last meeting was on since, and only messages after it */
	WHY_COUNT,
};

/* What an item offers besides done, snooze, drop and note. Bits. */
enum followup_offer {
	OFFER_DRAFT = 1,   /* a mail from draft */
	OFFER_ICS = 2,	   /* a coffee in the calendar */
	OFFER_DECLINE = 4, /* drop, with the mail of decline */
	OFFER_WORKED = 8,  /* done may say that it worked out */
	OFFER_ANSWER = 16, /* a consent, yes or no, closes it */
	OFFER_GIVE = 32,   /* a favour given to the person, or one of also, takes them off it */
	OFFER_VCARD = 64,  /* the person's card */
};

/* Where an item stands in the queue, and so why there. */
enum followup_place {
	PLACE_WAITING, /* late, and somebody waits for it: before all others */
	PLACE_LATE, /* late; these and the next by date, then by whom the owner offered something */
	PLACE_DUE,
	PLACE_SNOOZED, /* by the date of waking up */
	PLACE_FINISHED,
	PLACE_COUNT,
};

struct followup_met {
	unsigned count;		     /* meetings in person; 0: known by an introduction only */
	int64_t first, last, before; /* days; before: the last but one, of count > 1 */
};

/* Each counted once, whoever wrote it down how often. */
struct followup_balance {
	unsigned offered, given, asked, received;
};

struct followup_item {
	struct id key; /* names the item in a followup-state; see followup_key */
	enum followup_kind kind;
	enum followup_state state;
	bool overdue;
	enum followup_place place;
	int64_t due;   /* day */
	int64_t until; /* day, of a snooze */
	enum followup_why why;
	int64_t since;	       /* day of what why speaks of */
	struct id person;      /* key of a followup_person; none: a lead for nobody yet */
	struct id by;	       /* another one that why speaks of; none */
	const struct id *also; /* keys of others whom it concerns */
	size_t also_count;
	struct id of; /* the tie that it belongs to; of an open ask: the introduction; or none */
	struct id source; /* the entry that causes it: as consent.of, retract.of, followup.after */
	uint32_t event;
	struct str text;
	struct str topic;	  /* of WHY_LEAD: the one that fits */
	const struct str *topics; /* of a lead: whom it would interest */
	size_t topic_count;
	unsigned offers; /* bits of enum followup_offer */
	bool hint;	 /* say gently that the owner asked this person before giving anything */
	bool stale;	 /* a promise that nobody touched for weeks: ask whether to let it go */
	const struct id *after; /* the state entries that a change must name */
	size_t after_count;
	int64_t changed_ms; /* of the deciding state entry; 0 while untouched */
	struct followup_met met;
	const struct followup_person *who; /* person, with all that is known; NULL: nobody */
};

/* Somebody whom the owner knows: by badge, by vCard, by an introduction, or all of it (merged). */
struct followup_person {
	struct id key;	      /* of ids the one that stands for all */
	const struct id *ids; /* each fact.person that is this person; sorted */
	size_t id_count;
	const struct fact **ties; /* oldest id first */
	size_t tie_count;
	const struct fact **merges; /* a retract of these parts them again */
	size_t merge_count;
	struct followup_met met;
	int64_t contact_day;	 /* of the last contact of any sort */
	int64_t face_day;	 /* the last time in person; INT64_MIN: never */
	int rhythm_days;	 /* 0: never */
	bool own_rhythm;	 /* set for this person */
	struct id introduced_by; /* key; none */
	struct followup_balance balance;
	bool hint;		    /* asked, and never given anything */
	const struct fact **offers; /* favours offered and not kept yet */
	size_t offer_count;
	const struct fact *
		*asks; /* favours asked and not received yet: their promises, as it were */
	size_t ask_count;
	const struct fact **favours; /* all, oldest id first */
	size_t favour_count;
	const struct fact **promises; /* followups of that kind, not finished; day: when due */
	size_t promise_count;
	const struct fact **notes; /* not replaced, not empty; oldest id first */
	size_t note_count;
	const struct str *topics; /* of the notes, each once, newest last */
	size_t topic_count;
	unsigned open, promised; /* items of the plan about the person; promises among them */
};

enum { GOAL_WEEKS = 8 };

struct followup_week {
	int64_t monday;	   /* day */
	unsigned people;   /* met for the first time */
	unsigned leads;	   /* shared */
	unsigned followed; /* people, with whom something was finished */
};

struct followup_goals {
	unsigned people, leads;			    /* goals a week; 0: none */
	struct followup_week weeks[GOAL_WEEKS + 1]; /* this one, then backwards; the next begins
						     * seven days after weeks[0].monday */
};

enum loop_kind { LOOP_REFERRAL, LOOP_INTRODUCED, LOOP_INTRODUCE };

/* Days of what happened; INT64_MIN: not (yet). */
struct followup_loop {
	enum loop_kind kind;
	struct id entry;  /* the referral or introduction */
	struct id person; /* who referred or introduced; of LOOP_INTRODUCE: a */
	struct id about;  /* to whom it led; of LOOP_INTRODUCE: b; none */
	struct str text;
	int64_t asked, acted, declined, reported, thanked;
	bool worked;
	bool open; /* something of it is still owed */
};

/* Facts of which none replaces another. */
struct followup_heads {
	const struct fact **entries;
	size_t count;
};

struct followup_plan {
	int64_t today; /* day, by the owner's calendar */
	int64_t zone_ms;
	struct followup_item *items; /* in the queue's order; finished ones last, newest first */
	size_t count, open;	     /* open: how many of them are not finished */
	struct followup_person *persons; /* sorted by key */
	size_t person_count;
	struct followup_loop *loops; /* oldest id first */
	size_t loop_count;
	const struct fact **settings;	       /* those that hold, sorted by name */
	struct followup_heads *settings_after; /* beside each: all that a new value replaces */
	size_t setting_count;
	struct id *buddies; /* persons; whether they agree is not known here */
	size_t buddy_count;
	struct followup_balance balance; /* of all together */
	unsigned open_offers, open_asks;
	struct followup_goals goals;
	const struct playbook *playbook;
	const struct alias *aliases; /* private: see followup_person_find */
	size_t alias_count;
	int64_t good_until_ms; /* of the items: plan again at this time, or when a fact comes */
};

/* Done or dropped. */
static inline bool item_is_finished(const struct followup_item *item)
{
	return item->state >= FOLLOWUP_DROP;
}

/* The key of the item of that kind that an entry causes. */
struct id followup_key(struct id entry, enum followup_kind kind);

/*
 * facts may come in any order and hold repeats; what speaks of an entry that is not among them has
 * no effect until it is. zone_ms is what to add to UTC for the owner's calendar. The answer lives
 * in a and borrows facts and playbook. Time and memory grow as n log n.
 */
void followup_plan(struct followup_plan *out, const struct fact *facts, size_t count,
	const struct playbook *playbook, int64_t now_ms, int64_t zone_ms, struct arena *a);

/* By any of a person's ids, as in fact.person. NULL: not known to the owner. */
const struct followup_person *followup_person_find(const struct followup_plan *plan, struct id id);
/* The value of a setting that holds; false: not set. */
MUST_CHECK bool followup_setting(
	const struct followup_plan *plan, struct str name, struct str *value);
/*
 * Before an event: whom of those expected (as in fact.person, any order) the owner knows, those
 * to whom something is owed first, then who was met longest ago. In a.
 */
struct followup_brief {
	const struct followup_person **persons;
	size_t count;
};
void followup_brief(struct followup_brief *out, const struct followup_plan *plan,
	const struct id *expected, size_t count, struct arena *a);
