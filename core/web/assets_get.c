#include "core/web/assets.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/http/http.h"

enum { FILE_MAX = 4 << 20 };

/* By the end of a file's name, for files from the root folder. */
static const struct {
	struct str end, type;
} types[] = {
	{ STR_INIT(".css"), STR_INIT("text/css; charset=utf-8") },
	{ STR_INIT(".html"), STR_INIT("text/html; charset=utf-8") },
	{ STR_INIT(".js"), STR_INIT("text/javascript; charset=utf-8") },
	{ STR_INIT(".json"), STR_INIT("application/json") },
	{ STR_INIT(".png"), STR_INIT("image/png") },
	{ STR_INIT(".svg"), STR_INIT("image/svg+xml") },
	{ STR_INIT(".wasm"), STR_INIT("application/wasm") },
	{ STR_INIT(".webmanifest"), STR_INIT("application/manifest+json") },
};

/* Whether coding is among those of the client, without q=0 (RFC 9110 12.5.3); "*" stands for gzip.
 */
static bool accepts(const struct request *q, struct str coding)
{
	bool any = str_equal(coding, STR("gzip"));
	struct str list, item, name;

	if (!request_header(q, "Accept-Encoding", &list))
		return false;
	while (str_split(&list, ',', &item)) {
		if (!str_split(&item, ';', &name))
			continue;
		name = str_trim(name);
		if (!str_equal_nocase(name, coding) && !(any && str_equal(name, STR("*"))))
			continue;
		item = str_trim(item);
		return !str_equal_nocase(item, STR("q=0")) &&
		       !str_starts_nocase(item, STR("q=0.0"));
	}
	return false;
}

/* In the encoding that is the smallest of those that the client takes. */
static void write_body(struct reply *r, const struct request *q, const struct asset *asset)
{
	if (asset->brotli.len > 0 && accepts(q, STR("br"))) {
		reply_text(r, "", asset->brotli);
		reply_header(r, "Content-Encoding", STR("br"));
	} else if (asset->gzip.len > 0 && accepts(q, STR("gzip"))) {
		reply_text(r, "", asset->gzip);
		reply_header(r, "Content-Encoding", STR("gzip"));
	} else {
		reply_text(r, "", asset->plain);
	}
}

/* Weak comparison (RFC 9110 13.1.2): all of our tags are weak and written the same way. */
static bool has_it(const struct request *q, struct str etag)
{
	struct str list, item;

	if (!request_header(q, "If-None-Match", &list))
		return false;
	while (str_split(&list, ',', &item)) {
		item = str_trim(item);
		if (str_equal(item, etag) || str_equal(item, STR("*")))
			return true;
	}
	return false;
}

/* Letters, digits and "-_." in parts that do not start with a dot: no way out of the folder. */
static bool is_plain_path(struct str path)
{
	char before = '/';

	for (size_t i = 1; i < path.len; i++) {
		char c = path.p[i];

		if (before == '/' && (c == '.' || c == '/'))
			return false;
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
			c != '-' && c != '_' && c != '.' && c != '/')
			return false;
		before = c;
	}
	return path.len > 0 && path.p[0] == '/';
}

static bool file_read(const char *path, struct arena *a, struct bytes *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	size_t len = 0;
	uint8_t *p;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
		close(fd);
		return false;
	}
	p = arena_alloc(a, (size_t)st.st_size + 1);
	while (len < (size_t)st.st_size) {
		ssize_t n = read(fd, p + len, (size_t)st.st_size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	close(fd);
	*out = bytes_of(p, len);
	return len == (size_t)st.st_size;
}

/* "/" is index.html, "/p" is p.html, as the build lays them out. */
static bool root_get(const char *root, const struct request *q, struct reply *r)
{
	struct str name = str_equal(q->path, STR("/")) ? STR("/index") : q->path;
	bool page = str_find_char(name, '.', 0) == SIZE_MAX;
	struct str file;
	struct bytes body;

	if (!is_plain_path(q->path))
		return false;
	file = arena_printf(q->arena, "%s" STR_FMT "%s", root, STR_ARG(name), page ? ".html" : "");
	if (!file_read(arena_cstr(q->arena, file), q->arena, &body))
		return false;
	reply_text(r, "application/octet-stream", body);
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_ends(file, types[i].end))
			r->type = types[i].type;
	reply_header(r, "Cache-Control", STR("no-store"));
	return true;
}

bool assets_get(const struct asset_set *set, const char *root, struct request *q, struct reply *r,
	struct err *e)
{
	const struct asset *asset;

	if (root && root_get(root, q, r))
		return true;
	asset = asset_find(set, q->path);
	if (!asset)
		return err_set(e, ERR_NOT_FOUND, "there is no page here; start at /");
	write_body(r, q, asset);
	r->type = asset->type;
	reply_header(r, "ETag", asset->etag);
	reply_header(r, "Vary", STR("Accept-Encoding"));
	reply_header(r, "Cache-Control",
		asset->hashed ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
	if (has_it(q, asset->etag)) {
		r->status = 304;
		r->body = bytes_of(NULL, 0);
	}
	return true;
}
