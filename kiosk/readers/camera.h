/*
 * A V4L2 camera, streaming from mapped buffers: "reader = camera auto", or a device, best by its
 * name under /dev/v4l/by-id. A USB webcam, or a CSI camera through libcamerify; 1280x720 is asked
 * for, and what the driver grants is taken.
 *
 * Only luma is looked at, in the driver's buffer where it lies so (GREY, NV12, YU12). The newest
 * frame is taken and older ones are given back unseen. MJPEG is decoded where the eye works, in its
 * jail. Damaged frames are passed over; a camera that gives no good frame for 2 s counts as lost.
 */
#pragma once

#include "kiosk/readers/device.h"
#include "kiosk/scan.h"

enum { CAMERA_SILENCE_MS = 2000 };

extern const struct reader_type reader_camera;

/* reader_camera's open, over other calls than the system's; its wait and close serve both. */
MUST_CHECK bool camera_open(
	void **reader, const char *argument, const struct device_calls *calls, struct err *e);
