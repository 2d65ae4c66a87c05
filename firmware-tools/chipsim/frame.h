/*
 * Frames between a host and a PN532 (NXP UM0701-02, 6.2.1): bytes in, bytes out, no state.
 *
 *   normal    00 00 FF LEN LCS TFI PD0..PDn DCS 00          LEN 1..255
 *   extended  00 00 FF FF FF LENM LENL LCS TFI .. DCS 00    LEN up to FRAME_BODY_MAX
 *   ACK       00 00 FF 00 FF 00       NAK  00 00 FF FF 00 00
 *   error     00 00 FF 01 FF 7F 81 00
 *
 * A body is TFI with what follows: D4 from the host, D5 from the chip.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/bytes.h"

enum {
	FRAME_FROM_HOST = 0xD4,
	FRAME_FROM_CHIP = 0xD5,
	FRAME_BODY_MAX = 265,
	FRAME_MAX = FRAME_BODY_MAX + 11, /* a whole extended frame */
};

enum frame_kind {
	FRAME_MORE, /* nothing complete; *in starts where a frame may begin */
	FRAME_BODY,
	FRAME_ACK,
	FRAME_NAK,
	FRAME_BROKEN, /* a start code, but a length or a checksum is wrong: a chip stays silent */
};

/*
 * Take the next frame from the front of *in. What comes before a start code (wake-up bytes,
 * postambles, noise) is skipped; after a broken one the search goes on behind its start code, so
 * that a frame inside of it is still found. *body borrows from in.
 */
enum frame_kind frame_take(struct bytes *in, struct bytes *body);
/* The frame around body (1 to FRAME_BODY_MAX bytes), extended where LEN needs it. */
void frame_write(struct buf *out, struct bytes body);
void frame_write_ack(struct buf *out);
/* What the chip says to a command it does not know or cannot parse. */
void frame_write_error(struct buf *out);
