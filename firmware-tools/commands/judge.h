/*
 * Who may pass, by what the operator gives: the event's public keys with the time until which each
 * holds, and the badges that were revoked (core/tag/badge_lists.h).
 */
#pragma once

#include "core/tag/badge_lists.h"

struct judge {
	struct badge_keys keys;
	struct badge_revoked revoked;
};

/* What --key, --key-public, --keys and --revoked give; each may be NULL. */
struct judge_options {
	const char *key_file, *key_word, *keys_file, *revoked_file;
};

/* ERR_USAGE when no key is given. Errors of files name the line. Lists live in a. */
MUST_CHECK bool judge_open(
	struct judge *j, const struct judge_options *o, struct arena *a, struct err *e);

struct judgement {
	bool ok;
	const char *name;  /* "revoked" or a badge_verdict_name */
	const char *words; /* one sentence for people */
};

/* The first thing that is wrong; a signature is checked before anything that it vouches for. */
struct judgement judge_badge(
	const struct judge *j, const struct badge *b, struct bytes uid, int64_t now_ms);

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
