#include "core/eye/eye.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/eye/prepare.h"
#include "core/eye/reader.h"

enum {
	STEPS_MAX = 4,
	THUMB_WIDTH = 32,
	THUMB_HEIGHT = 18,
	THUMB_STEP = 4,	   /* one row and column of so many is looked at */
	THUMB_CHANGE = 10, /* gray values, of one of its places */
};

/* Measured in facts/qr.md 4: chosen so that each reads what those before it miss. */
enum engine_number { ZBAR, ZXING, ENGINE_COUNT, OWN = ENGINE_COUNT };

static const struct engine *const engines[ENGINE_COUNT] = {
	[ZBAR] = &engine_zbar,
	[ZXING] = &engine_zxing,
};

struct step {
	void (*run)(struct canvas *c, uint32_t radius);
	uint32_t radius;
};

struct pass {
	const char *name;
	enum engine_number engine;
	uint32_t fit; /* the longer side, in pixels */
	struct step steps[STEPS_MAX];
	struct reader_look look; /* of our own reader, in the place of a fit and steps */
};

/*
 * In the order of trying, cheap and fruitful ones first. A name says the size at which codes are
 * looked for and what is done before. Measured alone on the development set (bench-eye -p), in
 * parts of plain ZBar's time on large pictures: the first three 0.06, 0.13, 0.18, the hard ones
 * 0.1 to 1, ZBar's own 0.8.
 */
static const struct pass passes[] = {
	{ "640", OWN, 0, { { 0 } }, { 640, 2, false, false, false } },
	{ "1280", OWN, 0, { { 0 } }, { 1280, 3, false, false, false } },
	{ "plain", ZXING, 1600, { { 0 } }, { 0 } },
	{ "640-light", OWN, 0, { { 0 } }, { 640, 3, true, false, false } },
	{ "320", OWN, 0, { { 0 } }, { 320, 3, false, false, false } },
	{ "2560", OWN, 0, { { 0 } }, { 2560, 3, false, false, false } },
	{ "640-hard", OWN, 0, { { 0 } }, { 640, 5, false, true, false } },
	{ "1280-hard", OWN, 0, { { 0 } }, { 1280, 1, false, true, false } },
	{ "sharp", OWN, 1000, { { prepare_unsharp, 4 } }, { 1000, 3, false, false, false } },
	{ "sharp", ZXING, 1000, { { prepare_unsharp, 4 } }, { 0 } },
	{ "twice", OWN, 0, { { 0 } }, { 0, 3, false, true, false } },
	{ "1280-light", OWN, 0, { { 0 } }, { 1280, 3, true, true, false } },
	{ "mean", ZBAR, 1600, { { prepare_mean, 0 } }, { 0 } },
};

/* The first look at each frame of a video. */
static const struct pass *const glance = &passes[0];

struct eye {
	void *engine[ENGINE_COUNT];
	struct reader *own;
	const struct pass *prepared; /* what the canvas holds, if anything */
	bool own_on_canvas;	     /* own looks at that, not at the picture */
	uint32_t looked;	     /* copies that own has looked at without effort */
	struct canvas canvas;
	size_t turn; /* the pass that the next frame of a video gets */

	enum eye_mode mode;
	uint64_t began_ns;
	const struct pass *pass; /* the one at work */
	float scale_x, scale_y;	 /* from the canvas back to the picture */
	size_t count, data_used;
	struct eye_code codes[EYE_CODES_MAX];
	bool doubted[EYE_CODES_MAX];
	struct eye_sight sight; /* what was located and not read, in a frame of a video */
	uint8_t thumb[THUMB_HEIGHT][THUMB_WIDTH]; /* the view since it last changed */
	unsigned still;				  /* frames for which it has not */
	uint8_t spare[3 * 7200];		  /* the longest text of a symbol, in UTF-8 */
	uint8_t data[EYE_DATA_MAX];
};

