#define _DEFAULT_SOURCE
#include "kiosk/readers/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/log.h"
#include "core/eye/image.h"
#include "kiosk/readers/frames.h"

#define MARKS_NAME ".kith-frames"

struct file {
	uint64_t mark; /* of name, inode, size and time: a file put in another's place is a new one
			*/
	const char *name;
};

struct folder {
	struct arena arena; /* path */
	const char *path, *marks_path;
	int watch;	/* inotify; -1: the folder is listed again at each timeout */
	int marks_fd;	/* of MARKS_NAME; -1 where the folder cannot be written */
	uint64_t *seen; /* sorted; malloc */
	size_t seen_count;
	struct arena names;
	struct file *fresh; /* in names, sorted by name */
	size_t fresh_count, fresh_next;
};

static bool is_picture(struct str name)
{
	static const char *const suffixes[] = { ".png", ".jpg", ".jpeg", ".pgm", ".ppm", ".pnm" };

	for (size_t i = 0; i < ARRAY_LEN(suffixes) && name.p[0] != '.'; i++) {
		struct str suffix = str_of(suffixes[i]);

		if (name.len > suffix.len &&
			str_equal_nocase(str_sub(name, name.len - suffix.len, name.len), suffix))
			return true;
	}
	return false;
}

static uint64_t mark_add(uint64_t mark, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mark = (mark ^ ((const uint8_t *)p)[i]) * UINT64_C(0x100000001b3);
	return mark;
}

static uint64_t mark_of(const char *name, const struct stat *st)
{
	uint64_t mark = mark_add(UINT64_C(0xcbf29ce484222325), name, strlen(name));

	mark = mark_add(mark, &st->st_ino, sizeof(st->st_ino));
	mark = mark_add(mark, &st->st_size, sizeof(st->st_size));
	mark = mark_add(mark, &st->st_mtim.tv_sec, sizeof(st->st_mtim.tv_sec));
	return mark_add(mark, &st->st_mtim.tv_nsec, sizeof(st->st_mtim.tv_nsec));
}

