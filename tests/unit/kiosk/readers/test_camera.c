#define _DEFAULT_SOURCE
#include "tests/unit/test.h"

#include <errno.h>
#include <poll.h>

#include <linux/videodev2.h>

#include "core/base/config.h"
#include "core/eye/qr_write.h"
#include "kiosk/cameras.h"
#include "kiosk/readers/camera.h"

/*
 * A camera of the simplest kind behind the system calls, which can fail as real ones do. There is
 * one of it at a time; device_calls has no room for more.
 */
enum { BUFFER_MAX = 4, FAKE_FD = 77 };

static struct fake {
	struct arena a;
	uint32_t offered[4]; /* pixel formats; 0 ends */
	uint32_t slow;	     /* one of them that gives 10 frames a second */
	uint32_t width, height, stride;
	uint32_t buffer_count;
	uint8_t *memory[BUFFER_MAX];
	size_t buffer_len;
	bool queued[BUFFER_MAX]; /* in the driver's hands */
	struct {
		uint32_t index, bytesused, flags;
	} ready[BUFFER_MAX]; /* filled, oldest first */
	uint32_t ready_count;
	bool streaming, open;
	int mapped;
	uint64_t now_ns;
	unsigned long fail_request; /* this ioctl fails from now on, by fail_errno */
	int fail_errno;
	int open_errno, events;
	int others_errno;		  /* of all other devices; /dev/video2 is busy */
	struct v4l2_control controls[16]; /* as they were set */
	size_t control_count, format_sets;
	bool has_controls;
	uint32_t format, sequence, gap; /* frames lost between two that are taken */
	void *reader;
} fake;

static int fake_open(const char *path)
{
	if (strcmp(path, "/dev/video9") != 0) {
		assert_int_not_equal(fake.others_errno, 0);
		errno = strcmp(path, "/dev/video2") == 0 ? EBUSY : fake.others_errno;
		return -1;
	}
	if (fake.open_errno) {
		errno = fake.open_errno;
		return -1;
	}
	fake.open = true;
	return FAKE_FD;
}

static int fake_close(int fd)
{
	assert_int_equal(fd, FAKE_FD);
	assert_true(fake.open);
	fake.open = false;
	return 0;
}

static int fake_set_format(struct v4l2_format *f)
{
	uint32_t granted = fake.offered[0];

	assert_int_equal(f->fmt.pix.width, 1280);
	assert_int_equal(f->fmt.pix.height, 720);
	/* as drivers do: what is not there is silently replaced by what is */
	for (size_t i = 0; i < ARRAY_LEN(fake.offered) && fake.offered[i]; i++)
		if (fake.offered[i] == f->fmt.pix.pixelformat)
			granted = fake.offered[i];
	fake.format = granted;
	f->fmt.pix.pixelformat = granted;
	f->fmt.pix.width = fake.width;
	f->fmt.pix.height = fake.height;
	f->fmt.pix.bytesperline = fake.stride;
	f->fmt.pix.sizeimage = (uint32_t)fake.buffer_len;
	return 0;
}

static int fake_dequeue(struct v4l2_buffer *b)
{
	if (fake.ready_count == 0) {
		errno = EAGAIN;
		return -1;
	}
	b->index = fake.ready[0].index;
	b->bytesused = fake.ready[0].bytesused;
	b->flags = fake.ready[0].flags;
	b->sequence = fake.sequence += 1 + fake.gap;
	memmove(&fake.ready[0], &fake.ready[1], --fake.ready_count * sizeof(fake.ready[0]));
	return 0;
}