void eye_close(struct eye *eye)
{
	if (!eye)
		return;
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		engines[i]->close(eye->engine[i]);
	canvas_finish(&eye->canvas);
	reader_close(eye->own);
	free(eye);
}

bool eye_open(struct eye **out, struct err *e)
{
	/* pages that no code needs are never touched, so a large data[] costs nothing */
	struct eye *eye = calloc(1, sizeof(*eye));

	if (!eye)
		return err_set(e, ERR_FULL, "no memory for the eye");
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		if (!engines[i]->open(&eye->engine[i], e)) {
			eye_close(eye);
			return false;
		}
	if (!reader_open(&eye->own, e)) {
		eye_close(eye);
		return false;
	}
	*out = eye;
	return true;
}

const char *eye_pass_name(size_t i)
{
	return i < ARRAY_LEN(passes) ? passes[i].name : NULL;
}

size_t eye_memory(const struct eye *eye)
{
	return sizeof(*eye) + canvas_memory(&eye->canvas) + reader_memory(eye->own);
}

size_t eye_pass_count(void)
{
	return ARRAY_LEN(passes);
}

/* Pixels of the largest picture on the way of a pass. */
static size_t pass_pixels(const struct pass *pass, const struct image *in)
{
	uint32_t w = in->width, h = in->height;
	size_t pixels;

	prepare_fit_size(&w, &h, pass->fit);
	pixels = (size_t)w * h;
	for (size_t i = 0; i < STEPS_MAX; i++)
		if (pass->steps[i].run == prepare_up2)
			pixels *= 4;
	return pixels;
}

static bool eye_begin(struct eye *eye, const struct image *in, struct err *e)
{
	size_t pixels = pass_pixels(glance, in);
	uint32_t side = in->width;

	if (!image_size_check(in->width, in->height, e))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(passes); i++) {
		size_t n = pass_pixels(&passes[i], in);

		pixels = n > pixels ? n : pixels;
		side = 2 * passes[i].fit > side ? 2 * passes[i].fit : side;
	}
	eye->began_ns = clock_monotonic_ns();
	eye->count = eye->data_used = 0;
	eye->sight = (struct eye_sight){ .located = false };
	eye->prepared = NULL;
	eye->own_on_canvas = false;
	eye->looked = 0;
	reader_begin(eye->own, in);
	return canvas_reserve(&eye->canvas, pixels, side, e);
}

static struct eye_point code_centre(const struct eye_point corners[4])
{
	return (struct eye_point){
		(corners[0].x + corners[1].x + corners[2].x + corners[3].x) / 4,
		(corners[0].y + corners[1].y + corners[2].y + corners[3].y) / 4,
	};
}

/* Bytes that give the same text: as they are, or where ZBar made UTF-8 of Latin-1 for an ECI. */
static bool same_text(struct eye *eye, struct bytes a, struct bytes b)
{
	for (int turn = 0; turn < 2; turn++) {
		struct buf text = BUF_ON(eye->spare);
		struct bytes c = a;

		if (bytes_equal(a, b))
			return true;
		cp1252_to_utf8(&text, a);
		if (buf_ok(&text) && bytes_equal(buf_bytes(&text), b))
			return true;
		a = b;
		b = c;
	}
	return false;
}

/* Whether both lie on the same spot and are of a size: a code inside another is another one. */
static bool same_place(const struct eye_point a[4], const struct eye_point b[4])
{
	struct eye_point ca = code_centre(a), cb = code_centre(b);
	float da = hypotf(a[0].x - a[2].x, a[0].y - a[2].y);
	float db = hypotf(b[0].x - b[2].x, b[0].y - b[2].y);

	return hypotf(ca.x - cb.x, ca.y - cb.y) <= (da < db ? da : db) / 3 + 1 &&
	       da < 1.6f * db + 2 && db < 1.6f * da + 2;
}

