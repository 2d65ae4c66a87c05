/*
 * The log as it is stored. Writing: one entry at the end of a stream. Reading: an owner's
 * entries, opened, with their persons resolved and their time corrected.
 */
#pragma once

#include "core/base/arena.h"
#include "core/entry/entry.h"
#include "server/server.h"
#include "server/store/facts.h"

struct station {
	int64_t station;
	uint32_t event;
	struct id id;
	enum station_kind kind;
	bool revoked;
};

/* ERR_NOT_FOUND. */
MUST_CHECK bool station_find(struct station *out, struct db *db, struct id id, struct err *e);
/* The station of a person's devices and pages, made at its first use. */
MUST_CHECK bool station_own(
	struct station *out, struct work *w, uint32_t event, struct id attendee, struct err *e);

struct stream {
	int64_t stream;
	int64_t station;
	uint64_t last_seq; /* 0: empty */
	uint8_t last_hash[ENTRY_HASH_LEN];
	uint64_t safe_seq;
};

/*
 * The stream store_id of that station, made at its first use: *made says so, and whoever answers
 * a request bounds how often (LIMIT_STREAM). ERR_FORBIDDEN when it belongs to another station.
 */
MUST_CHECK bool stream_open(struct stream *out, struct db *db, const struct station *st,
	struct id store_id, bool *made, struct err *e);
MUST_CHECK bool stream_save(struct db *db, const struct stream *s, struct err *e);

/*
 * Add x at the end of s, which the caller has checked to fit, and move s (not saved yet).
 * refusal says why it has no effect, NULL if it has; of a sealed one that is NULL until it is
 * opened and judged (server/store/opening.h). *held: an entry of that id is there already; its
 * first telling stands.
 */
MUST_CHECK bool log_add(struct work *w, const struct station *st, struct stream *s,
	const struct entry *x, const char *refusal, bool *held, struct err *e);
/*
 * An entry of the server's own, in the name of that person: what the queue page, DAV and Me write.
 * payload is JSON; what is wrong with it is the error. The entry's id goes to *id.
 */
MUST_CHECK bool log_append(struct work *w, uint32_t event, struct id attendee, enum entry_kind kind,
	struct bytes payload, struct id *id, struct err *e);

/* The server's time at a station's boot, from one request. */
MUST_CHECK bool anchor_add(struct db *db, const struct station *st,
	const struct clock_time *station_now, int64_t server_ms, struct err *e);

struct log_entry {
	int64_t row;
	uint32_t event;
	struct id id;
	enum entry_kind kind;
	int64_t at_ms;	    /* corrected */
	bool about;	    /* at_ms is a guess: that station's clock was never tied to ours */
	uint32_t other;	    /* the attendee number of the other of two persons; 0: none */
	struct id other_id; /* as the entry names it */
	bool by_kiosk;
	bool own;	      /* written by that attendee's own devices or pages, by no kiosk */
	bool gone;	      /* taken back */
	struct bytes payload; /* JSON; empty: erased */
};

/*
 * Every entry with effect that concerns an attendee as its owner, or as one of the two of a
 * meeting, also what was taken back, in order of arrival: all that is held about a person, for that
 * person. Private, like the payloads: tests/check/includes.sh says who may call it. In a.
 */
MUST_CHECK bool log_of_person(struct log_entry **out, size_t *n, struct db *db, uint32_t event,
	uint32_t attendee, struct arena *a, struct err *e);

/* What a person's own devices sent and the server keeps without effect. */
struct log_refused {
	struct id id;
	enum entry_kind kind;
	struct str reason;
	struct bytes payload; /* as it was sent; empty: erased */
};
/* As private. In a. */
MUST_CHECK bool log_refused_of(struct log_refused **out, size_t *n, struct db *db, uint32_t event,
	uint32_t attendee, struct arena *a, struct err *e);
