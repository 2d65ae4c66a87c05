#include "firmware-tools/chipsim/frame.h"

#include <assert.h>

/* Leave *in at the next 00 FF, or at a last 00 that may become one. False when there is none. */
static bool skip_to_start(struct bytes *in)
{
	while (in->len >= 2 && !(in->p[0] == 0x00 && in->p[1] == 0xFF)) {
		in->p++;
		in->len--;
	}
	if (in->len == 1 && in->p[0] != 0x00)
		*in = bytes_of(in->p + 1, 0);
	return in->len >= 2;
}

/* The length that header gives, which starts behind the start code; 0 while bytes are missing. */
static size_t header_read(struct bytes header, size_t *body_len, bool *good)
{
	const uint8_t *h = header.p;

	*good = true;
	if (header.len < 2)
		return 0;
	if (h[0] == 0xFF && h[1] == 0xFF) {
		if (header.len < 5)
			return 0;
		*body_len = (size_t)(h[2] << 8 | h[3]);
		*good = (uint8_t)(h[2] + h[3] + h[4]) == 0 && *body_len > 0 &&
			*body_len <= FRAME_BODY_MAX;
		return 5;
	}
	*body_len = h[0];
	*good = (uint8_t)(h[0] + h[1]) == 0 && *body_len > 0;
	return 2;
}

static uint8_t sum_of(struct bytes b)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < b.len; i++)
		sum = (uint8_t)(sum + b.p[i]);
	return sum;
}

enum frame_kind frame_take(struct bytes *in, struct bytes *body)
{
	struct bytes rest, data;
	size_t header, len = 0;
	bool good;

	if (!skip_to_start(in))
		return FRAME_MORE;
	rest = bytes_of(in->p + 2, in->len - 2);
	if (rest.len >= 2 && rest.p[0] == 0x00 && rest.p[1] == 0xFF) {
		*in = bytes_of(rest.p + 2, rest.len - 2);
		return FRAME_ACK;
	}
	if (rest.len >= 2 && rest.p[0] == 0xFF && rest.p[1] == 0x00) {
		*in = bytes_of(rest.p + 2, rest.len - 2);
		return FRAME_NAK;
	}
	header = header_read(rest, &len, &good);
	if (header == 0)
		return FRAME_MORE;
	if (good && rest.len < header + len + 1)
		return FRAME_MORE;
	data = bytes_of(rest.p + header, good ? len + 1 : 0);
	if (!good || sum_of(data) != 0) {
		*in = rest;
		return FRAME_BROKEN;
	}
	*body = bytes_of(data.p, len);
	*in = bytes_of(data.p + data.len, rest.len - header - data.len);
	return FRAME_BODY;
}

void frame_write(struct buf *out, struct bytes body)
{
	uint16_t len = (uint16_t)body.len;

	assert(body.len > 0 && body.len <= FRAME_BODY_MAX);
	buf_add(out, BYTES("\x00\x00\xFF"));
	if (len > 255) {
		buf_add(out, BYTES("\xFF\xFF"));
		buf_add_u16be(out, len);
		buf_add_u8(out, (uint8_t) - ((len >> 8) + (len & 0xFF)));
	} else {
		buf_add_u8(out, (uint8_t)len);
		buf_add_u8(out, (uint8_t)-len);
	}
	buf_add(out, body);
	buf_add_u8(out, (uint8_t)-sum_of(body));
	buf_add_u8(out, 0x00);
}

void frame_write_ack(struct buf *out)
{
	buf_add(out, BYTES("\x00\x00\xFF\x00\xFF\x00"));
}

void frame_write_error(struct buf *out)
{
	buf_add(out, BYTES("\x00\x00\xFF\x01\xFF\x7F\x81\x00"));
}