/*
 * A code that an earlier pass read too is known. Where two have read the same place and differ,
 * neither can be trusted: the first is marked, and dropped at the end.
 */
static void eye_found(void *context, struct bytes data, const struct eye_point corners[4])
{
	struct eye *eye = context;
	struct eye_code code = {
		.engine = eye->pass->engine == OWN ? "kith" : engines[eye->pass->engine]->name,
		.pass = eye->pass->name,
		.ms = (float)(clock_monotonic_ns() - eye->began_ns) / 1e6f,
	};

	for (size_t i = 0; i < 4; i++)
		code.corners[i] = (struct eye_point){ corners[i].x * eye->scale_x,
			corners[i].y * eye->scale_y };
	for (size_t i = 0; i < eye->count; i++)
		if (same_place(eye->codes[i].corners, (const struct eye_point *)code.corners)) {
			eye->doubted[i] |= !same_text(eye, eye->codes[i].data, data);
			return;
		}
	if (eye->count == EYE_CODES_MAX || data.len > EYE_DATA_MAX - eye->data_used)
		return;
	if (data.len > 0)
		memcpy(eye->data + eye->data_used, data.p, data.len);
	code.data = bytes_of(eye->data + eye->data_used, data.len);
	eye->data_used += data.len;
	eye->doubted[eye->count] = false;
	eye->codes[eye->count++] = code;
}

static void eye_end(struct eye *eye, struct eye_codes *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < eye->count; i++)
		if (!eye->doubted[i])
			eye->codes[kept++] = eye->codes[i];
	eye->count = kept;
	if (kept > 0)
		eye->sight = (struct eye_sight){ .located = false };
	*out = (struct eye_codes){ eye->codes, kept, eye->sight };
}

/* Whether own would look at the same copy again, in the same way. */
static bool looked_already(struct eye *eye, const struct image *in, const struct reader_look *look)
{
	uint32_t longer = in->width > in->height ? in->width : in->height, bit = 1;

	if (look->hard || look->side == 0)
		return false;
	for (; longer > look->side; longer /= 2)
		bit <<= 1;
	bit <<= look->light_on_dark ? 16 : 0;
	if (eye->looked & bit)
		return true;
	eye->looked |= bit;
	return false;
}

static uint8_t thumb_of(const struct image *in, uint32_t tx, uint32_t ty)
{
	uint32_t x0 = in->width * tx / THUMB_WIDTH, x1 = in->width * (tx + 1) / THUMB_WIDTH;
	uint32_t y0 = in->height * ty / THUMB_HEIGHT, y1 = in->height * (ty + 1) / THUMB_HEIGHT;
	uint64_t sum = 0, n = 0;

	for (uint32_t y = y0; y < y1; y += THUMB_STEP)
		for (uint32_t x = x0; x < x1; x += THUMB_STEP, n++)
			sum += in->pixels[in->stride * y + x];
	return (uint8_t)(n ? sum / n : 0);
}

/* Whether this frame shows anything that the one at the last change did not. */
static void watch(struct eye *eye, const struct image *in)
{
	bool changed = false;

	for (uint32_t i = 0; i < THUMB_WIDTH * THUMB_HEIGHT && !changed; i++) {
		uint32_t x = i % THUMB_WIDTH, y = i / THUMB_WIDTH;

		changed = abs(thumb_of(in, x, y) - eye->thumb[y][x]) > THUMB_CHANGE;
	}
	eye->still = changed ? 0 : eye->still + (eye->still < UINT32_MAX);
	for (uint32_t i = 0; changed && i < THUMB_WIDTH * THUMB_HEIGHT; i++)
		eye->thumb[i / THUMB_WIDTH][i % THUMB_WIDTH] = thumb_of(
			in, i % THUMB_WIDTH, i / THUMB_WIDTH);
	eye->sight.still = eye->still;
}

bool eye_wants_more(const struct eye_sight *sight)
{
	return sight->located || sight->still <= 2 * ARRAY_LEN(passes);
}

