#define _DEFAULT_SOURCE
#include "tests/unit/test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/config.h"
#include "core/eye/qr_write.h"
#include "kiosk/readers/frames.h"

struct world {
	struct arena a;
	char dir[64];
	void *reader;
};

static void start(struct world *w, const char *path)
{
	struct err e = { 0 };
	struct scan scan;
	bool found;

	if (!reader_frames.open(&w->reader, path, &e))
		fail_msg("%s", e.text);
	assert_true(reader_frames.wait(w->reader, 0, &scan, &found, &e));
	assert_true(found);
	assert_int_equal(scan.kind, SCAN_READY);
}

static void stop(struct world *w)
{
	reader_frames.close(w->reader);
	w->reader = NULL;
}

static int open_world(void **state)
{
	static struct world w;

	w = (struct world){ .dir = "/tmp/kith-frames-XXXXXX" };
	*state = &w;
	return mkdtemp(w.dir) ? 0 : -1;
}

static int close_world(void **state)
{
	struct world *w = *state;
	const char *remove = arena_printf(&w->a, "rm -rf %s", w->dir).p;

	stop(w);
	if (system(remove) != 0)
		return -1;
	arena_finish(&w->a);
	return 0;
}

static const char *in_folder(struct world *w, const char *name)
{
	return arena_printf(&w->a, "%s/%s", w->dir, name).p;
}

static struct image draw(struct world *w, const char *text)
{
	struct image image = { 0 };
	struct err e = { 0 };
	struct qr qr;

	if (!qr_make(&qr, str_bytes(str_of(text)), QR_LEVEL_M, &w->a, &e) ||
		!qr_draw(&image, &qr, 4, &w->a, &e))
		fail_msg("%s", e.text);
	return image;
}

/* Renamed into place, as a writer must. */
static void put(struct world *w, const char *name, struct bytes file)
{
	struct err e = { 0 };

	if (!file_replace(in_folder(w, name), file, 0644, &e))
		fail_msg("%s", e.text);
}

static void put_code(struct world *w, const char *name, const char *text)
{
	struct image image = draw(w, text);
	struct buf file = BUF_IN(&w->a);

	image_write_pgm(&file, &image);
	put(w, name, buf_bytes(&file));
}

/* The next report, or NULL when the reader has nothing within a few steps. */
static const char *next(struct world *w)
{
	for (int i = 0; i < 20; i++) {
		struct err e = { 0 };
		struct scan scan;
		bool found;

		if (!reader_frames.wait(w->reader, i < 19 ? 0 : 50, &scan, &found, &e))
			return arena_printf(&w->a, "lost: %s", e.text).p;
		if (found) {
			assert_int_equal(scan.kind, SCAN_CODE);
			assert_true(scan.seen_ns > 0);
			return arena_cstr(&w->a, (struct str){ (const char *)scan.data, scan.len });
		}
	}
	return NULL;
}

static void expect(struct world *w, const char *text)
{
	const char *got = next(w);

	if (!text)
		assert_null(got);
	else if (!got || strcmp(got, text) != 0)
		fail_msg("got \"%s\", wanted \"%s\"", got ? got : "nothing", text);
}

static void reads_new_pictures_in_order_of_names_once_each(void **state)
{
	struct world *w = *state;

	put_code(w, "2.pgm", "second");
	put_code(w, "1.pgm", "first");
	start(w, w->dir);
	expect(w, "first");
	expect(w, "second");
	expect(w, NULL);
	/* each file is a sight of its own, the same text again too */
	put_code(w, "3.pgm", "second");
	expect(w, "second");
	/* a file put in another's place is a new one */
	put_code(w, "1.pgm", "first again");
	expect(w, "first again");
	expect(w, NULL);
}

static void reads_nothing_again_after_a_restart(void **state)
{
	struct world *w = *state;

	put_code(w, "1.pgm", "first");
	put_code(w, "2.pgm", "second");
	start(w, w->dir);
	expect(w, "first");
	stop(w);
	put_code(w, "3.pgm", "third");
	start(w, w->dir);
	expect(w, "second");
	expect(w, "third");
	stop(w);
	start(w, w->dir);
	expect(w, NULL);
}

static void passes_over_what_is_no_picture(void **state)
{
	struct world *w = *state;

	start(w, w->dir);
	put(w, "1.png", BYTES("not a picture"));
	put(w, "2.pgm", BYTES("P5 65535 65535 255\n"));
	put(w, "notes.txt", BYTES("left alone"));
	put(w, ".3.pgm", BYTES("hidden"));
	mkdir(in_folder(w, "4.png"), 0755);
	put_code(w, "5.pgm", "after them");
	expect(w, "after them");
	expect(w, NULL);
}