static int fake_ioctl(int fd, unsigned long request, void *argument)
{
	struct v4l2_buffer *b = argument;
	struct v4l2_capability *cap = argument;
	struct v4l2_requestbuffers *wish = argument;
	struct v4l2_frmivalenum *rate = argument;

	assert_int_equal(fd, FAKE_FD);
	if (request == fake.fail_request) {
		errno = fake.fail_errno;
		return -1;
	}
	switch (request) {
	case VIDIOC_QUERYCAP:
		memcpy(cap->card, "A \tcamera", 9);
		cap->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
		return 0;
	case VIDIOC_S_FMT:
		fake.format_sets++;
		return fake_set_format(argument);
	case VIDIOC_TRY_FMT:
		return fake_set_format(argument);
	case VIDIOC_ENUM_FRAMEINTERVALS:
		rate->type = V4L2_FRMIVAL_TYPE_DISCRETE;
		rate->discrete = (struct v4l2_fract){ 1,
			rate->pixel_format == fake.slow ? 10 : 30 };
		return 0;
	case VIDIOC_REQBUFS:
		wish->count = fake.buffer_count;
		return 0;
	case VIDIOC_QUERYBUF:
		assert_in_range(b->index, 0, fake.buffer_count - 1);
		b->length = (uint32_t)fake.buffer_len;
		b->m.offset = b->index * 65536;
		return 0;
	case VIDIOC_QBUF:
		assert_false(fake.queued[b->index]);
		fake.queued[b->index] = true;
		return 0;
	case VIDIOC_DQBUF:
		return fake_dequeue(b);
	case VIDIOC_S_CTRL:
		if (!fake.has_controls) {
			errno = ENOTTY;
			return -1;
		}
		/* a webcam knows no other automatic exposure than this one */
		if (((struct v4l2_control *)argument)->id == V4L2_CID_EXPOSURE_AUTO &&
			((struct v4l2_control *)argument)->value !=
				V4L2_EXPOSURE_APERTURE_PRIORITY) {
			errno = EINVAL;
			return -1;
		}
		assert_true(fake.control_count < ARRAY_LEN(fake.controls));
		fake.controls[fake.control_count++] = *(struct v4l2_control *)argument;
		return 0;
	case VIDIOC_STREAMON:
		fake.streaming = true;
		return 0;
	case VIDIOC_STREAMOFF:
		fake.streaming = false;
		return 0;
	default:
		errno = ENOTTY; /* as libcamera's shim answers all that is optional */
		return -1;
	}
}

static void *fake_map(int fd, size_t length, int64_t offset)
{
	size_t index = (size_t)offset / 65536;

	assert_int_equal(fd, FAKE_FD);
	assert_int_equal(length, fake.buffer_len);
	fake.memory[index] = calloc(1, length);
	fake.mapped++;
	return fake.memory[index];
}

static int fake_unmap(void *p, size_t length)
{
	assert_int_equal(length, fake.buffer_len);
	free(p);
	fake.mapped--;
	return 0;
}

static int fake_poll(int fd, int timeout_ms)
{
	assert_int_equal(fd, FAKE_FD);
	if (fake.events)
		return fake.events;
	if (fake.ready_count > 0)
		return POLLIN;
	fake.now_ns += (uint64_t)timeout_ms * 1000000;
	return 0;
}

static uint64_t fake_now(void)
{
	return fake.now_ns;
}

static const struct device_calls fake_calls = {
	.open = fake_open,
	.close = fake_close,
	.ioctl = fake_ioctl,
	.map = fake_map,
	.unmap = fake_unmap,
	.poll = fake_poll,
	.now_ns = fake_now,
};

static int plug_in(void **state)
{
	(void)state;
	fake = (struct fake){ .offered = { V4L2_PIX_FMT_GREY },
		.width = 320,
		.height = 240,
		.stride = 352,
		.buffer_count = 3,
		.buffer_len = 352 * 240 * 2,
		.now_ns = 1000000000 };
	return 0;
}

static int unplug(void **state)
{
	(void)state;
	reader_camera.close(fake.reader);
	arena_finish(&fake.a);
	/* every way of failing gives back what it took */
	return fake.open || fake.streaming || fake.mapped != 0;
}

static void start(void)
{
	struct err e = { 0 };
	struct scan scan;
	bool found;

	if (!camera_open(&fake.reader, "/dev/video9", &fake_calls, &e))
		fail_msg("%s", e.text);
	assert_true(fake.streaming);
	assert_true(reader_camera.wait(fake.reader, 0, &scan, &found, &e));
	assert_true(found && scan.kind == SCAN_READY);
}

