#define _DEFAULT_SOURCE
#include "kiosk/updates.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/base/text.h"

enum {
	LOOK_MS = 3000,	   /* whether it is quiet, and what the updater says */
	AGAIN_MS = 600000, /* after what did not work */
	ASK_MS = 10000,	   /* a signed answer that cannot be used */
	PIECE_FIRST = 64 << 10,
	PIECE_LEAST = 8 << 10,
	PIECE_MOST = 256 << 10,
	FAST_MS = 2000,
	NIGHT_BEGIN = 2,
	NIGHT_END = 5,
};

enum phase { NOTHING, PIECES, READY, ASKED };

struct updates {
	struct updates_config config;
	enum phase phase;
	bool in_air;
	bool heard, offered; /* the server said so; that there is one */
	struct hash offer;   /* the last that the server named */
	struct hash digest;  /* of the release that phase is about */
	bool settled;	     /* nothing more is to be done about offer */
	uint64_t size, have; /* of the file; of its part */
	size_t piece;
	uint64_t at_ms, sent_ms; /* not before; of the request in the air */
	uint64_t look_ms;	 /* when to look again */
	char version[VERSION_MAX + 1];
	const char *reason; /* why it is not taken; NULL: it is, or nothing is known */
	struct arena arena; /* of outcome */
	struct outcome outcome;
	struct timespec outcome_time, asked_after; /* of outcome; when this one was asked for */
};

static uint64_t now_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

bool updates_when_read(struct str s, enum updates_when *out)
{
	static const char *const names[] = {
		[UPDATES_IDLE] = "idle", [UPDATES_NIGHT] = "night", [UPDATES_NEVER] = "never"
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!str_equal(s, str_of(names[i])))
			continue;
		*out = (enum updates_when)i;
		return true;
	}
	return false;
}

bool updates_may_install(
	enum updates_when when, const struct updates_sight *x, uint64_t wanted_quiet_ms)
{
	if (when == UPDATES_NEVER || !x->synced || x->busy || x->quiet_ms < wanted_quiet_ms)
		return false;
	return when == UPDATES_IDLE || (x->hour >= NIGHT_BEGIN && x->hour < NIGHT_END);
}

struct updates *updates_new(const struct updates_config *config)
{
	struct updates *u = calloc(1, sizeof(*u));

	if (!u)
		abort();
	u->config = *config;
	u->piece = PIECE_FIRST;
	u->outcome = (struct outcome){ .state = STR(""), .version = STR(""), .reason = STR("") };
	return u;
}

void updates_free(struct updates *u)
{
	if (!u)
		return;
	arena_finish(&u->arena);
	free(u);
}

static const char *path_of(const struct updates *u, const char *name, struct arena *a)
{
	return arena_printf(a, "%s/%s", u->config.folder, name).p;
}

static const char *part_of(const struct updates *u, struct arena *a)
{
	struct buf hex = BUF_IN(a);

	hex_write(&hex, hash_bytes(&u->digest));
	return path_of(u, arena_printf(a, STR_FMT ".part", STR_ARG(buf_str(&hex))).p, a);
}

