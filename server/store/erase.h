/*
 * A person goes: what they wrote and what is known of them is erased from the store; what remains
 * is ids and times (docs/security.md). What of theirs arrives later, from a kiosk that was offline,
 * is erased as it is worked in (server/store/derive.c), and an organizer's list that still has
 * them does not bring them back.
 */
#pragma once

#include "server/server.h"
#include "server/writer.h"

/*
 * In the caller's transaction, on the writer. Sessions end. The file and the write-ahead log are
 * clean once erase_step ran, right after the commit.
 */
MUST_CHECK bool erase_person(struct work *w, uint32_t event, uint32_t attendee, struct err *e);
/* The names that the desk gave this person with a badge; those of others stay. */
MUST_CHECK bool erase_names(
	struct db *db, uint32_t event, uint32_t attendee, struct arena *a, struct err *e);
/*
 * Whoever went since the backup that was restored goes again: their ids stand in the file "erased"
 * of the store's folder, which no restore touches. Before the writer runs.
 */
MUST_CHECK bool erase_again(struct server *s, struct err *e);
/* Did this person go? */
MUST_CHECK bool erase_done(
	bool *out, struct db *db, uint32_t event, uint32_t attendee, struct err *e);
/* Write the WAL back and truncate it, while something that was erased may still stand in it. */
writer_step erase_step;
