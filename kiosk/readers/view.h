/*
 * The camera's picture for the staff's screen: small, gray, only when it is asked for, and never
 * kept. The kiosk holds one end of a packet socket, the reader's process the other: one byte asks
 * for one frame, and the next frame that the eye looks at answers it in one packet. A reader never
 * waits for the kiosk: what does not fit is dropped.
 */
#pragma once

#include "core/eye/eye.h"

enum {
	VIEW_FD = 4, /* in the reader's process, beside the pipe */
	VIEW_WIDTH_MAX = 320,
	VIEW_PIXELS_MAX = VIEW_WIDTH_MAX * 240,
	VIEW_CODES_MAX = 8,
};

struct view_frame {
	uint16_t width, height; /* no more than VIEW_PIXELS_MAX together; never 0 */
	uint16_t code_count;
	int16_t corners[VIEW_CODES_MAX][4][2]; /* of what the eye read, in pixels of this frame */
	uint8_t pixels[VIEW_PIXELS_MAX];
};

/* A pair of ends, numbered out of the way of posix_spawn's, close-on-exec. */
MUST_CHECK bool view_pair(int ends[2]);
/* The kiosk's: ask for the next frame; take the newest that has come, checked. */
void view_ask(int fd);
bool view_take(int fd, struct view_frame *out);
/* The reader's. fd -1: there is no kiosk that could ask. */
int view_reader_fd(void);
/* Answer with this frame when somebody has asked since the last answer. */
void view_offer(int fd, const struct image *in, const struct eye_codes *codes);
/* The two halves of that, for a frame that is made only when it is wanted. */
bool view_asked(int fd);
void view_send(int fd, const struct image *in, const struct eye_codes *codes);
/* Smaller by averages of whole squares of pixels. */
void view_shrink(struct view_frame *out, const struct image *in, const struct eye_codes *codes);
