/*
 * kith-badge key: event keys at a bench without a server. Made, followed by the next, exported (the
 * public half only), looked at; and the list of badges that hold no more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/base/clock.h"
#include "core/base/config.h"
#include "core/base/text.h"
#include "core/tag/badge_lists.h"
#include "core/tag/event_key.h"
#include "firmware-tools/command.h"
#include "firmware-tools/verbs.h"

struct job {
	const char *event, *number, *out, *key_file, *keys_file, *until, *list_file;
};

enum { KEYS_MODE = 0644, OLD_DAYS = 30 };

static const struct option_row new_rows[] = {
	{ "event", "N", "the event's number", offsetof(struct job, event), true },
	{ "out", "FILE", "the new key, for its owner alone", offsetof(struct job, out), true },
	{ "number", "K", "the key's number, 0 to 255 (1)", offsetof(struct job, number), false },
};
static const struct option_row rotate_rows[] = {
	{ "key", "FILE", "the key that signs until now", offsetof(struct job, key_file), true },
	{ "out", "FILE", "the next one", offsetof(struct job, out), true },
	{ "keys", "FILE", "the list of public keys that is brought up to date",
		offsetof(struct job, keys_file), true },
	{ "until", "TIME", "how long the old key's badges hold, 2026-12-01T00:00:00Z (30 days)",
		offsetof(struct job, until), false },
};
static const struct option_row export_rows[] = {
	{ "key", "FILE", "the key", offsetof(struct job, key_file), true },
	{ "keys", "FILE", "put it into this list, rather than print it",
		offsetof(struct job, keys_file), false },
};
static const struct option_row revoke_rows[] = {
	{ "list", "FILE", "the list of revoked badges; made when it is not there",
		offsetof(struct job, list_file), true },
};

/* A key that is there is never written over: badges out there need it. */
static bool is_free(const char *path, struct err *e)
{
	struct stat st;

	return stat(path, &st) != 0 ||
	       err_set(e, ERR_CONFLICT, "%s is there already; a key is never written over", path);
}

static bool write_key(const char *path, const struct event_key *key, struct err *e)
{
	return is_free(path, e) && event_key_write_file(path, key, e);
}

static void make(struct event_key *key, uint32_t event, uint8_t number)
{
	uint8_t open[SIGN_PUBLIC_LEN];

	key->event = event;
	key->number = number;
	sign_keypair(open, key->secret);
}

static void print_key(const struct event_key *key)
{
	const struct badge_key public = event_key_public(key);
	char text[128];
	struct buf b = BUF_ON(text);

	badge_key_write(&b, &public);
	printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
}

static bool run_new(void *work, char **rest, struct arena *a, struct err *e)
{
	struct job *j = work;
	uint64_t event, number = 1;
	struct event_key key;
	bool ok;

	(void)rest, (void)a;
	if (!str_u64(str_of(j->event), &event) || event == 0 || event > UINT32_MAX)
		return err_set(e, ERR_USAGE, "--event takes the event's number");
	if (j->number && (!str_u64(str_of(j->number), &number) || number > UINT8_MAX))
		return err_set(e, ERR_USAGE, "--number takes 0 to 255");
	make(&key, (uint32_t)event, (uint8_t)number);
	ok = write_key(j->out, &key, e);
	if (ok)
		print_key(&key);
	crypto_wipe(&key, sizeof(key));
	return ok;
}

/* Empty when the file is not there. */
static bool read_list(struct badge_keys *list, const char *path, struct arena *a, struct err *e)
{
	struct stat st;
	struct bytes text;

	list->count = 0;
	if (stat(path, &st) != 0)
		return true;
	return file_read(&text, path, BADGE_LIST_MAX, a, e) &&
	       (badge_keys_read(list, text, e) || err_in(e, "%s", path));
}

static bool write_list(
	const struct badge_keys *list, const char *path, struct arena *a, struct err *e)
{
	struct buf text = BUF_IN(a);

	badge_keys_write(&text, list);
	return file_replace(path, buf_bytes(&text), KEYS_MODE, e);
}

/* Added, or its time set anew. */
static bool put(struct badge_keys *list, struct badge_key key, int64_t until_ms, struct err *e)
{
	struct badge_key *there = badge_keys_find(list, key.event, key.number);

	key.until_ms = until_ms;
	if (!there)
		return badge_keys_add(list, key, e);
	if (memcmp(there->public_key, key.public_key, SIGN_PUBLIC_LEN) != 0)
		return err_set(
			e, ERR_CONFLICT, "the list has another key %u of this event", key.number);
	*there = key;
	return true;
}

/* The highest number that this event has, so that the next is new. */
static unsigned next_number(const struct badge_keys *list, const struct event_key *old)
{
	unsigned next = old->number + 1u;

	for (size_t i = 0; i < list->count; i++)
		if (list->keys[i].event == old->event && list->keys[i].number >= next)
			next = list->keys[i].number + 1u;
	return next;
}