/* A frame with a code is in the next free buffer. Returns its index. */
static uint32_t show_bytes(struct bytes frame, uint32_t flags)
{
	for (uint32_t i = 0; i < fake.buffer_count; i++) {
		if (!fake.queued[i])
			continue;
		fake.queued[i] = false;
		memcpy(fake.memory[i], frame.p, frame.len);
		fake.ready[fake.ready_count].index = i;
		fake.ready[fake.ready_count].flags = flags;
		fake.ready[fake.ready_count++].bytesused = (uint32_t)frame.len;
		return i;
	}
	fail_msg("the reader holds all buffers");
	return 0;
}

/* The picture of a code in the middle of a 320 x 240 frame; step bytes a pixel, stride a row. */
static struct bytes paint(const char *text, uint32_t stride, uint32_t step)
{
	uint8_t *p = arena_alloc(&fake.a, (size_t)stride * 240);
	struct image image;
	struct err e = { 0 };
	struct qr qr;

	assert_true(qr_make(&qr, str_bytes(str_of(text)), QR_LEVEL_M, &fake.a, &e));
	assert_true(qr_draw(&image, &qr, 4, &fake.a, &e));
	/* what is no luma, in the padding and between, is noise */
	for (size_t i = 0; i < (size_t)stride * 240; i++)
		p[i] = (uint8_t)(i * 73 >> 3);
	for (uint32_t y = 0; y < 240; y++)
		for (uint32_t x = 0; x < 320; x++)
			p[y * stride + x * step] = x < image.width && y < image.height
							   ? image.pixels[y * image.stride + x]
							   : 255;
	return bytes_of(p, (size_t)stride * 240);
}

static void show(const char *text)
{
	show_bytes(paint(text, fake.stride, fake.format == V4L2_PIX_FMT_YUYV ? 2 : 1), 0);
}

/* What the reader reports next; NULL for nothing; "lost: ..." */
static const char *next(int timeout_ms)
{
	struct err e = { 0 };
	struct scan scan;
	bool found;

	if (!reader_camera.wait(fake.reader, timeout_ms, &scan, &found, &e))
		return arena_printf(&fake.a, "lost: %s", e.text).p;
	if (!found)
		return NULL;
	assert_int_equal(scan.kind, SCAN_CODE);
	return arena_cstr(&fake.a, (struct str){ (const char *)scan.data, scan.len });
}

static void expect(const char *text)
{
	const char *got = next(10);

	if (!text)
		assert_null(got);
	else if (!got || !str_starts(str_of(got), str_of(text)))
		fail_msg("got \"%s\", wanted \"%s\"", got ? got : "nothing", text);
}

static void reads_luma_in_place_whatever_the_stride(void **state)
{
	static const uint32_t formats[] = { V4L2_PIX_FMT_GREY, V4L2_PIX_FMT_NV12,
		V4L2_PIX_FMT_YUV420 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		fake.offered[0] = formats[i];
		start();
		show("a code");
		expect("a code");
		reader_camera.close(fake.reader);
		fake.reader = NULL;
		memset(fake.queued, 0, sizeof(fake.queued));
	}
}

static void takes_luma_out_of_yuyv_and_uyvy(void **state)
{
	struct bytes frame;

	(void)state;
	fake.offered[0] = V4L2_PIX_FMT_YUYV;
	fake.stride = 700;
	start();
	show("a code");
	expect("a code");
	reader_camera.close(fake.reader);
	fake.reader = NULL;
	memset(fake.queued, 0, sizeof(fake.queued));
	fake.offered[0] = V4L2_PIX_FMT_UYVY;
	start();
	frame = paint("another code", fake.stride, 2);
	/* one byte later, over the end of the last row's padding */
	memmove((uint8_t *)(uintptr_t)frame.p + 1, frame.p, frame.len - 1);
	show_bytes(frame, 0);
	expect("another code");
}

