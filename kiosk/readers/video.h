/*
 * From a frame to scans: what camera and frames share. The eye looks at the frame, in a process
 * of its own whose end or hang costs that frame (core/eye/jail.h), and the same-code guard keeps a
 * card that is held before the camera from being reported over and over.
 *
 * The guard: a code is reported again once it was out of sight for 2 s and its last report is 5 s
 * old. The first lets a card held still be one sight however long it takes; the second bridges
 * frames that were too blurred to read. The desk has its own rule for the same code again.
 */
#pragma once

#include "core/eye/eye.h"
#include "kiosk/scan.h"

enum { VIDEO_AWAY_MS = 2000, VIDEO_AGAIN_MS = 5000 };

struct video;

MUST_CHECK bool video_open(struct video **out, struct err *e);
void video_close(struct video *v); /* accepts NULL */
/*
 * Look at a frame of CLOCK_MONOTONIC time seen_ns. mode: EYE_VIDEO for a camera, EYE_FIRST for a
 * still. New codes wait in v for video_next. guarded false: every code is new.
 */
MUST_CHECK bool video_frame(struct video *v, const struct image *in, enum eye_mode mode,
	bool guarded, uint64_t seen_ns, struct err *e);
/* The next waiting code; false when there is none. */
bool video_next(struct video *v, struct scan *out);

/* A scan of that kind with a text (cut to fit) in data. */
void scan_say(struct scan *out, enum scan_kind kind, uint64_t now_ns, const char *format, ...)
	PRINTF_LIKE(4, 5);
