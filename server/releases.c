#define _DEFAULT_SOURCE
#include "server/releases.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/log.h"
#include "core/base/text.h"

static const char ending[] = ".kithup";

/* What is asked at each heartbeat of a kiosk, so that no file is opened for it. */
struct offered {
	char version[VERSION_MAX + 1], from[VERSION_MAX + 1];
	char architecture[RELEASE_ARCHITECTURE_MAX + 1];
	struct hash digest;
};

struct releases {
	pthread_mutex_t lock;
	char *folder;
	struct timespec changed; /* of the folder, when it was read */
	bool known;
	struct offered list[RELEASES_MAX];
	size_t count;
};

struct releases *releases_new(const char *store)
{
	struct releases *r = calloc(1, sizeof(*r));
	size_t len = strlen(store) + sizeof("/releases");

	if (!r || !(r->folder = malloc(len)))
		abort();
	snprintf(r->folder, len, "%s/releases", store);
	pthread_mutex_init(&r->lock, NULL);
	return r;
}

void releases_free(struct releases *r)
{
	if (!r)
		return;
	pthread_mutex_destroy(&r->lock);
	free(r->folder);
	free(r);
}

static const char *file_of(const struct releases *r, const struct hash *digest, struct arena *a)
{
	struct buf hex = BUF_IN(a);

	hex_write(&hex, hash_bytes(digest));
	return arena_printf(a, "%s/" STR_FMT "%s", r->folder, STR_ARG(buf_str(&hex)), ending).p;
}

static bool digest_of_name(struct hash *out, const char *name)
{
	struct str s = str_of(name);
	struct buf b = BUF_ON(out->b);

	return s.len == 2 * HASH_LEN + sizeof(ending) - 1 && str_ends(s, str_of(ending)) &&
	       hex_read(&b, str_sub(s, 0, 2 * HASH_LEN)) && b.len == HASH_LEN;
}

static bool read_piece(struct bytes *out, const char *path, uint64_t from, size_t max,
	struct arena *a, struct err *e)
{
	uint8_t *p = arena_alloc(a, max);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 1;

	if (fd < 0)
		return err_set(e, ERR_NOT_FOUND, "this release is not offered");
	while (len < max && (n = pread(fd, p + len, max - len, (off_t)(from + len))) > 0)
		len += (size_t)n;
	close(fd);
	if (n < 0)
		return err_errno(e, "%s", path);
	*out = bytes_of(p, len);
	return true;
}

bool releases_get(struct releases *r, struct release *out, const struct hash *digest,
	struct arena *a, struct err *e)
{
	struct bytes head;

	return read_piece(&head, file_of(r, digest, a), 0, RELEASE_HEAD_MAX, a, e) &&
	       release_head_read(out, head, a, e);
}

bool releases_piece(struct releases *r, struct bytes *out, const struct hash *digest, uint64_t from,
	size_t max, struct arena *a, struct err *e)
{
	if (from > RELEASE_MAX || max > RELEASE_PIECE_MAX)
		return err_set(e, ERR_MALFORMED, "a piece has at most %d bytes", RELEASE_PIECE_MAX);
	return read_piece(out, file_of(r, digest, a), from, max, a, e);
}

bool releases_each(struct releases *r,
	bool (*each)(void *context, const struct release *x, const struct hash *digest),
	void *context, struct err *e)
{
	DIR *folder = opendir(r->folder);
	bool ok = true;

	if (!folder)
		return errno == ENOENT || err_errno(e, "%s", r->folder);
	for (struct dirent *d; ok && (d = readdir(folder));) {
		struct arena a = { 0 };
		struct release x;
		struct hash digest;
		struct err why;

		if (!digest_of_name(&digest, d->d_name))
			continue;
		if (releases_get(r, &x, &digest, &a, &why))
			ok = each(context, &x, &digest);
		else
			log_warn("%s/%s is left alone: %s", r->folder, d->d_name, why.text);
		arena_finish(&a);
	}
	closedir(folder);
	return true;
}

