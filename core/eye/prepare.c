#include "core/eye/prepare.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum {
	BLACK = 0,
	WHITE = 255,
	BLOCK = 8,	  /* pixels a side, of prepare_hyb */
	WEIGHT_BITS = 12, /* of prepare_fit */
	MEAN_BIAS = 5,	  /* keeps noise on flat paper white */
	UNSHARP_GAIN = 3,
	KERNEL_MAX = 2 * 10 + 1,
};

void canvas_finish(struct canvas *c)
{
	free(c->front);
	free(c->back);
	free(c->rows);
	*c = (struct canvas){ 0 };
}

bool canvas_reserve(struct canvas *c, size_t pixels, uint32_t side, struct err *e)
{
	size_t rows = (size_t)side * 4 + 4 * PREPARE_RADIUS_MAX;

	if (pixels > c->capacity || rows > c->rows_capacity) {
		canvas_finish(c);
		c->front = malloc(pixels);
		c->back = malloc(pixels);
		c->rows = malloc(rows * sizeof(*c->rows));
		if (!c->front || !c->back || !c->rows) {
			canvas_finish(c);
			return err_set(
				e, ERR_FULL, "no memory for a picture of %zu pixels", pixels);
		}
		c->capacity = pixels;
		c->rows_capacity = rows;
	}
	return true;
}

