#define _GNU_SOURCE
#include "kiosk/readers/view.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

bool view_pair(int ends[2])
{
	enum { ABOVE = 16 };
	int low[2];

	ends[0] = ends[1] = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, low) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, ABOVE);
		close(low[i]);
	}
	if (ends[0] >= 0 && ends[1] >= 0)
		return true;
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	return false;
}

void view_ask(int fd)
{
	/* one that is not answered yet may fill the queue: that one counts */
	(void)!send(fd, "?", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static bool fits(const struct view_frame *f, size_t len)
{
	return len >= offsetof(struct view_frame, pixels) && f->width > 0 && f->height > 0 &&
	       f->code_count <= VIEW_CODES_MAX && (size_t)f->width * f->height <= VIEW_PIXELS_MAX &&
	       len == offsetof(struct view_frame, pixels) + (size_t)f->width * f->height;
}

bool view_take(int fd, struct view_frame *out)
{
	bool found = false;
	ssize_t n;

	while ((n = recv(fd, out, sizeof(*out), MSG_DONTWAIT)) > 0)
		found = fits(out, (size_t)n);
	return found;
}

int view_reader_fd(void)
{
	socklen_t len = sizeof(int);
	int type = 0;

	return getsockopt(VIEW_FD, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_SEQPACKET
		       ? VIEW_FD
		       : -1;
}

static uint8_t mean(const struct image *in, uint32_t x0, uint32_t y0, uint32_t step)
{
	uint32_t sum = 0;

	for (uint32_t y = y0; y < y0 + step; y++)
		for (uint32_t x = x0; x < x0 + step; x++)
			sum += in->pixels[y * in->stride + x];
	return (uint8_t)(sum / (step * step));
}

static int16_t place(float at, uint32_t step)
{
	float small = at / (float)step;

	/* not a number becomes the edge */
	return !(small > 0) ? 0 : small > INT16_MAX ? INT16_MAX : (int16_t)small;
}

void view_shrink(struct view_frame *out, const struct image *in, const struct eye_codes *codes)
{
	uint32_t step = 1;

	while (in->width / step > VIEW_WIDTH_MAX ||
		(uint64_t)(in->width / step) * (in->height / step) > VIEW_PIXELS_MAX)
		step++;
	out->width = (uint16_t)(in->width / step);
	out->height = (uint16_t)(in->height / step);
	for (uint32_t y = 0; y < out->height; y++)
		for (uint32_t x = 0; x < out->width; x++)
			out->pixels[(size_t)y * out->width + x] = mean(
				in, x * step, y * step, step);
	out->code_count = (uint16_t)(codes->count < VIEW_CODES_MAX ? codes->count : VIEW_CODES_MAX);
	memset(out->corners, 0, sizeof(out->corners));
	for (size_t i = 0; i < out->code_count; i++) {
		for (size_t k = 0; k < 4; k++) {
			out->corners[i][k][0] = place(codes->code[i].corners[k].x, step);
			out->corners[i][k][1] = place(codes->code[i].corners[k].y, step);
		}
	}
}

bool view_asked(int fd)
{
	bool asked = false;
	char byte;

	while (fd >= 0 && recv(fd, &byte, 1, MSG_DONTWAIT) == 1)
		asked = true;
	return asked;
}

void view_send(int fd, const struct image *in, const struct eye_codes *codes)
{
	struct view_frame f;

	/* narrower than a step it has no picture */
	if (in->width < 16 || in->height < 16 || in->width / in->height > 16 ||
		in->height / in->width > 16)
		return;
	view_shrink(&f, in, codes);
	(void)!send(fd, &f, offsetof(struct view_frame, pixels) + (size_t)f.width * f.height,
		MSG_DONTWAIT | MSG_NOSIGNAL);
}

void view_offer(int fd, const struct image *in, const struct eye_codes *codes)
{
	if (view_asked(fd))
		view_send(fd, in, codes);
}
