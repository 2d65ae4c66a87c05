#include "core/eye/eye.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/eye/prepare.h"

enum { STEPS_MAX = 4 };

/* Measured in facts/qr.md 4: chosen so that each reads what those before it miss. */
enum engine_number { ZBAR, ENGINE_COUNT };

static const struct engine *const engines[ENGINE_COUNT] = {
	[ZBAR] = &engine_zbar,
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
};

/* In the order of trying. A name says what is done, first step first. */
static const struct pass passes[] = {
	{ "fit800+hyb", ZBAR, 800, { { prepare_hyb, 0 } } },
	{ "fit640+up2+usm2", ZBAR, 640, { { prepare_up2, 0 }, { prepare_unsharp, 2 } } },
	{ "fit1600+mean", ZBAR, 1600, { { prepare_mean, 0 } } },
	{ "fit1000+sau", ZBAR, 1000, { { prepare_sauvola, 0 } } },
	{ "fit1000+mean+invert", ZBAR, 1000, { { prepare_mean, 0 }, { prepare_invert, 0 } } },
	{ "fit1000+box2", ZBAR, 1000, { { prepare_box, 2 } } },
	{ "fit1000+usm4", ZBAR, 1000, { { prepare_unsharp, 4 } } },
	{ "fit640+usm2+up2+mean", ZBAR, 640,
		{ { prepare_unsharp, 2 }, { prepare_up2, 0 }, { prepare_mean, 0 } } },
};

/* The first look at each frame of a video: half the time of fit800, nearly all of its reads. */
static const struct pass glance = { "fit640+hyb", ZBAR, 640, { { prepare_hyb, 0 } } };

struct eye {
	void *engine[ENGINE_COUNT];
	struct canvas canvas;
	size_t turn; /* the pass that the next frame of a video gets */

	uint64_t began_ns;
	const struct pass *pass; /* the one at work */
	float scale_x, scale_y;	 /* from the canvas back to the picture */
	size_t count, data_used;
	struct eye_code codes[EYE_CODES_MAX];
	uint8_t data[EYE_DATA_MAX];
};

void eye_close(struct eye *eye)
{
	if (!eye)
		return;
	for (size_t i = 0; i < ENGINE_COUNT; i++)
		engines[i]->close(eye->engine[i]);
	canvas_finish(&eye->canvas);
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
	*out = eye;
	return true;
}

const char *eye_pass_name(size_t i)
{
	return i < ARRAY_LEN(passes) ? passes[i].name : NULL;
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
	size_t pixels = pass_pixels(&glance, in);
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
	return canvas_reserve(&eye->canvas, pixels, side, e);
}

static struct eye_point code_centre(const struct eye_point corners[4])
{
	return (struct eye_point){
		(corners[0].x + corners[1].x + corners[2].x + corners[3].x) / 4,
		(corners[0].y + corners[1].y + corners[2].y + corners[3].y) / 4,
	};
}

/* The same text at the same place, which another pass saw already. */
static bool eye_knows(const struct eye *eye, struct bytes data, const struct eye_point corners[4])
{
	struct eye_point c = code_centre(corners);
	float reach = hypotf(corners[0].x - corners[2].x, corners[0].y - corners[2].y) / 2;

	for (size_t i = 0; i < eye->count; i++) {
		struct eye_point k = code_centre(eye->codes[i].corners);

		if (bytes_equal(eye->codes[i].data, data) &&
			hypotf(c.x - k.x, c.y - k.y) <= reach + 1)
			return true;
	}
	return false;
}

static void eye_found(void *context, struct bytes data, const struct eye_point corners[4])
{
	struct eye *eye = context;
	struct eye_code code = {
		.engine = engines[eye->pass->engine]->name,
		.pass = eye->pass->name,
		.ms = (float)(clock_monotonic_ns() - eye->began_ns) / 1e6f,
	};

	for (size_t i = 0; i < 4; i++)
		code.corners[i] = (struct eye_point){ corners[i].x * eye->scale_x,
			corners[i].y * eye->scale_y };
	if (eye->count == EYE_CODES_MAX || data.len > EYE_DATA_MAX - eye->data_used ||
		eye_knows(eye, data, (const struct eye_point *)code.corners))
		return;
	if (data.len > 0)
		memcpy(eye->data + eye->data_used, data.p, data.len);
	code.data = bytes_of(eye->data + eye->data_used, data.len);
	eye->data_used += data.len;
	eye->codes[eye->count++] = code;
}

static void eye_run(struct eye *eye, const struct image *in, const struct pass *pass)
{
	struct canvas *c = &eye->canvas;

	prepare_fit(c, in, pass->fit);
	for (size_t i = 0; i < STEPS_MAX && pass->steps[i].run; i++)
		pass->steps[i].run(c, pass->steps[i].radius);
	eye->pass = pass;
	eye->scale_x = (float)in->width / (float)c->width;
	eye->scale_y = (float)in->height / (float)c->height;
	engines[pass->engine]->scan(
		eye->engine[pass->engine], c->front, c->width, c->height, eye_found, eye);
}

bool eye_read(struct eye *eye, const struct image *in, enum eye_mode mode, struct eye_codes *out,
	struct err *e)
{
	if (!eye_begin(eye, in, e))
		return false;
	if (mode == EYE_VIDEO || mode == EYE_GLANCE) {
		eye_run(eye, in, &glance);
		if (eye->count == 0 && mode == EYE_VIDEO) {
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
	*out = (struct eye_codes){ eye->codes, eye->count };
	return true;
}

bool eye_read_pass(
	struct eye *eye, const struct image *in, size_t pass, struct eye_codes *out, struct err *e)
{
	if (!eye_begin(eye, in, e))
		return false;
	eye_run(eye, in, &passes[pass]);
	*out = (struct eye_codes){ eye->codes, eye->count };
	return true;
}
