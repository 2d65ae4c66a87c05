/*
 * What follows from the log: people and their badges, check-ins, consents, who is mentioned where.
 * Entries become durable first (and are acknowledged); here they are worked into the derived
 * tables in larger flushes, up to the row in meta "derived", and never past a row that is not
 * opened yet (server/store/opening.h). The result depends on the set of entries, never on the
 * order of their arrival. Owners about whom something is new are left in queue_dirty.
 */
#pragma once

#include "server/writer.h"

writer_step derive_step;
/*
 * What the log says of one person: check-in, consents and settings. For whoever gives a number that
 * entries may have named before to somebody new.
 */
MUST_CHECK bool derive_person(struct db *db, uint32_t event, uint32_t attendee, struct err *e);
/* The same without the settings (server/store/said.h): after each check-in or consent. */
MUST_CHECK bool derive_said(struct db *db, uint32_t event, uint32_t attendee, struct err *e);
