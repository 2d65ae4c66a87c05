/*
 * What a kiosk and its updater tell each other, in small files of JSON: they are two programs with
 * different rights, and neither calls the other.
 *
 *	alive.json	the kiosk's: in its runtime folder, written whenever it changes
 *	outcome.json	the updater's: what became of the last release, and which are bad
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/err.h"

/* How a kiosk is. */
struct alive {
	struct str version;
	uint64_t pid;
	bool store, readers, online; /* entries can be written; one works; the server answers */
	bool busy;		     /* somebody is there */
};

void alive_write(struct buf *out, const struct alive *x);
/* ERR_MALFORMED. Borrows from a. */
MUST_CHECK bool alive_read(struct alive *out, struct bytes text, struct arena *a, struct err *e);

enum { OUTCOME_BAD_MAX = 16 }; /* further ones push the oldest out */

/* What became of a release, and why: words of one alphabet, a to z and '-'. */
struct outcome {
	struct str state;   /* "installed", "refused", "rolled-back", "stuck"; empty: nothing yet */
	struct str version; /* of that release */
	struct str reason;  /* "", "signature", "damaged", "older", "architecture", "from", "bad",
			       "space", "install", "unhealthy", "power" */
	struct hash digest; /* of that release's file */
	struct hash bad[OUTCOME_BAD_MAX]; /* files that are not tried again, the oldest first */
	size_t bad_count;
};

void outcome_write(struct buf *out, const struct outcome *x);
/*
 * ERR_MALFORMED, ERR_TOO_LARGE: no JSON, words of another alphabet, or a bad one without a digest.
 * Of more than OUTCOME_BAD_MAX bad ones the last are kept. Borrows from a.
 */
MUST_CHECK bool outcome_read(
	struct outcome *out, struct bytes text, struct arena *a, struct err *e);
bool outcome_is_bad(const struct outcome *x, const struct hash *digest);
void outcome_add_bad(struct outcome *x, const struct hash *digest);
/*
 * What an outcome and a kiosk's report of it (core/entry/wire/batch.h) have in common: state and
 * reason are words of a to z and '-', at most 16 each; the reason and the version may be empty.
 */
bool outcome_words_ok(struct str state, struct str version, struct str reason);
