#define _DEFAULT_SOURCE
#include "kiosk/readers/camera.h"

#include <errno.h>
#include <poll.h>

#include <linux/videodev2.h>

#include "kiosk/readers/camera_device.h"
#include "kiosk/readers/video.h"

enum { BUFFERS = 3 }; /* one at the eye, one full, one being filled */

struct camera {
	struct arena arena;
	struct camera_device device;
	struct {
		void *p;
		size_t length;
	} buffers[BUFFERS];
	uint32_t buffer_count;
	bool streaming, said_ready;
	uint64_t good_ns; /* of the last good frame, or of the start */
	struct image_store luma;
	struct video *video;
};

static uint64_t camera_now(const struct camera *c)
{
	return c->device.calls->now_ns();
}

/* The device, and what is mapped of it; the camera itself stays. */
static void camera_stop(struct camera *c)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	if (c->streaming)
		camera_ioctl(&c->device, VIDIOC_STREAMOFF, &type);
	c->streaming = false;
	for (uint32_t i = 0; i < c->buffer_count; i++)
		if (c->buffers[i].p)
			c->device.calls->unmap(c->buffers[i].p, c->buffers[i].length);
	memset(c->buffers, 0, sizeof(c->buffers));
	c->buffer_count = 0;
	camera_device_close(&c->device);
}

static void camera_close(void *reader)
{
	struct camera *c = reader;

	if (!c)
		return;
	camera_stop(c);
	image_store_finish(&c->luma);
	video_close(c->video);
	arena_finish(&c->arena);
	free(c);
}

static bool camera_queue(struct camera *c, uint32_t index, struct err *e)
{
	struct v4l2_buffer b = {
		.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP
	};

	return camera_ioctl(&c->device, VIDIOC_QBUF, &b) == 0 ||
	       camera_device_error(&c->device, "giving a buffer back", e);
}

static bool camera_map(struct camera *c, uint32_t index, struct err *e)
{
	struct v4l2_buffer b = {
		.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP
	};
	uint64_t least = c->device.layout->step == 0 ? 1 : camera_device_least(&c->device);

	if (camera_ioctl(&c->device, VIDIOC_QUERYBUF, &b) < 0)
		return camera_device_error(&c->device, "asking for a buffer", e);
	if (b.length < least)
		return err_set(e, ERR_MALFORMED, "camera %s: a buffer of %u bytes holds no frame",
			c->device.path, b.length);
	c->buffers[index].length = b.length;
	c->buffers[index].p = c->device.calls->map(c->device.fd, b.length, b.m.offset);
	return c->buffers[index].p || camera_device_error(&c->device, "mapping a buffer", e);
}

static bool camera_start(struct camera *c, struct err *e)
{
	struct v4l2_requestbuffers wish = {
		.count = BUFFERS, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP
	};
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	if (camera_ioctl(&c->device, VIDIOC_REQBUFS, &wish) < 0)
		return camera_device_error(&c->device, "asking for buffers", e);
	if (wish.count < 2)
		return err_set(e, ERR_UNAVAILABLE, "camera %s: it has no memory for frames",
			c->device.path);
	c->buffer_count = wish.count < BUFFERS ? wish.count : BUFFERS;
	for (uint32_t i = 0; i < c->buffer_count; i++)
		if (!camera_map(c, i, e) || !camera_queue(c, i, e))
			return false;
	if (camera_ioctl(&c->device, VIDIOC_STREAMON, &type) < 0)
		return camera_device_error(&c->device, "starting it", e);
	c->streaming = true;
	c->good_ns = camera_now(c);
	return true;
}

static bool camera_try(struct camera *c, const char *path, const struct device_calls *calls,
	unsigned mains_hz, struct err *e)
{
	if (!camera_device_open(&c->device, path, calls, false, e))
		return false;
	camera_device_expose(&c->device, mains_hz);
	if (camera_start(c, e))
		return true;
	camera_stop(c);
	return false;
}

/* The first camera that streams. What is said of the others is not worth a word, but for one. */
static bool camera_find(
	struct camera *c, const struct device_calls *calls, unsigned mains_hz, struct err *e)
{
	struct err first = { 0 };

	for (unsigned i = 0; i < CAMERA_DEVICES_MAX; i++) {
		const char *path = arena_printf(&c->arena, "/dev/video%u", i).p;
		struct err why = { 0 };

		if (camera_try(c, path, calls, mains_hz, &why))
			return true;
		if (first.code == ERR_NONE && why.code != ERR_NOT_FOUND &&
			why.code != ERR_UNSUPPORTED)
			first = why;
	}
	if (first.code != ERR_NONE) {
		*e = first;
		return false;
	}
	return err_set(e, ERR_NOT_FOUND, "camera auto: there is no camera: plug one in");
}

bool camera_open(
	void **reader, const char *argument, const struct device_calls *calls, struct err *e)
{
	struct camera *c = calloc(1, sizeof(*c));
	struct camera_wish wish;

	if (!c)
		return err_set(e, ERR_FULL, "no memory for the camera");
	c->device = (struct camera_device){ .calls = calls, .fd = -1 };
	if (!camera_wish_read(&wish, argument, &c->arena, e) ||
		!video_open(&c->video, video_helpers(), e) ||
		!(wish.path ? camera_try(c, wish.path, calls, wish.mains_hz, e)
			    : camera_find(c, calls, wish.mains_hz, e))) {
		camera_close(c);
		return false;
	}
	*reader = c;
	return true;
}

