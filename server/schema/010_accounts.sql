-- Which attendees of several events are one person, by that person's own joining: whoever holds a
-- session of one and the ticket of the other. Nothing else says so, no name and no e-mail address.
CREATE TABLE account (
	event INTEGER NOT NULL,
	attendee INTEGER NOT NULL,
	person BLOB NOT NULL, -- random, 16 bytes
	at_ms INTEGER NOT NULL,
	PRIMARY KEY (event, attendee)
) WITHOUT ROWID;
-- Of one event a person is one attendee.
CREATE UNIQUE INDEX account_person ON account (person, event);

-- Purpose 5: people whom I know may see that I am expected at this event.
ALTER TABLE attendee ADD COLUMN consent_coming INTEGER NOT NULL DEFAULT 0;

-- Of an item that stands in the queue of every event of its owner's: where it belongs, if not here.
ALTER TABLE queue_item ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
