/*
 * Keeps the server and the local store in step, and carries other signed requests (pairing).
 * One descriptor and one timeout for the kiosk's loop; callbacks run inside syncer_run.
 */
#pragma once

#include "core/base/json.h"
#include "core/entry/wire/batch.h"
#include "kiosk/identity.h"
#include "kiosk/store.h"
#include "kiosk/transport.h"

struct syncer;

struct syncer_config {
	const struct identity *identity;
	struct store *store;
	struct str role; /* what the organizer's table calls it: door, lounge, mixed, booth */
	void *context;
	/* What syncer_state says is different now. */
	void (*changed)(void *context);
	/* A page of the roster, already in the store: the names, for memory. full: the first one of
	 * a whole roster; after the last one, who was in none of its pages is to be forgotten.
	 * settled: the rows know everything that the server had acknowledged. */
	void (*roster)(void *context, const struct roster_row *rows, size_t n, bool full, bool last,
		bool settled);
	/* The roster was asked for and is complete, or the fetch failed. */
	void (*roster_done)(void *context, bool ok);
	/* The event object of docs/sync-protocol.md (name, topics, keys), whenever it comes. */
	void (*event)(void *context, struct str event_json);
	/* The signs that go along with a batch, at most BATCH_SIGNS_MAX. NULL: none are told. */
	size_t (*signs)(void *context, struct batch_sign *out);
	/* What this is, for each batch; and the release that the server offers, with each answer.
	 * NULL: nothing of the kind. */
	void (*program)(void *context, struct batch_program *out);
	void (*release)(void *context, const struct hash *digest);
};

/* identity and store must outlive it. */
MUST_CHECK bool syncer_open(struct syncer **out, const struct syncer_config *config, struct err *e);
void syncer_close(struct syncer *s); /* accepts NULL */
int syncer_fd(const struct syncer *s);
int syncer_timeout_ms(const struct syncer *s); /* -1: none */
/* When the descriptor is readable or the timeout is over. */
void syncer_run(struct syncer *s);

/* After a commit ask syncer_timeout_ms again: it is 0 then, while the server can be reached. */
/* An unknown badge: fetch the roster's delta now; roster_done follows. False while offline. */
bool syncer_roster_now(struct syncer *s);

/* Somebody wants a heartbeat now: what waits for its time does no longer. False: revoked. */
bool syncer_now(struct syncer *s);

enum syncer_link { SYNCER_NEVER, SYNCER_ONLINE, SYNCER_OFFLINE, SYNCER_REFUSED, SYNCER_REVOKED };
struct syncer_state {
	enum syncer_link link;
	uint64_t pending;
	uint64_t ok_boot_ms;		       /* boot clock of the last good answer; 0: none yet */
	int64_t server_offset_ms;	       /* server time minus wall time at that moment */
	uint64_t requests, failures, refusals; /* since start, for /metrics */
	char trouble[240];		       /* why not, in words; empty while online */
};
struct syncer_state syncer_state(const struct syncer *s);

/* Another signed request, answered through done (transport.h). */
MUST_CHECK bool syncer_request(struct syncer *s, const char *method, const char *target,
	struct bytes body, transport_done *done, void *context, struct err *e);
