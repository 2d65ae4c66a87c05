#define _DEFAULT_SOURCE
#include "firmware-tools/commands/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/text.h"

enum { JOURNAL_MAX = 64 << 20 };

static const char *const steps[JOURNAL_STEPS] = {
	[JOURNAL_BEGIN] = "begin",
	[JOURNAL_DONE] = "done",
	[JOURNAL_SPOILT] = "spoilt",
};

static void remember(struct journal *j, const struct journal_line *line)
{
	if (j->count == j->room) {
		size_t room = j->room ? 2 * j->room : 64;
		struct journal_line *lines = ARENA_ARRAY(j->arena, room, struct journal_line);

		if (j->count)
			memcpy(lines, j->lines, j->count * sizeof(*lines));
		j->lines = lines;
		j->room = room;
	}
	j->lines[j->count++] = *line;
}

static bool read_line(struct journal *j, struct str text, struct err *e)
{
	struct journal_line line = { .step = JOURNAL_STEPS };
	struct buf uid = BUF_ON(line.uid);
	struct str step, id, hex, chip;

	if (str_split(&text, ' ', &step) && str_split(&text, ' ', &id) &&
		str_split(&text, ' ', &hex) && str_split(&text, ' ', &chip))
		for (enum journal_step s = JOURNAL_BEGIN; s < JOURNAL_STEPS; s++)
			if (str_equal(step, str_of(steps[s])))
				line.step = s;
	if (line.step == JOURNAL_STEPS || !id_read(id, &line.id) || !hex_read(&uid, hex) ||
		uid.len == 0 || !buf_ok(&uid) || chip.len >= sizeof(line.chip))
		return err_set(e, ERR_MALFORMED, "no line of a batch's journal");
	line.uid_len = (uint8_t)uid.len;
	memcpy(line.chip, chip.p, chip.len);
	line.time = text;
	remember(j, &line);
	return true;
}

static bool write_all(int fd, struct bytes b, struct err *e)
{
	while (b.len > 0) {
		ssize_t n = write(fd, b.p, b.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "cannot write the journal");
		b = bytes_of(b.p + n, b.len - (size_t)n);
	}
	return fdatasync(fd) == 0 || err_errno(e, "cannot put the journal on the disk");
}

/* The folder too, else a new journal's name may be lost with the power. */
static bool sync_folder(struct journal *j, const char *path, struct err *e)
{
	char *copy = (char *)(void *)(uintptr_t)arena_cstr(j->arena, str_of(path));
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok || err_errno(e, "cannot put the journal on the disk");
}

static bool read_all(struct journal *j, struct bytes *out, struct err *e)
{
	struct stat st;
	uint8_t *p;
	size_t have = 0;

	if (fstat(j->fd, &st) != 0)
		return err_errno(e, "cannot read the journal");
	if (st.st_size > JOURNAL_MAX)
		return err_set(e, ERR_TOO_LARGE, "the journal is longer than any we write");
	p = arena_alloc(j->arena, (size_t)st.st_size + 1);
	while (have < (size_t)st.st_size) {
		ssize_t n = pread(j->fd, p + have, (size_t)st.st_size - have, (off_t)have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_errno(e, "cannot read the journal");
		have += (size_t)n;
	}
	*out = bytes_of(p, have);
	return true;
}

/* Up to the last line end; what follows was never on the disk as a whole. */
static bool cut_torn_line(struct journal *j, struct bytes *text, struct err *e)
{
	size_t whole = text->len;

	while (whole > 0 && text->p[whole - 1] != '\n')
		whole--;
	if (whole == text->len)
		return true;
	text->len = whole;
	return ftruncate(j->fd, (off_t)whole) == 0 || err_errno(e, "cannot mend the journal");
}

static bool load(struct journal *j, const char *path, struct str head, struct err *e)
{
	struct bytes bytes;
	struct str text, line;
	size_t number = 0;

	if (!read_all(j, &bytes, e) || !cut_torn_line(j, &bytes, e))
		return false;
	if (bytes.len == 0)
		return write_all(j->fd, str_bytes(head), e) && sync_folder(j, path, e);
	if (!utf8_check(bytes, &text))
		return err_set(e, ERR_MALFORMED, "it is no text");
	while (str_split(&text, '\n', &line)) {
		if (++number == 1) {
			if (!str_starts(line, STR("kith-batch-1 ")))
				return err_set(e, ERR_MALFORMED, "it is no batch's journal");
			if (!str_equal(line, str_sub(head, 0, head.len - 1)))
				return err_set(e, ERR_CONFLICT,
					"it belongs to another event or key: " STR_FMT,
					STR_ARG(str_sub(line, 0, 60)));
		} else if (line.len && !read_line(j, line, e)) {
			return err_in(e, "line %zu", number);
		}
	}
	return true;
}

bool journal_open(struct journal *j, const char *path, uint32_t event, uint8_t key, struct arena *a,
	struct err *e)
{
	struct str head = arena_printf(
		a, "kith-batch-1 event %lu key %u\n", (unsigned long)event, key);

	*j = (struct journal){ .arena = a };
	j->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (j->fd < 0)
		return err_errno(e, "journal %s", path);
	if (flock(j->fd, LOCK_EX | LOCK_NB) != 0) {
		err_set(e, ERR_CONFLICT, "another batch works with the journal %s", path);
	} else if (load(j, path, head, e)) {
		return true;
	} else {
		err_in(e, "journal %s", path);
	}
	journal_close(j);
	return false;
}

void journal_close(struct journal *j)
{
	if (j->fd > 0)
		close(j->fd);
	j->fd = -1;
}

bool journal_note(struct journal *j, enum journal_step step, struct id id, struct bytes uid,
	const char *chip, struct err *e)
{
	struct buf text = BUF_IN(j->arena);
	struct journal_line line = { .step = step, .id = id, .uid_len = (uint8_t)uid.len };

	line.time = arena_str(j->arena, str_of(clock_text(clock_wall_ms()).s));
	memcpy(line.uid, uid.p, uid.len);
	snprintf(line.chip, sizeof(line.chip), "%s", chip);
	buf_printf(&text, "%s ", steps[step]);
	id_write(&text, id);
	buf_add_char(&text, ' ');
	hex_write(&text, uid);
	buf_printf(&text, " %s " STR_FMT "\n", line.chip, STR_ARG(line.time));
	if (!write_all(j->fd, buf_bytes(&text), e))
		return false;
	remember(j, &line);
	return true;
}

const struct journal_line *journal_of_id(const struct journal *j, struct id id)
{
	for (size_t i = j->count; i-- > 0;)
		if (id_equal(j->lines[i].id, id))
			return &j->lines[i];
	return NULL;
}

const struct journal_line *journal_of_uid(const struct journal *j, struct bytes uid)
{
	for (size_t i = j->count; i-- > 0;)
		if (bytes_equal(bytes_of(j->lines[i].uid, j->lines[i].uid_len), uid))
			return &j->lines[i];
	return NULL;
}
