#define _DEFAULT_SOURCE
#include "kiosk/readers/camera_device.h"

#include <errno.h>

#include <linux/videodev2.h>

#include "core/eye/image.h"

enum {
	WIDTH = 1280,
	HEIGHT = 720,
	FRAMES_A_SECOND = 30,
	SLOW = 20, /* frames a second; a slower format comes after all others */
};

/* Best first: luma in place, then cheap to take out, then to be decoded. */
static const struct camera_layout layouts[] = {
	{ V4L2_PIX_FMT_GREY, "GREY", 1, 0 },
	{ V4L2_PIX_FMT_NV12, "NV12", 1, 0 },
	{ V4L2_PIX_FMT_YUV420, "YU12", 1, 0 },
	{ V4L2_PIX_FMT_NV21, "NV21", 1, 0 },
	{ V4L2_PIX_FMT_YVU420, "YV12", 1, 0 },
	{ V4L2_PIX_FMT_NV16, "NV16", 1, 0 },
	{ V4L2_PIX_FMT_YUYV, "YUYV", 2, 0 },
	{ V4L2_PIX_FMT_UYVY, "UYVY", 2, 1 },
	{ V4L2_PIX_FMT_MJPEG, "MJPEG", 0, 0 },
	{ V4L2_PIX_FMT_JPEG, "JPEG", 0, 0 },
};

bool camera_wish_read(struct camera_wish *out, const char *argument, struct arena *a, struct err *e)
{
	struct str rest = str_of(argument), word;

	*out = (struct camera_wish){ .path = NULL };
	if (!str_split(&rest, ' ', &word) || word.len == 0)
		return err_set(e, ERR_MALFORMED, "camera: which one? a device, or auto");
	if (!str_equal(word, STR("auto")))
		out->path = arena_cstr(a, word);
	while (str_split(&rest, ' ', &word)) {
		if (str_equal(word, STR("50hz")))
			out->mains_hz = 50;
		else if (str_equal(word, STR("60hz")))
			out->mains_hz = 60;
		else if (word.len > 0)
			return err_set(e, ERR_MALFORMED,
				"camera: behind the device only 50hz or 60hz may stand");
	}
	return true;
}

int camera_ioctl(const struct camera_device *d, unsigned long request, void *argument)
{
	return d->calls->ioctl(d->fd, request, argument);
}

bool camera_device_error(const struct camera_device *d, const char *doing, struct err *e)
{
	return device_error("camera", d->path, "the group \"video\"", doing, e);
}

uint64_t camera_device_least(const struct camera_device *d)
{
	return (uint64_t)d->stride * (d->height - 1) + (uint64_t)d->width * d->layout->step;
}

static void take_name(struct camera_device *d, const uint8_t *card, size_t len)
{
	size_t n = 0;

	for (; n < len && n < sizeof(d->name) - 1 && card[n]; n++)
		d->name[n] = card[n] >= ' ' && card[n] < 127 ? (char)card[n] : '?';
	d->name[n] = '\0';
}

static bool check(struct camera_device *d, struct err *e)
{
	struct v4l2_capability cap = { 0 };
	uint32_t can;

	if (camera_ioctl(d, VIDIOC_QUERYCAP, &cap) < 0)
		return errno == ENOTTY || errno == EINVAL
			       ? err_set(e, ERR_UNSUPPORTED, "camera %s: it is no camera", d->path)
			       : camera_device_error(d, "asking what it can do", e);
	can = cap.capabilities & V4L2_CAP_DEVICE_CAPS ? cap.device_caps : cap.capabilities;
	if (!(can & V4L2_CAP_VIDEO_CAPTURE) || !(can & V4L2_CAP_STREAMING))
		return err_set(e, ERR_UNSUPPORTED,
			"camera %s: it gives no pictures; kith-kiosk cameras lists those that do",
			d->path);
	take_name(d, cap.card, sizeof(cap.card));
	return true;
}

/* The driver says that it is slow in this format. Whoever says nothing is not. */
static bool is_slow(const struct camera_device *d, const struct camera_layout *layout)
{
	struct v4l2_frmivalenum rate = {
		.pixel_format = layout->fourcc, .width = WIDTH, .height = HEIGHT
	};

	/* the first is the shortest interval */
	return camera_ioctl(d, VIDIOC_ENUM_FRAMEINTERVALS, &rate) == 0 &&
	       rate.type == V4L2_FRMIVAL_TYPE_DISCRETE && rate.discrete.numerator > 0 &&
	       rate.discrete.denominator / rate.discrete.numerator < SLOW;
}

