/*
 * bench-clips [-n CLIPS] [-s]: simulated video before each reader, for tests/bench/eye.mjs.
 *
 * A card is brought to the camera: it comes nearer, shakes, is out of focus and found again, while
 * a lamp's glare moves over it. A line a clip and reader: clip, reader, number of the first frame
 * that was read right (or of frames, when none was), wrong texts, CPU seconds a frame.
 * -s: still scenes of hard kinds instead, each a line with 1 or 0. -u SEED: still scenes in which
 * everything is left to chance, so that nothing can have been tuned to them.
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/eye/eye.h"
#include "tests/bench/scene.h"

enum { WIDTH = 1280, HEIGHT = 720, FRAMES = 45 };

struct bench {
	struct eye *eye;
	void *zbar, *zxing;
	struct bytes expected;
	bool right;
	unsigned wrong;
};

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void on_found(void *context, struct bytes data, const struct eye_point corners[4])
{
	struct bench *b = context;

	(void)corners;
	if (bytes_equal(data, b->expected))
		b->right = true;
	else
		b->wrong++;
}

static void read_eye(struct bench *b, const struct image *in, enum eye_mode mode)
{
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	if (!eye_read(b->eye, in, mode, &codes, &e))
		fprintf(stderr, "bench-clips: %s\n", e.text);
	for (size_t i = 0; i < codes.count; i++)
		on_found(b, codes.code[i].data, codes.code[i].corners);
}

static void read_video(struct bench *b, const struct image *in)
{
	read_eye(b, in, EYE_VIDEO);
}

static void read_still(struct bench *b, const struct image *in)
{
	read_eye(b, in, EYE_FIRST);
}

static void read_zbar(struct bench *b, const struct image *in)
{
	engine_zbar.scan(b->zbar, in->pixels, in->width, in->height, on_found, b);
}

static void read_zxing(struct bench *b, const struct image *in)
{
	if (engine_zxing.scan)
		engine_zxing.scan(b->zxing, in->pixels, in->width, in->height, on_found, b);
}

struct reader {
	const char *name;
	void (*read)(struct bench *b, const struct image *in);
};

static const struct reader video_readers[] = { { "kith", read_video }, { "zbar", read_zbar },
	{ "zxing", read_zxing } };
static const struct reader still_readers[] = { { "kith", read_still }, { "zbar", read_zbar },
	{ "zxing", read_zxing } };

static struct bytes card(struct arena *a, unsigned number, size_t len)
{
	struct buf text = BUF_IN(a);

	buf_printf(&text,
		"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Bj\xC3\xB6rk;Person %u\r\nFN:Person %u "
		"Bj\xC3\xB6rk\r\n",
		number, number);
	for (unsigned i = 0; text.len < len; i++)
		buf_printf(&text, "NOTE:%u of many words, %u\r\n", i * 7919, i);
	buf_printf(&text, "END:VCARD\r\n");
	return buf_bytes(&text);
}

/* Frame t of a clip: what a hand, a focus motor and a lamp do. */
static struct scene frame_of(struct canvas_of_scene *c, float t, float angle, bool glossy)
{
	float near = t < 20 ? t / 20 : 1, lost = t < 26 ? 0.7f + 0.13f * (26 - t) : 0.7f;
	struct scene s = { .x = WIDTH / 2.0f + 60 * sinf(t * 0.4f),
		.y = HEIGHT / 2.0f + 30 * cosf(t * 0.5f),
		.module = 1.4f + 2.6f * near,
		.turn = angle + 0.04f * sinf(t * 0.8f),
		.tilt_x = 0.25f * sinf(angle * 3) * near,
		.tilt_y = 0.2f * cosf(angle * 5) * near,
		.blur = lost,
		.dark = 45,
		.light = 190,
		.shade = 0.3f,
		.noise = 5 };

	s.move_x = 6 * (scene_chance(c) - 0.5f) * (2 - near);
	s.move_y = 4 * (scene_chance(c) - 0.5f) * (2 - near);
	if (glossy) {
		s.glare = 60;
		s.glare_x = s.x - 140 + 6 * t;
		s.glare_y = s.y - 20;
	}
	return s;
}

static bool run_clip(struct bench *b, struct canvas_of_scene *c, uint8_t *pixels, unsigned number,
	struct arena *a, struct err *e)
{
	struct image in = { pixels, WIDTH, HEIGHT, WIDTH };
	unsigned first[ARRAY_LEN(video_readers)], wrong[ARRAY_LEN(video_readers)] = { 0 };
	double cpu[ARRAY_LEN(video_readers)] = { 0 };
	unsigned left = ARRAY_LEN(video_readers);
	struct qr qr;

