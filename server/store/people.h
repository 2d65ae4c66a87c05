/*
 * Attendees and the ids by which they are named. Inside an event a person is a small integer, the
 * ref of the attendee's id; each badge id is a ref that leads to one. An id that nobody knows yet
 * is a ref that leads to itself, so an entry can name it before the badge-assign arrives.
 */
#pragma once

#include "core/base/arena.h"
#include "core/db/db.h"
#include "server/store/facts.h"

struct ref {
	uint32_t ref;
	uint32_t attendee; /* where it leads: the ref itself, when nobody knows it */
	bool badge, revoked;
};

/* Find id, or give it the event's next number. */
MUST_CHECK bool ref_intern(
	struct db *db, uint32_t event, struct id id, struct ref *out, struct err *e);
/* Give ids of a store from before short codes theirs. */
MUST_CHECK bool ref_fill_codes(struct db *db, struct err *e);
/* The person whom a short code names; ERR_NOT_FOUND: nobody who is there. */
MUST_CHECK bool ref_find_code(struct db *db, uint32_t event, struct str code, struct id *out,
	uint32_t *attendee, struct err *e);
/* ERR_NOT_FOUND when nobody ever named it. */
MUST_CHECK bool ref_find(
	struct db *db, uint32_t event, struct id id, struct ref *out, struct err *e);
/* Where a number leads now. */
MUST_CHECK bool ref_root(
	struct db *db, uint32_t event, uint32_t ref, uint32_t *attendee, struct err *e);
/*
 * Let a badge name another ref, or nobody (names 0: itself), and all that names the badge follow.
 * by: the badge-assign that says so; NULL: the organizer's own. A badge that the desk gives takes
 * the place of the person's others: they are revoked while the badge-assign stands.
 */
MUST_CHECK bool ref_assign(struct db *db, uint32_t event, uint32_t badge, uint32_t names,
	const struct id *by, struct err *e);
/* The organizer's own assignment, which gives way to a badge-assign of the desk. */
MUST_CHECK bool badge_give(
	struct db *db, uint32_t event, uint32_t badge, uint32_t attendee, struct err *e);
/* The ids of revoked and replaced badges as kith-badge takes them, a line each. */
MUST_CHECK bool badge_write_revoked(struct buf *out, struct db *db, uint32_t event, struct err *e);
/* For good. ERR_NOT_FOUND: no badge of this event. */
MUST_CHECK bool badge_revoke(struct db *db, uint32_t event, struct id badge, struct err *e);

struct attendee;
/* The badge that names this person now: the newest that is not revoked, else the person's own id.
 */
MUST_CHECK bool badge_of(
	struct db *db, uint32_t event, const struct attendee *x, struct id *out, struct err *e);

struct attendee {
	uint32_t attendee;
	struct id id;
	struct str name, organization, title, email, phone, url, lang;
	bool consents[PURPOSE_END];
	bool in, gone;
	int64_t in_ms;
	bool has_ticket;
	uint8_t ticket_hash[16];
	uint64_t rev;
	int zone_min; /* east of UTC, by the person's own phone */
};

/* Texts are copied into a. ERR_NOT_FOUND. */
MUST_CHECK bool attendee_get(struct attendee *out, struct db *db, uint32_t event, uint32_t attendee,
	struct arena *a, struct err *e);
/* By an attendee's id, or any badge of theirs. */
MUST_CHECK bool attendee_find(struct attendee *out, struct db *db, uint32_t event, struct id id,
	struct arena *a, struct err *e);
/* Adds with x->id, made when it is zero; fills x->attendee. made_by: the walk-in's badge-assign, or
 * NULL. */
MUST_CHECK bool attendee_add(
	struct db *db, uint32_t event, struct attendee *x, const struct id *made_by, struct err *e);
/*
 * Writes the texts and gone of x back, as a list says them; what the person corrected stays on top
 * (server/store/said.h). The roster shows the change.
 */
MUST_CHECK bool attendee_save(
	struct db *db, uint32_t event, const struct attendee *x, struct err *e);
/* Give it the event's next roster rev. No effect on a number that is no attendee. */
MUST_CHECK bool attendee_touch(struct db *db, uint32_t event, uint32_t attendee, struct err *e);
/*
 * NULL takes the ticket away. Whoever gives out a code knows it, so it sets apart an attendee that
 * had one before, or is joined (account_set_apart).
 */
MUST_CHECK bool attendee_set_ticket(struct db *db, uint32_t event, uint32_t attendee,
	const uint8_t hash[16], int64_t now_ms, struct err *e);
/* What the newest statement says now. said_by NULL: imported, which gives way to what a person
 * said. */
MUST_CHECK bool consent_set(struct db *db, uint32_t event, uint32_t attendee, enum purpose purpose,
	bool given, int64_t version, int64_t at_ms, const struct id *said_by, struct err *e);

/* The person's own word was taken back: the list's stands again. */
MUST_CHECK bool consent_unsay(
	struct db *db, uint32_t event, uint32_t attendee, enum purpose purpose, struct err *e);

/* Their queue is to be planned again; around: also of everybody that they met. */
MUST_CHECK bool dirty_add(struct db *db, uint32_t event, uint32_t attendee, struct err *e);
MUST_CHECK bool dirty_around(struct db *db, uint32_t event, uint32_t attendee, struct err *e);