/* What an offer left that is none any more. keep: the name that stays; or NULL. */
static void clean(const struct updates *u, const char *keep)
{
	DIR *folder = opendir(u->config.folder);
	struct arena a = { 0 };

	if (!folder)
		return;
	for (struct dirent *d; (d = readdir(folder));)
		if (d->d_name[0] != '.' && (!keep || strcmp(path_of(u, d->d_name, &a), keep) != 0))
			unlink(path_of(u, d->d_name, &a));
	closedir(folder);
	arena_finish(&a);
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* The updater's file, when it changed. */
static void look_at_outcome(struct updates *u)
{
	struct bytes text;
	struct stat st;
	struct err e;

	if (stat(u->config.outcome_file, &st) != 0 || same_time(st.st_mtim, u->outcome_time))
		return;
	u->outcome_time = st.st_mtim;
	arena_reset(&u->arena);
	u->outcome = (struct outcome){ .state = STR(""), .version = STR(""), .reason = STR("") };
	if (!file_read(&text, u->config.outcome_file, LIMIT_CONFIG_BYTES, &u->arena, &e) ||
		!outcome_read(&u->outcome, text, &u->arena, &e))
		log_warn("update: %s", e.text);
	else
		log_info("update state=" STR_FMT " version=" STR_FMT " reason=" STR_FMT,
			STR_ARG(u->outcome.state), STR_ARG(u->outcome.version),
			STR_ARG(u->outcome.reason));
	u->config.changed(u->config.context);
}

static void settle(struct updates *u, const char *reason)
{
	if (reason)
		log_warn("update version=%s is not taken: %s", u->version, reason);
	u->phase = NOTHING;
	u->settled = true;
	u->reason = reason;
	clean(u, NULL);
}

void updates_offer(struct updates *u, const struct hash *digest)
{
	if (u->heard && u->offered == (digest != NULL) &&
		(!digest || hash_equal(digest, &u->offer)))
		return;
	u->heard = true;
	u->offered = digest != NULL;
	u->settled = false;
	u->reason = NULL;
	u->at_ms = 0;
	if (digest)
		u->offer = *digest;
	if (digest && u->phase != NOTHING && hash_equal(digest, &u->digest))
		return;
	/* withdrawn, or followed by another one: also what was asked for already */
	u->phase = NOTHING;
	if (!digest)
		clean(u, NULL);
}

static bool read_keys(struct release_keys *out, const char *path, struct arena *a, struct err *e)
{
	struct bytes text;

	out->count = 0;
	return file_read(&text, path, LIMIT_CONFIG_BYTES, a, e) && release_keys_read(out, text, e);
}

static const char *judge(const struct updates *u, const struct release *r, struct arena *a)
{
	struct release_keys keys;
	enum release_verdict v;
	struct err e;

	if (!read_keys(&keys, u->config.keys_file, a, &e))
		log_warn("update: %s", e.text);
	v = release_judge(r, &keys, release_architecture(), u->config.version);
	return v == RELEASE_FITS ? NULL : release_verdict_name(v);
}

static bool has_room(const struct updates *u, uint64_t size)
{
	struct statvfs fs;

	/* the part, its copy at the updater's and what that unpacks; taps come first */
	return statvfs(u->config.folder, &fs) != 0 ||
	       (uint64_t)fs.f_bavail * fs.f_frsize > 8 * size + (64 << 20);
}

/* All of it is here and is what was signed. */
static bool is_whole(const struct updates *u, const char *path)
{
	struct arena a = { 0 };
	struct release r;
	struct bytes file;
	struct hash h;
	struct err e;
	bool ok = file_read(&file, path, RELEASE_MAX, &a, &e);

	if (ok) {
		h = hash_of(file);
		ok = hash_equal(&h, &u->digest) && release_read(&r, file, &a, &e) &&
		     judge(u, &r, &a) == NULL;
	}
	arena_finish(&a);
	return ok;
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void finish(struct updates *u, const char *part, struct arena *a)
{
	if (is_whole(u, part) && rename(part, path_of(u, "release.kithup", a)) == 0) {
		log_info("update version=%s is here, and waits until nobody is", u->version);
		u->phase = READY;
		u->at_ms = 0;
		return;
	}
	log_warn("update version=%s came damaged, and is fetched again", u->version);
	unlink(part);
	u->have = 0;
	u->at_ms = now_ms() + AGAIN_MS;
}

/* Where it was left: asked for, whole, or some of it. */
static void begin(struct updates *u)
{
	struct arena a = { 0 };
	const char *ask = path_of(u, "install.kithup", &a), *part = part_of(u, &a);
	const char *whole = path_of(u, "release.kithup", &a);
	struct stat st;

	u->have = 0;
	u->phase = PIECES;
	if (mkdir(u->config.folder, 0700) != 0 && errno != EEXIST)
		log_error("%s cannot be made", u->config.folder);
	if (exists(ask) && is_whole(u, ask)) {
		u->phase = ASKED;
		u->asked_after = u->outcome_time;
	} else if (exists(whole) && is_whole(u, whole)) {
		u->phase = READY;
	} else {
		clean(u, part);
		if (stat(part, &st) == 0 && (uint64_t)st.st_size <= u->size)
			u->have = (uint64_t)st.st_size;
		else
			unlink(part);
		/* cut between the last piece and its name */
		if (u->have == u->size)
			finish(u, part, &a);
	}
	arena_finish(&a);
}

static void take_offer(struct updates *u, struct bytes body, struct arena *a)
{
	const char *reason;
	struct str manifest;
	struct release r;
	struct json *root;
	struct err e;

	snprintf(u->version, sizeof(u->version), "%s", "");
	if (!json_read(&root, body, a, &e) || !json_get_str(root, "manifest", &manifest) ||
		!json_get_blob(root, "digest", u->digest.b, HASH_LEN) ||
		!release_manifest_read(&r, str_bytes(manifest), a, &e) ||
		!json_get_blob(root, "signature", r.signature, SIGNATURE_LEN)) {
		settle(u, "damaged");
		return;
	}
	reason = judge(u, &r, a);
	if (!reason || strcmp(reason, "signature") != 0)
		snprintf(u->version, sizeof(u->version), STR_FMT, STR_ARG(r.version));
	u->size = r.size;
	if (!reason && outcome_is_bad(&u->outcome, &u->digest)) {
		settle(u, NULL); /* the outcome says it */
		return;
	}
	if (!reason && !has_room(u, r.size))
		reason = "space";
	if (reason) {
		settle(u, reason);
		return;
	}
	begin(u);
	log_info("update version=%s size=%llu have=%llu", u->version, (unsigned long long)u->size,
		(unsigned long long)u->have);
}

static void offer_done(void *context, const struct transport_reply *r)
{
	struct updates *u = context;
	struct arena a = { 0 };

	u->in_air = false;
	u->at_ms = r->status == 200 ? 0 : now_ms() + ASK_MS;
	if (r->status == 200 && u->offered)
		take_offer(u, r->body, &a);
	arena_finish(&a);
}

static bool append(const char *path, struct bytes b)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	bool ok = fd >= 0;

	while (ok && b.len > 0) {
		ssize_t n = write(fd, b.p, b.len);

		ok = n > 0;
		if (ok) {
			b.p += n;
			b.len -= (size_t)n;
		}
	}
	if (fd >= 0 && (fsync(fd) != 0 || close(fd) != 0))
		ok = false;
	return ok;
}

static void take_piece(struct updates *u, struct bytes body, uint64_t took_ms)
{
	struct arena a = { 0 };
	const char *part = part_of(u, &a);

	if (body.len == 0 || body.len > u->size - u->have || !append(part, body)) {
		/* what stands in the file now is for the file to say */
		unlink(part);
		u->have = 0;
		u->at_ms = now_ms() + AGAIN_MS;
	} else {
		u->have += body.len;
		if (took_ms < FAST_MS && u->piece < PIECE_MOST)
			u->piece *= 2;
		/* a third of the line at most: it is the phones' line too */
		u->at_ms = now_ms() + 2 * took_ms;
		if (u->have == u->size)
			finish(u, part, &a);
	}
	arena_finish(&a);
}

static void piece_done(void *context, const struct transport_reply *r)
{
	struct updates *u = context;
	uint64_t took_ms = now_ms() - u->sent_ms;

	u->in_air = false;
	if (u->phase != PIECES)
		return;
	if (r->status == 200) {
		take_piece(u, r->body, took_ms);
		return;
	}
	u->at_ms = now_ms() + ASK_MS;
	if (r->status == 404) {
		/* withdrawn between two pieces */
		u->phase = NOTHING;
	} else if (u->piece > PIECE_LEAST) {
		u->piece /= 2;
	}
}

static void get(struct updates *u, const char *target, transport_done *done)
{
	struct err e;

	u->sent_ms = now_ms();
	u->in_air = u->config.get(u->config.context, target, done, u, &e);
	if (!u->in_air)
		u->at_ms = now_ms() + ASK_MS;
}

static void ask_for_offer(struct updates *u, struct arena *a)
{
	struct buf target = BUF_IN(a);

	buf_printf(&target,
		"/v1/release?architecture=" STR_FMT "&version=", STR_ARG(release_architecture()));
	percent_write(&target, u->config.version);
	buf_add_u8(&target, 0);
	get(u, (const char *)target.p, offer_done);
}

static void ask_for_piece(struct updates *u, struct arena *a)
{
	struct buf target = BUF_IN(a);
	uint64_t left = u->size - u->have;

	buf_lit(&target, "/v1/release/");
	base64url_write(&target, hash_bytes(&u->digest));
	buf_printf(&target, "?from=%llu&bytes=%llu", (unsigned long long)u->have,
		(unsigned long long)(left < u->piece ? left : u->piece));
	buf_add_u8(&target, 0);
	get(u, (const char *)target.p, piece_done);
}

/* A link, so that what was fetched stays until something came of it. */
static void ask_for_install(struct updates *u, struct arena *a)
{
	if (link(path_of(u, "release.kithup", a), path_of(u, "install.kithup", a)) != 0 &&
		errno != EEXIST) {
		log_error("update: the file that asks for it cannot be made");
		u->at_ms = now_ms() + AGAIN_MS;
		return;
	}
	log_info("update version=%s: nobody is there, it may be installed", u->version);
	u->phase = ASKED;
	u->asked_after = u->outcome_time;
	u->at_ms = now_ms() + AGAIN_MS;
}

/* The updater told what came of it, and not of an earlier time; or took the file, waited for quiet
 * and was ended. */
static void look_at_asked(struct updates *u, struct arena *a)
{
	if (!same_time(u->outcome_time, u->asked_after) && u->outcome.state.len > 0 &&
		hash_equal(&u->outcome.digest, &u->digest))
		settle(u, NULL);
	else if (exists(path_of(u, "install.kithup", a)))
		u->at_ms = now_ms() + AGAIN_MS; /* not taken yet */
	else if (now_ms() >= u->at_ms)
		u->phase = READY;
}

static bool is_fetching(const struct updates *u)
{
	return u->phase == PIECES || (u->phase == NOTHING && u->offered && !u->settled);
}

/* Not while somebody is there: what comes is written and checked on the loop that serves taps. */
static bool may_fetch(struct updates_sight x)
{
	return x.synced && !x.busy;
}

int updates_timeout_ms(const struct updates *u)
{
	uint64_t now = now_ms(), at = u->look_ms;

	if (u->config.when == UPDATES_NEVER)
		return -1;
	if (!u->in_air && is_fetching(u) && u->at_ms < at &&
		may_fetch(u->config.sight(u->config.context)))
		at = u->at_ms;
	return at <= now ? 0 : (int)(at - now);
}

void updates_run(struct updates *u)
{
	struct updates_sight sight = u->config.sight(u->config.context);
	struct arena a = { 0 };

	u->look_ms = now_ms() + LOOK_MS;
	look_at_outcome(u);
	if (u->in_air || u->config.when == UPDATES_NEVER)
		return;
	if (u->phase == ASKED)
		look_at_asked(u, &a);
	else if (u->phase == READY && now_ms() >= u->at_ms &&
		 updates_may_install(u->config.when, &sight, u->config.quiet_ms))
		ask_for_install(u, &a);
	else if (is_fetching(u) && may_fetch(sight) && now_ms() >= u->at_ms) {
		if (u->phase == PIECES)
			ask_for_piece(u, &a);
		else
			ask_for_offer(u, &a);
	}
	arena_finish(&a);
}

struct updates_state updates_state(const struct updates *u)
{
	static const char *const names[] = {
		[PIECES] = "fetching", [READY] = "ready", [ASKED] = "installing"
	};

	if (u->phase != NOTHING)
		return (struct updates_state){ str_of(names[u->phase]), str_of(u->version),
			STR("") };
	if (u->reason)
		return (struct updates_state){ STR("refused"), str_of(u->version),
			str_of(u->reason) };
	return (struct updates_state){ u->outcome.state, u->outcome.version, u->outcome.reason };
}
