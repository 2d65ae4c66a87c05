/*
 * kith-server: one store, one thread that writes it, any number of threads that read it.
 *
 * A handler gets a struct work: for a read the connection of the pool thread that it runs on, for
 * a write the writer's, inside a transaction that many requests share (server/writer.h). prepare,
 * authenticate and finish get the struct server and take server_reader(). To add a route: a
 * handler in server/routes/, its name in server/routes/routes.h, its line in server/routes.c.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "core/base/crypto.h"
#include "core/db/db.h"
#include "core/http/http.h"
#include "server/store/store.h"

struct server_config {
	const char *store; /* a folder */
	enum store_use use;
	const char *listen;
	const char *tls_certificate, *tls_key;
	const char *pin_certificate; /* a further key that kiosks pin: the next, or a proxy's; or
					NULL */
	const char *proxy;
	const char *origin;	/* "https://HOST"; NULL: the request's own Host */
	const char *backup_dir; /* NULL: no backups, so stations prune nothing */
	unsigned backup_every_s, backup_keep;
	unsigned threads;
};

struct server;
struct work {
	struct server *server;
	struct db *db;
};

/* What /metrics shows; counted from any thread. */
struct server_counts {
	atomic_ullong requests, batches, entries, repeats, refused, groups, derived;
};

struct server {
	struct server_config config;
	struct store *store;
	struct id timeline; /* new after a restore: kiosks then take the whole roster again */
	uint8_t public_key[SIGN_PUBLIC_LEN], secret_key[SIGN_SECRET_LEN]; /* signs replies */
	int64_t (*now_ms)(void); /* clock_wall_ms, or a test's */
	struct work write;	 /* the writer's: only for its thread, or before that runs */
	struct writer *writer;	 /* NULL until server_serve */
	struct backup_timer *backups;
	struct access *access; /* NULL until server_serve: nothing is limited */
	struct http *http;
	struct releases *releases; /* what kiosks may follow to */
	struct server_counts counts;
	atomic_bool erased; /* something was: the WAL must go (server/store/erase.h) */
	pthread_key_t reader_key;
	pthread_mutex_t lock; /* readers */
	struct reader *readers;
};

/* The store and its keys, nothing that runs yet: what commands and tests need. */
MUST_CHECK bool server_open(struct server **out, const struct server_config *config, struct err *e);
/* Stops what runs, sends what is queued. Both accept NULL. */
void server_stop(struct server *s);
void server_close(struct server *s);
/* This thread's reading connection, opened at its first use. NULL with e when that fails. */
struct work *server_reader(struct server *s, struct err *e);
/* Start the writer, the backups and HTTP; returns once it serves at http_address(s->http). */
MUST_CHECK bool server_serve(struct server *s, struct err *e);

/* How it serves; also for http_answer in tests, without queue and threads. */
struct http_config server_http_config(struct server *s);
/* http_config.finish: Kith-Signature on what a station asked for (docs/sync-protocol.md). */
void server_sign_reply(void *context, struct request *q, struct reply *r);

static inline int64_t server_now(const struct server *s)
{
	return s->now_ms();
}
