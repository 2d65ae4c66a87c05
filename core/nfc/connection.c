#define _DEFAULT_SOURCE
#define _XOPEN_SOURCE 700
#include "core/nfc/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <unistd.h>

enum { KEY_TAIL = 180 }; /* a file's name ends at 255 */

static const char uart[] = "pn532_uart:";

static bool is_number(struct str s)
{
	uint64_t n;

	return str_u64(s, &n);
}

/* DRIVER:/PATH or DRIVER:/PATH:SPEED; other drivers name their device without a path. */
static bool check_path(struct str rest, struct err *e)
{
	struct str path, speed = rest;

	if (!str_split(&speed, ':', &path) || !str_starts(path, STR("/")))
		return true;
	if (speed.p && !is_number(speed))
		return err_set(e, ERR_USAGE,
			"the reader's path \"" STR_FMT "\" has a ':', which libnfc cannot take; "
			"use its name under /dev/serial/by-id",
			STR_ARG(rest));
	return true;
}

static void set_key(struct nfc_connection *c)
{
	struct str rest = str_of(c->text), driver, path;
	struct buf key = BUF_OVER(c->key, sizeof(c->key) - 1);
	char name[NFC_CONNECTION_MAX], real[PATH_MAX];

	if (!str_split(&rest, ':', &driver) || !str_split(&rest, ':', &path))
		path = str_of(c->text);
	snprintf(name, sizeof(name), STR_FMT, STR_ARG(path));
	buf_lit(&key, "kith-reader");
	path = str_of(str_starts(path, STR("/")) && realpath(name, real) ? real : c->text);
	if (path.len > KEY_TAIL)
		path = str_sub(path, path.len - KEY_TAIL, path.len);
	for (size_t i = 0; i < path.len; i++) {
		char ch = path.p[i];
		bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
			     (ch >= '0' && ch <= '9') || ch == '.' || ch == '_';

		buf_add_char(&key, plain ? ch : '-');
	}
	c->key[key.len < sizeof(c->key) ? key.len : sizeof(c->key) - 1] = 0;
}

bool nfc_connection_read(struct nfc_connection *out, const char *where, struct err *e)
{
	struct str s = str_of(where), rest = s, driver;

	if (s.len == 0)
		return err_set(e, ERR_USAGE, "name a reader, as in pn532_uart:/dev/ttyAMA0");
	if (s.len + sizeof(uart) > sizeof(out->text))
		return err_set(e, ERR_USAGE, "the reader's name is too long");
	if (str_starts(s, STR("/"))) {
		if (!check_path(s, e))
			return false;
		snprintf(out->text, sizeof(out->text), "%s%s", uart, where);
	} else {
		if (!str_split(&rest, ':', &driver) || driver.len == 0)
			return err_set(
				e, ERR_USAGE, "the reader's name has no driver before its ':'");
		if (rest.p && !check_path(rest, e))
			return false;
		snprintf(out->text, sizeof(out->text), "%s", where);
	}
	set_key(out);
	return true;
}

/* A file of another user's in a sticky folder may be opened to read, which suffices for flock. */
static int open_lock(const char *folder, const char *key)
{
	char path[NFC_CONNECTION_MAX + PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s.lock", folder, key);
	fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 && (errno == EACCES || errno == EPERM))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return fd;
}

bool nfc_connection_lock(const struct nfc_connection *c, int *fd, struct err *e)
{
	const char *folders[] = { getenv("KITH_LOCK_DIR"), "/run/lock", "/tmp" };

	*fd = -1;
	for (size_t i = 0; i < ARRAY_LEN(folders) && *fd < 0; i++)
		if (folders[i])
			*fd = open_lock(folders[i], c->key);
	if (*fd < 0)
		return err_errno(e, "lock of the reader %s", c->text);
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	close(*fd);
	*fd = -1;
	return err_set(
		e, ERR_CONFLICT, "another program uses the reader %s; stop it first", c->text);
}