static void tells_when_the_folder_goes(void **state)
{
	struct world *w = *state;
	struct err e = { 0 };
	void *none = NULL;
	const char *got;

	assert_false(reader_frames.open(&none, "/nowhere/at/all", &e));
	assert_null(none);
	start(w, w->dir);
	assert_int_equal(unlink(in_folder(w, ".kith-frames")), 0);
	assert_int_equal(rmdir(w->dir), 0);
	got = next(w);
	assert_non_null(got);
	assert_int_equal(strncmp(got, "lost: ", 6), 0);
}

static int open_pipe(struct world *w)
{
	const char *path = in_folder(w, "pipe");
	int fd;

	if (!w->reader) {
		assert_int_equal(mkfifo(path, 0600), 0);
		start(w, path);
	}
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

/* In pieces that the pipe holds, the reader emptying it in between. */
static const char *feed(struct world *w, int fd, struct bytes b)
{
	const char *got = NULL;

	while (b.len > 0) {
		size_t n = b.len < 30000 ? b.len : 30000;

		assert_int_equal(write(fd, b.p, n), n);
		b.p += n, b.len -= n;
		for (const char *text; (text = next(w));)
			got = text;
	}
	return got;
}

static void reads_frames_from_a_pipe_through_the_guard(void **state)
{
	struct world *w = *state;
	struct image one = draw(w, "one"), two = draw(w, "two");
	struct buf first = BUF_IN(&w->a), second = BUF_IN(&w->a);
	int fd = open_pipe(w);

	image_write_pgm(&first, &one);
	image_write_pgm(&second, &two);
	assert_string_equal(feed(w, fd, buf_bytes(&first)), "one");
	assert_null(feed(w, fd, buf_bytes(&first)));
	assert_string_equal(feed(w, fd, buf_bytes(&second)), "two");
	/* a writer that dies inside a frame does not spoil the next one's */
	assert_null(feed(w, fd, bytes_of(first.p, first.len / 2)));
	close(fd);
	expect(w, NULL);
	fd = open_pipe(w);
	one = draw(w, "three");
	first.len = 0;
	image_write_pgm(&first, &one);
	assert_string_equal(feed(w, fd, buf_bytes(&first)), "three");
	close(fd);
}

static void waits_out_its_time_where_no_writer_is(void **state)
{
	enum { WAIT_MS = 20 };
	struct world *w = *state;
	const char *path = in_folder(w, "pipe");

	assert_int_equal(mkfifo(path, 0600), 0);
	start(w, path);
	/* before the first one, and after it */
	for (int turn = 0; turn < 2; turn++) {
		struct err e = { 0 };
		struct scan scan;
		bool found;
		uint64_t began_ns = clock_monotonic_ns();

		assert_true(reader_frames.wait(w->reader, WAIT_MS, &scan, &found, &e));
		assert_false(found);
		assert_true(clock_monotonic_ns() - began_ns >= WAIT_MS * UINT64_C(1000000));
		close(open_pipe(w));
		assert_true(reader_frames.wait(w->reader, WAIT_MS, &scan, &found, &e));
		assert_false(found);
	}
}

static void reads_a_y4m_file_to_its_end(void **state)
{
	struct world *w = *state;
	struct image one = draw(w, "film");
	struct buf film = BUF_IN(&w->a);

	buf_printf(&film, "YUV4MPEG2 W%u H%u F30:1 Ip A1:1 C420jpeg\n", one.width, one.height);
	for (int frame = 0; frame < 3; frame++) {
		size_t chroma = (size_t)((one.width + 1) / 2) * ((one.height + 1) / 2);

		buf_lit(&film, "FRAME\n");
		buf_add(&film, bytes_of(one.pixels, (size_t)one.width * one.height));
		for (size_t i = 0; i < 2 * chroma; i++)
			buf_add_u8(&film, 128);
	}
	put(w, "film.y4m", buf_bytes(&film));
	start(w, in_folder(w, "film.y4m"));
	expect(w, "film");
	expect(w, NULL);
}

static void refuses_a_stream_of_something_else(void **state)
{
	struct world *w = *state;
	const char *got;

	put(w, "film.y4m", BYTES("RIFF....AVI "));
	start(w, in_folder(w, "film.y4m"));
	got = next(w);
	assert_non_null(got);
	assert_non_null(strstr(got, "no stream of"));
}

int main(void)
{
#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
		WORLD_TEST(reads_new_pictures_in_order_of_names_once_each),
		WORLD_TEST(reads_nothing_again_after_a_restart),
		WORLD_TEST(passes_over_what_is_no_picture),
		WORLD_TEST(tells_when_the_folder_goes),
		WORLD_TEST(reads_frames_from_a_pipe_through_the_guard),
		WORLD_TEST(waits_out_its_time_where_no_writer_is),
		WORLD_TEST(reads_a_y4m_file_to_its_end),
		WORLD_TEST(refuses_a_stream_of_something_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