static void copy(char *to, size_t max, struct str s)
{
	snprintf(to, max, STR_FMT, STR_ARG(s));
}

static bool remember(void *context, const struct release *x, const struct hash *digest)
{
	struct releases *r = context;
	struct offered *o = &r->list[r->count];

	copy(o->version, sizeof(o->version), x->version);
	copy(o->from, sizeof(o->from), x->from);
	copy(o->architecture, sizeof(o->architecture), x->architecture);
	o->digest = *digest;
	return ++r->count < RELEASES_MAX;
}

/* Under the lock. A folder changes its time when a file is renamed into it or removed. */
static void look_again(struct releases *r)
{
	struct timespec changed = { 0, 0 };
	struct stat st;
	struct err e;

	if (stat(r->folder, &st) == 0)
		changed = st.st_mtim;
	if (r->known && changed.tv_sec == r->changed.tv_sec &&
		changed.tv_nsec == r->changed.tv_nsec)
		return;
	r->known = true;
	r->changed = changed;
	r->count = 0;
	if (!releases_each(r, remember, r, &e))
		log_warn("%s", e.text);
}

static bool may_follow(const struct offered *o, struct str architecture, struct str version)
{
	return str_equal(str_of(o->architecture), architecture) &&
	       version_compare(str_of(o->version), version) > 0 &&
	       (!o->from[0] || version_compare(str_of(o->from), version) <= 0);
}

bool releases_next(
	struct releases *r, struct str architecture, struct str version, struct hash *digest)
{
	const struct offered *best = NULL;

	pthread_mutex_lock(&r->lock);
	look_again(r);
	for (size_t i = 0; i < r->count; i++)
		if (may_follow(&r->list[i], architecture, version) &&
			(!best || version_compare(
					  str_of(r->list[i].version), str_of(best->version)) > 0))
			best = &r->list[i];
	if (best)
		*digest = best->digest;
	pthread_mutex_unlock(&r->lock);
	return best != NULL;
}

/* What is offered already, beside a release that is to be. */
struct shelf {
	const struct release *of;
	const struct hash *digest;
	size_t count;
	bool twin, held; /* another file of that version and machine; the very file */
};

static bool look_at(void *context, const struct release *x, const struct hash *digest)
{
	struct shelf *s = context;
	bool same = hash_equal(digest, s->digest);

	s->count++;
	s->held |= same;
	s->twin |= !same && str_equal(x->version, s->of->version) &&
		   str_equal(x->architecture, s->of->architecture);
	return true;
}

bool releases_add(struct releases *r, struct bytes file, struct release *out, struct hash *digest,
	struct arena *a, struct err *e)
{
	struct shelf shelf = { .of = out, .digest = digest };

	if (!release_read(out, file, a, e))
		return false;
	*digest = hash_of(file);
	if (!releases_each(r, look_at, &shelf, e))
		return false;
	if (shelf.twin)
		return err_set(e, ERR_CONFLICT,
			"another release " STR_FMT " for " STR_FMT
			" is offered: withdraw it, or give this one a version of its own",
			STR_ARG(out->version), STR_ARG(out->architecture));
	if (shelf.count >= RELEASES_MAX && !shelf.held)
		return err_set(e, ERR_FULL,
			"%d releases are offered already: withdraw those that no kiosk needs",
			RELEASES_MAX);
	if (mkdir(r->folder, 0700) != 0 && errno != EEXIST)
		return err_errno(e, "%s", r->folder);
	return file_replace(file_of(r, digest, a), file, 0600, e);
}

bool releases_remove(struct releases *r, const struct hash *digest, struct err *e)
{
	struct arena a = { 0 };
	const char *path = file_of(r, digest, &a);
	bool ok = unlink(path) == 0 ||
		  (errno == ENOENT ? err_set(e, ERR_NOT_FOUND, "this release is not offered")
				   : err_errno(e, "%s", path));

	arena_finish(&a);
	return ok;
}
