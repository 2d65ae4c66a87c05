-- Who may come in: sessions, pairings, enrolment codes, organizers. Secrets are held as hashes.

-- Of attendees (their event) and organizers (event 0). A row stays when the session has ended, until
-- the person's next one: whoever has one was here before, so their next pairing needs more than a badge.
CREATE TABLE session (
	event INTEGER NOT NULL,
	hash BLOB NOT NULL, -- SHA-256 of the cookie's bytes
	id BLOB NOT NULL, -- names it to its owner
	kind INTEGER NOT NULL, -- 1 attendee, 2 organizer
	who BLOB NOT NULL, -- attendee's or organizer's id
	label TEXT NOT NULL, -- "Firefox on Android"
	made_ms INTEGER NOT NULL,
	seen_ms INTEGER NOT NULL, -- to the hour
	ended_ms INTEGER,
	PRIMARY KEY (event, hash)
) WITHOUT ROWID;
CREATE UNIQUE INDEX session_id ON session (event, id);
CREATE INDEX session_who ON session (event, who);

CREATE TABLE pairing (
	event INTEGER NOT NULL,
	pairing BLOB NOT NULL, -- UUID
	who BLOB NOT NULL, -- the attendee
	badge BLOB NOT NULL, -- as presented first: it must come again
	station BLOB NOT NULL,
	proof INTEGER NOT NULL, -- 1 chip, 2 ticket, 3 staff
	state INTEGER NOT NULL, -- server/store/pairings.h
	until_ms INTEGER NOT NULL, -- when an unfinished one is over
	made_ms INTEGER NOT NULL,
	token_hash BLOB NOT NULL, -- of the token in the QR code
	page_hash BLOB, -- of the cookie of the page that spent it
	digits INTEGER NOT NULL DEFAULT 0,
	label TEXT NOT NULL DEFAULT '', -- of that page's browser
	PRIMARY KEY (event, pairing)
) WITHOUT ROWID;
CREATE UNIQUE INDEX pairing_token ON pairing (token_hash);
CREATE UNIQUE INDEX pairing_page ON pairing (event, page_hash) WHERE page_hash IS NOT NULL;
CREATE INDEX pairing_who ON pairing (event, who);

-- What every phone of a person is told.
CREATE TABLE notice (
	event INTEGER NOT NULL,
	who BLOB NOT NULL,
	at_ms INTEGER NOT NULL,
	number INTEGER NOT NULL, -- 1, 2, 3 ... of this person
	text TEXT NOT NULL,
	PRIMARY KEY (event, who, number)
) WITHOUT ROWID;

-- One-time codes for kiosks. The secret is the key of a mutual proof, so it is held as it is, for
-- the ten minutes of its life.
CREATE TABLE enrolment (
	code_id TEXT NOT NULL PRIMARY KEY, -- the first 4 characters
	event INTEGER NOT NULL REFERENCES event (event),
	secret TEXT NOT NULL, -- the other 8
	name TEXT NOT NULL, -- the station's
	made_ms INTEGER NOT NULL,
	tries INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE organizer (
	organizer BLOB NOT NULL PRIMARY KEY,
	email TEXT NOT NULL UNIQUE, -- lower case
	password TEXT NOT NULL, -- argon2id
	every_event INTEGER NOT NULL DEFAULT 0,
	made_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE organizer_event (
	event INTEGER NOT NULL REFERENCES event (event),
	organizer BLOB NOT NULL REFERENCES organizer (organizer),
	PRIMARY KEY (event, organizer)
) WITHOUT ROWID;