static int compare_marks(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static bool folder_has_seen(const struct folder *f, uint64_t mark)
{
	return f->seen_count > 0 &&
	       bsearch(&mark, f->seen, f->seen_count, sizeof(mark), compare_marks);
}

/* All pictures that are there now, into f->names. */
static bool folder_list(struct folder *f, struct file **files, size_t *count, struct err *e)
{
	struct buf list = BUF_IN(&f->names);
	DIR *dir = opendir(f->path);
	struct dirent *d;
	bool ok = true;

	*count = 0;
	*files = NULL;
	if (!dir)
		return err_errno(e, "%s", f->path);
	while (ok && (d = readdir(dir))) {
		struct file file;
		struct stat st;

		if (!is_picture(str_of(d->d_name)) || fstatat(dirfd(dir), d->d_name, &st, 0) != 0 ||
			!S_ISREG(st.st_mode))
			continue;
		file.mark = mark_of(d->d_name, &st);
		file.name = arena_cstr(&f->names, str_of(d->d_name));
		buf_add(&list, bytes_of(&file, sizeof(file)));
		if (++*count > LIMIT_FRAMES_FILES)
			ok = err_set(e, ERR_TOO_MANY,
				"%s: more than %d pictures; take old ones away", f->path,
				LIMIT_FRAMES_FILES);
	}
	closedir(dir);
	*files = ARENA_ARRAY(&f->names, *count + 1, struct file);
	if (*count > 0)
		memcpy(*files, list.p, *count * sizeof(**files));
	return ok;
}

/* What is there and was not there before becomes fresh; what is gone is forgotten. */
static bool folder_refresh(struct folder *f, struct err *e)
{
	struct file *files;
	uint64_t *seen;
	size_t count;

	arena_reset(&f->names);
	f->fresh_count = f->fresh_next = 0;
	if (!folder_list(f, &files, &count, e))
		return false;
	seen = malloc((count + 1) * sizeof(*seen));
	if (!seen)
		return err_set(e, ERR_FULL, "no memory for the names in %s", f->path);
	f->fresh = ARENA_ARRAY(&f->names, count + 1, struct file);
	for (size_t i = 0; i < count; i++) {
		seen[i] = files[i].mark;
		if (!folder_has_seen(f, files[i].mark))
			f->fresh[f->fresh_count++] = files[i];
	}
	qsort(f->fresh, f->fresh_count, sizeof(*f->fresh), compare_names);
	qsort(seen, count, sizeof(*seen), compare_marks);
	free(f->seen);
	f->seen = seen;
	f->seen_count = count;
	return true;
}

/* Marks of an earlier process, sorted; none when there is no such file. */
static struct bytes marks_read(const struct folder *f, struct arena *a)
{
	struct bytes marks = { NULL, 0 };
	struct err none = { 0 };
	uint8_t *sorted;

	/* one is added for each picture, so what was taken away since then comes on top */
	if (!file_read(&marks, f->marks_path, sizeof(uint64_t) * LIMIT_FRAMES_FILES * 16, a, &none))
		return (struct bytes){ NULL, 0 };
	sorted = (uint8_t *)arena_copy(a, marks).p;
	marks = bytes_of(sorted, marks.len - marks.len % sizeof(uint64_t));
	qsort(sorted, marks.len / sizeof(uint64_t), sizeof(uint64_t), compare_marks);
	return marks;
}

/* The first list, less what an earlier process began. The marks file keeps what is still there. */
static bool folder_begin(struct folder *f, struct err *e)
{
	struct arena a = { 0 };
	struct bytes marks = marks_read(f, &a);
	struct err none = { 0 };
	uint64_t *kept;
	size_t n = 0;
	bool ok;

	f->seen = malloc(marks.len + 1);
	if (!f->seen)
		abort();
	if (marks.len > 0)
		memcpy(f->seen, marks.p, marks.len);
	f->seen_count = marks.len / sizeof(uint64_t);
	ok = folder_refresh(f, e);
	kept = ARENA_ARRAY(&a, f->seen_count + 1, uint64_t);
	for (size_t i = 0; ok && i < f->seen_count; i++)
		if (marks.len > 0 && bsearch(&f->seen[i], marks.p, marks.len / sizeof(uint64_t),
					     sizeof(uint64_t), compare_marks))
			kept[n++] = f->seen[i];
	if (ok && file_replace(f->marks_path, bytes_of(kept, n * sizeof(*kept)), 0600, &none))
		f->marks_fd = open(f->marks_path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (ok && f->marks_fd < 0)
		log_warn("frames folder cannot be written; a restart reads it again path=%s",
			f->path);
	arena_finish(&a);
	return ok;
}

void folder_close(struct folder *f)
{
	if (!f)
		return;
	if (f->watch >= 0)
		close(f->watch);
	if (f->marks_fd >= 0)
		close(f->marks_fd);
	free(f->seen);
	arena_finish(&f->names);
	arena_finish(&f->arena);
	free(f);
}

bool folder_open(struct folder **out, const char *path, struct err *e)
{
	struct folder *f = calloc(1, sizeof(*f));

	if (!f)
		return err_set(e, ERR_FULL, "no memory for the folder %s", path);
	f->marks_fd = -1;
	f->path = arena_cstr(&f->arena, str_of(path));
	f->marks_path = arena_printf(&f->arena, "%s/" MARKS_NAME, path).p;
	/* watched before it is listed: what comes in between is seen by both, and read once */
	f->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (f->watch >= 0 &&
		inotify_add_watch(f->watch, path,
			IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF) < 0) {
		close(f->watch);
		f->watch = -1;
	}
	if (!folder_begin(f, e)) {
		folder_close(f);
		return false;
	}
	*out = f;
	return true;
}

/* Something may have changed, or time is up. */
static bool folder_wait(struct folder *f, int timeout_ms, bool *changed, struct err *e)
{
	struct pollfd p = { f->watch, POLLIN, 0 };
	char events[4096];
	int n = poll(&p, 1, timeout_ms);

	if (n < 0 && errno != EINTR)
		return err_errno(e, "%s", f->path);
	*changed = n > 0 || f->watch < 0;
	while (n > 0 && read(f->watch, events, sizeof(events)) > 0)
		;
	return true;
}

bool folder_next(struct folder *f, int timeout_ms, const char **name, struct err *e)
{
	const struct file *file;
	bool changed;

	*name = NULL;
	if (f->fresh_next == f->fresh_count) {
		if (!folder_wait(f, timeout_ms, &changed, e))
			return false;
		if (changed && !folder_refresh(f, e))
			return false;
	}
	if (f->fresh_next == f->fresh_count)
		return true;
	file = &f->fresh[f->fresh_next++];
	*name = file->name;
	/* before it is looked at: a picture that ends this process must not do so again */
	if (f->marks_fd >= 0 &&
		write(f->marks_fd, &file->mark, sizeof(file->mark)) != sizeof(file->mark)) {
		close(f->marks_fd);
		f->marks_fd = -1;
	}
	return true;
}

bool folder_load(
	const struct folder *f, const char *name, struct bytes *out, struct arena *a, struct err *e)
{
	return file_read(out, arena_printf(a, "%s/%s", f->path, name).p, LIMIT_IMAGE_BYTES, a, e);
}
