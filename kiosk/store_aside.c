/* The files that stand beside the store's: PATH.damaged-1, PATH.event-7-1, PATH.newer-1. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/log.h"
#include "kiosk/store_private.h"

bool store_move_aside(
	const struct store *s, const char *why, struct str *to, struct arena *a, struct err *e)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	const char *from = s->config.path;
	struct str base;
	unsigned n = 1;

	do
		base = arena_printf(a, "%s.%s-%u", from, why, n);
	while (access(base.p, F_OK) == 0 && n++ < 1000);
	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		const char *old = arena_printf(a, "%s%s", from, tails[i]).p;
		const char *new = arena_printf(a, "%s%s", base.p, tails[i]).p;

		if (rename(old, new) != 0 && (errno != ENOENT || i == 0))
			return err_errno(e, "%s cannot be moved aside", old);
	}
	*to = base;
	return true;
}

/* "kiosk.db.damaged-1-wal" beside "kiosk.db" */
static bool is_aside(struct str name, struct str base)
{
	static const char *const why[] = { ".damaged-", ".event-", ".newer-", ".older" };

	if (!str_starts(name, base))
		return false;
	name = str_sub(name, base.len, name.len);
	for (size_t i = 0; i < ARRAY_LEN(why); i++)
		if (str_starts(name, str_of(why[i])))
			return true;
	return false;
}

bool store_drop_aside(const struct store *s, struct err *e)
{
	const char *slash = strrchr(s->config.path, '/');
	const char *base = slash ? slash + 1 : s->config.path;
	struct arena a = { 0 };
	const char *folder =
		slash ? arena_printf(&a, "%.*s/", (int)(slash - s->config.path), s->config.path).p
		      : ".";
	DIR *d = opendir(folder);
	bool ok = d || err_errno(e, "%s", folder);

	for (struct dirent *x; d && (x = readdir(d));) {
		if (!is_aside(str_of(x->d_name), str_of(base)))
			continue;
		log_warn("wiped file=%s", x->d_name);
		if (unlinkat(dirfd(d), x->d_name, 0) != 0)
			ok = err_errno(e, "%s/%s cannot be deleted", folder, x->d_name);
	}
	if (d)
		closedir(d);
	arena_finish(&a);
	return ok;
}