static bool camera_open_system(void **reader, const char *argument, struct err *e)
{
	return camera_open(reader, argument, &device_system, e);
}

/* The buffer holds a whole frame, as far as that can be told without decoding it. */
static bool frame_is_whole(const struct camera *c, const struct v4l2_buffer *b)
{
	if (b->flags & V4L2_BUF_FLAG_ERROR || b->bytesused > c->buffers[b->index].length)
		return false;
	return c->device.layout->step == 0 ? b->bytesused > 0
					   : b->bytesused >= camera_device_least(&c->device);
}

/* Takes what is there and gives back all but the newest whole frame. *any: there is one. */
static bool camera_newest(struct camera *c, struct v4l2_buffer *newest, bool *any, struct err *e)
{
	*any = false;
	/* as many as there are: a driver that never says EAGAIN must not hold us */
	for (uint32_t i = 0; i < c->buffer_count; i++) {
		struct v4l2_buffer b = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
			.memory = V4L2_MEMORY_MMAP };

		if (camera_ioctl(&c->device, VIDIOC_DQBUF, &b) < 0)
			return errno == EAGAIN ||
			       camera_device_error(&c->device, "taking a frame", e);
		if (b.index >= c->buffer_count)
			return err_set(e, ERR_MALFORMED, "camera %s: a frame in no buffer of ours",
				c->device.path);
		if (!frame_is_whole(c, &b)) {
			if (!camera_queue(c, b.index, e))
				return false;
			continue;
		}
		if (*any && !camera_queue(c, newest->index, e))
			return false;
		*newest = b;
		*any = true;
	}
	return true;
}

/* What the eye gets: luma where it lies, or taken out; or the file, as it came. */
static bool camera_frame(struct camera *c, const struct v4l2_buffer *b, struct jail_task *out)
{
	const struct camera_device *d = &c->device;
	const uint8_t *p = (const uint8_t *)c->buffers[b->index].p + d->layout->first;
	struct err full = { 0 };

	*out = (struct jail_task){ .mode = EYE_VIDEO };
	if (d->layout->step == 0) {
		out->file = bytes_of(p, b->bytesused);
		return true;
	}
	if (d->layout->step == 1) {
		out->image = (struct image){ p, d->width, d->height, d->stride };
		return true;
	}
	if (!image_store_reserve(&c->luma, (size_t)d->width * d->height, &full))
		return false;
	for (uint32_t y = 0; y < d->height; y++)
		for (uint32_t x = 0; x < d->width; x++)
			c->luma.pixels[(size_t)y * d->width + x] =
				p[(size_t)y * d->stride + (size_t)x * d->layout->step];
	out->image = (struct image){ c->luma.pixels, d->width, d->height, d->width };
	return true;
}

static uint64_t frame_time(const struct camera *c, const struct v4l2_buffer *b)
{
	uint64_t now_ns = camera_now(c);
	uint64_t at_ns = (uint64_t)b->timestamp.tv_sec * 1000000000 +
			 (uint64_t)b->timestamp.tv_usec * 1000;

	/* other clocks, and drivers that leave it empty, tell nothing */
	return (b->flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC &&
			       at_ns > 0 && at_ns <= now_ns
		       ? at_ns
		       : now_ns;
}

static bool camera_step(struct camera *c, int timeout_ms, struct err *e)
{
	const struct camera_device *d = &c->device;
	struct v4l2_buffer b = { 0 };
	struct jail_task frame;
	int events = d->calls->poll(d->fd, timeout_ms);
	bool any = false, ok = true, whole = false;

	if (events < 0)
		return camera_device_error(d, "waiting for a frame", e);
	/* POLLERR also stands for a stream that ended; the next DQBUF would say nothing more */
	if (events != 0 && !(events & POLLIN))
		return err_set(e, ERR_UNAVAILABLE,
			"camera %s: it was unplugged, or its stream ended", d->path);
	if (events != 0 && !camera_newest(c, &b, &any, e))
		return false;
	if (any && camera_frame(c, &b, &frame))
		ok = video_frame(c->video, &frame, true, frame_time(c, &b), &whole, e);
	if (whole)
		c->good_ns = camera_now(c);
	if (any && !camera_queue(c, b.index, e))
		return false;
	if (camera_now(c) - c->good_ns >= (uint64_t)CAMERA_SILENCE_MS * 1000000)
		return err_set(e, ERR_TIMEOUT,
			"camera %s: no good frame for %d s; unplug it and plug it in again",
			d->path, CAMERA_SILENCE_MS / 1000);
	return ok;
}

static bool camera_wait(void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e)
{
	struct camera *c = reader;

	*found = true;
	if (!c->said_ready) {
		c->said_ready = true;
		scan_say(scan, SCAN_READY, camera_now(c), "camera %s %ux%u %s", c->device.path,
			c->device.width, c->device.height, c->device.layout->name);
		return true;
	}
	if (video_next(c->video, scan))
		return true;
	if (!camera_step(c, timeout_ms, e))
		return false;
	*found = video_next(c->video, scan);
	return true;
}

const struct reader_type reader_camera = {
	.name = "camera",
	.help = "a camera that reads QR codes: auto, or as kith-kiosk cameras names it",
	.open = camera_open_system,
	.wait = camera_wait,
	.close = camera_close,
};
