-- The kiosk's local store: ids, times and sealed boxes; never a name (docs/security.md).
CREATE TABLE stream (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	store_id BLOB NOT NULL,
	event INTEGER NOT NULL,
	prune_floor INTEGER NOT NULL, -- entries up to here were deleted
	floor_hash BLOB NOT NULL,     -- hash of entry prune_floor; zeros at 0
	cursor INTEGER NOT NULL       -- a hint: what the server said it holds
);
CREATE TABLE entry (
	seq INTEGER PRIMARY KEY,
	id BLOB NOT NULL,
	kind INTEGER NOT NULL,
	boot_id BLOB NOT NULL,
	boot_ms INTEGER NOT NULL,
	wall_ms INTEGER NOT NULL,
	quality INTEGER NOT NULL,
	sealed INTEGER NOT NULL,
	payload BLOB NOT NULL,
	hash BLOB NOT NULL
);
-- Entries that a retract of this kiosk undid: its payload is sealed, and the desk must know.
CREATE TABLE undone (
	id BLOB PRIMARY KEY
) WITHOUT ROWID;
-- The roster's cache: who may come, without who they are.
CREATE TABLE attendee (
	id BLOB PRIMARY KEY,
	lang TEXT NOT NULL,
	ticket BLOB NOT NULL,  -- 16 bytes of a keyed hash, or empty
	checked_in_ms INTEGER, -- NULL: not yet
	name TEXT NOT NULL,    -- empty unless name_cache is on
	organization TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE badge (
	id BLOB PRIMARY KEY,
	who BLOB NOT NULL,
	revoked INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX badge_who ON badge (who);
CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;
