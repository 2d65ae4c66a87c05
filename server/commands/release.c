/* kith-server release: what kiosks may follow to. The key that signs it is never here. */
#include <getopt.h>

#include "core/base/config.h"
#include "core/base/text.h"
#include "server/command.h"
#include "server/releases.h"

static void print_release(const struct release *x, const struct hash *digest)
{
	char text[2 * HASH_LEN];
	struct buf hex = BUF_ON(text);

	hex_write(&hex, hash_bytes(digest));
	printf(STR_FMT "\t" STR_FMT "\t%llu\t" STR_FMT "\n", STR_ARG(x->version),
		STR_ARG(x->architecture), (unsigned long long)x->size, STR_ARG(buf_str(&hex)));
}

bool command_release_add(struct invocation *in, struct err *e)
{
	struct server *s = NULL;
	struct release x;
	struct hash digest;
	struct bytes bytes;
	struct str file;
	bool ok;

	if (getopt(in->argc, in->argv, "") != -1)
		return command_bad_option(e);
	if (!command_argument(in, 0, true, &file, e) ||
		!file_read(&bytes, arena_cstr(in->arena, file), RELEASE_MAX, in->arena, e))
		return false;
	ok = command_open(&s, in, STORE_COMMAND, e) &&
	     releases_add(s->releases, bytes, &x, &digest, in->arena, e);
	if (ok)
		print_release(&x, &digest);
	server_close(s);
	return ok;
}

static bool print_one(void *context, const struct release *x, const struct hash *digest)
{
	(void)context;
	print_release(x, digest);
	return true;
}

bool command_release_list(struct invocation *in, struct err *e)
{
	struct server *s = NULL;
	bool ok;

	if (getopt(in->argc, in->argv, "") != -1 || optind < in->argc)
		return command_bad_option(e);
	ok = command_open(&s, in, STORE_COMMAND, e) &&
	     releases_each(s->releases, print_one, NULL, e);
	server_close(s);
	return ok;
}

struct withdrawing {
	struct releases *releases;
	struct str version;
	size_t count;
	bool ok;
	struct err *e;
};

static bool withdraw_one(void *context, const struct release *x, const struct hash *digest)
{
	struct withdrawing *w = context;

	if (!str_equal(x->version, w->version))
		return true;
	w->ok = releases_remove(w->releases, digest, w->e);
	if (w->ok)
		print_release(x, digest);
	w->count++;
	return w->ok;
}

bool command_release_withdraw(struct invocation *in, struct err *e)
{
	struct withdrawing w = { .ok = true, .e = e };
	struct server *s = NULL;
	bool ok;

	if (getopt(in->argc, in->argv, "") != -1)
		return command_bad_option(e);
	if (!command_argument(in, 0, true, &w.version, e) ||
		!command_open(&s, in, STORE_COMMAND, e))
		return false;
	w.releases = s->releases;
	ok = releases_each(s->releases, withdraw_one, &w, e) && w.ok;
	if (ok && w.count == 0)
		ok = err_set(
			e, ERR_NOT_FOUND, "no release " STR_FMT " is offered", STR_ARG(w.version));
	server_close(s);
	return ok;
}
