/*
 * Organizers: an e-mail address, a password (argon2id), and the events that they may see. There is
 * no account before somebody at the server's console makes one.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/db/db.h"

enum { PASSWORD_MIN = 10, PASSWORD_MAX = 1000, EMAIL_MAX = 200 };

/*
 * Add an organizer, or give one that is there another event or password. event 0: every event,
 * also later ones. password is the hash (password_hash); NULL keeps the one that is there,
 * a new one ends all sessions.
 * ERR_USAGE: no e-mail address, or a new organizer without a password. ERR_NOT_FOUND: no such
 * event.
 */
MUST_CHECK bool organizer_add(struct db *db, struct str email, uint32_t event, const char *password,
	int64_t now_ms, struct id *out, struct err *e);
/* ERR_USAGE with what is missing. */
MUST_CHECK bool password_check(struct str password, struct err *e);
/* 100 random bits in groups, for an account whose owner has not chosen one. */
struct str password_random(struct arena *a);

struct organizer {
	struct id id;
	char password[PASSWORD_HASH_LEN];
};

/* ERR_NOT_FOUND. */
MUST_CHECK bool organizer_find(
	struct organizer *out, struct db *db, struct str email, struct err *e);
/* ERR_NOT_FOUND also for an event that there is, but not for this organizer. */
MUST_CHECK bool organizer_may(struct db *db, struct id organizer, uint32_t event, struct err *e);
/* Their events, ascending. */
MUST_CHECK bool organizer_events(uint32_t **out, size_t *n, struct db *db, struct id organizer,
	struct arena *a, struct err *e);
/* Their address; empty when there is no such organizer. In a. */
MUST_CHECK bool organizer_email(
	struct str *out, struct db *db, struct id organizer, struct arena *a, struct err *e);
