/*
 * Frames out of a stream of bytes: any number of binary PGM/PPM pictures one after the other, or
 * one YUV4MPEG2 stream (mjpegtools, yuv4mpeg(5)), of which only the luma is used.
 *
 * The stream tells where the next bytes go and how many it wants, and never wants a byte past the
 * frame at hand: a frame is used where it was read, and no byte is moved. It does not read itself.
 */
#pragma once

#include "core/base/err.h"
#include "core/eye/image.h"

enum { STREAM_LINE_MAX = 256 };

enum stream_state { STREAM_HEADER, STREAM_PNM_BODY, STREAM_Y4M_FRAME, STREAM_Y4M_BODY };

struct stream {
	struct image_store frame; /* header bytes while a header is read, then the pixels */
	size_t have, want;	  /* bytes of it that are there, and that must be there */
	enum stream_state state;
	struct pnm_header pnm;
	uint32_t width, height; /* of Y4M */
	size_t body;		/* bytes of one Y4M frame */
	bool y4m;
};

void stream_finish(struct stream *s);
/* Where to read to, and at most how many bytes (at least 1). False: ERR_FULL. */
MUST_CHECK bool stream_space(struct stream *s, uint8_t **p, size_t *n, struct err *e);
/*
 * n bytes were put there. *found: *frame is a whole frame, borrowed until the next stream_space.
 * False: it is no such stream, or a frame past image.h's limits; the stream is of no further use.
 */
MUST_CHECK bool stream_take(
	struct stream *s, size_t n, struct image *frame, bool *found, struct err *e);
/* Nothing of a frame is there yet: the stream may end here without loss. */
bool stream_between(const struct stream *s);
