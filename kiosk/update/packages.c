/* dpkg's side of an update: what is installed, what is kept to go back to, what is put in place. */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/run.h"
#include "core/base/text.h"
#include "kiosk/update/update.h"

/* Where the package has it; in a build, beside the program. */
static const char *repack_path(struct arena *a)
{
	char self[512];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
	struct str folder = { self, n > 0 ? (size_t)n : 0 };

	while (folder.len > 0 && folder.p[folder.len - 1] != '/')
		folder.len--;
	return access(KITH_REPACK, X_OK) == 0 || folder.len == 0
		       ? KITH_REPACK
		       : arena_printf(a, STR_FMT "repack", STR_ARG(folder)).p;
}

static const char *root_option(const struct update *u, const char *option, const char *tail)
{
	return arena_printf(u->arena, "--%s=" STR_FMT "%s", option, STR_ARG(u->config->root), tail)
		.p;
}

bool packages_have(const struct update *u, struct str name, struct str *version)
{
	const char *const argv[] = { "dpkg-query", root_option(u, "admindir", "/var/lib/dpkg"),
		"-W", "-f", "${db:Status-Status} ${Version}", arena_cstr(u->arena, name), NULL };
	struct buf text = BUF_IN(u->arena);
	const struct run r = { .argv = argv, .out = &text };
	struct str line, status;
	struct err e;
	int how;

	if (!run_wait(&r, &how, &e) || how != 0 || !utf8_check(buf_bytes(&text), &line) ||
		!str_split(&line, ' ', &status))
		return false;
	*version = str_trim(line);
	return str_equal(status, STR("installed")) && version_ok(*version);
}

bool packages_version(struct str *out, const struct update *u, struct str name, struct err *e)
{
	return packages_have(u, name, out) ||
	       err_set(e, ERR_NOT_FOUND, "the package " STR_FMT " is not installed", STR_ARG(name));
}

/* The version of a file that is kept; empty where there is none that is whole. */
static struct str kept_version(const struct update *u, const char *path)
{
	const char *const argv[] = { "dpkg-deb", "-f", path, "Version", NULL };
	struct buf text = BUF_IN(u->arena);
	const struct run r = { .argv = argv, .out = &text };
	struct str version;
	struct err e;
	int how;

	if (access(path, R_OK) != 0 || !run_wait(&r, &how, &e) || how != 0 ||
		!utf8_check(buf_bytes(&text), &version))
		return STR("");
	return str_trim(version);
}

static const char *deb_path(const struct update *u, const char *folder, struct str name)
{
	return update_path(
		u, arena_printf(u->arena, "%s/" STR_FMT ".deb", folder, STR_ARG(name)).p);
}

/* What was put in place by hand, or with the image, has no file here: it is packed again. */
bool packages_keep_one(const struct update *u, struct str name, struct err *e)
{
	const char *path = deb_path(u, "current", name);
	const char *const argv[] = { repack_path(u->arena), arena_cstr(u->arena, u->config->root),
		arena_cstr(u->arena, name), path, NULL };
	const struct run r = { .argv = argv, .die_with_us = true };
	struct str installed;

	if (!packages_version(&installed, u, name, e))
		return false;
	if (str_equal(kept_version(u, path), installed))
		return true;
	log_info("update keeps package=" STR_FMT " version=" STR_FMT, STR_ARG(name),
		STR_ARG(installed));
	return run_ok(&r, e) ? true : err_in(e, "what is installed cannot be kept");
}

static bool install_files(const struct update *u, const char *const *files, size_t n, struct err *e)
{
	const char *argv[8 + RELEASE_PACKAGES_MAX];
	const struct run r = { .argv = argv, .die_with_us = true };
	size_t at = 0;

	argv[at++] = "dpkg";
	if (u->config->root.len > 0)
		argv[at++] = root_option(u, "root", "");
	argv[at++] = "--force-confdef";
	argv[at++] = "--force-confold";
	argv[at++] = "--install";
	for (size_t i = 0; i < n; i++)
		argv[at++] = files[i];
	argv[at] = NULL;
	return run_ok(&r, e);
}

bool packages_install(const struct update *u, const char *folder, struct err *e)
{
	const char *files[RELEASE_PACKAGES_MAX];

	for (size_t i = 0; i < u->state.package_count; i++)
		files[i] = deb_path(u, folder, u->state.packages[i]);
	return u->state.package_count == 0 || install_files(u, files, u->state.package_count, e);
}

/* The updater comes last, once the kiosk is well: it does not judge what would replace it. */
static bool exchange_updater(const struct update *u, struct err *e)
{
	const char *next = deb_path(u, "new", STR("kith-update"));
	const char *former = deb_path(u, "current", STR("kith-update"));

	if (access(next, R_OK) != 0 || install_files(u, &next, 1, e))
		return true;
	log_error("the updater stays as it was: %s", e->text);
	unlink(next);
	return install_files(u, &former, 1, e);
}

static bool move(const struct update *u, struct str name, struct err *e)
{
	const char *from = deb_path(u, "new", name), *to = deb_path(u, "current", name);

	return rename(from, to) == 0 || errno == ENOENT || err_errno(e, "%s", to);
}

bool packages_advance(const struct update *u, struct err *e)
{
	int fd;

	if (u->state.updater && !exchange_updater(u, e))
		return false;
	for (size_t i = 0; i < u->state.package_count; i++)
		if (!move(u, u->state.packages[i], e))
			return false;
	if (u->state.updater && !move(u, STR("kith-update"), e))
		return false;
	fd = open(update_path(u, "current"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	return true;
}

bool packages_restore(const struct update *u, struct err *e)
{
	static const struct str names[] = { STR_INIT("kith-kiosk"), STR_INIT("kith-screen"),
		STR_INIT("kith-tools"), STR_INIT("kith-update") };
	const char *files[ARRAY_LEN(names)];
	struct str installed;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *path = deb_path(u, "current", names[i]);
		struct str kept = kept_version(u, path);

		/* what is older than the system is of before it was renewed by hand */
		if (kept.len > 0 && packages_have(u, names[i], &installed) &&
			version_compare(kept, installed) > 0)
			files[n++] = path;
	}
	if (n > 0)
		log_info("the system forgot %zu packages of an update: they are put in place again",
			n);
	return n == 0 || install_files(u, files, n, e);
}
