/* What a film before the reader comes to: hints, helpers, and decoders that are killed. */
#define _DEFAULT_SOURCE
#include "tests/unit/test.h"

#include <signal.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/eye/qr_write.h"
#include "kiosk/readers/video.h"
#include "tests/bench/scene.h"

enum { WIDTH = 1280, HEIGHT = 720 };

static struct world {
	struct arena a;
	struct video *video;
	struct canvas_of_scene canvas;
	uint8_t pixels[WIDTH * HEIGHT];
	float front[WIDTH * HEIGHT], back[WIDTH * HEIGHT];
	uint64_t now_ns;
} world;

static void open_with(unsigned helpers)
{
	struct err e = { 0 };

	if (!video_open(&world.video, helpers, &e))
		fail_msg("%s", e.text);
}

static int begin(void **state)
{
	(void)state;
	world.canvas = (struct canvas_of_scene){ world.front, world.back, WIDTH, HEIGHT, 3 };
	world.now_ns = 1000000000;
	return 0;
}

static int end(void **state)
{
	(void)state;
	video_close(world.video);
	world.video = NULL;
	arena_finish(&world.a);
	return 0;
}

static void draw(const char *text, const struct scene *s)
{
	struct err e = { 0 };
	struct qr qr;

	if (!qr_make(&qr, str_bytes(str_of(text)), QR_LEVEL_M, &world.a, &e))
		fail_msg("%s", e.text);
	scene_draw(&world.canvas, world.pixels, &qr, s);
}

/* The frame that was drawn, ms later than the one before. */
static void film(unsigned ms)
{
	struct jail_task frame = { .image = { world.pixels, WIDTH, HEIGHT, WIDTH },
		.mode = EYE_VIDEO };
	struct err e = { 0 };
	bool whole;

	world.now_ns += (uint64_t)ms * 1000000;
	if (!video_frame(world.video, &frame, true, world.now_ns, &whole, &e))
		fail_msg("%s", e.text);
	assert_true(whole);
}

static bool next_is(enum scan_kind kind, const char *text)
{
	struct scan scan;

	return video_next(world.video, &scan) && scan.kind == kind &&
	       bytes_equal(bytes_of(scan.data, scan.len), str_bytes(str_of(text)));
}

static void says_what_would_help_and_says_it_again(void **state)
{
	struct scene s = scene_clean;
	struct scan scan;
	unsigned said = 0;

	(void)state;
	open_with(0);
	s.glare = 62;
	draw("a card that a lamp shines upon", &s);
	for (unsigned ms = 0; ms < 3000; ms += 100) {
		film(100);
		while (video_next(world.video, &scan)) {
			assert_int_equal(scan.kind, SCAN_HINT);
			scan.data[scan.len] = '\0';
			assert_string_equal((const char *)scan.data, "tilt");
			said++;
		}
	}
	/* after 0.6 s, and then each second */
	assert_in_range(said, 2, 4);
	s.glare = 0;
	draw("a card that a lamp shines upon", &s);
	film(100);
	assert_true(next_is(SCAN_CODE, "a card that a lamp shines upon"));
	assert_true(next_is(SCAN_HINT, ""));
	assert_false(video_next(world.video, &scan));
}

static void helpers_read_what_the_first_look_does_not(void **state)
{
	struct scene s = scene_clean;
	bool read = false;

	(void)state;
	open_with(2);
	s.inverted = true;
	draw("light on dark", &s);
	/* each of the two takes every other pass; they end when they end */
	for (unsigned i = 0; i < 400 && !read; i++) {
		film(33);
		read = next_is(SCAN_CODE, "light on dark");
		usleep(5000);
	}
	assert_true(read);
}

static void a_picture_that_is_none_is_no_good_frame(void **state)
{
	struct jail_task frame = { .file = BYTES("\xFF\xD8\xFF short"), .mode = EYE_VIDEO };
	struct err e = { 0 };
	bool whole;

	(void)state;
	open_with(1);
	assert_true(video_frame(world.video, &frame, true, world.now_ns, &whole, &e));
	assert_false(whole);
}

/* The decoders: the children of this process. */
static unsigned kill_children(void)
{
	char path[64];
	struct str text;
	struct bytes file;
	struct err e = { 0 };
	struct str word;
	unsigned n = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	if (!file_read(&file, path, 4096, &world.a, &e))
		fail_msg("%s", e.text);
	text = (struct str){ (const char *)file.p, file.len };
	while (str_split(&text, ' ', &word)) {
		uint64_t pid;

		if (str_u64(word, &pid) && kill((pid_t)pid, SIGKILL) == 0)
			n++;
	}
	return n;
}

/*
 * An evening: 100 people show their card, each for three frames, and every time all decoders are
 * killed, now before the first frame, now between. Nobody's card is missed, none is told twice,
 * and each death costs one frame at most: who was to be read from the frame is read from the next.
 */
static void an_evening_of_killed_decoders_loses_nobody(void **state)
{
	unsigned deaths = 0, lost_frames = 0;

	(void)state;
	open_with(0);
	draw("nobody yet", &scene_clean);
	film(33);
	assert_true(next_is(SCAN_CODE, "nobody yet"));
	for (unsigned person = 0; person < 100; person++) {
		const char *text = arena_printf(&world.a, "person %u", person).p;
		unsigned reads = 0, first = 0;

		draw(text, &scene_clean);
		for (unsigned frame = 0; frame < 3; frame++) {
			struct scan scan;

			if (frame == person % 2)
				deaths += kill_children();
			film(33);
			while (video_next(world.video, &scan)) {
				assert_int_equal(scan.kind, SCAN_CODE);
				assert_true(bytes_equal(
					bytes_of(scan.data, scan.len), str_bytes(str_of(text))));
				first = frame;
				reads++;
			}
		}
		assert_int_equal(reads, 1);
		/* a decoder that died before the first frame costs that one, no other */
		assert_in_range(first, 0, person % 2 == 0 ? 1 : 0);
		lost_frames += first;
		world.now_ns += 500000000;
	}
	assert_int_equal(deaths, 100);
	assert_in_range(lost_frames, 1, 50);
}

int main(void)
{
#define VIDEO_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		VIDEO_TEST(says_what_would_help_and_says_it_again),
		VIDEO_TEST(helpers_read_what_the_first_look_does_not),
		VIDEO_TEST(a_picture_that_is_none_is_no_good_frame),
		VIDEO_TEST(an_evening_of_killed_decoders_loses_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
