-- What stands between two people: what each shows the other, takes back, and agrees to. All of it
-- is derived from entries, by server/store/derive.c.

-- The person's own clock, from the setting "zone": minutes east of UTC.
ALTER TABLE attendee ADD COLUMN zone_min INTEGER NOT NULL DEFAULT 0;

-- A person's corrections of their own card (settings "my/..." and "lang"). They stand in the
-- attendee's columns; what the organizer's list says is kept here, for when they are taken back.
CREATE TABLE said (
	event INTEGER NOT NULL,
	attendee INTEGER NOT NULL,
	field TEXT NOT NULL, -- name organization title email phone url lang
	value TEXT NOT NULL,
	listed TEXT NOT NULL,
	PRIMARY KEY (event, attendee, field)
) WITHOUT ROWID;
CREATE INDEX said_listed ON said (event, field, listed);

-- Settings about another person: 1 block/ID, 2 buddy-off/ID. who is any id of that person.
CREATE TABLE apart (
	event INTEGER NOT NULL,
	attendee INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	who BLOB NOT NULL,
	entry BLOB NOT NULL, -- id of the setting: older meetings, or buddy entries, are before it
	PRIMARY KEY (event, attendee, kind, who)
) WITHOUT ROWID;
CREATE INDEX apart_who ON apart (event, who);

-- Entries that say something about another entry which concerns more people than their writer:
-- hide and share about a meeting, introduce about two, the answers (consent) about an introduce.
CREATE TABLE about (
	event INTEGER NOT NULL,
	of_id BLOB NOT NULL,
	row INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	ref INTEGER NOT NULL, -- the writer
	pair BLOB, -- of an introduce: the other of its two
	PRIMARY KEY (event, of_id, row)
) WITHOUT ROWID;

-- Short codes (core/tag/short_code.h) of the ids that name people.
ALTER TABLE ref ADD COLUMN code TEXT;
CREATE INDEX ref_code ON ref (event, code);
-- Whose code is still to be worked out: none, once a server has opened the store.
CREATE INDEX ref_codeless ON ref (event) WHERE code IS NULL;