static int32_t control(uint32_t id)
{
	for (size_t i = 0; i < fake.control_count; i++)
		if (fake.controls[i].id == id)
			return fake.controls[i].value;
	return -1;
}

static void asks_for_short_exposures_and_no_flicker(void **state)
{
	struct err e = { 0 };

	(void)state;
	fake.has_controls = true;
	start();
	assert_int_equal(control(V4L2_CID_EXPOSURE_AUTO), V4L2_EXPOSURE_APERTURE_PRIORITY);
	assert_int_equal(control(V4L2_CID_EXPOSURE_AUTO_PRIORITY), 0);
	assert_int_equal(
		control(V4L2_CID_POWER_LINE_FREQUENCY), V4L2_CID_POWER_LINE_FREQUENCY_AUTO);
	reader_camera.close(fake.reader);
	memset(fake.queued, 0, sizeof(fake.queued));
	fake.control_count = 0;
	assert_true(camera_open(&fake.reader, "/dev/video9 60hz", &fake_calls, &e));
	assert_int_equal(
		control(V4L2_CID_POWER_LINE_FREQUENCY), V4L2_CID_POWER_LINE_FREQUENCY_60HZ);
}

static void finds_the_first_camera_that_works(void **state)
{
	struct err e = { 0 };

	(void)state;
	fake.others_errno = ENOENT;
	if (!camera_open(&fake.reader, "auto", &fake_calls, &e))
		fail_msg("%s", e.text);
	assert_true(fake.streaming);
	reader_camera.close(fake.reader);
	fake.reader = NULL;
	/* else it says what keeps the one from working that is there */
	fake.open_errno = ENOENT;
	assert_false(camera_open(&fake.reader, "auto", &fake_calls, &e));
	assert_string_equal(e.text, "camera /dev/video2: another program uses it: close that one "
				    "(opening it)");
	assert_false(camera_open(&fake.reader, "auto 45hz", &fake_calls, &e));
	assert_non_null(strstr(e.text, "50hz or 60hz"));
}

static void reads_on_after_gaps(void **state)
{
	static const char *const codes[] = { "one", "two", "three" };

	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		fake.gap = (uint32_t)i * 40;
		show(codes[i]);
		expect(codes[i]);
	}
	/* a driver may count anew */
	fake.sequence = 0;
	show("four");
	expect("four");
}

static void lists_cameras_with_their_names(void **state)
{
	static const char *const links[] = { TEST_DATA "/no-such-folder" };
	struct err e = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	(void)state;
	fake.others_errno = ENOENT;
	assert_non_null(to);
	assert_true(cameras_list(to, &fake_calls, links, 1, &e));
	fclose(to);
	assert_string_equal(text,
		"/dev/video2  not usable: camera /dev/video2: another program uses it: close that "
		"one (opening it)\n"
		"/dev/video9  A ?camera, 320x240 GREY\n\treader = camera /dev/video9\n");
	free(text);
	/* only looked at: its settings are another program's */
	assert_int_equal(fake.format_sets, 0);
}

/* Webcams leave out the Huffman tables (DHT, marker FFC4) that everybody knows. */
static struct bytes without_tables(struct bytes file)
{
	uint8_t *out = arena_alloc(&fake.a, file.len);
	size_t n = 2, at = 2;

	memcpy(out, file.p, 2);
	while (at + 4 <= file.len && file.p[at + 1] != 0xDA) {
		size_t len = 2 + (size_t)file.p[at + 2] * 256 + file.p[at + 3];

		if (file.p[at + 1] != 0xC4) {
			memcpy(out + n, file.p + at, len);
			n += len;
		}
		at += len;
	}
	assert_true(at - n > 100);
	memcpy(out + n, file.p + at, file.len - at);
	return bytes_of(out, n + file.len - at);
}