	b->expected = card(a, number, 100 + number % 4 * 60);
	if (!qr_make(&qr, b->expected, QR_LEVEL_M, a, e))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		first[i] = FRAMES;
	for (unsigned t = 0; t < FRAMES && left > 0; t++) {
		struct scene s = frame_of(c, (float)t, (float)number * 0.37f, number % 2);

		scene_draw(c, pixels, &qr, &s);
		for (size_t i = 0; i < ARRAY_LEN(video_readers); i++) {
			double began = cpu_s();

			if (first[i] < FRAMES)
				continue;
			b->right = false;
			b->wrong = 0;
			video_readers[i].read(b, &in);
			cpu[i] += cpu_s() - began;
			wrong[i] += b->wrong;
			if (b->right) {
				first[i] = t;
				left--;
			}
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		printf("%u\t%s\t%u\t%u\t%.6f\n", number, video_readers[i].name, first[i], wrong[i],
			cpu[i] / (first[i] < FRAMES ? first[i] + 1 : FRAMES));
	fflush(stdout);
	return true;
}

/* Hard stills by kind, each made harder with its number. */
static const struct kind {
	const char *name;
	size_t len;
	struct scene base, step;
} kinds[] = {
	{ "large-version", 700, { .module = 3.2f, .blur = 0.6f, .noise = 4 },
		{ .turn = 0.2f, .module = -0.12f, .tilt_x = 0.03f } },
	{ "tilt", 150, { .module = 4, .blur = 0.7f, .noise = 4 },
		{ .tilt_x = 0.08f, .tilt_y = 0.05f, .turn = 0.4f } },
	{ "bend", 150, { .module = 4.5f, .blur = 0.7f, .noise = 4, .bend = 0.3f },
		{ .bend = 0.1f, .turn = 0.25f } },
	{ "blur", 100, { .module = 5, .blur = 1.2f, .noise = 3 }, { .blur = 0.25f, .turn = 0.5f } },
	{ "motion", 100, { .module = 4, .blur = 0.7f, .noise = 3, .move_x = 3 },
		{ .move_x = 0.8f, .turn = 0.3f } },
	{ "glare", 120,
		{ .module = 4,
			.blur = 0.7f,
			.noise = 4,
			.glare = 20,
			.glare_x = 690,
			.glare_y = 390 },
		{ .glare = 5, .turn = 0.35f } },
	{ "noise", 100, { .module = 4, .blur = 0.8f, .noise = 14 }, { .noise = 6, .turn = 0.2f } },
	{ "dim", 100, { .module = 4, .blur = 0.7f, .noise = 2, .light = -120, .shade = 0.3f },
		{ .light = -4, .shade = 0.05f, .turn = 0.3f } },
	{ "tiny", 60, { .module = 2.4f, .blur = 0.5f, .noise = 3 },
		{ .module = -0.09f, .turn = 0.3f } },
	{ "light-on-dark", 100, { .module = 4, .blur = 0.7f, .noise = 4, .inverted = true },
		{ .turn = 0.3f, .module = -0.2f } },
};

/* A line for each reader of stills. */
static void read_all(struct bench *b, const struct image *in, const char *name, unsigned number)
{
	for (size_t i = 0; i < ARRAY_LEN(still_readers); i++) {
		double began = cpu_s();

		b->right = false;
		b->wrong = 0;
		still_readers[i].read(b, in);
		printf("%s\t%u\t%s\t%d\t%u\t%.6f\n", name, number, still_readers[i].name, b->right,
			b->wrong, cpu_s() - began);
	}
	fflush(stdout);
}

static bool run_still(struct bench *b, struct canvas_of_scene *c, uint8_t *pixels,
	const struct kind *k, unsigned number, struct arena *a, struct err *e)
{
	struct image in = { pixels, WIDTH, HEIGHT, WIDTH };
	float n = (float)number;
	struct scene s = { .x = WIDTH / 2.0f,
		.y = HEIGHT / 2.0f,
		.module = k->base.module + n * k->step.module,
		.turn = n * k->step.turn,
		.tilt_x = n * k->step.tilt_x,
		.tilt_y = n * k->step.tilt_y,
		.bend = k->base.bend + n * k->step.bend,
		.blur = k->base.blur + n * k->step.blur,
		.move_x = k->base.move_x + n * k->step.move_x,
		.dark = 40,
		.light = 200 + k->base.light + n * k->step.light,
		.shade = k->base.shade + n * k->step.shade,
		.glare_x = k->base.glare_x,
		.glare_y = k->base.glare_y,
		.glare = k->base.glare + n * k->step.glare,
		.noise = k->base.noise + n * k->step.noise,
		.inverted = k->base.inverted };
	struct qr qr;

	b->expected = card(a, number, k->len);
	if (!qr_make(&qr, b->expected, QR_LEVEL_M, a, e))
		return false;
	scene_draw(c, pixels, &qr, &s);
	read_all(b, &in, k->name, number);
	return true;
}

static float between(struct canvas_of_scene *c, float least, float most)
{
	return least + scene_chance(c) * (most - least);
}

/* One time in `of`, something; else 0. */
static float sometimes(struct canvas_of_scene *c, unsigned of, float least, float most)
{
	return scene_chance(c) * (float)of < 1 ? between(c, least, most) : 0;
}

static struct scene scene_by_chance(struct canvas_of_scene *c)
{
	struct scene s = { .x = between(c, 400, 880),
		.y = between(c, 250, 470),
		.module = between(c, 1.8f, 5.5f),
		.turn = between(c, 0, 6.28f),
		.tilt_x = between(c, -0.4f, 0.4f),
		.tilt_y = between(c, -0.4f, 0.4f),
		.blur = between(c, 0.5f, 1.6f),
		.dark = between(c, 10, 70),
		.shade = between(c, 0, 0.6f),
		.noise = between(c, 1, 9) };

	s.light = s.dark + between(c, 40, 180);
	s.bend = sometimes(c, 3, 0.2f, 1.1f);
	s.move_x = sometimes(c, 3, -6, 6);
	s.move_y = sometimes(c, 3, -6, 6);
	s.glare = sometimes(c, 3, 15, 60);
	s.glare_x = s.x + between(c, -90, 90);
	s.glare_y = s.y + between(c, -90, 90);
	s.dim = sometimes(c, 4, 0.15f, 0.6f);
	s.inverted = scene_chance(c) < 0.08f;
	s.plain = scene_chance(c) < 0.5f;
	return s;
}

static bool run_by_chance(struct bench *b, struct canvas_of_scene *c, uint8_t *pixels,
	unsigned number, struct arena *a, struct err *e)
{
	struct image in = { pixels, WIDTH, HEIGHT, WIDTH };
	enum qr_level level = (enum qr_level)(scene_chance(c) * 3);
	struct scene s = scene_by_chance(c);
	struct qr qr;

	b->expected = card(a, number, (size_t)between(c, 40, 380));
	if (!qr_make(&qr, b->expected, level, a, e))
		return false;
	scene_draw(c, pixels, &qr, &s);
	read_all(b, &in, s.plain ? "chance-plain" : "chance", number);
	return true;
}

int main(int argc, char **argv)
{
	static float a[WIDTH * HEIGHT], scratch[WIDTH * HEIGHT];
	static uint8_t pixels[WIDTH * HEIGHT];
	struct canvas_of_scene c = { a, scratch, WIDTH, HEIGHT, 1 };
	struct bench b = { 0 };
	struct arena arena = { 0 };
	struct err e = { 0 };
	unsigned clips = 10;
	bool ok, stills = false, chance = false;

	for (int o; (o = getopt(argc, argv, "n:su:")) != -1;) {
		if (o == 'n')
			clips = (unsigned)strtoul(optarg, NULL, 10);
		else if (o == 's')
			stills = true;
		else if (o == 'u') {
			chance = true;
			c.seed = (uint32_t)strtoul(optarg, NULL, 10);
		} else
			return EX_USAGE;
	}
	ok = eye_open(&b.eye, &e) && engine_zbar.open(&b.zbar, &e) &&
	     engine_zxing.open(&b.zxing, &e);
	for (unsigned i = 0; ok && chance && i < clips; i++)
		ok = run_by_chance(&b, &c, pixels, i, &arena, &e);
	for (unsigned i = 0; ok && !stills && !chance && i < clips; i++)
		ok = run_clip(&b, &c, pixels, i, &arena, &e);
	for (size_t k = 0; ok && stills && !chance && k < ARRAY_LEN(kinds); k++)
		for (unsigned i = 0; ok && i < clips; i++)
			ok = run_still(&b, &c, pixels, &kinds[k], i, &arena, &e);
	if (!ok)
		fprintf(stderr, "bench-clips: %s\n", e.text);
	engine_zxing.close(b.zxing);
	engine_zbar.close(b.zbar);
	eye_close(b.eye);
	arena_finish(&arena);
	return ok ? 0 : EX_SOFTWARE;
}
