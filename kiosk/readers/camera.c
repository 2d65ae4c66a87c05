#define _DEFAULT_SOURCE
#include "kiosk/readers/camera.h"

#include <errno.h>
#include <poll.h>

#include <linux/videodev2.h>

#include "kiosk/readers/video.h"

enum {
	WIDTH = 1280,
	HEIGHT = 720,
	FRAMES_A_SECOND = 30,
	SLOW = 20,   /* frames a second; a slower format comes after all others */
	BUFFERS = 3, /* one at the eye, one full, one being filled */
};

/* How luma lies in a format, best first: in place, then cheap to take out. */
static const struct layout {
	uint32_t fourcc;
	const char *name;
	uint32_t step; /* bytes from one luma sample to the next; 0: compressed */
} layouts[] = {
	{ V4L2_PIX_FMT_GREY, "GREY", 1 },
	{ V4L2_PIX_FMT_NV12, "NV12", 1 },
	{ V4L2_PIX_FMT_YUV420, "YU12", 1 },
	{ V4L2_PIX_FMT_YUYV, "YUYV", 2 },
	{ V4L2_PIX_FMT_MJPEG, "MJPEG", 0 },
	{ V4L2_PIX_FMT_JPEG, "JPEG", 0 },
};

struct camera {
	const struct device_calls *calls;
	struct arena arena;
	const char *path;
	int fd;
	const struct layout *layout;
	uint32_t width, height, stride;
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

static int camera_ioctl(struct camera *c, unsigned long request, void *argument)
{
	return c->calls->ioctl(c->fd, request, argument);
}

static bool camera_error(const struct camera *c, const char *doing, struct err *e)
{
	return device_error("camera", c->path, "the group \"video\"", doing, e);
}

static void camera_close(void *reader)
{
	struct camera *c = reader;
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	if (!c)
		return;
	if (c->streaming)
		camera_ioctl(c, VIDIOC_STREAMOFF, &type);
	for (uint32_t i = 0; i < c->buffer_count; i++)
		if (c->buffers[i].p)
			c->calls->unmap(c->buffers[i].p, c->buffers[i].length);
	if (c->fd >= 0)
		c->calls->close(c->fd);
	image_store_finish(&c->luma);
	video_close(c->video);
	arena_finish(&c->arena);
	free(c);
}

static bool camera_check(struct camera *c, struct err *e)
{
	struct v4l2_capability cap = { 0 };
	uint32_t can;

	if (camera_ioctl(c, VIDIOC_QUERYCAP, &cap) < 0)
		return errno == ENOTTY || errno == EINVAL
			       ? err_set(e, ERR_UNSUPPORTED, "camera %s: it is no camera", c->path)
			       : camera_error(c, "asking what it can do", e);
	can = cap.capabilities & V4L2_CAP_DEVICE_CAPS ? cap.device_caps : cap.capabilities;
	if (!(can & V4L2_CAP_VIDEO_CAPTURE) || !(can & V4L2_CAP_STREAMING))
		return err_set(e, ERR_UNSUPPORTED,
			"camera %s: it gives no pictures; try the next /dev/video", c->path);
	return true;
}

/* The driver says that it is slow in this format. Whoever says nothing is not. */
static bool camera_is_slow(struct camera *c, const struct layout *layout)
{
	struct v4l2_frmivalenum rate = {
		.pixel_format = layout->fourcc, .width = WIDTH, .height = HEIGHT
	};

	/* the first is the shortest interval */
	return camera_ioctl(c, VIDIOC_ENUM_FRAMEINTERVALS, &rate) == 0 &&
	       rate.type == V4L2_FRMIVAL_TYPE_DISCRETE && rate.discrete.numerator > 0 &&
	       rate.discrete.denominator / rate.discrete.numerator < SLOW;
}

/* Asks for a format. A driver may grant another one, which then counts as a no. */
static bool camera_try(struct camera *c, const struct layout *layout, bool *granted, struct err *e)
{
	struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	struct v4l2_pix_format *pix = &format.fmt.pix;

	pix->width = WIDTH;
	pix->height = HEIGHT;
	pix->pixelformat = layout->fourcc;
	pix->field = V4L2_FIELD_NONE;
	*granted = false;
	if (camera_ioctl(c, VIDIOC_S_FMT, &format) < 0)
		return errno == EINVAL || camera_error(c, "setting its format", e);
	if (pix->pixelformat != layout->fourcc)
		return true;
	if (!image_size_check(pix->width, pix->height, e))
		return err_in(e, "camera %s", c->path);
	c->layout = layout;
	c->width = pix->width;
	c->height = pix->height;
	c->stride = pix->bytesperline ? pix->bytesperline : pix->width * layout->step;
	if (c->stride < c->width * layout->step)
		return err_set(e, ERR_MALFORMED, "camera %s: rows of %u bytes for %u pixels",
			c->path, c->stride, c->width);
	*granted = true;
	return true;
}

static bool camera_choose(struct camera *c, struct err *e)
{
	struct v4l2_streamparm rate = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	bool granted = false;

	for (int slow_too = 0; slow_too <= 1 && !granted; slow_too++)
		for (size_t i = 0; i < ARRAY_LEN(layouts) && !granted; i++)
			if ((slow_too || !camera_is_slow(c, &layouts[i])) &&
				!camera_try(c, &layouts[i], &granted, e))
				return false;
	if (!granted)
		return err_set(e, ERR_UNSUPPORTED,
			"camera %s: none of its formats is known here (GREY, NV12, YU12, YUYV, "
			"MJPEG)",
			c->path);
	rate.parm.capture.timeperframe.numerator = 1;
	rate.parm.capture.timeperframe.denominator = FRAMES_A_SECOND;
	/* a wish: many drivers, and libcamera's shim, have no such setting */
	camera_ioctl(c, VIDIOC_S_PARM, &rate);
	return true;
}

static bool camera_queue(struct camera *c, uint32_t index, struct err *e)
{
	struct v4l2_buffer b = {
		.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP
	};

	return camera_ioctl(c, VIDIOC_QBUF, &b) == 0 || camera_error(c, "giving a buffer back", e);
}

static bool camera_map(struct camera *c, uint32_t index, struct err *e)
{
	struct v4l2_buffer b = {
		.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP
	};
	uint64_t least = c->layout->step == 0 ? 1
					      : (uint64_t)c->stride * (c->height - 1) +
							(uint64_t)c->width * c->layout->step;

	if (camera_ioctl(c, VIDIOC_QUERYBUF, &b) < 0)
		return camera_error(c, "asking for a buffer", e);
	if (b.length < least)
		return err_set(e, ERR_MALFORMED, "camera %s: a buffer of %u bytes holds no frame",
			c->path, b.length);
	c->buffers[index].length = b.length;
	c->buffers[index].p = c->calls->map(c->fd, b.length, b.m.offset);
	return c->buffers[index].p || camera_error(c, "mapping a buffer", e);
}

static bool camera_start(struct camera *c, struct err *e)
{
	struct v4l2_requestbuffers wish = {
		.count = BUFFERS, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP
	};
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	if (camera_ioctl(c, VIDIOC_REQBUFS, &wish) < 0)
		return camera_error(c, "asking for buffers", e);
	if (wish.count < 2)
		return err_set(
			e, ERR_UNAVAILABLE, "camera %s: it has no memory for frames", c->path);
	c->buffer_count = wish.count < BUFFERS ? wish.count : BUFFERS;
	for (uint32_t i = 0; i < c->buffer_count; i++)
		if (!camera_map(c, i, e) || !camera_queue(c, i, e))
			return false;
	if (camera_ioctl(c, VIDIOC_STREAMON, &type) < 0)
		return camera_error(c, "starting it", e);
	c->streaming = true;
	c->good_ns = c->calls->now_ns();
	return true;
}

bool camera_open(void **reader, const char *path, const struct device_calls *calls, struct err *e)
{
	struct camera *c = calloc(1, sizeof(*c));

	if (!c)
		return err_set(e, ERR_FULL, "no memory for the camera");
	c->calls = calls;
	c->path = arena_cstr(&c->arena, str_of(path));
	c->fd = calls->open(path);
	if ((c->fd < 0 && !camera_error(c, "opening it", e)) || !camera_check(c, e) ||
		!camera_choose(c, e) || !camera_start(c, e) || !video_open(&c->video, e)) {
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
	return c->layout->step == 0 || b->bytesused >= (uint64_t)c->stride * (c->height - 1) +
							       (uint64_t)c->width * c->layout->step;
}

/* Takes what is there and gives back all but the newest whole frame. *any: there is one. */
static bool camera_newest(struct camera *c, struct v4l2_buffer *newest, bool *any, struct err *e)
{
	*any = false;
	/* as many as there are: a driver that never says EAGAIN must not hold us */
	for (uint32_t i = 0; i < c->buffer_count; i++) {
		struct v4l2_buffer b = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
			.memory = V4L2_MEMORY_MMAP };

		if (camera_ioctl(c, VIDIOC_DQBUF, &b) < 0)
			return errno == EAGAIN || camera_error(c, "taking a frame", e);
		if (b.index >= c->buffer_count)
			return err_set(e, ERR_MALFORMED, "camera %s: a frame in no buffer of ours",
				c->path);
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

/* Luma of a frame; borrowed from the buffer where it lies there. False: it is damaged. */
static bool camera_luma(struct camera *c, const struct v4l2_buffer *b, struct image *out)
{
	const uint8_t *p = c->buffers[b->index].p;
	struct err damaged = { 0 };

	if (c->layout->step == 0)
		return image_read(out, bytes_of(p, b->bytesused), &c->luma, &damaged);
	if (c->layout->step == 1) {
		*out = (struct image){ p, c->width, c->height, c->stride };
		return true;
	}
	if (!image_store_reserve(&c->luma, (size_t)c->width * c->height, &damaged))
		return false;
	for (uint32_t y = 0; y < c->height; y++)
		for (uint32_t x = 0; x < c->width; x++)
			c->luma.pixels[(size_t)y * c->width + x] =
				p[(size_t)y * c->stride + (size_t)x * c->layout->step];
	*out = (struct image){ c->luma.pixels, c->width, c->height, c->width };
	return true;
}

static uint64_t frame_time(const struct camera *c, const struct v4l2_buffer *b)
{
	uint64_t now_ns = c->calls->now_ns();
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
	struct v4l2_buffer b = { 0 };
	struct image image;
	int events = c->calls->poll(c->fd, timeout_ms);
	bool any = false, ok = true;

	if (events < 0)
		return camera_error(c, "waiting for a frame", e);
	/* POLLERR also stands for a stream that ended; the next DQBUF would say nothing more */
	if (events != 0 && !(events & POLLIN))
		return err_set(e, ERR_UNAVAILABLE,
			"camera %s: it was unplugged, or its stream ended", c->path);
	if (events != 0 && !camera_newest(c, &b, &any, e))
		return false;
	if (any && camera_luma(c, &b, &image)) {
		ok = video_frame(c->video, &image, EYE_VIDEO, true, frame_time(c, &b), e);
		c->good_ns = c->calls->now_ns();
	}
	if (any && !camera_queue(c, b.index, e))
		return false;
	if (c->calls->now_ns() - c->good_ns >= (uint64_t)CAMERA_SILENCE_MS * 1000000)
		return err_set(e, ERR_TIMEOUT,
			"camera %s: no good frame for %d s; unplug it and plug it in again",
			c->path, CAMERA_SILENCE_MS / 1000);
	return ok;
}

static bool camera_wait(void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e)
{
	struct camera *c = reader;

	*found = true;
	if (!c->said_ready) {
		c->said_ready = true;
		scan_say(scan, SCAN_READY, c->calls->now_ns(), "camera %s %ux%u %s", c->path,
			c->width, c->height, c->layout->name);
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
	.help = "a camera that reads QR codes: /dev/video0",
	.open = camera_open_system,
	.wait = camera_wait,
	.close = camera_close,
};
