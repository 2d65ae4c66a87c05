-- Who went (server/store/erase.h): nothing of theirs is taken in again. Ids only.
CREATE TABLE erased (
	event INTEGER NOT NULL,
	attendee INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	PRIMARY KEY (event, attendee)
) WITHOUT ROWID;

-- Days of the event, by its own calendar, for the brief before it; empty: not said.
ALTER TABLE event ADD COLUMN starts TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN ends TEXT NOT NULL DEFAULT '';
