/*
 * The kiosk's local store: the outbox (one stream of hash-chained entries, docs/sync-protocol.md),
 * the roster's cache, and a few settings. One SQLite file, one connection, one thread.
 *
 * What store_append returned true for survives a kill and a power cut. Every payload but those of
 * entry_kind_is_plain is sealed to the event's key on its way in and cannot be read back here.
 *
 * An I/O error makes the connection untrusted (facts: never retry an fsync and believe it): the
 * store closes it, and the next call opens and reads the file again. ERR_FULL and ERR_IO from
 * store_append both mean "not recorded".
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/entry/entry.h"

struct store;

struct store_config {
	const char *path; /* the database file; its folder exists */
	uint32_t event;	  /* of every entry made from now on */
	uint8_t seal_public[SEAL_PUBLIC_LEN];
	bool names; /* name_cache: keep names and organizations of the roster on disk */
};

/*
 * Open, check and recover. A damaged file is moved aside (PATH.damaged-N), a new stream begins,
 * and store_alert says so. A file of another event is moved aside too (PATH.event-N-1) when all
 * its entries are known to the server, else ERR_CONFLICT says how many are not.
 */
MUST_CHECK bool store_open(struct store **out, const struct store_config *config, struct err *e);
void store_close(struct store *s); /* accepts NULL */
/* What somebody must be told (quarantine, fork), in words; empty: nothing. Until the next open. */
const char *store_alert(const struct store *s);

/* One fact of a result, as the desk wrote it. */
struct store_fact {
	struct id id; /* UUIDv7, made by the caller: payloads of the same result may name it */
	enum entry_kind kind;
	struct str payload;   /* JSON, in the clear */
	struct id undoes;     /* of a retract: the entry; else zero */
	struct id badge, who; /* of a badge-assign: known here from now on; else zero */
};

/*
 * Write one result, 1 to STORE_FACTS_MAX facts, in one transaction, all or nothing. *last is the
 * seq of its last entry; NULL: not wanted.
 */
enum { STORE_FACTS_MAX = 16 };
MUST_CHECK bool store_append(struct store *s, const struct store_fact *facts, size_t n,
	const struct clock_time *now, uint64_t *last, struct err *e);

struct store_head {
	struct id store_id;
	uint32_t event;
	uint64_t last_seq; /* 0: nothing yet */
	uint8_t last_hash[ENTRY_HASH_LEN];
	uint64_t
		prune_floor; /* entries up to here are gone; their hashes too, but the last one's */
	uint64_t cursor;     /* held by the server, as far as known; at most last_seq */
};

/* From memory, at no cost. */
struct store_head store_head(const struct store *s);
/* Entries that the server is not known to hold. */
uint64_t store_pending(const struct store *s);
/*
 * Entries from_seq.. in order, at most max_count and (but for the first) max_bytes of payload;
 * fewer than asked at the end. prev_hash is that of entry from_seq - 1. ERR_GONE when from_seq is
 * not past prune_floor. Entries live in a.
 */
MUST_CHECK bool store_read(struct store *s, uint64_t from_seq, size_t max_count, size_t max_bytes,
	struct arena *a, struct entry **out, size_t *count, uint8_t prev_hash[ENTRY_HASH_LEN],
	struct err *e);
/* The hash of entry seq; zeros for 0. ERR_GONE below prune_floor, ERR_NOT_FOUND past last_seq. */
MUST_CHECK bool store_hash_at(
	struct store *s, uint64_t seq, uint8_t hash[ENTRY_HASH_LEN], struct err *e);
/*
 * Up or down, as the server's answer says; between prune_floor and last_seq. Written without a
 * sync of its own: losing it costs a repeated batch.
 */
MUST_CHECK bool store_set_cursor(struct store *s, uint64_t seq, struct err *e);
/* Delete entries up to safe_seq, never past the cursor, in one transaction. */
MUST_CHECK bool store_prune(struct store *s, uint64_t safe_seq, struct err *e);
/*
 * A new stream of everything that is unpruned: new store_id, numbered from 1, chained again, the
 * same ids, cursor 0; one transaction.
 */
MUST_CHECK bool store_fork(struct store *s, struct err *e);
/*
 * Revoked: delete what the server holds, and the roster; then the file holds no trace of it. The
 * files that were moved aside go whole: nothing tells in them what the server holds.
 */
MUST_CHECK bool store_wipe(struct store *s, struct err *e);

/* Was entry id undone by a retract of this kiosk? */
bool store_is_undone(struct store *s, struct id id);

/* Visit every unpruned entry of the file at path, oldest first, beside a running kiosk. */
MUST_CHECK bool store_log(const char *path, bool (*each)(void *context, const struct entry *x),
	void *context, struct err *e);

/* One row of the roster; several badges. Borrows. */
struct roster_row {
	struct id id;
	struct str name, organization, lang;
	const struct id *badges;
	size_t badge_count;
	const struct id *revoked;
	size_t revoked_count;
	bool has_ticket;
	uint8_t ticket[16];
	bool checked_in;
	int64_t checked_in_ms;
	bool gone; /* no longer an attendee: forget everything */
};

/*
 * Rows and the cursor behind them in one transaction. full: forget what was there first.
 * Check-ins of unpruned entries stand beside it: the roster may be older than they are.
 */
MUST_CHECK bool store_roster_write(struct store *s, const struct roster_row *rows, size_t n,
	bool full, struct str cursor, struct err *e);
/* Forget whoever is not known any more, with their badges: after a roster of several pages. */
MUST_CHECK bool store_roster_keep(
	struct store *s, bool (*known)(void *context, struct id who), void *context, struct err *e);
/* All rows, names empty unless they are cached. A row borrows until each returns. */
MUST_CHECK bool store_roster_each(struct store *s,
	bool (*each)(void *context, const struct roster_row *row), void *context, struct err *e);
/* The roster's cursor; empty before the first. In a. */
MUST_CHECK bool store_roster_cursor(
	struct store *s, struct str *out, struct arena *a, struct err *e);

/* Small settings by name: "event" (the event object of the roster), and so on. Absent: empty. */
MUST_CHECK bool store_get(
	struct store *s, const char *name, struct str *out, struct arena *a, struct err *e);
MUST_CHECK bool store_set(struct store *s, const char *name, struct str value, struct err *e);
