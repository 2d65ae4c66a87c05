/* From the kiosk's inbox to new/: read once, checked by root's own key, written down. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/run.h"
#include "core/base/text.h"
#include "kiosk/update/update.h"

bool update_read_theirs(
	struct bytes *out, const char *path, size_t limit, struct arena *a, struct err *e)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct buf b = BUF_IN(a);
	uint8_t chunk[65536];
	struct stat st;
	ssize_t n = 0;

	if (fd < 0) {
		err_errno(e, "%s", path);
		if (errno == ENOENT)
			e->code = ERR_NOT_FOUND;
		return false;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size > limit) {
		close(fd);
		return err_set(e, ERR_MALFORMED, "%s is no file, or too large", path);
	}
	while (b.len <= limit && (n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(&b, bytes_of(chunk, (size_t)n));
	close(fd);
	if (n < 0)
		return err_errno(e, "%s", path);
	*out = buf_bytes(&b);
	return true;
}

void update_empty_inbox(const struct update *u)
{
	const char *path = arena_cstr(u->arena, u->config->inbox);

	if (unlink(path) != 0 && errno != ENOENT)
		log_error("%s cannot be removed", path);
}

/* Whoever can write this file decides what is installed: it must be root's. */
static bool read_keys(struct release_keys *out, const struct update *u, struct err *e)
{
	const char *path = arena_cstr(u->arena, u->config->keys);
	struct bytes text;
	struct stat st;

	out->count = 0;
	if (stat(path, &st) != 0)
		return err_errno(e, "%s", path);
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(
			e, ERR_FORBIDDEN, "%s must be root's, and for nobody else to write", path);
	return file_read(&text, path, LIMIT_CONFIG_BYTES, u->arena, e) &&
	       (release_keys_read(out, text, e) || err_in(e, "%s", path));
}

static bool ask_architecture(struct str *out, const struct update *u, struct err *e)
{
	const char *const argv[] = { "dpkg", "--print-architecture", NULL };
	struct buf text = BUF_IN(u->arena);
	const struct run r = { .argv = argv, .out = &text };

	if (!run_ok(&r, e))
		return false;
	return utf8_check(buf_bytes(&text), out) ? (*out = str_trim(*out), true)
						 : err_set(e, ERR_MALFORMED, "dpkg: no text");
}

/* The release itself, what was unpacked of it, what is kept, and room to work. */
static bool has_room(const struct update *u, uint64_t size)
{
	struct statvfs fs;

	return statvfs(arena_cstr(u->arena, u->config->state_dir), &fs) != 0 ||
	       (uint64_t)fs.f_bavail * fs.f_frsize > 6 * size + (8 << 20);
}

/* NULL: it may be installed. */
static const char *judge(const struct update *u, const struct release *r,
	const struct release_keys *keys, struct str architecture, struct str installed)
{
	enum release_verdict v = release_judge(r, keys, architecture, installed);

	if (v != RELEASE_FITS)
		return release_verdict_name(v);
	if (outcome_is_bad(&u->outcome, &u->state.digest))
		return "bad";
	return has_room(u, r->size) ? NULL : "space";
}

/* Root's alone: a package that was packed again holds the configuration, with its secrets. */
static bool make_folder(const struct update *u, const char *name, struct err *e)
{
	const char *path = update_path(u, name);

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_errno(e, "%s", path);
	return chmod(path, 0700) == 0 || err_errno(e, "%s", path);
}

/* Those that are here already; the updater's own goes last and by itself (PHASE_KEEP). */
static bool unpack(struct update *u, const struct release *r, struct err *e)
{
	if (!make_folder(u, "new", e) || !make_folder(u, "current", e))
		return false;
	for (size_t i = 0; i < r->package_count; i++) {
		const struct release_package *p = &r->packages[i];
		const char *name = arena_cstr(u->arena, p->name);
		struct str version;

		if (!packages_have(u, p->name, &version)) {
			log_info("update package=%s is not installed here, and left out", name);
			continue;
		}
		if (!packages_keep_one(u, p->name, e) ||
			!file_replace(update_path(u, arena_printf(u->arena, "new/%s.deb", name).p),
				p->bytes, 0644, e))
			return false;
		if (str_equal(p->name, STR("kith-update")))
			u->state.updater = true;
		else
			u->state.packages[u->state.package_count++] = p->name;
	}
	return true;
}

static bool refuse(struct update *u, const char *reason, struct err *e)
{
	update_empty_inbox(u);
	return update_tell(u, "refused", reason, e);
}

bool update_take(struct update *u, struct err *e)
{
	struct release *r = ARENA_NEW(u->arena, struct release);
	struct str architecture, installed;
	struct release_keys keys;
	const char *reason;
	struct bytes file;

	u->state = (struct update_state){
		.phase = PHASE_NONE, .version = STR(""), .reason = STR("")
	};
	if (!update_read_theirs(
		    &file, arena_cstr(u->arena, u->config->inbox), RELEASE_MAX, u->arena, e)) {
		if (e->code == ERR_NOT_FOUND)
			return true;
		log_warn("%s", e->text);
		return refuse(u, "damaged", e);
	}
	u->state.digest = hash_of(file);
	if (!release_read(r, file, u->arena, e)) {
		log_warn("%s", e->text);
		return refuse(u, "damaged", e);
	}
	if (!read_keys(&keys, u, e)) {
		log_warn("%s", e->text);
		return refuse(u, "signature", e);
	}
	if (!ask_architecture(&architecture, u, e) ||
		!packages_version(&installed, u, STR(RELEASE_MAIN_PACKAGE), e)) {
		update_empty_inbox(u);
		return false;
	}
	/* what is not signed says nothing that could be repeated */
	if (release_is_signed(r, &keys))
		u->state.version = r->version;
	reason = judge(u, r, &keys, architecture, installed);
	if (reason)
		return refuse(u, reason, e);
	u->state.from = installed;
	prove_before(u);
	if (!unpack(u, r, e)) {
		update_empty_inbox(u);
		return false;
	}
	if (!update_enter(u, PHASE_INSTALL, e))
		return false;
	update_empty_inbox(u);
	return true;
}