static void reads_mjpeg_without_tables_and_passes_over_short_frames(void **state)
{
	struct bytes whole;
	struct err e = { 0 };

	(void)state;
	fake.offered[0] = V4L2_PIX_FMT_MJPEG;
	start();
	assert_true(file_read(&whole, TEST_DATA "/eye/code.jpg", 1 << 20, &fake.a, &e));
	whole = without_tables(whole);
	show_bytes(bytes_of(whole.p, whole.len / 2), 0);
	expect(NULL);
	show_bytes(bytes_of(whole.p, 0), 0);
	expect(NULL);
	show_bytes(BYTES("\xFF\xD8\xFF"), 0);
	expect(NULL);
	show_bytes(whole, 0);
	expect("a code");
}

static void prefers_a_fast_format_and_takes_a_slow_one_at_last(void **state)
{
	(void)state;
	fake.offered[0] = V4L2_PIX_FMT_YUYV;
	fake.offered[1] = V4L2_PIX_FMT_MJPEG;
	fake.slow = V4L2_PIX_FMT_YUYV;
	fake.stride = 700;
	start();
	assert_int_equal(fake.format, V4L2_PIX_FMT_MJPEG);
	reader_camera.close(fake.reader);
	fake.reader = NULL;
	memset(fake.queued, 0, sizeof(fake.queued));
	fake.offered[1] = 0;
	start();
	assert_int_equal(fake.format, V4L2_PIX_FMT_YUYV);
}

static void takes_the_newest_frame(void **state)
{
	(void)state;
	start();
	show("oldest");
	show("older");
	show("newest");
	expect("newest");
	expect(NULL);
	/* all buffers are back with the driver */
	for (uint32_t i = 0; i < fake.buffer_count; i++)
		assert_true(fake.queued[i]);
}

static void passes_over_damaged_and_short_frames(void **state)
{
	struct bytes frame;

	(void)state;
	start();
	frame = paint("a code", fake.stride, 1);
	show_bytes(frame, V4L2_BUF_FLAG_ERROR);
	expect(NULL);
	show_bytes(bytes_of(frame.p, frame.len / 2), 0);
	expect(NULL);
	/* a good one before a damaged one is still good */
	show_bytes(frame, 0);
	show_bytes(frame, V4L2_BUF_FLAG_ERROR);
	expect("a code");
}

static void reports_a_card_once_while_it_is_held(void **state)
{
	(void)state;
	start();
	for (int ms = 0; ms < 20000; ms += 500) {
		show("held");
		expect(ms == 0 ? "held" : NULL);
		fake.now_ns += 500 * UINT64_C(1000000);
	}
	/* away for 2 s, another card meanwhile */
	for (int ms = 0; ms <= 2000; ms += 500) {
		show("other");
		expect(ms == 0 ? "other" : NULL);
		fake.now_ns += 500 * UINT64_C(1000000);
	}
	show("held");
	expect("held");
	/* back at once, or within 5 s of its report, is no new sight */
	fake.now_ns += 1000 * UINT64_C(1000000);
	show("other");
	expect(NULL);
}

static void gives_up_after_two_seconds_of_silence(void **state)
{
	const char *got = NULL;

	(void)state;
	start();
	for (int i = 0; i < 7; i++)
		assert_null(next(250));
	for (int i = 0; i < 3 && !got; i++)
		got = next(250);
	assert_non_null(got);
	assert_non_null(strstr(got, "no good frame for 2 s"));
}

static void gives_up_when_every_frame_is_damaged(void **state)
{
	const char *got = NULL;

	(void)state;
	start();
	for (int i = 0; i < 30 && !got; i++) {
		show_bytes(BYTES("short"), 0);
		fake.now_ns += 100 * UINT64_C(1000000);
		got = next(0);
	}
	assert_non_null(got);
	assert_non_null(strstr(got, "no good frame"));
}

static void tells_unplugging_apart(void **state)
{
	(void)state;
	start();
	fake.events = POLLERR | POLLHUP;
	expect("lost: camera /dev/video9: it was unplugged");
	fake.events = POLLIN | POLLERR;
	fake.fail_request = VIDIOC_DQBUF;
	fake.fail_errno = ENODEV;
	expect("lost: camera /dev/video9: it was unplugged");
	fake.fail_errno = EIO;
	expect("lost: camera /dev/video9: it does not answer");
}

