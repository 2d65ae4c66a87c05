#include "tests/unit/test.h"

#include "core/eye/prepare.h"

enum { W = 97, H = 61 };

struct world {
	struct canvas c;
	uint8_t pixels[W * H];
	struct image in;
};

static int open_world(void **state)
{
	static struct world w;
	struct err e = { 0 };
	uint32_t seed = 7;

	w = (struct world){ .in = { w.pixels, W, H, W } };
	for (size_t i = 0; i < sizeof(w.pixels); i++) {
		seed = seed * 1664525 + 1013904223;
		w.pixels[i] = (uint8_t)(seed >> 24);
	}
	*state = &w;
	return canvas_reserve(&w.c, 4 * W * H, 2 * W, &e) ? 0 : -1;
}

static int close_world(void **state)
{
	struct world *w = *state;

	canvas_finish(&w->c);
	return 0;
}

static void load(struct world *w)
{
	prepare_fit(&w->c, &w->in, 1000);
	assert_int_equal(w->c.width, W);
	assert_int_equal(w->c.height, H);
}

static uint8_t at(const struct canvas *c, uint32_t x, uint32_t y)
{
	return c->front[(size_t)y * c->width + x];
}

static uint8_t edge(const struct world *w, int x, int y)
{
	x = x < 0 ? 0 : x >= W ? W - 1 : x;
	y = y < 0 ? 0 : y >= H ? H - 1 : y;
	return w->pixels[y * W + x];
}

static void shrinks_to_the_longer_side_and_never_enlarges(void **state)
{
	static const uint32_t cases[][5] = { { 1280, 720, 640, 640, 360 },
		{ 720, 1280, 640, 360, 640 }, { 640, 480, 800, 640, 480 },
		{ 10000, 3, 100, 100, 1 }, { 1, 1, 100, 1, 1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint32_t w = cases[i][0], h = cases[i][1];

		prepare_fit_size(&w, &h, cases[i][2]);
		assert_int_equal(w, cases[i][3]);
		assert_int_equal(h, cases[i][4]);
	}
}

static void shrinks_by_the_mean_of_the_area(void **state)
{
	struct world *w = *state;
	struct image in = { w->pixels, 80, 60, W };

	prepare_fit(&w->c, &in, 20);
	assert_int_equal(w->c.width, 20);
	assert_int_equal(w->c.height, 15);
	for (uint32_t y = 0; y < 15; y++)
		for (uint32_t x = 0; x < 20; x++) {
			int sum = 0;

			for (uint32_t i = 0; i < 16; i++)
				sum += w->pixels[(4 * y + i / 4) * W + 4 * x + i % 4];
			assert_in_range(at(&w->c, x, y), (sum - 16) / 16, (sum + 24) / 16);
		}
}

static void keeps_flat_paper_flat_at_every_size(void **state)
{
	struct world *w = *state;

	for (int value = 0; value <= 255; value += 85) {
		memset(w->pixels, value, sizeof(w->pixels));
		for (uint32_t side = 5; side <= W; side++) {
			prepare_fit(&w->c, &w->in, side);
			for (uint32_t i = 0; i < w->c.width * w->c.height; i++)
				assert_int_equal(w->c.front[i], value);
		}
		prepare_up2(&w->c, 0);
		prepare_unsharp(&w->c, 2);
		prepare_box(&w->c, 3);
		assert_int_equal(w->c.width, 2 * W);
		for (uint32_t i = 0; i < w->c.width * w->c.height; i++)
			assert_int_equal(w->c.front[i], value);
		/* and no threshold finds ink on it */
		for (int k = 0; k < 3; k++) {
			load(w);
			(k == 0 ? prepare_hyb : k == 1 ? prepare_mean : prepare_sauvola)(&w->c, 0);
			for (uint32_t i = 0; i < W * H && (k < 2 || value > 0); i++)
				assert_int_equal(w->c.front[i], 255);
		}
	}
}

static void blurs_by_the_mean_of_a_square(void **state)
{
	struct world *w = *state;
	static const uint32_t radii[] = { 1, 2, 5, 40 };

	for (size_t k = 0; k < ARRAY_LEN(radii); k++) {
		int r = (int)radii[k], area = (2 * r + 1) * (2 * r + 1);

		load(w);
		prepare_box(&w->c, radii[k]);
		for (int y = 0; y < H; y += 7)
			for (int x = 0; x < W; x += 3) {
				int sum = 0;

				for (int v = -r; v <= r; v++)
					for (int u = -r; u <= r; u++)
						sum += edge(w, x + u, y + v);
				assert_int_equal(at(&w->c, (uint32_t)x, (uint32_t)y),
					(sum + area / 2) / area);
			}
	}
}

static void enlarges_between_its_neighbours(void **state)
{
	struct world *w = *state;

	load(w);
	prepare_up2(&w->c, 0);
	for (int y = 0; y < 2 * H; y++)
		for (int x = 0; x < 2 * W; x++) {
			int u = x / 2, v = y / 2, du = x % 2 ? 1 : -1, dv = y % 2 ? 1 : -1;
			int want = 9 * edge(w, u, v) + 3 * edge(w, u + du, v) +
				   3 * edge(w, u, v + dv) + edge(w, u + du, v + dv);

			assert_int_equal(at(&w->c, (uint32_t)x, (uint32_t)y), (want + 8) / 16);
		}
}

/* Squares of 8 pixels, ink 60 % of the paper, under light that falls from 255 to 60. */
static bool is_ink(int x, int y)
{
	return (x / 8 + y / 8) % 2 == 0;
}

static void separates_ink_from_paper_under_uneven_light(void **state)
{
	static void (*const thresholds[])(struct canvas * c, uint32_t radius) = { prepare_hyb,
		prepare_mean, prepare_sauvola };
	struct world *w = *state;

	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++) {
			int light = 255 - 2 * x;

			w->pixels[y * W + x] = (uint8_t)(is_ink(x, y) ? light * 6 / 10 : light);
		}
	for (size_t k = 0; k < ARRAY_LEN(thresholds); k++) {
		size_t wrong = 0;

		load(w);
		thresholds[k](&w->c, 0);
		for (int y = 0; y < H; y++)
			for (int x = 0; x < W; x++) {
				uint8_t v = at(&w->c, (uint32_t)x, (uint32_t)y);

				assert_true(v == 0 || v == 255);
				wrong += (v == 0) != is_ink(x, y);
			}
		/* Sauvola's window is narrow here, and hollows the squares out */
		if (wrong > (size_t)W * H / (k == 2 ? 3 : 10))
			fail_msg("threshold %zu: %zu of %d wrong", k, wrong, W * H);
	}
}

