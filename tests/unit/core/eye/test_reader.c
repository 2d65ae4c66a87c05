/* Our own reader on drawn scenes: what it reads that plain decoders do not. */
#include "tests/unit/test.h"

#include <math.h>

#include "core/eye/grid.h"
#include "core/eye/qr_write.h"
#include "core/eye/reader.h"

enum { W = 640, H = 480 };

struct world {
	struct arena a;
	struct reader *reader;
	struct qr qr;
	uint8_t pixels[W * H];
	uint32_t seed;
	size_t read, wrong;
	struct bytes expected;
};

static int open_world(void **state)
{
	static struct world w;
	struct err e = { 0 };

	w = (struct world){ .seed = 1 };
	w.expected = BYTES("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nEND:VCARD\r\n");
	*state = &w;
	return reader_open(&w.reader, &e) && qr_make(&w.qr, w.expected, QR_LEVEL_M, &w.a, &e) ? 0
											      : -1;
}

static int close_world(void **state)
{
	struct world *w = *state;

	reader_close(w->reader);
	arena_finish(&w->a);
	return 0;
}

static float chance(struct world *w)
{
	w->seed = w->seed * 1664525 + 1013904223;
	return (float)(w->seed >> 8) / (float)(1 << 24);
}

/* The code through a grid, two by two samples a pixel. bend: of paper about its middle column. */
static void draw(struct world *w, const struct grid *g, float bend)
{
	float n = (float)w->qr.size;

	for (int i = 0; i < W * H; i++) {
		float sum = 0;

		for (int k = 0; k < 4; k++) {
			float u = -9, v = -9, half = n / 2 + 6;

			if (!grid_flat_place(g, (float)(i % W) + 0.25f + 0.5f * (float)(k % 2),
				    (float)(i / W) + 0.25f + 0.5f * (float)(k / 2), &u, &v))
				continue;
			if (bend > 0)
				u = n / 2 +
				    asinf(fmaxf(-1, fminf(1, (u - n / 2) / half * sinf(bend)))) /
					    bend * half;
			sum += u >= 0 && v >= 0 && u < n && v < n &&
					       w->qr.dark[(size_t)v * w->qr.size + (size_t)u]
				       ? 40
				       : 210;
		}
		w->pixels[i] = (uint8_t)(sum / 4);
	}
}

static struct grid square(float x, float y, float module, float turn, float tilt)
{
	struct grid g = { .h = { (double)(module * cosf(turn)), (double)(-module * sinf(turn)),
				  (double)x, (double)(module * sinf(turn)),
				  (double)(module * cosf(turn)), (double)y, (double)tilt, 0, 1 } };

	return g;
}

static void on_found(void *context, struct bytes data, const struct eye_point corners[4])
{
	struct world *w = context;

	(void)corners;
	if (bytes_equal(data, w->expected))
		w->read++;
	else
		w->wrong++;
}

static size_t look(struct world *w, struct reader_look how)
{
	struct image in = { w->pixels, W, H, W };
	struct err e = { 0 };

	w->read = w->wrong = 0;
	reader_begin(w->reader, &in);
	if (!reader_look(w->reader, &how, on_found, w, &e))
		fail_msg("%s", e.text);
	assert_int_equal(w->wrong, 0);
	return w->read;
}

static void reads_at_every_turn_and_tilt(void **state)
{
	struct world *w = *state;

	for (float turn = 0; turn < 6.2f; turn += 0.31f) {
		float x = 320 - 60 * cosf(turn) + 60 * sinf(turn);
		struct grid g = square(x, 240 - 60 * sinf(turn) - 60 * cosf(turn), 4, turn, 0.004f);

		draw(w, &g, 0);
		assert_int_equal(look(w, (struct reader_look){ 640, 3, false, false, false }), 1);
	}
}

static void reads_paper_bent_round_a_bottle(void **state)
{
	struct world *w = *state;

	for (float bend = 0.2f; bend < 1.05f; bend += 0.2f) {
		struct grid g = square(200, 120, 6, 0.1f, 0);

		draw(w, &g, bend);
		assert_int_equal(look(w, (struct reader_look){ 640, 5, false, true, false }), 1);
	}
}

static void reads_a_code_of_which_a_finder_is_covered(void **state)
{
	struct world *w = *state;
	/* the middle of each finder, in modules */
	float n = (float)w->qr.size,
	      at[3][2] = { { 3.5f, 3.5f }, { n - 3.5f, 3.5f }, { 3.5f, n - 3.5f } };

	for (int covered = 1; covered < 3; covered++) {
		struct grid g = square(220, 140, 5, 0.05f, 0);
		struct eye_point p;

		draw(w, &g, 0);
		p = grid_at(&g, at[covered][0], at[covered][1]);
		for (int i = 0; i < W * H; i++)
			if (hypotf((float)(i % W) - p.x, (float)(i / W) - p.y) < 11)
				w->pixels[i] = 230;
		assert_int_equal(look(w, (struct reader_look){ 640, 5, false, true, false }), 1);
	}
}

static void adds_up_frames_none_of_which_is_read(void **state)
{
	struct world *w = *state;
	size_t read = 0, frame = 0;

	for (; frame < 60 && read == 0; frame++) {
		struct grid g = square(240 + 3 * chance(w), 150 + 3 * chance(w), 4, 0.02f, 0);

		draw(w, &g, 0);
		/* finders stay clear, all else drowns: noise of a dark room */
		for (int i = 0; i < W * H; i++) {
			float u, v, size = (float)w->qr.size;
			bool clear = !grid_flat_place(&g, (float)(i % W), (float)(i / W), &u, &v) ||
				     (u < 8 && v < 8) || (u > size - 8 && v < 8) ||
				     (u < 8 && v > size - 8);
			float noisy = (float)w->pixels[i] + 480 * (chance(w) - 0.5f);

			if (!clear)
				w->pixels[i] = (uint8_t)fmaxf(0, fminf(255, noisy));
		}
		if (frame == 0)
			assert_int_equal(
				look(w, (struct reader_look){ 640, 3, false, false, false }), 0);
		read = look(w, (struct reader_look){ 640, 3, false, false, true });
	}
	assert_int_equal(read, 1);
	assert_in_range(frame, 2, 60);
}

static void gives_nothing_for_noise(void **state)
{
	struct world *w = *state;

	for (int turn = 0; turn < 3; turn++) {
		for (int i = 0; i < W * H; i++)
			w->pixels[i] = chance(w) > 0.5f ? 255 : 0;
		assert_int_equal(look(w, (struct reader_look){ 640, 3, false, true, true }), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			reads_at_every_turn_and_tilt, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			reads_paper_bent_round_a_bottle, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			reads_a_code_of_which_a_finder_is_covered, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			adds_up_frames_none_of_which_is_read, open_world, close_world),
		cmocka_unit_test_setup_teardown(gives_nothing_for_noise, open_world, close_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