static bool rotate(struct job *j, const struct event_key *old, struct badge_keys *list,
	struct event_key *next, struct arena *a, struct err *e)
{
	int64_t until_ms = clock_wall_ms() + OLD_DAYS * INT64_C(86400000);
	unsigned number;

	if (j->until && !badge_until_read(str_of(j->until), &until_ms))
		return err_set(e, ERR_USAGE, "--until takes a time as in 2026-12-01T00:00:00Z");
	if (!read_list(list, j->keys_file, a, e))
		return false;
	number = next_number(list, old);
	if (number > UINT8_MAX)
		return err_set(e, ERR_FULL, "there is no key number left for this event");
	make(next, old->event, (uint8_t)number);
	/* the list first: it may name a key that nobody has, but not the other way round */
	return put(list, event_key_public(old), until_ms, e) &&
	       put(list, event_key_public(next), 0, e) && is_free(j->out, e) &&
	       write_list(list, j->keys_file, a, e) && write_key(j->out, next, e);
}

static bool run_rotate(void *work, char **rest, struct arena *a, struct err *e)
{
	struct job *j = work;
	struct badge_keys *list = ARENA_NEW(a, struct badge_keys);
	struct event_key old, next = { 0 };
	bool ok;

	(void)rest;
	if (!event_key_read_file(&old, j->key_file, a, e))
		return false;
	ok = rotate(j, &old, list, &next, a, e);
	if (ok)
		print_key(&next);
	crypto_wipe(&old, sizeof(old));
	crypto_wipe(&next, sizeof(next));
	return ok;
}

static bool run_export(void *work, char **rest, struct arena *a, struct err *e)
{
	struct job *j = work;
	struct badge_keys *list = ARENA_NEW(a, struct badge_keys);
	const struct badge_key *there;
	struct event_key key;
	bool ok = true;

	(void)rest;
	if (!event_key_read_file(&key, j->key_file, a, e))
		return false;
	if (j->keys_file) {
		ok = read_list(list, j->keys_file, a, e);
		/* a key that was replaced stays so */
		there = badge_keys_find(list, key.event, key.number);
		ok = ok && put(list, event_key_public(&key), there ? there->until_ms : 0, e) &&
		     write_list(list, j->keys_file, a, e);
	} else {
		print_key(&key);
	}
	crypto_wipe(&key, sizeof(key));
	return ok;
}

static bool read_revoked(struct badge_revoked *known, struct bytes *text, const char *path,
	struct arena *a, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return true;
	return file_read(text, path, BADGE_LIST_MAX, a, e) &&
	       (text->len == 0 || badge_revoked_read(known, *text, a, e) ||
		       err_in(e, "%s is no list of revoked badges", path));
}

static bool stands_in(const struct id *ids, size_t n, struct id id)
{
	while (n-- > 0)
		if (id_equal(ids[n], id))
			return true;
	return false;
}

/* The file with the ids that it lacks behind it: they are only ever added, each once. */
static bool run_revoke(void *work, char **rest, struct arena *a, struct err *e)
{
	struct job *j = work;
	struct badge_revoked known = { 0 };
	struct bytes old = { 0 };
	struct buf text = BUF_IN(a);
	struct id *added;
	size_t n = 0;

	if (!read_revoked(&known, &old, j->list_file, a, e))
		return false;
	if (old.len == 0)
		badge_revoked_write_mark(&text);
	buf_add(&text, old);
	if (text.p[text.len - 1] != '\n')
		buf_add_char(&text, '\n');
	while (rest[n])
		n++;
	added = ARENA_ARRAY(a, n, struct id);
	for (n = 0; *rest; rest++) {
		struct id id;

		if (!id_read(str_of(*rest), &id))
			return err_set(e, ERR_USAGE, "\"%.60s\" is no badge's id", *rest);
		if (badge_revoked_has(&known, id) || stands_in(added, n, id))
			continue;
		added[n++] = id;
		badge_revoked_write_id(&text, id);
	}
	return file_replace(j->list_file, buf_bytes(&text), KEYS_MODE, e);
}

/* Sorted by name. */
static const struct verb verbs[] = {
	{ "export", "print the public half, or put it into a list", VERB_ROWS(export_rows), "", 0,
		0, run_export },
	{ "new", "make an event key", VERB_ROWS(new_rows), "", 0, 0, run_new },
	{ "revoke", "add badges to the list of those that hold no more", VERB_ROWS(revoke_rows),
		"ID...", 1, 100000, run_revoke },
	{ "rotate", "follow a key with the next; the old one's badges hold for a while",
		VERB_ROWS(rotate_rows), "", 0, 0, run_rotate },
};

static int run_key(int argc, char **argv, struct arena *a, struct err *e)
{
	struct job j = { 0 };

	return verbs_run("key", verbs, ARRAY_LEN(verbs), &j, argc, argv, a, e);
}

const struct command command_key = {
	.name = "key",
	.usage = "export | new | revoke | rotate",
	.help = "make, rotate and export event keys; revoke badges",
	.run = run_key,
};