static void raises_edges(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < W * H; i++)
		w->pixels[i] = i % W < W / 2 ? 100 : 150;
	load(w);
	prepare_unsharp(&w->c, 2);
	assert_int_equal(at(&w->c, 5, 30), 100);
	assert_int_equal(at(&w->c, W - 5, 30), 150);
	assert_true(at(&w->c, W / 2 - 1, 30) < 80);
	assert_true(at(&w->c, W / 2, 30) > 170);
}

static void inverts(void **state)
{
	struct world *w = *state;

	load(w);
	prepare_invert(&w->c, 0);
	for (int i = 0; i < W * H; i++)
		assert_int_equal(w->c.front[i], 255 - w->pixels[i]);
}

static void takes_pictures_smaller_than_its_windows(void **state)
{
	static void (*const steps[])(struct canvas * c, uint32_t radius) = { prepare_hyb,
		prepare_mean, prepare_sauvola, prepare_box, prepare_unsharp, prepare_invert,
		prepare_up2 };
	struct world *w = *state;

	for (uint32_t width = 1; width < 12; width++)
		for (uint32_t height = 1; height < 12; height += 3)
			for (size_t k = 0; k < ARRAY_LEN(steps); k++) {
				struct image in = { w->pixels, width, height, W };

				prepare_fit(&w->c, &in, 1000);
				steps[k](&w->c, 10);
				assert_int_equal(w->c.width, k == 6 ? 2 * width : width);
			}
}

int main(void)
{
#define WORLD_TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)
	const struct CMUnitTest tests[] = {
		WORLD_TEST(shrinks_to_the_longer_side_and_never_enlarges),
		WORLD_TEST(shrinks_by_the_mean_of_the_area),
		WORLD_TEST(keeps_flat_paper_flat_at_every_size),
		WORLD_TEST(blurs_by_the_mean_of_a_square),
		WORLD_TEST(enlarges_between_its_neighbours),
		WORLD_TEST(separates_ink_from_paper_under_uneven_light),
		WORLD_TEST(raises_edges),
		WORLD_TEST(inverts),
		WORLD_TEST(takes_pictures_smaller_than_its_windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
