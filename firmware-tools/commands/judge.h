/*
 * Who may pass: the event's public keys with the time until which each holds, and the badges that
 * were revoked. Files of text, as kith-badge key and kith-server write them:
 *
 *	kith-event-keys-1			kith-revoked-1
 *	7.1.BASE64URL until 2026-12-01T00:00:00Z	AAECAwQFBgcICQoLDA0ODw
 *	7.2.BASE64URL
 *
 * Empty lines and lines that begin with '#' say nothing.
 */
#pragma once

#include "core/base/arena.h"
#include "core/tag/badge.h"

#define JUDGE_REVOKED_MARK "kith-revoked-1" /* the first line of such a list */

enum { JUDGE_KEYS_MAX = 256, JUDGE_FILE_MAX = 16 << 20 };

struct judge {
	struct badge_key keys[JUDGE_KEYS_MAX];
	size_t key_count;
	struct id *revoked; /* sorted */
	size_t revoked_count;
};

/* What --key, --key-public, --keys and --revoked give; each may be NULL. */
struct judge_options {
	const char *key_file, *key_word, *keys_file, *revoked_file;
};

/* ERR_USAGE when no key is given. Errors of files name the line. Lists live in a. */
MUST_CHECK bool judge_open(
	struct judge *j, const struct judge_options *o, struct arena *a, struct err *e);
/* Only the list of keys, as judge_open takes it; and its text. */
MUST_CHECK bool judge_keys_read(struct judge *j, struct bytes text, struct err *e);
void judge_keys_write(struct buf *out, const struct judge *j);
/* Only the list of revoked badges, which lives in a. ERR_MALFORMED names the line. */
MUST_CHECK bool judge_revoked_read(
	struct judge *j, struct bytes text, struct arena *a, struct err *e);
bool judge_is_revoked(const struct judge *j, struct id id);

struct judgement {
	bool ok;
	const char *name;  /* "revoked" or a badge_verdict_name */
	const char *words; /* one sentence for people */
};

/* The first thing that is wrong; a signature is checked before anything that it vouches for. */
struct judgement judge_badge(
	const struct judge *j, const struct badge *b, struct bytes uid, int64_t now_ms);

/* "2026-12-01T00:00:00Z" (RFC 3339, UTC) to milliseconds since 1970. */
MUST_CHECK bool judge_time_read(struct str text, int64_t *ms);

#define JUDGE_OPTION_ROWS(type, field)                                                             \
	{ "key", "FILE", "judge by this event key's public half", offsetof(type, field.key_file),  \
		false },                                                                           \
		{ "key-public", "WORD", "judge by this public key, EVENT.NUMBER.BASE64URL",        \
			offsetof(type, field.key_word), false },                                   \
		{ "keys", "FILE", "judge by a list of public keys",                                \
			offsetof(type, field.keys_file), false },                                  \
	{                                                                                          \
		"revoked", "FILE", "refuse the badges in this list",                               \
			offsetof(type, field.revoked_file), false                                  \
	}
