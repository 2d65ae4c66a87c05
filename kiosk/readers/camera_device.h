/*
 * A V4L2 capture device before it streams: which one, what it can do, in which format, and how it
 * is asked to expose. Every ioctl but those of a plain capture device is a wish: drivers leave out
 * what they like, and libcamera's shim (libcamerify) has no controls at all.
 */
#pragma once

#include "core/base/arena.h"
#include "kiosk/readers/device.h"

enum { CAMERA_DEVICES_MAX = 64 }; /* /dev/video0 to 63 are looked at */

/* "DEVICE", "auto", and "50hz" or "60hz" behind it where lamps flicker in the picture. */
struct camera_wish {
	const char *path;  /* NULL: the first camera that works */
	unsigned mains_hz; /* 0: as the camera finds out */
};
/* ERR_MALFORMED says what there is. */
MUST_CHECK bool camera_wish_read(
	struct camera_wish *out, const char *argument, struct arena *a, struct err *e);

/* How luma lies in a format. */
struct camera_layout {
	uint32_t fourcc;
	const char *name;
	uint32_t step;	/* bytes from one luma sample to the next; 0: compressed */
	uint32_t first; /* bytes before the first one */
};

struct camera_device {
	const struct device_calls *calls;
	const char *path;
	int fd;	       /* -1: closed */
	char name[64]; /* what the driver calls it; any bytes become printable */
	const struct camera_layout *layout;
	uint32_t width, height, stride;
};

/* Borrows path and calls. only_look: leave its settings to whoever uses it. */
MUST_CHECK bool camera_device_open(struct camera_device *out, const char *path,
	const struct device_calls *calls, bool only_look, struct err *e);
void camera_device_close(struct camera_device *d);
/* What cannot be set is left as it is. */
void camera_device_expose(const struct camera_device *d, unsigned mains_hz);
/* errno of a call, with what to do about it. False. */
bool camera_device_error(const struct camera_device *d, const char *doing, struct err *e);
int camera_ioctl(const struct camera_device *d, unsigned long request, void *argument);
/* Bytes that a whole frame has at least, of a format that is not compressed. */
uint64_t camera_device_least(const struct camera_device *d);