/* Asks for a format. A driver may grant another one, which then counts as a no. */
static bool try_layout(struct camera_device *d, const struct camera_layout *layout, bool only_look,
	bool *granted, struct err *e)
{
	struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	struct v4l2_pix_format *pix = &format.fmt.pix;

	pix->width = WIDTH;
	pix->height = HEIGHT;
	pix->pixelformat = layout->fourcc;
	pix->field = V4L2_FIELD_NONE;
	*granted = false;
	if (camera_ioctl(d, only_look ? VIDIOC_TRY_FMT : VIDIOC_S_FMT, &format) < 0)
		return errno == EINVAL || camera_device_error(d, "setting its format", e);
	if (pix->pixelformat != layout->fourcc)
		return true;
	if (!image_size_check(pix->width, pix->height, e))
		return err_in(e, "camera %s", d->path);
	d->layout = layout;
	d->width = pix->width;
	d->height = pix->height;
	d->stride = pix->bytesperline ? pix->bytesperline : pix->width * layout->step;
	if (d->stride < d->width * layout->step)
		return err_set(e, ERR_MALFORMED, "camera %s: rows of %u bytes for %u pixels",
			d->path, d->stride, d->width);
	*granted = true;
	return true;
}

static bool choose(struct camera_device *d, bool only_look, struct err *e)
{
	struct v4l2_streamparm rate = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	bool granted = false;

	for (int slow_too = 0; slow_too <= 1 && !granted; slow_too++)
		for (size_t i = 0; i < ARRAY_LEN(layouts) && !granted; i++)
			if ((slow_too || !is_slow(d, &layouts[i])) &&
				!try_layout(d, &layouts[i], only_look, &granted, e))
				return false;
	if (!granted)
		return err_set(e, ERR_UNSUPPORTED,
			"camera %s: none of its formats is known here (GREY, NV12, YU12, YUYV, "
			"MJPEG); a camera of the Raspberry Pi needs libcamerify",
			d->path);
	rate.parm.capture.timeperframe.numerator = 1;
	rate.parm.capture.timeperframe.denominator = FRAMES_A_SECOND;
	if (!only_look) /* a wish */
		camera_ioctl(d, VIDIOC_S_PARM, &rate);
	return true;
}

bool camera_device_open(struct camera_device *out, const char *path,
	const struct device_calls *calls, bool only_look, struct err *e)
{
	*out = (struct camera_device){ .calls = calls, .path = path };
	out->fd = calls->open(path);
	if (out->fd < 0)
		return camera_device_error(out, "opening it", e);
	if (check(out, e) && choose(out, only_look, e))
		return true;
	camera_device_close(out);
	return false;
}

void camera_device_close(struct camera_device *d)
{
	if (d->fd >= 0)
		d->calls->close(d->fd);
	d->fd = -1;
}

/* The first of the values that the camera takes; 0 ends them, so it stands last if it is one. */
static void set(const struct camera_device *d, uint32_t id, const int32_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct v4l2_control c = { .id = id, .value = values[i] };

		if (camera_ioctl(d, VIDIOC_S_CTRL, &c) == 0)
			return;
	}
}

void camera_device_expose(const struct camera_device *d, unsigned mains_hz)
{
	static const struct {
		uint32_t id;
		int32_t values[2];
		size_t count;
	} wishes[] = {
		/* by itself; webcams call that aperture priority */
		{ V4L2_CID_EXPOSURE_AUTO, { V4L2_EXPOSURE_AUTO, V4L2_EXPOSURE_APERTURE_PRIORITY },
			2 },
		/* not at the cost of frames: a long exposure blurs what a hand holds */
		{ V4L2_CID_EXPOSURE_AUTO_PRIORITY, { 0 }, 1 },
		/* the card is in the middle, whatever light is behind it */
		{ V4L2_CID_EXPOSURE_METERING,
			{ V4L2_EXPOSURE_METERING_CENTER_WEIGHTED, V4L2_EXPOSURE_METERING_SPOT },
			2 },
		{ V4L2_CID_AUTOGAIN, { 1 }, 1 },
		{ V4L2_CID_FOCUS_AUTO, { 1 }, 1 },
	};
	const int32_t by_itself[] = { V4L2_CID_POWER_LINE_FREQUENCY_AUTO };
	const int32_t told[] = { mains_hz == 60 ? V4L2_CID_POWER_LINE_FREQUENCY_60HZ
						: V4L2_CID_POWER_LINE_FREQUENCY_50HZ };

	for (size_t i = 0; i < ARRAY_LEN(wishes); i++)
		set(d, wishes[i].id, wishes[i].values, wishes[i].count);
	set(d, V4L2_CID_POWER_LINE_FREQUENCY, mains_hz ? told : by_itself, 1);
}
