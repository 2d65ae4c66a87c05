/*
 * What follows from the log: people and their badges, check-ins, consents, who is mentioned where.
 * Entries become durable first (and are acknowledged); here they are worked into the derived
 * tables in larger flushes, up to the row in meta "derived". The result depends on the set of
 * entries, never on the order of their arrival. Owners about whom something is new are left in
 * queue_dirty.
 */
#pragma once

#include "server/writer.h"

writer_step derive_step;
/*
 * Throw the derived tables away and work the log in again from its beginning; attendees of the
 * organizer's own stay. In the caller's transaction only the throwing away: derive_step does the
 * rest.
 */
MUST_CHECK bool derive_restart(struct db *db, struct err *e);
