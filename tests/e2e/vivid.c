/*
 * What tests/e2e/vivid.test.mjs needs inside its machine, beside the kiosk's reader:
 *
 *	vivid show TEXT		loop vivid's output into its input, and show TEXT there as a QR code
 *	vivid tell		print the scans that come as standard input, a line each
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include <linux/videodev2.h>

#include "core/eye/qr_write.h"
#include "kiosk/scan.h"

enum { WIDTH = 1280, HEIGHT = 720, MODULE = 6 };

/* A control of the driver, by its name: vivid's own have numbers of their own. */
static bool set_control(int fd, const char *name, int value)
{
	struct v4l2_queryctrl q = { .id = V4L2_CTRL_FLAG_NEXT_CTRL };

	for (; ioctl(fd, VIDIOC_QUERYCTRL, &q) == 0; q.id |= V4L2_CTRL_FLAG_NEXT_CTRL) {
		struct v4l2_control c = { .id = q.id, .value = value };

		if (strcmp((const char *)q.name, name) == 0)
			return ioctl(fd, VIDIOC_S_CTRL, &c) == 0;
	}
	return false;
}

static int complain(const char *what)
{
	fprintf(stderr, "vivid: %s: %s\n", what, strerror(errno));
	return EX_OSERR;
}

static bool draw(uint8_t *frame, const char *text)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct image image;
	struct qr qr;
	bool ok = qr_make(&qr, str_bytes(str_of(text)), QR_LEVEL_M, &a, &e) &&
		  qr_draw(&image, &qr, MODULE, &a, &e) && image.height <= HEIGHT;

	memset(frame, 96, (size_t)WIDTH * HEIGHT);
	for (uint32_t y = 0; ok && y < image.height; y++)
		for (uint32_t x = 0; x < image.width; x++) {
			size_t at = (size_t)(y + (HEIGHT - image.height) / 2) * WIDTH + x +
				    (WIDTH - image.width) / 2;

			/* what a camera has no clearer: dark 40, light 200 */
			frame[at] = image.pixels[image.stride * y + x] ? 200 : 40;
		}
	arena_finish(&a);
	return ok;
}

static struct v4l2_buffer buffer(uint32_t index)
{
	return (struct v4l2_buffer){ .index = index,
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.memory = V4L2_MEMORY_MMAP,
		.field = V4L2_FIELD_NONE,
		.bytesused = WIDTH * HEIGHT };
}

/* One picture in all buffers, and round they go. */
static int stream(int out, const uint8_t *frame)
{
	struct v4l2_requestbuffers wish = {
		.count = 3, .type = V4L2_BUF_TYPE_VIDEO_OUTPUT, .memory = V4L2_MEMORY_MMAP
	};
	int type = V4L2_BUF_TYPE_VIDEO_OUTPUT;

	if (ioctl(out, VIDIOC_REQBUFS, &wish) != 0)
		return complain("asking for buffers");
	for (uint32_t i = 0; i < wish.count; i++) {
		struct v4l2_buffer b = buffer(i);
		void *p;

		if (ioctl(out, VIDIOC_QUERYBUF, &b) != 0)
			return complain("asking for a buffer");
		p = mmap(NULL, b.length, PROT_READ | PROT_WRITE, MAP_SHARED, out, b.m.offset);
		if (p == MAP_FAILED || b.length < WIDTH * HEIGHT)
			return complain("mapping a buffer");
		memcpy(p, frame, WIDTH * HEIGHT);
		b = buffer(i);
		if (ioctl(out, VIDIOC_QBUF, &b) != 0)
			return complain("giving a buffer");
	}
	if (ioctl(out, VIDIOC_STREAMON, &type) != 0)
		return complain("starting its output");
	for (;;) {
		struct v4l2_buffer b = buffer(0);

		if (ioctl(out, VIDIOC_DQBUF, &b) != 0)
			return complain("taking a buffer back");
		b.bytesused = WIDTH * HEIGHT;
		if (ioctl(out, VIDIOC_QBUF, &b) != 0)
			return complain("giving it again");
	}
}

static int show(const char *text)
{
	static uint8_t frame[WIDTH * HEIGHT];
	struct v4l2_format f = { .type = V4L2_BUF_TYPE_VIDEO_OUTPUT };
	int in = open("/dev/video0", O_RDWR), out = open("/dev/video1", O_RDWR);

	if (in < 0 || out < 0)
		return complain("its two devices");
	if (!set_control(in, "Loop Video", 1) && !set_control(out, "Loop Video", 1))
		return complain("Loop Video");
	if (!set_control(in, "OSD Text Mode", 2))
		return complain("OSD Text Mode");
	f.fmt.pix = (struct v4l2_pix_format){ .width = WIDTH,
		.height = HEIGHT,
		.pixelformat = V4L2_PIX_FMT_GREY,
		.field = V4L2_FIELD_NONE,
		.bytesperline = WIDTH };
	if (ioctl(out, VIDIOC_S_FMT, &f) != 0 || f.fmt.pix.width != WIDTH ||
		f.fmt.pix.pixelformat != V4L2_PIX_FMT_GREY || f.fmt.pix.bytesperline != WIDTH)
		return complain("its output's format");
	if (!draw(frame, text))
		return EX_DATAERR;
	close(in);
	return stream(out, frame);
}

static int tell(void)
{
	static const char *const kinds[] = { "alive", "ready", "fault", "touch", "chip", "code",
		"hint" };
	struct scan scan;

	while (fread(&scan, offsetof(struct scan, data), 1, stdin) == 1 &&
		scan.len <= SCAN_DATA_MAX && scan.kind < ARRAY_LEN(kinds)) {
		if (scan.len > 0 && fread(scan.data, scan.len, 1, stdin) != 1)
			break;
		if (scan.kind == SCAN_ALIVE)
			continue;
		printf("SCAN %s ", kinds[scan.kind]);
		for (size_t i = 0; i < scan.len; i++)
			printf("%02x", scan.data[i]);
		printf("\n");
		fflush(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "show") == 0)
		return show(argv[2]);
	if (argc == 2 && strcmp(argv[1], "tell") == 0)
		return tell();
	return EX_USAGE;
}