static void canvas_turn(struct canvas *c)
{
	uint8_t *p = c->front;

	c->front = c->back;
	c->back = p;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t clamp_index(int64_t i, uint32_t n)
{
	return i < 0 ? 0 : i >= (int64_t)n ? n - 1 : (uint32_t)i;
}

static uint8_t clamp_byte(int32_t v)
{
	return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* Shrinking */

void prepare_fit_size(uint32_t *width, uint32_t *height, uint32_t side)
{
	uint32_t longer = *width > *height ? *width : *height;

	if (longer <= side)
		return;
	*width = (uint32_t)(((uint64_t)*width * side + longer / 2) / longer);
	*height = (uint32_t)(((uint64_t)*height * side + longer / 2) / longer);
	*width += *width == 0;
	*height += *height == 0;
}

/*
 * The share of each of `from` inputs in output number i of `to`, in 1/4096, from *first on.
 * Lengths are counted in units of 1/(from*to), so that all borders are whole numbers.
 */
static size_t fit_weights(uint16_t *weight, uint32_t *first, uint32_t i, uint32_t from, uint32_t to)
{
	uint64_t begin = (uint64_t)i * from, end = begin + from;
	uint32_t left = 1 << WEIGHT_BITS;
	size_t n = 0;

	*first = (uint32_t)(begin / to);
	for (uint64_t at = *first; at * to < end; at++) {
		uint64_t lo = at * to > begin ? at * to : begin;
		uint64_t hi = (at + 1) * to < end ? (at + 1) * to : end;
		uint32_t w = (uint32_t)(((hi - lo) << WEIGHT_BITS) / from);

		weight[n++] = (uint16_t)w;
		left -= w;
	}
	/* what rounding left over, so that white stays white */
	weight[n / 2] = (uint16_t)(weight[n / 2] + left);
	return n;
}

void prepare_fit(struct canvas *c, const struct image *in, uint32_t side)
{
	uint32_t w = in->width, h = in->height;
	uint32_t *sum = c->rows, *start = sum + in->width;
	uint16_t *weight, *row_weight;

	prepare_fit_size(&w, &h, side);
	assert((size_t)w * h <= c->capacity);
	c->width = w;
	c->height = h;
	if (w == in->width && h == in->height) {
		for (uint32_t y = 0; y < h; y++)
			memcpy(c->front + (size_t)y * w, in->pixels + in->stride * y, w);
		return;
	}
	/* start[x]: where the weights of column x stand; its first input column follows from x */
	weight = (uint16_t *)(void *)(start + w + 1);
	start[0] = 0;
	for (uint32_t x = 0; x < w; x++) {
		uint32_t first;

		start[x + 1] = start[x] +
			       (uint32_t)fit_weights(weight + start[x], &first, x, in->width, w);
	}
	row_weight = weight + start[w];
	for (uint32_t y = 0; y < h; y++) {
		uint8_t *out = c->front + (size_t)y * w;
		uint32_t first;
		size_t n = fit_weights(row_weight, &first, y, in->height, h);

		memset(sum, 0, in->width * sizeof(*sum));
		for (size_t i = 0; i < n; i++) {
			const uint8_t *row = in->pixels + in->stride * (first + i);

			for (uint32_t x = 0; x < in->width; x++)
				sum[x] += (uint32_t)row_weight[i] * row[x];
		}
		for (uint32_t x = 0; x < w; x++) {
			uint32_t at = (uint32_t)((uint64_t)x * in->width / w), total = 0;

			/* sums are of 20 bits; 4 go, so that the second weighing fits 32 */
			for (uint32_t k = start[x]; k < start[x + 1]; k++, at++)
				total += (sum[at] >> 4) * weight[k];
			out[x] = (uint8_t)((total + (1 << 19)) >> 20);
		}
	}
}

/* Enlarging */

void prepare_up2(struct canvas *c, uint32_t radius)
{
	uint32_t w = c->width, h = c->height, *mix = c->rows + 1;

	(void)radius;
	assert((size_t)w * h * 4 <= c->capacity);
	for (uint32_t y = 0; y < 2 * h; y++) {
		/* new pixel centres lie a quarter beside the old ones: 3 parts near, 1 part far */
		const uint8_t *near = c->front + (size_t)(y / 2) * w;
		const uint8_t *far = c->front +
				     (size_t)clamp_index((int64_t)(y / 2) + (y % 2 ? 1 : -1), h) *
					     w;
		uint8_t *out = c->back + (size_t)y * w * 2;

		for (uint32_t x = 0; x < w; x++)
			mix[x] = 3u * near[x] + far[x];
		mix[-1] = mix[0];
		mix[w] = mix[w - 1];
		for (uint32_t x = 0; x < w; x++) {
			out[2 * x] = (uint8_t)((3 * mix[x] + mix[(int64_t)x - 1] + 8) >> 4);
			out[2 * x + 1] = (uint8_t)((3 * mix[x] + mix[x + 1] + 8) >> 4);
		}
	}
	c->width = 2 * w;
	c->height = 2 * h;
	canvas_turn(c);
}

/* Thresholds by blocks */

static uint8_t block_mean(const struct canvas *c, uint32_t bx, uint32_t by)
{
	uint32_t x1 = least((bx + 1) * BLOCK, c->width), y1 = least((by + 1) * BLOCK, c->height);
	uint32_t sum = 0;

	for (uint32_t y = by * BLOCK; y < y1; y++)
		for (uint32_t x = bx * BLOCK; x < x1; x++)
			sum += c->front[(size_t)y * c->width + x];
	return (uint8_t)(sum / ((x1 - bx * BLOCK) * (y1 - by * BLOCK)));
}

void prepare_hyb(struct canvas *c, uint32_t radius)
{
	uint32_t bw = (c->width + BLOCK - 1) / BLOCK, bh = (c->height + BLOCK - 1) / BLOCK;
	uint8_t *mean = c->back; /* a small picture of means, while front is made black and white in
				    place */

	(void)radius;
	for (uint32_t by = 0; by < bh; by++)
		for (uint32_t bx = 0; bx < bw; bx++)
			mean[(size_t)by * bw + bx] = block_mean(c, bx, by);
	for (uint32_t by = 0; by < bh; by++) {
		uint32_t y0 = by < 2 ? 0 : by - 2, y1 = least(by + 3, bh);

		for (uint32_t bx = 0; bx < bw; bx++) {
			uint32_t x0 = bx < 2 ? 0 : bx - 2, x1 = least(bx + 3, bw), sum = 0;
			uint32_t right = least((bx + 1) * BLOCK, c->width);
			uint8_t threshold;

			for (uint32_t y = y0; y < y1; y++)
				for (uint32_t x = x0; x < x1; x++)
					sum += mean[(size_t)y * bw + x];
			threshold = (uint8_t)(sum / ((x1 - x0) * (y1 - y0)));
			for (uint32_t y = by * BLOCK; y < least((by + 1) * BLOCK, c->height); y++) {
				uint8_t *row = c->front + (size_t)y * c->width;

				for (uint32_t x = bx * BLOCK; x < right; x++)
					row[x] = row[x] < threshold ? BLACK : WHITE;
			}
		}
	}
}

/*
 * Sums over a square window, row by row: one sum a column, moved down by one row at a time, and
 * a window moved along them. pad columns stand left and right, repeats of the edge.
 */
struct window {
	uint32_t *sum;	  /* of column 0; sum[-pad .. width + pad] may be read */
	uint32_t *square; /* of squared pixels; NULL when not wanted */
	uint32_t radius;
};

static void window_weigh(const struct window *win, const uint8_t *row, uint32_t w, int sign)
{
	uint32_t s = (uint32_t)sign; /* wraps back when it is taken away */

	for (uint32_t x = 0; x < w; x++)
		win->sum[x] += s * row[x];
	if (win->square)
		for (uint32_t x = 0; x < w; x++)
			win->square[x] += s * ((uint32_t)row[x] * row[x]);
}

static void pad_row(uint32_t *row, uint32_t w, uint32_t pad)
{
	for (uint32_t i = 1; i <= pad; i++)
		row[-(int64_t)i] = row[0];
	for (uint32_t i = 0; i < pad; i++)
		row[w + i] = row[w - 1];
}

static void window_begin(struct window *win, struct canvas *c, uint32_t radius, bool squares)
{
	win->radius = radius = least(radius < 1 ? 1 : radius, PREPARE_RADIUS_MAX - 1);
	win->sum = c->rows + PREPARE_RADIUS_MAX;
	win->square = squares ? win->sum + c->width + 2 * PREPARE_RADIUS_MAX : NULL;
	memset(win->sum, 0, c->width * sizeof(*win->sum));
	if (squares)
		memset(win->square, 0, c->width * sizeof(*win->square));
	/* the window of row -1; window_row moves on from it */
	for (int64_t y = -(int64_t)radius - 1; y < (int64_t)radius; y++)
		window_weigh(
			win, c->front + (size_t)clamp_index(y, c->height) * c->width, c->width, 1);
}

static void window_row(struct window *win, const struct canvas *c, uint32_t y)
{
	int64_t in = (int64_t)y + win->radius, out = (int64_t)y - win->radius - 1;
	const uint8_t *front = c->front;

	window_weigh(win, front + (size_t)clamp_index(out, c->height) * c->width, c->width, -1);
	window_weigh(win, front + (size_t)clamp_index(in, c->height) * c->width, c->width, 1);
	pad_row(win->sum, c->width, win->radius + 1);
	if (win->square)
		pad_row(win->square, c->width, win->radius + 1);
}

/* The sum over the window whose right edge is not in yet. */
static uint32_t window_start(const uint32_t *sum, uint32_t radius)
{
	uint32_t total = 0;

	for (int64_t x = -(int64_t)radius - 1; x < (int64_t)radius; x++)
		total += sum[x];
	return total;
}

/* The mean around each pixel, less bias, as a threshold; or, with keep, as the new picture. */
static void local_mean(struct canvas *c, uint32_t radius, int32_t bias, bool keep)
{
	struct window win;

	window_begin(&win, c, radius, false);
	for (uint32_t y = 0; y < c->height; y++) {
		const uint8_t *in = c->front + (size_t)y * c->width;
		uint8_t *out = c->back + (size_t)y * c->width;
		uint32_t r = win.radius, area = (2 * r + 1) * (2 * r + 1), total;
		uint64_t reciprocal = ((UINT64_C(1) << 32) + area / 2) / area;

		window_row(&win, c, y);
		total = window_start(win.sum, r);
		for (uint32_t x = 0; x < c->width; x++) {
			int32_t mean;

			total += win.sum[x + r] - win.sum[(int64_t)x - r - 1];
			mean = (int32_t)((total * reciprocal + (UINT64_C(1) << 31)) >> 32);
			out[x] = keep ? (uint8_t)mean : in[x] < mean - bias ? BLACK : WHITE;
		}
	}
	canvas_turn(c);
}

static uint32_t short_side(const struct canvas *c)
{
	return least(c->width, c->height);
}

void prepare_mean(struct canvas *c, uint32_t radius)
{
	(void)radius;
	local_mean(c, short_side(c) / 16, MEAN_BIAS, false);
}

void prepare_box(struct canvas *c, uint32_t radius)
{
	local_mean(c, radius, 0, true);
}

void prepare_sauvola(struct canvas *c, uint32_t radius)
{
	struct window win;

	(void)radius;
	window_begin(&win, c, short_side(c) / 32, true);
	for (uint32_t y = 0; y < c->height; y++) {
		const uint8_t *in = c->front + (size_t)y * c->width;
		uint8_t *out = c->back + (size_t)y * c->width;
		uint32_t r = win.radius, total, squares;
		float share = 1.0f / (float)((2 * r + 1) * (2 * r + 1));

		window_row(&win, c, y);
		total = window_start(win.sum, r);
		squares = window_start(win.square, r);
		for (uint32_t x = 0; x < c->width; x++) {
			float mean, variance;

			total += win.sum[x + r] - win.sum[(int64_t)x - r - 1];
			squares += win.square[x + r] - win.square[(int64_t)x - r - 1];
			mean = (float)total * share;
			variance = (float)squares * share - mean * mean;
			out[x] = (float)in[x] < mean * (1.0f + 0.2f * (sqrtf(variance > 0 ? variance
											  : 0) /
										      128.0f -
									      1.0f))
					 ? BLACK
					 : WHITE;
		}
	}
	canvas_turn(c);
}

/* Sharpening */

/* Weights of a Gaussian that add up to 256; its reach is returned. */
static uint32_t gauss_kernel(uint32_t kernel[KERNEL_MAX], uint32_t radius)
{
	uint32_t reach = least((radius * 5 + 1) / 2, KERNEL_MAX / 2), sum = 0;
	double weight[KERNEL_MAX], total = 0;

	for (uint32_t i = 0; i < 2 * reach + 1; i++) {
		double d = ((double)i - reach) / radius;

		weight[i] = exp(-d * d / 2);
		total += weight[i];
	}
	for (uint32_t i = 0; i < 2 * reach + 1; i++) {
		kernel[i] = (uint32_t)(weight[i] / total * 256 + 0.5);
		sum += kernel[i];
	}
	kernel[reach] += 256 - sum;
	return reach;
}

void prepare_unsharp(struct canvas *c, uint32_t radius)
{
	uint32_t kernel[KERNEL_MAX], w = c->width;
	uint32_t reach = gauss_kernel(kernel, radius < 1 ? 1 : radius);
	uint32_t *column = c->rows + PREPARE_RADIUS_MAX, *blur = column + w + PREPARE_RADIUS_MAX;

	for (uint32_t y = 0; y < c->height; y++) {
		const uint8_t *in = c->front + (size_t)y * w;
		uint8_t *out = c->back + (size_t)y * w;

		memset(column, 0, w * sizeof(*column));
		memset(blur, 0, w * sizeof(*blur));
		for (uint32_t k = 0; k <= 2 * reach; k++) {
			const uint8_t *row = c->front + (size_t)clamp_index(
								(int64_t)y + k - reach, c->height) *
								w;

			for (uint32_t x = 0; x < w; x++)
				column[x] += kernel[k] * row[x];
		}
		pad_row(column, w, reach + 1);
		for (uint32_t k = 0; k <= 2 * reach; k++) {
			const uint32_t *shifted = column + (int64_t)k - reach;

			for (uint32_t x = 0; x < w; x++)
				blur[x] += kernel[k] * shifted[x];
		}
		for (uint32_t x = 0; x < w; x++) {
			int32_t smooth = (int32_t)((blur[x] + (1 << 15)) >> 16);

			out[x] = clamp_byte(in[x] + UNSHARP_GAIN * (in[x] - smooth));
		}
	}
	canvas_turn(c);
}

void prepare_invert(struct canvas *c, uint32_t radius)
{
	size_t n = (size_t)c->width * c->height;

	(void)radius;
	for (size_t i = 0; i < n; i++)
		c->front[i] = (uint8_t)~c->front[i];
}
