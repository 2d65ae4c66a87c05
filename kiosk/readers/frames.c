#include "kiosk/readers/frames.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/eye/stream.h"
#include "kiosk/readers/folder.h"
#include "kiosk/readers/video.h"

struct frames {
	const char *path; /* in the arena */
	struct arena arena;
	struct video *video;
	bool said_ready;
	/* one of the two */
	struct folder *folder;
	int fd; /* of a FIFO or file; -1 after the file's end */
	bool fifo;
	struct stream stream;
};

static void frames_close(void *reader)
{
	struct frames *f = reader;

	if (!f)
		return;
	if (f->fd >= 0)
		close(f->fd);
	folder_close(f->folder);
	stream_finish(&f->stream);
	video_close(f->video);
	arena_finish(&f->arena);
	free(f);
}

static bool frames_begin(struct frames *f, struct err *e)
{
	struct stat st;

	if (stat(f->path, &st) != 0)
		return err_errno(e, "%s", f->path);
	if (!video_open(&f->video, 0, e))
		return false;
	if (S_ISDIR(st.st_mode))
		return folder_open(&f->folder, f->path, e);
	f->fifo = S_ISFIFO(st.st_mode);
	f->fd = open(f->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return f->fd >= 0 || err_errno(e, "%s", f->path);
}

static bool frames_open(void **reader, const char *argument, struct err *e)
{
	struct frames *f = calloc(1, sizeof(*f));

	if (!f)
		return err_set(e, ERR_FULL, "no memory for the reader of frames");
	f->fd = -1;
	f->path = arena_cstr(&f->arena, str_of(argument));
	if (!frames_begin(f, e)) {
		frames_close(f);
		return false;
	}
	*reader = f;
	return true;
}

/* One picture of the folder. One that cannot be read is told in the log and passed over. */
static bool folder_step(struct frames *f, int timeout_ms, struct err *e)
{
	struct arena a = { 0 };
	struct jail_task frame = { .mode = EYE_FIRST };
	struct err bad = { 0 };
	uint64_t seen_ns;
	const char *name;
	bool ok = true, whole = false;

	if (!folder_next(f->folder, timeout_ms, &name, e))
		return false;
	if (!name)
		return true;
	seen_ns = clock_monotonic_ns();
	if (!folder_load(f->folder, name, &frame.file, &a, &bad))
		log_warn("frame passed over file=%s reason=\"%s\"", name, bad.text);
	else
		ok = video_frame(f->video, &frame, false, seen_ns, &whole, e);
	if (!whole && bad.code == ERR_NONE)
		log_warn("frame passed over file=%s reason=\"it is no whole picture\"", name);
	arena_finish(&a);
	return ok;
}

/* The writer went. What it left of a frame goes too; a next writer begins afresh. */
static bool stream_end(struct frames *f, struct err *e)
{
	int next;

	if (!stream_between(&f->stream))
		log_warn("stream of frames ends inside a frame path=%s", f->path);
	stream_finish(&f->stream);
	if (!f->fifo) {
		close(f->fd);
		f->fd = -1;
		return true;
	}
	/* opened before the old one is closed, so that no writer meets a FIFO without a reader */
	next = open(f->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (next < 0)
		return err_errno(e, "%s", f->path);
	close(f->fd);
	f->fd = next;
	return true;
}

/* Reads until a frame was looked at, nothing more comes within the time, or the stream ends. */
static bool stream_step(struct frames *f, int timeout_ms, struct err *e)
{
	uint64_t end_ns = clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000;

	for (;;) {
		struct pollfd p = { f->fd, POLLIN, 0 };
		uint64_t now_ns = clock_monotonic_ns();
		int left_ms = now_ns < end_ns ? (int)((end_ns - now_ns + 999999) / 1000000) : 0;
		struct image frame;
		bool found = false, whole;
		uint8_t *space;
		size_t room;
		ssize_t n;
		/* first, for a FIFO without a writer reads as one that ended (fifo(7), poll(2)) */
		int ready = poll(&p, 1, left_ms);

		if (ready < 0 && errno != EINTR)
			return err_errno(e, "%s", f->path);
		if (ready <= 0 && left_ms == 0)
			return true;
		if (ready <= 0)
			continue;
		if (!stream_space(&f->stream, &space, &room, e))
			return false;
		n = read(f->fd, space, room);
		if (n == 0)
			return stream_end(f, e);
		if (n < 0) {
			if (errno != EAGAIN && errno != EINTR)
				return err_errno(e, "%s", f->path);
			continue;
		}
		if (!stream_take(&f->stream, (size_t)n, &frame, &found, e))
			return err_in(e, "%s", f->path);
		if (found)
			return video_frame(f->video,
				&(struct jail_task){ .image = frame, .mode = EYE_VIDEO }, true,
				clock_monotonic_ns(), &whole, e);
	}
}

static bool frames_wait(void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e)
{
	struct frames *f = reader;

	*found = true;
	if (!f->said_ready) {
		f->said_ready = true;
		scan_say(scan, SCAN_READY, clock_monotonic_ns(), "frames from %s", f->path);
		return true;
	}
	if (video_next(f->video, scan))
		return true;
	if (!(f->folder ? folder_step : stream_step)(f, timeout_ms, e))
		return false;
	*found = video_next(f->video, scan);
	return true;
}

const struct reader_type reader_frames = {
	.name = "frames",
	.help = "pictures in a camera's place: a folder, a FIFO or a file of frames",
	.open = frames_open,
	.wait = frames_wait,
	.close = frames_close,
};
