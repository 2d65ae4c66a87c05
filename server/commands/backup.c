#include <getopt.h>

#include "core/base/config.h"
#include "server/backup.h"
#include "server/command.h"

/* Where the secret half goes: the file that was named, or the terminal, once. */
static bool hand_out(const struct backup_key *key, const char *file, struct err *e)
{
	char text[160];
	struct buf b = BUF_ON(text);
	bool ok = true;

	backup_key_write(&b, key);
	if (file) {
		ok = file_replace(file, buf_bytes(&b), 0600, e);
	} else {
		printf("This key opens the backups. It is shown once and is not kept here: write "
		       "it down, or keep\n"
		       "it in a file on another machine.\n\n");
		fwrite(text, 1, b.len, stdout);
		printf("\n");
	}
	crypto_wipe(text, sizeof(text));
	return ok;
}

static bool ensure_key(const char *dir, const char *file, struct err *e)
{
	uint8_t public_key[SEAL_PUBLIC_LEN];
	struct backup_key key;
	bool ok;

	if (backup_public_key(public_key, dir, e))
		return true;
	if (e->code != ERR_NOT_FOUND)
		return false;
	*e = (struct err){ 0 };
	ok = backup_make_key(&key, dir, e) && hand_out(&key, file, e);
	crypto_wipe(&key, sizeof(key));
	return ok;
}

bool command_backup(struct invocation *in, struct err *e)
{
	static const struct option options[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "keep", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	const char *file = NULL, *dir;
	struct backup_result result;
	struct server *s = NULL;
	uint64_t keep = BACKUP_KEEP;
	struct str where;
	int option;
	bool ok;

	while ((option = getopt_long(in->argc, in->argv, "", options, NULL)) != -1) {
		if (option == 'k')
			file = optarg;
		else if (option != 'n')
			return command_bad_option(e);
		else if (!str_u64(str_of(optarg), &keep) || keep == 0 || keep > 10000)
			return err_set(e, ERR_USAGE, "--keep is a number from 1 to 10000");
	}
	if (!command_argument(in, 0, true, &where, e))
		return false;
	dir = arena_cstr(in->arena, where);
	ok = command_open(&s, in, STORE_COMMAND, e) && ensure_key(dir, file, e) &&
	     backup_make(s, dir, (unsigned)keep, &result, e);
	if (ok)
		printf("%s\n%lld entries in %lld streams, %lld bytes, verified\n", result.path,
			(long long)result.entries, (long long)result.streams,
			(long long)result.bytes);
	server_close(s);
	return ok;
}

static bool read_key(struct backup_key *out, const char *file, struct err *e)
{
	struct arena a = { 0 };
	struct bytes text;
	bool ok = file_read(&text, file, 4096, &a, e);

	if (ok) {
		ok = backup_key_read(out, text, e) || err_in(e, "%s", file);
		crypto_wipe((void *)text.p, text.len);
	}
	arena_finish(&a);
	return ok;
}

bool command_restore(struct invocation *in, struct err *e)
{
	static const struct option options[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "name", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	const char *file = NULL, *name = NULL;
	char path[BACKUP_PATH_MAX];
	struct backup_key key;
	struct str dir;
	int option;
	bool ok;

	while ((option = getopt_long(in->argc, in->argv, "", options, NULL)) != -1) {
		if (option == 'k')
			file = optarg;
		else if (option == 'n')
			name = optarg;
		else
			return command_bad_option(e);
	}
	if (!command_argument(in, 0, true, &dir, e))
		return false;
	if (!file)
		return err_set(e, ERR_USAGE,
			"--key names the file with the key that \"backup\" handed out");
	if (!read_key(&key, file, e))
		return false;
	ok = backup_restore(in->store, arena_cstr(in->arena, dir), name, &key, path, e);
	if (ok)
		printf("restored %s\nThe stations fill the log up at their next contact.\n", path);
	crypto_wipe(&key, sizeof(key));
	return ok;
}
