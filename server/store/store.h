/*
 * The folder of a server's store: kith.db, and two lock files. "lock" is held by the one program
 * that writes and checkpoints: a running server, or a command while no server runs. A command
 * beside a running server is a guest: it writes in its own transactions, and leaves the
 * checkpoints to the server. "open" is held only while a program opens the store.
 */
#pragma once

#include "core/db/db.h"

enum store_use {
	STORE_SERVE, /* waits up to 5 s for a command to end; makes the store where there is none */
	STORE_CREATE,  /* a command that may be the first */
	STORE_COMMAND, /* a command that needs a store: ERR_NOT_FOUND without */
};

struct store;

/*
 * url is a folder, made with mode 0700. ERR_UNSUPPORTED for postgresql:, ERR_CONFLICT when another
 * server holds it or the store is newer than the program, ERR_FORBIDDEN when others may enter.
 */
MUST_CHECK bool store_open(struct store **out, const char *url, enum store_use use, struct err *e);
void store_close(struct store *st); /* accepts NULL */
/* The connection that writes. */
struct db *store_db(struct store *st);
const char *store_path(const struct store *st); /* of kith.db */
const char *store_folder(const struct store *st);
/* A further connection: DB_READER, or DB_GUEST for copies. */
MUST_CHECK bool store_connect(struct store *st, enum db_mode mode, struct db **out, struct err *e);

/*
 * Put another database in the place of a store's, while no program has it open. begin makes the
 * folder where it is missing and holds its lock (ERR_CONFLICT when somebody else does); path is
 * where the new database is to be made. commit moves what was there to STORE/replaced-TIME/.
 */
struct store_swap {
	char folder[4096 - 64], path[4096];
	int lock;
};
MUST_CHECK bool store_swap_begin(struct store_swap *swap, const char *folder, struct err *e);
MUST_CHECK bool store_swap_commit(struct store_swap *swap, struct err *e);
void store_swap_abort(struct store_swap *swap);

/* Rows of meta. Getting copies into out, exactly n bytes; false with ERR_NOT_FOUND when absent. */
/* There, in one byte, from a restore until the store is opened. */
#define STORE_RESTORED "restored"
MUST_CHECK bool meta_get(struct db *db, const char *name, void *out, size_t n, struct err *e);
MUST_CHECK bool meta_set(struct db *db, const char *name, struct bytes value, struct err *e);