static void names_what_keeps_it_from_opening(void **state)
{
	static const struct {
		unsigned long request;
		int number;
		const char *text;
	} cases[] = {
		{ 0, ENOENT, "plug it in" },
		{ 0, EBUSY, "another program uses it" },
		{ 0, EACCES, "group \"video\"" },
		{ VIDIOC_QUERYCAP, ENOTTY, "it is no camera" },
		{ VIDIOC_S_FMT, EBUSY, "another program uses it" },
		{ VIDIOC_S_FMT, EINVAL, "none of its formats" },
		{ VIDIOC_REQBUFS, EBUSY, "another program uses it" },
		{ VIDIOC_QUERYBUF, EINVAL, "asking for a buffer" },
		{ VIDIOC_QBUF, EIO, "does not answer" },
		{ VIDIOC_STREAMON, EBUSY, "another program uses it" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = { 0 };

		fake.open_errno = cases[i].request ? 0 : cases[i].number;
		fake.fail_request = cases[i].request;
		fake.fail_errno = cases[i].number;
		assert_false(camera_open(&fake.reader, "/dev/video9", &fake_calls, &e));
		if (!strstr(e.text, cases[i].text))
			fail_msg("got \"%s\", wanted \"%s\"", e.text, cases[i].text);
		assert_false(fake.open);
		assert_int_equal(fake.mapped, 0);
		memset(fake.queued, 0, sizeof(fake.queued));
	}
}

static void refuses_a_driver_that_lies(void **state)
{
	struct err e = { 0 };

	(void)state;
	fake.buffer_len = 320; /* too small for the frame that was agreed */
	assert_false(camera_open(&fake.reader, "/dev/video9", &fake_calls, &e));
	fake.buffer_len = 352 * 240;
	fake.stride = 100;
	assert_false(camera_open(&fake.reader, "/dev/video9", &fake_calls, &e));
	fake.stride = 352;
	fake.width = 1u << 30;
	assert_false(camera_open(&fake.reader, "/dev/video9", &fake_calls, &e));
	fake.width = 320;
	fake.buffer_count = 1;
	assert_false(camera_open(&fake.reader, "/dev/video9", &fake_calls, &e));
	fake.buffer_count = 3;
	start();
	fake.ready[0].index = 99;
	fake.ready_count = 1;
	expect("lost: camera /dev/video9: a frame in no buffer of ours");
	fake.ready[0].index = 0;
	fake.ready[0].bytesused = UINT32_MAX;
	fake.ready_count = 1;
	fake.queued[0] = false;
	expect(NULL);
}

int main(void)
{
#define CAMERA_TEST(f) cmocka_unit_test_setup_teardown(f, plug_in, unplug)
	const struct CMUnitTest tests[] = {
		CAMERA_TEST(reads_luma_in_place_whatever_the_stride),
		CAMERA_TEST(takes_luma_out_of_yuyv_and_uyvy),
		CAMERA_TEST(asks_for_short_exposures_and_no_flicker),
		CAMERA_TEST(finds_the_first_camera_that_works),
		CAMERA_TEST(lists_cameras_with_their_names),
		CAMERA_TEST(reads_on_after_gaps),
		CAMERA_TEST(reads_mjpeg_without_tables_and_passes_over_short_frames),
		CAMERA_TEST(prefers_a_fast_format_and_takes_a_slow_one_at_last),
		CAMERA_TEST(takes_the_newest_frame),
		CAMERA_TEST(passes_over_damaged_and_short_frames),
		CAMERA_TEST(reports_a_card_once_while_it_is_held),
		CAMERA_TEST(gives_up_after_two_seconds_of_silence),
		CAMERA_TEST(gives_up_when_every_frame_is_damaged),
		CAMERA_TEST(tells_unplugging_apart),
		CAMERA_TEST(names_what_keeps_it_from_opening),
		CAMERA_TEST(refuses_a_driver_that_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
