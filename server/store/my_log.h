/*
 * What one person may read of the log: their own entries, and what others' entries tell them, of
 * every event at which they are that one person (server/store/accounts.h). The queue is planned
 * from it, here (server/store/queue.c) and on the person's phone, which downloads it whole
 * (server/routes/me_log.c): so both see the same facts.
 *
 * Private, like what it holds: code for organizers does not include it.
 */
#pragma once

#include "server/store/accounts.h"
#include "server/store/log.h"
#include "server/store/people.h"

/*
 * A meeting that a phone wrote and took back is gone for both; but for the other one it stays while
 * there is something of theirs about it: a note, a card, a follow-up or what became of it, a
 * favour, an introduction. Then it is as if its writer had hidden it: that they met, and nothing of
 * the writer. What a kiosk takes back is gone for both.
 */

/*
 * Somebody with a badge whom the owner met or was introduced to, with what that person lets the
 * owner see: all other texts are empty. Two taps show name and organization; the consent "card"
 * shows the rest; a share entry says it for this one owner instead; a scan alone shows nothing but
 * what is published or shared; a hidden meeting, and a block, take all of it back.
 */
struct my_person {
	struct id id; /* the attendee's, as in log_entry.other_id */
	uint32_t event;
	struct attendee known;
	bool vouched;  /* a kiosk saw both, the other one said so, or both agreed to an introduction
			*/
	bool withheld; /* nothing may be seen */
	/*
	 * Further events of the owner's at which this person is expected: those that they joined,
	 * and where they agreed that people who know them see it (the consent "coming").
	 */
	const uint32_t *coming;
	size_t coming_count;
};

struct my_log {
	/* Event by event in order of arrival, introductions to answer last. Of those the payload is
	 * {"owner":ID,"asked":true,"text"?,"said"?:"yes"|"no","with"?:ID}; one's own say how both
	 * answered: "a_said", "b_said". At the end, where somebody whom the owner met at several
	 * events joined them: a merge of the ties to them, which nobody wrote and nobody undoes.
	 * Each id once: of entries of one id at several events one's own stands, else what a kiosk
	 * saw, else what came first. */
	struct log_entry *entries;
	size_t count;
	struct id *gone; /* without effect: taken back, or by whom one blocks; none of entries */
	size_t gone_count;
	struct my_person *people; /* sorted by id */
	size_t people_count;
	const struct account *accounts; /* the owner's, the one that was asked for first */
	size_t account_count;
};

/* In a. */
MUST_CHECK bool my_log_read(struct my_log *out, struct db *db, uint32_t event, uint32_t owner,
	struct arena *a, struct err *e);

/* The part of it that one event holds. Of no use but to my_log_read. */
MUST_CHECK bool my_log_of_event(struct my_log *out, struct db *db, uint32_t event, uint32_t owner,
	struct arena *a, struct err *e);

/* NULL: nobody whom the owner knows. */
const struct my_person *my_person_find(const struct my_log *log, struct id id);

/*
 * A number that changes with the log. False in *settled: there is news that it does not count
 * yet, so that an answer of now must not be taken for one of this number. Ask before my_log_read.
 */
MUST_CHECK bool my_log_rev(
	struct db *db, uint32_t event, uint32_t owner, int64_t *rev, bool *settled, struct err *e);
