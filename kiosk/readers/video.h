/*
 * From a frame to scans: what camera and frames share. The eye looks at the frame, in processes
 * of its own whose end or hang costs that frame (core/eye/jail.h), and the same-code guard keeps a
 * card that is held before the camera from being reported over and over.
 *
 * One process takes the first look at every frame. With helpers, each of them has one frame that
 * this look did not read, and takes one of the harder passes over it, in turn, while newer frames
 * come; without, the first process does that, too. So a frame is never waited for longer than a
 * first look takes, and no processor is idle while a card is not read.
 *
 * The guard: a code is reported again once it was out of sight for 2 s and its last report is 5 s
 * old. The first lets a card held still be one sight however long it takes; the second bridges
 * frames that were too blurred to read. The desk has its own rule for the same code again.
 */
#pragma once

#include "core/eye/jail.h"
#include "kiosk/scan.h"

enum {
	VIDEO_AWAY_MS = 2000,
	VIDEO_AGAIN_MS = 5000,
	VIDEO_HINT_MS = 1000, /* a hint that holds is repeated so often */
	VIDEO_HELPERS_MAX = 3,
};

struct video;

MUST_CHECK bool video_open(struct video **out, unsigned helpers, struct err *e);
/* One process for each processor, the first look's included. */
unsigned video_helpers(void);
void video_close(struct video *v); /* accepts NULL */
/*
 * Look at a frame of CLOCK_MONOTONIC time seen_ns: pixels, or a file that is decoded where it can
 * do no harm. mode: EYE_VIDEO for a camera, EYE_FIRST for a still. New codes and hints wait in v
 * for video_next. guarded false: every code is new. *whole: it was a picture.
 */
MUST_CHECK bool video_frame(struct video *v, const struct jail_task *frame, bool guarded,
	uint64_t seen_ns, bool *whole, struct err *e);
/* The next waiting code or hint; false when there is none. */
bool video_next(struct video *v, struct scan *out);

/* A scan of that kind with a text (cut to fit) in data. */
void scan_say(struct scan *out, enum scan_kind kind, uint64_t now_ns, const char *format, ...)
	PRINTF_LIKE(4, 5);
