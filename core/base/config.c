#include "core/base/config.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/limits.h"
#include "core/base/text.h"

bool file_read(struct bytes *out, const char *path, size_t limit, struct arena *a, struct err *e)
{
	struct buf b = BUF_IN(a);
	uint8_t chunk[16384];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		err_errno(e, "%s", path);
		if (errno == ENOENT)
			e->code = ERR_NOT_FOUND;
		return false;
	}
	while ((n = read(fd, chunk, sizeof(chunk))) > 0 && b.len <= limit)
		buf_add(&b, bytes_of(chunk, (size_t)n));
	if (n < 0)
		err_errno(e, "%s", path);
	close(fd);
	if (n < 0)
		return false;
	if (b.len > limit)
		return err_set(e, ERR_TOO_LARGE, "%s: larger than %zu bytes", path, limit);
	*out = buf_bytes(&b);
	return true;
}

static bool write_all(int fd, struct bytes b)
{
	while (b.len > 0) {
		ssize_t n = write(fd, b.p, b.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		b.p += n;
		b.len -= (size_t)n;
	}
	return true;
}

static bool fsync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

bool file_replace(const char *path, struct bytes b, unsigned mode, struct err *e)
{
	struct arena a = { 0 };
	const char *beside = arena_printf(&a, "%s.new", path).p;
	/* dirname writes into its argument */
	char *folder = (char *)(uintptr_t)arena_cstr(&a, str_of(path));
	int fd;
	bool ok;

	unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	ok = fd >= 0 && write_all(fd, b) && fsync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		ok = false;
	ok = ok && rename(beside, path) == 0 && fsync_path(dirname(folder));
	if (!ok)
		err_errno(e, "%s", path);
	arena_finish(&a);
	return ok;
}

static const struct config_key *find_key(const struct config_key *keys, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(str_of(keys[i].name), name))
			return &keys[i];
	return NULL;
}

static bool store(void *out, const struct config_key *key, struct str value, struct err *e)
{
	void *field = (char *)out + key->offset;

	switch (key->type) {
	case CONFIG_TEXT:
		*(struct str *)field = value;
		return true;
	case CONFIG_LIST: {
		struct config_list *list = field;

		if (list->count == ARRAY_LEN(list->items))
			return err_set(e, ERR_TOO_LARGE, "more than %zu lines of %s",
				ARRAY_LEN(list->items), key->name);
		list->items[list->count++] = value;
		return true;
	}
	case CONFIG_U64:
		if (!str_u64(value, field))
			return err_set(e, ERR_MALFORMED, "%s wants a whole number", key->name);
		return true;
	case CONFIG_BOOL: {
		static const char *const words[] = { "no", "yes", "false", "true", "off", "on" };

		for (size_t i = 0; i < ARRAY_LEN(words); i++) {
			if (str_equal(value, str_of(words[i]))) {
				*(bool *)field = i % 2 == 1;
				return true;
			}
		}
		return err_set(e, ERR_MALFORMED, "%s wants yes or no", key->name);
	}
	}
	return err_set(e, ERR_INTERNAL, "%s has no type", key->name);
}

static bool read_line(void *out, struct str line, const struct config_key *keys, size_t n,
	bool *given, struct err *e)
{
	size_t equals = str_find_char(line, '=', 0);
	const struct config_key *key;
	struct str name, value;

	if (equals == SIZE_MAX)
		return err_set(e, ERR_MALFORMED, "expected \"key = value\"");
	name = str_trim(str_sub(line, 0, equals));
	value = str_trim(str_sub(line, equals + 1, line.len));
	if (value.len >= 2 && value.p[0] == '"' && value.p[value.len - 1] == '"')
		value = str_sub(value, 1, value.len - 1);
	key = find_key(keys, n, name);
	if (!key)
		return err_set(e, ERR_MALFORMED, "unknown key \"" STR_FMT "\"",
			STR_ARG(utf8_cut(name, 40)));
	if (given[key - keys] && key->type != CONFIG_LIST)
		return err_set(e, ERR_MALFORMED, "%s is given twice", key->name);
	given[key - keys] = true;
	return store(out, key, value, e);
}

bool config_read(void *out, const char *path, const struct config_key *keys, size_t n,
	struct arena *a, struct err *e)
{
	bool given[64] = { false };
	struct bytes raw;
	struct str text, line;
	size_t number = 0;

	assert(n <= ARRAY_LEN(given));
	if (!file_read(&raw, path, LIMIT_CONFIG_BYTES, a, e))
		return false;
	if (!utf8_check(raw, &text))
		return err_set(e, ERR_MALFORMED, "%s: not UTF-8 text", path);
	if (!text.p)
		text = STR("");
	while (str_split(&text, '\n', &line)) {
		number++;
		line = str_trim(line);
		if (line.len == 0 || line.p[0] == '#')
			continue;
		/* it would end a C string, and so a value, early */
		if (str_find_char(line, '\0', 0) != SIZE_MAX)
			return err_set(
				e, ERR_MALFORMED, "%s:%zu: a NUL stands in it", path, number);
		if (!read_line(out, line, keys, n, given, e)) {
			char why[sizeof(e->text)];

			memcpy(why, e->text, sizeof(why));
			return err_set(e, e->code, "%s:%zu: %s", path, number, why);
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (given[i] || keys[i].type == CONFIG_LIST)
			continue;
		if (!keys[i].fallback)
			return err_set(e, ERR_MALFORMED, "%s: %s is missing (%s)", path,
				keys[i].name, keys[i].help);
		if (!store(out, &keys[i], str_of(keys[i].fallback), e))
			return false;
	}
	return true;
}