static bool same_preparation(const struct pass *a, const struct pass *b)
{
	if (!a || a->fit != b->fit)
		return false;
	for (size_t i = 0; i < STEPS_MAX; i++)
		if (a->steps[i].run != b->steps[i].run || a->steps[i].radius != b->steps[i].radius)
			return false;
	return true;
}

static void eye_prepare(struct eye *eye, const struct image *in, const struct pass *pass)
{
	struct canvas *c = &eye->canvas;

	if (!same_preparation(eye->prepared, pass)) {
		prepare_fit(c, in, pass->fit);
		for (size_t i = 0; i < STEPS_MAX && pass->steps[i].run; i++)
			pass->steps[i].run(c, pass->steps[i].radius);
	}
	eye->prepared = pass;
	eye->scale_x = (float)in->width / (float)c->width;
	eye->scale_y = (float)in->height / (float)c->height;
}

/* Our own reader. One without memory has read nothing, as one that sees nothing. */
static void eye_run_own(struct eye *eye, const struct image *in, const struct pass *pass)
{
	const struct canvas *c = &eye->canvas;
	struct image prepared = { c->front, c->width, c->height, c->width };
	bool on_canvas = pass->fit > 0;
	struct reader_look look = pass->look;
	struct err ignored;

	look.fuse = eye->mode >= EYE_GLANCE && !on_canvas;
	if (on_canvas || eye->own_on_canvas) {
		reader_begin(eye->own, on_canvas ? &prepared : in);
		eye->own_on_canvas = on_canvas;
	}
	if (!reader_look(eye->own, &look, eye_found, eye, &ignored))
		return;
	if (eye->count == 0 && eye->mode >= EYE_GLANCE && !on_canvas && !eye->sight.located)
		eye->sight = reader_sight(eye->own);
	eye->sight.still = eye->still;
}

static void eye_run(struct eye *eye, const struct image *in, const struct pass *pass)
{
	const struct canvas *c = &eye->canvas;

	eye->pass = pass;
	eye->scale_x = eye->scale_y = 1;
	if (pass->fit > 0)
		eye_prepare(eye, in, pass);
	if (pass->engine == OWN && (pass->fit > 0 || !looked_already(eye, in, &pass->look)))
		eye_run_own(eye, in, pass);
	else if (pass->engine != OWN && engines[pass->engine]->scan)
		engines[pass->engine]->scan(
			eye->engine[pass->engine], c->front, c->width, c->height, eye_found, eye);
}

bool eye_read(struct eye *eye, const struct image *in, enum eye_mode mode, struct eye_codes *out,
	struct err *e)
{
	if (!eye_begin(eye, in, e))
		return false;
	eye->mode = mode;
	if (mode == EYE_VIDEO || mode == EYE_GLANCE) {
		watch(eye, in);
		eye_run(eye, in, glance);
		if (eye->count == 0 && mode == EYE_VIDEO && eye_wants_more(&eye->sight)) {
			eye_run(eye, in, &passes[eye->turn]);
			eye->turn = (eye->turn + 1) % ARRAY_LEN(passes);
		}
	} else {
		for (size_t i = 0; i < ARRAY_LEN(passes); i++) {
			eye_run(eye, in, &passes[i]);
			if (mode == EYE_FIRST && eye->count > 0)
				break;
		}
	}
	eye_end(eye, out);
	return true;
}

bool eye_read_pass(
	struct eye *eye, const struct image *in, size_t pass, struct eye_codes *out, struct err *e)
{
	if (!eye_begin(eye, in, e))
		return false;
	if (pass >= ARRAY_LEN(passes))
		return err_set(e, ERR_INTERNAL, "the eye has no pass %zu", pass);
	eye->mode = EYE_PASS;
	eye_run(eye, in, &passes[pass]);
	eye_end(eye, out);
	return true;
}
