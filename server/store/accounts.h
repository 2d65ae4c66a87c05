/*
 * One person at several events. Each event keeps its own attendee, entries, badge, card and
 * consents; the table "account" says which attendees are one person, by that person's own joining.
 * A person's queue, people and goals span all their events (server/store/my_log.h).
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/id.h"
#include "core/db/db.h"

struct account {
	uint32_t event, attendee;
	struct id id; /* the attendee's; zero: nobody was given that number yet */
};

/*
 * All that are one person with this attendee: that one first, the others by event. At least one.
 * In a.
 */
MUST_CHECK bool accounts_of(struct account **out, size_t *n, struct db *db, uint32_t event,
	uint32_t attendee, struct arena *a, struct err *e);
/* The same by an attendee's id, as a caller has it. */
MUST_CHECK bool accounts_of_id(struct account **out, size_t *n, struct db *db, uint32_t event,
	struct id id, struct arena *a, struct err *e);
/* By event; NULL: none there. */
const struct account *account_at(const struct account *all, size_t n, uint32_t event);
/*
 * Those of all whose own log has that entry; none where it is somebody else's. Several where one
 * event's id was given to an entry of another: first where it is their own, then where a kiosk saw
 * it, then what came first (the order in which my_log.h picks one telling). In a.
 */
MUST_CHECK bool accounts_with(struct account **out, size_t *n, struct db *db,
	const struct account *all, size_t count, struct id entry, struct arena *a, struct err *e);

/*
 * From now on they, and who was one person with either, are one. ERR_CONFLICT: they would be
 * several attendees of one event. Sessions that are to see no more than before are ended by
 * account_take_back.
 */
MUST_CHECK bool account_join(struct db *db, const struct account *x, const struct account *y,
	int64_t now_ms, struct err *e);
/*
 * x is told the name of the event that is one list with its own now, so that whoever lost a ticket
 * finds out, and can part the two again.
 */
MUST_CHECK bool account_tell_joined(struct db *db, const struct account *x, struct str other,
	int64_t now_ms, struct arena *a, struct err *e);
/* A person of its own again. */
MUST_CHECK bool account_part(struct db *db, const struct account *x, struct err *e);
/*
 * Somebody other than the person opens this attendee, or may from now on: first it is parted from
 * the person's others, so that nothing of theirs is opened with it, what it was told of other
 * events by name is forgotten, and the person is told at each of their events. why goes on from
 * "since ": "a new ticket code was given out". In the transaction of what opens it.
 */
MUST_CHECK bool account_set_apart(struct db *db, uint32_t event, uint32_t attendee, const char *why,
	int64_t now_ms, struct err *e);
/*
 * A first phone may come in by the badge alone, which is a station's word, too, and all that
 * there is before the person showed any other proof. So it opens that attendee, may join others to
 * it, and keeps itself as it does; but it proves nothing (account_prove).
 */
MUST_CHECK bool account_by_badge(
	struct db *db, uint32_t event, uint32_t attendee, int64_t now_ms, struct err *e);
/*
 * ERR_FORBIDDEN: the session, of one of all, came in since account_set_apart. It would bring its
 * holder's events to where the person joins again.
 */
MUST_CHECK bool account_may_join(
	struct db *db, const struct account *all, size_t n, struct id session, struct err *e);
/*
 * At a joining: what came in by somebody else's word ends, so that it does not see what is joined
 * now. Sessions since account_set_apart and account_by_badge but for keep, calendar addresses made
 * since, and pairings that are not finished.
 */
MUST_CHECK bool account_take_back(
	struct db *db, const struct account *x, struct id keep, int64_t now_ms, struct err *e);
/*
 * The person shows the ticket code of x, from a session of another event: takes back all that came
 * in by somebody else's word, and parts what a phone by the badge alone had joined. Before
 * account_join.
 */
MUST_CHECK bool account_prove(
	struct db *db, const struct account *x, int64_t now_ms, struct err *e);
/* After a restore: everybody's are parted, and each is told. */
MUST_CHECK bool account_drop_all(struct db *db, int64_t now_ms, struct err *e);
/* What is common to all who are one person; false in *any: joined with nobody. */
MUST_CHECK bool account_person(
	struct id *out, bool *any, struct db *db, uint32_t event, uint32_t attendee, struct err *e);
/* As dirty_around (people.h), at every event of that person's. */
MUST_CHECK bool dirty_around_person(
	struct db *db, uint32_t event, uint32_t attendee, struct err *e);
