-- The server's store. Event leads every key, so that tables shard by event; people and streams
-- have small integers, since an index on wide random keys costs six times the log itself.
-- Statements elsewhere name no dialect; in schema files BLOB, INTEGER (64 bit) and WITHOUT ROWID
-- are what another database's driver has to translate.

-- timeline (16 bytes, new after a restore), server_public, server_secret, derived (row up to
-- which the log is worked into the tables below)
CREATE TABLE meta (
	name TEXT NOT NULL PRIMARY KEY,
	value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE event (
	event INTEGER NOT NULL PRIMARY KEY, -- random, 31 bits
	name TEXT NOT NULL,
	host TEXT NOT NULL, -- of badge links and page addresses
	topics TEXT NOT NULL, -- JSON array of texts
	settings TEXT NOT NULL, -- JSON object
	seal_public BLOB NOT NULL,
	seal_secret BLOB NOT NULL,
	ticket_key BLOB NOT NULL,
	roster_rev INTEGER NOT NULL, -- newest rev given to an attendee, or to the event itself
	made_ms INTEGER NOT NULL
);

-- Ed25519 keys that sign badges. Two may be valid while one follows the other.
CREATE TABLE event_key (
	event INTEGER NOT NULL REFERENCES event (event),
	number INTEGER NOT NULL, -- 0 to 255, stands on the badge
	public_key BLOB NOT NULL,
	secret_key BLOB NOT NULL, -- 64 bytes
	from_ms INTEGER NOT NULL,
	until_ms INTEGER, -- NULL: still signing
	PRIMARY KEY (event, number)
) WITHOUT ROWID;

-- Every 16-byte id by which somebody was ever named: attendees, their badges, and ids that
-- nobody knows yet. So an entry may arrive before the badge-assign that explains it.
CREATE TABLE ref (
	event INTEGER NOT NULL,
	ref INTEGER NOT NULL, -- 1, 2, 3 ... in the event
	id BLOB NOT NULL,
	names INTEGER, -- a badge: the ref that its assignment names; NULL: itself
	attendee INTEGER NOT NULL, -- where names leads in the end; a person once attendee has that row
	badge INTEGER NOT NULL DEFAULT 0,
	revoked INTEGER NOT NULL DEFAULT 0, -- 1 by the organizer, 2 replaced at the desk, 3 both
	assigned_by BLOB, -- id of the badge-assign that holds; NULL: the organizer's own
	own INTEGER, -- what the organizer's own assignment names: it holds while no entry says more
	PRIMARY KEY (event, ref)
) WITHOUT ROWID;
CREATE UNIQUE INDEX ref_id ON ref (event, id);
CREATE INDEX ref_attendee ON ref (event, attendee);
CREATE INDEX ref_names ON ref (event, names) WHERE names IS NOT NULL;

CREATE TABLE attendee (
	event INTEGER NOT NULL REFERENCES event (event),
	attendee INTEGER NOT NULL, -- the ref of id
	id BLOB NOT NULL,
	name TEXT NOT NULL DEFAULT '',
	organization TEXT NOT NULL DEFAULT '',
	title TEXT NOT NULL DEFAULT '',
	email TEXT NOT NULL DEFAULT '',
	phone TEXT NOT NULL DEFAULT '',
	url TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	ticket_hash BLOB, -- core/tag/ticket.h; NULL: no ticket was given out
	consent_card INTEGER NOT NULL DEFAULT 0, -- what the newest row of consent says
	consent_followups INTEGER NOT NULL DEFAULT 0,
	consent_contact INTEGER NOT NULL DEFAULT 0,
	in_ms INTEGER, -- time of the check-in that holds; NULL: not here
	in_entry BLOB,
	made_by BLOB, -- a walk-in: id of the badge-assign that named this person
	rev INTEGER NOT NULL, -- of the roster; each change takes the event's next one
	gone INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (event, attendee)
) WITHOUT ROWID;
CREATE UNIQUE INDEX attendee_id ON attendee (event, id);
CREATE UNIQUE INDEX attendee_rev ON attendee (event, rev);
CREATE UNIQUE INDEX attendee_ticket ON attendee (event, ticket_hash) WHERE ticket_hash IS NOT NULL;
CREATE INDEX attendee_email ON attendee (event, email);

-- What a person agreed to. The organizer's list is the base; what the person said stands above it.
CREATE TABLE consent (
	event INTEGER NOT NULL,
	attendee INTEGER NOT NULL,
	purpose INTEGER NOT NULL, -- 1 card, 2 followups, 3 contact
	said INTEGER NOT NULL, -- 0 imported, 1 by the person
	given INTEGER NOT NULL,
	version INTEGER NOT NULL, -- of the text that was shown; 0: the organizer's own, imported
	at_ms INTEGER NOT NULL,
	said_by BLOB, -- id of the consent entry; NULL: imported
	PRIMARY KEY (event, attendee, purpose, said)
) WITHOUT ROWID;

-- Whatever records: kiosks, and each attendee's own devices and pages together.
CREATE TABLE station (
	station INTEGER NOT NULL PRIMARY KEY,
	event INTEGER NOT NULL REFERENCES event (event),
	id BLOB NOT NULL UNIQUE, -- of a person's devices: a hash of event and attendee (log.c)
	kind INTEGER NOT NULL, -- 1 kiosk, 2 the devices and pages of a person
	owner INTEGER, -- that person's ref; NULL for a kiosk
	name TEXT NOT NULL DEFAULT '',
	role TEXT NOT NULL DEFAULT '', -- door, lounge, mixed, booth
	public_key BLOB, -- Ed25519, of a kiosk
	made_ms INTEGER NOT NULL,
	revoked_ms INTEGER, -- not NULL: refused, and told to wipe
	seen_ms INTEGER,
	pending INTEGER NOT NULL DEFAULT 0 -- what it held unsent at its last request
);
CREATE INDEX station_event ON station (event);

CREATE TABLE stream (
	stream INTEGER NOT NULL PRIMARY KEY,
	event INTEGER NOT NULL,
	store_id BLOB NOT NULL,
	station INTEGER NOT NULL REFERENCES station (station),
	last_seq INTEGER NOT NULL,
	last_hash BLOB NOT NULL,
	safe_seq INTEGER NOT NULL DEFAULT 0 -- in every backup that is still offered for restore
);
CREATE UNIQUE INDEX stream_store ON stream (event, store_id);
CREATE INDEX stream_station ON stream (station);

-- What ties a station's boot clock to ours: server time minus boot time, the least that was seen
-- within ten minutes of boot time (delay only ever adds, so the order of arrival is no matter).
CREATE TABLE anchor (
	event INTEGER NOT NULL,
	station INTEGER NOT NULL,
	boot_id BLOB NOT NULL,
	bucket INTEGER NOT NULL, -- boot_ms / 600000
	offset_ms INTEGER NOT NULL,
	PRIMARY KEY (event, station, boot_id, bucket)
) WITHOUT ROWID;

-- The log. Rows are only ever added; what came sealed is judged a moment later, and may be refused
-- then. Private payloads are in another table, below.
CREATE TABLE entry (
	row INTEGER NOT NULL PRIMARY KEY,
	event INTEGER NOT NULL,
	id BLOB NOT NULL, -- UUIDv7
	stream INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	boot_id BLOB NOT NULL,
	boot_ms INTEGER NOT NULL,
	wall_ms INTEGER NOT NULL,
	quality INTEGER NOT NULL,
	got_ms INTEGER NOT NULL, -- when it arrived here
	refused INTEGER NOT NULL, -- 1: without effect, refusal says why
	hash BLOB NOT NULL,
	payload BLOB -- of check-ins, meetings, badge-assigns, consents, retracts, refused; NULL: private
);
CREATE UNIQUE INDEX entry_id ON entry (event, id);

-- Payloads of notes, contacts, follow-ups: what only its owner may see. server/store/private.h
-- says which modules name this table; organizer code does without it.
CREATE TABLE private (
	row INTEGER NOT NULL PRIMARY KEY REFERENCES entry (row),
	payload BLOB NOT NULL
);

-- Entries whose id was held already (a stream after a fork), so that a repeat is known by its hash.
CREATE TABLE folded (
	event INTEGER NOT NULL,
	stream INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	hash BLOB NOT NULL,
	PRIMARY KEY (event, stream, seq)
) WITHOUT ROWID;

CREATE TABLE refusal (
	event INTEGER NOT NULL,
	stream INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	id BLOB NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (event, stream, seq)
) WITHOUT ROWID;

-- Derived from the log, in larger flushes (server/store/derive.h): which entries concern whom.
CREATE TABLE mention (
	event INTEGER NOT NULL,
	ref INTEGER NOT NULL, -- the owner, or one of the two of a meeting
	row INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	other INTEGER, -- the ref of the other one of the two
	gone INTEGER NOT NULL DEFAULT 0, -- 1: taken back
	PRIMARY KEY (event, ref, row)
) WITHOUT ROWID;

-- Which entries were taken back, and by which entry.
CREATE TABLE retract (
	event INTEGER NOT NULL,
	of_id BLOB NOT NULL,
	row INTEGER NOT NULL,
	PRIMARY KEY (event, of_id, row)
) WITHOUT ROWID;

-- How many entries of each kind have effect.
CREATE TABLE tally (
	event INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (event, kind)
) WITHOUT ROWID;

-- Owners about whom something new is known: their queue is planned again.
CREATE TABLE queue_dirty (
	event INTEGER NOT NULL,
	owner INTEGER NOT NULL,
	PRIMARY KEY (event, owner)
) WITHOUT ROWID;

-- Verified backups that are still offered for restore, and the head of each stream in them.
CREATE TABLE backup (
	backup INTEGER NOT NULL PRIMARY KEY,
	path TEXT NOT NULL UNIQUE,
	made_ms INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	entries INTEGER NOT NULL
);
CREATE TABLE backup_head (
	backup INTEGER NOT NULL REFERENCES backup (backup) ON DELETE CASCADE,
	stream INTEGER NOT NULL,
	last_seq INTEGER NOT NULL,
	PRIMARY KEY (backup, stream)
) WITHOUT ROWID;
