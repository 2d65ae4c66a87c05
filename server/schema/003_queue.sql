-- The planned queue of each owner, written by server/store/queue.c from the log: reading a queue
-- is one covering read of queue_text. queue_item says the same without anybody's words, for the
-- organizer's list.
CREATE TABLE queue_owner (
	event INTEGER NOT NULL,
	owner INTEGER NOT NULL,
	planned_ms INTEGER NOT NULL,
	good_until_ms INTEGER NOT NULL, -- plan again then
	PRIMARY KEY (event, owner)
) WITHOUT ROWID;
CREATE INDEX queue_good_until ON queue_owner (good_until_ms);

CREATE TABLE queue_item (
	event INTEGER NOT NULL,
	owner INTEGER NOT NULL,
	pos INTEGER NOT NULL, -- 0, 1, 2 ... in the queue's order
	key BLOB NOT NULL,
	kind INTEGER NOT NULL, -- enum followup_kind
	state INTEGER NOT NULL, -- enum followup_state
	due INTEGER NOT NULL, -- days since 1970
	other INTEGER NOT NULL, -- attendee; 0: somebody without a badge
	met_ms INTEGER NOT NULL,
	PRIMARY KEY (event, owner, pos)
) WITHOUT ROWID;

-- Private like the notes that are in it.
CREATE TABLE queue_text (
	event INTEGER NOT NULL,
	owner INTEGER NOT NULL,
	pos INTEGER NOT NULL,
	finished INTEGER NOT NULL,
	item TEXT NOT NULL, -- ITEM of docs/api.md
	PRIMARY KEY (event, owner, pos)
) WITHOUT ROWID;

-- The secret address of a person's calendar feed: only its hash is kept.
CREATE TABLE feed (
	hash BLOB NOT NULL PRIMARY KEY, -- SHA-256
	event INTEGER NOT NULL,
	attendee INTEGER NOT NULL,
	made_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX feed_owner ON feed (event, attendee);
