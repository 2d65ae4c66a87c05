/*
 * The station's side of the sync protocol (docs/sync-protocol.md) as a pure state machine: when
 * to send what, and what an answer means. kiosk/syncer.h gives it a store, a network and a clock.
 */
#pragma once

#include "core/entry/wire/batch.h"

enum {
	SYNC_HEARTBEAT_MS = 30000,
	SYNC_WAIT_MIN_MS = 1000,
	SYNC_WAIT_MAX_MS = 60000,
	SYNC_PROBE_MS = 1000, /* while waiting after connecting failed */
};

enum sync_state {
	SYNC_IDLE,    /* everything known to be held, or about to send */
	SYNC_SENDING, /* one request in the air */
	SYNC_WAITING, /* after a failure, until wait_until_ms */
	SYNC_HALTED,  /* revoked: nothing is sent any more */
};

struct sync {
	enum sync_state state;
	uint64_t sent_ms; /* boot clock of the last request; 0: none */
	uint64_t wait_until_ms;
	uint64_t probe_ms; /* next probe while waiting */
	bool unreachable;  /* connecting failed, or to another's key: a probe may end the wait */
	bool probing;
	bool asked;		 /* a heartbeat is wanted now */
	unsigned failures;	 /* in a row */
	size_t batch_max;	 /* halved by 413, grows again */
	uint64_t roster_rev;	 /* as the server last said */
	uint64_t roster_have;	 /* as the roster's cursor says */
	bool roster_asked;	 /* somebody wants it now: an unknown badge */
	uint64_t roster_wait_ms; /* not before, after a failed fetch */
};

enum sync_act { SYNC_NOTHING, SYNC_SEND, SYNC_ROSTER, SYNC_PROBE };

void sync_init(struct sync *s);
/* What to do at now_ms (boot clock), and until when nothing need be asked again. */
enum sync_act sync_next(
	const struct sync *s, uint64_t now_ms, uint64_t pending, uint64_t *again_ms);
void sync_began(struct sync *s, enum sync_act act, uint64_t now_ms);
/*
 * No usable answer. unreachable: not even a connection to the right server, so that a probe finds
 * out when there is one again; jitter is any random number.
 */
void sync_failed(
	struct sync *s, uint64_t now_ms, bool unreachable, int64_t retry_after_s, uint32_t jitter);
/* The batch was too large: half as many entries next time. */
void sync_halve(struct sync *s, size_t sent);
void sync_probed(struct sync *s, uint64_t now_ms, bool reachable);
/* A network link came up: wait no longer. */
void sync_link_up(struct sync *s);

/* Somebody asks for a heartbeat: the next sync_next sends, unless one is in the air. */
void sync_now(struct sync *s);

enum sync_verdict {
	SYNC_TAKE, /* cursor := durable_seq, prune to safe_seq */
	SYNC_FORK, /* somebody else wrote this stream: begin a new one */
	SYNC_WIPE, /* revoked */
};
/*
 * last_seq and prune_floor are the store's; own_hash is its hash at durable_seq, NULL when that
 * is below the floor (what was pruned was agreed on before) or past the end.
 */
enum sync_verdict sync_judge(const struct batch_reply *r, uint64_t last_seq, uint64_t prune_floor,
	const uint8_t *own_hash);
void sync_succeeded(struct sync *s, uint64_t now_ms, const struct batch_reply *r);
