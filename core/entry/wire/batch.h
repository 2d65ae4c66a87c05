/* The JSON of POST /v1/streams/{store_id}, both ways (docs/sync-protocol.md). */
#pragma once

#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/entry/wire/chain.h"
#include "core/release/handover.h"

/* Something about the station that somebody should look at (kiosk/watch.h). */
struct batch_sign {
	struct str name; /* one lower-case word */
	uint64_t for_ms; /* how long it has been so, by the station's own clock */
	bool has_value;	 /* a number that explains it: MiB, 1/1000 degree, seconds */
	int64_t value;
};
enum { BATCH_SIGNS_MAX = 16 };

/* What a kiosk runs, and how it stands with updates (core/release/handover.h). */
struct batch_program {
	struct str version, architecture;		  /* empty: not said */
	struct str update, update_version, update_reason; /* of the last release; or empty */
};

/* What a station sends. Borrows from the arena that it was read into. */
struct batch {
	struct id store_id;
	uint32_t event;
	uint64_t from_seq; /* of the first entry; the next one to be made when there is none */
	uint8_t prev_hash[ENTRY_HASH_LEN]; /* of entry from_seq - 1; zero at the start */
	struct clock_time now;		   /* the station's clocks at sending */
	uint64_t pending;		   /* entries that it holds after this batch */
	struct str role;      /* what a kiosk is used as, one lower-case word; empty: not said */
	uint64_t refusal_seq; /* of the last reply that it took; 0: tell every refusal */
	bool has_signs;	      /* an older kiosk and a phone say nothing of the kind */
	struct batch_sign *signs;
	size_t sign_count; /* none: all is well */
	struct batch_program program;
	struct entry *entries;
	size_t count;
};

enum batch_status { BATCH_OK, BATCH_GAP, BATCH_FORK };

struct batch_refusal {
	struct id id; /* of the entry */
	struct str reason;
};

/* What the server answers. */
struct batch_reply {
	struct id store_id;
	enum batch_status status;
	uint64_t durable_seq; /* 0: nothing */
	uint8_t durable_hash[ENTRY_HASH_LEN];
	uint64_t safe_seq;  /* covered by a verified backup: what may be pruned */
	struct id timeline; /* changes when the server was restored */
	int64_t server_ms;
	uint64_t roster_rev; /* newer than the kiosk's cursor: fetch the roster */
	bool wipe;	     /* this station is revoked: delete what is synced, take nothing more */
	struct batch_refusal *refusals; /* of the station's, those past its refusal_seq */
	size_t refusal_count;
	uint64_t refusal_seq; /* the number of the last one told: for the next request */
	bool has_release;     /* there is one that the kiosk should follow to: fetch it */
	struct hash release;  /* of its file */
};

/* One entry as an object; also a line of kith-kiosk log --json. */
void entry_write_json(struct json_writer *w, const char *key, const struct entry *x);
void batch_write(struct buf *out, const struct batch *b);
/*
 * ERR_MALFORMED names the field and the entry's position; ERR_TOO_LARGE past LIMIT_BATCH_*.
 * Each entry's hash is checked against its fields and its forerunner: a batch that does not chain
 * inside is malformed. Whether it fits the stream is for the server to say.
 */
MUST_CHECK bool batch_read(struct batch *out, struct bytes text, struct arena *a, struct err *e);
void batch_reply_write(struct buf *out, const struct batch_reply *r);
MUST_CHECK bool batch_reply_read(
	struct batch_reply *out, struct bytes text, struct arena *a, struct err *e);
